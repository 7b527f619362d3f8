"""How long a lesson takes, by one formula; CONTRIBUTING.md, "The shape of a lesson", has it in words.

.venv/bin/python -m tests.notebooks.reading_time notebooks/01_the_five_point_line.ipynb
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

WORDS_PER_MINUTE = 200
MINUTES = {"open line": 0.2, "explorer": 1.5, "picture": 0.5, "prediction": 0.5}
MINUTES_PER_EXERCISE = 4


def _words(prose: str) -> int:
    """A formula is one word, a link its text, a table its cells."""
    prose = re.sub(r"\$\$.+?\$\$|\$[^$]+\$", " formula ", prose, flags=re.DOTALL)
    prose = re.sub(r"\]\([^)]*\)", "] ", prose)
    return len(re.findall(r"\w[\w'’.,·-]*", prose))


def _read_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    return (node for node in body if not isinstance(node, ast.Assert | ast.Import | ast.ImportFrom))


def _open_lines(source: str) -> int:
    """Lines of code that are read: no imports, no asserts, nothing that is empty."""
    lines = source.splitlines()
    read = {
        number
        for node in _read_statements(ast.parse(source).body)
        for number in range(node.lineno, node.end_lineno + 1)
        if lines[number - 1].strip()
    }
    return len(read)


def counted(cells: Sequence[Mapping]) -> dict[str, int]:
    """What a reader of the lesson meets, exercises and sources apart; the source of each cell is one string."""
    found = dict.fromkeys(["word", *MINUTES, "exercise"], 0)
    section = ""
    for cell in cells:
        source = cell["source"]
        section = (re.findall(r"^## (.+)$", source, re.MULTILINE) or [section])[0]
        if cell["cell_type"] == "markdown":
            if section not in ("Your turn", "Sources"):
                found["word"] += _words(source)
        elif re.search(r"^\w+ = \.\.\.$", source, re.MULTILINE):
            found["exercise"] += 1
        else:
            if not cell["metadata"].get("jupyter") and section != "Your turn":
                found["open line"] += _open_lines(source)
            shown = [output.get("data", {}) for output in cell.get("outputs", ())]
            explorers = sum(any("widget-view" in kind for kind in data) for data in shown)
            explorers *= "fig.picture(" not in source  # an explorer, too, but with nothing to move
            found["explorer"] += explorers
            found["picture"] += sum("image/png" in data for data in shown) - explorers
            found["prediction"] += source.count("prediction=")
    return found


def exact(found: Mapping[str, int]) -> float:
    """Minutes of reading, before they are rounded."""
    return found["word"] / WORDS_PER_MINUTE + sum(each * found[name] for name, each in MINUTES.items())


def minutes(found: Mapping[str, int]) -> tuple[int, int]:
    """Minutes for the lesson, rounded to five, and for its exercises."""
    return max(5, 5 * round(exact(found) / 5)), MINUTES_PER_EXERCISE * found["exercise"]


def stated(opening: str) -> tuple[int, int] | None:
    """The minutes that a lesson's first cell states."""
    found = re.search(r"\*\*Time\*\*: (\d+) minutes(?:, and (\d+) for the exercises?)?\.", opening)
    return (int(found[1]), int(found[2] or 0)) if found else None


def read(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        cells = read(Path(name))
        found = counted(cells)
        given = stated(cells[0]["source"])
        print(f"{name}: {found}, {exact(found):.1f} minutes; computed {minutes(found)}, stated {given}")
