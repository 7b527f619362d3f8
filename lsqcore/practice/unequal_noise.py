"""Lesson 06."""

from functools import cache

import numpy as np

from lsqcore import line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

share_of_the_bad_one = predict(
    "The bad thermometer is three times as noisy as the good one. With which share of it does their mixture "
    "scatter least?",
    "10 %",
    choices={
        "0 %": "A large share of it does harm. But a small one brings little noise, and leaves less of the good one's.",
        "10 %": "Three times the standard deviation is nine times the mean square: the shares are as 9 to 1.",
        "25 %": "A third of the other's share, since it is three times as noisy? Squares add up, so it is a ninth.",
        "50 %": "Mixed well, two readings are better than one. In equal shares the noise of the bad one is too much.",
    },
)
price_of_guesses = predict(
    "Each guess is twice or half the true σ. First all forty thermometers are alike, then the worst is 30 times as "
    "noisy as the best. What does the typical price of the guessed weights do?",
    "it stays about the same",
    choices={
        "it more than doubles": "The noise grows. But the mean with the right weights has the same noise to bear.",
        "it stays about the same": "A price compares with the right weights. Each weight is 4 times too large or too "
        "small, by chance, whatever its σ is.",
        "it falls towards 1": "Beside 30, a 2 looks small. But each thermometer has others about as good beside it, "
        "and among these the shares are as wrong as before.",
    },
    hides=["price"],
)

_DRAWS, _LIMIT = 100, 1.2


@cache
def _unseen() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Sets of dots, as x, σ and many y: σ grows along the first, from the middle of the second, falls in the third."""
    rng = np.random.default_rng(2)
    first, second = np.linspace(0, 10, 400), rng.permutation(np.linspace(-30, 30, 600))
    kinds = [(first, 0.4 + 0.36 * first, [1, 20]), (second, 100 + second**2, [500, -20])]
    third = np.linspace(2, 12, 400)
    kinds += [(third, 0.4 + 0.36 * (12 - third), [5, -15])]
    return [(x, s, line(x) @ theta + s * rng.standard_normal((_DRAWS, len(x)))) for x, s, theta in kinds]


def _fits(x: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted line of each target, one per row, with weights of its own."""
    design, roots = line(x), np.sqrt(weights / weights.max(axis=1, keepdims=True))
    return np.array([np.linalg.lstsq(r[:, None] * design, r * y)[0] for r, y in zip(roots, targets, strict=True)])


def _wants_sorted(answer: object) -> bool:
    """Whether the weights of the dots of the second set change when these come sorted by x."""
    x, _, targets = _unseen()[1]
    order = np.argsort(x)
    mixed, in_order = call(answer, x, targets[0]), call(answer, x[order], targets[0][order])
    return not np.allclose(np.asarray(mixed)[order], in_order)


