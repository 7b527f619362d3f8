"""Bad and strange input, function by function: a right answer or a clear error, never a silent wrong one."""

from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import lsqcore as lsq
from tests.close import assert_close

X = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 4.0]])
Y = np.array([1.0, 3.0, 2.0])
GOOD = lsq.LeastSquares(X, Y)
MASKED = np.ma.masked_array(X, mask=X > 3)

PROBLEMS = [  # design, target, weights, words of the error
    (X, Y[:2], None, r"design is \(3, 2\) but target is \(2,\)"),
    (X, Y[:, None], None, r"target is \(3, 1\)"),
    (Y, Y, None, r"design is \(3,\)"),
    (X[None], Y, None, r"design is \(1, 3, 2\)"),
    (5.0, Y, None, r"design is \(\)"),
    (np.zeros((0, 2)), np.zeros(0), None, r"design is \(0, 2\)"),
    (np.zeros((3, 0)), Y, None, r"design is \(3, 0\)"),
    ([], [], None, "design is"),
    (X, [1, np.nan, 2], None, "target has nan in row 1"),
    (X, [1, 2, -np.inf], None, "target has -inf in row 2"),
    ([[1, 2], [np.inf, 1], [-np.inf, 1]], Y, None, "design has inf in row 1"),
    (X * 1j, Y, None, "complex"),
    (X, Y + 0j, None, "complex"),
    ([["a", "b"]] * 3, Y, None, "expected real numbers"),
    (X, ["1", "2", "3"], None, "expected real numbers"),
    (X, [None, 1, 2], None, "object"),
    (MASKED, Y, None, "masked"),
    (X, np.array(["2020-01-01"] * 3, dtype="datetime64[D]"), None, "datetime"),
    (X, Y, [1, 1], r"weights is \(2,\)"),
    (X, Y, [1, -1, 1], "expected ≥ 0"),
    (X, Y, [0, 0, 0], "one above 0"),
    (X, Y, 1.0, r"weights is \(\): one weight per row"),
    (Y, Y, None, r"line\(x\) makes columns"),
    (scipy.sparse.csr_array(X), Y, None, r"sparse csr_array: design.toarray\(\)"),
    (X, (value for value in Y), None, r"target is a generator, expected an array: list"),
    (X, zip(Y, Y, strict=True), None, r"target is a zip, expected an array: list"),
    (X, [1, "2,5", 3.0], None, "expected real numbers"),
    (
        X,
        np.array([1, "2,5", 3.0], dtype=object),
        None,
        r"target holds object, expected real numbers: '2,5' in row 1.*astype\(float\)",
    ),
    (X, [Decimal(1), Decimal(2), Decimal(3)], None, r"Decimal\('1'\) in row 0.*astype\(float\)"),
    (X, np.array([1, 2.5, 3], dtype=object), None, r"target holds object, expected real numbers: astype\(float\)"),
    (X, pd.Series([True, pd.NA, False], dtype="boolean"), None, "<NA> in row 1"),
    (X, pd.Series([1, pd.NA, 3], dtype="Int64"), None, "target has nan in row 1"),
    (X, pd.Series(pd.date_range("2026-01-01", periods=3, tz="UTC")), None, r"in row 0.*\(t - t\[0\]\) / one day"),
    (X, pd.Series(pd.date_range("2026-01-01", periods=3)), None, r"datetime64.*\(t - t\[0\]\) / one day"),
    (X, pd.Series(pd.period_range("2026-01", periods=3, freq="M")), None, "in row 0"),
    (
        pd.DataFrame({"a": [1.0, 2, 3], "b": ["1", "2,5", "x"]}).astype({"b": object}),
        Y,
        None,
        r"design column 'b' holds object.*'1' in row 0",
    ),
    (pd.DataFrame({"a": [1.0, 2, 3], "b": [1, 2, None]}), Y, None, "design has nan in row 2"),
    (X, Y, [1, np.nan, 1], "weights has nan"),
    (X, Y, "abc", "expected real numbers"),
]


@pytest.mark.parametrize(("design", "target", "weights", "words"), PROBLEMS)
def test_problems_that_are_refused(design, target, weights, words):
    with pytest.raises(ValueError, match=words):
        lsq.LeastSquares(design, target, weights)


