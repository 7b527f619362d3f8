"""Controls as traits: read, set, observed, linked and driven by other widgets."""

import ipywidgets
import numpy as np
import pytest
import traitlets

import lsqcore.explore as fig

PANELS = dict(only=fig.Panel("A panel", "x", "y", (0, 10), (0, 10)))


def film(level, way, point):
    rows = np.arange(4)
    marks = [fig.Dots([point[0]], [point[1]], drag="point"), fig.Trail(rows, rows * level / 10)]
    return dict(only=marks, caption=[f"{way} at {level:g}, row {row}" for row in rows])


@pytest.fixture
def walk():
    return fig.explore(
        PANELS,
        film,
        level=fig.slider(0, 10, steps=10),
        way=fig.choice_slider(["QR", "SVD"]),
        point=fig.handle(1, 2, xlim=(0, 10), ylim=(0, 10)),
        iteration=fig.playhead(3),
    )


def test_controls_are_read_and_set_by_their_names(walk):
    assert (walk.level, walk.way, walk.point, walk.iteration) == (5, "QR", (1, 2), 0)
    assert walk.values == walk.at == dict(level=5, way="QR", point=(1, 2))
    before = walk.film
    walk.level = 8
    walk.way = "SVD"
    walk.point = [3, 99]
    walk.iteration = 2
    assert walk.values == walk.at == dict(level=8, way="SVD", point=(3, 10))
    assert walk.caption == "SVD at 8, row 2"
    assert walk.film != before
    assert list(walk.sliders) == ["level", "way"]


def test_the_film_takes_several_coordinates_as_an_array(walk):
    taken = []
    explorer = fig.explore(
        PANELS,
        lambda points: taken.append(points) or dict(only=[fig.Dots(*points.T, drag="points")], caption="Two."),
        points=fig.handle([1, 2], [3, 4], xlim=(0, 10), ylim=(0, 10)),
    )
    explorer.points = [[5, 6], [7, 8]]
    assert explorer.points == ((5, 6), (7, 8))
    assert taken[-1].tolist() == [[5, 6], [7, 8]]


def test_a_value_between_two_places_snaps_to_the_nearest(walk):
    walk.level = 7.4
    assert walk.level == 7
    walk.iteration = 1.2
    assert (walk.iteration, walk.row) == (1, 1)
    walk.level = np.float64(3)
    walk.level = np.int64(4)
    assert walk.level == 4


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("level", 11, "level: expected a value from 0 to 10, but 11 came"),
        ("level", np.nan, "level: expected a value from 0 to 10, but nan came"),
        ("level", "high", "level: expected a value from 0 to 10, but 'high' came"),
        ("level", None, "level: expected a value from 0 to 10, but None came"),
        ("way", "LU", "way: expected a value from QR to SVD, but 'LU' came"),
        ("way", 1, "way: expected a value from QR to SVD, but 1 came"),
        ("iteration", -1, "iteration: expected a value from 0 to 3, but -1 came"),
        ("point", 3, r"point: expected finite numbers of shape \(2,\), but 3 came"),
        ("point", (1, np.nan), r"point: expected finite numbers of shape \(2,\), but \(1, nan\) came"),
        ("point", "here", "point: could not convert string to float: 'here'"),
    ],
)
def test_what_a_control_cannot_be_is_refused_in_words_and_nothing_moves(walk, name, value, message):
    before = walk.values, walk.film, walk.iteration
    for set_it in (lambda: setattr(walk, name, value), lambda: walk.move(**{name: value})):
        with pytest.raises(ValueError, match=message):
            set_it()
        assert (walk.values, walk.film, walk.iteration) == before
    walk.level = 6
    assert walk.at["level"] == 6, "it works on"


def test_what_is_shown_cannot_be_set(walk):
    for name in ("scene", "still", "marks", "film", "captions", "at", "rows", "error", "stale"):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(walk, name, getattr(walk, name))


def test_one_move_of_several_controls_makes_one_film():
    made = []
    explorer = fig.explore(
        PANELS,
        lambda a, b: made.append((a, b)) or dict(only=[fig.Dots([a], [b])], caption=f"{a} {b}"),
        a=fig.slider(0, 10),
        b=fig.slider(0, 10),
    )
    explorer.move(a=1, b=2)
    assert made == [(5, 5), (1, 2)]
    explorer.move(a=1, b=2)
    assert len(made) == 2, "nothing has moved"


