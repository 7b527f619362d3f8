"""Paints a scene with matplotlib: the still background once, and a whole picture where no browser draws."""

import gc
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files

import matplotlib as mpl
import matplotlib.patheffects
import matplotlib.style
import matplotlib.text
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from lsqcore.explore.marks import COLORS
from lsqcore.explore.parts import Part, Polyline, Shapes, Sticks, Text
from lsqcore.explore.png import palette_png
from lsqcore.explore.scene import STEPS_PER_PANEL, Contours, Encoded, Panel, encode

_STYLE = files("lsqcore.explore") / "downhill.mplstyle"
WIDTH = 960  # CSS pixels of a figure; wide enough for three panels, narrow enough for JupyterLab beside its file list
_CAPTION_HEIGHT = 50  # CSS pixels: two lines
PIXEL_RATIO = 2  # device pixels a CSS pixel
HEAD_ROOM = 8  # CSS pixels that a path may reach beyond its panel
_STORED_RATIO = 1.25  # of the PNG that a notebook stores: legible on a wall, small in a file
_CONTOUR_COLOR = "#9DB2C8"
_DASHES = (5.0, 3.0)  # CSS pixels on, off


@contextmanager
def _styled():
    with mpl.style.context(str(_STYLE)):
        yield


def palette() -> dict[str, str]:
    """The colour of each role, read from the style file."""
    with _styled():
        return dict(zip(COLORS, mpl.rcParams["axes.prop_cycle"].by_key()["color"], strict=True))


class Canvas:
    """The still panels of a figure, laid out once; `height` in CSS pixels without the caption."""

    def __init__(self, panels: Mapping[str, Panel], height: int) -> None:
        self.panels, self.height = panels, height
        self.colors = palette()

    @cached_property
    def _figure(self) -> Figure:
        total = self.height + _CAPTION_HEIGHT
        with _styled():
            figure = Figure(figsize=(WIDTH / 72, total / 72), dpi=72)
            FigureCanvasAgg(figure)
            room = (0, _CAPTION_HEIGHT / total, 1, self.height / total)
            figure.set_layout_engine("constrained", rect=room, w_pad=12 / 72, h_pad=10 / 72)
            widths = [panel.width for panel in self.panels.values()]
            axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
            for each, (name, panel) in zip(axes, self.panels.items(), strict=True):
                self._lay_out(each, name, panel)
            figure.draw_without_rendering()  # the layout settles here, once, for every later painting
            figure.set_layout_engine("none")
        return figure

    @property
    def _axes(self) -> dict[str, Axes]:
        return dict(zip(self.panels, self._figure.axes, strict=True))

    def drop_figure(self) -> None:
        """Give back the megabytes of matplotlib's figure; the next picture lays it out anew, to the same pixels."""
        vars(self).pop("_figure", None)
        gc.collect()  # its parts refer to one another, and would lie about for many figures more

    def _lay_out(self, axes: Axes, name: str, panel: Panel) -> None:
        axes.set_title(panel.title)
        axes.set(xlabel=panel.xlabel, ylabel=panel.ylabel)
        axes.set(xscale="log" if panel.log_x else "linear", yscale="log" if panel.log_y else "linear")
        axes.set(xlim=panel.xlim, ylim=panel.ylim)
        axes.set_autoscale_on(False)
        if not panel.xlabel:
            axes.set_xticks([])
        if not panel.axes:
            axes.set_axis_off()
        for mark in panel.still:
            if isinstance(mark, Contours):
                axes.contour(mark.x, mark.y, mark.z, levels=mark.levels, colors=_CONTOUR_COLOR, zorder=0.5)
            else:
                self._paint(axes, encode(mark, name, panel), row=0)

    def rectangles(self) -> dict[str, list[float]]:
        """Left, top, width and height of each panel in CSS pixels, measured from the figure's upper left corner."""
        boxes = {name: axes.get_position() for name, axes in self._axes.items()}  # in figures, from the lower left
        total = self.height + _CAPTION_HEIGHT
        lengths = {
            name: (box.x0 * WIDTH, (1 - box.y1) * total, box.width * WIDTH, box.height * total)
            for name, box in boxes.items()
        }
        # the last bits of matplotlib's layout differ from run to run, and a notebook stores these numbers
        return {name: [round(length, 9) for length in box] for name, box in lengths.items()}

    def described(self) -> dict:
        """What film.js needs to paint on the background, as JSON."""
        boxes = self.rectangles()
        return dict(
            width=WIDTH,
            height=self.height,
            ratio=PIXEL_RATIO,
            steps=STEPS_PER_PANEL,
            headRoom=HEAD_ROOM,
            colors=self.colors,
            panels={name: dict(rectangle=boxes[name]) | panel.described() for name, panel in self.panels.items()},
        )

    def background(self) -> bytes:
        """The still part as a palette PNG at PIXEL_RATIO, without the caption's strip."""
        return self._png(self._pixels(PIXEL_RATIO)[: self.height * PIXEL_RATIO])

    def pixels(self, marks: Sequence[Encoded], row: int) -> np.ndarray:
        """The whole picture of one row at PIXEL_RATIO without its caption, (height, width, 3): what a browser shows."""
        with self._painted(marks, row):
            return self._pixels(PIXEL_RATIO)[: self.height * PIXEL_RATIO].copy()

    def picture(self, marks: Sequence[Encoded], row: int, caption: str) -> bytes:
        """The whole picture of one row above its caption, as a small PNG for places where nothing runs."""
        with self._painted(marks, row, caption):
            return self._png(self._pixels(_STORED_RATIO))

    @contextmanager
    def _painted(self, marks: Sequence[Encoded], row: int, caption: str = ""):
        with _styled():
            artists = [artist for mark in marks for artist in self._paint(self._axes[mark.panel], mark, row)]
            lines = textwrap.fill(caption, width=128)
            total = self.height + _CAPTION_HEIGHT
            artists.append(
                self._figure.text(16 / WIDTH, (_CAPTION_HEIGHT - 4) / total, lines, va="top", linespacing=1.35)
            )
            yield
        for artist in artists:
            artist.remove()

    def _pixels(self, ratio: float) -> np.ndarray:
        """What matplotlib paints, as long as it paints nothing else: (height, width, 3)."""
        with _styled():
            self._figure.set_dpi(72 * ratio)
            self._figure.canvas.draw()
            return np.asarray(self._figure.canvas.buffer_rgba())[..., :3]

    def _png(self, pixels: np.ndarray) -> bytes:
        return palette_png(pixels, (*self.colors.values(), _CONTOUR_COLOR, "black"))

    def _paint(self, axes: Axes, mark: Encoded, row: int) -> list[Artist]:
        """The artists of one mark at one row, in panel coordinates; film.js draws the same, part by part."""
        artists = []
        for part in mark.parts:
            for artist in _artists(part, *mark.at(row, part.shown), row):
                artist.set(color=self.colors[mark.color], transform=axes.transAxes, clip_on=True, zorder=2)
                axes.add_artist(artist)
                if part.shown != "all":
                    artist.set_clip_path(self._wider_frame(axes))
                artists.append(artist)
        return artists

    def _wider_frame(self, axes: Axes) -> Rectangle:
        """The panel and HEAD_ROOM around it, so that the head of a path is whole at the panel's edge."""
        across, up = HEAD_ROOM / (axes.get_position().size * [WIDTH, self.height + _CAPTION_HEIGHT])
        return Rectangle((-across, -up), 1 + 2 * across, 1 + 2 * up, transform=axes.transAxes)


