"""Lesson 03."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from lsqcore.practice.shared.feedback import NOT_ANSWERED, Feedback, as_bool, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict
from lsqcore.practice.shared.suspects import suspect_1, suspect_2, suspect_3, suspect_4, suspect_5

__all__ = ["suspect_1", "suspect_2", "suspect_3", "suspect_4", "suspect_5"]  # what else stands here says it itself

first_fault = predict(
    "The dots were made with slope 3, and it ends at minus two and a half million. What is wrong with it?",
    "it steps uphill",
    choices={
        "its learning rate is too large": (
            "Too long a step lands on the other side of the valley: the line would swing to and fro. This one always "
            "turns the same way. Lower its rate, and it takes longer to run away."
        ),
        "it steps uphill": (
            "Each step adds to the error, always on the same side. At a smaller rate it runs away all the same, but "
            "later."
        ),
        "its dots are too noisy": "Noise of this size moves the best line a little. It drives no walk away from it.",
        "its numbers grow too large for the machine": (
            "NumPy's usual numbers, float64, reach to about 1.8·10³⁰⁸. Nothing here comes near that."
        ),
    },
)

second_fault = predict(
    "It settles at slope 6, for dots made with slope 3. What is wrong with it?",
    "its line is tied to zero",
    choices={
        "it stops too early": "It has come to rest: more steps do not change its slope by a digit that you see.",
        "the noise pulls its line up": (
            "Noise pulls up as often as down. Leave the green dot at 7, and set the noise to 0: the slope stays near "
            "6, and the residuals still follow x."
        ),
        "the dots at the right count too much": (
            "Lift all dots by 4: whatever a dot counts, a line that may lie at any height rises with them, and each "
            "residual stays. Here the three means double, or nearly."
        ),
        "its line is tied to zero": (
            "At x = 0 the dots stand around height 4, its line at 0, and a steeper slope makes up for it. Drag the "
            "green dot from 7 down to 3, so that they begin around 0: the slope comes near 3, and the pattern goes."
        ),
    },
    hides=["fitted"],
)

third_fault = predict(
    "It begins with slope 3 and ends flat, for the targets as they are, and tilted. What is wrong with it?",
    "it compares each prediction with all targets",
    choices={
        "it never changes its slope": "It does: it begins with slope 3, and step by step it unlearns it.",
        "it shuffles the targets": (
            "Shuffled once, they would nearly always leave some slope, up or down. Shuffled anew at each step, they "
            "would not let the line rest. This one comes to rest, and flat."
        ),
        "it compares each prediction with all targets": (
            "In mean square, nearest to all targets at once is their mean, at every x. So it matters neither which "
            "target belongs to which x, nor which dot you lift."
        ),
        "its learning rate is too small": "A small rate would leave it on its way. At the end this one stands still.",
    },
)

fourth_fault = predict(
    "Twelve rows: it settles. The same twelve rows, each four times: it runs away. What is wrong with it?",
    "it adds up where it should average",
    choices={
        "its learning rate is too large": (
            "For twelve rows it is not. A lower one would help, until somebody brings more rows."
        ),
        "it adds up where it should average": (
            "Four copies of each row make a sum, and so its step from any line, four times as large. They leave a mean "
            "as it is."
        ),
        "more rows bring more noise": "No new noise came: they are the same rows, and have the same best line.",
        "it steps uphill": "Then twelve rows would run away, too. And this line swings: its steps are too long.",
    },
)


def same_fault(answer: object) -> Feedback:
    """The (intercept, slope) at which suspect_5 settles, as a function of x and y: tried on three sets of dots."""
    said = NOT_ANSWERED
    for x, y in (
        (np.array([0.2, 1.9, 0.7, 1.1, 0.3, 1.5, 2.1]), np.array([2.0, 9.5, 3.0, 7.5, 4.0, 6.0, 11.0])),
        (np.array([3, -1, 2, 2.5, 0, 1.5, 1, -2, 0.5]), np.array([5.0, 70, -40, 10, 90, 30, -60, 20, 80])),
    ):
        said = _same_line(call(answer, x, y), x, y)
        if not said.right:
            return said
    years, y = np.array([2020.0, 2022, 2023, 2021]), np.array([1.0, 3, 2, 7])  # a walk at a common rate runs away here
    at_years = _same_line(call(answer, years, y), years, y)
    walk = (
        "If you run the suspect: at x from 2020 to 2023 its walk runs away, or has not settled. Solve for where it "
        "would settle."
    )
    return said if at_years.right else Feedback(False, f"{at_years.sentence} {walk}")


def _same_line(answer: object, x: NDArray, y: NDArray) -> Feedback:
    def line_through(inputs: NDArray, targets: NDArray) -> NDArray:
        return np.polyfit(inputs, targets, 1)[::-1]

    right, order = line_through(x[1:], y[:-1]), np.argsort(x)
    mean_gap = np.ptp(x) / (len(x) - 1)
    mistakes = {
        "that is the least-squares line, which an honest program finds.": line_through(x, y),
        "you move the targets the other way: each goes with the row after its own.": line_through(x[:-1], y[1:]),
        "the last target goes with no row, and the first input with no target.": line_through(x, np.roll(y, 1)),
        "you move the targets the other way, and around the end.": line_through(x, np.roll(y, -1)),
        "you leave out the first row, and move nothing.": line_through(x[1:], y[1:]),
        "you leave out the last row, and move nothing.": line_through(x[:-1], y[:-1]),
        "it takes the rows as they come. Yours are sorted first.": line_through(x[order][1:], y[order][:-1]),
        "you move every dot equally far. The rows do not lie at equal distances here.": line_through(
            x[:-1] + mean_gap, y[:-1]
        ),
        "the intercept comes first, then the slope.": right[::-1],
        "that is where the second suspect settles.": [0, x @ y / (x @ x)],
        "that is where the third suspect settles.": [y.mean(), 0],
    }
    praise = "Each target goes with the input of the next row: off by one."
    return compare(answer, right, mistakes, praise=praise, digits=3)


def convicts(answer: object) -> Feedback:
    """Whether a claimed gradient is wrong, as a function of (claimed, loss, theta): 22 trials."""
    if not callable(answer):
        return call(answer)
    for claimed, loss, theta, guilty, what in _trials():
        said = as_bool(call(lambda *arrays, loss=loss: answer(arrays[0], loss, arrays[1]), claimed, theta))
        if isinstance(said, Feedback):
            return said
        if guilty and not said:
            room = "What differs by less than your room goes free: make it small, in proportion to the claim."
            return Feedback(
                False, f"Not yet: {what} goes free. Compare every entry, with its sign and its size. {room}"
            )
        if said and not guilty:
            hint = (
                "A difference is never exact: leave it some room, in proportion to its size. Each nudge is from theta, "
                "and the difference is divided by the whole way between its two points."
            )
            return Feedback(False, f"Not yet: {what} is convicted, and it is innocent. {hint}")
    return Feedback(True, "Right. All five innocent ones go free, and all 17 wrong ones do not.")


def _trials() -> Iterator[tuple[NDArray, Callable[[NDArray], float], NDArray, bool, str]]:
    """What is claimed of which loss at which theta, and whether it is wrong."""
    rng = np.random.default_rng(0)
    for rows, columns, scale, where in (
        (20, 3, 1.0, ""),
        (9, 2, 10.0, ", where all numbers are large,"),
        (12, 4, 0.01, ", where all numbers are small,"),
        (15, 5, 0.001, ", where all numbers are tiny,"),
    ):
        design, target = scale * rng.normal(size=(rows, columns)), scale * rng.normal(size=rows)
        theta = rng.normal(size=columns)
        residual = design @ theta - target

        def half_mean(at: NDArray, design: NDArray = design, target: NDArray = target) -> float:
            return float(np.mean((design @ at - target) ** 2) / 2)

        def whole_sum(at: NDArray, design: NDArray = design, target: NDArray = target) -> float:
            return float(np.sum((design @ at - target) ** 2))

        true = design.T @ residual / rows
        last = np.append(np.ones(columns - 1), -1.0)
        yield true, half_mean, theta, False, f"the gradient of half the mean square{where}"
        if columns == 3:
            yield 2 * rows * true, whole_sum, theta, False, "the long gradient of the sum of squares"
            yield -true, half_mean, theta, True, "one that points the other way"
            yield 2 * true, half_mean, theta, True, "one that is twice too long"
            yield true * [0, 1, 1], half_mean, theta, True, "one with 0 in its first entry"  # right along itself
            yield true * [1, -1, 1], half_mean, theta, True, "one with the wrong sign in its middle entry"
            yield true[::-1], half_mean, theta, True, "one with its entries in reverse"  # right in their sum
        yield true * last, half_mean, theta, True, f"one with the wrong sign in its last entry{where}"
        yield 1.05 * true, half_mean, theta, True, f"one that is 5 % too long{where}"
        yield 0.95 * true, half_mean, theta, True, f"one that is 5 % too short{where}"


def repairs(answer: object) -> Feedback:
    """Which two of five changes let the program of D4 print 6.88."""
    given = as_numbers(answer, (2,))
    if isinstance(given, Feedback):
        return given
    wrong = {
        2: "columns everywhere: now the shapes clash in the first iteration.",
        3: "the difference is still 100 × 100, and the parameter becomes a column: it stops in the second iteration.",
        5: "it runs, and prints nan: it adds up all 10,000 differences, and the step is far too long.",
    }
    for number in given:
        if number in wrong:
            return Feedback(False, f"Not {number:.0f}: {wrong[number]}")
    if sorted(given) == [1, 4]:
        praise = "One takes the second axis from the target. The other keeps it everywhere, and transposes."
        return Feedback(True, f"Right. {praise}")
    return Feedback(False, "Not yet: give two different numbers from 1 to 5.")
