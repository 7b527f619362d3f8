"""Numbers as readers write them, and where they stand along an axis."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import lsqcore.explore as fig
from lsqcore.explore.ticks import ticks, written

PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-", ",")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (-2, "−2"),
        (0.15, "0.15"),
        (0.1 + 0.2, "0.3"),
        (2.5, "2.5"),
        (1234.5, "1,230"),
        (999.6, "1,000"),
        (100_000, "100,000"),
        (-1_250_000, "−1,250,000"),
        (10_000_000, "10⁷"),
        (1.2e7, "1.2·10⁷"),
        (0.0001, "0.0001"),
        (4e-6, "4·10⁻⁶"),
        (-4.56e-6, "−4.56·10⁻⁶"),
        (9.999e-7, "10⁻⁶"),
        (1e23, "10²³"),
        (-1e23, "−10²³"),
        (1e-310, "10⁻³¹⁰"),
        (5e-324, "4.94·10⁻³²⁴"),
        (np.float64(0.5), "0.5"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
    ],
)
def test_numbers_are_written_as_readers_write_them(value, text):
    assert written(value) == text


def read(text: str) -> float:
    sign, mantissa, exponent = re.fullmatch(r"(−?)([\d,.]*)·?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text).groups()
    return float(f"{sign}{mantissa or 1}e{exponent or 0}".translate(PLAIN))


@given(st.floats(-1.79e308, 1.79e308))
def test_what_is_written_reads_back_to_three_digits(value):
    assert read(written(value)) == pytest.approx(value, rel=0.0051, abs=1e-323)


@given(st.integers(-9_999_999, 9_999_999))
def test_whole_numbers_read_back_whole(value):
    assert read(written(value, 7)) == value


limits = st.tuples(st.floats(-1e9, 1e9), st.floats(1e-12, 1e9)).map(lambda pair: (pair[0], pair[0] + pair[1]))
positive = st.tuples(st.floats(-12, 12), st.floats(0.05, 20)).map(lambda pair: (10 ** pair[0], 10 ** sum(pair)))


@given(st.one_of(st.tuples(limits, st.just(False)), st.tuples(positive, st.just(True))))
def test_an_axis_has_two_to_six_ascending_numbers(axis):
    (low, high), log = axis
    assume(high - low > 1e-9 * abs(low))
    places = ticks((low, high), log)
    assert 2 <= len(places) <= 6
    assert all(one < two for one, two in pairwise(places))
    room = 1e-6 * (high - low)
    assert low - room <= places[0]
    assert places[-1] <= high + room


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (((0.5, 5.5), False), ["1", "2", "3", "4", "5"]),
        (((-2, 2), False), ["−2", "−1", "0", "1", "2"]),
        (((0, 100_000), False), ["0", "20,000", "40,000", "60,000", "80,000", "100,000"]),
        (((0, 1e-13), False), ["0", "2·10⁻¹⁴", "4·10⁻¹⁴", "6·10⁻¹⁴", "8·10⁻¹⁴", "10⁻¹³"]),
        (((0.001, 10), True), ["0.001", "0.01", "0.1", "1", "10"]),
        (((1e-6, 1e3), True), ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰", "10²"]),
        (((1, 9), True), ["1", "2", "5"]),
        (((3, 4), True), ["3", "3.2", "3.4", "3.6", "3.8", "4"]),
    ],
)
def test_numbers_of_an_axis(axis, words):
    limits, log = axis
    panel = fig.Panel("A panel", "x", "y", limits, limits, log_x=log, log_y=log)
    assert [text for _, text in panel.ticks("x")] == [text for _, text in panel.ticks("y")] == words


def test_a_number_stands_where_its_value_does():
    panel = fig.Panel("A panel", "x", "y", (0, 10), (1, 1000), log_y=True)
    assert [place for place, _ in panel.ticks("x")] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert [place for place, _ in panel.ticks("y")] == pytest.approx([0, 1 / 3, 2 / 3, 1], abs=1e-9)


def test_an_x_axis_without_a_name_and_a_panel_without_axes_have_no_numbers():
    nameless = fig.Panel("A panel", "", "", (0, 10), (0, 10))
    assert nameless.ticks("x") == []
    assert nameless.ticks("y") != []
    turned = fig.Panel("A panel", "x", "y", (0, 10), (0, 10), axes=False)
    assert turned.ticks("x") == turned.ticks("y") == []


def test_long_numbers_have_room_beside_their_axis():
    short, long = (fig.Panel("A panel", "x", "y", (0, 1), (0, high)) for high in (1, 1_000_000))
    assert long.left - short.left == 8 * (len("1,000,000") - len("0.2"))


def test_captions_write_numbers_as_axes_do():
    assert (fig.written(-4.56e-6, 2), fig.written(100_000.0)) == ("−4.6·10⁻⁶", "100,000")
