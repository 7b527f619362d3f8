"""Lesson 13."""

from functools import cache

import numpy as np

from lsqcore.practice.shared.feedback import Feedback, as_numbers, call
from lsqcore.practice.shared.prediction import predict

heavy_ball_past_the_limit = predict(
    "Momentum 0.8, and a learning rate one and a half times the limit of plain descent. What does the ball do?",
    "it converges",
    choices={
        "it diverges sooner": "Momentum looks like a longer step. But past plain's limit the steps across the valley "
        "change sign, and a share of the last one takes something off the next.",
        "it diverges later": "Momentum looks like a brake on the same runaway. But it moves the limit itself, "
        "to 1 + 0.8 = 1.8 times that of plain descent.",
        "it circles for ever": "It would with a momentum of 1, which forgets nothing. With 0.8 the circles shrink.",
        "it converges": "Its limit is 1 + 0.8 = 1.8 times that of plain descent: where the steps change sign, a share "
        "of the last one takes something off the next.",
    },
    hides=["left"],
)
steps_of_conjugate_gradient = predict(
    "Ten parameters, but only three different eigenvalues. Without rounding, from any start: at most how many steps?",
    "three",
    choices={
        "two": "Two steps were enough for two different eigenvalues. Here are three.",
        "three": "All directions with one eigenvalue shrink alike, as if they were one.",
        "ten": "Ten directions, ten steps: so it is for ten different eigenvalues. But all directions with one "
        "eigenvalue shrink alike, as if they were one.",
        "about thirty": "Ten directions times three eigenvalues seems a lot to do. But all directions with one "
        "eigenvalue shrink alike, as if they were one.",
    },
)
who_minds_the_turn = predict(
    "Turn the valley by 45 degrees, and the start with it. Whose race changes?",
    "Adam's alone",
    choices={
        "nobody's": "It is the same valley. But Adam divides each entry of its step by a size of its own, and entries "
        "belong to the axes.",
        "Adam's alone": "All others are made of arrows and of H, which turn with the valley. Adam divides each entry "
        "of its step by a size of its own, and entries belong to the axes.",
        "Adam's and Newton's": "Both rescale the gradient. But Newton's H turns with the valley, and Adam's sizes "
        "belong to the axes.",
        "everybody's": "The numbers in θ change. But gradients and H turn with the valley, and all but Adam are made "
        "of nothing else.",
    },
)


