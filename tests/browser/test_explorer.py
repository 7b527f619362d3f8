"""An explorer as a reader drags it: with mouse and keys, before and after the cells have run."""

import base64
import re
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from lsqcore.explore.layout import rectangles
from tests.browser.conftest import FINE
from tests.browser.contrast import text_contrast
from tests.browser.example import DESCENT_PANELS
from tests.browser.notebook import Figure, Notebook

SAME = 0.005  # share of pixels in which two painters of one picture may differ


@pytest.mark.usefixtures("stored")
def test_trusted_playhead_moves_before_any_cell_has_run(lab, context, made):
    notebook = Notebook(context, lab, "trusted.ipynb")
    figure = notebook.figure(1)
    assert figure.difference(made["descent"]) <= SAME
    notebook.recorded()
    pictures = [figure.pixels()]
    for key in ["ArrowRight"] * 5 + ["End", "ArrowLeft"]:
        figure.playhead.press(key)
    assert figure.row == 199
    pictures.append(figure.pixels())
    assert figure.difference(made["descent"]) <= SAME
    figure.drag(figure.playhead, 0.5)
    assert figure.row == pytest.approx(100, abs=2)
    pictures.append(figure.pixels())
    assert figure.difference(made["descent"]) <= SAME
    assert not any(np.array_equal(a, b) for a, b in pairwise(pictures))
    assert set(notebook.recorded()) == {"input"}, "the playhead must not ask the kernel"
    expect(figure.sliders).to_be_disabled()
    assert text_contrast(figure.asleep) >= 4.5
    assert notebook.console_errors == []
    notebook.close()


