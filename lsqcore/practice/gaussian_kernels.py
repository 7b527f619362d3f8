"""Lesson 09."""

from functools import cache

import numpy as np

from lsqcore import gaussian_kernel
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call
from lsqcore.practice.shared.prediction import predict

parameters_of_wide_bumps = predict(
    "Leave the dots where they are, and make the bumps much wider. What do the parameters do?",
    "they grow",
    choices={
        "they grow": "Wide bumps are nearly alike: only huge multiples of them still differ. With the first heights "
        "their signs take turns from bandwidth 1.3 on.",
        "they stay": "So it is for narrow bumps, which hardly meet. But the wider the bumps, the more alike they are, "
        "and then only huge multiples of them still differ.",
        "they shrink": "A wide bump covers more, so less of it seems enough. But its neighbours cover the same places: "
        "what tells them apart is small, and to make a curve of that takes huge multiples.",
    },
    hides=["size"],
)
bandwidth_doubled = predict(
    "No penalty, and bandwidth 0.3: the curve is 0.27 off. Double the bandwidth. What happens to the curve?",
    "it swings wildly",
    choices={
        "it becomes smoother": "A wide bump is smooth. But the curve still has to meet all fifty noisy dots, and "
        "smooth bumps can only do that with huge parameters that nearly cancel. What they leave swings, most of all "
        "towards the ends.",
        "it swings wildly": "It still has to meet every noisy dot. The bumps are more alike now, so it takes far "
        "larger parameters, and what they leave swings, most of all towards the ends.",
        "it hardly changes": "It still meets all fifty dots. But between the outer ones little holds it.",
    },
    hides=["error"],
)
twenty_choices = predict(
    "Twenty more draws each choose a pair. How much wider is the widest of their bandwidths than the narrowest?",
    "by more than half",
    choices={
        "by a tenth or less": "The hidden curve is the same each time. But look along the valley: the error hardly "
        "changes there, so a little noise moves its lowest point far.",
        "by a tenth to half": "So it would be in a round hollow. This valley is long and nearly flat.",
        "by more than half": "The valley is long and nearly flat, so a little noise moves its lowest point far along "
        "it.",
    },
)


def _hidden(x: np.ndarray) -> np.ndarray:
    return np.sinc(x) + 0.1 * x


def _left_out(x: np.ndarray, y: np.ndarray, bandwidth: float, penalty: float) -> float:
    """The leave-one-out error, from one decomposition: the miss at a dot is θᵢ over entry i, i of (K + ρI)⁻¹."""
    eigenvalues, patterns = np.linalg.eigh(gaussian_kernel(x, x, bandwidth))
    shares = patterns / (eigenvalues + penalty)
    return float(np.sqrt(np.mean((shares @ (patterns.T @ y) / np.sum(shares * patterns, axis=1)) ** 2)))


@cache
def _unseen() -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Three sets of dots, whose good bandwidths are no fixed share of their spans, and their least error on a grid."""
    unseen = []
    for span, curve, noise, seed in (
        (400, lambda u: 30 * np.sin(45 * u), 3, 1),
        (0.02, lambda u: np.exp(-u) + u**2, 0.02, 2),
        (6, lambda u: np.cos(9 * u) * u, 0.05, 3),
    ):
        rng = np.random.default_rng(seed)
        u = np.sort(rng.random(40))
        x, y = span * u, curve(u) + noise * rng.standard_normal(40)
        pairs = [(h * span, p) for h in np.geomspace(0.01, 2, 30) for p in np.geomspace(1e-8, 10, 19)]
        unseen.append((x, y, min(_left_out(x, y, *pair) for pair in pairs)))
    return unseen


def chosen(answer: object) -> Feedback:
    """A function that gives a bandwidth and a penalty with nearly the smallest leave-one-out error, from x and y."""
    came = []
    for x, y, _ in _unseen():
        pair = as_numbers(call(answer, x, y), (2,))
        if isinstance(pair, Feedback):
            return pair
        came.append(pair)
    for (x, y, least), (bandwidth, penalty) in zip(_unseen(), came, strict=True):
        span = f"on dots that span {np.ptp(x):.2g}"
        if bandwidth <= 0 or penalty <= 0:
            return Feedback(False, f"Expected a bandwidth > 0 and a penalty > 0, but {bandwidth:g}, {penalty:g} came.")
        error = _left_out(x, y, bandwidth, penalty)
        if error <= 1.1 * least:
            continue
        found = f"{span} it took {bandwidth:.3g} and {penalty:.3g}: leave-one-out error {error:.3g}, least {least:.3g}"
        if _left_out(x, y, penalty, bandwidth) <= 1.1 * least:
            return Feedback(False, f"Almost: {found}. The other way round it is right: bandwidth first.")
        if np.ptp(came, axis=0).max() == 0:
            return Feedback(False, f"Not yet: {found}. It takes the same pair each time: use the x and y that come in.")
        if np.ptp([pair[0] for pair in came]) == 0:
            return Feedback(False, f"Not yet: {found}. Its bandwidth is the same each time: a bandwidth has a unit.")
        return Feedback(
            False,
            f"Not yet: {found}. Try bandwidths from a fiftieth of the span up to the span, and penalties from 1e-8 to "
            "10; and is it the error at the dot that was left out?",
        )
    return Feedback(
        True, "Right. On three sets of dots that it had not seen it came within a tenth of the least error."
    )


def small_noise(answer: object) -> Feedback:
    """Fifty targets near the hidden curve, whose least-squares curve with h = 0.3 is far off it."""
    targets = as_numbers(answer, (50,))
    if isinstance(targets, Feedback):
        return targets
    x, between = np.linspace(-3, 3, 50), np.linspace(-3, 3, 1000)
    noise = targets - _hidden(x)
    if (largest := np.abs(noise).max()) > 0.05 + 1e-9:
        row = int(np.abs(noise).argmax())
        return Feedback(False, f"Target {row} is {largest:.3g} from the hidden curve: each is to be within 0.05 of it.")
    kernel_matrix, bumps = gaussian_kernel(x, x, 0.3), gaussian_kernel(between, x, 0.3)
    curve = bumps @ np.linalg.solve(kernel_matrix, targets)
    off = np.abs(curve - _hidden(between)).max()
    if off > 10:
        return Feedback(
            True,
            f"Right. Noise of up to 0.05, and the curve is {off:.1f} off. With the penalty 0.01 no noise up to 0.05 "
            "puts it more than 0.1 off: what is missing is the penalty.",
        )
    hint = "The curve at a place is a sum of the targets, each times a weight. Which signs of the noise add up?"
    return Feedback(False, f"Not yet: with these the curve is {off:.2g} off at most. {hint}")


def box(answer: object) -> Feedback:
    """Three places where the box kernel, 1 at distances below 1, has a negative eigenvalue."""
    places = as_numbers(answer, (3,))
    if isinstance(places, Feedback):
        return places
    near = np.abs(np.subtract.outer(places, places)) < 1
    eigenvalues = np.linalg.eigvalsh(near.astype(float)).round(9) + 0.0
    found = f"Its eigenvalues are {', '.join(f'{each:.3g}' for each in eigenvalues)}".replace("-", "−")
    pairs = int(near.sum() - 3) // 2
    if pairs == 2:
        return Feedback(
            True, f"Right. {found}. The one in the middle is near to both others, and they are not near to each other."
        )
    reason = {0: "no two of them are near", 1: "only two of them are near", 3: "each is near to each"}[pairs]
    return Feedback(False, f"Not yet: {reason}. {found}.")
