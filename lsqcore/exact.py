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


def sum_parts(terms: np.ndarray, rounds: int = 2) -> list[np.ndarray]:
    """Σ over axis 0 as parts: the sum, the sum of its rounding errors, …: 32 digits after one round, 48 after two.

    Source: Ogita, Rump, Oishi (2005), SIAM J. Sci. Comput. 26, §4 (SumK), here as a tree.
    """
    parts = []
    for _ in range(rounds):
        errors = [np.zeros_like(terms[:1])]
        while len(terms) > 1:
            middle = len(terms) // 2
            total, error = two_sum(terms[:middle], terms[middle : 2 * middle])
            errors.append(error)
            terms = total if len(terms) == 2 * middle else np.concatenate([total, terms[-1:]])
        parts.append(terms[0])
        terms = np.concatenate(errors)
    return [*parts, terms.sum(axis=0)]


def rayleigh_quotients(
    design: np.ndarray, weights: np.ndarray | None, vectors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """vᵀΦᵀWΦv/(n vᵀv) for each row v of `vectors` as high + low, shape (m,) each. Cost about 60 npm flops.

    When v is a right singular vector with error ε, this is the eigenvalue with error ε²: twice the digits of an SVD.
    """
    pairs = []
    size = int(np.frexp(max(design.max(), -design.min()))[1])
    heavy_size = 0 if weights is None else int(np.frexp(weights.max())[1])
    for vector in vectors:
        parts, small = [], np.ldexp(vector, -size)[:, None]
        for first in range(0, len(design), 1024):
            block = slice(first, first + 1024)
            high, low, _ = sum_parts(np.concatenate(two_product(design[block].T, small)))
            heavy, rest = (high, 0.0) if weights is None else two_product(high, np.ldexp(weights[block], -heavy_size))
            parts += sum_parts(np.array([*two_product(heavy, high), rest * high + 2 * heavy * low]).T.ravel())
        above, below = sum_parts(np.array(parts)), sum_parts(np.concatenate(two_product(vector, vector)))
        rows = float(len(design))
        high = above[0] / (rows * below[0])
        product, rest = two_product(high, rows)
        whole, part = two_product(product, below[0])
        left = (above[0] - whole) + (above[1] - part - rest * below[0] - product * below[1])
        pairs.append((high, left / (rows * below[0])))
    high, low = np.ldexp(np.array(pairs).reshape(-1, 2).T, 2 * size + heavy_size)
    return high, low
