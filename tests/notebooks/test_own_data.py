"""A reader who changes the data of a lesson and runs all cells is not stopped; what no longer holds says so."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from lsqcore import practice
from lsqcore.practice.shared.own_data import OPENING
from tests.notebooks import DOCUMENTS, LESSONS

#: A change of a lesson's data, on which some of its asserts depend. A lesson that is not named gets twice its target.
TWICE = ("\ny = ", "\ny = 2 * ")
CHANGES = {
    "00_start_here": ("[2.4, 5.1, 6.2, 9.6, 10.7]", "[2.4, 5.1, 6.2, 9.6, 3.7]"),
    "01_the_five_point_line": (
        "y = np.array([3.0, 5.0, 7.0, 9.0, 11.0])",
        "y = np.array([3.0, 5.2, 6.9, 9.1, 30.0])",
    ),
    "02_the_long_valley": (
        "x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])",
        "x = np.array([1.0, 2.0, 3.0, 4.0, 7.0])",
    ),
    "03_four_faults": ("y = 4 + 3 * x + draw.randn(1000)", "y = 4 + 3 * x + 3 * draw.randn(1000)"),
    "04_direct_or_downhill": ("np.array([6.0, 4.0, 5.0])", "np.array([6.0, 4.0, 8.0])"),
    "05_the_trigonometric_fit": ("0.05 * np.random.RandomState(0)", "0.05 * np.random.RandomState(7)"),
    "06_unequal_noise": ('food = families["foodexp"]', 'food = 2 * families["foodexp"]'),
    "07_shadows": ("y = np.array([1.0, 5.0, 3.0])", "y = np.array([1.5, 4.0, 3.0])"),
    "08_what_noise_does": (
        "truth = np.linspace(0, 4, 8), np.array([1.0, 2.0])",
        "truth = np.linspace(0, 3, 8), np.array([1.0, 2.5])",
    ),
    "09_gaussian_kernels": ("0.05 * np.random.RandomState(0)", "0.3 * np.random.RandomState(0)"),
    "10_one_sample_at_a_time": ("0.05 * np.random.RandomState(0)", "0.01 * np.random.RandomState(0)"),
    "12_more_rows_than_memory": ("0.3 + 0.6 * morning", "3 + 6 * morning"),
    "13_better_walkers": ("x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])", "x = np.array([1.0, 2.0, 3.0, 4.0, 7.0])"),
    "14_many_valleys": ("side, learning_rate = 5.12", "side, learning_rate = 4.0"),
    "15_fine_tuning": ("return 1 - x", "return 0.5 * x"),
    "16_audit_a_tutorial": ("np.array([0.0, 5.0, 4.0])", "np.array([0.0, 5.0, 7.0])"),
    "d0_large_models": ("y = 4 + 3 * x + draw.randn(1000)", "y = 4 + 3 * x + 3 * draw.randn(1000)"),
    "d1_five_points": ("y = np.array([3.0, 5.0, 7.0, 9.0, 11.0])", "y = np.array([3.0, 5.2, 6.9, 9.1, 11.3])"),
    "d2_direct_or_iterative": ("y = np.array([1.0, 2.0, 3.0])", "y = np.array([1.0, 2.5, 2.7])"),
    "d3_least_squares": ("0.05 * np.random.RandomState(0)", "0.05 * np.random.RandomState(7)"),
    "d4_gradient_descent": ("+ 2 + draw.rand(100, 1)", "+ 2 + 2 * draw.rand(100, 1)"),
}


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[InteractiveShell]:
    """What a kernel runs cells with, in this process: cheap."""
    config = Config(HistoryManager=dict(enabled=False))
    module = ModuleType("lesson")  # and not `__main__`, which belongs to the tests
    yield InteractiveShell.instance(config=config, ipython_dir=str(tmp_path), user_module=module)
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("path", LESSONS + DOCUMENTS, ids=lambda path: path.stem)
def test_a_lesson_goes_on_with_other_data(path: Path, shell: InteractiveShell, capsys, monkeypatch):
    monkeypatch.chdir(path.parent)
    before, after = CHANGES.get(path.stem, TWICE)
    sources = [f"\n{cell.source}" for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert sum(source.count(before) for source in sources) == 1, (
        f"{before!r} is to stand once in {path.name}: give in CHANGES what of its data a reader would change"
    )
    stopped = {}
    for number, source in enumerate(sources, start=1):
        result = shell.run_cell(source.replace(before, after))
        if not result.success:
            stopped[number] = result.error_in_exec or result.error_before_exec
    assert stopped == {}, f"with {after!r} in place of {before!r} these code cells of {path.name} stop a reader"
    said = capsys.readouterr().out
    assert OPENING in said, f"{after!r} changes nothing that an assert of {path.name} says: give another in CHANGES"


@pytest.fixture
def said(shell: InteractiveShell, capsys):
    """Run a cell in which asserts speak; its lines on the screen."""
    shell.run_cell("import numpy as np\nfrom lsqcore import practice\npractice.let_asserts_speak()")

    def run(source: str) -> list[str]:
        shell.run_cell(source).raise_error()
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        ("slope == 2", "  With yours: slope = 1.87123."),
        ("1 < slope < len(y) - 2", "  With yours: slope = 1.87123, len(y) - 2 = 1."),
        ("abs(slope - 2) < 1e-09", "  With yours: abs(slope - 2) = 0.128766."),
        ("slope > 2 and y[9] > 0", "  With yours: slope = 1.87123."),
        ("np.allclose(y, [3, 5, 7], rtol=0)", "  With yours: y = [3. 5. 7.125]."),
        ("(y < 7).all()", "  With yours: y < 7 = [ True True False]."),
        ("list(y) == [3, 5, 7]", "  With yours: list(y) = [3. 5. 7.125]."),
        ("(y[0], 'b') == 0", "  With yours: (y[0], 'b') = (3.0, 'b')."),
        ("len(y) == len([1, 2])", "  With yours: len(y) = 3."),
        ("not len(y)", "  With yours it does not."),
    ],
)
def test_an_assert_that_fails_says_what_it_found_and_the_cell_goes_on(fact: str, found: str, said):
    lines = said(f"slope, y = 1.8712341, np.array([3, 5, 7.125])\nassert {fact}\nprint('on')")
    assert lines == [f"{OPENING} {fact.partition(' and ')[0]}", found, "on"]  # the first half fails


def test_a_generator_is_not_shown(said):
    assert said("assert all(k < 2 for k in (1, 2))")[1] == "  With yours it does not."


def test_a_long_fact_and_what_it_found_are_cut(said):
    long = " + ".join(["number"] * 50)
    opening, found = said(f"number = 1\nassert {long} == 0")
    assert opening == f"{OPENING} {long[:99]}…"
    assert found == f"  With yours: {long[:39]}… = 50."
    _, found = said("many = list(range(100))\nassert many == 0")
    assert found == f"  With yours: many = {str(list(range(100)))[:79]}…."


def test_a_message_is_said(said):
    assert said("n = 3\nassert n == 4, f'{n} dots'") == [f"{OPENING} n == 4 (3 dots)", "  With yours: n = 3."]


def test_an_assert_that_holds_says_nothing(said):
    assert said("for k in (1, 2):\n    assert k and k < 3") == []


def test_in_a_loop_it_speaks_each_time(said):
    assert said("for k in (1, 2):\n    assert k < 2") == [f"{OPENING} k < 2", "  With yours: k = 2."]


def test_the_import_cell_may_run_twice(said):
    said("practice.let_asserts_speak()")
    assert len(said("assert 1 == 2")) == 2


def test_an_error_in_a_condition_is_an_error(said):
    with pytest.raises(NameError):
        said("assert nobody == 1")


def test_in_a_function_an_assert_raises_as_in_any_program(said):
    said("def half(n):\n    assert n % 2 == 0\n    return n // 2")
    with pytest.raises(AssertionError):
        said("half(3)")


def test_outside_a_notebook_nothing_changes():
    practice.let_asserts_speak()
    with pytest.raises(AssertionError):
        exec("assert 1 == 2")