def test_who_observes_a_control_finds_its_film(walk):
    seen = []
    walk.observe(lambda change: seen.append((change.name, change.new, walk.at["level"], walk.caption)), names="level")
    walk.level = 9
    assert seen == [("level", 9, 9, "QR at 9, row 0")]


def test_two_explorers_are_linked(walk):
    other = fig.explore(
        PANELS,
        lambda level: dict(only=[fig.Dots([5], [level])], caption=f"Level {level:g}."),
        level=fig.slider(0, 10, steps=10),
    )
    link = traitlets.link((walk, "level"), (other, "level"))
    walk.level = 3
    assert (other.level, other.caption) == (3, "Level 3.")
    other.level = 8
    assert (walk.level, walk.caption) == (8, "QR at 8, row 0")
    link.unlink()


def test_a_widget_of_ipywidgets_drives_an_explorer_and_is_driven(walk):
    slider = ipywidgets.FloatSlider(min=0, max=10, step=1)
    link = traitlets.link((walk, "level"), (slider, "value"))
    assert slider.value == 5
    slider.value = 2
    assert walk.caption == "QR at 2, row 0"
    link.unlink()


def test_a_function_follows_a_control(walk):
    """As the docstring of `explore` says, for what asks for a widget with a value."""
    seen, row, level = [], ipywidgets.IntSlider(), ipywidgets.FloatSlider()
    ipywidgets.link((walk, "iteration"), (row, "value"))
    ipywidgets.link((walk, "level"), (level, "value"))
    ipywidgets.interactive_output(lambda k, level: seen.append((k, level, walk.caption)), dict(k=row, level=level))
    walk.move(iteration=3)
    walk.level = 8
    level.value = 7
    assert [(k, at) for k, at, _ in seen] == [(0, 5), (3, 5), (3, 8), (3, 7)]
    assert seen[-1][2] == "QR at 7, row 3"


@pytest.mark.parametrize(
    "name", ["marks", "at", "rows", "values", "layout", "comm", "keys", "close", "controls", "guess"]
)
def test_names_that_every_explorer_has_are_refused(name):
    with pytest.raises(ValueError, match=f"no control can be called '{name}': every widget has something of this name"):
        fig.explore(PANELS, lambda **_: dict(only=[], caption="A caption."), **{name: fig.slider(0, 1)})


def test_explorers_do_not_share_their_traits(walk):
    assert not hasattr(fig.Explorer, "level")
    other = fig.explore(PANELS, lambda: dict(only=[fig.Dots([1], [1])], caption="A dot."))
    assert not other.has_trait("level")
    assert other.values == {}


HANDLE = dict(xlim=(0, 10), ylim=(0, 10))


@pytest.mark.parametrize(
    ("dots", "message"),
    [
        ([], "the film draws handles of no points, expected {'point': 2}: Dots(…, drag=name)"),
        ([fig.Dots([1, 2], [1, 2])], "the film draws handles of no points, expected {'point': 2}: Dots(…, drag=name)"),
        (
            [fig.Dots([1], [1], drag="point")],
            "the film draws handles of {'point': 1} points, expected {'point': 2}: Dots(…, drag=name)",
        ),
        (
            [fig.Dots([1, 2], [1, 2], drag="place")],
            "the film draws handles of {'place': 2} points, expected {'point': 2}: Dots(…, drag=name)",
        ),
    ],
)
def test_a_film_that_does_not_draw_its_handle_is_told_so(dots, message):
    with pytest.raises(ValueError, match="the film draws handles of") as caught:
        fig.explore(
            PANELS, lambda point: dict(only=dots, caption="A caption."), point=fig.handle([1, 2], [1, 2], **HANDLE)
        )
    assert str(caught.value) == message


def test_a_film_that_draws_a_handle_that_is_none_is_told_so():
    with pytest.raises(ValueError, match=r"draws handles of \{'point': 1\} points, expected none"):
        fig.explore(PANELS, lambda: dict(only=[fig.Dots([1], [1], drag="point")], caption="A caption."))
