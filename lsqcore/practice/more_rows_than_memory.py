"""Lesson 12."""

import tracemalloc
from collections.abc import Iterator

import numpy as np

from lsqcore.practice.shared.feedback import Feedback, as_numbers, call
from lsqcore.practice.shared.prediction import predict

width_of_the_band = predict(
    "From 25 chunks to 100: what happens to the width of the band between the thin lines?",
    "it halves",
    choices={
        "it stays": "Each chunk is as noisy as the one before. But the fit is to all readings so far, and noise of "
        "both signs cancels, the better the more there is of it.",
        "it halves": "Four times the readings leave a quarter of the variance, and so half of the standard error.",
        "it shrinks to a quarter": "Four times the readings leave a quarter of the variance. The width is its root.",
    },
)

a_disk_ten_times_as_quick = predict(
    "A disk ten times as quick, 5 GB a second in place of 0.5. How much sooner is the triangle done?",
    "two to three times as soon",
    choices={
        "ten times as soon": "Only what waits for the disk becomes ten times as quick. The computing stays.",
        "two to three times as soon": "Two seconds of reading become 0.2, and the computing stays.",
        "hardly sooner": "Reading was the larger part, and nine tenths of it are gone. What stays is the computing.",
    },
)

sorted_by_the_hour = predict(
    "The same 5,000 readings, but the file is sorted by the hour. Who ends with another curve?",
    "only the average",
    choices={
        "the sums and the average": "Both grow in the order of the file. But whoever adds up all rows has the same sum "
        "in the end, in every order.",
        "only the sums": "They grow in the order of the file. But a sum has no order: they end the same.",
        "only the average": "A sum has no order. But a step of SGD moves the whole curve towards the hour that it "
        "reads, and what it knew of other hours fades.",
        "nobody": "Each row is read once, by both. But what a step of SGD does depends on the steps before it.",
    },
)

gain_with_many_columns = predict(
    "2,000 columns and 10⁷ rows, a hundred computers. How many times as fast as one are they?",
    "sums above 90, triangles below 70",
    choices={
        "both above 90": "So it is with fifty columns and 10¹⁰ rows. But a join of triangles is a factorisation: its "
        "price grows with p³, and is paid fifteen times in a row.",
        "sums above 90, triangles below 70": "To join sums is to add p² numbers. To join triangles is to factorise, "
        "some p³ operations, fifteen times in a row.",
        "triangles above 90, sums below 70": "What is sent is as large for both. But sums are joined by p² "
        "additions, triangles by a factorisation, some p³ operations.",
        "both below 70": "Both send 32 MB for a join, which takes 0.03 seconds. That alone would not be felt.",
    },
)


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
            "that is the lower triangle L of LLᵀ. R is its transpose.": (given @ np.tril(given).T, squares),
        }
    for mistake, (found, expected) in mistakes.items():
        if found.shape == expected.shape and np.allclose(found, expected):
            return Feedback(False, f"Almost: {mistake}")
    if not np.allclose(own_squares, squares):
        return Feedback(False, "Not yet: RᵀR is not the sum of those of the two triangles.")
    if not np.allclose(given, np.triu(given)):
        return Feedback(False, "Almost: RᵀR is right, but the result is no triangle, as that of `qr` is.")
    for triangle in (upper, lower):  # two columns that differ by 1e-9 in one row: κ is about 1e9, and κ² too large
        triangle[:, 3] = triangle[:, 2]
        triangle[3, 3] = 1e-9
    corner = as_numbers(call(answer, upper, lower), (4, 4))
    if isinstance(corner, Feedback) or not np.isclose(abs(corner[3, 3]), np.sqrt(2) * 1e-9, rtol=1e-3):
        return Feedback(
            True, "Right. Yet it forms the sums RᵀR, which square κ: at κ = 1e9 it fails. Stacking does not."
        )
    return Feedback(True, "Right. With this one function a hundred triangles become one.")


def reversed_by_size(answer: object) -> Feedback:
    """Two tables (rows, columns): the larger one is a case for the sums, the smaller one is too wide for them."""
    sizes = as_numbers(answer, (2, 2), (4,))
    if isinstance(sizes, Feedback):
        return sizes
    sizes = sizes.reshape(2, 2)
    if (sizes < 1).any() or (sizes % 1 != 0).any():
        return Feedback(False, "Rows and columns are whole numbers from 1 on: ((rows, columns), (rows, columns)).")
    numbers, (long, wide) = sizes.prod(axis=1), sizes
    for name, (rows, columns) in (("first", long), ("second", wide)):
        if rows < columns:
            return Feedback(False, f"The {name} has fewer rows than columns: as many at least, or θ is not unique.")
    if numbers[0] < 10 * numbers[1]:
        return Feedback(
            False,
            f"Not yet: the first has {numbers[0]:,.0f} numbers, the second {numbers[1]:,.0f}. The first is to have at "
            "least ten times as many.",
        )
    gram = 8 * sizes[:, 1] * (sizes[:, 1] + 1) / 1e6
    if gram[0] > 500:
        return Feedback(False, f"Not yet: the sums of the first need {gram[0]:.6g} MB. They are to fit into 500 MB.")
    if long[1] > 100:
        return Feedback(
            False,
            f"Not yet: with {long[1]:,.0f} columns, p² operations for each row are more than 4p in each of 25 "
            "iterations: descent computes less.",
        )
    if gram[1] <= 500:
        return Feedback(
            False, f"Not yet: the sums of the second need only {gram[1]:.6g} MB. They are not to fit into 500 MB."
        )
    return Feedback(
        True,
        f"Right. The first is larger, {8 * numbers[0] / 1e9:,.3g} GB, and its sums need {1e6 * gram[0]:,.0f} bytes and "
        f"one pass. The second is smaller, and its sums alone need {gram[1]:.6g} MB. It is the columns that count.",
    )


