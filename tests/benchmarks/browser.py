"""From key press to new pixels, in JupyterLab and Chromium: the explorer against `interact` with a new figure each.

`python -m tests.benchmarks browser` measures and stores this table alone.
"""

import inspect
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser import example
from tests.browser.lab import jupyterlab, open_chromium
from tests.browser.notebook import Notebook
from tests.browser.stored import KERNEL

ROUNDS = 40
PLAYHEAD, SLIDER, HANDLE, INTERACT = (
    "film in the browser, playhead",
    "kernel sends a film, slider",
    "kernel sends a film, dragged point",
    "interact, new inline figure",
)
SAMPLES = {PLAYHEAD: 5, SLIDER: 3, HANDLE: 3, INTERACT: 1}  # a round

# From the time stamp of the key or the mouse to the first task after the frame in which the new state is there; the
# pixels of before and after are compared outside of that interval. A canvas tells its state, an inline picture is a new
# element.
SAMPLE = """
const state = ({ dataset, ariaLabel }) => JSON.stringify([dataset.row, dataset.positions, ariaLabel]);
const pixels = (picture) => {
  const copy = Object.assign(document.createElement("canvas"), { width: 960, height: 340 });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, 960, 340);
  return context.getImageData(0, 0, 960, 340).data.join();
};
window.sample = (cell) => {
  const find = () => cell.querySelector(".downhill canvas, .jp-OutputArea-output img");
  const before = find();
  const [stateBefore, pixelsBefore] = [state(before), pixels(before)];
  const isNew = (picture) => picture && (picture.tagName === "IMG" ? picture !== before && picture.complete
    : state(picture) !== stateBefore);
  let moved;
  for (const hand of ["keydown", "pointermove"])
    addEventListener(hand, (event) => (moved ??= event.timeStamp), { capture: true, once: true });
  window.measured = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no new picture within 60 s of ${moved}: ${stateBefore}`)), 60_000);
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      const milliseconds = performance.now() - moved;
      resolve([milliseconds, pixels(find()) !== pixelsBefore]);
    };
    const look = () => (moved && isNew(find()) ? painted.port2.postMessage(0) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });
};
"""


def usual_figure():
    """The same figure as most notebooks make it: a function that draws all of it anew, and `interact`."""
    import matplotlib.pyplot as plt
    from example import DESCENT_PANELS, descent, ends, intercepts, slopes, surface, x, y
    from ipywidgets import FloatLogSlider, IntSlider, interact

    def draw(learning_rate, iteration):
        film = descent(learning_rate)
        figure, axes = plt.subplots(1, 3, figsize=(960 / 72, 340 / 72))
        for each, panel in zip(axes, DESCENT_PANELS.values(), strict=True):
            each.set(title=panel.title, xlabel=panel.xlabel, ylabel=panel.ylabel, xlim=panel.xlim, ylim=panel.ylim)
        levels = DESCENT_PANELS["landscape"].still[0].levels
        axes[0].contour(intercepts, slopes, surface, levels=levels)
        axes[0].plot([1], [2], "*", markersize=16)
        [path] = film["landscape"]
        axes[0].plot(path.x[: iteration + 1], path.y[: iteration + 1], ".-")
        sticks, line, _ = film["fit"]
        axes[1].vlines(x, y, sticks.y_end[iteration])
        axes[1].plot(ends, line.y[iteration])
        axes[1].plot(x, y, "o")
        [losses] = film["progress"]
        axes[2].set_yscale("log")
        axes[2].plot(losses.x[: iteration + 1], losses.y[: iteration + 1])
        figure.suptitle(film["caption"][iteration])
        plt.show()

    learning_rate = FloatLogSlider(value=0.15, min=-1.77, max=-0.69, step=0.01)
    interact(draw, learning_rate=learning_rate, iteration=IntSlider(value=9, max=200))


def measure() -> list[tuple[str, str, str, float]]:
    """Rows for the store: median and 95 % of each way in ms, and how many times as long `interact` takes."""
    times, chromium = _times()
    measured = f"Chromium {chromium} without a graphics card, the ways in turn"
    rows = []
    for way, found in times.items():
        rows.append(("median, ms", way, measured, np.median(found)))
        rows.append(("95 %, ms", way, measured, np.percentile(found, 95)))
        rows.append(("samples", way, measured, len(found)))
        rows.append(("interact ÷ this, medians", way, measured, np.median(times[INTERACT]) / np.median(found)))
    return rows


def _times() -> tuple[dict[str, list[float]], str]:
    usual = inspect.getsource(usual_figure) + "\n\nusual_figure()"
    shown = [f"EXPLORERS[{name!r}]()" for name in ("descent", "dragged")]
    cells = ["from example import EXPLORERS", *shown, usual]
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder) / "jupyter") as lab,
        sync_playwright() as play,
    ):
        (lab.root / "example.py").write_text(Path(example.__file__).read_text(encoding="utf-8"), encoding="utf-8")
        blank = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=dict(kernelspec=KERNEL))
        lab.write("benchmark.ipynb", blank, trusted=True)
        browser = open_chromium(play)
        notebook = Notebook(browser.new_context(viewport=dict(width=1440, height=1000)), lab, "benchmark.ipynb")
        notebook.run_all()
        figure, dragged = notebook.figure(1), notebook.figure(2)
        figure.settle()
        dragged.settle()
        notebook.page.evaluate(f"() => {{{SAMPLE}}}")
        usual_output = notebook.page.locator(".jp-Cell").nth(3)
        usual_output.locator(".jp-OutputArea-output img").wait_for()
        hands = {
            PLAYHEAD: figure.playhead,
            SLIDER: figure.sliders.first,
            HANDLE: dragged.root.locator(".handle"),
            INTERACT: usual_output.get_by_role("slider").nth(1),
        }
        figure.press(figure.sliders.first, "Home")
        times = {way: [] for way in hands}
        for turn in range(ROUNDS + 1):
            there = turn <= ROUNDS / 2
            for way, hand in hands.items():
                move = _drag(notebook.page, hand, 3 if there else -3) if way == HANDLE else _press(hand, there)
                for _ in range(SAMPLES[way]):
                    milliseconds = _sample(notebook.page, hand, move)
                    if turn:  # the first round warms up
                        times[way].append(milliseconds)
                notebook.page.mouse.up()
        version = browser.version
        notebook.close()
    return times, version


def _press(slider: Locator, forward: bool) -> Callable[[], None]:
    """A key that moves a slider by one position."""
    slider.focus()
    return lambda: slider.page.keyboard.press("ArrowRight" if forward else "ArrowLeft")


def _drag(page: Page, handle: Locator, pixels: int) -> Callable[[], None]:
    """The mouse holds a handle, and moves it to the side and up by so many pixels at each call."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    steps = count(1)

    def move() -> None:
        step = next(steps)
        page.mouse.move(x + step * pixels, y + step * pixels)

    return move


def _sample(page: Page, hand: Locator, move: Callable[[], None]) -> float:
    hand.evaluate("hand => sample(hand.closest('.jp-Cell'))")
    move()
    milliseconds, new_pixels = page.evaluate("measured")
    if not new_pixels:
        raise RuntimeError("the state changed, but no pixel did")
    return milliseconds
