"""Lesson 04."""

import numpy as np

from lsqcore import LeastSquares, line
from lsqcore.practice.shared.feedback import Feedback, compare
from lsqcore.practice.shared.prediction import predict

steps_to_a_millionth = predict(
    "At rate 0.01, how many iterations until θ is within a millionth of (0, 1)?",
    10_731,
    unit="iterations",
    because="Each step leaves 99.88 % of the slow error.",
    panel="far",
)

digits_of_the_inverse = predict(
    "κ is 2·10⁷ and numbers have 16 digits. How many right digits does the inverse leave?",
    "one or none",
    choices={
        "about 9": "That is what QR leaves: κ eats 7 digits of 16. The inverse works with κ², which eats 7 more.",
        "about 5": "The inverse loses more than QR, but not half as much again: κ² eats twice 7.3 digits.",
        "one or none": "16 − 2 · 7.3 is about 1. QR keeps about 9.",
    },
    hides=["digits"],
)

fewest_operations = predict(
    "10,000 columns, κ = 30, three digits: which way spends the fewest operations?",
    "conjugate gradient",
    choices={
        "normal equations": "Once is enough, but np² alone is 2·10¹²: 20 times what conjugate gradient spends.",
        "QR": "It takes good care of digits, and only three are wanted: it costs more than the normal equations.",
        "descent": "Its steps are cheap, but κ² = 900 asks for 3,100 of them, and it ends near the direct ways.",
        "conjugate gradient": "It needs about 114 steps. Plain descent needs 3,100, and ends near the direct ways.",
    },
    hides=["race"],
)


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
