"""Pictures: still panels that stand still, colours that stay true, files that stay small."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import lsqcore.explore as fig
from lsqcore.explore.canvas import HEAD_ROOM, PIXEL_RATIO, WIDTH, Canvas, palette
from lsqcore.explore.layout import BOTTOM, STACKED, TOP, rectangles
from lsqcore.explore.marks import COLORS
from lsqcore.explore.parts import CORNERS
from lsqcore.explore.scene import encode_film
from tests.browser.example import ALL_PANELS, DESCENT_PANELS, all_marks, descent

LOW = TOP + STACKED + BOTTOM  # CSS pixels of a panel below another

SQUARE = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))


@pytest.fixture(scope="module")
def canvas():
    return Canvas(DESCENT_PANELS, 340)


@pytest.fixture(scope="module")
def square():
    return Canvas(SQUARE, 340)


def film(drawn, panels):
    return encode_film(drawn, panels, 500)[0]


def place(canvas):
    """Left, top, width and height of its only panel, in CSS pixels."""
    return rectangles(canvas.panels, WIDTH, canvas.height)[0]["only"]


def on_square(*marks):
    return film(dict(only=marks, caption="A caption."), SQUARE)


def opened(png: bytes) -> np.ndarray:
    return np.array(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def rgb(color: str) -> np.ndarray:
    return np.array([int(palette()[color][k : k + 2], 16) for k in (1, 3, 5)])


def is_color(pixels: np.ndarray, color: str, tolerance: int = 8) -> np.ndarray:
    return (abs(pixels.astype(int) - rgb(color)) <= tolerance).all(axis=-1)


def near_panels(canvas: Canvas, shape: tuple) -> np.ndarray:
    """Which pixels of the picture lie within a panel, or within the room that the head of a trail may take."""
    rows, columns = (np.arange(size) / PIXEL_RATIO for size in shape[:2])
    mask = np.zeros(shape[:2], dtype=bool)
    for left, top, width, height in rectangles(canvas.panels, WIDTH, canvas.height)[0].values():
        vertical = (rows > top - HEAD_ROOM - 1) & (rows < top + height + HEAD_ROOM + 1)
        mask |= vertical[:, None] & (columns > left - HEAD_ROOM - 1) & (columns < left + width + HEAD_ROOM + 1)
    return mask


@pytest.mark.parametrize(("width", "height"), [(960, 340), (700, 3 * LOW), (420, 3 * LOW)])
def test_picture_has_the_size_of_the_browser_s(canvas, width, height):
    assert canvas.pixels([], 0, width).shape == (height * PIXEL_RATIO, width * PIXEL_RATIO, 3)


def test_stored_picture_keeps_its_budget(canvas):
    picture = canvas.picture(film(descent(0.15), DESCENT_PANELS), 200, "A caption. " * 20)
    assert opened(picture).shape[1] >= WIDTH
    assert len(picture) <= 40_000


def test_the_same_scene_gives_the_same_bytes(canvas):
    marks = film(descent(0.15), DESCENT_PANELS)
    again = Canvas(DESCENT_PANELS, 340)
    assert canvas.described() == again.described()
    assert canvas.picture(marks, 7, "A caption.") == again.picture(marks, 7, "A caption.")


def test_painting_leaves_no_trace(canvas):
    empty = canvas.pixels([], 0)
    assert (canvas.pixels(film(descent(0.15), DESCENT_PANELS), 50) != empty).any()
    canvas.picture(film(descent(0.15), DESCENT_PANELS), 50, "A caption.")
    np.testing.assert_array_equal(canvas.pixels([], 0), empty)


@pytest.mark.parametrize(("growth", "row"), [(1.05, 0), (3.0, 8), (3.0, 40)])
def test_marks_stay_within_their_panels_and_axes_never_jump(growth, row):
    canvas = Canvas(ALL_PANELS, 340)
    empty, painted = canvas.pixels([], 0), canvas.pixels(film(all_marks(growth, "star"), ALL_PANELS), row)
    outside = ~near_panels(canvas, empty.shape)
    np.testing.assert_array_equal(painted[outside], empty[outside])
    assert (painted != empty).any()


def test_role_colors_are_the_style_sheet_s_and_all_differ():
    colors = palette()
    assert list(colors) == list(COLORS)
    assert len(set(colors.values())) == len(COLORS)


@pytest.mark.parametrize("color", COLORS)
def test_role_colors_stay_true_in_the_stored_picture(color):
    star = fig.Dots([5], [5], color=color, shape="star", size=40)
    still = Canvas(dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10), still=[star])), 340)
    assert is_color(opened(still.picture([], 0, "A caption.")), color).sum() > 400
    picture = opened(Canvas(SQUARE, 340).picture(on_square(star), 0, "A caption."))
    assert is_color(picture, color).sum() > 400
    assert (picture[:3] == 255).all(), "white stays white"


def test_a_point_is_where_its_axes_say(square):
    left, top, width, height = place(square)
    pixels = square.pixels(on_square(fig.Dots([2.5], [7.5], size=10)), 0)
    rows, columns = np.nonzero(is_color(pixels, "data"))
    # matplotlib places a marker on whole device pixels
    assert (columns.mean() + 0.5) / PIXEL_RATIO == pytest.approx(left + 0.25 * width, abs=0.6)
    assert (rows.mean() + 0.5) / PIXEL_RATIO == pytest.approx(top + 0.25 * height, abs=0.6)


def painted(square, *marks, row=0):
    """Pixels that marks change, and how many have the colour `path`."""
    pixels = square.pixels(on_square(*marks), row)
    return (pixels != square.pixels([], 0)).any(axis=2), is_color(pixels, "path").sum()


def test_every_kind_of_mark_is_seen_in_its_color(square):
    for mark in (
        fig.Trail([1, 9], [1, 9]),
        fig.Curve([1, 9], [1, 9], color="path"),
        fig.Segments([1], [1], [9], [9], color="path"),
        fig.Bars([5], [5], color="path"),
        fig.Note(5, 5, "a note", color="path"),
        *[fig.Dots([5], [5], shape=shape, color="path", size=20) for shape in CORNERS],
    ):
        assert painted(square, mark, row=1)[1] > 20, mark


def test_styles_make_the_difference_they_name(square):
    line, dashed = (
        painted(square, fig.Curve([1, 9], [5, 5], color="path", dashed=dashed))[1] for dashed in (False, True)
    )
    assert dashed == pytest.approx(5 / 8 * line, rel=0.15)  # 5 on, 3 off, and the ends of the line
    thin, thick = (painted(square, fig.Curve([1, 9], [5, 5], color="path", width=width))[1] for width in (2, 6))
    assert thick == pytest.approx(3 * thin, rel=0.15)
    small, large = (painted(square, fig.Dots([5], [5], size=size, color="path"))[1] for size in (20, 40))
    assert large == pytest.approx(4 * small, rel=0.15)
    _, _, width, height = (PIXEL_RATIO * length for length in place(square))
    bar = painted(square, fig.Bars([5], [6], width=3, base=1, color="path"))[1]
    assert bar == pytest.approx(0.3 * width * 0.5 * height, rel=0.02)
    head = painted(square, fig.Trail([1, 9], [1, 9], line=False, dots=False), row=1)[1]
    with_dots = painted(square, fig.Trail([1, 9], [1, 9], line=False), row=1)[1]
    assert head < with_dots < painted(square, fig.Trail([1, 9], [1, 9]), row=1)[1]


def test_notes_are_plain_text(square):
    """A dollar is a dollar, and text grows to the side that its alignment names."""
    cost, plain = (painted(square, fig.Note(5, 5, text))[0] for text in ("$a$", "a"))
    assert cost.sum() > 1.5 * plain.sum()
    left, right = (
        np.nonzero(painted(square, fig.Note(5, 5, "text", align=align))[0])[1] for align in ("left", "right")
    )
    assert right.max() < left.max()
    assert right.min() < left.min()


def test_caption_stands_below_the_panels(square):
    with_caption, without = (opened(square.picture([], 0, caption)) for caption in ("A caption of some length.", " "))
    changed = np.nonzero((with_caption != without).any(axis=2))[0]
    assert changed.min() > 340 * with_caption.shape[0] / (340 + 50)


def test_a_long_caption_is_seen_whole(square):
    two, five = (opened(square.picture([], 0, "A caption of some length. " * times)) for times in (8, 22))
    assert (five[-4:] == 255).all()
    assert five.shape[0] > two.shape[0]


def test_panel_without_axes_shows_only_its_title():
    turned = dict(only=fig.Panel("A figure that turns", "x", "y", (0, 10), (0, 10), axes=False))
    canvas = Canvas(turned, 340)
    top = int(place(canvas)[1] * PIXEL_RATIO)
    assert (canvas.pixels([], 0)[top:] == 255).all()
    assert (canvas.pixels([], 0)[:top] != 255).any()
