"""Designs: the columns are the functions, in the order the docstrings promise."""

from fractions import Fraction

import numpy as np

import lsqcore as lsq
from tests.close import assert_close


def test_line_and_polynomial():
    x = np.array([0.0, -1.5, 2.0])
    np.testing.assert_array_equal(lsq.line(x), [[1, 0], [1, -1.5], [1, 2]])
    np.testing.assert_array_equal(lsq.polynomial(x, 0), np.ones((3, 1)))
    np.testing.assert_array_equal(lsq.polynomial([2, 3], 3), [[1, 2, 4, 8], [1, 3, 9, 27]])


def test_powers_are_right_to_the_last_digits(seed):
    x = np.random.default_rng(seed).uniform(-9, 9, 50)
    exact = [[float(Fraction(value) ** k) for k in range(11)] for value in x]
    assert_close(lsq.polynomial(x, 10), exact, rtol=3e-15)


def test_trigonometric_columns_in_the_order_of_d3():
    x = np.linspace(-3, 3, 50)
    design = lsq.trigonometric(x, 15)
    assert design.shape == (50, 31)
    np.testing.assert_array_equal(design[:, 0], 1)
    for m in range(1, 16):
        assert_close(design[:, 2 * m - 1], np.sin(m * x / 2), rtol=1e-14)
        assert_close(design[:, 2 * m], np.cos(m * x / 2), rtol=1e-14)
    assert_close(np.linalg.cond(design), 2.0195e12, rtol=2e-3)
    assert_close(lsq.LeastSquares(design, x).condition_number, 2.0195e12, rtol=2e-3)


def test_waves_are_orthogonal_over_their_period():
    x = np.arange(64) * (4 * np.pi / 64)
    gram = lsq.trigonometric(x, 5).T @ lsq.trigonometric(x, 5) / 64
    assert_close(gram, np.diag([1] + [0.5] * 10), atol=1e-14)


def test_gaussian_kernel():
    x = np.linspace(-3, 3, 50)
    kernel = lsq.gaussian_kernel(x, x, 0.3)
    np.testing.assert_array_equal(kernel, kernel.T)
    np.testing.assert_array_equal(np.diag(kernel), 1)
    assert_close(kernel[0, 1], np.exp(-((6 / 49) ** 2) / (2 * 0.09)), rtol=1e-13)
    assert_close(np.linalg.cond(lsq.gaussian_kernel(x, x, 0.05)), 1.221009, atol=1e-5)
    squares = (kernel**2).sum(axis=1)
    assert_close(2 / squares.max(), 0.460563, atol=1e-5)
    assert_close(lsq.LeastSquares(kernel, x).learning_rate_limit, 2.708149, atol=1e-5)


def test_gaussian_kernel_in_many_dimensions(seed):
    rng = np.random.default_rng(seed)
    x, centers = rng.normal(size=(7, 3)), rng.normal(size=(4, 3))
    kernel = lsq.gaussian_kernel(x, centers, 0.8)
    assert kernel.shape == (7, 4)
    for i in range(7):
        for j in range(4):
            distance = np.linalg.norm(x[i] - centers[j])
            assert_close(kernel[i, j], np.exp(-(distance**2) / (2 * 0.64)), rtol=1e-12)
    np.testing.assert_array_equal(lsq.gaussian_kernel([[1], [2]], [1, 2], 1), lsq.gaussian_kernel([1, 2], [1, 2], 1))
