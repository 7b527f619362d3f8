"""Memory of a kernel: after each lesson, and while the cell of a figure runs again and again (Linux).

`python -m tests.benchmarks kernels` measures and stores this table alone.
"""

import asyncio
from pathlib import Path

import nbformat

from tests.explore.kernel import kernel
from tests.notebooks import LESSONS, WIDGET_VIEW
from tests.notebooks.run import client

RUNS = 60
MEGABYTES = "int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6"  # that are resident


def measure() -> list[tuple[str, str, str, float]]:
    """Rows for the store, in MB."""
    rows = [(path.stem[:2], "kernel", "MB after all cells", asyncio.run(_after_a_run(path))) for path in LESSONS]
    once, often = _again_and_again()
    return [*rows, ("00", "kernel", f"MB more after {RUNS} runs of its figure than after the first", often - once)]


async def _after_a_run(path: Path) -> float:
    running = client(path)
    running.nb.cells.append(nbformat.v4.new_code_cell(f"print({MEGABYTES})"))
    finished = await running.async_execute()
    return float(finished.cells[-1].outputs[0].text)


def _again_and_again() -> tuple[float, float]:
    """After the first and after the last run of the first cell that shows an explorer."""
    cells = [cell for cell in nbformat.read(LESSONS[0], as_version=4).cells if cell.cell_type == "code"]
    shows = [any(WIDGET_VIEW in output.get("data", ()) for output in cell.outputs) for cell in cells]
    with kernel(LESSONS[0].parent) as run:
        for cell in cells[: shows.index(True)]:
            run(cell.id, cell.source)
        figure = cells[shows.index(True)]
        used = [float(run(figure.id, figure.source, MEGABYTES)) for _ in range(RUNS)]
    return used[0], used[-1]
