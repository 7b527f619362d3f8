"""Direct solvers: three textbook ways to the same θ, the one to use, and the one with every digit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dpocon

from lsqcore.exact import sum_parts, two_product, two_sum
from lsqcore.problem import (
    BLOCK,
    LeastSquares,
    condensed,
    expect_problem,
    numerical_rank,
    rank_tolerance,
    real_number,
    row_lengths,
    scaled_columns,
    weighted,
)

TRUNCATED = "truncated SVD"  # the caller asked to drop directions


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """What a direct solver found: θ, J(θ), the rank of the design and the way that was taken."""

    theta: np.ndarray
    loss: float
    rank: int
    method: str
    problem: LeastSquares | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        p, dropped = len(self.theta), ""
        if self.rank < p:
            dropped = f" of {p}"
            if self.method != TRUNCATED:
                dropped += ": the shortest of many θ. Center the inputs, drop a column or add rows for a single one"
        return f"Solution(theta={self.theta!r}, loss={self.loss!r}, rank={self.rank}{dropped}, method={self.method!r})"

    @property
    def residual(self) -> np.ndarray:
        """r = Φθ − y, shape (n,)."""
        if self.problem is None:
            raise ValueError("the rows of a stream are not kept: form Φθ − y chunk by chunk")
        return self.problem.residual(self.theta)

    @property
    def standard_errors(self) -> np.ndarray:
        """s·√diag((ΦᵀWΦ)⁻¹), shape (p,), with s² = Σ wᵢ rᵢ²/(n − p): the spread of θ when the noise is drawn anew.

        Right for independent noise of variance σ²/wᵢ and a model without error. Rows of weight 0 do not count as data.
        """
        if self.problem is None:
            raise ValueError("standard errors need the problem: solve it in memory")
        if self.problem.ridge:
            raise ValueError(
                "the rows that with_ridge adds are no data, and a penalised θ is off on purpose: solve without"
            )
        p = len(self.theta)
        freedom = self.problem.weighing_rows - p
        if self.rank < p:
            raise np.linalg.LinAlgError(f"rank {self.rank} of {p}: single parameters are not determined")
        if freedom <= 0:
            raise ValueError(f"{freedom + p} rows for {p} parameters: no row is left to tell the noise")
        matrix, exponents = scaled_columns(condensed(self.problem)[0])
        _, s, vt = np.linalg.svd(matrix, full_matrices=False)
        root = 1.0 if self.problem.weights is None else np.sqrt(self.problem.weights)
        noise = row_lengths((root * self.residual)[None])[0] / np.sqrt(freedom)
        return noise * np.ldexp(np.linalg.norm(vt.T / s, axis=1), -exponents)


def normal_equations(problem: LeastSquares) -> Solution:
    """Solve ΦᵀWΦ θ = ΦᵀWy. Cost np² + p³/3.

    The Gram matrix ΦᵀWΦ has the condition number κ², so twice as many digits are lost as need be.

    Raises
    ------
    numpy.linalg.LinAlgError
        When κ² passes 1/eps, and no digit would be right: columns that depend on each other, or κ > 6.7·10⁷ once
        the columns are scaled.
    """
    expect_problem(problem)
    matrix, target = weighted(problem)
    matrix, exponents = scaled_columns(matrix)
    factor, condition = cholesky(matrix.T @ matrix)
    if condition > 1 / np.finfo(float).eps:
        raise np.linalg.LinAlgError(f"the Gram matrix is singular in float64 (κ² is {condition:.0e}): use solve or svd")
    theta = scipy.linalg.cho_solve((factor, False), matrix.T @ target)
    return record(problem, times_power(theta, -exponents), len(theta), "normal equations")


def qr(problem: LeastSquares) -> Solution:
    """W^½Φ P = QR with orthonormal columns Q, then Rθ = QᵀW^½y by back substitution. Cost 4np² − 4p³/3.

    P orders the columns, so that a diagonal of R that falls to nothing shows the rank.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the columns depend on each other: θ is not unique, and `svd` finds the shortest.
    """
    expect_problem(problem)
    matrix, target = weighted(problem)
    matrix, exponents = scaled_columns(matrix)
    q, r, order = scipy.linalg.qr(matrix, mode="economic", pivoting=True)
    rank = numerical_rank(np.abs(np.diag(r)), matrix.shape[1])
    if rank < matrix.shape[1]:
        raise np.linalg.LinAlgError(f"rank {rank} of {matrix.shape[1]}: use svd")
    theta = np.empty(rank)
    theta[order] = scipy.linalg.solve_triangular(r, q.T @ target)
    return record(problem, times_power(theta, -exponents), rank, "QR")


def svd(problem: LeastSquares, *, rtol: float | None = None) -> Solution:
    """θ = V Σ⁺ Uᵀ W^½y with W^½Φ = UΣVᵀ: the shortest of all minimisers. Cost about 4np² + 8p³.

    Parameters
    ----------
    problem
        Any shape, any rank.
    rtol
        Drop the directions that W^½Φ stretches by less than `rtol` times the most (truncated SVD). When left
        out, only what cannot be told from rounding is dropped: the rank is `problem.rank`.
    """
    expect_problem(problem)
    if rtol is None:
        theta, rank = minimum_norm(*weighted(problem))
        return record(problem, theta, rank, "SVD")
    rtol = real_number("rtol", rtol, lambda value: 0 <= value < 1, "a number from 0 to below 1")
    matrix, target = weighted(problem)
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    rank = int((s > rtol * s[0]).sum())
    return record(problem, vt[:rank].T @ (u[:, :rank].T @ target / s[:rank]), rank, TRUNCATED)


def solve(problem: LeastSquares) -> Solution:
    """The θ that minimises J, the shortest one when there are many. Cost np² where that is safe, 2np² where not.

    Cholesky of the Gram matrix with one corrected step while κ < 10⁵ (columns scaled); else the SVD of the
    triangle that the rows fold into. Memory beyond the design: a few MiB and O(p²).
    """
    expect_problem(problem)
    fast = corrected_cholesky(lambda piece: sum(piece(*block) for block in problem.blocks()))
    if fast is not None:
        theta, squares = fast
        return record(problem, theta, len(theta), "corrected Cholesky", squares / (2 * len(problem.target)))
    theta, rank = minimum_norm(*condensed(problem))
    return record(problem, theta, rank, "SVD of the triangle")


def refine(problem: LeastSquares, solution: Solution) -> Solution:
    """Every digit of θ that float64 data determine: Björck's refinement, with residuals summed exactly.

    θ and d = y − Φθ together solve d + Φθ = y, ΦᵀWd = 0. What is missing in both equations, f = y − d − Φθ and
    g = −ΦᵀWd, is summed in the digits of two or three float64. With W^½Φ = QR the corrections are
    v = QᵀW^½f − R⁻ᵀg, δθ = R⁻¹v, W^½δd = W^½f − Qv. Each round wins about 16 − log₁₀κ digits, columns scaled.
    Cost 5–12 times `svd`, and three times the memory of the design.
    Source: Björck (1967), BIT 7, §3.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the columns depend on each other, or so nearly that a round wins nothing.
    """
    expect_problem(problem)
    if not isinstance(solution, Solution):
        raise TypeError(f"solution is of type {type(solution).__name__}, expected what a solver returned")
    theta = problem.parameters("solution.theta", solution.theta)
    present = slice(None) if problem.weights is None else problem.weights > 0
    weights = np.ones(len(problem.target)) if problem.weights is None else problem.weights[present]
    weights = np.ldexp(weights, -np.frexp(weights.max())[1])
    root = np.sqrt(weights)
    matrix, exponents = scaled_columns(problem.design[present] * root[:, None])
    design = np.ldexp(problem.design[present], -exponents)
    target = problem.target[present]
    reach = np.frexp(np.abs(target).max())[1]
    target = np.ldexp(target, -reach)
    q, r = np.linalg.qr(matrix)
    rank = numerical_rank(np.linalg.svd(r, compute_uv=False), r.shape[1])
    if rank < design.shape[1]:
        raise np.linalg.LinAlgError(f"rank {rank} of {design.shape[1]}: no θ is the only one, svd has the shortest")

    theta = np.ldexp(theta, exponents - reach), np.zeros(rank)
    error = target - design @ theta[0], np.zeros(len(target))
    for _ in range(30):
        f, g = missing(design, target, weights, theta, error)
        v = q.T @ (root * f) - scipy.linalg.solve_triangular(r, g, trans="T")
        step = scipy.linalg.solve_triangular(r, v)
        theta = plus(theta, step)
        error = plus(error, f - (q @ v) / root)
        largest = np.abs(theta[0]).max()  # about 1, as target and columns are scaled: below 1e-100 it is 0
        if (np.abs(step) <= np.maximum(2.0**-56 * np.abs(theta[0]), max(1e-30 * largest, 1e-100))).all():
            return record(problem, times_power(theta[0], reach - exponents), rank, "refined")
    raise np.linalg.LinAlgError("the columns depend on each other too nearly for refinement to win digits: use svd")


def plus(pair: tuple[np.ndarray, np.ndarray], step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """high + low + step, again as high + low."""
    high, low = two_sum(pair[0], step)
    return two_sum(high, low + pair[1])


def missing(
    design: np.ndarray,
    target: np.ndarray,
    weights: np.ndarray,
    theta: tuple[np.ndarray, np.ndarray],
    error: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """f = y − d − Φθ and g = −ΦᵀWd, rounded once at the end; θ and d are pairs high + low.

    Where the first parts of a sum cancel, the last are all that is left: both are summed to 48 digits.
    """
    height = max(1, BLOCK // (8 * design.shape[1]))
    f, parts = np.empty_like(target), []
    for first in range(0, len(target), height):
        block = slice(first, first + height)
        rows, high, low = design[block], error[0][block], error[1][block]
        columns = np.ascontiguousarray(rows.T)
        products = *two_product(columns, -theta[0][:, None]), *two_product(columns, -theta[1][:, None])
        f[block] = sum(sum_parts(np.concatenate([[target[block], -high, -low], *products])))
        heavy, rest = two_product(-weights[block], high)
        rest = (rest - weights[block] * low)[:, None]
        parts += sum_parts(np.concatenate([*two_product(rows, heavy[:, None]), *two_product(rows, rest)]))
    return f, sum(sum_parts(np.array(parts)))


def times_power(values: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    """values · 2^exponents; what is too large becomes ∞ without a warning, and `record` refuses it."""
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(values, exponents)


def record(problem: LeastSquares, theta: np.ndarray, rank: int, method: str, loss: float | None = None) -> Solution:
    """The solution, once θ is known to be finite; its loss is computed where the method has not met it."""
    if not np.isfinite(theta).all():
        raise np.linalg.LinAlgError("θ is too large for float64: rescale design or target")
    return Solution(theta, problem.loss(theta) if loss is None else loss, rank, method, problem)


def cholesky(gram: np.ndarray) -> tuple[np.ndarray, float]:
    """(R, κ²) with RᵀR = the Gram matrix and its condition number by LAPACK's estimate; ∞ when there is no R."""
    try:
        factor = scipy.linalg.cholesky(gram)
    except np.linalg.LinAlgError:
        return gram, np.inf
    reciprocal, _ = dpocon(factor, np.abs(gram).sum(axis=0).max())
    return factor, 1 / reciprocal if reciprocal else np.inf


