"""Measure the tables that are named, or all of them, and store each as soon as it is there."""

import os
import sys
import time
from importlib import import_module

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one BLAS thread, set before NumPy is loaded

TABLES = [
    "digits",
    "errors",
    "closed_form",
    "sgd",
    "direct",
    "crossover",
    "streaming",
    "browser",
    "pages",
    "explorers",
    "openings",
    "kernels",
]

if __name__ == "__main__":
    store = import_module("tests.benchmarks.store")
    chosen = sys.argv[1:] or TABLES
    if unknown := set(chosen) - set(TABLES):
        raise SystemExit(f"no table {', '.join(sorted(unknown))}: there are {', '.join(TABLES)}")
    for name in chosen:
        begin = time.perf_counter()
        rows = import_module(f"tests.benchmarks.{name}").measure()
        store.store(name, rows)
        print(f"{name}: {len(rows)} rows in {time.perf_counter() - begin:.0f} s", flush=True)
    print(store.PAGE.read_text())
