"""What a reader is asked before the figures of lessons 01 to 06: for each question, a function that finds the answer.

Each is computed from the data alone, in another way than in its lesson where there is one. A number is rounded as the
question's answer is; of choices, the right one comes out.
"""

from collections.abc import Callable

import numpy as np

import lsqcore as lsq


def noisy_points() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The thousand points of lesson 02, x and y, and the noise in y."""
    draw = np.random.RandomState(0)
    x = 2 * draw.rand(1000)
    noise = draw.randn(1000)
    return x, 4 + 3 * x + noise, noise


def slope_with_the_right_sign() -> str:
    x, y, _ = noisy_points()
    slope = 0.0
    for _ in range(1000):
        slope -= 0.01 * np.mean((slope * x - y) * x)
    return f"near {slope:.0f}" if abs(slope) < 100 else "it still runs away"


def slope_held_at_two() -> float:
    x, y, _ = noisy_points()
    return round(float(np.linalg.lstsq(x[:, None], y - 2)[0][0]), 2)


def limit_with_louder_noise() -> str:
    x, _, noise = noisy_points()

    def limit(size: float) -> float:
        """2/λ_max from second differences of the loss, which do see the target."""
        loss = lsq.LeastSquares(lsq.line(x), 4 + 3 * x + size * noise).loss
        a, b = np.eye(2)
        curvature = [[(loss(p + q) - loss(p - q) - loss(q - p) + loss(-p - q)) / 4 for p in (a, b)] for q in (a, b)]
        return 2 / np.linalg.eigvalsh(curvature)[-1]

    ratio = limit(3.0) / limit(1.0)
    known = {1 / 9: "it falls to a ninth", 1 / 3: "it falls to a third", 1.0: "it stays the same"}
    return next((choice for factor, choice in known.items() if np.isclose(ratio, factor)), "it grows")


def distance_of_the_loss_rule() -> float:
    x, y, _ = noisy_points()
    walk = lsq.gradient_descent(lsq.LeastSquares(lsq.line(x), y), learning_rate=0.01, iterations=3000)
    stop = 1 + int(np.argmax(-np.diff(walk.losses) < 1e-6))
    return round(float(np.linalg.norm(walk.thetas[stop] - np.polyfit(x, y, 1)[::-1])), 3)


ANSWERS: dict[str, Callable[[], float | str]] = {
    "noisy_lines.slope_with_the_right_sign": slope_with_the_right_sign,
    "noisy_lines.slope_held_at_two": slope_held_at_two,
    "noisy_lines.limit_with_louder_noise": limit_with_louder_noise,
    "noisy_lines.distance_of_the_loss_rule": distance_of_the_loss_rule,
}
