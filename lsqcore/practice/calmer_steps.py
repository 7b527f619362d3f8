"""Lesson 11."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from lsqcore.practice.shared.feedback import Feedback, as_numbers, call, compare
from lsqcore.practice.shared.prediction import predict

half_the_rate = predict(
    "Rate 0.05 in place of 0.1. In the end, what becomes of the mean of the squared distances to the best line?",
    "it about halves",
    choices={
        "it stays the same": "The kicks come from the dots, and these stay. But each kick is times the rate.",
        "it about halves": (
            "The square of a kick is a quarter. But each step back undoes half as much of the kicks before it."
        ),
        "it falls to about a quarter": (
            "So does the square of one kick. But each step back undoes half as much of the kicks before it."
        ),
        "it falls to 0": "Each single step still moves the line towards one dot, and no line meets all dots.",
    },
)
a_tenth_over_k = predict(
    "The rate 0.1/k falls, and the sum of 0.1/1 + 0.1/2 + 0.1/3 + … grows without end. The start is 159 away. How far "
    "away are the runs after 4,420 samples?",
    "about 65",
    choices={
        "about 0.5": "Rates so small let little noise in. But the way to the star must be walked, too.",
        "about 5": "So far away are runs that start at the star. But these have the way to it to walk, too.",
        "about 65": "The rates are soon so small that the rest of the way takes longer than anybody waits.",
    },
)
batches_of_ten = predict(
    "Batches of ten, at the same rate 0.05, and both from the flat line at 0. Are they nearer to the best line than "
    "one at a time, after the same number of samples read?",
    "first farther, then nearer",
    choices={
        "always nearer": "A step by a mean of ten is calmer. But ten samples make only one step, and the way is long.",
        "first farther, then nearer": "A tenth as many steps: later at the star. And there each kick is a mean of ten.",
        "first nearer, then farther": "The other way round: few steps are late, and calm once they are there.",
        "always the same": "At the same rate one step, by a mean of ten, takes the place of ten steps.",
    },
)
stop_or_solve = predict(
    "A: walk on 100 images, and stop where the other 100 fit best. B: solve for all 200, exactly. Which is off by less "
    "(root mean square) at the images that nobody has seen?",
    "A, in most splits",
    choices={
        "A, in most splits": "Half of the images, and better: with 65 parameters the exact solution follows accidents.",
        "B, in most splits": "It has learnt from twice as many images. But it has learnt their accidents, too.",
        "each in about half": "So it is if you count right or wrong only. In the error that both make small, A leads.",
    },
    hides=["all"],
)


def stop_early(answer: object) -> Feedback:
    """The pass to keep, as a function of the errors held back and of a patience: eleven trials."""
    passes = np.arange(1, 127)  # new lowest errors at passes 9, 18, … 108, eight without one in between; and at 126
    falls_slowly = 2e6 + np.where((passes % 9 == 0) & (passes != 117), -passes, passes)
    trials = [
        ([0.9, 0.7, 0.6, 0.65, 0.62, 0.61, 0.55, 0.8], 3),
        ([50, 40, 41, 39, 45, 44, 30, 31], 2),
        ([5e-9, 4e-9, 4.5e-9, 3e-9, 2e-9, 1e-9], 2),
        ([3000, 2000, 2000, 1500, 1600, 1400, 1500, 1450, 1300, 1400, 1350, 1600, 1310, 1000], 4),
        ([0.10, 0.08, 0.09, 0.095, 0.07, 0.075, 0.076, 0.077, 0.05], 2),
        ([5, 4, 4, 4, 3], 2),
        ([5, 3, 4, 3.5], 3),
        ([50, 60, 30, 55, 2, 55, 1], 2),
        ([2, 3, 4, 1], 2),
        ([7, 6, 8, 5], 1),
        (falls_slowly, 9),
    ]
    came, found = [], defaultdict(list)
    for errors, patience in trials:
        number = as_numbers(call(answer, np.array(errors, dtype=float), patience), ())
        if isinstance(number, Feedback):
            return number
        came.append(number)
        keep, end = _stop(errors, patience)
        found["right"].append(keep)
        found["ahead"].append(int(np.argmin(errors)) + 1)
        found["zero"].append(keep - 1)
        found["end"].append(end)
        stopped = end < len(errors) or keep + patience == end
        found["early end"].append(end if stopped else keep)
        found["rise"].append(_stop(errors, 1)[0])
        found["in all"].append(_stop(errors, patience, in_a_row=False)[0])
        found["later"].append(_stop(errors, patience + 1)[0])
        found["last"].append(keep if stopped else len(errors))
        found["tie"].append(_stop(errors, patience, ties=True)[0])
        found["first"].append(_stop(errors, patience, waited=1)[0])
        found["ago"].append(_stop_by_one_pass(errors, patience, since=patience))
        found["one pass"].append(_stop_by_one_pass(errors, patience, since=len(errors)))
        falls = np.diff(errors, prepend=np.inf) < 0
        end = _stop(np.where(falls, -1, 1) * np.arange(len(errors)), patience)[1]  # a fall is a new lowest one there
        found["previous"].append(int(np.argmin(errors[:end])) + 1)
    mistakes = {
        "it takes the lowest of all errors. A walk that ends does not see those after its end.": found["ahead"],
        "the first pass is 1: it is one too few.": found["zero"],
        "that is the pass at which it ends. Return the pass with the lowest error until then.": found["end"],
        "where it ends early, return the pass with the lowest error until then, not its end.": found["early end"],
        "compare with the lowest error so far, not with that of the pass before.": found["previous"],
        "it ends at the first pass without a new lowest error. Wait for `patience` of them in a row.": found["rise"],
        "it counts all passes without a new lowest error. A new lowest one starts the count anew.": found["in all"],
        "it waits for one pass more than `patience`.": found["later"],
        "where no such row comes, too, return the pass with the lowest error.": found["last"],
        "a tie is not a new lowest error: it counts as a pass without one.": found["tie"],
        "the first pass is a new lowest one: count after it.": found["first"],
        "compare with the lowest error so far, not with `patience` passes ago.": found["ago"],
        "all passes of the row must bring no new lowest error, not only the last of them.": found["one pass"],
    }
    praise = "Eleven walks that it had not seen: each ended in time, and gave back the best pass read."
    return compare(came, found["right"], mistakes, praise=praise)


def _stop(
    errors: Sequence[float], patience: int, in_a_row: bool = True, ties: bool = False, waited: int = 0
) -> tuple[int, int]:
    """(the pass with the lowest error, the pass at which the walk ends), both counted from 1."""
    best = 0
    for number, error in enumerate(errors):
        if number and (error < errors[best] or (ties and error == errors[best])):
            best, waited = number, waited * (not in_a_row)
        elif number:
            waited += 1
        if waited == patience:
            return best + 1, number + 1
    return best + 1, len(errors)


def _stop_by_one_pass(errors: Sequence[float], patience: int, since: int) -> int:
    """The lowest pass, if only the last pass of a row is compared: with those from `since` to `patience` before it."""
    ends = (
        k + 1 for k in range(patience, len(errors)) if errors[k] >= min(errors[max(k - since, 0) : k - patience + 1])
    )
    return int(np.argmin(errors[: next(ends, len(errors))])) + 1


def decaying(answer: object) -> Feedback:
    """A rate that falls to 0 and keeps more than half of the start: 128 steps of it, and two far ones."""
    found = []
    for k in range(1, 129):
        rate = as_numbers(call(answer, k), ())
        if isinstance(rate, Feedback):
            return rate
        found.append(rate)
    rates = np.array(found)
    if (rates < 0).any():
        return Feedback(False, f"Step {np.argmax(rates < 0) + 1} has a rate below 0: it would walk away.")
    if rates[0] < 0.1:
        return Feedback(False, f"The tip says first large: decaying(1) is to be at least 0.1, and is {rates[0]:.3g}.")
    if rates[0] >= 1:
        return Feedback(False, f"decaying(1) is to be below 1, and is {rates[0]:.3g}.")
    if (rises := np.diff(rates) > 0).any():
        return Feedback(False, f"The tip says then small: but at step {np.argmax(rises) + 2} the rate rises.")
    left, before, last = np.prod(1 - rates), rates[32:64].sum(), rates[64:].sum()
    shown = f"after 128 steps {100 * left:.3g} % of the distance remain on average"
    if left <= 0.5:
        return Feedback(False, f"Not yet: {shown}. The rates must add up to less.")
    ratio = last / before if last else 0.0
    if ratio > 0.8:  # 1/k has 1, 1/(k log k) 0.85, 1/(k log² k) 0.71
        hint = f"the rates of steps 65 to 128 add up to {ratio:.3g} of those of steps 33 to 64, asked is at most 0.8"
        return Feedback(False, f"Almost: {shown}. But {hint}.")
    for k, part in ((1000, 1), (10**6, 1e-4)):
        rate = as_numbers(call(answer, k), ())
        if isinstance(rate, Feedback):  # a factorial overflows there, a recursion is too deep: no mistake
            break
        if not 0 <= rate <= part * rates[-1]:
            hint = f"they are {rates[-1]:.3g} at step 128 and {rate:.3g} at step {k:,}"
            return Feedback(False, f"The rates are to go to 0: {hint}. Asked there is 0 to {part * rates[-1]:.3g}.")
    end = left * np.exp(-last * ratio / (1 - ratio))  # each stretch twice as long adds `ratio` of the one before
    goes_on = f"if the rates go on so, about {100 * end:.3g} % remain in the end"
    if end <= 0.5:
        return Feedback(False, f"Almost: {shown}. But {goes_on}.")
    return Feedback(True, f"Right. So {shown}, and {goes_on}.")


def shares(answer: object) -> Feedback:
    """The share of the start and of each draw in the height, as a function of the rates: three trials."""
    trials = [[0.5, 0.25, 0.1], 1 / np.arange(1, 6), np.random.default_rng(11).uniform(0.05, 0.6, 8)]
    came, found = [], {name: [] for name in ("right", "reversed", "before", "rates", "last start")}
    for rates in map(np.array, trials):
        numbers = as_numbers(call(answer, rates), (len(rates) + 1,))
        if isinstance(numbers, Feedback):
            return numbers
        came.extend(numbers)
        kept = np.append(1, np.cumprod(1 - rates))  # after each number of steps
        later = np.append(np.cumprod((1 - rates)[::-1])[::-1], 1)  # what the steps after a draw leave of it
        right = np.append(1, rates) * later
        found["right"].extend(right)
        found["reversed"].extend(right[::-1])
        found["last start"].extend(np.roll(right, -1))
        found["before"].extend([kept[-1], *rates * kept[:-1]])
        found["rates"].extend([kept[-1], *rates])
    mistakes = {
        "the order is reversed. The start comes first, then the patients from first to last.": found["reversed"],
        "the start comes first.": found["last start"],
        "a share shrinks by the steps that come after its patient, not by those before.": found["before"],
        "a patient gets the share α at its step. Each later step multiplies it by 1 − α.": found["rates"],
    }
    praise = "The shares always add up to 1: what a new patient gets, all earlier ones and the start give up."
    return compare(came, found["right"], mistakes, praise=praise)
