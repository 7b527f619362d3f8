"""Lesson 16."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lsqcore.practice.shared.feedback import Feedback, as_bool, as_numbers, call
from lsqcore.practice.shared.prediction import predict
from lsqcore.practice.shared.recompute import recompute

__all__ = ["recompute"]  # what else stands here says it itself

where_to_nudge = predict(
    "You may nudge at one place only, the same for all four pages. Where, to find every page that is wrong?",
    "at a place drawn at random",
    choices={
        "where a and b are 0": "There the numbers are easiest. But what multiplies a or b is multiplied by 0: page D "
        "goes free.",
        "at the best line": "There the gradient is 0, and so are minus and twice the gradient: pages B and C go free.",
        "at a place drawn at random": "Each wrong page is right at one point, or along a line. To hit that by chance "
        "has the probability 0.",
        "it does not matter": "Each wrong page is right somewhere: B and C at the best line, D wherever b is 0.",
    },
    hides=["entries"],
)
slips_in_all = predict(
    "Anna and Ben check one page, apart. Anna finds 10 slips, Ben 6, and 3 of them are the same. About how many slips "
    "are on the page, as far as one can tell?",
    "about 20",
    choices={
        "13": "So many have been found, by one of them or by both. But of Anna's 10 slips Ben has missed 7.",
        "about 16": "So many are 10 + 6. But 3 of them are counted twice.",
        "about 20": "Of Anna's 10 slips Ben found 3. If he finds 3 of 10 everywhere, then his 6 are out of 20.",
        "that cannot be told": "Not for certain. But Ben's share of Anna's slips is a guess at his share of all.",
    },
    hides=["estimates"],
)

# What the page of the lesson says, line by line: the question that finds a slip, and why it is one
_SLIPS = {
    5: (
        3,
        "with target minus prediction both entries have a minus. At a = b = 0 all r are above 0: as printed, a step "
        "against the gradient takes a and b below 0, away from the dots.",
    ),
    8: (
        8,
        "0.0025, 0.005 and 0.01 need 717, 421 and 242 steps: more than half, each time. 0.0052 needs 408; 0.0104, "
        "still below the limit of 0.010427, needs 1,744 (if line 13 lets it); at 0.02 it runs away.",
    ),
    15: (
        4,
        "nudge J of line 3: its gradient is a sixth of this, which is that of the sum. (So 0.005 here is 0.03 in the "
        "words of lines 3 and 6.)",
    ),
    19: (
        5,
        "(6,) minus (6, 1) makes 36 differences, each prediction against each length. The six that are meant have the "
        "mean square 0.02.",
    ),
    22: (7, "a short step promises no distance. Solved directly, a is 10: it is off by 0.088, 88 times as much."),
    24: (1, "3 · 2.02 is 6.06."),
}
_FOLLOWS = {23: "the listing prints this number, and the rest follows from line 19. There is the slip"}
_SOUND = {
    1: "these are the data",
    2: "so a line is read",
    3: "a loss may be chosen, and this one is written out",
    4: "put 0 in: the residuals are −yᵢ, and the mean of yᵢ² is 300.69",
    6: "that is descent, with the gradient of J. What is wrong is the formula above it",
    7: "the two columns of the design, ones and x, are no multiples of each other, so the lowest point is one",
    9: "it prints 1, 2, 3, 4, 5, 6",
    10: "a table's column can come like this, with the shape (6, 1). It depends on what is done with it",
    11: "ones for a, and x for b",
    12: "zero will do as a start, and with 0.005 the program walks downhill",
    13: "a limit on the number of steps is wise, and this one is not reached",
    14: "y[:, 0] has the shape (6,), like the predictions, and the order is that of line 3",
    16: "it goes down: line 15 has the minus",
    17: "a short step may end a walk. Ask what the text makes of it",
    18: "it leaves the loop",
    20: "it prints what the lines above have made",
    21: "run it: it prints these numbers. (They lean on line 15 as it stands: with J's own gradient, and 0.005, "
    "the program takes all its 1,000 steps, to a = 8.54 and b = 2.34)",
}


def audit(answer: object) -> Feedback:
    """The lines of the page with a slip: each marked line is judged, and each slip that was missed has a hint."""
    count = len(_SLIPS) + len(_FOLLOWS) + len(_SOUND)
    given = as_numbers(answer, (len(_SLIPS),), *((length,) for length in range(count + 1)))
    if isinstance(given, Feedback):
        return given
    marked = {float(line) for line in given}
    if strange := sorted(marked - set(range(1, count + 1))):
        return Feedback(False, f"Not yet: there is no line {strange[0]:g}. The lines are 1 to {count}.")
    found, accused = [line for line in _SLIPS if line in marked], [line for line in _SOUND if line in marked]
    told = [f"Line {line}, a slip: {_SLIPS[line][1]}" for line in found]
    follow = [line for line in _FOLLOWS if line in marked]
    told += [f"Line {line} is no slip of its own: {_FOLLOWS[line]}." for line in follow]
    told += [f"Line {line} is sound: {_SOUND[line]}." for line in accused]
    missed = sorted(question for line, (question, _) in _SLIPS.items() if line not in marked)
    told += [f"Missed: a slip that question {question} finds." for question in missed]
    faults = [f"line {line} only follows" for line in follow]
    faults += [f"{len(accused)} sound line{'s are' if len(accused) > 1 else ' is'} accused"] if accused else []
    done, but = not missed and not faults, f", but {' and '.join(faults)}" if faults else ""
    count_found = f"{len(found)} of {len(_SLIPS)}" if missed else "all"
    head = "Right." if done else f"Not yet: {count_found} slips found{but}."
    return Feedback(done, "\n".join([head, *told]))


def gradient_is_right(answer: object) -> Feedback:
    """Whether a gradient is that of a loss, both functions of p parameters: tried on pairs nobody has seen."""
    if not callable(answer):
        return call(answer)
    judged, rng = {True: 0, False: 0}, np.random.default_rng(16)
    for n, p, scale in ((8, 2, 1.0), (20, 5, 30.0), (6, 3, 0.01)):
        for loss, gradient, right, what in _pairs(scale * rng.normal(size=(n, p)), scale * rng.normal(size=n), scale):
            said = as_bool(call(lambda p, loss=loss, gradient=gradient: answer(loss, gradient, p), p))
            if isinstance(said, Feedback):
                return said
            if said and not right:
                hint = "Compare every entry, at several places, of both signs and with entries that differ."
                return Feedback(False, f"Not yet: {what} goes free. {hint}")
            if right and not said:
                hint = "A difference is a little off: leave it some room, in proportion to the gradient's size."
                return Feedback(False, f"Not yet: {what} is convicted, and it is right. {hint}")
            judged[right] += 1
    praise = f"All {judged[True]} right ones go free, and all {judged[False]} wrong ones do not."
    return Feedback(True, f"Right. {praise} What is wrong only where you never nudge would still go free.")


Pair = tuple[Callable[[NDArray], float], Callable[[NDArray], NDArray], bool, str]


def _pairs(design: NDArray, target: NDArray, scale: float) -> list[Pair]:
    """A loss, what is claimed to be its gradient, whether it is, and what to call it."""
    entries, size = np.eye(design.shape[1]), scale**2
    first, last = entries[0], entries[-1]

    def loss(theta: NDArray) -> float:
        return float(np.mean((design @ theta - target) ** 2) / 2)

    def true(theta: NDArray) -> NDArray:
        return design.T @ (design @ theta - target) / len(target)

    def bent(theta: NDArray) -> float:
        away = (design @ theta - target) / scale
        return float(np.mean(np.logaddexp(away, -away)))

    def of_bent(theta: NDArray) -> NDArray:
        return design.T @ np.tanh((design @ theta - target) / scale) / len(target) / scale

    wrong = {
        "one with the wrong sign": lambda at: -true(at),
        "one that is twice too long": lambda at: 2 * true(at),
        "one that is 5 % too long": lambda at: 1.05 * true(at),
        "one that is right at zero": lambda at: true(at) + size * at[-1] * last,
        "one that is right where all are the same": lambda at: true(at) + size * (at[0] - at[-1]) * first,
        "one that is right where no parameter is negative": lambda at: true(np.abs(at)),
        "one that is right where the first is not negative": lambda at: true(at) + size * min(at[0], 0) * first,
        "one that is right where the first is not positive": lambda at: true(at) + size * max(at[0], 0) * first,
        "one whose entries stand the wrong way round": lambda at: true(at)[::-1],
        "one whose sum is right": lambda at: true(at) + size * (first - last),
    }
    right = [(loss, true, True, "the gradient of half the mean square")]
    right += [(bent, of_bent, True, "the gradient of a loss that is no sum of squares")]
    middle = [lambda at, entry=entry: true(at) * (1 + entry) for entry in entries[1:-1]]
    spoilt = [*wrong.items(), *(("one that is wrong in a middle entry", each) for each in middle)]
    return right + [(loss, gradient, False, what) for what, gradient in spoilt]


def its_loss(answer: object) -> Feedback:
    """A loss whose gradient is Xᵀ(Xw − y)/m, as a function of design, target and theta: nudged on unseen rows."""
    rng = np.random.default_rng(7)
    for m, p, scale in ((7, 2, 1.0), (12, 4, 20.0)):
        design, target, theta = scale * rng.normal(size=(m, p)), scale * rng.normal(size=m), rng.normal(size=p)
        measured = []
        for nudge in 1e-4 * np.eye(p):
            ends = []
            for at in (theta + nudge, theta - nudge):
                end = as_numbers(call(answer, design, target, at), ())
                if isinstance(end, Feedback):
                    return end
                ends.append(end)
            measured.append((ends[0] / 2 - ends[1] / 2) / 1e-4)
        wanted = design.T @ (design @ theta - target) / m
        factor = next((each for each in (1, 2 * m, 2, m, 0, -1) if _near(measured, each * wanted)), None)
        if factor != 1:
            named = {
                2 * m: "that is the loss that D2 writes, but for a constant: nudged, it gives 2m times what is asked.",
                2: "nudged, it gives twice what is asked: where does the 2 of the square go?",
                m: "nudged, it gives m times what is asked: the half is right, but it is a sum.",
                0: "it does not change with the parameters.",
                -1: "nudged, it gives what is asked with the wrong sign.",
            }
            other = f"nudged, it gives {measured[0]:.6g} in its first entry, and {wanted[0]:.6g} is asked."
            return Feedback(False, f"Not yet: {named.get(factor, other)}")
    praise = "Nudged, it gives the printed gradient, on rows that it had not seen; any constant may be added."
    return Feedback(
        True,
        f"Right. {praise} The lowest point is that of ‖Xw − y‖², but the limit of the learning rate is 2m times its.",
    )


def _near(measured: list[NDArray], wanted: NDArray) -> bool:
    return np.allclose(measured, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max() + 1e-9)
