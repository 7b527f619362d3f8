"""More digits than the plain formula has: sums rounded once, and shares of a way that is hardly begun."""

import math

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]  # a value of twice the digits: high + low


def two_sum(a: np.ndarray, b: np.ndarray) -> Pair:
    """(s, e) with s = fl(a + b) and s + e = a + b exactly. Source: Knuth (1969), TAOCP 2, §4.2.2."""
    total = a + b
    virtual = total - a
    return total, (a - (total - virtual)) + (b - virtual)


def two_product(a: np.ndarray, b: np.ndarray) -> Pair:
    """(p, e) with p = fl(ab) and p + e = ab exactly while sizes stay within 10^±140. Source: Dekker (1971), §5."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _halves(a: np.ndarray) -> Pair:
    """a = high + low with at most 26 bits each, so that products of halves are exact."""
    shifted = (2.0**27 + 1) * a
    high = shifted - (shifted - a)
    return high, a - high


def add_to_pair(pair: Pair, step: np.ndarray) -> Pair:
    """high + low + step, again as high + low."""
    high, low = two_sum(pair[0], step)
    return two_sum(high, low + pair[1])


def sum_of_row(*terms: np.ndarray) -> np.ndarray:
    """Σ over the columns of all terms, row by row, each rounded once."""
    return np.array([math.fsum(row.tolist()) for row in np.column_stack(terms)])


def augmented_residuals(
    design: np.ndarray, target: np.ndarray, weights: np.ndarray, theta: Pair, error: Pair
) -> tuple[np.ndarray, np.ndarray]:
    """f = y − d − Φθ and g = −ΦᵀWd, each rounded once; θ and d are pairs high + low."""
    high, low = error
    f = sum_of_row(target, -high, -low, *two_product(design, -theta[0]), *two_product(design, -theta[1]))
    heavy, rest = two_product(-weights, high)
    rest = rest - weights * low
    columns = np.ascontiguousarray(design.T)
    return f, sum_of_row(*two_product(columns, heavy), *two_product(columns, rest))


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
