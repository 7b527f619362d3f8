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
