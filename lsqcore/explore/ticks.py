"""Numbers as readers write them, and the places along an axis that carry one."""

import math
from numbers import Real

import numpy as np
from matplotlib.ticker import MaxNLocator

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(value: float) -> str:
    """A power of ten as it stands at a logarithmic axis: 10⁻⁶."""
    return _power(round(math.log10(value)))


def _power(exponent: int) -> str:
    return f"10{str(exponent).translate(_SUPERSCRIPT)}"


def written(value: float, digits: int = 3) -> str:
    """A number to so many significant digits: −2, 0.15, 100,000, 4·10⁻⁶."""
    mantissa, _, exponent = f"{abs(value):.{digits - 1}e}".partition("e")
    if not exponent or float(mantissa) == 0:
        text = f"{abs(value):g}"  # 0, inf, nan
    elif -4 <= int(exponent) < 7:
        text = f"{float(f'{mantissa}e{exponent}'):,.{max(0, digits - 1 - int(exponent))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = _power(int(exponent)) if mantissa == "1" else f"{mantissa}·{_power(int(exponent))}"
    return "−" + text if value < 0 else text


def is_span(limits: object) -> bool:
    """Whether these are two finite numbers, the lower one first."""
    match limits:
        case (Real() as low, Real() as high):
            return -math.inf < low < high < math.inf
    return False


def ticks(limits: tuple[float, float], log: bool, most: int = 6) -> list[float]:
    """Round numbers between the limits, at most so many; powers of ten where a logarithmic axis has two of them."""
    low, high = limits
    even = MaxNLocator(most - 1, steps=[1, 2, 5, 10]).tick_values(low, high)
    digits = 12 - math.floor(math.log10(high - low))
    choices = [[round(float(place), digits) for place in even]]
    if log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        powers = 10.0 ** np.arange(first, last + 1, max(1, math.ceil((last - first + 1) / most)))
        between = np.outer(10.0 ** np.arange(first - 1, last + 1), [1, 2, 5]).ravel()
        choices = [powers.tolist(), between.tolist(), *choices]
    room = 1e-9 * (high - low)
    inside = [[place for place in places if low - room <= place <= high + room] for places in choices]
    return next((places for places in inside if len(places) > 1), inside[-1])
