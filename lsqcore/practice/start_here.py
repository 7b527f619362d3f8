"""Lesson 00."""

from lsqcore.practice.shared.feedback import Feedback, compare


def residual(answer: object) -> Feedback:
    """The residual of the line 1 + 2x at the dot (3, 6.5)."""
    mistakes = {
        "that is target minus prediction. Here a residual is prediction minus target.": -0.5,
        "that is the prediction. Subtract the target 6.5 from it.": 7.0,
        "that is the square. The residual itself keeps its sign and its size.": 0.25,
    }
    return compare(answer, 0.5, mistakes, praise="The line says 7, the dot says 6.5: half a unit too high.")
