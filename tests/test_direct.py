"""Direct solvers: theory, peers, certified values, exact fractions."""

import json
import tracemalloc
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg

import lsqcore as lsq
from lsqcore import direct
from lsqcore.fast.digits import exact as digits_of
from tests.close import assert_close

NIST = Path(__file__).parents[1] / "notebooks" / "data" / "nist"
SOLVERS = [lsq.normal_equations, lsq.qr, lsq.svd, lsq.solve]


def spectrum_problem(rng, rows, columns, kappa, noise=0.1):
    """Singular values from 1 down to 1/κ in random directions; the residual is `noise` times the fitted part."""
    left = np.linalg.qr(rng.normal(size=(rows, columns)))[0]
    right = np.linalg.qr(rng.normal(size=(columns, columns)))[0]
    design = left * np.logspace(0, -np.log10(kappa), columns) @ right
    fitted, error = design @ rng.normal(size=columns), rng.normal(size=rows)
    error -= left @ (left.T @ error)
    return design, fitted + noise * np.linalg.norm(fitted) / np.linalg.norm(error) * error


def exact_solution(design, target, weights=None):
    """The minimiser in fractions, by elimination on the normal equations, which lose nothing there."""
    weights = np.ones(len(target)) if weights is None else weights
    rows = [[Fraction(value) for value in row] for row in np.column_stack([design, target])]
    size = len(rows[0]) - 1
    system = [
        [sum(Fraction(w) * row[j] * row[k] for w, row in zip(weights, rows, strict=True)) for k in range(size + 1)]
        for j in range(size)
    ]
    for pivot in range(size):
        system[pivot] = [value / system[pivot][pivot] for value in system[pivot]]
        for other in range(size):
            if other != pivot:
                factor = system[other][pivot]
                system[other] = [a - factor * b for a, b in zip(system[other], system[pivot], strict=True)]
    return [row[-1] for row in system]


def digits(theta, exact):
    """Right digits of the worst parameter: −log₁₀ of the relative error, at most 16."""
    errors = [abs(Fraction(value) - truth) / abs(truth) for value, truth in zip(theta.tolist(), exact, strict=True)]
    return min(16.0, *(-np.log10(float(error)) if error else 16.0 for error in errors))


def nist(name):
    """(problem, the file): the design as float64, powers rounded once."""
    data = json.loads((NIST / f"{name}.json").read_text())
    x, y = np.array(data["x"], dtype=float), np.array(data["y"], dtype=float)
    if data["model"].startswith("poly"):
        design = lsq.polynomial(x[0], int(data["model"][4:]))
    else:
        design = np.column_stack([np.ones(len(y)), *x])
    return lsq.LeastSquares(design, y), data


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("shape", [(30, 4), (500, 20), (5000, 3), (6, 6), (1, 1)])
@pytest.mark.parametrize("weighted", [False, True])
def test_solvers_agree_with_numpy(solver, shape, weighted, seed):
    rng = np.random.default_rng([shape[0], seed])
    design, target = rng.normal(size=shape), rng.normal(size=shape[0])
    weights = rng.uniform(0.1, 2, shape[0]) if weighted else np.ones(shape[0])
    root = np.sqrt(weights)
    peer = np.linalg.lstsq(design * root[:, None], target * root, rcond=None)[0]
    problem = lsq.LeastSquares(design, target, weights if weighted else None)
    found = solver(problem)
    assert_close(found.theta, peer, rtol=1e-9, atol=1e-12)
    assert_close(found.loss, problem.loss(found.theta), rtol=1e-10, atol=1e-24)
    assert found.rank == shape[1]
    assert_close(design.T @ (weights * found.residual), 0, atol=1e-10)


@pytest.mark.parametrize("solver", [lsq.svd, lsq.solve])
@pytest.mark.parametrize("shape", [(60, 5), (5, 9), (4000, 5), (4, 4)])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_shortest_of_many_minimisers(solver, shape, weighted, seed):
    rng = np.random.default_rng([3, seed])
    design = rng.normal(size=(shape[0], 3)) @ rng.normal(size=(3, shape[1]))
    target = rng.normal(size=shape[0])
    weights = rng.uniform(0.5, 2, shape[0]) if weighted else np.ones(shape[0])
    root = np.sqrt(weights)
    peer = np.linalg.lstsq(design * root[:, None], target * root, rcond=1e-10)[0]
    found = solver(lsq.LeastSquares(design, target, weights if weighted else None))
    assert found.rank == 3
    assert_close(found.theta, peer, atol=1e-9)


