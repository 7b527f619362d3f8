"""Answers to the exercises, for test_practice.py: right ones, usual mistakes, and such as nobody asked for."""

import math
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import RidgeCV

import lsqcore as lsq
from lsqcore.practice.four_faults import suspect_5

FIVE = np.arange(1.0, 6)


class OwnError(Exception):
    """A reader's own."""


class NoArray:
    """It fails when NumPy looks at it."""

    def __array__(self, dtype=None, copy=None):
        raise OwnError


def failing(error):
    """A function that stops with this error."""

    def stop(*anything):
        raise error

    return stop


def nudging(places=10, size=1.0, nudge=1e-4, room=1e-3, central=True, only=None, of_all=np.asarray):
    """A check of gradients by finite differences, at places drawn at random or at one place only."""

    def is_right(loss, gradient, p):
        rng = np.random.default_rng(0)
        for at in [only(p)] if only else size * rng.normal(size=(places, p)):
            ends = [(at + each, at - central * each) for each in nudge * np.eye(p)]
            slopes = np.array([loss(upper) - loss(lower) for upper, lower in ends]) / nudge / (1 + central)
            off = np.abs(of_all(gradient(at)) - of_all(slopes))
            if off.max() > room * np.abs(slopes).max():
                return False
        return True

    return is_right


KINDS = [IndexError, NameError, ZeroDivisionError, KeyError, AttributeError, TypeError, ValueError, RecursionError]
KINDS += [AssertionError, StopIteration, MemoryError, OSError, np.linalg.LinAlgError, UserWarning, OwnError]
ERRORS = [kind("what went wrong") for kind in KINDS]
#: Right nowhere, and never an exception, a warning or silence.
# fmt: off
STRANGE = [
    None, np.nan, np.inf, -1e308, True, np.True_, 1j, 1 + 0j, np.complex64(1), 10**400, -(10**400), [np.nan, 1.0],
    [1e308, 1e308], [1.0, None], [True, False, False], [10**400, 1], [10**400] * 5, [1j] * 3, Fraction(10**400),
    Decimal("nan"), Decimal("sNaN"), Decimal("1e400"), np.finfo(np.longdouble).max, [Decimal("nan")] * 2, "",
    "a quarter", "0.25", "12", "123", "12345", b"1", np.str_("7"), ("0.6", "0.001"), ["1", "0.25", "0.0625"],
    np.array("0.5", dtype=object), np.array(["16", "4", "1"], dtype=object), np.array(["a"]), ["1"] * 5, ["1"] * 50,
    np.array(0.5 + 3j), np.array([16, 4, 1 + 5j]), [0, 0, 1 + 0j, 0, 0], (0.6, 0.001 + 0j), np.ones((4, 4), complex),
    [], [[]], (), [1, [2, 3]], [[1, 2], [3]], [[1, 2], 3], {}, {"a": 1}, {1.0}, {"learning_rate": 1, "momentum": "x"},
    object(), NoArray(), [NoArray()], iter([1.0]), range(3), slice(2), np.datetime64("2020-01-01"),
    np.timedelta64(7, "D"), np.ones((2, 2, 2)), np.ones(1000), np.ones((0, 4)), np.zeros(1, "f8,f8"), np.ones((5, 1)),
    np.full((4, 4), 1e200), 1e154 * FIVE, 1e160 * FIVE, 1e-155 * FIVE, 1e-200 * FIVE, np.zeros(5), -FIVE, [1e308] * 50,
    [7.0] * 50, len, dict, Fraction, lambda: 1, lambda *anything: None, lambda *anything: np.nan, lambda *anything: "7",
    lambda *anything: {}, lambda *anything: (1, [2, 3]), lambda *anything: [1 + 0j, 2], lambda *anything: NoArray(),
    lambda *anything: np.full((4, 4), 1e200), lambda *anything: 1e200 * np.ones((8, 4)), lambda *arrays: arrays,
    *(failing(error) for error in ERRORS),
]
# fmt: on


def ends_of(slope, starts, learning_rate, steps):
    ends = []
    for theta in starts:
        for _ in range(steps):
            theta = theta - learning_rate * slope(theta)
        ends.append(theta)
    return ends


def lowest_in_place(loss, slope, starts, learning_rate, steps):
    lowest = starts[0]
    for start in starts:
        for _ in range(steps):
            start -= learning_rate * slope(start)  # in the check's copy
        lowest = start if loss(start) < loss(lowest) else lowest
    return lowest


def step_on_six_tumours(theta):
    radii, is_malignant = np.array([11, 12, 13, 16, 18, 20]), np.array([0, 0, 0, 1, 1, 1])
    design = np.column_stack([np.ones(6), radii])
    with np.errstate(over="ignore"):
        return theta - 0.03 * design.T @ (1 / (1 + np.exp(-design @ theta)) - is_malignant) / 6


def no_repetition(loss, slope, starts, learning_rate, steps):
    return min((theta - learning_rate * slope(theta) for theta in starts), key=loss)


def left_out_by_ridge(design, target, penalty, size=np.square):
    """The mean size of the misses, each of a fit to all other rows."""
    rows = np.arange(len(target))
    fits = [
        lsq.solve(lsq.LeastSquares(design[rows != row], target[rows != row]).with_ridge(penalty)).theta for row in rows
    ]
    return np.mean(size(np.sum(design * fits, axis=1) - target))


def chosen_by(parts, left_out_as_zero=False):
    """A choice by the misses of other parts of the rows than one at a time: pairs of rows to fit and rows to ask."""

    def choice(design, target, penalties):
        rows = np.arange(len(target))

        def error(penalty):
            misses = []
            for fit, ask in parts(rows):
                known = np.where(np.isin(rows, ask), 0, target) if left_out_as_zero else target
                problem = lsq.LeastSquares(design[fit], known[fit]).with_ridge(penalty)
                misses.append(design[ask] @ lsq.solve(problem).theta - target[ask])
            return np.mean(np.concatenate(misses) ** 2)

        return min(penalties, key=error)

    return choice


def chosen_by_gcv(design, target, penalties):
    u, sigma, _ = np.linalg.svd(design, full_matrices=False)

    def error(penalty):
        hat = (u * sigma**2 / (sigma**2 + len(target) * penalty)) @ u.T
        return np.mean((hat @ target - target) ** 2) / (1 - np.trace(hat) / len(target)) ** 2

    return min(penalties, key=error)


def stop_by_counting(held_back, patience, in_a_row=True, end=False, ties=False):
    lowest, waited = 0, 0
    for number in range(1, len(held_back)):
        if held_back[number] < held_back[lowest] or (ties and held_back[number] == held_back[lowest]):
            lowest, waited = number, waited if not in_a_row else 0
        else:
            waited += 1
        if waited >= patience:
            break
    return (number if end else lowest) + 1


def stop_by_one_pass(held_back, patience, lowest_before):
    """Wrong: the last pass of a row alone decides, against the one `patience` before it or the lowest until that."""
    for k in range(patience, len(held_back)):
        if held_back[k] >= min(held_back[: k - patience + 1] if lowest_before else [held_back[k - patience]]):
            return np.argmin(held_back[: k + 1]) + 1
    return np.argmin(held_back) + 1


def stop_by_counting_the_first(held_back, patience):
    lowest, waited = 0, 0
    for number, error in enumerate(held_back):
        lowest, waited = (number, 0) if error < held_back[lowest] else (lowest, waited + 1)
        if waited == patience:
            break
    return lowest + 1


def stop_by_the_pass_before(held_back, patience):
    waited = 0
    for k in range(1, len(held_back)):
        waited = 0 if held_back[k] < held_back[k - 1] else waited + 1
        if waited == patience:
            return np.argmin(held_back[: k + 1]) + 1
    return np.argmin(held_back) + 1


def stop_at_the_end_where_it_ends(held_back, patience):
    waited, lowest = 0, 0
    for k in range(1, len(held_back)):
        lowest, waited = (k, 0) if held_back[k] < held_back[lowest] else (lowest, waited + 1)
        if waited == patience:
            return k + 1
    return lowest + 1


def stop_by_means(held_back, patience):
    for k in range(patience, len(held_back)):
        if np.mean(held_back[k - patience + 1 : k + 1]) >= min(held_back[: k - patience + 1]):
            return np.argmin(held_back[: k + 1]) + 1
    return np.argmin(held_back) + 1


def end_of_the_walk(held_back, patience):
    return stop_by_counting(held_back, patience, end=True)


def stop_by_counting_or_the_last(held_back, patience):
    lowest = 0
    for number in range(1, len(held_back)):
        lowest = number if held_back[number] < held_back[lowest] else lowest
        if number - lowest >= patience:
            return lowest + 1
    return len(held_back)


def stop_by_all(held_back, patience):
    return stop_by_counting(held_back, patience, in_a_row=False)


def falling_by_recursion(k):
    return 0.1 if k == 1 else 0.8 * falling_by_recursion(k - 1)


def mixture(rates):
    shares = [1.0]
    for rate in rates:
        shares = [(1 - rate) * share for share in shares] + [rate]
    return shares


def mixture_by_products(rates):
    return [np.prod(1 - rates[k:]) * (rates[k - 1] if k else 1) for k in range(len(rates) + 1)]


def shadow_by_svd(design, target):
    u, sigma, _ = np.linalg.svd(design, full_matrices=False)
    kept = u[:, sigma > 1e-10 * sigma[0]]
    return kept @ (kept.T @ target)


def shadow_by_qr(design, target):
    q, _ = np.linalg.qr(design)
    return q @ (q.T @ target)


def independent(design):
    """The columns that are no sum of those before."""
    taken = []
    for column in design.T:
        if np.linalg.matrix_rank(np.array([*taken, column])) > len(taken):
            taken.append(column)
    return np.array(taken).T


def normal(design, target, theta):
    return design.T @ (design @ theta - target) / len(target)


def normal_in_place(design, target, theta):
    target -= design @ theta
    return -design.T @ target / len(target)


def centred_in_place(design, target, theta):
    design -= design.mean(axis=0)
    return normal(design, target, theta)


