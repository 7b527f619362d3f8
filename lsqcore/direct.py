"""Direct solvers: three textbook ways to the same θ, the one to use, and the one with every digit."""

from dataclasses import dataclass
from decimal import localcontext

import numpy as np
import scipy.linalg

from lsqcore.checks import below_one, vector
from lsqcore.fast import fold
from lsqcore.fast.digits import exact
from lsqcore.problem import LeastSquares, expect_problem

_TRUNCATED = "truncated SVD"  # the caller asked to drop directions


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """What a direct solver found: θ, J(θ), the rank of the design and the way that was taken."""

    theta: np.ndarray
    loss: float
    rank: int
    method: str
    problem: LeastSquares | None = None

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
            raise ValueError("with_ridge adds rows that are no data, and pulls θ off on purpose: solve without it")
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

    The Gram matrix ΦᵀWΦ has the condition number κ², so twice as many digits are lost as need be. LinAlgError where κ²
    passes 1/eps, and no digit would be right: where κ > 6.7·10⁷, with columns scaled to norm ≈ 1.
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

    P orders the columns, so that a diagonal of R that falls to nothing shows the rank. LinAlgError where it is below p:
    there θ is not unique, and `svd` finds the shortest.
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
    matrix, target = fold.weighted(*problem.rows)
    if rtol is None:
        return _solution(problem, *fold.shortest_minimiser(matrix, target), "SVD")
    rtol = below_one("rtol", rtol)
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    rank = int((s > rtol * s[0]).sum())
    return _solution(problem, vt[:rank].T @ (u[:, :rank].T @ target / s[:rank]), rank, _TRUNCATED)


def solve(problem: LeastSquares) -> Solution:
    """The θ that minimises J, the shortest one when there are many. Cost np² where that is safe, 2np² where not.

    Cholesky of the Gram matrix with one corrected step while κ < 10⁵ (columns scaled); else the SVD of the
    triangle that the rows fold into. Memory beyond the design: a few MiB, O(p²), and one vector of n numbers.
    """
    expect_problem(problem)
    found = fold.corrected_cholesky(lambda piece: fold.add_up(piece, problem.rows))
    if found is not None:
        theta, squares = found
        return _solution(problem, theta, len(theta), "corrected Cholesky", squares / (2 * len(problem.target)))
    return _solution(problem, *fold.shortest_minimiser(*fold.compressed(*problem.rows)), "SVD of the triangle")


def refine(problem: LeastSquares, solution: Solution) -> Solution:
    """Every digit of θ that float64 data determine: Björck's refinement, with residuals in 60 decimal digits.

    θ and d = y − Φθ together solve d + Φθ = y, ΦᵀWd = 0. In both equations something is missing: f = y − d − Φθ and
    g = −ΦᵀWd. With W^½Φ = QR the corrections are v = QᵀW^½f − R⁻ᵀg, δθ = R⁻¹v, W^½δd = W^½f − Qv. Each round wins about
    16 − log₁₀κ digits, columns scaled. LinAlgError where it wins none, as the columns depend on each other too nearly.
    Cost about 3 µs and 200 bytes for each entry of the design. Source: Björck (1967), BIT 7, §3.
    """
    expect_problem(problem)
    if not isinstance(solution, Solution):
        raise TypeError(f"solution is of type {type(solution).__name__}, expected what a solver returned")
    start = vector("solution.theta", solution.theta, problem.design.shape[1])
    weights = np.ones(len(problem.target)) if problem.weights is None else problem.weights
    data = weights > 0  # below, W^½ is divided by
    root = np.sqrt(weights[data])
    matrix, exponents = fold.scaled_columns(problem.design[data] * root[:, None])
    q, r = np.linalg.qr(matrix)
    rank = fold.numerical_rank(np.linalg.svd(r, compute_uv=False), r.shape[1])
    if rank < r.shape[1]:
        raise np.linalg.LinAlgError(f"rank {rank} of {r.shape[1]}: no θ is the only one, svd has the shortest")

    with localcontext(prec=60):
        design = exact(np.ldexp(problem.design[data], -exponents))
        target, heavy, theta = exact(problem.target[data]), exact(weights[data]), exact(np.ldexp(start, exponents))
        error = target - design @ theta
        for _ in range(30):
            f, g = (target - error - design @ theta).astype(float), -(design.T @ (heavy * error)).astype(float)
            v = q.T @ (root * f) - scipy.linalg.solve_triangular(r, g, trans="T")
            step = scipy.linalg.solve_triangular(r, v)
            theta, error = theta + exact(step), error + exact(f - (q @ v) / root)
            size = np.abs(theta.astype(float))  # a parameter of 1e-30 of the largest, or all of 1e-100, are 0
            if (np.abs(step) <= np.maximum(2.0**-56 * size, max(1e-30 * size.max(), 1e-100))).all():
                return _solution(problem, np.ldexp(theta.astype(float), -exponents), rank, "refined")
    raise np.linalg.LinAlgError("the columns depend on each other too nearly for refinement to win digits: use svd")


def _solution(problem: LeastSquares, theta: np.ndarray, rank: int, method: str, loss: float | None = None) -> Solution:
    """θ with its loss, which is computed where the method has not met it."""
    return Solution(theta, problem.loss(theta) if loss is None else loss, rank, method, problem)
