"""Lesson 03."""

import numpy as np

from lsqcore import LeastSquares, line
from lsqcore.practice.shared.feedback import Feedback, compare


def digits_of_both(answer: object) -> Feedback:
    """Digits that the normal equations and QR leave at κ = 10⁵."""
    mistakes = {
        "the other way round: the normal equations lose more.": [11, 6],
        "the normal equations work with κ², so they lose twice as many.": [11, 11],
        "QR works with Φ itself, so it loses log₁₀κ only.": [6, 6],
        "those are the digits lost. Subtract them from 16.": [10, 5],
    }
    return compare(answer, [6, 11], mistakes, praise="16 − 2·5 and 16 − 5.", within=1.0)


def steps_of_descent(answer: object) -> Feedback:
    """Steps to a relative error of 10⁻⁶ at κ = 30, best rate, worst start."""
    mistakes = {
        "descent goes with κ(H) = κ² = 900, not with κ.": 0.5 * 30 * np.log(1e6),
        "take the natural logarithm of 10⁶: 13.8, not 6.": 0.5 * 900 * 6,
        "the half is missing: both ends of the spectrum share the best rate.": 900 * np.log(1e6),
        "that is κ(H). Multiply by ½ ln 10⁶.": 900,
    }
    praise = "½ · 900 · 13.8: about 6,200 steps."
    return compare(answer, 0.5 * 900 * np.log(1e6), mistakes, praise=praise, digits=1)


def limit_of_the_sum(answer: object) -> Feedback:
    """The learning-rate limit of descent on ‖Xw − y‖² for the points 1, 2, 3."""
    limit = LeastSquares(line([1, 2, 3]), [1, 2, 3]).learning_rate_limit
    mistakes = {
        "that is the limit of our loss, with its 1/2n. The sum is 2m = 6 times as steep.": limit,
        "the square brings a factor 2 as well: 2m, not m.": limit / 3,
        "the sum over m = 3 rows brings a factor too: 2m, not 2.": limit / 2,
        "the wrong way round: steeper needs a smaller rate.": 6 * limit,
    }
    praise = "A sixth: name the loss before you name a rate."
    return compare(answer, limit / 6, mistakes, praise=praise, digits=2)
