"""Films for a page without a kernel: what an explorer shows at the places of its controls, packed for a browser.

`runtime.js` unpacks them and answers in the kernel's place. Sliders go to all their values, the first one alone where
all together are too many. Points are dragged on a grid as fine as there is room for, and where there is no room for all
their places together, one point at a time.
"""

import base64
import gzip
import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from ipywidgets import Widget

from lsqcore.explore import Explorer
from lsqcore.explore.controls import Handle, Slider

PLACES = 600  # of the controls of one explorer
SECONDS = 15.0  # for its films
UNPACKED = 8_000_000  # bytes of its films
PACKED = 500_000  # bytes: a page has up to six explorers
FEWEST = 13  # values of a coordinate: on fewer a point does not follow the hand


@dataclass(frozen=True)
class Moves:
    """How a control moves without a kernel: its values, of a handle its step, and whether one point moves at a time."""

    values: list
    step: float | None = None
    alone: bool = False


def chosen(explorer: Explorer, room: float) -> dict[str, Moves]:
    """The controls that move without a kernel, as many as there is room for: sliders, then handles.

    Single points move one at a time where there is no room for all their places together.
    """
    controls = [(name, explorer.controls[name]) for name in explorer.values]
    found: dict[str, Moves] = {}
    for name, control in controls:
        if isinstance(control, Slider) and (not found or len(control.values) <= room):
            found[name] = Moves([*control.values])
            room /= len(control.values)
    handles = {name: control for name, control in controls if isinstance(control, Handle)}
    together = {}
    for name, handle in handles.items():
        if move := finest(handle, room, alone=False):
            together[name] = move
            room /= len(move.values)
    if len(together) == len(handles) or any(handles[name].x.ndim for name in together):
        return found | together
    room *= math.prod(len(move.values) for move in together.values())
    alone = {name: finest(handle, room / len(handles), alone=True) for name, handle in handles.items()}
    return found | {name: move for name, move in alone.items() if move}


def finest(handle: Handle, room: float, alone: bool) -> Moves | None:
    """The finest grid for a handle within that many places, if there is one that follows the hand."""
    spans = [dict(x=handle.xlim, y=handle.ylim)[axis] for axis in handle.moves]
    widest = max(high - low for low, high in spans)
    for coarser in range(1, 1 + math.floor(widest / handle.step / (FEWEST - 1))):
        step = float(f"{coarser * handle.step:.12g}")
        grids = [grid(low, high, step) for low, high in spans]
        places = math.prod(map(len, grids))
        if (
            min(map(len, grids)) >= FEWEST
            and (handle.x.size * places if alone else (1 + places) ** handle.x.size) <= room
        ):
            points = [*product(*grids)] if len(grids) > 1 else grids[0]
            return Moves([*dict.fromkeys([handle.first, *_places(handle, points, alone)])], step, alone)
    return None


def _places(handle: Handle, points: Sequence, alone: bool) -> Iterator:
    if not handle.x.ndim:
        yield from points
    elif alone:
        for k in range(handle.x.size):
            yield from ((*handle.first[:k], point, *handle.first[k + 1 :]) for point in points)
    else:
        yield from product(*([*dict.fromkeys([first, *points])] for first in handle.first))


def grid(low: float, high: float, step: float) -> list[float]:
    """The places at which film.js puts a point that moves in steps: the last one where the hand goes farther."""
    steps = (low + k * step for k in range(math.ceil((high - low) / step)))
    return [*dict.fromkeys(float(f"{place:.12g}") for place in (*steps, high))]


def places(controls: Mapping[str, Moves]) -> Iterator[dict]:
    """All that these controls are set to: every combination, but of those that move alone one away from its start."""
    together = {name: move.values for name, move in controls.items() if not move.alone}
    start = {name: move.values[0] for name, move in controls.items() if move.alone}
    for values in product(*together.values()):
        here = dict(zip(together, values, strict=True)) | start
        yield here
        for name in start:
            yield from (here | {name: value} for value in controls[name].values[1:])


def pack(explorer: Explorer, controls: Mapping[str, Moves], where: Iterable[Mapping]) -> bytes:
    """The films of these places of those controls; the others stay where they start.

    gzip of: the length of the header, 32 bits; the header, JSON; then what stands still and all films as 16-bit
    differences to the film before, zigzag, all low bytes before all high ones.
    """
    start = {name: control.first for name, control in explorer.controls.items()}
    films, frames, shown = [np.frombuffer(explorer.still, "<i2")], [], _Numbered()
    with explorer.hold_sync():  # its own page is told once, at the end, that nothing has changed
        explorer.move(**start)
        for values in where:
            explorer.move(**values)
            if explorer.error:
                raise ValueError(f"at {values} the film stopped: {explorer.error}")
            frame = [[*values.values()], shown(explorer.marks), [*map(shown, explorer.captions)], explorer.rows]
            frames.append(frame)
            films.append(np.frombuffer(explorer.film, "<i2"))
        explorer.move(**start)
    steps = {name: dict(step=move.step) for name, move in controls.items() if move.step}
    kinds = {
        kind: [each | steps.get(each["name"], {}) for each in explorer.scene[kind] if each["name"] in controls]
        for kind in ("sliders", "handles")
    }
    header = dict(
        scene=explorer.scene | kinds,
        start=start,
        names=list(controls),
        alone=[name for name, move in controls.items() if move.alone],
        frames=frames,
        shown=shown.values,
        lengths=[len(film) for film in films],
    )
    words = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(len(words).to_bytes(4, "little") + words + _planes(films), 9, mtime=0)


