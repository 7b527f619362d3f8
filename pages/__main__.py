"""`make site`: all lessons, solutions and companions as pages whose figures move without Python, in a folder."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pygments.formatters import HtmlFormatter

from lsqcore.explore.explorer import SCRIPT, STYLE
from pages import NOTEBOOKS, ROOT
from pages.cite import cite
from pages.films import read
from pages.page import FRAMES, OnSite, Page, page_of_notebook, page_of_text
from pages.slides import page as slides
from pages.teaching import teaching
from tests.notebooks import DOCUMENTS, LESSONS, SOLUTIONS
from tests.notebooks.run import main as run

HERE = Path(__file__).parent
FILMS = ROOT / "build" / "films"
MADE_OF = [*(ROOT / "lsqcore").rglob("*.py"), HERE / "films.py"]  # what films are made of, beside their notebook


def is_stale(notebook: Path) -> bool:
    """Whether its films are older than what they are made of."""
    made = FILMS / notebook.relative_to(NOTEBOOKS).with_suffix(".json")
    return not made.exists() or made.stat().st_mtime < max(each.stat().st_mtime for each in (notebook, *MADE_OF))


class Site:
    """A folder of pages; what lies in its folder `lite` stays, and is linked to."""

    def __init__(self, folder: Path, repository: str) -> None:
        self.folder, self.repository = folder, repository
        self.has_lite = (folder / "lite" / "index.html").exists()
        for old in folder.glob("*"):
            if old.name != "lite":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for inner in ("films", "figures", "pictures", "solutions", "documents", "data", "slides"):
            (folder / inner).mkdir(parents=True)
        self.lessons, self.solutions, self.documents = (
            [self._read(path) for path in group] for group in (LESSONS, SOLUTIONS, DOCUMENTS)
        )

    def _read(self, path: Path) -> Page:
        place = path.relative_to(NOTEBOOKS).with_suffix("").as_posix()
        return page_of_notebook(path, read(FILMS, place), self.doors(f"{place}.ipynb"))

    def doors(self, notebook: str) -> dict[str, str]:
        """Where Python runs for a notebook, in words and as addresses: seen from the site's own folder."""
        lite = {"in this browser": f"lite/lab/index.html?path={notebook}"} if self.has_lite else {}
        hub = f"https://mybinder.org/v2/gh/{self.repository}/HEAD?urlpath=lab/tree/notebooks/{notebook}"
        return lite | ({"on Binder": hub} if self.repository else {})

    def write(self) -> None:
        """Write all of it."""
        for pages in (self.lessons, self.documents):
            for page, previous, following in zip(pages, [None, *pages], [*pages[1:], None], strict=False):
                self.frame(page, previous=previous, next=following, slides=pages is self.lessons)
        for path, lesson in zip(LESSONS, self.lessons, strict=True):
            figures = [f"../figures/{figure.name}.html" for figure in lesson.figures]
            html = slides(path, OnSite(f"slides/{lesson.file}", path), figures)
            (self.folder / "slides" / lesson.file).write_text(html, encoding="utf-8")
        lessons = {lesson.file: lesson for lesson in self.lessons}
        for page in self.solutions:  # a teacher may keep them apart
            self.frame(page, previous=lessons[page.file.removeprefix("solutions/")])
        benchmarks = NOTEBOOKS / "data" / "benchmarks.md"
        others = [
            page_of_text(teaching(), HERE / "teaching.md", "teaching.html"),
            page_of_text(cite(), HERE / "cite.py", "cite.html"),
            page_of_text(benchmarks.read_text(encoding="utf-8"), benchmarks, "data/benchmarks.html"),
        ]
        for page in others:
            self.frame(page)
        start = FRAMES.get_template("start.html.j2").render(lessons=self.lessons, documents=self.documents, root="")
        self.frame(Page("index.html", "Downhill", start))
        self.frame(Page("search.html", "Search", FRAMES.get_template("search.html.j2").render()), scripts=["search.js"])
        command = [sys.executable, "-m", "pages.api", self.folder / "api"]  # a process of its own: see there
        subprocess.run(command, cwd=ROOT, check=True)
        self._write_files()
        self._write_search([*self.lessons, *self.documents, *self.solutions, *others])

    def frame(self, page: Page, **more: object) -> None:
        """Write a page in its frame, with the figures that it shows."""
        root = "../" * page.file.count("/")
        html = FRAMES.get_template("frame.html.j2").render(more, page=page, lessons=self.lessons, root=root)
        (self.folder / page.file).write_text(html, encoding="utf-8")
        for figure in page.figures:
            (self.folder / "pictures" / f"{figure.name}.png").write_bytes(figure.picture)
            shutil.copy(FILMS / f"{figure.name}.js", self.folder / "films")
            html = FRAMES.get_template("alone.html.j2").render(figure=figure, page=page, root="../")
            (self.folder / "figures" / f"{figure.name}.html").write_text(html, encoding="utf-8")

    def _write_files(self) -> None:
        script = SCRIPT.replace("export default", "globalThis.downhillFigure =")  # a file from a disk is no module
        (self.folder / "figure.js").write_text(f"(() => {{\n{script}}})();\n", encoding="utf-8")
        light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("xcode", "github-dark"))
        own = (HERE / "downhill.css").read_text(encoding="utf-8")
        style = f"{STYLE}\n{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n{own}"
        (self.folder / "downhill.css").write_text(style, encoding="utf-8")
        for name in ("downhill.js", "search.js", "icon.svg"):
            shutil.copy(HERE / name, self.folder)
        for data in (NOTEBOOKS / "data").glob("*.csv"):
            shutil.copy(data, self.folder / "data")

    def _write_search(self, pages: Sequence[Page]) -> None:
        found = [
            [page.file, page.title, section.id, section.title, section.words]
            for page in pages
            for section in page.sections
        ]
        words = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        (self.folder / "words.js").write_text(f"downhillWords({words});\n", encoding="utf-8")


if __name__ == "__main__":
    FILMS.mkdir(parents=True, exist_ok=True)
    old = [path for path in (*LESSONS, *SOLUTIONS, *DOCUMENTS) if is_stale(path)]
    if old and (failure := asyncio.run(run(old, FILMS))):
        sys.exit(failure)
    folder = Path(sys.argv[1])
    Site(folder, os.environ.get("REPOSITORY", "")).write()
    print(folder / "index.html")
