"""The least-squares problem: its loss, gradient, Hessian, spectrum and learning-rate limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike
from scipy.linalg.lapack import dtpqrt

BLOCK = 2**17  # numbers in a block of rows: 1 MiB, so that it stays in the cache


@dataclass(frozen=True, eq=False)
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
        When shapes do not fit, or an entry is not a finite real number, or no weight is positive.
    """

    design: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None = None
    ridge: bool = False  # its last p rows are a penalty, no data

    def __init__(self, design: ArrayLike, target: ArrayLike, weights: ArrayLike | None = None):
        self._hold(design, target, weights)
        if not len(self.target):
            raise ValueError(f"design is {self.design.shape}, expected (n, p) with at least one row and one column")
        if not self.weighing_rows:
            raise ValueError("weights are all 0, expected ≥ 0 and one above 0")

    @classmethod
    def chunk(cls, design: ArrayLike, target: ArrayLike, weights: ArrayLike | None = None) -> LeastSquares:
        """Part of a stream: it may have no row, or none that weighs, since that is judged for the whole stream."""
        part = object.__new__(cls)
        part._hold(design, target, weights)
        return part

    def _hold(self, design: ArrayLike, target: ArrayLike, weights: ArrayLike | None) -> None:
        design = real_array("design", design)
        if design.ndim != 2 or design.shape[1] == 0:
            hint = ": line(x) makes columns of one input" if design.ndim == 1 else ""
            raise ValueError(f"design is {design.shape}, expected (n, p) with at least one row and one column{hint}")
        target = real_array("target", target, copy=True)
        if target.shape != design.shape[:1]:
            raise ValueError(f"design is {design.shape} but target is {target.shape}, expected {design.shape[:1]}")
        if weights is not None:
            weights = real_array("weights", weights, copy=True)
            if weights.shape != target.shape:
                raise ValueError(f"target is {target.shape} but weights is {weights.shape}: one weight per row")
            if weights.min(initial=0) < 0:
                raise ValueError(f"weights has {weights.min()} in row {weights.argmin()}, expected ≥ 0")
        for name, value in (("design", design), ("target", target), ("weights", weights)):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        n, p = self.design.shape
        weighted = "" if self.weights is None else ", weighted"
        return f"LeastSquares({n} rows, {p} parameters{weighted}{', ridge' if self.ridge else ''})"

    @property
    def weighing_rows(self) -> int:
        """How many rows have a weight above 0; the others count as no data."""
        return len(self.target) if self.weights is None else int(np.count_nonzero(self.weights))

    def residual(self, theta: ArrayLike) -> np.ndarray:
        """r = Φθ − y, shape (n,): prediction minus target. Cost 2np."""
        theta = self.parameters("theta", theta)
        with np.errstate(over="ignore", invalid="ignore"):
            return finite("Φθ − y", self.design @ theta - self.target)

    def loss(self, theta: ArrayLike) -> float:
        """J(θ) = (1/2n) Σ wᵢ rᵢ², and ∞ where the squares leave float64. Cost 2np."""
        theta = self.parameters("theta", theta)
        squares = 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for rows, target, weights in self.blocks():
                residual = rows @ theta
                residual -= target
                squares += residual @ (residual if weights is None else weights * residual)
        return float(squares) / (2 * len(self.target))

    def gradient(self, theta: ArrayLike) -> np.ndarray:
        """∇J(θ) = Φᵀ(w ∘ r)/n, shape (p,): the average of the one-sample gradients. Cost 4np."""
        theta = self.parameters("theta", theta)
        with np.errstate(over="ignore", invalid="ignore"):
            return finite("∇J(θ)", self.loss_and_gradient(theta)[1])

    def loss_and_gradient(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Both from one residual, for loops that checked θ at their door. Cost 4np."""
        residual = self.design @ theta - self.target
        weighted = residual if self.weights is None else self.weights * residual
        rows = len(residual)
        return float(residual @ weighted) / (2 * rows), (self.design.T @ weighted) / rows

    @cached_property
    def hessian(self) -> np.ndarray:
        """H = ΦᵀWΦ/n, shape (p, p), the same at every θ. Cost np²."""
        gram = sum(
            rows.T @ (rows if weights is None else weights[:, None] * rows) for rows, _, weights in self.blocks()
        )
        return read_only(gram / len(self.target))

    @cached_property
    def singular_values(self) -> np.ndarray:
        """σ of W^½Φ, from large to small, shape (min(n, p),). Cost 2np² + O(p³).

        From the transposed triangle of a pivoted QR, so that small ones are right beside columns of any size.
        Source: Higham (2000), Linear Algebra Appl. 309, §2.
        """
        graded, _ = scipy.linalg.qr(condensed(self)[0], mode="r", pivoting=True)
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
        left, stretch, right = np.linalg.svd(weighted(self)[0] / np.sqrt(len(self.target)), full_matrices=False)
        return read_only(left), read_only(stretch), read_only(right)

    @cached_property
    def rank(self) -> int:
        """Singular values above (p + 100)·eps of the largest, with the columns scaled to norm ≈ 1 by powers of two."""
        matrix = condensed(self)[0]
        return numerical_rank(np.linalg.svd(scaled_columns(matrix)[0], compute_uv=False), self.design.shape[1])

    @cached_property
    def learning_rate_limit(self) -> float:
        """2/λ_max: beyond it plain gradient descent diverges. ∞ for a design of zeros."""
        return two_over(self.eigenvalues[-1])

    @cached_property
    def best_learning_rate(self) -> float:
        """2/(λ_min + λ_max), best for the worst start; λ_min is the smallest eigenvalue that is not zero."""
        return two_over(self.eigenvalues[-max(self.rank, 1)] + self.eigenvalues[-1])

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
        object.__setattr__(penalised, "ridge", True)
        return penalised

    def project(self, vector: ArrayLike) -> np.ndarray:
        """The point of the column space nearest to `vector`, shape (n,), in the length Σ wᵢ vᵢ². Cost of `solve`.

        It is Φ·θ for the θ that solves the problem with `vector` as target; no n × n matrix is formed.
        """
        from lsqcore.direct import solve  # direct is built on this module

        return self.design @ solve(LeastSquares(self.design, vector, self.weights)).theta

    def parameters(self, name: str, value: ArrayLike) -> np.ndarray:
        """`value` as a float64 vector of shape (p,), or a ValueError that shows what came."""
        value = real_array(name, value)
        if value.shape != self.design.shape[1:]:
            raise ValueError(
                f"{name} is {value.shape}, expected {self.design.shape[1:]}: one entry per column of design"
            )
        return value

    def blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
        """Rows, targets and weights in blocks of about a MiB: views, not copies."""
        n, p = self.design.shape
        height = max(1, BLOCK // p)
        for first in range(0, n, height):
            block = slice(first, first + height)
            yield self.design[block], self.target[block], None if self.weights is None else self.weights[block]


def real_array(name: str, value: ArrayLike, *, copy: bool = False) -> np.ndarray:
    """`value` as a read-only float64 array of finite numbers. Without `copy` a float64 array is used as it is
    when its rows or its columns lie in one piece.

    A sum is finite when all entries are, unless it overflows: only then every entry is looked at.
    """
    array = number_array(name, value).astype(np.float64, copy=copy)
    if not blas_ready(array):
        array = np.ascontiguousarray(array)
    with np.errstate(over="ignore", invalid="ignore"):
        suspicious = not np.isfinite(array.sum())
    if suspicious:
        for row, entries in enumerate(np.atleast_1d(array)):
            if not np.isfinite(entries).all():
                raise ValueError(f"{name} has {entries[~np.isfinite(entries)].ravel()[0]} in row {row}")
    return read_only(array)


def number_array(name: str, value: ArrayLike) -> np.ndarray:
    """`value` as an array of real numbers of any kind, or a ValueError that says what came and what would do."""
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array: fill or drop the masked entries first")
    if isinstance(value, Iterator):
        raise ValueError(f"{name} is a {type(value).__name__}, expected an array: list(…) makes one of it")
    if hasattr(value, "toarray"):
        raise ValueError(f"{name} is a sparse {type(value).__name__}: {name}.toarray() is what is expected")
    if hasattr(value, "iloc") and hasattr(value, "columns"):  # a DataFrame, whose columns have kinds of their own
        columns = [number_array(f"{name} column {label!r}", value.iloc[:, k]) for k, label in enumerate(value.columns)]
        return np.column_stack(columns).astype(float, copy=False) if columns else np.empty((len(value), 0))
    array = np.asarray(value)
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O":
        strange = (place for place in np.ndindex(array.shape) if not isinstance(array[place], Real))
        if (place := next(strange, None)) is None:
            raise ValueError(f"{name} holds object, expected real numbers: astype(float) makes them of it")
        entry, row = array[place], f" in row {place[0]}" if place else ""
        cure = _NUMBERS_OF_TIMES if hasattr(entry, "tzinfo") else "mend or drop it, then astype(float)"
        raise ValueError(f"{name} holds object, expected real numbers: {entry!r:.80}{row}. {cure}")
    cure = f". {_NUMBERS_OF_TIMES}" if array.dtype.kind == "M" else ""
    raise ValueError(f"{name} holds {array.dtype.name}, expected real numbers{cure}")


_NUMBERS_OF_TIMES = "Make numbers of times: (t - t[0]) / one day"


def read_only(array: np.ndarray) -> np.ndarray:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def finite(name: str, value: np.ndarray) -> np.ndarray:
    """`value`, or a ValueError when an entry is not finite."""
    if not np.isfinite(value).all():
        raise ValueError(f"{name} is too large for float64: give a smaller theta, or rescale")
    return value


def expect_problem(problem: LeastSquares) -> None:
    """A TypeError that says what came in place of a LeastSquares."""
    if not isinstance(problem, LeastSquares):
        raise TypeError(f"problem is of type {type(problem).__name__}, expected LeastSquares(design, target)")


def two_over(eigenvalue: float) -> float:
    """2/λ, and ∞ for λ = 0: a flat loss has no limit."""
    return 2 / float(eigenvalue) if eigenvalue else np.inf


def blas_ready(array: np.ndarray) -> bool:
    """Whether BLAS can work on the array as it lies: no gaps along one axis, slices in order along the other."""
    if array.flags.c_contiguous or array.flags.f_contiguous:
        return True
    size, steps, lengths = array.itemsize, array.strides, array.shape
    return array.ndim == 2 and any(
        steps[inner] == size and steps[1 - inner] >= size * lengths[inner] for inner in (0, 1)
    )


def real_number(name: str, value: float, allowed: Callable[[float], bool], expected: str) -> float:
    """`value` as a finite float that is `allowed`, or a ValueError that shows what came and what was expected."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool | np.timedelta64) else np.nan
    except OverflowError:  # a whole number above 10³⁰⁸
        number = np.inf
    if not np.isfinite(number) or not allowed(number):
        raise ValueError(f"{name} is {value!r}, expected {expected}")
    return number


def whole_number(name: str, value: int, least: int) -> int:
    """`value` as an int ≥ `least`, or a ValueError that shows what came."""
    if not isinstance(value, Integral) or isinstance(value, bool | np.timedelta64) or value < least:
        raise ValueError(f"{name} is {value!r}, expected a whole number ≥ {least}")
    return int(value)


def whole_numbers(values: ArrayLike) -> np.ndarray | None:
    """An array of whole numbers ≥ 0, or None when `values` hold something else; an empty list has no kind."""
    if isinstance(values, np.ma.MaskedArray):
        return None
    numbers = np.asarray(values)
    numbers = numbers if numbers.size else np.zeros(numbers.shape, int)
    return numbers if numbers.dtype.kind in "iu" and (numbers >= 0).all() else None


def condensed(problem: LeastSquares) -> tuple[np.ndarray, np.ndarray]:
    """At most p + 1 or so rows (Φ′, y′) that pose the same problem: ‖Φ′θ − y′‖² = Σ wᵢ rᵢ² at every θ.

    A tall design is folded into the triangle R of [W^½Φ  W^½y] = QR, a small one is only weighted.
    """
    n, p = problem.design.shape
    if n > 2 * (p + 1):
        folded = np.zeros((p + 1, p + 1))
        for rows, target, weights in problem.blocks():
            folded = triangle(rows, target, weights, folded)
        few_rows = folded[:, :p], folded[:, p]
    else:
        few_rows = weighted(problem)
    if not all(np.isfinite(part).all() for part in few_rows):
        raise ValueError("design, target and weights together are too large for float64: rescale them")
    return few_rows


def weighted(problem: LeastSquares) -> tuple[np.ndarray, np.ndarray]:
    """W^½Φ and W^½y: weighted least squares is least squares on rescaled rows."""
    if problem.weights is None:
        return problem.design, problem.target
    root = np.sqrt(problem.weights)
    return problem.design * root[:, None], problem.target * root


def triangle(rows: np.ndarray, target: np.ndarray, weights: np.ndarray | None, above: np.ndarray) -> np.ndarray:
    """R of the QR factorisation of the triangle `above` over W^½[rows target], shape (p + 1, p + 1). Cost 2mp².

    R of a tall matrix is R of (R of its upper part, over its lower part): so any number of rows m folds into one
    triangle, block by block (TSQR). LAPACK's tpqrt is made for that and leaves the zeros out; it likes blocks of
    256 KiB in Fortran order.
    Source: Demmel, Grigori, Hoemmen, Langou (2012), SIAM J. Sci. Comput. 34, §2.
    """
    width = len(above)
    height = max(2 * width, BLOCK // (4 * width))
    above = np.array(above, order="F")
    buffer = np.empty(min(height, len(target)) * width)
    for first in range(0, len(target), height):
        block = slice(first, first + height)
        below = buffer[: len(target[block]) * width].reshape((-1, width), order="F")
        below[:, :-1] = rows[block]
        below[:, -1] = target[block]
        if weights is not None:
            below *= np.sqrt(weights[block])[:, None]
        above = dtpqrt(0, min(width, 24), above, below, overwrite_a=1, overwrite_b=1)[0]
    return above


def scaled_columns(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(Φ·2^−e, e): columns of norm ≈ 1. Powers of two, so nothing is rounded; a column of zeros has the least e."""
    largest = np.abs(matrix).max(axis=0)
    exponents = np.frexp(largest)[1]
    scaled = np.ldexp(matrix, -exponents)
    finer = np.frexp(np.linalg.norm(scaled, axis=0))[1]
    exponents = exponents + finer
    return np.ldexp(scaled, -finer), np.where(
        largest > 0, exponents, exponents[largest > 0].min() if largest.any() else 0
    )


def numerical_rank(singular_values: np.ndarray, columns: int) -> int:
    """How many singular values stand above (p + 100)·eps of the largest.

    No number of rows stands in it: what is decomposed is a triangle, and rows of weight 0, or that come again, are to
    change nothing. Where columns depend on each other, rounding left less than 6 eps in a million rows.
    """
    return int((singular_values > rank_tolerance(columns) * singular_values[0]).sum())


def rank_tolerance(columns: int) -> float:
    """(p + 100)·eps."""
    return (columns + 100) * np.finfo(float).eps


def row_lengths(rows: np.ndarray) -> np.ndarray:
    """‖φᵢ‖ of each row, without squares that leave the range of float64."""
    largest = np.abs(rows).max(axis=1, initial=0)
    return largest * np.linalg.norm(rows / np.where(largest > 0, largest, 1)[:, None], axis=1)
