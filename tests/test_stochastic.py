"""SGD in blocks against the same steps one by one."""

import math
from fractions import Fraction

import numpy as np
import pytest

import lsqcore as lsq
from lsqcore.fast import blocks
from lsqcore.stochastic import textbook_steps
from tests.close import assert_close


def step_by_step(problem, learning_rate, order, batch_size=1, tolerance=0.0, start=None):
    """The textbook loop: all iterates θ₀, θ₁, … up to the stop."""
    batches = [order[first : first + batch_size] for first in range(0, len(order), batch_size)]
    rate = learning_rate if callable(learning_rate) else lambda step: learning_rate
    thetas = [np.zeros(problem.design.shape[1]) if start is None else start]
    for theta in textbook_steps(problem, thetas[0], batches, rate):
        thetas.append(theta)
        if np.linalg.norm(thetas[-1] - thetas[-2]) < tolerance:
            break
    return np.array(thetas)


def test_a_step_on_one_sample_in_fractions():
    problem = lsq.LeastSquares([[1, 1], [1, 2]], [3, 5], [1, 4])
    steps = list(
        textbook_steps(problem, np.zeros(2), [np.array([0]), np.array([1]), np.array([0, 1])], lambda k: 1 / k)
    )
    # θ₁ = φ₁y₁ = (3, 3); r₂ = 9 − 5, so θ₂ = θ₁ − 4·4(1, 2)/2; r = (−21, −36), so θ₃ = θ₂ + (21(1, 1) + 144(1, 2))/6
    expected = [[3, 3], [-5, -13], [-5 + Fraction(165, 6), -13 + Fraction(309, 6)]]
    assert_close(steps, np.array(expected, dtype=float), rtol=1e-15)


def kernel_problem(seed):
    """D3 §7: 50 points of sin(πx)/(πx) + 0.1x + noise under a Gaussian kernel of bandwidth 0.3."""
    rng = np.random.default_rng(seed)
    x = np.linspace(-3, 3, 50)
    target = np.sinc(x) + 0.1 * x + 0.05 * rng.normal(size=50)
    return lsq.LeastSquares(lsq.gaussian_kernel(x, x, 0.3), target), rng


def test_blocks_stop_at_the_step_of_the_plain_loop_in_200_of_200_runs():
    for number in range(200):
        problem, rng = kernel_problem(number)
        order = rng.integers(50, size=2500)
        plain = step_by_step(problem, 0.1, order, tolerance=1e-5)
        blocks = lsq.stochastic_gradient_descent(problem, learning_rate=0.1, order=order, tolerance=1e-5)
        assert blocks.iterations[-1] == len(plain) - 1
        assert (blocks.status is lsq.Status.TOLERANCE_MET) == (len(plain) - 1 < 2500)
        assert_close(blocks.thetas, plain[blocks.iterations], atol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 3, 10, 200])
@pytest.mark.parametrize("rate", [0.05, lsq.inverse_time(0.3), lsq.inverse_root(0.3), lambda k: 0.2 if k < 9 else 0.02])
@pytest.mark.parametrize("rows", [10, 1500])  # products of all rows at once, and of those of a block
def test_batches_schedules_weights_and_averages(batch_size, rate, rows, seed):
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0, 1, rows)
    problem = lsq.LeastSquares(rng.normal(size=(rows, 4)), rng.normal(size=rows), weights)
    start = rng.normal(size=4)
    order = rng.integers(rows, size=300 * batch_size)
    plain = step_by_step(problem, rate, order, batch_size, start=start)
    means = np.cumsum(plain[1:], axis=0) / np.arange(1, 301)[:, None]
    settings = dict(learning_rate=rate, order=order, batch_size=batch_size, start=start, keep=range(301))
    path = lsq.stochastic_gradient_descent(problem, **settings)
    assert_close(path.thetas, plain, atol=1e-12)
    assert_close(path.losses, [problem.loss(theta) for theta in plain], rtol=1e-11)
    averaged = lsq.stochastic_gradient_descent(problem, **settings, average=True)
    assert_close(averaged.thetas[1:], means, atol=1e-12)
    np.testing.assert_array_equal(averaged.thetas[0], start)


def test_a_generator_draws_as_the_order_it_stands_for():
    problem, _ = kernel_problem(0)
    rng = np.random.default_rng(3)
    order = np.array([rng.integers(50) for _ in range(500)])
    drawn = lsq.stochastic_gradient_descent(problem, rng=3, steps=500)
    given = lsq.stochastic_gradient_descent(problem, order=order)
    np.testing.assert_array_equal(drawn.thetas, given.thetas)


