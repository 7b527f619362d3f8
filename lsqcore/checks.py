"""What came, what was expected: everything that a public function refuses, it refuses through here."""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

LARGEST = 1e60  # in design and target: products of four such sizes, as in conjugate gradients, stay in float64
_NUMBERS_OF_TIMES = "Make numbers of times: (t - t[0]) / one day"


def real_array(
    name: str, value: ArrayLike, *, copy: bool = False, least: float = 0.0, most: float = math.inf
) -> np.ndarray:
    """`value` as a read-only float64 array of finite numbers, the largest of them from `least` to `most` in size, or 0.

    Without `copy` a float64 array is used as it is when BLAS can read it. One sum of squares tells nearly always that
    all is well; only when it does not, every entry is looked at.
    """
    array = _number_array(name, value).astype(np.float64, copy=copy)
    if not _blas_ready(array):
        array = np.ascontiguousarray(array)
    table = array if array.ndim == 2 else array.reshape(1, -1)
    with np.errstate(all="ignore"):
        size = math.sqrt(np.einsum("ij,ij->", table, table))
    if not (least <= size <= most and size < math.inf):
        for row, entries in enumerate(np.atleast_1d(array)):
            if not np.isfinite(entries).all():
                raise ValueError(f"{name} has {entries[~np.isfinite(entries)].ravel()[0]} in row {row}")
        largest = np.abs(array).max(initial=0)
        if largest > most or 0 < largest < least:
            raise ValueError(f"{name} reaches {largest:.3g}, expected a size from {least:g} to {most:g}: rescale")
    return read_only(array)


def problem_data(
    design: ArrayLike, target: ArrayLike, weights: ArrayLike | None, *, whole: bool
) -> dict[str, np.ndarray | None]:
    """Design, target and weights that fit together; of a `whole` problem there are rows, and one that weighs.

    Here alone it is decided what is too large for float64, and of a whole problem what is too small.
    """
    least = 1 / LARGEST if whole else 0.0
    rows = real_array("design", design, least=least, most=LARGEST)
    if rows.ndim != 2 or rows.shape[1] == 0 or (whole and len(rows) == 0):
        hint = ": line(x) makes columns of one input" if rows.ndim == 1 else ""
        raise ValueError(f"design is {rows.shape}, expected (n, p) with at least one row and one column{hint}")
    values = real_array("target", target, copy=True, least=least, most=LARGEST)
    if values.shape != rows.shape[:1]:
        raise ValueError(f"design is {rows.shape} but target is {values.shape}, expected {rows.shape[:1]}")
    heavy = None
    if weights is not None:
        heavy = real_array("weights", weights, copy=True, least=least**2, most=LARGEST**2)
        if heavy.shape != values.shape:
            raise ValueError(f"target is {values.shape} but weights is {heavy.shape}: one weight per row")
        if heavy.min(initial=0) < 0:
            raise ValueError(f"weights has {heavy.min()} in row {heavy.argmin()}, expected ≥ 0")
        if whole and not heavy.any():
            raise ValueError("weights are all 0, expected ≥ 0 and one above 0")
    return dict(design=rows, target=values, weights=heavy)


def _number_array(name: str, value: Any) -> np.ndarray:
    """`value` as an array of real numbers of any kind, or a ValueError that says what came and what would do."""
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array: fill or drop the masked entries first")
    if isinstance(value, Iterator):
        raise ValueError(f"{name} is a {type(value).__name__}, expected an array: list(…) makes one of it")
    if hasattr(value, "toarray"):
        raise ValueError(f"{name} is a sparse {type(value).__name__}: {name}.toarray() is what is expected")
    if hasattr(value, "iloc") and hasattr(value, "columns"):  # a DataFrame, whose columns have kinds of their own
        columns = [_number_array(f"{name} column {label!r}", value.iloc[:, k]) for k, label in enumerate(value.columns)]
        return np.stack(columns, axis=1).astype(float, copy=False) if columns else np.empty(value.shape)
    array = np.asarray(value)
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O":
        strange = (place for place in np.ndindex(array.shape) if not isinstance(array[place], Real))
        if (place := next(strange, None)) is None:
            raise ValueError(f"{name} holds object, expected real numbers: astype(float) makes them of it")
        entry, row = array[place], f" in row {place[0]}" if place else ""
        cure = _NUMBERS_OF_TIMES if hasattr(entry, "tzinfo") else "correct or drop it, then astype(float)"
        raise ValueError(f"{name} holds object, expected real numbers: {entry!r:.80}{row}. {cure}")
    cure = f". {_NUMBERS_OF_TIMES}" if array.dtype.kind == "M" else ""
    raise ValueError(f"{name} holds {array.dtype.name}, expected real numbers{cure}")


def _blas_ready(array: np.ndarray) -> bool:
    """Whether BLAS can work on the array as it lies: no gaps along one axis, slices in order along the other."""
    if array.ndim != 2 or array.flags.c_contiguous or array.flags.f_contiguous:
        return bool(array.flags.forc)
    (rows, columns), (down, across) = array.shape, array.strides
    size = array.itemsize
    return (across == size and down >= size * columns) or (down == size and across >= size * rows)


def read_only(array: np.ndarray) -> np.ndarray:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def vector(name: str, value: ArrayLike, length: int) -> np.ndarray:
    """`value` as a float64 vector of that length."""
    array = real_array(name, value)
    if array.shape != (length,):
        raise ValueError(f"{name} is {array.shape}, expected {(length,)}: one entry per column of design")
    return array


def finite(name: str, value: np.ndarray) -> np.ndarray:
    """`value` at some θ, or a ValueError when an entry is not finite."""
    if not np.isfinite(value).all():
        raise ValueError(f"{name} is too large for float64: give a smaller theta, or rescale")
    return value


def real_number(name: str, value: float, allowed: Callable[[float], bool], expected: str) -> float:
    """`value` as a finite float that is `allowed`, or a ValueError that shows what came and what was expected."""
    with suppress(OverflowError):  # of a whole number above 10³⁰⁸
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool | np.timedelta64) else math.nan
        if math.isfinite(number) and allowed(number):
            return number
    raise ValueError(f"{name} is {value!r}, expected {expected}")


def positive(name: str, value: float) -> float:
    """A finite number above 0."""
    return real_number(name, value, lambda number: number > 0, "a finite number > 0")


def positive_or_none(name: str, value: float | None) -> float | None:
    """A finite number above 0, or None."""
    return None if value is None else positive(name, value)


def below_one(name: str, value: float) -> float:
    """A number from 0 to below 1."""
    return real_number(name, value, lambda number: 0 <= number < 1, "a number from 0 to below 1")


def whole_number(name: str, value: int, least: int) -> int:
    """`value` as an int ≥ `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool | np.timedelta64) or value < least:
        raise ValueError(f"{name} is {value!r}, expected a whole number ≥ {least}")
    return int(value)


def whole_numbers(
    name: str, values: ArrayLike, *, dimensions: tuple[int, ...] = (0, 1), most: float = math.inf, expected: str
) -> np.ndarray:
    """Whole numbers from 0 to `most` as an array of one of these dimensions; an empty list has no kind."""
    numbers = np.array("masked") if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
    numbers = numbers if numbers.size else np.zeros(numbers.shape, int)
    in_range = numbers.dtype.kind in "iu" and (numbers >= 0).all() and (numbers <= most).all()
    if not in_range or numbers.ndim not in dimensions:
        raise ValueError(f"{name} is {values!r}, expected {expected}")
    return numbers
