"""Lesson 03."""

import numpy as np

from lsqcore import LeastSquares
from lsqcore.practice.shared.feedback import Feedback, call, compare
from lsqcore.practice.shared.prediction import predict

slope_with_the_right_sign = predict(
    "With the right sign, which slope does the program settle at?",
    "near 6",
    choices={
        "near 3": "The points were made with 3, but this line must go through zero, and they do not.",
        "near 4": "4 is the intercept of the points. The program has none, and to make up for it adds 3 to its slope.",
        "near 6": "It settles, but not at 3: the second case says why.",
        "it still runs away": "The sign was its only reason to climb: the rate 0.01 is far below the limit of 1.5.",
    },
)

slope_held_at_two = predict(
    "Held at 0 the best slope is 6.01, held at 4 it is near 3. And held at 2?",
    4.51,
    because="The best slope is a straight-line function of the intercept that is held.",
)

limit_with_louder_noise = predict(
    "The noise grows to three times its size. What happens to the learning-rate limit?",
    "it stays the same",
    choices={
        "it falls to a third": "A louder cloud looks less safe to walk on, but the limit comes from the inputs alone.",
        "it falls to a ninth": "The loss has the noise squared, and is lifted. The curvature, and so the limit, stays.",
        "it stays the same": "The limit is 2/λ_max of ΦᵀΦ/n. The target, and so the noise, is not in it.",
        "it grows": "Noise makes the loss higher, not flatter: only a flatter loss would have a larger limit.",
    },
)

distance_of_the_loss_rule = predict(
    "Rate 0.01, threshold 10⁻⁶. How far from the best line does the loss rule stop?",
    0.064,
    because="64,000 times the threshold: the fall goes with the square of the distance.",
    panel="far",
    axis="y",
)


def curvature(answer: object) -> Feedback:
    """λ from losses that grow by 2.25 a step, at learning rate 0.05 and with the wrong sign."""
    mistakes = {
        "the loss goes with the square of the error: take the root of 2.25 first.": 1.25 / 0.05,
        "that is 1 − αλ = −1.5, a right sign past the limit. Here the sign is wrong: 1 + αλ = 1.5.": 2.5 / 0.05,
        "that is the factor of the error, 1 + αλ. Take off the 1, and divide by α.": 1.5,
        "that is αλ. Divide it by the learning rate 0.05.": 0.5,
        "take off the 1 before you divide by the learning rate.": 1.5 / 0.05,
    }
    return compare(answer, 10.0, mistakes, praise="The error grows by √2.25 = 1.5 = 1 + 0.05 · 10.")


def slope_through_zero(answer: object) -> Feedback:
    """The slope that a model without intercept finds for y = 10 + 2x, x even over [0, 3]."""
    mistakes = {
        "that is the slope with an intercept. Without one, the missing 10 goes into the slope.": 2.0,
        "that is the mean of y over the mean of x. Least squares takes the mean of xy over that of x².": 13 / 1.5,
        "that adds the whole intercept. It counts times the mean of x over the mean of x².": 12.0,
        "that is what the intercept adds. The slope 2 is still there.": 5.0,
        "the mean of x² over [0, 3] is 9/3 = 3, not 9.": 2 + 15 / 9,
        "the mean of x over [0, 3] is 3/2, not 1.": 2 + 10 / 3,
    }
    praise = "2 + 10 · (3/2)/3: the missing intercept went into the slope."
    return compare(answer, 7.0, mistakes, praise=praise, digits=2)


def gradient(answer: object) -> Feedback:
    """The gradient of J as a function of design, target and theta, tried on 6 rows of 2 features."""
    rng = np.random.default_rng(0)
    design, target, theta = rng.normal(size=(6, 2)), rng.normal(size=6), rng.normal(size=2)
    right = LeastSquares(design, target).gradient(theta)
    mistakes = {
        "the sign is wrong, as in the first case: residual is prediction minus target.": -right,
        "the 1/n is missing: that is the gradient of half the sum.": 6 * right,
        "the half of J cancels the 2: that is the gradient of the mean square.": 2 * right,
        "that is the gradient of the sum of squares, as in the fourth case: halve it, and divide by n.": 12 * right,
        "divide by the number of rows, not of columns.": 3 * right,
        "the sign and the 1/n are wrong.": -6 * right,
        "the sign is wrong, and the half of J cancels the 2.": -2 * right,
        "the square brings a factor 2, which the half of J cancels: nothing is left to halve.": right / 2,
        "that is the residual. Take it back through the transposed design.": design @ theta - target,
    }
    praise = "It is the gradient of J, on data it had not seen."
    return compare(call(answer, design, target, theta), right, mistakes, praise=praise)
