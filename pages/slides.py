"""`make slides LESSON=01`: a lesson's figures and questions for a projector, one page that needs no network."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbconvert import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from pages.handout import Handout
from pages.lesson import answer, has_picture, is_exercise, numbered, opened, question, views
from pages.markdown import Renderer

TEMPLATES = Path(__file__).parent / "templates"
HEADING = re.compile(r"^##+ (.+)\n\n", re.MULTILINE)
SHORT = re.compile(r"^## In short\n.+?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def slides(lesson: Path) -> NotebookNode:
    """The lesson's cells that stand on slides, and what is said with them; `slide_type` says where a slide begins.

    A title; a slide for the question and for each movement, with its first words; for each figure that asks one its
    prediction, and then the figure; for each exercise its question; and “In short”.
    """
    notebook = opened(lesson)
    cells = []
    for slide in _slides(notebook):
        for cell in slide:
            cell.metadata.slideshow = dict(slide_type="-" if cell is not slide[0] else "slide")
        cells += slide
    return new_notebook(cells=cells, metadata=notebook.metadata)


def _slides(notebook: NotebookNode) -> Iterator[list[NotebookNode]]:
    title, ability, *_ = notebook.cells[0].source.split("\n\n")
    yield [new_markdown_cell(f"{title}\n\n{ability}")]
    heading, exercise = "", 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = cell.source
            for heading, first in _parts(prose):
                if re.match(r"The question$|\d\. ", heading):
                    yield [new_markdown_cell(f"## {heading}\n\n{first}")]
            if short := SHORT.search(prose):
                yield [new_markdown_cell(short[0])]
        elif has_picture(cell):
            asked = question(notebook, cell)
            if asked:
                yield [new_markdown_cell(f"## First a guess\n\n{_form(asked)}")]
            yield [new_markdown_cell(f"## {_name(cell) or heading}"), cell]
        elif is_exercise(cell):
            exercise += 1
            yield [new_markdown_cell(f"## Your turn, {exercise}\n\n{_exercise(prose)}")]


def _parts(prose: str) -> Iterator[tuple[str, str]]:
    """Each heading of a cell, and the first paragraph below it, with the formula or list that it announces.

    A last sentence that announces the cell below, which is on no slide, is left out.
    """
    _, *parts = HEADING.split(prose)
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        first, *rest = text.strip().split("\n\n")
        announced = rest[: first.endswith(":")]
        yield heading, "\n\n".join([first, *announced]) if announced else re.sub(r"(?<=[.?)]) [^.?]+:$", "", first)


def _form(asked: dict) -> str:
    """A prediction with its choices, and its answer where a click opens it."""
    choices = "\n".join(f"- {choice}" for choice, _ in asked["choices"])
    hidden = f"<details><summary>The answer</summary>\n\n{answer(asked)}\n\n</details>"
    return f"{asked['question']}\n\n{choices}\n\n{hidden}"


def _name(cell: NotebookNode) -> str:
    """Of a figure: the first line of its closed cell."""
    first = cell.source.splitlines()[0]
    return first.removeprefix("# ") if first.startswith("# ") else ""


def _exercise(prose: str) -> str:
    """The last one that a cell asks, without its number."""
    return re.split(r"^\*\*(?:Exercise )?\d\.\*\* |^## Your turn$", prose, flags=re.MULTILINE)[-1].strip()


def page(lesson: Path, renderer: Renderer, moving: Sequence[str] = ()) -> str:
    """The HTML of a lesson's slides; the renderer says what becomes of links.

    `moving` are the addresses of pages, one for each explorer of the lesson, in which it moves: the site has them.
    """
    notebook = slides(lesson)
    shown = [view for cell in notebook.cells for view in views(cell)]
    frames = dict(zip(shown, moving, strict=True)) if moving else {}
    exporter = SlidesExporter(template_name="slides", extra_template_basedirs=[str(TEMPLATES)])
    exporter.register_filter("markdown2html", renderer.page)
    html, _ = exporter.from_notebook_node(notebook, dict(metadata=dict(name=lesson.stem), frames=frames))
    return html


def write(number: str, folder: Path) -> Path:
    """Write the lesson's slides into a folder."""
    lesson = numbered(number)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{lesson.stem}_slides.html"
    file.write_text(page(lesson, Handout()), encoding="utf-8", newline="\n")
    return file


if __name__ == "__main__":
    print(write(sys.argv[1], Path(sys.argv[2])))
