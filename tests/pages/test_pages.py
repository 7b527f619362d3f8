"""Every page of the site: what it asks for, where its links lead, what it weighs, and who can read it."""

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages.films import read
from tests.browser.notebook import Figure
from tests.browser.test_accessibility import WCAG
from tests.notebooks import DOCUMENTS, LESSONS, ROOT
from tests.pages.conftest import FILMS, SITE
from tests.pages.figures import check

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "lite" not in path.parts) or [""]
PLACES = [path.relative_to(ROOT / "notebooks").with_suffix("").as_posix() for path in LESSONS + DOCUMENTS]
#: A phone in the dark. What the width of a page changes depends on no colour, and its colours on no width: so two views
PHONE = dict(width=400, height=900)


class Opened(NamedTuple):
    """A page in the browser, the file that it shows, and what has gone wrong on it so far."""

    page: Page
    file: str
    wrong: list[str]


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


def watch(page):
    """A list of what the page asks for elsewhere, and of what goes wrong on it, from here on."""
    found = []
    page.route(
        "**/*",
        lambda route: found.append(route.request.url) or route.abort() if is_foreign(route) else route.fallback(),
    )
    page.on("pageerror", lambda error: found.append(f"{error}\n{error.stack}"))
    page.on("console", lambda line: line.type in ("error", "warning") and found.append(line.text))
    return found


def go(page, address):
    """Open an address, and wake its figures."""
    page.goto(address)
    for place in page.locator("[data-films]").all():
        place.scroll_into_view_if_needed()
        expect(place.locator("canvas")).to_be_visible()


def is_foreign(route) -> bool:
    return not re.match(r"http://127\.0\.0\.1|file:|data:|blob:", route.request.url)


@pytest.fixture(scope="module")
def opened(request, chromium, site):
    """A page with two pixels a CSS pixel, as in Python's pictures. A test goes on where the one before has left it."""
    with chromium.new_context(viewport=dict(width=1400, height=1000), device_scale_factor=2) as context:
        page = context.new_page()
        wrong = watch(page)
        go(page, site + request.param)
        yield Opened(page, request.param, wrong)


each_page = pytest.mark.parametrize(
    "opened", [file for file in PAGES if not file.startswith("figures/")], indirect=True, scope="module"
)


@each_page
def test_page_asks_nobody_else_and_can_be_read_by_all(opened):
    fits(opened.page)
    judge(opened.page)
    assert opened.wrong == []


@pytest.mark.parametrize("opened", [f"{place}.html" for place in PLACES], indirect=True, scope="module")
def test_figures_show_what_python_makes(opened):
    if not any(FILMS.glob("*-expected.json")):
        pytest.skip("`pytest --films build/films notebooks` makes what is expected here")
    explored = read(FILMS, opened.file.removesuffix(".html"))
    assert opened.page.locator(".explorer").count() == len(explored)
    for each in explored:
        check(opened.page.locator(f"[data-films='{each.name}']"), each.name)
    assert opened.wrong == []


@each_page
def test_page_can_be_read_on_a_phone_in_the_dark(opened):
    opened.page.set_viewport_size(PHONE)
    opened.page.emulate_media(color_scheme="dark")
    fits(opened.page)
    judge(opened.page)
    assert opened.wrong == []


@pytest.mark.parametrize("place", PLACES)
def test_figure_alone_asks_nobody_else_and_can_be_read_by_all(chromium, site, place):
    with chromium.new_context(viewport=PHONE, color_scheme="dark") as context:
        page = context.new_page()
        found = watch(page)
        for each in read(FILMS, place):
            go(page, f"{site}figures/{each.name}.html")
            fits(page)
            judge(page)
        assert found == []


def test_on_a_phone_the_verdict_stays_in_sight(chromium, site):
    phone = dict(viewport=dict(width=390, height=844), has_touch=True, is_mobile=True)
    with chromium.new_context(**phone) as context:
        page = context.new_page()
        page.goto(f"{site}01_the_five_point_line.html")
        for root in page.locator(".explorer").all():
            root.scroll_into_view_if_needed()
            expect(root.locator("canvas")).to_be_visible()
            figure = Figure(root)
            if figure.skip.count():
                figure.skip.tap()
                box = figure.verdict.bounding_box()
                assert 0 <= box["y"] < box["y"] + box["height"] <= 844


def fits(page):
    """No wider than the window, once the figures have found their width."""
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
        found = watch(page)
        go(page, (SITE / "01_the_five_point_line.html").as_uri())
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
        assert found == []


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
