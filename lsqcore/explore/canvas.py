"""Paints a scene with matplotlib, where no browser draws: axis by axis and part by part as paint.js does."""

import textwrap
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import matplotlib as mpl
import matplotlib.patheffects
import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.text import Text as Words
from matplotlib.transforms import Affine2D

from lsqcore.explore.layout import rectangles
from lsqcore.explore.marks import COLORS
from lsqcore.explore.parts import Part, Polyline, Shapes, Sticks, Text
from lsqcore.explore.png import palette_png
from lsqcore.explore.scene import STEPS_PER_PANEL, Encoded, Panel, encode

_STYLE = files("lsqcore.explore") / "downhill.mplstyle"
WIDTH = 960  # CSS pixels of a stored figure
_LINE = 23  # CSS pixels, of a caption
PIXEL_RATIO = 2  # device pixels a CSS pixel, where pictures are compared
HEAD_ROOM = 8  # CSS pixels that a path may reach beyond its panel
_STORED_RATIO = 1.25  # of the PNG that a notebook stores: legible on a wall, small in a file
_DASHES = (5.0, 3.0)  # CSS pixels on, off
_KEY = (20, 3)  # CSS pixels of the bar that gives a text its colour


@cache
def palette() -> dict[str, str]:
    """The colour of each role, read from the style file."""
    with mpl.style.context(str(_STYLE)):
        return dict(zip(COLORS, mpl.rcParams["axes.prop_cycle"].by_key()["color"], strict=True))


class Canvas:
    """The panels of a figure and what stands still on them; `height` in CSS pixels of a row, without the caption."""

    def __init__(self, panels: Mapping[str, Panel], height: int) -> None:
        self.panels, self.height = panels, height
        self.still = [encode(mark, name, panel) for name, panel in panels.items() for mark in panel.still]

    def described(self) -> dict:
        """What film.js needs beside the coordinates, as JSON."""
        return dict(
            height=self.height,
            steps=STEPS_PER_PANEL,
            headRoom=HEAD_ROOM,
            colors=palette(),
            # as pairs: a file sorts the keys of a dict
            panels=[[name, panel.described()] for name, panel in self.panels.items()],
            still=[mark.described() for mark in self.still],
        )

    def pixels(self, marks: Sequence[Encoded], row: int, width: float = WIDTH) -> np.ndarray:
        """The whole picture of one row without its caption, (height, width, 3): what a browser of this width shows."""
        return self._pixels(self.still, marks, row, "", width, PIXEL_RATIO)

    def picture(self, marks: Sequence[Encoded], row: int, caption: str, hides: Collection[str] = ()) -> bytes:
        """The whole picture of one row above its caption, as a small PNG for places where nothing runs.

        The panels that it hides stay empty.
        """
        still, moving = ([mark for mark in each if mark.panel not in hides] for each in (self.still, marks))
        with warnings.catch_warnings():  # a script that this font has not is as it should be in the browser
            warnings.filterwarnings("ignore", "Glyph .* missing from")
            pixels = self._pixels(still, moving, row, caption, WIDTH, _STORED_RATIO)
        return palette_png(pixels, (*palette().values(), "black"))

    def _pixels(
        self,
        still: Sequence[Encoded],
        marks: Sequence[Encoded],
        row: int,
        caption: str,
        width: float,
        ratio: float,
    ) -> np.ndarray:
        places, height = rectangles(self.panels, width, self.height)
        lines = textwrap.wrap(caption, width=128)
        room = 4 + _LINE * max(2, len(lines)) if caption else 0  # most captions have up to two: pictures of one height
        total = height + room
        with mpl.style.context(str(_STYLE)):
            figure = Figure(figsize=(width / 72, total / 72), dpi=72 * ratio)
            canvas = FigureCanvasAgg(figure)
            pixels = Affine2D().scale(1 / width, -1 / total).translate(0, 1) + figure.transFigure
            for order, (artist, clip) in enumerate(self._artists(still, marks, row, places)):
                artist.set(transform=pixels, zorder=order)
                figure.add_artist(artist)
                if clip:
                    left, top, wide, tall = clip
                    artist.set_clip_path(Rectangle((left, top), wide, tall, transform=pixels))
            if caption:
                figure.text(16 / width, (room - 4) / total, "\n".join(lines), va="top", linespacing=1.35)
            canvas.draw()
            return np.asarray(canvas.buffer_rgba())[..., :3]

    def _artists(
        self, still: Sequence[Encoded], marks: Sequence[Encoded], row: int, places: Mapping[str, tuple]
    ) -> Iterator[tuple]:
        """Everything from the lowest to the highest, in CSS pixels, each with the box beyond which it is not seen."""
        for mark in still:
            yield from self._of_mark(mark, 0, places[mark.panel])
        for name, panel in self.panels.items():
            yield from ((artist, None) for artist in _axes(panel, *places[name]))
        for mark in marks:
            yield from self._of_mark(mark, row, places[mark.panel])

    def _of_mark(self, mark: Encoded, row: int, place: tuple) -> Iterator[tuple]:
        left, top, width, height = place
        for part in mark.parts:
            x, y = mark.at(row, part.shown)
            room = 0 if part.shown == "all" and not isinstance(part, Shapes) else HEAD_ROOM
            clip = left - room, top - room, width + 2 * room, height + 2 * room
            for artist in _of_part(part, left + width * x, top + height * (1 - y), row, palette()[mark.color]):
                yield artist, clip


