"""CPU time of the kernel: to build each explorer of each lesson, to show it, and to run the whole lesson.

`python -m tests.benchmarks explorers` measures and stores this table alone.
"""

import asyncio
import json
import statistics
from pathlib import Path

from nbformat.v4 import new_code_cell

from tests.notebooks import LESSONS
from tests.notebooks.run import client

RUNS = 3

# In the kernel, before the lesson: clocks around the making and the showing of each explorer. Processes that the lesson
# has started and ended count for the lesson.
_BEFORE = """
import os as _os
import time as _time


def _clock():
    return _time.process_time() + sum(_os.times()[2:4])


_begin, _spent = _clock(), {}

from lsqcore.explore.explorer import Explorer as _Explorer


def _timed(what, method):
    def call(explorer, *given, **named):
        begin = _time.process_time()
        try:
            return method(explorer, *given, **named)
        finally:
            _spent.setdefault(id(explorer), {})[what] = _time.process_time() - begin

    return call


_Explorer.__init__ = _timed("build", _Explorer.__init__)
_Explorer._repr_mimebundle_ = _timed("show", _Explorer._repr_mimebundle_)
"""
_AFTER = """
import json
print(json.dumps([_clock() - _begin, list(_spent.values())]))
"""


def measure() -> list[tuple[str, str, str, float]]:
    """Rows for the store: medians of a few runs, each in a kernel of its own."""
    found = {path.stem[:2]: [asyncio.run(_run(path)) for _ in range(RUNS)] for path in LESSONS}
    rows = []
    for lesson, runs in found.items():
        rows.append((lesson, "kernel", "Run All, seconds", statistics.median(seconds for seconds, _ in runs)))
        for number, spent in enumerate(zip(*(explorers for _, explorers in runs), strict=True), start=1):
            for what in ("build", "show"):
                milliseconds = 1000 * statistics.median(each[what] for each in spent)
                rows.append((lesson, f"explorer {number}", f"{what}, milliseconds", milliseconds))
    return rows


async def _run(path: Path) -> tuple[float, list[dict[str, float]]]:
    """Seconds of the whole lesson, and for each explorer in the order in which they were made."""
    running = client(path)
    running.nb.cells = [new_code_cell(_BEFORE), *running.nb.cells, new_code_cell(_AFTER)]
    finished = await running.async_execute()
    return json.loads(finished.cells[-1].outputs[-1].text)
