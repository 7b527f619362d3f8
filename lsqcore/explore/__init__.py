"""Everything that is seen: `explore` for a figure with sliders, `picture` for one without, `predict` for a question."""

from lsqcore.explore.controls import choice_slider, playhead, predict, slider
from lsqcore.explore.explorer import Explorer, explore, picture
from lsqcore.explore.marks import Bars, Curve, Dots, Note, Segments, Trail
from lsqcore.explore.scene import Contours, Panel

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
    "picture",
    "playhead",
    "predict",
    "slider",
]


def __dir__() -> list[str]:
    """What Tab offers: the names above, not the files of this folder."""
    return __all__
