"""Everything that is seen: `explore` for a figure with controls, `picture` for one without."""

from lsqcore.explore.controls import choice_slider, handle, playhead, slider
from lsqcore.explore.explorer import Explorer
from lsqcore.explore.figures import explore, picture
from lsqcore.explore.marks import Bars, Contours, Curve, Dots, Note, Segments, Trail
from lsqcore.explore.of_reader import of_reader
from lsqcore.explore.scene import Panel
from lsqcore.explore.ticks import written
from lsqcore.explore.views import Run, View, explore_run, fit, progress, valley

__all__ = [
    "Bars",
    "Contours",
    "Curve",
    "Dots",
    "Explorer",
    "Note",
    "Panel",
    "Run",
    "Segments",
    "Trail",
    "View",
    "choice_slider",
    "explore",
    "explore_run",
    "fit",
    "handle",
    "of_reader",
    "picture",
    "playhead",
    "progress",
    "slider",
    "valley",
    "written",
]


def __dir__() -> list[str]:
    """What Tab offers: the names above, not the files of this folder."""
    return __all__
