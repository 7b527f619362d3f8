"""Descent: counts by hand, closed form against the loop, limits from theory."""

from fractions import Fraction

import numpy as np
import pytest

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
