"""Lesson 15."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

sign_changed = predict(
    "The network reads no negative right. Now each number of its last layer V changes its sign, and nothing is learnt. "
    "How much of the unseen negatives does it read then?",
    "more than half",
    choices={
        "still next to nothing": "A network without any idea would read one in ten. To miss all 497, its answers "
        "must have to do with the digits.",
        "about a tenth, like guessing": "That is what a network without any idea reads. This one misses all: its "
        "answers have much to do with the digits.",
        "more than half": "Where the right digit has the smallest output, the changed sign makes it the largest. That "
        "is so for more than half of them.",
    },
    hides=["share"],
)
lead_of_the_school = predict(
    "A last layer is solved on the schooled features; its rival is a network from scratch. With twenty of each digit "
    "in place of one, what becomes of the solved one's lead (mean of ten draws)?",
    "it shrinks",
    choices={
        "it grows": "The solved one does read more with each example. But its features are those of school, and the "
        "rival has more left to gain.",
        "it stays about the same": "That would be so if each example taught both as much. But what school has given "
        "the one already, only the other has to learn from it.",
        "it shrinks": "The features of school need no examples. That counts most where there are few; with more of "
        "them the rival learns from these what it was not taught.",
    },
    hides=["mean"],
)
everything_at_once = predict(
    "Everything moves at once from the schooled network, with its old V. After 100 steps at the rate of school, how "
    "much of the unseen negatives is read, in the mean of ten draws? (The solved last layer reads 90 %.)",
    "less than half",
    choices={
        "more than 95 %": "It can do all that the last layer alone can do, and more. But what can be reached is not "
        "where a walk goes.",
        "about 90 %": "If V moved first, and W and b little, it would be so. But all three move at once.",
        "less than half": "V is wrong, and W and b are moved to suit it before it has changed.",
    },
    hides=["moved"],
)


def _outputs(network: list[np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, offset, last = network
    hidden = np.column_stack([np.ones(len(x)), np.tanh(x @ first + offset)])
    return hidden, hidden @ last


@cache
def _schools() -> list[tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Three networks that read things of eight kinds, three sorts of each; the few examples; and unseen pictures."""
    schools = []
    for seed in range(3):
        draw = np.random.default_rng(seed)
        things, target = (draw.random((8, 3, 36)) < 0.35).astype(float), np.eye(8)

        def pictures(of_each: int) -> tuple[np.ndarray, np.ndarray]:
            kinds = np.tile(np.arange(8), of_each)
            clean = things[kinds, draw.integers(3, size=len(kinds))]  # noqa: B023
            return np.clip(clean + 0.3 * draw.standard_normal(clean.shape), 0, 1), kinds  # noqa: B023

        x, kinds = pictures(60)
        network = [draw.normal(0, 1 / 6, (36, 40)), np.zeros(40), np.zeros((41, 8))]
        moves = [np.zeros_like(part) for part in network]
        for _ in range(300):
            hidden, outputs = _outputs(network, x)
            powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
            residual = (powers / powers.sum(axis=1, keepdims=True) - target[kinds]) / len(x)
            back = residual @ network[2][1:].T * (1 - hidden[:, 1:] ** 2)
            slopes = x.T @ back, back.sum(axis=0), hidden.T @ residual
            moves = [0.9 * move - 0.1 * slope for move, slope in zip(moves, slopes, strict=True)]
            network = [part + move for part, move in zip(network, moves, strict=True)]
        few, kinds_of_few = pictures(6)
        unseen, asked = pictures(40)
        schools.append((network, np.vstack([few, 1 - few]), np.tile(target[kinds_of_few], (2, 1)), unseen, asked))
    return schools