class _Reading:
    """Chunks in one place of memory, each over the one before; how often read, and the bytes kept at the end."""

    def __init__(self, chunks: list[np.ndarray]) -> None:
        self.chunks, self.passes, self.kept = chunks, [0], [0]

    def __iter__(self) -> Iterator[np.ndarray]:
        self.passes[0] += 1
        place = np.empty((max(map(len, self.chunks)), self.chunks[0].shape[1]))
        traced_already = tracemalloc.is_tracing()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        try:
            for chunk in self.chunks:
                place[: len(chunk)] = chunk
                yield place[: len(chunk)]
            self.kept[0] = tracemalloc.get_traced_memory()[0] - before
        finally:
            if not traced_already:
                tracemalloc.stop()


def scales(answer: object) -> Feedback:
    """A function of chunks that gives mean and deviation of each column, in one pass; time stamps, a long file, too."""
    rng = np.random.default_rng(7)
    tame = [rng.normal([3, -1, 0.5], [2, 1, 0.1], size=(rows, 3)) for rows in (1, 40, 7, 300)]
    stamps = [
        np.column_stack([1.7e9 + 600 * rng.random(rows), rng.normal(2e-3, 1e-4, size=rows)]) for rows in (500, 90, 1)
    ]
    long = np.split(rng.normal([2, -3, 0.1, 50], [1, 4, 0.2, 5], size=(50_000, 4)), 100)
    named = (tame, "three columns"), (stamps, "a time stamp, 1.7e9 and up to 600 seconds more"), (long, "a long file")
    for chunks, name in named:
        reading, rows = _Reading(chunks), np.concatenate(chunks)
        means, deviations = rows.mean(axis=0), rows.std(axis=0)
        result = call(answer, reading)
        given = as_numbers(result, (2, rows.shape[1]))
        if isinstance(given, Feedback):
            return given
        if reading.passes[0] > 1:
            return Feedback(False, f"Not yet: it reads the file {reading.passes[0]} times. Asked is one pass.")
        found = f"For the column with the deviation {deviations[0]:.4g} it gave {given[1, 0]:.4g}."
        if np.allclose(given, [means, deviations], rtol=1e-6, atol=0):
            if chunks is long and reading.kept[0] > rows.nbytes / 4:
                return Feedback(
                    False,
                    f"Almost: the numbers are right, but it keeps the file: {reading.kept[0] / 1e6:.1f} MB at the last "
                    f"chunk, of a file of {rows.nbytes / 1e6:.1f} MB. Keep sums, not rows.",
                )
            continue
        if np.allclose(given, [deviations, means], rtol=1e-6, atol=0):
            return Feedback(False, "Almost: the means come first, then the standard deviations.")
        if not np.allclose(given[0], means, rtol=1e-9, atol=0):
            of_each = np.mean([chunk.mean(axis=0) for chunk in chunks], axis=0)
            if np.allclose(given[0], of_each, rtol=1e-9, atol=0):
                return Feedback(False, "Not yet: the mean of the chunks' means. The chunks are of different heights.")
            return Feedback(
                False,
                f"Not yet: on {name} the first mean is {means[0]:.10g}, and {given[0, 0]:.10g} came. Does it keep the "
                "chunks? Each overwrites the one before.",
            )
        if np.allclose(given[1], deviations**2, rtol=1e-6, atol=0):
            return Feedback(False, "Almost: these are the variances. A standard deviation is the root.")
        if np.allclose(given[1], rows.std(axis=0, ddof=1), rtol=1e-6, atol=0):
            return Feedback(False, "Almost: that divides by n − 1. Asked is n, as `np.std` does it.")
        if chunks is stamps:
            return Feedback(
                False,
                f"Not yet: right on tame columns, but not on {name}. {found} Two numbers of 3e18 are subtracted there, "
                "and hardly a digit is left. Subtract something from the column first.",
            )
        return Feedback(False, f"Not yet: the means are right, but not the deviations. {found}")
    return Feedback(True, "Right. It holds for time stamps, too, so to scale the columns costs one pass.")