NUMBERS = [0, -1, np.nan, np.inf, "0.1", None, 1j, True, [0.1]]
CALLS = [  # function of the bad value, the values, a word of the error
    *[(lambda v: lsq.gradient_descent(GOOD, learning_rate=v), v, "learning_rate") for v in NUMBERS],
    *[(lambda v: lsq.gradient_descent(GOOD, tolerance=v), v, "tolerance") for v in NUMBERS if v is not None],
    *[(lambda v: lsq.gradient_descent(GOOD, momentum=v), v, "momentum") for v in (1, -0.1, np.nan, "a", None)],
    *[(lambda v: lsq.gradient_descent(GOOD, iterations=v), v, "iterations") for v in (-1, 1.5, "5", None, True)],
    *[
        (lambda v, f=f: f(GOOD, start=v), v, "start")
        for f in (lsq.gradient_descent, lsq.conjugate_gradient, lambda p, start: lsq.iterate_at(p, 3, start=start))
        for v in ([1], [1, 2, 3], [[1, 2]], [1, np.nan], ["a", "b"], [1j, 2], 1.0)
    ],
    *[(lambda v: lsq.gradient_descent(GOOD, start=v), v, "loss at start") for v in ([1e200, 1],)],
    *[(lambda v: lsq.iterate_at(GOOD, v), v, "iterations") for v in (-1, 1.5, "5", [1, -1], [[1]], None, [True])],
    *[(lambda v: lsq.iterate_at(GOOD, 3, learning_rate=v), v, "learning_rate") for v in NUMBERS],
    *[(lambda v: lsq.iterate_at(GOOD, 3, momentum=v), v, "momentum") for v in (1, -0.1, np.nan)],
    *[(lambda v: lsq.conjugate_gradient(GOOD, iterations=v), v, "iterations") for v in (-1, 2.5, None)],
    *[(lambda v: lsq.conjugate_gradient(GOOD, tolerance=v), v, "tolerance") for v in (0, -1, np.nan)],
    *[(lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, learning_rate=v), v, "learning_rate") for v in NUMBERS],
    *[(lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, steps=v), v, "steps") for v in (-1, 1.5, "5")],
    *[(lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, batch_size=v), v, "batch_size") for v in (0, 1.5, None)],
    *[(lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, tolerance=v), v, "tolerance") for v in (0, -1, np.nan)],
    *[(lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, keep=v), v, "keep") for v in ([-1], [0.5], [[1]], "a")],
    *[
        (lambda v: lsq.stochastic_gradient_descent(GOOD, order=v), v, "order")
        for v in ([3], [-1], [0.5], [[0]], "abc", 1)
    ],
    (lambda v: lsq.stochastic_gradient_descent(GOOD, order=v, steps=2, batch_size=2), [0, 1], "expected 4 for 2 steps"),
    (lambda v: lsq.stochastic_gradient_descent(GOOD, order=v, steps=5), [0, 1], "order has 2 indices, expected 5"),
    (lambda v: lsq.stochastic_gradient_descent(GOOD, rng=v), None, "one of rng and order"),
    (lambda v: lsq.stochastic_gradient_descent(GOOD, rng=v, order=[0]), 1, "one of rng and order"),
    (lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, learning_rate=v), lambda k: -1.0, r"learning_rate\(1\)"),
    (lambda v: lsq.stochastic_gradient_descent(GOOD, rng=0, learning_rate=v), lambda k: 1 / (5 - k), r"\(5\)|zero"),
    *[(lambda v: lsq.inverse_time(v), v, "learning_rate") for v in NUMBERS],
    *[(lambda v: lsq.inverse_root(v), v, "learning_rate") for v in NUMBERS],
    *[(lambda v: lsq.stream_sgd([(X, Y)], learning_rate=v), v, "learning_rate") for v in NUMBERS],
    *[(lambda v: lsq.stream_sgd([(X, Y)], start=v), v, "start") for v in ([1], "ab", [np.nan, 1])],
    *[(f, v, "chunk") for f in (lsq.stream_gram, lsq.stream_qr, lsq.stream_sgd) for v in ([], [1, 2], [(X,)], ["ab"])],
    *[(lambda v: GOOD.with_ridge(v), v, "penalty") for v in (-1, np.nan, np.inf, "1", None, 1j)],
    *[(lambda v: GOOD.project(v), v, "target") for v in ([1, 2], [1, 2, np.nan], [[1, 2, 3]], ["a", "b", "c"])],
    *[
        (lambda v, name=name: getattr(GOOD, name)(v), v, "theta")
        for name in ("loss", "gradient", "residual")
        for v in ([1], [1, 2, 3], [[1], [2]], [1, np.nan], ["a", "b"], [1j, 1], 1.0)
    ],
    *[(lambda v: lsq.svd(GOOD, rtol=v), v, "rtol") for v in (-0.1, 1, np.nan, "a")],
    *[
        (f, v, "x is|x holds|x has")
        for f in (lsq.line, lambda x: lsq.polynomial(x, 2), lambda x: lsq.trigonometric(x, 2))
        for v in ([], [[1, 2]], 1.0, ["a"], [1j], [np.nan], [np.inf, 1])
    ],
    *[(lambda v: lsq.polynomial(Y, v), v, "degree") for v in (-1, 1.5, "2", None)],
    (lambda v: lsq.polynomial(v, 6), [1e60], "too large"),
    *[(lambda v: lsq.trigonometric(Y, v), v, "harmonics") for v in (-1, 1.5, "2", None)],
    *[(lambda v: lsq.gaussian_kernel(Y, Y, v), v, "bandwidth") for v in NUMBERS],
    *[(lambda v: lsq.gaussian_kernel(Y, v, 1.0), v, "centers") for v in ([], X, [[[1]]], 1.0, ["a"], [np.nan])],
]


