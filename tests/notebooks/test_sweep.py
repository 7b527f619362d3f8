"""Every notebook as on the oldest processor of its kind, one with figures on this one, too, and all of them moved."""

from itertools import islice
from pathlib import Path

import pytest

from tests.notebooks import ROOT, each_notebook
from tests.notebooks.processors import differences

TO_DO = """
On all processors, after a change that is meant: `make notebooks LESSONS={notebook}` stores it.
On the oldest processor alone, or between the processors: show no more digits than all of them share.
Where it stopped, the last line names the fault of a film or of a cell.
See CONTRIBUTING.md, "How the checks work"."""


@each_notebook
def test_it_says_and_shows_the_same_on_every_processor(path: Path):
    if found := list(islice(differences(path), 5)):
        pytest.fail("\n".join([*found, TO_DO.format(notebook=path.relative_to(ROOT).as_posix())]), pytrace=False)
