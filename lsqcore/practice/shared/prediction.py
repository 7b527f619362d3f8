"""A question that a reader answers before a figure moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real


@dataclass(frozen=True)
class Prediction:
    """A question with its answer, and what is said afterwards; made by `predict`."""

    question: str
    answer: float | str
    choices: dict[str, str]  # each choice, and the sentence for who chose it
    because: str
    unit: str
    panel: str | None
    axis: str
    hides: tuple[str, ...]


def predict(
    question: str,
    answer: float | str,
    *,
    choices: Mapping[str, str] | None = None,
    because: str = "",
    unit: str = "",
    panel: str | None = None,
    axis: str = "x",
    hides: Sequence[str] = (),
) -> Prediction:
    """Ask for a guess before a figure moves.

    The answer is one of `choices`, which are shown in their order, each with the sentence for who chose it; or it is a
    number, and then `because` says why. A guessed number is drawn as a line across `panel`, at that value of its
    `axis`. The panels that `hides` names stay empty until then. A reader may skip.
    """
    choices = dict(choices or {})
    if choices and answer not in choices:
        raise ValueError(f"answer is {answer!r}, expected one of the choices {', '.join(choices)}")
    if choices and because:
        raise ValueError("because is for a number: with choices, each of them has its own sentence")
    if not choices and not (isinstance(answer, Real) and isfinite(answer)):
        raise ValueError(f"answer is {answer!r}, expected a finite number, or choices to choose from")
    if axis not in ("x", "y"):
        raise ValueError(f"axis is {axis!r}, expected 'x' or 'y'")
    return Prediction(question, answer if choices else float(answer), choices, because, unit, panel, axis, tuple(hides))