@pytest.mark.parametrize(("call", "value", "words"), CALLS)
def test_calls_that_are_refused(call, value, words):
    with pytest.raises((ValueError, ZeroDivisionError), match=words):
        call(value)


def test_a_refinement_of_something_else_is_refused():
    other = lsq.solve(lsq.LeastSquares(np.eye(3), [1, 2, 3]))
    with pytest.raises(ValueError, match=r"theta is \(3,\), expected \(2,\)"):
        lsq.refine(GOOD, other)


def answers(problem):
    """θ by every way that ends at the minimum, and the things that are known about the problem."""
    found = {solver.__name__: solver(problem).theta for solver in (lsq.normal_equations, lsq.qr, lsq.svd, lsq.solve)}
    chunks = [
        (problem.design, problem.target, np.ones(len(problem.target)) if problem.weights is None else problem.weights)
    ]
    found["refine"] = lsq.refine(problem, lsq.solve(problem)).theta
    found["stream_gram"], found["stream_qr"] = lsq.stream_gram(chunks).theta, lsq.stream_qr(chunks).theta
    found["conjugate_gradient"] = lsq.conjugate_gradient(problem, iterations=8).thetas[-1]
    rate = problem.best_learning_rate
    found["gradient_descent"] = lsq.gradient_descent(problem, learning_rate=rate, iterations=600).thetas[-1]
    found["iterate_at"] = lsq.iterate_at(problem, 600, learning_rate=rate)
    return found


