"""Sliders, the playhead and predictions: what they hold, and what they refuse in words."""

import numpy as np
import pytest

import lsqcore.explore as fig
from lsqcore.practice.shared.prediction import predict

PANELS = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))


def test_slider_has_equal_steps():
    slider = fig.slider(-1, 3, steps=8)
    np.testing.assert_allclose(np.diff(slider.values), 0.5)
    assert (slider.values[0], slider.values[-1]) == (-1, 3)
    assert slider.values[slider.start] == 1  # the middle
    assert slider.labels[0] == "−1"


def test_logarithmic_slider_has_equal_factors():
    slider = fig.slider(0.01, 100, log=True, steps=4)
    np.testing.assert_allclose(slider.values, [0.01, 0.1, 1, 10, 100])
    assert slider.values[slider.start] == pytest.approx(1)


@pytest.mark.parametrize("log", [False, True])
def test_start_is_exact_and_the_others_stay_in_order(log):
    slider = fig.slider(0.1, 0.2, log=log, value=0.123456789)
    assert slider.values[slider.start] == 0.123456789
    assert list(slider.values) == sorted(slider.values)
    assert len(slider.values) == 101


def test_mark_lies_where_its_value_does():
    assert fig.slider(0, 10, mark=2.5).mark == pytest.approx(25)
    slider = fig.slider(1, 100, log=True, mark=10 ** (1 / 3), mark_label="best")
    assert slider.mark == pytest.approx(100 / 6)
    assert slider.mark_label == "best 2.154"


def test_position_is_the_nearest():
    slider = fig.slider(0, 1, steps=10)
    assert [slider.position(value) for value in (0, 0.3, 0.34, 1)] == [0, 3, 3, 10]
    for outside in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="expected a value from 0 to 1, but"):
            slider.position(outside)


def test_choices_keep_their_order():
    slider = fig.choice_slider(["ridge", "early stopping"], value="early stopping")
    assert (slider.start, slider.position("ridge")) == (1, 0)
    with pytest.raises(ValueError, match="expected a value from ridge to early stopping, but 'lasso' came"):
        slider.position("lasso")
    assert fig.choice_slider([1, 3, 31], value=31).labels == ("1", "3", "31")
    assert fig.choice_slider([0.12345, 11556]).labels == ("0.1235", "11,556"), "a whole number is written whole"


def test_playhead_counts_rows_and_names_iterations():
    assert fig.playhead(3).labels == ("0", "1", "2", "3")
    assert fig.playhead([0, 10, 11556], start=2).labels == ("0", "10", "11,556")
    assert fig.playhead(["spring", "autumn"]).labels == ("spring", "autumn")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: fig.slider(2, 1), "a slider needs finite low < high, but 2 and 1 came"),
        (lambda: fig.slider(1, 1), "a slider needs finite low < high, but 1 and 1 came"),
        (lambda: fig.slider(1, np.inf, log=True), "a slider needs finite low < high, but 1 and inf came"),
        (lambda: fig.slider(np.nan, 1), "a slider needs finite low < high"),
        (lambda: fig.slider(0, 1, log=True), "a logarithmic slider needs a low end above 0, but 0 came"),
        (lambda: fig.slider(-1, 1, log=True), "a logarithmic slider needs a low end above 0, but -1 came"),
        (lambda: fig.slider(0, 1, steps=0), "steps is 0, expected a whole number of at least 1"),
        (lambda: fig.slider(0, 1, steps=2.5), "steps is 2.5, expected a whole number of at least 1"),
        (lambda: fig.slider("a", 1), "a slider needs finite low < high, but a and 1 came"),
        (lambda: fig.slider(0, 1, value="a"), "value is a, but the slider goes from 0 to 1"),
        (lambda: fig.slider(0, 1, value=2), "value is 2, but the slider goes from 0 to 1"),
        (lambda: fig.slider(0.1, 1, log=True, mark=2), "mark is 2, but the slider goes from 0.1 to 1"),
        (lambda: fig.slider(0, 1, value=np.nan), "value is nan, but the slider goes from 0 to 1"),
        (lambda: fig.choice_slider([]), r"a choice slider needs .* ascending numbers, but \[\] came"),
        (lambda: fig.choice_slider(3), "a choice slider needs .* ascending numbers, but 3 came"),
        (lambda: fig.choice_slider("QR"), "a choice slider needs .* ascending numbers, but 'QR' came"),
        (lambda: fig.choice_slider([1, None]), r"ascending numbers, but \[1, None\] came"),
        (lambda: fig.choice_slider([[1], [2]]), r"ascending numbers, but \[\[1\], \[2\]\] came"),
        (lambda: fig.choice_slider([1, np.nan]), r"ascending numbers, but \[1, nan\] came"),
        (lambda: fig.choice_slider(["a", "a"]), r"different names or ascending numbers, but \['a', 'a'\] came"),
        (lambda: fig.choice_slider([3, 1]), r"ascending numbers, but \[3, 1\] came"),
        (lambda: fig.choice_slider(["a", "b"], value="c"), r"value is 'c', expected one of \('a', 'b'\)"),
        (lambda: fig.choice_slider([1, "two"]), r"names or ascending numbers, but \[1, 'two'\] came"),
        (lambda: fig.playhead([]), r"a playhead needs at least one row, but iterations \[\] came"),
        (lambda: fig.playhead(-1), "a playhead needs at least one row, but iterations -1 came"),
        (lambda: fig.playhead(5, start=6), "start is row 6, but the playhead has the rows 0 … 5"),
        (lambda: fig.playhead(5, start=-1), "start is row -1, but the playhead has the rows 0 … 5"),
        (lambda: fig.playhead(5, start="a"), "start is row a, but the playhead has the rows 0 … 5"),
        (lambda: fig.playhead(5, seconds=0), "seconds is 0, expected a number above 0"),
        (lambda: predict("?", "many"), "answer is 'many', expected a finite number, or choices"),
        (lambda: predict("?", np.nan), "answer is nan, expected a finite number"),
        (
            lambda: predict("?", "c", choices={"a": "No.", "b": "Yes."}),
            "answer is 'c', expected one of the choices a, b",
        ),
        (
            lambda: predict("?", "a", choices={"a": "Yes."}, because="So it is."),
            "because is for a number: with choices, each of them has its own sentence",
        ),
        (lambda: predict("?", 1, axis="z"), "axis is 'z', expected 'x' or 'y'"),
    ],
)
def test_what_cannot_be_moved_or_asked_is_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_browser_gets_the_controls_and_the_question():
    explorer = fig.explore(
        PANELS,
        lambda learning_rate, way, point: dict(only=[fig.Dots([point], [5], drag="point")], caption=f"By {way}."),
        prediction=predict("How high?", np.float64(5), unit="m", panel="only", axis="y", because="It is so."),
        height=120,
        learning_rate=fig.slider(0, 10, value=3, mark=5),
        iteration=fig.playhead(2, start=1, seconds=3),
        way=fig.choice_slider(["QR", "SVD"], label="which way"),
        point=fig.handle(1, 5, moves="x", step=0.5, xlim=(0, 10), ylim=(0, 10)),
    )
    rate, way = explorer.scene["sliders"]
    assert (rate["label"], rate["start"], rate["mark"], rate["markLabel"]) == ("learning rate", 30, 50, "limit 5")
    assert (rate["name"], len(rate["values"]), rate["values"][30]) == ("learning_rate", 101, 3)
    assert (way["label"], way["labels"], way["start"], way["mark"]) == ("which way", ["QR", "SVD"], 0, None)
    playhead = explorer.scene["playhead"]
    assert (playhead["name"], playhead["label"], playhead["labels"]) == ("iteration", "iteration", ["0", "1", "2"])
    assert (playhead["values"], playhead["start"], playhead["seconds"]) == ([0, 1, 2], 1, 3)
    [point] = explorer.scene["handles"]
    assert point == dict(
        name="point",
        label="point",
        moves="x",
        step=0.5,
        many=False,
        count=1,
        start=1.0,
        limits=dict(x=[0, 10], y=[0, 10]),
    )
    prediction = explorer.scene["prediction"]
    assert (prediction["question"], prediction["answer"], prediction["unit"]) == ("How high?", 5.0, "m")
    assert (prediction["panel"], prediction["axis"], prediction["because"]) == ("only", "y", "It is so.")
    assert (prediction["choices"], prediction["hides"]) == ([], ())


