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

import numpy as np
from numpy.typing import ArrayLike

from lsqcore.descent import Status, Trajectory, divergence_bound, positive, starting_point
from lsqcore.direct import Solution, corrected_cholesky, minimum_norm
from lsqcore.problem import LeastSquares, triangle, weighted
from lsqcore.stochastic import SAMPLES_IN_BLOCK, walk

Chunks = Iterable[tuple[ArrayLike, ...]]
FAN_IN = 8  # pieces that one node of the tree joins


def stream_gram(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Add up ΦᵀWΦ and ΦᵀWy, solve, and read the chunks once more for one corrected step. Cost np², two passes.

    Raises
    ------
    numpy.linalg.LinAlgError
        When κ > 10⁵ with columns scaled, or columns depend on each other: `stream_qr` is the way.
    ValueError
        When a chunk does not fit, or the chunks can be read only once.
    """
    if isinstance(chunks, Iterator):
        raise ValueError("chunks can be read only once, stream_gram reads twice: give a list, or use stream_qr")
    counted = []

    def add_up(piece: Callable) -> np.ndarray:
        total, rows = fold_chunks(partial(summand, piece), join_sums, chunks, progress)
        counted.append(rows)
        return total

    found = corrected_cholesky(add_up)
    if found is None:
        raise np.linalg.LinAlgError("columns depend on each other or nearly (κ > 1e5): use stream_qr")
    theta, squares = found
    if not np.isfinite(theta).all():
        raise np.linalg.LinAlgError("θ is too large for float64: rescale design or target")
    return Solution(theta, squares / (2 * counted[0]), len(theta), "corrected Cholesky, streamed")


def stream_qr(chunks: Chunks, *, progress: bool = False) -> Solution:
    """Fold every chunk into the triangle R of [W^½Φ  W^½y] = QR (TSQR), then solve that. Cost 2np², one pass.

    Any κ and any rank: the shortest θ when there are many. Errors as in `LeastSquares`, for each chunk.
    """
    folded, rows = fold_chunks(triangle_of, join_triangles, chunks, progress)
    matrix, target = folded[:, :-1], folded[:, -1]
    if not np.isfinite(folded).all():
        raise ValueError("design, target and weights together are too large for float64: rescale them")
    theta, rank = minimum_norm(matrix, target, (rows, matrix.shape[1]))
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
    thetas, losses, iterations = [], [], []
    for problem in problems(chunks, progress):
        if not thetas:
            theta = first = starting_point(problem, start)
            bound, total = 0.0, np.zeros_like(theta) if average else None
            thetas, losses, iterations = [theta], [problem.loss(theta)], [0]
        bound = max(bound, divergence_bound(problem, first))  # the first chunks may have small targets, or zeros
        rows = len(problem.target)
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
        if status is Status.DIVERGED or not loss <= bound:
            status = Status.DIVERGED
            break
    return Trajectory(np.array(thetas), np.array(losses), np.array(iterations), status)


def fold_chunks(piece: Callable, join: Callable, chunks: Chunks, progress: bool):
    """`piece` of every chunk, joined: in a row for an iterable, in a tree over the blocks for Dask arrays."""
    if is_dask(chunks):
        return dask_tree(piece, join, chunks, progress)
    pieces = (piece(problem) for problem in problems(chunks, progress))
    return reduce(join, pieces)


def summand(piece: Callable, problem: LeastSquares) -> tuple[np.ndarray, int]:
    """(piece of a chunk, its rows), itself added up over blocks, so that memory stays bounded."""
    return sum(piece(*block) for block in problem.blocks()), len(problem.target)


def join_sums(left: tuple[np.ndarray, int], right: tuple[np.ndarray, int]) -> tuple[np.ndarray, int]:
    """Sum and number of rows of two parts."""
    return left[0] + right[0], left[1] + right[1]


def triangle_of(problem: LeastSquares) -> tuple[np.ndarray, int]:
    """(R of a chunk, its rows)."""
    width = problem.design.shape[1] + 1
    nothing = np.zeros((width, width))
    return triangle(problem.design, problem.target, problem.weights, nothing), len(problem.target)


def join_triangles(left: tuple[np.ndarray, int], right: tuple[np.ndarray, int]) -> tuple[np.ndarray, int]:
    """R of one triangle over the other."""
    return triangle(right[0][:, :-1], right[0][:, -1], None, left[0]), left[1] + right[1]


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
        if not isinstance(chunk, tuple | list) or len(chunk) not in (2, 3):
            raise ValueError(f"chunk {number} is not (rows, target) or (rows, target, weights)")
        try:
            problem = LeastSquares(*chunk)
        except ValueError as error:
            raise ValueError(f"chunk {number}: {error}") from None
        if columns not in (None, problem.design.shape[1]):
            raise ValueError(f"chunk {number} has {problem.design.shape[1]} columns, those before have {columns}")
        columns = problem.design.shape[1]
        yield problem
    if columns is None:
        raise ValueError("chunks is empty: there is no row to learn from")


def is_dask(chunks: Chunks) -> bool:
    """A tuple of Dask arrays, told without importing Dask."""
    return isinstance(chunks, tuple | list) and len(chunks) in (2, 3) and all(hasattr(part, "dask") for part in chunks)


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
    level = dask_pieces(lambda *block: piece(LeastSquares(*block)), arrays)
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
