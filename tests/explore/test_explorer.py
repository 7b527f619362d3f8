"""Sliders, films and what a notebook stores of them, without a browser."""

import threading
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from lsqcore.explore import (
    Curve,
    Dots,
    Explorer,
    Panel,
    Trail,
    choice_slider,
    explore,
    linear_slider,
    log_slider,
    picture,
    playhead,
    predict,
)
from lsqcore.explore.scene import STEPS_PER_PANEL, encode_film
from tests.browser.example import DESCENT_PANELS, descent

PANELS = dict(only=Panel("A panel", "x", "y", (0, 10), (0, 10)))


def film(level=5.0, shape="circle"):
    return dict(only=[Dots([5], [level], shape=shape)], caption=f"A {shape} at level {level:g}.")


def small(film=film, **controls):
    return explore(PANELS, film, height=120, **controls or dict(level=linear_slider(0, 10)))


def as_drawn(explorer: Explorer) -> list[np.ndarray]:
    """x and y of each mark in panel coordinates, from the bytes that a browser gets."""
    values = np.frombuffer(explorer.film, dtype="<i2") / STEPS_PER_PANEL + 0.5
    pieces, offset = [], 0
    for mark in explorer.marks:
        for rows, points in (mark["x"], mark["y"]):
            pieces.append(values[offset : offset + rows * points].reshape(rows, points))
            offset += rows * points
    assert offset == len(values)
    return pieces


class TestSliders:
    def test_linear_slider_has_equal_steps(self):
        slider = linear_slider(-1, 3, steps=8)
        np.testing.assert_allclose(np.diff(slider.values), 0.5)
        assert (slider.values[0], slider.values[-1]) == (-1, 3)
        assert slider.values[slider.start] == 1  # the middle
        assert slider.labels[0] == "-1"

    def test_log_slider_has_equal_factors(self):
        slider = log_slider(0.01, 100, steps=4)
        np.testing.assert_allclose(slider.values, [0.01, 0.1, 1, 10, 100])
        assert slider.values[slider.start] == pytest.approx(1)

    @pytest.mark.parametrize("make", [linear_slider, log_slider])
    def test_start_is_exact_and_the_others_stay_in_order(self, make):
        slider = make(0.1, 0.2, value=0.123456789)
        assert slider.values[slider.start] == 0.123456789
        assert list(slider.values) == sorted(slider.values)
        assert len(slider.values) == 101

    def test_mark_lies_where_its_value_does(self):
        assert linear_slider(0, 10, mark=2.5).mark == pytest.approx(25)
        slider = log_slider(1, 100, mark=10 ** (1 / 3), mark_label="best")
        assert slider.mark == pytest.approx(100 / 6)
        assert slider.mark_label == "best 2.154"

    def test_position_is_the_nearest(self):
        slider = linear_slider(0, 1, steps=10)
        assert [slider.position(value) for value in (0, 0.3, 0.34, 1)] == [0, 3, 3, 10]
        for outside in (-0.1, 1.1, float("nan")):
            with pytest.raises(ValueError, match="the slider goes from 0 to 1, but"):
                slider.position(outside)

    def test_choices_keep_their_order(self):
        slider = choice_slider(["ridge", "early stopping"], value="early stopping")
        assert (slider.start, slider.position("ridge")) == (1, 0)
        with pytest.raises(ValueError, match="the slider goes from ridge to early stopping, but 'lasso' came"):
            slider.position("lasso")
        assert choice_slider([1, 3, 31], value=31).labels == ("1", "3", "31")

    def test_playhead_counts_rows_and_names_iterations(self):
        assert playhead(3).labels == ("0", "1", "2", "3")
        assert playhead([0, 10, 11556], start=2).labels == ("0", "10", "11,556")
        assert playhead(["spring", "autumn"]).labels == ("spring", "autumn")

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: linear_slider(2, 1), "a slider needs finite low < high, but 2 and 1 came"),
            (lambda: linear_slider(1, 1), "a slider needs finite low < high, but 1 and 1 came"),
            (lambda: log_slider(1, np.inf), "a slider needs finite low < high, but 1 and inf came"),
            (lambda: linear_slider(np.nan, 1), "a slider needs finite low < high"),
            (lambda: log_slider(0, 1), "a logarithmic slider needs a low end above 0, but 0 came"),
            (lambda: log_slider(-1, 1), "a logarithmic slider needs a low end above 0, but -1 came"),
            (lambda: linear_slider(0, 1, steps=0), "steps is 0, expected at least 1"),
            (lambda: linear_slider(0, 1, value=2), "value is 2, but the slider goes from 0 to 1"),
            (lambda: log_slider(0.1, 1, mark=2), "mark is 2, but the slider goes from 0.1 to 1"),
            (lambda: linear_slider(0, 1, value=np.nan), "value is nan, but the slider goes from 0 to 1"),
            (lambda: choice_slider([]), r"a choice slider needs names or ascending numbers, but \(\) came"),
            (lambda: choice_slider([3, 1]), r"ascending numbers, but \(3, 1\) came"),
            (lambda: choice_slider(["a", "b"], value="c"), r"value is 'c', expected one of \('a', 'b'\)"),
            (lambda: playhead([]), r"a playhead needs at least one row, but iterations \[\] came"),
            (lambda: playhead(-1), "a playhead needs at least one row, but iterations -1 came"),
            (lambda: playhead(5, start=6), "start is row 6, but the playhead has the rows 0 … 5"),
            (lambda: playhead(5, start=-1), "start is row -1, but the playhead has the rows 0 … 5"),
        ],
    )
    def test_ranges_are_refused_in_words(self, make, message):
        with pytest.raises(ValueError, match=message):
            make()


