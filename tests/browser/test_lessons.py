"""Every lesson in JupyterLab, as a reader meets it: run all cells, then move every slider to both ends."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import Notebook
from tests.notebooks import LESSONS, WIDGET_VIEW


@pytest.mark.parametrize("lesson", [path.name for path in LESSONS])
def test_lesson(lab, context, lesson):
    notebook = Notebook(context, lab, f"notebooks/{lesson}")
    notebook.run_all()
    explorers = 0
    for index, (cell, outputs) in enumerate(zip(notebook.cells(), notebook.outputs(), strict=True)):
        if "raises-exception" not in cell["metadata"].get("tags", []):
            assert [output for output in outputs if output["output_type"] == "error"] == [], f"cell {index}"
        if any(WIDGET_VIEW in output.get("data", {}) for output in outputs):
            explorers += 1
            move_every_slider(notebook.figure(index))
    assert explorers
    assert notebook.console_errors == []
    notebook.close()


def move_every_slider(figure):
    if figure.skip.count():
        figure.skip.click()
    picture = figure.pixels()
    for slider in figure.sliders.all():
        start = int(slider.input_value())
        for key, end in (("Home", "min"), ("End", "max")):
            figure.press(slider, key)
            expect(slider).to_have_value(slider.get_attribute(end))
            check(figure)
        slider.fill(str(start))
        figure.settle()
    if figure.playhead.count():
        for key, row in (("Home", 0), ("End", int(figure.playhead.get_attribute("max")))):
            figure.playhead.press(key)
            assert figure.row == row
            check(figure)
        assert (figure.pixels() != picture).any()


def check(figure):
    """The picture has a caption, and no error stands beside it."""
    assert figure.caption.inner_text().strip()
    expect(figure.canvas).to_have_attribute("aria-label", figure.caption.inner_text())
    expect(figure.error).to_be_hidden()
