"""Sliders ↔ film: a figure that a reader drags. The iteration runs in the browser; other sliders ask the kernel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from itertools import pairwise
from threading import RLock

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython
from numpy.typing import ArrayLike

from lsqcore.explore.canvas import HEAD_ROOM, PIXEL_RATIO, WIDTH, Canvas
from lsqcore.explore.scene import STEPS_PER_PANEL, Encoded, Mark, Panel, encode_film

FILM_BUDGET = 150_000  # bytes; a notebook stores the film of each of its explorers
Film = Callable[..., Mapping[str, Sequence[Mark] | str | Sequence[str]]]


@dataclass(frozen=True, eq=False)
class Slider:
    """The positions of a parameter: their values, how each is shown, where it starts, and a marked place."""

    values: tuple
    labels: tuple[str, ...]
    start: int
    mark: float | None = None  # a position, not always a whole one
    mark_label: str = ""
    label: str | None = None

    def position(self, value: float | str) -> int:
        """The position nearest to a value within the range."""
        if value in self.values:
            return self.values.index(value)
        low, high = self.values[0], self.values[-1]
        if isinstance(low, str) or isinstance(value, str) or not low <= value <= high:
            raise ValueError(f"the slider goes from {self.labels[0]} to {self.labels[-1]}, but {value!r} came")
        return int(np.argmin(np.abs(np.asarray(self.values) - value)))


@dataclass(frozen=True, eq=False)
class Playhead:
    """The rows of a film, counted by the iteration that each shows; `seconds` is how long play takes."""

    labels: tuple[str, ...]
    start: int
    seconds: float
    label: str | None = None


def linear_slider(
    low: float,
    high: float,
    *,
    value: float | None = None,
    mark: float | None = None,
    mark_label: str = "limit",
    steps: int = 100,
    label: str | None = None,
) -> Slider:
    """A slider in equal steps from low to high; `value` is where it starts, `mark` a place to show on it."""
    _check_range(low, high, steps, value, mark)
    return _slider(np.linspace(low, high, steps + 1), value, mark, (low, high), mark_label, label)


def log_slider(
    low: float,
    high: float,
    *,
    value: float | None = None,
    mark: float | None = None,
    mark_label: str = "limit",
    steps: int = 100,
    label: str | None = None,
) -> Slider:
    """A slider in equal factors from low to high; `value` is where it starts, `mark` a place to show on it."""
    _check_range(low, high, steps, value, mark)
    if low <= 0:
        raise ValueError(f"a logarithmic slider needs a low end above 0, but {low} came")
    logs = (np.log(low), np.log(high), None if mark is None else np.log(mark))
    return _slider(np.geomspace(low, high, steps + 1), value, logs[2], logs[:2], mark_label, label, shown=mark)


def choice_slider(values: Sequence, *, value: float | str | None = None, label: str | None = None) -> Slider:
    """A slider over given values, ascending numbers or names in any order."""
    values = tuple(values)
    if not values or (not isinstance(values[0], str) and any(a >= b for a, b in pairwise(values))):
        raise ValueError(f"a choice slider needs names or ascending numbers, but {values!r} came")
    if value is not None and value not in values:
        raise ValueError(f"value is {value!r}, expected one of {values!r}")
    labels = tuple(v if isinstance(v, str) else f"{v:.4g}" for v in values)
    return Slider(values, labels, 0 if value is None else values.index(value), label=label)


def _check_range(low: float, high: float, steps: int, value: float | None, mark: float | None) -> None:
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"a slider needs finite low < high, but {low} and {high} came")
    if steps < 1:
        raise ValueError(f"steps is {steps}, expected at least 1")
    for name, number in (("value", value), ("mark", mark)):
        if number is not None and not low <= number <= high:
            raise ValueError(f"{name} is {number}, but the slider goes from {low} to {high}")


def _slider(
    values: np.ndarray,
    value: float | None,
    mark: float | None,
    ends: tuple[float, float],
    mark_label: str,
    label: str | None,
    shown: float | None = None,
) -> Slider:
    if value is None:
        start = (len(values) - 1) // 2
    else:  # the start is a position of its own, exact to the last bit
        start = int(np.argmin(np.abs(values - value)))
        values[start] = value
    position = None if mark is None else (mark - ends[0]) / (ends[1] - ends[0]) * (len(values) - 1)
    shown = mark if shown is None else shown
    caption = "" if shown is None else f"{mark_label} {shown:.4g}"
    return Slider(tuple(values.tolist()), tuple(f"{v:.3g}" for v in values), start, position, caption, label)


def playhead(
    iterations: int | ArrayLike, *, start: int = 0, seconds: float = 8.0, label: str | None = None
) -> Playhead:
    """The playhead over iterations 0 … n, over kept iterations, or over names: one a row of the film."""
    kept = np.arange(iterations + 1) if np.ndim(iterations) == 0 else np.asarray(iterations)
    if kept.ndim != 1 or kept.size == 0:
        raise ValueError(f"a playhead needs at least one row, but iterations {iterations!r} came")
    if not 0 <= start < len(kept):
        raise ValueError(f"start is row {start}, but the playhead has the rows 0 … {len(kept) - 1}")
    return Playhead(
        tuple(k if isinstance(k, str) else f"{k:,}" for k in kept.tolist()),
        start,
        seconds,
        label,
    )


@dataclass(frozen=True, eq=False)
class Prediction:
    """A question that the reader answers before an explorer moves; see `predict`."""

    question: str
    answer: float | str
    unit: str
    choices: tuple[str, ...]
    because: str
    panel: str | None
    axis: str


def predict(
    question: str,
    answer: float | str,
    *,
    unit: str = "",
    choices: Sequence[str] = (),
    because: str = "",
    panel: str | None = None,
    axis: str = "x",
) -> Prediction:
    """Ask for a guess before an explorer moves.

    The answer is a number, or one of `choices`. Afterwards the explorer says how far off the guess was, and `because`
    says why. A guessed number is drawn as a line across `panel`, at that value of its `axis`. A reader may skip.
    """
    if choices and answer not in choices:
        raise ValueError(f"answer is {answer!r}, expected one of the choices {tuple(choices)!r}")
    if not choices and not (isinstance(answer, (int, float, np.number)) and np.isfinite(answer)):
        raise ValueError(f"answer is {answer!r}, expected a finite number, or choices to choose from")
    if axis not in ("x", "y"):
        raise ValueError(f"axis is {axis!r}, expected 'x' or 'y'")
    answer = answer if choices else float(answer)
    return Prediction(question, answer, unit, tuple(choices), because, panel, axis)


class Explorer(anywidget.AnyWidget):
    """A figure with sliders; made by `explore`. `move` sets its sliders, as a reader would."""

    # as text: anywidget watches a path, and what it watches for is never freed
    _esm = (files("lsqcore.explore") / "film.js").read_text(encoding="utf-8")
    _css = (files("lsqcore.explore") / "film.css").read_text(encoding="utf-8")

    scene = traitlets.Dict().tag(sync=True)  # what stands still: size, panels, colours, controls, prediction
    background = traitlets.Bytes().tag(sync=True)  # PNG
    marks = traitlets.List().tag(sync=True)  # per mark: panel, kind, style, and its shape in `film`
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
        sliders: Mapping[str, Slider],
        rows: Playhead | None,
        rows_name: str,
        prediction: Prediction | None,
        height: int,
    ) -> None:
        self._panels, self._film, self.sliders, self._lock = panels, film, sliders, RLock()
        self.rows = len(rows.labels) if rows else 1
        self._canvas = Canvas(panels, height)
        super().__init__(
            scene=dict(
                width=WIDTH,
                height=height,
                ratio=PIXEL_RATIO,
                steps=STEPS_PER_PANEL,
                headRoom=HEAD_ROOM,
                colors=self._canvas.colors,
                panels=self._panels_for_browser(),
                sliders=[
                    _control(name, slider) | {"mark": slider.mark, "markLabel": slider.mark_label}
                    for name, slider in sliders.items()
                ],
                playhead=rows and _control(rows_name, rows) | {"seconds": rows.seconds},
                prediction=prediction and asdict(prediction),
            ),
            background=self._canvas.background(),
            row=rows.start if rows else 0,
        )
        self._show([slider.start for slider in sliders.values()])
        self.on_msg(self._from_browser)
        _take_place(self)

    def _panels_for_browser(self) -> dict:
        rectangles = self._canvas.rectangles()
        return {
            name: dict(
                rectangle=rectangles[name],
                x=dict(limits=list(map(float, panel.xlim)), log=panel.log_x),
                y=dict(limits=list(map(float, panel.ylim)), log=panel.log_y),
            )
            for name, panel in self._panels.items()
        }

    def move(self, *, row: int | None = None, **values: float | str) -> None:
        """Set sliders by name, and the playhead by row; an error in the film is raised."""
        unknown = set(values) - set(self.sliders)
        if unknown:
            raise ValueError(
                f"no slider is called {', '.join(sorted(unknown))}; there are {', '.join(self.sliders) or 'none'}"
            )
        if row is not None and not 0 <= row < self.rows:
            raise ValueError(f"row is {row}, but the film has the rows 0 … {self.rows - 1}")
        moved = {name: self.sliders[name].position(value) for name, value in values.items()}
        with self._lock, self.hold_sync():
            self._show(list((dict(zip(self.sliders, self.positions, strict=True)) | moved).values()))
            if row is not None:
                self.row = row

    @property
    def values(self) -> dict:
        """The values of the sliders whose film is shown."""
        return {name: slider.values[k] for (name, slider), k in zip(self.sliders.items(), self.positions, strict=True)}

    @property
    def caption(self) -> str:
        """The sentence of the row at the playhead."""
        return self.captions[min(self.row, len(self.captions) - 1)]

    def pixels(self) -> np.ndarray:
        """matplotlib's picture of the state shown, (height, width, 3) at two device pixels a CSS pixel."""
        return self._canvas.pixels(self._encoded, self.row)

    def _show(self, positions: list[int]) -> None:
        with self._lock, self.hold_sync():  # JupyterLab runs callbacks of widgets in a second thread
            values = {name: slider.values[k] for (name, slider), k in zip(self.sliders.items(), positions, strict=True)}
            drawn = self._film(**values)
            if not isinstance(drawn, Mapping):
                raise ValueError(f"the film gave {drawn!r}, expected a dict of marks by panel, and a caption")
            drawn = dict(drawn)
            captions = drawn.pop("caption", None)
            captions = [captions] if isinstance(captions, str) else list(captions or ())
            if not captions or not all(isinstance(caption, str) and caption for caption in captions):
                raise ValueError("a film needs a caption: a sentence, or one for each row")
            encoded = encode_film(drawn, self._panels)
            film = b"".join(coordinates.tobytes() for mark in encoded for coordinates in (mark.x, mark.y))
            if len(film) > FILM_BUDGET:
                raise ValueError(
                    f"the film has {len(film)} bytes, the budget is {FILM_BUDGET}: keep fewer rows or points"
                )
            self._encoded = encoded
            self.film, self.captions, self.positions, self.error = film, captions, positions, ""
            self.marks = [_described(mark) for mark in encoded]

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
            self._panels = self._film = self._canvas = self._encoded = None


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


