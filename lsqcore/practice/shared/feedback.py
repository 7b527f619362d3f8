"""How a check answers: right, not yet, or the name of the mistake."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from numbers import Complex, Real

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Feedback:
    """What a check has to say; `right` is None while there is no answer, and `read` finds it in the sentence."""

    right: bool | None
    sentence: str

    def __post_init__(self) -> None:
        if read(self.sentence) is not self.right:
            raise ValueError(f"right is {self.right}, but {self.sentence!r} does not begin so: see `read`")

    def __repr__(self) -> str:
        return self.sentence


def read(sentence: str) -> bool | None:
    """Whether a check that said this was content: all that a saved notebook holds is the sentence."""
    return None if sentence.startswith("Not answered yet") else sentence.startswith("Right.")


_DIGITS = {1: "digit", 2: "two digits", 3: "three digits"}
NOT_ANSWERED = Feedback(None, "Not answered yet: put your answer in place of the dots.")


def compare(
    answer: object,
    right: ArrayLike,
    mistakes: Mapping[str, ArrayLike],
    *,
    praise: str,
    digits: int | None = None,
    within: float = 0.0,
) -> Feedback:
    """Compare numbers with the right ones, and with what each usual mistake would give: the nearest one speaks.

    `digits` is how many the question asks for, rounded; None: the answer is exact. `within` is a distance that is near
    enough where the question says "about".
    """
    given = as_numbers(answer, np.shape(right), *map(np.shape, mistakes.values()))
    if isinstance(given, Feedback):
        return given
    coarse = min(digits or 2, 2)  # a mistake is recognised from two digits, however many are asked
    candidates = [(right, digits, Feedback(True, f"Right. {praise}"))]
    candidates += [(value, coarse, Feedback(False, f"Almost: {mistake}")) for mistake, value in mistakes.items()]
    reached = []
    for value, asked, feedback in candidates:
        value = np.asarray(value, dtype=float)
        if given.shape == value.shape:
            distance = np.abs(given - value)
            if (distance <= np.maximum(_tolerance(value, asked), within)).all():
                reached.append((distance.max(), feedback))
    if reached:
        return min(reached, key=lambda pair: pair[0])[1]
    if given.shape != np.shape(right):  # the shape of a mistake, but not that mistake
        return _other_shape(answer, given, np.shape(right))
    shown = ", ".join(f"{number:.6g}" for number in given.ravel())
    if (np.abs(given - right) <= 0.1 * np.abs(right)).all():
        asked = f"Asked: its first {_DIGITS[digits]}, rounded." if digits else "Here every digit counts."
        return Feedback(False, f"Close, but not yet: {shown} is within a tenth of the answer. {asked}")
    return Feedback(
        False, f"Not yet: {shown} is neither the answer nor one of the usual mistakes. Take it step by step."
    )


def as_numbers(answer: object, *shapes: tuple[int, ...]) -> np.ndarray | Feedback:
    """An answer as finite float64 of one of the shapes, the first of them the expected one, or what else came."""
    if isinstance(answer, Feedback):  # of `call`
        return answer
    expected = f"Expected {_count(shapes[0])}"
    try:
        array = np.asarray(answer)
    except Exception:  # the reader's object may fail in any way
        return Feedback(
            False, f"{expected}, but what came is uneven: lists of different lengths, or no list of numbers."
        )
    for entry in array.ravel() if array.dtype.kind not in "iuf" else ():
        if entry is ...:
            return NOT_ANSWERED
        if not isinstance(entry, Real | Decimal) or isinstance(entry, bool | np.timedelta64):
            return Feedback(False, f"{expected}, but {_kind(entry)}.")
    if isinstance(answer, list | tuple) and any(isinstance(part, bool | np.bool_) for part in answer):
        return Feedback(False, f"{expected}, but {_kind(True)}.")  # beside numbers, an array makes it 0 or 1
    try:
        with np.errstate(over="ignore"):
            given = array.astype(float)
    except (OverflowError, ValueError):  # 10**400; a Decimal that signals
        given = np.array(np.nan)
    if not np.isfinite(given).all():
        return Feedback(False, f"{expected}, but one that is nan, inf or too large for float64 came.")
    return given if given.shape in shapes else _other_shape(answer, given, shapes[0])


def as_bool(answer: object) -> bool | Feedback:
    """True or False as a learner's function returns it, or a word on what came in its place."""
    if isinstance(answer, Feedback):
        return answer
    if isinstance(answer, bool | np.bool_):
        return bool(answer)
    came = f"an object of type {type(answer).__name__} came"
    return Feedback(False, f"Expected True or False, but {came}: compare, and bring all entries to one answer.")


