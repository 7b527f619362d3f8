"""The README's list of lessons, in the words of their first cells. `make notebooks` and `make lesson` write it anew."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def line_of(lesson: Path) -> str:
    opening = "".join(json.loads(lesson.read_text(encoding="utf-8"))["cells"][0]["source"])
    beginning = re.match(r"# (.+)\n\nAfter this lesson you can (.+)\.\n", opening)
    if beginning is None:
        raise ValueError(f"{lesson.name} is to begin with “# Title”, and then “After this lesson you can ….”")
    title, ability = beginning.groups()
    return f"- [{lesson.name[:2]} {title}](notebooks/{lesson.name}): {ability}\n"


def with_lessons(readme: str, notebooks: Path) -> str:
    """The same README with the list of the lessons in that folder."""
    lines = "".join(map(line_of, sorted(notebooks.glob("*.ipynb"))))
    return re.sub(r"(?:^- \[\d\d .*\n)+", lambda _: lines, readme, flags=re.MULTILINE)


def update(folder: Path) -> None:
    """Write the list into the README of a copy of the project."""
    readme = folder / "README.md"
    text = with_lessons(readme.read_text(encoding="utf-8"), folder / "notebooks")
    readme.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    update(ROOT)
