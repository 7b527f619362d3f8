"""Runs a notebook as on this processor and as on the oldest of its kind, and compares: what is stored holds everywhere.

For each processor a process without Jupyter runs one notebook after the other, and moves every control. Texts and
captions are compared as they are, with the stored ones and with each other; films in 16-bit panel coordinates. Pictures
are not compared. Where there is no figure, a run on the oldest says all: nbval compares the texts on this processor.
"""

import atexit
import json
import math
import os
import pickle
import platform
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets import Widget
from traitlets.config import Config

from lsqcore.explore import Explorer
from lsqcore.explore.scene import STEPS_PER_PANEL
from tests.notebooks import ROOT, WIDGET_STATE
from tests.notebooks.sweep import Shown, move_everything, written_by_hand

FILM_TOLERANCE = 0.02  # of a panel
MOVED = ROOT / "build" / "films"  # where `make test` lets nbval's kernels write


def oldest() -> dict[str, str]:
    """The settings by which a process on x86 counts as the oldest of these processors would: SSE, no AVX."""
    vector_features = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])  # by NumPy, here
    return {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": " ".join([os.environ.get("NPY_DISABLE_CPU_FEATURES", ""), *vector_features]),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-FMA,-FMA4",  # exp, sin, … of Linux; else unread
    }


#: Where a notebook is run, and the settings for it. Only on x86 can a processor pass for an older one.
PROCESSORS = {"this processor": {}}
if platform.machine() in ("x86_64", "AMD64"):
    PROCESSORS["the oldest processor"] = oldest()


class Run(NamedTuple):
    """The text of each code cell, and what each explorer shows at the sweep's places, the first where it starts."""

    texts: list[str]
    shown: list[dict[tuple, Shown]]


class Runner:
    """A process that runs notebooks with some settings of its environment, one after the other."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.errors = TemporaryFile()  # noqa: SIM115 - as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notebooks.processors"],
            cwd=ROOT,
            env=os.environ | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )
        atexit.register(self.process.communicate)  # there it ends

    def begin(self, path: Path) -> None:
        pickle.dump(str(path), self.process.stdin)
        self.process.stdin.flush()

    def answer(self) -> Run | str:
        """What the run says and shows, or why it stopped."""
        try:
            answer = pickle.load(self.process.stdout)
        except EOFError:
            runner.cache_clear()
            self.errors.seek(0)
            return self.errors.read().decode(errors="replace")
        return answer if isinstance(answer, str) else Run(*answer)


@cache
def runner(settings: frozenset[tuple[str, str]]) -> Runner:
    return Runner(dict(settings))


def differences(path: Path) -> Iterator[str]:
    """What the runs of a notebook on all processors say and show otherwise than is stored, or than each other.

    One without figures runs on the oldest only, and one whose figures nbval's kernel has moved: nbval has its texts.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    moved = already_moved(path)
    has_run = moved is not None or "widgets" not in notebook["metadata"]
    processors = list(PROCESSORS)[-1:] if has_run else list(PROCESSORS)
    runners = {processor: runner(frozenset(PROCESSORS[processor].items())) for processor in processors}
    for each in runners.values():
        each.begin(path)
    runs = []
    if moved is not None:
        runs.append(Run([], moved))
        yield from (f"On this processor: {difference}" for difference in captions_that_differ(notebook, runs[0]))
    answers = {processor: each.answer() for processor, each in runners.items()}
    for processor, run in answers.items():
        if isinstance(run, str):
            yield f"On {processor}: it stopped\n{run}"
        else:
            runs.append(run)
            for difference in (*texts_that_differ(notebook, run), *captions_that_differ(notebook, run)):
                yield f"On {processor}: {difference}"
    if len(runs) == 2:
        yield from films_that_differ(*(run.shown for run in runs))


def already_moved(path: Path) -> list[dict[tuple, Shown]] | None:
    """What the explorers of a notebook have shown in nbval's kernel, if nothing that they are made of has changed."""
    if not path.is_relative_to(ROOT / "notebooks"):
        return None
    file = MOVED / path.relative_to(ROOT / "notebooks").with_suffix(".moved")
    made_of = [path, *Path(__file__).parent.glob("*.py"), *(ROOT / "lsqcore").rglob("*.py")]
    if not file.exists() or file.stat().st_mtime < max(each.stat().st_mtime for each in made_of):
        return None
    return pickle.loads(file.read_bytes())


