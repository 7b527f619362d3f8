"""A lesson as it is shipped, opened on a slow computer: is every figure there?

`python -m tests.benchmarks openings` measures and stores this table alone.
"""

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.browser.lab import Lab, jupyterlab, open_chromium
from tests.notebooks import ROOT

LESSON = "01_the_five_point_line.ipynb"
OPENINGS = 15
SLOWNESS = 10  # times, of the browser's processor
MINUTES = 5  # for an opening

# How many figures are drawn and how many are lost, once there are any and none is awaited
_FIGURES = """() => {
  const outputs = [...document.querySelectorAll(".jp-OutputArea-output")].map((output) => output.textContent);
  const count = (text) => outputs.filter((output) => output.includes(text)).length;
  const [drawn, lost] = [document.querySelectorAll(".downhill canvas[data-row]").length, count("model not found")];
  return drawn + lost && !count("Loading widget") ? [drawn, lost] : null;
}"""


def measure() -> list[tuple[str, str, str, float]]:
    """Rows for the store; a figure that is lost is an error."""
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder) / "jupyter") as lab,
        sync_playwright() as play,
    ):
        shutil.copy(ROOT / "notebooks" / LESSON, lab.root)
        lab.trust(LESSON)
        browser = open_chromium(play)
        opened = [_open(browser, lab) for _ in range(OPENINGS)]
    lost = sum(figures > 0 for _, figures in opened)
    if lost:
        raise RuntimeError(f'{lost} of {OPENINGS} openings show "model not found"')
    place = ("lesson 01", f"a browser {SLOWNESS} times as slow")
    return [
        (*place, "openings", OPENINGS),
        (*place, "openings with a lost figure", lost),
        (*place, "median seconds to the first figure", np.median([seconds for seconds, _ in opened])),
    ]


def _open(browser: Browser, lab: Lab) -> tuple[float, int]:
    """Seconds to the first figure, and the figures that are lost."""
    with browser.new_context(viewport=dict(width=1440, height=1000)) as context:
        page = context.new_page()
        processor = context.new_cdp_session(page)
        processor.send("Emulation.setCPUThrottlingRate", dict(rate=SLOWNESS))
        begin = time.perf_counter()
        page.goto(lab.url(LESSON), timeout=MINUTES * 60_000)
        _, lost = page.wait_for_function(_FIGURES, timeout=MINUTES * 60_000).json_value()
        seconds = time.perf_counter() - begin
        processor.send("Emulation.setCPUThrottlingRate", dict(rate=1))
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown().then(() => null)")
    return seconds, lost
