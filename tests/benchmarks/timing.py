"""Fair clocks: ways take turns, so that a busy minute of the machine hits all of them."""

import ctypes
import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def interleaved(ways: dict[str, Callable], rounds: int) -> dict[str, float]:
    """Median process CPU time of each way in seconds, after one call that does not count."""
    times = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            begin = time.process_time()
            way()
            if turn:
                times[name].append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def peak_memory(way: Callable) -> float:
    """Bytes by which the resident memory rises at its peak while `way` runs (Linux)."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what earlier calls freed goes back, or this one would find it and need no more
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from here
    way()
    return memory("VmHWM") - before


def memory(name: str) -> float:
    """A line of /proc/self/status in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith(name))
