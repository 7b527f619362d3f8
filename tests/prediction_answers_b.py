"""The answers to the predictions of lessons 07 to 12, computed: a number as stated, or the right one of the choices."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import lsqcore as lsq


def _fifty() -> tuple[np.ndarray, np.ndarray]:
    """The fifty points of lessons 07 and 08."""
    x = np.linspace(-3, 3, 50)
    return x, _curve(x) + 0.05 * np.random.RandomState(0).randn(50)


def _curve(x: np.ndarray) -> np.ndarray:
    return np.sinc(x) + 0.1 * x


def _bumps(at: np.ndarray, centers: np.ndarray, bandwidth: float) -> np.ndarray:
    return np.exp(-((at[:, None] - centers) ** 2) / (2 * bandwidth**2))


def _parameters_of_wide_bumps() -> str:
    few = np.linspace(-3, 3, 9)
    narrow, wide, widest = (np.linalg.solve(_bumps(few, few, h), _curve(few)) for h in (0.75, 1.5, 2.2))
    grow = 3 * abs(narrow).max() < abs(wide).max() < abs(widest).max() / 3
    in_turn = np.all(np.sign(widest[1:]) == -np.sign(widest[:-1]))
    return "they grow, with signs in turn" if grow and in_turn else "they stay"


def _width_nearest_to_the_truth() -> float:
    (x, y), test, tried = _fifty(), np.linspace(-3, 3, 1000), np.geomspace(0.02, 4, 60)
    off = []
    for bandwidth in tried:
        left, sizes, right = np.linalg.svd(_bumps(x, x, bandwidth))
        theta = right.T @ (sizes / (sizes**2 + 50 * 1e-16) * (left.T @ y))
        off.append(np.mean((_bumps(test, x, bandwidth) @ theta - _curve(test)) ** 2))
    return round(float(tried[np.argmin(off)]), 1)


def _width_by_leave_one_out() -> float:
    (x, y), tried = _fifty(), np.geomspace(0.03, 3, 49)
    lowest = []
    for bandwidth in tried:
        left, sizes, _ = np.linalg.svd(_bumps(x, x, bandwidth))
        share = sizes**2 / (sizes**2 + 50 * np.geomspace(1e-10, 10, 45)[:, None])  # (penalties, directions)
        misses = ((share * (left.T @ y)) @ left.T - y) / (1 - share @ (left**2).T)
        lowest.append(np.mean(misses**2, axis=1).min())
    return round(float(tried[np.argmin(lowest)]), 2)


def _spread_of_the_stops() -> str:
    x, y = _fifty()
    problem, stops = lsq.LeastSquares(_bumps(x, x, 0.3), y), []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        run = dict(start=rng.standard_normal(50), order=rng.integers(50, size=100_000), learning_rate=0.1)
        stops.append(lsq.stochastic_gradient_descent(problem, **run, tolerance=1e-6, keep=[]).iterations[-1])
    factor = max(stops) / min(stops)
    return "more than 1,000" if factor > 1000 else "about 20" if factor > 5 else "2" if factor > 1.5 else "1.1"


def _steps_to_the_best_curve() -> int:
    """The mean of all runs walks as plain descent does, direction by direction of the kernel matrix."""
    (x, y), test = _fifty(), np.linspace(-3, 3, 1000)
    left, sizes, right = np.linalg.svd(_bumps(x, x, 0.3))
    reached = 1 - (1 - 0.1 * sizes**2 / 50) ** np.arange(2000)[:, None]  # (steps, directions)
    curves = (reached / sizes * (left.T @ y)) @ right @ _bumps(test, x, 0.3).T
    return int(np.mean((curves - _curve(test)) ** 2, axis=1).argmin())


def _width_of_the_band() -> str:
    """The mean standard error of a curve of 17 waves, after 2,500 and after 10,000 readings with noise 0.5."""
    rows = lsq.trigonometric(24 * np.random.default_rng(0).random(10_000) * np.pi / 6, 8)
    clock = lsq.trigonometric(np.linspace(0, 24, 97) * np.pi / 6, 8)
    early, late = (
        np.sqrt(np.einsum("ij,jk,ik->i", clock, np.linalg.inv(rows[:count].T @ rows[:count]), clock)).mean()
        for count in (2_500, 10_000)
    )
    return {1: "it stays", 2: "it halves", 4: "it shrinks to a quarter"}[round(early / late)]


def _who_minds_the_order() -> str:
    """Each way on 5,000 readings as they came and sorted, and how far its two curves are apart."""
    rng = np.random.default_rng(0)
    hours = 24 * rng.random(5000)
    power = np.cos(hours * np.pi / 12) + 0.5 * rng.standard_normal(5000)
    apart = {}
    for name, way in (
        ("the sums'", lsq.stream_gram),
        ("the triangle's", lsq.stream_qr),
        ("SGD's", lambda file: lsq.stream_sgd(file, learning_rate=0.02, average=True)),
    ):
        curves = []
        for order in (np.arange(5000), np.argsort(hours)):
            rows = lsq.trigonometric(hours[order] * np.pi / 6, 8)
            found = way(list(zip(np.split(rows, 50), np.split(power[order], 50), strict=True)))
            theta = found.thetas[-1] if hasattr(found, "thetas") else found.theta
            curves.append(lsq.trigonometric(np.linspace(0, 24, 97) * np.pi / 6, 8) @ theta)
        apart[name] = np.sqrt(np.mean((curves[0] - curves[1]) ** 2))
    minds = [name for name, gap in apart.items() if gap > 0.01]
    return minds[0] if len(minds) == 1 else "nobody's"


def _gain_of_a_hundred() -> int:
    """By the costs that the lesson assumes: reading, folding, and joins of eight triangles on each of three levels."""
    rows, columns, width = 1e7, 2000, 2001
    alone = rows * width * 8 / 0.5e9 + 2 * rows * columns**2 / 1e10
    join = 1e-3 + width**2 * 8 / 1.25e9 + 10 / 3 * width**3 / 1e10
    return round(alone / (alone / 100 + 3 * 8 * join))


def _heavy_ball_past_the_limit() -> str:
    """The larger root of z² − (1 + β − αλ)z + β over the eigenvalues from 1/100 to 1: what a step leaves in the end."""
    left, plain = (
        max(abs(np.roots([1, -(1 + momentum - 3 * eigenvalue), momentum])).max() for eigenvalue in (0.01, 1))
        for momentum in (0.8, 0)
    )
    if np.isclose(left, 1):
        return "it circles for ever"
    return "it converges" if left < 1 else "it diverges later" if left < plain else "it diverges sooner"


def _steps_of_conjugate_gradient() -> int:
    """By its recurrence, on ten different eigenvalues from 0.05 to 1."""
    hessian = np.diag(np.linspace(0.05, 1, 10))
    error, steps = np.ones(10), 0
    direction = residual = hessian @ error
    while np.linalg.norm(error) > 1e-9:
        share = residual @ residual / (direction @ hessian @ direction)
        error, shorter = error - share * direction, residual - share * hessian @ direction
        direction = shorter + shorter @ shorter / (residual @ residual) * direction
        residual, steps = shorter, steps + 1
    return steps


def _newton_between_two_valleys() -> str:
    places = {"descent": np.linspace(-2, 2, 80), "Newton": np.linspace(-2, 2, 80)}
    for _ in range(200):
        x = places["descent"]
        places["descent"] = x - 0.1 * (x**3 - x + 0.1)
        x = places["Newton"]
        places["Newton"] = np.clip(x - (x**3 - x + 0.1) / (3 * x**2 - 1), -1e3, 1e3)
    deep = np.roots([1, 0, -1, 0.1]).real.min()
    descent, newton = (int((abs(x - deep) < 0.01).sum()) for x in places.values())
    assert (descent, newton) == (42, 30)  # of 80: the 52 % and the 38 % of its words
    return "all" if newton == 80 else "more" if newton > descent else "as many" if newton == descent else "fewer"


def _starts_for_an_even_chance() -> int:
    """A start finds the deepest valley of Rastrigin's function from between its nearest hilltops, in each direction."""
    near_hilltop = np.linspace(0.4, 0.6, 2_000_001)
    hilltop = near_hilltop[(near_hilltop**2 - 10 * np.cos(2 * np.pi * near_hilltop)).argmax()]
    return int(np.ceil(np.log(0.5) / np.log(1 - (hilltop / 5.12) ** 2)))


