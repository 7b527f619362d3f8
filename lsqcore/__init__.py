"""Least squares and gradient descent, each method as its formula."""

from lsqcore.descent import Status, Trajectory, conjugate_gradient, gradient_descent, iterate_at
from lsqcore.design import gaussian_kernel, line, polynomial, trigonometric
from lsqcore.direct import Solution, normal_equations, qr, refine, solve, svd
from lsqcore.problem import LeastSquares
from lsqcore.stochastic import inverse_root, inverse_time, stochastic_gradient_descent
from lsqcore.stream import stream_gram, stream_qr, stream_sgd

__all__ = [
    "LeastSquares",
    "Solution",
    "Status",
    "Trajectory",
    "conjugate_gradient",
    "gaussian_kernel",
    "gradient_descent",
    "inverse_root",
    "inverse_time",
    "iterate_at",
    "line",
    "normal_equations",
    "polynomial",
    "qr",
    "refine",
    "solve",
    "stochastic_gradient_descent",
    "stream_gram",
    "stream_qr",
    "stream_sgd",
    "svd",
    "trigonometric",
]
