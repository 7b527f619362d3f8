"""What a reader is asked before the figures: for each question, a function that finds the answer.

Each is computed from the data alone, in another way than in its lesson where there is one. A number is rounded as the
question's answer is; of choices, the right one comes out.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache

import numpy as np
from sklearn.datasets import load_diabetes, load_digits
from sklearn.linear_model import RidgeClassifierCV
from sklearn.neural_network import MLPClassifier

import lsqcore as lsq
from lsqcore import practice
from lsqcore.practice.shared.suspects import Suspect


def noisy_points() -> tuple[np.ndarray, np.ndarray, float]:
    """The thousand dots of lesson 03, x and y, and the slope from which its first program begins."""
    draw = np.random.RandomState(0)
    x = 2 * draw.rand(1000)
    return x, 4 + 3 * x + draw.randn(1000), draw.randn()


def twelve_dots() -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(0, 2, 12)
    return x, 4 + 3 * x + np.random.RandomState(0).randn(12)


def slopes(suspect: Suspect, x: np.ndarray, y: np.ndarray, *settings: float) -> np.ndarray:
    heights = suspect(x, y, *settings)
    return (heights[:, -1] - heights[:, 0]) / (x[-1] - x[0])


def first_fault() -> str:
    """What a smaller rate, dots without noise and the side of each step say."""
    x, y, start = noisy_points()
    suspect = practice.four_faults.suspect_1
    walks = [slopes(suspect, x, each, start, rate) for each in (y, 4 + 3 * x) for rate in (0.01, 0.0001)]
    if not np.isfinite(walks).all():
        return "its numbers grow too large for the machine"
    runs_away = [abs(walk[-1] - walk[-2]) > abs(walk[1] - walk[0]) for walk in walks]
    if not all(runs_away):
        return "its learning rate is too large" if runs_away[0] and runs_away[2] else "its dots are too noisy"
    swings = any((np.diff(walk)[1:] * np.diff(walk)[:-1] < 0).any() for walk in walks)
    return "its learning rate is too large" if swings else "it steps uphill"


def second_fault() -> str:
    """What more steps, dots without noise and a lift of all dots say."""
    x, y, _ = noisy_points()
    suspect = practice.four_faults.suspect_2
    once, longer = (slopes(suspect, x, y, 0, 0.1, steps)[-1] for steps in (1000, 2000))
    clean, lowered = (slopes(suspect, x, y0 + 3 * x, 0, 0.1)[-1] for y0 in (4, 0))
    if abs(longer - once) > 1e-9:
        return "it stops too early"
    if abs(clean - 3) < 0.1:
        return "the noise pulls its line up"
    residuals, lifted = (suspect(x, y + lift, 0, 0.5)[-1] - (y + lift) for lift in (0, 4))
    if np.allclose(residuals, lifted):  # whatever a dot counts
        return "the dots at the right count too much"
    assert abs(lowered - 3) < 1e-9
    return "its line is tied to zero"


def third_fault() -> str:
    """What the way of its slope, two lifted dots and its last steps say."""
    x, y = twelve_dots()
    suspect = practice.four_faults.suspect_3
    walk = slopes(suspect, x, y, 3, 0.1, 2000)
    lifted = [suspect(x, y + 6 * (np.arange(12) == which), 3, 0.1, 2000)[-1] for which in (0, 11)]
    if abs(walk - walk[0]).max() < 1e-9:
        return "it never changes its slope"
    if abs(walk[-1] - walk[-2]) > 1e-9:
        return "its learning rate is too small"
    flat = np.allclose(lifted, y.mean() + 0.5, rtol=0, atol=1e-6)
    return "it compares each prediction with all targets" if flat else "it shuffles the targets"


def fourth_fault() -> str:
    """What copies of the same rows, and copies at a rate as many times smaller, say."""
    x, y = twelve_dots()
    suspect = practice.four_faults.suspect_4
    few = suspect(x, y, 0, 0.01, 200)
    many, slowed = (suspect(np.tile(x, 4), np.tile(y, 4), 0, rate, 200)[:, :12] for rate in (0.01, 0.0025))
    best = np.polyval(np.polyfit(x, y, 1), x)
    if abs(few[-1] - best).max() > abs(few[0] - best).max():
        return "it steps uphill"
    assert abs(many[-1] - best).max() > 1e6
    same = np.allclose(slowed, few, rtol=0, atol=1e-9)
    return "it adds up where it should average" if same else "its learning rate is too large"


def digits_with_a_residual() -> str:
    """On other dots than the lesson's, in the median over orders of the rows; θ is known from fractions."""
    x = np.linspace(0, 1, 40)
    design, draw = lsq.polynomial(x, 10), np.random.default_rng(0)
    residual = draw.normal(size=40)
    residual -= design @ np.linalg.lstsq(design, residual)[0]
    clean = design.sum(axis=1)
    target = clean + 100 * residual / np.abs(residual).max()
    exact = lsq.refine(lsq.LeastSquares(design, target), lsq.solve(lsq.LeastSquares(design, target))).theta
    assert np.allclose(exact, 1, rtol=0, atol=0.1)  # the residual is at right angles but for rounding

    def by_qr(columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        q, r = np.linalg.qr(columns)
        return np.linalg.solve(r, q.T @ values)

    def by_cholesky(columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        lower = np.linalg.cholesky(columns.T @ columns)
        return np.linalg.solve(lower.T, np.linalg.solve(lower, columns.T @ values))

    orders = [draw.permutation(40) for _ in range(25)]
    loses = []  # digits, of QR and of Cholesky
    for way in (by_qr, by_cholesky):
        before = [np.abs(way(design[rows], clean[rows]) - 1).max() for rows in orders]
        after = [np.abs(way(design[rows], target[rows]) / exact - 1).max() for rows in orders]
        loses.append(np.log10(np.median(after) / np.median(before)))
    if max(loses) < 0.5:
        return "both keep theirs"
    assert loses[0] > 0.5
    return "both lose digits" if loses[1] > 0.5 else "QR loses digits, Cholesky keeps its 1 or 2"


def ten_times_kappa() -> str:
    """Steps from the rate of convergence: at best a step leaves (κ² − 1)/(κ² + 1) of the error."""
    at_30, at_300 = (np.log(1e-3) / np.log((kappa**2 - 1) / (kappa**2 + 1)) for kappa in (30, 300))
    n, p = 20_000, 10_000
    assert 0.9 < 4 * n * p * at_30 / (n * p**2 + p**3 / 3) < 1.1  # as many as Cholesky, whose count has no κ
    times = round(at_300 / at_30)
    return {
        10: "descent ten times as many, Cholesky no more",
        100: "descent a hundred times as many, Cholesky no more",
    }[times]


def hidden_curve(x: np.ndarray) -> np.ndarray:
    """The curve behind the fifty dots of lesson 05."""
    return np.sinc(x) + 0.1 * x


def fifty_dots() -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(-3, 3, 50)
    return x, hidden_curve(x) + 0.05 * np.random.RandomState(0).randn(50)


def two_hundred_draws() -> tuple[np.ndarray, np.ndarray]:
    """The inputs of lesson 05, and 200 draws of its dots, (50, 200)."""
    x = np.linspace(-3, 3, 50)
    return x, hidden_curve(x)[:, None] + 0.05 * np.random.default_rng(50).standard_normal((50, 200))


def in_most_draws(names: Sequence[str]) -> str:
    """What holds in nine draws of ten, or more."""
    most = max(set(names), key=names.count)
    return most if names.count(most) >= 0.9 * len(names) else "it depends on the draw"


def functions_between_the_dots() -> str:
    """The projection of each draw onto 1, 3, … columns, by QR."""
    (x, draws), between, off = two_hundred_draws(), np.linspace(-3, 3, 1000), []
    for pairs in range(16):
        q, r = np.linalg.qr(lsq.trigonometric(x, pairs))
        curves = lsq.trigonometric(between, pairs) @ np.linalg.solve(r, q.T @ draws)
        off.append(np.linalg.norm(curves - hidden_curve(between)[:, None], axis=0))
    bands = {"up to 7": (1, 7), "9 to 13": (9, 13), "15 to 23": (15, 23), "25 to 31": (25, 31)}
    best = [1 + 2 * pairs for pairs in np.argmin(off, axis=0).tolist()]
    return in_most_draws([next(b for b, (low, high) in bands.items() if low <= n <= high) for n in best])


def worst_place() -> str:
    (x, draws), between = two_hundred_draws(), np.linspace(-3, 3, 1000)
    curves = lsq.trigonometric(between, 15) @ np.linalg.pinv(lsq.trigonometric(x, 15), rcond=1e-14) @ draws
    places = between[np.abs(curves - hidden_curve(between)[:, None]).argmax(axis=0)]
    beyond = abs(places) > x[-2]
    return in_most_draws(["between the outermost two dots of an end" if each else "elsewhere" for each in beyond])


def without_the_last_wave() -> str:
    """The sum of all is at most a few units high, so the others leave what the last wave is high: its parameter."""
    x, draws = two_hundred_draws()
    last = np.abs(np.linalg.pinv(lsq.trigonometric(x, 15), rcond=1e-14)[-1] @ draws)
    sizes = {
        "about 0.05": (0.01, 0.2),
        "about 1": (0.2, 10),
        "hundreds or thousands": (100, 1e4),
        "ten billion": (1e9, 1e11),
    }
    return in_most_draws([next((s for s, (low, high) in sizes.items() if low < n < high), "none") for n in last])


def share_of_the_bad_one() -> str:
    """Of the choices, the share with the least scatter in a million days."""
    good, bad = np.random.default_rng(0).normal(scale=[[0.1], [0.3]], size=(2, 1_000_000))
    scatter = {share: np.std((1 - share / 100) * good + share / 100 * bad) for share in (0, 10, 25, 50)}
    return f"{min(scatter, key=scatter.__getitem__)} %"


def price_of_guesses() -> str:
    """The price of weights 4 times too large or too small, averaged over both, at spans of 1 and 30."""
    rng, prices = np.random.default_rng(0), []
    for span in (1, 30):
        sigma, wrong = np.geomspace(1, span, 40), 4 ** rng.choice([-1.0, 1.0], size=(5000, 40))
        shares = wrong / sigma**2 / np.sum(wrong / sigma**2, axis=1, keepdims=True)
        prices.append(np.median(np.linalg.norm(shares * sigma, axis=1)) * np.linalg.norm(1 / sigma))
    choices = {"it more than doubles": 2 * prices[0], "it stays about the same": prices[0], "it falls towards 1": 1}
    return min(choices, key=lambda choice: abs(np.log(choices[choice] / prices[1])))


def dot_that_is_followed() -> str:
    """How far the line through three dots rises below each of them, by its mean and its slope."""
    follows = [np.polyval(np.polyfit([-1, 0, 1], lifted, 1), [-1, 0, 1])[i] for i, lifted in enumerate(np.eye(3))]
    if np.ptp(follows) < 1e-9:
        return "each as far as the others"
    return "the dot in the middle" if np.argmax(follows) == 1 else "a dot at an end"


def images_at_right_angles() -> str:
    """How often the product of the two images changes its sign, for the columns (1, 1, 1) and (0, 1, 2)."""
    turns = np.radians(np.linspace(0, 90, 9001))
    first = np.array([np.cos(turns), np.sin(turns)])
    products = np.sum((lsq.line([0, 1, 2]) @ first) * (lsq.line([0, 1, 2]) @ [-first[1], first[0]]), axis=0)
    if np.abs(products).max() < 1e-9:
        return "at every turn"
    return ["at no turn", "at exactly one turn"][int(np.sum(products[1:] * products[:-1] < 0))]


def inputs_come_together() -> str:
    """The line through dots that are closer and closer; at 0 the foot of the origin on all lines through the mean."""
    y = np.array([1.0, 5.0, 3.0])
    lengths = [np.linalg.norm(np.polyfit(1 + spread * np.array([-1, 0, 1]), y, 1)) for spread in (1, 1e-2, 1e-4)]
    ones = np.ones((3, 2))
    slopes = np.linspace(-10, 10, 2001)
    many = np.stack([y.mean() - slopes, slopes])  # each is y.mean() high at 1
    fits_all = np.allclose(ones.T @ (ones @ many - y[:, None]), 0)
    at_zero = np.linalg.norm(many, axis=0).min() if fits_all else np.inf
    if max(lengths) < 10:
        return "it comes to rest at some θ"
    return f"it runs away, and at 0 {'it is short again' if at_zero < lengths[0] else 'there is no best θ'}"


def five_points() -> lsq.LeastSquares:
    x = np.arange(1.0, 6.0)
    return lsq.LeastSquares(lsq.line(x), 2 * x + 1)


def which_slope() -> str:
    """Along the line of intercept 0 the loss is a parabola of the slope: its lowest point, from three losses."""
    low, middle, high = (five_points().loss([0, slope]) for slope in (1, 2, 3))
    best = 2 + (low - high) / (2 * (low - 2 * middle + high))
    return "2" if np.isclose(best, 2) else f"{'more' if best > 2 else 'less'} than 2"


def twenty_times() -> str:
    """Steps taken one by one until θ is within a millionth, or until its distance has grown a million times."""
    theta, steps = np.zeros(2), 0
    while 1e-6 <= (distance := np.linalg.norm(theta - [1, 2])) < 1e6:
        theta, steps = theta - 0.2 * five_points().gradient(theta), steps + 1
    counts = {"about 380": 380, "about 1,000": 1000, "about 10,000": 10_000}
    return "it never arrives" if distance > 1 else min(counts, key=lambda choice: abs(counts[choice] - steps))


def slower_near_the_limit() -> str:
    """Both walks, step by step, from one unit along the valley and across it; its directions are a rotation."""
    valley = five_points()
    turned = 0.5 * np.arctan2(2 * valley.hessian[0, 1], valley.hessian[0, 0] - valley.hessian[1, 1])
    across = np.array([np.cos(turned), np.sin(turned)])
    steps = {}
    for name, direction in (("the one along", np.array([-across[1], across[0]])), ("the one across", across)):
        theta, steps[name] = np.array([1.0, 2.0]) + direction, 0
        while np.linalg.norm(theta - [1, 2]) >= 1e-6:
            theta, steps[name] = theta - 0.168 * valley.gradient(theta), steps[name] + 1
    assert sorted(steps.values()) == [480, 1108]
    return max(steps, key=steps.__getitem__)


def limit_with_noise() -> str:
    """The rate at which a walk begins to grow, found by halving, without noise and with it."""
    noise = np.random.default_rng(0).normal(size=5)

    def limit(size: float) -> float:
        x = np.arange(1.0, 6)
        problem, low, high = lsq.LeastSquares(lsq.line(x), 2 * x + 1 + size * noise), 0.1, 0.3
        while high - low > 1e-6:
            middle = (low + high) / 2
            theta = lsq.iterate_at(problem, 10**8, learning_rate=middle)
            low, high = (middle, high) if np.isfinite(theta).all() else (low, middle)
        return low

    ratio = limit(1.0) / limit(0.0)
    return "it stays as it was" if np.isclose(ratio, 1) else "it rises" if ratio > 1 else "it falls"


def fifty() -> tuple[np.ndarray, np.ndarray]:
    """The fifty points of lessons 09 and 10."""
    x = np.linspace(-3, 3, 50)
    return x, curve(x) + 0.05 * np.random.RandomState(0).randn(50)


def curve(x: np.ndarray) -> np.ndarray:
    return np.sinc(x) + 0.1 * x


def bumps(at: np.ndarray, centers: np.ndarray, bandwidth: float) -> np.ndarray:
    return np.exp(-((at[:, None] - centers) ** 2) / (2 * bandwidth**2))


def where_to_measure() -> str:
    """The standard deviation of the slope, from the inverse of the Gram matrix."""
    choices = {
        "evenly from 0 to 4": np.linspace(0, 4, 8),
        "four at each end": np.repeat([0.0, 4.0], 4),
        "all close to the middle": np.linspace(1.9, 2.1, 8),
    }
    scatter = {name: np.linalg.inv(lsq.line(x).T @ lsq.line(x))[1, 1] for name, x in choices.items()}
    others = np.random.default_rng(0).uniform(0, 4, (2000, 8))
    best = min(scatter, key=scatter.__getitem__)
    assert all(np.linalg.inv(lsq.line(x).T @ lsq.line(x))[1, 1] > scatter[best] for x in others)
    return best if np.ptp(list(scatter.values())) > 1e-3 else "it does not matter"


def penalty_that_helps() -> str:
    """Mean square errors of tiny penalties, as traces of matrices, for truths all over the plane and on its axes."""
    columns = load_diabetes(scaled=False).data[:, 4:6]
    columns = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    hessian = columns.T @ columns / 442

    def mean_square(truth: np.ndarray, penalty: float) -> float:
        inverse = np.linalg.inv(hessian + penalty * np.eye(2))
        bias = penalty * inverse @ truth
        return bias @ bias + 54**2 / 442 * np.trace(inverse @ hessian @ inverse)

    truths = [*np.random.default_rng(0).uniform(-40, 40, (200, 2)), *(40 * np.eye(2)), np.array([40, -40]), np.zeros(2)]
    gains = [min(mean_square(truth, p) for p in (1e-4, 1e-3)) < mean_square(truth, 0) for truth in truths]
    return "for every truth" if all(gains) else "for none" if not any(gains) else "only for those near (0, 0)"


def nearest_knob() -> str:
    """Over other draws than the lesson's, by solving, walking and cutting off, without a filter."""
    x, between = np.linspace(-3, 3, 50), np.linspace(-3, 3, 400)
    noise = 0.05 * np.random.default_rng(99).standard_normal((50, 60))
    design, waves = lsq.trigonometric(x, 15), lsq.trigonometric(between, 15)
    targets, hidden = (np.sinc(x) + 0.1 * x)[:, None] + noise, np.sinc(between) + 0.1 * between
    gram, moments = design.T @ design / 50, design.T @ targets / 50

    def off(thetas: np.ndarray) -> float:
        return float(np.sqrt(np.mean((waves @ thetas - hidden[:, None]) ** 2)))

    theta, walk = np.zeros_like(moments), []
    for _ in range(60):
        theta = theta + 0.5 * (moments - gram @ theta)
        walk.append(off(theta))
    ways = {
        "ridge": min(off(np.linalg.solve(gram + p * np.eye(31), moments)) for p in np.geomspace(1e-4, 0.1, 30)),
        "early stopping": min(walk),
        "truncation": min(off(np.linalg.pinv(design, rcond=rcond) @ targets) for rcond in np.geomspace(1e-3, 0.5, 40)),
    }
    return "all three, within a tenth" if max(ways.values()) < 1.1 * min(ways.values()) else min(ways, key=ways.get)


def parameters_of_wide_bumps() -> str:
    places, heights = np.linspace(-3, 3, 9), [-0.3, -0.1, -0.4, 0.2, 1.0, 0.4, -0.1, 0.3, 0.3]
    narrow, *wide = (np.linalg.solve(bumps(places, places, h), heights) for h in (0.75, 1.3, 1.5, 1.75, 2, 2.2))
    largest = [abs(theta).max() for theta in (narrow, *wide)]
    assert all(np.all(theta[1:] * theta[:-1] < 0) for theta in wide)  # signs in turn: the feedback says so
    return "they grow" if np.all(np.diff(largest) > 0) and largest[-1] > 10 * largest[0] else "they stay"


def bandwidth_doubled() -> str:
    """The curve through all fifty points in 60 decimal digits, at places between them, for both bandwidths."""
    off = {}
    for bandwidth in (0.3, 0.6):
        with localcontext(prec=60):
            step, h = Decimal(6) / 49, Decimal(str(bandwidth))
            bell = np.array([(-((step * k / 2) ** 2) / (2 * h * h)).exp() for k in range(99)])
            apart = abs(2 * np.arange(50)[:, None] - np.arange(99))  # in half steps
            rows = np.column_stack([bell[apart[:, ::2]], [Decimal(float(height)) for height in fifty()[1]]])
            for k in range(50):  # Gauss and Jordan
                rows[k] /= rows[k, k]
                others = np.arange(50) != k
                rows[others] -= rows[others, k : k + 1] * rows[k]
            heights = (bell[apart].T @ rows[:, -1]).astype(float)
        off[bandwidth] = np.sqrt(np.mean((heights - curve(np.linspace(-3, 3, 99))) ** 2))
    factor = off[0.6] / off[0.3]
    return "it swings wildly" if factor > 1000 else "it becomes smoother" if factor < 0.5 else "it hardly changes"


def twenty_choices() -> str:
    """Each miss from a fit to the other dots; in each of ten times twenty draws the bandwidth of the least."""
    x = fifty()[0]
    widths, penalties = np.geomspace(0.1, 4, 17), np.geomspace(1e-8, 10, 10)
    targets = curve(x)[:, None] + 0.05 * np.random.default_rng(9).standard_normal((50, 200))
    errors = []
    for bandwidth in widths:
        matrix, least = bumps(x, x, bandwidth), np.full(200, np.inf)
        for penalty in penalties:
            squares = 0.0
            for dot in range(50):
                others = np.arange(50) != dot
                theta = np.linalg.solve(matrix[others][:, others] + penalty * np.eye(49), targets[others])
                squares = squares + (matrix[dot, others] @ theta - targets[dot]) ** 2
            least = np.minimum(least, squares)
        errors.append(least)
    chosen = widths[np.argmin(errors, axis=0)].reshape(10, 20)
    ratios = chosen.max(axis=1) / chosen.min(axis=1)
    assert ratios.min() > 1.5 or ratios.max() < 1.5, ratios  # the answer hangs on no draw
    return "by more than half" if ratios.min() > 1.5 else "by a tenth to half"


@cache
def race(tolerance: float, seeds: range) -> tuple[np.ndarray, np.ndarray]:
    """Of the runs of lesson 10, from other seeds than there: where each stops, and how far off its curve is then."""
    (x, y), test = fifty(), np.linspace(-3, 3, 1000)
    problem, stops, thetas = lsq.LeastSquares(bumps(x, x, 0.3), y), [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        run = dict(start=rng.standard_normal(50), rng=rng, steps=100_000, learning_rate=0.1, tolerance=tolerance)
        path = lsq.stochastic_gradient_descent(problem, **run, keep=[])
        stops.append(path.iterations[-1])
        thetas.append(path.thetas[-1])
    off = np.sqrt(np.mean((thetas @ bumps(test, x, 0.3).T - curve(test)) ** 2, axis=1))
    return np.array(stops), off


def spread_of_the_stops() -> str:
    """Five other times 200 runs: 19 to 40."""
    batches = [np.sort(race(1e-6, range(first, first + 200))[0]) for first in range(1000, 2000, 200)]
    times = [stops[-10] / stops[9] for stops in batches]
    return "25 times" if all(12 < each < 50 for each in times) else f"from {min(times)} to {max(times)} times"


def ten_times_stricter() -> str:
    """Two of the five times 200 runs above."""
    loose, strict = (
        np.median([race(tolerance, range(first, first + 200))[0] for first in (1000, 1200)])
        for tolerance in (1e-5, 1e-6)
    )
    return "5 times" if 4 < strict / loose < 7 else f"{strict / loose} times"


def without_the_rule() -> str:
    seeds = range(3000, 3100)
    (_, stopped), (steps, at_the_end) = race(1e-6, seeds), race(1e-30, seeds)
    never_stopped, ratio = (steps == 100_000).all(), np.median(at_the_end / stopped)
    nearer = np.mean(at_the_end < stopped) > 0.7 and 0.5 < ratio < 1
    return "mostly a little nearer" if never_stopped and nearer else f"at {ratio} times the distance"


@cache
def patients() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The 442 rows of a line over the standardised index, the parts of the best line, and the residuals there."""
    measured = load_diabetes(scaled=False)
    index = measured.data[:, 2]
    rows = np.stack([np.ones(442), (index - index.mean()) / index.std()], axis=1)
    best = np.linalg.lstsq(rows, measured.target)[0]
    return rows, best, rows @ best - measured.target


def squared_distances(rates: np.ndarray, batch_size: int = 1) -> np.ndarray:
    """The mean of ‖θ − θ*‖² over all draws, after each step from 0: the exact recursion of E[eeᵀ], where H is 1."""
    rows, best, residual = patients()
    outer = rows[:, :, None] * rows[:, None, :]
    fourth, kick = np.einsum("nij,nkl->ikjl", outer, outer) / 442, np.einsum("n,nij->ij", residual**2, outer) / 442
    mixed = np.einsum("n,nij,nk->ijk", residual, outer, rows) / 442
    mean, square, found = -best, np.outer(best, best), []
    for rate in rates:
        spread = np.einsum("ikjl,jl->ik", fourth, square) - square
        once = np.einsum("ijk,j->ik", mixed, mean)
        noise = (spread + kick + once + once.T) * rate**2 / batch_size
        square, mean = (1 - rate) ** 2 * square + noise, (1 - rate) * mean
        found.append(np.trace(square))
    return np.array(found)


def half_the_rate() -> str:
    whole, half = (squared_distances(np.full(4420, rate))[-1] for rate in (0.1, 0.05))
    parts = {1: "it stays the same", 0.5: "it about halves", 0.25: "it falls to about a quarter", 0: "it falls to 0"}
    return parts[min(parts, key=lambda part: abs(part - half / whole))]


def a_tenth_over_k() -> str:
    away = np.sqrt(squared_distances(0.1 / np.arange(1, 4421))[-1])
    return f"about {min((0.5, 5, 65), key=lambda choice: abs(np.log(choice / away)))}"


def batches_of_ten() -> str:
    ones, tens = squared_distances(np.full(4420, 0.05)), squared_distances(np.full(442, 0.05), batch_size=10)
    nearer = tens < ones[9::10]  # after 10, 20, … samples read
    assert not nearer[:20].any()
    assert nearer[60:].all()
    return "first farther, then nearer"


def stop_or_solve() -> str:
    """Sixty splits of their own, each image once a pass."""
    pixels, digit = load_digits(return_X_y=True)
    design, sign = np.column_stack([np.ones(1797), pixels / 16]), np.where(digit % 2, -1.0, 1.0)
    won, rng = [], np.random.default_rng(5)
    for _ in range(60):
        split = rng.permutation(1797)
        walked, held, others = split[:100], split[100:200], split[200:]
        order = np.concatenate([rng.permutation(walked) for _ in range(60)])
        run = lsq.stochastic_gradient_descent(
            lsq.LeastSquares(design, sign), learning_rate=0.01, order=order, keep=range(100, 6001, 100)
        )
        chosen = run.thetas[np.square(run.thetas @ design[held].T - sign[held]).sum(axis=1).argmin()]
        exact = np.linalg.pinv(design[split[:200]]) @ sign[split[:200]]
        a, b = (np.square(design[others] @ theta - sign[others]).sum() for theta in (chosen, exact))
        won.append(a < b)
    share = np.mean(won)
    return "A, in most splits" if share > 0.7 else "B, in most splits" if share < 0.3 else "each in about half"


def width_of_the_band() -> str:
    """The mean standard error of a curve of 17 waves, after 2,500 and after 10,000 readings with noise 0.5."""
    rows = lsq.trigonometric(24 * np.random.default_rng(0).random(10_000) * np.pi / 6, 8)
    clock = lsq.trigonometric(np.linspace(0, 24, 97) * np.pi / 6, 8)
    early, late = (
        np.sqrt(np.einsum("ij,jk,ik->i", clock, np.linalg.inv(rows[:count].T @ rows[:count]), clock)).mean()
        for count in (2_500, 10_000)
    )
    return {1: "it stays", 2: "it halves", 4: "it shrinks to a quarter"}[round(early / late)]


def a_disk_ten_times_as_quick() -> str:
    """A gigabyte of fifty columns and a target, by the triangle, with 10¹⁰ operations a second."""
    computing = 1e9 / (8 * 51) * 2 * 50**2 / 1e10
    sooner = (1 / 0.5 + computing) / (1 / 5 + computing)
    return "two to three times as soon" if 2 < sooner < 3 else "ten times as soon" if sooner > 9 else "hardly sooner"


def sorted_by_the_hour() -> str:
    """Each way on 5,000 readings as they came and sorted, and how far its two curves are apart."""
    rng = np.random.default_rng(0)
    hours = 24 * rng.random(5000)
    power = np.cos(hours * np.pi / 12) + 0.5 * rng.standard_normal(5000)
    apart = {}
    for name, way in (
        ("sums", lsq.stream_gram),
        ("average", lambda file: lsq.stream_sgd(file, learning_rate=0.02, average=True)),
    ):
        curves = []
        for order in (np.arange(5000), np.argsort(hours)):
            rows = lsq.trigonometric(hours[order] * np.pi / 6, 8)
            found = way(list(zip(np.split(rows, 50), np.split(power[order], 50), strict=True)))
            theta = found.thetas[-1] if hasattr(found, "thetas") else found.theta
            curves.append(lsq.trigonometric(np.linspace(0, 24, 97) * np.pi / 6, 8) @ theta)
        apart[name] = np.sqrt(np.mean((curves[0] - curves[1]) ** 2)) > 0.01
    return {
        (True, True): "the sums and the average",
        (True, False): "only the sums",
        (False, True): "only the average",
        (False, False): "nobody",
    }[apart["sums"], apart["average"]]


def gain_with_many_columns() -> str:
    """By the costs that the lesson assumes: reading, arithmetic, and joins of 100 results to 13, to 2, to 1."""
    rows, columns, sent = 1e7, 2000, 1e-3 + 2001**2 * 8 / 1.25e9
    gain = {}
    for name, operations, join in (("sums", 1, 2001**2), ("triangles", 2, 10 / 3 * 2001**3)):
        alone = rows * 2001 * 8 / 0.5e9 + operations * rows * columns**2 / 1e10
        gain[name] = alone / (alone / 100 + (7 + 7 + 1) * (sent + join / 1e10))
    return {
        (True, True): "both above 90",
        (True, False): "sums above 90, triangles below 70",
        (False, True): "triangles above 90, sums below 70",
        (False, False): "both below 70",
    }[gain["sums"] > 90, gain["triangles"] > 70]


def heavy_ball_past_the_limit() -> str:
    """The walk itself, on the five dots, beside plain descent at the same rate."""
    valley = five_points()
    largest = {}
    for momentum in (0.8, 0.0):
        theta, step = np.array([-4.0, 5.0]), np.zeros(2)
        for _ in range(300):
            step = momentum * step - 1.5 * 2 / valley.eigenvalues[-1] * valley.gradient(theta)
            theta = theta + step
        largest[momentum] = np.linalg.norm(theta - [1, 2])
    if largest[0.8] < 1e-6:
        return "it converges"
    if largest[0.8] < 100:
        return "it circles for ever"
    return "it diverges later" if largest[0.8] < largest[0.0] else "it diverges sooner"


def steps_of_conjugate_gradient() -> str:
    """In fractions: the lowest point that k gradients reach is exact once H, …, Hᵏ of the error span the error."""
    draw = np.random.default_rng(0)
    counts = set()
    for _ in range(20):
        different = [Fraction(int(each), 97) for each in draw.choice(np.arange(1, 97), 3, replace=False)]
        hessian = [different[row % 3] for row in range(10)]
        error = [Fraction(int(each)) for each in draw.integers(1, 50, 10)]
        powers, steps = [], 0
        while not in_span(powers, error):
            steps += 1
            powers.append([each * value**steps for each, value in zip(error, hessian, strict=True)])
        counts.add(steps)
    return {2: "two", 3: "three", 10: "ten"}[max(counts)]


def in_span(columns: list[list[Fraction]], target: list[Fraction]) -> bool:
    """Whether the target is a sum of multiples of the columns, by elimination without rounding."""
    rows = [list(row) for row in zip(*columns, target, strict=True)]
    for column in range(len(columns)):
        pivot = next(row for row in rows if row[column] and not any(row[:column]))
        rows.remove(pivot)
        for row in rows:
            share = row[column] / pivot[column]
            row[:] = [each - share * other for each, other in zip(row, pivot, strict=True)]
    return not any(any(row) for row in rows)


def who_minds_the_turn() -> str:
    """Forty steps of each in a valley along the axes, and turned by 45 degrees, seen from its own axes."""

    def adams(hessian: np.ndarray, theta: np.ndarray) -> np.ndarray:
        mean, square = np.zeros(2), np.zeros(2)
        for k in range(1, 41):
            slope = hessian @ theta
            mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
            theta = theta - 0.3 * mean / (1 - 0.9**k) / np.sqrt(square / (1 - 0.999**k))
        return theta

    def balls(hessian: np.ndarray, theta: np.ndarray) -> np.ndarray:
        step = np.zeros(2)
        for _ in range(40):
            step = 0.6 * step - hessian @ theta
            theta = theta + step
        return theta

    ways = {"Adam's": adams, "the ball's": balls, "Newton's": lambda h, theta: theta - np.linalg.solve(h, h @ theta)}
    axes = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    bowl, start = np.diag([0.01, 1]), np.array([8.0, 3.5])
    minds = [
        name
        for name, way in ways.items()
        if not np.allclose(axes.T @ way(axes @ bowl @ axes.T, axes @ start), way(bowl, start), atol=1e-9)
    ]
    return {
        (): "nobody's",
        ("Adam's",): "Adam's alone",
        ("Adam's", "Newton's"): "Adam's and Newton's",
        tuple(ways): "everybody's",
    }[tuple(minds)]


@cache
def at_school(draw: int) -> tuple[MLPClassifier, np.ndarray, np.ndarray]:
    """A network that reads ink, and the numbers of the pictures for examples and of those that nobody sees."""
    pictures, digits = load_digits(return_X_y=True)
    school, pool, unseen = np.split(np.random.default_rng(draw).permutation(len(digits)), [900, 1300])
    settings = dict(activation="tanh", solver="sgd", batch_size=64, learning_rate_init=0.1)
    learner = MLPClassifier((64,), random_state=draw, **settings)
    for _ in range(50):
        learner.partial_fit(pictures[school] / 16, digits[school], classes=range(10))
    return learner, pool, unseen


def negatives_of(draw: int, of_each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A few negatives with their digits, and the unseen ones with theirs."""
    pictures, digits = load_digits(return_X_y=True)
    _, pool, unseen = at_school(draw)
    few = np.concatenate([pool[digits[pool] == digit][:of_each] for digit in range(10)])
    return 1 - pictures[few] / 16, digits[few], 1 - pictures[unseen] / 16, digits[unseen]


def sign_changed() -> str:
    """With −V the smallest output is the largest."""
    smallest = []
    for draw in range(10):
        _, _, others, asked = negatives_of(draw, 1)
        smallest.append(np.mean(at_school(draw)[0].predict_log_proba(others).argmin(axis=1) == asked))
    return "more than half" if min(smallest) > 0.5 else "about a tenth, like guessing"


def _slope_of_ripples(t: np.ndarray) -> np.ndarray:
    return 2 * t + 20 * np.pi * np.sin(2 * np.pi * t)


def starts_for_95_percent() -> str:
    """The share of a fine grid of starts that rolls to the middle, and misses multiplied one by one."""
    t = np.linspace(-5.12, 5.12, 400_001)
    ends = t
    for _ in range(60):
        ends = ends - 0.002 * _slope_of_ripples(ends)
    miss_of_one, miss, starts = 1 - np.mean(np.abs(ends) < 0.5) ** 2, 1.0, 0
    while miss > 0.05:
        miss, starts = miss * miss_of_one, starts + 1
    return f"{starts}"


def one_walk_with_noise() -> str:
    """Whether a walk was ever lower than any floor but the deepest: four levels, other draws than the lesson's."""
    draw, levels = np.random.default_rng(99), np.array([65, 70, 75, 80])[:, None, None]
    theta, found = draw.uniform(-5.12, 5.12, (4, 200, 2)), np.zeros((4, 200), dtype=bool)
    for _ in range(4980):
        theta = theta - 0.0025 * (_slope_of_ripples(theta) + levels * draw.standard_normal(theta.shape))
        found |= np.sum(theta**2 + 10 - 10 * np.cos(2 * np.pi * theta), axis=2) < 0.9
    share = found.mean(axis=1).max()
    about = "in about 1 of 100 walks" if share < 0.03 else "in about 1 of 10 walks"
    return "in more than 9 of 10 walks" if share > 0.9 else about


def newton_on_the_square() -> str:
    """From random places, and from the signs of second differences where the walks end."""
    t = np.random.default_rng(5).uniform(-5.12, 5.12, (4000, 2))
    for _ in range(40):
        t = t - _slope_of_ripples(t) / (2 + 40 * np.pi**2 * np.cos(2 * np.pi * t))
    curved_up = _slope_of_ripples(t + 1e-4) > _slope_of_ripples(t - 1e-4)
    shares = np.bincount(curved_up.sum(axis=1)) / 4000
    return ("at hilltops", "at passes", "at floors")[shares.argmax()] if shares.max() > 0.4 else "a third at each"


def lead_of_the_school() -> str:
    """The lead of scikit-learn's ridge on the schooled features over its networks from scratch."""
    leads = {1: [], 20: []}
    for draw in range(10):
        learner = at_school(draw)[0]
        for of_each, lead in leads.items():
            few, labels, others, asked = negatives_of(draw, of_each)
            hidden, hidden_others = (np.tanh(x @ learner.coefs_[0] + learner.intercepts_[0]) for x in (few, others))
            ridge = RidgeClassifierCV(alphas=len(few) * np.geomspace(1e-4, 10, 21)).fit(hidden, labels)
            new = MLPClassifier((64,), activation="tanh", solver="sgd", batch_size=len(few), learning_rate_init=0.1)
            new.set_params(random_state=draw)
            for _ in range(100):
                new.partial_fit(few, labels, classes=range(10))
            lead.append(ridge.score(hidden_others, asked) - new.score(others, asked))
    with_one, with_twenty = np.mean(leads[1]), np.mean(leads[20])
    if with_twenty < with_one / 2:
        return "it shrinks"
    return "it grows" if with_twenty > 2 * with_one else "it stays about the same"


def everything_at_once() -> str:
    """The networks go back to their own school, with fifty negatives for 100 passes."""
    read = []
    for draw in range(5):
        few, labels, others, asked = negatives_of(draw, 5)
        learner = deepcopy(at_school(draw)[0]).set_params(batch_size=len(few))
        for _ in range(100):
            learner.partial_fit(few, labels)
        read.append(learner.score(others, asked))
    mean = np.mean(read)
    return "less than half" if mean < 0.5 else "about 90 %" if mean < 0.95 else "more than 95 %"


def where_to_nudge() -> str:
    """The place at which all three wrong pages differ from the right one, of those that a reader may choose."""
    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 5.0, 4.0])

    def pages(a: float, b: float) -> np.ndarray:
        residual = a + b * x - y
        right = np.array([np.mean(residual), np.mean(residual * x)])
        misprint = right + np.array([0, (5 / 2 - np.mean(x**2)) * b])
        return np.array([right, -right, 2 * right, misprint])

    places = {
        "where a and b are 0": (0.0, 0.0),
        "at the best line": np.polyfit(x, y, 1)[::-1],
        "at a place drawn at random": np.random.default_rng(0).normal(size=2),
    }
    convicting = [
        name for name, place in places.items() if not np.isclose(pages(*place)[1:], pages(*place)[0]).all(axis=1).any()
    ]
    return convicting[0] if len(convicting) == 1 else "it does not matter"


def slips_in_all() -> str:
    """For which number of slips ten of Anna's and six of Ben's have three in common, on average."""
    draw = np.random.default_rng(0)
    same = {slips: draw.hypergeometric(10, slips - 10, 6, size=100_000).mean() for slips in range(13, 40)}
    return f"about {min(same, key=lambda slips: abs(same[slips] - 3))}"


ANSWERS: dict[str, Callable[[], float | str]] = {
    "five_point_line.which_slope": which_slope,
    "five_point_line.twenty_times": twenty_times,
    "the_long_valley.slower_near_the_limit": slower_near_the_limit,
    "the_long_valley.limit_with_noise": limit_with_noise,
    "four_faults.first_fault": first_fault,
    "four_faults.second_fault": second_fault,
    "four_faults.third_fault": third_fault,
    "four_faults.fourth_fault": fourth_fault,
    "direct_or_downhill.digits_with_a_residual": digits_with_a_residual,
    "direct_or_downhill.ten_times_kappa": ten_times_kappa,
    "trigonometric_fit.functions_between_the_dots": functions_between_the_dots,
    "trigonometric_fit.without_the_last_wave": without_the_last_wave,
    "trigonometric_fit.worst_place": worst_place,
    "unequal_noise.share_of_the_bad_one": share_of_the_bad_one,
    "unequal_noise.price_of_guesses": price_of_guesses,
    "shadows.dot_that_is_followed": dot_that_is_followed,
    "shadows.images_at_right_angles": images_at_right_angles,
    "shadows.inputs_come_together": inputs_come_together,
    "what_noise_does.where_to_measure": where_to_measure,
    "what_noise_does.penalty_that_helps": penalty_that_helps,
    "what_noise_does.nearest_knob": nearest_knob,
    "gaussian_kernels.parameters_of_wide_bumps": parameters_of_wide_bumps,
    "gaussian_kernels.bandwidth_doubled": bandwidth_doubled,
    "gaussian_kernels.twenty_choices": twenty_choices,
    "one_sample_at_a_time.spread_of_the_stops": spread_of_the_stops,
    "one_sample_at_a_time.ten_times_stricter": ten_times_stricter,
    "one_sample_at_a_time.without_the_rule": without_the_rule,
    "calmer_steps.half_the_rate": half_the_rate,
    "calmer_steps.a_tenth_over_k": a_tenth_over_k,
    "calmer_steps.batches_of_ten": batches_of_ten,
    "calmer_steps.stop_or_solve": stop_or_solve,
    "more_rows_than_memory.width_of_the_band": width_of_the_band,
    "more_rows_than_memory.a_disk_ten_times_as_quick": a_disk_ten_times_as_quick,
    "more_rows_than_memory.sorted_by_the_hour": sorted_by_the_hour,
    "more_rows_than_memory.gain_with_many_columns": gain_with_many_columns,
    "better_walkers.heavy_ball_past_the_limit": heavy_ball_past_the_limit,
    "better_walkers.steps_of_conjugate_gradient": steps_of_conjugate_gradient,
    "better_walkers.who_minds_the_turn": who_minds_the_turn,
    "many_valleys.starts_for_95_percent": starts_for_95_percent,
    "many_valleys.one_walk_with_noise": one_walk_with_noise,
    "many_valleys.newton_on_the_square": newton_on_the_square,
    "fine_tuning.sign_changed": sign_changed,
    "fine_tuning.lead_of_the_school": lead_of_the_school,
    "fine_tuning.everything_at_once": everything_at_once,
    "audit_a_tutorial.where_to_nudge": where_to_nudge,
    "audit_a_tutorial.slips_in_all": slips_in_all,
}
