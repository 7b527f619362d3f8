"""`make handout LESSON=01`: a lesson to give away, as a page of HTML and as a PDF that need no network.

With `SOLUTIONS=yes` the solutions follow the lesson, and the names of both files say so.
"""

import sys
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from playwright.sync_api import sync_playwright
from traitlets.config import Config

from pages import NOTEBOOKS
from pages.lesson import answer, is_exercise, numbered, opened, question
from pages.markdown import Renderer
from tests.browser.lab import open_chromium

# nbconvert's own page without scripts and films, and with the alt text that it leaves out
PAGE = """{% extends "lab/index.html.j2" %}
{% block html_head_js %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_css %}<style>
main { max-width: 960px; margin: auto; }
.jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere; }
math { font: 1.1em "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
@media print {
  :root { --jp-code-font-size: 10.5px; } /* so that 98 columns fit on A4 */
  .jp-CodeCell { break-inside: avoid; }
  :is(h1, h2, h3) { break-after: avoid; }
  .jp-Cell + .jp-Cell:has(h1) { break-before: page; } /* the solutions */
}
</style>{% endblock %}
{% block data_png %}
<div class="jp-RenderedImage jp-OutputArea-output"><img src="data:image/png;base64,{{ output.data["image/png"] }}"
  alt="{{ (output | get_metadata("alt", "image/png") or output.data["text/plain"]) | e }}"></div>
{% endblock %}
{% block footer %}</html>{% endblock %}"""


# So that no page is taken for one of the other handout
FOOTER = """
<div style="width: 100%; margin: 0 14mm; display: flex; justify-content: space-between; font: 8px sans-serif">
<span class="title"></span><span class="pageNumber"></span></div>"""


class Handout(Renderer):
    """A link to a file that was not handed out is its text alone."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url, title) if url.startswith("https:") else text


def title(lesson: Path, *, solutions: bool) -> str:
    """The lesson's number and name, and whether its solutions follow."""
    name = opened(lesson).cells[0].source.partition("\n")[0].removeprefix("# ")
    return f"Downhill, {lesson.name[:2]} {name}{', with solutions' if solutions else ''}"


def handout(lesson: Path, *, solutions: bool) -> NotebookNode:
    """A lesson as it is read on paper: the choices of a prediction stand below its figure, the solutions at the end."""
    notebook, cells, guesses = opened(lesson), [], []
    for cell in notebook.cells:
        cells.append(cell)
        if is_exercise(cell):
            cell.outputs = []  # which ask for an answer in place of the dots
        if asked := question(notebook, cell):
            cells.append(new_markdown_cell("  \n".join(f"☐ {choice}" for choice, _ in asked["choices"]) or "☐ …"))
            guesses.append(f"- {asked['question']} {answer(asked)}")
    here = "Where it says press, drag or run: in the notebook; the site has the figures, too."
    cells[0].source += f"\n\n{'**With the solutions.** ' if solutions else ''}*{here}*"
    if solutions:
        cells += _solutions(lesson, guesses)
    notebook.cells = cells
    return notebook


def _solutions(lesson: Path, guesses: list[str]) -> list[NotebookNode]:
    file = lesson.parent / "solutions" / lesson.name
    if not file.exists():
        raise SystemExit(f"There are no solutions to this lesson: {file.relative_to(NOTEBOOKS)} is not there")
    title, *cells = opened(file).cells
    imports = next(index for index, cell in enumerate(cells) if cell.cell_type == "code")
    predictions = [new_markdown_cell("\n".join(["## The predictions\n", *guesses]))] if guesses else []
    answers = [title, *cells[imports + 1 :], *predictions]
    for cell in answers:
        cell.id = f"solutions-{cell.id}"  # an id is given once on a page
    return answers


def page(lesson: Path, *, solutions: bool = False) -> str:
    """The HTML of a stored lesson."""
    settings = Config(
        # the stored picture, not the explorer: that one needs scripts of another host
        NbConvertBase=dict(display_data_priority=["image/png", "text/markdown", "text/plain"]),
        TagRemovePreprocessor=dict(enabled=True, remove_input_tags={"hide-input"}),
        HTMLExporter=dict(exclude_input_prompt=True, exclude_output_prompt=True),
    )
    exporter = HTMLExporter(config=settings, raw_template=PAGE)
    exporter.register_filter("markdown2html", Handout().page)
    named = dict(metadata=dict(name=title(lesson, solutions=solutions)))
    html, _ = exporter.from_notebook_node(handout(lesson, solutions=solutions), named)
    return html


def write(number: str, folder: Path, *, solutions: bool) -> list[Path]:
    """Write the lesson's page and its PDF into a folder."""
    lesson = numbered(number)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{lesson.stem}_with_solutions" if solutions else lesson.stem
    html, pdf = (folder / f"{name}.{kind}" for kind in ("html", "pdf"))
    html.write_text(page(lesson, solutions=solutions), encoding="utf-8")
    with sync_playwright() as playwright, open_chromium(playwright) as browser:
        opened_page = browser.new_page()
        opened_page.goto(html.resolve().as_uri())
        opened_page.pdf(
            path=pdf,
            format="A4",
            print_background=True,
            tagged=True,
            outline=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            margin=dict(top="16mm", bottom="18mm", left="14mm", right="14mm"),
        )
    return [html, pdf]


if __name__ == "__main__":
    number, folder, *with_solutions = sys.argv[1:]
    for path in write(number, Path(folder), solutions=with_solutions == ["with-solutions"]):
        print(path)
