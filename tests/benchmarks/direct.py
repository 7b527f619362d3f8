"""Direct solvers on tall problems: speed and memory against `numpy.linalg.lstsq`, in one run."""

import numpy as np
import scipy.linalg
from sklearn.linear_model import LinearRegression

import lsqcore as lsq
from tests.benchmarks.timing import interleaved, peak_memory

SHAPES = {
    "10⁵×10": (10**5, 10, 15),
    "10⁵×50": (10**5, 50, 7),
    "10⁶×50": (10**6, 50, 3),
    "2·10⁴×200": (2 * 10**4, 200, 7),
    "10⁵×500": (10**5, 500, 1),
}


def measure():
    found = []
    for case, (rows, columns, rounds) in SHAPES.items():
        rng = np.random.default_rng(0)
        design, target = rng.normal(size=(rows, columns)), rng.normal(size=rows)

        def cholesky(design=design, target=target):
            return scipy.linalg.cho_solve(scipy.linalg.cho_factor(design.T @ design), design.T @ target)

        ways = {
            "numpy.linalg.lstsq": lambda d=design, y=target: np.linalg.lstsq(d, y, rcond=None),
            "scipy.linalg.lstsq, gelsy": lambda d=design, y=target: scipy.linalg.lstsq(d, y, lapack_driver="gelsy"),
            "scikit-learn LinearRegression": lambda d=design, y=target: LinearRegression(fit_intercept=False).fit(d, y),
            "inv(ΦᵀΦ)Φᵀy": lambda d=design, y=target: np.linalg.inv(d.T @ d) @ d.T @ y,
            "Cholesky of ΦᵀΦ": cholesky,
            "lsqcore solve": lambda d=design, y=target: lsq.solve(lsq.LeastSquares(d, y)),
            "lsqcore stream_qr, one chunk (TSQR)": lambda d=design, y=target: lsq.stream_qr([(d, y)]),
        }
        if rows * columns <= 10**7:
            ways["lsqcore qr"] = lambda d=design, y=target: lsq.qr(lsq.LeastSquares(d, y))
        times = interleaved(ways, rounds)
        for way, seconds in times.items():
            found.append((case, way, "Times as fast as numpy.linalg.lstsq", times["numpy.linalg.lstsq"] / seconds))
        for way, call in ways.items():
            found.append((case, way, "Memory beyond Φ ÷ memory of Φ", peak_memory(call) / design.nbytes))
        design[:, 1] = design[:, 0]
        deficient = peak_memory(ways["lsqcore solve"]) / design.nbytes
        found.append((case, "lsqcore solve, dependent columns", "Memory beyond Φ ÷ memory of Φ", deficient))
    return found
