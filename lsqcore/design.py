"""From inputs to a design matrix: each column is one function, each row one input."""

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.checks import LARGEST, positive, real_array, whole_number


def line(x: ArrayLike) -> np.ndarray:
    """Columns 1, x for θ₀ + θ₁x, shape (n, 2)."""
    return polynomial(x, 1)


def polynomial(x: ArrayLike, degree: int) -> np.ndarray:
    """Columns 1, x, …, x^degree, shape (n, degree + 1). ValueError when a power overflows."""
    x = _inputs(x)
    with np.errstate(over="ignore"):
        columns = x[:, None] ** np.arange(whole_number("degree", degree, 0) + 1)
    if not np.isfinite(columns).all():
        raise ValueError(f"x reaches {np.abs(x).max():g}: its power {degree} is too large for float64, rescale x")
    return columns


def trigonometric(x: ArrayLike, harmonics: int) -> np.ndarray:
    """Columns 1, sin(x/2), cos(x/2), …, sin(mx/2), cos(mx/2) for m harmonics, shape (n, 2m + 1).

    Source: D3 §2, whose order of columns this is. The functions have the period 4π.
    """
    x = _inputs(x)
    angles = x[:, None] * np.arange(1, whole_number("harmonics", harmonics, 0) + 1) / 2
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(len(x), 2 * harmonics)
    return np.concatenate([np.ones((len(x), 1)), waves], axis=1)


def gaussian_kernel(x: ArrayLike, centers: ArrayLike, bandwidth: float) -> np.ndarray:
    """Columns exp(−‖x − c‖²/2h²), one per center c, shape (n, number of centers); h is the bandwidth, in units of x.

    Inputs and centers are (n,) and (m,), or (n, d) and (m, d) in d dimensions. Cost 3nmd.
    """
    x, centers = _points("x", x), _points("centers", centers)
    if x.shape[1:] != centers.shape[1:]:
        raise ValueError(f"x is {x.shape} but centers is {centers.shape}: expected the same number of coordinates")
    bandwidth = positive("bandwidth", bandwidth)
    exponent = np.zeros((len(x), len(centers)))
    with np.errstate(over="ignore"):  # a distance that overflows is far away: its kernel is 0
        for coordinate, center in zip(x.T, centers.T, strict=True):
            exponent -= ((coordinate[:, None] - center) / bandwidth) ** 2 / 2
    return np.exp(exponent)


def _inputs(x: ArrayLike) -> np.ndarray:
    """x as float64, shape (n,) with n ≥ 1."""
    x = real_array("x", x, most=LARGEST)
    if x.ndim != 1 or len(x) == 0:
        hint = ': x[:, 0], or df["a"] in place of df[["a"]]' if x.ndim == 2 and x.shape[1] == 1 else ""
        raise ValueError(f"x is {x.shape}, expected (n,) with at least one entry{hint}")
    return x


def _points(name: str, value: ArrayLike) -> np.ndarray:
    """Points as float64, shape (n, d); (n,) is read as (n, 1)."""
    value = real_array(name, value)
    if value.ndim not in (1, 2) or 0 in value.shape:
        raise ValueError(f"{name} is {value.shape}, expected (n,) or (n, d) with at least one entry")
    return value.reshape(len(value), -1)
