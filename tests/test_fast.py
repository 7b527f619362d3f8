"""Every room of `fast/` against the formula in front that it stands for."""

import ast
from fractions import Fraction
from pathlib import Path

import dask
import numpy as np
import pytest

import lsqcore as lsq
from lsqcore.fast import blocks, cluster, digits, fold
from lsqcore.stochastic import learning_rates, textbook_steps
from tests.close import assert_close

FAST = Path(blocks.__file__).parent


@pytest.fixture(params=[False, True], ids=["plain", "weighted"])
def problem(request, seed):
    rng = np.random.default_rng([11, seed])
    design, target, weights = rng.normal(size=(400, 4)), rng.normal(size=400), rng.uniform(0.1, 2, 400)
    return lsq.LeastSquares(design, target, weights if request.param else None)


THETA = np.array([1.0, -2.0, 0.5, 3.0])


def squares(matrix, target):
    """‖Φ′θ − y′‖² at θ = THETA."""
    return np.square(matrix @ THETA - target).sum()


def weighted(problem):
    assert_close(squares(*fold.weighted(*problem.rows)), 2 * 400 * problem.loss(THETA), rtol=1e-12)


def compressed(problem):
    matrix, target = fold.compressed(*problem.rows)
    assert matrix.shape == (5, 4)
    assert_close(squares(matrix, target), 2 * 400 * problem.loss(THETA), rtol=1e-12)


def triangle(problem):
    first = fold.triangle(problem.design[:150], problem.target[:150], None, np.zeros((5, 5)))
    both = fold.triangle(problem.design[150:], problem.target[150:], None, first)
    textbook = np.linalg.qr(np.column_stack([problem.design, problem.target]), mode="r")
    assert_close(np.abs(both), np.abs(textbook), atol=1e-12)


def add_up_of_gram(problem):
    gram = fold.add_up(fold.gram_of_rows, problem.rows)
    slopes = [problem.gradient(axis) - problem.gradient(np.zeros(4)) for axis in np.eye(4)]
    assert_close(gram[:-1, :-1] / 400, slopes, atol=1e-12)
    assert_close(gram[-1, :-1] / 400, -problem.gradient(np.zeros(4)), atol=1e-12)
    assert_close(gram[-1, -1] / 800, problem.loss(np.zeros(4)), rtol=1e-12)


def error_products(problem):
    *slope, twice = fold.error_products(*problem.rows, THETA)
    assert_close(slope, -400 * problem.gradient(THETA), atol=1e-10)
    assert_close(twice, 800 * problem.loss(THETA), rtol=1e-12)


def corrected_cholesky(problem):
    theta, twice = fold.corrected_cholesky(lambda piece: fold.add_up(piece, problem.rows))
    assert_close(theta, lsq.qr(problem).theta, atol=1e-13)
    assert_close(twice, 800 * lsq.qr(problem).loss, rtol=1e-12)


def cholesky(problem):
    gram = problem.hessian
    factor, condition = fold.cholesky(gram)
    assert_close(factor.T @ factor, gram, atol=1e-14)
    assert 1 <= condition <= 4 * problem.condition_number**2


def shortest_minimiser(problem):
    design = np.column_stack([problem.design[:, :3], problem.design[:, 0] - problem.design[:, 1]])
    cut = lsq.LeastSquares(design, problem.target, problem.weights)
    theta, rank = fold.shortest_minimiser(*fold.weighted(*cut.rows))
    assert rank == 3
    assert_close(theta, lsq.svd(cut, rtol=1e-10).theta, atol=1e-12)


def scaled_columns(problem):
    sizes = np.array([1e-5, 1.0, 3e7, 0.0])
    scaled, exponents = fold.scaled_columns(problem.design * sizes)
    np.testing.assert_array_equal(scaled * 2.0**exponents, problem.design * sizes)
    lengths = np.linalg.norm(scaled, axis=0)
    assert ((lengths[:3] >= 0.5) & (lengths[:3] < 1)).all()


def numerical_rank(problem):
    assert fold.numerical_rank(np.array([1.0, 1e-13, 2e-14, 0.0]), 4) == 2


def steps_in_blocks(problem):
    order = np.random.default_rng(3).integers(400, size=1000)
    for size in (1, 7):
        batches = [order[first : first + size] for first in range(0, 1000, size)]
        textbook = list(textbook_steps(problem, THETA, batches, lsq.inverse_root(0.1)))
        cuts = (order[cut] for cut in blocks.cut_in_blocks(1000, size))
        rates = learning_rates(lsq.inverse_root(0.1))
        found = blocks.steps_in_blocks(*fold.weighted(*problem.rows), THETA, cuts, rates, batch_size=size, kept=[5, 90])
        for step, theta, _, _ in found:
            assert_close(theta, textbook[step - 1], atol=1e-12)