TRUTH = np.linalg.lstsq(X, Y, rcond=None)[0]
FORMS = {
    "lists": (X.tolist(), Y.tolist()),
    "integers": (X.astype(int), Y.astype(np.int8)),
    "unsigned": (X.astype(np.uint8), Y.astype(np.uint16)),
    "float32": (X.astype(np.float32), Y.astype(np.float32)),
    "float16": (X.astype(np.float16), Y.astype(np.float16)),
    "longdouble": (X.astype(np.longdouble), Y.astype(np.longdouble)),
    "big-endian": (X.astype(">f8"), Y.astype(">f8")),
    "Fortran order": (np.asfortranarray(X), Y),
    "every second entry": (np.repeat(np.repeat(X, 2, axis=0), 2, axis=1)[::2, ::2], np.repeat(Y, 2)[::2]),
    "backwards": (X[::-1], Y[::-1]),
    "columns backwards": (X[:, ::-1][:, ::-1], Y),
    "transposed": (X.T.copy().T, Y),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_array_gives_the_same_answer(form):
    problem = lsq.LeastSquares(*FORMS[form])
    for theta in answers(problem).values():
        assert_close(theta, TRUTH, rtol=1e-9)


def test_a_frame_of_numbers_and_of_true_and_false_is_a_design():
    frame = pd.DataFrame({"height": [1.0, 2.0, 4.0], "red": [True, False, False]})
    assert_close(lsq.LeastSquares(frame, Y).design, [[1, 1], [2, 0], [4, 0]])
    whole = pd.DataFrame({"a": [1, 2, 4], "b": pd.array([3, 1, 2], dtype="Int64")})
    assert_close(lsq.LeastSquares(whole, Y).design, [[1, 3], [2, 1], [4, 2]])


def test_one_column_of_a_frame_is_asked_for():
    with pytest.raises(ValueError, match=r"x\[:, 0\], or df\[.a.\]"):
        lsq.line(pd.DataFrame({"a": [1.0, 2.0]}))


def test_a_problem_does_not_change_with_what_it_came_from():
    frame = pd.DataFrame(
        {"x": [1.0, 2, 3, 4, 5], "z": [2.0, 1, 0, 1, 3], "y": [1.0, 3, 2, 5, 4], "w": [1.0, 2, 1, 2, 1]}
    )
    target, weights = frame["y"].to_numpy().copy(), frame["w"].to_numpy().copy()
    problems = [
        lsq.LeastSquares(lsq.line(frame["x"]), frame["y"], frame["w"]),
        lsq.LeastSquares(frame[["x", "z"]], frame["y"], frame["w"]),
        lsq.LeastSquares(lsq.line(frame["x"]), target, weights),
    ]
    before = [lsq.solve(problem) for problem in problems]
    frame.loc[4, ["x", "z", "y", "w"]] = 100.0
    target[4] = weights[4] = 100.0
    for problem, first in zip(problems, before, strict=True):
        np.testing.assert_array_equal(lsq.solve(problem).theta, first.theta)
        assert problem.loss(first.theta) == lsq.LeastSquares(
            *[np.array(part) for part in (problem.design, problem.target, problem.weights)]
        ).loss(first.theta)
        assert first.residual.max() < 10


def test_true_and_false_are_numbers():
    problem = lsq.LeastSquares([[True, False], [True, True]], [True, False])
    assert_close(lsq.solve(problem).theta, [1, -1], rtol=1e-9)


@pytest.mark.parametrize("design_scale", [1e-50, 1.0, 1e50])
@pytest.mark.parametrize("target_scale", [1e-50, 1.0, 1e50])
def test_large_and_small_scales(design_scale, target_scale):
    problem = lsq.LeastSquares(X * design_scale, Y * target_scale)
    truth = TRUTH * (target_scale / design_scale)
    for solver in (lsq.normal_equations, lsq.qr, lsq.svd, lsq.solve):
        assert_close(solver(problem).theta, truth, rtol=1e-12)
    assert_close(lsq.refine(problem, lsq.solve(problem)).theta, truth, rtol=1e-14)
    for stream in (lsq.stream_gram, lsq.stream_qr):
        assert_close(stream([(problem.design, problem.target)]).theta, truth, rtol=1e-12)
    assert_close(lsq.conjugate_gradient(problem, iterations=4).thetas[-1], truth, rtol=1e-9)
    assert_close(problem.singular_values, GOOD.singular_values * design_scale, rtol=1e-12)
    assert_close(problem.eigenvalues, GOOD.eigenvalues * design_scale**2, rtol=1e-12)
    assert_close(problem.condition_number, GOOD.condition_number, rtol=1e-12)
    assert problem.rank == 2
    rate = problem.best_learning_rate
    loop = lsq.gradient_descent(problem, learning_rate=rate, iterations=600).thetas[-1]
    assert_close(loop, truth, rtol=1e-9)
    assert_close(lsq.iterate_at(problem, 600, learning_rate=rate), truth, rtol=1e-9)
    order, small = np.tile([0, 1, 2], 50), 1 / (20 * design_scale**2)
    path = lsq.stochastic_gradient_descent(problem, learning_rate=small, order=order)
    same = lsq.stochastic_gradient_descent(GOOD, learning_rate=1 / 20, order=order)
    assert_close(path.thetas, same.thetas * (target_scale / design_scale), rtol=1e-9)
    assert_close(problem.project(problem.target), GOOD.project(Y) * target_scale, rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e-61, 1e61, 1e300])