def move_all(path: Path, explorers: Sequence[Explorer], folder: Path) -> None:
    """In nbval's kernel, when a notebook has run: move every control of its explorers, and keep what they show."""
    with warnings.catch_warnings():
        let_warnings_fail()
        by_hand = written_by_hand(json.loads(path.read_text(encoding="utf-8")))
        moved = [move_everything(explorer, by_hand) for explorer in explorers]
    file = folder / path.relative_to(ROOT / "notebooks").with_suffix(".moved")
    file.write_bytes(pickle.dumps(moved))


def let_warnings_fail() -> None:
    """Those that a reader would see."""
    warnings.simplefilter("error", RuntimeWarning)  # divergence is a sentence, never a warning
    warnings.simplefilter("error", UserWarning)  # a missing glyph is a hole in a label


def texts_that_differ(notebook: Mapping, run: Run) -> Iterator[str]:
    for number, (cell, text) in enumerate(zip(code_cells(notebook), run.texts, strict=True)):
        stored = "".join(map(stored_text, cell["outputs"]))
        if stored != text:
            yield f"Cell {number}: stored is {stored!r}, but it says {text!r}"


def captions_that_differ(notebook: Mapping, run: Run) -> Iterator[str]:
    """Between the explorers as they are stored and as they were made."""
    models = notebook["metadata"].get("widgets", {WIDGET_STATE: {"state": {}}})[WIDGET_STATE]["state"].values()
    stored = sorted(model["state"]["captions"] for model in models if "captions" in model["state"])
    said = sorted(next(iter(places.values())).captions for places in run.shown)
    if len(stored) != len(said):
        yield f"{len(stored)} explorers are stored, but {len(said)} were made"
    for captions_stored, captions in zip(stored, said, strict=False):
        if captions_stored != captions:
            yield f"captions of an explorer: {first_difference(captions_stored, captions)}"


def films_that_differ(here: Sequence[Mapping], there: Sequence[Mapping]) -> Iterator[str]:
    for number, (explorer, explorer_there) in enumerate(zip(here, there, strict=True)):
        for at, shown in explorer.items():
            place = f"Between the processors: explorer {number}, controls at {at}"
            captions, marks, film = explorer_there[at]
            if (shown.captions, shown.marks) != (captions, marks):
                yield f"{place}: captions or marks: {first_difference(shown.captions, captions)}"
            elif (off := panels_apart(shown.marks, shown.film, film)) > FILM_TOLERANCE:
                yield f"{place}: a mark lies {off:.1%} of a panel apart; what rounding decides is marked `rounding`"


def first_difference(captions: Sequence[str], others: Sequence[str]) -> str:
    if len(captions) != len(others):
        return f"{len(captions)} and {len(others)} of them"
    return next((f"{one!r} and {other!r}" for one, other in zip(captions, others, strict=True) if one != other), "")


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


def run_here(path: Path) -> Run:
    """Run the notebook in this process, which is for nothing else, and move every control."""
    widgets = []
    Widget.on_widget_constructed(widgets.append)
    shell = InteractiveShell.instance(displayhook_class=_Text, config=Config(HistoryManager=dict(enabled=False)))
    shell.set_custom_exc((Exception,), lambda shell, kind, error, *_: print(f"{kind.__name__}: {error}", end=""))
    os.chdir(path.parent)
    notebook, texts = json.loads(path.read_text(encoding="utf-8")), []
    try:
        for cell in code_cells(notebook):
            with capture_output() as said:
                shell.run_cell("".join(cell["source"]))
            texts.append(said.stdout + "".join(each.data["text/plain"] for each in said.outputs))
        by_hand = written_by_hand(notebook)
        return Run(texts, [move_everything(widget, by_hand) for widget in widgets if isinstance(widget, Explorer)])
    finally:  # nothing of it is left for the next one
        Widget.close_all()
        shell.reset()
        InteractiveShell.clear_instance()


def serve() -> None:
    """Run the notebooks that are named on the standard input, and write what comes of each to the standard output."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a notebook writes past Python is no answer
        let_warnings_fail()
        while True:
            try:
                path = Path(pickle.load(sys.stdin.buffer))
            except EOFError:
                return
            try:
                with np.printoptions():
                    answer = tuple(run_here(path))
            except Exception:
                answer = traceback.format_exc()
            pickle.dump(answer, answers)
            answers.flush()


if __name__ == "__main__":
    serve()
