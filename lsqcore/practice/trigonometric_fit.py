"""Lesson 04."""

import numpy as np
from numpy.typing import ArrayLike

from lsqcore import LeastSquares, solve, trigonometric
from lsqcore.practice.feedback import NOT_ANSWERED, Feedback, compare

_X = np.linspace(-3, 3, 50)
_TRUTH = np.sinc(_X) + 0.1 * _X
_Y = _TRUTH + 0.05 * np.random.RandomState(0).randn(50)


def _residual(harmonics: int) -> np.ndarray:
    return solve(LeastSquares(trigonometric(_X, harmonics), _Y)).residual


def error_of_seven(answer: ArrayLike) -> Feedback:
    """The RMS residual of the fit with 7 functions."""
    residual = _residual(3)
    squares = residual @ residual
    mistakes = {
        "7 pairs are 15 functions. Seven functions are the constant and 3 pairs.": _rms(_residual(7)),
        "6 columns came in, without the constant.": _rms(solve(LeastSquares(trigonometric(_X, 3)[:, 1:], _Y)).residual),
        "that is the mean square. Take its root.": squares / 50,
        "that is the loss, half the mean square. Double it and take the root.": squares / 100,
        "that is the length of the residual. Divide the sum of squares by n = 50 before the root.": np.sqrt(squares),
        "that divides by n − p = 43 and estimates the noise. The RMS divides by n = 50.": np.sqrt(squares / 43),
        "that is the distance from the hidden curve. Compare with the dots, y.": _rms(residual + _Y - _TRUTH),
    }
    praise = "Three pairs and the constant leave more than the noise of 0.05: the curve is still too stiff."
    return compare(answer, _rms(residual), mistakes, praise=praise)


def shortest(answer: ArrayLike) -> Feedback:
    """Φ⁺y for three rows (1, 2) and the target (1, 2, 3)."""
    if answer is ...:
        return NOT_ANSWERED
    right = np.array([0.4, 0.8])
    feedback = compare(answer, right, {}, praise="It has no part along (2, −1), which Φ does not see.", rtol=1e-4)
    if feedback.right or feedback.sentence.startswith("Expected"):
        return feedback
    given = np.asarray(answer, dtype=float)
    if np.isclose(given @ [1, 2], 2):
        length = np.linalg.norm(given)
        sentence = f"Almost: θ₀ + 2θ₁ = 2 is right, but there is a shorter θ than yours, whose length is {length:.3f}."
        return Feedback(False, sentence)
    return Feedback(
        False, f"Not yet: every row predicts θ₀ + 2θ₁ = {given @ [1, 2]:.3g}. The best is the mean of y, 2."
    )


def well_placed(answer: ArrayLike) -> Feedback:
    """Fifty inputs for which the 31 functions have a condition number below 2."""
    if answer is ...:
        return NOT_ANSWERED
    try:
        problem = LeastSquares(trigonometric(answer, 15), np.zeros(np.size(answer)))
    except (TypeError, ValueError) as error:
        return Feedback(False, f"Expected fifty finite numbers: {error}.")
    if len(problem.target) != 50:
        return Feedback(False, f"Expected 50 numbers, but {len(problem.target)} came.")
    condition, reach = problem.condition_number, np.ptp(np.asarray(answer, dtype=float))
    if condition < 2:
        return Feedback(True, f"Right. κ is {condition:.4f}; no 50 inputs give less than √2.")
    hint = "Cover one whole period, 4π." if reach < 4 * np.pi * 0.97 else "Let them lie evenly over a period, 4π."
    return Feedback(False, f"Not yet: κ is {condition:.3g}, and your inputs span {reach:.3g}. {hint}")


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
