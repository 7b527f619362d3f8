"""Lesson 05."""

import numpy as np
from numpy.typing import ArrayLike

from lsqcore import LeastSquares, line
from lsqcore.practice.feedback import NOT_ANSWERED, Feedback, compare


def best_number(answer: ArrayLike) -> Feedback:
    """The best average of 20.4 ± 0.2 and 21.2 ± 0.6."""
    mistakes = {
        "that is the plain average. The first reading is the better one.": 20.8,
        "those are weights 1/σ. The weights are 1/σ².": 20.6,
        "those are weights σ²: the bad reading counts most. Turn them over.": 21.12,
        "those are weights σ. Turn them over, and square.": 21.0,
        "that is the good reading alone. The other one is worth a little, too.": 20.4,
    }
    return compare(answer, 20.48, mistakes, praise="The shares are 9/10 and 1/10.", rtol=1e-4)


def three_weights(answer: ArrayLike) -> Feedback:
    """Weights for the standard deviations 1, 2, 4, up to a common factor."""
    sigma = np.array([1.0, 2.0, 4.0])
    mistakes = {
        "that is 1/σ, what `numpy.polyfit` wants. A weight here multiplies the square: 1/σ².": 1 / sigma,
        "those are the variances. The weights are one over them.": sigma**2,
        "those are the standard deviations. The weights are 1/σ².": sigma,
        "equal weights are best for equal noise only.": np.ones(3),
        "you squared twice: 1/σ⁴. The weights are 1/σ².": sigma**-4,
    }
    try:
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return compare(answer, sigma**-2, mistakes)
    if given.shape == (3,):
        if not (np.isfinite(given).all() and given.min() >= 0 and given[0] > 0):
            return Feedback(
                False, f"Weights are finite and not negative, and the first is above 0, but {answer!r} came."
            )
        answer = given / given[0]
    return compare(answer, sigma**-2, mistakes, praise="16, 4, 1 or any multiple.")


def too_few(answer: ArrayLike) -> Feedback:
    """Five weights that leave the line at x = 0 … 4 undetermined."""
    if answer is ...:
        return NOT_ANSWERED
    try:
        problem = LeastSquares(line(np.arange(5)), np.zeros(5), answer)
    except (TypeError, ValueError) as error:
        return Feedback(False, f"Not these: {error}.")
    positive = int(np.count_nonzero(problem.weights))
    if problem.rank == 2:
        return Feedback(False, f"Not yet: {positive} weights are above zero, and two dots carry a line.")
    if positive > 1:
        return Feedback(
            False,
            f"Almost: {positive} weights are above zero. Some are so small that rounding hides them. Make them 0.",
        )
    return Feedback(True, "Right. One dot is left, and every line through it is as good as any other.")
