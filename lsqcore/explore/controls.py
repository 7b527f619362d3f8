"""What a reader moves: sliders, the playhead, and handles on the picture. Each is a trait of its explorer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.explore.ticks import is_span, written


@dataclass(frozen=True, eq=False)
class Slider:
    """The values of a parameter, how each is written, where it starts, and a marked place."""

    values: tuple
    labels: tuple[str, ...]
    start: int
    mark: float | None = None  # a position, not always a whole one
    mark_label: str = ""
    label: str | None = None

    @property
    def first(self) -> float | str:
        """The value at which it starts."""
        return self.values[self.start]

    def position(self, value: float | str) -> int:
        """The position nearest to a value within the range."""
        if value in self.values:
            return self.values.index(value)
        low, high = self.values[0], self.values[-1]
        if isinstance(low, str) or not isinstance(value, (int, float, np.number)) or not low <= value <= high:
            raise ValueError(f"expected a value from {self.labels[0]} to {self.labels[-1]}, but {value!r} came")
        return int(np.argmin(np.abs(np.asarray(self.values) - value)))

    def nearest(self, value: float | str) -> float | str:
        """The value that it can have, nearest to the one that came."""
        return self.values[self.position(value)]

    def described(self, name: str) -> dict:
        """What film.js needs, as JSON."""
        label = self.label or name.replace("_", " ")
        shown = dict(name=name, label=label, values=list(self.values), labels=list(self.labels), start=self.start)
        return shown | dict(mark=self.mark, markLabel=self.mark_label)


@dataclass(frozen=True, eq=False, kw_only=True)
class Playhead(Slider):
    """The rows of a film, each by the iteration that it shows; `seconds` is how long play takes."""

    seconds: float

    def described(self, name: str) -> dict:
        """What film.js needs, as JSON."""
        return super().described(name) | dict(seconds=self.seconds)


@dataclass(frozen=True, eq=False)
class Handle:
    """A point, or several, that a hand drags on the picture; see `handle`."""

    x: np.ndarray
    y: np.ndarray
    moves: str
    step: float
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    label: str | None

    @property
    def first(self) -> float | tuple:
        """Where it starts."""
        places = dict(x=self.x, y=self.y, xy=np.stack([self.x, self.y], axis=-1))[self.moves]
        return _as_tuples(places.tolist())

    def nearest(self, value: ArrayLike) -> float | tuple:
        """The place that it can have, nearest to the one that came."""
        places, expected = np.asarray(value, dtype=float), np.shape(self.first)
        if places.shape != expected or not np.isfinite(places).all():
            raise ValueError(f"expected finite numbers of shape {expected}, but {value!r} came")
        low, high = np.array(dict(x=[self.xlim], y=[self.ylim], xy=[self.xlim, self.ylim])[self.moves]).T
        held = np.clip(places, low if self.moves == "xy" else low[0], high if self.moves == "xy" else high[0])
        return _as_tuples(np.vectorize(lambda number: float(f"{number:.12g}"))(held).tolist())

    def described(self, name: str) -> dict:
        """What film.js needs, as JSON."""
        limits = dict(x=[*self.xlim], y=[*self.ylim])
        shown = dict(name=name, label=self.label or name.replace("_", " "), moves=self.moves, step=self.step)
        return shown | dict(many=self.x.ndim == 1, count=self.x.size, start=self.first, limits=limits)


def _as_tuples(value: list | float) -> tuple | float:
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


Control = Slider | Handle


def handle(
    x: ArrayLike,
    y: ArrayLike,
    *,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    moves: str = "xy",
    step: float = 0.1,
    label: str | None = None,
) -> Handle:
    """A point that a hand drags within the limits, in steps; or several, where x and y are (points,).

    The film takes the coordinates that move: those named in `moves`, "x", "y", or "xy" for both, along a last axis. It
    draws the point as `Dots(..., drag=name)`, by the name that the handle has in `explore`.
    """
    x, y = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    if x.ndim > 1 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError(f"a handle needs finite numbers or (points,), but x of {x.shape} and y of {y.shape} came")
    if moves not in ("x", "y", "xy"):
        raise ValueError(f"moves is {moves!r}, expected 'x', 'y' or 'xy'")
    if not step > 0:
        raise ValueError(f"step is {step}, expected a number above 0")
    for name, places, limits in (("x", x, xlim), ("y", y, ylim)):
        if not is_span(limits):
            raise ValueError(f"{name}lim is {limits!r}, expected finite low < high")
        low, high = limits
        if not ((places >= low) & (places <= high)).all():
            raise ValueError(f"{name} is {places.tolist()}, but the handle goes from {low} to {high}")
    return Handle(x, y, moves, step, xlim, ylim, label)


def slider(
    low: float,
    high: float,
    *,
    log: bool = False,
    value: float | None = None,
    mark: float | None = None,
    mark_label: str = "limit",
    steps: int = 100,
    label: str | None = None,
) -> Slider:
    """A slider from low to high in equal steps, or in equal factors where it is `log`.

    `value` is where it starts, exact to the last bit; `mark` is a place to show on it.
    """
    if not is_span((low, high)):
        raise ValueError(f"a slider needs finite low < high, but {low} and {high} came")
    if log and low <= 0:
        raise ValueError(f"a logarithmic slider needs a low end above 0, but {low} came")
    if not isinstance(steps, (int, np.integer)) or steps < 1:
        raise ValueError(f"steps is {steps!r}, expected a whole number of at least 1")
    for name, number in (("value", value), ("mark", mark)):
        if number is not None and not (isinstance(number, Real) and low <= number <= high):
            raise ValueError(f"{name} is {number}, but the slider goes from {low} to {high}")
    between = np.geomspace(low, high, steps + 1) if log else np.linspace(low, high, steps + 1)
    # a notebook stores them, and the last bits of a power differ from processor to processor
    values = [low, *(float(f"{number:.12g}") for number in between[1:-1]), high]
    start = steps // 2 if value is None else int(np.argmin(np.abs(between - value)))
    if value is not None:
        values[start] = value
    position, mark_text = None, ""
    if mark is not None:
        first, place, last = (np.log(number) if log else number for number in (low, mark, high))
        position = round(float((place - first) / (last - first) * steps), 9)
        mark_text = f"{mark_label} {written(mark, 4)}"
    numbers = tuple(map(float, values))
    return Slider(numbers, tuple(map(written, numbers)), start, position, mark_text, label)


def choice_slider(values: Sequence, *, value: float | str | None = None, label: str | None = None) -> Slider:
    """A slider over given values, ascending numbers or names in any order."""
    came, values = values, () if isinstance(values, str) or not isinstance(values, Iterable) else tuple(values)
    names = all(isinstance(each, str) for each in values) and len(set(values)) == len(values)
    numbers = all(isinstance(each, Real) for each in values) and all(a < b for a, b in pairwise((-np.inf, *values)))
    if not values or not (names or numbers):
        raise ValueError(f"a choice slider needs different names or ascending numbers, but {came!r} came")
    if value is not None and value not in values:
        raise ValueError(f"value is {value!r}, expected one of {values!r}")
    labels = tuple(each if isinstance(each, str) else written(each, 4 if each % 1 else 7) for each in values)
    return Slider(values, labels, 0 if value is None else values.index(value), label=label)


def playhead(
    iterations: int | ArrayLike, *, start: int = 0, seconds: float = 8.0, label: str | None = None
) -> Playhead:
    """The playhead over iterations 0 … n, over kept iterations, or over names: one for each row of the film."""
    kept = np.arange(iterations + 1) if isinstance(iterations, (int, np.integer)) else np.asarray(iterations)
    if kept.ndim != 1 or kept.size == 0:
        raise ValueError(f"a playhead needs at least one row, but iterations {iterations!r} came")
    if not isinstance(start, (int, np.integer)) or not 0 <= start < len(kept):
        raise ValueError(f"start is row {start}, but the playhead has the rows 0 … {len(kept) - 1}")
    if not (isinstance(seconds, Real) and seconds > 0):
        raise ValueError(f"seconds is {seconds!r}, expected a number above 0")
    values = tuple(kept.tolist())
    labels = tuple(each if isinstance(each, str) else written(each, 7) for each in values)
    return Playhead(values, labels, start, label=label, seconds=seconds)
