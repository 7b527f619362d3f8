"""Work on chunks that Dask makes: one task for each chunk where it is made, then a tree of joins."""

from collections.abc import Callable
from typing import Any

import numpy as np


def delayed_chunks(chunks: Any) -> list[Any] | None:
    """The chunks as `dask.delayed` tuples (rows, target[, weights]), or None where they are not Dask's.

    They come as a list of such tuples, or as design, target and weights in Dask arrays or data frames, whose blocks
    belong together. Dask itself is imported only when it is needed.
    """
    if not isinstance(chunks, tuple | list) or not any(hasattr(part, "__dask_graph__") for part in chunks):
        return None
    from dask.delayed import Delayed

    whole = not any(isinstance(part, Delayed) for part in chunks)
    for number, part in enumerate(chunks):
        if not hasattr(part, "__dask_graph__"):
            name = ("design", "target", "weights")[number] if whole else f"chunk {number}"
            maker = "dask.array.from_array" if whole else "dask.delayed"
            raise ValueError(f"{name} is a {type(part).__name__} beside Dask's: make one of it by {maker}({name})")
    return _blocks(*chunks) if whole else list(chunks)


def _blocks(design: Any, *others: Any) -> list[Any]:
    """Block by block (design, target[, weights]), cut along the rows."""
    import dask

    if getattr(design, "numblocks", (1, 1))[1:] != (1,):
        raise ValueError(f"design has chunks {design.chunks}, expected (n, p) cut along the rows: rechunk({{1: -1}})")
    if all(hasattr(part, "chunks") and not np.isnan(part.shape[0]) for part in (design, *others)):
        if any(part.shape != design.shape[:1] for part in others):
            raise ValueError(f"design is {design.shape} but the others are {[part.shape for part in others]}")
        others = tuple(part.rechunk(design.chunks[:1]) for part in others)
    elif any(part.npartitions != design.npartitions for part in others):
        raise ValueError("the blocks have unknown sizes and do not agree: call compute_chunk_sizes() on the arrays")
    blocks = [np.ravel(part.to_delayed(optimize_graph=False)) for part in (design, *others)]
    return [dask.delayed(tuple)(parts) for parts in zip(*blocks, strict=True)]


def fold_tree(piece: Callable[..., Any], join: Callable[..., Any], chunks: list[Any], progress: bool) -> Any:
    """`piece(number, chunk)` of all chunks, joined in a tree, eight at a time; a lost worker's tasks run again."""
    import dask.bag

    alone = dask.delayed(lambda *numbered: [numbered])
    bag = dask.bag.from_delayed([alone(number, chunk) for number, chunk in enumerate(chunks)])
    total = bag.starmap(piece).fold(join, split_every=8).to_delayed()
    if not progress:
        return total.compute()
    try:
        from distributed import get_client
        from distributed import progress as cluster_progress

        future = get_client().compute(total)
        cluster_progress(future, notebook=False)
        return future.result()
    except (ImportError, ValueError):  # no cluster: threads or processes of this machine
        from dask.diagnostics import ProgressBar

        with ProgressBar():
            return total.compute()