@pytest.mark.usefixtures("stored")
def test_untrusted_notebook_shows_the_picture_and_its_caption(lab, context):
    notebook = Notebook(context, lab, "untrusted.ipynb")
    picture = notebook.page.locator(".jp-Cell[data-windowed-list-index='1'] .jp-OutputArea-output img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 960
    assert notebook.page.locator(".downhill").count() == 0
    # JupyterLab gives an image no alt text; the caption is painted into it, and stored beside it for what reads it
    [output] = notebook.outputs()[1]
    assert output["metadata"]["image/png"]["alt"] == output["data"]["text/plain"]
    assert output["data"]["text/plain"].startswith("Learning rate 0.15, iteration 9:")
    notebook.close()


@pytest.fixture
def alone(context, made):
    """Draws an explorer on a page of its own, without JupyterLab and without a kernel."""
    page = context.new_page()

    def draw(name):
        names = ["scene", "marks", "captions", "at", "rows", "error", "stale", *made[name].controls]
        state = made[name].get_state(names)
        files = {key: base64.b64encode(getattr(made[name], key)).decode() for key in ("still", "film")}
        page.evaluate(
            """async ([esm, state, files]) => {
              const film = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
              const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt());
              for (const key in files) state[key] = bytes(files[key]);
              const el = document.body.appendChild(document.createElement("div"));
              const heard = {};
              const set = (key, value) => ((state[key] = value), heard[`change:${key}`]?.(), heard.change?.());
              const on = (event, act) => (heard[event] = act);
              film.default.render({ model: { get: (key) => state[key], set, on, off() {}, send() {} }, el });
            }""",
            [made[name]._esm, state, files],
        )
        return Figure(page.locator(".downhill"))

    return draw


def test_kernel_learns_where_the_playhead_rests_and_makes_no_film(live, figure):
    shown = figure("descent")
    shown.press(shown.playhead, "Home")
    live.page.wait_for_function("recorded.includes('request')")
    live.recorded()
    shown.drag(shown.playhead, 0.8, events=20)
    record = live.recorded()
    assert record.count("input") > 10
    assert record[-1] == "request", "where it came to rest"
    assert record.count("request") == 1, "the playhead never leaves the browser while it moves"
    assert "other" not in record
    shown.play.click()
    live.page.wait_for_function("row => document.querySelector(`[data-row='${row}']`)", arg=str(shown.row + 1))
    assert live.recorded() == [], "nor while it plays"
    shown.pause.click()
    live.page.wait_for_function("recorded.includes('request')")
    assert set(live.recorded()) == {"request"}


def test_slider_moves_the_picture_by_keys_and_by_mouse(figure, made):
    shown = figure("descent")
    shown.press(shown.playhead, "End")
    slider = shown.root.get_by_role("slider", name="learning rate, limit 0.169", exact=True)
    for move in (
        lambda: shown.press(slider, "Home"),
        lambda: shown.press(slider, *["ArrowRight"] * 7),
        lambda: shown.press(slider, "End"),
        lambda: shown.drag(slider, 0.4),
    ):
        before = shown.pixels()
        move()
        shown.settle()
        assert (shown.pixels() != before).any()
        assert shown.difference(made["descent"]) <= SAME
        expect(shown.caption).to_have_text(made["descent"].caption)
        expect(shown.canvas).to_have_attribute("aria-label", made["descent"].caption)
    assert shown.positions == [40]


@pytest.mark.parametrize("name", ["descent", "slow"])
def test_fast_drag_builds_no_backlog(live, figure, made, name):
    shown = figure(name)
    [slider] = shown.sliders.all()
    shown.press(slider, "Home")
    live.recorded()
    shown.drag(slider, 1.0, events=60)
    shown.settle()
    record = live.recorded()
    assert record.count("input") > 20
    assert record.count("request") <= record.count("input")
    waiting = np.cumsum([{"request": 1, "answer": -1}.get(event, 0) for event in record])
    assert waiting.max() == 1, "a second request went out before the first was answered"
    after_the_last_event = record[::-1].index("input")
    assert record[-after_the_last_event:].count("request") <= 1
    assert shown.positions == [100]
    assert shown.difference(made[name]) <= SAME


def test_play_and_pause(figure):
    shown = figure("descent")
    shown.press(shown.playhead, "Home")
    shown.play.click()
    expect(shown.pause).to_be_visible()
    expect(shown.canvas).not_to_have_attribute("data-row", "0")
    shown.pause.click()
    expect(shown.play).to_be_visible()
    stopped = shown.row
    shown.page.evaluate("new Promise(done => setTimeout(done, 500))")  # five rows' worth
    assert 0 < shown.row == stopped < 200
    shown.press(shown.playhead, "End", *["ArrowLeft"] * 5)
    shown.play.press(" ")
    expect(shown.canvas).to_have_attribute("data-row", "200")  # on from where it stood, to the end
    expect(shown.play).to_be_visible()
    shown.play.press(" ")
    expect(shown.pause).to_be_visible()
    expect(shown.canvas).to_have_attribute("data-row", re.compile(r"^[1-9]\d?$"))  # again from the start
    shown.playhead.press("ArrowLeft")  # a hand on the playhead stops it
    expect(shown.play).to_be_visible()
    assert shown.row < 150, "it ran on to its end"


def test_keyboard_reaches_every_control_in_order(live, figure):
    shown = figure("all_marks")
    shown.root.locator("xpath=ancestor::*[contains(@class, 'jp-Cell')]").locator(".jp-InputPrompt").first.click()
    focus = "document.activeElement.getAttribute('aria-label') ?? ''"
    heard = []
    while "shape" not in heard and len(heard) < 40:
        live.page.keyboard.press("Tab")
        heard.append(live.page.evaluate(focus))
    assert heard[-4:] == ["play", "iteration", "growth", "shape"]
    live.page.keyboard.press("End")
    expect(shown.root.get_by_role("slider", name="shape")).to_have_attribute("aria-valuetext", "star")
    shown.settle()
    live.page.keyboard.press("Shift+Tab")
    live.page.keyboard.press("Home")
    expect(shown.root.get_by_role("slider", name="growth")).to_have_attribute("aria-valuetext", "0.9")
    shown.settle()
    assert shown.positions == [0, 3]


def test_names_and_roles_that_a_screen_reader_hears(figure):
    shown = figure("all_marks")
    for name in ("iteration", "growth", "shape"):
        slider = shown.root.get_by_role("slider", name=name, exact=True)
        expect(slider).to_have_count(1)
        assert slider.get_attribute("aria-valuetext")
    caption = shown.caption.inner_text()
    assert caption.startswith("Growth")
    expect(shown.root.get_by_role("img", name=caption, exact=True)).to_have_count(1)
    shown.press(shown.playhead, "ArrowRight")
    assert shown.caption.inner_text() != caption, "the live region follows the picture"
    expect(shown.caption).not_to_have_attribute("aria-live", "off")


def test_two_values_are_radio_buttons_with_arrow_keys(live, figure, made):
    shown = figure("method")
    expect(shown.sliders).to_have_count(1)
    group = shown.root.get_by_role("radiogroup", name="method", exact=True)
    one, other = (group.get_by_role("radio", name=name, exact=True) for name in ("QR", "normal equations"))
    expect(one).to_be_checked()
    one.press("ArrowRight")
    expect(other).to_be_checked()
    expect(other).to_be_focused()
    shown.settle()
    expect(shown.caption).to_have_text("By normal equations, with noise 0.3.")
    assert shown.positions == [1, 30]
    live.page.keyboard.press("Tab")
    expect(shown.sliders).to_be_focused()
    live.page.keyboard.press("Shift+Tab")
    expect(other).to_be_focused()
    group.get_by_text("QR").click()
    shown.settle()
    expect(shown.caption).to_have_text("By QR, with noise 0.3.")
    other.check()
    shown.settle()
    shown.root.get_by_role("button", name="Reset").click()
    expect(one).to_be_checked()
    shown.settle()
    assert shown.difference(made["method"]) <= SAME
    for option in group.locator("label").all():
        box = option.bounding_box()
        assert min(box["width"], box["height"]) >= 24


def test_controls_never_move_whatever_the_caption_and_the_error(live, figure):
    shown = figure("method")
    before = shown.sliders.bounding_box()
    for words in ("a", "a sentence of many words " * 40):
        shown.root.evaluate(
            "(root, words) => root.querySelectorAll('.caption, .error').forEach((part) => (part.textContent = words))",
            words,
        )
        shown.root.evaluate("root => (root.querySelector('.error').hidden = false)")
        assert shown.sliders.bounding_box() == before
    shown.press(shown.sliders, "ArrowRight", "ArrowLeft")
    expect(shown.error).to_be_hidden()


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])  # in which the pictures below are compared
def test_text_is_legible_in_both_themes(live, figure, theme):
    live.command("apputils:change-theme", theme=theme)
    live.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
    texts = []
    shown = figure("descent")
    texts += [shown.caption, *shown.root.locator(".control label, .control output, .place, button").all()]
    asked = figure("number").root.locator("form :is(legend, label, button)").all()
    assert len(asked) == 4
    texts += asked
    shown = figure("fragile")
    shown.press(shown.sliders.first, "End")
    texts.append(shown.error)
    for text in texts:
        assert text_contrast(text) >= 4.5, text.inner_text()
    shown.press(shown.sliders.first, "Home")


