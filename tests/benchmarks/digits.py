"""Certified problems: how many digits each library has right."""

import warnings
from fractions import Fraction
from math import comb

import numpy as np
import scipy.linalg
import statsmodels.api
from sklearn.linear_model import LinearRegression

import lsqcore as lsq
from tests.test_direct import digits, nist

NAMES = ["Norris", "Filip", "Longley", "Wampler1", "Wampler2", "Wampler3"]


def measure():
    rows = []
    for name in NAMES:
        problem, data = nist(name)
        design, target = problem.design, problem.target
        certified = [Fraction(value) for value in data["exact"]["coef"]]
        rounded = [Fraction(value) for value in data["exact"]["coef_rounded_X"]]
        ways = {
            "numpy.linalg.lstsq": lambda d, y: np.linalg.lstsq(d, y, rcond=None)[0],
            "scipy.linalg.lstsq, gelsy": lambda d, y: scipy.linalg.lstsq(d, y, lapack_driver="gelsy")[0],
            "scikit-learn LinearRegression": lambda d, y: LinearRegression(fit_intercept=False).fit(d, y).coef_,
            "statsmodels OLS, pinv": lambda d, y: statsmodels.api.OLS(y, d).fit(method="pinv").params,
            "statsmodels OLS, qr": lambda d, y: statsmodels.api.OLS(y, d).fit(method="qr").params,
            "inv(ΦᵀΦ)Φᵀy": lambda d, y: np.linalg.inv(d.T @ d) @ d.T @ y,
            "lsqcore normal_equations": lambda d, y, p=problem: lsq.normal_equations(p).theta,
            "lsqcore qr": lambda d, y, p=problem: lsq.qr(p).theta,
            "lsqcore svd": lambda d, y, p=problem: lsq.svd(p).theta,
            "lsqcore solve": lambda d, y, p=problem: lsq.solve(p).theta,
            "lsqcore refine": lambda d, y, p=problem: lsq.refine(p, lsq.solve(p)).theta,
        }
        for way, solve in ways.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a peer may say that the design is ill-conditioned
                try:
                    theta = solve(design, target)
                except np.linalg.LinAlgError:
                    theta = np.zeros(design.shape[1])  # no answer has no right digit
            for against, exact in (("certified values", certified), ("float64 problem, solved exactly", rounded)):
                rows.append((name, way, f"Digits of the {against}", found_digits(theta, exact)))
        if data["model"].startswith("poly"):
            theta = centred(data, len(certified))
            rows.append(
                (name, "lsqcore refine, x centred", "Digits of the certified values", found_digits(theta, certified))
            )
    return rows


def found_digits(theta, exact):
    """Right digits between 0 and 15."""
    return max(0.0, min(15.0, digits(np.asarray(theta), exact)))


def centred(data, size):
    """Coefficients of powers of x from those of powers of x − c: the powers of a small x − c lose far fewer digits."""
    x, y = np.array(data["x"][0], dtype=float), np.array(data["y"], dtype=float)
    center = float(np.round(x.mean()))
    problem = lsq.LeastSquares(lsq.polynomial(x - center, size - 1), y)
    theta = [Fraction(value) for value in lsq.refine(problem, lsq.solve(problem)).theta.tolist()]
    shift = Fraction(-center)
    return np.array([float(sum(theta[k] * comb(k, j) * shift ** (k - j) for k in range(j, size))) for j in range(size)])
