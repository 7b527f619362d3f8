"""Small PNG files: each pixel as the nearest shade of a palette, a third of the size of a PNG in full colour."""

from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.ImageColor import getrgb


def palette_png(pixels: np.ndarray, colors: tuple[str, ...]) -> bytes:
    """A picture (height, width, 3) of these colours on white, whose edges fade into white."""
    shades = np.empty(pixels.shape[:2], dtype=np.uint8)
    for row, values in zip(shades, pixels, strict=True):  # at once, the integers of a picture would take 80 MB
        codes, places = np.unique(values.astype(np.int32) @ [1 << 16, 1 << 8, 1], return_inverse=True)
        row[:] = np.array([_nearest_shade(code, colors) for code in codes.tolist()])[places]
    image = Image.fromarray(shades, "P")
    image.putpalette(_shades(colors).astype(np.uint8).tobytes())
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


@cache
def _shades(colors: tuple[str, ...]) -> np.ndarray:
    """Every colour in steps to white, (shades, 3): thin edges stay smooth and colours stay true."""
    shares = np.array([getrgb(color) for color in colors]) / 255
    steps = np.linspace(0, 1, 26)[1:, None]
    return np.rint(255 * np.vstack([[[1, 1, 1]], *(1 + steps * (share - 1) for share in shares)])).astype(np.int32)


@cache
def _nearest_shade(code: int, colors: tuple[str, ...]) -> int:
    """The place in the palette of a colour 0xRRGGBB."""
    return int(np.square(_shades(colors) - [code >> 16, code >> 8 & 255, code & 255]).sum(axis=1).argmin())
