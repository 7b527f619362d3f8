"""The canvas in the browser is matplotlib's picture of the same state, whatever the marks; it needs no kernel."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pytest

import lsqcore.explore as fig
from lsqcore.explore.layout import BOTTOM, STACKED, TOP
from lsqcore.explore.marks import Mark
from lsqcore.explore.parts import CORNERS, Part, Polyline, Shapes, Sticks, Text
from tests.browser import example
from tests.browser.conftest import FINE, SIZE
from tests.browser.notebook import Notebook, difference
from tests.browser.stored import notebook as stored_notebook


@dataclass(frozen=True, eq=False, kw_only=True)
class Journey(Mark):
    """A kind of mark that no painter has heard of, of all kinds of parts, and large: a fault is many pixels."""

    def parts(self) -> list[Part]:
        stay, way, so_far = Sticks(box=True), Polyline(8, dashed=True), Polyline(24, shown="so far")
        traveller = Shapes(90, CORNERS["star"], rim=10, shown="head")
        return [stay, Sticks(6), way, so_far, traveller, Text(["here", "there, there"], "center")]


#: Along the lower edge of its panel and back along the upper one.
JOURNEY = Journey([2, 5, 5.5, 10, 10, 8, 6, 0], [0, 2, 0, 0, 6, 3, 6, 6], color="third")


def journey() -> fig.Explorer:
    panels = dict(map=fig.Panel("A journey", "", "", (0, 10), (0, 6), axes=False))  # no lines that lie over the mark
    return fig.explore(panels, lambda: dict(map=[JOURNEY], caption="A journey."), height=200, day=fig.playhead(7))


def words() -> fig.Explorer:
    """Nothing but axes, with titles, names and numbers."""
    return fig.explore(example.DESCENT_PANELS | example.ALL_PANELS, lambda: dict(caption="Axes."), day=fig.playhead(1))


EXPLORERS = example.EXPLORERS | dict(journey=journey, words=words)
STATES = [
    ("all_marks", dict(growth=1.05, shape="circle"), 0),
    ("all_marks", dict(growth=1.05, shape="star"), 30),
    ("all_marks", dict(growth=3.0, shape="triangle"), 8),
    ("all_marks", dict(growth=3.0, shape="square"), 40),  # marks 10¹⁸ panels away
    ("descent", dict(learning_rate=0.15), 9),
    ("descent", dict(learning_rate=0.203), 200),  # a path that runs away
    ("journey", {}, 0),
    ("journey", {}, 3),
    ("journey", {}, 7),
    ("words", {}, 0),
]


@pytest.fixture(scope="module")
def states():
    """The explorers of the example, each in a state of its own."""
    explorers = []
    for name, values, row in STATES:
        explorer = EXPLORERS[name]()
        explorer.move(**{explorer.scene["playhead"]["name"]: row}, **values)
        explorers.append(explorer)
    return explorers


@pytest.fixture(scope="module", params=[1440, 700, 420], ids=lambda width: f"{width}px")
def notebook(chromium, lab, states, request):
    """All states, one below the other, on a screen with two device pixels a CSS pixel: a wide page and narrow ones."""
    shown = {f"state_{k}": explorer for k, explorer in enumerate(states)}
    lab.write("states.ipynb", stored_notebook("# the states", shown), trusted=True)
    with chromium.new_context(viewport=SIZE | dict(width=request.param), device_scale_factor=FINE) as context:
        opened = Notebook(context, lab, "states.ipynb")
        opened.command("apputils:change-theme", theme="JupyterLab Light")  # other tests leave the dark one
        opened.command("application:toggle-left-area")  # the list of files
        yield opened
        opened.close()


@pytest.mark.parametrize("k", range(len(STATES)), ids=lambda k: f"{STATES[k][0]}-row-{STATES[k][2]}-{k}")
def test_canvas_is_the_picture_of_matplotlib(notebook, states, k):
    figure = notebook.figure(k + 1)
    # Of nothing but words as many pixels as ever: panels that are stacked, and so lower, have less paper around them
    is_stacked = figure.canvas.evaluate("canvas => canvas.clientHeight") > 340
    words = 0.0005 * (340 / (TOP + STACKED + BOTTOM) if is_stacked else 1)
    assert figure.difference(states[k]) <= (0.005 if states[k].film else words)


def test_the_pictures_above_compare_all_kinds_of_parts():
    assert {type(part) for part in JOURNEY.parts()} == set(get_args(Part))


def test_comparison_sees_what_a_reader_would(states):
    """Each of these is more than two painters may differ by."""
    explorer = states[4]
    picture = explorer.pixels()
    explorer.iteration += 1
    assert difference(picture, explorer.pixels()) > 0.0005
    explorer.iteration -= 1
    words, elsewhere = (
        fig.explore(dict(only=fig.Panel("Words", name, "y", (0, 10), (0, 1e5))), lambda: dict(caption="Axes."))
        for name in ("a name", "another")
    )
    assert difference(words.pixels(304), elsewhere.pixels(304)) > 0.0006
    moved = np.roll(picture, 3, axis=1)
    assert difference(picture, moved) > 0.005
    assert difference(picture, picture) == 0


def test_canvas_is_sharp_on_a_fine_screen_and_as_wide_as_there_is_room(notebook):
    canvas = notebook.figure(1).canvas
    backing, shown = canvas.evaluate(
        "canvas => [[canvas.width, canvas.height], [canvas.clientWidth, canvas.clientHeight]]"
    )
    room = canvas.evaluate("canvas => canvas.closest('.jp-OutputArea-output').clientWidth")
    assert shown[0] == pytest.approx(min(960, room), abs=24)
    assert shown[1] == (340 if shown[0] == 960 else 3 * (TOP + STACKED + BOTTOM)), "panels stand one below the other"
    assert backing == [2 * length for length in shown]
