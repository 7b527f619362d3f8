"""Palette PNGs: small, and true in the colours that matter."""

from io import BytesIO

import numpy as np
from PIL import Image
from PIL.ImageColor import getrgb

from lsqcore.explore.png import palette_png

COLORS = ("#D55E00", "#0072B2", "black")


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def test_each_pixel_is_the_nearest_shade():
    """The given colours, white, and what lies between them is exact; anything else is as near as the palette has."""
    given = np.array([[255, 255, 255], *map(getrgb, COLORS)])
    halfway = np.rint((given + 255) / 2)  # as on the edge of a line
    anything = np.random.default_rng(0).integers(0, 256, (50, 3))
    pixels = np.vstack([given, halfway, anything]).astype(np.uint8)[None]
    png = opened(palette_png(pixels, COLORS))
    stored = np.array(png.convert("RGB")).astype(int)[0]
    assert png.mode == "P"
    np.testing.assert_array_equal(stored[:4], given)
    assert abs(stored[4:8] - halfway).max() <= 6
    palette = np.array(png.getpalette()).reshape(-1, 3)
    distances = np.linalg.norm(palette - pixels[0, :, None].astype(int), axis=2)
    np.testing.assert_allclose(np.linalg.norm(stored - pixels[0], axis=1), distances.min(axis=1))
