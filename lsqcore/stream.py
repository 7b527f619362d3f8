"""Least squares over more rows than memory: chunk after chunk, or chunk by chunk on a Dask cluster.

`chunks` is something that yields (rows, target) or (rows, target, weights) again and again, such as a list or an object
with `__iter__`. Or it is Dask's: a list of `dask.delayed` tuples of that form, or a tuple (design, target) or (design,
target, weights) of Dask arrays or data frames. A chunk is then read and used up where it is made, and what travels is
p × p; only of design and target that are cut from one array, parts may travel, too.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, reduce
from operator import length_hint
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.descent import divergence_bound, starting_point
from lsqcore.direct import Solution
from lsqcore.fast import blocks, cluster, fold
from lsqcore.problem import LeastSquares
from lsqcore.stochastic import Schedule, learning_rates, sample_limit
from lsqcore.trajectory import Status, Trajectory

Chunks = Iterable[Any]  # of (rows, target) or (rows, target, weights), or what Dask makes of them


class _Folded(NamedTuple):
    """What chunks come to: their pieces joined, None without a row; their rows; and those with a weight above 0."""

    total: Any
    rows: int
    weighing: int


def stream_gram(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Add up ΦᵀWΦ and ΦᵀWy, solve, and read the chunks once more for one corrected step. Cost np², two passes.

    Raises
    ------
    numpy.linalg.LinAlgError
        When κ > 10⁵ with columns scaled, or columns depend on each other: `stream_qr` is the way.
    ValueError
        When a chunk does not fit, or the chunks can be read only once, or the second pass reads other rows.
    """
    if isinstance(chunks, Iterator):
        raise ValueError("chunks can be read only once, stream_gram reads twice: give a list, or use stream_qr")
    passes: list[_Folded] = []

    def add_up(piece: Callable[..., np.ndarray]) -> np.ndarray:
        passes.append(_fold(partial(_sums, piece), _add_sums, chunks, progress))
        first, now = passes[0], passes[-1]
        _expect_data(first.rows, first.weighing)
        if now.rows != first.rows or not np.allclose(now.total[1], first.total[1], rtol=1e-9, atol=0):
            words = f"{now.rows} after {first.rows}, or not the same. stream_qr reads once"
            raise ValueError(f"the second pass over chunks read other rows than the first: {words}")
        return now.total[0]

    found = fold.corrected_cholesky(add_up)
    if found is None:
        raise np.linalg.LinAlgError("columns depend on each other or nearly (κ > 1e5): use stream_qr")
    theta, squares = found
    return Solution(theta, squares / (2 * passes[0].rows), len(theta), "corrected Cholesky, streamed")


