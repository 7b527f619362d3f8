"""The five suspects of lesson 03. Accuse before you read: their code stands below."""

from collections.abc import Callable
from html import escape
from inspect import getsource

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Suspect:
    """A program that fits a line, with its code closed: call it. A cell that ends with it lets a reader open it."""

    def __init__(self, program: Callable[..., NDArray]) -> None:
        self._program, self.__name__ = program, program.__name__

    def __call__(self, x: ArrayLike, y: ArrayLike, *settings: float, **named: float) -> NDArray:
        """The height of its line at each x, before the first step and after each: (iterations + 1, n).

        After x and y come slope, learning_rate and iterations. It begins with the line of this slope through zero.
        """
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        with np.errstate(all="ignore"):  # a reader may let it run away
            return self._program(x, y, *settings, **named)

    def __repr__(self) -> str:
        return getsource(self._program).partition("\n")[2].rstrip()  # without its decorator

    def _repr_html_(self) -> str:
        return f"<details><summary>Open {self.__name__}</summary><pre>{escape(repr(self))}</pre></details>"


@Suspect
def suspect_1(x, y, slope=0.0, learning_rate=0.01, iterations=1000):
    heights = [slope * x]
    for _ in range(iterations):
        gradient = np.mean((y - slope * x) * x)
        slope = slope - learning_rate * gradient
        heights.append(slope * x)
    return np.array(heights)


@Suspect
def suspect_2(x, y, slope=0.0, learning_rate=0.01, iterations=1000):
    heights = [slope * x]
    for _ in range(iterations):
        gradient = np.mean((slope * x - y) * x)
        slope = slope - learning_rate * gradient
        heights.append(slope * x)
    return np.array(heights)


@Suspect
def suspect_3(x, y, slope=0.0, learning_rate=0.01, iterations=1000):
    intercept, heights = 0.0, [slope * x]
    target = y.reshape(-1, 1)
    for _ in range(iterations):
        residual = intercept + slope * x - target
        intercept = intercept - learning_rate * np.mean(residual)
        slope = slope - learning_rate * np.mean(residual * x)
        heights.append(intercept + slope * x)
    return np.array(heights)


@Suspect
def suspect_4(x, y, slope=0.0, learning_rate=0.01, iterations=1000):
    intercept, heights = 0.0, [slope * x]
    for _ in range(iterations):
        residual = intercept + slope * x - y
        intercept = intercept - learning_rate * 2 * np.sum(residual)
        slope = slope - learning_rate * 2 * np.sum(residual * x)
        heights.append(intercept + slope * x)
    return np.array(heights)


@Suspect
def suspect_5(x, y, slope=0.0, learning_rate=0.01, iterations=1000):
    intercept, heights = 0.0, [slope * x]
    for _ in range(iterations):
        residual = intercept + slope * x[1:] - y[:-1]
        intercept = intercept - learning_rate * np.mean(residual)
        slope = slope - learning_rate * np.mean(residual * x[1:])
        heights.append(intercept + slope * x)
    return np.array(heights)
