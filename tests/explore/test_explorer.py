"""Explorers and what a notebook stores of them, with no more of a browser than its end of the wire."""

import threading
from io import BytesIO

import numpy as np
import pytest
from comm.base_comm import BaseComm
from PIL import Image

import lsqcore.explore as fig
from lsqcore.explore.scene import encode_film
from tests.browser.example import DESCENT_PANELS, EXPLORERS, descent

PANELS = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))


def film(level=5.0, shape="circle"):
    return dict(only=[fig.Dots([5], [level], shape=shape)], caption=f"A {shape} at level {level:g}.")


def small(film=film, **controls):
    return fig.explore(PANELS, film, height=120, **controls or dict(level=fig.slider(0, 10)))


class Browser(BaseComm):
    """The other end of an explorer's wire: holds the state that a browser has, and sends what its reader moves."""

    def __init__(self, explorer: fig.Explorer) -> None:
        self.state = explorer.get_state()
        super().__init__(target_name="jupyter.widget")
        explorer.comm = self

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_):
        if (data or {}).get("method") == "update":
            parts = {path[0]: bytes(part) for path, part in zip(data["buffer_paths"], buffers or [], strict=True)}
            self.state |= data["state"] | parts
            self.updated()

    def updated(self) -> None:
        """What is to be looked at after each message."""

    def ask(self, **message) -> None:
        self.handle_msg(dict(content=dict(data=dict(method="custom", content=message)), buffers=[]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: fig.explore({}, film), r"panels is \{\}, expected a dict of at least one Panel"),
        (lambda: fig.explore(dict(a=1), film), "panels is {'a': 1}, expected a dict of at least one Panel"),
        (lambda: small(level=3), "level is 3, expected a slider or a playhead"),
        (lambda: small(a=fig.playhead(3), b=fig.playhead(3)), "a figure has one playhead, but a, b came"),
        (
            lambda: small(prediction=fig.predict("?", 1, panel="other"), level=fig.slider(0, 1)),
            "the prediction draws on 'other', but the panels are only",
        ),
        (lambda: small(lambda level: None), "the film gave None, expected a dict"),
        (lambda: small(lambda level: dict(only=[])), "a film needs a caption"),
        (lambda: small(lambda level: dict(only=[], caption="")), "a film needs a caption"),
        (lambda: small(lambda level: dict(only=[], caption=["a", ""])), "a film needs a caption"),
        (lambda: small(lambda level: dict(only=[], caption=[1, 2])), "a film needs a caption"),
        (lambda: small(lambda level: dict(other=[], caption="a")), "the film draws on 'other', but the panels"),
        (
            lambda: small(lambda level: dict(only=[fig.Curve(np.arange(400), np.ones((330, 400)))], caption="a")),
            "the film has 264800 bytes, the budget is 150000: keep fewer rows or points",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_what_the_film_raises_at_the_start_is_raised():
    with pytest.raises(ZeroDivisionError):
        small(lambda level: 1 / 0)


def test_the_browser_gets_the_film_of_the_sliders():
    explorer = EXPLORERS["descent"]()
    for learning_rate in (0.15, explorer.sliders["learning_rate"].values[-1]):
        explorer.move(learning_rate=learning_rate)
        assert explorer.values == dict(learning_rate=learning_rate)
        encoded, captions = encode_film(descent(learning_rate), DESCENT_PANELS)
        assert explorer.captions == captions
        # what a browser reads: x and y of each mark in turn, of the shapes that the marks name
        shapes = [tuple(mark[axis]) for mark in explorer.marks for axis in "xy"]
        expected = [values for mark in encoded for values in (mark.x, mark.y)]
        assert shapes == [values.shape for values in expected]
        np.testing.assert_array_equal(
            np.frombuffer(explorer.film, dtype="<i2"), np.concatenate([values.ravel() for values in expected])
        )
    assert len(explorer.film) <= 150_000


def test_rows_and_captions_follow_the_playhead():
    def walk(speed):
        rows = np.arange(4)
        return dict(only=[fig.Trail(rows * speed, rows)], caption=[f"row {row}" for row in rows])

    explorer = small(walk, speed=fig.slider(1, 2), iteration=fig.playhead(6, start=2))
    assert (explorer.row, explorer.caption) == (2, "row 2")
    explorer.move(row=6)
    assert explorer.caption == "row 3", "a film that ends early holds its last row"
    with pytest.raises(ValueError, match="row is 7, but the film has the rows 0 … 6"):
        explorer.move(row=7)
    assert (explorer.pixels() == explorer.pixels()).all()


def test_moving_an_unknown_slider_names_those_there_are():
    with pytest.raises(ValueError, match="no slider is called depth; there are level"):
        small().move(depth=3)


def test_film_that_raises_raises_here_and_is_shown_there_and_all_works_again():
    def fragile(level):
        if level > 5:
            raise ZeroDivisionError("no film above 5")
        return film(level)

    explorer = small(fragile, level=fig.slider(0, 10, steps=10, value=2))
    before = explorer.film, explorer.caption, explorer.positions
    with pytest.raises(ZeroDivisionError, match="no film above 5"):
        explorer.move(level=6)
    assert (explorer.film, explorer.caption, explorer.positions) == before
    assert explorer.error == ""
    browser = Browser(explorer)
    browser.ask(positions=[8])
    assert explorer.error == "ZeroDivisionError: no film above 5"
    assert (explorer.positions, explorer.answers) == ([8], 1)
    browser.ask(positions=[3])
    assert (explorer.error, explorer.caption, explorer.positions) == ("", "A circle at level 3.", [3])
    assert explorer.answers == 2


def test_greeting_is_answered_and_changes_nothing_else():
    explorer = small()
    before = explorer.film, explorer.captions, explorer.positions
    Browser(explorer).ask()
    assert explorer.answers == 1
    assert (explorer.film, explorer.captions, explorer.positions) == before


def test_output_carries_picture_and_sentence_beside_the_widget():
    explorer = small()
    explorer.move(level=7)
    data, metadata = explorer._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A circle at level 7."
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert Image.open(BytesIO(data["image/png"])).size[0] >= 960


def test_budgets_of_a_stored_lesson():
    explorer = EXPLORERS["descent"]()
    assert len(explorer.background) <= 60_000
    assert len(explorer._repr_mimebundle_()[0]["image/png"]) <= 40_000


def test_threads_that_move_sliders_leave_one_consistent_state():
    """Each message to the browser, and the end, is the film of its positions, whoever moved what."""
    shapes = ["circle", "square", "triangle", "star"]
    explorer = small(level=fig.slider(0, 10, steps=50), shape=fig.choice_slider(shapes))
    browser, broken = Browser(explorer), []

    def look():
        sliders = zip(explorer.sliders.values(), browser.state["positions"], strict=True)
        [mark], captions = encode_film(film(*(slider.values[k] for slider, k in sliders)), PANELS)
        if (browser.state["captions"], browser.state["film"]) != (captions, mark.x.tobytes() + mark.y.tobytes()):
            broken.append(browser.state)

    browser.updated = look
    rng = np.random.default_rng(0)
    moves = rng.integers(0, [51, 4], size=(60, 2)).tolist()

    def code():
        for level, _ in moves:
            explorer.move(level=explorer.sliders["level"].values[level])

    def reader():
        for positions in moves:
            browser.ask(positions=positions)

    threads = [threading.Thread(target=each) for each in (code, reader, code)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert browser.state["answers"] == explorer.answers == len(moves)
    assert browser.state["positions"] == explorer.positions
    assert explorer.caption == film(**explorer.values)["caption"]


def test_still_picture_is_a_film_of_one_row():
    still = fig.picture(PANELS, dict(only=[fig.Dots([5], [5])]), "A dot in the middle.", height=120)
    data, metadata = still._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A dot in the middle."
    assert metadata["image/png"]["width"] == 960
    with pytest.raises(ValueError, match="the film draws on 'other'"):
        fig.picture(PANELS, dict(other=[]), "A caption.")


def test_figures_offer_their_names_and_no_files():
    assert [name for name in dir(fig) if not name.startswith("_")] == sorted(fig.__all__)
    assert all(hasattr(fig, name) for name in fig.__all__)
