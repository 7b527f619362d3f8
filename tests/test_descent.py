"""Descent: counts by hand, closed form against the loop, limits from theory."""

from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg

import lsqcore as lsq


@pytest.fixture
def five_points():
    x = np.arange(1.0, 6.0)
    return lsq.LeastSquares(lsq.line(x), 2 * x + 1)


def test_first_step_in_exact_fractions(five_points):
    rate = Fraction(1, 100)
    first = [-rate * slope for slope in (-7, -25)]
    assert first == [Fraction(7, 100), Fraction(1, 4)]
    path = lsq.gradient_descent(five_points, learning_rate=0.01, iterations=1)
    np.testing.assert_allclose(path.thetas[1], [float(value) for value in first], rtol=1e-15)
    assert path.losses[0] == 28.5
    assert path.losses[1] == pytest.approx(22.1587, abs=1e-4)


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


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
@pytest.mark.parametrize(("kappa", "rank"), [(1, 5), (30, 5), (1e4, 5), (1e8, 5), (1e3, 3)])
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.999, 1.0])
def test_closed_form_is_the_loop(momentum, kappa, rank, fraction):
    problem, rng = random_problem(int(kappa) + rank, kappa, rank, weighted=True)
    start = rng.normal(size=5)
    rate = fraction * (1 + momentum) * problem.learning_rate_limit
    settings = dict(learning_rate=rate, start=start, momentum=momentum)
    counts = np.array([0, 1, 2, 3, 10, 100, 1000, 2000])
    loop = lsq.gradient_descent(problem, iterations=2000, **settings)
    jumps = lsq.iterate_at(problem, counts, **settings)
    for jump, iterate in zip(jumps, loop.thetas[counts], strict=True):
        assert np.abs(jump - iterate).max() <= 1e-12 * max(1, np.linalg.norm(iterate))


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("fraction", [0.3, 1.0])
def test_closed_form_of_twenty_thousand_steps(momentum, fraction):
    problem, _ = random_problem(2, 1e6)
    settings = dict(learning_rate=fraction * (1 + momentum) * problem.learning_rate_limit, momentum=momentum)
    loop = lsq.gradient_descent(problem, iterations=20_000, **settings).thetas[-1]
    jump = lsq.iterate_at(problem, 20_000, **settings)
    assert np.abs(jump - loop).max() <= 1e-12 * max(np.linalg.norm(loop), 2)


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
    np.testing.assert_allclose(jump, [float(value) for value in theta], rtol=1e-13)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("gap", [0.0, 2.0**-48, 2.0**-40, 2.0**-27, 2.0**-10])
def test_directions_that_are_equally_steep_or_nearly_at_the_limit(gap, momentum):
    """Columns at right angles, turned by an exact H/2: each coordinate z = (H/2)θ goes its own way, in 60 digits."""
    getcontext().prec = 60
    turn, scales = scipy.linalg.hadamard(4) / 2, np.array([1, 1 - gap, 1 - 3 * gap, 0.5])
    columns = scipy.linalg.hadamard(8)[:, :4]
    design, target = columns * scales @ turn, np.array([5.0, -3, 2, 7, 1, 0, -4, 6])
    problem = lsq.LeastSquares(design, target)
    rate = (1 + momentum) * problem.learning_rate_limit
    z, before = [Decimal(0)] * 4, [Decimal(0)] * 4
    ends = [Decimal(value) / Decimal(scale) / 8 for value, scale in zip(columns.T @ target, scales, strict=True)]
    pulls = [Decimal(rate) * Decimal(scale) ** 2 for scale in scales]
    for k in range(1, 1502):
        moved = [
            now - pull * (now - end) + Decimal(momentum) * (now - last)
            for now, last, pull, end in zip(z, before, pulls, ends, strict=True)
        ]
        z, before = moved, z
        if k >= 1500:  # an even and an odd step
            theta = turn @ np.array([float(value) for value in z])
            jump = lsq.iterate_at(problem, k, learning_rate=rate, momentum=momentum)
            assert np.abs(jump - theta).max() <= 1e-13 * max(1, np.linalg.norm(theta))


