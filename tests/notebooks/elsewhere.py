"""Runs a notebook once more as on the oldest processor of this kind, and compares: what is stored holds everywhere.

The second run is one process without Jupyter: texts and captions as they are, films in 16-bit panel coordinates.
Pictures are not compared.
"""

import math
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lsqcore.explore.scene import STEPS_PER_PANEL
from tests.notebooks import ROOT
from tests.notebooks.sweep import Shown, explorers, move_everything, read, written_by_hand

FILM_TOLERANCE = 0.02  # of a panel


def oldest() -> dict[str, str]:
    """The settings by which a process on x86 counts as the oldest of these processors would: SSE, no AVX."""
    vector_features = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])  # by NumPy, here
    return {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": " ".join([os.environ.get("NPY_DISABLE_CPU_FEATURES", ""), *vector_features]),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-FMA,-FMA4",  # exp, sin, … of Linux; else unread
    }


def compare(path: str, shown: Sequence[Mapping[tuple, Shown]]) -> None:
    """Compare the texts of the second run with the stored ones, and its explorers with those of this kernel."""
    command = [sys.executable, "-m", "tests.notebooks.elsewhere", path]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | oldest(), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    texts, shown_there = pickle.loads(run.stdout)
    differences = [*texts_that_differ(read(path), texts), *films_that_differ(shown, shown_there)]
    assert not differences, "on the oldest processor it is not so:\n" + "\n".join(differences[:5])


def texts_that_differ(notebook: Mapping, texts: Sequence[str]) -> Iterator[str]:
    for number, (cell, there) in enumerate(zip(code_cells(notebook), texts, strict=True)):
        here = "".join(map(stored_text, cell["outputs"]))
        if here != there:
            yield f"Cell {number}: stored is {here!r}, there it is {there!r}"


def films_that_differ(here: Sequence[Mapping], there: Sequence[Mapping]) -> Iterator[str]:
    for number, (explorer, explorer_there) in enumerate(zip(here, there, strict=True)):
        for positions, shown in explorer.items():
            place = f"explorer {number}, sliders at {positions}"
            captions, marks, film = explorer_there[positions]
            if (shown.captions, shown.marks) != (captions, marks):
                said = zip(shown.captions, captions, strict=False)
                differing = [pair for pair in said if pair[0] != pair[1]]
                yield f"{place}: captions or marks: {differing[:1]}"
            elif (off := panels_apart(shown.marks, shown.film, film)) > FILM_TOLERANCE:
                yield f"{place}: a mark lies {off:.1%} of a panel apart; what rounding decides is marked `rounding`"


def panels_apart(marks: Sequence[Mapping], film: bytes, other: bytes) -> float:
    """The largest distance of a coordinate between two films of the same marks, but for those of rounding noise."""
    steps = np.abs(np.subtract(*(np.frombuffer(each, np.int16).astype(int) for each in (film, other))))
    sizes = [math.prod(mark[axis]) for mark in marks for axis in "xy"]
    counts = np.repeat(["rounding" not in mark for mark in marks for _ in "xy"], sizes)
    return steps[counts].max(initial=0) / STEPS_PER_PANEL


def code_cells(notebook: Mapping) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def stored_text(output: Mapping) -> str:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return "".join(output["text"] if "text" in output else output["data"]["text/plain"])


class _Text(DisplayHook):
    """Prints the text of a cell's value, without the number of the cell."""

    def __call__(self, result: object = None) -> None:
        if result is not None:
            print(self.compute_format_data(result)[0]["text/plain"], end="")


def run_here(path: str) -> tuple[list[str], list[dict[tuple, Shown]]]:
    """The text of each code cell, and what its explorers show at the sweep's positions."""
    shell = InteractiveShell.instance(displayhook_class=_Text)
    shell.set_custom_exc((Exception,), lambda shell, kind, error, *_: print(f"{kind.__name__}: {error}", end=""))
    os.chdir(Path(path).parent)
    notebook, texts = read(path), []
    for cell in code_cells(notebook):
        with capture_output() as said:
            shell.run_cell("".join(cell["source"]))
        texts.append(said.stdout + "".join(each.data["text/plain"] for each in said.outputs))
    by_hand = written_by_hand(notebook)
    return texts, [move_everything(explorer, by_hand) for explorer in explorers()]


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(run_here(sys.argv[1])))
