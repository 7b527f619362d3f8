"""Moves every slider of every explorer of a lesson; runs in the lesson's kernel, after its last cell."""

import json
import math
import re
import warnings
from pathlib import Path

from ipywidgets.widgets.widget import _instances  # every widget of this kernel; nothing public lists them

from lsqcore.explore import Explorer
from tests.notebooks import WIDGET_STATE


def sweep(notebook: str) -> None:
    """Compare the live explorers with the stored ones, then move all that can be moved."""
    metadata = json.loads(Path(notebook).read_text(encoding="utf-8"))["metadata"]
    models = metadata["widgets"][WIDGET_STATE]["state"].values() if "widgets" in metadata else ()
    stored = [model["state"]["captions"] for model in models if "captions" in model["state"]]
    explorers = [widget for widget in _instances.values() if isinstance(widget, Explorer)]
    said = [explorer.captions for explorer in explorers]
    assert sorted(said) == sorted(stored), "the stored explorers say something else than the live ones: make notebooks"
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # divergence is a sentence, never a warning
        warnings.simplefilter("error", UserWarning)  # a missing glyph is a hole in a label
        for explorer in explorers:
            move_everything(explorer)


def move_everything(explorer: Explorer) -> None:
    """Move each slider to its ends, its mark and past it; then all to an end together, with the playhead; and back."""
    start, row, film_at_start = explorer.values, explorer.row, film(explorer)
    for name, slider in explorer.sliders.items():
        last = len(slider.values) - 1
        marked = [] if slider.mark is None else [math.floor(slider.mark), min(math.floor(slider.mark) + 1, last)]
        for position in (0, *marked, last):
            explorer.move(**{name: slider.values[position]})
            check_captions(explorer)
            if position == 0:
                marks, captions = film(explorer)
        assert marks != film(explorer)[0], f"the slider {name} moves nothing"
        assert captions != film(explorer)[1], f"the slider {name} changes no caption"
        explorer.move(**start)
    for end, end_row in ((0, 0), (-1, explorer.rows - 1)):
        explorer.move(row=end_row, **{name: slider.values[end] for name, slider in explorer.sliders.items()})
        check_captions(explorer)
        explorer.pixels()
    explorer.move(row=row, **start)
    assert film(explorer) == film_at_start, "the same sliders give another film the second time"
    assert explorer.rows == 1 or explorer.captions[0] != explorer.captions[-1], "the playhead changes no caption"


def film(explorer: Explorer) -> tuple:
    """What the browser draws, and what it says."""
    return (explorer.film, explorer.marks), explorer.captions


def check_captions(explorer: Explorer) -> None:
    """A caption is one line of words and finite numbers."""
    for caption in explorer.captions:
        assert caption == " ".join(caption.split()), f"not a plain line: {caption!r}"
        assert not re.search(r"\b(nan|inf)\b", caption), f"not a number: {caption!r}"