def _features(network: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    first, offset, tall, wide, _ = network
    return np.column_stack([np.ones(len(x)), np.tanh(x @ (first + tall @ wide) + offset)])


def _trained(network: list[np.ndarray], moving: str, examples: tuple, learning_rate: float, steps: int) -> list:
    """The network after a walk with momentum 0.9, which moves those of its five parts that `moving` names."""
    x, targets = examples
    before = network
    for _ in range(steps):
        _, _, tall, wide, last = network
        design = _features(network, x)
        residual = (design @ last - targets) / len(x)
        back = residual @ last[1:].T * (1 - design[:, 1:] ** 2)
        slopes = (x.T @ back, back.sum(axis=0), x.T @ back @ wide.T, tall.T @ x.T @ back, design.T @ residual)
        after = [
            now - learning_rate * slope + 0.9 * (now - then) if name in moving else now
            for name, now, then, slope in zip("WbABV", network, before, slopes, strict=True)
        ]
        network, before = after, network
    return network


@cache
def _school() -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Pixels and digits, and the network that has learnt 0 to 4."""
    pictures, digits = load_digits(return_X_y=True)
    x, old = pictures / 16, digits < 5
    first = np.random.default_rng(0).normal(0, 1 / 8, 64 * 24).reshape(64, 24)
    fresh = [first, np.zeros(24), np.zeros((64, 1)), np.zeros((1, 24)), np.zeros((25, 5))]
    return x, digits, _trained(fresh, "WbV", (x[old], np.eye(5)[digits[old]]), 0.2, 300)


def _ten_of_each(seed: int) -> tuple[tuple, tuple]:
    """Ten examples of each new digit with their targets, and the other pictures with theirs."""
    x, digits, _ = _school()
    shuffled = np.random.default_rng(seed).permutation(np.flatnonzero(digits >= 5))
    train = np.concatenate([shuffled[digits[shuffled] == digit][:10] for digit in range(5, 10)])
    rest = np.setdiff1d(np.flatnonzero(digits >= 5), train)
    return tuple((x[part], np.eye(5)[digits[part] - 5]) for part in (train, rest))


def _right(outputs: np.ndarray, targets: np.ndarray) -> float:
    return float(np.mean(outputs.argmax(axis=1) == targets.argmax(axis=1)))


def _exact_or_early() -> str:
    """The last layer where its loss on unseen digits is lowest along plain descent, against the exact one."""
    (x, targets), (unseen, wanted) = _ten_of_each(seed=0)
    network = _school()[2]
    design, others = _features(network, x), _features(network, unseen)
    left, sizes, right = np.linalg.svd(design, full_matrices=False)
    steps = np.unique(np.geomspace(1, 1e6, 90).astype(int))
    outputs = [
        others
        @ right.T
        @ ((1 - (1 - 0.9 * 2 * (sizes / sizes[0]) ** 2) ** k)[:, None] / sizes[:, None] * left.T @ targets)
        for k in steps
    ]
    early = _right(outputs[np.argmin([np.mean((output - wanted) ** 2) for output in outputs])], wanted)
    exact = _right(others @ np.linalg.lstsq(design, targets)[0], wanted)
    return "one that stops early" if early > exact else "both the same" if early == exact else "the exact solution"


def _winner_of_three_ways() -> str:
    """The mean share of right answers after 120 steps, over three draws of the examples."""
    first, offset, *_ = _school()[2]
    ways = {"the last layer": "V", "the low-rank part": "ABV", "everything at once": "WbV"}
    right = dict.fromkeys(ways, 0.0)
    for seed in range(3):
        train, (unseen, wanted) = _ten_of_each(seed)
        for way, moving in ways.items():
            thin = np.random.default_rng(seed).normal(0, 1 / 8, (64, 1)) * ("A" in moving)
            start = [first, offset, thin, np.zeros((1, 24)), np.zeros((25, 5))]
            network = _trained(start, moving, train, 0.1, 120)
            right[way] += _right(_features(network, unseen) @ network[-1], wanted) / 3
    return max(right, key=right.get)


def _holds_as_written() -> int:
    ledger = Path(__file__).parents[1] / "notebooks" / "data" / "claims.csv"
    with ledger.open(encoding="utf-8", newline="") as file:
        return sum((row["kind"], row["verdict"]) == ("stated", "holds") for row in csv.DictReader(file))


ANSWERS = {
    "gaussian_kernels.parameters_of_wide_bumps": _parameters_of_wide_bumps,
    "gaussian_kernels.width_nearest_to_the_truth": _width_nearest_to_the_truth,
    "gaussian_kernels.width_by_leave_one_out": _width_by_leave_one_out,
    "one_sample_at_a_time.spread_of_the_stops": _spread_of_the_stops,
    "one_sample_at_a_time.steps_to_the_best_curve": _steps_to_the_best_curve,
    "more_rows_than_memory.width_of_the_band": _width_of_the_band,
    "more_rows_than_memory.who_minds_the_order": _who_minds_the_order,
    "more_rows_than_memory.gain_of_a_hundred": _gain_of_a_hundred,
    "beyond_plain_descent.heavy_ball_past_the_limit": _heavy_ball_past_the_limit,
    "beyond_plain_descent.steps_of_conjugate_gradient": _steps_of_conjugate_gradient,
    "beyond_plain_descent.newton_between_two_valleys": _newton_between_two_valleys,
    "beyond_plain_descent.starts_for_an_even_chance": _starts_for_an_even_chance,
    "fine_tuning.exact_or_early": _exact_or_early,
    "fine_tuning.winner_of_three_ways": _winner_of_three_ways,
    "ledger.holds_as_written": _holds_as_written,
}
