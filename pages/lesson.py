"""What handouts and slides take from a stored lesson."""

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pages import NOTEBOOKS

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def numbered(number: str) -> Path:
    """The lesson whose file begins with a number, as 01 does."""
    found = next(NOTEBOOKS.glob(f"{number}_*.ipynb"), None) if number else None
    if found is None:
        raise SystemExit(f"There is no lesson {number!r}: write LESSON=01")
    return found


def opened(lesson: Path) -> NotebookNode:
    return nbformat.read(lesson, as_version=4)


def has_picture(cell: NotebookNode) -> bool:
    return any("image/png" in output.get("data", ()) for output in cell.get("outputs", ()))


def views(cell: NotebookNode) -> list[str]:
    """The models of the explorers that a cell shows."""
    outputs = [output.data for output in cell.get("outputs", ()) if WIDGET_VIEW in output.get("data", ())]
    return [data[WIDGET_VIEW]["model_id"] for data in outputs]


def question(notebook: NotebookNode, cell: NotebookNode) -> dict | None:
    """The prediction that the cell's figure asks for, if it does, as `predict` made it."""
    for model in views(cell):
        return notebook.metadata.widgets[WIDGET_STATE].state[model].state.scene.get("prediction")
    return None


def answer(asked: dict) -> str:
    """Of a prediction, with its reason."""
    if asked["choices"]:
        return f"**{asked['answer']}.** {dict(asked['choices'])[asked['answer']]}"
    number = f"{asked['answer']:g} {asked['unit']}".rstrip()
    return f"**{number}.** {asked['because']}"


def is_exercise(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(re.search(r"^\w+ = \.\.\.$", cell.source, re.MULTILINE))
