"""Least squares over more rows than memory: chunk after chunk, or chunk by chunk on a Dask cluster.

`chunks` yields (rows, target) or (rows, target, weights) again and again, such as a list or an object with `__iter__`.
Or it is Dask's: a list of `dask.delayed` tuples of that form, which are used up where they are made, so that what
travels is p × p; or a tuple (design, target[, weights]) of Dask arrays or frames, whose parts may travel to each other.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, reduce
from operator import length_hint
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.descent import divergence_bound, starting_point
from lsqcore.direct import Solution
from lsqcore.fast import blocks, cluster, fold
from lsqcore.problem import LeastSquares
from lsqcore.stochastic import Schedule, learning_rates, sample_limit
from lsqcore.trajectory import Status, Trajectory

Chunks = Iterable[Any]  # of (rows, target) or (rows, target, weights), or what Dask makes of them
_Folded = tuple[Any, np.ndarray]  # what chunks come to, joined; [columns, rows, rows that weigh]


def stream_gram(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Add up ΦᵀWΦ and ΦᵀWy, solve, and read the chunks once more for one corrected step. Cost np², two passes.

    LinAlgError where κ > 10⁵ with columns scaled: `stream_qr` is the way. ValueError where a chunk does not fit, or the
    chunks can be read only once, or the second pass reads other rows.
    """
    if isinstance(chunks, Iterator):
        raise ValueError("chunks can be read only once, stream_gram reads twice: give a list, or use stream_qr")
    passes: list[_Folded] = []

    def both(left: _Folded, right: _Folded) -> _Folded:
        return left[0] + right[0], left[1] + right[1]

    def add_up(piece: Callable[..., np.ndarray]) -> np.ndarray:
        passes.append(_fold(partial(_sums, piece), both, chunks, progress))
        ((_, squares), counts), ((sums, squares_now), counts_now) = passes[0], passes[-1]
        if (counts_now != counts).any() or not np.allclose(squares_now, squares, rtol=1e-9, atol=0):
            words = f"{counts_now[1]} after {counts[1]}, or not the same. stream_qr reads once"
            raise ValueError(f"the second pass over chunks read other rows than the first: {words}")
        return sums

    found = fold.corrected_cholesky(add_up)
    if found is None:
        raise np.linalg.LinAlgError("columns depend on each other or nearly (κ > 1e5): use stream_qr")
    (theta, squares), (_, (_, rows, _)) = found, passes[0]
    return Solution(theta, squares / (2 * int(rows)), len(theta), "corrected Cholesky, streamed")


