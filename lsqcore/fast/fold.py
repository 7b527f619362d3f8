"""Rows folded away: any number of them into one Gram matrix or one triangle, and θ from either."""

from collections.abc import Callable
from functools import partial

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dpocon, dtpqrt

BLOCK = 2**17  # numbers in a block of rows: 1 MiB, so that it stays in the cache
Rows = tuple[np.ndarray, np.ndarray, np.ndarray | None]  # design, target, weights


def add_up(piece: Callable[..., np.ndarray], all_rows: Rows) -> np.ndarray:
    """Σ `piece(rows, target, weights)` over blocks of about a MiB: views, not copies."""
    design, target, weights = all_rows
    height = max(1, BLOCK // design.shape[1])
    blocks = (slice(first, first + height) for first in range(0, len(target), height))
    pieces = (piece(design[b], target[b], None if weights is None else weights[b]) for b in blocks)
    return sum(pieces, start=np.zeros(()))


def weighted(design: np.ndarray, target: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """W^½Φ and W^½y: weighted least squares is least squares on rescaled rows."""
    if weights is None:
        return design, target
    root = np.sqrt(weights)
    return design * root[:, None], target * root


def compressed(design: np.ndarray, target: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """At most 2p + 2 rows (Φ′, y′) that pose the same problem: ‖Φ′θ − y′‖² = Σ wᵢ rᵢ² at every θ.

    A tall design is folded into the triangle R of [W^½Φ  W^½y] = QR, a small one is only weighted.
    """
    n, p = design.shape
    if n <= 2 * (p + 1):
        return weighted(design, target, weights)
    folded = triangle(design, target, weights, np.zeros((p + 1, p + 1)))
    return folded[:, :p], folded[:, p]


def triangle(rows: np.ndarray, target: np.ndarray, weights: np.ndarray | None, above: np.ndarray) -> np.ndarray:
    """R of the QR factorisation of the triangle `above` over W^½[rows target], shape (p + 1, p + 1). Cost 2mp².

    R of a tall matrix is R of (R of its upper part, over its lower part): so any number of rows m folds into one
    triangle, block by block (TSQR). `np.linalg.qr(np.vstack([above, block]), mode="r")` is the same; LAPACK's tpqrt
    leaves the zeros out and takes half the time. It likes blocks of 256 KiB in Fortran order.
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
    """(A·2^−e, e): columns of norm ≈ 1, by powers of two, so that nothing is rounded; a column of zeros stays."""
    exponents = np.frexp(np.linalg.norm(matrix, axis=0))[1]
    return np.ldexp(matrix, -exponents), exponents


def numerical_rank(singular_values: np.ndarray, columns: int) -> int:
    """How many singular values stand above (p + 100)·eps of the largest; smaller ones cannot be told from rounding.

    No number of rows stands in it: what is decomposed is a triangle, and rows of weight 0, or that come again, are to
    change nothing. Where columns depend on each other, rounding left less than 6 eps in a million rows.
    """
    return int((singular_values > (columns + 100) * np.finfo(float).eps * singular_values[0]).sum())


def shortest_minimiser(matrix: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, int]:
    """(θ, rank): the shortest θ that minimises ‖Aθ − y‖, where the sizes of the columns do not decide the rank.

    With A = ÂD, D = diag(2^e) and Â = UΣVᵀ, all minimisers fulfil VᵀDθ = Σ⁻¹Uᵀy = c. At full rank θ = D⁻¹Vc. Below it
    θ = QR⁻ᵀc is the shortest, with DV = QR, whose rows are each right to their own size if the largest come first.
    """
    scaled, exponents = scaled_columns(matrix)
    u, s, vt = np.linalg.svd(scaled, full_matrices=False)
    rank = numerical_rank(s, len(exponents))
    filled, rows = scaled.any(axis=0), np.argsort(-exponents, kind="stable")
    vt = vt[:rank] * filled  # a column of zeros is in no direction, not even by rounding
    coordinates = u[:, :rank].T @ target / s[:rank]
    if rank == len(exponents) or not rank:
        return np.ldexp(vt.T @ coordinates, -exponents), rank
    q, r, order = scipy.linalg.qr(np.ldexp(vt, exponents).T[rows], mode="economic", pivoting=True)
    return (q @ scipy.linalg.solve_triangular(r, coordinates[order], trans="T"))[np.argsort(rows)] * filled, rank


def cholesky(gram: np.ndarray) -> tuple[np.ndarray, float]:
    """(R, κ²) with RᵀR = the Gram matrix and its condition number by LAPACK's estimate; ∞ when there is no R."""
    try:
        factor = scipy.linalg.cholesky(gram)
    except np.linalg.LinAlgError:
        return gram, np.inf
    reciprocal, _ = dpocon(factor, np.abs(gram).sum(axis=0).max())
    return factor, 1 / reciprocal if reciprocal else np.inf


def corrected_cholesky(total: Callable[[Callable[..., np.ndarray]], np.ndarray]) -> tuple[np.ndarray, float] | None:
    """(θ, Σ wᵢ rᵢ²) from the Gram matrix and one corrected step; None where κ > 10⁵ (columns scaled), or no R is.

    `total(piece)` is the sum of `piece(rows, target, weights)` over all blocks of rows, wherever they are. The step δ
    solves ΦᵀWΦ δ = ΦᵀW(y − Φθ). It sees the residual of the design itself, so the squared condition number only
    slows it: up to κ = 10⁵ θ is as good as from QR.
    Source: Björck (1987), Linear Algebra Appl. 88/89, §4 (corrected semi-normal equations).
    """
    gram = total(gram_of_rows)
    if gram.diagonal()[:-1].min() < 1e-250:  # squares of entries so small have lost their digits
        return None
    exponents = np.frexp(np.sqrt(gram.diagonal()[:-1]))[1]
    factor, condition = cholesky(np.ldexp(np.ldexp(gram[:-1, :-1], -exponents), -exponents[:, None]))
    if condition > 1e10:
        return None

    def solve(moment: np.ndarray) -> np.ndarray:
        return np.ldexp(scipy.linalg.cho_solve((factor, False), np.ldexp(moment, -exponents)), -exponents)

    theta = solve(gram[:-1, -1])
    errors = total(partial(error_products, theta=theta))
    step = solve(errors[:-1])
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