class TestPrediction:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: predict("?", "many"), "answer is 'many', expected a finite number, or choices"),
            (lambda: predict("?", np.nan), "answer is nan, expected a finite number"),
            (lambda: predict("?", "c", choices=("a", "b")), r"answer is 'c', expected one of the choices \('a', 'b'\)"),
            (lambda: predict("?", 1, axis="z"), "axis is 'z', expected 'x' or 'y'"),
            (
                lambda: small(prediction=predict("?", 1, panel="other"), level=linear_slider(0, 1)),
                "the prediction draws on 'other', but the panels are only",
            ),
        ],
    )
    def test_questions_are_refused_in_words(self, make, message):
        with pytest.raises(ValueError, match=message):
            make()

    def test_the_browser_gets_the_question(self):
        asked = predict("How high?", np.float64(5), unit="m", panel="only", axis="y", because="It is so.")
        prediction = small(prediction=asked, level=linear_slider(0, 10)).scene["prediction"]
        assert (prediction["question"], prediction["answer"], prediction["unit"]) == ("How high?", 5.0, "m")
        assert (prediction["panel"], prediction["axis"], prediction["because"]) == ("only", "y", "It is so.")


class TestExplorer:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: explore({}, film), r"panels is \{\}, expected a dict of at least one Panel"),
            (lambda: explore(dict(a=1), film), "panels is {'a': 1}, expected a dict of at least one Panel"),
            (lambda: small(level=3), "level is 3, expected a slider or a playhead"),
            (lambda: small(a=playhead(3), b=playhead(3)), "a figure has one playhead, but a, b came"),
            (lambda: small(lambda level: None), "the film gave None, expected a dict"),
            (lambda: small(lambda level: dict(only=[])), "a film needs a caption"),
            (lambda: small(lambda level: dict(only=[], caption="")), "a film needs a caption"),
            (lambda: small(lambda level: dict(only=[], caption=["a", ""])), "a film needs a caption"),
            (lambda: small(lambda level: dict(only=[], caption=[1, 2])), "a film needs a caption"),
            (lambda: small(lambda level: dict(other=[], caption="a")), "the film draws on 'other', but the panels"),
            (
                lambda: small(lambda level: dict(only=[Curve(np.arange(400), np.ones((330, 400)))], caption="a")),
                "the film has 264800 bytes, the budget is 150000: keep fewer rows or points",
            ),
        ],
    )
    def test_what_cannot_be_shown_is_refused_in_words(self, make, message):
        with pytest.raises(ValueError, match=message):
            make()

    def test_what_the_film_raises_at_the_start_is_raised(self):
        with pytest.raises(ZeroDivisionError):
            small(lambda level: 1 / 0)

    def test_the_browser_gets_the_film_of_the_sliders(self):
        explorer = explore(
            DESCENT_PANELS, descent, learning_rate=log_slider(0.0169, 0.203, value=0.15), iteration=playhead(200)
        )
        for learning_rate in (0.15, explorer.sliders["learning_rate"].values[-1]):
            explorer.move(learning_rate=learning_rate)
            assert explorer.values == dict(learning_rate=learning_rate)
            drawn = descent(learning_rate)
            assert explorer.captions == drawn.pop("caption")
            expected = [values for mark in encode_film(drawn, DESCENT_PANELS) for values in (mark.x, mark.y)]
            for got, encoded in zip(as_drawn(explorer), expected, strict=True):
                np.testing.assert_array_equal(got, encoded / STEPS_PER_PANEL + 0.5)
        assert len(explorer.film) <= 150_000

    def test_rows_and_captions_follow_the_playhead(self):
        def walk(speed):
            rows = np.arange(4)
            return dict(only=[Trail(rows * speed, rows)], caption=[f"row {row}" for row in rows])

        explorer = small(walk, speed=linear_slider(1, 2), iteration=playhead(6, start=2))
        assert (explorer.row, explorer.caption) == (2, "row 2")
        explorer.move(row=6)
        assert explorer.caption == "row 3", "a film that ends early holds its last row"
        with pytest.raises(ValueError, match="row is 7, but the film has the rows 0 … 6"):
            explorer.move(row=7)
        assert (explorer.pixels() == explorer.pixels()).all()

    def test_moving_an_unknown_slider_names_those_there_are(self):
        with pytest.raises(ValueError, match="no slider is called depth; there are level"):
            small().move(depth=3)

    def test_film_that_raises_raises_here_and_is_shown_there_and_all_works_again(self):
        def fragile(level):
            if level > 5:
                raise ZeroDivisionError("no film above 5")
            return film(level)

        explorer = small(fragile, level=linear_slider(0, 10, steps=10, value=2))
        before = explorer.film, explorer.caption, explorer.positions
        with pytest.raises(ZeroDivisionError, match="no film above 5"):
            explorer.move(level=6)
        assert (explorer.film, explorer.caption, explorer.positions) == before
        assert explorer.error == ""
        explorer._from_browser(explorer, dict(positions=[8]), [])
        assert explorer.error == "ZeroDivisionError: no film above 5"
        assert (explorer.positions, explorer.answers) == ([8], 1)
        explorer._from_browser(explorer, dict(positions=[3]), [])
        assert (explorer.error, explorer.caption, explorer.positions) == ("", "A circle at level 3.", [3])
        assert explorer.answers == 2

    def test_greeting_is_answered_and_changes_nothing_else(self):
        explorer = small()
        before = explorer.film, explorer.captions, explorer.positions
        explorer._from_browser(explorer, {}, [])
        assert explorer.answers == 1
        assert (explorer.film, explorer.captions, explorer.positions) == before

    def test_output_carries_picture_and_sentence_beside_the_widget(self):
        explorer = small()
        explorer.move(level=7)
        data, metadata = explorer._repr_mimebundle_()
        assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
        assert data["text/plain"] == metadata["image/png"]["alt"] == "A circle at level 7."
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
        assert Image.open(BytesIO(data["image/png"])).size[0] >= 960

    def test_budgets_of_a_stored_lesson(self):
        explorer = explore(
            DESCENT_PANELS, descent, learning_rate=log_slider(0.0169, 0.203, value=0.15), iteration=playhead(200)
        )
        assert len(explorer.background) <= 60_000
        assert len(explorer._repr_mimebundle_()[0]["image/png"]) <= 40_000


