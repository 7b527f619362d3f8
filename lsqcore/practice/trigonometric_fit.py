"""Lesson 05."""

from functools import cache

import numpy as np

from lsqcore import LeastSquares, trigonometric
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

functions_between_the_dots = predict(
    "Fit with 1, 3, 5 … or 31 functions. Which curve comes closest to the hidden one, between the dots?",
    "9 to 13",
    choices={
        "up to 7": "These waves let little noise in, but they are too slow: they cannot bend as the hill does.",
        "9 to 13": "Fast enough for the hill and its ripples; what is faster has only the noise left to follow.",
        "15 to 23": "They bend wherever the hidden curve does, and also where only the noise does.",
        "25 to 31": "They come closest to the dots. But a dot is off by its noise, and here the hidden curve counts.",
    },
)
worst_place = predict(
    "Step from 11 functions to 31. Where is the curve of 31 functions farthest from the hidden one?",
    "between the outermost two dots of an end",
    choices={
        "at the top of the hill": "There the hidden curve bends most, but many dots on both sides hold the fitted one.",
        "at the dot with the most noise": "It pulls. But unless it is near an end, dots on both sides hold the curve.",
        "nowhere in particular": "The noise is alike, but not the places: near an end nearly all dots are on one side.",
        "between the outermost two dots of an end": "One dot holds it on one side, beyond that none. It whips.",
    },
)
without_the_last_wave = predict(
    "Add up the first 30 waves, each times its parameter. How far is this sum from the fitted curve, at most?",
    "hundreds or thousands",
    choices={
        "about 0.05": "One wave of 31 sounds like little, no more than the noise. These waves are large.",
        "about 1": "The finished curve is nearly as low as that. The waves that it is made of are not.",
        "hundreds or thousands": "The last wave is that high, and so must be what it cancels: the sum of the others.",
        "ten billion": "The highest waves are. They have cancelled each other by then, but not quite.",
    },
)

_COUNTS = range(1, 32, 2)


@cache
def _unseen() -> list[tuple[np.ndarray, np.ndarray]]:
    """Five sets of dots that ask for 17, 17, 7, 31 and 1 functions, each by 4 % of its leave-one-out error or more.

    The first two, uneven and out of order, tell it from its relatives: Akaike's and Bayes' criteria, generalized and
    k-fold cross-validation, the mean, median and largest of the misses. The last two want the ends of the list.
    """
    sets = []
    for seed in (925, 2132):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-4, 4, 48)
        sets.append((x, np.sinc(x) + 0.1 * x + 0.05 * rng.standard_normal(48)))
    curves = [
        (np.linspace(-2, 2, 40), lambda x: np.cos(x) + 0.3 * x, 0.1, 75),
        (np.linspace(-6, 6, 60), lambda x: 100 * np.sin(7.5 * x), 5, 0),
        (np.linspace(-3, 3, 40), lambda x: 5 + 0 * x, 1, 2),
    ]
    return sets + [
        (x, curve(x) + s * np.random.default_rng(seed).standard_normal(len(x))) for x, curve, s, seed in curves
    ]


