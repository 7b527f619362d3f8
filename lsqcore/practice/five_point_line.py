"""Lesson 01."""

import numpy as np

from lsqcore import LeastSquares, iterate_at, line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, compare
from lsqcore.practice.shared.prediction import predict

_X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
_PROBLEM = LeastSquares(line(_X), 2 * _X + 1)

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
        "about 1,000": "Slower again, you thought, since it jumps too far. It jumps farther than that.",
        "about 10,000": "Much slower, you thought, since it jumps too far. It jumps farther than that.",
        "it never arrives": "Each step flies over the valley and lands higher on the other side. Drag the rate.",
    },
)


def step(answer: object) -> Feedback:
    """One step of rate 0.01 from (1, 1) on the five points."""
    start, gradient = np.array([1.0, 1.0]), _PROBLEM.gradient([1, 1])
    mistakes = {
        "you went uphill. The step is minus the learning rate times the gradient.": start + 0.01 * gradient,
        "the gradient is a mean: divide the sum by n = 5.": start - 0.05 * gradient,
        "the half in the loss cancels the 2 of the square: your step is twice too long.": start - 0.02 * gradient,
        "that is the gradient. The step starts from (1, 1) and takes 1/100 of it.": gradient,
        "that is minus the gradient. The step starts from (1, 1) and takes 1/100 of it.": -gradient,
        "the other way round: the intercept comes first, then the slope.": (start - 0.01 * gradient)[::-1],
        "that is the first step from (0, 0). Start from (1, 1).": -0.01 * _PROBLEM.gradient([0, 0]),
        "that is the move alone. Add it to (1, 1).": -0.01 * gradient,
    }
    praise = "The residuals are −1 … −5, the gradient is (−3, −11), and you land at (1.03, 1.11)."
    return compare(answer, start - 0.01 * gradient, mistakes, praise=praise)


def limit(answer: object) -> Feedback:
    """The learning-rate limit of x = 0, 1, 5 with an intercept."""
    problem = LeastSquares(line([0, 1, 5]), np.zeros(3))
    smallest, largest = problem.eigenvalues
    mistakes = {
        "that is 1/λ_max. The limit is 2/λ_max: a factor of −1 is where growth begins.": 1 / largest,
        "that uses the smallest eigenvalue. The steepest direction breaks first.": 2 / smallest,
        "that is the best rate. The limit has λ_max alone below the 2.": problem.best_learning_rate,
        "the Hessian is a mean: divide ΦᵀΦ by n = 3.": 2 / (3 * largest),
        "that is 1/λ of the sum. The limit is 2/λ_max of the mean: divide ΦᵀΦ by n = 3.": 1 / (3 * largest),
        "the column of ones is missing from the design.": 2 / np.mean(np.square([0, 1, 5])),
        "that is λ_max. The limit is 2 divided by it.": largest,
    }
    praise = f"λ_max is {largest:.4f}, and 2/λ_max is {2 / largest:.4f}."
    return compare(answer, 2 / largest, mistakes, praise=praise, digits=3)


def bad_valley(answer: object) -> Feedback:
    """Five inputs on which descent at its best rate needs more than 100,000 steps, for y = 2x + 1 from zero."""
    x = as_numbers(answer, (5,))
    if isinstance(x, Feedback):
        return x
    size = np.abs(x).max()
    if size and not 1e-70 < size < 1e70:
        return Feedback(
            False, f"Inputs of size {size:.0e} have squares that float64 cannot hold well: choose less extreme ones."
        )
    problem = LeastSquares(line(x), 2 * x + 1)
    if problem.rank < 2:
        return Feedback(False, "All inputs are equal, or as good as equal: many lines fit. Let at least one differ.")
    reached = iterate_at(problem, 100_000, learning_rate=problem.best_learning_rate)
    distance, price = np.linalg.norm(reached - [1, 2]), problem.condition_number**2
    if distance < 1e-6:
        hint = "Move the inputs far from zero, close to each other, or both."
        return Feedback(False, f"Too easy: κ(H) is {price:.3g}, and 100,000 steps are enough. {hint}")
    cure = "Centring" if 1e-3 < x.var() < 1e3 else "Centring and scaling"
    sentence = f"Right. κ(H) is {price:.3g}, and 100,000 steps end {distance:.2g} away. {cure} would cure it."
    return Feedback(True, sentence)
