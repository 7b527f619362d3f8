"""Moves every slider of an explorer, and looks at what it shows and says."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from lsqcore.explore import Explorer
from tests.notebooks import ROOT

#: A number, and one that is minus zero. An exponent may have a sign, a thousand its comma.
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*\.?\d*(?:e[-+]?\d+)?", re.IGNORECASE)
MINUS_ZERO = re.compile(r"(?<![\w.])[-−]0(?:\.0*)?(?:e[-+]?0+)?(?!\.?\d|\w)")


class Shown(NamedTuple):
    """What an explorer shows at one position of its sliders."""

    captions: list[str]
    marks: list[dict]
    film: bytes


def move_everything(explorer: Explorer, by_hand: Collection[str] = ()) -> dict[tuple, Shown]:
    """Move each slider to its ends, its mark and past it; then all to an end together, with the playhead; and back.

    What was shown at each position is the answer. The numbers `by_hand` may be small.
    """
    seen = {}

    def look() -> Shown:
        seen[tuple(explorer.positions)] = shown = Shown(explorer.captions, explorer.marks, explorer.film)
        check_words(explorer, by_hand)
        return shown

    start, row, at_start = explorer.values, explorer.row, look()
    for name, slider in explorer.sliders.items():
        last = len(slider.values) - 1
        marked = [] if slider.mark is None else [math.floor(slider.mark), min(math.floor(slider.mark) + 1, last)]
        for position in (0, *marked, last):
            explorer.move(**{name: slider.values[position]})
            at_end = look()
            if position == 0:
                at_beginning = at_end
        assert at_beginning[1:] != at_end[1:], f"the slider {name} moves nothing"
        assert at_beginning.captions != at_end.captions, f"the slider {name} changes no caption"
        explorer.move(**start)
    for end, end_row in ((0, 0), (-1, explorer.rows - 1)):
        explorer.move(row=end_row, **{name: slider.values[end] for name, slider in explorer.sliders.items()})
        look()
        explorer.pixels()
    explorer.move(row=row, **start)
    assert look() == at_start, "the same sliders give another film the second time"
    assert explorer.rows == 1 or explorer.captions[0] != explorer.captions[-1], "the playhead changes no caption"
    return seen


def check_words(explorer: Explorer, by_hand: Collection[str]) -> None:
    """A caption is one line of words and finite numbers; none, and no note in the picture, is rounding noise."""
    for caption in explorer.captions:
        assert caption == " ".join(caption.split()), f"not a plain line: {caption!r}"
        assert not re.search(r"\b(nan|inf)\b", caption), f"not a number: {caption!r}"
    numbers = [value for value in explorer.values.values() if not isinstance(value, str)]
    parts = [part for mark in explorer.marks for part in mark["parts"]]
    for text in [*explorer.captions, *(text for part in parts for text in part.get("texts", ()))]:
        found = noise(text, by_hand, numbers)
        assert not found, f"digits of rounding noise, {', '.join(found)}: {text!r}"


def noise(text: str, by_hand: Collection[str], by_slider: Sequence[float] = ()) -> list[str]:
    """The numbers of a text that are minus zero, or below 1e-12 where nobody wrote or set them so."""
    small = [number for number in NUMBER.findall(text) if 0 < float(number.replace(",", "")) < 1e-12]
    unset = [n for n in small if not any(math.isclose(float(n), value, rel_tol=0.05) for value in by_slider)]
    return MINUS_ZERO.findall(text) + [number for number in unset if number not in by_hand]


def written_by_hand(notebook: Mapping) -> set[str]:
    """The numbers in the sources of a notebook, and in the ledger that it may show: the same on every processor."""
    ledger = (ROOT / "notebooks" / "data" / "claims.csv").read_text(encoding="utf-8")
    return set(NUMBER.findall("\n".join([*("".join(cell["source"]) for cell in notebook["cells"]), ledger])))
