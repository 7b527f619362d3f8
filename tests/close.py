"""How near is near enough: one comparison for all tests, whose margins can be measured.

`pytest tests --seeds 200 --margin 10` repeats every test that draws a `seed` with 200 of them, and asks for a tenth of
each tolerance: a test that passes by the luck of its seed, or of its processor, fails there.
"""

import numpy as np
from numpy.typing import ArrayLike

margin = 1.0  # set by `--margin`, see conftest.py


def assert_close(found: ArrayLike, expected: ArrayLike, *, rtol: float = 0.0, atol: float = 0.0) -> None:
    """|found − expected| ≤ atol + rtol·|expected| in every entry, with the margin that was asked for."""
    found, expected = np.broadcast_arrays(np.asarray(found, dtype=float), np.asarray(expected, dtype=float))
    error, allowed = np.abs(found - expected), atol + rtol * np.abs(expected)
    share = np.where(error > 0, error / np.where(allowed > 0, allowed, np.finfo(float).tiny), 0.0)
    worst = float(share.max(initial=0.0))  # NaN where either is
    assert worst * margin <= 1, (
        f"{worst:.2g} of what is allowed, expected at most {1 / margin:.2g}: {found} ≠ {expected}"
    )
