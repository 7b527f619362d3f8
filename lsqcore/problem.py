"""The least-squares problem: its loss, gradient, Hessian, spectrum and learning-rate limit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike

from lsqcore.checks import finite, problem_data, read_only, real_number, vector
from lsqcore.fast import fold


@dataclass(frozen=True, eq=False, init=False, repr=False)
class LeastSquares:
    """Find θ that makes J(θ) = (1/2n) Σ wᵢ rᵢ² smallest, where r = Φθ − y.

    Parameters
    ----------
    design
        Φ, shape (n, p). A float64 array is used as it is, without a copy: do not change it afterwards.
        The columns of a DataFrame are copied.
    target
        y, shape (n,), copied.
    weights
        w ≥ 0, shape (n,), copied: 1/σ² where the noise of a row has the standard deviation σ. All 1 when left out.

    Raises
    ------
    ValueError
        When shapes do not fit, an entry is not a finite real number, no weight is positive, or the largest entry is
        beyond 10^±60 (of the weights 10^±120): products of several of them may leave float64.
    """

    design: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None = None
    ridge: bool = False  # its last p rows are a penalty, no data

    def __init__(self, design: ArrayLike, target: ArrayLike, weights: ArrayLike | None = None):
        vars(self).update(problem_data(design, target, weights, whole=True))

    @classmethod
    def chunk(cls, design: ArrayLike, target: ArrayLike, weights: ArrayLike | None = None) -> LeastSquares:
        """Part of a stream: it may have no row, or none that weighs, since that is judged for the whole stream."""
        part = object.__new__(cls)
        vars(part).update(problem_data(design, target, weights, whole=False))
        return part

    def __repr__(self) -> str:
        n, p = self.design.shape
        is_weighted = "" if self.weights is None else ", weighted"
        return f"LeastSquares({n} rows, {p} parameters{is_weighted}{', ridge' if self.ridge else ''})"

    @property
    def rows(self) -> fold.Rows:
        """Φ, y and w, for what works on rows."""
        return self.design, self.target, self.weights

    @property
    def weighing_rows(self) -> int:
        """How many rows have a weight above 0; the others count as no data."""
        return len(self.target) if self.weights is None else int(np.count_nonzero(self.weights))

    def residual(self, theta: ArrayLike) -> np.ndarray:
        """r = Φθ − y, shape (n,): prediction minus target. Cost 2np."""
        theta = vector("theta", theta, self.design.shape[1])
        with np.errstate(over="ignore", invalid="ignore"):
            return finite("Φθ − y", self.design @ theta - self.target)

    def loss(self, theta: ArrayLike) -> float:
        """J(θ) = (1/2n) Σ wᵢ rᵢ², and ∞ where the squares leave float64. Cost 2np."""
        theta = vector("theta", theta, self.design.shape[1])
        with np.errstate(over="ignore", invalid="ignore"):
            residual = self.design @ theta - self.target
            squares = residual @ (residual if self.weights is None else self.weights * residual)
        return float(squares) / (2 * len(self.target))

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """∇J(θ) = Φᵀ(w ∘ r)/n, shape (p,): the average of the one-sample gradients. Cost 4np."""
        theta = vector("theta", theta, self.design.shape[1])
        with np.errstate(over="ignore", invalid="ignore"):
            return finite("∇J(θ)", self.loss_and_gradient(theta)[1])

    def loss_and_gradient(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Both from one residual, for loops that checked θ before they began. Cost 4np."""
        residual = self.design @ theta - self.target
        weighted_residual = residual if self.weights is None else self.weights * residual
        rows = len(residual)
        return float(residual @ weighted_residual) / (2 * rows), (self.design.T @ weighted_residual) / rows

    @cached_property
    def hessian(self) -> np.ndarray:
        """H = ΦᵀWΦ/n, shape (p, p), the same at every θ. Cost np²."""
        return read_only(fold.add_up(fold.gram_of_rows, self.rows)[:-1, :-1] / len(self.target))  # of [Φ y]'s Gram

    @cached_property
    def singular_values(self) -> np.ndarray:
        """σ of W^½Φ, from large to small, shape (min(n, p),). Cost 2np² + O(p³).

        From the transposed triangle of a pivoted QR, so that small ones are right beside columns of any size.
        Source: Higham (2000), Linear Algebra Appl. 309, §2.
        """
        graded, _ = scipy.linalg.qr(fold.compressed(*self.rows)[0], mode="r", pivoting=True)
        return read_only(scipy.linalg.svd(graded.T, compute_uv=False, lapack_driver="gesvd")[: min(self.design.shape)])

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """λ of the Hessian, from small to large, shape (p,): σ²/n, never from the Gram matrix."""
        n, p = self.design.shape
        squares = np.square(self.singular_values / np.sqrt(n))
        return read_only(np.concatenate([np.zeros(p - len(squares)), squares[::-1]]))

    @cached_property
    def directions(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Thin SVD of W^½Φ/√n: (U, σ, Vᵀ). In these directions descent goes its own way in each."""
        matrix = fold.weighted(*self.rows)[0] / np.sqrt(len(self.target))
        left, stretch, right = np.linalg.svd(matrix, full_matrices=False)
        return read_only(left), read_only(stretch), read_only(right)

    @cached_property
    def rank(self) -> int:
        """Singular values above (p + 100)·eps of the largest, with the columns scaled to norm ≈ 1 by powers of two."""
        scaled, _ = fold.scaled_columns(fold.compressed(*self.rows)[0])
        return fold.numerical_rank(np.linalg.svd(scaled, compute_uv=False), self.design.shape[1])

    @cached_property
    def learning_rate_limit(self) -> float:
        """2/λ_max: beyond it plain gradient descent diverges. ∞ for a design of zeros, where the loss is flat."""
        steepest = float(self.eigenvalues[-1])
        return 2 / steepest if steepest else np.inf

    @cached_property
    def best_learning_rate(self) -> float:
        """2/(λ_min + λ_max), best for the worst start; λ_min is the smallest eigenvalue that is not zero."""
        both = float(self.eigenvalues[-max(self.rank, 1)] + self.eigenvalues[-1])
        return 2 / both if both else np.inf

    @cached_property
    def condition_number(self) -> float:
        """κ = σ_max/σ_min of W^½Φ as it stands; ∞ when the rank is below p. κ(H) = κ²."""
        full_rank = self.rank == self.design.shape[1]
        return float(self.singular_values[0] / self.singular_values[-1]) if full_rank else np.inf

    def with_ridge(self, penalty: float) -> LeastSquares:
        """J(θ) + (penalty/2)‖θ‖² as a problem with p more rows √(n·penalty)·I of target 0.

        All n + p weights are multiplied by (n + p)/n, so that loss, gradient and limit need no special case.
        Every coefficient is penalised. scikit-learn's `Ridge(alpha, fit_intercept=False)` has alpha = n·penalty.
        """
        n, p = self.design.shape
        penalty = real_number("penalty", penalty, lambda value: 0 <= n * value < np.inf, "a finite number ≥ 0")
        weights = np.concatenate([np.ones(n) if self.weights is None else self.weights, np.ones(p)]) * ((n + p) / n)
        design = np.concatenate([self.design, np.sqrt(n * penalty) * np.eye(p)])
        penalised = LeastSquares(design, np.concatenate([self.target, np.zeros(p)]), weights)
        vars(penalised).update(ridge=True)
        return penalised

    def project(self, vector: ArrayLike) -> np.ndarray:
        """Φθ for the θ that fits `vector` best: of the column space the point nearest to it in the length Σ wᵢ vᵢ²."""
        few_rows = fold.compressed(*LeastSquares(self.design, vector, self.weights).rows)
        return self.design @ fold.shortest_minimiser(*few_rows)[0]


def expect_problem(problem: LeastSquares) -> None:
    """A TypeError that says what came in place of a LeastSquares."""
    if not isinstance(problem, LeastSquares):
        raise TypeError(f"problem is of type {type(problem).__name__}, expected LeastSquares(design, target)")
