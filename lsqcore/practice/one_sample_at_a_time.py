"""Lesson 10."""

import numpy as np

from lsqcore import LeastSquares, Status, gaussian_kernel, stochastic_gradient_descent
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

spread_of_the_stops = predict(
    "Put the 200 stopping steps in order. The tenth from the end is about how many times the tenth?",
    "25 times",
    choices={
        "1.1 times": "It would be so if the rule saw the curve arrive. It sees one step, and so one dot.",
        "2 times": "Same dots, same rate: so about the same time? But one lucky draw ends a run.",
        "25 times": "From about 1,300 to about 35,000 steps: one lucky draw ends a run, and luck keeps no time.",
        "1,000 times": (
            "The very first and the very last may be so far apart, by their own luck. The tenth from each end are not."
        ),
    },
    hides=["pile"],
)
ten_times_stricter = predict(
    "Bandwidth 0.3, tolerance 10⁻⁶ in place of 10⁻⁵: about how many times as long does the median run of the 200 take?",
    "5 times",
    choices={
        "1.5 times": (
            "A walk that comes to rest pays the same number of steps for each digit. With bandwidth 0.05 it does so."
        ),
        "5 times": "A tenth of the luck, but more of it later: while a run waits, its residuals shrink.",
        "10 times": "So it would be if the chance stayed the same. But while a run waits, residuals shrink.",
        "100 times": "The strip of lucky residuals is ten times narrower. So ten times at most, and not its square.",
    },
    hides=["wait"],
)
without_the_rule = predict(
    "From a random start, with no rule: is a run's curve at step 100,000 nearer to the hidden one than at its stop?",
    "mostly a little nearer",
    choices={
        "ten times nearer": "More steps do not take the noise out of the fifty dots, and the curve follows some of it.",
        "mostly a little nearer": "Five of six, or so: by about a seventh in the median, by more if luck struck early.",
        "mostly farther away": "From zero it is so, with these dots. But a random start is still to be unlearnt.",
    },
    hides=["error"],
)

_X = np.linspace(-3, 3, 50)
_TARGET = np.sinc(_X) + 0.1 * _X + 0.05 * np.random.RandomState(0).randn(50)
_PROBLEM = LeastSquares(gaussian_kernel(_X, _X, 0.3), _TARGET)
_LIMIT = 2 / np.square(_PROBLEM.design).sum(axis=1).max()


def patient(answer: object) -> Feedback:
    """The first step that completes fifty short ones in a row, as a function of the lengths: four trials."""
    trials = [_lengths(*rows) for rows in ((30, 49, 20, 50, 8), (0, 50, 3, 60, 0), (7, 35, 1, 90), (80, 49, 5, 48, 1))]
    trials[3][129] = 1e-6  # not shorter, where a shorter one would be the fiftieth
    came, found = [], {name: [] for name in ("right", "first", "begins", "counted", "before", "49", "51", "up to")}
    for lengths in trials:
        number = as_numbers(call(answer, lengths), ())
        if isinstance(number, Feedback):
            return number
        came.append(number)
        short = lengths < 1e-6
        in_a_row = {many: _first(np.convolve(short, np.ones(many))[: len(short)] > many - 0.5) for many in (49, 50, 51)}
        found["right"].append(in_a_row[50])
        found["first"].append(_first(short))
        fired = in_a_row[50] < len(short)
        found["begins"].append(in_a_row[50] - 49 * fired)
        found["counted"].append(_first(np.cumsum(short) == 50))
        found["before"].append(in_a_row[50] - fired)
        found["49"].append(in_a_row[49])
        found["51"].append(in_a_row[51])
        found["up to"].append(_first(np.convolve(lengths <= 1e-6, np.ones(50))[: len(short)] > 49.5))
    mistakes = {
        "it stops at the first short step. One is a lottery ticket: wait for fifty in a row.": found["first"],
        "that is where the fifty begin. Return the step that completes them.": found["begins"],
        "it counts all short steps. A longer one between them starts the count anew.": found["counted"],
        "the steps are numbered from 1: it is one too few.": found["before"],
        "it stops after 49 in a row.": found["49"],
        "it stops after 51 in a row.": found["51"],
        "a step of exactly 10⁻⁶ is not shorter than 10⁻⁶.": found["up to"],
    }
    praise = "Four runs that it had not seen: stopped where fifty steps in a row were short, or not at all."
    return compare(came, found["right"], mistakes, praise=praise)


