"""The checks behind the exercises: strange answers are answered in words, and every mistake has a name of its own."""

import inspect

import numpy as np
import pytest

from lsqcore import practice
from lsqcore.practice import feedback
from lsqcore.practice.feedback import Feedback

CHECKS = {
    f"{name}.{function.__name__}": (getattr(practice, name), function)
    for name in practice.__all__
    for _, function in inspect.getmembers(getattr(practice, name), inspect.isfunction)
    if function.__module__ == f"lsqcore.practice.{name}" and not function.__name__.startswith("_")
}
STRANGE = [
    None,
    np.nan,
    [np.nan, 1.0],
    np.inf,
    -1e308,
    "",
    "a quarter",
    "0.25",
    b"1",
    True,
    1j,
    [],
    [[]],
    [1, [2, 3]],
    {},
    {"a": 1},
    object(),
    np.ones((2, 2, 2)),
    np.ones(1000),
    np.array(["a"]),
    len,
    lambda *anything: None,
    lambda *anything: np.nan,
    lambda: 1 / 0,
]


class NumberOrFunction(float):
    """An answer to a check that wants a number, and to one that wants a function."""

    def __call__(self, *arguments):
        return float(self)


@pytest.mark.parametrize("check", CHECKS)
def test_dots_are_no_answer(check):
    _, function = CHECKS[check]
    answers = [...] * len(inspect.signature(function).parameters)
    assert function(*answers).right is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", STRANGE, ids=lambda answer: type(answer).__name__)
def test_strange_answers_are_answered_in_words(check, answer):
    _, function = CHECKS[check]
    found = function(*[answer] * len(inspect.signature(function).parameters))
    assert isinstance(found, Feedback)
    assert found.right is False
    assert len(repr(found)) > 10


def test_a_number_is_no_text():
    assert feedback.compare(0.25, 0.25, {}).right
    assert feedback.compare("0.25", 0.25, {}).right is False


@pytest.mark.parametrize("check", [name for name, (_, check) in CHECKS.items() if "compare" in check.__code__.co_names])
def test_every_mistake_is_told_from_the_right_answer_and_from_the_others(check, monkeypatch):
    module, function = CHECKS[check]
    compared = []

    def listen(answer, right, mistakes, **settings):
        compared.append((right, mistakes, settings))
        return feedback.compare(answer, right, mistakes, **settings)

    monkeypatch.setattr(module, "compare", listen)
    function(*[NumberOrFunction(0.123)] * len(inspect.signature(function).parameters))
    assert compared
    for right, mistakes, settings in compared:
        assert feedback.compare(right, right, mistakes, **settings).right
        for mistake, value in mistakes.items():
            found = feedback.compare(value, right, mistakes, **settings)
            assert not found.right
            if np.shape(value) == np.shape(right):
                assert str(found) == f"Almost: {mistake}"