def test_threads_that_move_sliders_leave_one_consistent_state():
    """Each message to the browser, and the end, is the film of its positions, whoever moved what."""
    shapes = ["circle", "square", "triangle", "star"]
    explorer = small(level=linear_slider(0, 10, steps=50), shape=choice_slider(shapes))
    browser, broken = explorer.get_state(), []

    def received(message, buffers=None):
        state = dict(message["state"])
        for path, buffer in zip(message.get("buffer_paths", []), buffers or [], strict=True):
            state[path[0]] = bytes(buffer)
        browser.update(state)
        sliders = zip(explorer.sliders.values(), browser["positions"], strict=True)
        drawn = film(*(slider.values[k] for slider, k in sliders))
        [mark] = encode_film(dict(only=drawn["only"]), PANELS)
        expected = mark.x.tobytes() + mark.y.tobytes()
        if browser["captions"] != [drawn["caption"]] or bytes(browser["film"]) != expected:
            broken.append(message)

    explorer._send = received
    rng = np.random.default_rng(0)
    moves = rng.integers(0, [51, 4], size=(60, 2)).tolist()

    def code():
        for level, _ in moves:
            explorer.move(level=explorer.sliders["level"].values[level])

    def reader():
        for positions in moves:
            explorer._from_browser(explorer, dict(positions=positions), [])

    threads = [threading.Thread(target=each) for each in (code, reader, code)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert browser["answers"] == explorer.answers == len(moves)
    assert browser["positions"] == explorer.positions
    assert explorer.caption == film(**explorer.values)["caption"]


def test_still_picture_is_a_film_of_one_row():
    still = picture(PANELS, dict(only=[Dots([5], [5])]), "A dot in the middle.", height=120)
    data, metadata = still._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A dot in the middle."
    assert metadata["image/png"]["width"] == 960
    with pytest.raises(ValueError, match="the film draws on 'other'"):
        picture(PANELS, dict(other=[]), "A caption.")