def test_the_shortest_minimiser_is_the_one_of_the_unscaled_theta(seed):
    rng = np.random.default_rng([4, seed])
    first, second = rng.normal(size=(2, 50))
    design = np.column_stack([first, 1000 * first, second])
    found = lsq.solve(lsq.LeastSquares(design, 2 * first - second))
    assert found.rank == 2
    assert_close(found.theta, [2 / (1 + 1e6), 2000 / (1 + 1e6), -1], rtol=1e-7)


@pytest.mark.parametrize("solver", [lsq.normal_equations, lsq.qr])
def test_a_method_that_cannot_answer_names_the_way_out(solver):
    design = np.ones((9, 3)) * np.arange(9)[:, None]
    with pytest.raises(np.linalg.LinAlgError, match="svd"):
        solver(lsq.LeastSquares(design, np.arange(9)))
    with pytest.raises(np.linalg.LinAlgError, match="svd"):
        solver(lsq.LeastSquares(np.eye(3, 5), [1, 2, 3]))


def test_normal_equations_lose_two_digits_where_qr_loses_one(seed):
    """The slope of log₁₀ of the error over log₁₀κ, from the medians of 199 problems at both ends."""
    rng = np.random.default_rng([5, seed])
    for solver, lost in ((lsq.normal_equations, 2), (lsq.qr, 1)):
        errors = []
        for power in (3, 7):
            truth = [lsq.LeastSquares(design, design @ np.ones(6)) for design in designs(rng, 10.0**power)]
            errors.append(np.log10(np.median([np.linalg.norm(solver(problem).theta - 1) for problem in truth])))
        assert_close((errors[1] - errors[0]) / 4, lost, atol=0.75)


def designs(rng, kappa):
    return [spectrum_problem(rng, 30, 6, kappa)[0] for _ in range(199)]


def test_truncated_svd_drops_what_is_stretched_too_little(seed):
    rng = np.random.default_rng([6, seed])
    design, target = spectrum_problem(rng, 40, 5, 1e4)
    left, stretch, right = np.linalg.svd(design, full_matrices=False)
    found = lsq.svd(lsq.LeastSquares(design, target), rtol=0.05)
    assert found.rank == 2
    assert_close(found.theta, right[:2].T @ (left[:, :2].T @ target / stretch[:2]), rtol=1e-10)


@pytest.mark.parametrize("noise", [0.0, 1e-3, 1.0])
@pytest.mark.parametrize("power", [1, 3, 4, 5, 6, 8, 10, 12])
def test_solve_is_as_exact_as_the_libraries_that_people_use(power, noise):
    """Over 40 draws; on the processors tried the medians differ by at most 1.7 times, the worst by 2.6."""
    rng = np.random.default_rng(100 * power + int(noise))
    errors = []
    for _ in range(40):
        design, target = spectrum_problem(rng, 300, 12, 10.0**power, noise)
        problem = lsq.LeastSquares(design, target)
        found = lsq.solve(problem)
        truth = lsq.refine(problem, found).theta
        answers = [
            found.theta,
            np.linalg.lstsq(design, target, rcond=None)[0],
            scipy.linalg.lstsq(design, target, lapack_driver="gelsy")[0],
        ]
        errors.append([np.linalg.norm(theta - truth) / np.linalg.norm(truth) for theta in answers])
    ours, *peers = np.median(errors, axis=0)
    assert ours <= 2.5 * max(peers)
    ours, *peers = np.max(errors, axis=0)
    assert ours <= 10 * max(peers)


@pytest.mark.parametrize("deficient", [False, True])
def test_solve_needs_little_memory_beyond_the_design(deficient):
    rng = np.random.default_rng(7)
    design, target = rng.normal(size=(200_000, 10)), rng.normal(size=200_000)
    if deficient:
        design[:, 3] = design[:, 1] + design[:, 2]
    problem = lsq.LeastSquares(design, target)
    tracemalloc.start()
    found = lsq.solve(problem)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.rank == 10 - deficient
    assert peak <= 0.15 * design.nbytes  # the residual at θ is a tenth of it


