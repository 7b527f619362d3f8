"""What a figure shows, as frozen data: panels that stand still, marks that move.

A `Panel` has fixed limits and is painted once. A mark lies on a panel and carries *every* row of the film at once: its
coordinates have the shape (rows, points), or (1, points) where it stands still. Nothing here draws: `canvas` paints
marks with matplotlib, `film.js` in the browser, both from the same 16-bit panel coordinates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: What a colour stands for. The colours themselves are the property cycle of downhill.mplstyle, in this order.
COLORS = ("path", "data", "answer", "residual", "second", "third", "quiet", "ink")

#: Corners of a marker of radius 1; a circle has none. Shape tells apart what colour alone would not.
_STAR = [
    (r * np.sin(k * np.pi / 5), r * np.cos(k * np.pi / 5)) for k, r in zip(range(10), [1.35, 0.54] * 5, strict=True)
]
SHAPES = {
    "circle": [],
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(-1.05, -0.75), (1.05, -0.75), (0.0, 1.15)],
    "star": [(round(x, 4), round(y, 4)) for x, y in _STAR],
}

#: 16-bit steps in one panel width: coordinates reach 4.6 panels beyond the middle at 1/7000 of a panel.
STEPS_PER_PANEL = 7000
_REACH = 32767 / STEPS_PER_PANEL


@dataclass(frozen=True, eq=False)
class Panel:
    """A pair of axes that never jumps: its limits hold for every row and every slider.

    Parameters
    ----------
    title, xlabel, ylabel : str
        Plain text (Unicode for symbols); an axis carries its unit where it has one. An x axis without a name shows
        no numbers: its places are named by notes.
    xlim, ylim : pair of float
        What the axes span, in data units; a logarithmic axis needs positive limits.
    log_x, log_y : bool
        Logarithmic axes.
    width : float
        Share of the figure's width, relative to the other panels.
    axes : bool
        False hides lines, ticks and labels, for a figure in three dimensions that is turned.
    still : sequence of marks or Contours
        Painted once, beneath everything that moves.
    """

    title: str
    xlabel: str
    ylabel: str
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    log_x: bool = False
    log_y: bool = False
    width: float = 1.0
    axes: bool = True
    still: Sequence["Mark | Contours"] = ()

    def __post_init__(self) -> None:
        for name, limits, log in (("xlim", self.xlim, self.log_x), ("ylim", self.ylim, self.log_y)):
            low, high = limits
            if not (np.isfinite(low) and np.isfinite(high) and low < high):
                raise ValueError(f"panel {self.title!r}: {name} is {limits}, expected finite low < high")
            if log and low <= 0:
                raise ValueError(f"panel {self.title!r}: {name} is {limits}, but a logarithmic axis needs low > 0")

    def locate(self, x: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
        """Data units to panel coordinates: (0, 0) is the lower left corner, (1, 1) the upper right."""
        return _fraction(x, self.xlim, self.log_x), _fraction(y, self.ylim, self.log_y)


def _fraction(values: NDArray, limits: tuple[float, float], log: bool) -> NDArray:
    if log:
        with np.errstate(divide="ignore"):  # zero lies below every logarithmic axis: −∞, held at the panel's reach
            values, limits = np.log10(np.maximum(values, 0.0)), np.log10(limits)
    return (values - limits[0]) / (limits[1] - limits[0])


@dataclass(frozen=True, eq=False)
class Contours:
    """Level lines of a surface z over the grid x × y; z has the shape (len(y), len(x)). Always still."""

    x: ArrayLike
    y: ArrayLike
    z: ArrayLike
    levels: Sequence[float]


@dataclass(frozen=True, eq=False, kw_only=True)
class Mark:
    """What all marks share: coordinates of shape (rows, points), and a colour by what it stands for.

    `rounding` says that what is drawn is rounding noise itself: it differs from processor to processor.
    """

    x: ArrayLike = field(kw_only=False)
    y: ArrayLike = field(kw_only=False)
    color: str = "path"
    rounding: bool = False
    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if self.color not in COLORS:
            raise ValueError(f"{type(self).__name__}: color is {self.color!r}, expected one of {', '.join(COLORS)}")
        x, y = self.points()
        if x.shape[1] != y.shape[1] or (x.shape[0] != y.shape[0] and 1 not in (x.shape[0], y.shape[0])):
            raise ValueError(
                f"{type(self).__name__}: x is {x.shape} and y is {y.shape} as (rows, points); "
                "expected the same points, and the same rows or one"
            )

    def points(self) -> tuple[NDArray, NDArray]:
        """x and y as (rows, points)."""
        return _rows(self.x, "x", self), _rows(self.y, "y", self)

    def style(self) -> dict:
        """What film.js and canvas need besides the coordinates."""
        return {"color": self.color}


def _rows(values: ArrayLike, name: str, mark: Mark) -> NDArray:
    rows = np.atleast_2d(np.asarray(values, dtype=float))
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"{type(mark).__name__}: {name} is {np.shape(values)}, expected (points,) or (rows, points)")
    if np.isnan(rows).any():
        raise ValueError(f"{type(mark).__name__}: {name} holds NaN in row {int(np.isnan(rows).any(axis=1).argmax())}")
    return rows


@dataclass(frozen=True, eq=False, kw_only=True)
class Trail(Mark):
    """A path shown up to the playhead, with a large dot at its head: x and y are (iterations,)."""

    dots: bool = True
    line: bool = True
    kind: ClassVar[str] = "trail"

    def __post_init__(self) -> None:
        super().__post_init__()
        x, y = self.points()
        if len(x) > 1 or len(y) > 1:
            raise ValueError(f"Trail: x is {np.shape(self.x)} and y is {np.shape(self.y)}, expected (iterations,)")

    def style(self) -> dict:
        return {"color": self.color, "dots": self.dots, "line": self.line}


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve(Mark):
    """A line through its points: x is (points,), y (points,) or (rows, points)."""

    width: float = 2.5
    dashed: bool = False
    kind: ClassVar[str] = "curve"

    def style(self) -> dict:
        return {"color": self.color, "width": self.width, "dashed": self.dashed}


@dataclass(frozen=True, eq=False, kw_only=True)
class Dots(Mark):
    """Separate points; `size` is a diameter in CSS pixels, `shape` a key of SHAPES."""

    color: str = "data"
    size: float = 8.0
    shape: str = "circle"
    kind: ClassVar[str] = "dots"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.shape not in SHAPES:
            raise ValueError(f"Dots: shape is {self.shape!r}, expected one of {', '.join(SHAPES)}")

    def style(self) -> dict:
        return {"color": self.color, "size": self.size, "corners": SHAPES[self.shape]}


@dataclass(frozen=True, eq=False, kw_only=True)
class Segments(Mark):
    """Sticks from (x, y) to (x_end, y_end), each (points,) or (rows, points)."""

    x_end: ArrayLike = field(kw_only=False)
    y_end: ArrayLike = field(kw_only=False)
    color: str = "residual"
    width: float = 2.5
    dashed: bool = False
    kind: ClassVar[str] = "segments"

    def points(self) -> tuple[NDArray, NDArray]:
        """Start and end of each stick in turn: (rows, 2 · points)."""
        starts_x, starts_y = super().points()
        ends_x, ends_y = _rows(self.x_end, "x_end", self), _rows(self.y_end, "y_end", self)
        return _in_turn(starts_x, ends_x, self), _in_turn(starts_y, ends_y, self)

    def style(self) -> dict:
        return {"color": self.color, "width": self.width, "dashed": self.dashed}


def _in_turn(first: NDArray, second: NDArray, mark: Mark) -> NDArray:
    try:
        pair = np.broadcast_arrays(first, second)
    except ValueError:
        shapes = f"{first.shape} and {second.shape}"
        raise ValueError(f"{type(mark).__name__}: starts and ends are {shapes} as (rows, points)") from None
    return np.stack(pair, axis=2).reshape(pair[0].shape[0], -1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Bars(Mark):
    """Columns from the height `base` to y, centred on x, `width` wide in data units."""

    color: str = "data"
    width: float = 0.8
    base: float = 0.0
    kind: ClassVar[str] = "bars"

    def points(self) -> tuple[NDArray, NDArray]:
        """Two opposite corners of each column in turn: (rows, 2 · points)."""
        x, y = super().points()
        return _in_turn(x - self.width / 2, x + self.width / 2, self), _in_turn(np.full_like(y, self.base), y, self)


@dataclass(frozen=True, eq=False, kw_only=True)
class Note(Mark):
    """A short plain text at (x, y), each a number or (rows,); `text` is one string or one a row."""

    text: str | Sequence[str] = field(kw_only=False)
    color: str = "ink"
    align: str = "left"
    kind: ClassVar[str] = "note"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.align not in ("left", "center", "right"):
            raise ValueError(f"Note: align is {self.align!r}, expected left, center or right")

    def points(self) -> tuple[NDArray, NDArray]:
        """The anchor: (rows, 1)."""
        return tuple(rows.reshape(-1, 1) for rows in super().points())

    def style(self) -> dict:
        texts = [self.text] if isinstance(self.text, str) else list(self.text)
        return {"color": self.color, "align": self.align, "texts": texts}


@dataclass(frozen=True, eq=False)
class Encoded:
    """A mark as both painters take it: 16-bit panel coordinates, x (rows, points) and y (rows, points)."""

    panel: str
    kind: str
    x: NDArray[np.int16]
    y: NDArray[np.int16]
    style: Mapping

    def at(self, row: int) -> tuple[NDArray, NDArray]:
        """Panel coordinates at one row; a mark that ends early holds its last row, a trail is cut at the playhead."""
        if self.kind == "trail":
            x, y = self.x[0, : row + 1], self.y[0, : row + 1]
        else:
            x, y = self.x[min(row, len(self.x) - 1)], self.y[min(row, len(self.y) - 1)]
        return x / STEPS_PER_PANEL + 0.5, y / STEPS_PER_PANEL + 0.5


def encode(mark: Mark, panel_name: str, panel: Panel) -> Encoded:
    """A mark in 16-bit steps from the panel's middle.

    What lies beyond the reach of 4.6 panels is held there, in each coordinate by itself, so that a stick stays upright;
    a trail is held so that what is seen of a path that runs away keeps its place and direction.
    """
    x, y = (values - 0.5 for values in panel.locate(*mark.points()))
    if mark.kind == "trail":
        x, y = _hold_on_line(x, y)
    steps = [np.rint(np.clip(values, -_REACH, _REACH) * STEPS_PER_PANEL).astype(np.int16) for values in (x, y)]
    style = mark.style() | (dict(rounding=True) if mark.rounding else {})  # for the tests; painters need it not
    return Encoded(panel_name, mark.kind, *steps, style)


def _hold_on_line(x: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """Move the points of a path beyond the reach along the line from the point before, towards the panel's middle.

    A point slides to just within reach of the foot, the place on that line nearest to the middle: the line stays where
    it is. Beyond 10¹² panels the line is not known in float64, and the point is taken on its ray from the middle.
    """
    points = np.stack([x[0], y[0]], axis=1)  # (rows, 2), in panels from the middle
    points = np.clip(points, -np.finfo(float).max, np.finfo(float).max)
    far = abs(points).max(axis=1, keepdims=True)
    points = points * np.minimum(1.0, 1e12 / np.maximum(far, 1e12))
    steps = np.diff(points, axis=0, prepend=0.0)  # the first one from the middle
    lengths = np.square(steps).sum(axis=1, keepdims=True)
    feet = points - steps * (points * steps).sum(axis=1, keepdims=True) / np.where(lengths == 0, 1.0, lengths)
    beyond = points - feet
    room = np.maximum(0.0, _REACH - abs(feet).max(axis=1, keepdims=True))
    held = feet + beyond * (room / np.maximum(abs(beyond).max(axis=1, keepdims=True), _REACH))
    return tuple(np.where(far > _REACH, held, points).T[:, None])


def encode_film(marks_by_panel: Mapping[str, Sequence[Mark]], panels: Mapping[str, Panel]) -> list[Encoded]:
    """All marks of a film, in the order in which they are painted."""
    encoded = []
    for panel_name, marks in marks_by_panel.items():
        if panel_name not in panels:
            raise ValueError(f"the film draws on {panel_name!r}, but the panels are {', '.join(panels)}")
        for mark in marks:
            if not isinstance(mark, Mark):
                raise ValueError(
                    f"the film puts {mark!r} on {panel_name!r}, expected Trail, Curve, Dots, Segments, Bars or Note"
                )
            encoded.append(encode(mark, panel_name, panels[panel_name]))
    return encoded
