"""Contrast of text as WCAG 2.2 measures it, from the colours that a browser has worked out."""

import re

import numpy as np
from playwright.sync_api import Locator


def text_contrast(text: Locator) -> float:
    """The least WCAG contrast of an element's text with what lies behind it, from the colours that the browser has."""
    layers = text.evaluate(
        """element => {
          const layers = [];
          for (let node = element; node; node = node.parentElement) {
            const { color, backgroundColor, opacity } = getComputedStyle(node);
            layers.unshift([color, backgroundColor, Number(opacity)]);
          }
          return layers;
        }"""
    )
    behind, opacities = np.ones(3), 1.0
    for color, background, opacity in layers:
        opacities *= opacity
        shade, alpha = rgb(background)
        behind = behind + opacities * alpha * (shade - behind)
        ink, alpha = rgb(color)
    ink = behind + opacities * alpha * (ink - behind)
    dark, light = sorted(map(luminance, (behind, ink)))
    return (light + 0.05) / (dark + 0.05)


def rgb(css: str) -> tuple[np.ndarray, float]:
    """Red, green, blue from 0 to 1, and alpha, of `rgb(1, 2, 3)` or `rgba(1, 2, 3, 0.4)`."""
    assert css.startswith("rgb"), css
    red, green, blue, alpha = [*map(float, re.findall(r"[\d.]+", css)), 1.0][:4]
    return np.array([red, green, blue]) / 255, alpha


def luminance(color: np.ndarray) -> float:
    """WCAG 2.2's relative luminance of an sRGB colour."""
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]
