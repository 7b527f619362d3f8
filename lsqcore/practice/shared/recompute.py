"""The ledger's numbers, computed again from the documents' own data: lesson 16 compares them with claims.csv."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

import lsqcore as lsq


def recompute() -> dict[str, float]:
    """For each statement of the ledger that has a value, that value anew.

    Draws are from NumPy's `RandomState`, seed 0 where there is one draw: the listings of D0 and D3 set no seed.
    """
    found = _large_model() | _five_points() | _three_points() | _curve_with_gaps() | _hundred_points()
    return {name: float(value) for name, value in found.items()}


def _first(holds: ArrayLike) -> float:
    return min(np.flatnonzero(holds), default=np.inf)


def _steps(problem: lsq.LeastSquares, learning_rate: float, at_most: int) -> float:
    """Steps from zero until theta is within a millionth of the best one."""
    walk = lsq.iterate_at(problem, np.arange(at_most), learning_rate=learning_rate)
    return _first(np.linalg.norm(walk - lsq.solve(problem).theta, axis=1) < 1e-6)


def _large_model() -> dict[str, float]:
    """D0: a thousand points around 4 + 3x, and a model without intercept."""
    draw = np.random.RandomState(0)
    x = 2 * draw.rand(1000)
    y = 4 + 3 * x + draw.randn(1000)
    start = draw.randn()
    origin, full = lsq.LeastSquares(x[:, None], y), lsq.LeastSquares(lsq.line(x), y)

    def printed(weight: float) -> float:
        return np.mean((y - weight * x) * x)  # target minus prediction, as in its section 3.2

    losses, weight = [], start
    for _ in range(1000):
        losses.append(origin.loss([weight]))  # half of what its listing prints
        weight = weight - 0.01 * printed(weight)
    walk = lsq.gradient_descent(full, learning_rate=0.01, iterations=3000)
    overshot = lsq.iterate_at(origin, 200, learning_rate=1.6) - lsq.solve(origin).theta
    newton = np.linspace(-2, 2, 4001)  # on ¼(z² − 1)² + z/10: below −½ lies the deep one of two valleys
    for _ in range(400):
        newton = newton - (newton**3 - newton + 0.1) / (3 * newton**2 - 1)
    draws = [2 * np.random.RandomState(seed).rand(1000) for seed in range(200)]
    moments = np.array([[1, 1], [1, 4 / 3]])  # means of 1, x and x² for x uniform on [0, 2]
    slope = origin.gradient([1.0])[0]
    return {
        "D0-07": walk.thetas[1000][0],
        "D0-08": printed(1.0) / slope,
        "D0-09": 2 * (losses[1] - losses[0]),
        "D0-10": _first(-np.diff(walk.losses) < 1e-6) + 1,
        "D0-14": weight,
        "D0-15": 2 * losses[0],
        "D0-18": 2 * slope / printed(1.0),
        "D0-19": lsq.solve(origin).theta[0],
        "D0-20": (1 - 0.01 * np.linalg.eigvalsh(moments)[0]) ** 1000,
        "D0-21": lsq.solve(full).theta[0],
        "D0-23": origin.design.shape[1],
        "D0-28": np.mean(newton < -0.5),
        "D0-29": np.linalg.norm(overshot),
        "D0-31": np.median([lsq.LeastSquares(lsq.line(each), each).learning_rate_limit for each in draws]),
    }


def _five_points() -> dict[str, float]:
    """D1: x = 1 … 5, y = 2x + 1, and a derivation by hand."""
    i = np.arange(1, 6)
    five = lsq.LeastSquares(lsq.line(i), 2 * i + 1)
    # its terms: a constant, the coefficients of θ₀ and θ₁, the target
    summands = np.column_stack([i**0, i + 1, i * (i + 1), -five.target])
    true = np.column_stack([0 * i, i**0, i, -five.target])
    products = np.array([[2, 6, 14, -3], [3, 18, 42, -15], [4, 32, 96, -28], [5, 50, 200, -45], [6, 72, 360, -66]])
    factors = products[:, 0] / summands[:, 0]
    derivatives = np.array([summands.sum(axis=0), products.sum(axis=0)]) / 5
    at_zero = derivatives[:, 0] + derivatives[:, 3]
    losses = lsq.gradient_descent(five, learning_rate=0.01, iterations=2000).losses
    return {
        "D0-30": _steps(five, 0.001, 80_000),  # D0 names no data of its own for it
        "D1-04": five.loss([0, 0]),
        "D1-06": 1 - 0.01 * five.eigenvalues[0],
        "D1-08": five.gradient([0, 0])[1],
        "D1-10": five.loss([0, 0]),
        "D1-12": five.gradient([0, 0])[0],
        "D1-14": five.learning_rate_limit,
        "D1-15": _steps(five, 0.169, 30_000),
        "D1-16": _first(-np.diff(losses) < 1e-6) + 1,
        "D1-17": lsq.solve(five).theta[1],
        "D1-18": (summands - true)[4, 2],
        "D1-19": summands.sum(axis=0)[2],
        "D1-20": at_zero[0],
        "D1-21": factors[4],
        "D1-22": (summands * factors[:, None]).sum(axis=0)[3],
        "D1-23": products.sum(axis=0)[2],
        "D1-24": at_zero[1],
        "D1-25": derivatives[0, 2] - derivatives[1, 1],
        "D1-26": five.condition_number**2,
        "D1-27": -0.01 * at_zero[0],
        "D1-28": -0.01 * at_zero[1],
        "D1-29": np.linalg.solve(derivatives[:, 1:3], -at_zero)[0],
        "D1-30": _steps(five, 0.01, 10_000),
    }


def _three_points() -> dict[str, float]:
    """D2: (1, 1), (2, 2), (3, 3), and rates that are small for them but too large for more points."""
    three = lsq.LeastSquares(lsq.line([1, 2, 3]), [1, 2, 3])
    printed = lsq.iterate_at(three, 1000, learning_rate=0.01)
    ratio = 2 * three.design.T @ three.residual([0, 0]) / three.gradient([0, 0])  # of ‖Xw − y‖², over what is printed
    counts = range(2, 40)
    limits = np.array(
        [lsq.LeastSquares(lsq.line(np.arange(1, m + 1)), np.arange(m)).learning_rate_limit for m in counts]
    )
    return {
        "D2-02": lsq.solve(three).theta[1],
        "D2-07": ratio[0],
        "D2-08": counts[int(_first(limits < 0.01 * 2 * np.array(counts)))],
        "D2-11": np.linalg.cond(lsq.polynomial(np.linspace(0, 1, 40), 10)),
        "D2-13": three.learning_rate_limit,
        "D2-14": ratio[1],
        "D2-15": np.linalg.norm(printed - lsq.solve(three).theta),
        "D2-21": lsq.solve(three).theta[1],
        "D2-23": printed[0],
        "D2-24": _steps(three, 0.01, 12_000),
        "D2-25": printed[1],
        "D2-26": counts[int(_first(limits < 0.01))],
    }


def _curve_with_gaps() -> dict[str, float]:
    """D3: fifty points of a curve with noise, fitted with waves, and with bumps by one sample at a time."""
    x, fine = np.linspace(-3, 3, 50), np.linspace(-3, 3, 1000)
    truth, hidden = np.sinc(x) + 0.1 * x, np.sinc(fine) + 0.1 * fine
    waves, kernel = lsq.trigonometric(x, 15), lsq.gaussian_kernel(x, x, 0.3)
    targets = truth + 0.05 * np.array([np.random.RandomState(seed).randn(50) for seed in range(200)])
    bumps, draw = lsq.LeastSquares(kernel, targets[0]), np.random.RandomState(0)
    draw.randn(50)  # the noise
    walk = _one_sample_at_a_time(bumps, draw)
    others = [_one_sample_at_a_time(bumps, np.random.RandomState(seed)).thetas[-1] for seed in range(50)]
    apart = lsq.gaussian_kernel(fine, x, 0.3) @ (others - np.linalg.lstsq(kernel, bumps.target)[0]).T
    lengths = np.linalg.norm(kernel, axis=1)

    def off(highest: int, targets: NDArray) -> NDArray:
        """For each row of targets the root of the mean square by which its fit misses the hidden curve."""
        fits = targets @ np.linalg.pinv(lsq.trigonometric(x, highest), rcond=1e-15).T
        return np.sqrt(np.mean((fits @ lsq.trigonometric(fine, highest).T - hidden) ** 2, axis=1))

    return {
        "D3-10": waves.shape[1],
        "D3-11": np.abs(x).min(),
        "D3-15": len(lsq.trigonometric(fine, 15)),
        "D3-18": np.linalg.cond(waves),
        "D3-19": off(15, targets[:1])[0],
        "D3-20": np.sum(np.abs(fine) > 2.8),
        "D3-21": off(5, targets).mean(),
        "D3-25": np.linalg.cond(kernel),
        "D3-32": np.sum(np.linalg.svd(waves, full_matrices=False)[0] ** 2) / len(x),
        "D3-36": (waves.T @ waves).nbytes,
        "D3-43": lengths.min(),
        "D3-46": 0.1 * lengths.max() ** 2,
        "D3-47": 10 * len(x),
        "D3-50": np.sqrt(np.mean(bumps.residual(walk.thetas[-1]) ** 2)),
        "D3-51": walk.iterations[-1],
        "D3-54": np.median(np.sqrt(np.mean(apart**2, axis=0))),
    }


def _one_sample_at_a_time(problem: lsq.LeastSquares, draw: np.random.RandomState) -> lsq.Trajectory:
    """Its listing: a start and samples at random, until a step is shorter than a millionth."""
    chance = dict(start=draw.randn(50), order=draw.randint(0, 50, 50_000), steps=50_000)
    return lsq.stochastic_gradient_descent(problem, learning_rate=0.1, tolerance=1e-6, **chance)


def _hundred_points() -> dict[str, float]:
    """D4: a hundred points around 3x + 2 with noise from 0 to 1, and a listing whose shapes do not fit."""
    draw = np.random.RandomState(0)
    x = draw.rand(100, 1)
    y = 3 * x + 2 + draw.rand(100, 1)
    origin, full = lsq.LeastSquares(x, y[:, 0]), lsq.LeastSquares(lsq.line(x[:, 0]), y[:, 0])
    runs, theta, gradient = 0, np.zeros(1), np.zeros(0)
    try:
        for _ in range(1000):
            runs += 1
            gradient = 2 * (x.dot(theta) - y).dot(x)
            theta = theta - 0.01 * gradient
    except ValueError:  # the shapes clash
        pass
    swing, hilltop = 1.0, 0.5
    for _ in range(50):
        swing -= 1.99 * swing  # down a valley of curvature 1
        hilltop = 0.5 + np.arcsin(hilltop / (10 * np.pi)) / (2 * np.pi)  # of z² − 10 cos 2πz, beside its deepest valley
    share = (2 * hilltop / 10.24) ** 2  # of the starts in the square |z| ≤ 5.12
    mean_square = np.polyval(np.polyint([1, 0, 0]), 1)  # of x uniform on [0, 1]
    return {
        "D4-04": np.log(0.1 * np.sqrt(2 * np.pi)),  # −log of the normal density at its mean, standard deviation 0.1
        "D4-06": abs(swing),
        "D4-07": full.learning_rate_limit / 2,  # the mean square is twice J
        "D4-12": lsq.solve(origin).theta[0],
        "D4-13": len(gradient),
        "D4-14": 2 / (2 * 0.01 * mean_square),
        "D4-15": lsq.solve(origin).theta[0],
        "D4-16": lsq.solve(full).theta[0],
        "D4-17": _steps(full, 0.02, 12_000),
        "D4-18": x[0, 0],
        "D4-19": runs,
        "D4-24": 1 - (1 - share) ** 50,
    }
