"""Rows of measurements in `notebooks/data/benchmarks.csv`, and the same as a Markdown page."""

import csv
import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

DATA = Path(__file__).parents[2] / "notebooks" / "data"
FILE, PAGE = DATA / "benchmarks.csv", DATA / "benchmarks.md"
FIELDS = ["table", "case", "way", "measure", "value"]
PACKAGES = [
    "numpy",
    "scipy",
    "scikit-learn",
    "statsmodels",
    "dask",
    "distributed",
    "matplotlib",
    "ipywidgets",
    "jupyterlab",
]

TITLES = {
    "digits": "Right digits of the worst parameter (−log₁₀ of its relative error, at most 15)",
    "errors": "Error of `solve` against the worse of NumPy and SciPy gelsy, 50 random problems a row",
    "closed_form": "Iterate k in closed form against the loop",
    "sgd": "SGD, µs a step (n = p = 50, Gaussian kernel, rate 0.1)",
    "direct": "Direct solvers: speed against `numpy.linalg.lstsq` (above 1 is faster), and memory beyond Φ",
    "crossover": "Time of a way ÷ time of `solve` (n = 2p)",
    "streaming": "More rows than memory: seconds of wall time for a GB, and peak memory",
    "browser": "Milliseconds from key press to new pixels in JupyterLab and Chromium",
    "pages": "Milliseconds from key press to new pixels on the pages of the site, in Chromium",
    "explorers": "CPU time of the kernel: to build and to show each explorer, and to run each lesson",
    "openings": "A lesson as shipped, opened in JupyterLab and Chromium on a slow computer",
    "kernels": "Memory of a lesson's kernel",
}


def store(table: str, rows: list[tuple[str, str, str, float]]) -> None:
    """Put the rows (case, way, measure, value) of a table in place of its old ones, then write the page anew."""
    kept = [row for row in read() if row["table"] not in (table, f"{table}: measured on")]
    kept += [
        {"table": f"{table}: measured on", "case": name, "way": "", "measure": "", "value": value}
        for name, value in machine().items()
    ]
    kept += [
        dict(zip(FIELDS, (table, case, way, measure, f"{value:.4g}"), strict=True))
        for case, way, measure, value in rows
    ]
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    PAGE.write_text(page(kept), encoding="utf-8")


def read() -> list[dict[str, str]]:
    """All rows that are stored."""
    if not FILE.exists():
        return []
    with FILE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def machine() -> dict[str, str]:
    """Processor model, cores and versions. No host name."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        model = next(
            (line.split(":", 1)[1].strip() for line in information.read_text().splitlines() if "model name" in line),
            model,
        )
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "BLAS threads": os.environ.get("OPENBLAS_NUM_THREADS", "as NumPy chooses"),
        "date": date.today().isoformat(),
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def page(rows: list[dict[str, str]]) -> str:
    """A Markdown page with a table of ways × cases for each table and measure."""
    lines = [
        "# What was measured",
        "",
        "Written by `make bench` from `benchmarks.csv`. Ways are interleaved in one run, times are medians of process",
        "CPU time where nothing else is said. Trust the ratios, not the seconds.",
    ]
    for table in dict.fromkeys(row["table"] for row in rows if ": measured on" not in row["table"]):
        lines += ["", f"## {TITLES.get(table, table)}"]
        mine = [row for row in rows if row["table"] == table]
        for measure in dict.fromkeys(row["measure"] for row in mine):
            part = [row for row in mine if row["measure"] == measure]
            cases = list(dict.fromkeys(row["case"] for row in part))
            values = {(row["way"], row["case"]): row["value"] for row in part}
            lines += ["", f"{measure}:", "", "| way | " + " | ".join(cases) + " |", "|---" * (len(cases) + 1) + "|"]
            for way in dict.fromkeys(row["way"] for row in part):
                lines.append(f"| {way} | " + " | ".join(values.get((way, case), "–") for case in cases) + " |")
        facts = [f"{row['case']} {row['value']}" for row in rows if row["table"] == f"{table}: measured on"]
        lines += ["", "Measured on: " + ", ".join(facts) + "."]
    return "\n".join(lines) + "\n"
