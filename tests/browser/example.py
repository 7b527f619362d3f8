"""Explorers to try a browser on: the first cell of the tests' notebook is the text of this file."""

import time

import numpy as np

import lsqcore.explore as fig
from lsqcore.practice.shared.prediction import predict

x, y = np.arange(1.0, 6.0), np.arange(3.0, 12.0, 2.0)
design = np.column_stack([np.ones(5), x])
hessian, correlation = design.T @ design / 5, design.T @ y / 5
iterations = np.arange(201)
ends = np.linspace(0.5, 5.5, 41)
intercepts, slopes = np.linspace(-5, 6, 80), np.linspace(-0.5, 6, 80)
surface = sum((intercepts + b * slopes[:, None] - c) ** 2 for b, c in zip(x, y, strict=True)) / 10

DESCENT_PANELS = dict(
    landscape=fig.Panel(
        "Where we are on the loss",
        "intercept θ₀",
        "slope θ₁",
        (-5, 6),
        (-0.5, 6),
        still=[
            fig.Contours(intercepts, slopes, surface, np.geomspace(0.02, 200, 14)),
            fig.Dots([1], [2], color="answer", shape="star", size=16),
        ],
    ),
    fit=fig.Panel("What the line looks like", "x", "y", (0.5, 5.5), (0, 14)),
    progress=fig.Panel("How the loss falls", "iteration", "loss J(θ)", (0, 200), (1e-6, 1e3), log_y=True),
)


def descent(learning_rate, start=(-4.0, 5.0)):
    """Gradient descent on the five points, written out because this file needs no solver."""
    thetas = [np.array(start)]
    for _ in iterations[1:]:
        thetas.append(thetas[-1] - learning_rate * (hessian @ thetas[-1] - correlation))
    thetas = np.array(thetas)
    residuals = thetas @ design.T - y
    losses = (residuals**2).mean(axis=1) / 2
    return dict(
        landscape=[fig.Trail(*thetas.T)],
        fit=[
            fig.Segments(x, np.broadcast_to(y, residuals.shape), x, residuals + y),
            fig.Curve(ends, thetas @ np.vstack([np.ones(41), ends])),
            fig.Dots(x, y),
        ],
        progress=[fig.Trail(iterations, losses, dots=False)],
        caption=[
            f"Learning rate {learning_rate:.3g}, iteration {k}: θ = ({theta[0]:.4g}, {theta[1]:.4g}), loss {loss:.3g}."
            for k, (theta, loss) in enumerate(zip(thetas, losses, strict=True))
        ],
    )


def dragged_descent(start, learning_rate):
    """The same with a start that a hand moves."""
    film = descent(learning_rate, start)
    film["landscape"].append(fig.Dots(*start, color="path", size=11, drag="start"))
    return film


ALL_PANELS = dict(
    lines=fig.Panel("Lines", "x", "y", (0, 10), (-2, 2), still=[fig.Curve([0, 10], [0, 0], color="quiet", width=1)]),
    points=fig.Panel("Points and sticks", "x", "y", (0, 5), (0, 5), width=1.5),
    columns=fig.Panel("Columns", "x", "y", (0, 6), (1e-3, 1e3), log_y=True),
)


def all_marks(growth, shape):
    """Every kind of mark in every style; at a growth of 3 the marks end at 10⁹ panels from the middle."""
    rows = np.arange(41)[:, None]
    places = np.arange(1.0, 5.0)
    size = growth**rows / 10
    shapes = ["circle", "square", "triangle", "star"]
    waves = np.linspace(0, 10, 120)
    columns = np.arange(1.0, 6.0)
    return dict(
        lines=[
            fig.Curve(waves, np.sin(waves + rows / 5), color="data"),
            fig.Curve(waves, np.cos(waves) * size, color="answer", dashed=True, width=3.5),
            fig.Trail(rows[:, 0] / 4, (-growth) ** rows[:, 0] / 10),
            fig.Trail(10 - rows[:, 0] / 5, np.cos(rows[:, 0]), color="second", line=False),
            fig.Note(np.full(41, 9.8), 1.8 - rows[:, 0] / 20, [f"row {row}" for row in rows[:, 0]], align="right"),
        ],
        points=[
            fig.Segments(places, 2.5, places, 2.5 + size * (places - 2.5)),
            fig.Segments(0.5, 1 + rows / 20, 4.5, 3 - rows / 20, color="third", dashed=True, width=4),
            *[
                fig.Dots(
                    places,
                    row + 0.5 + rows / 100 + 0 * places,
                    shape=name,
                    size=12 + 6 * row,
                    color=("data", "quiet")[row % 2],
                )
                for row, name in enumerate(shapes)
            ],
            fig.Dots([2.5 + size[-1, 0]], [4.75], shape=shape, size=20, color="answer"),
            fig.Note(2.5, 4.7, "still, in the middle ½ θ₀", color="residual", align="center"),
        ],
        columns=[fig.Bars(columns, columns * size), fig.Bars([3], [growth], base=1.0, width=2, color="ink")],
        caption=[f"Growth {growth:.3g}, {shape}, row {row}." for row in rows[:, 0]],
    )


