"""A figure and Python: set, observed, linked, played; two views of it; and what goes wrong in its film."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.cells import Cells, at
from tests.browser.conftest import SIZE
from tests.browser.notebook import Figure

FIRST = """
import ipywidgets
import numpy as np

import lsqcore.explore as fig
from lsqcore.practice.shared.prediction import predict

rows = np.arange(21)
plane = dict(plane=fig.Panel("A plane", "x", "y", (-5, 5), (0, 10)))
growth = 0.8


def walk_film(learning_rate, start):
    if learning_rate > 8:
        raise ZeroDivisionError("too high")
    x, y = start
    kept = rows[: 4 if learning_rate < 1 else 21]  # it ends early
    marks = [fig.Trail(x * growth**kept, y * growth**kept), fig.Dots(x, y, drag="start")]
    return dict(plane=marks, caption=[f"Row {row} from {x:g}, {y:g} at {learning_rate:g}." for row in kept])


def made(**prediction):
    return fig.explore(
        plane,
        walk_film,
        start=fig.handle(-2, 3, xlim=(-4, 4), ylim=(1, 9)),
        learning_rate=fig.slider(0, 10, steps=10),
        iteration=fig.playhead(20, seconds=4),
        **prediction,
    )


how_many = predict("How many rows?", 21, unit="rows", panel="plane", because="0 counts, too.")
"""
WALK = 1
LINKED = 2
TRIED = 3
ASKED, ASKED_AGAIN = 4, 5
BOXES = 6
STEP, FIGURE_OF_STEP = 7, 8
ALONE = 9
NOTED = 10
PRINTS = 11
SOURCES = [
    FIRST,
    "walk = made()\nwalk",
    """
rate, rate_too = (ipywidgets.FloatSlider(max=10, step=1) for _ in range(2))
row = ipywidgets.IntSlider(max=20)
ipywidgets.link((walk, "learning_rate"), (rate, "value"))
ipywidgets.jslink((walk, "iteration"), (row, "value"))
moved = ipywidgets.interactive_output(
    lambda learning_rate: walk.move(learning_rate=learning_rate), dict(learning_rate=rate_too)
)
ipywidgets.VBox([rate, row, rate_too, moved])
""",
    "# the cell in which a reader tries things",
    "asked = made(prediction=how_many)\nasked",
    "asked  # again",
    """
boxed, tabbed = made(), made()
ipywidgets.VBox([ipywidgets.HBox([boxed]), ipywidgets.Tab([row, tabbed], titles=["a", "b"])])
""",
    "def step(theta):\n    return theta * 0.5",
    """
def steps_film(start):
    step_of_reader = fig.of_reader(step, (2,))
    thetas = [np.array(start)]
    for _ in rows[1:]:
        thetas.append(step_of_reader(thetas[-1]))
    thetas = np.array(thetas)
    return dict(plane=[fig.Trail(*thetas.T), fig.Dots(*start, drag="start")], caption=[f"Row {k}." for k in rows])


steps = fig.explore(plane, steps_film, start=fig.handle(-2, 3, xlim=(-4, 4), ylim=(1, 9)), iteration=fig.playhead(20))
steps
""",
    """
alone, seen = made(), []
alone.observe(lambda change: seen.append(change.new), names="iteration")
alone
""",
    """
fig.explore(
    plane,
    lambda way: dict(plane=[fig.Note(0, 5, way)], caption=f"By {way}."),
    way=fig.choice_slider(["QR", "normal equations"]),
)
""",
    """
import warnings


def prints(level):
    if level > 5:
        print(f"Level {level:g},", "and more.")
    if level > 7:
        warnings.warn("That is high.", stacklevel=1)
    return dict(plane=[fig.Dots(0, level)], caption=f"Level {level:g}.")


