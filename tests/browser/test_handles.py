"""Points of a picture that a hand drags: by mouse, by touch, by keys."""

import json
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.cells import Cells, at
from tests.browser.conftest import SIZE

FILMS = """
import time

import numpy as np

import lsqcore.explore as fig

rows = np.arange(21)
plane = dict(plane=fig.Panel("A plane", "x", "y", (-5, 5), (0, 10)))


def walk_film(start, level):
    time.sleep(0.03)  # longer than from one event of a drag to the next
    x, y = start
    marks = [fig.Trail(x * 0.8**rows, y * 0.8**rows), fig.Dots(x, y, color="path", size=11, drag="start")]
    return dict(plane=marks, caption=[f"Row {row} from {x:g}, {y:g} at {level:g}." for row in rows])


def dots_film(dots):
    return dict(plane=[fig.Dots([-2, 0, 2], dots, drag="dots")], caption=f"Heights {dots.tolist()}.")
"""
WALK = """
walk = fig.explore(
    plane,
    walk_film,
    start=fig.handle(-2, 3, xlim=(-4, 4), ylim=(1, 9), label="start of the walk"),
    level=fig.slider(0, 10, steps=10),
    iteration=fig.playhead(20, start=3),
)
walk
"""
DOTS = """
dots = fig.explore(plane, dots_film, dots=fig.handle([-2, 0, 2], [3, 4, 5], moves="y", xlim=(-5, 5), ylim=(0, 10)))
dots
"""
START = [-2, 3]

# How many requests to set a control have been sent, and how many at most were under way at once
_COUNT = """
window.requests = window.most = 0;
const underWay = new Set();
const textOf = (data) => (typeof data === "string" ? data : new TextDecoder().decode(data));
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      const said = textOf(data);
      if (/"execution_state": ?"idle"/.test(said)) underWay.forEach((id) => said.includes(id) && underWay.delete(id));
    });
  }
  send(data) {
    const sent = textOf(data);
    if (sent.includes('"comm_msg"') && /"method": ?"update"/.test(sent)) {
      underWay.add(/"msg_id": ?"([^"]+)"/.exec(sent)[1]);
      requests += 1;
      most = Math.max(most, underWay.size);
    }
    super.send(data);
  }
};
"""


@pytest.fixture(scope="module")
def notebook(chromium, lab):
    with chromium.new_context(viewport=SIZE, has_touch=True) as context:
        context.add_init_script(_COUNT)
        with closing(Cells(context, lab, "handles.ipynb", FILMS, WALK, DOTS)) as opened:
            yield opened
            assert opened.console_errors == []


@pytest.fixture
def walk(notebook):
    """The walk, with all of its controls as at first."""
    figure = notebook.figure(1)
    expect(handle(figure)).to_be_enabled()
    figure.root.get_by_role("button", name="Reset").click()
    wait_for(figure, start=START)
    figure.page.mouse.move(0, 0)
    figure.page.evaluate("void (requests = most = 0)")
    return figure


def handle(figure, name="start", k=0):
    return figure.root.locator(f"button.handle[data-name={name}]").nth(k)


def middle(button):
    box = button.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def wait_for(figure, **values):
    """Until the picture is the one of these values of controls."""
    for name, value in values.items():
        figure.page.wait_for_function(
            "([canvas, name, value]) => JSON.stringify(JSON.parse(canvas.dataset.at)[name]) === value",
            arg=[figure.canvas.element_handle(), name, json.dumps(value, separators=(",", ":"))],
        )


def settle(figure, name):
    """Until the picture is the one of the places that its buttons say."""
    figure.page.wait_for_function(
        """([root, name]) => {
          const buttons = [...root.querySelectorAll(`button.handle[data-name=${name}]`)];
          const said = buttons.flatMap(({ ariaLabel }) =>
            ariaLabel.match(/(?<=[xy] )[^,]+/g).map((text) => Number(text.replace("−", "-"))),
          );
          return said.join() === JSON.parse(root.querySelector("canvas").dataset.at)[name].join();
        }""",
        arg=[figure.root.element_handle(), name],
    )


def drag_by_mouse(figure, button, *places, events=10):
    mouse = figure.page.mouse
    mouse.move(*middle(button))
    mouse.down()
    for place in places:
        mouse.move(*place, steps=events)
    mouse.up()


def drag_by_touch(figure, button, *places, events=10):
    """A finger, as Chromium's own protocol moves it."""
    session = figure.page.context.new_cdp_session(figure.page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", dict(type=kind, touchPoints=[dict(x=x, y=y) for x, y in points]))

    here = middle(button)
    touch("touchStart", here)
    for place in places:
        for k in range(1, events + 1):
            touch("touchMove", tuple(a + (b - a) * k / events for a, b in zip(here, place, strict=True)))
        here = place
    touch("touchEnd")
    session.detach()


@pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_touch])
def test_point_goes_where_the_hand_is_and_stays_within_its_limits(notebook, walk, drag):
    box = walk.canvas.bounding_box()
    corners = []
    for place, limits in (
        ((box["x"] + 5, box["y"] + box["height"] - 5), [-4, 1]),
        ((box["x"] + box["width"] - 5, box["y"] + 5), [4, 9]),
    ):
        drag(walk, handle(walk), place)
        wait_for(walk, start=limits)
        notebook.expect_python("walk.start", tuple(limits))
        corners.append(middle(handle(walk)))
    # between the corners a place on the screen is one in the data
    (left, bottom), (right, top) = corners
    drag(walk, handle(walk), (left + 0.25 * (right - left), bottom + 0.5 * (top - bottom)))
    wait_for(walk, start=[-2, 5])
    notebook.expect_python("walk.start", (-2, 5))
    expect(walk.caption).to_have_text("Row 3 from -2, 5 at 5.")


