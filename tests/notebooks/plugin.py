"""Collects notebooks for pytest: strict nbval of every cell, then the slider sweep as one more cell of the same kernel.

nbval compares text and captions but no picture, and it moves no slider; the sweep does. See pyproject.toml, `addopts`.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat.v4
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebooks import ROOT

SWEEP = """\
import sys
sys.path.insert(0, {root!r})
from tests.notebooks.sweep import sweep
sweep({notebook!r})"""


class Notebook(IPyNbFile):
    """A notebook whose cells are run in order in one kernel."""

    def setup(self) -> None:
        """A kernel may die at birth, when a port that was free is taken just before it is used: then a second."""
        with suppress(RuntimeError):
            return super().setup()
        super().setup()

    def collect(self) -> Iterator[IPyNbCell]:
        cells = list(super().collect())
        yield from cells
        sweep = nbformat.v4.new_code_cell(SWEEP.format(root=str(ROOT), notebook=str(self.path)))
        yield IPyNbCell.from_parent(
            self, name="sweep", cell_num=len(cells), cell=sweep, options=defaultdict(bool, check=False)
        )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Notebook | None:
    return Notebook.from_parent(parent, path=file_path) if file_path.suffix == ".ipynb" else None
