"""Moves every control of an explorer, and looks at what it shows and says."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from lsqcore.explore import Explorer
from lsqcore.explore.controls import Handle, Playhead, Slider
from tests.notebooks import ROOT

#: A number, and one that is minus zero. An exponent may have a sign, a thousand its comma.
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*\.?\d*(?:e[-+]?\d+)?", re.IGNORECASE)
MINUS_ZERO = re.compile(r"(?<![\w.])[-−]0(?:\.0*)?(?:e[-+]?0+)?(?!\.?\d|\w)")


class Shown(NamedTuple):
    """What an explorer shows at one place of its controls."""

    captions: list[str]
    marks: list[dict]
    film: bytes


def move_everything(explorer: Explorer, by_hand: Collection[str] = ()) -> dict[tuple, Shown]:
    """Move each control to its ends, past its mark and back; then all to an end together, with the playhead; and back.

    What was shown at each place is the answer. The numbers `by_hand` may be small.
    """
    seen = {}

    def look() -> Shown:
        assert explorer.at == explorer.values, "the picture is not the one of the controls"
        assert not explorer.error, explorer.error
        explorer.look_for_changes()
        assert not explorer.stale, "a film changes what it is made of, such as a number of a cell above"
        seen[tuple(explorer.at.values())] = shown = Shown(explorer.captions, explorer.marks, explorer.film)
        check_words(explorer, by_hand)
        return shown

    playhead = next((name for name, each in explorer.controls.items() if isinstance(each, Playhead)), None)
    if explorer.error:  # it waits for a function that the reader has still to write
        return {(): Shown(explorer.captions, explorer.marks, explorer.film)}
    start, at_start = values_of(explorer), look()
    ends = {name: places(control) for name, control in explorer.controls.items() if name != playhead}
    for name, (first, *between, last) in ends.items():
        shown = []
        for value in (first, *between, last):
            explorer.move(**{name: value})
            shown.append(look())
        assert shown[0][1:] != shown[-1][1:], f"the control {name} moves nothing"
        assert shown[0].captions != shown[-1].captions, f"the control {name} changes no caption"
        explorer.move(**start)
    for end in (0, -1):
        explorer.move(**{name: values[end] for name, values in ends.items()})
        look()
        if playhead:
            explorer.move(**{playhead: explorer.controls[playhead].values[end]})
            assert explorer.row == (0 if end == 0 else explorer.rows - 1), "the playhead goes to both ends of the film"
        explorer.pixels()
    explorer.move(**start)
    assert look() == at_start, "the same controls give another film the second time"
    assert values_of(explorer) == start
    assert not playhead or explorer.captions[0] != explorer.captions[-1], "the playhead changes no caption"
    return seen


def values_of(explorer: Explorer) -> dict:
    """What all controls are set to, the playhead, too."""
    return {name: getattr(explorer, name) for name in explorer.controls}


def places(control: Slider | Handle) -> list:
    """Where a control is moved: its ends, and a slider to both sides of its mark."""
    if isinstance(control, Handle):
        ends = dict(x=control.xlim, y=control.ylim, xy=list(zip(control.xlim, control.ylim, strict=True)))
        return [control.nearest(np.broadcast_to(end, np.shape(control.first))) for end in ends[control.moves]]
    last = len(control.values) - 1
    mark = [] if control.mark is None else [math.floor(control.mark), min(math.floor(control.mark) + 1, last)]
    return [control.values[position] for position in (0, *mark, last)]


def check_words(explorer: Explorer, by_hand: Collection[str]) -> None:
    """A caption is one line of words and finite numbers; none, and no note in the picture, is rounding noise."""
    for caption in explorer.captions:
        assert caption == " ".join(caption.split()), f"not a plain line: {caption!r}"
        assert not re.search(r"\b(nan|inf)\b", caption), f"not a number: {caption!r}"
    values = [np.ravel(value).tolist() for value in explorer.values.values()]
    numbers = [value for each in values for value in each if not isinstance(value, str)]
    parts = [part for mark in explorer.marks for part in mark["parts"]]
    for text in [*explorer.captions, *(text for part in parts for text in part.get("texts", ()))]:
        found = noise(text, by_hand, numbers)
        assert not found, f"digits of rounding noise, {', '.join(found)}: {text!r}"


def noise(text: str, by_hand: Collection[str], by_control: Sequence[float] = ()) -> list[str]:
    """The numbers of a text that are minus zero, or below 1e-12 where nobody wrote or set them so."""
    small = [number for number in NUMBER.findall(text) if 0 < float(number.replace(",", "")) < 1e-12]
    unset = [n for n in small if not any(math.isclose(float(n), value, rel_tol=0.05) for value in by_control)]
    return MINUS_ZERO.findall(text) + [number for number in unset if number not in by_hand]


def written_by_hand(notebook: Mapping) -> set[str]:
    """The numbers in the sources of a notebook, and in the ledger that it may show: the same on every processor."""
    ledger = (ROOT / "notebooks" / "data" / "claims.csv").read_text(encoding="utf-8")
    return set(NUMBER.findall("\n".join([*("".join(cell["source"]) for cell in notebook["cells"]), ledger])))
