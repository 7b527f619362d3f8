"""`--seeds` and `--margin`: see close.py."""

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
