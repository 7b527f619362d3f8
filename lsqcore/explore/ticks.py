"""Numbers as readers write them, and the places along an axis that carry one."""

import math

import numpy as np
from matplotlib.ticker import MaxNLocator

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(value: float) -> str:
    """A power of ten as it stands at a logarithmic axis: 10⁻⁶."""
    return f"10{str(round(math.log10(value))).translate(_SUPERSCRIPT)}"


def written(value: float, digits: int = 3) -> str:
    """A number to so many significant digits: −2, 0.15, 100,000, 4·10⁻⁶."""
    value = float(f"{value:.{digits - 1}e}")
    if value == 0 or not math.isfinite(value):
        return f"{abs(value):g}"
    exponent = math.floor(math.log10(abs(value)))
    if -4 <= exponent < 7:
        text = f"{abs(value):,.{max(0, digits - 1 - exponent)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa = f"{abs(value) / 10.0**exponent:.{digits - 1}f}".rstrip("0").rstrip(".")
        text = power(10.0**exponent) if mantissa == "1" else f"{mantissa}·{power(10.0**exponent)}"
    return "−" + text if value < 0 else text


def ticks(limits: tuple[float, float], log: bool, most: int = 6) -> list[float]:
    """Round numbers between the limits, at most so many; powers of ten where the axis is logarithmic."""
    low, high = limits
    if not log:
        places = MaxNLocator(most - 1, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    else:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        every = max(1, math.ceil((last - first + 1) / most))
        places = 10.0 ** np.arange(first, last + 1, every)
        if len(places) < 2:
            places = np.outer(10.0 ** np.arange(first - 1, last + 1), [1, 2, 5]).ravel()
    room = 1e-9 * (high - low)
    return [
        round(float(place), 12) if not log else float(place) for place in places if low - room <= place <= high + room
    ]