@pytest.mark.parametrize("fraction", [0.1, 0.9, 1.0])
def test_a_column_twice_is_no_direction_however_long_the_run(fraction):
    rng = np.random.default_rng(1)
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
def test_conjugate_gradient_ends_after_as_many_steps_as_eigenvalues(weighted):
    problem, rng = random_problem(4, 50, weighted=weighted)
    path = lsq.conjugate_gradient(problem, iterations=5, start=rng.normal(size=5))
    np.testing.assert_allclose(path.thetas[-1], lsq.svd(problem).theta, atol=1e-10)
    assert (np.diff(path.losses) < 0).all()
    np.testing.assert_allclose(path.losses, [problem.loss(theta) for theta in path.thetas])


def test_conjugate_gradient_is_best_in_its_krylov_space():
    problem, _ = random_problem(5, 1e3, rank=12, columns=12)
    path = lsq.conjugate_gradient(problem, iterations=4)
    vectors = [problem.design.T @ problem.target]
    for _ in range(3):
        vectors.append(problem.hessian @ vectors[-1])
    space = np.linalg.qr(np.array(vectors).T)[0]
    best = lsq.svd(lsq.LeastSquares(problem.design @ space, problem.target))
    assert path.losses[-1] == pytest.approx(best.loss, rel=1e-10)


def test_conjugate_gradient_stands_still_at_the_minimum_and_stops_at_a_tolerance(five_points):
    path = lsq.conjugate_gradient(five_points, iterations=30, start=[1, 2])
    np.testing.assert_array_equal(path.thetas, np.tile([1.0, 2.0], (31, 1)))
    path = lsq.conjugate_gradient(five_points, tolerance=1e-8)
    assert path.status is lsq.Status.TOLERANCE_MET
    np.testing.assert_allclose(path.thetas[-1], [1, 2], atol=1e-12)


class Valley:
    """Rosenbrock's banana: its minimum is at (1, 1)."""

    def loss(self, theta):
        return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2

    def gradient(self, theta):
        slope = theta[1] - theta[0] ** 2
        return np.array([-2 * (1 - theta[0]) - 400 * theta[0] * slope, 200 * slope])


def test_any_objective_with_loss_and_gradient():
    path = lsq.gradient_descent(Valley(), learning_rate=1e-3, momentum=0.9, iterations=8000, start=[-1, 1])
    np.testing.assert_allclose(path.thetas[-1], [1, 1], atol=1e-6)
    assert path.losses[-1] == Valley().loss(path.thetas[-1])
    away = lsq.gradient_descent(Valley(), learning_rate=0.1, start=[-2, 2])
    assert away.status is lsq.Status.DIVERGED
    assert np.isfinite(away.thetas).all()
    with pytest.raises(ValueError, match="start is missing"):
        lsq.gradient_descent(Valley())


def test_ridge_needs_no_special_case(five_points):
    ridge = five_points.with_ridge(0.5)
    rate = 0.9 * ridge.learning_rate_limit
    loop = lsq.gradient_descent(ridge, learning_rate=rate, iterations=3000).thetas[-1]
    np.testing.assert_allclose(loop, lsq.solve(ridge).theta, atol=1e-12)
    np.testing.assert_allclose(loop, lsq.iterate_at(ridge, 3000, learning_rate=rate), atol=1e-12)


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
    np.testing.assert_allclose(jumps, [float(value) for value in path], atol=2e-14 if rate < Fraction(9, 4) else 1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e-150, 1e150])
def test_conjugate_gradients_do_not_mind_the_size_of_all_weights(scale):
    problem, rng = random_problem(3, 30)
    weights = rng.uniform(0.5, 2, 40)
    one, other = (
        lsq.conjugate_gradient(lsq.LeastSquares(problem.design, problem.target, w), iterations=9).thetas
        for w in (weights, weights * scale)
    )
    np.testing.assert_allclose(other, one, rtol=1e-9)


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
