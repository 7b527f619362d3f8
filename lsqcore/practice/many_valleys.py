"""Lesson 14."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lsqcore.design import line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

starts_for_95_percent = predict(
    "One start finds the deepest valley with a chance of 0.963 %: one in 104. How many starts find it with a chance of "
    "95 %?",
    "310",
    choices={
        "99": "95/0.963 is 99: the chances of single starts, added up. But some series find it twice, and twice counts "
        "once. 99 starts find it with a chance of 62 %.",
        "104": "104 starts find it once on average: some series twice or more, and 37 % of the series never.",
        "310": "All of k starts miss it with the chance 0.99037 to the power k. That is below 5 % from 310 on.",
        "10,000": "They would all miss it with a chance of about 10⁻⁴²: far surer than was asked.",
    },
    hides=["odds"],
)
one_walk_with_noise = predict(
    "250 starts of 20 steps each find the deepest valley with a chance of 91 %. One walk of 5,000 steps with noise, at "
    "the best of these noise levels, remembers the lowest place it has seen. How often is that in the deepest valley?",
    "in more than 9 of 10 walks",
    choices={
        "in about 1 of 100 walks": "So it is with too little noise: the walker hardly ever leaves its first valley.",
        "in about 1 of 10 walks": "That is more than any of these levels gives where the last place is kept: a "
        "walker that can leave any valley leaves the deepest one, too.",
        "in more than 9 of 10 walks": "Each leap over a hill is a new start for little work: the next floor is near. "
        "And what it has seen it remembers.",
    },
    hides=["shares"],
)
newton_on_the_square = predict(
    "400 walkers stand evenly over the square and take Newton's steps. Where does the largest "
    "group of them come to rest?",
    "at passes",
    choices={
        "at floors": "Descent brings all 400 there. But a Newton step only looks for a place where the slope is 0.",
        "at hilltops": "Where the curvature is negative, Newton mostly walks uphill. But on a hilltop both coordinates "
        "have to end at a top: about a quarter of the walkers.",
        "at passes": "Along each axis about half of the walkers end at a floor, half at a top: both draw a step. "
        "Floor and floor, top and top, or one of each: about a quarter, a quarter, a half.",
        "a third at each": "Three kinds of place, but not equally many ways: one axis up and the other down can happen "
        "in two ways.",
    },
    hides=["kinds"],
)


_RADII, _IS_MALIGNANT = np.array([11.0, 12.0, 13.0, 16.0, 18.0, 20.0]), np.array([0, 0, 0, 1, 1, 1])


def _height(scale: float, shift: np.ndarray, theta: np.ndarray) -> float:
    at = np.asarray(theta) / scale - shift
    return float(np.sum(at**2 + 10 - 10 * np.cos(2 * np.pi * at)))


def _slope(scale: float, shift: np.ndarray, theta: np.ndarray) -> np.ndarray:
    at = np.asarray(theta) / scale - shift
    return (2 * at + 20 * np.pi * np.sin(2 * np.pi * at)) / scale


def _ends(slope: Callable, starts: np.ndarray, learning_rate: float, steps: int) -> np.ndarray:
    ends = starts.copy()
    for _ in range(steps):
        ends = ends - learning_rate * slope(ends)
    return ends


def restarts(answer: object) -> Feedback:
    """A function that walks down from each start, and returns the lowest place at which a walk has ended.

    Two landscapes of another size, with three parameters and one, and so few steps that no walk has arrived: one step
    more or less shows. In both the lowest end is neither the first nor the last, and not that of the lowest start.
    """
    for scale, shift, count, seed, rate, steps in (
        (0.1, [1.0, -2.0, 0.3], 12, 804, 0.0015, 3),
        (3.0, [0.4], 6, 1019, 0.001, 2),
    ):
        loss, slope = partial(_height, scale, np.array(shift)), partial(_slope, scale, np.array(shift))
        starts = scale * np.random.default_rng(seed).uniform(-5, 5, (count, len(shift)))
        learning_rate = rate * scale**2
        ends, short, long = (_ends(slope, starts, learning_rate, steps + more) for more in (0, -1, 1))
        heights, first_heights = (np.array(list(map(loss, places))) for places in (ends, starts))
        lowest = ends[heights.argmin()]
        mistakes = {
            "that is the least loss. Return the place that has it.": heights.min(),
            "those are the ends of all walks. Return the lowest.": ends,
            "that is where the last walk has ended. An earlier one ended lower: keep it.": ends[-1],
            "that is where the first walk has ended. A later one ended lower.": ends[0],
            "that is the lowest start. Walk down from each of them first.": starts[first_heights.argmin()],
            "that is the end of the lowest start. A start that stood higher ends lower.": ends[first_heights.argmin()],
            "those walks are one step too short: take all `steps`.": min(short, key=loss),
            "those walks are one step too long.": min(long, key=loss),
            "that is the highest end.": ends[heights.argmax()],
            "that is the number of the walk. Return the place where it ended.": heights.argmin(),
        }
        came = as_numbers(call(answer, loss, slope, starts, learning_rate, steps), lowest.shape, (), ends.shape)
        feedback = came if isinstance(came, Feedback) else compare(came, lowest, mistakes, praise="")
        if not feedback.right:
            return feedback
    praise = "On two landscapes that it had not seen, with three parameters and with one, it found the lowest end."
    return Feedback(True, f"Right. {praise}")


def held(answer: object) -> Feedback:
    """A function from the curvatures at flat places, and a learning rate, to how many of them can hold a walker."""
    flat = np.concatenate([np.arange(-5.0, 6), np.arange(-4.5, 5)])  # near the eleven floors and the ten hilltops
    for _ in range(9):
        flat = flat - _slope(1.0, np.zeros(1), flat) / (2 + 40 * np.pi**2 * np.cos(2 * np.pi * flat))
    on_the_line = 2 + 40 * np.pi**2 * np.cos(2 * np.pi * flat)
    tried = [(on_the_line, rate) for rate in (0.001, 0.00504, 0.00505, 0.0052)]
    tried += [(np.array([3.0, -1.0, 8.0, -2.0, 4.0]), rate) for rate in (0.2, 0.3, 0.5, 0.9)]  # at 0.5 one at its limit
    came = []
    for curvatures, rate in tried:
        number = as_numbers(call(answer, curvatures, rate), ())
        if isinstance(number, Feedback):
            return number
        came.append(number)
    right = [int(np.sum(np.abs(1 - rate * curvatures) < 1)) for curvatures, rate in tried]
    mistakes = {
        "it counts hilltops, too. There the curvature is negative: a step goes away from the top.": [
            np.sum(rate * curvatures < 2) for curvatures, rate in tried
        ],
        "it counts the floors. Can each of them hold a walker at each rate?": [
            np.sum(curvatures > 0) for curvatures, _ in tried
        ],
        "a floor still holds where the steps leap over it, if each leap is shorter than the last.": [
            np.sum((curvatures > 0) & (rate * curvatures < 1)) for curvatures, rate in tried
        ],
        "at the limit itself a step leaves all of the distance, on the other side: that holds nobody.": [
            np.sum(np.abs(1 - rate * curvatures) <= 1) for curvatures, rate in tried
        ],
        "at the rate 0 no walker moves. Ask what a step leaves of the distance to the floor.": [
            len(curvatures) for curvatures, _ in tried
        ],
    }
    praise = (
        "On the line of section 1: 11 floors up to the rate 0.00504, 8 at 0.00505, none at 0.0052. A larger rate "
        "never has more floors to be caught on, and one that is too large for all of them has none. D0's own loss has "
        "one floor, the best line. (At 0.00505 the three deepest floors are gone and eight shallower ones hold: on "
        "such a landscape a large rate can miss the best floor. Not by converging too fast: it never settles there.)"
    )
    return compare(came, right, mistakes, praise=praise)


def better(answer: object) -> Feedback:
    """A function that gives for every θ one with a smaller cross-entropy, on six tumours that one radius separates."""
    signed = line(_RADII) * np.where(_IS_MALIGNANT, 1, -1)[:, None]

    def log_loss(theta: np.ndarray) -> float:
        """The logarithm of the sum of log(1 + exp(−margin)), also where float64 has no such small numbers."""
        margins = signed @ theta
        each = np.where(margins > 30, -margins, np.log(np.logaddexp(0, -np.minimum(margins, 30))))
        return float(np.logaddexp.reduce(each))

    at = [[0, 0], [-14.5, 1], [-145, 10], [14.5, -1], [3, 0.5], [-1000, 60], [500, -20], [0.2, -0.01], [-2e4, 1400]]
    for start in np.array(at, dtype=float):
        theta = start
        for _ in range(3):
            given = as_numbers(call(answer, theta), (2,))
            if isinstance(given, Feedback):
                return given
            before, after = log_loss(theta), log_loss(given)
            gains = signed @ (given - theta)  # they tell where float64 sees no difference between the losses
            stands = after == before and log_loss(start) < -745  # so small that float64 has no slope for descent
            if not (after < before or stands or (gains.min() >= 0 and gains.max() > 0)):
                shown = f"({theta[0]:g}, {theta[1]:g})"
                how = "as large as" if after == before else "larger than"
                hint = (
                    "Which direction makes the chance of what happened smaller for none of the six? (x is the radius.)"
                )
                return Feedback(
                    False, f"Not yet: from θ = {shown} it goes to a cross-entropy that is {how} the one there. {hint}"
                )
            theta = given
    return Feedback(
        True,
        "Right. From nine places, and from where it had led, it went lower, where float64 can tell. There is a lower "
        "one for every θ, so there is no minimum. Along (−14.5, 1) the loss comes as near to 0 as you like, and never "
        "arrives.",
    )
