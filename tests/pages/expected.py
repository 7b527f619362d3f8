"""What the figures of the site are to show: matplotlib's pictures and Python's captions, made where the films are.

`pytest --films FOLDER` does so in the kernel of each notebook, after its last cell.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image

from lsqcore.explore import Explorer
from lsqcore.explore.controls import Handle, Playhead
from pages import ROOT, films
from tests.notebooks.processors import move_all


def write(folder: Path, place: str) -> None:
    """Write the films of a notebook's explorers, and what is expected of each at the ends and in the middle.

    On the way each of their controls is moved, as the sweep does.
    """
    written = films.write(folder, place)
    move_all(ROOT / "notebooks" / f"{place}.ipynb", [explorer for _, explorer, _ in written], folder)
    for name, explorer, controls in written:
        start = {each: control.first for each, control in explorer.controls.items()}
        expected = []
        lines = [each for each in explorer.controls if each == (explorer.scene["playhead"] or {}).get("name")] + [
            each for each in explorer.sliders if each in controls
        ]
        for number, (control, position, values) in enumerate(states(explorer, controls)):
            explorer.move(**start | values)
            picture = folder / f"{name}-{number}.png"
            Image.fromarray(explorer.pixels()).save(picture, compress_level=1)
            line = lines.index(control) if control in lines else None  # below the picture
            state = dict(control=control, line=line, position=position)
            expected.append(state | dict(caption=explorer.caption, picture=picture.name))
            explorer.move(**start)
        (folder / f"{name}-expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1), "utf-8")


def states(explorer: Explorer, controls: Mapping[str, films.Moves]) -> Iterator[tuple[str, int | str, dict]]:
    """Each control that moves: its name, the position of a slider or the corner of a handle, and what is set there."""
    for name, control in explorer.controls.items():
        if isinstance(control, Handle):
            for corner, end in (("lowest", 0), ("highest", -1)) if name in controls else ():
                yield name, corner, {name: corner_of(control, controls[name], end)}
        elif isinstance(control, Playhead):
            for row in sorted({0, (explorer.rows - 1) // 2, explorer.rows - 1}):
                yield name, row, {name: control.values[row]}
        elif name in controls:
            last = len(control.values) - 1
            for position in sorted({0, last // 2, last}):
                yield name, position, {name: control.values[position]}


def corner_of(handle: Handle, move: films.Moves, end: int) -> object:
    """The value of a handle whose first point is as low, or as high, as it goes without a kernel."""
    many = handle.x.ndim == 1
    firsts = [value[0] if many else value for value in move.values]
    extreme = (min, max)[end]
    corner = tuple(map(extreme, zip(*firsts, strict=True))) if handle.moves == "xy" else extreme(firsts)
    if handle.moves == "xy" and end:  # moved to the right, then up: by which x comes to the nearest step
        low, high = handle.xlim
        corner = float(f"{min(high, low + math.floor((high - low) / move.step + 0.5) * move.step):.12g}"), corner[1]
    return (corner, *handle.first[1:]) if many else corner
