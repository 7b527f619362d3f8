"""Lesson 06."""

import numpy as np

from lsqcore import LeastSquares, line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, compare
from lsqcore.practice.shared.prediction import predict

share_of_the_bad_one = predict(
    "Which share of the average should the bad thermometer get?",
    0.99,
    unit="%",
    because="Ten times the standard deviation is a hundred times the variance: shares 100 to 1.",
    panel="spread",
    hides=["spread"],
)

worth_of_the_right_weights = predict(
    "Equal weights instead of 1/σ²: how many times as many dots for the same intercept?",
    21.8,
    unit="times",
    because="The standard deviation is 0.256 instead of 0.055, and it falls with the root of n.",
)


def best_number(answer: object) -> Feedback:
    """The best average of 20.4 ± 0.2 and 21.2 ± 0.6."""
    mistakes = {
        "that is the plain average. The first reading is the better one.": 20.8,
        "those are weights 1/σ. The weights are 1/σ².": 20.6,
        "those are weights σ²: the bad reading counts most. Turn them over.": 21.12,
        "those are weights σ. Turn them over, and square.": 21.0,
        "that is the good reading alone. The other one is worth a little, too.": 20.4,
    }
    return compare(answer, 20.48, mistakes, praise="The shares are 9/10 and 1/10.", digits=3)


def three_weights(answer: object) -> Feedback:
    """Weights for the standard deviations 1, 2, 4, up to a common factor."""
    sigma = np.array([1.0, 2.0, 4.0])
    mistakes = {
        "that is 1/σ, what `numpy.polyfit` wants. A weight here multiplies the square: 1/σ².": 1 / sigma,
        "those are the variances. The weights are one over them.": sigma**2,
        "those are the standard deviations. The weights are 1/σ².": sigma,
        "equal weights are best for equal noise only.": np.ones(3),
        "you squared twice: 1/σ⁴. The weights are 1/σ².": sigma**-4,
    }
    weights = as_numbers(answer, (3,))
    if isinstance(weights, Feedback):
        return weights
    if weights.min() < 0 or weights.max() == 0:
        return Feedback(False, "Weights are not negative, and one at least is above 0.")

    # A common factor is free: all are brought to the largest weight of the answer.
    mistakes = {mistake: value / value.max() * weights.max() for mistake, value in mistakes.items()}
    return compare(weights, sigma**-2 * weights.max(), mistakes, praise="16, 4, 1 or any multiple.", digits=1)


def too_few(answer: object) -> Feedback:
    """Five weights that leave the line at x = 0 … 4 undetermined."""
    weights = as_numbers(answer, (5,))
    if isinstance(weights, Feedback):
        return weights
    if weights.min() < 0 or weights.max() == 0:
        return Feedback(False, "Weights are not negative, and one at least is above 0.")
    shares, positive = weights / weights.max(), np.count_nonzero(weights)  # only their ratios count
    if LeastSquares(line(np.arange(5)), np.zeros(5), shares).rank == 2:
        return Feedback(False, f"Not yet: {positive} weights are above zero, and two dots carry a line.")
    if positive > 1:
        return Feedback(
            False,
            f"Almost: {positive} weights are above zero. Some are so small that rounding hides them. Make them 0.",
        )
    return Feedback(True, "Right. One dot is left, and every line through it is as good as any other.")
