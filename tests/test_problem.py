"""The problem: fractions by hand, finite differences, spectrum against theory."""

from fractions import Fraction

import numpy as np
import pytest

import lsqcore as lsq
from tests.close import assert_close


@pytest.fixture
def five_points():
    x = np.arange(1.0, 6.0)
    return lsq.LeastSquares(lsq.line(x), 2 * x + 1)


@pytest.fixture
def random(seed):
    return np.random.default_rng([7, seed])


def test_five_point_line_in_exact_fractions(five_points):
    rows, target = [(1, Fraction(x)) for x in range(1, 6)], [3, 5, 7, 9, 11]
    gradient = [sum(-y * row[j] for row, y in zip(rows, target, strict=True)) / Fraction(5) for j in range(2)]
    assert gradient == [-7, -25]
    np.testing.assert_array_equal(five_points.gradient([0, 0]), [-7, -25])
    assert five_points.loss([0, 0]) == Fraction(sum(y * y for y in target), 10)
    np.testing.assert_array_equal(five_points.hessian, [[1, 3], [3, 11]])
    np.testing.assert_array_equal(five_points.residual([0, 0]), [-3, -5, -7, -9, -11])


def test_five_point_line_spectrum(five_points):
    root = np.sqrt(34)
    assert_close(five_points.eigenvalues, [6 - root, 6 + root], rtol=1e-13)
    assert_close(five_points.condition_number**2, (6 + root) / (6 - root), rtol=1e-13)
    assert_close(five_points.learning_rate_limit, 2 / (6 + root), rtol=1e-13)
    assert_close(five_points.best_learning_rate, 1 / 6, rtol=1e-13)
    assert five_points.rank == 2


def test_centring_makes_the_five_point_line_easy():
    x = np.arange(1.0, 6.0)
    centred = lsq.LeastSquares(lsq.line(x - x.mean()), 2 * x + 1)
    np.testing.assert_array_equal(centred.hessian, [[1, 0], [0, 2]])
    assert_close(centred.condition_number**2, 2, rtol=1e-13)


@pytest.mark.parametrize("weighted", [False, True])
def test_gradient_is_the_slope_of_the_loss(random, weighted):
    weights = random.uniform(0, 3, 40) if weighted else None
    problem = lsq.LeastSquares(random.normal(size=(40, 4)), random.normal(size=40), weights)
    theta, nudge = random.normal(size=4), 1e-4
    slopes = [
        (problem.loss(theta + nudge * axis) - problem.loss(theta - nudge * axis)) / (2 * nudge) for axis in np.eye(4)
    ]
    assert_close(problem.gradient(theta), slopes, atol=1e-8)
    curvature = [(problem.gradient(theta + axis) - problem.gradient(theta)) for axis in np.eye(4)]
    assert_close(problem.hessian, curvature, atol=1e-11)
    assert_close(problem.eigenvalues, np.linalg.eigvalsh(problem.hessian), rtol=1e-11)


def test_weights_count_rows(random):
    design, target = random.normal(size=(9, 3)), random.normal(size=9)
    counts = np.array([0, 1, 2, 3, 1, 1, 0, 2, 2])
    repeated = lsq.LeastSquares(np.repeat(design, counts, axis=0), np.repeat(target, counts))
    weighted = lsq.LeastSquares(design, target, counts)
    theta = random.normal(size=3)
    assert_close(weighted.loss(theta) * 9, repeated.loss(theta) * counts.sum(), rtol=1e-13)
    assert_close(lsq.solve(weighted).theta, lsq.solve(repeated).theta, atol=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
def test_ridge_adds_half_the_penalty_times_the_square(random, weighted):
    weights = random.uniform(0, 3, 12) if weighted else None
    problem = lsq.LeastSquares(random.normal(size=(12, 3)), random.normal(size=12), weights)
    theta, penalty = random.normal(size=3), 0.7
    ridge = problem.with_ridge(penalty)
    assert_close(ridge.loss(theta), problem.loss(theta) + penalty / 2 * theta @ theta, rtol=1e-13)
    assert_close(ridge.gradient(theta), problem.gradient(theta) + penalty * theta, rtol=1e-11)
    assert_close(ridge.eigenvalues, problem.eigenvalues + penalty, rtol=1e-12)
    assert ridge.residual(theta).shape == (15,)


def test_ridge_is_scikit_learns_with_alpha_n_times_penalty(random):
    from sklearn.linear_model import Ridge

    design, target = random.normal(size=(20, 4)), random.normal(size=20)
    peer = Ridge(alpha=20 * 0.3, fit_intercept=False, tol=1e-12).fit(design, target)
    assert_close(lsq.solve(lsq.LeastSquares(design, target).with_ridge(0.3)).theta, peer.coef_, rtol=1e-10)


@pytest.mark.parametrize("weighted", [False, True])
def test_projection(random, weighted):
    weights = random.uniform(0.5, 2, 30) if weighted else np.ones(30)
    design, vector = random.normal(size=(30, 4)), random.normal(size=30)
    design[:, 3] = design[:, 0] - design[:, 1]
    problem = lsq.LeastSquares(design, np.zeros(30), weights)
    shadow = problem.project(vector)
    assert_close(design.T @ (weights * (vector - shadow)), 0, atol=1e-12)
    assert_close(problem.project(shadow), shadow, atol=1e-12)


def test_spectrum_comes_from_the_design_not_from_its_gram_matrix(random):
    left, _ = np.linalg.qr(random.normal(size=(500, 6)))
    right, _ = np.linalg.qr(random.normal(size=(6, 6)))
    sigma = np.logspace(0, -10, 6)
    problem = lsq.LeastSquares(left * sigma @ right, np.zeros(500))
    assert_close(problem.singular_values, sigma, rtol=1e-4)
    assert_close(problem.condition_number, 1e10, rtol=1e-4)
    assert_close(problem.eigenvalues, sigma[::-1] ** 2 / 500, rtol=1e-4)


def test_dependent_columns(random):
    design = random.normal(size=(50, 3)) @ random.normal(size=(3, 5))
    problem = lsq.LeastSquares(design, random.normal(size=50))
    assert problem.rank == 3
    assert problem.condition_number == np.inf
    smallest = np.linalg.eigvalsh(problem.hessian)[2]
    assert_close(problem.best_learning_rate, 2 / (smallest + problem.eigenvalues[-1]), rtol=1e-11)


def test_scale_of_columns_does_not_decide_the_rank():
    x = np.linspace(-9, -3, 82)
    problem = lsq.LeastSquares(lsq.polynomial(x, 10), x)
    assert np.linalg.matrix_rank(problem.design) < 11
    assert problem.rank == 11
