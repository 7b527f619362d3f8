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


def rayleigh_matrix(design: np.ndarray, weights: np.ndarray | None, vectors: np.ndarray) -> tuple[float, np.ndarray]:
    """(c, VHVᵀ − cVVᵀ) with H = ΦᵀWΦ/n, V the m rows of `vectors`, and c the first Rayleigh quotient, rounded.

    The products are summed to 32 digits before c is taken off, so that 16 are left of the small difference, where
    float64 alone would leave none. When the rows of V are right singular vectors with error ε, the diagonal holds the
    eigenvalues with error ε², and what is beside it says how the vectors are to turn. Cost about 60nm(p + m) flops.
    """
    size = int(np.frexp(max(design.max(), -design.min()))[1])
    heavy_size = 0 if weights is None else int(np.frexp(weights.max())[1])
    parts = [[] for _ in vectors]
    for first in range(0, len(design), 1024):
        block = slice(first, first + 1024)
        images = [sum_parts(np.concatenate(two_product(design[block].T, np.ldexp(v, -size)[:, None]))) for v in vectors]
        high, low = (np.array([image[part] for image in images]) for part in (0, 1))
        heavy, rest = (high, 0 * high) if weights is None else two_product(high, np.ldexp(weights[block], -heavy_size))
        for i in range(len(vectors)):
            small = rest[i] * high + heavy[i] * low + heavy * low[i]
            products = np.concatenate([*two_product(heavy[i], high), small], axis=1)
            parts[i] += sum_parts(products.T)
    rows, center, matrix = float(len(design)), 0.0, []
    for vector, row in zip(vectors, parts, strict=True):
        above, above_rest, _ = sum_parts(np.array(row))
        below, below_rest, _ = sum_parts(np.concatenate(two_product(vectors.T, vector[:, None])))
        center = center or above[0] / (rows * below[0])
        scaled, scaled_rest = two_product(center, rows)
        whole, part = two_product(scaled, below)
        matrix.append(((above - whole) + (above_rest - part - scaled_rest * below - scaled * below_rest)) / rows)
    power = 2 * size + heavy_size
    return float(np.ldexp(center, power)), np.ldexp(np.array(matrix), power)