def _left_out(x: np.ndarray, y: np.ndarray, count: int) -> np.ndarray:
    """The miss at each dot, of the fit to all others: its residual rᵢ/(1 − hᵢ), with h the diagonal of QQᵀ."""
    q, _ = np.linalg.qr(trigonometric(x, count // 2))
    return (y - q @ (q.T @ y)) / (1 - np.square(q).sum(axis=1))


def chosen(answer: object) -> Feedback:
    """A function that chooses the number of functions by leave-one-out, from x and y alone."""
    came = []
    for x, y in _unseen():
        number = as_numbers(call(answer, x, y), ())
        if isinstance(number, Feedback):
            return number
        came.append(number)
    misses = [{count: _left_out(x, y, count) for count in _COUNTS} for x, y in _unseen()]
    errors = [{count: float(np.sqrt(np.mean(each[count] ** 2))) for count in each} for each in misses]
    right = [min(each, key=each.__getitem__) for each in errors]
    no_last, no_first, neither = (
        [min(_COUNTS[tried], key=each.__getitem__) for each in errors]
        for tried in (slice(-1), slice(1, None), slice(1, -1))
    )
    first_rise = [next(n for n in each if each[n] < each.get(n + 2, np.inf)) for each in errors]
    mistakes = {
        "it took all 31 each time. The error at the dots does that. Ask the dot that was left out.": [31] * 5,
        f"it took {came[0]:g} each time. Other dots need another number: use the x and y that come in.": [came[0]] * 5,
        "that is the number of pairs, or a place in the list. Return the number of functions.": np.floor_divide(
            right, 2
        ),
        "one set wants all 31 functions. Does it try 31? `range(1, 32, 2)` ends there.": no_last,
        "one set wants 1 function, the constant alone. Does it try 1? `range(1, 32, 2)` begins there.": no_first,
        "one set wants 1 function, and one wants 31. Does it try them? `range(1, 32, 2)` does.": neither,
        "it took the first number after which the error rises. It may fall again: compare all 16.": first_rise,
        "that is the smallest error. Return the number of functions that has it.": [
            min(each.values()) for each in errors
        ],
    }
    if came != right == [number + (number % 2 == 0) for number in came]:
        mistakes["it took an even number. With pairs of waves 10 gives the design of 11: try only 1, 3, 5 … 31."] = came
    if came[:2] != right[:2] and came[2:] == right[2:]:
        mistakes[
            "three sets are right, but not both of those with uneven dots. Leave out one dot at a time, and take the "
            "root of the mean square of the misses: not their mean size, nor an error at dots that the fit has seen."
        ] = came
    praise = "On five sets of dots that it had not seen it took 17, 17, 7, 31 and 1, as leave-one-out does."
    return compare(came, right, mistakes, praise=praise)


def breaks_the_formula(answer: object) -> Feedback:
    """A column beside (1, 2, 3) with which (ΦᵀΦ)⁻¹Φᵀy is no answer."""
    column = as_numbers(answer, (3,))
    if isinstance(column, Feedback):
        return column
    first = np.array([1.0, 2.0, 3.0])
    largest = np.abs(column).max() or 1.0
    design = np.stack([first / np.linalg.norm(first), column / largest / (np.linalg.norm(column / largest) or 1.0)], 1)
    problem = LeastSquares(design, np.zeros(3))  # of unit columns: a scale alone does not harm the formula
    if problem.rank < 2:
        sentence = "To the 16 digits of float64 the columns are multiples of each other, and ΦᵀΦ has no inverse."
        return Feedback(True, f"Right. {sentence} Many θ fit equally well, and `lstsq` gives the shortest of them.")
    with np.errstate(over="ignore", under="ignore"):
        square = np.sum(column**2)
    if not np.finfo(float).tiny <= square < np.inf:
        sentence = (
            "On paper the formula holds. But the squares of these numbers are too small or too large for float64."
        )
        return Feedback(True, f"Right. {sentence}")
    condition = problem.condition_number
    if condition**2 > 1 / np.finfo(float).eps:
        sentence = f"On paper the formula holds. But κ is {condition:.1g}, and κ² is more than 16 digits can bear."
        return Feedback(True, f"Right. {sentence}")
    hint = "When has ΦᵀΦ no inverse? Try a column that says the same as the first."
    return Feedback(False, f"Not yet: with columns of length 1 κ is {condition:.3g}, and the formula holds. {hint}")


def half_width(answer: object) -> Feedback:
    """The smallest r with which 50 even dots from −r to r give the 31 functions a κ below 100."""
    number = as_numbers(answer, ())
    if isinstance(number, Feedback):
        return number
    r = float(number)
    if not 0.5 <= r <= 50:
        return Feedback(
            False, f"Not yet: {r:g} is no half width to try. At 3 κ is 2e+12, and the waves repeat after 4π ≈ 12.6."
        )
    condition = LeastSquares(trigonometric(np.linspace(-r, r, 50), 15), np.zeros(50)).condition_number
    found = f"κ is {condition:.4g} at {r:g}" if condition < 1e12 else f"κ is above 1e+12 at {r:g}"
    if round(r, 2) == 5.53 and condition < 100.1:  # 5.5277, too: the digits of 5.52776 cut off
        return Feedback(True, "Right. The dots then cover 88 % of the period, 4π. In the lesson they cover 48 %.")
    if abs(r - 11.06) < 0.03:
        return Feedback(False, "Almost: that is the whole width. The dots go from −r to r: give r.")
    if r < 5.53:
        return Feedback(False, f"Not yet: {found}. Farther.")
    near = "Almost" if r < 6.5 else "Not yet"
    return Feedback(False, f"{near}: {found}. Asked is the smallest r with κ below 100, to two decimals.")
