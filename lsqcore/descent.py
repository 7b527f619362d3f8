"""Step by step down the gradient: plain descent, heavy ball, conjugate gradients, and iterate k in closed form.

A method is a generator: it yields where it stands and the loss there, then takes a step; `trajectory.record` ends it.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.checks import below_one, positive, positive_or_none, real_array, vector, whole_number, whole_numbers
from lsqcore.fast.digits import heavy_ball_share, plain_share
from lsqcore.problem import LeastSquares, expect_problem
from lsqcore.trajectory import Status, Trajectory, record

Iterates = Iterator[tuple[np.ndarray, float]]


class Objective(Protocol):
    """Anything that has a loss and a gradient at θ."""

    def loss(self, theta: np.ndarray) -> float: ...

    def gradient(self, theta: np.ndarray) -> np.ndarray: ...


def gradient_descent(
    problem: LeastSquares | Objective,
    *,
    learning_rate: float = 0.01,
    iterations: int = 1000,
    start: ArrayLike | None = None,
    momentum: float = 0.0,
    tolerance: float | None = None,
) -> Trajectory:
    """θ_{k+1} = θ_k − α∇J(θ_k) + β(θ_k − θ_{k−1}) with learning rate α and momentum β (heavy ball).

    Cost 4np a step for a LeastSquares. Source: Polyak (1964), USSR Comput. Math. Math. Phys. 4(5).

    Parameters
    ----------
    problem
        A LeastSquares, or any objective with `loss(theta)` and `gradient(theta)`; then `start` is required.
    learning_rate
        α > 0. Above `problem.learning_rate_limit`, or (1 + β) times it, the run diverges.
    iterations
        How many steps at most.
    start
        θ₀, shape (p,); zero when left out.
    momentum
        β from 0 to below 1.
    tolerance
        Stop when ‖θ_k − θ_{k−1}‖ is below it. A short step is no proof of a near minimum.

    Returns
    -------
    Trajectory
        With every iterate. It ends early with DIVERGED, and for a LeastSquares names the limit, when the loss is not
        finite or passes 10¹² · max(first loss, loss of θ = 0), for other objectives when ‖θ‖ > 10¹²(1 + ‖start‖).
    """
    learning_rate, momentum = positive("learning_rate", learning_rate), below_one("momentum", momentum)
    iterations, tolerance = whole_number("iterations", iterations, 0), positive_or_none("tolerance", tolerance)
    theta = starting_point(problem, start)
    loss_and_gradient, diverged = _checked_objective(problem, theta)
    iterates = heavy_ball(loss_and_gradient, theta, learning_rate, momentum)
    run = record(iterates, iterations, tolerance=tolerance, diverged=diverged)
    if run.status is Status.DIVERGED and isinstance(problem, LeastSquares):
        return replace(run, learning_rate_limit=(1 + momentum) * problem.learning_rate_limit)
    return run


def heavy_ball(
    loss_and_gradient: Callable[..., Any], theta: np.ndarray, learning_rate: float, momentum: float
) -> Iterates:
    """(θ_k, J(θ_k)) for k = 0, 1, 2, … for ever."""
    step = np.zeros_like(theta)
    while True:
        loss, gradient = loss_and_gradient(theta)
        yield theta, loss
        step = momentum * step - learning_rate * gradient
        theta = theta + step


def conjugate_gradient(
    problem: LeastSquares,
    *,
    iterations: int = 100,
    start: ArrayLike | None = None,
    tolerance: float | None = None,
) -> Trajectory:
    """Conjugate gradients on the normal equations without forming them (CGLS).

    With r = Φθ − y, g = ΦᵀWr and direction d, at first −g: θ ← θ + αd with α = −gᵀd/‖W^½Φd‖², then
    d ← −g′ + (‖g′‖²/‖g‖²) d.
    In exact arithmetic −gᵀd = ‖g‖², and it ends after as many steps as the Hessian has different eigenvalues. Where
    only rounding is left of g the two differ, and −gᵀd stands still. The error falls at least as (κ − 1)/(κ + 1) a
    step, where plain descent has (κ² − 1)/(κ² + 1). It needs no learning rate.
    `start`, `tolerance` and the trajectory are those of `gradient_descent`.

    Cost 6np a step, the recorded loss included. Source: Hestenes and Stiefel (1952), J. Res. NBS 49, §10.
    """
    expect_problem(problem)
    iterations, tolerance = whole_number("iterations", iterations, 0), positive_or_none("tolerance", tolerance)
    theta = starting_point(problem, start)
    divergence_bound(problem, theta)
    return record(conjugate_steps(problem, theta), iterations, tolerance=tolerance)


def conjugate_steps(problem: LeastSquares, theta: np.ndarray) -> Iterates:
    """(θ_k, J(θ_k)) for k = 0, 1, 2, … for ever; at the minimum it stands still."""
    design = problem.design
    weights = 1.0 if problem.weights is None else problem.weights / problem.weights.max()  # only ratios matter
    residual = design @ theta - problem.target
    gradient = design.T @ (weights * residual)
    direction = -gradient
    while True:
        yield theta, problem.loss(theta)
        change = design @ direction
        curvature = change @ (weights * change)
        rate = -gradient @ direction / curvature if curvature else 0.0
        theta = theta + rate * direction
        residual = residual + rate * change
        square, gradient = gradient @ gradient, design.T @ (weights * residual)
        direction = -gradient + (gradient @ gradient / square if square else 0.0) * direction


def iterate_at(
    problem: LeastSquares,
    iterations: int | ArrayLike,
    *,
    learning_rate: float = 0.01,
    start: ArrayLike | None = None,
    momentum: float = 0.0,
) -> np.ndarray:
    """θ_k of gradient descent without the k − 1 steps before it: (p,) for a number k, (m, p) for m of them.

    With d = W^½(y − Φθ₀) and W^½Φ/√n = UΣVᵀ, each direction goes its own way:
    θ_k = θ₀ + V [s_k ∘ (Uᵀd/√n)/σ], where s_k is the share of the way that is gone, 1 − (1 − ασ²)^k without momentum,
    and 0 where σ = 0 but for rounding. An iterate that is too large for float64 is a row of ∞.
    Cost: one SVD a problem, then O(np) and O(p²) for each k. At the limit itself nothing decays, and the last digit
    of σ² counts k times.
    """
    expect_problem(problem)
    counts = whole_numbers("iterations", iterations, most=2**53, expected="a whole number ≥ 0 or a list of them")
    learning_rate, momentum = positive("learning_rate", learning_rate), below_one("momentum", momentum)
    theta = starting_point(problem, start)
    left, stretch, right = problem.directions
    seen = stretch > 4 * np.finfo(float).eps * stretch[0]  # the others are the SVD's rounding
    error = -problem.residual(theta) * (1.0 if problem.weights is None else np.sqrt(problem.weights))
    way = (left.T @ error)[seen] / np.sqrt(len(error)) / stretch[seen]
    share = plain_share if momentum == 0 else partial(heavy_ball_share, momentum=momentum)
    with np.errstate(all="ignore"):
        shares = share(learning_rate * stretch[seen] ** 2, counts[..., None])
        thetas = theta + (shares * way) @ right[seen]
    return np.where(np.isfinite(thetas).all(axis=-1, keepdims=True), thetas, np.inf)


def starting_point(problem: LeastSquares | Objective, start: ArrayLike | None) -> np.ndarray:
    """θ₀ as a float64 vector of its own; zero when it is left out and the problem tells how long it is."""
    if isinstance(problem, LeastSquares):
        zero = np.zeros(problem.design.shape[1])
        return zero if start is None else vector("start", start, len(zero)).copy()
    if not (hasattr(problem, "loss") and hasattr(problem, "gradient")):
        raise TypeError(f"problem is of type {type(problem).__name__}, expected a LeastSquares, or loss and gradient")
    if start is None:
        raise ValueError("start is missing: only a LeastSquares tells how many parameters there are")
    theta = real_array("start", start)
    if theta.ndim != 1 or len(theta) == 0:
        raise ValueError(f"start is {theta.shape}, expected (p,) with at least one entry")
    return theta.copy()


def divergence_bound(problem: LeastSquares, start: np.ndarray) -> float:
    """10¹² · max(first loss, loss of θ = 0). ValueError when the start is so far off that its loss is not finite."""
    first = problem.loss(start)
    if not math.isfinite(first):
        raise ValueError(f"the loss at start is {first}, too large for float64: start nearer or rescale")
    return 1e12 * max(first, problem.loss(np.zeros_like(start)))


def _checked_objective(problem: LeastSquares | Objective, start: np.ndarray) -> tuple[Any, Any]:
    """(function for loss and gradient, whether a run is too far off), after a look at the start."""
    if isinstance(problem, LeastSquares):
        bound = divergence_bound(problem, start)
        return problem.loss_and_gradient, lambda theta, loss: loss > bound
    gradient = np.asarray(problem.gradient(start))
    if gradient.shape != start.shape:
        raise ValueError(f"start is {start.shape} but the gradient there is {gradient.shape}")
    if not math.isfinite(first := float(problem.loss(start))):
        raise ValueError(f"the loss at start is {first}: start where the objective is finite")
    bound = 1e12 * (1 + float(np.linalg.norm(start)))

    def loss_and_gradient(theta: np.ndarray) -> tuple[float, np.ndarray]:
        loss = float(problem.loss(theta)) if np.isfinite(theta).all() else math.inf
        return loss, np.asarray(problem.gradient(theta), dtype=float)

    return loss_and_gradient, lambda theta, loss: bool(np.linalg.norm(theta) > bound)
