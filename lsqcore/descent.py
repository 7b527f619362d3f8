"""Step by step down the gradient: plain descent, heavy ball, conjugate gradients, and iterate k in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, partial
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.problem import LeastSquares, expect_problem, real_array, real_number, whole_number, whole_numbers


class Objective(Protocol):
    """Anything that has a loss and a gradient at θ."""

    def loss(self, theta: np.ndarray) -> float: ...

    def gradient(self, theta: np.ndarray) -> np.ndarray: ...


class Status(Enum):
    """Why a run ended. `str(status)` is a sentence."""

    TOLERANCE_MET = "The last step was shorter than the tolerance. That alone does not say that the minimum is near."
    MAX_ITERATIONS = "All steps that were asked for were taken."
    DIVERGED = "The loss grew without bound, and the run was cut: the learning rate is too large here."

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """The path of a run: row i is the iterate after `iterations[i]` steps, and row 0 is the start."""

    thetas: np.ndarray
    iterations: np.ndarray
    status: Status
    loss: np.ndarray | Callable[[np.ndarray], np.ndarray]  # of each row of `thetas`, or what computes it
    learning_rate_limit: float | None = None  # of a run that diverged, where it is known

    @cached_property
    def losses(self) -> np.ndarray:
        """J at each iterate, computed when it is first asked for."""
        return self.loss(self.thetas) if callable(self.loss) else self.loss

    def __repr__(self) -> str:
        steps, first, last = self.iterations[-1], self.losses[0], self.losses[-1]
        limit = "" if self.learning_rate_limit is None else f" The limit is {self.learning_rate_limit:.4g}."
        return f"{steps} steps, loss {first:.6g} at the start and {last:.6g} at the end. {self.status}{limit}"


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
    Trajectory with every iterate. It ends early with DIVERGED when a loss or iterate is not finite, or the loss
    passes 10¹² · max(first loss, loss of θ = 0), for other objectives ‖θ‖ > 10¹²(1 + ‖start‖). Of a LeastSquares it
    then names the limit.

    Cost 4np a step for a LeastSquares. Source: Polyak (1964), USSR Comput. Math. Math. Phys. 4(5).
    """
    learning_rate = positive("learning_rate", learning_rate)
    iterations = whole_number("iterations", iterations, 0)
    momentum = real_number("momentum", momentum, lambda value: 0 <= value < 1, "a number from 0 to below 1")
    tolerance = None if tolerance is None else positive("tolerance", tolerance)
    theta = starting_point(problem, start)
    loss_and_gradient, diverged = door(problem, theta)

    thetas, losses, status = [], [], Status.MAX_ITERATIONS
    step = np.zeros_like(theta)
    with np.errstate(over="ignore", invalid="ignore"):
        for iteration in range(iterations + 1):
            loss, gradient = loss_and_gradient(theta)
            if not math.isfinite(loss):
                status = Status.DIVERGED
                break
            thetas.append(theta)
            losses.append(loss)
            if diverged(theta, loss):
                status = Status.DIVERGED
                break
            if tolerance is not None and iteration and math.sqrt(step @ step) < tolerance:
                status = Status.TOLERANCE_MET
                break
            step = momentum * step - learning_rate * gradient
            theta = theta + step
    known = status is Status.DIVERGED and isinstance(problem, LeastSquares)
    limit = (1 + momentum) * problem.learning_rate_limit if known else None
    return Trajectory(np.array(thetas), np.arange(len(thetas)), status, np.array(losses), limit)


