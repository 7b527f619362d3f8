"""Collects notebooks for pytest: strict nbval of every cell, then two more cells of the same kernel.

nbval compares text and captions but no picture, and it moves no slider; the sweep does. The other cell runs all of it
again as on the oldest processor. See pyproject.toml, `addopts`.
"""

import platform
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
_shown = sweep({notebook!r})"""

ELSEWHERE = """\
from tests.notebooks.elsewhere import compare
compare({notebook!r}, _shown)"""

x86_only = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="only on x86 can a processor pass for an older one"
)


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
        for number, (name, source) in enumerate({"sweep": SWEEP, "elsewhere": ELSEWHERE}.items(), start=len(cells)):
            cell = nbformat.v4.new_code_cell(source.format(root=str(ROOT), notebook=str(self.path)))
            item = IPyNbCell.from_parent(
                self, name=name, cell_num=number, cell=cell, options=defaultdict(bool, check=False)
            )
            if name == "elsewhere":
                item.add_marker(x86_only)
            yield item


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Notebook | None:
    return Notebook.from_parent(parent, path=file_path) if file_path.suffix == ".ipynb" else None
