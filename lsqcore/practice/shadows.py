"""Lesson 07."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from lsqcore import LeastSquares, line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

dot_that_is_followed = predict(
    "The columns are 1 and x. Lift one dot by 1, and the best line rises there by a part of 1. Which dot does the line "
    "follow farther?",
    "a dot at an end",
    choices={
        "the dot in the middle": "It has a neighbour on each side, but both hold the line down. The line can only rise "
        "as a whole, by a third.",
        "a dot at an end": "There the line can rise by a third, as a whole, and also tilt: 5/6 together, for a line.",
        "each as far as the others": "All three count alike in the loss. But at an end the line has two ways to "
        "follow: it rises, and it tilts.",
    },
)
images_at_right_angles = predict(
    "Turn two directions of θ, at right angles to each other, from 0° to 90°. At how many turns are their images at "
    "right angles, too?",
    "at exactly one turn",
    choices={
        "at every turn": "So it would be if Φ only turned the directions. But it stretches some more than others, and "
        "that changes most right angles.",
        "at exactly one turn": "Turned by 90° the pair is the old one, with one arrow reversed: then the images have "
        "180° minus their first angle. In between it passes 90°, once. There one image is the longest of all, and the "
        "other the shortest.",
        "at no turn": "The columns of Φ are slanted, and so is the first pair of images. But turned by 90° "
        "the angle is 180° minus that one, so in between it passes 90°.",
    },
    hides=["angle"],
)
inputs_come_together = predict(
    "The three inputs come together, from spread 1 to 0. What does the θ of the pseudo-inverse do?",
    "it runs away, and at 0 it is short again",
    choices={
        "it comes to rest at some θ": "The dots come to rest above x = 1. But the line through them gets steeper: its "
        "slope is 1/spread.",
        "it runs away, and at 0 there is no best θ": "It does run away. But at 0 there are many best θ, not none: each "
        "line that is 3 high at x = 1 fits as well as any other.",
        "it runs away, and at 0 it is short again": "The slope is 1/spread. At 0 no line need be steep: many fit "
        "equally well, and the pseudo-inverse takes the shortest θ.",
    },
)

_MANY_ROWS = 1500


def project(answer: object) -> Feedback:
    """A function from design and target to the shadow, tried on designs with twins and of more columns than rows."""
    draw = np.random.default_rng(7)
    tall, three = 1e-4 * (3 + draw.normal(size=(_MANY_ROWS, 3))), 100 * draw.normal(size=(8, 3))
    designs = {
        "The columns were independent: 1,500 rows, and 3 columns of small numbers.": tall,
        "One column was the sum of two others. An arrow made from it need not lie on the floor, and "
        "ΦᵀΦ has no inverse.": np.column_stack([three[:, :2], three[:, 0] + three[:, 1], three[:, 2]]),
        "There were more columns than rows, and the floor was the whole space.": draw.normal(size=(4, 7)),
        "There were more columns than rows, all of them (1, 1, 1). So the floor was one line.": np.ones((3, 4)),
        "The columns were independent, and tiny: what is small has to be measured beside the largest.": 1e-14
        * draw.normal(size=(6, 2)),
        "One column was the sum of two others, and all were large: what is as good as 0 has to be measured beside the "
        "largest.": 1e6 * (three @ [[1, 0, 1], [0, 1, 1], [0, 0, 0]]),
        "Two columns were nearly alike. A direction that is stretched ten thousand times less than another still "
        "belongs to the floor.": three[:, :2] @ [[1, 1], [0, 1e-4]],
    }
    for hint, design in designs.items():
        target = 5 + draw.normal(size=len(design))
        right = LeastSquares(design, target).project(target)
        with _memory() as taken:
            found = call(answer, design, target)
            largest = taken()
        shadow = as_numbers(found, target.shape, (design.shape[1],), (len(target), 1))
        if isinstance(shadow, Feedback):
            return shadow
        if shadow.shape == (design.shape[1],):
            return Feedback(False, f"Almost: {len(shadow)} numbers are θ. The shadow is Φθ, one number for each row.")
        if np.abs(shadow.ravel() - right).max() > 1e-6:
            if np.allclose(np.abs(shadow.ravel()), np.abs(right - target)):
                return Feedback(False, "Almost: that is the stick between y and its shadow. Its foot is asked.")
            return Feedback(False, f"Not yet: its answer was not the shadow. {hint}")
        if shadow.ndim == 2:
            return Feedback(False, "Almost: one column came. Return a list of numbers, as the target is.")
        if largest > 4 * _MANY_ROWS**2:  # bytes: half of one n × n matrix
            return Feedback(False, "Almost: the shadow is right, but something as large as n × n was made on the way.")
    return Feedback(
        True, "Right. Columns that are sums of others do not mislead it, and with 1,500 rows it makes no n × n matrix."
    )


def kept_errors(answer: object) -> Feedback:
    """Three errors of dots at x = −1, 0, 1 of which the projection onto the lines removes nothing."""
    errors = as_numbers(answer, (3,))
    if isinstance(errors, Feedback):
        return errors
    if not errors.all() or len(set(errors.tolist())) < 3:
        return Feedback(False, "Not yet: three different numbers are asked, and none of them 0.")
    errors = errors / np.abs(errors).max()
    kept = LeastSquares(line([-1, 0, 1]), errors).project(errors)
    removed = float(np.sum((errors - kept) ** 2) / np.sum(errors**2))
    if removed < 1e-18:
        praise = "The three dots lie on a line, the stick is 0 long, and the fit is off by all of your errors."
        return Feedback(True, f"Right. {praise} A projection removes only what stands upright on the floor.")
    share = f"{100 * removed:.3g} %" if removed > 1e-4 else "a little"
    hint = "Where does a point lie whose shadow is the point itself?"
    return Feedback(False, f"Not yet: the projection removes {share} of the sum of their squares. {hint}")


def shortest(answer: object) -> Feedback:
    """The shortest best θ for the columns (1, 1, 1) and (2, 2, 2), and the target (1, 5, 3)."""
    mistakes = {
        "it is a best θ, but 1.41 long, and not the shortest. Where does θ₀ + 2θ₁ = 3 come closest to (0, 0)?": [1, 1],
        "it is a best θ, but 3 long. The second column can help.": [3, 0],
        "it is a best θ, but 1.5 long. The first column can help a little, and the sum of squares falls.": [0, 1.5],
        "these are the shares for two equal columns. With the second twice as long they predict 4.5.": [1.5, 1.5],
        "the other way round: a longer column does more with the same parameter.": [1.2, 0.6],
        "they point the right way, but predict 5. The mean of the dots is 3.": [1, 2],
        "they predict 15. The mean of the dots is 3.": [3, 6],
    }
    praise = "It is 1.34 long, and points along (1, 2): at right angles to (2, −1), which changes no prediction."
    return compare(answer, [0.6, 1.2], mistakes, praise=praise)


@contextmanager
def _memory() -> Iterator[Callable[[], int]]:
    """Within it, a function that tells how many bytes Python and NumPy have taken at most."""
    was_tracing = tracemalloc.is_tracing()
    tracemalloc.start()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        if not was_tracing:
            tracemalloc.stop()
