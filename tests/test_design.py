"""Designs: the columns are the functions, in the order the docstrings promise."""

from fractions import Fraction

import numpy as np
import pytest

import lsqcore as lsq


def test_line_and_polynomial():
    x = np.array([0.0, -1.5, 2.0])
    np.testing.assert_array_equal(lsq.line(x), [[1, 0], [1, -1.5], [1, 2]])
    np.testing.assert_array_equal(lsq.polynomial(x, 0), np.ones((3, 1)))
    np.testing.assert_array_equal(lsq.polynomial([2, 3], 3), [[1, 2, 4, 8], [1, 3, 9, 27]])


def test_powers_are_right_to_the_last_digit_or_the_one_before():
    x = np.random.default_rng(0).uniform(-9, 9, 50)
    exact = [[float(Fraction(value) ** k) for k in range(11)] for value in x]
    np.testing.assert_allclose(lsq.polynomial(x, 10), exact, rtol=2.3e-16)


def test_trigonometric_columns_in_the_order_of_d3():
    x = np.linspace(-3, 3, 50)
    design = lsq.trigonometric(x, 15)
    assert design.shape == (50, 31)
    np.testing.assert_array_equal(design[:, 0], 1)
    for m in range(1, 16):
        np.testing.assert_allclose(design[:, 2 * m - 1], np.sin(m * x / 2), rtol=1e-15)
        np.testing.assert_allclose(design[:, 2 * m], np.cos(m * x / 2), rtol=1e-15)
    assert np.linalg.cond(design) == pytest.approx(2.0195e12, rel=1e-3)
    assert lsq.LeastSquares(design, x).condition_number == pytest.approx(2.0195e12, rel=1e-3)


def test_waves_are_orthogonal_over_their_period():
    x = np.arange(64) * (4 * np.pi / 64)
    gram = lsq.trigonometric(x, 5).T @ lsq.trigonometric(x, 5) / 64
    np.testing.assert_allclose(gram, np.diag([1] + [0.5] * 10), atol=1e-14)


def test_gaussian_kernel():
    x = np.linspace(-3, 3, 50)
    kernel = lsq.gaussian_kernel(x, x, 0.3)
    np.testing.assert_array_equal(kernel, kernel.T)
    np.testing.assert_array_equal(np.diag(kernel), 1)
    assert kernel[0, 1] == pytest.approx(np.exp(-((6 / 49) ** 2) / (2 * 0.09)), rel=1e-14)
    assert np.linalg.cond(lsq.gaussian_kernel(x, x, 0.05)) == pytest.approx(1.2, abs=0.05)
    squares = (kernel**2).sum(axis=1)
    assert 2 / squares.max() == pytest.approx(0.4606, abs=1e-4)
    assert lsq.LeastSquares(kernel, x).learning_rate_limit == pytest.approx(2.708, abs=1e-3)


def test_gaussian_kernel_in_many_dimensions():
    rng = np.random.default_rng(0)
    x, centers = rng.normal(size=(7, 3)), rng.normal(size=(4, 3))
    kernel = lsq.gaussian_kernel(x, centers, 0.8)
    assert kernel.shape == (7, 4)
    for i in range(7):
        for j in range(4):
            distance = np.linalg.norm(x[i] - centers[j])
            assert kernel[i, j] == pytest.approx(np.exp(-(distance**2) / (2 * 0.64)), rel=1e-13)
    np.testing.assert_array_equal(lsq.gaussian_kernel([[1], [2]], [1, 2], 1), lsq.gaussian_kernel([1, 2], [1, 2], 1))
