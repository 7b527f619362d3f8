"""Every page of the site: what it asks for, where its links lead, what it weighs, and who can read it."""

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.films import read
from tests.browser.test_accessibility import WCAG
from tests.notebooks import DOCUMENTS, LESSONS, ROOT
from tests.pages.conftest import FILMS, SITE

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "lite" not in path.parts) or [""]
#: One page of each kind: what axe-core finds at 400 px in the dark depends on the styles that all of a kind share
KINDS = ["index.html", "search.html", "teaching.html", "02_the_long_valley.html", "documents/d1_five_points.html"]
KINDS += ["solutions/02_the_long_valley.html", "slides/02_the_long_valley.html", "api/lsqcore.html"]


class Parts(HTMLParser):
    """The links of a page, and the places that can be linked to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.places |= {found["id"]} if "id" in found else set()
        self.links += [found[name] for name in ("href", "src") if found.get(name)]


@cache
def parts(path: Path) -> Parts:
    return Parts(path.read_text(encoding="utf-8"))


def open_page(page, address):
    """Open a page and wake its figures; the answer is what it asked for elsewhere, and what went wrong."""
    found = []
    page.unroute_all()
    page.route(
        "**/*",
        lambda route: found.append(route.request.url) or route.abort() if is_foreign(route) else route.fallback(),
    )
    page.on("pageerror", lambda error: found.append(f"{error}\n{error.stack}"))
    page.on("console", lambda line: line.type in ("error", "warning") and found.append(line.text))
    page.goto(address)
    for place in page.locator("[data-films]").all():
        place.scroll_into_view_if_needed()
        expect(place.locator("canvas")).to_be_visible()
    return found


def is_foreign(route) -> bool:
    return not re.match(r"http://127\.0\.0\.1|file:|data:|blob:", route.request.url)


@pytest.mark.parametrize("file", [file for file in PAGES if not file.startswith("figures/")])
def test_page_asks_nobody_else_and_can_be_read_by_all(chromium, site, file):
    with chromium.new_context(viewport=dict(width=1400, height=900)) as context:
        page = context.new_page()
        assert open_page(page, site + file) == []
        judge(page)
        look_at_it_on_a_phone_in_the_dark(page)
        if file in KINDS:
            judge(page)


@pytest.mark.parametrize("path", LESSONS + DOCUMENTS, ids=lambda path: path.stem)
def test_figure_alone_asks_nobody_else_and_can_be_read_by_all(chromium, site, path):
    place = path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    with chromium.new_context(viewport=dict(width=1400, height=900)) as context:
        page = context.new_page()
        for each in read(FILMS, place):
            assert open_page(page, f"{site}figures/{each.name}.html") == []
            look_at_it_on_a_phone_in_the_dark(page)
            judge(page)


def look_at_it_on_a_phone_in_the_dark(page):
    page.set_viewport_size(dict(width=400, height=900))
    page.emulate_media(color_scheme="dark")
    # once the figures have found their new width
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=20_000)


def judge(page):
    """By axe-core."""
    found = Axe().run(page, options=dict(runOnly=dict(type="tag", values=WCAG), resultTypes=["violations"]))
    assert "color-contrast" in {rule["id"] for rule in found.response["passes"]}, "axe-core has looked at nothing"
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("file", PAGES)
def test_links_lead_somewhere(file):
    for link in parts(SITE / file).links:
        if link.startswith(("https:", "data:")):
            continue
        path, _, place = urljoin(f"/{file}", unquote(link)).partition("#")
        target = SITE / path.partition("?")[0].lstrip("/")
        assert target.is_file(), f"{link}: there is no such file"
        assert not place or target.suffix != ".html" or place in parts(target).places, f"{link}: no such place on it"


@pytest.mark.usefixtures("site")
def test_site_from_a_disk(chromium):
    """No server, and so no module, no fetch."""
    with chromium.new_context() as context:
        page = context.new_page()
        assert open_page(page, (SITE / "01_the_five_point_line.html").as_uri()) == []
        figure = page.locator("[data-films$='-4']")
        before = figure.locator(".caption").inner_text()
        figure.locator("input[type=range]").press("End")
        expect(figure.locator(".caption")).not_to_have_text(before)
        page.goto((SITE / "search.html").as_uri())
        page.get_by_role("searchbox").fill("learning rate limit")
        first = page.locator("#found a").first
        expect(first).to_be_visible()
        first.click()
        expect(page.locator(":target")).to_be_visible()


@pytest.mark.usefixtures("site")
def test_site_is_light():
    """As a server sends it, packed by gzip."""
    sizes = {path: len(packed(path)) for path in SITE.rglob("*") if path.is_file() and "lite" not in path.parts}
    assert sum(sizes.values()) <= 12e6
    for file in PAGES:
        page = SITE / file
        links = (urljoin(f"/{file}", link).lstrip("/") for link in parts(page).links)
        films = (f"films/{name}.js" for name in re.findall(r'data-films="(.+?)"', page.read_text(encoding="utf-8")))
        shown = {SITE / link for link in (*links, *films) if not link.endswith(".html")}
        assert sum(sizes.get(path, 0) for path in {page, *shown}) <= 3e6, file


def packed(path: Path) -> bytes:
    whole = path.read_bytes()
    return whole if path.suffix == ".png" else gzip.compress(whole)
