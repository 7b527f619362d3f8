"""Panels, and marks as 16-bit panel coordinates: what the two painters share."""

import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsqcore.explore as fig
from lsqcore.explore.marks import Mark
from lsqcore.explore.scene import STEPS_PER_PANEL, encode, encode_film
from tests.browser.example import descent

PANEL = fig.Panel("A panel", "x", "y", (-5, 6), (-0.5, 6))
LOG = fig.Panel("A panel", "x", "y", (1, 200), (1e-6, 1e3), log_x=True, log_y=True)
HALF_STEP = 0.5 / STEPS_PER_PANEL
REACH = 32767 / STEPS_PER_PANEL  # from a panel's middle


def seen(mark: Mark, panel: fig.Panel = PANEL, row: int = 0) -> np.ndarray:
    """Points of a mark's lowest part as the painters place them, (points, 2), in panels from the lower left corner."""
    return np.stack(encode(mark, "a", panel).at(row, mark.parts()[0].shown), axis=1)


def truth(x, y, panel: fig.Panel = PANEL) -> np.ndarray:
    return np.stack(panel.locate(np.asarray(x, dtype=float), np.asarray(y, dtype=float)), axis=-1)


def test_panel_places_its_corners():
    np.testing.assert_allclose(truth([-5, 6], [-0.5, 6]), [[0, 0], [1, 1]])
    np.testing.assert_allclose(truth([1, 200], [1e-6, 1e3], LOG), [[0, 0], [1, 1]], atol=1e-15)
    np.testing.assert_allclose(truth([1], [1e-3], LOG), [[0, 1 / 3]])


@pytest.mark.parametrize(
    ("given_limits", "message"),
    [
        (dict(xlim=(1, 1)), r"panel 'P': xlim is \(1, 1\), expected finite low < high"),
        (dict(ylim=(2, 1)), r"panel 'P': ylim is \(2, 1\), expected finite low < high"),
        (dict(xlim=(0, np.inf)), "xlim is .*, expected finite low < high"),
        (dict(ylim=(np.nan, 1)), "ylim is .*, expected finite low < high"),
        (dict(xlim=3), "xlim is 3, expected finite low < high"),
        (dict(ylim="ab"), "ylim is 'ab', expected finite low < high"),
        (dict(ylim=(1, 2, 3)), r"ylim is \(1, 2, 3\), expected finite low < high"),
        (dict(still=fig.Dots([1], [1])), r"panel 'P': still is Dots\(.*, expected a list of marks such as \[Curve"),
        (dict(still=[3]), r"panel 'P': still is \[3\], expected a list of marks"),
        (dict(xlim=(0, 1), log_x=True), r"xlim is \(0, 1\), but a logarithmic axis needs low > 0"),
        (dict(ylim=(-1, 1), log_y=True), r"ylim is \(-1, 1\), but a logarithmic axis needs low > 0"),
    ],
)
def test_panel_refuses_limits(given_limits, message):
    with pytest.raises(ValueError, match=message):
        fig.Panel("P", "x", "y", **dict(xlim=(0, 1), ylim=(0, 1)) | given_limits)


def test_panel_with_limits_in_the_place_of_its_names_is_told_their_order():
    words = r"Panel\(title, xlabel, ylabel, xlim, ylim\): xlabel is \(0, 6\), expected a text"
    with pytest.raises(ValueError, match=words):
        fig.Panel("D", (0, 6), (0, 1), "x", "y")


def test_panels_are_frozen():
    with pytest.raises(FrozenInstanceError):
        PANEL.title = "another"


coordinates = st.lists(st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5)), min_size=1, max_size=20)


@given(coordinates, st.sampled_from([PANEL, LOG]), st.sampled_from([fig.Trail, fig.Curve, fig.Dots]))
def test_coordinates_survive_to_half_a_step(shares, panel, kind):
    shares = np.array(shares)
    limits = [np.log10(v) if panel is LOG else np.array(v, dtype=float) for v in (panel.xlim, panel.ylim)]
    x, y = (low + shares[:, k] * (high - low) for k, (low, high) in enumerate(limits))
    if panel is LOG:
        x, y = 10.0**x, 10.0**y
    row = len(x) - 1 if kind is fig.Trail else 0
    np.testing.assert_allclose(seen(kind(x, y), panel, row), shares, rtol=0, atol=HALF_STEP + 1e-9)


