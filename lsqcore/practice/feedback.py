"""How a check answers: right, not yet, or the name of the mistake."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Feedback:
    """What a check has to say; `right` is None while there is no answer."""

    right: bool | None
    sentence: str

    def __repr__(self) -> str:
        return self.sentence


NOT_ANSWERED = Feedback(None, "Not answered yet: put your answer in place of the dots.")


def compare(
    answer: ArrayLike, right: ArrayLike, mistakes: Mapping[str, ArrayLike], *, praise: str = "", rtol: float = 1e-3
) -> Feedback:
    """Compare a number or vector with the right one, and with what each usual mistake would give."""
    if answer is ...:
        return NOT_ANSWERED
    right = np.asarray(right, dtype=float)
    try:
        if np.asarray(answer).dtype.kind in "SU":  # NumPy would read a number from a text
            raise TypeError
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return Feedback(False, f"Expected {_kind(right)}, but {answer!r} came.")
    if not np.isfinite(given).all():
        return Feedback(False, f"Expected {_kind(right)}, no nan and no inf, but {answer!r} came.")
    if given.shape != right.shape:
        return Feedback(False, f"Expected {_kind(right)}, but {_kind(given)} came.")
    if _close(given, right, rtol):
        return Feedback(True, f"Right. {praise}".strip())
    for mistake, value in mistakes.items():
        if _close(given, np.asarray(value, dtype=float), rtol):
            return Feedback(False, f"Almost: {mistake}")
    return Feedback(
        False, f"Not yet: {answer!r} is neither the answer nor one of the usual mistakes. Take it step by step."
    )


def _close(given: np.ndarray, expected: np.ndarray, rtol: float) -> bool:
    with np.errstate(over="ignore"):  # the answer of a run that diverged
        return bool(np.linalg.norm(given - expected) <= rtol * np.linalg.norm(expected))


def _kind(array: np.ndarray) -> str:
    return "one number" if array.ndim == 0 else f"numbers of shape {array.shape}"
