"""Lesson 04."""

import numpy as np

from lsqcore import polynomial
from lsqcore.practice.shared.feedback import Feedback, as_numbers, call
from lsqcore.practice.shared.prediction import predict

digits_with_a_residual = predict(
    "Degree 10: QR has 9 right digits, Cholesky 1 or 2. Now a residual is added to the target, at right angles to "
    "every column: the best θ stays (1, …, 1). It grows, up to size 100. What becomes of the digits?",
    "QR loses digits, Cholesky keeps its 1 or 2",
    choices={
        "both keep theirs": "The best θ stays, so the residual should not count. But QR rounds as "
        "it computes, and that tilts its columns a little.",
        "both lose digits": "QR does. Cholesky would, had it not lost as many before.",
        "QR loses digits, Cholesky keeps its 1 or 2": "QR rounds as it computes, and that tilts its columns a little: "
        "they see a bit of the residual, and take it for signal. Cholesky has lost as many before, to the rounding of "
        "the Gram matrix.",
    },
)

ten_times_kappa = predict(
    "10,000 columns, 20,000 rows, three digits. At κ = 30, and at its best rate, descent spends about as many "
    "operations as Cholesky. Now the columns are others, with κ = 300. What do the two spend?",
    "descent a hundred times as many, Cholesky no more",
    choices={
        "descent ten times as many, Cholesky no more": "Its steps go with the condition number of H, as lesson 02 has "
        "it. But that is κ², a hundred times as large.",
        "descent a hundred times as many, Cholesky no more": "Descent's steps go with the condition number of H, and "
        "that is κ². Cholesky counts rows and columns: κ costs it digits, not operations.",
        "both more than before": "Descent does. But Cholesky multiplies and adds as often for any numbers in as many "
        "rows and columns.",
    },
)


def gram_schmidt(answer: object) -> Feedback:
    """Q and R of a design, tried on two that it has not seen; then the right angles at degree 8 are measured."""
    draw = np.random.default_rng(4)
    for design in (draw.normal(size=(12, 4)), 50 + 100 * draw.normal(size=(7, 3))):
        found = _q_and_r(call(answer, design), *design.shape)
        if isinstance(found, Feedback):
            return found
        q, r = found
        tilt = np.abs(q.T @ q - np.eye(len(r)))
        if np.diag(tilt).max() > 1e-9:
            return Feedback(False, "Not yet: the columns of Q do not have length 1. Divide each by its length.")
        if tilt.max() > 1e-9:
            first, second = sorted(np.argwhere(tilt > 1e-9)[0] + 1)
            hint = "Take off each column its shares along all columns of Q before it, not along the last one alone."
            return Feedback(False, f"Not yet: columns {first} and {second} of Q are not at right angles. {hint}")
        if np.abs(np.tril(r, -1)).max() > 1e-9 * np.abs(r).max():
            hint = "Column k of Φ has no share along a later q."
            return Feedback(False, f"Not yet: R has numbers below its diagonal. {hint}")
        if np.abs(q @ r - design).max() > 1e-9 * np.abs(design).max():
            hint = "Column k of R holds the shares of column k of Φ along each q."
            return Feedback(False, f"Not yet: QR is not Φ. {hint}")
    found = _q_and_r(call(answer, polynomial(np.arange(17) / 16, 8)), 17, 9)
    if isinstance(found, Feedback):
        return found
    tilt = np.abs(found[0].T @ found[0] - np.eye(9)).max()
    lost = "to the last digit: nothing is lost."
    if tilt > 1e-13:
        lost = "to about κ·10⁻¹⁶, as where each share is taken from what is left of the column (the modified way)."
    if tilt > 1e-8:
        lost = "to about κ²·10⁻¹⁶ only, as where each share is taken from the column as it came (the classical way)."
    return Feedback(True, f"Right. At degree 8, where κ is 6·10⁵, your right angles hold {lost}")


