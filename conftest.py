"""For all tests: notebooks, collected by nbval, get a second kernel; `--seeds` and `--margin`, see tests/close.py."""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

import pytest

from tests import close


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=1, help="how many random problems each test draws that draws one")
    parser.addoption("--margin", type=float, default=1.0, help="the factor by which every tolerance has to be met")


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
    return collectors


def _once_or_twice(start: Callable[[], None]) -> None:
    try:
        start()
    except RuntimeError:
        start()
