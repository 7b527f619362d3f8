"""120 steps of SGD as one triangular solve: the iterates of the textbook loop, 5 to 35 times sooner."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, pairwise

import numpy as np
from scipy.linalg.blas import dtrsv

from lsqcore.fast.fold import BLOCK, Rows, weighted

SAMPLES_IN_BLOCK = 120  # its triangle then stays in the second cache; 128 would be slower, as powers of two are there
ROWS_OF_GRAM = 1024  # up to here, and to 3p, all products φᵢᵀφⱼ are formed once: choosing among them is cheaper then
GOING_ON, SHORT_STEP, NOT_FINITE = range(3)  # how a run ends, if a step ends it


def steps_in_blocks(
    design: np.ndarray,
    target: np.ndarray,
    theta: np.ndarray,
    blocks: Iterable[np.ndarray],
    learning_rates: Callable[[int, int], np.ndarray | float],
    *,
    batch_size: int = 1,
    tolerance: float | None = None,
    kept: Sequence[int] = (),
    step: int = 0,
    total: np.ndarray | None = None,
) -> Iterator[tuple[int, np.ndarray, np.ndarray | None, int]]:
    """(k, θ_k, θ₁ + … + θ_k if asked for, ending) at the kept steps and at the last.

    A block begins at θ with residuals r = Φ_I θ − y_I; its errors e move θ to θ − Φ_Iᵀe. `learning_rates(k, m)` is
    α of the m steps after step k, one number where all are the same. `step` and `total` continue an earlier run.
    """
    ending = GOING_ON
    with np.errstate(all="ignore"):
        design = np.ascontiguousarray(design)
        products = design @ design.T if len(design) <= min(3 * design.shape[1], ROWS_OF_GRAM) else None
        lengths = np.linalg.norm(design, axis=1) if tolerance is not None and batch_size == 1 else None
        for index in blocks:
            size = min(batch_size, len(index))  # the last batch may be smaller, and is then a block of its own
            rows, count = design.take(index, axis=0), len(index) // size
            errors = rows @ theta - target.take(index)
            diagonal = size / learning_rates(step, count)
            if count == 1 < size:
                errors /= diagonal
            else:
                gram = rows @ rows.T if products is None else products.take(index, axis=0).T.take(index, axis=0)
                errors = _block_errors(gram, errors, diagonal, size)
            if not (math.isfinite(errors @ errors) or np.isfinite(errors).all()):
                finite = np.isfinite(errors).reshape(count, size).all(axis=1)
                count, ending = int(finite.argmin()), NOT_FINITE
            if tolerance is not None:
                if lengths is None:
                    steps = np.linalg.norm((errors[:, None] * rows).reshape(count, size, -1).sum(axis=1), axis=1)
                else:
                    steps = np.abs(lengths[index] * errors)
                if count and steps[:count].min() < tolerance:
                    count, ending = int((steps < tolerance).argmax()) + 1, SHORT_STEP
            for number in kept[bisect_right(kept, step) : bisect_right(kept, step + count)]:
                yield number, *_theta_after(number - step, rows, errors, theta, total, size), GOING_ON
            theta, total = _theta_after(count, rows, errors, theta, total, size)
            step += count
            if ending != GOING_ON:
                break
    yield step, theta, total, ending


def _block_errors(gram: np.ndarray, residual: np.ndarray, diagonal: np.ndarray | float, batch_size: int) -> np.ndarray:
    """The errors e_j = α_j r_j that the steps of a block meet one after the other, found all at once.

    One step subtracts φ_j e_j from θ, so the residual that step j meets is r_j minus Σ φ_jᵀφ_i e_i over the
    earlier steps i: (diag(1/α) + strictly lower part of ΦΦᵀ) e = r. A block of SGD is a forward substitution.
    A batch of b has the rate α/b, and its samples do not see each other: their products are no part of the triangle.
    `diagonal` is b/α, of each step or of all; `gram` is overwritten.
    """
    if batch_size > 1:
        gram *= _other_batches(len(residual), batch_size)
        diagonal = np.repeat(diagonal, batch_size) if np.ndim(diagonal) else diagonal
    gram.ravel()[:: len(gram) + 1] = diagonal
    return dtrsv(gram.T, residual, lower=1)


@cache
def _other_batches(samples: int, batch_size: int) -> np.ndarray:
    """1 where two samples of a block are of different batches, else 0."""
    batch = np.arange(samples) // batch_size
    return (batch[:, None] != batch).astype(float)


def _theta_after(
    steps: int, rows: np.ndarray, errors: np.ndarray, theta: np.ndarray, total: np.ndarray | None, batch_size: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """θ after the first `steps` of a block, θ − Φᵀe, and the sum of all iterates up to there."""
    rows, errors = rows[: steps * batch_size].T, errors[: steps * batch_size]
    if total is not None:  # the first step is part of all `steps` iterates, the last of one
        total = total + steps * theta - rows @ (np.repeat(np.arange(steps, 0, -1), batch_size) * errors)
    return theta - rows @ errors, total


def cut_in_blocks(samples: int, batch_size: int) -> Iterator[slice]:
    """Blocks of whole batches; what is left of a last batch is a block of its own."""
    # A batch of a fifth of a block or more is worth no triangle: it goes alone.
    height = batch_size * (SAMPLES_IN_BLOCK // batch_size if 5 * batch_size < SAMPLES_IN_BLOCK else 1)
    whole = samples // batch_size * batch_size
    cuts = chain(range(0, whole, height), (whole, samples))
    return (slice(first, last) for first, last in pairwise(cuts) if first < last)


def losses_at(rows: Rows, thetas: np.ndarray) -> np.ndarray:
    """J at many θ, shape (m,), with at most a MiB of residuals at a time."""
    design, target, weights = rows
    heavy, group = np.ones(len(target)) if weights is None else weights, max(1, BLOCK // len(target))
    with np.errstate(all="ignore"):
        groups = (thetas[first : first + group] for first in range(0, len(thetas), group))
        return np.concatenate([np.square(some @ design.T - target) @ heavy for some in groups]) / (2 * len(target))


def finite_part(rows: Rows, thetas: np.ndarray, bound: float) -> int | None:
    """How many iterates a run keeps when a loss passes `bound`: those before, and that one if it is finite; else None.

    J(θ) ≤ ‖θ‖² Σ wᵢ‖φᵢ‖²/n + 2J(0), and the bound is far above J(0): where ‖θ‖ alone says enough, as it nearly always
    does, no loss is computed.
    """
    with np.errstate(all="ignore"):
        curvature = np.square(weighted(*rows)[0]).sum() / len(rows[1])
        if (np.square(thetas).sum(axis=1) * curvature <= bound / 2).all():
            return None
    losses = losses_at(rows, thetas)
    past = ~(losses <= bound)
    return int(past.argmax()) + bool(math.isfinite(losses[past.argmax()])) if past.any() else None
