"""Lesson 07."""

import numpy as np

from lsqcore import LeastSquares, line, solve
from lsqcore.practice.shared.feedback import Feedback, compare
from lsqcore.practice.shared.prediction import predict

shortest_stick = predict(
    "Where on the sheet is the stick from y shortest?",
    "where it is at right angles to the sheet",
    choices={
        "where it points along a column": "A prediction moves along the columns, but y lies above the sheet: "
        "no stick from y to the sheet points along a column.",
        "where it is at right angles to the sheet": "Any other stick is the longest side of a right triangle "
        "with the shortest one.",
    },
)

noise_of_close_inputs = predict(
    "As the spread goes to 0, what happens to the noise in θ?",
    "it grows without bound, and at exactly 0 it is small",
    choices={
        "it grows without bound, also at exactly 0": "So it does for every spread above 0. At exactly 0 there is no "
        "1/σ: a direction with σ = 0 is dropped, noise and all.",
        "it grows without bound, and at exactly 0 it is small": "1/σ grows without bound; but a direction with σ = 0 "
        "is dropped, noise and all.",
        "it shrinks to nothing": "The predictions shrink in that direction, by σ. On the way back σ divides: the noise "
        "in θ grows.",
    },
)

iteration_nearest_to_ridge = predict(
    "At rate 1: after how many iterations is descent nearest to ridge with penalty 0.01?",
    62,
    unit="iterations",
    because="The rule of thumb is 1/(rate · penalty) = 100, and the nearest comes a little earlier.",
)

_LINES = LeastSquares(line([-1, 0, 1]), [3, 0, 0])
_SIGMA, _ROWS = 2.0, 50


def shadow(answer: object) -> Feedback:
    """The projection of (3, 0, 0) onto the lines over x = −1, 0, 1."""
    target = _LINES.target
    right = _LINES.project(target)
    mistakes = {
        "that is the residual, prediction minus target. The shadow is the prediction.": right - target,
        "that is the stick from the shadow to the data. The shadow is its foot.": target - right,
        "that is the mean alone: the sheet has the column x as well.": np.full(3, target.mean()),
        "that is the part along x alone: add the mean.": right - target.mean(),
        "the slope is a sum divided by Σx² = 2, not by n = 3.": target.mean() - np.array([-1, 0, 1]),
        "the slope is a sum divided by Σx² = 2: yours is not divided.": target.mean() - 3 * np.array([-1, 0, 1]),
        "the slope has the other sign: the large value is on the left.": right[::-1],
        "those are the data: they are not on the sheet.": target,
        "that is θ, intercept and slope. The shadow is the prediction Φθ at the three x.": solve(_LINES).theta,
    }
    return compare(answer, right, mistakes, praise="Mean 1, slope −3/2, and the stick (1/2, −1, 1/2) is upright.")


def average(answer: object) -> Feedback:
    """E[θ] of the pseudo-inverse for the columns 1, x, x and θ* = (1, 2, 6)."""
    mistakes = {
        "the predictions cannot tell 2 + 6 from 6 + 2, so θ* itself is not found.": [1, 2, 6],
        "this gives the right predictions, but a shorter θ does so too.": [1, 8, 0],
        "this gives the right predictions, but a shorter θ gives them also.": [1, 0, 8],
        "the same columns share the sum 8, they do not each have it.": [1, 8, 8],
        "the column of ones differs from x: its parameter is determined and stays 1.": [3, 3, 3],
    }
    return compare(answer, [1, 4, 4], mistakes, praise="The sum 8 is determined, the difference is dropped.")


def half_way(answer: object) -> Feedback:
    """The penalty at which ridge lets half of a direction through, σ = 2 and n = 50."""
    eigenvalue = _SIGMA**2 / _ROWS
    mistakes = {
        "that is σ². With the loss as a mean the filter sees λ = σ²/n; this would be scikit-learn's alpha.": _SIGMA**2,
        "that is half of it. The filter sees σ², not σ, and the half in J leaves no factor ½.": _SIGMA / _ROWS,
        "that is σ/√n: square it.": _SIGMA / np.sqrt(_ROWS),
        "the penalty is in J with a half, as the loss is: no factor 2 is left.": 2 * eigenvalue,
        "that is n/σ²: the other way up.": 1 / eigenvalue,
        "that is σ. The filter compares the penalty with the eigenvalue λ = σ²/n.": _SIGMA,
        "that is the half itself. Which ρ makes λ/(λ + ρ) one half?": 0.5,
    }
    return compare(answer, eigenvalue, mistakes, praise="λ/(λ + ρ) is ½ where ρ = λ = σ²/n = 0.08.")
