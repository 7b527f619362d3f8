"""Figures on narrow, fine, magnified and dark screens."""

import re
import shutil
from contextlib import ExitStack
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from lsqcore.explore.layout import BOTTOM, STACKED, TOP
from tests.browser import example
from tests.browser.cells import Cells
from tests.browser.conftest import SIZE
from tests.browser.contrast import luminance, rgb
from tests.browser.test_accessibility import DRAWN, set_theme, words_drawn

SOURCES = {
    "descent": "EXPLORERS['descent']()",
    "dragged": "EXPLORERS['dragged']()",
    "all_marks": "EXPLORERS['all_marks']()",
    "ends": """
import lsqcore.explore as fig

fig.explore(
    dict(only=fig.Panel("A panel", "x", "y", (0, 1), (0, 1))),
    lambda **_: dict(only=[], caption="Marks at both ends of a slider."),
    height=240,
    at_the_left=fig.slider(0, 1, mark=0, mark_label="smallest of all"),
    at_the_right=fig.slider(0, 1, mark=1, mark_label="largest of all"),
    in_the_middle=fig.slider(0, 1, mark=0.5, mark_label="half"),
    with_a_name_of_many_words=fig.slider(0, 1, label="a control with a name of many words"),
)""",
}
NAMES = list(SOURCES)
PHONE = dict(viewport=dict(width=400, height=800), device_scale_factor=3, has_touch=True)


@pytest.fixture(scope="module")
def screens(chromium, lab):
    """The figures on a screen of each kind that was asked for, opened once; the list of files is closed."""
    shutil.copy(example.__file__, lab.root)
    with ExitStack() as opened:

        @cache
        def show(width, height, fineness, has_touch):
            options = dict(viewport=dict(width=width, height=height), device_scale_factor=fineness, has_touch=has_touch)
            context = opened.enter_context(chromium.new_context(**options))
            context.add_init_script(DRAWN)
            notebook = Cells(context, lab, f"screens_{width}.ipynb", "from example import EXPLORERS", *SOURCES.values())
            opened.callback(notebook.close)
            notebook.command("application:toggle-left-area")
            return notebook

        yield show


@pytest.fixture
def screen(screens):
    """Opens the figures on a screen, in the light theme."""
    seen = []

    def show(viewport, device_scale_factor=1, has_touch=False):
        notebook = screens(*viewport.values(), device_scale_factor, has_touch)
        seen.append(notebook)
        notebook.page.set_viewport_size(viewport)
        set_theme(notebook, "JupyterLab Light")
        return notebook

    yield show
    for notebook in seen:
        # JupyterLab throws one of its own, from no module of a widget, when themes have changed many times on one page
        errors = [error for error in notebook.console_errors if "removeChild" not in error or "blob:" in error]
        notebook.console_errors.clear()
        assert errors == []


def figure(notebook, name):
    return notebook.figure(1 + NAMES.index(name))


def drawn(notebook, name):
    """The words that one figure draws: each with its size, whether it lies within the picture, and its colour."""
    return words_drawn(figure(notebook, name))


def test_on_a_phone_panels_stack_and_nothing_is_wider_than_the_screen(screen):
    notebook = screen(**PHONE)
    for name in NAMES:
        shown = figure(notebook, name)
        width, height = shown.canvas.evaluate("canvas => [canvas.clientWidth, canvas.clientHeight]")
        assert 250 < width < 400
        panels = {"descent": 3, "dragged": 3, "all_marks": 3, "ends": 1}[name]
        least = 240 if panels == 1 else TOP + STACKED + BOTTOM
        assert panels * least * 0.7 < height <= panels * least, f"{name}: panels do not stand below each other"
        assert shown.canvas.evaluate("canvas => canvas.width / canvas.clientWidth") == 3, "less sharp than the screen"
        beyond = shown.root.evaluate(
            """root => {
              const { left, right } = root.getBoundingClientRect();
              return [...root.querySelectorAll(":not(.spoken, .handle)")]
                .filter((part) => part.checkVisibility())
                .filter((part) => {
                  const box = part.getBoundingClientRect();
                  return box.left < left - 1 || box.right > right + 1;
                })
                .map((part) => part.outerHTML);
            }"""
        )
        assert beyond == []
        for control in shown.root.locator(".control").all():
            label, track, value = (control.locator(part).bounding_box() for part in ("label", ".track", "output"))
            assert label["y"] + label["height"] <= track["y"] + 1, "the label stands beside its track"
            assert value["y"] + value["height"] <= track["y"] + 1
            assert track["width"] > 0.9 * width
        assert all(inside for _, _, inside, _ in drawn(notebook, name)), "words are cut off by the edge of the picture"