def test_a_fast_drag_ends_where_the_hand_ends_and_asks_once_at_a_time(notebook, walk):
    x, y = middle(handle(walk))
    drag_by_mouse(walk, handle(walk), (x + 200, y - 80), (x - 60, y - 100), (x + 150, y - 40), events=60)
    settle(walk, "start")
    assert middle(handle(walk)) == pytest.approx((x + 150, y - 40), abs=6), "less than a step of 0.1 away"
    shown = at(walk)["start"]
    notebook.expect_python("walk.start", tuple(shown))
    notebook.expect_python("walk.at['start']", tuple(shown))
    requests, most = notebook.page.evaluate("[requests, most]")
    assert requests >= 3, "the picture follows while the hand moves"
    assert most == 1, "the page asks again before the kernel has done what it was asked"


def test_keys_move_a_point_by_steps_and_say_where_it_is(notebook, walk):
    start = handle(walk)
    walk.play.focus()
    walk.page.keyboard.press("Shift+Tab")
    expect(start).to_be_focused()
    expect(start).to_have_attribute("aria-label", "start of the walk, x −2, y 3")
    for key, place in (
        ("ArrowRight", [-1.9, 3]),
        ("ArrowUp", [-1.9, 3.1]),
        ("Shift+ArrowUp", [-1.9, 4.1]),
        ("Shift+ArrowRight", [-0.9, 4.1]),
        ("ArrowLeft", [-1, 4.1]),
        ("ArrowDown", [-1, 4]),
    ):
        walk.page.keyboard.press(key)
        wait_for(walk, start=place)
        words = "start of the walk, x {:g}, y {:g}".format(*place).replace("-", "−")
        expect(start).to_have_attribute("aria-label", words)
        expect(walk.root.locator(".spoken")).to_have_text(words)
        expect(start).to_be_focused()
    for _ in range(6):
        walk.page.keyboard.press("Shift+ArrowRight")
    wait_for(walk, start=[4, 4])
    notebook.expect_python("walk.start", (4, 4))


def test_tab_goes_from_one_point_to_the_next_and_each_moves_alone(notebook):
    figure = notebook.figure(2)
    buttons = [handle(figure, "dots", k) for k in range(3)]
    buttons[0].focus()
    figure.page.keyboard.press("Tab")
    expect(buttons[1]).to_be_focused()
    figure.page.keyboard.press("Shift+ArrowDown")
    wait_for(figure, dots=[3, 3, 5])
    figure.page.keyboard.press("ArrowLeft")  # it moves up and down only
    figure.page.keyboard.press("ArrowUp")
    wait_for(figure, dots=[3, 3.1, 5])
    labels = [button.get_attribute("aria-label") for button in buttons]
    assert labels == ["dots 1, y 3", "dots 2, y 3.1", "dots 3, y 5"]
    x, y = middle(buttons[2])
    drag_by_mouse(figure, buttons[2], (x - 90, y - 40))
    settle(figure, "dots")
    assert at(figure)["dots"][2] > 5
    assert middle(buttons[2])[0] == pytest.approx(x, abs=0.5), "sideways it stays"
    assert at(figure)["dots"][:2] == [3, 3.1]
    notebook.expect_python("dots.dots", tuple(at(figure)["dots"]))


def test_a_point_can_be_grabbed_beside_its_dot_and_looks_so(walk):
    x, y = middle(handle(walk))
    found = walk.page.evaluate(
        """([x, y]) => [[-12, -12], [-12, 12], [12, -12], [12, 12]].map(
          ([a, b]) => document.elementFromPoint(x + a, y + b).dataset.name)""",
        [x, y],
    )
    assert found == ["start"] * 4, "a square of 24 CSS px does not fit into the hit area"
    style = "getComputedStyle(button)"
    assert handle(walk).evaluate(f"button => {style}.cursor") == "grab"
    assert handle(walk).evaluate(f"button => {style}.borderTopColor") != "rgba(0, 0, 0, 0)"


def test_reset_brings_all_back(notebook, walk):
    x, y = middle(handle(walk))
    drag_by_mouse(walk, handle(walk), (x + 100, y - 50))
    walk.press(walk.sliders.first, "End")
    walk.playhead.press("End")
    assert (walk.row, at(walk)["level"]) == (20, 10)
    walk.root.get_by_role("button", name="Reset").click()
    wait_for(walk, start=START, level=5)
    assert walk.row == 3
    expect(walk.playhead).to_have_value("3")
    expect(walk.sliders.first).to_have_value("5")
    expect(walk.caption).to_have_text("Row 3 from -2, 3 at 5.")
    assert middle(handle(walk)) == pytest.approx((x, y), abs=0.5)
    notebook.expect_python("(walk.start, walk.level, walk.iteration)", ((-2, 3), 5, 3))