class _Numbered:
    """Numbers values by their first appearance: what films share is kept once."""

    def __init__(self) -> None:
        self.values: list = []
        self._numbers: dict[str, int] = {}

    def __call__(self, value: object) -> int:
        number = self._numbers.setdefault(json.dumps(value), len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


def _planes(films: Sequence[np.ndarray]) -> bytes:
    differences = [films[0]]
    for before, film in pairwise(films):
        differences.append(film - before if len(film) == len(before) else film)  # 16 bits wrap around, there and back
    signed = np.concatenate(differences)
    zigzag = ((signed << 1) ^ (signed >> 15)).astype("<u2")
    return (zigzag & 255).astype(np.uint8).tobytes() + (zigzag >> 8).astype(np.uint8).tobytes()


def packed(explorer: Explorer) -> tuple[dict[str, Moves], bytes]:
    """The controls that move without a kernel, and their films, within what a page may weigh and may take to make."""
    room = min(PLACES, UNPACKED / (1 + len(explorer.film)))
    while True:
        controls = chosen(explorer, room)
        all_places = [*places(controls)]
        least = len(controls) < 2 and not any(move.step for move in controls.values())
        too_much = 0.0 if least else _estimate(explorer, controls, all_places)
        if too_much <= 1:
            films = pack(explorer, controls, all_places)
            too_much = len(films) / PACKED
            if too_much <= 1 or least:
                return controls, films
        room = 0.9 * len(all_places) / too_much


def _estimate(explorer: Explorer, controls: Mapping[str, Moves], all_places: Sequence[dict]) -> float:
    """How many times what is allowed the films of these places would take, judged by a sixteenth of them."""
    sample = all_places[len(all_places) // 2 :][: len(all_places) // 16]
    if len(sample) < 8:
        return 0.0
    first = len(pack(explorer, controls, sample[:1]))
    began = time.perf_counter()
    each = (len(pack(explorer, controls, sample[1:])) - first) / (len(sample) - 2)
    seconds = (time.perf_counter() - began) / len(sample)  # there, and back to the start
    return max((first + each * len(all_places)) / PACKED, seconds * len(all_places) / SECONDS)


@dataclass(frozen=True)
class Explored:
    """An explorer whose films lie in a file of this name: what it says in words, its height, what does not move."""

    name: str
    words: str
    height: int  # CSS pixels
    asleep: list[str]
    alone: list[str]
    panels: int
    controls: int  # below the picture


_made: list[Explorer] = []


def watch() -> None:
    """From here on, remember the explorers that this kernel's notebook makes."""
    Widget.on_widget_constructed(lambda widget: _made.append(widget) if isinstance(widget, Explorer) else None)


def write(folder: Path, place: str) -> list[tuple[str, Explorer, dict[str, Moves]]]:
    """Write the films of all explorers that the notebook has made, and a list of them as `place`.json.

    The answer has the explorers themselves, by name, and which of their controls move.
    """
    explored, answer = [], []
    for number, explorer in enumerate(_made):
        controls, films = packed(explorer)
        name = f"{place.replace('/', '-')}-{number}"
        text = f'downhillFilms("{name}", "{base64.b64encode(films).decode()}");\n'
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
        labels = {each["name"]: each["label"] for kind in ("sliders", "handles") for each in explorer.scene[kind]}
        asleep = [label for each, label in labels.items() if each not in controls]
        alone = [labels[each] for each, move in controls.items() if move.alone]
        words = explorer._repr_mimebundle_()[0]["text/plain"]
        scene = explorer.scene
        below = bool(scene["playhead"]) + sum(each in controls for each in explorer.sliders)
        explored.append(Explored(name, words, scene["height"], asleep, alone, len(scene["panels"]), below))
        answer.append((name, explorer, controls))
    file = folder / f"{place}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(each) for each in explored], ensure_ascii=False, indent=1), encoding="utf-8")
    return answer


def read(folder: Path, place: str) -> list[Explored]:
    """What `write` has written."""
    return [Explored(**each) for each in json.loads((folder / f"{place}.json").read_text(encoding="utf-8"))]


#: The line that a kernel runs before a notebook's cells
FIRST_LINE = "__import__('pages.films').films.watch()"


def last_cell(folder: Path, place: str, module: str = "pages.films") -> str:
    """The cell that it runs after them; another module may do more than to write the films."""
    return f"from pathlib import Path\nfrom {module} import write\nwrite(Path({str(folder.resolve())!r}), {place!r});"
