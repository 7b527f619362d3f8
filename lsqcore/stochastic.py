"""Stochastic gradient descent: one sample or a small batch at a time, computed in exact blocks of steps."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain, pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg.blas import dtrsv

from lsqcore.descent import Status, Trajectory, divergence_bound, positive, starting_point
from lsqcore.problem import BLOCK, LeastSquares, expect_problem, row_lengths, weighted, whole_number, whole_numbers

SAMPLES_IN_BLOCK = 120  # its triangle then stays in the second cache; 128 would be slower, as powers of two are there
ROWS_OF_GRAM = 1024  # up to here, and to 3p, all products φᵢᵀφⱼ are formed once: choosing among them is cheaper then


def inverse_time(learning_rate: float) -> Callable[[int], float]:
    """The schedule α_k = α₁/k. The noise of the last steps dies out; so does the pace."""
    learning_rate = positive("learning_rate", learning_rate)
    return lambda step: learning_rate / step


def inverse_root(learning_rate: float) -> Callable[[int], float]:
    """The schedule α_k = α₁/√k. Slower to calm down than 1/k, and at its best with `average=True`."""
    learning_rate = positive("learning_rate", learning_rate)
    return lambda step: learning_rate / step**0.5


def stochastic_gradient_descent(
    problem: LeastSquares,
    *,
    learning_rate: float | Callable[[int], float] = 0.1,
    steps: int | None = None,
    start: ArrayLike | None = None,
    rng: np.random.Generator | int | None = None,
    order: ArrayLike | None = None,
    batch_size: int = 1,
    tolerance: float | None = None,
    keep: ArrayLike | None = None,
    average: bool = False,
) -> Trajectory:
    """θ_k = θ_{k−1} − α_k · mean over the batch of wᵢ rᵢ φᵢ, with rᵢ = φᵢᵀθ_{k−1} − yᵢ.

    Parameters
    ----------
    problem
        Rows φᵢ, targets yᵢ, weights wᵢ. The mean of the steps over all i is a step of plain descent.
    learning_rate
        α > 0, or a function of the step 1, 2, … such as `inverse_time(0.1)`.
    steps
        How many at most: 10 000 when left out, or as many as `order` has batches; the last may be smaller.
    start
        θ₀, shape (p,); zero when left out.
    rng
        A generator or a seed, to draw the samples uniformly with replacement.
    order
        The sample indices themselves, `batch_size` for each step. One of `rng` and `order` is required.
    batch_size
        Samples in a step.
    tolerance
        Stop when ‖θ_k − θ_{k−1}‖ is below it. One lucky sample is enough for that.
    keep
        Steps whose iterate is stored: by default 0, …, 50, then about 2 % apart. The last one always is;
        of a run that leaves float64, the last of them with a finite loss, or the start.
    average
        Store (θ₁ + … + θ_k)/k in place of θ_k. The steps themselves stay the same.

    Returns
    -------
    Trajectory of the kept steps. DIVERGED as in `gradient_descent`; the limit it then names is 2/max wᵢ‖φᵢ‖², below
    which no step makes the residual of its sample larger.

    Cost 2p(m + 2) flops a sample, in blocks of m = 120, see `block_of_steps`; a kept step costs one loss where the
    losses are asked for.
    Source: Robbins and Monro (1951); averages: Polyak and Juditsky (1992), SIAM J. Control Optim. 30.
    """
    expect_problem(problem)
    batch_size = whole_number("batch_size", batch_size, 1)
    batches, steps = sampling(len(problem.target), steps, rng, order, batch_size)
    learning_rate = learning_rate if callable(learning_rate) else positive("learning_rate", learning_rate)
    tolerance = None if tolerance is None else positive("tolerance", tolerance)
    kept = default_steps(steps) if keep is None else chosen_steps(keep)
    start = starting_point(problem, start)
    bound = divergence_bound(problem, start)

    path, status = {0: start} if 0 in kept else {}, Status.MAX_ITERATIONS
    settings = dict(batch_size=batch_size, tolerance=tolerance, kept=kept)
    total = np.zeros_like(start) if average else None
    for step, theta, summed, reason in walk(*weighted(problem), start, batches, learning_rate, total=total, **settings):
        path[step] = summed / step if average and step else theta
        status = reason
    thetas, iterations = np.array(list(path.values())), np.array(list(path))
    first = first_loss_past(bound, problem, thetas)
    if first is None:
        return Trajectory(thetas, iterations, status, partial(losses_at, problem))
    rows = first + bool(np.isfinite(losses_at(problem, thetas[first : first + 1]))[0])
    if not rows:  # none of the kept ones is finite
        thetas, iterations, rows = start[None], np.array([0]), 1
    limit = sample_limit(problem)
    return Trajectory(thetas[:rows], iterations[:rows], Status.DIVERGED, partial(losses_at, problem), limit)


def first_loss_past(bound: float, problem: LeastSquares, thetas: np.ndarray) -> int | None:
    """The first row of `thetas` whose loss is above `bound`, or None.

    J(θ) ≤ ‖θ‖² Σ wᵢ‖φᵢ‖²/n + 2J(0), and the bound is far above J(0): where ‖θ‖ alone says enough, as it nearly always
    does, no loss is computed.
    """
    weights = np.ones(len(problem.target)) if problem.weights is None else problem.weights
    with np.errstate(over="ignore", invalid="ignore"):
        steepness = np.einsum("i,ij,ij->", weights, problem.design, problem.design) / len(weights)
        doubtful = np.flatnonzero(~((thetas**2).sum(axis=1) * steepness <= bound / 2))
    if not len(doubtful):
        return None
    past = ~(losses_at(problem, thetas[doubtful]) <= bound)
    return int(doubtful[past.argmax()]) if past.any() else None


def sample_limit(problem: LeastSquares) -> float | None:
    """2/max wᵢ‖φᵢ‖², or None where that is no number of float64."""
    with np.errstate(over="ignore"):
        largest = (row_lengths(weighted(problem)[0]) ** 2).max()
    return 2 / float(largest) if 0 < largest < math.inf else None


def walk(
    design: np.ndarray,
    target: np.ndarray,
    theta: np.ndarray,
    batches: Iterable[np.ndarray],
    learning_rate: float | Callable[[int], float],
    *,
    batch_size: int = 1,
    tolerance: float | None = None,
    kept: Sequence[int] = (),
    step: int = 0,
    total: np.ndarray | None = None,
) -> Iterator[tuple[int, np.ndarray, np.ndarray | None, Status]]:
    """(k, θ_k, θ₁ + … + θ_k if asked for, status) at the kept steps and at the last.

    A block begins at θ with residuals r = Φ_I θ − y_I; its errors e move θ to θ − Φ_Iᵀe. `step` and `total`
    continue an earlier walk.
    """
    status = Status.MAX_ITERATIONS
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        design, target, power = balanced(np.ascontiguousarray(design), target)
        products = design @ design.T if len(design) <= min(3 * design.shape[1], ROWS_OF_GRAM) else None
        lengths = row_lengths(design) if tolerance is not None and batch_size == 1 else None
        constant = None if callable(learning_rate) else np.ldexp(learning_rate, power)
        for index in batches:
            size = min(batch_size, len(index))  # the last batch may be smaller, and is then a block of its own
            rows, count = design.take(index, axis=0), len(index) // size
            errors = rows @ theta - target.take(index)
            rates = np.ldexp(learning_rates(learning_rate, step, count), power) if constant is None else constant
            diagonal = size / rates
            if count == 1 < size:
                errors /= diagonal
            else:
                gram = rows @ rows.T if products is None else products.take(index, axis=0).T.take(index, axis=0)
                errors = block_of_steps(gram, errors, diagonal, size)
            if not (math.isfinite(errors @ errors) or np.isfinite(errors).all()):
                finite = np.isfinite(errors).reshape(count, size).all(axis=1)
                count, status = int(finite.argmin()), Status.DIVERGED
            if tolerance is not None:
                walked = step_lengths(rows, errors, size) if lengths is None else np.abs(lengths[index] * errors)
                if count and walked[:count].min() < tolerance:
                    count, status = int((walked < tolerance).argmax()) + 1, Status.TOLERANCE_MET
            for number in kept[bisect_right(kept, step) : bisect_right(kept, step + count)]:
                iterate = moved(rows, errors, theta, total, number - step, size)
                yield number, *iterate, Status.MAX_ITERATIONS
            theta, total = moved(rows, errors, theta, total, count, size)
            step += count
            if status is not Status.MAX_ITERATIONS:
                break
    yield step, theta, total, status


def block_of_steps(gram: np.ndarray, residual: np.ndarray, diagonal: np.ndarray | float, batch_size: int) -> np.ndarray:
    """The errors e_j = α_j r_j that the steps of a block meet one after the other, found all at once.

    One step subtracts φ_j e_j from θ, so the residual that step j meets is r_j minus Σ φ_jᵀφ_i e_i over the
    earlier steps i: (diag(1/α) + strictly lower part of ΦΦᵀ) e = r. A block of SGD is a forward substitution.
    A batch of b has the rate α/b, and its samples do not see each other: their products are no part of the triangle.
    `diagonal` is b/α, of each step or of all; `gram` is overwritten.
    """
    if batch_size > 1:
        gram *= other_batches(len(residual), batch_size)
        diagonal = np.repeat(diagonal, batch_size) if np.ndim(diagonal) else diagonal
    gram.ravel()[:: len(gram) + 1] = diagonal
    return dtrsv(gram.T, residual, lower=1)


@cache
def other_batches(samples: int, batch_size: int) -> np.ndarray:
    """1 where two samples of a block are of different batches, else 0."""
    batch = np.arange(samples) // batch_size
    return (batch[:, None] != batch).astype(float)


def balanced(design: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """(Φ/s, y/s, log₂s²): with the rate αs² the steps are the same. s is 1 unless the squares of Φ near the ends of
    float64, and a power of two, so that nothing is rounded.
    """
    size = int(np.frexp(max(design.max(), -design.min()))[1])
    if abs(size) < 256:
        return design, target, 0
    return np.ldexp(design, -size), np.ldexp(target, -size), 2 * size


def moved(
    rows: np.ndarray, errors: np.ndarray, theta: np.ndarray, total: np.ndarray | None, steps: int, batch_size: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """θ after the first `steps` of a block, θ − Φᵀe, and the sum of all iterates up to there."""
    rows, errors = rows[: steps * batch_size].T, errors[: steps * batch_size]
    if total is not None:  # the first move is part of all `steps` iterates, the last of one
        total = total + steps * theta - rows @ (np.repeat(np.arange(steps, 0, -1), batch_size) * errors)
    return theta - rows @ errors, total


def step_lengths(rows: np.ndarray, errors: np.ndarray, batch_size: int) -> np.ndarray:
    """‖Σ φ_j e_j‖ over each batch."""
    moves = (errors[:, None] * rows).reshape(-1, batch_size, rows.shape[1]).sum(axis=1)
    return row_lengths(moves)


def losses_at(problem: LeastSquares, thetas: np.ndarray) -> np.ndarray:
    """J at many θ, shape (m,), with at most a MiB of residuals at a time."""
    weights = 1.0 if problem.weights is None else problem.weights
    group = max(1, BLOCK // len(problem.target))
    losses = []
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, len(thetas), group):
            residuals = thetas[first : first + group] @ problem.design.T - problem.target
            losses.append((weights * residuals**2).sum(axis=1) / (2 * len(problem.target)))
    return np.concatenate(losses)


def learning_rates(schedule: Callable[[int], float], step: int, count: int) -> np.ndarray:
    """α of the `count` steps after `step`; what is not a plain number above 0 is looked at more closely."""
    numbers = range(step + 1, step + count + 1)
    rates = [schedule(number) for number in numbers]
    if not all(isinstance(rate, float) and 0 < rate < math.inf for rate in rates):
        rates = [positive(f"learning_rate({number})", rate) for number, rate in zip(numbers, rates, strict=True)]
    return np.array(rates)


def sampling(
    samples: int, steps: int | None, rng: np.random.Generator | int | None, order: ArrayLike | None, batch_size: int
) -> tuple[Iterator[np.ndarray], int]:
    """(blocks of sample indices, number of steps), from a generator or from the order that was given."""
    if (rng is None) == (order is None):
        raise ValueError("give one of rng and order: where the samples come from")
    if order is None:
        steps = 10_000 if steps is None else whole_number("steps", steps, 0)
        rng = np.random.default_rng(rng)
    else:
        if isinstance(order, np.ma.MaskedArray):
            raise ValueError("order is a masked array, expected a list of sample indices")
        order = np.asarray(order)
        if order.ndim != 1 or order.dtype.kind not in "iu" or ((order < 0) | (order >= samples)).any():
            raise ValueError(f"order is to be a list of sample indices from 0 to {samples - 1}")
        order = order.astype(np.intp)
        batches = math.ceil(len(order) / batch_size)
        steps = batches if steps is None else whole_number("steps", steps, 0)
        if batches < steps:
            raise ValueError(f"order has {len(order)} indices, expected {steps * batch_size} for {steps} steps")
    samples_in_all = steps * batch_size if order is None else min(steps * batch_size, len(order))
    # A batch of a fifth of a block or more is worth no triangle: it goes alone.
    height = batch_size * (SAMPLES_IN_BLOCK // batch_size if 5 * batch_size < SAMPLES_IN_BLOCK else 1)
    whole = samples_in_all // batch_size * batch_size
    cuts = chain(range(0, whole, height), (whole, samples_in_all))
    blocks = (slice(first, last) for first, last in pairwise(cuts) if first < last)
    if order is None:
        return (rng.integers(samples, size=block.stop - block.start).astype(np.intp) for block in blocks), steps
    return (order[block] for block in blocks), steps


def default_steps(steps: int) -> list[int]:
    """0, …, 50, then about 2 % apart."""
    kept = list(range(51))
    while kept[-1] < steps:
        kept.append(math.ceil(1.02 * kept[-1]))
    return kept


def chosen_steps(keep: ArrayLike) -> list[int]:
    """The steps to keep, sorted, each once."""
    kept = whole_numbers(keep)
    if kept is None or kept.ndim > 1:
        raise ValueError(f"keep is {keep!r}, expected whole numbers ≥ 0")
    return np.unique(kept).tolist()
