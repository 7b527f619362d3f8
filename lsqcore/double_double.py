"""Sums and products without rounding, as pairs high + low of float64: about 32 digits on every platform."""

import numpy as np


def two_sum(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(s, e) with s = fl(a + b) and s + e = a + b exactly. Source: Knuth (1969), TAOCP 2, §4.2.2."""
    total = a + b
    virtual = total - a
    return total, (a - (total - virtual)) + (b - virtual)


def two_product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(p, e) with p = fl(ab) and p + e = ab exactly while sizes stay within 10^±140. Source: Dekker (1971), §5."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = halves(a), halves(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def halves(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a = high + low with at most 26 bits each, so that products of halves are exact."""
    shifted = (2.0**27 + 1) * a
    high = shifted - (shifted - a)
    return high, a - high


def add(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """a + b for pairs, as a pair whose low part is below half a unit in the last place of the high one."""
    high, low = two_sum(a[0], b[0])
    return two_sum(high, low + (a[1] + b[1]))


def column_sums(left: np.ndarray, right: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Σ over axis 0 of left ∘ right as a pair, by halving the rows until one is left. Cost 40 flops an entry.

    With left = Φ and right = d, a column, it is Φᵀd; with left = Φᵀ and right = θ, a column, it is Φθ.
    Source: Ogita, Rump, Oishi (2005), SIAM J. Sci. Comput. 26, §5 (Dot2), as a tree.
    """
    high, low = two_product(left, right[0])
    low = low + left * right[1]
    while len(high) > 1:
        middle = len(high) // 2
        total, error = two_sum(high[:middle], high[middle : 2 * middle])
        lower = low[:middle] + low[middle : 2 * middle] + error
        high, low = np.concatenate([total, high[2 * middle :]]), np.concatenate([lower, low[2 * middle :]])
    return two_sum(high[0], low[0])
