"""A function that a reader wrote, inside a figure: what goes wrong in it is said in words, and nothing hangs."""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import numpy as np

SECONDS = 3.0  # for all calls of a reader's functions in one film
_budget = threading.local()


class OfReaderError(Exception):
    """What a reader's function did instead of answering, in words."""


class _TooLongError(BaseException):
    """Raised inside a reader's function; no `except Exception` of theirs catches it."""


@contextmanager
def time_limit() -> Iterator[None]:
    """Within it, the functions of a reader have SECONDS in all."""
    _budget.left = SECONDS
    try:
        yield
    finally:
        del _budget.left


def of_reader(function: Callable, shape: tuple[int, ...]) -> Callable[..., np.ndarray]:
    """The same function, whose answers are finite or infinite numbers of a shape, or an error in words.

    A mistake, another shape, NaN, and a loop without an end are shown in the figure; the figure works again after the
    cell has been corrected and run. What cannot be ended from outside, as a loop around a bare `except:` or one inside
    compiled code, needs Kernel > Interrupt Kernel.
    """
    if not callable(function):
        raise ValueError(f"{function!r} came, expected a function: give its name, without brackets")
    name = getattr(function, "__name__", "function")

    def answer(*given: object) -> np.ndarray:
        arguments = [value.copy() if isinstance(value, np.ndarray) else value for value in given]
        try:
            came = _within_time(function, arguments)
        except _TooLongError:
            words = f"Your `{name}` took longer than {SECONDS:g} seconds: does a loop in it never end?"
            raise OfReaderError(words) from None
        except Exception as error:  # whatever it raises is the reader's to see
            raise OfReaderError(
                f"Your `{name}` stopped{_place(error)} with {type(error).__name__}: {error}."
            ) from error
        try:
            numbers = np.asarray(came, dtype=float)
        except (TypeError, ValueError):
            numbers = None
        lists = f"{shape[0]} lists of " if len(shape) == 2 else ""
        expected = f"expected {lists}{shape[-1]} numbers" if shape else "expected one number"
        if came is None:
            raise OfReaderError(f"Your `{name}` gave None, {expected}: is a `return` missing?")
        if numbers is None or numbers.shape != shape:
            what = f"an array of shape {numbers.shape}" if numbers is not None and numbers.ndim else f"{came!r:.60}"
            raise OfReaderError(f"Your `{name}` gave {what}, {expected}.")
        if np.isnan(numbers).any():
            raise OfReaderError(f"Your `{name}` gave nan, {expected}: a division by 0, or numbers beyond all bounds?")
        return numbers

    return answer


def in_words(error: Exception, film: Callable, values: Mapping) -> str:
    """What stopped a film, where its controls stood, and in which of its lines."""
    if isinstance(error, OfReaderError):
        return str(error)
    file = getattr(getattr(film, "__code__", None), "co_filename", "")
    place = reversed(traceback.extract_tb(error.__traceback__))
    line = next((frame.line for frame in place if frame.filename == file), "")
    where = " and ".join(f"{name} {value}" for name, value in values.items()) or "the start"
    words = f"At {where} the film stopped with {type(error).__name__}: {error}."
    return f"{words} Its line: {line}" if line else words


def _within_time(function: Callable, arguments: list) -> object:
    end = time.monotonic() + getattr(_budget, "left", SECONDS)

    def look(_: FrameType, __: str, ___: object) -> Callable:
        if time.monotonic() > end:
            raise _TooLongError
        return look

    before = sys.gettrace()
    sys.settrace(look)  # called at each line of Python: the one way to end a loop in any thread, on any system
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)
        if hasattr(_budget, "left"):
            _budget.left = end - time.monotonic()


def _place(error: Exception) -> str:
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__)[2:] if frame.line]
    return f" in `{lines[0]}`" if lines else ""