def cut_in_blocks(problem):
    for samples, size in ((0, 1), (1000, 1), (1000, 7), (50, 200)):
        cuts = list(blocks.cut_in_blocks(samples, size))
        assert [k for cut in cuts for k in range(cut.start, cut.stop)] == list(range(samples))
        assert all(cut.start % size == 0 for cut in cuts)


def losses_at(problem):
    thetas = THETA * np.arange(700)[:, None]
    assert_close(blocks.losses_at(problem.rows, thetas), [problem.loss(theta) for theta in thetas], rtol=1e-12)


def finite_part(problem):
    thetas = np.array([THETA, 10 * THETA, 1e5 * THETA, 1e200 * THETA])
    assert blocks.finite_part(problem.rows, thetas[:2], problem.loss(20 * THETA)) is None
    assert blocks.finite_part(problem.rows, thetas, problem.loss(20 * THETA)) == 3
    assert blocks.finite_part(problem.rows, thetas[[0, 3]], problem.loss(20 * THETA)) == 1


def plain_share(problem):
    q, one = np.array([1e-9, 0.3, 1.0, 1.7]), lsq.LeastSquares([[1.0]], [1.0])
    for k in (0, 1, 40):
        loop = [lsq.gradient_descent(one, learning_rate=rate, iterations=k).thetas[-1, 0] for rate in q]
        with np.errstate(all="ignore"):  # as its caller has it: at q = 1 the logarithm is −∞
            assert_close(digits.plain_share(q, np.array(k)), loop, rtol=1e-9)


def heavy_ball_share(problem):
    q, one = np.array([1e-9, 0.3, 1.0, 1.7]), lsq.LeastSquares([[1.0]], [1.0])
    for k in (0, 1, 40):
        loop = [lsq.gradient_descent(one, learning_rate=a, iterations=k, momentum=0.6).thetas[-1, 0] for a in q]
        assert_close(digits.heavy_ball_share(q, np.array([k]), 0.6), loop, rtol=1e-9)


def exact(problem):
    numbers = digits.exact([0.1, 1 / 3])
    assert [Fraction(number) for number in numbers] == [Fraction(0.1), Fraction(1 / 3)]


def fold_tree(problem):
    chunks = [*zip(np.split(problem.design, 20), np.split(problem.target, 20), strict=True)]
    delayed = cluster.delayed_chunks([dask.delayed(chunk, traverse=False) for chunk in chunks])
    total = cluster.fold_tree(lambda number, chunk: number, lambda a, b: a + b, delayed, False)
    assert total == sum(range(20))
    plain = lsq.LeastSquares(problem.design, problem.target)
    assert_close(lsq.stream_qr(delayed).theta, lsq.qr(plain).theta, rtol=1e-11)


#: What stands in `fast/`, and the check that holds it to the front.
TABLE = {
    fold: {
        "weighted": weighted,
        "compressed": compressed,
        "triangle": triangle,
        "add_up": add_up_of_gram,
        "gram_of_rows": add_up_of_gram,
        "error_products": error_products,
        "corrected_cholesky": corrected_cholesky,
        "cholesky": cholesky,
        "shortest_minimiser": shortest_minimiser,
        "scaled_columns": scaled_columns,
        "numerical_rank": numerical_rank,
    },
    blocks: {
        "steps_in_blocks": steps_in_blocks,
        "cut_in_blocks": cut_in_blocks,
        "losses_at": losses_at,
        "finite_part": finite_part,
    },
    digits: {"plain_share": plain_share, "heavy_ball_share": heavy_ball_share},
    cluster: {"fold_tree": fold_tree, "delayed_chunks": fold_tree},
}


@pytest.mark.parametrize("check", [*dict.fromkeys(check for room in TABLE.values() for check in room.values()), exact])
def test_a_fast_way_is_the_formula_in_front(check, problem):
    check(problem)


def test_every_fast_function_stands_in_the_table():
    for room, checks in TABLE.items():
        functions = [node.name for node in ast.parse(Path(room.__file__).read_text()).body if hasattr(node, "args")]
        missing = {name for name in functions if not name.startswith("_")} - set(checks)
        assert not missing, f"{room.__name__} has {missing}: add to TABLE which formula in front each of them equals"
    assert {file.stem for file in FAST.glob("[a-z]*.py")} == {room.__name__.rpartition(".")[2] for room in TABLE}
