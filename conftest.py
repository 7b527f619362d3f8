"""For all tests: notebooks, collected by nbval, get a second kernel; `--seeds` and `--margin`, see tests/close.py.

With `--films FOLDER` the kernel of each notebook makes the films of the site there, after its last cell.
"""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

import pytest

from tests import close
from tests.notebooks import ROOT
from tests.pages.expected import command


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
                notebook.teardown = partial(_with_films, notebook, folder, notebook.teardown)
    return collectors


def _with_films(notebook: pytest.Collector, folder: Path, stop: Callable[[], None]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    place = notebook.path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    reply = notebook.kernel.kc.execute_interactive(command(folder, place), timeout=600, output_hook=lambda _: None)
    stop()
    if reply["content"]["status"] != "ok":
        pytest.fail(f"{place}: its films stopped with {reply['content']['evalue']}")


def _once_or_twice(start: Callable[[], None]) -> None:
    try:
        start()
    except RuntimeError:
        start()
