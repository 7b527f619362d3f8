"""A notebook open in JupyterLab, and an explorer in it, as a reader sees and moves them."""

import base64
import json
import re
from io import BytesIO
from itertools import product

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, expect

import lsqcore.explore as fig
from tests.browser.lab import Lab

SECONDS = 60  # for one thing to happen, on a machine that is busy with other tests
RUN_SECONDS = 300  # for a lesson to run
expect.set_options(timeout=SECONDS * 1000)

# What happens in a page, in its order: "input" of a control, "request" to the kernel, which sets a control there, its
# "answer", which says whose film it is, and any "other" message of a widget to the kernel, such as a greeting.
_RECORD = """
window.recorded = [];
addEventListener("input", () => recorded.push("input"), true);
const text = (data) => (typeof data === "string" ? data : new TextDecoder().decode(data));
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    const answer = /"method": ?"update".*"at":/s;
    this.addEventListener("message", ({ data }) => answer.test(text(data)) && recorded.push("answer"));
  }
  send(data) {
    const sent = text(data);
    if (sent.includes('"comm_msg"')) recorded.push(/"method": ?"update"/.test(sent) ? "request" : "other");
    super.send(data);
  }
};
"""


class Notebook:
    """A notebook in a page of its own."""

    def __init__(self, context: BrowserContext, lab: Lab, name: str) -> None:
        self.page = context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.console_errors: list[str] = []
        self.page.on("pageerror", lambda error: self.console_errors.append(f"{error}\n{error.stack}"))
        self.page.on("console", lambda line: line.type == "error" and self.console_errors.append(line.text))
        self.page.add_init_script(_RECORD)
        self.open(lab, name)

    def open(self, lab: Lab, name: str) -> None:
        """Open the page, or open it again."""
        self.console_errors.clear()
        self.page.goto(lab.url(name))
        self._wait_for(name)

    def turn_to(self, name: str) -> None:
        """End the kernel, and open another notebook in place of this one, in the same page."""
        self._end_kernel()
        self.page.evaluate("jupyterapp.shell.currentWidget.dispose()")  # asks nothing about what has changed
        self.console_errors.clear()
        self.command("docmanager:open", path=name)
        self._wait_for(name)

    def _wait_for(self, name: str) -> None:
        self.page.wait_for_function(
            """name => {
              const open = window.jupyterapp?.shell?.currentWidget;
              return open?.context?.path === name && open.context.isReady && open.content.widgets.length;
            }""",
            arg=name,
        )

    def command(self, name: str, **options: str) -> None:
        """Carry out a command of JupyterLab's, as its menus do, and wait until it is done."""
        self._done(f"jupyterapp.commands.execute({json.dumps(name)}, {json.dumps(options)})")

    def run_all(self) -> None:
        """Run all cells, and wait until they have run."""
        self._done("jupyterapp.shell.currentWidget.sessionContext.ready")
        self.command("notebook:run-all-cells")

    def _done(self, promise: str) -> None:
        late = f"setTimeout(() => fail(new Error('not done in {RUN_SECONDS} s')), {RUN_SECONDS * 1000})"
        self.page.evaluate(f"() => Promise.race([{promise}, new Promise((_, fail) => {late})]).then(() => null)")

    def save(self) -> None:
        """Save, whether or not anything has changed."""
        self._done("jupyterapp.shell.currentWidget.context.save()")

    @property
    def changed(self) -> bool:
        """Whether JupyterLab asks to save when the notebook is closed."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")

    def restart(self) -> None:
        """Restart the kernel, as the menu does, and wait until it is there again."""
        self.page.evaluate("void (window.restarted = jupyterapp.commands.execute('notebook:restart-kernel'))")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self._done("restarted")

    def cells(self) -> list[dict]:
        """The cells, as the notebook would store them."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.toJSON())")

    def outputs(self) -> list[list[dict]]:
        """The outputs of every cell, as the notebook would store them."""
        return self.page.evaluate(
            "jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.outputs?.toJSON() ?? [])"
        )

    def figure(self, cell: int) -> "Figure":
        """The explorer below a cell, brought into view."""
        # JupyterLab draws what lies far from the window late, or not at all
        self.page.evaluate("cell => jupyterapp.shell.currentWidget.content.scrollToItem(cell, 'start')", cell)
        place = self.page.locator(f".jp-Cell[data-windowed-list-index='{cell}']")
        place.evaluate("cell => cell.scrollIntoView()")
        figure = Figure(place.locator(".downhill"))
        figure.canvas.scroll_into_view_if_needed()
        expect(figure.canvas).to_have_attribute("data-row", re.compile(r"\d"))  # drawn
        return figure

    def recorded(self) -> list[str]:
        """What has happened since this was last asked: see _RECORD."""
        return self.page.evaluate("recorded.splice(0)")

    def close(self) -> None:
        """End the kernel, and close the page."""
        self._end_kernel()
        self.page.close()

    def _end_kernel(self) -> None:
        """Once it is there: a server waits for ever for a kernel that ended while it started."""
        session = "jupyterapp.shell.currentWidget.sessionContext"
        self._done(f"{session}.ready.then(() => {session}.session.kernel.info)")
        self._done(f"{session}.shutdown()")


