"""What a film is made of: what a reader changes is seen, and a cell that runs again changes nothing."""

import numpy as np
import pytest

from lsqcore.explore.inputs import fingerprint
from lsqcore.explore.of_reader import of_reader


class Notebook:
    """Cells that run one after another over the same names."""

    def __init__(self, *cells: str) -> None:
        self.names = dict(__name__="__main__", np=np)
        self.run(*cells)

    def run(self, *cells: str) -> "Notebook":
        for cell in cells:
            exec(cell, self.names)
        return self

    @property
    def print(self) -> bytes:
        return fingerprint(self.names["film"])


DATA = """
import lsqcore as lsq
rate, name, x, y = 0.1, "QR", np.arange(3.0), [1.0, 2.0, 3.0]
settings = dict(deep=dict(count=3, among={"a", "b"}), limit=np.int64(7), off=np.float32(0.5))
problem = lsq.LeastSquares(lsq.line(x), y)
"""
STEP = """
def loss(theta, scale=1.0, *, power=2):
    return scale * (x @ theta) ** power if name in {"QR", "SVD"} else None

def step(theta):
    return theta - rate * np.sin(loss(theta))
"""
CLOSURE = """
def make(shift):
    def moved(theta):
        return [step(theta) + shift for _ in range(3)]
    return moved
moved = make(1.5)
"""
FILM = """
film = lambda level: (moved(level), settings, problem.loss(y), [k for k in range(3) if rate < k])
"""
CELLS = DATA, STEP, CLOSURE, FILM


def test_the_same_cells_give_the_same():
    notebook = Notebook(*CELLS)
    first = notebook.print
    assert notebook.print == first
    assert notebook.run(*CELLS).print == first, "all run again"
    assert notebook.run(STEP).print == first
    assert Notebook(*CELLS).print != b""


def test_what_the_film_does_not_use_is_no_change():
    notebook = Notebook(*CELLS)
    first = notebook.print
    assert notebook.run("unused = 3", "def of_no_use(): return rate", "level = 5").print == first


@pytest.mark.parametrize(
    "change",
    [
        "rate = 0.2",
        "rate = 0",
        "name = 'SVD'",
        "x = np.arange(4.0)",
        "x = np.arange(3)",
        "x = x.reshape(3, 1)",
        "x[1] = 7",
        "y[1] = 7",
        "y.append(4.0)",
        "settings['deep']['count'] = 4",
        "settings['deep']['among'].add('c')",
        "settings['limit'] = np.int64(8)",
        "settings['more'] = 1",
        "problem = lsq.LeastSquares(lsq.line(x), [1.0, 2.0, 4.0])",
        "problem = problem.with_ridge(1.0) if hasattr(problem, 'with_ridge') else 3",
        "moved = make(2.5)",
        "rate = lambda: 0.1",
        "del rate",
        "np = None",
        STEP.replace("theta - rate", "theta + rate"),
        STEP.replace("np.sin", "np.cos"),
        STEP.replace("scale=1.0", "scale=2.0"),
        STEP.replace("power=2", "power=3"),
        STEP.replace('"SVD"', '"LU"'),
        CLOSURE.replace("range(3)", "range(4)"),
        CLOSURE.replace("step(theta)", "loss(theta)"),
        FILM.replace("range(3)", "range(4)"),
        FILM.replace("problem.loss", "problem.gradient"),
    ],
)
def test_a_change_is_seen(change):
    notebook = Notebook(*CELLS)
    first = notebook.print
    assert notebook.run(change).print != first


def test_a_change_that_is_undone_is_none():
    notebook = Notebook(*CELLS)
    first = notebook.print
    assert notebook.run("rate = 0.2").print != first
    assert notebook.run("rate = 0.1").print == first


@pytest.mark.parametrize(
    "cell",
    [
        "count = np.arange(3).argmax()",
        "count = {1, 2, 'three'}",
        "from functools import cache\n@cache\ndef count(): return 3",
        "import functools\ndef count(): return functools",
        "count = [None, ..., 1j, b'bytes', range]",
        "count = lsq.gradient_descent",
        "def count(k=3):\n    return 1 if k == 0 else count(k - 1)",
        "count = []; count.append(count)",
        "count = lsq.gradient_descent(problem, learning_rate=0.1, iterations=3)",
    ],
)
def test_a_cell_that_runs_again_is_no_change(cell):
    notebook = Notebook(DATA, cell, "film = lambda: count")
    first = notebook.print
    assert notebook.run(cell).print == first


def test_functions_inside_a_figure_of_the_package_are_looked_into():
    """As in explore_run, whose film is the package's, and holds functions of the notebook."""
    notebook = Notebook(*CELLS)
    film = of_reader(notebook.names["step"], (2,))
    first = fingerprint(film)
    assert fingerprint(film) == first
    notebook.run("rate = 0.3")
    assert fingerprint(film) != first


RUN = """
def run(level):
    return fig.Run(np.array([step(x)[:2]] * 2), np.ones(2))

def say(found, k, level):
    return f"Row {k}."
"""
FIGURE = """
view = fig.View(panel, lambda found: [fig.Trail(*found.thetas.T)])
shown = fig.explore_run(
    dict(only=view), run, say, level=fig.slider(0, 10), iteration=fig.playhead(1)
)
"""


@pytest.mark.parametrize(
    "change",
    [
        RUN.replace("step(x)", "x"),
        RUN.replace("Row {k}", "Row {k} at {level}"),
        STEP.replace("theta - rate", "theta + rate"),
        "rate = 0.2",
        "run = None",
    ],
)
def test_a_figure_of_a_run_is_stale_once_what_it_is_made_of_has_changed(change):
    notebook = Notebook("import lsqcore.explore as fig", *CELLS)
    notebook.run("panel = fig.Panel('A panel', 'x', 'y', (0, 10), (0, 10))", RUN, FIGURE)
    shown = notebook.names["shown"]
    notebook.run(STEP, RUN, "unused = 3")
    shown.look_for_changes()
    assert not shown.stale, "the same cells, run again"
    notebook.run(change)
    shown.look_for_changes()
    assert shown.stale
    notebook.run(DATA, STEP, RUN)
    shown.look_for_changes()
    assert not shown.stale, "undone"


def test_a_function_that_a_figure_holds_and_that_has_no_name_stays_what_it_is():
    notebook = Notebook(*CELLS, "film = make(2.5)")
    first = notebook.print
    assert notebook.run("def moved(theta): return theta").print == first


def test_a_name_that_gets_its_value_later_is_a_change():
    notebook = Notebook("def make():\n    def film(): return later\n    yield film\n    later = 3\n    yield")
    made = notebook.names["make"]()
    film = next(made)
    first = fingerprint(film)
    next(made)
    assert fingerprint(film) != first


def test_of_a_large_array_it_counts_which_one_it_is():
    notebook = Notebook("x = np.zeros(1_000_000)", "film = lambda: x")
    first = notebook.print
    assert notebook.print == first
    assert notebook.run("x = np.zeros(1_000_000)").print != first