def test_scales_whose_squares_may_leave_float64_are_refused_in_one_place(scale):
    for name, arrays_of_scale in {"design": (X * scale, Y), "target": (X, Y * scale)}.items():
        with pytest.raises(ValueError, match=f"{name} reaches .*, expected a size from 1e-60 to 1e.60: rescale"):
            lsq.LeastSquares(*arrays_of_scale)
        for stream in (lsq.stream_gram, lsq.stream_qr, partial(lsq.stream_sgd, learning_rate=1e-3)):
            if scale > 1:
                with pytest.raises(ValueError, match=f"chunk 1: {name} reaches"):
                    stream([(X, Y), arrays_of_scale])
            else:  # what is small beside the other chunks is as good as 0
                stream([(X, Y), arrays_of_scale])
    with pytest.raises(ValueError, match=r"weights reaches .* from 1e-120 to 1e.120"):
        lsq.LeastSquares(X, Y, np.full(3, scale**2 if 1e-100 < scale < 1e100 else scale))


def test_columns_of_very_different_size():
    scales = np.array([1e50, 1e-50])
    problem = lsq.LeastSquares(X * scales, Y)
    for solver in (lsq.normal_equations, lsq.qr, lsq.svd, lsq.solve):
        assert_close(solver(problem).theta, TRUTH / scales, rtol=1e-12)
    assert problem.rank == 2
    assert_close(lsq.refine(problem, lsq.solve(problem)).theta, TRUTH / scales, rtol=1e-14)
    for order in ([0, 1], [1, 0]):  # σ₁ = ‖φ₁‖ and σ₂ = area/σ₁ for columns so far apart
        found = lsq.LeastSquares((X * scales)[:, order], Y).singular_values
        area = np.sqrt(np.linalg.det(X.T @ X))
        assert_close(found, [np.sqrt(3) * 1e50, area / np.sqrt(3) * 1e-50], rtol=1e-12)


@pytest.mark.parametrize("solver", [lsq.svd, lsq.solve])
@pytest.mark.parametrize("rows", [3, 300])
def test_zero_columns_get_zero(solver, rows, seed):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(rows, 3))
    design[:, 1] = 0
    target = rng.normal(size=rows)
    found = solver(lsq.LeastSquares(design, target))
    assert found.rank == 2
    assert_close(found.theta[1], 0, atol=1e-15)
    assert_close(found.theta[[0, 2]], np.linalg.lstsq(design[:, [0, 2]], target, rcond=None)[0], rtol=1e-9)
    nothing = lsq.LeastSquares(np.zeros((rows, 2)), target)
    np.testing.assert_array_equal(solver(nothing).theta, 0)
    assert nothing.rank == 0
    assert nothing.learning_rate_limit == nothing.best_learning_rate == np.inf
    still = lsq.gradient_descent(nothing, learning_rate=1e9, iterations=5)
    np.testing.assert_array_equal(still.thetas, 0)
    np.testing.assert_array_equal(lsq.iterate_at(nothing, 5, start=[1, 2]), [1, 2])
    np.testing.assert_array_equal(lsq.conjugate_gradient(nothing, iterations=5).thetas, 0)


def test_more_columns_than_rows(seed):
    rng = np.random.default_rng(seed)
    design, target = rng.normal(size=(3, 7)), rng.normal(size=3)
    problem = lsq.LeastSquares(design, target)
    truth = np.linalg.pinv(design) @ target
    for found in (lsq.svd(problem), lsq.solve(problem), lsq.stream_qr([(design, target)])):
        assert_close(found.theta, truth, atol=1e-12)
        assert found.rank == 3
    rate = problem.best_learning_rate
    assert_close(lsq.iterate_at(problem, 10**6, learning_rate=rate), truth, atol=1e-10)
    assert problem.eigenvalues.shape == (7,)
    assert problem.condition_number == np.inf


