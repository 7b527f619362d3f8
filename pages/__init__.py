"""The course as pages that anybody can open: the site, handouts, slides, and the reference of `lsqcore`."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
