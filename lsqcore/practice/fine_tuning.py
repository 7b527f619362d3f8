"""Lesson 15."""

from lsqcore.practice.shared.feedback import Feedback, compare
from lsqcore.practice.shared.prediction import predict

exact_or_early = predict(
    "Which last layer reads unseen digits better?",
    "one that stops early",
    choices={
        "the exact solution": "It has the least loss, but on the fifty. The last iterations fit them, not the digit.",
        "one that stops early": "The last iterations fit the fifty, not the digit. Step through and see.",
        "both the same": "They have the same goal. But on the way the loss on unseen digits is lower than at the goal.",
    },
    hides=["loss", "score"],
)

winner_of_three_ways = predict(
    "Ten examples of each digit. Which way reads most unseen digits after 120 steps?",
    "everything at once",
    choices={
        "the last layer": "Fifty pictures seem too few for more. But features of 0 to 4 are not enough for 5 to 9.",
        "the low-rank part": "Fewer numbers, less to get wrong: it comes close, with a fraction of the numbers.",
        "everything at once": "The low-rank part comes close with a fraction of the numbers.",
    },
    hides=["race"],
)


def numbers_of_rank_five(answer: object) -> Feedback:
    """How many numbers an update of rank 5 moves in a 300 × 200 matrix."""
    mistakes = {
        "that is the whole matrix. The update is a product of two thin ones.": 300 * 200,
        "that is one of the two thin matrices. There are A and B.": 5 * 300,
        "that is one of the two thin matrices, the other one. There are A and B.": 5 * 200,
        "that is rank 1. Take it five times.": 300 + 200,
        "the sides add up, they are not multiplied: A is 300 × 5, B is 5 × 200.": 5 * 300 * 200,
    }
    return compare(answer, 2500, mistakes, praise="5 · (300 + 200), a twenty-fourth of the matrix.")


def columns_of_last_layer(answer: object) -> Feedback:
    """How many columns the design of a last layer over 128 units has, bias included."""
    mistakes = {
        "the column of ones is missing: the bias needs one.": 128,
        "one bias is one column of ones, whatever the number of units.": 2 * 128,
        "one column of ones is enough.": 130,
    }
    return compare(answer, 129, mistakes, praise="128 features and a column of ones.")


def alpha_of_ridge(answer: object) -> Feedback:
    """The alpha of scikit-learn's Ridge that equals a penalty of 0.01 on 50 rows."""
    mistakes = {
        "that is our penalty. Our loss has 1/n before the squares, scikit-learn's has not.": 0.01,
        "the wrong way round: multiply by n = 50.": 0.01 / 50,
        "the halves cancel: alpha is n times the penalty, with no 2.": 1.0,
        "the halves cancel: alpha is n times the penalty, with no ½.": 0.25,
    }
    return compare(answer, 0.5, mistakes, praise="alpha = n · penalty.")