def test_inputs_are_never_written_to():
    rng = np.random.default_rng(0)
    design, target, weights = rng.normal(size=(30, 3)), rng.normal(size=30), rng.uniform(1, 2, 30)
    start, order, x = rng.normal(size=3), rng.integers(30, size=50), rng.normal(size=9)
    inputs = [design, target, weights, start, order, x]
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    problem = lsq.LeastSquares(design, target, weights)
    answers(problem)
    problem.project(target), problem.with_ridge(1.0).hessian, problem.gradient(start)
    path = lsq.gradient_descent(problem, start=start, momentum=0.5, iterations=9)
    path.thetas[:] = 0
    lsq.stochastic_gradient_descent(problem, start=start, order=order, keep=order).thetas[:] = 0
    lsq.conjugate_gradient(problem, start=start, iterations=2).thetas[:] = 0
    lsq.iterate_at(problem, 0, start=start)[:] = 0
    lsq.stream_sgd([(design, target, weights)], start=start).thetas[:] = 0
    for function in (lsq.line, lambda v: lsq.trigonometric(v, 2), lambda v: lsq.gaussian_kernel(v, v, 1.0)):
        function(x)[:] = 0
    for array, copy in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_problem_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        GOOD.design[0, 0] = 5
    assert X.flags.writeable


def floats(largest):
    """Numbers of any size that a problem takes."""
    return st.floats(-largest, largest).map(lambda number: number if abs(number) > 1e-50 else 0.0)


ENTRIES = st.one_of(st.integers(-4, 4).map(float), floats(1e3), floats(1e9))


@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_finite_problem_is_answered_or_refused(data):
    rows, columns = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 4))
    design = data.draw(arrays(float, (rows, columns), elements=ENTRIES))
    target = data.draw(arrays(float, rows, elements=ENTRIES))
    problem, chunks = lsq.LeastSquares(design, target), [(design[:2], target[:2]), (design[2:], target[2:])][: rows - 1]
    ways = {solver.__name__: partial(solver, problem) for solver in (lsq.normal_equations, lsq.qr, lsq.svd, lsq.solve)}
    ways |= (
        {stream.__name__: partial(stream, chunks) for stream in (lsq.stream_gram, lsq.stream_qr)} if rows > 1 else {}
    )
    ways |= {"refine": lambda: lsq.refine(problem, lsq.solve(problem))}
    for way, answer in ways.items():
        try:
            found = answer()
        except np.linalg.LinAlgError:
            continue
        expected = np.abs(target).max() / max(np.abs(design).max(), 1e-100)
        if expected < 1e-280 or (np.abs(found.theta[found.theta != 0]) < 1e-290).any():
            continue  # θ itself is rounded where float64 has fewer digits
        sizes = np.abs(design).sum(axis=0)
        scale = max(np.abs(target).max(), (np.abs(design) * np.abs(found.theta)).max(), 1e-300)
        residual = (design / np.where(sizes > 0, sizes, 1)).T @ (problem.residual(found.theta) / scale)
        assert np.abs(residual).max() <= (1e-3 if way == "normal_equations" else 1e-9), way


