"""Descent: counts by hand, closed form against the loop, limits from theory."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import lsqcore as lsq
from tests import close
from tests.close import assert_close


@pytest.fixture
def five_points():
    x = np.arange(1.0, 6.0)
    return lsq.LeastSquares(lsq.line(x), 2 * x + 1)


def test_first_step_in_exact_fractions(five_points):
    rate = Fraction(1, 100)
    first = [-rate * slope for slope in (-7, -25)]
    assert first == [Fraction(7, 100), Fraction(1, 4)]
    path = lsq.gradient_descent(five_points, learning_rate=0.01, iterations=1)
    assert_close(path.thetas[1], [float(value) for value in first], rtol=1e-15)
    assert path.losses[0] == 28.5
    assert_close(path.losses[1], 22.1587, atol=1e-4)


@pytest.mark.parametrize(("rate", "needed"), [(0.01, 7667), (0.1, 761), (1 / 6, 512), (0.166, 456)])
def test_how_many_iterations_the_five_point_line_needs(five_points, rate, needed):
    path = lsq.gradient_descent(five_points, learning_rate=rate, iterations=needed)
    distances = np.linalg.norm(path.thetas - [1, 2], axis=1)
    assert distances[needed] <= 1e-6 < distances[needed - 1]


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_limit_is_where_descent_turns(five_points, momentum):
    limit = (1 + momentum) * five_points.learning_rate_limit
    below = lsq.gradient_descent(five_points, learning_rate=0.99 * limit, iterations=10_000, momentum=momentum)
    above = lsq.gradient_descent(five_points, learning_rate=1.01 * limit, iterations=10_000, momentum=momentum)
    assert below.losses[-1] < 1e-20
    assert above.status is lsq.Status.DIVERGED
    assert np.isfinite(above.thetas).all()
    assert len(above.thetas) == len(above.losses) == len(above.iterations)
    assert above.losses[-1] > 1e12 * above.losses[0] >= above.losses[-2]


def test_tolerance_is_the_length_of_the_last_step(five_points):
    path = lsq.gradient_descent(five_points, learning_rate=0.1, tolerance=1e-3)
    steps = np.linalg.norm(np.diff(path.thetas, axis=0), axis=1)
    assert path.status is lsq.Status.TOLERANCE_MET
    assert steps[-1] < 1e-3 <= steps[-2]
    assert "does not say" in str(path)
    assert "converged" not in str(path)


def random_problem(seed, kappa, rank=5, columns=5, rows=40, weighted=False):
    """A design with singular values from 1 down to 1/κ in random directions, and rank below p when asked for."""
    rng = np.random.default_rng(seed)
    left = np.linalg.qr(rng.normal(size=(rows, rank)))[0]
    right = np.linalg.qr(rng.normal(size=(columns, rank)))[0]
    design = np.sqrt(rows) * left * np.logspace(0, -np.log10(kappa), rank) @ right.T
    return lsq.LeastSquares(design, rng.normal(size=rows), rng.uniform(0.1, 2, rows) if weighted else None), rng


@pytest.mark.parametrize("momentum", [0.0, 1e-16, 1e-8, 0.3, 0.9])
@pytest.mark.parametrize(("kappa", "rank"), [(1, 5), (30, 5), (1e4, 5), (1e8, 5), (1e3, 3)])
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.999])
def test_closed_form_is_the_loop(momentum, kappa, rank, fraction, seed):
    problem, rng = random_problem([int(kappa) + rank, seed], kappa, rank, weighted=True)
    start = rng.normal(size=5)
    rate = fraction * (1 + momentum) * problem.learning_rate_limit
    settings = dict(learning_rate=rate, start=start, momentum=momentum)
    counts = np.array([0, 1, 2, 3, 10, 100, 1000, 2000])
    loop = lsq.gradient_descent(problem, iterations=2000, **settings)
    jumps = lsq.iterate_at(problem, counts, **settings)
    for jump, iterate in zip(jumps, loop.thetas[counts], strict=True):
        assert_close(jump, iterate, atol=3e-12 / (1 - fraction) * max(1, np.linalg.norm(iterate)))


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("steps", [100, 2000, 20_000])
def test_closed_form_at_the_limit_where_the_last_digit_counts_in_each_step(momentum, steps, seed):
    problem, rng = random_problem([2, seed], 1e3)
    settings = dict(learning_rate=(1 + momentum) * problem.learning_rate_limit, momentum=momentum)
    start = rng.normal(size=5)
    loop = lsq.gradient_descent(problem, iterations=steps, start=start, **settings).thetas[-1]
    jump = lsq.iterate_at(problem, steps, start=start, **settings)
    assert_close(jump, loop, atol=(1e-11 + 1e-13 * steps) / (1 - momentum) * max(1, np.linalg.norm(loop)))


@pytest.mark.parametrize("momentum", [1e-16, 1e-8, 1e-4, 0.5])
@pytest.mark.parametrize("rate", [1e-10, 1.0, 3.0, 6.0])  # one direction with λ = 1: the limit is 2(1 + β)
def test_closed_form_of_the_heavy_ball_in_fractions(momentum, rate):
    theta, step = Fraction(0), Fraction(0)
    problem, path = lsq.LeastSquares([[1.0]], [1.0]), [0.0]
    for _ in range(60):
        step = Fraction(momentum) * step - Fraction(rate) * (theta - 1)
        theta += step
        path.append(float(theta))
    jumps = lsq.iterate_at(problem, np.arange(61), learning_rate=rate, momentum=momentum)
    assert_close(jumps[:, 0], path, rtol=1e-12)


def test_closed_form_in_exact_fractions():
    design, target, rate = [[1, 1], [1, 2], [1, 4]], [1, 3, 2], Fraction(1, 8)
    theta, before = [Fraction(0), Fraction(0)], [Fraction(0), Fraction(0)]
    for _ in range(30):
        residual = [
            sum(a * b for a, b in zip(row, theta, strict=True)) - y for row, y in zip(design, target, strict=True)
        ]
        slopes = [sum(row[j] * r for row, r in zip(design, residual, strict=True)) / Fraction(3) for j in range(2)]
        moved = [theta[j] - rate * slopes[j] + Fraction(1, 2) * (theta[j] - before[j]) for j in range(2)]
        theta, before = moved, theta
    jump = lsq.iterate_at(lsq.LeastSquares(design, target), 30, learning_rate=rate, momentum=0.5)
    assert_close(jump, [float(value) for value in theta], rtol=1e-13)


@pytest.mark.parametrize("fraction", [0.1, 0.9, 1.0])
def test_a_column_twice_is_no_direction_however_long_the_run(fraction, seed):
    rng = np.random.default_rng([1, seed])
    half = rng.normal(size=(30, 4))
    design, target = np.column_stack([half, half[:, 0]]), rng.normal(size=30)
    problem = lsq.LeastSquares(design, target)
    rate = fraction * 1.9 * problem.learning_rate_limit
    jump = lsq.iterate_at(problem, 10**6, learning_rate=rate, momentum=0.9)
    assert abs(jump[0] - jump[4]) <= 1e-13 * np.linalg.norm(jump)  # equal at the start, and pulled alike


def test_closed_form_takes_one_number_or_many(five_points):
    assert lsq.iterate_at(five_points, 7).shape == (2,)
    assert lsq.iterate_at(five_points, [7, 8, 9]).shape == (3, 2)
    assert lsq.iterate_at(five_points, []).shape == (0, 2)
    np.testing.assert_array_equal(lsq.iterate_at(five_points, [7, 8])[0], lsq.iterate_at(five_points, 7))
    runaway = lsq.iterate_at(five_points, [10, 10**6], learning_rate=0.2)
    assert np.isfinite(runaway[0]).all()
    assert (runaway[1] == np.inf).all()


@pytest.mark.parametrize("weighted", [False, True])
def test_conjugate_gradient_ends_after_as_many_steps_as_eigenvalues(weighted, seed):
    """κ = 10, so that rounding does not delay it: at κ = 50 the fifth step has 7 digits, on some processors 6."""
    problem, rng = random_problem([4, seed], 10, weighted=weighted)
    path = lsq.conjugate_gradient(problem, iterations=5, start=rng.normal(size=5))
    truth = lsq.svd(problem).theta
    assert_close(path.thetas[-1], truth, atol=1e-7 * np.linalg.norm(truth))
    assert (np.diff(path.losses) < 0).all()
    assert_close(path.losses, [problem.loss(theta) for theta in path.thetas], rtol=1e-14)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("noise", [0, 1])
@pytest.mark.parametrize(
    ("rows", "columns"),
    [(3, 1), (5, 1), (20, 1), (5, 2), (20, 2), (4, 4), (20, 3), (100, 5), (50, 10), (1000, 3), (100, 20), (200, 50)],
)
def test_conjugate_gradient_stands_still_for_100_steps_past_its_end(rows, columns, noise):
    for number in range(200 if columns <= 5 else 40):
        rng = np.random.default_rng(number)
        design = rng.normal(size=(rows, columns))
        target = design @ rng.normal(size=columns) + noise * rng.normal(size=rows)
        truth = np.linalg.lstsq(design, target, rcond=None)[0]
        path = lsq.conjugate_gradient(lsq.LeastSquares(design, target), iterations=3 * columns + 100)
        assert np.linalg.norm(path.thetas[-1] - truth) <= 1e-8 * np.linalg.norm(truth) / close.margin


@pytest.mark.filterwarnings("error")
def test_conjugate_gradient_ends_on_every_small_grid_of_dots():
    """Where it once ran away: θ = 10¹²⁷ for y = 1, 1, 3, 5."""
    for target in product(range(1, 6), repeat=4):
        problem = lsq.LeastSquares(lsq.line([1, 2, 3, 4]), target)
        assert_close(lsq.conjugate_gradient(problem).thetas[-1], lsq.qr(problem).theta, atol=1e-11)
    one_column = lsq.LeastSquares([[1], [2], [2]], [5, 5, 3])
    assert_close(lsq.conjugate_gradient(one_column).thetas[-1], [21 / 9], rtol=1e-11)


def test_conjugate_gradient_is_best_in_its_krylov_space(seed):
    problem, _ = random_problem([5, seed], 1e3, rank=12, columns=12)
    path = lsq.conjugate_gradient(problem, iterations=4)
    vectors = [problem.design.T @ problem.target]
    for _ in range(3):
        vectors.append(problem.hessian @ vectors[-1])
    space = np.linalg.qr(np.array(vectors).T)[0]
    best = lsq.svd(lsq.LeastSquares(problem.design @ space, problem.target))
    assert_close(path.losses[-1], best.loss, rtol=1e-10)


def test_conjugate_gradient_stands_still_at_the_minimum_and_stops_at_a_tolerance(five_points):
    path = lsq.conjugate_gradient(five_points, iterations=30, start=[1, 2])
    np.testing.assert_array_equal(path.thetas, np.tile([1.0, 2.0], (31, 1)))
    path = lsq.conjugate_gradient(five_points, tolerance=1e-8)
    assert path.status is lsq.Status.TOLERANCE_MET
    assert_close(path.thetas[-1], [1, 2], atol=1e-12)


class Valley:
    """Rosenbrock's banana: its minimum is at (1, 1)."""

    def loss(self, theta):
        return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2

    def gradient(self, theta):
        slope = theta[1] - theta[0] ** 2
        return np.array([-2 * (1 - theta[0]) - 400 * theta[0] * slope, 200 * slope])


