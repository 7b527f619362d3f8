"""Lesson 02."""

import numpy as np

from lsqcore import LeastSquares, iterate_at, line
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

slower_near_the_limit = predict(
    "Start one unit from the star, once along the valley and once across it. At rate 0.168, just below the limit "
    "0.169: which error needs more steps to fall to a millionth?",
    "the one across",
    choices={
        "the one along": "At small rates it does. Near the limit each step across lands almost as far on the other "
        "side: 1 − 0.168 · 11.83 is −0.988, and along the valley 1 − 0.168 · 0.169 is 0.972.",
        "the one across": "It jumps over the valley and lands almost as far on the other side: 98.8 % are left, and "
        "97.2 % along the valley. Steep is the quicker one only below 1/6. Set the rate to 0.168, and see.",
        "both the same": "There is such a rate, where a step leaves the same share of both: 1/6, a little smaller.",
    },
)
limit_with_noise = predict(
    "The y are measured again at the same five x, now with noise. What happens to the learning-rate limit?",
    "it stays as it was",
    choices={
        "it falls": "Noisy dots seem to ask for more care. The lowest loss is higher now, but no curve is sharper.",
        "it stays as it was": "It is 2/λ_max of H = ΦᵀΦ/n, and y is not in H. Move a dot up, with the key ↑: the line "
        "changes, and its lowest loss, but not the limit.",
        "it rises": "A rougher target does not flatten the landscape: it moves the minimum, and lifts it.",
    },
)

_THREE = np.eye(3) - 2 / 9 * np.outer([1, 2, 2], [1, 2, 2])  # a mirror: its columns are directions at right angles
_FOUR = np.eye(4) - 2 / 10 * np.outer([1, 2, 2, 1], [1, 2, 2, 1])
#: A Hessian, its eigenvalues, its name, and what may be wrong with a function that is right on the first.
_HESSIANS = [
    (_THREE @ np.diag([3, 0.47, 8]) @ _THREE, [3, 0.47, 8], "", ""),
    (
        np.array([[1, -0.9], [-0.9, 1]]),
        [0.1, 1.9],
        "with rows (1, −0.9) and (−0.9, 1)",
        "An arrow of ones is an eigenvector of this one: begin at random. Take size and shift from the Hessian. "
        "Or take more multiplications.",
    ),
    (
        # exact for a start of ones, with the shifts 5, 6 (its norm) and 10 (its trace): no rounding turns the arrow
        np.array([[5, 3, 1, 1], [3, 5, 1, 1], [1, 1, 5, 3], [1, 1, 3, 5]]) / 2,
        [1, 1, 3, 5],
        "of four rows, each with the sum 5",
        "An arrow of ones is an eigenvector of this one: begin at random, or take more multiplications.",
    ),
    *[
        (
            np.diag(eigenvalues),
            eigenvalues,
            f"with {', '.join(f'{value:g}' for value in eigenvalues)} on its diagonal and 0 elsewhere",
            "An arrow along an axis is an eigenvector of this one: begin at random, or take more multiplications.",
        )
        for eigenvalues in ([2, 0.5, 1], [0.5, 2, 1])  # no axis belongs to the smallest of both
    ],
    (
        _FOUR @ np.diag([3e6, 2e4, 5e6, 2e6]) @ _FOUR,
        [3e6, 2e4, 5e6, 2e6],
        "of four rows, with λ_max = 5,000,000",
        "Take the shift from the Hessian, λ_max or somewhat more, or take more multiplications.",
    ),
]


def smallest_eigenvalue(answer: object) -> Feedback:
    """λ_min by the reader's own function, on Hessians of two to four rows that it has not seen."""
    for hessian, eigenvalues, name, hint in _HESSIANS:
        smallest, *between, largest = sorted(eigenvalues)
        mistakes = {
            "that is λ_max. Power iteration on H itself ends there.": largest,
            "that is how much λ_max·I − H stretches at most: λ_max − λ_min. Take it from λ_max.": largest - smallest,
            "the other way round: λ_max comes first, and what λ_max·I − H stretches is taken from it.": -smallest,
            "that is 1/λ_min.": 1 / smallest,
            **{f"that is the eigenvalue {value:.6g}, and a smaller one is there.": value for value in between},
        }
        given = as_numbers(call(answer, hessian), ())
        praise = "It is λ_min, of six Hessians that it had not seen. Now a gradient can promise a distance."
        feedback = compare(given, smallest, mistakes, praise=praise, digits=2)
        if feedback.right:
            continue
        if name:
            before = f"Right on a first Hessian, but not on one {name}."
            return Feedback(False, f"{before} {feedback.sentence} {hint}")
        if not isinstance(given, Feedback) and smallest < given < 1:  # no mistake has its answer there
            said = f"{given:.3g} lies between λ_min and the next eigenvalue"
            return Feedback(False, f"Almost: {said}. Take more multiplications, or a shift nearer to λ_max.")
        return feedback
    return feedback


def centred_and_long(answer: object) -> Feedback:
    """Five inputs of mean 0 on which descent at its best rate needs more than 100,000 steps, for y = 2x + 1."""
    x = as_numbers(answer, (5,))
    if isinstance(x, Feedback):
        return x
    size = np.abs(x).max()
    if size and not 1e-70 < size < 1e59:
        return Feedback(
            False, f"Inputs of size {size:.0e} are too extreme for this check to compute with: choose milder ones."
        )
    if abs(x.mean()) > 1e-12 * size:
        return Feedback(False, f"Their mean is {x.mean():.3g}. Take it from each of them, so that it is 0.")
    problem = LeastSquares(line(x), 2 * x + 1)
    if problem.rank < 2:
        return Feedback(False, "All inputs are equal, or as good as equal: many lines fit. Let at least one differ.")
    reached = iterate_at(problem, 100_000, learning_rate=problem.best_learning_rate)
    distance, price = np.linalg.norm(reached - [1, 2]), problem.condition_number**2
    if distance < 1e-6:
        hint = "With mean 0 the eigenvalues are 1 and the variance of x: make them very different."
        return Feedback(False, f"Too easy: κ(H) is {price:.3g}, and 100,000 steps are enough. {hint}")
    return Feedback(
        True, f"Right. κ(H) is {price:.3g}, and 100,000 steps end {distance:.2g} away. Scaling would cure it."
    )


def no_gradient(answer: object) -> Feedback:
    """The two printed numbers that make a matrix which is not symmetric, in any order."""
    given = as_numbers(answer, (2,))
    mistakes: dict[str, list[float]] = {
        "4 and 142.4 lie on the diagonal: they are means of squares, not below 0, and nothing mirrors them.": [
            4,
            142.4,
        ],
        "1 and 4 are constants: they come from y, which is free, and H does not hold them.": [1, 4],
        "−7 and −31.4 are constants: they come from y, which is free, and H does not hold them.": [-31.4, -7],
        "the first row may be right. Look at one number of each row.": [4, 14],
        "the second row may be right. Look at one number of each row.": [35.6, 142.4],
        "both belong to θ₀: 4 is a mean of squares. Look for a number of θ₀ and one of θ₁.": [4, 35.6],
        "both belong to θ₁: 142.4 is a mean of squares. Look for a number of θ₀ and one of θ₁.": [14, 142.4],
    }
    praise = "14 against 35.6: the matrix of a least-squares gradient is H, and H is symmetric."
    return compare(given if isinstance(given, Feedback) else np.sort(given), [14, 35.6], mistakes, praise=praise)
