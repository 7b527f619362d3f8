"""Explorers and what a notebook stores of them, with no more of a browser than its end of the wire."""

import json
import threading
from io import BytesIO

import anywidget
import numpy as np
import pytest
from comm.base_comm import BaseComm
from PIL import Image

import lsqcore.explore as fig
from lsqcore.explore.layout import BOTTOM, STACKED, TOP
from lsqcore.explore.scene import encode_film
from lsqcore.practice.shared.prediction import predict
from tests.browser.example import DESCENT_PANELS, EXPLORERS, descent

PANELS = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))


def film(level=5.0, shape="circle"):
    return dict(only=[fig.Dots([5], [level], shape=shape)], caption=f"A {shape} at level {level:g}.")


def small(film=film, **controls):
    return fig.explore(PANELS, film, height=120, **controls or dict(level=fig.slider(0, 10)))


class Browser(BaseComm):
    """The other end of an explorer's wire: holds the state that a browser has, and sends what its reader moves."""

    def __init__(self, explorer: fig.Explorer) -> None:
        self.state, self.heard, self._one_at_a_time = explorer.get_state(), [], threading.RLock()
        super().__init__(target_name="jupyter.widget")
        explorer.comm = self

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_):
        if (data or {}).get("method") == "custom":
            self.heard.append(data["content"])
        if (data or {}).get("method") == "update":
            parts = {path[0]: bytes(part) for path, part in zip(data["buffer_paths"], buffers or [], strict=True)}
            with self._one_at_a_time:  # a page hears one message after the other
                self.state |= data["state"] | parts
                self.updated()

    def updated(self) -> None:
        """What is to be looked at after each message."""

    def move(self, **values) -> None:
        """What a page sends when its reader moves something."""
        self._send(dict(method="update", state=values, buffer_paths=[]))

    def greet(self) -> None:
        self._send(dict(method="custom", content={}))

    def _send(self, data: dict) -> None:
        self.handle_msg(dict(content=dict(data=data), buffers=[]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: fig.explore({}, film), r"panels is \{\}, expected a dict of at least one Panel"),
        (lambda: fig.explore(dict(a=1), film), "panels is {'a': 1}, expected a dict of at least one Panel"),
        (
            lambda: fig.explore(PANELS["only"], film),
            r"panels is Panel\(title='A panel'.*, expected a dict of at least one",
        ),
        (lambda: fig.explore([PANELS["only"]], film), r"panels is \[Panel\(.*, expected a dict of at least one Panel"),
        (lambda: fig.explore(PANELS, film()), r"film is {'only': .*, expected a function: give its name"),
        (
            lambda: fig.explore(PANELS, film, height=fig.slider(0, 1)),
            r"height is Slider\(.*: no control can be called so",
        ),
        (
            lambda: fig.explore(PANELS, film, prediction=fig.slider(0, 1)),
            r"prediction is Slider\(.*, expected a question",
        ),
        (lambda: fig.explore_run(PANELS, film, film), r"views is {'only': Panel\(.*, expected a dict of views such as"),
        (lambda: fig.explore_run({}, 3, film), "run is 3, expected a function: give its name, without brackets"),
        (lambda: fig.explore_run({}, film, "a"), "say is 'a', expected a function: give its name, without brackets"),
        (
            lambda: fig.picture([PANELS["only"]], {}, "A."),
            r"panels is \[Panel\(.*, expected a dict of at least one Panel",
        ),
        (lambda: fig.picture(PANELS, [], "A."), r"marks is \[\], expected a dict of lists of marks by panel"),
        (lambda: small(level=3), "level is 3, expected a slider, a playhead or a handle"),
        (lambda: small(a=fig.playhead(3), b=fig.playhead(3)), "a figure has one playhead, but a, b came"),
        (
            lambda: small(prediction=predict("?", 1, panel="other", hides=["another"]), level=fig.slider(0, 1)),
            "the prediction names the panels another, other, but there are only",
        ),
        (lambda: small(lambda level: None), "the film gave None, expected a dict"),
        (lambda: small(lambda level: dict(only=[])), "a film needs a caption"),
        (lambda: small(lambda level: dict(only=[], caption="")), "a film needs a caption"),
        (lambda: small(lambda level: dict(only=[], caption=["a", ""])), "a film needs a caption"),
        (lambda: small(lambda level: dict(only=[], caption=[1, 2])), "a film needs a caption"),
        (lambda: small(lambda level: dict(other=[], caption="a")), "the film draws on 'other', but the panels"),
        (
            lambda: small(
                lambda level: dict(only=[fig.Curve(np.arange(400), np.ones((330, 400)))], caption="a"),
                level=fig.slider(0, 10),
                iteration=fig.playhead(329),
            ),
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
        encoded, captions = encode_film(descent(learning_rate), DESCENT_PANELS, 201)
        assert explorer.captions == captions
        # what a browser reads: x and y of each mark in turn, of the shapes that the marks name
        shapes = [tuple(mark[axis]) for mark in explorer.marks for axis in "xy"]
        expected = [values for mark in encoded for values in (mark.x, mark.y)]
        assert shapes == [values.shape for values in expected]
        np.testing.assert_array_equal(
            np.frombuffer(explorer.film, dtype="<i2"), np.concatenate([values.ravel() for values in expected])
        )
    assert len(explorer.film) <= 150_000


def walk(rows):
    each = np.arange(rows)
    return dict(only=[fig.Trail(each, each)], caption=[f"row {row}" for row in each])


def test_rows_and_captions_follow_the_playhead():
    explorer = fig.explore(PANELS, lambda: walk(7), iteration=fig.playhead([0, 1, 2, 5, 10, 100, 1000], start=2))
    assert (explorer.iteration, explorer.row, explorer.caption) == (2, 2, "row 2")
    explorer.move(iteration=1000)
    assert (explorer.row, explorer.caption) == (6, "row 6")
    with pytest.raises(ValueError, match="iteration: expected a value from 0 to 1,000, but 1001 came"):
        explorer.move(iteration=1001)
    assert explorer.rows == 7


def test_playhead_is_set_by_the_name_of_its_row():
    explorer = fig.explore(PANELS, lambda: walk(2), season=fig.playhead(["spring", "autumn"]))
    explorer.season = "autumn"
    assert (explorer.row, explorer.caption) == (1, "row 1")
    with pytest.raises(ValueError, match="season: expected a value from spring to autumn, but 'winter' came"):
        explorer.season = "winter"


def test_film_that_ends_early_holds_the_playhead_within_its_rows():
    explorer = small(lambda length: walk(int(length)), length=fig.slider(2, 7, steps=5, value=7), k=fig.playhead(6))
    explorer.move(k=6)
    explorer.length = 4
    assert (explorer.rows, explorer.k, explorer.row, explorer.caption) == (4, 3, 3, "row 3")
    explorer.k = 6
    assert explorer.k == 3
    explorer.move(k=6, length=7)
    assert (explorer.rows, explorer.k, explorer.caption) == (7, 6, "row 6")


def test_message_of_the_browser_moves_the_playhead_after_its_film():
    """Reset sends the sliders and the playhead together, and the film that is shown may have ended early."""
    explorer = small(
        lambda length: walk(int(length)), length=fig.slider(2, 7, steps=5, value=7), k=fig.playhead(6, start=5)
    )
    browser = Browser(explorer)
    browser.move(length=2)
    assert (browser.state["rows"], browser.state["k"], explorer.k) == (2, 1, 1)
    browser.state |= dict(k=5, length=7)
    browser.move(k=5, length=7)
    assert (explorer.k, explorer.caption, browser.state["k"], browser.state["rows"]) == (5, "row 5", 5, 7)


def test_film_of_one_row_goes_with_any_playhead():
    explorer = small(lambda: dict(only=[fig.Dots([1], [1])], caption="Still."), iteration=fig.playhead(6))
    explorer.move(iteration=6)
    assert (explorer.rows, explorer.row, explorer.caption) == (7, 6, "Still.")


def test_film_whose_rows_differ_is_refused_and_shown_in_words():
    def uneven(length):
        return dict(only=[fig.Trail([1, 2], [1, 2])], caption=["row"] * int(length))

    explorer = small(uneven, length=fig.slider(2, 7, steps=5, value=2), k=fig.playhead(6))
    with pytest.raises(
        ValueError, match="the film has 3 captions, 2 rows of Trail on 'only'; expected the same number"
    ):
        explorer.move(length=3)
    assert explorer.error.startswith("At length 3.0 the film stopped with ValueError: the film has 3 captions")


def test_moving_an_unknown_control_names_those_there_are():
    with pytest.raises(ValueError, match="no control is called depth; there are level"):
        small().move(depth=3)
    still = fig.explore(PANELS, film)
    with pytest.raises(ValueError, match="no control is called depth; there are none"):
        still.move(depth=3)


def test_film_that_raises_raises_here_and_is_shown_there_and_all_works_again():
    def fragile(level):
        if level > 5:
            raise ZeroDivisionError("no film above 5")
        return film(level)

    explorer = small(fragile, level=fig.slider(0, 10, steps=10, value=2))
    before = explorer.film, explorer.caption
    words = (
        "At level {} the film stopped with ZeroDivisionError: no film above 5. "
        'Its line: raise ZeroDivisionError("no film above 5")'
    )
    with pytest.raises(ZeroDivisionError, match="no film above 5"):
        explorer.move(level=6)
    assert (explorer.film, explorer.caption) == before
    assert (explorer.error, explorer.at, explorer.level) == (words.format("6.0"), dict(level=6), 6)
    browser = Browser(explorer)
    browser.move(level=8)
    assert (explorer.error, explorer.film) == (words.format("8.0"), before[0])
    assert browser.state["error"] == explorer.error
    assert browser.state["at"] == dict(level=8), "an answer all the same"
    browser.move(level=3)
    assert (explorer.error, explorer.caption, explorer.at) == ("", "A circle at level 3.", dict(level=3))
    explorer.move(level=4)
    assert browser.state["error"] == ""


def test_film_that_remembers_what_it_has_found_goes_on():
    found = {}

    def remembers(level):
        return found.setdefault(level, film(level))

    explorer = small(remembers)
    for level in (1, 2, 1):
        explorer.move(level=level)
        explorer.look_for_changes()
        assert (explorer.at, explorer.stale) == (dict(level=level), False)
    found.clear()
    explorer.look_for_changes()
    assert explorer.stale, "somebody else has changed it"


def test_greeting_is_answered_and_changes_nothing_else():
    explorer = small()
    before = explorer.film, explorer.captions, explorer.at
    browser = Browser(explorer)
    browser.greet()
    assert browser.heard == [dict(awake=True)]
    assert (explorer.film, explorer.captions, explorer.at) == before


def test_answer_holds_what_was_asked_for_even_where_the_film_is_the_same():
    explorer = small(lambda level: film())
    browser, answers = Browser(explorer), []
    browser.updated = lambda: answers.append(browser.state["at"])
    browser.move(level=7)
    assert answers == [dict(level=7)]


def test_output_carries_picture_and_sentence_beside_the_widget():
    explorer = small()
    explorer.move(level=7)
    data, metadata = explorer._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A circle at level 7."
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert Image.open(BytesIO(data["image/png"])).size[0] >= 960


def test_output_keeps_what_the_widget_gives(monkeypatch):
    def gives(self, **options):
        return {"text/plain": "a widget", "application/other": options}, {"application/other": {"kept": True}}

    monkeypatch.setattr(anywidget.AnyWidget, "_repr_mimebundle_", gives)
    data, metadata = small()._repr_mimebundle_(include="all")
    assert data["application/other"] == {"include": "all"}
    assert data["text/plain"] == "A circle at level 5."
    assert metadata == {"application/other": {"kept": True}, "image/png": {"alt": "A circle at level 5."}}


@pytest.mark.filterwarnings("error")
def test_letters_that_the_stored_picture_has_not_warn_nobody():
    panels = dict(only=fig.Panel("最小二乘", "学习率", "y", (0, 10), (0, 10)))
    fig.explore(panels, lambda: dict(only=[fig.Note(5, 5, "梯度")], caption="下降。"))._repr_mimebundle_()


def test_question_keeps_its_answer_out_of_the_stored_picture_and_its_words():
    panels = PANELS | dict(other=fig.Panel("Another", "x", "y", (0, 10), (0, 10)))

    def both(level):
        large = [fig.Dots([5], [level], size=90, color="path")]
        return dict(only=large, other=large, caption="The answer is five.")

    def stored(**options):
        explorer = fig.explore(panels, both, level=fig.slider(0, 10), **options)
        data, metadata = explorer._repr_mimebundle_()
        picture = np.array(Image.open(BytesIO(data["image/png"])).convert("RGB")).astype(int)
        reddish = picture[..., 0] - picture[..., 2] > 100
        halves = [half.any() for half in np.array_split(reddish[:425], 2, axis=1)]
        assert metadata["image/png"]["alt"] == data["text/plain"]
        return data["text/plain"], halves

    answer = dict(choices={"five": "So it is.", "six": "One less."})
    assert stored() == ("The answer is five.", [True, True])
    question = predict("How many?", "five", hides=["other"], **answer)
    assert stored(prediction=question) == ("First a guess: How many?", [True, False])
    question = predict("How many?", "five", hides=["only", "other"], **answer)
    assert stored(prediction=question) == ("First a guess: How many?", [False, False])


def test_panels_and_choices_keep_their_order_in_a_file_that_sorts_keys():
    panels = {name: fig.Panel(name, "x", "y", (0, 10), (0, 10)) for name in ("b", "c", "a")}
    question = predict("Which?", "2", choices={"less": "No.", "2": "Yes.", "1": "No."})
    explorer = fig.explore(panels, lambda: dict(caption="A caption."), prediction=question)
    scene = json.loads(json.dumps(explorer.scene, sort_keys=True))
    assert [name for name, _ in scene["panels"]] == ["b", "c", "a"]
    assert [choice for choice, _ in scene["prediction"]["choices"]] == ["less", "2", "1"]


def test_budgets_of_a_stored_lesson():
    explorer = EXPLORERS["descent"]()
    assert len(explorer.still) <= 60_000
    assert len(explorer._repr_mimebundle_()[0]["image/png"]) <= 40_000


def test_picture_of_a_narrow_screen_stands_one_panel_below_the_other():
    explorer = EXPLORERS["descent"]()
    assert explorer.pixels().shape == (680, 1920, 3)
    assert explorer.pixels(420).shape == (3 * 2 * (TOP + STACKED + BOTTOM), 840, 3)


def test_threads_that_move_controls_leave_one_consistent_state():
    """Each message to the browser, and the end, is the film of its values, whoever moved what."""
    shapes = ["circle", "square", "triangle", "star"]
    explorer = small(level=fig.slider(0, 10, steps=50), shape=fig.choice_slider(shapes))
    browser, broken, answers = Browser(explorer), [], []

    def look():
        [mark], captions = encode_film(film(**browser.state["at"]), PANELS)
        if (browser.state["captions"], browser.state["film"]) != (captions, mark.x.tobytes() + mark.y.tobytes()):
            broken.append(browser.state)
        answers.append(browser.state["at"])

    browser.updated = look
    rng = np.random.default_rng(0)
    moves = rng.integers(0, [51, 4], size=(60, 2)).tolist()
    levels = explorer.sliders["level"].values

    def code():
        for level, _ in moves:
            explorer.move(level=levels[level])

    def sets():
        for level, _ in moves:
            explorer.level = levels[level]

    def reader():
        for level, shape in moves:
            browser.move(level=levels[level], shape=shapes[shape])

    threads = [threading.Thread(target=each) for each in (code, reader, code, sets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert len(answers) >= len(moves) / 2
    assert browser.state["at"] == explorer.at == explorer.values
    assert explorer.caption == film(**explorer.values)["caption"]


def test_error_of_code_is_raised_while_a_reader_moves():
    def fragile(level):
        if level == 2:
            reader.start()
            reader.join(0.2)  # it waits for this film
            raise ZeroDivisionError("no film of 2")
        return film(level)

    reader = threading.Thread(target=lambda: browser.move(level=3))
    explorer = small(fragile, level=fig.slider(0, 10, steps=10))
    browser = Browser(explorer)
    with pytest.raises(ZeroDivisionError, match="no film of 2"):
        explorer.move(level=2)
    reader.join()
    assert (explorer.error, explorer.caption) == ("", "A circle at level 3.")


def test_still_picture_is_an_explorer_without_controls():
    """So the browser draws it, too: in the colours of the theme, and one panel below the other on a narrow screen."""
    still = fig.picture(PANELS, dict(only=[fig.Dots([5], [5])]), "A dot in the middle.", height=120)
    assert still.controls == {}
    data, metadata = still._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A dot in the middle."
    with pytest.raises(ValueError, match="the film draws on 'other'"):
        fig.picture(PANELS, dict(other=[]), "A caption.")


def test_figures_offer_their_names_and_no_files():
    assert [name for name in dir(fig) if not name.startswith("_")] == sorted(fig.__all__)
    assert all(hasattr(fig, name) for name in fig.__all__)
