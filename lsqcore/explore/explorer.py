"""Sliders ↔ film: a figure that a reader drags. The iteration runs in the browser; other sliders ask the kernel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from threading import RLock

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython

from lsqcore.explore.canvas import WIDTH, Canvas
from lsqcore.explore.controls import Playhead, Prediction, Slider
from lsqcore.explore.marks import Mark
from lsqcore.explore.scene import Panel, encode_film

FILM_BUDGET = 150_000  # bytes; a notebook stores the film of each of its explorers
Film = Callable[..., Mapping[str, Sequence[Mark] | str | Sequence[str]]]


class Explorer(anywidget.AnyWidget):
    """A figure with sliders; made by `explore`. `move` sets its sliders, as a reader would."""

    # as text: anywidget watches a path, and what it watches for is never freed
    _esm = (files("lsqcore.explore") / "film.js").read_text(encoding="utf-8")
    _css = (files("lsqcore.explore") / "film.css").read_text(encoding="utf-8")

    scene = traitlets.Dict().tag(sync=True)  # what stands still: size, panels, colours, controls, prediction
    background = traitlets.Bytes().tag(sync=True)  # PNG
    marks = traitlets.List().tag(sync=True)  # per mark: panel, colour, parts, and its shape in `film`
    film = traitlets.Bytes().tag(sync=True)  # x and y of all marks in turn, 16-bit panel coordinates
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)  # a sentence a row
    positions = traitlets.List(traitlets.Int()).tag(sync=True)  # of the sliders whose film this is
    row = traitlets.Int().tag(sync=True)  # where the playhead starts
    error = traitlets.Unicode().tag(sync=True)  # of the film, in words; empty while all is well
    answers = traitlets.Int().tag(sync=True)  # to the browser so far; a change says that the kernel is awake

    def __init__(
        self,
        panels: Mapping[str, Panel],
        film: Film,
        controls: Mapping[str, Slider | Playhead],
        prediction: Prediction | None,
        height: int,
    ) -> None:
        self.sliders = {name: control for name, control in controls.items() if isinstance(control, Slider)}
        playheads = ((name, control) for name, control in controls.items() if isinstance(control, Playhead))
        name, playhead = next(playheads, ("", None))
        self.rows = len(playhead.labels) if playhead else 1
        self._film, self._lock, self._canvas = film, RLock(), Canvas(panels, height)
        super().__init__(
            scene=self._canvas.described()
            | dict(
                sliders=[slider.described(name) for name, slider in self.sliders.items()],
                playhead=playhead and playhead.described(name),
                prediction=prediction and asdict(prediction),
            ),
            background=self._canvas.background(),
            row=playhead.start if playhead else 0,
        )
        self._show([slider.start for slider in self.sliders.values()])
        self.on_msg(self._from_browser)
        _take_place(self)

    def move(self, *, row: int | None = None, **values: float | str) -> None:
        """Set sliders by name, and the playhead by row; an error in the film is raised."""
        if unknown := ", ".join(sorted(set(values) - set(self.sliders))):
            raise ValueError(f"no slider is called {unknown}; there are {', '.join(self.sliders) or 'none'}")
        if row is not None and not 0 <= row < self.rows:
            raise ValueError(f"row is {row}, but the film has the rows 0 … {self.rows - 1}")
        changed = {name: self.sliders[name].position(value) for name, value in values.items()}
        with self._lock, self.hold_sync():
            self._show(list((dict(zip(self.sliders, self.positions, strict=True)) | changed).values()))
            if row is not None:
                self.row = row

    @property
    def values(self) -> dict:
        """The values of the sliders whose film is shown."""
        return self._values_at(self.positions)

    def _values_at(self, positions: Sequence[int]) -> dict:
        return {name: slider.values[k] for (name, slider), k in zip(self.sliders.items(), positions, strict=True)}

    @property
    def caption(self) -> str:
        """The sentence of the row at the playhead."""
        return self.captions[min(self.row, len(self.captions) - 1)]

    def pixels(self) -> np.ndarray:
        """matplotlib's picture of the state shown, (height, width, 3) at two device pixels a CSS pixel."""
        return self._canvas.pixels(self._encoded, self.row)

    def _show(self, positions: list[int]) -> None:
        with self._lock, self.hold_sync():  # JupyterLab runs callbacks of widgets in a second thread
            encoded, captions = encode_film(self._film(**self._values_at(positions)), self._canvas.panels)
            film = b"".join(coordinates.tobytes() for mark in encoded for coordinates in (mark.x, mark.y))
            if len(film) > FILM_BUDGET:
                raise ValueError(
                    f"the film has {len(film)} bytes, the budget is {FILM_BUDGET}: keep fewer rows or points"
                )
            self._encoded = encoded
            self.film, self.captions, self.positions, self.error = film, captions, positions, ""
            self.marks = [mark.described() for mark in encoded]

    def _from_browser(self, _: object, message: dict, __: object) -> None:
        """Answer a moved slider with its film, and a greeting with nothing but the answer."""
        with self._lock, self.hold_sync():
            if "positions" in message:
                try:
                    self._show(message["positions"])
                except Exception as error:  # whatever a film raises is shown where the reader looks
                    self.positions, self.error = message["positions"], f"{type(error).__name__}: {error}"
            self.answers += 1

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        with self._lock:
            png, caption = self._canvas.picture(self._encoded, self.row, self.caption), self.caption
            self._canvas.drop_figure()
        data = {"application/vnd.jupyter.widget-view+json": view, "image/png": png, "text/plain": caption}
        return data, {"image/png": {"alt": caption}}

    def close(self) -> None:
        """End it and its views, and let go of its parts: IPython's history of outputs holds on to the object itself."""
        with self._lock:
            super().close()
            self.layout.close()
            self.scene, self.background, self.marks, self.film, self.captions = {}, b"", [], b"", []
            self._film = self._canvas = self._encoded = None