AREA = dict(xlim=(0, 10), ylim=(-1, 1))


@pytest.mark.parametrize(
    ("handle", "first", "given_place", "held"),
    [
        (fig.handle(1, 0, moves="x", **AREA), 1.0, 12, 10.0),
        (fig.handle(1, 0.5, moves="y", **AREA), 0.5, -7, -1.0),
        (fig.handle(1, 0, **AREA), (1.0, 0.0), [-3, 0.25], (0.0, 0.25)),
        (fig.handle([1, 2], 0, moves="x", **AREA), (1.0, 2.0), np.array([11, -1]), (10.0, 0.0)),
        (fig.handle([1, 2], [0, 1], moves="y", **AREA), (0.0, 1.0), (0.1 + 0.2, 3), (0.3, 1.0)),
        (fig.handle([1, 2], 0, **AREA), ((1.0, 0.0), (2.0, 0.0)), [[5, 5], [-5, -5]], ((5.0, 1.0), (0.0, -1.0))),
    ],
)
def test_a_handle_is_held_within_its_limits(handle, first, given_place, held):
    assert handle.first == first
    assert handle.nearest(given_place) == held
    assert handle.nearest(first) == first


@pytest.mark.parametrize("came", [(1,), (1, 2, 3), "here", np.nan, (np.inf, 0), ((1, 2), (3, 4)), None])
def test_a_place_of_another_shape_is_refused(came):
    with pytest.raises((ValueError, TypeError)):
        fig.handle(1, 0, **AREA).nearest(came)


@pytest.mark.parametrize(
    ("given_options", "message"),
    [
        (dict(x=np.nan), r"a handle needs finite numbers or \(points,\)"),
        (dict(x=[[1, 2]], y=[[1, 2]]), r"a handle needs .* but x of \(1, 2\) and y of \(1, 2\) came"),
        (dict(moves="z"), "moves is 'z', expected 'x', 'y' or 'xy'"),
        (dict(step=0), "step is 0, expected a number above 0"),
        (dict(step=np.nan), "step is nan, expected a number above 0"),
        (dict(x=11), r"x is 11.0, but the handle goes from 0 to 10"),
        (dict(y=[0, 2]), r"y is \[0.0, 2.0\], but the handle goes from -1 to 1"),
        (dict(ylim=3), "ylim is 3, expected finite low < high"),
        (dict(xlim=(1, 1)), r"xlim is \(1, 1\), expected finite low < high"),
    ],
)
def test_a_handle_that_cannot_be_is_refused_in_words(given_options, message):
    with pytest.raises(ValueError, match=message):
        fig.handle(**dict(x=1, y=0, **AREA) | given_options)
