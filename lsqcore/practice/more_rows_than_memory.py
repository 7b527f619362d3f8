"""Lesson 09."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lsqcore import line
from lsqcore.practice.feedback import NOT_ANSWERED, Feedback, compare


def bytes_sent(answer: ArrayLike) -> Feedback:
    """The size of the triangle of 100 columns and a target, as a full square of float64."""
    mistakes = {
        "the target is a column too: 101 in all.": 100 * 100 * 8,
        "that counts the numbers. Each has 8 bytes.": 101 * 101,
        "that counts the numbers, without the target. Each has 8 bytes, and there are 101 columns.": 100 * 100,
        "that is the triangle alone. Asked is the full square, zeros and all.": 101 * 102 / 2 * 8,
        "the target has a row of its own too, with the corner that holds Σ r².": 100 * 101 * 8,
        "8 bytes, not 4: NumPy's default is float64.": 101 * 101 * 4,
    }
    praise = "However many rows that computer has read."
    return compare(answer, 101 * 101 * 8, mistakes, praise=praise, rtol=1e-9)


def two_meters(answer: ArrayLike) -> Feedback:
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
    return compare(answer, both, mistakes, praise="No row had to be read again.", rtol=1e-6)


def join(answer: Callable) -> Feedback:
    """A function of two triangles whose result R has RᵀR = UᵀU + LᵀL."""
    if answer is ...:
        return NOT_ANSWERED
    if not callable(answer):
        return Feedback(False, f"Expected a function of two triangles, but {answer!r} came.")
    upper, lower = (np.triu(np.random.default_rng(seed).standard_normal((4, 4))) for seed in (0, 1))
    try:
        given = np.asarray(answer(upper.copy(), lower.copy()), dtype=float)
    except Exception as error:  # the reader's function may fail in any way: its message is the feedback
        return Feedback(False, f"With two triangles of shape (4, 4) it stops: {type(error).__name__}: {error}")
    if given.shape == (8, 4):
        return Feedback(False, "Almost: one over the other is the first half. Factorise it, and keep the triangle.")
    if given.shape != (4, 4):
        return Feedback(False, f"Expected a triangle of shape (4, 4), but {given.shape} came.")
    squares = upper.T @ upper + lower.T @ lower
    if np.allclose(given, squares):
        return Feedback(False, "Almost: that is the sum of the Gram matrices. The triangle R has RᵀR equal to it.")
    if np.allclose(given, upper + lower):
        return Feedback(False, "Almost: triangles do not add up, their squares RᵀR do. Stack and factorise.")
    if not np.allclose(given.T @ given, squares):
        return Feedback(False, "Not yet: RᵀR is not the sum of those of the two triangles.")
    if not np.allclose(given, np.triu(given)):
        return Feedback(False, "Almost: the lengths are right, but the result is no triangle.")
    return Feedback(True, "Right. With this one function a hundred triangles become one.")
