"""Kinds of marks: where their points lie, what they are made of, and what they refuse in words."""

from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest

import lsqcore.explore as fig
from lsqcore.explore.marks import COLORS, Mark
from lsqcore.explore.parts import CORNERS, Polyline, Shapes, Sticks, Text


def test_marks_are_frozen():
    with pytest.raises(FrozenInstanceError):
        fig.Dots([1], [2]).color = "path"


def test_sticks_and_bars_are_pairs_of_points():
    x, y = fig.Segments([1, 2], [0, 0], [1, 2], [3, 4]).points()
    assert (x.tolist(), y.tolist()) == ([[1, 1, 2, 2]], [[0, 3, 0, 4]])
    x, y = fig.Bars([1, 2], [[3, 4], [5, 6]], width=0.5, base=1).points()
    assert (x.tolist(), y.tolist()) == ([[0.75, 1.25, 1.75, 2.25]], [[1, 3, 1, 4], [1, 5, 1, 6]])


def test_note_takes_a_place_or_one_a_row():
    for note, x, y, texts in (
        (fig.Note(1, 2, "here"), [[1]], [[2]], ["here"]),
        (fig.Note([1, 2], [3, 4], ["a", "b"]), [[1], [2]], [[3], [4]], ["a", "b"]),
    ):
        assert [values.tolist() for values in note.points()] == [x, y]
        assert note.parts() == [Text(texts, "left")]


def test_styles_go_to_the_parts():
    line, dots, head = Polyline(2, shown="so far"), Shapes(5, shown="so far"), Shapes(13, rim=1.5, shown="head")
    assert fig.Trail([1], [1]).parts() == [line, dots, head]
    assert fig.Trail([1], [1], dots=False).parts() == [line, head]
    assert fig.Trail([1], [1], line=False).parts() == [dots, head]
    assert fig.Curve([1], [1], width=3, dashed=True).parts() == [Polyline(3, dashed=True)]
    assert fig.Segments([1], [1], [2], [2], width=3, dashed=True).parts() == [Sticks(3, dashed=True)]
    for shape, corners in CORNERS.items():
        assert fig.Dots([1], [1], shape=shape, size=9).parts() == [Shapes(9, corners)]


def test_colors_have_the_names_that_marks_take():
    assert [fig.Dots([1], [1], color=color).color for color in COLORS] == list(COLORS)


@dataclass(frozen=True, eq=False, kw_only=True)
class Walker(Mark):
    """A kind of mark of this file: a whole line, and a dot that walks on it."""

    def parts(self):
        return [Polyline(1), Shapes(9, shown="head")]


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        (lambda: fig.Dots([1, 2], [1]), r"Dots: x is \(1, 2\) and y is \(1, 1\) as \(rows, points\)"),
        (lambda: fig.Curve([[1, 2]] * 2, [[1, 2]] * 3), r"Curve: x is \(2, 2\) and y is \(3, 2\)"),
        (lambda: fig.Curve([1, 2], np.zeros((2, 2, 2))), r"Curve: y is \(2, 2, 2\), expected \(points,\) or"),
        (lambda: fig.Dots([], []), r"Dots: x is \(0,\), expected"),
        (lambda: fig.Trail([1, 2], [1, np.nan]), "Trail: y holds NaN in row 0"),
        (lambda: fig.Curve([1, 2], [[1, 2], [np.nan, 1]]), "Curve: y holds NaN in row 1"),
        (
            lambda: fig.Trail([[1, 2]] * 3, [[1, 2]] * 3),
            r"Trail: x is \(3, 2\) and y is \(3, 2\), expected \(iterations,\)",
        ),
        (lambda: Walker([1, 2], [[1, 2]] * 3), r"Walker: x is \(2,\) and y is \(3, 2\), expected \(iterations,\)"),
        (lambda: fig.Dots([1], [1], color="red"), "Dots: color is 'red', expected one of path, data, answer"),
        (lambda: fig.Dots([1], [1], shape="heart"), "Dots: shape is 'heart', expected one of circle, square"),
        (
            lambda: fig.Segments([1, 2], [1, 2], [1, 2, 3], [1, 2, 3]),
            r"Segments: starts and ends are \(1, 2\) and \(1, 3\)",
        ),
        (lambda: fig.Segments([1], [1], [1], [np.nan]), "Segments: y_end holds NaN in row 0"),
        (lambda: fig.Dots("a", [1]), "Dots: x is 'a', expected numbers"),
        (lambda: fig.Dots([1, [2]], [1]), r"Dots: x is \[1, \[2\]\], expected numbers"),
        (lambda: fig.Note(1, 1, []), r"Note: text is \[\], expected a text, or one for each row"),
        (lambda: fig.Note(1, 1, 3), "Note: text is 3, expected a text, or one for each row"),
        (lambda: fig.Note([1, 2], 1, ["a", 3]), r"Note: text is \['a', 3\], expected a text"),
        (lambda: fig.Note(1, 1, "a", align="middle"), "Note: align is 'middle', expected left, center or right"),
    ],
)
def test_marks_refuse_what_cannot_be_drawn(mark, message):
    with pytest.raises(ValueError, match=message):
        mark()
