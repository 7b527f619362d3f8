"""Where panels stand, on wide and narrow screens."""

from itertools import pairwise

import numpy as np
import pytest

import lsqcore.explore as fig
from lsqcore.explore.canvas import WIDTH
from lsqcore.explore.layout import BOTTOM, LEAST_WIDTH, STACKED, TOP, rectangles
from lsqcore.explore.scene import STEPS_PER_PANEL, encode
from tests.browser.example import ALL_PANELS, DESCENT_PANELS


@pytest.mark.parametrize("width", [WIDTH, 3 * LEAST_WIDTH])
def test_panels_lie_side_by_side_where_there_is_room(width):
    places, height = rectangles(DESCENT_PANELS, width, 340)
    boxes = list(places.values())
    assert height == 340
    assert all(left >= 0 and left + wide <= width and top + tall <= 340 for left, top, wide, tall in boxes)
    assert all(one[0] + one[2] < two[0] for one, two in pairwise(boxes))
    assert len({(top, tall) for _, top, _, tall in boxes}) == 1


@pytest.mark.parametrize("width", [3 * LEAST_WIDTH - 1, 700, 420, 280])
def test_panels_stand_one_below_the_other_on_a_narrow_screen(width):
    places, height = rectangles(DESCENT_PANELS, width, 340)
    boxes = list(places.values())
    assert height == 3 * (TOP + STACKED + BOTTOM) < 3 * 340, "low, so that several are seen at once"
    assert all(left >= 0 and wide > 0.6 * width and left + wide <= width for left, _, wide, _ in boxes)
    assert all(one[1] + one[3] < two[1] for one, two in pairwise(boxes))
    assert boxes[-1][1] + boxes[-1][3] < height


def test_a_panel_has_its_share_of_the_width():
    widths = {name: box[2] for name, box in rectangles(ALL_PANELS, WIDTH, 340)[0].items()}
    assert widths["points"] == pytest.approx(1.5 * widths["lines"], rel=0.15)


@pytest.mark.parametrize("limits", [((0, 10), (0, 1)), ((0, 1), (-3, 7)), ((-2, 2), (-2, 2))])
@pytest.mark.parametrize("width", [WIDTH, 420])
def test_right_angles_look_right_where_both_axes_have_the_same_unit(limits, width):
    xlim, ylim = limits
    panel = fig.Panel("A plane", "x", "y", xlim, ylim, equal=True)
    panels = dict(plane=panel, beside=fig.Panel("Another", "x", "y", (0, 1), (0, 1)))
    left, top, wide, tall = rectangles(panels, width, 340)[0]["plane"]
    middle, size = np.array([np.mean(xlim), np.mean(ylim)]), 0.2 * min(np.ptp(xlim), np.ptp(ylim))
    corner = middle + size * np.array([[3, 1], [0, 0], [1, -3]])
    points = encode(fig.Curve(*corner.T), "plane", panel)
    a, b, c = np.stack([points.x[0], points.y[0]], axis=1) / STEPS_PER_PANEL * [wide, tall]  # CSS pixels
    cosine = (a - b) @ (c - b) / np.linalg.norm(a - b) / np.linalg.norm(c - b)
    assert cosine == pytest.approx(0, abs=0.01)
    assert left >= 0
    assert top >= 0
    assert top + tall <= 340


def test_a_panel_without_equal_units_fills_its_box():
    panels = dict(wide=fig.Panel("A panel", "x", "y", (0, 100), (0, 1)))
    assert fig.Panel("A panel", "x", "y", (0, 100), (0, 1)).aspect is None
    assert rectangles(panels, WIDTH, 340)[0]["wide"][2] > 0.9 * WIDTH