def stream_qr(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Fold every chunk into the triangle R of [W^½Φ  W^½y] = QR (TSQR), then solve that. Cost 2np², one pass.

    Any κ and any rank: the shortest θ when there are many. Errors as in `LeastSquares`, for each chunk.
    """
    folded, rows, weighing = _fold(_triangle, _join_triangles, chunks, progress)
    _expect_data(rows, weighing)
    matrix, target = folded[:, :-1], folded[:, -1]
    theta, rank = fold.shortest_minimiser(matrix, target)
    residual = matrix @ theta - target
    return Solution(theta, float(residual @ residual) / (2 * rows), rank, "SVD of the triangle, streamed")


def stream_sgd(
    chunks: Chunks,
    *,
    learning_rate: float | Schedule = 0.1,
    start: ArrayLike | None = None,
    rng: np.random.Generator | int | None = None,
    average: bool = False,
    progress: bool = False,
) -> Trajectory:
    """One pass of one-sample SGD: each row is one step, then it is gone. Cost 2np(m + 2), m = 120.

    Parameters
    ----------
    chunks
        See the top of this module. Dask's are fetched one after the other.
    learning_rate, start, average
        As in `stochastic_gradient_descent`; the step counts on over the chunks.
    rng
        A generator or a seed to shuffle the rows of each chunk; in their own order when left out.
    progress
        Show a progress bar.

    Returns
    -------
    Trajectory with a row for the start and one after each chunk; `losses` are those over the chunk just read, the
    first over the first chunk. DIVERGED as in `gradient_descent`, with that loss.
    """
    rates, rng = learning_rates(learning_rate), None if rng is None else np.random.default_rng(rng)
    thetas, losses, iterations, weighing = [], [], [], 0
    status, limit, bound = Status.MAX_ITERATIONS, None, 0.0
    for problem in _problems(chunks, progress):
        if not (rows := len(problem.target)):
            continue
        if not thetas:
            theta = first = starting_point(problem, start)
            total = np.zeros_like(theta) if average else None
            thetas, losses, iterations = [theta], [problem.loss(theta)], [0]
        bound = max(bound, divergence_bound(problem, first))  # the first chunks may have small targets, or zeros
        order = np.arange(rows) if rng is None else rng.permutation(rows)
        samples = (order[cut] for cut in blocks.cut_in_blocks(rows, 1))
        *_, (step, theta, total, ending) = blocks.steps_in_blocks(
            *fold.weighted(*problem.rows), theta, samples, rates, step=iterations[-1], total=total
        )
        iterate = theta if total is None or not step else total / step
        (loss,) = blocks.losses_at(*problem.rows, iterate[None])
        if np.isfinite(loss):
            thetas.append(iterate)
            losses.append(float(loss))
            iterations.append(step)
        weighing += problem.weighing_rows
        if ending is blocks.Ending.NOT_FINITE or not loss <= bound:
            status, limit = Status.DIVERGED, sample_limit(problem)
            break
    _expect_data(len(thetas), weighing)
    return Trajectory(np.array(thetas), np.array(iterations), status, np.array(losses), limit)


def _fold(piece: Callable, join: Callable, chunks: Chunks, progress: bool) -> _Folded:
    """`piece` of every chunk, joined: one after the other, or in a tree where Dask makes the chunks."""

    def folded(problem: LeastSquares) -> _Folded:
        rows = len(problem.target)
        return _Folded(piece(problem) if rows else None, rows, problem.weighing_rows)

    def joined(left: _Folded, right: _Folded) -> _Folded:
        totals = [part.total for part in (left, right) if part.rows]
        total = reduce(join, totals) if totals else None
        return _Folded(total, left.rows + right.rows, left.weighing + right.weighing)

    if (delayed := cluster.delayed_chunks(chunks)) is not None:
        return cluster.fold_tree(lambda *numbered: folded(_checked(*numbered)), joined, delayed, progress)
    return reduce(joined, map(folded, _problems(chunks, progress)), _Folded(None, 0, 0))


def _expect_data(rows: int, weighing: int) -> None:
    """A ValueError when there was no row, or none that weighs: that is judged for the whole stream."""
    if not rows:
        raise ValueError("chunks is empty: there is no row to learn from")
    if not weighing:
        raise ValueError("weights are all 0 in every chunk, expected ≥ 0 and one above 0")


def _sums(piece: Callable, problem: LeastSquares) -> tuple[np.ndarray, np.ndarray]:
    """`piece` of a chunk added up over blocks, so that memory stays bounded; and yᵀWy and the trace of ΦᵀWΦ.

    By these two sums of squares a second pass is known again: nothing cancels in them.
    """
    rows, target, weights = problem.rows
    heavy = np.ones(len(target)) if weights is None else weights
    squares = np.array([np.einsum("i,i,i->", heavy, target, target), np.einsum("i,ij,ij->", heavy, rows, rows)])
    return sum(piece(*block) for block in fold.row_blocks(*problem.rows)), squares


def _add_sums(left: tuple, right: tuple) -> tuple:
    return left[0] + right[0], left[1] + right[1]


def _triangle(problem: LeastSquares) -> np.ndarray:
    """R of a chunk."""
    width = problem.design.shape[1] + 1
    return fold.triangle(*problem.rows, np.zeros((width, width)))


def _join_triangles(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """R of one triangle over the other."""
    return fold.triangle(right[:, :-1], right[:, -1], None, left)


def _problems(chunks: Chunks, progress: bool) -> Iterator[LeastSquares]:
    """Each chunk as a checked problem, with tqdm's bar when asked for."""
    if (delayed := cluster.delayed_chunks(chunks)) is not None:
        chunks, number_of_chunks = (chunk.compute() for chunk in delayed), len(delayed)
    else:
        if not isinstance(chunks, Iterable):
            raise TypeError(f"chunks is {chunks!r}, expected something that yields (rows, target)")
        number_of_chunks = length_hint(chunks) or None
    if progress:
        from tqdm.auto import tqdm

        chunks = tqdm(chunks, total=number_of_chunks, unit="chunk")
    columns = None
    for number, chunk in enumerate(chunks):
        problem = _checked(number, chunk)
        if columns not in (None, problem.design.shape[1]):
            raise ValueError(f"chunk {number} has {problem.design.shape[1]} columns, those before have {columns}")
        columns = problem.design.shape[1]
        yield problem


def _checked(number: int, chunk: Any) -> LeastSquares:
    """A chunk as a problem, which may be without rows; what is wrong is said with the number of the chunk."""
    if not isinstance(chunk, tuple | list) or len(chunk) not in (2, 3):
        cure = ": give (chunk[columns], chunk[target])" if hasattr(chunk, "columns") else ""
        kind = type(chunk).__name__
        raise ValueError(f"chunk {number} is not (rows, target) or (rows, target, weights) but a {kind}{cure}")
    try:
        return LeastSquares.chunk(*chunk)
    except ValueError as error:
        raise ValueError(f"chunk {number}: {error}") from None
