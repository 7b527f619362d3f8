"""`python -m pages.teaching`: the page for lecturers, with what the lessons say of their time, aims and questions."""

import re
from pathlib import Path

from pages import NOTEBOOKS
from pages.lesson import opened, question
from tests.notebooks.reading_time import stated

PAGE = Path(__file__).with_suffix(".md")


def teaching() -> str:
    """The page in Markdown, filled; its links go from the folder `pages`."""
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    table = ["| lesson | minutes | exercises | afterwards one can | it needs |", "|---|---|---|---|---|"]
    filled = {
        "the table of the lessons": "\n".join([*table, *map(_row, lessons)]),
        "a list of the questions": "\n\n".join(filter(None, map(_questions, lessons))),
    }
    text = PAGE.read_text(encoding="utf-8")
    for subject, lines in filled.items():
        if text.count(f"*Here stands {subject}: ") != 1:
            raise ValueError(f"{PAGE.name}: expected one line that begins with “*Here stands {subject}: ”")
        before, _, after = text.partition(f"*Here stands {subject}: ")
        text = before + lines + after[after.index("\n") :]
    return text


def _heading(lesson: Path) -> str:
    title = re.match("# (.+)", opened(lesson).cells[0].source)[1]
    return f"[{lesson.name[:2]} {title}](../notebooks/{lesson.name})"


def _row(lesson: Path) -> str:
    opening = opened(lesson).cells[0].source
    ability = re.search(r"After this lesson you can (.+)\.\n", opening)[1]
    needs = re.search(r"\*\*You need\*\*: (.+?)\.(?: |\n|$)", opening)[1].replace("](", "](../notebooks/")
    reading, exercises = stated(opening)
    return f"| {_heading(lesson)} | {reading} | {exercises} | {ability} | {needs} |"


def _questions(lesson: Path) -> str:
    """A lesson's predictions in its order, each with its choices."""
    notebook = opened(lesson)
    asked = [found for cell in notebook.cells if (found := question(notebook, cell))]
    lines = [f"- {each['question']} *{' / '.join(choice for choice, _ in each['choices'])}*" for each in asked]
    return "\n".join([f"**{_heading(lesson)}**\n", *lines]) if asked else ""


if __name__ == "__main__":
    print(teaching())