def settled_suspect(x, y):
    """Where the suspect itself comes to rest, read from outside, at inputs made round."""
    heights = suspect_5((x - x.mean()) / x.std(), y, 0, 0.2, 5000)[-1]
    return np.polyfit(x, heights, 1)[::-1]


def run_suspect(x, y):
    """At a rate that suits common dots."""
    return np.polyfit(x, suspect_5(x, y, 0, 0.1, 600)[-1], 1)[::-1]


def unsettled_suspect(x, y):
    """At a rate below its limit, for any dots; where the valley is long, its steps are too few."""
    rate = 1 / np.linalg.norm(np.vander(x[1:], 2).T @ np.vander(x[1:], 2) / (len(x) - 1))
    return np.polyfit(x, suspect_5(x, y, 0, rate, 5000)[-1], 1)[::-1]


def central(loss, theta):
    return np.array([(loss(theta + step) - loss(theta - step)) / 2e-6 for step in 1e-6 * np.eye(len(theta))])


def forward(loss, theta):
    return np.array([(loss(theta + step) - loss(theta)) / 1e-4 for step in 1e-4 * np.eye(len(theta))])


def in_place(claimed, loss, theta):
    """It leaves neither of its arrays as it was."""
    room = 1e-4 * abs(claimed).max()
    claimed -= central(loss, theta)
    theta[:] = 0
    return abs(claimed).max() > room


def emptied(design, target, theta):
    design[:] = 0
    return np.zeros(len(theta))


def largest(matrix, multiplications=100, start=None):
    arrow = np.random.default_rng(3).normal(size=len(matrix)) if start is None else start
    for _ in range(multiplications):
        arrow = matrix @ arrow / np.linalg.norm(matrix @ arrow)
    return arrow @ matrix @ arrow


def smallest(hessian):
    top = largest(hessian)
    return top - largest(top * np.eye(len(hessian)) - hessian)


def smallest_in_place(hessian):
    top = largest(hessian)
    hessian -= top * np.eye(len(hessian))
    return top - largest(-hessian)


def smallest_by_shift(shift, **how):
    """With the shift of the reader's, a number or a function of the Hessian."""

    def smallest(hessian):
        top = shift(hessian) if callable(shift) else shift
        return top - largest(top * np.eye(len(hessian)) - hessian, **how)

    return smallest


def smallest_from(start, shift=None, **how):
    """From a start of its own for n rows, and with λ_max as it finds it, or another shift."""

    def smallest(hessian):
        begin = start(len(hessian))
        top = shift(hessian) if shift else largest(hessian, start=begin)
        with np.errstate(invalid="ignore"):  # 0 / 0
            return top - largest(top * np.eye(len(hessian)) - hessian, start=begin, **how)

    return smallest


def seeded(size):
    return np.random.default_rng(0).normal(size=size)


def axis(row):
    return lambda size: np.eye(size)[row]


def largest_eigenvalue(hessian):
    return np.linalg.eigvalsh(hessian)[-1]


def emptied_hessian(hessian):
    hessian[:] = 0
    return 0.0


def scales_by_shift(chunks):
    """Means and deviations from sums about the first row."""
    first = None
    for rows in chunks:
        if first is None:
            first, count, sums, squares = rows[0].copy(), 0, 0.0, 0.0
        count, sums, squares = count + len(rows), sums + (rows - first).sum(0), squares + ((rows - first) ** 2).sum(0)
    return np.array([first + sums / count, np.sqrt(squares / count - (sums / count) ** 2)])


def scales_by_joins(chunks):
    """The same by count, mean and sum of squares about the mean of each chunk, joined as Chan, Golub and LeVeque do."""
    count, mean, squares = 0, 0.0, 0.0
    for rows in chunks:
        own, apart, both = rows.mean(axis=0), rows.mean(axis=0) - mean, count + len(rows)
        squares = squares + ((rows - own) ** 2).sum(axis=0) + apart**2 * count * len(rows) / both
        count, mean = both, mean + apart * len(rows) / both
    return [mean.tolist(), np.sqrt(squares / count).tolist()]


def scales_by_squares(chunks):
    """The textbook's mean of squares minus square of the mean, which cancels."""
    count, sums, squares = 0, 0.0, 0.0
    for rows in chunks:
        count, sums, squares = count + len(rows), sums + rows.sum(axis=0), squares + (rows**2).sum(axis=0)
    return sums / count, np.sqrt(np.abs(squares / count - (sums / count) ** 2))


def powers_of_deviation(chunks, power):
    means, deviations = scales_by_shift(chunks)
    return means, deviations**power


def scales_of_a_sample(chunks):
    kept = [rows.copy() for rows in chunks]
    return np.concatenate(kept).mean(axis=0), np.concatenate(kept).std(axis=0, ddof=1)


def scales_of_all_rows(chunks):
    rows = np.vstack([rows.copy() for rows in chunks])
    return rows.mean(axis=0), rows.std(axis=0)


def stacked(upper, lower):
    return np.vstack([upper, lower])


def nudged(design, target, theta):
    def loss(theta):
        return np.mean((design @ theta - target) ** 2) / 2

    return np.array([(loss(theta + move) - loss(theta)) / 1e-6 for move in 1e-6 * np.eye(len(theta))])


def sums(upper, lower):
    return upper.T @ upper + lower.T @ lower


def symmetric_root(squares):
    eigenvalues, vectors = np.linalg.eigh(squares)
    return vectors * np.sqrt(eigenvalues) @ vectors.T


def filled(x):
    upper = np.linalg.qr(x, mode="r")
    return np.vstack([upper, np.zeros((4, 4))])


def emptied_triangles(upper, lower):
    upper[:], lower[:] = 0, 0
    return upper


