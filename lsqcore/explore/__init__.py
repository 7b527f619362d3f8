"""Everything that is seen: `explore` for a figure with sliders, `picture` for one without, `predict` for a question."""

from lsqcore.explore.explorer import (
    Explorer,
    choice_slider,
    explore,
    linear_slider,
    log_slider,
    picture,
    playhead,
    predict,
)
from lsqcore.explore.scene import Bars, Contours, Curve, Dots, Note, Panel, Segments, Trail

__all__ = [
    "Bars",
    "Contours",
    "Curve",
    "Dots",
    "Explorer",
    "Note",
    "Panel",
    "Segments",
    "Trail",
    "choice_slider",
    "explore",
    "linear_slider",
    "log_slider",
    "picture",
    "playhead",
    "predict",
]
