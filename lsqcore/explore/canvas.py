"""Paints a scene with matplotlib: the still background once, and a whole picture where no browser draws."""

import gc
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from importlib.resources import files
from io import BytesIO

import matplotlib as mpl
import matplotlib.patheffects
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from PIL import Image

from lsqcore.explore.scene import COLORS, Contours, Encoded, Panel, encode

STYLE = files("lsqcore.explore") / "downhill.mplstyle"
WIDTH = 960  # CSS pixels of a figure; wide enough for three panels, narrow enough for JupyterLab beside its file list
CAPTION_HEIGHT = 50  # CSS pixels: two lines
PIXEL_RATIO = 2  # device pixels a CSS pixel
HEAD_ROOM = 8  # CSS pixels that a trail may reach beyond its panel
_STORED_RATIO = 1.25  # of the PNG that a notebook stores: legible on a wall, small in a file
_CONTOUR_COLOR = "#9DB2C8"
_DASHES = (5.0, 3.0)  # CSS pixels on, off


@contextmanager
def _styled():
    with mpl.style.context(str(STYLE)):
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
        total = self.height + CAPTION_HEIGHT
        with _styled():
            figure = Figure(figsize=(WIDTH / 72, total / 72), dpi=72)
            FigureCanvasAgg(figure)
            room = (0, CAPTION_HEIGHT / total, 1, self.height / total)
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
        total = self.height + CAPTION_HEIGHT
        return {
            name: [box.x0 * WIDTH, (1 - box.y1) * total, box.width * WIDTH, box.height * total]
            for name, box in boxes.items()
        }

    def background(self) -> bytes:
        """The still part as a palette PNG at PIXEL_RATIO, without the caption's strip."""
        return _palette_png(self._pixels(PIXEL_RATIO)[: self.height * PIXEL_RATIO])

    def pixels(self, marks: Sequence[Encoded], row: int) -> np.ndarray:
        """The whole picture of one row at PIXEL_RATIO without its caption, (height, width, 3): what a browser shows."""
        with self._painted(marks, row):
            return self._pixels(PIXEL_RATIO)[: self.height * PIXEL_RATIO].copy()

    def picture(self, marks: Sequence[Encoded], row: int, caption: str) -> bytes:
        """The whole picture of one row above its caption, as a small PNG for places where nothing runs."""
        with self._painted(marks, row, caption):
            return _palette_png(self._pixels(_STORED_RATIO))

    @contextmanager
    def _painted(self, marks: Sequence[Encoded], row: int, caption: str = ""):
        with _styled():
            artists = [artist for mark in marks for artist in self._paint(self._axes[mark.panel], mark, row)]
            lines = textwrap.fill(caption, width=128)
            total = self.height + CAPTION_HEIGHT
            artists.append(
                self._figure.text(16 / WIDTH, (CAPTION_HEIGHT - 4) / total, lines, va="top", linespacing=1.35)
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

    def _paint(self, axes: Axes, mark: Encoded, row: int) -> list:
        """The artists of one mark at one row, in panel coordinates; film.js draws the same, kind by kind."""
        x, y = mark.at(row)
        color = self.colors[mark.style["color"]]
        shared = dict(transform=axes.transAxes, clip_on=True, zorder=2)
        dashes = dict(linestyle=(0, _DASHES)) if mark.style.get("dashed") else {}
        artists = []
        match mark.kind:
            case "trail":
                if mark.style["line"]:
                    artists.append(Line2D(x, y, color=color, linewidth=2, **shared))
                if mark.style["dots"]:
                    artists.append(
                        Line2D(x, y, color=color, linestyle="", marker="o", markersize=5, markeredgewidth=0, **shared)
                    )
                head = dict(marker="o", markersize=13, markeredgecolor="white", markeredgewidth=1.5)
                artists.append(Line2D(x[-1:], y[-1:], color=color, linestyle="", **head, **shared))
            case "curve":
                artists.append(Line2D(x, y, color=color, linewidth=mark.style["width"], **dashes, **shared))
            case "dots":
                size = mark.style["size"]
                artists.append(
                    Line2D(x, y, color=color, linestyle="", **_marker(mark.style["corners"], size), **shared)
                )
            case "segments":
                broken = [np.insert(values, range(2, len(values), 2), np.nan) for values in (x, y)]
                artists.append(Line2D(*broken, color=color, linewidth=mark.style["width"], **dashes, **shared))
            case "bars":
                corners = zip(x[0::2], y[0::2], x[1::2], y[1::2], strict=True)
                artists += [
                    Rectangle((a, b), c - a, d - b, facecolor=color, linewidth=0, **shared) for a, b, c, d in corners
                ]
            case "note":
                text = mark.style["texts"][min(row, len(mark.style["texts"]) - 1)]
                halo = [mpl.patheffects.withStroke(linewidth=4, foreground="white")]
                place = dict(ha=mark.style["align"], va="baseline", fontsize=12.5, path_effects=halo)
                return [axes.text(x[0], y[0], text, color=color, parse_math=False, **place, **shared)]
        for artist in artists:
            axes.add_artist(artist)
            if mark.kind == "trail":
                artist.set_clip_path(self._wider_frame(axes))
        return artists

    def _wider_frame(self, axes: Axes) -> Rectangle:
        """The panel and HEAD_ROOM around it, so that the head of a trail is whole at the panel's edge."""
        across, up = HEAD_ROOM / (axes.get_position().size * [WIDTH, self.height + CAPTION_HEIGHT])
        return Rectangle((-across, -up), 1 + 2 * across, 1 + 2 * up, transform=axes.transAxes)


def _marker(corners: Sequence[Sequence[float]], size: float) -> dict:
    if not corners:
        return dict(marker="o", markersize=size, markeredgewidth=0)
    # matplotlib scales a marker of corners so that its largest coordinate is ½ of the size
    largest = max(abs(value) for corner in corners for value in corner)
    return dict(
        marker=MarkerStyle(Path([*corners, corners[0]], closed=True)), markersize=size * largest, markeredgewidth=0
    )


@cache
def _shades() -> np.ndarray:
    """Every colour of the style in steps to white, (colours, 3): thin edges stay smooth and colours stay true."""
    colors = np.array([to_rgb(color) for color in [*palette().values(), _CONTOUR_COLOR, "black"]])
    steps = np.linspace(0, 1, 26)[1:, None]
    return np.rint(255 * np.vstack([[[1, 1, 1]], *(1 + steps * (color - 1) for color in colors)])).astype(np.int32)


@cache
def _nearest_shade(code: int) -> int:
    """The place in the palette of a colour 0xRRGGBB."""
    return int(np.square(_shades() - [code >> 16, code >> 8 & 255, code & 255]).sum(axis=1).argmin())


def _palette_png(pixels: np.ndarray) -> bytes:
    """Each pixel as the nearest shade: a third of the size of a PNG in full colour."""
    shades = np.empty(pixels.shape[:2], dtype=np.uint8)
    for row, colors in zip(shades, pixels, strict=True):  # at once, the integers of a picture would take 80 MB
        codes, places = np.unique(colors.astype(np.int32) @ [1 << 16, 1 << 8, 1], return_inverse=True)
        row[:] = np.array([_nearest_shade(code) for code in codes.tolist()])[places]
    image = Image.fromarray(shades, "P")
    image.putpalette(_shades().astype(np.uint8).tobytes())
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