def waves_of(x, count):
    return lsq.trigonometric(x, count // 2)


def least(x, y, error):
    return min(range(1, 32, 2), key=lambda count: error(waves_of(x, count), y))


def error_at_the_dots(design, y):
    return np.linalg.norm(design @ np.linalg.lstsq(design, y)[0] - y)


def left_out(design, y):
    """The miss at each dot that a fit to all others leaves."""
    rests = [np.arange(len(y)) != i for i in range(len(y))]
    return [design[~rest] @ np.linalg.lstsq(design[rest], y[rest])[0] - y[~rest] for rest in rests]


def left_out_by_refitting(design, y):
    return np.sqrt(np.mean(np.square(left_out(design, y))))


def left_out_in_the_mean(design, y):
    return np.mean(np.abs(left_out(design, y)))


def largest_left_out(design, y):
    return np.abs(left_out(design, y)).max()


def least_by_folds(folds, x, y, in_order=False):
    """With 10 folds every tenth dot is left out, of the dots as they come or from left to right."""
    fold_of = np.argsort(np.argsort(x)) % folds if in_order else np.arange(len(x)) % folds

    def error(design, y):
        rests = [fold_of != fold for fold in np.unique(fold_of)]
        misses = [design[~rest] @ np.linalg.lstsq(design[rest], y[rest])[0] - y[~rest] for rest in rests]
        return np.linalg.norm(np.concatenate(misses))

    return least(x, y, error)


def least_of(tried, x, y):
    return min(tried, key=lambda count: left_out_at_once(waves_of(x, count), y))


def cross_validation_by_trace(design, y):
    return error_at_the_dots(design, y) / (len(y) - design.shape[1])


def bayesian_criterion(design, y):
    samples, size = design.shape
    return 2 * samples * np.log(error_at_the_dots(design, y)) + np.log(samples) * size


def akaike_criterion(design, y):
    samples, size = design.shape
    return 2 * samples * np.log(error_at_the_dots(design, y)) + 2 * size


def first_local_minimum(x, y):
    errors = {count: left_out_at_once(waves_of(x, count), y) for count in range(1, 32, 2)}
    return next(count for count in errors if errors[count] < errors.get(count + 2, np.inf))


def left_out_at_once(design, y):
    hat = design @ np.linalg.pinv(design, rcond=1e-14)
    return np.sqrt(np.mean(np.square((y - hat @ y) / (1 - np.diag(hat)))))


def residuals_of_line(x, y):
    return lsq.solve(lsq.LeastSquares(lsq.line(x), y)).residual


def in_groups(x, y, count):
    """For each dot the mean square of the residuals in its group of neighbours."""
    squares = residuals_of_line(x, y) ** 2
    for group in np.array_split(np.argsort(x), count):
        squares[group] = squares[group].mean()
    return squares


def unsorted_groups(x, y):
    """Groups of dots that stand side by side in the arrays, as if x were sorted."""
    squares = residuals_of_line(x, y) ** 2
    return np.concatenate([np.full(len(group), 1 / group.mean()) for group in np.array_split(squares, 10)])


def smooth_weights(x, y):
    """Log σ² as a parabola of x."""
    parabola = np.polynomial.Polynomial.fit(x, np.log(residuals_of_line(x, y) ** 2), 2)
    return np.exp(-parabola(x))


def spread_of_y(count, x, y):
    weights = np.empty(len(x))
    for group in np.array_split(np.argsort(x), count):
        weights[group] = 1 / y[group].var()
    return weights


def single_residuals(x, y):
    return 1 / residuals_of_line(x, y) ** 2


def scaled(design):
    lengths = np.linalg.norm(design, axis=0)
    return design / lengths, np.diag(lengths)


def modified(design, before=None):
    """Each share is taken from what is left of the column; of all columns before it, or of the last few."""
    q, r = np.zeros_like(design), np.zeros((design.shape[1],) * 2)
    for column, left in enumerate(design.T.copy()):
        for k in range(column)[slice(before and -before, None)]:
            r[k, column] = q[:, k] @ left
            left -= r[k, column] * q[:, k]
        r[column, column] = np.linalg.norm(left)
        q[:, column] = left / r[column, column]
    return q, r


def neighbours(design):
    return modified(design, before=1)


def classical(design):
    """Each share is taken from the column as it came."""
    q = np.zeros_like(design)
    for k, column in enumerate(design.T):
        left = column - q[:, :k] @ (q[:, :k].T @ column)
        q[:, k] = left / np.linalg.norm(left)
    return q, np.triu(q.T @ design)


def only_four(design):
    return modified(design) if design.shape[1] == 4 else None


def from_the_first(design):
    """The inputs as they grew since the first row, each of length 1."""
    grown = design[:, 1:] - design[0, 1:]
    return np.column_stack([np.ones(len(design)), grown / np.linalg.norm(grown, axis=0)])


def even_kappa(n, p, digits):
    return np.sqrt((p + p**2 / (3 * n)) / (2 * np.log(10**digits)))


def even_by_search(n, p, digits):
    """The steps are counted from the share that one of them leaves, without the exponential function."""
    kappas = np.geomspace(2, 1e4, 20_000)
    steps = digits * np.log(0.1) / np.log1p(-2 / (kappas**2 + 1))
    return kappas[np.abs(4 * n * p * steps - n * p**2 - p**3 / 3).argmin()]


def standardised(design):
    inputs = design[:, 1:]
    return np.column_stack([np.ones(len(design)), (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)])


def ended(holds):
    return int(holds.argmax()) + 1 if holds.any() else len(holds)


def first_short(lengths):
    return ended(lengths < 1e-6)


def patient(lengths, many=50):
    in_a_row = 0
    for number, length in enumerate(lengths, start=1):
        in_a_row = in_a_row + 1 if length < 1e-6 else 0
        if in_a_row == many:
            return number
    return len(lengths)


def where_they_begin(lengths):
    return patient(lengths) - 49 * (patient(lengths) < len(lengths))


def patient_at_once(lengths):
    return ended(
        np.append(np.zeros(49, bool), np.lib.stride_tricks.sliding_window_view(lengths, 50).max(axis=1) < 1e-6)
    )


def emptied_lengths(lengths):
    lengths[:] = 0
    return 50


def lengths_of_bumps():
    x = np.linspace(-3, 3, 50)
    return np.linalg.norm(lsq.gaussian_kernel(x, x, 0.3), axis=1)


#: Check: right answers (of the solution, of the praise, rounded as asked), wrong ones with words of their feedback.
#: One that compares numbers needs no line: then its own right answer and its own mistakes are tried alone.
def fifty_heights(noise):
    x = np.linspace(-3, 3, 50)
    return np.sinc(x) + 0.1 * x + noise


def pair_of_least(x, y, misses):
    """A bandwidth and a penalty, tried over the span of x."""
    pairs = [(h, p) for h in np.ptp(x) * np.geomspace(0.02, 1, 16) for p in np.geomspace(1e-8, 10, 13)]
    return min(pairs, key=lambda pair: np.sum(misses(lsq.gaussian_kernel(x, x, pair[0]), y, pair[1]) ** 2))


def missed_by_inverse(kernel_matrix, y, penalty):
    inverse = np.linalg.inv(kernel_matrix + penalty * np.eye(len(y)))
    return inverse @ y / np.diag(inverse)


def missed_by_refit(kernel_matrix, y, penalty):
    rows = [np.arange(len(y)) != i for i in range(len(y))]
    found = [np.linalg.solve(kernel_matrix[r][:, r] + penalty * np.eye(len(y) - 1), y[r]) for r in rows]
    return np.array([kernel_matrix[~r][0, r] @ theta for r, theta in zip(rows, found, strict=True)]) - y


def missed_at_the_dots(kernel_matrix, y, penalty):
    return kernel_matrix @ np.linalg.solve(kernel_matrix + penalty * np.eye(len(y)), y) - y


def conjugate_by_gradients(theta, last_step, gradient):
    """The solution's way: one gradient more multiplies by H."""
    slope = gradient(theta)
    bent = gradient(theta + last_step) - slope
    share = slope @ bent / (last_step @ bent) if last_step.any() else 0
    direction = share * last_step - slope
    return -(slope @ direction) / (direction @ (gradient(theta + direction) - slope)) * direction


def conjugate_by_halves(theta, last_step, gradient):
    """The lowest point of the plane through the gradient and the last step, from three gradients."""
    slope = gradient(theta)
    plane = np.column_stack([slope, last_step])
    bent = np.column_stack([2 * (gradient(theta + each / 2) - slope) for each in plane.T])
    return plane @ np.linalg.lstsq(plane.T @ bent, -plane.T @ slope, rcond=1e-13)[0]


def steepest_by_gradients(theta, last_step, gradient):
    """The lowest point along the gradient, without a memory."""
    slope = gradient(theta)
    return -(slope @ slope) / (slope @ (gradient(theta + slope) - slope)) * slope


def newton_by_gradients(theta, last_step, gradient):
    slope = gradient(theta)
    return np.linalg.solve([gradient(theta + row) - slope for row in np.eye(len(theta))], -slope)


ACROSS_AND_ALONG = np.add([1, 2], np.linalg.eigh([[1.0, 3.0], [3.0, 11.0]]).eigenvectors.T[::-1])


def for_both(network, x, target, *, solved=True, start=None, steps=100, rate=0.1, part=slice(None)):
    """A network that is walked from a solved last layer, from an empty one, or from `start`."""
    x, target = x[part], target[part]

    def features(first, offset):
        return np.column_stack([np.ones(len(x)), np.tanh(x @ first + offset)])

    first, offset, last = network if start is None else start
    if start is None and solved:
        ridge = RidgeCV(alphas=np.geomspace(0.01, 100, 21), fit_intercept=False)
        last = ridge.fit(features(first, offset), target).coef_.T
    elif start is None:
        last = 0 * last
    parts, before = [first, offset, last], [first, offset, last]
    for _ in range(steps):
        design = features(*parts[:2])
        residual = (softmax(design @ parts[2], axis=1) - target) / len(x)
        back = residual @ parts[2][1:].T * (1 - design[:, 1:] ** 2)
        slopes = x.T @ back, back.sum(axis=0), design.T @ residual
        heavy = [1.9 * now - 0.9 * then for now, then in zip(parts, before, strict=True)]
        parts, before = [now - rate * slope for now, slope in zip(heavy, slopes, strict=True)], parts
    return parts


def opened(parts, last):
    parts.append(last)
    return parts


def turned_pictures(change):
    """A function that changes each picture, one row after the other."""

    def changed(x):
        side = int(x.shape[1] ** 0.5)
        return np.array([change(each.reshape(side, side)).ravel() for each in x])

    return changed


# fmt: off
ANSWERS = {
    "start_here.flat_line": (
        [[5, 4, 4, 4, 5], [1, 2, 9, 2, 1], (0, 1, 0, -1, 1), np.array([3, 6, 5, 5, 3.5]), [4, 4, 4.1, 4, 4]],
        [
            ([3, 5, 7, 9, 11], "rises by 2 from dot to dot. Lower the dots at the right"),
            ([5, 4, 3, 2, 1], "at the left"), ([5, 5, 5, 5, 5.2], "still 0.04"), ([4] * 5, "so are the dots"),
            ([4, 4, 4, 4, 4 + 1e-9], "so are the dots"),
            ([99, 0, 0, 0, 99], "outside the picture"), ([1, 2, 3], "5 numbers"), (5, "5 numbers"),
        ],
    ),
    "five_point_line.resting_point": (
        [(6.61, -1.46), [6.612, -1.461], np.linalg.solve([[4, 14], [35.6, 142.4]], [6, 27.4])],
        [
            ((1, 2), "the true gradient"), ((0.06, 0.274), "first step"), ((6.56, -1.45), "still moves"),
            ((-6.61, 1.46), "sign"), ((7.83, -1.74), "1 − 7"), ((-1.46, 6.61), "other way round"),
            ((6.6, -1.5), "three digits"), ((6.59, -1.46), "still moves"), ((6.60, -1.46), "about 1,3"),
            ((0.924, 2.021), "right gradient"), (23.35, "Expected 2 numbers, but one number came"),
            ((6, 61, -1, 46), "came."), ([[6.61], [-1.46]], "(2, 1)"),
        ],
    ),
    "five_point_line.gradient": (
        [normal, normal_in_place],
        [
            (centred_in_place, "ot yet"), (emptied, "ot yet"), (lambda *a: -normal(*a), "uphill"),
            (lambda *a: -normal(*a) / 2, "sign is wrong, and the half of J is used up"), (nudged, "as nudges are"),
            (lambda *a: -2 * normal(*a), "sign is wrong, and the half"), (lambda *a: normal(*a) / 2, "nothing is left"),
            (lambda *a: 7 * normal(*a), "1/n"), (lambda *a: 2 * normal(*a), "cancels the 2"),
            (lambda *a: 7 / 3 * normal(*a), "not of columns"), (lambda d, t, theta: d @ theta - t, "residual"),
            (lambda *a: 14 * normal(*a), "sum of squares"), (lambda *a: -7 * normal(*a), "1/n is missing"),
            (lambda d, t, theta: d @ (d @ theta - t), "transpose"), (lambda *a: None, "`return`"),
            (normal(np.ones((3, 2)), np.ones(3), np.ones(2)), "name of the function"),
            (lambda *a: normal(*a)[:, None], "(3, 1)"), (lambda x: x, "takes 1 positional argument but 3"),
            (lambda *a: normal(*a)[:2], "Expected 3 numbers, but 2 numbers came"),
        ],
    ),
    "five_point_line.quickest_start": (
        [(1.27, 2.96), (0.73, 1.04), [1.26, 2.97], (1.3, 2.95)],
        [
            ((0.04, 2.27), "along the valley: there"), ((1.96, 1.73), "1,361 steps"), ((1, 3), "581 steps"),
            ((2, 3), "is 1.41, and 1 is asked."), ((0.27, 0.96), "add it to (1, 2)"), ((1, 2), "is 0, and"),
            (1.27, "one number came"), ((1, 27, 2, 96), "for 1,27 write 1.27."),
        ],
    ),
    "the_long_valley.smallest_eigenvalue": (
        [
            smallest, smallest_in_place, lambda hessian: np.linalg.eigvalsh(hessian)[0], smallest_by_shift(np.trace),
            smallest_by_shift(lambda h: 2 * largest(h)), smallest_by_shift(lambda h: abs(h).sum(axis=0).max()),
            smallest_by_shift(largest, multiplications=25),
        ],
        [
            (largest, "λ_max"), (lambda h: largest(largest(h) * np.eye(3) - h), "Take it from λ_max"),
            (lambda h: largest(largest(h) * np.eye(3) - h) - largest(h), "other way round"),
            (lambda h: 1 / 0.47, "1/λ_min"),
            (lambda h: np.linalg.eigvalsh(h)[1], "eigenvalue 3"), (lambda h: largest(-h), "Not yet"),
            (emptied_hessian, "Not yet"), (lambda h: h @ np.ones(2), "(3, 3)"), (lambda h: h[0], "3 numbers"),
            (lambda h: None, "`return`"), (np.linalg.eigvalsh, "Expected one number"), (0.5, "a function"),
            (lambda hessian: 0.47, "from the Hessian"), (smallest_by_shift(11.83), "shift from the Hessian"),
            (smallest_by_shift(100, multiplications=3000), "shift from the Hessian"),
            (smallest_by_shift(1e4, multiplications=20_000), "shift from the Hessian"),
            (smallest_from(np.ones), "eigenvector of this one"), (smallest_from(np.ones, np.trace), "of ones"),
            (smallest_from(np.ones, np.linalg.norm), "of ones"),
            *[
                (smallest_from(axis(row), shift), "along an axis")
                for row in (0, 1, -1) for shift in (largest_eigenvalue, np.trace, np.linalg.norm)
            ],
            (smallest_from(axis(0)), "along an axis"), (smallest_from(axis(-1)), "along an axis"),
            (lambda h: 8 - largest(8 * np.eye(3) - h), "Take size"),
            (smallest_by_shift(largest, multiplications=4), "more multiplications"),
            (
                smallest_from(seeded, lambda h: 2 * largest_eigenvalue(h), multiplications=16),
                "random, or take more multiplications",
            ),
            (lambda h: {2: 0.1, 3: 0.47, 4: 3e4}[len(h)], "not on one of four rows"),
        ],
    ),
    "the_long_valley.centred_and_long": (
        [
            [-400, -200, 0, 200, 400], 300 * (FIVE - 3), 0.001 * (FIVE - 3), 1e6 * (FIVE - 3), [-1e3, 0, 0, 0, 1e3],
            [Fraction(-1, 1000), 0, 0, 0, Fraction(1, 1000)],
        ],
        [
            (FIVE - 3, "Too easy"), (100 + FIVE, "Their mean is 103"), ([0] * 5, "equal"), ([-1, 0, 1], "3 numbers"),
            (1e154 * (FIVE - 3), "size 2e+154 are too extreme"), (1e-155 * (FIVE - 3), "Inputs of size 2e-155"),
            (50 * (FIVE - 3), "Too easy: κ(H) is 5e+03"),
        ],
    ),
    "the_long_valley.no_gradient": (
        [(14, 35.6), [35.6, 14], (Decimal("35.6"), 14)],
        [
            ((142.4, 4), "nothing mirrors them"), ((4, 14), "first row"), ((35.6, 142.4), "second row"),
            ((1, 4), "constants"), ((-7, -31.4), "constants"), ((14, 142.4), "belong to θ₁"),
            ((35.6, 4), "belong to θ₀"), ((7, 31.4), "Not yet"), ((14, 14), "Not yet"), ((-14, 35.6), "Not yet"),
            ([4, 14, 35.6, 142.4], "4 numbers"), (21.6, "one"), ((14, 0, 35, 6), "write 14.0"),
        ],
    ),
    "four_faults.same_fault": (
        [
            lambda x, y: np.polyfit(x[1:], y[:-1], 1)[::-1],
            lambda x, y: np.linalg.lstsq(np.vander(x[1:], 2, increasing=True), y[:-1])[0],
            settled_suspect,
        ],
        [
            (lambda x, y: np.polyfit(x, y, 1)[::-1], "honest program"),
            (lambda x, y: np.polyfit(x[:-1], y[1:], 1)[::-1], "the other way"),
            (lambda x, y: np.polyfit(x, np.roll(y, 1), 1)[::-1], "goes with no row"),
            (lambda x, y: np.polyfit(x[1:], y[1:], 1)[::-1], "first row"),
            (lambda x, y: np.polyfit(x[:-1], y[:-1], 1)[::-1], "last row"),
            (lambda x, y: np.polyfit(np.sort(x)[1:], y[np.argsort(x)][:-1], 1)[::-1], "sorted"),
            (lambda x, y: np.polyfit(x[1:], y[:-1], 1), "intercept comes first"),
            (lambda x, y: np.polyfit(x[:-1] + np.ptp(x) / (len(x) - 1), y[:-1], 1)[::-1], "equal distances"),
            (lambda x, y: [y.mean(), 0], "third suspect"), (lambda x, y: x[1:], "Expected 2 numbers"),
            (run_suspect, "Solve for where it would settle"), (unsettled_suspect, "has not settled"),
        ],
    ),
    "four_faults.convicts": (
        [
            lambda claimed, loss, theta: not np.allclose(claimed, central(loss, theta), rtol=1e-5),
            lambda claimed, loss, theta: bool(abs(claimed - forward(loss, theta)).max() > 0.01 * abs(claimed).max()),
            in_place,
        ],
        [
            (lambda claimed, loss, theta: False, "points the other way"), (lambda *a: True, "is innocent"),
            (lambda c, loss, t: (c != central(loss, t)).any(), "never exact"),
            (lambda c, loss, t: (c * central(loss, t) < 0).any(), "twice too long"),
            (lambda c, loss, t: not np.allclose(c[:2], central(loss, t)[:2], rtol=1e-4), "last entry"),
            (lambda c, loss, t: ~np.isclose(c, central(loss, t), rtol=1e-4), "one answer"),
            (lambda c, loss, t: loss(t + c) < loss(t), "twice too long"), (lambda *a: None, "NoneType"),
            (lambda c, loss, t: not np.isclose(c[-1], central(loss, t)[-1], rtol=1e-4), "0 in its first entry"),
            (lambda c, loss, t: not np.allclose(c[[0, -1]], central(loss, t)[[0, -1]], rtol=1e-4), "middle entry"),
            (lambda c, loss, t: not np.isclose(c @ c, c @ central(loss, t), rtol=1e-4), "0 in its first entry"),
            (lambda c, loss, t: not np.isclose(c.sum(), central(loss, t).sum(), rtol=1e-4), "in reverse"),
            (lambda c, loss, t: not np.allclose(c, central(loss, t).cumsum(), rtol=1e-4), "Each nudge is from theta"),
            (lambda c, loss, t: not np.allclose(c, 2 * central(loss, t), rtol=1e-4), "whole way between"),
            (lambda c, loss, t: (abs(c - central(loss, t)) > 0.1).any(), "5 % too long goes"),
            (lambda c, loss, t: not np.allclose(central(loss, t), c, rtol=1e-3, atol=1e-3), "numbers are small"),
            (lambda c, loss, t: bool(abs(c - central(loss, t)).max() > 0.1 * abs(c).max()), "make it small"),
            (lambda c, loss, t: np.linalg.norm(c - central(loss, t)) > 0.1 * np.linalg.norm(c), "5 % too long goes"),
            (lambda c, loss, t: (abs(c / central(loss, t) - 0.95) > 0.07).any(), "5 % too short goes"),
            (lambda c, loss, t: (abs(c - central(loss, t)) > 1e-6).any(), "numbers are tiny, goes"),
        ],
    ),
    "four_faults.repairs": (
        [[1, 4], (4, 1), np.array([1.0, 4.0])],
        [
            ([1, 2], "first iteration"), ([3, 4], "second iteration"), ([5, 1], "nan"), ([1, 1], "two different"),
            ([1, 4.5], "two different"), (1, "Expected 2 numbers"), ([1, 2, 4], "Expected 2 numbers"),
            ((True, 4), "True or False"), ([np.True_, 4], "True or False"),
        ],
    ),
    "direct_or_downhill.gram_schmidt": (
        [classical, modified, np.linalg.qr, lambda design: (classical(design)[0], classical(design)[0].T @ design)],
        [
            (lambda design: modified(design)[0], "return q, r"), (lambda design: modified(design)[::-1], "comes first"),
            (lambda design: (design, np.eye(4)), "length 1"), (lambda design: scaled(design), "columns 1 and 2"),
            (neighbours, "columns 1 and 3"), (lambda design: (modified(design)[0], np.eye(4)), "QR is not Φ"),
            (lambda design: (modified(design)[0], modified(design)[1].T), "below its diagonal"),
            (only_four, "return q, r"), (modified(np.eye(3)), "name of the function"),
            (lambda design: modified(design.astype(np.float32)), "float32"),
            (lambda design: (1.001 * modified(design)[0], modified(design)[1] / 1.001), "length 1"),
        ],
    ),
    "direct_or_downhill.even_kappa": (
        [
            even_kappa, even_by_search, lambda n, p, digits: round(even_kappa(n, p, digits)),
            lambda n, p, digits: np.sqrt((n * p**2 + p**3 / 3) / (2 * n * p * digits * np.log(10))),
        ],
        [
            (lambda n, p, digits: even_kappa(n, p, digits) ** 2, "Take its root"), (lambda n, p, digits: 41, "41 came"),
            (lambda n, p, digits: np.sqrt((p + p**2 / (3 * n)) / (2 * digits)), "np.log10"),
            (lambda n, p, digits: np.sqrt(p / (2 * np.log(10**digits))), "p³/3"),
            (lambda n, p, digits: (p + p**2 / (3 * n)) / (2 * np.log(2 * 10**digits)), "Asked is plain descent"),
            (lambda n, p, digits: np.sqrt((p + p / 6) / (2 * np.log(10**digits))), "Not yet"),  # twice as many rows
            (lambda n, p, digits: even_kappa(n, p, 3), "Not yet"), (lambda n, p, digits: 0.5, "no κ is below 1"),
            (lambda n, p, digits: -even_kappa(n, p, digits), "no κ is below 1"), (29.1, "name of the function"),
            (lambda n, p, digits: None, "`return`"), (lambda p: 29, "takes 1 positional argument but 3"),
            (lambda n, p, digits: 0.5 * even_kappa(n, p, digits), "0.25 times as many"),
        ],
    ),
    "direct_or_downhill.rounder_columns": (
        [
            standardised, from_the_first, lambda design: np.linalg.qr(design)[0],
            lambda design: standardised(design) * np.append(1, np.full(design.shape[1] - 1, 10)),
            lambda design: np.linalg.svd(design, full_matrices=False)[0],
        ],
        [
            (lambda design: design, "Centre each"), (lambda design: design / design.max(axis=0), "Centre each"),
            (lambda design: standardised(design) * np.append(1, design[0, 1:]), "scale them"),
            (lambda design: standardised(design) + np.append(0, np.full(design.shape[1] - 1, 8)), "Centre each"),
            (lambda design: standardised(design) if len(design) == 16 else design, "Centre each"),
            (lambda design: design - design.mean(axis=0), "column of ones"), (lambda design: 0 * design, "lose none"),
            (lambda design: np.random.default_rng(1).normal(size=design.shape), "lose none"),
            (lambda design: design[:, 1:], "(16, 3)"),
            (lambda design: standardised(np.log(design)), "sums and multiples"),
        ],
    ),
    "trigonometric_fit.chosen": (
        [
            lambda x, y: least(x, y, left_out_by_refitting), lambda x, y: np.float64(least(x, y, left_out_at_once)),
        ],
        [
            (lambda x, y: least(x, y, error_at_the_dots), "the dot that was left out"),
            (lambda x, y: least(x, y, left_out_in_the_mean), "root of the mean square"),
            *((partial(least_by_folds, folds), "one dot at a time") for folds in (5, 10, 20, 24, 25)),
            (partial(least_by_folds, 25, in_order=True), "one dot at a time"),
            (partial(least_of, range(1, 31, 2)), "try 31?"), (partial(least_of, range(3, 32, 2)), "try 1?"),
            (partial(least_of, range(3, 31, 2)), "one wants 31"), (partial(least_of, range(1, 26, 2)), "try 31?"),
            (lambda x, y: least(x, y, largest_left_out), "Not yet"),
            (lambda x, y: least(x, y, cross_validation_by_trace), "one dot at a time"),
            (lambda x, y: least(x, y, bayesian_criterion), "Not yet"),
            (lambda x, y: least(x, y, akaike_criterion), "Not yet"),
            (first_local_minimum, "the error rises"),
            (lambda x, y: least(x, y, left_out_at_once) // 2, "number of pairs"), (lambda x, y: 9, "9 each time"),
            (lambda x, y: min(left_out_at_once(waves_of(x, n), y) for n in range(1, 32, 2)), "the smallest error"),
            (partial(least_of, range(1, 32)), "an even number"), (partial(least_of, range(32)), "an even number"),
            (lambda x, y: None, "`return`"), (lambda x: 11, "takes 1 positional argument but 2"),
            (11, "Expected a function"), (lambda x, y: [9, 11], "one number"),
        ],
    ),
    "trigonometric_fit.breaks_the_formula": (
        [
            [2, 4, 6], (1, 2, 3), np.zeros(3), [-0.5, -1, -1.5], [0.1, 0.2, 0.3], [1, 2, 3 + 1e-8],
            [1e200, 2e200, 3e200], [1e-200, 1e-200, 1e-200], [1e-160, 0, 0], [1e200, 0, 0],
        ],
        [
            ([1, 1, 1], "κ is 5"), ([1, 2, 3.001], "the formula holds"), ([1, 2], "2 numbers came"),
            ([1e9, 1e9, 1e9], "the formula holds"), ((1, 5, 3, 0, 4, 5), "for 1,5 write 1.5."),
        ],
    ),
    "trigonometric_fit.half_width": (
        [5.53, 5.528, 5.5278, 5.5277, np.float64(5.527759931710437)],
        [
            (5.5, "κ is 126.5 at 5.5. Farther"), (5.525, "Farther"), (5.5275, "κ is 100.2 at 5.5275. Farther"),
            (5.6, "Almost: κ"), (2 * np.pi, "the smallest"), (3, "Farther"),
            (10, "Not yet: κ is 1.877 at 10. Asked is the smallest"), (50, "Not yet: κ"),
            (49 * np.pi / 15, "Asked is the smallest"),
            (11.06, "whole width"), (100, "no half width"), (-5.53, "no half width"), (0.55, "above 1e+12"),
            ((5, 53), "for 5,53 write 5.53."),
        ],
    ),
    "unequal_noise.own_weights": (
        [
            lambda x, y: 1 / in_groups(x, y, 10), lambda x, y: 1000 / in_groups(x, y, 20), smooth_weights,
            lambda x, y: (1e-300 / in_groups(x, y, 10)).tolist(),
        ],
        [
            (lambda x, y: np.ones(len(x)), "all weights are equal"), (single_residuals, "one single residual"),
            (lambda x, y: single_residuals(x, y) ** 0.5, "one single residual"),
            *((partial(spread_of_y, count), "residuals of a fit") for count in (10, 20, 40)),
            (lambda x, y: in_groups(x, y, 10), "turn them over"),
            (lambda x, y: in_groups(x, y, 10) ** -0.5, "about as 1/σ"),
            (lambda x, y: in_groups(x, y, 10) ** -2, "squared twice"),
            (lambda x, y: 1 / in_groups(x, y, 2), "near neighbours"),
            (lambda x, y: 1 / (1 + 0.9 * x) ** 2, "near neighbours"), (lambda x, y: -np.ones(len(x)), "not negative"),
            (lambda x, y: np.zeros(len(x)), "above 0"), (lambda x, y: np.ones(3), "Expected 400 numbers"),
            (lambda x, y: None, "`return`"), (lambda x: x, "takes 1 positional argument but 2"),
            ([1, 2], "Expected a function"), (unsorted_groups, "stand side by side"),
        ],
    ),
    "unequal_noise.larger_and_worse": (
        [
            [100, 1, 1, 1, 1], (5, 1, 1, 1, 1), [1, 0, 0, 0, 0], [1, 0.1, 0.2, 0.1, 0], [13.1, 3, 3, 3, 3],
            [1e308, 1e307, 0, 0, 0], [5e-324, 0, 0, 0, 0], [1, Fraction(1, 10), 0, 0, 0],
        ],
        [
            ([9, 4, 4, 4, 4], "by 1.2,"), ([1 / 4, 1 / 9, 1 / 9, 1 / 9, 1 / 9], "almost everything"),
            ([13, 3, 3, 3, 3], "Not yet: the mean"), ([1, 1, 1, 1, 1], "to be the largest"),
            ([1, 2, 0, 0, 0], "most reliable"),
            ([0] * 5, "above 0"), ([9, -4, 4, 4, 4], "not negative"), ([9, 4], "2 numbers"),
        ],
    ),
    "unequal_noise.four_exponents": (
        [[4, -4, 1, 2], (4.0, -4.0, 1.0, 2.0), [4 + 5e-15, -3.999999942500568, 1 + 1e-14, 2 + 6e-15]],
        [
            ([2, 2, 1, 1], "Run them"), ([4, -4, 2, 2], "as we do"), ([4, 4, 1, 2], "which way"),
            ([4, -2, 1, 2], "*square*"),
            ([2, -4, 1, 1], "before it is squared"), ([2, -4, 1, 2], "the first"), ([4, -4, 1, 1], "the last"),
            ([4, 2, 1, 2], "wants σ"), ([-4, 4, -1, -2], "the sign"),
            ([4, -4, 1], "3 numbers"), ([2, 2, 2, 2], "neither"),
        ],
    ),
    "shadows.project": (
        [
            lambda design, target: design @ np.linalg.lstsq(design, target)[0], shadow_by_svd,
            lambda design, target: design @ (np.linalg.pinv(design) @ target),
            lambda design, target: shadow_by_qr(independent(design), target),
        ],
        [
            (lambda design, target: shadow_by_qr(design, target), "sum of two others"),
            (lambda design, target: design @ np.linalg.pinv(design) @ target, "as large as n × n"),
            (lambda design, target: np.linalg.lstsq(design, target)[0], "are θ"),
            (lambda design, target: target - shadow_by_svd(design, target), "the stick"),
            (lambda design, target: shadow_by_svd(design, target) - target, "the stick"),
            (lambda design, target: shadow_by_svd(design, target)[:, None], "one column came"),
            (lambda design, target: target, "independent"),
            (lambda design, target: shadow_by_qr(design[:, :3], target), "sum of two others"),
            (lambda design, target: shadow_by_svd(design[:, :4], target)[:, None], "one column came"),
            (lambda design, target: design @ np.linalg.inv(design.T @ design) @ design.T @ target, "n × n"),
            (lambda design, target: design @ (np.linalg.inv(design.T @ design) @ (design.T @ target)), ""),
            (lambda design: design, "takes 1 positional argument but 2"), (np.eye(3), "name of the function"),
            (lambda d, t: t if d.shape[1] >= len(d) else shadow_by_svd(d, t), "one line"),
            (lambda d, t: d @ np.linalg.pinv(d, rcond=1e-6 / np.linalg.norm(d, 2)) @ t if len(d) < 99 else
             shadow_by_svd(d, t), "tiny"),
            (lambda d, t: d @ (np.linalg.pinv(d, rcond=0.05) @ t), "nearly alike"),
            (lambda d, t: shadow_by_svd(d, t) if np.linalg.norm(d) < 1e7 else t, "all were large"),
        ],
    ),
    "shadows.kept_errors": (
        [[1, 2, 3], (-3, -1, 1), (0.1, 0.2, 0.3), [1e-300, 2e-300, 3e-300], [Fraction(1, 3), Fraction(2, 3), 1]],
        [
            ([1, 1, 1], "three different"), ([-1, 0, 1], "none of them 0"), ([1, -2, 1.01], "removes 100 %"),
            ([1, 5, 3], "removes 17.1 %"), ([1, 2, 3.001], "a little"), ([1, 2], "2 numbers came"),
            ((0, 1, 0, 2, 0, 3), "write 0.1"),
        ],
    ),
    "shadows.shortest": (
        [(0.6, 1.2), [Fraction(3, 5), Fraction(6, 5)], np.linalg.pinv(np.outer(np.ones(3), [1, 2])) @ [1, 5, 3]],
        [
            ((1, 1), "1.41 long"), ((3, 0), "3 long"), ((0, 1.5), "1.5 long"), ((1.5, 1.5), "predict 4.5"),
            ((1.2, 0.6), "other way round"), ((1, 2), "predict 5"), ((3, 6), "predict 15"), (0.6, "one number"),
        ],
    ),
    "what_noise_does.chosen": (
        [
            lambda design, target, penalties: min(penalties, key=lambda p: left_out_by_ridge(design, target, p)),
            lambda design, target, penalties: RidgeCV(len(target) * penalties, fit_intercept=False)
            .fit(design, target)
            .alpha_
            / len(target),
        ],
        [
            (lambda design, target, penalties: penalties[0], "fit has seen"),
            (lambda design, target, penalties: 0.01, "0.01 each time"), (lambda design, target: 0.01, "takes 2"),
            (
                lambda design, target, penalties: min(
                    penalties, key=lambda p: left_out_by_ridge(design, target, p, np.abs)
                ),
                "squared misses",
            ),
            (lambda design, target, penalties: penalties, "one number"), (0.01, "Expected a function"),
            (
                lambda design, target, penalties: min(left_out_by_ridge(design, target, p) for p in penalties),
                "smallest error",
            ),
            (
                lambda design, target, penalties: int(
                    np.argmin([left_out_by_ridge(design, target, p) for p in penalties])
                ),
                "place in the list",
            ),
            (lambda design, target, penalties: penalties[-1], "10 each time"),
            (chosen_by_gcv, "one row at a time"),
            (
                lambda design, target, penalties: RidgeCV(len(target) * penalties).fit(design, target).alpha_
                / len(target),
                "one row at a time",
            ),
            *(
                (chosen_by(parts, as_zero), "one row at a time")
                for parts, as_zero in (
                    (lambda rows: [(rows, [row]) for row in rows], True),
                    (lambda rows: [(rows[rows != row], [row]) for row in rows[: len(rows) // 2]], False),
                    (lambda rows: [(rows[rows != row], [row]) for row in rows[1:]], False),
                    (lambda rows: [(rows[rows != row], [row]) for row in rows[:-1]], False),
                    (lambda rows: [(rows[:row], [row]) for row in rows[1:]], False),
                    (lambda rows: [(np.setdiff1d(rows, [row, row - 1]), [row]) for row in rows], False),
                    (lambda rows: [(np.setdiff1d(rows, ten), ten) for ten in np.array_split(rows, 10)], False),
                    (lambda rows: [(np.setdiff1d(rows, five), five) for five in np.array_split(rows, 5)], False),
                )
            ),
        ],
    ),
    "what_noise_does.places": (
        [
            lambda n: np.linspace(0, 0.5, n), lambda n: np.arange(n) / n / 2, lambda n: [i / n / 3 for i in range(n)],
            lambda n: np.linspace(0, 1, n) ** 4 / 2, lambda n: np.random.default_rng(0).uniform(0, 0.4, n),
            lambda n: np.random.default_rng(n).exponential(0.1, n).clip(0, 1), lambda n: np.linspace(0, 1 / n, n),
        ],
        [
            (lambda n: np.linspace(0, 1, n), "slope 1.000"), (lambda n: np.linspace(0.5, 1, n), "slope 1.5"),
            (lambda n: np.zeros(n), "are one"), (lambda n: np.linspace(-1, 0.5, n), "go from -1 to 0.5"),
            (lambda n: np.linspace(0, 200 / n**0.5, n).clip(0, 1), "must settle"),
            (lambda n: np.linspace(0, 0.5, 50), "20000 numbers"), (np.linspace(0, 0.5, 50), "Expected a function"),
        ],
    ),
    "what_noise_does.at_least_one": (
        [0.38, 0.4, 0.37, 0.42, 0.35],
        [
            (0.05, "given one"), (0.5, "twice"), (0.526, "in place of n − p"), (0.6, "none of them"), (0.95, "Not yet"),
            (38, "Not yet"),
            ((0, 4), "write 0.4"),
        ],
    ),
    "gaussian_kernels.chosen": (
        [
            lambda x, y: pair_of_least(x, y, missed_by_inverse),
            lambda x, y: list(pair_of_least(x, y, missed_by_refit)),
        ],
        [
            (lambda x, y: pair_of_least(x, y, missed_at_the_dots), "left out?"),
            (lambda x, y: (1.1, 0.003), "same pair"), (lambda x, y: (np.float64(0.4), 5e-2), "same pair"),
            (lambda x, y: (1.1, pair_of_least(x, y, missed_by_inverse)[1]), "has a unit"),
            (lambda x, y: (np.ptp(x) / 8, 0.001), "Not yet: on dots that span"),
            (lambda x, y: pair_of_least(x, y, missed_by_inverse)[::-1], "bandwidth first"),
            (lambda x, y: (0, 1), "bandwidth > 0"), (lambda x, y: None, "`return`"), (lambda x: x, "takes 1"),
            ((1, 0.01), "Expected a function"), (lambda x, y: 0.4, "one number came"),
        ],
    ),
    "gaussian_kernels.small_noise": (
        [fifty_heights(0.05 * (-1) ** np.arange(50)), fifty_heights(-0.05 * (-1) ** np.arange(50)).tolist()],
        [
            (fifty_heights(0), "off at most"), (fifty_heights(0.05 * np.ones(50)), "signs"),
            (fifty_heights(0.05 * np.random.default_rng(0).uniform(-1, 1, 50)), "signs"),
            (fifty_heights(0.06 * (-1) ** np.arange(50)), "is 0.06 from the hidden"), ([0.05, -0.05], "2 numbers came"),
        ],
    ),
    "gaussian_kernels.box": (
        [(0, 0.9, 1.8), [5, 4.2, 5.9], np.array([-0.5, 0, 0.5]), [1e6, 1e6 + 0.75, 1e6 + 1.5]],
        [
            ((0, 0.5, 0.9), "each is near to each"), ((0, 1, 2), "no two"), ((0, 0.5, 3), "only two"),
            ((0, 0, 0), "each is near"), ((0, 0.9), "2 numbers came"), ((0, 0, 0, 9, 1, 8), "for 0,0 write 0.0."),
        ],
    ),
    "one_sample_at_a_time.patient": (
        [patient, patient_at_once],
        [
            (first_short, "lottery ticket"), (where_they_begin, "where the fifty begin"),
            (lambda lengths: ended(np.cumsum(lengths < 1e-6) == 50), "counts all"), (emptied_lengths, "Not yet"),
            (lambda lengths: patient(lengths) - 1, "one too few"), (lambda lengths: patient(lengths, 49), "after 49"),
            (lambda lengths: patient(lengths, 51), "after 51"), (lambda lengths: len(lengths), "Not yet"),
            (lambda lengths: patient(np.nextafter(lengths, 0)), "exactly 10⁻⁶"),
            (lambda lengths: lengths < 1e-6, "Expected one number"), (lambda lengths: None, "`return`"),
            (149, "name of the function"),
        ],
    ),
    "one_sample_at_a_time.fires_too_soon": (
        [(5 - 2e10, 1e10), (-195, 100), (21, -8), [5 - 2 * 10.2, 10.2], (Fraction(-35), 20), (5 - 2e6, 1e6)],
        [
            ((1, 2), "the loss is 0"), ((-11, 8), "the loss is 54"), ((100, 100), "does not fire. The rule sees"),
            ((0, 2), "the loss is only 0.5"), ((100, -195), "intercept comes first"), ((3e14, 1), "10¹⁴"),
            (5, "Expected 2 numbers"), ((5, -2, 1), "3 numbers"),
        ],
    ),
    "one_sample_at_a_time.fooled": (
        [1e-9, Fraction(1, 10**9), Decimal("1e-9"), 5e-324, 1 / (lengths_of_bumps() ** 2).max()],
        [
            (0.01, "Not yet"), (-1, "above 0"), (0, "above 0"), (5, "limit"), (np.complex128(0.1), "complex"),
            ("0.1", "text"), (0.23, "give all digits"),
        ],
    ),
    "calmer_steps.stop_early": (
        [stop_by_counting, lambda held_back, patience: np.int64(stop_by_counting(list(held_back), int(patience)))],
        [
            (lambda held_back, patience: np.argmin(held_back) + 1, "lowest of all"),
            (lambda held_back, patience: stop_by_counting(held_back, patience) - 1, "one too few"),
            (lambda held_back, patience: stop_by_counting(held_back, 1), "`patience` of them in a row"),
            (lambda held_back, patience: stop_by_counting(held_back, patience + 1), "one pass more"),
            (lambda held_back, patience: stop_by_counting(held_back, patience, ties=True), "a tie is not"),
            (end_of_the_walk, "at which it ends"), (stop_by_all, "starts the count anew"),
            (stop_by_counting_or_the_last, "where no such row comes"),
            (stop_by_counting_the_first, "count after it"),
            (lambda held_back, patience: stop_by_one_pass(held_back, patience, False), "not with `patience`"),
            (lambda held_back, patience: stop_by_one_pass(held_back, patience, True), "not only the last of them"),
            (stop_by_the_pass_before, "not with that of the pass before"),
            (stop_at_the_end_where_it_ends, "where it ends early"),
            (stop_by_means, "step by step"),
            (lambda held_back, patience: stop_by_counting(held_back[1:], patience) + 1, "step by step"),
            (lambda held_back, patience: stop_by_counting(held_back, max(patience, 2)), "step by step"),
            (lambda held_back, patience: stop_by_counting(held_back, min(patience, 4)), "step by step"),
            (lambda held_back, patience: stop_by_counting(held_back[:100], patience), "every digit"),
            (lambda held_back, patience: stop_by_counting(np.round(held_back, 4), patience), "step by step"),
            (lambda held_back, patience: 3, "step by step"), (lambda held_back, patience: None, "`return`"),
            (lambda held_back: 3, "takes 1 positional argument but 2"), (3, "Expected a function"),
            (lambda held_back, patience: held_back, "one number"),
        ],
    ),
    "calmer_steps.decaying": (
        [
            lambda k: 0.1 / k**2, lambda k: 0.1 * 0.8 ** (k - 1), lambda k: 0.3 * 0.5**k, lambda k: 0.1 * np.exp(1 - k),
            lambda k: 0.1 / (k * (1 + np.log(k)) ** 2) if k > 1 else 0.1, lambda k: 0.1 * (k == 1),
            lambda k: 0.1 / math.factorial(k), lambda k: 0.5 / (1 << k), falling_by_recursion,
            lambda k: [0.3, 0.2, 0.1, 0][min(k, 4) - 1],
        ],
        [
            (lambda k: 0.3 / k, "Not yet"), (lambda k: 0.1, "Not yet"), (lambda k: 0.1 * 0.99**k, "at least 0.1"),
            (lambda k: 0.1 / k, "add up to 1.01"), (lambda k: 0.1 if k == 1 else 0.01 / k**1.1, "asked is at most 0.8"),
            (lambda k: 0.1 if k == 1 else 0.01 / (k * np.log(k)), "at most 0.8"), (lambda k: 0.1 * k, "the rate rises"),
            (lambda k: 0.22 / k**1.4, "in the end"), (lambda k: 1 / k**2, "below 1"),
            (lambda k: 2 * 0.1 ** (k - 1), "below 1"), (lambda k: 0.2 - k, "below 0"),
            (lambda k: None, "`return`"), (0.1, "Expected a function"), (lambda k: [0.1, 0.2], "one number"),
            (lambda k: 0.1 if k < 9 else np.nan, "nan"), (lambda k: max(0.1 / k**2, 1e-5), "step 1,000,000"),
            (lambda k: 0.1 / k**2 + 1e-8, "step 1,000,000"),
            (lambda k: 0.1 / k**2 if k < 999 else -1, "-1 at step 1,000"),
        ],
    ),
    "calmer_steps.shares": (
        [mixture, lambda rates: np.array(mixture(rates)), mixture_by_products],
        [
            (lambda rates: mixture(rates)[::-1], "order is reversed"),
            (lambda rates: mixture(rates)[1:], "4 numbers, but 3"),
            (lambda rates: mixture(rates)[1:] + mixture(rates)[:1], "the start comes first"),
            (lambda rates: [np.prod(1 - rates), *rates], "Each later step"),
            (lambda rates: [np.prod(1 - rates), *rates * np.cumprod([1, *1 - rates])[:-1]], "not by those before"),
            (lambda rates: np.full(len(rates) + 1, 1 / (len(rates) + 1)), "step by step"),
            (lambda: 1, "takes 0 positional arguments"), ([0.5, 0.5], "Expected a function"),
        ],
    ),
    "more_rows_than_memory.join": (
        [
            lambda upper, lower: np.linalg.qr(stacked(upper, lower), mode="r"),
            lambda upper, lower: -np.linalg.qr(stacked(upper, lower)).R,
            lambda upper, lower: np.linalg.cholesky(sums(upper, lower)).T,
        ],
        [
            (lambda *a: np.linalg.qr(stacked(*a)), "Q and R together"),
            (lambda *a: np.linalg.qr(stacked(*a)).Q, "that is Q"), (stacked, "first half"), (sums, "Gram"),
            (lambda *a: symmetric_root(sums(*a)), "no triangle"),
            (lambda upper, lower: upper + lower, "do not add up"),
            (lambda *a: np.linalg.cholesky(sums(*a)), "R is its transpose"), (lambda *a: filled(stacked(*a)), "zeros"),
            (lambda *a: None, "`return`"), (lambda upper: upper, "takes 1 positional argument but 2"),
            (emptied_triangles, "Not yet"), (lambda *a: np.linalg.qr(stacked(*a), mode="r")[::-1], "no triangle"),
        ],
    ),
    "more_rows_than_memory.reversed_by_size": (
        [((10**10, 10), (10**4, 10**4)), [(1e9, 100), (8000, 8000)], np.array([[1e12, 1], [1e5, 1e5]])],
        [
            (((10**4, 10**4), (10**10, 10)), "ten times as many"), (((10**6, 10**4), (10**4, 10**4)), "need 800.08 MB"),
            (((10**9, 1000), (10**4, 10**4)), "descent computes less"), (((10**10, 10), (1e4, 100)), "are not to fit"),
            (((10, 10**10), (10**4, 10**4)), "fewer rows than columns"), (((10**10, 10), (10, 10**4)), "The second"),
            (((10**10, 10), (7905, 7905)), "only 499.975 MB"),
            (((1.5, 1), (1, 1)), "whole numbers"), (((-9, 1), (1, 1)), "whole numbers"), ((1e10, 10), "2 numbers came"),
        ],
    ),
    "more_rows_than_memory.scales": (
        [scales_by_shift, scales_by_joins],
        [
            (scales_by_squares, "hardly a digit"), (scales_of_all_rows, "keeps the file"),
            (lambda chunks: scales_by_shift(chunks)[::-1], "means come first"),
            (lambda chunks: (scales_by_shift(chunks)[0], scales_by_shift(chunks)[1]), "reads the file 2 times"),
            (lambda chunks: (np.concatenate(list(chunks)).mean(axis=0),) * 2, "overwrites the one before"),
            (lambda chunks: np.mean([[c.mean(axis=0), c.std(axis=0)] for c in chunks], axis=0), "different heights"),
            (lambda chunks: powers_of_deviation(chunks, 2), "the variances"), (scales_of_a_sample, "divides by n − 1"),
            (lambda chunks: powers_of_deviation(chunks, 0), "the means are right"), (lambda chunks: None, "`return`"),
            (lambda chunks: 3, "one number came"), (lambda: 3, "takes 0 positional"), ((1, 2), "Expected a function"),
        ],
    ),
    "better_walkers.own_step": (
        [conjugate_by_gradients, conjugate_by_halves, lambda *given: conjugate_by_gradients(*given).tolist()],
        [
            (lambda theta, last, gradient: -0.02 * gradient(theta), "too slow"),
            (lambda theta, last, gradient: 0.9 * last - gradient(theta), "runs away"),
            (lambda *given: given[0] + conjugate_by_gradients(*given), "next place"),
            (lambda *given: -conjugate_by_gradients(*given), "the sign"), (lambda theta, *_: 0 * theta, "stands still"),
            (steepest_by_gradients, "too slow"), (newton_by_gradients, "asks for 7 gradients"),
            (lambda theta, last, gradient: None, "`return`"), (lambda theta, last: theta, "3 were given"),
            (lambda theta, last, gradient: 1.0, "2 numbers"), (0.1, "Expected a function"),
            (lambda theta, last, gradient: gradient(theta) @ last / (last @ last) * last, "last_step is zero"),
        ],
    ),
    "better_walkers.two_starts": (
        [
            ACROSS_AND_ALONG, [ACROSS_AND_ALONG[0], [1 - 0.9603, 2 + 0.2789]],
            [[0.2, 1.4], ACROSS_AND_ALONG[1]], [[1, 3], 2 * np.array([1, 2]) - ACROSS_AND_ALONG[1]],
        ],
        [
            (ACROSS_AND_ALONG[::-1], "other way round"), ([[1, 3], [2, 2]], "at some step"),
            ([ACROSS_AND_ALONG[1]] * 2, "only falls"), ([[-4, 5], [1, 3]], "asked is 1"), ([1, 3], "shape (2, 2)"),
            ([[2, 2], ACROSS_AND_ALONG[1]], "rises 8.27-fold"),
        ],
    ),
    "better_walkers.eigenvalues": (
        [
            [0.01, *np.linspace(0.96, 1, 9)], [1, 0.01, *np.linspace(0.9, 0.95, 8)],
            [0.01, 0.015, *np.linspace(0.965, 1, 8)], [Fraction(1, 100), *np.linspace(0.92, 1, 9)],
        ],
        [
            (np.linspace(0.01, 1, 10), "Not yet"), (np.geomspace(0.01, 1, 10), "Not yet"),
            ([*np.linspace(0.01, 0.05, 9), 1], "Not yet"), ([0.01] * 9 + [1], "only 0 apart"),
            (np.linspace(0.02, 1, 10), "are 0.02 and 1"), ([0.01, 1], "10 numbers"),
        ],
    ),
    "many_valleys.restarts": (
        [
            lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts, rate, steps), key=loss),
            lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts[::-1], rate, steps), key=loss).tolist(),
            lowest_in_place,
        ],
        [
            (lambda loss, slope, starts, rate, steps: ends_of(slope, starts, rate, steps)[-1], "keep it"),
            (lambda loss, slope, starts, rate, steps: ends_of(slope, starts, rate, steps)[0], "first walk"),
            (lambda loss, slope, starts, rate, steps: ends_of(slope, starts, rate, steps), "ends of all walks"),
            (lambda loss, slope, starts, rate, steps: min(starts, key=loss), "lowest start."),
            (
                lambda loss, slope, starts, rate, steps: max(ends_of(slope, starts, rate, steps), key=loss),
                "highest end",
            ),
            (
                lambda loss, slope, starts, rate, steps: ends_of(slope, [min(starts, key=loss)], rate, steps)[0],
                "end of the lowest start",
            ),
            (
                lambda loss, slope, starts, rate, steps: min(map(loss, ends_of(slope, starts, rate, steps))),
                "Return the place",
            ),
            (
                lambda loss, slope, starts, rate, steps: np.argmin(
                    [loss(end) for end in ends_of(slope, starts, rate, steps)]
                ),
                "number of the walk",
            ),
            (lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts, rate, steps - 1), key=loss), "short"),
            (lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts, rate, steps + 1), key=loss), "long"),
            (lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts, 0.0025, 20), key=loss), "Not yet"),
            (lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts, rate, 100), key=loss), "Not yet"),
            (lambda loss, slope, starts, rate, steps: min(ends_of(slope, starts, 0.9 * rate, steps), key=loss), "yet"),
            (no_repetition, "Not yet"), (lambda loss, slope, starts: starts[0], "takes 3"),
            (lambda loss, slope, starts, rate, steps: None, "`return`"), ([0.0, 0.0], "Expected a function"),
        ],
    ),
    "many_valleys.held": (
        [
            lambda curvatures, rate: np.sum(np.abs(1 - rate * curvatures) < 1),
            lambda curvatures, rate: sum(0 < each < 2 / rate for each in curvatures),
            lambda curvatures, rate: int(((curvatures > 0) & (rate < 2 / np.abs(curvatures))).sum()),
        ],
        [
            (lambda curvatures, rate: np.sum(curvatures < 2 / rate), "counts hilltops"),
            (lambda curvatures, rate: np.sum(curvatures > 0), "counts the floors"),
            (lambda curvatures, rate: np.sum((curvatures > 0) & (curvatures < 1 / rate)), "leap over it"),
            (lambda curvatures, rate: len(curvatures), "what a step leaves"),
            (lambda curvatures, rate: np.sum(np.abs(1 - rate * curvatures) <= 1), "at the limit itself"),
            (lambda curvatures, rate: 11, "Not yet"), (lambda curvatures: 1, "takes 1"), (11, "Expected a function"),
            (lambda curvatures, rate: np.abs(1 - rate * curvatures) < 1, "Expected one number"),
        ],
    ),
    "many_valleys.better": (
        [
            lambda theta: theta + np.array([-14.5, 1]), lambda theta: [theta[0] - 29, theta[1] + 2],
            lambda theta: theta + 100 * np.array([-15.9, 1]), lambda theta: theta + np.array([-13, 1]),
            lambda theta: theta + np.array([-16, 1]), step_on_six_tumours,
        ],
        [
            (lambda theta: np.array([-14.5e6, 1e6]), "as large as"), (lambda theta: [-1450, 100], "as large as"),
            (lambda theta: np.clip(theta + np.array([-14.5, 1]), -1000, 1000), "larger than"),
            (lambda theta: 2 * theta, "as large as"), (lambda theta: theta + np.array([-12.9, 1]), "larger than"),
            (lambda theta: theta + np.array([0, 1]), "larger than"), (lambda theta: theta, "as large as"),
            (lambda theta: theta - np.array([-14.5, 1]), "larger than"), (lambda theta: 1, "2 numbers"),
            ([-14.5, 1], "Expected a function"), (lambda theta: [np.inf, 0], "inf"),
        ],
    ),
    "fine_tuning.for_both": (
        [
            for_both, lambda *a: for_both(*a, solved=False), lambda *a: for_both(*a, steps=300),
            lambda *a: tuple(for_both(*a)),
            lambda network, x, target: for_both(network[:2] + network[2:], x, target),
            lambda network, x, target: for_both(opened(network[:-1], network[-1]), x, target),
        ],
        [
            (lambda network, x, target: network, "still read as at school"),
            (lambda *a: for_both(*a, steps=0), "cannot serve both"), (lambda *a: for_both(*a, rate=0.03), "more steps"),
            (lambda *a: for_both(*a, part=slice(48, None)), "Only negatives count"),
            (lambda *a: for_both(*a, start=a[0]), "spoils the features"),
            (lambda network, x, target: for_both(network, x, target)[2], "an object of type ndarray"),
            (lambda network, x, target: [*network[:2], network[2][1:]], "V: Expected an array of shape (41, 8)"),
            (lambda network, x, target: list(network[:2]), "of type list of 2"), (lambda *a: None, "`return`"),
        ],
    ),
    "fine_tuning.columns_and_share": (
        [(1, 0.36), [1, 0.362], [1, Fraction(36, 100)], [1, 0.332], [1, 0.392]],
        [
            ((1, 0.98), "drawn"), ((64, 0.36), "how many columns W has"), ((1, 0.278), "300"), ((1, 0.107), "guessing"),
            ((0.36, 1), "first the columns"), ((1, 0.43), "neither"), ((1, 0.395), "within a tenth"),
        ],
    ),
    "fine_tuning.turned": (
        [
            turned_pictures(lambda each: np.rot90(each)), turned_pictures(lambda each: np.rot90(each, -1)),
            lambda x: np.flip(x.reshape(len(x), int(x.shape[1] ** 0.5), -1), 2).transpose(0, 2, 1).reshape(x.shape),
            lambda x: turned_pictures(np.rot90)(x).tolist(),
        ],
        [
            (turned_pictures(lambda each: each), "nothing has changed"), (lambda x: 1 - x, "all to one side"),
            (turned_pictures(lambda each: np.rot90(each, 2)), "180°"), (lambda x: x[:, ::-1], "180°"),
            (turned_pictures(lambda each: each.T), "changed places"),
            (turned_pictures(lambda each: np.rot90(each, 2).T), "turned, and mirrored"),
            (turned_pictures(np.flipud), "upside down"), (turned_pictures(np.fliplr), "left and right"),
            (lambda x: np.rot90(x.reshape(len(x), int(x.shape[1] ** 0.5), -1)).reshape(x.shape), "Which axes"),
            (lambda x: np.rot90(x.reshape(-1, 8, 8), axes=(1, 2)).reshape(-1, 64), "the shapes (3, 25)"),
            (lambda x: 1 - turned_pictures(np.rot90)(x), "all to one side"),
            (lambda x: x[:, np.random.default_rng(0).permutation(x.shape[1])], "all to one side"),
            (lambda x: np.rot90(x.reshape(len(x), int(x.shape[1] ** 0.5), -1), axes=(1, 2)), "Expected an array of"),
            (lambda x: turned_pictures(lambda each: np.rot90(each, len(x) % 2 * 2 + 1))(x), "all to one side"),
            (lambda x: None, "None came"), ((0.816, 0.811), "Expected a function"),
        ],
    ),
    "audit_a_tutorial.audit": (
        [[5, 8, 15, 19, 22, 24], (24, 22, 19, 15, 8, 5), [5, 5, 8, 15, 19, 22, 24]],
        [
            ([5, 8, 15, 17, 19, 22, 23, 24], "all slips found, but line 23 only follows and 1 sound line is accused."),
            ([5, 8, 15, 19, 22, 23, 24], "Not yet: all slips found, but line 23 only follows."),
            ([5, 8, 15, 17, 19, 22, 24], "Line 17 is sound"), ([5, 8], "Not yet: 2 of 6 slips found."),
            ([5, 8, 15, 19, 22], "Missed: a slip that question 1 finds."),
            ([8, 15, 19, 22, 24], "Missed: a slip that question 3 finds."),
            ([4, 5, 8, 15, 19, 22, 24], "Line 4 is sound: put 0 in"), ([23], "Line 23 is no slip of its own"),
            ([5, 10], "1 of 6 slips found, but 1 sound line is accused."), ([25], "no line 25"), ([0, 5], "no line 0"),
            ([5.5], "no line 5.5"), (5, "but one number came"), ([], "Not yet: 0 of 6 slips found."),
            ([*range(1, 25)], "17 sound lines are accused"),
        ],
    ),
    "audit_a_tutorial.gradient_is_right": (
        [
            nudging(), nudging(places=50, size=3.0), nudging(size=300.0), nudging(central=False), nudging(nudge=1e-6),
            lambda loss, gradient, p: np.bool_(nudging()(loss, gradient, p)),
        ],
        [
            (lambda loss, gradient, p: True, "one with the wrong sign goes free"),
            (lambda loss, gradient, p: False, "the gradient of half the mean square is convicted"),
            (lambda loss, gradient, p: 1, "an object of type int came"),
            (lambda loss, gradient, p: None, "an object of type NoneType came"),
            (lambda loss, gradient, p: [True] * p, "bring all entries to one answer"),
            (nudging(only=np.zeros), "one that is right at zero goes free"),
            (nudging(only=np.ones), "one that is right where all are the same goes free"),
            (nudging(only=lambda p: np.arange(1.0, p + 1)), "right where no parameter is negative goes free"),
            (nudging(room=0.1), "one that is 5 % too long goes free"), (nudging(room=0.0), "and it is right"),
            (nudging(of_all=lambda entries: entries[:1]), "one that is right at zero goes free"),
            (nudging(of_all=np.sum), "goes free"),
            (nudging(only=lambda p: np.random.default_rng(16).normal(size=p)), "goes free"),
            (nudging(of_all=np.sort), "wrong way round goes free"),
            (nudging(of_all=lambda entries: entries[[0, -1]]), "wrong in a middle entry goes free"),
            (lambda loss, gradient: True, "TypeError"), (True, "give the name of the function"),
        ],
    ),
    "audit_a_tutorial.its_loss": (
        [
            lambda design, target, theta: np.mean((design @ theta - target) ** 2) / 2,
            lambda design, target, theta: np.sum((design @ theta - target) ** 2) / (2 * len(target)) + 7,
            lambda design, target, theta: theta @ design.T @ (design @ theta / 2 - target) / len(target),
            lambda design, target, theta: lsq.LeastSquares(design, target).loss(theta),
        ],
        [
            (lambda design, target, theta: np.sum((design @ theta - target) ** 2), "2m times"),
            (lambda design, target, theta: np.mean((design @ theta - target) ** 2), "twice"),
            (lambda design, target, theta: np.sum((design @ theta - target) ** 2) / 2, "the half is right"),
            (lambda design, target, theta: -np.mean((design @ theta - target) ** 2) / 2, "wrong sign"),
            (lambda design, target, theta: 3.0, "does not change"),
            (lambda design, target, theta: np.sum((design @ theta - target) ** 2) / 6, "in its first entry, and"),
            (lambda design, target, theta: np.sqrt(np.mean((design @ theta - target) ** 2)), "in its first entry, and"),
            (lambda design, target, theta: design.T @ (design @ theta - target), "Expected one number"),
        ],
    ),
}
# fmt: on
