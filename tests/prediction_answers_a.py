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


def steps_to_a_millionth() -> int:
    points = lsq.LeastSquares(lsq.line([1, 2, 3]), [1, 2, 3])
    walk = lsq.gradient_descent(points, learning_rate=0.01, iterations=12_000)
    return int(np.argmax(np.linalg.norm(walk.thetas - [0, 1], axis=1) < 1e-6))


def digits_of_the_inverse() -> str:
    design = lsq.polynomial(np.linspace(0, 1, 40), 10)
    theta = np.linalg.inv(design.T @ design) @ design.T @ design.sum(axis=1)
    digits = -np.log10(np.abs(theta - 1).max())
    return min({"about 9": 9, "about 5": 5, "one or none": 1}.items(), key=lambda choice: abs(choice[1] - digits))[0]


def fewest_operations() -> str:
    """Steps from the rates of convergence: a step leaves (κ² − 1)/(κ² + 1) of the error, or (κ − 1)/(κ + 1)."""
    n, p, kappa, left = 20_000, 10_000, 30, 1e-3
    operations = {
        "normal equations": n * p**2 + p**3 / 3,
        "QR": 2 * n * p**2 - 2 * p**3 / 3,
        "descent": 4 * n * p * np.log(left) / np.log((kappa**2 - 1) / (kappa**2 + 1)),
        "conjugate gradient": 4 * n * p * np.log(left / 2) / np.log((kappa - 1) / (kappa + 1)),
    }
    return min(operations, key=operations.__getitem__)


def hidden_curve(x: np.ndarray) -> np.ndarray:
    """The curve behind the fifty dots of lesson 04."""
    return np.sinc(x) + 0.1 * x


def fifty_dots() -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(-3, 3, 50)
    return x, hidden_curve(x) + 0.05 * np.random.RandomState(0).randn(50)


def functions_between_the_dots() -> int:
    x, y = fifty_dots()
    between = np.linspace(-3, 3, 1000)
    off = {}
    for pairs in range(16):
        theta = lsq.svd(lsq.LeastSquares(lsq.trigonometric(x, pairs), y)).theta
        off[1 + 2 * pairs] = np.linalg.norm(lsq.trigonometric(between, pairs) @ theta - hidden_curve(between))
    return min(off, key=off.__getitem__)


def height_before_the_last_wave() -> str:
    x, y = fifty_dots()
    theta = lsq.qr(lsq.LeastSquares(lsq.trigonometric(x, 15), y)).theta
    waves = lsq.trigonometric(np.linspace(-3, 3, 1000), 15)
    height = np.abs(waves[:, :30] @ theta[:30]).max()
    choices = {"about 1": 1, "about 4,000": 4e3, "about 10,000,000,000": 1e10}
    return min(choices, key=lambda choice: abs(np.log(choices[choice] / height)))


def share_of_the_bad_one() -> float:
    """Fitted to the readings 0 and 1, with standard deviations of 0.1 and 1, a constant is the share of the second."""
    both = lsq.LeastSquares([[1.0], [1.0]], [0.0, 1.0], [1 / 0.1**2, 1 / 1.0**2])
    return round(100 * float(lsq.solve(both).theta[0]), 2)


def worth_of_the_right_weights() -> float:
    """The ratio of the variances of the intercept; an estimate is its pseudo-inverse times the target."""
    design, sigma = lsq.line(np.linspace(0, 10, 40)), np.geomspace(0.1, 3, 40)
    equal = np.linalg.pinv(design)[0] * sigma
    right = np.linalg.pinv(design / sigma[:, None])[0]
    return round(float(equal @ equal / (right @ right)), 1)


def shortest_stick() -> str:
    """The shortest of all sticks to a fine grid of lines, and its angles to the columns."""
    design, y = lsq.line([-1, 0, 1]), np.array([1.0, 5.0, 3.0])
    intercepts, slopes = np.meshgrid(np.linspace(1, 5, 161), np.linspace(-1, 3, 161))
    sticks = y - np.stack([intercepts, slopes], axis=-1).reshape(-1, 2) @ design.T
    stick = sticks[np.linalg.norm(sticks, axis=1).argmin()]
    cosines = design.T @ stick / np.linalg.norm(design, axis=0) / np.linalg.norm(stick)
    return f"where it {'is at right angles to the sheet' if np.allclose(cosines, 0) else 'points along a column'}"


def noise_of_close_inputs() -> str:
    """How much the pseudo-inverse enlarges noise, for smaller and smaller spreads and for none."""
    designs = [lsq.line(1 + spread * np.array([-1, 0, 1])) for spread in (1, 1e-2, 1e-4, 1e-6, 0)]
    *close, none = [np.linalg.norm(np.linalg.pinv(design), 2) for design in designs]
    if close[-1] < close[0]:
        return "it shrinks to nothing"
    return f"it grows without bound, {'and at exactly 0 it is small' if none < close[0] else 'also at exactly 0'}"


def iteration_nearest_to_ridge() -> int:
    x, y = fifty_dots()
    design = lsq.gaussian_kernel(x, x, 0.3)
    ridge = design @ np.linalg.solve(design.T @ design / 50 + 0.01 * np.eye(50), design.T @ y / 50)
    theta, distances = np.zeros(50), []
    for _ in range(1000):
        theta = theta - design.T @ (design @ theta - y) / 50
        distances.append(np.linalg.norm(design @ theta - ridge))
    return 1 + int(np.argmin(distances))


def five_points() -> lsq.LeastSquares:
    x = np.arange(1.0, 6.0)
    return lsq.LeastSquares(lsq.line(x), 2 * x + 1)


def which_slope() -> str:
    """Along the line of intercept 0 the loss is a parabola of the slope: its lowest point, from three losses."""
    low, middle, high = (five_points().loss([0, slope]) for slope in (1, 2, 3))
    best = 2 + (low - high) / (2 * (low - 2 * middle + high))
    return "2" if np.isclose(best, 2) else f"{'more' if best > 2 else 'less'} than 2"


def twenty_times() -> str:
    """The loss after 2,000 steps, taken one by one, and how many of them came within a millionth."""
    theta = np.zeros(2)
    for _ in range(2000):
        theta = theta - 0.2 * five_points().gradient(theta)
    return "it never arrives" if five_points().loss(theta) > 28.5 else "about 1,000"


ANSWERS: dict[str, Callable[[], float | str]] = {
    "five_point_line.which_slope": which_slope,
    "five_point_line.twenty_times": twenty_times,
    "noisy_lines.slope_with_the_right_sign": slope_with_the_right_sign,
    "noisy_lines.slope_held_at_two": slope_held_at_two,
    "noisy_lines.limit_with_louder_noise": limit_with_louder_noise,
    "noisy_lines.distance_of_the_loss_rule": distance_of_the_loss_rule,
    "direct_or_downhill.steps_to_a_millionth": steps_to_a_millionth,
    "direct_or_downhill.digits_of_the_inverse": digits_of_the_inverse,
    "direct_or_downhill.fewest_operations": fewest_operations,
    "trigonometric_fit.functions_between_the_dots": functions_between_the_dots,
    "trigonometric_fit.height_before_the_last_wave": height_before_the_last_wave,
    "weighted_least_squares.share_of_the_bad_one": share_of_the_bad_one,
    "weighted_least_squares.worth_of_the_right_weights": worth_of_the_right_weights,
    "shadows.shortest_stick": shortest_stick,
    "shadows.noise_of_close_inputs": noise_of_close_inputs,
    "shadows.iteration_nearest_to_ridge": iteration_nearest_to_ridge,
}