def _artists(part: Part, x: np.ndarray, y: np.ndarray, row: int) -> list[Artist]:
    """What matplotlib draws of a part whose points are shown at x and y; without a colour, and on no axes yet."""
    match part:
        case Polyline():
            return [Line2D(x, y, **_line(part))]
        case Sticks(box=True):
            corners = zip(x[0::2], y[0::2], x[1::2], y[1::2], strict=True)
            return [Rectangle((a, b), c - a, d - b, linewidth=0) for a, b, c, d in corners]
        case Sticks():
            broken = [np.insert(values, range(2, len(values), 2), np.nan) for values in (x, y)]
            return [Line2D(*broken, **_line(part))]
        case Shapes():
            return [Line2D(x, y, linestyle="", markeredgecolor="white", markeredgewidth=part.rim, **_marker(part))]
        case Text():
            text = part.texts[min(row, len(part.texts) - 1)]
            halo = [mpl.patheffects.withStroke(linewidth=4, foreground="white")]
            style = dict(ha=part.align, va="baseline", fontsize=12.5, path_effects=halo, parse_math=False)
            return [mpl.text.Text(*point, text, **style) for point in zip(x, y, strict=True)]


def _line(part: Polyline | Sticks) -> dict:
    return dict(linewidth=part.width, linestyle=(0, _DASHES) if part.dashed else "-")


def _marker(part: Shapes) -> dict:
    if not part.corners:
        return dict(marker="o", markersize=part.size)
    # matplotlib scales a marker of corners so that its largest coordinate is ½ of the size
    largest = max(abs(value) for corner in part.corners for value in corner)
    path = Path([*part.corners, part.corners[0]], closed=True)
    return dict(marker=MarkerStyle(path), markersize=part.size * largest)