def points(noise):
    """The five points, all of them too high."""
    return dict(only=[fig.Dots(x, y + noise)], caption=f"Noise {noise:g}.")


def dragged_dots(dots):
    """The five points, each of which a hand moves up and down."""
    heights = ", ".join(f"{height:g}" for height in dots)
    return dict(only=[fig.Dots(x, dots, size=11, drag="dots")], caption=f"Heights {heights}.")


def fragile(noise):
    """A film that raises beyond 0.5."""
    if noise > 0.5:
        raise ZeroDivisionError(f"no film for a noise of {noise:g}")
    return points(noise)


def by_method(method, noise):
    """The points, by one of two methods."""
    return points(noise) | dict(caption=f"By {method}, with noise {noise:g}.")


def slow(noise):
    """A film that takes longer than a drag's next event."""
    time.sleep(0.05)
    return points(noise)


ONE_PANEL = dict(only=fig.Panel("Data", "x", "y", (0, 6), (0, 14)))


DESCENT_SLIDERS = dict(
    learning_rate=fig.slider(0.0169, 0.203, log=True, value=0.15, mark=0.169),
    iteration=fig.playhead(200, start=9, seconds=20),
)
NUMBER = predict(
    "After how many iterations at a learning rate of 0.15 is the loss below 0.001?",
    102,
    unit="iterations",
    panel="progress",
    because="The slow direction shrinks by 2.5 % an iteration.",
)
CHOICE = predict(
    "Are the points on a line?",
    "no",
    choices={"yes": "A line would pass through all of them.", "no": "There is noise."},
)
SKIPPED = predict("How many points are there?", 5, unit="points")


def one_panel(film, **prediction):
    return fig.explore(ONE_PANEL, film, noise=fig.slider(0, 1, value=0.3), height=240, **prediction)


#: By name, how to make each.
EXPLORERS = dict(
    descent=lambda: fig.explore(DESCENT_PANELS, descent, **DESCENT_SLIDERS),
    all_marks=lambda: fig.explore(
        ALL_PANELS,
        all_marks,
        growth=fig.slider(0.9, 3, log=True, value=1.05),
        shape=fig.choice_slider(["circle", "square", "triangle", "star"]),
        iteration=fig.playhead(40),
    ),
    number=lambda: fig.explore(DESCENT_PANELS, descent, prediction=NUMBER, **DESCENT_SLIDERS),
    choice=lambda: one_panel(points, prediction=CHOICE),
    skipped=lambda: one_panel(points, prediction=SKIPPED),
    fragile=lambda: one_panel(fragile),
    dragged=lambda: fig.explore(
        DESCENT_PANELS,
        dragged_descent,
        start=fig.handle(-4, 5, xlim=(-5, 6), ylim=(-0.5, 6)),
        **DESCENT_SLIDERS,
    ),
    dots=lambda: fig.explore(
        ONE_PANEL, dragged_dots, height=240, dots=fig.handle(x, y, moves="y", xlim=(0, 6), ylim=(0, 14), label="dot")
    ),
    slow=lambda: one_panel(slow),
    method=lambda: fig.explore(
        ONE_PANEL,
        by_method,
        height=240,
        method=fig.choice_slider(["QR", "normal equations"]),
        noise=fig.slider(0, 1, value=0.3),
    ),
)
