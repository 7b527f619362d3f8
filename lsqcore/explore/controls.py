"""What a reader moves or answers: sliders, the playhead, and a question before both."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Slider:
    """The positions of a parameter: their values, how each is shown, where it starts, and a marked place."""

    values: tuple
    labels: tuple[str, ...]
    start: int
    mark: float | None = None  # a position, not always a whole one
    mark_label: str = ""
    label: str | None = None

    def position(self, value: float | str) -> int:
        """The position nearest to a value within the range."""
        if value in self.values:
            return self.values.index(value)
        low, high = self.values[0], self.values[-1]
        if isinstance(low, str) or isinstance(value, str) or not low <= value <= high:
            raise ValueError(f"the slider goes from {self.labels[0]} to {self.labels[-1]}, but {value!r} came")
        return int(np.argmin(np.abs(np.asarray(self.values) - value)))

    def described(self, name: str) -> dict:
        """What film.js needs, as JSON."""
        return _described(self, name) | dict(mark=self.mark, markLabel=self.mark_label)


@dataclass(frozen=True, eq=False)
class Playhead:
    """The rows of a film, counted by the iteration that each shows; `seconds` is how long play takes."""

    labels: tuple[str, ...]
    start: int
    seconds: float
    label: str | None = None

    def described(self, name: str) -> dict:
        """What film.js needs, as JSON."""
        return _described(self, name) | dict(seconds=self.seconds)


def _described(control: Slider | Playhead, name: str) -> dict:
    return dict(label=control.label or name.replace("_", " "), labels=list(control.labels), start=control.start)


@dataclass(frozen=True, eq=False)
class Prediction:
    """A question that the reader answers before an explorer moves; see `predict`."""

    question: str
    answer: float | str
    unit: str
    choices: tuple[str, ...]
    because: str
    panel: str | None
    axis: str


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
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"a slider needs finite low < high, but {low} and {high} came")
    if log and low <= 0:
        raise ValueError(f"a logarithmic slider needs a low end above 0, but {low} came")
    if steps < 1:
        raise ValueError(f"steps is {steps}, expected at least 1")
    for name, number in (("value", value), ("mark", mark)):
        if number is not None and not low <= number <= high:
            raise ValueError(f"{name} is {number}, but the slider goes from {low} to {high}")
    values = np.geomspace(low, high, steps + 1) if log else np.linspace(low, high, steps + 1)
    start = steps // 2 if value is None else int(np.argmin(np.abs(values - value)))
    if value is not None:
        values[start] = value
    position, mark_text = None, ""
    if mark is not None:
        first, place, last = (np.log(number) if log else number for number in (low, mark, high))
        position, mark_text = (place - first) / (last - first) * steps, f"{mark_label} {mark:.4g}"
    return Slider(tuple(values.tolist()), tuple(f"{v:.3g}" for v in values), start, position, mark_text, label)


def choice_slider(values: Sequence, *, value: float | str | None = None, label: str | None = None) -> Slider:
    """A slider over given values, ascending numbers or names in any order."""
    values = tuple(values)
    if not values or (not isinstance(values[0], str) and any(a >= b for a, b in pairwise(values))):
        raise ValueError(f"a choice slider needs names or ascending numbers, but {values!r} came")
    if value is not None and value not in values:
        raise ValueError(f"value is {value!r}, expected one of {values!r}")
    labels = tuple(v if isinstance(v, str) else f"{v:.4g}" for v in values)
    return Slider(values, labels, 0 if value is None else values.index(value), label=label)


def playhead(
    iterations: int | ArrayLike, *, start: int = 0, seconds: float = 8.0, label: str | None = None
) -> Playhead:
    """The playhead over iterations 0 … n, over kept iterations, or over names: one a row of the film."""
    kept = np.arange(iterations + 1) if np.ndim(iterations) == 0 else np.asarray(iterations)
    if kept.ndim != 1 or kept.size == 0:
        raise ValueError(f"a playhead needs at least one row, but iterations {iterations!r} came")
    if not 0 <= start < len(kept):
        raise ValueError(f"start is row {start}, but the playhead has the rows 0 … {len(kept) - 1}")
    labels = tuple(k if isinstance(k, str) else f"{k:,}" for k in kept.tolist())
    return Playhead(labels, start, seconds, label)


def predict(
    question: str,
    answer: float | str,
    *,
    unit: str = "",
    choices: Sequence[str] = (),
    because: str = "",
    panel: str | None = None,
    axis: str = "x",
) -> Prediction:
    """Ask for a guess before an explorer moves.

    The answer is a number, or one of `choices`. Afterwards the explorer says how far off the guess was, and `because`
    says why. A guessed number is drawn as a line across `panel`, at that value of its `axis`. A reader may skip.
    """
    if choices and answer not in choices:
        raise ValueError(f"answer is {answer!r}, expected one of the choices {tuple(choices)!r}")
    if not choices and not (isinstance(answer, (int, float, np.number)) and np.isfinite(answer)):
        raise ValueError(f"answer is {answer!r}, expected a finite number, or choices to choose from")
    if axis not in ("x", "y"):
        raise ValueError(f"axis is {axis!r}, expected 'x' or 'y'")
    answer = answer if choices else float(answer)
    return Prediction(question, answer, unit, tuple(choices), because, panel, axis)
