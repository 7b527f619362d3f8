"""Functions that a reader wrote, in a figure: whatever they do is said in words, and the figure works again."""

import sys
import threading

import numpy as np
import pytest

import lsqcore.explore as fig
from lsqcore.explore.of_reader import OfReaderError, in_words, of_reader, time_limit

PANELS = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))


def forgets(theta):
    theta + 1


def mistaken(theta):
    return theta @ np.ones(5)


def endless(theta):
    while True:
        pass


def catches_all_but_the_end(theta):
    while True:
        try:
            theta = theta + 1
        except Exception:
            break


def endless_in_one_line(theta):
    return any(False for _ in iter(int, 1))


def deeper(theta):
    return endless(theta)


@pytest.mark.parametrize(
    ("function", "shape", "words"),
    [
        (forgets, (2,), "Your `forgets` gave None, expected 2 numbers: is a `return` missing?"),
        (forgets, (), "Your `forgets` gave None, expected one number: is a `return` missing?"),
        (mistaken, (2,), r"Your `mistaken` stopped in `return theta @ np.ones\(5\)` with ValueError: matmul.*"),
        (lambda theta: theta[:, None], (2,), r"Your `<lambda>` gave an array of shape \(2, 1\), expected 2 numbers\."),
        (lambda theta: theta, (2, 12), r"gave an array of shape \(2,\), expected 2 lists of 12 numbers\."),
        (lambda theta: 3.0, (2,), r"Your `<lambda>` gave 3.0, expected 2 numbers\."),
        (lambda theta: "two", (2,), r"Your `<lambda>` gave 'two', expected 2 numbers\."),
        (lambda theta: [1, [2]], (2,), r"Your `<lambda>` gave \[1, \[2\]\], expected 2 numbers\."),
        (lambda theta: theta * np.nan, (2,), "Your `<lambda>` gave nan, .*: a division by 0"),
        (lambda theta: 1 / 0, (2,), r"Your `<lambda>` stopped.* with ZeroDivisionError: division by zero\."),
    ],
)
def test_what_went_wrong_is_said(function, shape, words):
    with pytest.raises(OfReaderError, match=words):
        of_reader(function, shape)(np.zeros(2))


def test_what_is_right_comes_back_as_numbers():
    assert of_reader(lambda theta: list(theta), (2,))([1, 2]).tolist() == [1, 2]
    assert of_reader(lambda theta: np.inf * theta, (2,))(np.ones(2)).tolist() == [np.inf, np.inf]
    assert of_reader(lambda theta: 3, ())(np.ones(2)) == 3
    with pytest.raises(ValueError, match="3 came, expected a function: give its name, without brackets"):
        of_reader(3, ())


def test_what_a_reader_changes_in_place_is_a_copy():
    def in_place(theta):
        theta += 1
        return theta

    theta = np.zeros(2)
    assert of_reader(in_place, (2,))(theta).tolist() == [1, 1]
    assert theta.tolist() == [0, 0]


@pytest.fixture
def a_short_limit(monkeypatch):
    monkeypatch.setitem(in_words.__globals__, "SECONDS", 0.2)


@pytest.mark.usefixtures("a_short_limit")
@pytest.mark.parametrize("function", [endless, endless_in_one_line, catches_all_but_the_end, deeper])
@pytest.mark.parametrize("thread", ["main", "second"])
def test_a_loop_without_an_end_is_ended_in_any_thread(function, thread):
    said = []

    def call():
        with time_limit():
            try:
                of_reader(function, (2,))(np.zeros(2))
            except OfReaderError as error:
                said.append(str(error))

    before = sys.gettrace()
    if thread == "main":
        call()
    else:
        second = threading.Thread(target=call, daemon=True)
        second.start()
        second.join(60)
    name = function.__name__
    assert said == [f"Your `{name}` took longer than 0.2 seconds: does a loop in it never end?"]
    assert sys.gettrace() is before


@pytest.mark.usefixtures("a_short_limit")
def test_the_limit_is_for_all_calls_of_a_film():
    """A loop of a film that calls a slow function for each row would not end, either."""

    def slow(theta):
        threading.Event().wait(0.02)
        return theta

    def film():
        for row in range(1000):
            rows.append(row)
            of_reader(slow, (2,))(np.zeros(2))

    rows = []
    with time_limit(), pytest.raises(OfReaderError, match="Your `slow` took longer than"):
        film()
    assert len(rows) < 12
    with time_limit():
        of_reader(slow, (2,))(np.zeros(2))


def test_a_film_of_a_reader_s_function_is_there_with_its_words_and_works_again():
    broken = True

    def height(level):
        return None if broken else level

    def film(level):
        return dict(only=[fig.Dots([5], [of_reader(height, ())(level)])], caption=f"Level {level:g}.")

    explorer = fig.explore(PANELS, film, level=fig.slider(0, 10, value=5))
    assert explorer.error == "Your `height` gave None, expected one number: is a `return` missing?"
    assert explorer.caption == "There is no picture: see below what stopped it."
    assert explorer.pixels().shape == (680, 1920, 3)
    explorer.move(level=6)  # not raised: the words stand below the figure
    assert explorer.error.startswith("Your `height` gave None")
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == metadata["image/png"]["alt"] == explorer.error
    broken = False
    again = fig.explore(PANELS, film, level=fig.slider(0, 10, value=5))
    assert (again.error, again.caption) == ("", "Level 5.")


def test_in_words_names_the_values_and_the_line_of_the_film():
    def film(level):
        return 1 / level

    with pytest.raises(ZeroDivisionError) as caught:
        film(0)
    assert in_words(caught.value, film, dict(level=0, way="QR")) == (
        "At level 0 and way QR the film stopped with ZeroDivisionError: division by zero. Its line: return 1 / level"
    )
    assert in_words(KeyError("x"), print, {}) == "At the start the film stopped with KeyError: 'x'."
