"""Lesson 10."""

import numpy as np

from lsqcore import LeastSquares, Status, gaussian_kernel, stochastic_gradient_descent
from lsqcore.practice.shared.feedback import Feedback, as_numbers, compare
from lsqcore.practice.shared.prediction import predict

spread_of_the_stops = predict(
    "Over 200 runs: by what factor do the earliest and the latest stop differ?",
    "more than 1,000",
    choices={
        "1.1": "It would be so if the rule saw the curve arrive. It sees one step, so one drawn dot.",
        "2": "Same dots, same rate: so about the same time? But the order differs, and one lucky draw ends a run.",
        "about 20": "The middle nine tenths of the runs are about as far apart. The earliest and the latest are not: "
        "they stop at step 6 and at step 58,070.",
        "more than 1,000": "The earliest stops at step 6, the latest at step 58,070.",
    },
)

steps_to_the_best_curve = predict(
    "After how many steps is the mean curve nearest to the truth?",
    295,
    unit="steps",
    because="The minimum is flat. After it, descent learns the noise.",
    panel="error",
)

_X = np.linspace(-3, 3, 50)
_TARGET = np.sinc(_X) + 0.1 * _X + 0.05 * np.random.RandomState(0).randn(50)
_PROBLEM = LeastSquares(gaussian_kernel(_X, _X, 0.3), _TARGET)
_SQUARES = np.square(_PROBLEM.design).sum(axis=1)  # ‖φᵢ‖²


def two_draws(answer: object) -> Feedback:
    """The residual of dot 25 after two steps of rate 0.1 from zero, both at that dot."""
    first, square = -_TARGET[25], _SQUARES[25]
    factor = 1 - 0.1 * square
    mistakes = {
        "the residual is prediction minus target, so it starts at −y.": -first * factor**2,
        "that is after one step. The dot is drawn twice.": first * factor,
        "the second step takes a share of what the first has left: multiply the factor, do not add the steps.": first
        * (1 - 0.2 * square),
        "the factor is 1 − α‖φ‖², with the square of the length.": first * (1 - 0.1 * np.sqrt(square)) ** 2,
        "a step of SGD uses the one residual as it is: no division by n.": first * (1 - 0.1 * square / 50) ** 2,
        "you went uphill: the factor is 1 − α‖φ‖².": first * (1 + 0.1 * square) ** 2,
    }
    praise = f"Each draw leaves {factor:.3f} of it."
    return compare(answer, first * factor**2, mistakes, praise=praise, digits=3)


def never_drawn(answer: object) -> Feedback:
    """The mean share of 50 dots that 50 draws with replacement leave out."""
    missed = (1 - 1 / 50) ** 50
    mistakes = {
        "that is without replacement. Here a dot may come twice, and another not at all.": 0.0,
        "that is the share that is drawn. Asked is the rest.": 1 - missed,
        "that is the chance to be drawn in one draw.": 1 / 50,
        "that is the chance to be left out of one draw. There are 50.": 1 - 1 / 50,
        "that is in percent. Give a share from 0 to 1.": 100 * missed,
        "that is the limit for many dots. For 50 it is a little less.": np.exp(-1),
    }
    praise = "(1 − 1/50)⁵⁰: after ten such rounds hardly a dot is left out."
    return compare(answer, missed, mistakes, praise=praise, digits=2)


def fooled(answer: object) -> Feedback:
    """A learning rate at which a quarter of 200 runs stop within 100 steps."""
    rate = as_numbers(answer, ())
    if isinstance(rate, Feedback):
        return rate
    rate, limit = float(rate), 2 / _SQUARES.max()
    if rate <= 0:
        return Feedback(False, f"A learning rate is above 0, but {rate:g} came.")
    if rate >= limit:
        return Feedback(False, f"That is not below the limit {limit:.4f}.")
    ended = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        settings = dict(start=rng.standard_normal(50), rng=rng, steps=100, tolerance=1e-6, keep=[])
        path = stochastic_gradient_descent(_PROBLEM, learning_rate=rate, **settings)
        ended += path.status is Status.TOLERANCE_MET
    count = f"Within 100 steps {ended} of 200 runs stop"
    if ended < 50:
        hint = "At which rate does a step leave nothing of its own residual, and what if the same dot comes again?"
        return Feedback(False, f"Not yet: {count}. {hint}")
    if rate < limit / 1000:
        return Feedback(
            True, f"Right. {count}: with a rate this small every step is short, and nothing has been learnt."
        )
    return Feedback(True, f"Right. {count}: the same dot came twice in a row, and no run has converged.")
