"""The notebooks under test: every lesson, the solutions to its exercises, and the companions of the documents."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
DOCUMENTS = sorted((ROOT / "notebooks" / "documents").glob("*.ipynb"))

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # in an output
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"  # in the notebook's metadata

each_notebook = pytest.mark.parametrize(
    "path",
    LESSONS + SOLUTIONS + DOCUMENTS,
    ids=lambda path: path.relative_to(ROOT / "notebooks").with_suffix("").as_posix(),
)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
