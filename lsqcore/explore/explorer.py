"""Sliders ↔ film: a figure that a reader drags. The iteration runs in the browser; other controls ask the kernel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from threading import RLock

import anywidget
import numpy as np
import traitlets

from lsqcore.explore.canvas import WIDTH, Canvas
from lsqcore.explore.cells import look_after
from lsqcore.explore.controls import Control, Handle, Playhead, Slider
from lsqcore.explore.inputs import fingerprint
from lsqcore.explore.marks import Mark
from lsqcore.explore.of_reader import OfReaderError, in_words, time_limit
from lsqcore.explore.scene import Encoded, Panel, encode_film
from lsqcore.explore.setting import Setting
from lsqcore.practice.shared.prediction import Prediction

_FOLDER = files("lsqcore.explore")
SCRIPT = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("paint.js", "film.js"))  # one for a browser
STYLE = (_FOLDER / "film.css").read_text(encoding="utf-8")
FILM_BUDGET = 150_000  # bytes; a notebook stores the film of each of its explorers
Film = Callable[..., Mapping[str, Sequence[Mark] | str | Sequence[str]]]


class Explorer(anywidget.AnyWidget):
    """A figure with sliders; made by `explore`. Each control is a trait by its own name: read it, set it, link it."""

    # as text: anywidget watches a path, and what it watches for is never freed
    _esm, _css = SCRIPT, STYLE

    scene = traitlets.Dict(read_only=True).tag(sync=True)  # what stands still: panels, colours, controls, prediction
    still = traitlets.Bytes(read_only=True).tag(sync=True)  # x and y of the marks that stand still, as in `film`
    marks = traitlets.List(read_only=True).tag(sync=True)  # per mark: panel, colour, parts, and its shape in `film`
    film = traitlets.Bytes(read_only=True).tag(sync=True)  # x and y of all marks in turn, 16-bit panel coordinates
    captions = traitlets.List(read_only=True).tag(sync=True)  # a sentence a row
    at = traitlets.Dict(read_only=True).tag(sync=True)  # the values of the controls whose film this is
    rows = traitlets.Int(1, read_only=True).tag(sync=True)  # of the film; the playhead may have more
    error = traitlets.Unicode(read_only=True).tag(sync=True)  # of the film, in words; empty while all is well
    stale = traitlets.Bool(read_only=True).tag(sync=True)  # what the film is made of has changed since

    def __init__(
        self,
        panels: Mapping[str, Panel],
        film: Film,
        controls: Mapping[str, Control],
        prediction: Prediction | None,
        height: int,
    ) -> None:
        self._film, self._lock, self._canvas = film, RLock(), Canvas(panels, height)
        self._encoded: list[Encoded] = []
        self._by_browser = False
        self._playhead = next((name for name, each in controls.items() if isinstance(each, Playhead)), None)
        self.controls = dict(controls)
        self._asked = [name for name in controls if name != self._playhead]  # what the film takes
        described = {name: control.described(name) for name, control in controls.items()}
        self.set_trait("rows", len(controls[self._playhead].values) if self._playhead else 1)
        # without an echo, which would come before each film, and which nobody reads
        settings = {name: Setting(control).tag(sync=True, echo_update=False) for name, control in controls.items()}
        self.add_traits(**settings)
        self.set_trait(
            "scene",
            self._canvas.described()
            | dict(
                sliders=[described[name] for name in self.sliders],
                handles=[described[name] for name in self._asked if name not in self.sliders],
                playhead=self._playhead and described[self._playhead],
                # as pairs: an object in JavaScript does not keep the order of "2" and "less than 2"
                prediction=prediction and asdict(prediction) | dict(choices=list(prediction.choices.items())),
            ),
        )
        self.set_trait("still", b"".join(mark.coordinates() for mark in self._canvas.still))
        try:
            self._show()
        except OfReaderError as error:
            self._fail(error)
        super().__init__()
        self.observe(self._follow, names=self._asked)
        self.on_msg(self._greeted)
        look_after(self)

    @property
    def sliders(self) -> dict[str, Slider]:
        """The sliders by name, without the playhead."""
        return {name: self.controls[name] for name in self._asked if isinstance(self.controls[name], Slider)}

    def move(self, **values: object) -> None:
        """Set several controls at once; an error in the film is raised."""
        if unknown := ", ".join(sorted(set(values) - set(self.controls))):
            raise ValueError(f"no control is called {unknown}; there are {', '.join(self.controls) or 'none'}")
        with self._lock, self.hold_sync():
            with self.hold_trait_notifications():
                for name in values.keys() - {self._playhead}:
                    self.set_trait(name, values[name])
            if self._playhead in values:  # after its film
                self.set_trait(self._playhead, values[self._playhead])

    @property
    def values(self) -> dict:
        """What the controls are set to that a film is made for."""
        return {name: getattr(self, name) for name in self._asked}

    @property
    def row(self) -> int:
        """The row at the playhead."""
        return self.controls[self._playhead].position(getattr(self, self._playhead)) if self._playhead else 0

    @property
    def caption(self) -> str:
        """The sentence of the row at the playhead."""
        return self.captions[min(self.row, len(self.captions) - 1)]

    def pixels(self, width: float = WIDTH) -> np.ndarray:
        """matplotlib's picture of the state shown, (height, width, 3) at two device pixels a CSS pixel."""
        return self._canvas.pixels(self._encoded, self.row, width)

    def look_for_changes(self) -> None:
        """See whether what the film is made of is still what it was."""
        with self._lock:
            if self._film:
                self.set_trait("stale", fingerprint(self._film) != self._made_of)

    def _follow(self, _: object) -> None:
        """Make the film of what the controls are set to."""
        with self._lock, self.hold_sync():  # JupyterLab runs callbacks of widgets in a second thread
            self.look_for_changes()
            if self.at == self.values or self.stale:
                return
            try:
                self._show()
            except Exception as error:  # whatever a film raises is shown where the reader looks
                self._fail(error)
                if not self._by_browser and not isinstance(error, OfReaderError):
                    raise

    def _show(self) -> None:
        values = self.values
        most = len(self.controls[self._playhead].values) if self._playhead else 1
        taken = {name: np.array(value) if isinstance(value, tuple) else value for name, value in values.items()}
        try:
            with time_limit():
                drawn = self._film(**taken)
        finally:  # what it changes itself, as where it remembers what it has found, is no change of a cell
            self._made_of = fingerprint(self._film)
        encoded, captions = encode_film(drawn, self._canvas.panels, most)
        film = b"".join(mark.coordinates() for mark in encoded)
        if len(film) > FILM_BUDGET:
            raise ValueError(f"the film has {len(film)} bytes, the budget is {FILM_BUDGET}: keep fewer rows or points")
        self._check_handles(encoded)
        rows = max([len(captions), *(mark.rows for mark in encoded)])
        self._encoded = encoded
        self._set(film=film, captions=captions, at=values, error="", rows=rows if rows > 1 else most)
        self._set(marks=[mark.described() for mark in encoded])
        if self._playhead:
            self.set_trait(self._playhead, getattr(self, self._playhead))  # held within the rows

    def _check_handles(self, encoded: list[Encoded]) -> None:
        drawn = {mark.drag: mark.x.shape[1] for mark in encoded if mark.drag}
        handles = {name: each.x.size for name, each in self.controls.items() if isinstance(each, Handle)}
        if drawn != handles:
            raise ValueError(
                f"the film draws handles of {drawn or 'no'} points, expected {handles or 'none'}: Dots(…, drag=name)"
            )

    def _fail(self, error: Exception) -> None:
        self._set(error=in_words(error, self._film, self.values), at=self.values)
        if not self._encoded:
            self._set(captions=["There is no picture: see below what stopped it."])

    def _set(self, **traits: object) -> None:
        for name, value in traits.items():
            self.set_trait(name, value)

    def set_state(self, sync_data: dict) -> None:
        """What the browser has moved; an error in its film is shown there and raised nowhere."""
        playhead = {name: value for name, value in sync_data.items() if name == self._playhead}
        with self._lock, self.hold_sync():
            self._by_browser = True
            try:
                super().set_state({name: value for name, value in sync_data.items() if name not in playhead})
                super().set_state(playhead)  # after its film
            finally:
                self._by_browser = False

    def _greeted(self, *_: object) -> None:
        """Tell a page that the kernel is awake and knows this explorer."""
        self.send({"awake": True})

    def _repr_mimebundle_(self, **options: object) -> tuple[dict, dict]:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        with self._lock:
            question = self.scene["prediction"]
            hides = question["hides"] if question else ()
            caption = f"First a guess: {question['question']}" if question else self.error or self.caption
            png = self._canvas.picture(self._encoded, self.row, caption, hides)
        return data | {"image/png": png, "text/plain": caption}, metadata | {"image/png": {"alt": caption}}

    def close(self) -> None:
        """End it and its views, and let go of its parts: IPython's history of outputs holds on to the object itself."""
        with self._lock:
            super().close()
            self.layout.close()
            self._set(scene={}, still=b"", marks=[], film=b"", captions=[], at={})
            self._film = self._canvas = None
            self._encoded = []
