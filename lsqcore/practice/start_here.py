"""Lesson 00."""

import numpy as np

from lsqcore import LeastSquares, line, solve
from lsqcore.practice.shared.feedback import Feedback, as_numbers


def flat_line(answer: object) -> Feedback:
    """Five heights over x = 1 … 5, not all equal, whose best line is flat."""
    heights = as_numbers(answer, (5,))
    if isinstance(heights, Feedback):
        return heights
    if heights.min() < -4 or heights.max() > 16:
        return Feedback(False, "Not yet: one of the dots lies outside the picture, which shows heights from −4 to 16.")
    spread = np.ptp(heights)
    if spread < 0.05:  # the figure shows a tenth
        return Feedback(False, "Almost: the line is flat, but so are the dots. Let at least one have another height.")
    slope = solve(LeastSquares(line([1, 2, 3, 4, 5]), heights)).theta[1]
    if 0.005 <= abs(slope) < 0.05:
        said = f"{slope:.2g}".replace("-", "−")
        hint = "With the arrow keys, a tenth at the second or the fourth dot changes it by 0.01."
        return Feedback(False, f"Almost: the slope is still {said}. {hint}")
    if abs(slope) < 0.005:  # the figure shows hundredths
        height = f"{heights.mean():.3g}".replace("-", "−")
        return Feedback(True, f"Right. The best line is flat, at height {height}: the dots pull it evenly.")
    way, side = ("rises", "right") if slope > 0 else ("falls", "left")
    return Feedback(
        False, f"Not yet: the best line {way} by {abs(slope):.3g} from dot to dot. Lower the dots at the {side}."
    )