def test_any_objective_with_loss_and_gradient():
    path = lsq.gradient_descent(Valley(), learning_rate=1e-3, momentum=0.9, iterations=8000, start=[-1, 1])
    assert_close(path.thetas[-1], [1, 1], atol=1e-6)
    assert path.losses[-1] == Valley().loss(path.thetas[-1])
    away = lsq.gradient_descent(Valley(), learning_rate=0.1, start=[-2, 2])
    assert away.status is lsq.Status.DIVERGED
    assert np.isfinite(away.thetas).all()
    with pytest.raises(ValueError, match="start is missing"):
        lsq.gradient_descent(Valley())


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_a_run_that_diverged_names_the_limit(five_points, momentum):
    limit = (1 + momentum) * five_points.learning_rate_limit
    run = lsq.gradient_descent(five_points, learning_rate=1.1 * limit, momentum=momentum, iterations=10_000)
    assert run.status is lsq.Status.DIVERGED
    assert f"limit is {limit:.4g}" in str(run)
    assert "limit" not in str(lsq.gradient_descent(five_points, iterations=3))


def test_ridge_needs_no_special_case(five_points):
    ridge = five_points.with_ridge(0.5)
    rate = 0.9 * ridge.learning_rate_limit
    loop = lsq.gradient_descent(ridge, learning_rate=rate, iterations=3000).thetas[-1]
    assert_close(loop, lsq.solve(ridge).theta, atol=1e-12)
    assert_close(loop, lsq.iterate_at(ridge, 3000, learning_rate=rate), atol=1e-12)


