"""A figure of the site: what it shows at the ends and in the middle of its controls is what Python makes there."""

import json

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.notebook import Figure, difference
from tests.pages.conftest import FILMS


def check(root: Locator, name: str) -> None:
    """One figure, in all the states for which something is expected."""
    root.scroll_into_view_if_needed()
    figure = Figure(root)
    expect(root.locator("canvas")).to_be_visible()  # in place of the stored picture
    if figure.skip.count():
        figure.skip.click()
    states = json.loads((FILMS / f"{name}-expected.json").read_text(encoding="utf-8"))
    for state in states:
        move(figure, state)
        at = f"{name}: {state['control']} at {state['position']}"
        assert figure.caption.inner_text() == state["caption"], at
        expected = np.array(Image.open(FILMS / state["picture"]))
        assert difference(figure.pixels(), expected) <= 0.005, at
        figure.root.get_by_role("button", name="Reset").click()


def move(figure: Figure, state: dict) -> None:
    """As a hand does: a handle by its first point, a choice by its button, a slider by its thumb."""
    if state["line"] is None:
        point = figure.root.locator(f".handle[data-name='{state['control']}']").first
        keys = ["ArrowLeft", "ArrowDown"] if state["position"] == "lowest" else ["ArrowRight", "ArrowUp"]
        point.evaluate(
            """(point, keys) => {
              for (const key of keys)
                for (let k = 0; k < 50; k++) point.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: true }));
            }""",
            keys,
        )
        return
    line = figure.root.locator(".control").nth(state["line"])
    if line.get_by_role("radio").count():
        line.get_by_role("radio").nth(state["position"]).check()
    else:
        line.locator("input").fill(str(state["position"]))