def test_a_handle_lies_over_its_dot_in_a_stacked_picture(screen):
    notebook = screen(**PHONE)
    shown = figure(notebook, "dragged")
    point = shown.root.locator(".handle")
    point.scroll_into_view_if_needed()
    box, canvas = point.bounding_box(), shown.canvas.bounding_box()
    x, y = (box[a] + box[b] / 2 - canvas[a] for a, b in (("x", "width"), ("y", "height")))
    pixel = shown.pixels()[round(3 * y), round(3 * x)]
    orange = [0xD5, 0x5E, 0x00]
    assert np.abs(pixel.astype(int) - orange).max() < 40


def test_zooming_in_makes_no_word_smaller(screen):
    wide, zoomed = screen(viewport=SIZE), screen(viewport=dict(width=720, height=500), device_scale_factor=2)
    for name in NAMES:
        before, after = ({text: size for text, size, _, _ in drawn(each, name)} for each in (wide, zoomed))
        assert len(before.keys() & after.keys()) >= 8
        for text in before.keys() & after.keys():
            assert after[text] >= before[text] - 0.01, text
            assert after[text] >= 11, text
        parts = ".caption, label, output, .place, button:not(.handle)"
        sizes = [
            figure(each, name)
            .root.locator(parts)
            .evaluate_all("all => all.map((part) => getComputedStyle(part).fontSize)")
            for each in (wide, zoomed)
        ]
        assert sizes[0] == sizes[1]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_words_of_a_picture_can_be_read_on_its_paper(screen, theme):
    notebook = screen(viewport=SIZE)
    set_theme(notebook, theme)
    for name in NAMES:
        words = drawn(notebook, name)
        paper = figure(notebook, name).pixels()[1, 1] / 255
        assert (luminance(paper) < 0.05) == (theme == "JupyterLab Dark"), "the paper does not suit the theme"
        assert len(words) >= 8
        for text, _, _, color in words:
            assert contrast(hexadecimal(color), paper) >= 4.5, f"{text!r} in {color}"


def test_the_picture_follows_a_theme_that_changes_and_changes_back(screen):
    notebook = screen(viewport=SIZE)
    set_theme(notebook, "JupyterLab Light")
    shown = figure(notebook, "descent")
    light = shown.pixels()
    set_theme(notebook, "JupyterLab Dark")
    dark = shown.pixels()
    set_theme(notebook, "JupyterLab Light")
    assert luminance(dark[1, 1] / 255) < 0.05
    assert (shown.pixels() == light).all()
    assert (light != dark).any(axis=2).mean() > 0.5


@pytest.mark.parametrize("options", [PHONE, dict(viewport=SIZE)], ids=["phone", "wide"])
def test_mark_of_a_slider_is_whole_and_at_its_place(screen, options):
    notebook = screen(**options)
    shown = figure(notebook, "ends")
    for k, (slider, mark) in enumerate(zip(shown.sliders.all()[:3], shown.root.locator(".place").all(), strict=True)):
        track, label = slider.bounding_box(), mark.bounding_box()
        assert track["x"] - 1 <= label["x"], "cut off at the left end"
        assert label["x"] + label["width"] <= track["x"] + track["width"] + 1, "cut off at the right end"
        line = mark.evaluate(
            """label => {
              const { left } = getComputedStyle(label, "::before");
              return label.getBoundingClientRect().left + parseFloat(left) + 1; // half of its 2 px
            }"""
        )
        assert line == pytest.approx(track["x"] + 8 + [0, 1, 0.5][k] * (track["width"] - 16), abs=2)


def test_two_panels_do_not_overlap_however_wide_the_window(screen):
    notebook = screen(viewport=SIZE)
    shown = figure(notebook, "all_marks")
    heights = []
    for width in (1440, 900, 700, 500, 400):
        notebook.page.set_viewport_size(dict(width=width, height=1000))
        notebook.page.wait_for_function(
            "canvas => canvas.width === canvas.clientWidth && canvas.clientWidth <= innerWidth",
            arg=shown.canvas.element_handle(),
        )
        heights.append(shown.canvas.evaluate("canvas => canvas.clientHeight"))
    assert heights[0] == 340
    assert heights[-1] == 3 * (TOP + STACKED + BOTTOM)
    assert all(before <= after for before, after in pairwise(heights))


def contrast(first, second):
    """WCAG's contrast of two colours."""
    dark, light = sorted(map(luminance, (first, second)))
    return (light + 0.05) / (dark + 0.05)


def hexadecimal(color):
    """Red, green, blue from 0 to 1 of a canvas's colour."""
    if color.startswith("#"):
        return np.array([int(pair, 16) for pair in re.findall("..", color[1:])]) / 255
    return rgb(color)[0]