def stream_qr(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Fold every chunk into the triangle R of [W^½Φ  W^½y] = QR (TSQR), then solve that. Cost 2np², one pass.

    Any κ and any rank: the shortest θ when there are many. Errors as in `LeastSquares`, for each chunk.
    """

    def triangle(problem: LeastSquares) -> np.ndarray:
        return fold.triangle(*problem.rows, above=np.zeros((problem.design.shape[1] + 1,) * 2))

    def joined(above: np.ndarray, below: np.ndarray) -> np.ndarray:
        return fold.triangle(below[:, :-1], below[:, -1], None, above)

    folded, (_, rows, _) = _fold(triangle, joined, chunks, progress)
    matrix, target = folded[:, :-1], folded[:, -1]
    theta, rank = fold.shortest_minimiser(matrix, target)
    residual = matrix @ theta - target
    return Solution(theta, float(residual @ residual) / (2 * int(rows)), rank, "SVD of the triangle, streamed")


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

    `learning_rate`, `start` and `average` are those of `stochastic_gradient_descent`; the step counts on over the
    chunks, and Dask's are fetched one after the other. `rng`, a generator or a seed, shuffles the rows of each chunk.

    The Trajectory has a row for the start and one after each chunk; `losses` are those over the chunk just read, the
    first over the first chunk. DIVERGED as in `gradient_descent`, with that loss.
    """
    rates, shuffle = learning_rates(learning_rate), None if rng is None else np.random.default_rng(rng)
    thetas: list[np.ndarray] = []
    weighing, status, limit, bound = 0, Status.MAX_ITERATIONS, None, 0.0
    for problem in _problems(chunks, progress):
        if not (rows := len(problem.target)):
            continue
        if not thetas:
            theta = first = starting_point(problem, start)
            total = np.zeros_like(theta) if average else None
            thetas, losses, iterations = [theta], [problem.loss(theta)], [0]
        bound = max(bound, divergence_bound(problem, first))  # the first chunks may have small targets, or zeros
        order = np.arange(rows) if shuffle is None else shuffle.permutation(rows)
        samples = (order[cut] for cut in blocks.cut_in_blocks(rows, 1))
        *_, (step, theta, total, ending) = blocks.steps_in_blocks(
            *fold.weighted(*problem.rows), theta, samples, rates, step=iterations[-1], total=total
        )
        iterate = theta if total is None or not step else total / step
        (loss,) = blocks.losses_at(problem.rows, iterate[None])
        if np.isfinite(loss):
            thetas.append(iterate)
            losses.append(float(loss))
            iterations.append(step)
        weighing += problem.weighing_rows
        if ending == blocks.NOT_FINITE or not loss <= bound:
            status, limit = Status.DIVERGED, sample_limit(problem)
            break
    _expect_data(len(thetas), weighing)
    return Trajectory(np.array(thetas), np.array(iterations), status, np.array(losses), limit)


def _fold(piece: Callable[..., Any], join: Callable[..., Any], chunks: Chunks, progress: bool) -> _Folded:
    """`piece` of every chunk, joined: one after the other, or in a tree where Dask makes the chunks."""

    def counted(problem: LeastSquares) -> _Folded:
        return piece(problem), np.array([problem.design.shape[1], len(problem.target), problem.weighing_rows])

    def joined(left: _Folded, right: _Folded) -> _Folded:
        if left[1][0] != right[1][0]:
            raise ValueError(f"a chunk has {right[1][0]} columns, those before have {left[1][0]}")
        return join(left[0], right[0]), np.append(left[1][:1], left[1][1:] + right[1][1:])

    if (delayed := cluster.delayed_chunks(chunks)) is not None:
        found = cluster.fold_tree(lambda *numbered: counted(_checked(*numbered)), joined, delayed, progress)
    else:
        found = reduce(joined, map(counted, _problems(chunks, progress)))
    _expect_data(*found[1][1:])
    return found


def _expect_data(rows: int, weighing: int) -> None:
    """A ValueError when there was no row, or none that weighs: that is judged for the whole stream."""
    if not rows:
        raise ValueError("chunks is empty: there is no row to learn from, or they can be read only once")
    if not weighing:
        raise ValueError("weights are all 0 in every chunk, expected ≥ 0 and one above 0")


def _sums(piece: Callable[..., np.ndarray], problem: LeastSquares) -> tuple[np.ndarray, np.ndarray]:
    """`piece` of a chunk added up over blocks, so that memory stays bounded; and yᵀWy and the trace of ΦᵀWΦ.

    By these two sums of squares a second pass is known again: nothing cancels in them.
    """
    rows, target, weights = problem.rows
    heavy = np.ones(len(target)) if weights is None else weights
    squares = np.array([heavy @ target**2, heavy @ np.einsum("ij,ij->i", rows, rows)])
    return fold.add_up(piece, problem.rows), squares


def _problems(chunks: Chunks, progress: bool) -> Iterator[LeastSquares]:
    """Each chunk as a checked problem, with tqdm's bar when asked for."""
    if not isinstance(chunks, Iterable):
        raise TypeError(f"chunks is {chunks!r}, expected something that yields (rows, target)")
    delayed = cluster.delayed_chunks(chunks)
    found = chunks if delayed is None else (chunk.compute() for chunk in delayed)
    if progress:
        from tqdm.auto import tqdm

        found = tqdm(found, total=length_hint(delayed or chunks) or None, unit="chunk")
    columns = None
    for number, chunk in enumerate(found):
        problem = _checked(number, chunk)
        if columns not in (None, problem.design.shape[1]):
            raise ValueError(f"chunk {number} has {problem.design.shape[1]} columns, those before have {columns}")
        columns = problem.design.shape[1]
        yield problem
    if columns is None:
        _expect_data(0, 0)


def _checked(number: int, chunk: Any) -> LeastSquares:
    """A chunk as a problem, which may be without rows; what is wrong is said with the number of the chunk."""
    if not isinstance(chunk, tuple | list) or len(chunk) not in (2, 3):
        cure = ": give (chunk[columns], chunk[target])" if hasattr(chunk, "columns") else ""
        came = f"a {type(chunk).__name__}{cure}"
        raise ValueError(f"chunk {number} is not (rows, target) or (rows, target, weights) but {came}")
    try:
        return LeastSquares.chunk(*chunk)
    except ValueError as error:
        raise ValueError(f"chunk {number}: {error}") from None
