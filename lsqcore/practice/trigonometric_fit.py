"""Lesson 05."""

import numpy as np

from lsqcore import LeastSquares, Solution, solve, trigonometric
from lsqcore.practice.shared.feedback import Feedback, as_numbers, compare
from lsqcore.practice.shared.prediction import predict

functions_between_the_dots = predict(
    "1, 3, 5 … 31 functions: how many predict best between the dots?",
    11,
    unit="functions",
    because="Fewer cannot follow the hill, more follow the noise. 9 functions do nearly as well.",
    panel="errors",
)

height_before_the_last_wave = predict(
    "After 30 of the 31 waves, how high is the sum?",
    "about 4,000",
    choices={
        "about 1": "The finished curve is that high. But the last wave is still to come, and it is 4,000 high itself.",
        "about 4,000": "The last wave, cos(15x/2), has the parameter −4,037 and must cancel the others.",
        "about 10,000,000,000": "Single waves are that high, but by then they have cancelled, down to 4,000.",
    },
)

_X, _BETWEEN = np.linspace(-3, 3, 50), np.linspace(-3, 3, 1000)
_TRUTH, _TRUTH_BETWEEN = (np.sinc(x) + 0.1 * x for x in (_X, _BETWEEN))
_Y = _TRUTH + 0.05 * np.random.RandomState(0).randn(50)


def _fit(harmonics: int) -> Solution:
    return solve(LeastSquares(trigonometric(_X, harmonics), _Y))


def error_of_seven(answer: object) -> Feedback:
    """The RMS residual of the fit with 7 functions."""
    seven = _fit(3)
    residual, between = seven.residual, trigonometric(_BETWEEN, 3) @ seven.theta - _TRUTH_BETWEEN
    squares = residual @ residual
    mistakes = {
        "7 pairs are 15 functions. Seven functions are the constant and 3 pairs.": _rms(_fit(7).residual),
        "6 columns came in, without the constant.": _rms(solve(LeastSquares(trigonometric(_X, 3)[:, 1:], _Y)).residual),
        "that is the mean square. Take its root.": squares / 50,
        "that is the loss, half the mean square. Double it and take the root.": squares / 100,
        "that is the length of the residual. Divide the sum of squares by n = 50 before the root.": np.sqrt(squares),
        "that divides by n − p = 43 and estimates the noise. The RMS divides by n = 50.": np.sqrt(squares / 43),
        "that is the distance from the hidden curve. Compare with the dots, y.": _rms(residual + _Y - _TRUTH),
        "that is the error between the dots, against the hidden curve. Asked is the one at the dots.": _rms(between),
    }
    praise = "Three pairs and the constant leave more than the noise of 0.05: the curve is still too stiff."
    return compare(answer, _rms(residual), mistakes, praise=praise, digits=3)


def shortest(answer: object) -> Feedback:
    """Φ⁺y for three rows (1, 2) and the target (1, 2, 3)."""
    theta = as_numbers(answer, (2,))
    if isinstance(theta, Feedback):
        return theta
    if np.allclose(theta, [0.4, 0.8]):
        return Feedback(True, "Right. It has no part along (2, −1), which Φ does not see.")
    with np.errstate(over="ignore"):
        predicted, length = theta @ [1, 2], np.linalg.norm(theta)
    if np.isclose(predicted, 2):
        sentence = f"Almost: θ₀ + 2θ₁ = 2 is right, but there is a shorter θ than yours, whose length is {length:.3g}."
        return Feedback(False, sentence)
    return Feedback(False, f"Not yet: every row predicts θ₀ + 2θ₁ = {predicted:.3g}. The best is the mean of y, 2.")


def well_placed(answer: object) -> Feedback:
    """Fifty inputs for which the 31 functions have a condition number below 2."""
    x = as_numbers(answer, (50,))
    if isinstance(x, Feedback):
        return x
    try:
        condition = LeastSquares(trigonometric(x, 15), np.zeros(50)).condition_number
    except ValueError as error:
        return Feedback(False, f"Not these: {error}.")
    span = x.max() - x.min()
    if condition < 2:
        return Feedback(True, f"Right. κ is {condition:.4f}; no 50 inputs give less than √2.")
    hint = "Cover one whole period, 4π." if span < 4 * np.pi * 0.97 else "Let them lie evenly over a period, 4π."
    return Feedback(False, f"Not yet: κ is {condition:.3g}, and your inputs span {span:.3g}. {hint}")


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
