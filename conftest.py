"""For all tests: notebooks, collected by nbval, get a second kernel; `--seeds` and `--margin`, see tests/close.py.

With `--films FOLDER` the kernel of each notebook makes the films of the site there, after its last cell.
"""

import os
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the Makefile does, before NumPy is there: lessons round so

import pytest

from pages.films import FIRST_LINE, last_cell
from tests import close
from tests.notebooks import ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=1, help="how many random problems each test draws that draws one")
    parser.addoption("--margin", type=float, default=1.0, help="the factor by which every tolerance has to be met")
    parser.addoption("--films", type=Path, help="a folder for the films of the site, and for what they are to show")


def pytest_configure(config: pytest.Config) -> None:
    close.margin = config.getoption("--margin")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--seeds")))


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A kernel may die at birth, when a port that was free is taken just before it is used: then a second."""
    collectors = yield
    if file_path.suffix == ".ipynb":
        for notebook in collectors:
            notebook.setup = partial(_once_or_twice, notebook.setup)
            if folder := notebook.config.getoption("--films"):
                folder.mkdir(parents=True, exist_ok=True)
                place = notebook.path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
                last = last_cell(folder, place, "tests.pages.expected")
                notebook.setup = partial(_in_turn, notebook.setup, partial(_run, notebook, FIRST_LINE))
                notebook.teardown = partial(_in_turn, partial(_run, notebook, last), notebook.teardown)
    return collectors


def _in_turn(*steps: Callable[[], None]) -> None:
    for step in steps:
        step()


def _run(notebook: pytest.Collector, cell: str) -> None:
    """Run a cell in the notebook's kernel."""
    reply = notebook.kernel.kc.execute_interactive(cell, timeout=600, output_hook=lambda _: None)["content"]
    if reply["status"] != "ok":
        pytest.fail(f"{notebook.path.name}: its films stopped with {reply['ename']}: {reply['evalue']}")


def _once_or_twice(start: Callable[[], None]) -> None:
    try:
        start()
    except RuntimeError:
        start()