def corrected_cholesky(add_up: Callable[[Callable], np.ndarray]) -> tuple[np.ndarray, float] | None:
    """(θ, Σ wᵢ rᵢ²) from the Gram matrix and one corrected step; None where that is not safe.

    `add_up(piece)` is the sum of `piece(rows, target, weights)` over all blocks of rows, wherever they are. The step δ
    solves ΦᵀWΦ δ = ΦᵀW(y − Φθ). It sees the residual of the design itself, so the squared condition number only
    slows it: up to κ = 10⁵ θ is as good as from QR. Safe also means that no square leaves the range of float64.
    Source: Björck (1987), Linear Algebra Appl. 88/89, §4 (corrected semi-normal equations).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        gram = add_up(gram_of_rows)
    squares = gram.diagonal()
    if not all(1e-250 < square < 1e250 for square in np.append(squares[:-1], squares[-1] or 1.0)):
        return None
    exponents = np.frexp(np.sqrt(squares[:-1]))[1]
    factor, condition = cholesky(np.ldexp(np.ldexp(gram[:-1, :-1], -exponents), -exponents[:, None]))
    if condition > 1e10:
        return None

    def back(moment: np.ndarray) -> np.ndarray:
        return np.ldexp(scipy.linalg.cho_solve((factor, False), np.ldexp(moment, -exponents)), -exponents)

    theta = back(gram[:-1, -1])
    errors = add_up(partial(error_products, theta=theta))
    step = back(errors[:-1])
    return theta + step, max(0.0, float(errors[-1] - step @ errors[:-1]))


def gram_of_rows(rows: np.ndarray, target: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """AᵀA with A = W^½[Φ y], shape (p + 1, p + 1): the Gram matrix, ΦᵀWy and yᵀWy in one."""
    weighted_rows, weighted_target = (rows, target) if weights is None else (weights[:, None] * rows, weights * target)
    gram = np.empty((rows.shape[1] + 1,) * 2)
    gram[:-1, :-1] = weighted_rows.T @ rows
    gram[:-1, -1] = gram[-1, :-1] = rows.T @ weighted_target
    gram[-1, -1] = target @ weighted_target
    return gram


def error_products(rows: np.ndarray, target: np.ndarray, weights: np.ndarray | None, theta: np.ndarray) -> np.ndarray:
    """ΦᵀWd and dᵀWd for d = y − Φθ, shape (p + 1,)."""
    error = target - rows @ theta
    weighted_error = error if weights is None else weights * error
    # Summed in pieces of 128 rows: one long sum would round more, and these roundings are the error of θ.
    even, columns = len(rows) // 128 * 128, rows.shape[1]
    pieces = weighted_error[:even].reshape(-1, 1, 128) @ rows[:even].reshape(-1, 128, columns)
    products = pieces.sum(axis=0)[0] + rows[even:].T @ weighted_error[even:]
    return np.append(products, error @ weighted_error)


def minimum_norm(matrix: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, int]:
    """(θ, rank): the shortest θ that minimises ‖matrix θ − target‖.

    The rank is decided with the columns scaled by D = diag(2^e): matrix = Â D, Â = UΣVᵀ. With full rank
    θ = D⁻¹VΣ⁻¹Uᵀy. Else the minimisers fulfil (DV)ᵀθ = Σ⁻¹Uᵀy over the kept directions, and with DV = QR
    the shortest is θ = QR⁻ᵀΣ⁻¹Uᵀy.
    """
    scaled, exponents = scaled_columns(matrix)
    filled = scaled.any(axis=0)
    u, s, vt = scipy.linalg.svd(scaled, full_matrices=False, overwrite_a=True)
    vt *= filled  # a column of zeros is in no direction, not even by rounding
    rank = numerical_rank(s, len(exponents))
    reach = np.frexp(np.abs(target).max())[1]
    coordinates = u[:, :rank].T @ np.ldexp(target, -reach) / s[:rank]
    if rank == len(exponents):
        return times_power(vt.T @ coordinates, reach - exponents), rank
    del scaled, u  # p × p each
    largest = exponents.max()
    steep_first = np.argsort(-exponents, kind="stable")
    stretched = np.ldexp(vt[:rank].T[steep_first], (exponents - largest)[steep_first, None])
    q, r, order = scipy.linalg.qr(stretched, mode="economic", pivoting=True, overwrite_a=True)
    if rank and abs(r[-1, -1]) < rank_tolerance(len(exponents)) * abs(r[0, 0]):
        raise np.linalg.LinAlgError(
            f"rank {rank} of {len(exponents)}, and columns of very different size: "
            "float64 does not determine the shortest θ, rescale the columns"
        )
    theta = np.empty(len(exponents))
    theta[steep_first] = q @ scipy.linalg.solve_triangular(r, coordinates[order], trans="T")
    return times_power(theta, reach - largest), rank