def test_kept_steps():
    problem, _ = kernel_problem(0)
    path = lsq.stochastic_gradient_descent(problem, rng=0, steps=3000)
    np.testing.assert_array_equal(path.iterations[:51], np.arange(51))
    assert path.iterations[-1] == 3000
    assert (np.diff(path.iterations[51:-1]) <= 0.02 * path.iterations[51:-2] + 1).all()
    chosen = lsq.stochastic_gradient_descent(problem, rng=0, steps=3000, keep=[7, 100])
    np.testing.assert_array_equal(chosen.iterations, [7, 100, 3000])
    assert_close(chosen.thetas[-1], path.thetas[-1], atol=1e-12)


def test_the_limit_of_one_sample_steps():
    problem, _ = kernel_problem(0)
    limit = 2 / (problem.design**2).sum(axis=1).max()
    one = int((problem.design**2).sum(axis=1).argmax())
    again = np.full(2000, one)
    below = lsq.stochastic_gradient_descent(problem, learning_rate=0.99 * limit, order=again)
    above = lsq.stochastic_gradient_descent(problem, learning_rate=1.5 * limit, order=again)
    assert abs(below.thetas[-1] @ problem.design[one] - problem.target[one]) < 1e-8
    assert above.status is lsq.Status.DIVERGED
    assert np.isfinite(above.thetas).all()
    assert np.isfinite(above.losses).all()


@pytest.mark.parametrize("scale", [30.0, 1e50])
@pytest.mark.parametrize("rate", [0.9, lsq.inverse_root(0.9)])
@pytest.mark.parametrize("keep", [[], [5], None])
def test_a_run_that_leaves_float64_ends_with_what_was_finite(scale, rate, keep):
    problem = lsq.LeastSquares([[scale], [scale]], [1.0, 2.0])
    run = lsq.stochastic_gradient_descent(problem, rng=0, steps=3000, learning_rate=rate, keep=keep)
    assert run.status is lsq.Status.DIVERGED
    assert len(run.thetas) == len(run.losses) == len(run.iterations) > 0
    assert np.isfinite(run.thetas).all()
    assert np.isfinite(run.losses).all()


@pytest.mark.parametrize("batch_size", [3, 4, 7, 30, 200])
@pytest.mark.parametrize("average", [False, True])
def test_the_last_batch_may_be_smaller(batch_size, average, seed):
    rng = np.random.default_rng([5, seed])
    problem, order = lsq.LeastSquares(rng.normal(size=(50, 3)), rng.normal(size=50)), rng.integers(50, size=100)
    plain = step_by_step(problem, lsq.inverse_root(0.1), order, batch_size)
    settings = dict(learning_rate=lsq.inverse_root(0.1), order=order, batch_size=batch_size, average=average)
    path = lsq.stochastic_gradient_descent(problem, **settings)
    assert path.iterations[-1] == len(plain) - 1 == math.ceil(100 / batch_size)
    assert_close(path.thetas[-1], plain[1:].mean(axis=0) if average else plain[-1], atol=1e-12)


def test_a_batch_larger_than_the_order_is_one_step():
    run = lsq.stochastic_gradient_descent(lsq.LeastSquares(np.eye(3), [1, 2, 3]), order=[0, 1], batch_size=3)
    assert_close(run.thetas[-1], [0.05, 0.1, 0], atol=1e-15)


def test_losses_are_computed_when_they_are_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(blocks, "losses_at", lambda rows, thetas: asked.append(len(thetas)) or thetas[:, 0])
    problem, _ = kernel_problem(0)
    run = lsq.stochastic_gradient_descent(problem, rng=0, steps=3000)
    assert asked == []
    assert len(run.losses) == len(run.losses) == asked[0] == len(run.thetas)
    assert len(asked) == 1


def test_a_run_that_diverged_names_the_limit_of_one_sample():
    problem = lsq.LeastSquares([[1.0, 1.0], [2.0, 1.0]], [1.0, 2.0], [1.0, 2.0])
    run = lsq.stochastic_gradient_descent(problem, rng=0, learning_rate=1.0, steps=1000)
    assert run.status is lsq.Status.DIVERGED
    assert "limit is 0.2." in str(run)  # 2/(2·5)
    streamed = lsq.stream_sgd([(problem.design, problem.target, problem.weights)] * 500, learning_rate=1.0)
    assert "limit is 0.2." in str(streamed)
