"""SGD with a Gaussian kernel, step by step in several ways and in blocks: the same updates, the same stop."""

import math

import numpy as np
from sklearn.linear_model import SGDRegressor

import lsqcore as lsq
from tests.benchmarks.timing import interleaved
from tests.test_stochastic import kernel_problem, step_by_step

STEPS, RATE, TOLERANCE = 10_000, 0.1, 1e-300


def in_place(problem, order):
    """The loop with its arrays reused and a stop test without a square root."""
    rows, target = list(problem.design), problem.target.tolist()
    squares = (problem.design**2).sum(axis=1).tolist()
    theta, move = np.zeros(len(rows[0])), np.empty(len(rows[0]))
    for i in order.tolist():
        error = RATE * (rows[i].dot(theta) - target[i])
        if error * error * squares[i] < TOLERANCE**2:
            break
        np.multiply(rows[i], error, out=move)
        np.subtract(theta, move, out=theta)
    return theta


def residual_space(problem, order):
    """Keep R = Φθ − y up to date: one step is R ← R − C[:, i] e, and θ = −εΦᵀ(sum of e)."""
    columns, residual = list(RATE * problem.design @ problem.design.T), -problem.target
    lengths = np.sqrt((problem.design**2).sum(axis=1)).tolist()
    steps = [0.0] * len(residual)
    for i in order.tolist():
        error = residual.item(i)
        steps[i] += error
        residual -= columns[i] * error
        if RATE * math.fabs(error) * lengths[i] < TOLERANCE:
            break
    return -RATE * problem.design.T @ steps


def measure():
    problem, rng = kernel_problem(0)
    order = rng.integers(50, size=STEPS)
    rows, target = problem.design[order], problem.target[order]
    settings = dict(loss="squared_error", penalty=None, fit_intercept=False, learning_rate="constant", eta0=RATE)

    def scikit_learn():
        return SGDRegressor(**settings, shuffle=False, max_iter=1, tol=None).fit(rows, target).coef_

    def blocks(**settings):
        return lsq.stochastic_gradient_descent(problem, learning_rate=RATE, order=order, **settings).thetas[-1]

    ways = {
        "plain NumPy loop": lambda: step_by_step(problem, RATE, order, tolerance=TOLERANCE)[-1],
        "in place, scalar stop test": lambda: in_place(problem, order),
        "residual space, one axpy a step": lambda: residual_space(problem, order),
        "scikit-learn SGDRegressor, no stop test": scikit_learn,
        "lsqcore in blocks, no stop test": lambda: blocks(keep=[]),
        "lsqcore in blocks, stop test": lambda: blocks(keep=[], tolerance=TOLERANCE),
        "lsqcore in blocks, stop test, 300 iterates kept": lambda: blocks(tolerance=TOLERANCE),
    }
    answers = {name: way() for name, way in ways.items()}
    times = interleaved(ways, 15)
    plain = times["plain NumPy loop"]
    found = []
    for name, seconds in times.items():
        found += [
            ("", name, "µs a step", 1e6 * seconds / STEPS),
            ("", name, "Times as fast as the plain loop", plain / seconds),
            (
                "",
                name,
                "Largest difference of θ from the plain loop",
                np.abs(answers[name] - answers["plain NumPy loop"]).max(),
            ),
        ]
    for batch_size in (10, 50):
        many = rng.integers(50, size=3000 * batch_size)
        pair = {
            "plain": lambda m=many, b=batch_size: step_by_step(problem, RATE, m, b),
            "blocks": lambda m=many, b=batch_size: lsq.stochastic_gradient_descent(
                problem, learning_rate=RATE, order=m, batch_size=b, keep=[]
            ),
        }
        times = interleaved(pair, 5)
        name = f"lsqcore in blocks, mini-batches of {batch_size}"
        found.append(("", name, "µs a step", 1e6 * times["blocks"] / 3000))
        found.append(("", name, "Times as fast as the plain loop", times["plain"] / times["blocks"]))
    return found