def even_kappa(answer: object) -> Feedback:
    """κ at which descent spends as many operations as Cholesky, for three sizes that the function has not seen."""
    for rows, columns, digits in ((3e3, 2e3, 2), (4e4, 2e4, 3), (1e6, 1e5, 6)):
        found = as_numbers(call(answer, np.array(rows), np.array(columns), np.array(float(digits))), ())
        if isinstance(found, Feedback):
            return found
        kappa = float(found)
        many, wanted = columns + columns**2 / (3 * rows), np.log(10**digits)
        even = np.sqrt(many / (2 * wanted))
        if abs(kappa / even - 1) < 0.02:
            continue
        mistakes = {
            even**2: "this is κ², the condition number of H. Take its root.",
            even * np.sqrt(np.log(10)): "ln is `np.log`; `np.log10` belongs to powers of 10.",
            np.sqrt(columns / (2 * wanted)): "p³/3 of Cholesky's operations is left out. Here it counts.",
            many
            / (2 * np.log(2 * 10**digits)): "conjugate gradient is even with Cholesky there. Asked is plain descent.",
        }
        for mistake, hint in mistakes.items():
            if abs(kappa / mistake - 1) < 0.02:
                return Feedback(False, f"Almost: {hint}")
        if kappa < 1:
            return Feedback(False, f"Not yet: {kappa:.3g} came, but no κ is below 1.")
        size = f"{rows:,.0f} rows, {columns:,.0f} columns and {digits} digits"
        spends = f"descent spends {(kappa / even) ** 2:.2g} times as many operations as Cholesky"
        return Feedback(False, f"Not yet: for {size} {kappa:.4g} came. With this κ {spends}.")
    praise = "With a hundred times as many columns and rows it is ten times as large: it grows as √p only."
    return Feedback(True, f"Right. Below it descent spends less, above it Cholesky; and the rule names no κ. {praise}")


def rounder_columns(answer: object) -> Feedback:
    """A function from a design to one with the same fits and a small κ, tried on two tables it has not seen."""
    draw, years = np.random.default_rng(0), np.arange(16.0)
    grown = [1947 + years, 83 + 2 * years + draw.normal(size=16), 2e5 + 2e4 * years + 1e4 * draw.normal(size=16)]
    weather = [300 + draw.normal(size=30), 1e-3 * (5 + draw.normal(size=30))]  # kelvin, metres
    for inputs in (np.column_stack(grown), np.column_stack(weather)):
        design = np.column_stack([np.ones(len(inputs)), inputs])
        rounder = as_numbers(call(answer, design), design.shape)
        if isinstance(rounder, Feedback):
            return rounder
        size = np.abs(rounder).max(axis=0)
        scaled = rounder / np.where(size > 0, size, 1)
        if _missed(scaled, design) > 1e-6:
            hint = "Make each of yours from sums and multiples of the old ones, and lose none."
            if _missed(np.column_stack([np.ones(len(scaled)), scaled]), design) < 1e-6:
                hint = "Keep a column of ones: it gives back what centring takes from the others."
            return Feedback(False, f"Not yet: from your columns not all of the old ones can be made. {hint}")
        before, after = np.linalg.cond(design), np.linalg.cond(rounder)
        if after > 280:  # both designs are milder than Longley: there this way would leave about 1,000
            centred = np.abs(rounder[:, 1:].mean(axis=0)) < 1e-6 * rounder[:, 1:].std(axis=0)
            lengths = np.linalg.norm(rounder, axis=0)
            unlike = f"one column is {lengths.max() / lengths.min():,.0f} times as long as another"
            hint = f"They are centred, but {unlike}: scale them, too." if centred.all() else "Centre each, then scale."
            return Feedback(False, f"Not yet: κ was {before:,.0f}, and is {after:,.0f} with your columns. {hint}")
    return Feedback(True, "Right. The same fits can be made, and κ is small. Now try it on Longley.")


def _q_and_r(found: object, n: int, p: int) -> tuple[np.ndarray, np.ndarray] | Feedback:
    """The two arrays that a reader's function gave, or what else came."""
    if isinstance(found, Feedback):  # of `call`
        return found
    if not isinstance(found, tuple | list) or len(found) != 2:
        return Feedback(False, f"Expected two arrays, Q of shape ({n}, {p}) and R of shape ({p}, {p}): `return q, r`.")
    swapped = as_numbers(found[0], (p, p)), as_numbers(found[1], (n, p))
    if not any(isinstance(each, Feedback) for each in swapped):
        return Feedback(False, "Almost: Q comes first, then R: `return q, r`.")
    if any(getattr(each, "dtype", None) == np.float32 for each in found):
        return Feedback(False, "Almost: float32 keeps 7 digits, too few to measure right angles. Let it be float64.")
    q, r = as_numbers(found[0], (n, p)), as_numbers(found[1], (p, p))
    return q if isinstance(q, Feedback) else r if isinstance(r, Feedback) else (q, r)


def _missed(columns: np.ndarray, design: np.ndarray) -> float:
    """The largest relative error with which the columns make those of the design."""
    return np.abs(columns @ np.linalg.lstsq(columns, design)[0] / design - 1).max()
