"""Every lesson and companion in JupyterLab, as a reader meets it: trusted, saved, run, then every slider moved."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import Notebook
from tests.notebooks import DOCUMENTS, LESSONS, ROOT, WIDGET_VIEW


@pytest.mark.parametrize("lesson", [path.relative_to(ROOT).as_posix() for path in LESSONS + DOCUMENTS])
def test_lesson(lab, context, lesson):
    with closing(Notebook(context, lab, lesson)) as notebook:
        explorers = cells_with_explorers(notebook)
        assert explorers
        move_the_playhead(notebook.figure(explorers[0]))
        assert not notebook.changed, "opened, and a playhead moved"
        notebook.save()
        assert (lab.root / lesson).read_bytes() == (ROOT / lesson).read_bytes()
        notebook.run_all()
        for index, (cell, outputs) in enumerate(zip(notebook.cells(), notebook.outputs(), strict=True)):
            if "raises-exception" not in cell["metadata"].get("tags", []):
                assert [output for output in outputs if output["output_type"] == "error"] == [], f"cell {index}"
        assert cells_with_explorers(notebook) == explorers
        for index in explorers:
            figure = notebook.figure(index)
            if figure.skip.count():
                figure.skip.click()
            move_every_slider(figure)
            make_every_choice(figure)
            move_the_playhead(figure)
        assert notebook.console_errors == []


def cells_with_explorers(notebook):
    """The numbers of the cells below which an explorer stands."""
    return [
        index
        for index, outputs in enumerate(notebook.outputs())
        if any(WIDGET_VIEW in output.get("data", {}) for output in outputs)
    ]


def move_every_slider(figure):
    """To both ends and back."""
    for slider in figure.sliders.all():
        start = slider.input_value()
        for key, end in (("Home", "min"), ("End", "max")):
            figure.press(slider, key)
            expect(slider).to_have_value(slider.get_attribute(end))
            check(figure)
        slider.fill(start)
        figure.settle()


def make_every_choice(figure):
    """Of two values: the other one, and back."""
    for choice in figure.choices.all():
        start = choice.get_by_role("radio", checked=True).locator("xpath=..").inner_text().strip()
        for name in (*choice.get_by_role("radio", checked=False).locator("xpath=..").all_inner_texts(), start):
            choice.get_by_role("radio", name=name.strip(), exact=True).check()
            figure.settle()
            check(figure)


def move_the_playhead(figure):
    """From one end to the other, where there is one that waits for no guess."""
    if figure.playhead.count() and figure.playhead.is_enabled():
        pictures = []
        for key, row in (("Home", "min"), ("PageUp", None), ("End", "max")):  # a figure that turns ends as it began
            figure.playhead.press(key)
            assert row is None or figure.row == int(figure.playhead.get_attribute(row))
            check(figure)
            pictures.append(figure.pixels())
        assert any((picture != pictures[0]).any() for picture in pictures)


def check(figure):
    """The picture has a caption, and no error stands beside it."""
    assert figure.caption.inner_text().strip()
    expect(figure.canvas).to_have_attribute("aria-label", figure.caption.inner_text())
    expect(figure.error).to_be_hidden()