def _control(name: str, control: Slider | Playhead) -> dict:
    return dict(label=control.label or name.replace("_", " "), labels=list(control.labels), start=control.start)


def _described(mark: Encoded) -> dict:
    return dict(panel=mark.panel, kind=mark.kind, x=list(mark.x.shape), y=list(mark.y.shape), **mark.style)


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
    wrong = [
        f"{name} is {control!r}" for name, control in controls.items() if not isinstance(control, (Slider, Playhead))
    ]
    if wrong:
        raise ValueError(f"{wrong[0]}, expected a slider or a playhead")
    playheads = {name: control for name, control in controls.items() if isinstance(control, Playhead)}
    if len(playheads) > 1:
        raise ValueError(f"a figure has one playhead, but {', '.join(playheads)} came")
    if prediction and prediction.panel and prediction.panel not in panels:
        raise ValueError(f"the prediction draws on {prediction.panel!r}, but the panels are {', '.join(panels)}")
    sliders = {name: control for name, control in controls.items() if isinstance(control, Slider)}
    rows_name, rows = next(iter(playheads.items()), ("", None))
    return Explorer(panels, film, sliders, rows, rows_name, prediction, height)


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
    return Picture(Canvas(panels, height).picture(encode_film(marks, panels), 0, caption), caption)