def test_every_row_keeps_its_own_coordinates():
    x, y = np.linspace(0, 5, 7), np.random.default_rng(0).uniform(0, 5, (4, 7))
    for row in range(4):
        np.testing.assert_allclose(seen(fig.Curve(x, y), row=row), truth(x, y[row]), rtol=0, atol=HALF_STEP + 1e-12)


def test_mark_that_ends_early_holds_its_last_row():
    moving = fig.Dots([1, 2], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(seen(moving, row=7), seen(moving, row=1))
    still = fig.Dots([1, 2], [3, 4])
    np.testing.assert_array_equal(seen(still, row=7), seen(still))


def test_path_is_cut_at_the_playhead():
    trail = fig.Trail([0, 1, 2, 3], [0, 1, 4, 2])
    assert [len(seen(trail, row=row)) for row in (0, 2, 3, 9)] == [1, 3, 4, 4]
    np.testing.assert_array_equal(seen(trail, row=2), seen(trail, row=3)[:3])
    for row in (0, 2, 3, 9):
        head = np.stack(encode(trail, "a", PANEL).at(row, "head"), axis=1)
        np.testing.assert_array_equal(head, seen(trail, row=row)[-1:])


@pytest.mark.parametrize("far", [1e3, 1e30, 1e308, np.inf])
def test_far_marks_are_held_in_each_coordinate_so_that_sticks_stay_upright(far):
    [low, high] = seen(fig.Segments([2], [1], [2], [far]))
    assert low[0] == high[0]
    assert high[1] == pytest.approx(0.5 + REACH)
    [left, _] = seen(fig.Curve([-far, 0], [1, 1]))
    np.testing.assert_allclose(left, [0.5 - REACH, truth(0, 1)[1]], atol=HALF_STEP)


def test_zero_lies_below_a_logarithmic_axis():
    assert seen(fig.Dots([10], [0]), LOG)[0, 1] == pytest.approx(0.5 - REACH)
    assert seen(fig.Trail([10, 20], [1, 0]), LOG, row=1)[1, 1] == pytest.approx(0.5 - REACH, abs=0.5)


def distance(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Of each point from the segment between start and end."""
    along = np.clip((points - start) @ (end - start) / np.sum((end - start) ** 2), 0, 1)
    return np.linalg.norm(points - start - along[:, None] * (end - start), axis=1)


def within_panel(start: np.ndarray, end: np.ndarray) -> np.ndarray | None:
    """The two ends of what is seen of a segment, if anything is."""
    with np.errstate(divide="ignore"):
        crossings = np.sort((np.array([[0.0], [1.0]]) - start) / (end - start), axis=0)
    enters, leaves = max(0.0, *crossings[0]), min(1.0, *crossings[1])
    return start + np.array([[enters], [leaves]]) * (end - start) if enters < leaves else None


@pytest.mark.parametrize("path", ["descent", "time series", "spiral"])
def test_what_is_seen_of_a_path_that_runs_away_is_true(path):
    rows = np.arange(60)
    if path == "descent":  # across the valley of the five points, ever wider
        [trail] = descent(0.2)["landscape"]
        x, y = np.asarray(trail.x)[:60], np.asarray(trail.y)[:60]
    elif path == "time series":
        x, y = rows / 6 - 4, 2 + 0.1 * (-1.5) ** rows
    else:
        x, y = 1 + 1.3**rows * np.cos(rows * 2.5), 2 + 1.3**rows * np.sin(rows * 2.5)
    held, exact = seen(fig.Trail(x, y), row=59), truth(x, y)
    assert abs(exact).max() > 1e3
    assert abs(held - 0.5).max() <= REACH
    compared = 0
    for row in rows[1:]:
        visible = within_panel(exact[row - 1], exact[row])
        if visible is not None:
            compared += 1
            assert distance(visible, held[row - 1], held[row]).max() < 0.01, f"row {row}"  # of a panel: 3 pixels
    assert compared > 5


@pytest.mark.parametrize("far", [1e13, 1e200, np.inf])
def test_path_keeps_its_direction_at_any_distance(far):
    points = seen(fig.Trail([0.5, far, 0.5], [2.75, 2.75, -far]), row=2) - 0.5
    assert np.isfinite(points).all()
    np.testing.assert_allclose(points[1], [REACH, 0], atol=1e-3)
    np.testing.assert_allclose(points[2, 1], -REACH, atol=1e-3)


def test_film_is_encoded_in_the_order_it_is_painted():
    film = dict(b=[fig.Dots([1], [1]), fig.Curve([1, 2], [1, 2])], a=[fig.Trail([1], [1])], caption="A caption.")
    marks, captions = encode_film(film, dict(a=PANEL, b=PANEL))
    assert [(mark.panel, mark.color) for mark in marks] == [("b", "data"), ("b", "path"), ("a", "path")]
    assert captions == ["A caption."]


def test_film_refuses_unknown_panels_and_what_is_no_mark():
    with pytest.raises(ValueError, match="the film draws on 'c', but the panels are a"):
        encode_film(dict(c=[fig.Dots([1], [1])], caption="A caption."), dict(a=PANEL))
    for marks, came in (([[1, 2]], r"\[\[1, 2\]\]"), (fig.Dots([1], [1]), r"Dots\(.*"), (None, "None")):
        words = rf"on 'a' the film puts {came}, expected a list of marks such as \[Curve\(x, y\)\]"
        with pytest.raises(ValueError, match=words):
            encode_film(dict(a=marks, caption="A caption."), dict(a=PANEL))


MOVING = fig.Curve([1, 2], [[1, 2]] * 3)
WAY = fig.Trail([1, 2, 3], [1, 2, 3])
STILL = fig.Dots([1, 2], [3, 4])


@pytest.mark.parametrize(
    ("marks", "captions", "most"),
    [
        ([STILL], ["one"], 1),
        ([STILL], "one", 9),
        ([STILL, MOVING, WAY], ["one", "two", "three"], 3),
        ([STILL, MOVING, WAY], "one for all", 9),
        ([fig.Note(1, 2, ["a", "b", "c"]), WAY], "one for all", 3),
    ],
)
def test_film_has_one_row_or_the_same_number_everywhere(marks, captions, most):
    encoded, _ = encode_film(dict(a=marks, caption=captions), dict(a=PANEL), most)
    assert {mark.rows for mark in encoded} <= {1, 3}


@pytest.mark.parametrize(
    ("marks", "captions", "most", "came"),
    [
        ([MOVING], ["one", "two"], 9, "2 captions, 3 rows of Curve on 'a'"),
        ([WAY, fig.Dots([1], [[1], [2]])], "one", 9, "3 rows of Trail on 'a', 2 rows of Dots on 'a'"),
        ([fig.Note(1, 2, ["a", "b"]), WAY], "one", 9, "2 rows of Note on 'a', 3 rows of Trail on 'a'"),
        ([WAY], ["one", "two", "three"], 2, "3 captions"),
        ([MOVING], "one", 1, "3 rows of Curve on 'a'"),
    ],
)
def test_film_whose_rows_differ_or_are_too_many_is_refused(marks, captions, most, came):
    words = f"the film has {came}; expected the same number everywhere, at most the {most} of the playhead"
    with pytest.raises(ValueError, match=f"^{words}$"):
        encode_film(dict(a=marks, caption=captions), dict(a=PANEL), most)


@pytest.mark.parametrize("caption", [None, "", [], ["a", ""], [1, 2], 3.0])
def test_film_without_a_sentence_is_refused(caption):
    came = re.escape(repr([caption] if caption == "" else caption))
    with pytest.raises(ValueError, match=f"a film needs a caption: a sentence, or one for each row, but {came} came"):
        encode_film(dict(a=[STILL], caption=caption), dict(a=PANEL), 2)