@pytest.mark.parametrize("rate", ["1/4", "9/4", "1/100", "5/2", "2499/1000", "6/4", "5/4", "2251/1000", "2249/1000"])
def test_closed_form_where_the_roots_of_the_heavy_ball_meet(rate):
    rate, momentum = Fraction(rate), Fraction(1, 4)  # one direction, λ = 1: double roots at α = 1/4 and 9/4
    theta, step, path = Fraction(0), Fraction(0), [Fraction(0)]
    for _ in range(200):
        step = momentum * step - rate * (theta - 1)
        theta += step
        path.append(theta)
    problem = lsq.LeastSquares([[1.0]], [1.0])
    jumps = lsq.iterate_at(problem, np.arange(201), learning_rate=rate, momentum=momentum)[:, 0]
    assert_close(jumps, [float(value) for value in path], atol=2e-14 if rate < Fraction(9, 4) else 1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [2.0**-300, 2.0**300])
def test_conjugate_gradients_do_not_mind_the_size_of_all_weights(scale, seed):
    problem, rng = random_problem([3, seed], 30)
    weights = rng.uniform(0.5, 2, 40)
    one, other = (
        lsq.conjugate_gradient(lsq.LeastSquares(problem.design, problem.target, w), iterations=9).thetas
        for w in (weights, weights * scale)
    )
    np.testing.assert_array_equal(other, one)  # powers of two round nothing


@pytest.mark.filterwarnings("error")
def test_a_rate_at_the_end_of_float64_is_a_row_of_infinity(five_points):
    jumps = lsq.iterate_at(five_points, [0, 1], learning_rate=1e308)
    np.testing.assert_array_equal(jumps[0], 0)


def test_what_a_problem_has_computed_cannot_be_written_to(five_points):
    for name in ("hessian", "singular_values", "eigenvalues"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(five_points, name)[0] = 0
    for part in five_points.directions:
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 0
