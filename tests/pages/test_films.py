"""The films of the site hold what an explorer shows at every place of the controls that move there."""

import gzip
import json

import numpy as np
import pytest

import lsqcore.explore as fig
from pages import films
from pages.films import Moves, chosen, pack, packed, places


def unpacked(data: bytes) -> tuple[dict, list[bytes]]:
    """The header, and what stands still and each film as bytes: as downhill.js reads them."""
    whole = gzip.decompress(data)
    begin = 4 + int.from_bytes(whole[:4], "little")
    header = json.loads(whole[4:begin])
    low, high = np.frombuffer(whole, np.uint8, offset=begin).reshape(2, -1).astype(int)
    zigzag = low | high << 8
    differences = ((zigzag >> 1) ^ -(zigzag & 1)).astype(np.int16)
    found = []
    for part in np.split(differences, np.cumsum(header["lengths"])[:-1]):
        found.append(part + found[-1] if found and len(found[-1]) == len(part) else part)
    return header, [film.tobytes() for film in found]


def explorer(size=5, points=2, still=(0, 0), **more):
    """A figure with two sliders, a playhead, and points that are dragged."""
    heights = fig.handle(np.arange(points), np.ones(points), xlim=(-1, points), ylim=(0, 2), moves="y", step=0.1)

    def film(rate, shape, heights):
        row = np.outer(np.arange(3), np.full(points, rate)) + heights
        longer = [fig.Dots(*np.ones((2, 7)))] if shape == "long" else []  # films of different lengths
        marks = [fig.Dots(np.arange(points), heights, drag="heights"), fig.Dots(np.arange(points), row), *longer]
        return dict(one=marks, caption=[f"{rate} {shape} {heights} {k}" for k in range(3)])

    panel = fig.Panel("P", "x", "y", (-1, points), (-30000, 30000), still=[fig.Dots(*still)])
    sliders = dict(rate=fig.slider(-20000, 20000, steps=size - 1), shape=fig.choice_slider(["long", "short"]))
    return fig.explore(dict(one=panel), film, iteration=fig.playhead(2), heights=heights, **sliders, **more)


def test_every_place_has_the_film_of_the_explorer_itself():
    made = explorer()
    controls = chosen(made, 10_000)
    assert list(controls) == ["rate", "shape", "heights"]
    header, (still, *found) = unpacked(pack(made, controls, places(controls)))
    assert still == made.still
    assert len(found) == len(header["frames"]) == 5 * 2 * 21**2
    assert {tuple(move.values[0]) for move in [controls["heights"]]} == {(1.0, 1.0)}
    for (values, marks, captions, rows), film in zip(header["frames"][::37], found[::37], strict=True):
        made.move(**dict(zip(header["names"], values, strict=True)))
        assert (film, header["shown"][marks], rows) == (made.film, json.loads(json.dumps(made.marks)), made.rows)
        assert [header["shown"][k] for k in captions] == made.captions


def test_explorer_is_left_as_it_was():
    made = explorer()
    before = made.film, made.values, made.row
    packed(made)
    assert (made.film, made.values, made.row) == before


@pytest.mark.parametrize(
    ("limit", "value"), [("PACKED", 4_000), ("SECONDS", 0.005), ("UNPACKED", 20_000), ("PLACES", 50)]
)
def test_films_keep_within_what_they_may_weigh_and_take(monkeypatch, limit, value):
    made = explorer()
    free, _ = packed(made)
    monkeypatch.setattr(films, limit, value)
    controls, found = packed(made)
    count = len([*places(controls)])
    assert 1 < count < len([*places(free)]), "as many as there is room for"
    header, parts = unpacked(found)
    assert len(header["frames"]) == count
    if limit == "PACKED":
        assert len(found) <= value
    if limit == "UNPACKED":
        assert sum(map(len, parts[1:])) <= value


def test_where_there_is_no_room_points_move_one_at_a_time_and_then_not_at_all():
    made = explorer(points=5)
    one = chosen(made, 2000)["heights"]
    assert one.alone
    assert {sum(value != 1 for value in each) for each in one.values} == {0, 1}
    assert "heights" not in chosen(made, 5 * 2 * 5 * (films.FEWEST - 1))
    assert list(chosen(made, 1)) == ["rate"], "the first slider moves always"


def test_points_that_move_together_leave_the_others_where_they_start():
    handle = fig.handle([0, 1], [1.05, 0.35], xlim=(0, 1), ylim=(0, 2), moves="y", step=0.1)
    values = films.finest(handle, 1000, alone=False).values
    assert {(0.0, 0.35), (1.05, 2.0), (1.05, 0.35), (0.0, 0.0)} <= set(values)


def test_single_points_that_do_not_all_fit_move_one_at_a_time():
    def film(**ends):
        marks = [fig.Dots([k], [end], drag=name) for k, (name, end) in enumerate(ends.items())]
        return dict(one=marks, caption=f"{ends}")

    ends = {f"end_{k}": fig.handle(k, 1, xlim=(-1, 9), ylim=(0, 2), moves="y", step=0.1) for k in range(4)}
    made = fig.explore(dict(one=fig.Panel("P", "x", "y", (-1, 9), (0, 2))), film, **ends)
    assert [move.alone for move in chosen(made, 500).values()] == [True] * 4
    assert [move.alone for move in chosen(made, 22**4).values()] == [False] * 4


def test_places_of_points_that_move_alone():
    controls = dict(rate=Moves([1, 2]), point=Moves([0, 5, 6], 0.1, alone=True), other=Moves([0, 7], 0.1, alone=True))
    assert [tuple(place.values()) for place in places(controls)] == [
        (rate, *points) for rate in (1, 2) for points in ((0, 0), (5, 0), (6, 0), (0, 7))
    ]


@pytest.mark.parametrize(("low", "high", "step"), [(0, 1, 0.3), (-4, 16, 0.6), (1, 11, 0.1), (0.6, 5.12, 0.1)])
def test_grid_is_where_film_js_puts_a_point(low, high, step):
    hand = np.linspace(low - 1, high + 1, 500)
    # low + Math.round((place − low) / step) · step, held within the limits, 12 digits
    put = np.clip(low + np.floor((hand - low) / step + 0.5) * step, low, high)
    assert {float(f"{place:.12g}") for place in put} == set(films.grid(low, high, step))


def test_film_that_stops_at_a_place_is_named():
    def film(rate):
        return dict(one=[fig.Dots(1, 1 / (rate - 3))], caption="c" if rate != 3 else 1 / 0)

    panel = fig.Panel("P", "x", "y", (0, 1), (0, 1))
    made = fig.explore(dict(one=panel), film, rate=fig.choice_slider([1, 2, 3]))
    with pytest.raises(ZeroDivisionError):
        packed(made)
