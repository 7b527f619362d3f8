"""Lesson 13."""

import numpy as np

from lsqcore.design import line
from lsqcore.practice.shared.feedback import Feedback, compare
from lsqcore.practice.shared.prediction import predict

heavy_ball_past_the_limit = predict(
    "Learning rate 3, where plain descent diverges. What does a heavy ball with momentum 0.8 do?",
    "it converges",
    choices={
        "it diverges sooner": "Momentum looks like a longer step. But past plain's limit the steps change sign, and a "
        "share of the last one takes something off the next.",
        "it diverges later": "Momentum looks like a brake on the same runaway. But it moves the limit itself, "
        "to 2(1 + momentum)/λ_max = 3.6.",
        "it circles for ever": "It would with a momentum of 1, which forgets nothing. With 0.8 the circles shrink.",
        "it converges": "Its limit is 2(1 + momentum)/λ_max = 3.6: memory damps the overshoot.",
    },
)

steps_of_conjugate_gradient = predict(
    "Ten dimensions, ten different eigenvalues: after how many steps has it arrived?",
    10,
    unit="steps",
    because="A polynomial of degree 10 can be zero at ten eigenvalues; one of degree 9 cannot.",
    panel="error",
)

newton_between_two_valleys = predict(
    "Plain descent brings 52 % of the walkers to the deep valley. How many does Newton bring?",
    "fewer",
    choices={
        "all": "It would have to know which valley is deep. Like descent, it only sees the place where it stands.",
        "more": "It uses the curvature, so it seems to see farther. But it looks for any place where the slope is 0, "
        "and 22 % find the hilltop.",
        "as many": "Each seems to run down its own side. But around the hilltop the curvature is negative, and there "
        "Newton climbs.",
        "fewer": "38 %. It looks for flat places, and a hilltop is flat too: 22 % climb to it.",
    },
)

starts_for_an_even_chance = predict(
    "One start in a hundred finds the deepest valley. How many starts for an even chance?",
    72,
    unit="starts",
    because="(1 − 0.0096)⁷² is just below a half: chances multiply, they do not add.",
    panel="odds",
)


def heavy_ball(answer: object) -> Feedback:
    """The heavy ball's best learning rate and momentum for eigenvalues 1, 4 and 100."""
    if isinstance(answer, dict) and answer.keys() == {"learning_rate", "momentum"}:  # as `best_heavy_ball` gives them
        answer = answer["learning_rate"], answer["momentum"]
    rate, momentum = 4 / (10 + 1) ** 2, ((10 - 1) / (10 + 1)) ** 2
    mistakes = {
        "the momentum is the square of that ratio.": (rate, 9 / 11),
        "the formulas take the roots of the eigenvalues, 1 and 10.": (4 / 101**2, (99 / 101) ** 2),
        "the formulas take the roots of the eigenvalues, also in the momentum.": (rate, (99 / 101) ** 2),
        "the square is missing in the learning rate: 4 is divided by the square of the sum.": (4 / 11, momentum),
        "both are without their squares.": (4 / 11, 9 / 11),
        "that is the best rate of plain descent. With momentum a larger one is best.": (2 / 101, momentum),
        "that is plain descent's best. The heavy ball wants a momentum.": (2 / 101, 0),
        "the smallest eigenvalue counts, not the middle one.": (4 / 12**2, (8 / 12) ** 2),
        "the learning rate comes first, then the momentum.": (momentum, rate),
    }
    praise = "α = 4/121 = 0.0331 and β = 81/121 = 0.6694: a step leaves √β = 0.818 of the worst direction."
    return compare(answer, (rate, momentum), mistakes, praise=praise, digits=2)


def starts(answer: object) -> Feedback:
    """How many starts find, with a chance of 95 %, what one start in 25 finds."""
    needed = np.ceil(np.log(0.05) / np.log(0.96))
    mistakes = {
        "73 starts have a chance of 94.9 %. Round up.": needed - 1,
        "a start is a whole number. Round up.": np.log(0.05) / np.log(0.96),
        "chances do not add: 0.95/0.04 starts would, if no two ever found it together.": 24,
        "chances do not add: 0.95/0.04 is what they would need if they did.": 0.95 / 0.04,
        "25 starts find it once on average, but miss it with a chance of 0.96²⁵ = 36 %.": 25,
        "that many starts find it with a chance of 5 %. All of them must miss with 5 %.": 2,
    }
    praise = "0.96⁷⁴ = 0.0488: less than 5 % that all of them miss."
    return compare(answer, needed, mistakes, praise=praise)


def cross_entropy(answer: object) -> Feedback:
    """The gradient of the cross-entropy at θ = 0, for 1, 2, 3, 6 hours and the results 0, 1, 1, 1."""
    design, passed = line([1, 2, 3, 6]), np.array([0, 1, 1, 1])
    right = design.T @ (0.5 - passed) / 4
    mistakes = {
        "the sign. It is prediction minus target.": -right,
        "the gradient is a mean: divide the sum by n = 4.": 4 * right,
        "at θ = 0 the chance of each learner is 1/2, not 0.": design.T @ (0 - passed) / 4,
        "the chances lie between 0 and 1: there is no factor c(1 − c), that belongs to the curvature.": right / 4,
        "the slope comes second: the first entry belongs to the column of ones.": right[::-1],
        "the column of ones is missing from the design: its entry is the mean of c − y.": np.array([0, right[1]]),
        "the other axis: the mean is over the learners, not over the columns of the design.": 2 * right,
    }
    praise = "The mean of c − y is −1/4, the mean of (c − y)·hours is −5/4."
    return compare(answer, right, mistakes, praise=praise)
