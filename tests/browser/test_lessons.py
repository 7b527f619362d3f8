"""Every lesson and companion in JupyterLab as a reader meets it: trusted, its first figure alive, saved as it was.

Three of them run here with every control moved by the keyboard, between them with all kinds of controls. Of the others
this is shown elsewhere: nbval runs their cells, `test_sweep` moves their controls.
"""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZE
from tests.browser.notebook import Notebook
from tests.notebooks import DOCUMENTS, LESSONS, ROOT, WIDGET_VIEW

NAMES = [path.relative_to(ROOT).as_posix() for path in LESSONS + DOCUMENTS]
#: One with the reader's own function, handles and guesses, one with choices, and a companion.
RUN = [name for name in NAMES if any(part in name for part in ("/01_", "/04_", "/d1_"))]


@pytest.fixture(scope="module")
def reader(chromium, lab):
    """One page, in which one lesson is opened after the other."""
    with (
        chromium.new_context(viewport=SIZE) as context,
        closing(Notebook(context, lab, NAMES[-1])) as notebook,
    ):
        yield notebook


@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_opens_alive_and_is_saved_as_it_was(lab, reader, lesson):
    reader.turn_to(lesson)
    move_the_playhead(reader.figure(cells_with_explorers(reader)[0]))
    assert not reader.changed, "opened, and a playhead moved"
    reader.save()
    assert (lab.root / lesson).read_bytes() == (ROOT / lesson).read_bytes()
    assert reader.console_errors == []


@pytest.mark.parametrize("lesson", RUN)
def test_a_lesson_runs_and_all_its_controls_answer(reader, lesson):
    reader.turn_to(lesson)
    explorers = cells_with_explorers(reader)
    reader.run_all()
    for index, (cell, outputs) in enumerate(zip(reader.cells(), reader.outputs(), strict=True)):
        if "raises-exception" not in cell["metadata"].get("tags", []):
            assert [output for output in outputs if output["output_type"] == "error"] == [], f"cell {index}"
    assert cells_with_explorers(reader) == explorers
    for index in explorers:
        figure = reader.figure(index)
        if figure.skip.count():
            figure.skip.click()
        move_every_slider(figure)
        make_every_choice(figure)
        move_the_playhead(figure)
    assert reader.console_errors == []


def test_the_lessons_that_run_have_all_kinds_of_controls():
    sources = "".join((ROOT / name).read_text(encoding="utf-8") for name in RUN)
    assert len(RUN) == 3
    for control in ("slider", "choice_slider", "handle", "playhead", "of_reader"):
        assert f"fig.{control}(" in sources
    assert "prediction=" in sources


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