def _lengths(*rows: int) -> np.ndarray:
    """Lengths of steps: so many long ones, so many short ones, and so on in turn."""
    draws, long = np.random.default_rng(sum(rows)), np.repeat(np.arange(len(rows)) % 2 == 0, rows)
    return np.where(long, 10 ** draws.uniform(-5.9, -1, len(long)), 10 ** draws.uniform(-9, -6.1, len(long)))


def _first(holds: np.ndarray) -> int:
    """The number of the first step at which it holds, or of the last of all."""
    return int(holds.argmax()) + 1 if holds.any() else len(holds)


def fires_too_soon(answer: object) -> Feedback:
    """A line at which a step on the dot (2, 5) is short, while the loss on the five dots is above 100."""
    theta = as_numbers(answer, (2,))
    if isinstance(theta, Feedback):
        return theta
    if np.abs(theta).max() > 1e14:
        return Feedback(False, "Not yet: parameters above 10¹⁴ are more than is needed, and rounding blurs them.")
    x = np.arange(1.0, 6)
    residual = theta[0] + theta[1] * x - (1 + 2 * x)
    step, loss = 0.1 * abs(residual[1]) * np.sqrt(5), np.mean(residual**2) / 2
    if step >= 1e-6:
        near = "" if loss > 100 else f", and the loss is only {loss:.3g}"
        hint = "The rule sees one residual, that of the dot drawn: let the line go through this dot."
        if abs(theta[1] + 2 * theta[0] - 5) < 1e-9:
            hint = "The other way round: the intercept comes first, then the slope."
        return Feedback(False, f"Not yet: the step is {step:.3g} long, the rule does not fire{near}. {hint}")
    if loss <= 100:
        hint = "Keep the line on the dot (2, 5), and turn it."
        return Feedback(False, f"Not yet: the rule fires, but the loss is {loss:.3g}, and above 100 is asked. {hint}")
    praise = "The line goes through the one dot that was drawn, and misses the others by far"
    return Feedback(True, f"Right. The rule fires, and the loss is {loss:,.4g}. {praise}.")


def fooled(answer: object) -> Feedback:
    """A learning rate at which a quarter of 200 runs stop within 100 steps."""
    rate = as_numbers(answer, ())
    if isinstance(rate, Feedback):
        return rate
    rate = float(rate)
    if rate <= 0:
        return Feedback(False, f"A learning rate is above 0, but {rate:g} came.")
    if rate >= _LIMIT:
        return Feedback(False, f"That is not below the limit {_LIMIT:.4f}.")
    ended = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        settings = dict(start=rng.standard_normal(50), rng=rng, steps=100, tolerance=1e-6, keep=[])
        path = stochastic_gradient_descent(_PROBLEM, learning_rate=rate, **settings)
        ended += path.status is Status.TOLERANCE_MET
    count = f"Within 100 steps {ended} of 200 runs stop"
    if ended < 50:
        hint = "At which rate does a step leave nothing of its own residual, and what if the same dot comes again?"
        near = "You are near: give all digits, as an expression. " if abs(rate / _LIMIT - 0.5) < 0.01 else ""
        return Feedback(False, f"Not yet: {count}. {near}{hint}")
    if rate < _LIMIT / 1000:
        praise = (
            "at a rate this small each step is short, so one below 10⁻⁶ comes soon. Hardly anything has been learnt"
        )
        return Feedback(True, f"Right. {count}: {praise}.")
    praise = "a dot that a step had just met came again before a near one did. No run has converged"
    return Feedback(True, f"Right. {count}: {praise}.")
