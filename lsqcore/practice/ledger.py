"""Lesson 16."""

from lsqcore import LeastSquares, line
from lsqcore.practice.shared.feedback import Feedback, compare
from lsqcore.practice.shared.prediction import predict

holds_as_written = predict(
    "Of 160 statements, how many hold as they are written?",
    48,
    unit="statements",
    because="Another 54 hold under a condition that the document does not give.",
    hides=["table"],
)


def false_in_d1(answer: object) -> Feedback:
    """How many statements of D1 are false."""
    mistakes = {
        "those are all rows of D1. Count the verdict 'false' only.": 30,
        "those are its statements. Count the verdict 'false' only.": 29,
        "that counts all documents. Take D1 only.": 37,
        "that counts all documents, and our own rows with them.": 51,
    }
    return compare(answer, 11, mistakes, praise="Most of them come from one slip that feeds the next.")


def limit_with_factor_two(answer: object) -> Feedback:
    """The learning-rate limit of the five points when the printed gradient is twice the true one."""
    limit = LeastSquares(line([1, 2, 3, 4, 5]), [3, 5, 7, 9, 11]).learning_rate_limit
    mistakes = {
        "that is the limit of the true gradient. Twice the gradient is twice the step.": limit,
        "the wrong way round: a longer gradient needs a smaller rate.": 2 * limit,
        "the factor is 2, not n = 5.": limit / 5,
        "the factor is 2 alone: both forms have the 1/n.": limit / 10,
    }
    praise = "The same program, half the rate: so name the loss you use."
    return compare(answer, limit / 2, mistakes, praise=praise, digits=3)


def growth_of_excess(answer: object) -> Feedback:
    """The growth of the loss above its minimum in 100 epochs, when the error grows by 1.0132154 in each."""
    factor = 1.0132154
    mistakes = {
        "that is the growth of the error of the weight. The loss goes with its square.": factor**100,
        "that is one epoch. There are a hundred.": factor**2,
        "factors multiply, they do not add up.": 1 + 200 * (factor - 1),
        "that is the factor times the number of epochs. Factors multiply.": 200 * factor,
    }
    return compare(answer, factor**200, mistakes, praise="Squared, a hundred times over: 13.8 times.", digits=3)
