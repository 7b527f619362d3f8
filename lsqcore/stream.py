"""Least squares over more rows than memory: chunk after chunk, or block by block on a Dask cluster.

`chunks` is either something that yields (rows, target) or (rows, target, weights) again and again, such as a list or
an object with `__iter__`; or a tuple of Dask arrays (design, target) or (design, target, weights), cut along the rows
alone. What is kept of a chunk is p × p. What travels on a cluster is p × p too, unless the
arrays are cut in other places than what they are made from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial, reduce
from operator import length_hint
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.descent import Status, Trajectory, divergence_bound, positive, starting_point
from lsqcore.direct import Solution, corrected_cholesky, minimum_norm
from lsqcore.problem import LeastSquares, triangle, weighted
from lsqcore.stochastic import SAMPLES_IN_BLOCK, sample_limit, walk

Chunks = Iterable[tuple[ArrayLike, ...]]
FAN_IN = 8  # pieces that one node of the tree joins


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
    passes = []

    def add_up(piece: Callable) -> np.ndarray:
        found = fold_chunks(partial(sums_of, piece), add_sums, chunks, progress)
        passes.append(found)
        if len(passes) == 1:
            expect_data(found.rows, found.weighing)
        elif found.rows != passes[0].rows or not np.allclose(found.total[1], passes[0].total[1], rtol=1e-9, atol=0):
            raise ValueError(
                "the second pass over chunks read other rows than the first: "
                f"{found.rows} after {passes[0].rows}, or not the same. stream_qr reads once"
            )
        return found.total[0]

    found = corrected_cholesky(add_up)
    if found is None:
        raise np.linalg.LinAlgError("columns depend on each other or nearly (κ > 1e5): use stream_qr")
    theta, squares = found
    if not np.isfinite(theta).all():
        raise np.linalg.LinAlgError("θ is too large for float64: rescale design or target")
    return Solution(theta, squares / (2 * passes[0].rows), len(theta), "corrected Cholesky, streamed")


def stream_qr(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Fold every chunk into the triangle R of [W^½Φ  W^½y] = QR (TSQR), then solve that. Cost 2np², one pass.

    Any κ and any rank: the shortest θ when there are many. Errors as in `LeastSquares`, for each chunk.
    """
    found = fold_chunks(triangle_of, join_triangles, chunks, progress)
    expect_data(found.rows, found.weighing)
    folded, rows = found.total, found.rows
    matrix, target = folded[:, :-1], folded[:, -1]
    if not np.isfinite(folded).all():
        raise ValueError("design, target and weights together are too large for float64: rescale them")
    theta, rank = minimum_norm(matrix, target)
    if not np.isfinite(theta).all():
        raise np.linalg.LinAlgError("θ is too large for float64: rescale design or target")
    reach = np.frexp(np.abs(target).max())[1]
    residual = matrix @ np.ldexp(theta, -reach) - np.ldexp(target, -reach)
    with np.errstate(over="ignore", under="ignore"):
        loss = float(np.ldexp(residual @ residual, 2 * reach)) / (2 * rows)
    return Solution(theta, loss, rank, "SVD of the triangle, streamed")


