"""More digits than the plain formula has: exact numbers, and shares of a way that is hardly begun."""

from decimal import Decimal

import numpy as np

#: float64 numbers as decimal ones, without rounding; arrays of them add and multiply in the digits of their context.
exact = np.vectorize(Decimal, otypes=[object])


def plain_share(q: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """1 − (1 − q)^k, by exp and log while q < 1: of a small q the power would lose the digits."""
    near = -np.expm1(counts * np.log1p(-np.minimum(q, 1)))
    return np.where(q < 1, near, 1 - (1 - q) ** counts.astype(float))


def heavy_ball_share(q: np.ndarray, counts: np.ndarray, momentum: float) -> np.ndarray:
    """s_k with s₀ = s₋₁ = 0 and s_{k+1} = s_k + q(1 − s_k) + β(s_k − s_{k−1}).

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
