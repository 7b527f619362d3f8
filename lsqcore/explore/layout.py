"""Where panels stand: side by side where there is room for their words, else one below the other.

paint.js does the same for the screen that it finds.
"""

from collections.abc import Mapping

from lsqcore.explore.scene import Panel

LEAST_WIDTH = 280  # CSS pixels of a panel beside another
TOP, BOTTOM, RIGHT = 42, 50, 18  # CSS pixels around a panel: its title; its numbers and their name; half a number
BARE = 12  # CSS pixels below a panel without axes
STACKED = 210  # CSS pixels at most, of a panel below another: on a phone several are seen at once


def rectangles(panels: Mapping[str, Panel], width: float, height: float) -> tuple[dict[str, tuple], float]:
    """Left, top, width and height of each panel in CSS pixels from the upper left corner, and the whole height."""
    places = {}
    stacked = width < LEAST_WIDTH * len(panels)
    shares, x, y = sum(panel.width for panel in panels.values()), 0.0, 0.0
    for name, panel in panels.items():
        box = width if stacked else width * panel.width / shares
        room = box - panel.left - RIGHT
        around = TOP + (BOTTOM if panel.axes else BARE)
        tall = min(height - around, STACKED) if stacked else height - around
        wide = min(room, tall * panel.aspect) if panel.aspect else room
        used = wide / panel.aspect if panel.aspect else tall
        places[name] = (x + panel.left + (room - wide) / 2, y + TOP, wide, used)
        x, y = (x, y + around + used) if stacked else (x + box, y)
    return places, y if stacked else height
