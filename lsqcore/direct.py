"""Direct solvers: three textbook ways to the same θ, the one to use, and the one with every digit."""

from dataclasses import dataclass, field

import numpy as np
import scipy.linalg

from lsqcore.checks import below_one
from lsqcore.fast import fold
from lsqcore.fast.digits import add_to_pair, augmented_residuals
from lsqcore.problem import LeastSquares, expect_problem

_TRUNCATED = "truncated SVD"  # the caller asked to drop directions


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
            if self.method != _TRUNCATED:
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
        matrix, exponents = fold.scaled_columns(fold.compressed(*self.problem.rows)[0])
        _, s, vt = np.linalg.svd(matrix, full_matrices=False)
        weights = 1.0 if self.problem.weights is None else self.problem.weights
        noise = np.sqrt((weights * self.residual**2).sum() / freedom)
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
    matrix, target = fold.weighted(*problem.rows)
    matrix, exponents = fold.scaled_columns(matrix)
    factor, condition = fold.cholesky(matrix.T @ matrix)
    if condition > 1 / np.finfo(float).eps:
        raise np.linalg.LinAlgError(f"the Gram matrix is singular in float64 (κ² is {condition:.0e}): use solve or svd")
    theta = scipy.linalg.cho_solve((factor, False), matrix.T @ target)
    return _solution(problem, np.ldexp(theta, -exponents), len(theta), "normal equations")


def qr(problem: LeastSquares) -> Solution:
    """W^½Φ P = QR with orthonormal columns Q, then Rθ = QᵀW^½y by back substitution. Cost 4np² − 4p³/3.

    P orders the columns, so that a diagonal of R that falls to nothing shows the rank.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the columns depend on each other: θ is not unique, and `svd` finds the shortest.
    """
    expect_problem(problem)
    matrix, target = fold.weighted(*problem.rows)
    matrix, exponents = fold.scaled_columns(matrix)
    q, r, order = scipy.linalg.qr(matrix, mode="economic", pivoting=True)
    rank = fold.numerical_rank(np.abs(np.diag(r)), matrix.shape[1])
    if rank < matrix.shape[1]:
        raise np.linalg.LinAlgError(f"rank {rank} of {matrix.shape[1]}: use svd")
    theta = np.empty(rank)
    theta[order] = scipy.linalg.solve_triangular(r, q.T @ target)
    return _solution(problem, np.ldexp(theta, -exponents), rank, "QR")


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
        theta, rank = fold.shortest_minimiser(*fold.weighted(*problem.rows))
        return _solution(problem, theta, rank, "SVD")
    rtol = below_one("rtol", rtol)
    matrix, target = fold.weighted(*problem.rows)
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    rank = int((s > rtol * s[0]).sum())
    return _solution(problem, vt[:rank].T @ (u[:, :rank].T @ target / s[:rank]), rank, _TRUNCATED)


def solve(problem: LeastSquares) -> Solution:
    """The θ that minimises J, the shortest one when there are many. Cost np² where that is safe, 2np² where not.

    Cholesky of the Gram matrix with one corrected step while κ < 10⁵ (columns scaled); else the SVD of the
    triangle that the rows fold into. Memory beyond the design: a few MiB and O(p²).
    """
    expect_problem(problem)
    found = fold.corrected_cholesky(lambda piece: sum(piece(*block) for block in fold.row_blocks(*problem.rows)))
    if found is not None:
        theta, squares = found
        return _solution(problem, theta, len(theta), "corrected Cholesky", squares / (2 * len(problem.target)))
    theta, rank = fold.shortest_minimiser(*fold.compressed(*problem.rows))
    return _solution(problem, theta, rank, "SVD of the triangle")


def refine(problem: LeastSquares, solution: Solution) -> Solution:
    """Every digit of θ that float64 data determine: Björck's refinement, with residuals summed exactly.

    θ and d = y − Φθ together solve d + Φθ = y, ΦᵀWd = 0. What is missing in both equations, f = y − d − Φθ and
    g = −ΦᵀWd, is summed as if exactly and rounded once. With W^½Φ = QR the corrections are
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
    weights = np.ones(len(problem.target)) if problem.weights is None else problem.weights
    data = weights > 0  # below, W^½ is divided by
    weights, target, root = weights[data], problem.target[data], np.sqrt(weights[data])
    matrix, exponents = fold.scaled_columns(problem.design[data] * root[:, None])
    design = np.ldexp(problem.design[data], -exponents)
    q, r = np.linalg.qr(matrix)
    rank = fold.numerical_rank(np.linalg.svd(r, compute_uv=False), r.shape[1])
    if rank < design.shape[1]:
        raise np.linalg.LinAlgError(f"rank {rank} of {design.shape[1]}: no θ is the only one, svd has the shortest")

    theta = np.ldexp(theta, exponents), np.zeros(rank)
    error = target - design @ theta[0], np.zeros(len(target))
    for _ in range(30):
        f, g = augmented_residuals(design, target, weights, theta, error)
        v = q.T @ (root * f) - scipy.linalg.solve_triangular(r, g, trans="T")
        step = scipy.linalg.solve_triangular(r, v)
        theta = add_to_pair(theta, step)
        error = add_to_pair(error, f - (q @ v) / root)
        largest = np.abs(theta[0]).max()  # a parameter of 1e-30 of it, or all of 1e-100, is 0
        if (np.abs(step) <= np.maximum(2.0**-56 * np.abs(theta[0]), max(1e-30 * largest, 1e-100))).all():
            return _solution(problem, np.ldexp(theta[0], -exponents), rank, "refined")
    raise np.linalg.LinAlgError("the columns depend on each other too nearly for refinement to win digits: use svd")


def _solution(problem: LeastSquares, theta: np.ndarray, rank: int, method: str, loss: float | None = None) -> Solution:
    """θ with its loss, which is computed where the method has not met it."""
    return Solution(theta, problem.loss(theta) if loss is None else loss, rank, method, problem)
