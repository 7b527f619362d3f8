"""Explorers in a kernel whose cells run again and again, as JupyterLab runs them."""

import pytest

from tests.explore.kernel import kernel

MAKE = """
import gc
import lsqcore.explore as fig

class Data:
    '''What a film reads.'''

PANELS = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))

def one():
    film = lambda level, read=Data(): dict(only=[fig.Dots([5], [level])], caption=f"Level {level:g}.")
    return fig.explore(PANELS, film, height=120, level=fig.slider(0, 10))

def alive(kind):
    gc.collect()
    return sum(isinstance(each, kind) for each in gc.get_objects())

def open_explorers():
    return sum(isinstance(each, fig.Explorer) and each.comm is not None for each in gc.get_objects())

def figures():
    from matplotlib.figure import Figure
    return alive(Figure)
"""


@pytest.fixture(scope="module")
def run():
    with kernel() as run:
        run("import", MAKE)
        yield run


@pytest.fixture(autouse=True)
def nothing_open(run):
    run("end", "for each in gc.get_objects():\n    if isinstance(each, fig.Explorer): each.close()", "alive(Data)")


def test_cell_that_runs_again_ends_its_explorer_of_before_and_frees_what_it_held(run):
    for _ in range(5):
        run("figure", "one()")
    assert run("count", "", "(open_explorers(), alive(Data), figures())") == "(1, 1, 0)"


def test_explorers_of_one_run_live_together(run):
    for _ in range(2):
        run("two figures", "first, second = one(), one()\nfirst", "open_explorers()")
    assert run("count", "", "open_explorers()") == "2"


def test_explorer_shown_by_another_cell_lives_until_its_own_cell_runs_again(run):
    run("makes", "kept = one()")
    for _ in range(2):
        run("shows", "kept")
    assert run("count", "", "kept.comm is not None") == "True"
    run("makes", "former, kept = kept, one()")
    assert run("count", "", "(former.comm is not None, kept.comm is not None)") == "(False, True)"


def test_explorers_of_a_shell_that_names_no_cell_live_on(run):
    for _ in range(2):
        run("", "one()")
    assert run("count", "", "open_explorers()") == "2"


CHANGES = """
step = 1.0
def height(level):
    return level + step
"""
FIGURE = """
walk = fig.explore(
    PANELS,
    lambda level: dict(only=[fig.Dots([5], [height(level)])], caption=f"Height {height(level):g}."),
    height=120,
    level=fig.slider(0, 10, steps=10),
)
"""


def test_a_change_above_puts_a_figure_to_rest_until_its_cell_runs_again(run):
    run("above", CHANGES)
    assert run("a figure", FIGURE, "(walk.stale, walk.caption)") == "(False, 'Height 6.')"
    run("above", CHANGES)
    run("moves", "walk.level = 4")
    assert run("look", "", "(walk.stale, walk.caption)") == "(False, 'Height 5.')", "its cells ran again unchanged"
    run("above", CHANGES.replace("level + step", "level * step"))
    assert run("look", "", "walk.stale") == "True"
    run("moves", "walk.level = 7")
    assert run("look", "", "(walk.at, walk.caption)") == "({'level': 4.0}, 'Height 5.')", "no film of two minds"
    run("above", CHANGES)
    assert run("look", "", "walk.stale") == "False", "as it was"
    run("above", "step = 3.0")
    assert run("look", "", "walk.stale") == "True"
    run("a figure", FIGURE)
    run("moves", "walk.level = 2")
    assert run("look", "", "(walk.stale, walk.caption)") == "(False, 'Height 5.')"


def test_a_run_of_explore_run_follows_the_cells_above(run):
    run(
        "above", "import numpy as np\nimport lsqcore as lsq\nproblem = lsq.LeastSquares(lsq.line([1, 2, 3]), [1, 2, 4])"
    )
    figure = """
walk = fig.explore_run(
    dict(loss=fig.progress((0, 9), (1e-6, 10))),
    lambda learning_rate: lsq.gradient_descent(problem, learning_rate=learning_rate, iterations=9),
    lambda run, k, learning_rate: f"Row {k}: loss {run.losses[k]:.3g}.",
    learning_rate=fig.slider(0.01, 0.1),
    iteration=fig.playhead(9),
)
"""
    assert run("a run", figure, "walk.stale") == "False"
    run("above", "problem = lsq.LeastSquares(lsq.line([1, 2, 3]), [1, 2, 5])")
    assert run("look", "", "walk.stale") == "True"
    assert run("a run", figure, "walk.stale") == "False"