def stream_sgd(
    chunks: Chunks,
    *,
    learning_rate: float | Callable[[int], float] = 0.1,
    start: ArrayLike | None = None,
    rng: np.random.Generator | int | None = None,
    average: bool = False,
    progress: bool = False,
) -> Trajectory:
    """One pass of one-sample SGD: each row is one step, then it is gone. Cost 2np(m + 2), m = 120.

    Parameters
    ----------
    chunks
        See the top of this module. Blocks of Dask arrays are fetched one after the other.
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
    learning_rate = learning_rate if callable(learning_rate) else positive("learning_rate", learning_rate)
    rng = None if rng is None else np.random.default_rng(rng)
    thetas, losses, iterations, weighing = [], [], [], 0
    status, limit = Status.MAX_ITERATIONS, None
    for problem in problems(chunks, progress):
        rows = len(problem.target)
        if not rows:
            continue
        if not thetas:
            theta = first = starting_point(problem, start)
            bound, total = 0.0, np.zeros_like(theta) if average else None
            thetas, losses, iterations = [theta], [problem.loss(theta)], [0]
        bound = max(bound, divergence_bound(problem, first))  # the first chunks may have small targets, or zeros
        order = np.arange(rows) if rng is None else rng.permutation(rows)
        batches = (order[first : first + SAMPLES_IN_BLOCK] for first in range(0, rows, SAMPLES_IN_BLOCK))
        *_, (step, theta, total, status) = walk(
            *weighted(problem), theta, batches, learning_rate, step=iterations[-1], total=total
        )
        iterate = total / step if average and step else theta
        with np.errstate(over="ignore", invalid="ignore"):
            loss = problem.loss_and_gradient(iterate)[0]
        if np.isfinite(loss):
            thetas.append(iterate)
            losses.append(loss)
            iterations.append(step)
        weighing += problem.weighing_rows
        if status is Status.DIVERGED or not loss <= bound:
            status, limit = Status.DIVERGED, sample_limit(problem)
            break
    expect_data(len(thetas), weighing)
    return Trajectory(np.array(thetas), np.array(iterations), status, np.array(losses), limit)


class Folded(NamedTuple):
    """What chunks come to: their pieces joined, None without a row; their rows; and those with a weight above 0."""

    total: Any
    rows: int
    weighing: int


def fold_chunks(piece: Callable, join: Callable, chunks: Chunks, progress: bool) -> Folded:
    """`piece` of every chunk, joined: in a row for an iterable, in a tree over the blocks for Dask arrays."""

    def folded(problem: LeastSquares) -> Folded:
        rows = len(problem.target)
        return Folded(piece(problem) if rows else None, rows, problem.weighing_rows)

    def joined(left: Folded, right: Folded) -> Folded:
        totals = [part.total for part in (left, right) if part.rows]
        total = reduce(join, totals) if totals else None
        return Folded(total, left.rows + right.rows, left.weighing + right.weighing)

    if is_dask(chunks):
        return dask_tree(folded, joined, chunks, progress)
    return reduce(joined, map(folded, problems(chunks, progress)), Folded(None, 0, 0))


def expect_data(rows: int, weighing: int) -> None:
    """A ValueError when there was no row, or none that weighs: that is judged for the whole stream."""
    if not rows:
        raise ValueError("chunks is empty: there is no row to learn from")
    if not weighing:
        raise ValueError("weights are all 0 in every chunk, expected ≥ 0 and one above 0")


def sums_of(piece: Callable, problem: LeastSquares) -> tuple[np.ndarray, np.ndarray]:
    """`piece` of a chunk added up over blocks, so that memory stays bounded; and yᵀWy and the trace of ΦᵀWΦ.

    By these two sums of squares a second pass is known again: nothing cancels in them.
    """
    rows, target, weights = problem.design, problem.target, problem.weights
    heavy = np.ones(len(target)) if weights is None else weights
    with np.errstate(over="ignore"):
        squares = np.array([np.einsum("i,i,i->", heavy, target, target), np.einsum("i,ij,ij->", heavy, rows, rows)])
    return sum(piece(*block) for block in problem.blocks()), squares


def add_sums(left: tuple, right: tuple) -> tuple:
    """Both sums of two parts."""
    return left[0] + right[0], left[1] + right[1]


def triangle_of(problem: LeastSquares) -> np.ndarray:
    """R of a chunk."""
    width = problem.design.shape[1] + 1
    return triangle(problem.design, problem.target, problem.weights, np.zeros((width, width)))


def join_triangles(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """R of one triangle over the other."""
    return triangle(right[:, :-1], right[:, -1], None, left)


def problems(chunks: Chunks, progress: bool) -> Iterator[LeastSquares]:
    """Each chunk as a checked problem, with tqdm's bar when asked for."""
    if is_dask(chunks):
        blocks = dask_pieces(lambda *block: block, chunks)
        chunks, number_of_chunks = (block.compute() for block in blocks), len(blocks)
    else:
        if not isinstance(chunks, Iterable):
            raise TypeError(f"chunks is {chunks!r}, expected something that yields (rows, target)")
        number_of_chunks = length_hint(chunks) or None
    if progress:
        from tqdm.auto import tqdm

        chunks = tqdm(chunks, total=number_of_chunks, unit="chunk")
    columns = None
    for number, chunk in enumerate(chunks):
        problem = checked_chunk(number, chunk)
        if columns not in (None, problem.design.shape[1]):
            raise ValueError(f"chunk {number} has {problem.design.shape[1]} columns, those before have {columns}")
        columns = problem.design.shape[1]
        yield problem