printing = fig.explore(plane, prints, level=fig.slider(0, 10, steps=10), k=fig.playhead(3))
printing
""",
]


@pytest.fixture(scope="module")
def notebook(chromium, lab):
    with (
        chromium.new_context(viewport=SIZE) as context,
        closing(Cells(context, lab, "traits.ipynb", *map(str.strip, SOURCES))) as opened,
    ):
        yield opened
        assert opened.console_errors == []


@pytest.fixture
def walk(notebook):
    """The walk, with all of its controls as at first."""
    notebook.python("walk.move(learning_rate=5, start=(-2, 3), iteration=0)")
    figure = notebook.figure(WALK)
    expect(figure.sliders).to_be_enabled()
    expect(figure.caption).to_have_text("Row 0 from -2, 3 at 5.")
    expect(figure.error).to_be_hidden()
    notebook.recorded()
    return figure


def test_a_trait_that_is_set_in_a_cell_moves_the_figure(notebook, walk):
    before = walk.pixels()
    notebook.rewrite(TRIED, "walk.learning_rate = 7")
    expect(walk.caption).to_have_text("Row 0 from -2, 3 at 7.")
    expect(walk.sliders).to_have_value("7")
    notebook.rewrite(TRIED, "walk.iteration = 9")
    expect(walk.caption).to_have_text("Row 9 from -2, 3 at 7.")
    expect(walk.playhead).to_have_value("9")
    place = walk.root.locator(".handle").bounding_box()
    notebook.rewrite(TRIED, "walk.start = (1.5, 6)")
    expect(walk.caption).to_have_text("Row 9 from 1.5, 6 at 7.")
    expect(walk.root.locator(".handle")).to_have_attribute("aria-label", "start, x 1.5, y 6")
    moved = walk.root.locator(".handle").bounding_box()
    assert moved["x"] > place["x"]
    assert moved["y"] < place["y"]
    assert at(walk) == dict(learning_rate=7, start=[1.5, 6])
    assert (walk.pixels() != before).any()


def test_playing_tells_python_at_rest_and_never_before(notebook):
    figure = notebook.figure(ALONE)
    expect(figure.sliders).to_be_enabled()
    notebook.recorded()
    figure.play.click()
    figure.page.wait_for_function("canvas => canvas.dataset.row >= 5", arg=figure.canvas.element_handle())
    assert "request" not in notebook.recorded(), "the playhead asks the kernel while it runs"
    figure.pause.click()
    row = figure.row
    assert 5 <= row < 20
    notebook.expect_python("alone.iteration", row)
    assert notebook.python("seen") == [row]
    figure.play.click()
    expect(figure.playhead).to_have_value("20")
    expect(figure.play).to_be_visible()
    notebook.expect_python("alone.iteration", 20)
    assert notebook.python("seen") == [row, 20]


def test_link_jslink_observe_and_interactive_output(notebook, walk):
    rate, row, rate_too = notebook.page.locator(
        f".jp-Cell[data-windowed-list-index='{LINKED}'] .widget-slider .noUi-handle"
    ).all()
    walk.press(walk.sliders.first, "ArrowRight")
    expect(rate).to_have_attribute("aria-valuenow", "6.0")
    rate.press("ArrowRight")
    expect(walk.caption).to_have_text("Row 0 from -2, 3 at 7.")
    expect(walk.sliders).to_have_value("7")
    walk.playhead.press("End")
    expect(row).to_have_attribute("aria-valuenow", "20.0")
    row.press("ArrowLeft")
    expect(walk.caption).to_have_text("Row 19 from -2, 3 at 7.")
    expect(walk.playhead).to_have_value("19")
    notebook.expect_python("walk.iteration", 19)
    rate_too.press("ArrowRight")
    expect(walk.sliders).to_have_value("1")
    notebook.expect_python("walk.learning_rate", 1)
    assert notebook.page.locator(f".jp-Cell[data-windowed-list-index='{LINKED}']").get_by_text("Error").count() == 0


def test_figures_in_boxes_and_behind_a_tab(notebook):
    notebook.show(BOXES)
    roots = notebook.page.locator(f".jp-Cell[data-windowed-list-index='{BOXES}'] .downhill")
    expect(roots).to_have_count(2)
    for figure in map(Figure, roots.all()):
        if not figure.canvas.is_visible():
            notebook.page.get_by_role("tab", name="b", exact=True).click()
        expect(figure.canvas).to_be_visible()
        width, room = figure.root.evaluate("root => [root.querySelector('canvas').clientWidth, root.clientWidth]")
        assert width == room > 500, "it fills its box"
        backing = figure.canvas.evaluate("canvas => canvas.width")
        assert backing == width, "it was drawn for another width than it has"
        figure.press(figure.sliders.first, "ArrowRight")
        expect(figure.caption).to_have_text("Row 0 from -2, 3 at 6.")
        box = figure.root.locator(".handle").bounding_box()
        figure.page.mouse.move(box["x"] + 16, box["y"] + 16)
        figure.page.mouse.down()
        figure.page.mouse.move(box["x"] + 76, box["y"] + 16, steps=5)
        figure.page.mouse.up()
        expect(figure.caption).not_to_contain_text("from -2,")


def test_two_views_of_one_explorer_agree(notebook):
    first = notebook.figure(ASKED)
    guess = first.root.get_by_role("textbox", name="your guess")
    guess.fill("20")
    guess.press("Enter")
    second = notebook.figure(ASKED_AGAIN)
    expect(second.verdict).to_contain_text("You said 20 rows; it is 21 rows")
    second.playhead.press("End")
    second.press(second.sliders.first, "ArrowLeft")
    second.playhead.press("ArrowLeft")
    first = notebook.figure(ASKED)
    first.settle()
    expect(first.playhead).to_have_value("19")
    expect(first.sliders).to_have_value("4")
    expect(first.verdict).to_contain_text("You said 20 rows; it is 21 rows")
    words = "Row 19 from -2, 3 at 4."
    expect(first.caption).to_have_text(words)
    expect(notebook.figure(ASKED_AGAIN).caption).to_have_text(words)
    assert (notebook.figure(ASKED).pixels() == notebook.figure(ASKED_AGAIN).pixels()).all()
    first = notebook.figure(ASKED)
    first.playhead.press("Home")
    first.play.click()
    first.page.wait_for_function(
        "canvas => canvas.dataset.row > 3 && canvas.dataset.row < 19", arg=first.canvas.element_handle()
    )
    first.pause.click()
    row = first.row
    assert notebook.figure(ASKED_AGAIN).row == row
    notebook.expect_python("asked.iteration", row)


def test_an_error_at_one_value_names_it_fades_the_picture_and_goes_away(notebook, walk):
    walk.press(walk.sliders.first, *["ArrowRight"] * 4)
    expect(walk.error).to_have_text(
        "At start (-2.0, 3.0) and learning_rate 9.0 the film stopped with ZeroDivisionError: too high. "
        'Its line: raise ZeroDivisionError("too high")'
    )
    assert float(walk.canvas.evaluate("canvas => getComputedStyle(canvas).opacity")) < 0.6
    walk.press(walk.sliders.first, "ArrowLeft")
    expect(walk.error).to_be_hidden()
    assert float(walk.canvas.evaluate("canvas => getComputedStyle(canvas).opacity")) == 1
    expect(walk.caption).to_have_text("Row 0 from -2, 3 at 8.")


def test_a_film_that_ends_early(notebook, walk):
    """Playhead, caption, picture and Python agree, and the rest of the track is shaded."""
    track = walk.root.locator(".control:has(button)")
    assert walk.playhead.evaluate("input => getComputedStyle(input).backgroundImage") == "none"
    walk.playhead.press("End")
    walk.press(walk.sliders.first, "Home")
    expect(walk.playhead).to_have_value("3")
    expect(track.locator("output")).to_have_text("3")
    expect(walk.caption).to_have_text("Row 3 from -2, 3 at 0.")
    assert walk.row == 3
    notebook.expect_python("(walk.iteration, walk.caption)", (3, "Row 3 from -2, 3 at 0."))
    walk.playhead.press("End")
    expect(walk.playhead).to_have_value("3")
    walk.playhead.press("ArrowLeft")
    expect(walk.caption).to_have_text("Row 2 from -2, 3 at 0.")
    walk.play.click()
    expect(walk.playhead).to_have_value("3")
    expect(walk.play).to_be_visible()
    notebook.expect_python("walk.iteration", 3)
    assert "gradient" in walk.playhead.evaluate("input => getComputedStyle(input).backgroundImage")
    walk.press(walk.sliders.first, "End", "ArrowLeft", "ArrowLeft")
    assert walk.playhead.evaluate("input => getComputedStyle(input).backgroundImage") == "none"
    walk.playhead.press("End")
    expect(walk.caption).to_have_text("Row 20 from -2, 3 at 8.")


def test_changed_cells_above_are_told_until_the_figure_runs_again(notebook, walk):
    words = "The cells above have changed: run this cell again."
    notebook.rewrite(TRIED, "growth = 0.5")
    expect(walk.error).to_have_text(words)
    assert float(walk.canvas.evaluate("canvas => getComputedStyle(canvas).opacity")) < 0.6
    notebook.rewrite(TRIED, "growth = 0.8")
    expect(walk.error).to_be_hidden()
    notebook.rewrite(TRIED, "growth = 0.5")
    expect(walk.error).to_have_text(words)
    notebook.run_cell(WALK)
    figure = notebook.figure(WALK)
    expect(figure.sliders).to_be_enabled()
    expect(figure.error).to_be_hidden()
    figure.press(figure.sliders.first, "Home")
    expect(figure.caption).to_have_text("Row 0 from -2, 3 at 0.")
    notebook.rewrite(TRIED, "growth = 0.8")
    notebook.run_cell(WALK)


def test_a_readers_function_that_never_ends_says_so_and_works_once_it_is_corrected(notebook):
    figure = notebook.figure(FIGURE_OF_STEP)
    expect(figure.error).to_be_hidden()
    notebook.rewrite(STEP, "def step(theta):\n    while theta[0] > 0:\n        pass\n    return theta * 0.5")
    expect(figure.error).to_have_text("The cells above have changed: run this cell again.")
    notebook.run_cell(FIGURE_OF_STEP)
    figure = notebook.figure(FIGURE_OF_STEP)
    point = figure.root.locator(".handle")
    expect(point).to_be_enabled()
    expect(figure.error).to_be_hidden()
    for _ in range(3):
        point.press("Shift+ArrowRight")
    words = "Your `step` took longer than 3 seconds: does a loop in it never end?"
    expect(figure.error).to_have_text(words)
    point.press("Shift+ArrowLeft")
    expect(figure.error).to_be_hidden()  # a loop for some values only
    notebook.rewrite(STEP, "def step(theta):\n    while True:\n        pass")
    notebook.run_cell(FIGURE_OF_STEP)
    figure = notebook.figure(FIGURE_OF_STEP)
    expect(figure.error).to_have_text(words)
    notebook.rewrite(STEP, "def step(theta):\n    return theta * 0.5")
    notebook.run_cell(FIGURE_OF_STEP)
    figure = notebook.figure(FIGURE_OF_STEP)
    expect(figure.error).to_be_hidden()
    figure.playhead.press("End")
    expect(figure.caption).to_have_text("Row 20.")
    assert (figure.pixels() != figure.pixels().max()).any()


def test_a_text_that_changes_where_nothing_moves_is_painted(notebook):
    figure = notebook.figure(NOTED)
    expect(figure.choices).to_be_enabled()
    before = figure.pixels()
    figure.root.get_by_role("radio", name="normal equations").check()
    expect(figure.caption).to_have_text("By normal equations.")
    assert (figure.pixels() != before).any()


def test_what_a_film_prints_and_is_warned_of_stands_below_its_figure(notebook):
    figure = notebook.figure(PRINTS)
    expect(figure.sliders).to_be_enabled()
    printed = figure.root.get_by_role("log")
    expect(printed).to_be_hidden()
    figure.press(figure.sliders, "ArrowRight")
    expect(printed).to_have_text("Level 6, and more.\n", use_inner_text=False)
    figure.playhead.press("End")  # where the playhead rests is told to Python, and makes no film
    notebook.expect_python("printing.k", 3)
    expect(printed).to_have_text("Level 6, and more.\n")
    figure.press(figure.sliders, "ArrowRight", "ArrowRight")
    expect(printed).to_contain_text("Level 8, and more.")
    expect(printed).to_contain_text("UserWarning: That is high.")
    expect(printed).not_to_contain_text("Level 7")
    figure.press(figure.sliders, "Home")
    expect(printed).to_be_hidden()
    notebook.rewrite(TRIED, "printing.level = 6")
    [output] = notebook.outputs()[TRIED]
    assert output["text"] == "Level 6, and more.\n", "what a cell moves prints there"
