"""Lesson 09."""

import numpy as np

from lsqcore import LeastSquares, gaussian_kernel, solve
from lsqcore.practice.shared.feedback import Feedback, as_numbers, compare
from lsqcore.practice.shared.prediction import predict

parameters_of_wide_bumps = predict(
    "The curve stays between −0.4 and 1. What do the parameters do as the bumps get much wider?",
    "they grow, with signs in turn",
    choices={
        "they shrink": "A wide bump covers more, so less of it seems enough. But its neighbours cover the same places: "
        "what tells them apart is small, and to make a curve of that takes huge multiples.",
        "they stay": "From 0.1 to 0.47 they hardly change. But the wider the bumps, the more alike they are, "
        "and then only huge multiples of them still differ.",
        "they grow, with signs in turn": "Wide bumps are nearly alike: only huge multiples of them still differ.",
    },
)

width_nearest_to_the_truth = predict(
    "With a penalty of 10⁻¹⁶, which bandwidth is nearest to the truth?",
    2.0,
    because="Wide bumps can only make smooth curves, and the true curve is smooth.",
    panel="error",
    hides=["error"],
)

width_by_leave_one_out = predict(
    "Which bandwidth does leave-one-out choose?",
    0.33,
    because="But look how flat the valley is: its other end predicts as well.",
    panel="map",
    hides=["map"],
)
_GOAL = 0.03  # root mean square distance from the true curve


def bump(answer: object) -> Feedback:
    """The height at x = 1 of a bump at 1.6 with h = 0.3."""
    mistakes = {
        "the exponent has a 2 below: it is −d²/2h².": np.exp(-4),
        "the distance is squared, and so is the bandwidth.": np.exp(-1),
        "the bandwidth is squared too.": np.exp(-(0.6**2) / (2 * 0.3)),
        "the exponent is negative: a bump falls off.": np.exp(2),
        "that is the exponent. Take e to it.": -2,
        "there is no factor in front: the bump has height 1 at its top.": np.exp(-2) / (0.3 * np.sqrt(2 * np.pi)),
    }
    praise = "Two bandwidths away a bump has fallen to e⁻² ≈ 0.135."
    return compare(answer, np.exp(-2), mistakes, praise=praise, digits=2)


def two_bumps(answer: object) -> Feedback:
    """The parameters of bumps at 0 and 1, h = 1, whose sum is 1 at 0 and 0 at 1."""
    matrix, heights = gaussian_kernel([0, 1], [0, 1], 1), np.array([1.0, 0.0])
    right = np.linalg.solve(matrix, heights)
    no_half = np.linalg.solve(matrix**2, heights)
    mistakes = {
        "each bump reaches the place of the other: the parameters are not the heights.": heights,
        "that is K times the heights. Solve Kθ = heights instead.": matrix @ heights,
        "the second bump has to push down.": abs(right),
        "the other way round: the sum is to be 1 at the first place.": right[::-1],
        "the exponent is −d²/2h²: with h = 1 and d = 1 it is −1/2.": no_half,
    }
    praise = "The second bump is negative: it pushes the first one down."
    return compare(answer, right, mistakes, praise=praise, digits=2)


def choice(answer: object) -> Feedback:
    """A bandwidth and a penalty whose curve through the fifty points is less than 0.03 off the truth."""
    pair = as_numbers(answer, (2,))
    if isinstance(pair, Feedback):
        return pair
    bandwidth, penalty = map(float, pair)
    try:
        off, off_data, rank = _errors(bandwidth, penalty)
    except ValueError as error:
        return Feedback(False, f"Expected a bandwidth > 0 and a penalty ≥ 0: {error}.")
    measured = f"The curve is {off:.3f} off the truth and {off_data:.3f} off the points"
    if off < _GOAL and rank < 50:
        dropped = f"it is the {50 - rank} directions that `solve` drops which calm the curve, not the penalty"
        return Feedback(True, f"Right. {measured}. But {dropped}.")
    if off < _GOAL:
        return Feedback(True, f"Right. {measured}: it leaves the noise of 0.05 alone.")
    if bandwidth < 0.34:
        return Feedback(False, f"Too narrow. {measured}: with such bumps no penalty is enough. Make them wider.")
    if off_data > 0.055:
        return Feedback(False, f"Too stiff. {measured}, more than the noise: a smaller penalty or bandwidth.")
    return Feedback(False, f"Not yet. {measured}: the noise is followed. A larger penalty, or wider bumps.")


def _errors(bandwidth: float, penalty: float) -> tuple[float, float, int]:
    """Root mean square distance from the true curve and from the points of the lesson, and the rank of the fit."""
    x, test = np.linspace(-3, 3, 50), np.linspace(-3, 3, 1000)
    truth = np.sinc(test) + 0.1 * test
    y = np.sinc(x) + 0.1 * x + 0.05 * np.random.RandomState(0).randn(50)
    problem = LeastSquares(gaussian_kernel(x, x, bandwidth), y)
    solution = solve(problem.with_ridge(penalty))
    fitted = gaussian_kernel(test, x, bandwidth) @ solution.theta
    off, off_data = np.sqrt(np.mean((fitted - truth) ** 2)), np.sqrt(2 * problem.loss(solution.theta))
    return float(off), float(off_data), solution.rank
