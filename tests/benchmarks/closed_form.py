"""`iterate_at` beside the loop: the same iterate, and what it costs."""

import time
from functools import partial

import numpy as np

import lsqcore as lsq
from tests.benchmarks.timing import interleaved
from tests.test_descent import random_problem

REPEATS = 100


def repeat(call):
    """Often enough for the clock."""
    for _ in range(REPEATS):
        call()


def measure():
    rows = []
    for momentum in (0.0, 0.9):
        for kappa in (1e2, 1e8):
            problem, _ = random_problem(1, kappa, rank=10, columns=10, rows=100)
            rate = (1 + momentum) * problem.learning_rate_limit
            settings = dict(learning_rate=rate, momentum=momentum)
            lsq.iterate_at(problem, 1, **settings)  # the SVD, once
            way = f"κ = {kappa:.0e}, momentum {momentum:g}, rate at the limit"
            for iterations in (10**2, 10**4, 10**6):
                loop = partial(lsq.gradient_descent, problem, iterations=iterations, **settings)
                jump = partial(lsq.iterate_at, problem, iterations, **settings)
                begin = time.process_time()
                last = loop().thetas[-1]
                slow = time.process_time() - begin
                fast = interleaved({"jump": partial(repeat, jump)}, 5)["jump"] / REPEATS
                case = f"k = 1e{int(np.log10(iterations))}"
                allowed = max(1, np.linalg.norm(last), iterations / 1e4)
                rows += [
                    (case, way, "Largest difference ÷ max(1, ‖θ‖, k/10⁴)", np.abs(jump() - last).max() / allowed),
                    (case, way, "ms for iterate_at, after the SVD", 1e3 * fast),
                    (case, way, "Time of the loop ÷ time of iterate_at", slow / fast),
                ]
    return rows