def call(function: object, *arrays: np.ndarray | int) -> object:
    """What a reader's function gives for copies of the arrays, or how it failed."""
    if function is ...:
        return NOT_ANSWERED
    if not callable(function):
        came = f"an object of type {type(function).__name__}"
        return Feedback(
            False, f"Expected a function, but {came} came: give the name of the function, without brackets."
        )
    try:
        return function(*map(copy, arrays))
    except Exception as error:  # the reader's function may fail in any way: its message is the feedback
        tried = ", ".join(str(np.shape(array)) for array in arrays)
        hint = " Do they fit, or is a transpose missing (`.T`)?" if isinstance(error, ValueError) else ""
        return Feedback(
            False, f"It stopped with {type(error).__name__}: {error}. It was given the shapes {tried}.{hint}"
        )


def _tolerance(value: np.ndarray, digits: int | None) -> np.ndarray | float:
    """Half a unit of the last digit asked for, entry by entry; without digits, what rounding in float64 may do."""
    size = np.abs(value)
    rounding = 1e-9 * size.max()
    if digits is None:
        return rounding
    with np.errstate(divide="ignore"):  # 0 has no digits: its unit is 10^−∞ = 0
        place = np.floor(np.log10(size) + 1e-9)
    return np.maximum(0.5 * (1 + 1e-9) * 10.0 ** (place - digits + 1), rounding)


def _other_shape(answer: object, given: np.ndarray, shape: tuple[int, ...]) -> Feedback:
    came = "one number in brackets" if given.shape == (1,) else _count(given.shape)
    return Feedback(False, f"Expected {_count(shape)}, but {came} came.{_comma(answer, int(np.prod(shape)))}")


def _comma(answer: object, size: int) -> str:
    """What to write where a comma was meant as a decimal point, or between thousands, shown for the first number."""
    if not isinstance(answer, tuple | list) or not all(isinstance(part, int) for part in answer):
        return ""
    step, rest = divmod(len(answer), size)
    if rest or step not in (2, 3):
        return ""
    first, *parts = answer[:step]
    ways = [f"{first}.{parts[0]}"] if step == 2 and parts[0] >= 0 else []
    if first and all(part == 0 or 100 <= part < 1000 for part in parts):
        ways.append(f"{first}" + "".join(f"{part:03}" for part in parts))
    typed = ",".join(map(str, answer[:step]))
    return f" Python reads a comma as a separator: for {typed} write {', or '.join(ways)}." if ways else ""


def _count(shape: tuple[int, ...]) -> str:
    if len(shape) > 1:
        return f"an array of shape {shape}"
    return f"{shape[0]} numbers" if shape else "one number"


def _kind(value: object) -> str:
    """What came that is no real number."""
    if value is None:
        return "None came: a function without `return` gives None, and so does `print`"
    if isinstance(value, str | bytes):
        return "text came: write numbers without quotation marks"
    if isinstance(value, bool | np.bool_):
        return "True or False came"
    if isinstance(value, Complex) and not isinstance(value, Real):
        return "a complex number came"
    if isinstance(value, dict):
        return "a dict came: give its numbers alone"
    if callable(value):
        return "a function came: give what it returns"
    return f"an object of type {type(value).__name__} came"
