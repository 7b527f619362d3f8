"""What marks are made of: four kinds of parts. Both painters, canvas.py and paint.js, know no other kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

#: Corners of a marker of radius 1; a circle has none. Shape tells apart what colour alone would not.
_STAR = [
    (r * np.sin(k * np.pi / 5), r * np.cos(k * np.pi / 5)) for k, r in zip(range(10), [1.35, 0.54] * 5, strict=True)
]
CORNERS = {
    "circle": [],
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(-1.05, -0.75), (1.05, -0.75), (0.0, 1.15)],
    "star": [(round(x, 4), round(y, 4)) for x, y in _STAR],
}

#: Which points of a row a part shows: all, those so far up to the playhead, or the head, the one at the playhead.
Shown = Literal["all", "so far", "head"]


@dataclass(frozen=True)
class Polyline:
    """A line through the points that are `shown`, `width` in CSS pixels; at `starts` the pen is set down anew."""

    width: float
    dashed: bool = False
    shown: Shown = "all"
    starts: Sequence[int] = ()


@dataclass(frozen=True)
class Shapes:
    """A filled shape at each point that is `shown`: its diameter `size`, and its pale `rim`, in CSS pixels."""

    size: float
    corners: Sequence[tuple[float, float]] = ()
    rim: float = 0.0
    shown: Shown = "all"


@dataclass(frozen=True)
class Sticks:
    """Between each even point and the next: a line, `width` in CSS pixels, or a filled box with the two as corners."""

    width: float = 0.0
    dashed: bool = False
    box: bool = False
    shown: ClassVar[Shown] = "all"


@dataclass(frozen=True)
class Text:
    """A plain text at each point, one for all rows or one a row; `align` is the side of it on which the point lies.

    It is written in ink, which all can read; a short bar beneath it has the colour, where it has another one (`key`).
    """

    texts: Sequence[str]
    align: str
    key: bool = False
    shown: ClassVar[Shown] = "all"


Part = Polyline | Shapes | Sticks | Text
