"""The checks behind the exercises: what is right is accepted, a mistake is named, all else is answered in words."""

import inspect
import json
import re
import reprlib
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

import lsqcore
from lsqcore import practice
from lsqcore.practice.shared import feedback
from lsqcore.practice.shared.feedback import Feedback
from tests.practice_answers import ANSWERS, ERRORS, STRANGE, failing

CHECKS = {
    f"{name}.{function.__name__}": function
    for name in practice.__all__
    for _, function in inspect.getmembers(getattr(practice, name), inspect.isfunction)
    if function.__module__ == f"lsqcore.practice.{name}" and not function.__name__.startswith("_")
}
COMPARED = [name for name, check in CHECKS.items() if "compare" in check.__code__.co_names]
OF_FUNCTIONS = [name for name, check in CHECKS.items() if "call" in check.__code__.co_names]
WORDS = {1: "one digit", 2: "two digits", 3: "three digits"}

EXERCISES = '\nSee CONTRIBUTING.md, "The shape of a lesson".'
TABLE = "ANSWERS of tests/practice_answers.py"
MACHINERY = "lsqcore/practice/shared/feedback.py"


@cache
def questions() -> dict[str, list[tuple[Path, str]]]:
    """For each check the lessons that ask it, and the words of the question: the prose above the cell."""
    asked = {check: [] for check in CHECKS}
    for lesson in sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb")):
        for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                question = source
            else:
                for check in asked.keys() & set(re.findall(r"^practice\.(\w+\.\w+)\(", source, re.MULTILINE)):
                    asked[check].append((lesson, question))
    return asked


def numbered(check: str) -> str:
    """The check's name behind the number of its lesson, as the files of lessons are named."""
    return "_".join([*(lesson.name[:2] for lesson, _ in questions()[check]), check])


def ask(check: str, answer: object) -> Feedback:
    """Its feedback, which must come without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return CHECKS[check](answer)


def handed(check: str) -> tuple[object, Mapping[str, object], Mapping[str, object]]:
    """What a check hands to `compare`: the right answer, the mistakes, and how near is near enough."""
    with mock.patch.object(inspect.getmodule(CHECKS[check]), "compare") as compare:
        CHECKS[check](ANSWERS[check][0][0] if check in ANSWERS else ...)
    _, right, mistakes = compare.call_args.args
    return right, mistakes, compare.call_args.kwargs


def right_answers(check: str) -> list:
    return ANSWERS[check][0] if check in ANSWERS else [handed(check)[0]]


def numbers_of(check: str) -> list[np.ndarray]:
    """The accepted answers that are numbers or lists of numbers."""
    return [np.asarray(each) for each in right_answers(check) if not callable(each) and not isinstance(each, dict)]


def rounded(value: object, digits: int) -> np.ndarray:
    return np.vectorize(lambda number: float(f"{number:.{digits - 1}e}"))(value)


def expect_none(found: list[str], remedy: str) -> None:
    """A list for the eye in place of a traceback."""
    if found:
        pytest.fail("\n".join([*found, remedy]), pytrace=False)


def came(check: str, answer: object, said: object) -> str:
    shown = inspect.getsource(answer).strip() if inspect.isfunction(answer) else reprlib.repr(answer)
    return f"practice.{check} was given {shown}\n  and said: {said}"


each_check = pytest.mark.parametrize("check", CHECKS, ids=numbered)
each_that_compares = pytest.mark.parametrize("check", COMPARED, ids=numbered)
of_numbers = pytest.mark.parametrize("check", [each for each in CHECKS if each not in OF_FUNCTIONS], ids=numbered)


def test_a_module_is_found_by_itself(tmp_path: Path):
    """A file put into lsqcore/practice is a lesson's module; what they share stands in a folder."""
    package = shutil.copytree(Path(lsqcore.__file__).parent, tmp_path / "lsqcore")
    (package / "practice" / "my_lesson.py").write_text('"""Lesson 99."""\n\nANSWER = 42\n', encoding="utf-8")
    code = "from lsqcore import practice; print(practice.my_lesson.ANSWER, *practice.__all__)"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    answer, *names = run.stdout.split()
    assert answer == "42"
    assert sorted(names) == sorted(["my_lesson", *practice.__all__])
    assert "shared" not in names


def test_the_table_holds_checks_and_all_that_compare_no_numbers():
    gone = ANSWERS.keys() - CHECKS.keys()
    unknown = CHECKS.keys() - set(COMPARED).difference(OF_FUNCTIONS) - ANSWERS.keys()
    expect_none(
        [f"{check}: no check has this name" for check in gone]
        + [f"{check}: what is right, and what is wrong in which words?" for check in unknown],
        f"Give it in {TABLE}.",
    )


@each_check
def test_a_check_is_asked_in_one_lesson(check: str):
    lessons = [lesson.name for lesson, _ in questions()[check]]
    assert len(lessons) == 1, (
        f"practice.{check}(…) stands in {lessons or 'no lesson'}: an exercise belongs to one lesson, and what modules "
        f"share to lsqcore/practice/shared{EXERCISES}"
    )