def for_both(answer: object) -> Feedback:
    """A function that gives a network for pictures and negatives, from a schooled one and a few examples of both."""
    shares = []
    for network, x, target, unseen, asked in _schools():
        handed = [part.copy() for part in network]
        # `call` tells the shapes of what was given, and a list of these has none: so the function holds it already
        parts = call(partial(answer, handed) if callable(answer) else answer, x, target)
        if isinstance(parts, Feedback):
            return parts
        if not isinstance(parts, list | tuple) or len(parts) != 3:
            count = f" of {len(parts)}" if isinstance(parts, list | tuple) else ""
            came = f"an object of type {type(parts).__name__}{count}"
            return Feedback(False, f"Expected the list of W, b and V, but {came} came. Is the `return` missing?")
        tuned = [as_numbers(part, before.shape) for part, before in zip(parts, network, strict=True)]
        for name, part in zip(("W", "b", "V"), tuned, strict=True):
            if isinstance(part, Feedback):
                return Feedback(False, f"{name}: {part.sentence}")
        with np.errstate(over="ignore", invalid="ignore"):
            answers = [_outputs(tuned, pictures)[1].argmax(axis=1) for pictures in (unseen, 1 - unseen)]
        shares.append([np.mean(each == asked) for each in answers])
    ink, negatives = np.mean(shares, axis=0)
    ink_read, negatives_read = f"{100 * ink:.0f} %", f"{100 * negatives:.0f} %"
    read = f"On average it reads {ink_read} of the unseen pictures and {negatives_read} of their negatives."
    if (ink + negatives) / 2 >= 0.9:
        return Feedback(True, f"Right. {read} Here V alone does not do it: the features themselves have to move.")
    hint = "Which parts move, from where, and how far? Try more steps, or another rate."
    if ink < 0.1:
        hint = "Only negatives count so far. Use all rows of x: half of them are pictures."
    elif negatives < 0.1 and ink > 0.95:
        hint = "The negatives are still read as at school."
    elif negatives < 0.1 or max(ink, negatives) < 0.7:
        hint = "Most features of a negative are those of its picture, turned round: V alone cannot serve both well."
    elif negatives < 0.45 and ink > 0.9:
        hint = "From the old V a quick walk spoils the features before V has changed."
    return Feedback(False, f"Not yet: {read} {hint}")


def columns_and_share(answer: object) -> Feedback:
    """How many columns of W differ after equal starts, and what the network reads: 1, and 0.362."""
    mistakes = {
        "the share comes from a network whose W was drawn. Give 0.01 to each number.": [1, 0.98],
        "that is how many columns W has. How many different ones are among them?": [64, 0.362],
        "that is after 100 steps. Take 300.": [1, 0.28],
        "that is guessing, and comes where all numbers are 0, or 0.1. Give 0.01 to each.": [1, 0.107],
        "first the columns, then the share.": [0.362, 1],
    }
    praise = (
        "Equal units have equal slopes, and stay equal: 64 units, one feature. With one parameter the step is sound. "
        "To the letter, with 64 hidden units, it is not."
    )
    return compare(answer, [1, 0.362], mistakes, praise=praise, within=0.0305)


def turned(answer: object) -> Feedback:
    """A function that turns square pictures, one in each row, by 90°, all to the same side."""
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "left": lambda stack: np.rot90(stack, axes=(1, 2)),
        "right": lambda stack: np.rot90(stack, axes=(2, 1)),
        "nothing has changed.": lambda stack: stack,
        "that is 180°.": lambda stack: stack[:, ::-1, ::-1],
        "rows and columns have changed places. That turns, and mirrors, too.": lambda stack: stack.transpose(0, 2, 1),
        "they are turned, and mirrored, too.": lambda stack: stack[:, ::-1, ::-1].transpose(0, 2, 1),
        "they are mirrored, upside down.": lambda stack: stack[:, ::-1],
        "they are mirrored, left and right.": lambda stack: stack[:, :, ::-1],
        "the stack of pictures is turned, and not each picture. Which axes belong to a picture?": np.rot90,
    }
    fitting = set(ways)
    for seed, (count, side) in enumerate([(4, 8), (3, 5), (6, 6)]):
        stack = np.random.default_rng(seed).random((count, side, side))
        given = as_numbers(call(answer, stack.reshape(count, -1)), (count, side**2))
        if isinstance(given, Feedback):
            return given
        fitting &= {name for name, way in ways.items() if np.allclose(given, way(stack).reshape(count, -1))}
    if fitting & {"left", "right"}:
        praise = "Turned like this, five examples of each digit: who reads most, and does the school help?"
        return Feedback(True, f"Right. {praise}")
    if fitting:
        return Feedback(False, f"Not yet: {min(fitting)}")
    return Feedback(
        False, "Not yet: these are not the pictures turned by 90°, all to one side. Draw one with a corner marked."
    )