def _axes(panel: Panel, left: float, top: float, width: float, height: float) -> Iterator[Artist]:
    """The lines of a panel, its title, its names and its numbers."""
    ink, quiet = palette()["ink"], palette()["quiet"]
    start = left - panel.left + 14 if panel.axes else left
    yield Words(start, top - 16, panel.title, fontsize=14, weight="bold", color=ink, parse_math=False)
    if not panel.axes:
        return
    bottom = top + height
    yield Line2D([left, left, left + width], [top, bottom, bottom], linewidth=1, color=quiet, solid_joinstyle="miter")
    style = dict(fontsize=12, color=quiet, parse_math=False)
    for place, text in panel.ticks("x"):
        x = left + place * width
        yield Line2D([x, x], [bottom, bottom + 4], linewidth=1, color=quiet)
        yield Words(x, bottom + 17, text, ha="center", va="baseline", **style)
    for place, text in panel.ticks("y"):
        y = bottom - place * height
        yield Line2D([left - 4, left], [y, y], linewidth=1, color=quiet)
        yield Words(left - 8, y + 4, text, ha="right", va="baseline", **style)
    style = dict(fontsize=13, color=ink, ha="center", va="baseline", parse_math=False)
    yield Words(left + width / 2, bottom + 37, panel.xlabel, **style)
    yield Words(left - panel.left + 18, top + height / 2, panel.ylabel, rotation=90, rotation_mode="anchor", **style)


def _of_part(part: Part, x: np.ndarray, y: np.ndarray, row: int, color: str) -> Iterator[Artist]:
    """What matplotlib draws of a part whose points are shown at x and y, in CSS pixels."""
    match part:
        case Polyline(starts=starts):
            yield Line2D(*(np.insert(values, starts, np.nan) for values in (x, y)), color=color, **_line(part))
        case Sticks(box=True):
            for a, b, c, d in zip(x[0::2], y[0::2], x[1::2], y[1::2], strict=True):
                yield Rectangle((a, b), c - a, d - b, linewidth=0, color=color)
        case Sticks():
            broken = [np.insert(values, range(2, len(values), 2), np.nan) for values in (x, y)]
            yield Line2D(*broken, color=color, **_line(part))
        case Shapes():
            rim = dict(markeredgecolor="white", markeredgewidth=part.rim)
            yield Line2D(x, y, linestyle="", color=color, **rim, **_marker(part))
        case Text():
            text = part.texts[min(row, len(part.texts) - 1)]
            halo = [mpl.patheffects.withStroke(linewidth=4, foreground="white")]
            style = dict(ha=part.align, va="baseline", fontsize=12.5, path_effects=halo, parse_math=False)
            for a, b in zip(x, y, strict=True):
                yield Words(a, b, text, color=palette()["ink"], **style)
                if part.key and text:
                    back = dict(left=0, center=0.5, right=1)[part.align] * _KEY[0]
                    yield Rectangle((a - back, b + 4), *_KEY, linewidth=0, color=color)


def _line(part: Polyline | Sticks) -> dict:
    return dict(linewidth=part.width, linestyle=(0, _DASHES) if part.dashed else "-")


def _marker(part: Shapes) -> dict:
    if not part.corners:
        return dict(marker="o", markersize=part.size)
    # matplotlib scales a marker of corners so that its largest coordinate is ½ of the size
    largest = max(abs(value) for corner in part.corners for value in corner)
    path = Path([*part.corners, part.corners[0]], closed=True)
    return dict(marker=MarkerStyle(path), markersize=part.size * largest)