def test_prediction_holds_the_explorer_until_it_is_answered(figure, made):
    shown = figure("number")
    expect(shown.playhead).to_be_disabled()
    expect(shown.play).to_be_disabled()
    expect(shown.sliders).to_be_disabled()
    shown.root.get_by_role("button", name="Lock in my guess").click()  # nothing entered
    expect(shown.playhead).to_be_disabled()
    without_guess = shown.pixels()
    guess = shown.root.get_by_role("textbox", name="your guess")
    for words in ("fifty", "1/2", "5,5,5", "−", "∞", "0x"):
        guess.fill(words)
        guess.press("Enter")
        assert "Write a number" in guess.evaluate("input => input.validationMessage"), words
    expect(shown.playhead).to_be_disabled()
    guess.fill("")
    guess.press_sequentially("50")
    guess.press("Enter")
    expect(shown.root.locator("form")).to_have_count(0)
    expect(shown.verdict).to_have_text(
        "You said 50 iterations; it is 102 iterations: a factor of 2.04. "
        "The slow direction shrinks by 2.5 % an iteration."
    )
    expect(shown.playhead).to_be_focused()
    shown.press(shown.sliders.first, "ArrowLeft", "ArrowRight")
    assert shown.difference(made["number"]) > 0
    drawn = (shown.pixels() != without_guess).any(axis=2)
    left, _, width, _ = rectangles(DESCENT_PANELS, 960, 340)[0]["progress"]
    line = round(FINE * (left + width * 50 / 200))  # at iteration 50 of 200
    assert drawn[:, line - 2 : line + 2].sum() > 100
    assert not drawn[:, : round(FINE * left) - 18].any(), "but for the head of a path"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0,5", "0.5"),
        ("0,064", "0.064"),
        ("1.250", "1.25"),
        ("7,667", "7,667"),
        ("7667", "7,667"),
        (" 7 667 ", "7,667"),
        ("1,234,567.5", "1,234,567.5"),
        ("−3,2", "−3.2"),
        ("+.5", "0.5"),
        ("1e-3", "0.001"),
        ("2,5e−3", "0.0025"),
        ("1e300", "10³⁰⁰"),
        ("-4e-6", "−4·10⁻⁶"),
        ("1e23", "10²³"),
        ("100000", "100,000"),
        ("0", "0"),
    ],
)
def test_guess_is_read_as_it_was_meant_and_said_back(alone, typed, read):
    shown = alone("number")
    guess = shown.root.get_by_role("textbox", name="your guess")
    guess.fill(typed)
    guess.press("Enter")
    expect(shown.root).to_contain_text(f"You said {read} iterations; it is 102 iterations")