class Figure:
    """An explorer on a page; its parts are found by the names that a screen reader hears."""

    def __init__(self, root: Locator) -> None:
        self.root, self.page = root, root.page
        self.canvas = root.get_by_role("img")
        self.caption = root.locator(".caption").and_(root.get_by_role("status"))
        self.verdict = root.locator(".answer").get_by_role("status")
        self.error = root.get_by_role("alert")
        self.asleep = root.get_by_text("The other controls are asleep")
        self.play = root.get_by_role("button", name="play")
        self.pause = root.get_by_role("button", name="pause")
        self.skip = root.get_by_role("button", name="Skip")
        self.playhead = root.locator(".control:has(button) input")
        self.sliders = root.locator(".control:not(:has(button)) input[type=range]")
        self.choices = root.get_by_role("radiogroup")

    @property
    def row(self) -> int:
        """The row that the picture shows."""
        return int(self.canvas.get_attribute("data-row"))

    @property
    def positions(self) -> list[int]:
        """The positions of the sliders whose film the picture shows."""
        return [int(k) for k in (self.canvas.get_attribute("data-positions") or "").split(",") if k]

    def settle(self) -> None:
        """Wait until the picture is the one of the sliders."""
        for slider in self.sliders.all():
            expect(slider).to_be_enabled()
        self.page.wait_for_function(
            """root => {
              const position = (control) => {
                const inputs = [...control.querySelectorAll("input")];
                return inputs.length > 1 ? inputs.findIndex(({ checked }) => checked) : inputs[0].value;
              };
              const controls = [...root.querySelectorAll(".control:not(:has(button))")];
              return controls.map(position).join() === root.querySelector("canvas").dataset.positions;
            }""",
            arg=self.root.element_handle(),
        )

    def press(self, slider: Locator, *keys: str) -> None:
        """Press keys on a slider, and wait for their picture."""
        for key in keys:
            slider.press(key)
        self.settle()

    def drag(self, slider: Locator, share: float, *, events: int = 10) -> None:
        """Drag a slider's thumb with the mouse to a share of its way; the picture may come later."""
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        now, last = slider.evaluate("input => [input.value, input.max].map(Number)")

        def place(part: float) -> tuple[float, float]:  # a thumb is 16 px wide, its middle travels the rest
            return box["x"] + 8 + part * (box["width"] - 16), box["y"] + box["height"] / 2

        self.page.mouse.move(*place(now / last))
        self.page.mouse.down()
        self.page.mouse.move(*place(share), steps=events)
        self.page.mouse.up()

    def pixels(self) -> np.ndarray:
        """What the canvas holds, (height, width, 3)."""
        url = self.canvas.evaluate("canvas => canvas.toDataURL()")
        return np.array(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"))

    def difference(self, explorer: fig.Explorer) -> float:
        """The share of pixels in which the canvas is not matplotlib's picture of the same controls, as wide as it."""
        sliders = zip(explorer.sliders.items(), self.positions, strict=True)
        values = {name: slider.values[k] for (name, slider), k in sliders}
        if self.playhead.count():
            name = explorer.scene["playhead"]["name"]
            values[name] = explorer.controls[name].values[self.row]
        explorer.move(**values)
        return difference(self.pixels(), explorer.pixels(self.canvas.evaluate("canvas => canvas.clientWidth")))


def difference(first: np.ndarray, second: np.ndarray) -> float:
    """The share of pixels of one picture that lie more than 32 of 255 outside what the other has within one pixel."""
    far = np.flatnonzero(np.maximum(first, second) - np.minimum(first, second) > 32)  # all others lie within it
    rows, columns = np.divmod(np.unique(far // 3), first.shape[1])
    shares = []
    for picture, other in ((first, second), (second, first)):
        near = [_moved(other, rows, columns, down, right) for down, right in product((-1, 0, 1), repeat=2)]
        low, high, here = np.min(near, axis=0), np.max(near, axis=0), picture[rows, columns]
        outside = (here < np.maximum(low, 32) - 32) | (here > np.minimum(high, 255 - 32) + 32)  # 8 bits each
        shares.append(outside.any(axis=1).sum() / first[..., 0].size)
    return max(shares)


def _moved(picture: np.ndarray, rows: np.ndarray, columns: np.ndarray, down: int, right: int) -> np.ndarray:
    """The neighbours of these pixels on one side; at the edge the pixels themselves."""
    height, width, _ = picture.shape
    return picture[np.clip(rows + down, 0, height - 1), np.clip(columns + right, 0, width - 1)]
