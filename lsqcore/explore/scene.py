"""What a figure shows: panels that stand still, and the marks of a film as both painters take them.

A `Panel` has fixed limits and is painted once. Nothing here draws: `canvas` paints marks with matplotlib, `paint.js` in
the browser, both from the same 16-bit panel coordinates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lsqcore.explore.marks import Mark, check_marks
from lsqcore.explore.parts import Part, Shown, Text
from lsqcore.explore.ticks import is_span, power, ticks, written

#: 16-bit steps in one panel width: coordinates reach 4.6 panels beyond the middle at 1/7000 of a panel.
STEPS_PER_PANEL = 7000
_FARTHEST = 32767 / STEPS_PER_PANEL


@dataclass(frozen=True, eq=False)
class Panel:
    """A pair of axes that never jumps: its limits hold for every row and every slider.

    Parameters
    ----------
    title, xlabel, ylabel : str
        Plain text (Unicode for symbols); an axis carries its unit where it has one. An x axis without a name shows
        no numbers: its places are named by notes. The stored picture has the letters of DejaVu Sans and no others,
        as for Chinese; the browser has them.
    xlim, ylim : pair of float
        What the axes span, in data units; a logarithmic axis needs positive limits.
    log_x, log_y : bool
        Logarithmic axes.
    width : float
        Share of the figure's width, relative to the other panels.
    axes : bool
        False hides lines, ticks and labels, for a figure in three dimensions that is turned.
    equal : bool
        A unit is as long on both axes: right angles look right.
    still : sequence of marks
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
    equal: bool = False
    still: Sequence[Mark] = ()

    def __post_init__(self) -> None:
        for name in ("title", "xlabel", "ylabel"):
            if not isinstance(words := getattr(self, name), str):
                raise ValueError(f"Panel(title, xlabel, ylabel, xlim, ylim): {name} is {words!r}, expected a text")
        for name, limits, log in (("xlim", self.xlim, self.log_x), ("ylim", self.ylim, self.log_y)):
            if not is_span(limits):
                raise ValueError(f"panel {self.title!r}: {name} is {limits!r}, expected finite low < high")
            if log and limits[0] <= 0:
                raise ValueError(f"panel {self.title!r}: {name} is {limits}, but a logarithmic axis needs low > 0")
        check_marks(self.still, f"panel {self.title!r}: still is")

    def locate(self, x: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
        """Data units to panel coordinates: (0, 0) is the lower left corner, (1, 1) the upper right."""
        return _fraction(x, self.xlim, self.log_x), _fraction(y, self.ylim, self.log_y)

    def ticks(self, axis: str) -> list[tuple[float, str]]:
        """The numbers along an axis, each with its place in the panel from 0 to 1."""
        limits, log, shown = (self.xlim, self.log_x, self.xlabel) if axis == "x" else (self.ylim, self.log_y, True)
        values = ticks(limits, log) if self.axes and shown else []
        places = _fraction(np.array(values), limits, log)
        tall = log and limits[1] / limits[0] > 1e4  # then powers are read sooner than their zeros
        words = [power(value) if tall else written(value) for value in values]
        # the last bits of a logarithm differ from processor to processor, and a notebook stores these numbers
        return [(round(float(place), 9), text) for place, text in zip(places, words, strict=True)]

    @property
    def left(self) -> int:
        """CSS pixels left of it: the name of the axis, and its longest number."""
        if not self.axes:
            return 12
        return 14 + 22 * bool(self.ylabel) + max((8 * len(text) for _, text in self.ticks("y")), default=0)

    @property
    def aspect(self) -> float | None:
        """Its width over its height, where both axes have the same unit."""
        return (self.xlim[1] - self.xlim[0]) / (self.ylim[1] - self.ylim[0]) if self.equal else None

    def described(self) -> dict:
        """What film.js needs, as JSON."""
        axes = dict(x=(self.xlim, self.log_x), y=(self.ylim, self.log_y))
        described = {
            axis: dict(limits=[*map(float, limits)], log=log, ticks=self.ticks(axis))
            for axis, (limits, log) in axes.items()
        }
        words = dict(title=self.title, xlabel=self.xlabel, ylabel=self.ylabel)
        return described | words | dict(width=self.width, left=self.left, axes=self.axes, aspect=self.aspect)


def _fraction(values: NDArray, limits: tuple[float, float], log: bool) -> NDArray:
    if log:
        with np.errstate(divide="ignore"):  # zero lies below every logarithmic axis: −∞, held at the panel's reach
            values, limits = np.log10(np.maximum(values, 0.0)), np.log10(limits)
    return (values - limits[0]) / (limits[1] - limits[0])


@dataclass(frozen=True, eq=False)
class Encoded:
    """A mark as both painters take it: its parts, and 16-bit panel coordinates x and y, each (rows, points)."""

    panel: str
    color: str
    parts: Sequence[Part]
    x: NDArray[np.int16]
    y: NDArray[np.int16]
    rounding: bool
    drag: str

    def at(self, row: int, shown: Shown) -> tuple[NDArray, NDArray]:
        """Panel coordinates of the points that a part shows at one row; a mark that ends early holds its last row."""
        x, y = (values[min(row, len(values) - 1)] for values in (self.x, self.y))
        end = len(x) if shown == "all" else min(row + 1, len(x))
        here = slice(end - 1 if shown == "head" else 0, end)
        return x[here] / STEPS_PER_PANEL + 0.5, y[here] / STEPS_PER_PANEL + 0.5

    def described(self) -> dict:
        """What film.js needs, as JSON: all but the coordinates, and the shapes of these in the film."""
        parts = [dict(kind=type(part).__name__, shown=part.shown) | vars(part) for part in self.parts]
        more = dict(rounding=True) if self.rounding else {}  # for the tests; painters need it not
        more |= dict(drag=self.drag) if self.drag else {}
        return dict(panel=self.panel, color=self.color, x=[*self.x.shape], y=[*self.y.shape], parts=parts, **more)

    @property
    def rows(self) -> int:
        """How many rows of a film it has."""
        is_path = any(part.shown != "all" for part in self.parts)
        texts = max((len(part.texts) for part in self.parts if isinstance(part, Text)), default=1)
        return self.x.shape[1] if is_path else max(len(self.x), len(self.y), texts)

    def coordinates(self) -> bytes:
        """x and y as paint.js reads them."""
        return self.x.tobytes() + self.y.tobytes()


def encode(mark: Mark, panel_name: str, panel: Panel) -> Encoded:
    """A mark in 16-bit steps from the panel's middle.

    What lies beyond the reach of 4.6 panels is held there, in each coordinate by itself, so that a stick stays upright;
    a path is held so that what is seen of it where it runs away keeps its place and direction.
    """
    x, y = (values - 0.5 for values in panel.locate(*mark.points()))
    if mark.is_path:
        x, y = _hold_on_line(x, y)
    steps = [np.rint(values.clip(-_FARTHEST, _FARTHEST) * STEPS_PER_PANEL).astype(np.int16) for values in (x, y)]
    return Encoded(panel_name, mark.color, mark.parts(), *steps, mark.rounding, getattr(mark, "drag", ""))


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
    room = np.maximum(0.0, _FARTHEST - abs(feet).max(axis=1, keepdims=True))
    held = feet + beyond * (room / np.maximum(abs(beyond).max(axis=1, keepdims=True), _FARTHEST))
    return tuple(np.where(far > _FARTHEST, held, points).T[:, None])


def encode_film(drawn: Mapping, panels: Mapping[str, Panel], most: int = 1) -> tuple[list[Encoded], list[str]]:
    """The marks of a film, in the order in which they are painted, and its captions: one, or one for each row.

    What moves has the same rows everywhere, at most as many as the playhead, `most`: a film may end early.
    """
    if not isinstance(drawn, Mapping):
        raise ValueError(f"the film gave {drawn!r}, expected a dict of marks by panel, and a caption")
    marks_by_panel = dict(drawn)
    captions = marks_by_panel.pop("caption", None)
    captions = [captions] if isinstance(captions, str) else captions
    if not isinstance(captions, Sequence) or not captions or not all(isinstance(c, str) and c for c in captions):
        raise ValueError(f"a film needs a caption: a sentence, or one for each row, but {captions!r} came")
    encoded, rows = [], {} if len(captions) == 1 else {len(captions): "captions"}
    for panel_name, marks in marks_by_panel.items():
        if panel_name not in panels:
            raise ValueError(f"the film draws on {panel_name!r}, but the panels are {', '.join(panels)}")
        check_marks(marks, f"on {panel_name!r} the film puts")
        for mark in marks:
            encoded.append(encode(mark, panel_name, panels[panel_name]))
            if encoded[-1].rows > 1:
                rows.setdefault(encoded[-1].rows, f"rows of {type(mark).__name__} on {panel_name!r}")
    if len(rows) > 1 or max(rows, default=1) > most:
        came = ", ".join(f"{count} {what}" for count, what in rows.items())
        raise ValueError(
            f"the film has {came}; expected the same number everywhere, at most the {most} of the playhead"
        )
    return encoded, list(captions)