def test_prediction_by_choice(figure):
    shown = figure("choice")
    shown.root.get_by_role("radio", name="yes").check()
    shown.root.get_by_role("button", name="Lock in my guess").click()
    expect(shown.verdict).to_have_text(
        "You said “yes”. A line would pass through all of them. It is “no”. There is noise."
    )
    shown.press(shown.sliders.first, "End")


def test_prediction_can_be_skipped(figure, made):
    shown = figure("skipped")
    shown.root.get_by_role("button", name="Skip").click()
    expect(shown.verdict).to_contain_text("The answer: 5 points.")
    shown.press(shown.sliders.first, "Home")
    assert shown.difference(made["skipped"]) <= SAME


def test_film_that_raises_says_so_and_works_again(figure, made):
    shown = figure("fragile")
    expect(shown.error).to_be_hidden()
    shown.press(shown.sliders.first, "End")
    expect(shown.error).to_contain_text(
        "At noise 1.0 the film stopped with ZeroDivisionError: no film for a noise of 1. Its line: raise"
    )
    shown.press(shown.sliders.first, "Home")
    expect(shown.error).to_be_hidden()
    assert shown.difference(made["fragile"]) <= SAME


def test_two_views_of_one_explorer_move_together(figure, live, made):
    first, second = figure("slow"), live.figure(1 + len(made))
    first.press(first.sliders.first, "Home")
    live.recorded()
    second.drag(second.sliders.first, 0.7)
    second.settle()
    first.settle()
    assert first.positions == second.positions == [70]
    expect(first.sliders.first).to_have_value("70")
    first.press(first.sliders.first, "ArrowRight")
    second.settle()
    assert first.positions == second.positions == [71]
    record = live.recorded()
    assert record.count("request") <= record.count("input"), "the views must not answer each other"


def test_restart_puts_sliders_to_sleep_until_cells_run_again(live, figure, made):
    shown = figure("descent")
    expect(shown.sliders).to_be_enabled()
    live.restart()
    expect(shown.sliders).to_be_disabled()
    assert text_contrast(shown.asleep) >= 4.5
    shown.playhead.press("Home")
    assert shown.row == 0
    live.run_all()
    woken = figure("descent")
    woken.press(woken.sliders.first, "Home", "ArrowRight")
    assert woken.difference(made["descent"]) <= SAME


def test_console_holds_no_error_of_ours(live):
    assert live.console_errors == []