def conjugate_gradient(
    problem: LeastSquares,
    *,
    iterations: int = 100,
    start: ArrayLike | None = None,
    tolerance: float | None = None,
) -> Trajectory:
    """Conjugate gradients on the normal equations without forming them (CGLS).

    With r = W^½(y − Φθ), g = ΦᵀW^½r, direction d: θ ← θ + αd with α = gᵀd/‖W^½Φd‖², then d ← g′ + (‖g′‖²/‖g‖²) d.
    In exact arithmetic gᵀd = ‖g‖², and it ends after as many steps as the Hessian has different eigenvalues. Where only
    rounding is left of g the two differ, and gᵀd stands still. The error falls at least as (κ − 1)/(κ + 1) a step,
    where plain descent has (κ² − 1)/(κ² + 1). It needs no learning rate.
    `start`, `tolerance` and the trajectory are those of `gradient_descent`.

    Cost 6np a step, the recorded loss included. Source: Hestenes and Stiefel (1952), J. Res. NBS 49, §10.
    """
    expect_problem(problem)
    iterations = whole_number("iterations", iterations, 0)
    tolerance = None if tolerance is None else positive("tolerance", tolerance)
    theta = starting_point(problem, start)
    divergence_bound(problem, theta)
    # Powers of two keep the squares in the range of float64; in exact arithmetic they cancel.
    weights = 1.0 if problem.weights is None else np.ldexp(problem.weights, -np.frexp(problem.weights.max())[1])
    residual = -problem.residual(theta)
    shrink = 2.0 ** -np.frexp(max(problem.design.max(), -problem.design.min()))[1]
    reach = 2.0 ** np.frexp(np.abs(residual).max())[1]
    residual = residual / reach
    gradient = direction = shrink * (problem.design.T @ (weights * residual))
    square = gradient @ gradient

    thetas, losses, status = [theta], [problem.loss(theta)], Status.MAX_ITERATIONS
    for _ in range(iterations):
        change = problem.design @ (shrink * direction)
        curvature = change @ (weights * change)
        rate = gradient @ direction / curvature if curvature else 0.0  # at the minimum the direction is 0
        step = rate * direction * shrink * reach
        theta = theta + step
        thetas.append(theta)
        losses.append(problem.loss(theta))
        if tolerance is not None and np.linalg.norm(step) < tolerance:
            status = Status.TOLERANCE_MET
            break
        residual = residual - rate * change
        gradient = shrink * (problem.design.T @ (weights * residual))
        previous, square = square, gradient @ gradient
        direction = gradient + (square / previous if previous else 0.0) * direction
    return Trajectory(np.array(thetas), np.arange(len(thetas)), status, np.array(losses))


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
    counts = whole_numbers(iterations)
    if counts is None or counts.ndim > 1 or (counts > 2**53).any():
        raise ValueError(f"iterations is {iterations!r}, expected a whole number ≥ 0 or a list of them")
    learning_rate = positive("learning_rate", learning_rate)
    momentum = real_number("momentum", momentum, lambda value: 0 <= value < 1, "a number from 0 to below 1")
    start = starting_point(problem, start)
    left, stretch, right = problem.directions
    seen = stretch > 4 * np.finfo(float).eps * stretch[0]  # the others are the SVD's rounding
    error = -problem.residual(start) * (1.0 if problem.weights is None else np.sqrt(problem.weights))
    way = (left.T @ error)[seen] / np.sqrt(len(error)) / stretch[seen]
    share = plain_share if momentum == 0 else partial(heavy_ball_share, momentum=momentum)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        shares = share(learning_rate * stretch[seen] ** 2, counts[..., None])
        thetas = start + (shares * way) @ right[seen]
    return np.where(np.isfinite(thetas).all(axis=-1, keepdims=True), thetas, np.inf)


def plain_share(q: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """1 − (1 − q)^k for q = ασ², by exp and log while q < 1: of a small q the power would lose the digits."""
    near = -np.expm1(counts * np.log1p(-np.minimum(q, 1)))
    return np.where(q < 1, near, 1 - (1 - q) ** counts.astype(float))


def heavy_ball_share(q: np.ndarray, counts: np.ndarray, momentum: float) -> np.ndarray:
    """s_k with s₀ = s₋₁ = 0 and s_{k+1} = s_k + q(1 − s_k) + β(s_k − s_{k−1}), for q = ασ².

    One 3 × 3 matrix I + A takes (s, last step, 1) a step on. (I + A)² = I + (2A + A²), so k steps are about log₂k
    squarings, and without the I no digit of a small q is lost.
    """
    zero, beta = np.zeros_like(q), np.full_like(q, momentum)
    squared = np.array([[-q, beta, q], [-q, beta - 1, q], [zero, zero, zero]]).transpose(2, 0, 1)
    total = np.zeros((*counts.shape[:-1], *squared.shape))
    for bit in range(int(counts.max(initial=0)).bit_length()):
        odd = (counts.astype(np.int64) >> bit & 1).astype(bool)[..., None, None]
        total = np.where(odd, total + squared + total @ squared, total)
        squared = 2 * squared + squared @ squared
    return total[..., 0, 2]


def positive(name: str, value: float) -> float:
    """A finite number above 0, or a ValueError."""
    return real_number(name, value, lambda number: number > 0, "a finite number > 0")


def starting_point(problem: LeastSquares | Objective, start: ArrayLike | None) -> np.ndarray:
    """θ₀ as a float64 vector of its own; zero when it is left out and the problem tells how long it is."""
    if isinstance(problem, LeastSquares):
        return np.zeros(problem.design.shape[1]) if start is None else problem.parameters("start", start).copy()
    if not (hasattr(problem, "loss") and hasattr(problem, "gradient")):
        raise TypeError(f"problem is of type {type(problem).__name__}, expected a LeastSquares, or loss and gradient")
    if start is None:
        raise ValueError("start is missing: only a LeastSquares tells how many parameters there are")
    start = real_array("start", start)
    if start.ndim != 1 or len(start) == 0:
        raise ValueError(f"start is {start.shape}, expected (p,) with at least one entry")
    return start.copy()


def divergence_bound(problem: LeastSquares, start: np.ndarray) -> float:
    """10¹² · max(first loss, loss of θ = 0). ValueError when the start is so far off that its loss is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        first, zero = problem.loss(start), problem.loss(np.zeros_like(start))
    if not math.isfinite(first):
        raise ValueError(f"the loss at start is {first}, too large for float64: start nearer or rescale")
    return 1e12 * max(first, zero)


def door(problem: LeastSquares | Objective, start: np.ndarray):
    """(function for loss and gradient, rule for divergence), with everything that can be checked once checked."""
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

    return loss_and_gradient, lambda theta, loss: np.linalg.norm(theta) > bound
