"""Sums and products with their rounding errors kept, so that long sums come out right to the last digit.

Everything is float64: a value that needs more digits is a list of parts whose exact sum it is.
"""

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


def sum_parts(terms: np.ndarray) -> list[np.ndarray]:
    """Σ over axis 0 as parts: the sum, the sum of its rounding errors, …: 32 digits after one round, 48 after two.

    Source: Ogita, Rump, Oishi (2005), SIAM J. Sci. Comput. 26, §4 (SumK), here as a tree.
    """
    parts = []
    for _ in range(2):
        errors = [np.zeros_like(terms[:1])]
        while len(terms) > 1:
            middle = len(terms) // 2
            total, error = two_sum(terms[:middle], terms[middle : 2 * middle])
            errors.append(error)
            terms = total if len(terms) == 2 * middle else np.concatenate([total, terms[-1:]])
        parts.append(terms[0])
        terms = np.concatenate(errors)
    return [*parts, terms.sum(axis=0)]