@pytest.mark.parametrize("name", ["Norris", "Filip", "Longley", "Wampler1", "Wampler2", "Wampler3"])
def test_refine_has_every_digit_of_the_certified_problems(name):
    problem, data = nist(name)
    exact = [Fraction(value) for value in data["exact"]["coef_rounded_X"]]
    assert exact_matches(exact, exact_solution(problem.design, problem.target))
    for solver in (lsq.solve, lsq.qr, lsq.svd):
        assert digits(lsq.refine(problem, solver(problem)).theta, exact) >= 15.5


def exact_matches(stored, computed):
    """Thirty stored digits against fractions from the design as it stands here."""
    return all(abs(a - b) <= abs(b) * Fraction(1, 10**28) for a, b in zip(stored, computed, strict=True))


@pytest.mark.parametrize("name", ["Norris", "Longley", "Wampler3"])
def test_standard_errors_are_the_certified_ones(name):
    problem, data = nist(name)
    found = lsq.refine(problem, lsq.solve(problem)).standard_errors
    assert_close(found, np.array(data["certified"]["sd"], dtype=float), rtol=1e-9)


def test_standard_errors_are_the_spread_of_theta_when_the_noise_is_drawn_anew(seed):
    """θ = Ay with a column of A for each unit of noise, so the noise σᵢ spreads it by √Σ(Aⱼᵢσᵢ)²; s stands for σ√wᵢ."""
    rng = np.random.default_rng([8, seed])
    design, sigma, target = rng.normal(size=(60, 3)), rng.uniform(0.5, 3, 60), rng.normal(size=60)
    units = [lsq.solve(lsq.LeastSquares(design, unit, 1 / sigma**2)).theta for unit in np.eye(60)]
    found = lsq.solve(lsq.LeastSquares(design, target, 1 / sigma**2))
    told = np.sqrt(2 * 60 * found.loss / 57)  # s² = Σ wᵢrᵢ²/(n − p)
    assert_close(found.standard_errors, told * np.linalg.norm(sigma[:, None] * units, axis=0), rtol=1e-11)


def test_standard_errors_of_a_penalised_problem_are_refused():
    problem = lsq.LeastSquares(lsq.line([1, 2, 3, 4]), [1, 1, 3, 5])
    with pytest.raises(ValueError, match="with_ridge"):
        _ = lsq.solve(problem.with_ridge(0.1)).standard_errors
    assert "ridge" in repr(problem.with_ridge(0.0))
    assert "ridge" not in repr(problem)


def test_standard_errors_agree_with_statsmodels(seed):
    import statsmodels.api

    rng = np.random.default_rng([9, seed])
    design, target, weights = rng.normal(size=(40, 4)), rng.normal(size=40), rng.uniform(0.5, 2, 40)
    found = lsq.solve(lsq.LeastSquares(design, target, weights)).standard_errors
    assert_close(found, statsmodels.api.WLS(target, design, weights).fit().bse, rtol=1e-10)


@pytest.mark.parametrize("power", [2, 6, 10, 13])
@pytest.mark.parametrize("noise", [0.0, 1e-3, 1e3])
@pytest.mark.parametrize("weighted", [False, True])
def test_refine_against_fractions(power, noise, weighted, seed):
    rng = np.random.default_rng([power, seed])
    design, target = spectrum_problem(rng, 25, 4, 10.0**power, noise)
    weights = rng.uniform(0, 2, 25) if weighted else None
    problem = lsq.LeastSquares(design, target, weights)
    found = lsq.refine(problem, lsq.svd(problem))
    assert digits(found.theta, exact_solution(design, target, weights)) >= 15.5


@pytest.mark.parametrize(("kappa", "rounds"), [(10.0, 2), (1e10, 5)])
def test_refine_wins_the_digits_that_it_says_in_each_round(kappa, rounds, seed, monkeypatch):
    """From 16 − log₁₀κ right digits on as many more a round, and one round to see that no more are to be won."""
    steps = []
    monkeypatch.setattr(direct, "exact", lambda numbers: steps.append(np.ndim(numbers)) or digits_of(numbers))
    design, target = spectrum_problem(np.random.default_rng([12, seed]), 25, 4, kappa, noise=1.0)
    problem = lsq.LeastSquares(design, target)
    lsq.refine(problem, lsq.svd(problem))
    assert (len(steps) - 4) / 2 <= rounds  # 4 for the problem and its θ, then for θ and d


