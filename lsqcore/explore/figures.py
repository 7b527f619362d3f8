"""`explore` and `picture`: a figure that moves, and a still one, both drawn by the browser."""

from collections.abc import Mapping, Sequence
from numbers import Real

from lsqcore.explore.controls import Control, Handle, Playhead, Slider
from lsqcore.explore.explorer import Explorer, Film
from lsqcore.explore.marks import Mark
from lsqcore.explore.scene import Panel
from lsqcore.practice.shared.prediction import Prediction


def explore(
    panels: Mapping[str, Panel],
    film: Film,
    *,
    prediction: Prediction | None = None,
    height: int = 340,
    **controls: Control,
) -> Explorer:
    """A figure with controls: panels that stand still, and a film that moves over them.

    Parameters
    ----------
    panels : dict of Panel
        From left to right, by name; one below the other on a narrow screen.
    film : function
        From the values of sliders and handles, by name, to `{panel name: [marks], "caption": sentence or sentences}`.
        A pure function: its marks hold every row at once. What moves has the same number of rows everywhere; with
        fewer than the playhead has, the film ends early.
    prediction : Prediction, optional
        A question to answer before anything moves.
    height : int
        CSS pixels of a panel with its words.
    **controls : Slider, Playhead or Handle
        By the name that the film takes; at most one playhead, which the film does not take. Each is a trait of the
        explorer: `walk.learning_rate`, `walk.iteration`. What asks for a widget with a `value`, as ipywidgets'
        `interactive_output` does, gets one by `link((walk, "learning_rate"), (FloatSlider(), "value"))`.

    Raises
    ------
    ValueError
        A panel, mark, control or caption is not as described, or the film is over its budget of 150 kB.
    """
    _check_panels(panels, height)
    if not callable(film):
        raise ValueError(f"film is {film!r:.80}, expected a function: give its name, without brackets")
    if not isinstance(prediction, Prediction | None):
        raise ValueError(f"prediction is {prediction!r:.80}, expected a question made by predict")
    for name, control in controls.items():
        if not isinstance(control, (Slider, Handle)):
            raise ValueError(f"{name} is {control!r}, expected a slider, a playhead or a handle")
        if hasattr(Explorer, name) or name in ("controls", "guess"):  # film.js keeps a guess
            raise ValueError(f"no control can be called {name!r}: every widget has something of this name")
    playheads = [name for name, control in controls.items() if isinstance(control, Playhead)]
    if len(playheads) > 1:
        raise ValueError(f"a figure has one playhead, but {', '.join(playheads)} came")
    if prediction:
        named = {*prediction.hides, *[prediction.panel] * bool(prediction.panel)}
        if others := ", ".join(sorted(named - set(panels))):
            raise ValueError(f"the prediction names the panels {others}, but there are {', '.join(panels)}")
    return Explorer(panels, film, controls, prediction, height)


def _check_panels(panels: object, height: object) -> None:
    if not isinstance(panels, Mapping) or not panels or not all(isinstance(each, Panel) for each in panels.values()):
        raise ValueError(f"panels is {panels!r:.80}, expected a dict of at least one Panel")
    if not (isinstance(height, Real) and height > 0):
        raise ValueError(f"height is {height!r:.80}, expected CSS pixels: no control can be called so")


def picture(
    panels: Mapping[str, Panel], marks: Mapping[str, Sequence[Mark]], caption: str, *, height: int = 340
) -> Explorer:
    """A figure without controls: the marks of a film of one row on their panels, above a caption."""
    if not isinstance(marks, Mapping):
        raise ValueError(f"marks is {marks!r:.80}, expected a dict of lists of marks by panel")
    return explore(panels, lambda: {**marks, "caption": caption}, height=height)
