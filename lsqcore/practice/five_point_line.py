"""Lesson 01."""

from math import dist

import numpy as np

from lsqcore import LeastSquares, iterate_at, line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

_X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
_PROBLEM, _BEST = LeastSquares(line(_X), 2 * _X + 1), np.array([1.0, 2.0])

which_slope = predict(
    "The best line has intercept 1 and slope 2. Hold its intercept at 0. Which slope is best now?",
    "more than 2",
    choices={
        "less than 2": "A lower intercept and a smaller slope would both pull the line below the dots.",
        "2": "With slope 2 the line would lie below every dot, by 1. A steeper one gains on the dots at the right.",
        "more than 2": "It is 25/11, about 2.27: the slope makes up for what the intercept lacks.",
    },
)
twenty_times = predict(
    "Rate 0.01 needs 7,667 steps, and 0.1 needs 761. How many does rate 0.2 need, from the same start?",
    "it never arrives",
    choices={
        "about 380": "Twice the rate, half the steps: that held from 0.01 to 0.1, but not for ever.",
        "about 1,000": "A step too long has to come back, and that takes time. But the step back is longer still.",
        "about 10,000": "Much slower, you thought, since it jumps too far. But then the next jump goes farther.",
        "it never arrives": "Each step flies over the valley and lands higher on the other side. Drag the rate.",
    },
)


def resting_point(answer: object) -> Feedback:
    """Where descent on D1's printed gradient of the five points ends, from zero at rate 0.01."""
    slopes, constants = np.array([[4, 14], [35.6, 142.4]]), np.array([1 - 7, 4 - 31.4])
    right, walk = -np.linalg.solve(slopes, constants), np.zeros((1500, 2))
    own = iterate_at(_PROBLEM, 1000, learning_rate=0.01)
    for k in range(1499):
        walk[k + 1] = walk[k] - 0.01 * (slopes @ walk[k] + constants)
    mistakes = {
        "that is where the true gradient is 0. Walk with the printed one.": _BEST,
        "that is its first step. Walk on, until nothing changes.": -0.01 * constants,
        "the sign is wrong: at rest, the terms with θ and the constants add up to 0.": -right,
        "the constants are 1 − 7 and 4 − 31.4.": np.linalg.solve(slopes, [7, 31.4]),
        "the other way round: the intercept comes first, then the slope.": right[::-1],
    }
    if compare(answer, own, {}, praise="", digits=3).right:
        return Feedback(False, "Almost: that is 1,000 steps with the right gradient. Walk with the printed one.")
    praise = (
        f"The loss there is {_PROBLEM.loss(right):.2f}, and the line falls while the dots rise. "
        "A first step with a lower loss proves nothing. A gradient that is not 0 at (1, 2) is refuted."
    )
    feedback, given = compare(answer, right, mistakes, praise=praise, digits=3), as_numbers(answer, (2,))
    if not feedback.right and not isinstance(given, Feedback):
        off = np.abs(walk - given).max(axis=1)
        k = int(off.argmin())
        if k > 1 and off[k] < 0.0051:  # to two decimals
            hint = "Walk on, or ask where the printed gradient is 0."
            return Feedback(False, f"Almost: after about {k:,} steps the walk is there, and still moves. {hint}")
    return feedback


def gradient(answer: object) -> Feedback:
    """The gradient of J as a function of design, target and theta, tried on 7 rows of 3 columns."""
    rng = np.random.default_rng(0)
    design, target, theta = rng.normal(size=(7, 3)), rng.normal(size=7), rng.normal(size=3)
    right = LeastSquares(design, target).gradient(theta)
    nudged = right + 1e-6 * np.mean(design**2, axis=0) / 2  # what a nudge of 1e-6 measures
    mistakes = {
        "the sign is wrong: a residual is prediction minus target, and the gradient points uphill.": -right,
        "the 1/n is missing: a mean is asked, not a sum.": 7 * right,
        "the half of J cancels the 2 of the square: that is twice the gradient.": 2 * right,
        "that is the gradient of the sum of squares: halve it, and divide by n.": 14 * right,
        "divide by the number of rows, not of columns.": 7 / 3 * right,
        "the sign is wrong, and the 1/n is missing.": -7 * right,
        "the sign is wrong, and the half of J cancels the 2.": -2 * right,
        "the sign is wrong, and the half of J is used up by the square: nothing is left to halve.": -right / 2,
        "the square brings a factor 2, which the half of J cancels: nothing is left to halve.": right / 2,
        "it is near and not exact, as nudges are, or fewer digits. Write the mean of r with each column.": nudged,
        "that is the residual. Each entry of the gradient is its mean with one column.": design @ theta - target,
    }
    praise = "It is the gradient of J, on data and on a number of columns that it had not seen."
    return compare(call(answer, design, target, theta), right, mistakes, praise=praise)


def quickest_start(answer: object) -> Feedback:
    """A start at distance 1 from (1, 2) that comes within 0.1 of it in the fewest steps of rate 0.01."""
    start = as_numbers(answer, (2,))
    if isinstance(start, Feedback):
        return start
    distance = dist(start, _BEST)
    if abs(distance - 1) > 0.01:
        move_alone = abs(dist(start, (0, 0)) - 1) <= 0.01
        hint = " It is at distance 1 from (0, 0): add it to (1, 2)." if move_alone else ""
        return Feedback(False, f"Not yet: its distance from (1, 2) is {distance:.3g}, and 1 is asked.{hint}")
    away = (start - _BEST) / distance
    across, along = _PROBLEM.directions[2]  # from steep to flat
    steps, fewest, most = (_steps_from(_BEST + each) for each in (away, across, along))
    if steps == fewest:
        praise = (
            f"{steps} steps, and no start at distance 1 needs fewer. Straight across the valley the loss is highest"
        )
        return Feedback(True, f"Right. {praise}: steep ground, long steps. Along the valley it takes {most:,}.")
    hint = "Part of its way lies along the valley, where the ground is nearly flat and steps are short."
    if abs(along @ away) > 0.9:
        hint = "It lies along the valley: there the loss is lowest, the ground nearly flat, and steps are short."
    return Feedback(False, f"Not yet: from there it takes {steps:,} steps, and there is a start with fewer. {hint}")


def _steps_from(start: np.ndarray) -> int:
    thetas = iterate_at(_PROBLEM, range(2000), learning_rate=0.01, start=start)
    return int(np.argmax(np.linalg.norm(thetas - _BEST, axis=1) < 0.1))
