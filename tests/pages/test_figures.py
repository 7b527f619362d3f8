"""Every figure of the site: what it shows at the ends and in the middle of its controls is what Python makes there."""

import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from pages.films import read
from tests.browser.notebook import Figure, difference
from tests.notebooks import DOCUMENTS, LESSONS, ROOT
from tests.pages.conftest import FILMS

WIDE = dict(viewport=dict(width=1400, height=1000), device_scale_factor=2)
PLACES = [path.relative_to(ROOT / "notebooks").with_suffix("").as_posix() for path in LESSONS + DOCUMENTS]


@pytest.mark.parametrize("place", PLACES)
def test_figures_show_what_python_makes(chromium, site, place):
    if not any(FILMS.glob("*-expected.json")):
        pytest.skip("`pytest --films build/films notebooks` makes what is expected here")
    with chromium.new_context(**WIDE) as context:
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(f"{error}\n{error.stack}"))
        page.goto(f"{site}{place}.html")
        explored = read(FILMS, place)
        assert page.locator(".explorer").count() == len(explored)
        for each in explored:
            check(page.locator(f"[data-films='{each.name}']"), each.name)
        assert errors == []


def check(root, name):
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


def move(figure, state):
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


def test_on_a_phone_the_verdict_stays_in_sight(chromium, site):
    phone = dict(viewport=dict(width=390, height=844), has_touch=True, is_mobile=True)
    with chromium.new_context(**phone) as context:
        page = context.new_page()
        page.goto(f"{site}01_the_five_point_line.html")
        for root in page.locator(".explorer").all():
            root.scroll_into_view_if_needed()
            expect(root.locator("canvas")).to_be_visible()
            figure = Figure(root)
            if figure.skip.count():
                figure.skip.tap()
                box = figure.verdict.bounding_box()
                assert 0 <= box["y"] < box["y"] + box["height"] <= 844
