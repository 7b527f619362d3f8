"""Lesson 08."""

from functools import cache

import numpy as np

from lsqcore import LeastSquares, solve
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

where_to_measure = predict(
    "Eight dots, anywhere from x = 0 to 4. Where do you measure, so that the slopes of the lines scatter least?",
    "four at each end",
    choices={
        "evenly from 0 to 4": "That shows better than the others whether the truth is a line. But for the slope the "
        "dots in the middle do little but lift the line.",
        "four at each end": "The line is held at two places, as far apart as can be. There the same noise tilts it "
        "least.",
        "all close to the middle": "There they agree on one height, and the noise tilts the line as it likes.",
        "it does not matter": "The noise is the same everywhere. But close dots turn it into a steep line, and far "
        "ones do not.",
    },
)
penalty_that_helps = predict(
    "With a penalty θ is, for nearly every truth, wrong even on average. For which truths is there a penalty above 0 "
    "with which the draws are nearer to the truth, in the mean square?",
    "for every truth",
    choices={
        "for none": "Without a penalty θ is right on average, and yet off in each draw. The penalty moves the "
        "cloud, and also shrinks it.",
        "only for those near (0, 0)": "Those gain most. But for a far star a tiny penalty does it: its bias² is of "
        "the order ρ², and what it saves is of the order ρ.",
        "only for those with two like parameters": "Those gain much, since the penalty hardly touches the direction "
        "(1, 1). But every other star gains, too.",
        "for every truth": "A small penalty costs a bias² of the order ρ², and saves a variance of the order ρ.",
    },
    hides=["squares"],
)
nearest_knob = predict(
    "Each knob is set as well as can be. Which one comes nearest to the hidden curve, by the root of the mean square "
    "over 300 draws?",
    "all three, within a tenth",
    choices={
        "ridge": "It turns the directions down smoothly, one more than the next. But here only a few lie where "
        "that makes a difference.",
        "early stopping": "Its filter is a little steeper than that of ridge. But here only a few directions "
        "lie where that makes a difference.",
        "truncation": "What it stops it stops completely. But so do the others with the last directions, or nearly so.",
        "all three, within a tenth": "They act on the same directions in the same order, and all but a few are let "
        "through or stopped by all, or nearly so.",
    },
    hides=["sums"],
)

_GRID = np.array([1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0])


@cache
def _unseen() -> list[tuple[np.ndarray, np.ndarray]]:
    """Five sets of rows of different size and scale: each asks for its penalty by more than 4 %.

    In some the first or the last row weighs most. Usual other ways (rows in pairs or tenths, a row never left out, its
    target set to 0, sizes in place of squares, GCV, an intercept) take another penalty on two or more of them.
    """
    kinds = (
        (2, 20, 8, 1.0, 1.0, [-1]), (25, 20, 8, 1.0, 50.0, [0, -1]), (66, 20, 8, 1.0, 1e-3, []),
        (4, 24, 12, 2.0, 50.0, [0, -1]), (15, 24, 12, 2.0, 1.0, [0, -1]),
    )  # fmt: skip
    sets = []
    for seed, n, p, noise, scale, decisive in kinds:
        draw = np.random.default_rng(seed)
        design = draw.standard_normal((n, p)) * np.geomspace(1, 0.1, p)
        design[decisive] *= 4
        sets.append((design, scale * (design.sum(axis=1) + noise * draw.standard_normal(n))))
    return sets


def _misses(design: np.ndarray, target: np.ndarray, penalty: float) -> np.ndarray:
    misses = []
    for i in range(len(target)):
        others = np.arange(len(target)) != i
        theta = solve(LeastSquares(design[others], target[others]).with_ridge(penalty)).theta
        misses.append(design[i] @ theta - target[i])
    return np.array(misses)


def chosen(answer: object) -> Feedback:
    """A function that chooses a penalty by leave-one-out, from design, target and penalties."""
    came = []
    for design, target in _unseen():
        number = as_numbers(call(answer, design, target, _GRID), ())
        if isinstance(number, Feedback):
            return number
        came.append(number)
    misses = [[_misses(*each, penalty) for penalty in _GRID] for each in _unseen()]
    errors = np.array([[np.mean(miss**2) for miss in each] for each in misses])
    unsquared = np.array([[np.mean(np.abs(miss)) for miss in each] for each in misses])
    places = errors.argmin(axis=1)
    right = _GRID[places]
    mistakes = {
        "it took the smallest penalty each time. The error at rows that the fit has seen does that.": [_GRID[0]] * 5,
        f"it took {came[0]:g} each time. Other rows need another penalty.": [came[0]] * 5,
        "that is a place in the list. Return the penalty.": places,
        "that is the smallest error. Return the penalty that has it.": errors.min(axis=1),
        "that is the root of the smallest error. Return the penalty that has it.": np.sqrt(errors.min(axis=1)),
        "that is what the mean of the sizes chooses. Take the mean of the squared misses.": _GRID[
            unsquared.argmin(axis=1)
        ],
    }
    off = int(np.sum(~np.isclose(came, right, atol=0)))
    if off and np.isclose(np.array(came)[:, None], _GRID, atol=0).any(axis=1).all():
        mistakes[
            f"on {off} of 5 sets of rows leave-one-out takes another penalty. Leave out one row at a time, each row "
            "once, fit all others by `ridge`, and take the mean of the squared misses."
        ] = came
    praise = "On five sets of rows that it had not seen it took 0.001, 0.01, 0.1, 0.1 and 1, as leave-one-out does."
    return compare(came, right, mistakes, praise=praise)


def places(answer: object) -> Feedback:
    """A function from n to places in [0, 1] at which lines through the parabola settle on a slope below 0.6."""
    slopes = []
    for n in (20_000, 200_000, 2_000_000):
        found = as_numbers(call(answer, np.int64(n)), (n,))
        if isinstance(found, Feedback):
            return found
        if found.min() < 0 or found.max() > 1:
            return Feedback(
                False, f"Not yet: places from 0 to 1 are asked, and yours go from {found.min():g} to {found.max():g}."
            )
        if not np.ptp(found):
            return Feedback(False, "Not yet: all of your places are one. Many lines fit there equally well.")
        slopes.append(float(np.polyfit(found, found**2, 1)[0]))
    shown = ", ".join(f"{slope:.3f}" for slope in slopes)
    if np.ptp(slopes) > 0.02:
        return Feedback(
            False, f"Not yet: with 20,000, 200,000 and 2,000,000 places the slopes are {shown}. They must settle."
        )
    if slopes[-1] >= 0.6:
        return Feedback(
            False, f"Not yet: the line settles on the slope {slopes[-1]:.3f}. Where is the parabola flatter?"
        )
    praise = f"Yours settles on the slope {slopes[-1]:.3f}, and it is the best line where your samples are."
    return Feedback(True, f"Right. {praise} The sentence does not say where “the best approximation” is best.")


def at_least_one(answer: object) -> Feedback:
    """How often one of ten useless parameters is more than two standard errors from 0: 0.38 in 20,000 draws."""
    mistakes = {
        "for a given one of them it is about 1 in 20. Any of the ten counts.": 0.05,
        "about 0.5 comes where a draw counts twice if two of them are, or where the standard errors have n in place of "
        "n − p.": 0.53,
        "that none of them is comes in about 0.6 of the draws.": 0.6,
    }
    praise = "In 4 of 10 draws one of ten useless columns looks like a finding."
    return compare(answer, 0.38, mistakes, praise=praise, within=0.05)
