"""Views: the panels that most figures are made of. A view knows its panel, and how a run is drawn on it.

A run is anything with `thetas`, `losses` and `iterations`: a Trajectory, or a `Run` that a lesson makes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lsqcore.explore.explorer import Explorer
from lsqcore.explore.figures import explore
from lsqcore.explore.marks import Contours, Curve, Dots, Mark, Segments, Trail
from lsqcore.explore.scene import Panel


@dataclass(frozen=True, eq=False)
class Run:
    """Parameters (k, p), and the loss (k,) of each."""

    thetas: NDArray
    losses: NDArray

    @property
    def iterations(self) -> NDArray:
        """0 … k − 1."""
        return np.arange(len(self.thetas))


@dataclass(frozen=True, eq=False)
class View:
    """A panel, and the marks of a run on it."""

    panel: Panel
    draw: Callable[..., Sequence[Mark]]

    def beside(self, draw: Callable[..., Sequence[Mark]]) -> "View":
        """The same view with more that moves, drawn first."""
        return replace(self, draw=lambda run: [*draw(run), *self.draw(run)])


def valley(
    loss: Callable[[ArrayLike], float],
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    best: ArrayLike,
    width: float = 1.0,
) -> View:
    """The loss over two parameters as level lines, a star at `best`, and the path of a run.

    Level lines stand at equal factors of the loss above its least value in view. A unit is as long on both axes, so
    that steps of descent stand at right angles to the level lines.
    """
    first, second = np.linspace(*xlim, 90), np.linspace(*ylim, 90)
    heights = np.array([[loss((a, b)) for a in first] for b in second])
    levels = heights.min() + np.geomspace(1e-4, 0.9, 14) * np.ptp(heights)
    star = Dots([best[0]], [best[1]], color="answer", shape="star", size=16)
    still = [Contours(first, second, heights, levels), star]
    panel = Panel("Each line is a point", "intercept θ₀", "slope θ₁", xlim, ylim, still=still, equal=True, width=width)
    return View(panel, lambda run: [Trail(*run.thetas.T)])


def fit(
    features: Callable[[ArrayLike], NDArray],
    x: ArrayLike,
    y: ArrayLike,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    title: str = "Each point is a line",
) -> View:
    """The data, the curve of each iterate, and its residuals as sticks."""
    between = np.linspace(*xlim, 41)

    def draw(run: Run) -> list[Mark]:
        fitted = run.thetas @ features(x).T
        sticks = Segments(x, np.broadcast_to(y, fitted.shape), x, fitted)
        return [sticks, Curve(between, run.thetas @ features(between).T), Dots(x, y)]

    return View(Panel(title, "x", "y", xlim, ylim), draw)


def progress(
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    *,
    title: str = "How the loss falls",
    name: str = "loss J(θ)",
) -> View:
    """The loss of each iterate over the iterations, on a logarithmic axis."""
    panel = Panel(title, "iteration", name, xlim, ylim, log_y=True)
    return View(panel, lambda run: [Trail(run.iterations, run.losses, dots=False)])


def explore_run(
    views: Mapping[str, View], run: Callable[..., Run], say: Callable[..., str], **settings: object
) -> Explorer:
    """A figure of one run: `run` takes the controls, and `say(run, k, **controls)` is the sentence of its row k."""
    if not isinstance(views, Mapping) or not all(isinstance(view, View) for view in views.values()):
        raise ValueError(f"views is {views!r:.80}, expected a dict of views such as fig.valley(…)")
    for name, function in (("run", run), ("say", say)):
        if not callable(function):
            raise ValueError(f"{name} is {function!r}, expected a function: give its name, without brackets")

    def film(**values: object) -> dict:
        found = run(**values)
        captions = [say(found, k, **values) for k in range(len(found.iterations))]
        return {name: view.draw(found) for name, view in views.items()} | dict(caption=captions)

    return explore({name: view.panel for name, view in views.items()}, film, **settings)
