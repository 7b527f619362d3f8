"""Every notebook on this processor and as on the oldest of its kind, with all that can be moved moved."""

from itertools import islice
from pathlib import Path

from tests.notebooks import ROOT, each_notebook
from tests.notebooks.processors import differences

TO_DO = """\
In {notebook} it is not as it is stored, or not the same on every processor.
  A difference on this processor too: after a change that is meant, `make notebooks LESSONS={notebook}` stores it anew.
  A difference on the oldest processor alone: show no more digits than all processors share.
  A caption or a slider that is named as a fault: its film is to be corrected.
See CONTRIBUTING.md, "How the checks work".

"""


@each_notebook
def test_it_says_and_shows_the_same_on_every_processor(path: Path):
    found = list(islice(differences(path), 5))
    assert not found, TO_DO.format(notebook=path.relative_to(ROOT).as_posix()) + "\n".join(found)