@given(
    arrays(float, (6, 2), elements=floats(10)),
    arrays(float, 6, elements=floats(10)),
    st.floats(1e-6, 1e6),
    st.floats(0, 0.99),
    st.integers(0, 60),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_run_ends_with_finite_iterates_or_says_that_it_diverged(design, target, rate, momentum, iterations):
    problem = lsq.LeastSquares(design, target)
    runs = [
        lsq.gradient_descent(problem, learning_rate=rate, momentum=momentum, iterations=iterations),
        lsq.stochastic_gradient_descent(problem, learning_rate=rate, steps=iterations, rng=0),
        lsq.stochastic_gradient_descent(problem, learning_rate=rate, steps=iterations, rng=0, batch_size=4),
        lsq.stream_sgd([(design, target)], learning_rate=rate),
    ]
    for run in runs:
        assert np.isfinite(run.thetas).all()
        assert np.isfinite(run.losses).all()
        assert len(run.thetas) == len(run.losses) == len(run.iterations) >= 1
        assert str(run)
    if rate <= (1 + momentum) * problem.learning_rate_limit:  # beyond it the loop multiplies its rounding errors
        jump = lsq.iterate_at(problem, iterations, learning_rate=rate, momentum=momentum)
        last = runs[0].thetas[-1]
        assert runs[0].status is lsq.Status.MAX_ITERATIONS
        assume(np.abs(runs[0].thetas).max() < 1e3)
        assert_close(jump, last, atol=1e-9)


@given(
    st.lists(st.one_of(st.floats(), st.integers(), st.text(max_size=2), st.none(), st.complex_numbers()), max_size=5)
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_list_as_x_is_a_finite_design_or_refused(x):
    for function in (lsq.line, lambda v: lsq.trigonometric(v, 3), lambda v: lsq.gaussian_kernel(v, [0.0, 1.0], 0.5)):
        try:
            design = function(x)
        except (ValueError, OverflowError):
            continue
        assert np.isfinite(design).all()
        assert design.shape[0] == len(x)


def test_small_integer_types_do_not_wrap_around():
    path = lsq.gradient_descent(GOOD, iterations=256, learning_rate=0.1, momentum=0.2)
    jump = lsq.iterate_at(GOOD, np.array([255], dtype=np.uint8), learning_rate=0.1, momentum=0.2)
    assert_close(jump[0], path.thetas[255], rtol=1e-12)
    for kind in (np.uint8, np.uint64):
        order = np.array([0, 1, 2, 0], dtype=kind)
        run = lsq.stochastic_gradient_descent(GOOD, order=order, keep=np.array([2], dtype=kind))
        np.testing.assert_array_equal(run.iterations, [2, 4])


class Cliff:
    """An objective that is not finite everywhere, and says so in the ways that NumPy has."""

    def __init__(self, loss):
        self.value = loss

    def loss(self, theta):
        return self.value(theta)

    def gradient(self, theta):
        return np.full_like(theta, -1e200)


def test_objectives_that_leave_float64():
    with pytest.raises(ValueError, match="loss at start is nan"):
        lsq.gradient_descent(Cliff(lambda theta: np.nan), start=[1.0])
    for loss in (lambda theta: 1.0, lambda theta: np.inf if theta[0] > 5 else 0.0):
        run = lsq.gradient_descent(Cliff(loss), start=[1.0], learning_rate=1e150)
        assert run.status is lsq.Status.DIVERGED
        assert np.isfinite(run.thetas).all()
        assert np.isfinite(run.losses).all()
    wrong = Cliff(lambda theta: 0.0)
    wrong.gradient = lambda theta: np.zeros(2)
    with pytest.raises(ValueError, match=r"start is \(1,\) but the gradient there is \(2,\)"):
        lsq.gradient_descent(wrong, start=[1.0])


@pytest.mark.parametrize("solver", [lsq.svd, lsq.solve])
@pytest.mark.parametrize("scale", [1e-50, 1e50])
def test_zero_columns_beside_huge_and_tiny_ones(solver, scale):
    design = np.column_stack([np.zeros(3), X * scale, np.zeros(3)])
    found = solver(lsq.LeastSquares(design, Y))
    assert_close(found.theta[1:3], TRUTH / scale, rtol=1e-12)
    np.testing.assert_array_equal(found.theta[[0, 3]], 0)
    assert found.rank == 2


ANY_NUMBER = st.one_of(st.floats(), st.integers(-3, 5), st.sampled_from([2**70, 10**400, 1e-320, 1e308, np.float32(1)]))
ANY_SCALAR = st.one_of(
    ANY_NUMBER,
    st.none(),
    st.booleans(),
    st.complex_numbers(),
    st.text(max_size=3),
    st.sampled_from(
        [object(), {}, {1: 2}, set(), range(3), lambda step: None, b"1", np.array("a"), np.timedelta64(3, "s")]
    ),
)
KINDS = st.sampled_from([float, np.float16, int, np.int8, np.uint8, bool, complex, "U2", "M8[D]"])
ANY_ARRAY = KINDS.flatmap(lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
ANYTHING = st.one_of(
    ANY_SCALAR,
    st.lists(ANY_SCALAR, max_size=4),
    st.lists(st.lists(ANY_NUMBER, max_size=3), max_size=4),
    ANY_ARRAY,
    arrays(float, st.sampled_from([2, 3, (3, 2)]), elements=st.floats()),
)
SGD = partial(lsq.stochastic_gradient_descent, GOOD)
ARGUMENTS = {  # an argument of a public function: the call with all others good
    "design": lambda v: lsq.LeastSquares(v, Y),
    "target": lambda v: lsq.LeastSquares(X, v),
    "weights": lambda v: lsq.LeastSquares(X, Y, v),
    **{name: getattr(GOOD, name) for name in ("with_ridge", "project", "loss", "gradient", "residual")},
    **{f"{solver.__name__} problem": solver for solver in (lsq.normal_equations, lsq.qr, lsq.svd, lsq.solve)},
    "refine problem": lambda v: lsq.refine(v, lsq.solve(GOOD)),
    "refine solution": lambda v: lsq.refine(GOOD, v),
    "svd rtol": lambda v: lsq.svd(GOOD, rtol=v),
    "descent problem": lambda v: lsq.gradient_descent(v, start=[1.0, 2.0]),
    "descent learning_rate": lambda v: lsq.gradient_descent(GOOD, learning_rate=v, iterations=5),
    "descent start": lambda v: lsq.gradient_descent(GOOD, start=v, iterations=5),
    "descent momentum": lambda v: lsq.gradient_descent(GOOD, momentum=v, iterations=5),
    "descent tolerance": lambda v: lsq.gradient_descent(GOOD, tolerance=v, iterations=5),
    "iterate_at problem": lambda v: lsq.iterate_at(v, 3),
    "iterate_at iterations": lambda v: lsq.iterate_at(GOOD, v),
    "iterate_at momentum": lambda v: lsq.iterate_at(GOOD, 3, momentum=v),
    "conjugate problem": lambda v: lsq.conjugate_gradient(v, start=[1.0, 2.0]),
    "conjugate start": lambda v: lsq.conjugate_gradient(GOOD, start=v),
    "conjugate tolerance": lambda v: lsq.conjugate_gradient(GOOD, tolerance=v),
    "stochastic problem": lambda v: lsq.stochastic_gradient_descent(v, rng=0),
    "stochastic learning_rate": lambda v: SGD(rng=0, steps=7, learning_rate=v),
    "stochastic schedule": lambda v: SGD(rng=0, steps=7, learning_rate=lambda step: v),
    "stochastic start": lambda v: SGD(rng=0, steps=7, start=v),
    "stochastic order": lambda v: SGD(order=v),
    "stochastic tolerance": lambda v: SGD(rng=0, steps=7, tolerance=v),
    "stochastic keep": lambda v: SGD(rng=0, steps=7, keep=v),
    "inverse_time": lsq.inverse_time,
    "inverse_root": lsq.inverse_root,
    "line": lsq.line,
    "polynomial x": lambda v: lsq.polynomial(v, 2),
    "trigonometric x": lambda v: lsq.trigonometric(v, 2),
    "kernel x": lambda v: lsq.gaussian_kernel(v, Y, 1.0),
    "kernel centers": lambda v: lsq.gaussian_kernel(Y, v, 1.0),
    "kernel bandwidth": lambda v: lsq.gaussian_kernel(Y, Y, v),
    **{
        f"{stream.__name__} {part}": partial(call, stream)
        for stream in (lsq.stream_gram, lsq.stream_qr, lsq.stream_sgd)
        for part, call in {
            "chunk": lambda f, v: f([v]),
            "rows": lambda f, v: f([(v, Y)]),
            "target": lambda f, v: f([(X, v)]),
            "weights": lambda f, v: f([(X, Y, v)]),
        }.items()
    },
}


def numbers_of(answer):
    """All the numbers that an answer holds; its loss may be ∞, where the squares leave float64, but never NaN."""
    if isinstance(answer, lsq.LeastSquares):
        return answer.design, answer.target
    if isinstance(answer, lsq.Trajectory):
        return answer.thetas, answer.losses
    if isinstance(answer, lsq.Solution):
        return answer.theta, 0 * (answer.loss if answer.loss < np.inf else 1)
    return (
        (0.0 if callable(answer) or answer == np.inf else answer,) if not isinstance(answer, np.ndarray) else (answer,)
    )


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_anything_as_any_argument_is_answered_in_finite_numbers_or_refused_in_words(argument):
    @given(ANYTHING)
    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    def try_it(value):
        try:
            answer = ARGUMENTS[argument](value)
        except (ValueError, np.linalg.LinAlgError):
            return
        except TypeError as error:
            refusal = str(error)
        else:
            refusal = "" if all(np.isfinite(numbers).all() for numbers in numbers_of(answer)) else repr(answer)
        assert refusal == "" or "expected" in refusal

    try_it()
