"""The pages that `make api` writes."""

import inspect
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

import lsqcore
import lsqcore.explore
from tests.browser.test_accessibility import WCAG

ROOT = Path(__file__).parents[1]
PAGES = {"lsqcore.html": lsqcore, "lsqcore/explore.html": lsqcore.explore}
each_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("site") / "api"
    subprocess.run([sys.executable, "-W", "error", "-m", "pages.api", made], cwd=ROOT, check=True)
    return made


@pytest.fixture
def page(folder, name) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_there_is_a_page_for_each_module_and_a_way_in(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.relative_to(folder).as_posix() for path in files} == {"index.html", *PAGES}
    assert sum(path.stat().st_size for path in files) <= 600_000
    first = (folder / "index.html").read_text(encoding="utf-8")
    for name, module in PAGES.items():
        assert [public for public in module.__all__ if f'href="{name}#{public}"' not in first] == []


@each_page
def test_every_public_name_has_a_section_with_words(page, name):
    own = {place: section.partition('class="classattr"')[0] for place, section in _sections(page)}
    described = {place for place, text in own.items() if 'class="docstring"' in text}
    assert described == set(PAGES[name].__all__), "each is to have a docstring"


@each_page
def test_docstrings_are_whole(page, name):
    """No formula has lost a sign to Markdown."""
    for place, section in _sections(page):
        text = re.sub(r"<[^>]+>", "", section)
        words = unescape(" ".join(text.split()))
        for line in _prose(inspect.getdoc(getattr(PAGES[name], place))):
            assert line in words, f"{place} has another text in its docstring"


def _prose(docstring: str) -> list[str]:
    """Its lines without the headings of sections, and without what pdoc sets in bold: the names in them."""
    free, *sections = re.split(r"\n\w+\n-+\n", docstring)
    lines = free.splitlines() + [line for section in sections for line in section.splitlines() if line[:1] == " "]
    return [" ".join(line.replace("`", "").split()) for line in lines]


@each_page
def test_hints_are_short(page, name):
    """No name of a private module of NumPy stands in them."""
    signatures = re.findall(r'<span class="signature.*?</div>', page, re.DOTALL)
    assert len(signatures) >= len(PAGES[name].__all__)
    assert [signature for signature in signatures if re.search("_typing|_Scalar", signature)] == []


@each_page
def test_a_section_ends_where_the_next_begins(page):
    """After Returns comes a type on its own line, and what is said about it, indented; Notes come last."""
    entries = re.findall(r"<li><strong>(.*?)</strong>", page, re.DOTALL)
    assert len(entries) > 5
    assert [entry for entry in entries if len(entry) > 30] == []


@each_page
def test_an_explorer_has_no_words_of_another_package(page):
    assert [words for words in ("Public constructor", "traitlets", "instance of a Python") if words in page] == []


@each_page
def test_every_address_leads_somewhere(folder, page, name):
    """Of them only the course and its icon lie elsewhere: beside the folder."""
    here, course = folder / name, folder.parent
    addresses = set(re.findall(r'(?:href|src)="(.*?)"', page))
    assert [address for address in addresses if "://" in address] == []
    places = Counter(re.findall(r' id="(.*?)"', page))
    assert [place for place, times in places.items() if times > 1] == []
    elsewhere = set()
    for address in addresses:
        file, _, place = address.partition("#")
        target = (here.parent / file).resolve() if file else here
        if target.is_relative_to(folder):
            assert not place or f' id="{place}"' in target.read_text(encoding="utf-8"), address
        else:
            elsewhere.add(target)
    assert elsewhere == {course / "index.html", course / "icon.svg"}


def test_colors_are_those_of_the_site():
    site, api = (
        re.findall(r":root {.*?}", (ROOT / "pages" / file).read_text(encoding="utf-8"))
        for file in ("downhill.css", "templates/api/theme.css")
    )
    assert api == site[: len(api)], "change both files"
    assert len(api) == 2


@each_page
def test_axe_finds_no_violation(chromium, folder, name):
    with chromium.new_page(viewport=dict(width=400, height=800), color_scheme="light") as opened:
        opened.goto((folder / name).as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") == 400, "the page is wider than a phone"
        for scheme, rules in ("light", dict(type="tag", values=WCAG)), ("dark", dict(type="rule", values=IN_COLOR)):
            opened.emulate_media(color_scheme=scheme)
            found = Axe().run(opened, options=dict(runOnly=rules, resultTypes=["violations"]))
            assert found.response["passes"], "axe-core has looked at nothing"
            first = [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]]
            assert first == [], f"in {scheme} colours, the first of each rule: see pages/templates/api"


IN_COLOR = ["color-contrast", "link-in-text-block"]


def _sections(page: str) -> list[tuple[str, str]]:
    """Each name, and its HTML."""
    return re.findall(r'<section id="(\w+)">(.*?)</section>', page, re.DOTALL)