def own_weights(answer: object) -> Feedback:
    """A function that finds the weights of the dots of a line from x and y alone."""
    prices, powers = [], []
    for x, sigma, targets in _unseen():
        came = []
        for y in targets:
            weights = as_numbers(call(answer, x, y), x.shape)
            if isinstance(weights, Feedback):
                return weights
            if weights.min() < 0 or weights.max() == 0:
                return Feedback(False, "Not yet: weights are not negative, and at least one is above 0.")
            came.append(weights / weights.max())
        plain, best = (_fits(x, targets, np.ones_like(targets) / s**2) for s in (1, sigma))
        squares = np.square(plain @ line(x).T - targets)
        if np.ptp(came) < 1e-9:
            return Feedback(
                False, "Not yet: all weights are equal. Where do the residuals of a first fit scatter more?"
            )
        if any(np.allclose(each, each[:, :1], rtol=1e-6) for each in (came * squares, np.square(came) * squares)):
            hint = "One residual says little of σ: a small one may be luck. Take many neighbours together."
            return Feedback(False, f"Not yet: each of your weights is made from one single residual. {hint}")
        spread = [np.std(fits, axis=0) for fits in (_fits(x, targets, np.array(came)), best)]
        prices.append(float(np.sqrt(np.mean((spread[0] / spread[1]) ** 2))))
        powers.append(float(np.polyfit(np.log(sigma), np.log(np.maximum(came, 1e-300)).mean(axis=0), 1)[0]))
    told = f"the line scatters {prices[0]:.2f}, {prices[1]:.2f} and {prices[2]:.2f} times as much as with the true σ"
    if max(prices) <= _LIMIT:
        equal = "with equal weights 1.8, 2.1 and 1.4"
        return Feedback(True, f"Right. On three sets of dots that it had not seen {told}; {equal}.")
    steeper = as_numbers(call(answer, x, y + 9 * np.ptp(y) / np.ptp(x) * x), x.shape)
    power = -powers[int(np.argmax(prices))]
    hint = "Where is σ larger, on your dots? Look at many residuals together, but only of near neighbours."
    if max(prices[0], prices[2]) <= _LIMIT and _wants_sorted(answer):
        hint = "In the second set x is unsorted: dots that stand side by side in it are no neighbours."
    elif prices[2] > 1.5 * max(prices[:2]):
        hint = "In the last set σ falls along x. Do your weights look at y at all?"
    elif power < -0.5:
        hint = "The noisiest dots got the largest weights: turn them over."
    elif isinstance(steeper, np.ndarray) and not np.allclose(steeper / steeper.max(), came[-1], rtol=0.1):
        hint = "Add a line to y, and your weights change, but the noise does not: take the residuals of a fit."
    elif 0.7 < power < 1.3:
        hint = "They go about as 1/σ. What counts in the loss is the square of a residual: 1/σ²."
    elif power > 2.8:
        hint = "They go about as a higher power than 1/σ². Was something squared twice?"
    return Feedback(False, f"Not yet: with your weights {told}. {hint}")


def larger_and_worse(answer: object) -> Feedback:
    """Five weights for σ = 2, 3, 3, 3, 3, the first the largest, that are worse than equal ones."""
    weights = as_numbers(answer, (5,))
    if isinstance(weights, Feedback):
        return weights
    if weights.min() < 0 or weights.max() == 0:
        return Feedback(False, "Weights are not negative, and one at least is above 0.")
    shares = weights / weights.max()
    shares = shares / shares.sum()
    if not shares[0] > shares[1:].max():
        return Feedback(False, "Not yet: the first reading is the most reliable, and its weight is to be the largest.")
    scatter, of_equal = (float(np.linalg.norm(s * np.array([2, 3, 3, 3, 3]))) for s in (shares, np.full(5, 0.2)))
    if scatter <= of_equal * (1 + 1e-9):
        hint = "What if the good reading counts for almost everything?"
        return Feedback(False, f"Not yet: the mean scatters by {scatter:.4g}, with equal weights by 1.265. {hint}")
    praise = "A larger weight for the better reading is not enough. The ratio counts: 9 to 4, which gives 1.2."
    return Feedback(True, f"Right. The mean scatters by {scatter:.4g}, with equal weights by 1.265. {praise}")


def four_exponents(answer: object) -> Feedback:
    """The q of w = σ^(−q) that four calls of libraries really take."""
    mistakes = {
        "that takes what each call is given for the weight. Run them: two libraries mean something else.": [2, 2, 1, 1],
        "scikit-learn multiplies the squared residual by `sample_weight`, as we do.": [4, -4, 2, 2],
        "`curve_fit` divides the residual by what it takes for σ. Here that is 1/σ²: which way does it go?": [
            4,
            4,
            1,
            2,
        ],
        "`curve_fit` takes 1/σ² for σ, and its weights are one over the *square* of that.": [4, -2, 1, 2],
        "`np.polyfit` multiplies the residual before it is squared.": [2, -4, 1, 1],
        "the first. `np.polyfit` multiplies the residual by `w` before it is squared.": [2, -4, 1, 2],
        "the last. `np.polyfit` multiplies the residual by `w` before it is squared.": [4, -4, 1, 1],
        "`curve_fit` wants σ, and no weights. What does it make of 1/σ²?": [4, 2, 1, 2],
        "the sign: with w = σ to the power −q, a larger q trusts the good dots more.": [-4, 4, -1, -2],
    }
    praise = "Only the last call is what the colleague meant. The second trusts the noisiest dots most."
    return compare(answer, [4, -4, 1, 2], mistakes, praise=praise, within=1e-3)  # `curve_fit` walks
