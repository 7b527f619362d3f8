"""Runs notebooks and stores their outputs in one form, so that a second run changes no byte.

`make notebooks` calls it with all lessons and solutions. What differs from run to run is left out (times, paths in
tracebacks) or named by its place in the notebook (widget models, cells without an id).
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from lsqcore.practice.shared.own_data import OPENING
from pages.films import FIRST_LINE, last_cell
from tests.notebooks import ROOT, WIDGET_STATE, WIDGET_VIEW

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    # what settings/etc/ipython makes every kernel say, so that JupyterLab finds nothing to change in a lesson
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3",
    },
}


async def execute(path: Path, films: Path | None = None) -> NotebookNode:
    """The notebook after a run of all its cells in a fresh kernel in its folder; a cell that raises is an error.

    With a folder for films, the kernel writes those of its explorers there.
    """
    try:
        notebook = await client(path, films).async_execute()
    except DeadKernelError:  # in the middle: the notebook's own doing
        raise
    except RuntimeError:  # at birth, when another kernel takes its port: then a second
        notebook = await client(path, films).async_execute()
    if films:
        notebook.cells.pop()
    return notebook


def client(path: Path, films: Path | None = None) -> NotebookClient:
    """A client with a notebook to run, and no kernel yet."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(METADATA)
    if films:
        notebook.cells.append(new_code_cell(last_cell(films, place_of(path))))
    return NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": path.parent}},
        extra_arguments=["--log-level=ERROR", *([f"--IPKernelApp.exec_lines={FIRST_LINE}"] if films else [])],
        timeout=600,  # seconds a cell
        store_widget_state=True,
        record_timing=False,
        coalesce_streams=True,
    )


def canonical(notebook: NotebookNode, name: str) -> NotebookNode:
    """The same notebook in the form that a second run gives again; `name` begins the names of its widget models."""
    notebook = nbformat.from_dict({"cells": notebook.cells, "metadata": METADATA | notebook.metadata})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata.language_info = nbformat.from_dict(METADATA["language_info"])
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number}")
        kept = {"tags": cell.metadata["tags"]} if "tags" in cell.metadata else {}
        if cell.metadata.get("jupyter", {}).get("source_hidden"):  # a closed cell
            kept["jupyter"] = {"source_hidden": True}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", ()):
            if output.output_type == "error":  # the frames name files of this machine
                output.traceback = [f"{output.ename}: {output.evalue}"]
    models = list(dict.fromkeys(_models_shown(notebook)))
    if models:
        states = notebook.metadata.widgets[WIDGET_STATE].state
        notebook.metadata.widgets[WIDGET_STATE].state = {model: states[model] for model in models}
    text = json.dumps(notebook)
    for number, model in enumerate(models):
        text = text.replace(model, f"{name}-{number:02}")
    return nbformat.from_dict(json.loads(text, parse_float=_as_javascript))


def _as_javascript(digits: str) -> float:
    """A number as JupyterLab writes it: a whole one has no point, up to 10²¹."""
    value = Decimal(digits)
    return int(value) if abs(value) < 10**21 and value % 1 == 0 else float(digits)


def _models_shown(notebook: NotebookNode) -> Iterator[str]:
    """The widget models that outputs show, each followed by those it refers to."""
    waiting = [
        output.data[WIDGET_VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if WIDGET_VIEW in output.get("data", ())
    ]
    seen = set()
    while waiting:
        model = waiting.pop(0)
        if model not in seen:
            seen.add(model)
            yield model
            state = json.dumps(notebook.metadata.widgets[WIDGET_STATE].state[model].state)
            waiting = re.findall(r"IPY_MODEL_([\w-]+)", state) + waiting


def place_of(path: Path) -> str:
    """Where a notebook lies in the course, without its suffix."""
    return path.resolve().relative_to(ROOT / "notebooks").with_suffix("").as_posix()


async def store(path: Path, films: Path | None, turns: asyncio.Semaphore) -> str | None:
    """Run a notebook and write it; what went wrong in words, if anything did, and then nothing is written."""
    async with turns:
        try:
            notebook = canonical(await execute(path, films), path.stem)
        except CellExecutionError as error:
            return f"{path}\n{error}"
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if OPENING in output.get("text", ""):
                return f"{path}\n{cell.source}\n\n{output.text}"
    nbformat.validate(notebook)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        nbformat.write(notebook, file)
    if films:
        (films / f"{place_of(path)}.json").touch()  # made of this notebook
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return None


async def main(paths: list[Path], films: Path | None = None) -> str | None:
    """Run notebooks and store them, and with a folder for films those of their explorers; what went wrong, in words."""
    turns = asyncio.Semaphore(os.cpu_count() or 1)
    failures = await asyncio.gather(*(store(path, films, turns) for path in paths))
    return ("\n".join(filter(None, failures)) or None) if paths else "no notebook was named"


if __name__ == "__main__":
    sys.exit(asyncio.run(main([Path(argument) for argument in sys.argv[1:]])))