_made: dict[str, tuple[str, list[Explorer]]] = {}  # by cell: the run that made explorers last, and they


def _take_place(explorer: Explorer) -> None:
    """Close the explorers that an earlier run of the same cell made; JupyterLab names the cell that it runs."""
    parent = getattr(get_ipython(), "get_parent", dict)()
    if cell := parent.get("metadata", {}).get("cellId"):
        run = parent["header"]["msg_id"]
        last_run, explorers = _made.get(cell, (run, []))
        if last_run != run:
            for former in explorers:
                former.close()
            explorers = []
        _made[cell] = run, [*explorers, explorer]


def explore(
    panels: Mapping[str, Panel],
    film: Film,
    *,
    prediction: Prediction | None = None,
    height: int = 340,
    **controls: Slider | Playhead,
) -> Explorer:
    """A figure with sliders: panels that stand still, and a film that moves over them.

    Parameters
    ----------
    panels : dict of Panel
        From left to right, by name.
    film : function
        From the values of the sliders, by name, to `{panel name: [marks], "caption": sentence or sentences}`. A pure
        function: its marks hold every row at once, and what has fewer rows than the playhead holds its last one.
    prediction : Prediction, optional
        A question to answer before the sliders move.
    height : int
        CSS pixels.
    **controls : Slider or Playhead
        By the name that the film takes; at most one playhead, which the film does not take.

    Raises
    ------
    ValueError
        A panel, mark, slider or caption is not as described, or the film is over its budget of 150 kB.
    """
    if not panels or not all(isinstance(panel, Panel) for panel in panels.values()):
        raise ValueError(f"panels is {panels!r}, expected a dict of at least one Panel")
    for name, control in controls.items():
        if not isinstance(control, (Slider, Playhead)):
            raise ValueError(f"{name} is {control!r}, expected a slider or a playhead")
    playheads = [name for name, control in controls.items() if isinstance(control, Playhead)]
    if len(playheads) > 1:
        raise ValueError(f"a figure has one playhead, but {', '.join(playheads)} came")
    if prediction and prediction.panel and prediction.panel not in panels:
        raise ValueError(f"the prediction draws on {prediction.panel!r}, but the panels are {', '.join(panels)}")
    return Explorer(panels, film, controls, prediction, height)


class Picture:
    """A still figure with its caption; made by `picture`."""

    def __init__(self, png: bytes, caption: str) -> None:
        self.png, self.caption = png, caption

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        return {"image/png": self.png, "text/plain": self.caption}, {"image/png": {"alt": self.caption, "width": WIDTH}}


def picture(
    panels: Mapping[str, Panel], marks: Mapping[str, Sequence[Mark]], caption: str, *, height: int = 340
) -> Picture:
    """A figure without sliders: the marks of a film of one row on their panels, above a caption."""
    encoded, [caption] = encode_film({**marks, "caption": caption}, panels)
    return Picture(Canvas(panels, height).picture(encoded, 0, caption), caption)