@each_check
def test_dots_are_no_answer(check: str):
    for dots in [..., [..., ...]] if check not in OF_FUNCTIONS else [...]:
        said = ask(check, dots)
        assert said.right is None, came(check, dots, said) + f"\nThere is no answer yet: use what {MACHINERY} has."


@each_check
def test_right_answers_are_accepted(check: str):
    answers = [(answer, ask(check, answer)) for answer in right_answers(check)]
    expect_none([came(check, *pair) for pair in answers if not pair[1].right], f"It is right, says {TABLE}.")


@each_check
def test_mistakes_are_named(check: str):
    unnamed = []
    for answer, words in ANSWERS.get(check, ([], []))[1]:
        said = ask(check, answer)
        if said.right is not False or words not in str(said):
            unnamed.append(f"{came(check, answer, said)}\n  without the words {words!r}")
    expect_none(unnamed, f"A check names the usual mistakes: as a mistake of `compare`, or see {TABLE}.")


@each_check
def test_strange_answers_are_answered_in_words(check: str):
    failed = []
    for answer in STRANGE:
        try:
            said = ask(check, answer)
        except Exception as error:
            failed.append(came(check, answer, f"nothing, it stopped with {error!r}"))
        else:
            echoed = any(code in said.sentence for code in ("array(", "np.float", "Ellipsis"))
            if said.right is not False or len(said.sentence) < 20 or echoed:
                failed.append(came(check, answer, said))
    remedy = f"Nothing stops a check, and it says what came: read the answer by what {MACHINERY} has."
    expect_none(failed, remedy)


@of_numbers
def test_text_and_complex_numbers_are_no_answers(check: str):
    """Each right answer, as text and as complex numbers."""
    for answer in numbers_of(check):
        entries = answer.astype(float)
        texts = entries.astype(str)
        for text in (texts, texts.astype(object), texts.tolist(), entries.astype(bytes)):
            assert "text" in str(ask(check, text))
        for complex_numbers in (entries + 0j, (entries + 3j).astype(object), (entries + 0j).tolist()):
            assert "a complex number" in str(ask(check, complex_numbers))


@of_numbers
def test_all_real_numbers_are_numbers(check: str):
    """Each right answer in the other kinds of Python and NumPy, as list, tuple and array."""
    for answer in numbers_of(check):
        entries = answer.astype(float)
        for kind in (float, np.float64, np.longdouble, Fraction, lambda number: Decimal(repr(number))):
            converted = [kind(number) for number in entries.ravel().tolist()]
            for container in (list, tuple, np.array):
                given = container(converted) if entries.ndim else converted[0]
                said = ask(check, given)
                assert said.right, came(check, given, said)


@pytest.mark.parametrize("check", OF_FUNCTIONS, ids=numbered)
def test_a_function_that_fails_is_told_how(check: str):
    for error in ERRORS:
        assert f"{type(error).__name__}: {error}" in str(ask(check, failing(error)))


@each_that_compares
def test_every_mistake_is_told_from_the_right_answer_and_from_the_others(check: str):
    right, mistakes, settings = handed(check)
    digits = settings.get("digits")
    for answer in (right, rounded(right, digits)) if digits else (right,):
        assert feedback.compare(answer, right, mistakes, **settings).right
    for mistake, value in mistakes.items():
        for answer in (value, rounded(value, 3)):
            said = feedback.compare(answer, right, mistakes, **settings)
            assert str(said) == f"Almost: {mistake}", "two mistakes, or a mistake and the right answer, lie too near"


@each_that_compares
def test_the_question_says_how_many_digits_are_asked(check: str):
    _, _, settings = handed(check)
    wanted = {settings["digits"]} if "digits" in settings else set()
    for lesson, question in questions()[check]:
        asked = {digits for digits, words in WORDS.items() if words in question.lower()}
        assert asked == wanted, (
            f"{lesson.name} asks for {asked or 'all'} digits, practice.{check} for {wanted or 'all'}"
        )


def test_a_join_that_squares_the_condition_number_is_told_so():
    by_qr, _, by_cholesky = (
        str(ask("more_rows_than_memory.join", join)) for join in ANSWERS["more_rows_than_memory.join"][0]
    )
    assert "κ" not in by_qr
    assert "square κ" in by_cholesky


def test_right_angles_that_rounding_took_are_told_so():
    classical, modified, reflected, _ = (
        str(ask("direct_or_downhill.gram_schmidt", way)) for way in ANSWERS["direct_or_downhill.gram_schmidt"][0]
    )
    assert "κ²·10⁻¹⁶" in classical
    assert "κ·10⁻¹⁶" in modified
    assert "nothing is lost" in reflected


def test_the_praise_counts_the_floors_that_hold():
    """Lesson 14: its figures are the counts at the rates that the check tries."""
    right, _, said = handed("many_valleys.held")
    assert right[1:4] == [11, 8, 0]
    assert "11 floors up to the rate 0.00504, 8 at 0.00505, none at 0.0052" in said["praise"]
