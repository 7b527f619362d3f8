"""Marks: what moves over a panel. A kind of mark is one class, which says where its points lie and what it is made of.

A mark carries *every* row of the film at once: its coordinates have the shape (rows, points), or (1, points) where it
stands still. Its parts share these points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from contourpy import contour_generator
from numpy.typing import ArrayLike, NDArray

from lsqcore.explore.parts import CORNERS, Part, Polyline, Shapes, Sticks, Text

#: What a colour stands for. The colours themselves are the property cycle of downhill.mplstyle, in this order.
COLORS = ("path", "data", "answer", "residual", "second", "third", "quiet", "ink", "contour")


@dataclass(frozen=True, eq=False, kw_only=True)
class Mark:
    """What all marks share: coordinates of shape (rows, points), and a colour by what it stands for.

    `rounding` says that what is drawn is rounding noise itself: it differs from processor to processor.
    """

    x: ArrayLike = field(kw_only=False)
    y: ArrayLike = field(kw_only=False)
    color: str = "path"
    rounding: bool = False

    def __post_init__(self) -> None:
        if self.color not in COLORS:
            raise ValueError(f"{type(self).__name__}: color is {self.color!r}, expected one of {', '.join(COLORS)}")
        x, y = self.points()
        if x.shape[1] != y.shape[1] or (x.shape[0] != y.shape[0] and 1 not in (x.shape[0], y.shape[0])):
            raise ValueError(
                f"{type(self).__name__}: x is {x.shape} and y is {y.shape} as (rows, points); "
                "expected the same points, and the same rows or one"
            )
        if self.is_path and max(len(x), len(y)) > 1:
            raise ValueError(
                f"{type(self).__name__}: x is {np.shape(self.x)} and y is {np.shape(self.y)}, expected (iterations,)"
            )

    def points(self) -> tuple[NDArray, NDArray]:
        """x and y as (rows, points)."""
        return _rows(self.x, "x", self), _rows(self.y, "y", self)

    def parts(self) -> list[Part]:
        """What is drawn at the points, from the lowest to the highest."""
        raise NotImplementedError

    @property
    def is_path(self) -> bool:
        """Whether its points are the iterations, so that the playhead cuts it."""
        return any(part.shown != "all" for part in self.parts())


def check_marks(marks: object, came: str) -> None:
    """Refuse what is no list of marks; `came` are the words before it."""
    if not isinstance(marks, Sequence) or not all(isinstance(mark, Mark) for mark in marks):
        raise ValueError(f"{came} {marks!r:.200}, expected a list of marks such as [Curve(x, y)]")


def _rows(values: ArrayLike, name: str, mark: Mark) -> NDArray:
    try:
        rows = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{type(mark).__name__}: {name} is {values!r}, expected numbers") from None
    rows = rows.reshape(1, -1) if rows.ndim < 2 else rows
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"{type(mark).__name__}: {name} is {np.shape(values)}, expected (points,) or (rows, points)")
    if np.isnan(rows).any():
        raise ValueError(f"{type(mark).__name__}: {name} holds NaN in row {int(np.isnan(rows).any(axis=1).argmax())}")
    return rows


def _in_turn(first: NDArray, second: NDArray, mark: Mark) -> NDArray:
    try:
        pair = np.broadcast_arrays(first, second)
    except ValueError:
        shapes = f"{first.shape} and {second.shape}"
        raise ValueError(f"{type(mark).__name__}: starts and ends are {shapes} as (rows, points)") from None
    return np.stack(pair, axis=2).reshape(pair[0].shape[0], -1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Trail(Mark):
    """A path shown up to the playhead, with a large dot at its head: x and y are (iterations,)."""

    dots: bool = True
    line: bool = True

    def parts(self) -> list[Part]:
        head = Shapes(13, rim=1.5, shown="head")
        return [Polyline(2, shown="so far")] * self.line + [Shapes(5, shown="so far")] * self.dots + [head]


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve(Mark):
    """A line through its points: x is (points,), y (points,) or (rows, points)."""

    width: float = 2.5
    dashed: bool = False

    def parts(self) -> list[Part]:
        return [Polyline(self.width, self.dashed)]


@dataclass(frozen=True, eq=False, kw_only=True)
class Dots(Mark):
    """Separate points: `size` is a diameter in CSS pixels, `shape` a key of CORNERS, `drag` the handle they are."""

    color: str = "data"
    size: float = 8.0
    shape: str = "circle"
    drag: str = ""

    def parts(self) -> list[Part]:
        if self.shape not in CORNERS:
            raise ValueError(f"Dots: shape is {self.shape!r}, expected one of {', '.join(CORNERS)}")
        return [Shapes(self.size, CORNERS[self.shape])]


@dataclass(frozen=True, eq=False, kw_only=True)
class Segments(Mark):
    """Sticks from (x, y) to (x_end, y_end), each (points,) or (rows, points)."""

    x_end: ArrayLike = field(kw_only=False)
    y_end: ArrayLike = field(kw_only=False)
    color: str = "residual"
    width: float = 2.5
    dashed: bool = False

    def points(self) -> tuple[NDArray, NDArray]:
        """Start and end of each stick in turn: (rows, 2 · points)."""
        starts_x, starts_y = super().points()
        ends_x, ends_y = _rows(self.x_end, "x_end", self), _rows(self.y_end, "y_end", self)
        return _in_turn(starts_x, ends_x, self), _in_turn(starts_y, ends_y, self)

    def parts(self) -> list[Part]:
        return [Sticks(self.width, self.dashed)]


@dataclass(frozen=True, eq=False, kw_only=True)
class Bars(Mark):
    """Columns from the height `base` to y, centred on x, `width` wide in data units."""

    color: str = "data"
    width: float = 0.8
    base: float = 0.0

    def points(self) -> tuple[NDArray, NDArray]:
        """Two opposite corners of each column in turn: (rows, 2 · points)."""
        x, y = super().points()
        return _in_turn(x - self.width / 2, x + self.width / 2, self), _in_turn(np.full_like(y, self.base), y, self)

    def parts(self) -> list[Part]:
        return [Sticks(box=True)]


@dataclass(frozen=True, eq=False, kw_only=True)
class Note(Mark):
    """A short plain text at (x, y), each a number or (rows,); `text` is one string or one a row."""

    text: str | Sequence[str] = field(kw_only=False)
    color: str = "ink"
    align: str = "left"

    def points(self) -> tuple[NDArray, NDArray]:
        """The anchor: (rows, 1)."""
        return tuple(rows.reshape(-1, 1) for rows in super().points())

    def parts(self) -> list[Part]:
        if self.align not in ("left", "center", "right"):
            raise ValueError(f"Note: align is {self.align!r}, expected left, center or right")
        texts = [self.text] if isinstance(self.text, str) or not isinstance(self.text, Iterable) else list(self.text)
        if not texts or not all(isinstance(each, str) for each in texts):
            raise ValueError(f"Note: text is {self.text!r}, expected a text, or one for each row")
        return [Text(texts, self.align, key=self.color != "ink")]


@dataclass(frozen=True, eq=False, kw_only=True)
class Contours(Mark):
    """Level lines of a surface z over the grid x × y; z has the shape (len(y), len(x))."""

    z: ArrayLike = field(kw_only=False)
    levels: Sequence[float] = field(kw_only=False)
    color: str = "contour"

    @cached_property
    def _lines(self) -> list[NDArray]:
        surface = contour_generator(np.asarray(self.x), np.asarray(self.y), np.asarray(self.z))
        return [line for level in self.levels for line in surface.lines(level)]

    def points(self) -> tuple[NDArray, NDArray]:
        """The points of all lines in turn: (1, points)."""
        return tuple(np.vstack(self._lines).T[:, None, :])

    def parts(self) -> list[Part]:
        starts = np.cumsum([len(line) for line in self._lines])[:-1].tolist()
        return [Polyline(1.1, starts=starts)]
