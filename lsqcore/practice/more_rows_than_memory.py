"""Lesson 12."""

import numpy as np

from lsqcore import line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

width_of_the_band = predict(
    "From 25 to 100 chunks: what happens to the width of the band?",
    "it halves",
    choices={
        "it stays": "Each chunk is as noisy as the one before. But the sums hold all of them, and noise of both signs "
        "cancels, the better the more there is of it.",
        "it halves": "A standard error shrinks with the square root of the number of readings.",
        "it shrinks to a quarter": "Four times the readings leave a quarter of the variance. The width is its root.",
    },
)

who_minds_the_order = predict(
    "The file is sorted by the hour. Whose answer suffers?",
    "SGD's",
    choices={
        "the sums'": "They grow in the order of the file. But a sum has no order: it ends the same.",
        "the triangle's": "It is folded in the order of the file. But each fold keeps all lengths: it ends the same.",
        "SGD's": "Sums and triangles do not know the order. SGD forgets the morning by night.",
        "nobody's": "Each row is read once, in whatever order. But a step of SGD forgets, so the last rows count most.",
    },
)

gain_of_a_hundred = predict(
    "2,000 columns, 10⁷ rows: how many times as fast as one are a hundred computers?",
    56,
    unit="times",
    because="The triangles are 32 MB each, and to join them costs p³ at every level.",
)


def bytes_sent(answer: object) -> Feedback:
    """The size of the triangle of 100 columns and a target, as a full square of float64."""
    mistakes = {
        "the target is a column too: 101 in all.": 100 * 100 * 8,
        "that counts the numbers. Each has 8 bytes.": 101 * 101,
        "that counts the numbers, without the target. Each has 8 bytes, and there are 101 columns.": 100 * 100,
        "that is the triangle alone. Asked is the full square, zeros and all.": 101 * 102 / 2 * 8,
        "the target has a row of its own too, with the corner that holds Σ r².": 100 * 101 * 8,
        "8 bytes, not 4: NumPy's default is float64.": 101 * 101 * 4,
    }
    return compare(answer, 101 * 101 * 8, mistakes, praise="However many rows that computer has read.")


def two_meters(answer: object) -> Feedback:
    """θ of the line through the five readings of two meters."""
    x, y = np.arange(5.0), np.array([1.0, 2.0, 5.0, 5.0, 8.0])
    both, first, second = (
        np.linalg.lstsq(line(x[part]), y[part], rcond=None)[0] for part in (slice(None), slice(2), slice(2, None))
    )
    mistakes = {
        "that is the mean of the two θ. Add the sums first, solve once.": (first + second) / 2,
        "that is the mean of the two θ by number of readings. The meters looked at different x: add the sums.": (
            2 * first + 3 * second
        )
        / 5,
        "that is the sum of the two θ. Add the sums, then solve.": first + second,
        "that is the first meter alone.": first,
        "that is the second meter alone.": second,
        "intercept first, then slope.": both[::-1],
    }
    return compare(answer, both, mistakes, praise="No row had to be read again.")


def join(answer: object) -> Feedback:
    """A function of two triangles whose result R has RᵀR = UᵀU + LᵀL."""
    upper, lower = (np.triu(np.random.default_rng(seed).standard_normal((4, 4))) for seed in (0, 1))
    result = call(answer, upper, lower)
    if isinstance(result, tuple) and len(result) == 2:
        return Feedback(False, 'Almost: `qr` gives Q and R together. Keep R; with `mode="r"` it comes alone.')
    given = as_numbers(result, (4, 4), (8, 4))
    if isinstance(given, Feedback):
        return given
    stacked, squares = np.vstack([upper, lower]), upper.T @ upper + lower.T @ lower
    with np.errstate(over="ignore", invalid="ignore"):
        own_squares = given.T @ given
        mistakes = {
            "one over the other is the first half. Factorise it, and keep the triangle.": (given, stacked),
            "that is Q, with columns of length 1. Keep the other factor, the triangle R.": (own_squares, np.eye(4)),
            "that is R with its rows of zeros. Keep the first four rows.": (given[4:], np.zeros((4, 4))),
            "that is the sum of the Gram matrices. The triangle R has RᵀR equal to it.": (given, squares),
            "triangles do not add up, their squares RᵀR do. Stack and factorise.": (given, upper + lower),
            "that is the lower triangle L of LLᵀ. R is its transpose.": (given @ given.T, squares),
        }
    for mistake, (found, expected) in mistakes.items():
        if found.shape == expected.shape and np.allclose(found, expected):
            return Feedback(False, f"Almost: {mistake}")
    if not np.allclose(own_squares, squares):
        return Feedback(False, "Not yet: RᵀR is not the sum of those of the two triangles.")
    if not np.allclose(given, np.triu(given)):
        return Feedback(False, "Almost: the lengths are right, but the result is no triangle.")
    for triangle in (upper, lower):  # two columns that differ by 1e-9 in one row: κ is about 1e9, and κ² too large
        triangle[:, 3] = triangle[:, 2]
        triangle[3, 3] = 1e-9
    corner = as_numbers(call(answer, upper, lower), (4, 4))
    if isinstance(corner, Feedback) or not np.isclose(abs(corner[3, 3]), np.sqrt(2) * 1e-9, rtol=1e-3):
        return Feedback(
            True, "Right, but it forms the sums RᵀR, which square κ: at κ = 1e9 it fails. Stacking does not."
        )
    return Feedback(True, "Right. With this one function a hundred triangles become one.")
