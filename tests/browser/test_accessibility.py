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
ZOOMED = {side: pixels // 2 for side, pixels in SIZE.items()}  # 200 %

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
def ran(chromium, lab, request):
    """The example or lesson 01, which has run: one page for all tests of it."""
    shutil.copy(example.__file__, lab.root)
    cells = ["from example import EXPLORERS", *(f"EXPLORERS[{name!r}]()" for name in example.EXPLORERS)]
    lab.write(EXAMPLE, new_notebook(cells=[*map(new_code_cell, cells)], metadata=dict(kernelspec=KERNEL)), trusted=True)
    with chromium.new_context(viewport=SIZE) as context:
        context.add_init_script(DRAWN)
        with closing(Notebook(context, lab, request.param)) as notebook:
            notebook.run_all()
            yield notebook


@pytest.fixture
def opened(ran):
    """The page without what an earlier test has set."""
    ran.page.set_viewport_size(SIZE)
    ran.page.emulate_media(forced_colors="null", color_scheme="null", reduced_motion="null")
    return ran


of_both = pytest.mark.parametrize("ran", [LESSON, EXAMPLE], indirect=True, scope="module")
of_the_example = pytest.mark.parametrize("ran", [EXAMPLE], indirect=True, scope="module")


@of_both
def test_axe_finds_no_violation(opened):
    explorers = cells_with_explorers(opened)
    judge(opened, explorers)
    asked = [cell for cell in explorers if skip(opened.figure(cell))]
    assert asked, "no figure was judged both before and after a guess"
    judge(opened, asked)


def skip(figure):
    """Skip the guess, and say whether there was one."""
    asks = figure.skip.count()
    if asks:
        figure.skip.click()
    return asks


def set_theme(notebook, theme):
    name = "document.body.dataset.jpThemeName"
    if notebook.page.evaluate(name) != theme:
        notebook.command("apputils:change-theme", theme=theme)
        notebook.page.wait_for_function(f"theme => {name} === theme", arg=theme)


def judge(notebook, cells):
    """By axe-core, in both themes: what the figures show, and their parts."""
    rules = dict(runOnly=dict(type="tag", values=WCAG), resultTypes=["violations"])
    for theme in THEMES:
        set_theme(notebook, theme)
        for cell in cells:
            notebook.figure(cell)
            found = Axe().run(notebook.page, f".jp-Cell[data-windowed-list-index='{cell}'] .downhill", rules)
            assert found.response["passes"], "axe-core has looked at nothing"
            assert found.violations_count == 0, f"cell {cell}, {theme}: {found.generate_report()}"


def words_drawn(figure):
    """The words that a figure draws when it draws anew: see DRAWN."""
    figure.page.evaluate("drawn.length = 0")
    figure.page.evaluate("document.body.setAttribute('data-jp-theme-light', document.body.dataset.jpThemeLight)")
    figure.page.wait_for_function("drawn.length")
    return figure.page.evaluate("drawn")


@of_both
def test_figure_fits_at_200_percent(opened):
    opened.page.set_viewport_size(ZOOMED)
    for cell in cells_with_explorers(opened):
        figure = opened.figure(cell)
        skip(figure)
        texts = words_drawn(figure)
        assert figure.root.evaluate(_OUTSIDE) == [], "these stick out of the figure, or are cut off"
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


@of_the_example
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_leave_every_text_legible_and_every_control_visible(opened, scheme):
    opened.page.emulate_media(forced_colors="active", color_scheme=scheme)
    for cell in cells_with_explorers(opened):
        figure = opened.figure(cell)
        for text in figure.root.locator(":is(p, label, output, legend, button:enabled):visible").all():
            assert text_contrast(text) >= 4.5, text.inner_text()
        for button in figure.root.locator("button:enabled:visible").all():
            assert button.evaluate("button => getComputedStyle(button).borderTopStyle") == "solid"


@of_the_example
def test_nothing_moves_by_itself_where_less_motion_is_wanted(opened):
    opened.page.emulate_media(reduced_motion="reduce")
    for cell in cells_with_explorers(opened):
        figure = opened.figure(cell)
        moving = figure.root.evaluate(
            """root => [root, ...root.querySelectorAll("*")].filter((part) => {
              const { transitionDuration, animationName } = getComputedStyle(part);
              return parseFloat(transitionDuration) > 0.01 || animationName !== "none";
            }).map((part) => part.outerHTML.slice(0, 80))"""
        )
        assert moving == []
