"""Least squares and gradient descent, each method as its formula."""

from lsqcore.descent import Status, Trajectory, gradient_descent, iterate_at
from lsqcore.design import gaussian_kernel, line, polynomial, trigonometric
from lsqcore.direct import Solution, normal_equations, qr, solve, svd
from lsqcore.problem import LeastSquares

__all__ = [
    "LeastSquares",
    "Solution",
    "Status",
    "Trajectory",
    "gaussian_kernel",
    "gradient_descent",
    "iterate_at",
    "line",
    "normal_equations",
    "polynomial",
    "qr",
    "solve",
    "svd",
    "trigonometric",
]
