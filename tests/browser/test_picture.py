"""The canvas in the browser is matplotlib's picture of the same state, whatever the marks; it needs no kernel."""

import numpy as np
import pytest

from tests.browser import example
from tests.browser.conftest import SIZE
from tests.browser.notebook import Notebook, difference
from tests.browser.stored import notebook as stored_notebook

STATES = [
    ("all_marks", dict(growth=1.05, shape="circle"), 0),
    ("all_marks", dict(growth=1.05, shape="star"), 30),
    ("all_marks", dict(growth=3.0, shape="triangle"), 8),
    ("all_marks", dict(growth=3.0, shape="square"), 40),  # marks 10¹⁸ panels away
    ("descent", dict(learning_rate=0.15), 9),
    ("descent", dict(learning_rate=0.203), 200),  # a path that runs away
]


@pytest.fixture(scope="module")
def states():
    """The explorers of the example, each in a state of its own."""
    explorers = []
    for name, values, row in STATES:
        explorer = example.EXPLORERS[name]()
        explorer.move(row=row, **values)
        explorers.append(explorer)
    return explorers


@pytest.fixture(scope="module")
def notebook(chromium, lab, states):
    """All states, one below the other, on a screen with two device pixels a CSS pixel."""
    shown = {f"state_{k}": explorer for k, explorer in enumerate(states)}
    lab.write("states.ipynb", stored_notebook("# the states", shown), trusted=True)
    with chromium.new_context(viewport=SIZE, device_scale_factor=2) as context:
        opened = Notebook(context, lab, "states.ipynb")
        yield opened
        opened.close()


@pytest.mark.parametrize("k", range(len(STATES)), ids=lambda k: f"{STATES[k][0]}-row-{STATES[k][2]}-{k}")
def test_canvas_is_the_picture_of_matplotlib(notebook, states, k):
    assert notebook.figure(k + 1).difference(states[k]) <= 0.005


def test_comparison_sees_what_a_reader_would(states):
    """Each of these is more than two painters may differ by."""
    explorer = states[4]
    picture = explorer.pixels()
    explorer.move(row=explorer.row + 1)
    assert difference(picture, explorer.pixels()) > 0.0005
    explorer.move(row=explorer.row - 1)
    moved = np.roll(picture, 3, axis=1)
    assert difference(picture, moved) > 0.005
    assert difference(picture, picture) == 0


def test_canvas_is_sharp_on_a_fine_screen(notebook):
    canvas = notebook.figure(1).canvas
    backing, shown = canvas.evaluate(
        "canvas => [[canvas.width, canvas.height], [canvas.clientWidth, canvas.clientHeight]]"
    )
    assert shown == [960, 340]
    assert backing == [1920, 680]
