"""What `make slides` writes: every figure and question of a lesson, and all of it on the screen of a projector."""

import re
from operator import attrgetter

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lsqcore import practice
from pages.handout import Handout
from pages.lesson import numbered
from pages.slides import page, slides
from tests.browser.test_accessibility import WCAG
from tests.notebooks import each_lesson

PROJECTORS = [(1280, 720), (1920, 1080), (1024, 768)]
# The slides that hold more than they show, by number and heading
TOO_FULL = """[...document.querySelectorAll("section")].flatMap((slide, index) => {
  const fits = slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth;
  return fits ? [] : [`${index + 1}: ${slide.querySelector("h1, h2").textContent}`];
})"""
# For each picture its share of the screen: of the width, and of the height
SHARES = """[...document.querySelectorAll("figure > img")].map((image) => {
  const scale = Math.min(image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight);
  return [image.naturalWidth * scale / innerWidth, image.naturalHeight * scale / innerHeight];
})"""
ON_SCREEN = """[...document.querySelectorAll("section")]
  .findIndex((slide) => Math.abs(slide.getBoundingClientRect().top) < 1) + 1"""


def of_kind(notebook: nbformat.NotebookNode, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def pictures(notebook: nbformat.NotebookNode) -> list[str]:
    outputs = [output for cell in of_kind(notebook, "code") for output in cell.outputs]
    return [output.data["image/png"] for output in outputs if "image/png" in output.get("data", ())]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The slides of a lesson, by its number, as a file."""

    def written(number: str):
        path = tmp_path_factory.mktemp("slides") / "slides.html"
        path.write_text(page(numbered(number), Handout()), encoding="utf-8")
        return path.as_uri()

    return written


@each_lesson
def test_every_figure_and_question_is_on_a_slide(path):
    lesson, shown = nbformat.read(path, as_version=4), slides(path)
    assert pictures(shown) == pictures(lesson)
    code = "\n".join(cell.source for cell in of_kind(lesson, "code"))
    text = "\n".join(cell.source for cell in of_kind(shown, "markdown"))
    asked = re.findall(r"prediction=practice\.(\w+\.\w+)", code)
    assert len(asked) == text.count("## First a guess")
    for prediction in map(attrgetter, asked):
        assert prediction(practice).question in text
        assert [choice for choice in prediction(practice).choices if f"- {choice}\n" not in text] == []
    prose = "\n".join(cell.source for cell in of_kind(lesson, "markdown"))
    assert text.count("## Your turn, ") == code.count(" = ...\n")
    movements = re.findall(r"^## (?:The question|\d\. .+)$", prose, re.MULTILINE)
    assert [heading for heading in movements if heading not in text] == []
    assert ("## In short" in text) == ("## In short" in prose)
    assert [source for source in map(attrgetter("source"), of_kind(shown, "markdown")) if source.endswith(":")] == []
    begins = [cell.source for cell in shown.cells if cell.metadata.slideshow.slide_type == "slide"]
    assert [source for source in begins if not re.match("##? ", source)] == [], "a slide begins with its heading"


@pytest.mark.parametrize("number", ["01", "14"])
def test_slides_fill_a_projector_and_no_more(chromium, file, number):
    for width, height in PROJECTORS:
        with chromium.new_context(viewport=dict(width=width, height=height)) as context:
            opened = context.new_page()
            fetched = []
            opened.on("request", lambda request, fetched=fetched: fetched.append(request.url))
            opened.goto(file(number))
            opened.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
            assert opened.evaluate(TOO_FULL) == [], f"at {width} × {height} these slides hold more than they show"
            assert [url for url in fetched if not url.startswith(("file:", "data:"))] == []
            for across, down in opened.evaluate(SHARES):
                assert down >= 0.7 or across >= 0.99
            if height == 1080:
                sizes = opened.locator("section p, section li").evaluate_all(
                    "parts => parts.map((part) => parseFloat(getComputedStyle(part).fontSize))"
                )
                assert min(sizes) >= 28


def test_figures_move_in_frames_as_large_as_their_slides(context, tmp_path):
    """Where the site has a page for each; here these are empty."""
    lesson = numbered("01")
    explorers = [f"{number}.html" for number in range(len(pictures(nbformat.read(lesson, as_version=4))))]
    for name in explorers:
        says = "<script>parent.postMessage({ figureHeight: 480 }, '*')</script>" if name == "1.html" else ""
        (tmp_path / name).write_text(f"<!DOCTYPE html><title>A figure</title>{says}", encoding="utf-8")
    (tmp_path / "slides.html").write_text(page(lesson, Handout(), explorers), encoding="utf-8")
    opened = context.new_page()
    opened.set_viewport_size(dict(width=1920, height=1080))
    opened.goto((tmp_path / "slides.html").as_uri())
    frames = opened.locator("figure > iframe")
    assert frames.evaluate_all("frames => frames.map((frame) => frame.getAttribute('src'))") == explorers
    assert frames.first.get_attribute("title") == "How wrong: 8.14. The line is farthest off at x = 5."
    assert opened.locator("figure > img").count() == 0
    assert opened.evaluate(TOO_FULL) == []
    for number, frame in enumerate(frames.all()):
        frame.scroll_into_view_if_needed()
        expect(frame).to_have_attribute("height", "480" if number == 1 else "640")
        place, slide = frame.bounding_box(), frame.locator("..").bounding_box()
        assert max(place["width"] / slide["width"], place["height"] / slide["height"]) == pytest.approx(1, abs=0.01)
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        page(lesson, Handout(), explorers[1:])


def test_keys_of_a_pointer_and_buttons_turn_slides(context, file):
    opened = context.new_page()
    opened.goto(file("01"))
    for key, number in [("PageDown", 2), (" ", 3), ("ArrowRight", 4), ("ArrowUp", 3), ("PageUp", 2), ("ArrowLeft", 1)]:
        opened.keyboard.press(key)
        assert opened.evaluate(ON_SCREEN) == number
    opened.keyboard.press("PageUp")
    assert opened.evaluate(ON_SCREEN) == 1
    for button, number in [("Next slide", 2), ("Slide before", 1)]:
        place = opened.get_by_role("button", name=button)
        place.click()
        assert opened.evaluate(ON_SCREEN) == number
        assert min(place.bounding_box()[side] for side in ("width", "height")) >= 24
    opened.keyboard.press("Space")
    assert opened.evaluate(ON_SCREEN) == 1, "a button that has the focus keeps its keys"
    opened.keyboard.press("PageDown")
    assert opened.evaluate(ON_SCREEN) == 2, "a lecturer's pointer turns all the same"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(chromium, file, width, theme):
    with chromium.new_context(viewport=dict(width=width, height=720), color_scheme=theme) as context:
        opened = context.new_page()
        opened.goto(file("14"))
        assert opened.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(opened, None, dict(runOnly=dict(type="tag", values=WCAG), resultTypes=["violations"]))
        assert found.response["passes"], "axe-core has looked at nothing"
        assert found.violations_count == 0, found.generate_report()


def test_printed_each_slide_is_a_page(context, file):
    opened = context.new_page()
    opened.goto(file("01"))
    pdf = opened.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == opened.locator("section").count()
    assert set(re.findall(rb"/MediaBox \[(.*?)\]", pdf)) == {b"0 0 960 540"}  # points: 16 to 9
