"""From key press to new pixels on the pages of `build/site`, in Chromium: every figure of every lesson.

`python -m tests.benchmarks pages` measures and stores this table alone, after `make site`.
"""

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.browser import SAMPLE
from tests.browser.lab import open_chromium
from tests.notebooks import LESSONS
from tests.pages.conftest import SITE, served

PRESSES = 6  # of a key on a control
PLAYHEAD, SLIDER = "playhead", "first slider"


def measure() -> list[tuple[str, str, str, float]]:
    """Rows for the store: median and 95 % over all figures in ms, and how many key presses these are."""
    times: dict[str, list[float]] = {PLAYHEAD: [], SLIDER: []}
    with served(SITE) as address, sync_playwright() as play:
        browser = open_chromium(play)
        page = browser.new_page(viewport=dict(width=1400, height=1000))
        page.add_init_script(SAMPLE)
        for lesson in LESSONS:
            page.goto(f"{address}{lesson.stem}.html")
            _press_all(page, times)
        measured = f"Chromium {browser.version} without a graphics card, all figures of all lessons"
        browser.close()
    rows = []
    for way, found in times.items():
        rows.append(("median, ms", way, measured, np.median(found)))
        rows.append(("95 %, ms", way, measured, np.percentile(found, 95)))
        rows.append(("samples", way, measured, len(found)))
    return rows


def _press_all(page: Page, times: dict[str, list[float]]) -> None:
    """On each figure of a page, the arrow keys on its playhead and on its first slider."""
    for figure in page.locator(".explorer").all():
        figure.scroll_into_view_if_needed()
        figure.locator("canvas").wait_for()
        if (skip := figure.get_by_role("button", name="Skip")).count():
            skip.click()
        for way, kind in ((PLAYHEAD, ".control:has(button)"), (SLIDER, ".control:not(:has(button))")):
            inputs = figure.locator(f"{kind} input[type=range]")
            if not inputs.count():
                continue
            inputs.first.press("Home")
            for _ in range(min(PRESSES, int(inputs.first.get_attribute("max")))):
                figure.evaluate("figure => sample(figure)")
                inputs.first.press("ArrowRight")
                milliseconds, changed = page.evaluate("measured")
                if changed:  # some rows of some films have the same picture
                    times[way].append(milliseconds)