@cache
def _valleys() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Hessian, minimum and start of three valleys, of 2, 3 and 6 parameters."""
    rng, valleys = np.random.default_rng(13), []
    for eigenvalues in ([0.5, 40], [0.02, 1, 3], np.geomspace(0.003, 3, 6)):
        turned = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues)))).Q
        minimum, start = 5 * rng.standard_normal((2, len(eigenvalues)))
        valleys.append(((turned * eigenvalues) @ turned.T, minimum, start))
    return valleys


def own_step(answer: object) -> Feedback:
    """A step from gradients alone that arrives in each of three valleys after at most twice as many as parameters."""
    steps, most = [], 0
    for hessian, minimum, start in _valleys():
        asked = [0]

        def gradient(theta: np.ndarray, hessian=hessian, minimum=minimum, asked=asked) -> np.ndarray:
            asked[0] += 1
            return hessian @ (theta - minimum)

        theta, last_step, p = start, np.zeros_like(start), len(start)
        for k in range(1, 2 * p + 1):
            asked[0] = 0
            with np.errstate(all="ignore"):  # 0/0 is answered below
                last_step = as_numbers(call(answer, theta, last_step, gradient), (p,))
            if isinstance(last_step, Feedback):
                zero = k == 1 and any(word in last_step.sentence for word in ("nan", "ZeroDivision"))
                hint = " The first last_step is zero: is there a 0/0?" if zero else ""
                return Feedback(last_step.right, last_step.sentence + hint)
            most = max(most, asked[0])
            if most > 4:
                return Feedback(False, f"It asks for {most} gradients at a step, with {p} parameters: four are enough.")
            if k == 1 and (hint := _first_step(last_step, start, gradient(start), hessian)):
                return Feedback(False, hint)
            theta = theta + last_step
            left = np.linalg.norm(theta - minimum) / np.linalg.norm(start - minimum)
            if left < 1e-6:
                break
        else:
            grown = "It runs away: a rate that fits one valley need not fit another" if left > 10 else "It is too slow"
            return Feedback(
                False,
                f"Not yet: with {p} parameters, {left:.2g} of the distance is left after {2 * p} steps. {grown}. What "
                "is gradient(theta + v) − gradient(theta)?",
            )
        steps.append(k)
    return Feedback(
        True,
        f"Right. With 2, 3 and 6 parameters it arrived after {', '.join(map(str, steps[:-1]))} and {steps[-1]} steps, "
        f"and asked for at most {most} gradients at a step. No eigenvalue, no rate, no H.",
    )


def _first_step(step: np.ndarray, start: np.ndarray, slope: np.ndarray, hessian: np.ndarray) -> str:
    """What is wrong with a first step, where it is a usual mistake."""
    lowest = -(slope @ slope) / (slope @ hessian @ slope) * slope
    mistakes = {
        "Almost: that is the next place. Return the step to it, without theta.": start + lowest,
        "Almost: the sign. A step goes against the gradient.": -lowest,
        "Not yet: it stands still.": 0 * lowest,
    }
    return next((hint for hint, wrong in mistakes.items() if np.allclose(step, wrong, rtol=1e-3)), "")


def two_starts(answer: object) -> Feedback:
    """Two starts at distance 1: from the first the ball's loss rises more than nine-fold, from the second it falls."""
    starts = as_numbers(answer, (2, 2), (4,))
    if isinstance(starts, Feedback):
        return starts
    errors = starts.reshape(2, 2) - [1, 2]
    distances = np.linalg.norm(errors, axis=1)
    if np.abs(distances - 1).max() > 0.01:
        return Feedback(
            False, f"Their distances from (1, 2) are {distances[0]:.3g} and {distances[1]:.3g}, asked is 1."
        )
    hessian = np.array([[1.0, 3.0], [3.0, 11.0]])
    low, high = np.sqrt(np.linalg.eigvalsh(hessian))
    rate, momentum = 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2
    step, losses = 0 * errors, []
    for _ in range(101):
        losses.append(np.sum(errors @ hessian * errors, axis=1) / 2)
        step = momentum * step - rate * errors @ hessian
        errors = errors + step
    times, rises = np.max(losses, axis=0) / losses[0], (np.diff(losses, axis=0) > 0).any(axis=0)
    nine = times > 9
    if nine[0] and not rises[1]:
        return Feedback(
            True,
            f"Right. One rate, one momentum: from one start the loss rises {times[0]:.3g}-fold, from the other it only "
            "falls. What rises is the part across the valley.",
        )
    if nine[1] and not rises[0]:
        return Feedback(False, "Almost: the other way round. The start from which the loss rises comes first.")
    if not nine[0]:
        found = "only falls" if not rises[0] else f"rises {times[0]:.3g}-fold at most"
        return Feedback(False, f"Not yet: from the first the loss {found}. Which part of the error makes a detour?")
    return Feedback(
        False, "Almost: the first is right. From the second the loss rises at some step: a small part across is enough."
    )


def eigenvalues(answer: object) -> Feedback:
    """Ten eigenvalues from 0.01 to 1, apart by 0.005: conjugate gradient leaves a thousandth after three steps."""
    given = as_numbers(answer, (10,))
    if isinstance(given, Feedback):
        return given
    ascending = np.sort(given)
    if not np.allclose(ascending[[0, -1]], [0.01, 1], rtol=0, atol=1e-9):
        ends = f"{ascending[0]:.3g} and {ascending[-1]:.3g}"
        return Feedback(False, f"The smallest and the largest are to be 0.01 and 1, and are {ends}.")
    if (nearest := np.diff(ascending).min()) < 0.005 - 1e-9:
        return Feedback(False, f"Two of them are only {nearest:.3g} apart, asked is 0.005.")
    powers = ascending[:, None] ** np.arange(1, 4)  # the best polynomial, by least squares with the weights λ
    root = np.sqrt(ascending)
    coefficients = np.linalg.lstsq(root[:, None] * powers, root)[0]
    left = np.sum((root - root[:, None] * powers @ coefficients) ** 2) / ascending.sum()
    if left < 1e-3:
        plain = np.sum(ascending * (1 - 2 / 1.01 * ascending) ** 6) / ascending.sum()
        return Feedback(
            True,
            f"Right. After three steps {left:.2g} of the loss is left, of plain descent at its best rate {plain:.2g}. "
            "A zero serves all eigenvalues that lie near, compared with their distance from 0.",
        )
    return Feedback(
        False,
        f"Not yet: after three steps {left:.2g} of the loss is left. The polynomial has three zeros, and is 1 at 0. "
        "Which ten places can three zeros serve?",
    )
