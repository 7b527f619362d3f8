"""When is descent worth it? Time to a relative error of 10⁻³ or 10⁻⁶ against `solve`, the direct way of the course."""

from functools import partial

import numpy as np

import lsqcore as lsq
from tests.benchmarks.timing import interleaved

KAPPAS = {10: (3, 30, 300), 100: (3, 30, 300), 1000: (3, 30, 300), 2000: (3, 30)}


REPEATS = {10: 500, 100: 20, 1000: 1, 2000: 1}
RATIO = "Time ÷ time of solve"


def inverse(problem, times):
    """The way that most pages print."""
    for _ in range(times):
        _ = np.linalg.inv(problem.design.T @ problem.design) @ problem.design.T @ problem.target


def solve(problem, times):
    for _ in range(times):
        lsq.solve(problem)


def step(problem, times):
    """Steps of descent, without bookkeeping."""
    theta = np.zeros(problem.design.shape[1])
    for _ in range(times):
        theta = theta - 1e-9 * problem.loss_and_gradient(theta)[1]


def steps_until(tolerance, stretch, distance):
    """Steps of descent at its best rate from 0: the error in direction i is multiplied by 1 − αλᵢ in each."""
    eigenvalues = stretch**2
    factors = np.abs(1 - 2 * eigenvalues / (eigenvalues[0] + eigenvalues[-1]))
    low, high = 0, 1
    goal = tolerance * np.linalg.norm(distance)
    while np.linalg.norm(distance * factors**high) > goal:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if np.linalg.norm(distance * factors**middle) > goal else (low, middle)
    return high


def measure():
    found = []
    for columns, kappas in KAPPAS.items():
        rng = np.random.default_rng(columns)
        left = np.linalg.qr(rng.normal(size=(2 * columns, columns)))[0]
        right = np.linalg.qr(rng.normal(size=(columns, columns)))[0]
        distance = rng.normal(size=columns)
        for kappa in kappas:
            stretch = np.geomspace(1, 1 / kappa, columns)
            design = np.ascontiguousarray(left * stretch @ right.T)
            target = design @ (right @ distance)
            problem = lsq.LeastSquares(design, target)
            conjugate = lsq.conjugate_gradient(problem, iterations=min(3 * columns, 20 * kappa))
            errors = np.linalg.norm(conjugate.thetas - right @ distance, axis=1) / np.linalg.norm(distance)
            ways = {way.__name__: partial(way, problem, REPEATS[columns]) for way in (solve, inverse, step)}
            times = interleaved(ways, 9 if columns <= 100 else 3)
            one = times["step"] / times["solve"]
            case = f"{columns} features, κ = {kappa}"
            found.append((case, "inv(ΦᵀΦ)Φᵀy", RATIO, times["inverse"] / times["solve"]))
            for tolerance in (1e-3, 1e-6):
                steps = steps_until(tolerance, stretch, distance)
                found.append((case, f"gradient descent to {tolerance:.0e}", RATIO, steps * one))
                found.append((case, f"gradient descent to {tolerance:.0e}", "Steps", steps))
                if (errors <= tolerance).any():
                    turns = int((errors <= tolerance).argmax())
                    found.append((case, f"conjugate gradient to {tolerance:.0e}", RATIO, turns * one))
                    found.append((case, f"conjugate gradient to {tolerance:.0e}", "Steps", turns))
    return found