def checked_chunk(number: int, chunk: tuple[ArrayLike, ...]) -> LeastSquares:
    """A chunk as a problem, which may be without rows; what is wrong is said with the number of the chunk."""
    if not isinstance(chunk, tuple | list) or len(chunk) not in (2, 3):
        cure = ": give (chunk[columns], chunk[target])" if hasattr(chunk, "columns") else ""
        kind = type(chunk).__name__
        raise ValueError(f"chunk {number} is not (rows, target) or (rows, target, weights) but a {kind}{cure}")
    try:
        return LeastSquares.chunk(*chunk)
    except ValueError as error:
        raise ValueError(f"chunk {number}: {error}") from None


def is_dask(chunks: Chunks) -> bool:
    """A tuple with a Dask array, told without importing Dask; the others are then to be Dask arrays too."""
    if not isinstance(chunks, tuple | list) or len(chunks) not in (2, 3):
        return False
    dask_arrays = [hasattr(part, "dask") for part in chunks]
    if any(dask_arrays) and not all(dask_arrays):
        name = ("design", "target", "weights")[dask_arrays.index(False)]
        kind = type(chunks[dask_arrays.index(False)]).__name__
        raise ValueError(f"{name} is a {kind} beside Dask arrays: make one of it by dask.array.from_array({name})")
    return all(dask_arrays)


def dask_pieces(piece: Callable, arrays: tuple) -> list:
    """`piece(rows, target[, weights])` of every block as a delayed value: one task each, its reading included.

    Dask fuses chains. Here a block is read once and cut into rows and target, which join again in the piece: left in
    parts, the blocks themselves would travel between workers, and do when they are needed twice.
    """
    import dask
    import dask.array
    from dask._task_spec import Task
    from dask.core import flatten
    from dask.delayed import Delayed
    from dask.highlevelgraph import HighLevelGraph
    from dask.optimization import cull

    design = arrays[0]
    if any(np.isnan(length) for part in arrays for length in part.shape):
        raise ValueError("the blocks have unknown sizes: call compute_chunk_sizes() on design, target and weights")
    if design.ndim != 2 or design.numblocks[1] != 1:
        raise ValueError(f"design has chunks {design.chunks}, expected (n, p) cut along the rows: rechunk({{1: -1}})")
    if any(part.ndim != 1 or part.shape != design.shape[:1] for part in arrays[1:]):
        raise ValueError(f"design is {design.shape} but the others are {[part.shape for part in arrays[1:]]}")
    cut_alike = (axis for part in arrays[1:] for axis in (part.rechunk(design.chunks[:1]), "i"))
    pieces = dask.array.blockwise(
        lambda rows, *others: piece(*rows, *others),
        "i",
        design,
        "ij",
        *cut_alike,
        dtype=object,
        meta=np.empty(0, object),
    )
    graph = dict(dask.optimize(pieces)[0].dask)
    needs = {key: cull(graph, key)[0] for key in flatten(pieces.__dask_keys__())}
    users = Counter(name for tasks in needs.values() for name in tasks)
    for key, tasks in needs.items():
        graph[key] = Task.fuse(*(task for name, task in tasks.items() if users[name] == 1))
    layers = HighLevelGraph.from_collections(pieces.name, graph)
    return [Delayed(key, layers, layer=pieces.name) for key in needs]


def dask_tree(piece: Callable, join: Callable, arrays: tuple, progress: bool):
    """A tree of joins over the pieces of all blocks; a lost worker's tasks run again elsewhere."""
    import dask

    join_all = dask.delayed(lambda *pieces: reduce(join, pieces), pure=False)
    level = dask_pieces(lambda *block: piece(LeastSquares.chunk(*block)), arrays)
    while len(level) > 1:
        level = [join_all(*level[first : first + FAN_IN]) for first in range(0, len(level), FAN_IN)]
    if not progress:
        return dask.compute(level[0])[0]
    try:
        from distributed import get_client
        from distributed import progress as cluster_progress

        future = get_client().compute(level[0])
        cluster_progress(future, notebook=False)
        return future.result()
    except (ImportError, ValueError):  # no cluster: threads or processes of this machine
        from dask.diagnostics import ProgressBar

        with ProgressBar():
            return dask.compute(level[0])[0]
