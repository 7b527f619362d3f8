"""WCAG 2.2 AA as axe-core judges it, in both themes, asked and answered; then forced colours, less motion, and zoom."""

import shutil
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_notebook

from tests.browser import example
from tests.browser.conftest import SIZE
from tests.browser.contrast import text_contrast
from tests.browser.notebook import Notebook
from tests.browser.stored import KERNEL
from tests.browser.test_lessons import cells_with_explorers

LESSON, EXAMPLE = "notebooks/01_the_five_point_line.ipynb", "accessible.ipynb"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
THEMES = ["JupyterLab Light", "JupyterLab Dark"]
ZOOM = dict(viewport={side: pixels // 2 for side, pixels in SIZE.items()}, device_scale_factor=2)  # 200 %

# Every text that is drawn on a canvas: its words, its size in CSS pixels, whether it lies within the canvas, its colour
DRAWN = """
window.drawn = [];
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
  const scale = this.canvas.isConnected ? this.canvas.width / this.canvas.clientWidth : devicePixelRatio;
  const { a, b } = this.getTransform();
  const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = this.measureText(text);
  const ends = [-left, right].map((offset) => this.getTransform().transformPoint({ x: x + offset, y }));
  const { width, height } = this.canvas;
  const inside = ends.every(({ x, y }) => -1 <= Math.min(x, y) && x <= width + 1 && y <= height + 1);
  drawn.push([text, (parseFloat(this.font.match(/[\\d.]+px/)[0]) * Math.hypot(a, b)) / scale, inside, this.fillStyle]);
  return fillText.call(this, text, x, y, ...rest);
};
"""


@pytest.fixture(scope="module")
def opened(chromium, lab):
    """Opens a notebook in a context of its own, and runs it: the example, or lesson 01."""
    shutil.copy(example.__file__, lab.root)
    cells = ["from example import EXPLORERS", *(f"EXPLORERS[{name!r}]()" for name in example.EXPLORERS)]
    lab.write(EXAMPLE, new_notebook(cells=[*map(new_code_cell, cells)], metadata=dict(kernelspec=KERNEL)), trusted=True)

    def open_and_run(context, name):
        context.add_init_script(DRAWN)
        notebook = Notebook(context, lab, name)
        notebook.run_all()
        return closing(notebook)

    return open_and_run


@pytest.mark.parametrize("name", [LESSON, EXAMPLE])
def test_axe_finds_no_violation(context, opened, name):
    with opened(context, name) as notebook:
        for cell in cells_with_explorers(notebook):
            for theme in THEMES:
                set_theme(notebook, theme)
                judge(notebook, cell)
            figure = notebook.figure(cell)
            if figure.skip.count():
                figure.skip.click()
                for theme in THEMES:
                    set_theme(notebook, theme)
                    judge(notebook, cell)


def set_theme(notebook, theme):
    notebook.command("apputils:change-theme", theme=theme)
    notebook.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)


def judge(notebook, cell):
    """By axe-core: what a figure shows, and its parts."""
    notebook.figure(cell)
    place = f".jp-Cell[data-windowed-list-index='{cell}'] .downhill"
    rules = dict(runOnly=dict(type="tag", values=WCAG), resultTypes=["violations"])
    found = Axe().run(notebook.page, place, rules)
    assert found.response["passes"], "axe-core has looked at nothing"
    assert found.violations_count == 0, f"cell {cell}: {found.generate_report()}"


@pytest.mark.parametrize("name", [LESSON, EXAMPLE])
def test_figure_fits_at_200_percent(chromium, opened, name):
    with chromium.new_context(**ZOOM) as context, opened(context, name) as notebook:
        for cell in cells_with_explorers(notebook):
            notebook.page.evaluate("drawn.length = 0")
            figure = notebook.figure(cell)
            if figure.skip.count():
                figure.skip.click()
            assert figure.root.evaluate(_OUTSIDE) == [], "these stick out of the figure, or are cut off"
            texts = notebook.page.evaluate("drawn")
            assert [text for text in texts if text[1] < 11] == [], "these are less than 11 CSS pixels high"
            assert [text for text in texts if not text[2]] == [], "these are cut off by the edge of the picture"


# Parts of a figure that lie beyond its sides, and words that are wider than their place
_OUTSIDE = """root => {
  const { left, right } = root.getBoundingClientRect();
  const parts = [...root.querySelectorAll(":not(.spoken)")].filter((part) => part.checkVisibility());
  const cutOff = (part) => part.matches("label, output, legend, p, button") && part.scrollWidth > part.clientWidth + 1;
  const beyond = ({ left: start, right: end }) => start < left - 1 || end > right + 1;
  return parts.filter((part) => cutOff(part) || beyond(part.getBoundingClientRect())).map((part) => part.outerHTML);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_leave_every_text_legible_and_every_control_visible(context, opened, scheme):
    with opened(context, EXAMPLE) as notebook:
        notebook.page.emulate_media(forced_colors="active", color_scheme=scheme)
        for cell in cells_with_explorers(notebook):
            figure = notebook.figure(cell)
            for text in figure.root.locator(":is(p, label, output, legend, button:enabled):visible").all():
                assert text_contrast(text) >= 4.5, text.inner_text()
            for button in figure.root.locator("button:enabled:visible").all():
                assert button.evaluate("button => getComputedStyle(button).borderTopStyle") == "solid"


def test_nothing_moves_by_itself_where_less_motion_is_wanted(context, opened):
    with opened(context, EXAMPLE) as notebook:
        notebook.page.emulate_media(reduced_motion="reduce")
        for cell in cells_with_explorers(notebook):
            figure = notebook.figure(cell)
            moving = figure.root.evaluate(
                """root => [root, ...root.querySelectorAll("*")].filter((part) => {
                  const { transitionDuration, animationName } = getComputedStyle(part);
                  return parseFloat(transitionDuration) > 0.01 || animationName !== "none";
                }).map((part) => part.outerHTML.slice(0, 80))"""
            )
            assert moving == []
