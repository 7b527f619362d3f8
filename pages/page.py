"""A notebook as a page of the site: its words, code and outputs by nbconvert, its explorers as figures that move."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbconvert import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

import lsqcore
import lsqcore.explore
from pages import NOTEBOOKS, ROOT
from pages.films import Explored
from pages.lesson import WIDGET_VIEW
from pages.markdown import Renderer

TEMPLATES = Path(__file__).parent / "templates"
LONG = 16  # characters of a formula that may be wider than a phone
#: The names of a lesson's modules, and the page of the reference that has theirs
REFERENCE = dict(lsq=("lsqcore", lsqcore), fig=("lsqcore/explore", lsqcore.explore))
#: `lsq.name` in a text, and as nbconvert colours it in a cell
NAME = re.compile(r"(lsq|fig)\.(\w+)")
NAME_IN_CODE = re.compile(r'(<span class="n">(lsq|fig)</span><span class="o">\.</span>)(<span class="n">(\w+)</span>)')
#: Where a reader needs Python
YOUR_TURN = re.compile(r'<h2 id="your-turn">.*?</h2>')
#: A formula, and what ends its sentence: a line may not begin with that
END = re.compile(r"(<math\b(?:(?!</math>).)*</math>)([.,;:!?)]+)")
#: The frames of all pages
FRAMES = Environment(loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True)


@dataclass
class Section:
    """What a search finds: a heading, its place, and the words below it."""

    level: int
    id: str
    title: str
    words: str = ""


@dataclass
class Page:
    """A page of the site without its frame."""

    file: str  # its place in the site
    title: str
    body: str
    sections: list[Section] = field(default_factory=list)
    figures: list["Figure"] = field(default_factory=list)
    doors: Mapping[str, str] = field(default_factory=dict)  # where Python runs for it, in words, and the address

    @property
    def number(self) -> str:
        """Of a lesson, 01; of a companion, D1."""
        return self.file.rpartition("/")[2].partition("_")[0].upper()

    @property
    def label(self) -> str:
        """The title, with its number."""
        return self.title if self.title.startswith(self.number) else f"{self.number} {self.title}"

    @property
    def ability(self) -> str:
        """What a reader can do after a lesson."""
        return re.search(r"After this lesson you can (.+?)\.</p>", self.body)[1]


@dataclass(frozen=True)
class Figure:
    """An explorer on a page, and on a page of its own."""

    name: str
    title: str
    alt: str
    picture: bytes  # PNG
    height: int  # CSS pixels
    asleep: list[str]
    alone: list[str]
    panels: int
    controls: int

    @property
    def room(self) -> str:
        """CSS that keeps the height of the figure before it is there: in one row, and on a phone."""
        wide, tall = self.height + 44 * self.controls + 70, 84 * self.controls + 90
        tall += 300 * self.panels if self.panels > 1 else self.height
        return f"--wide: {wide}px; --tall: {tall}px"


def words_of(html: str) -> str:
    """The text of HTML, without what a script or a button says."""
    text = re.sub(r"<(style|script|button).*?</\1>", " ", html, flags=re.S)
    text = re.sub(r"</?(?:span|a|code|m[a-z]+)\b[^>]*>", "", text)  # what these part is no end of a word
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


class OnSite(Renderer):
    """Headings can be linked to, links lead to pages, and the first use of a name of `lsqcore` to its reference."""

    def __init__(self, file: str, source: Path) -> None:
        super().__init__()
        self.root, self._source = "../" * file.count("/"), source
        self._repository = os.environ.get("REPOSITORY", "")  # owner/name
        self.sections: list[Section] = []
        self._linked: set[tuple[str, str]] = set()

    def heading(self, text: str, level: int, **_: object) -> str:
        title = words_of(text)
        place = re.sub(r"\W+", "-", title.lower()).strip("-")
        taken = sum(section.id.rstrip("-0123456789") == place for section in self.sections)
        place = f"{place}-{taken + 1}" if taken else place
        self.sections.append(Section(level, place, title))
        return f'<h{level} id="{place}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if re.match(r"https?:|#", url):
            return super().link(text, url, title)
        path, sharp, place = url.partition("#")
        target = (self._source.parent / path).resolve()
        if not target.is_relative_to(ROOT) or not target.is_file():  # what is not there is named, and not linked
            return text
        if not target.is_relative_to(NOTEBOOKS):
            address = f"https://github.com/{self._repository}/blob/HEAD/{target.relative_to(ROOT).as_posix()}"
            return super().link(text, address, title) if self._repository else text
        page = target.relative_to(NOTEBOOKS).as_posix()
        return super().link(text, self.root + re.sub(r"\.(ipynb|md)$", ".html", page) + sharp + place, title)

    def page(self, source: str) -> str:
        return END.sub(r'<span class="together">\1\2</span>', super().page(source))

    def inline_math(self, body: str) -> str:
        formula = super().inline_math(body)
        return f'<span class="wide">{formula}</span>' if len(words_of(formula).replace(" ", "")) > LONG else formula

    def codespan(self, text: str) -> str:
        found, code = NAME.match(text), super().codespan(text)
        return self._linked_once(found[1], found[2], code) if found else code

    def code(self, html: str) -> str:
        """Coloured code, with the same links."""
        return NAME_IN_CODE.sub(lambda found: found[1] + self._linked_once(found[2], found[4], found[3]), html)

    def _linked_once(self, module: str, name: str, html: str) -> str:
        page, names = REFERENCE[module]
        if (module, name) in self._linked or name not in names.__all__:
            return html
        self._linked.add((module, name))
        return f'<a class="reference" href="{self.root}api/{page}.html#{name}">{html}</a>'


def page_of_text(text: str, source: Path, file: str) -> Page:
    """A text of Markdown; its links go from where its source lies."""
    renderer = OnSite(file, source)
    body = renderer.page(text)
    return _with_words(Page(file, renderer.sections[0].title, body, renderer.sections))


def page_of_notebook(path: Path, explored: list[Explored], doors: Mapping[str, str]) -> Page:
    """A notebook as it is stored, with the films of its explorers in the order in which it shows them."""
    notebook = nbformat.read(path, as_version=4)
    file = path.relative_to(NOTEBOOKS).with_suffix(".html").as_posix()
    renderer, colour = OnSite(file, path), Highlight2HTML()
    views = [
        (cell, output)
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if WIDGET_VIEW in output.get("data", ())
    ]
    figures = [_figure(cell, output, each) for (cell, output), each in zip(views, explored, strict=True)]
    frame = FRAMES.get_template("figure.html.j2")
    html = [frame.render(figure=figure, root=renderer.root, doors=doors) for figure in figures]
    models = [output.data[WIDGET_VIEW]["model_id"] for _, output in views]
    exporter = HTMLExporter(
        template_name="lesson",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        filters=dict(
            markdown_to_html=renderer.page,
            highlight_code=lambda source, metadata: renderer.code(colour(source, metadata=metadata)),
        ),
    )
    doors_again = FRAMES.get_template("doors.html.j2").render(doors=doors, root=renderer.root)
    body, _ = exporter.from_notebook_node(notebook, resources=dict(figures=dict(zip(models, html, strict=True))))
    body = YOUR_TURN.sub(lambda found: found[0] + doors_again, body)
    return _with_words(Page(file, renderer.sections[0].title, body, renderer.sections, figures, doors))


def _figure(cell: NotebookNode, output: NotebookNode, explored: Explored) -> Figure:
    words = output.data["text/plain"]
    if words != explored.words:
        raise ValueError(f"stored is the figure {words!r}, but the films are those of {explored.words!r}")
    title = cell.source.partition("\n")[0]
    return Figure(
        explored.name,
        title.lstrip("# ") if title.startswith("#") else "A figure of your own",
        words,
        base64.b64decode(output.data["image/png"]),
        explored.height,
        explored.asleep,
        explored.alone,
        explored.panels,
        explored.controls,
    )


def _with_words(page: Page) -> Page:
    """The same page, whose sections know their words."""
    parts = re.split(r'<h\d id="[^"]+">.*?</h\d>', page.body, flags=re.S)[1:]
    for section, part in zip(page.sections, parts, strict=True):
        section.words = words_of(part)
    return page
