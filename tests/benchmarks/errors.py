"""`solve` against the libraries that people use: relative error over random problems of known exact solution."""

import numpy as np
import scipy.linalg

import lsqcore as lsq
from tests.test_direct import spectrum_problem


def measure():
    rows = []
    for noise in (0.0, 1e-3, 1.0):
        for power in range(1, 13):
            rng = np.random.default_rng(power)
            errors = []
            for _ in range(50):
                design, target = spectrum_problem(rng, 2000, 12, 10.0**power, noise)
                problem = lsq.LeastSquares(design, target)
                answers = {
                    "lsqcore solve": lsq.solve(problem).theta,
                    "numpy.linalg.lstsq": np.linalg.lstsq(design, target, rcond=None)[0],
                    "scipy.linalg.lstsq, gelsy": scipy.linalg.lstsq(design, target, lapack_driver="gelsy")[0],
                }
                truth = lsq.refine(problem, lsq.svd(problem)).theta
                errors.append([np.linalg.norm(theta - truth) / np.linalg.norm(truth) for theta in answers.values()])
            case = f"κ = 1e{power}"
            for name, found in (("Median", np.median(errors, axis=0)), ("Worst", np.max(errors, axis=0))):
                measure = f"{name} relative error, residual {noise:g} of the fitted part"
                rows += [(case, way, measure, value) for way, value in zip(answers, found, strict=True)]
                rows.append((case, "solve ÷ worse of the two", measure, found[0] / found[1:].max()))
    return rows