def test_refine_says_so_where_no_theta_is_the_only_one():
    problem = lsq.LeastSquares(np.ones((5, 2)), np.arange(5.0))
    with pytest.raises(np.linalg.LinAlgError, match="rank 1 of 2"):
        lsq.refine(problem, lsq.svd(problem))


@pytest.mark.parametrize("draw", [0, 2, 4, 36, 38, 56])
def test_refine_where_the_sums_of_the_residual_cancel(draw):
    x = np.round(np.random.default_rng(draw).uniform(10, 20, 30), 2)
    design = lsq.polynomial(x, 11)
    problem = lsq.LeastSquares(design, design.sum(axis=1))
    exact = exact_solution(problem.design, problem.target)
    assert digits(lsq.refine(problem, lsq.solve(problem)).theta, exact) >= 15.5


@pytest.mark.parametrize("solver", [lsq.solve, lsq.svd, lsq.qr, lsq.refine, lsq.stream_qr])
def test_rows_that_weigh_nothing_or_come_again_change_no_rank(solver):
    """Two columns that differ by 2·10⁻¹²: too little for n·eps once n is 10⁵, more than enough for the triangle."""
    rng = np.random.default_rng(0)
    first = rng.normal(size=1000)
    design = np.column_stack([first, first + 2e-12 * rng.normal(size=1000)])
    few = design, 1e9 * (design[:, 1] - design[:, 0]), np.ones(1000)
    idle = (
        np.concatenate([design, np.ones((10**5, 2))]),
        np.append(few[1], np.ones(10**5)),
        np.append(few[2], np.zeros(10**5)),
    )
    again = np.tile(design, (100, 1)), np.tile(few[1], 100), np.ones(10**5)
    for rows in (few, idle, again):
        if solver is lsq.stream_qr:
            found = solver([rows])
        elif solver is lsq.refine:
            found = solver(lsq.LeastSquares(*rows), lsq.qr(lsq.LeastSquares(*rows)))
        else:
            found = solver(lsq.LeastSquares(*rows))
        assert found.rank == lsq.LeastSquares(*rows).rank == 2
        assert_close(found.theta, [-1e9, 1e9], rtol=1e-2)


@pytest.mark.parametrize("rows", [8, 1000, 10**5])
def test_a_column_that_depends_on_another_is_found_however_many_rows(rows, seed):
    rng = np.random.default_rng([1, seed])
    first = rng.normal(size=rows)
    for solver in (lsq.solve, lsq.svd):
        assert solver(lsq.LeastSquares(np.column_stack([first, 3 * rng.normal() * first]), first)).rank == 1


def test_a_solution_says_that_directions_were_dropped_and_what_cures_it():
    moment = 1.7e12 + np.arange(3600.0)
    height = 1e-3 * (moment - 1.7e12) ** 2 + moment - 1.7e12 + 3
    dropped = repr(lsq.solve(lsq.LeastSquares(lsq.polynomial(moment, 2), height)))
    assert "rank=2 of 3: the shortest of many" in dropped
    assert "Center the inputs" in dropped
    whole = repr(lsq.solve(lsq.LeastSquares(lsq.polynomial(moment - moment.mean(), 2), height)))
    assert "rank=3, " in whole
    truncated = repr(lsq.svd(lsq.LeastSquares(np.diag([1.0, 0.01]), [1, 1]), rtol=0.1))
    assert "rank=1 of 2, " in truncated  # as asked for


def test_refine_of_nothing_is_nothing():
    design = np.random.default_rng(1).normal(size=(9, 3))
    elsewhere = lsq.solve(lsq.LeastSquares(design, design[:, 0]))
    assert np.abs(lsq.refine(lsq.LeastSquares(design, np.zeros(9)), elsewhere).theta).max() < 1e-90


@pytest.mark.parametrize("scale", [1e-50, 1e50])
def test_standard_errors_follow_the_scale_of_the_target(scale, seed):
    rng = np.random.default_rng(seed)
    design, target, weights = rng.normal(size=(40, 3)), rng.normal(size=40), rng.uniform(0.5, 2, 40)
    one = lsq.solve(lsq.LeastSquares(design, target, weights)).standard_errors
    other = lsq.solve(lsq.LeastSquares(design, target * scale, weights)).standard_errors
    assert_close(other, one * scale, rtol=1e-12)
