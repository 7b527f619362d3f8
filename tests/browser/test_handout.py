"""What `make handout` writes, as it is read: in a browser without a network, and printed."""

import re
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup

from lsqcore import practice
from pages.handout import page
from pages.markdown import mathml
from tests.notebooks import LESSONS, ROOT, each_lesson

A4 = dict(width=698, height=1026)  # CSS pixels within nbconvert's margins

# What is wider than its place, and so cut off on paper
CUT_OFF = """[...document.querySelectorAll("pre, img, math, table")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1 || part.getBoundingClientRect().right > innerWidth)
  .map((part) => part.tagName + ": " + part.textContent)"""


@pytest.fixture
def sheet(context):
    """A page that keeps a list of all that is fetched for it."""
    opened = context.new_page()
    opened.fetched = []
    opened.on("request", lambda request: opened.fetched.append(request.url))
    return opened


@each_lesson
def test_page_has_every_picture_and_formula(path):
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ()) if "image/png" in output.get("data", ())]
    html = BeautifulSoup(page(path), "html.parser").body
    images = [(image["src"].removeprefix("data:image/png;base64,"), image["alt"]) for image in html.find_all("img")]
    assert images == [(output.data["image/png"], output.data["text/plain"]) for output in outputs]
    text = html.get_text()
    assert "Loading widget" not in text
    assert [line for line in text.splitlines() if "$" in line] == [], "formulas that are not set"
    formulas = html.find_all("math")
    assert [formula.get_text() for formula in formulas if "&" in formula.get_text()] == [], "rows not aligned"
    signs = sum(cell.source.count("$") for cell in cells if cell.cell_type == "markdown")
    assert sum(4 if formula["display"] == "block" else 2 for formula in formulas) == signs
    assert html.find_all("script") == []
    assert [link["href"] for link in html.find_all("a") if "ipynb" in link["href"]] == []


@pytest.mark.parametrize("path", [LESSONS[1], LESSONS[4]], ids=lambda path: path.stem)
def test_page_needs_no_network_and_fits_on_paper(sheet, tmp_path, path):
    file = tmp_path / "handout.html"
    file.write_text(page(path, solutions=True), encoding="utf-8")
    sheet.goto(file.as_uri())
    for image in sheet.locator("img").all():
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 960
    assert [url for url in sheet.fetched if not url.startswith("data:")] == [file.as_uri()]
    sheet.set_viewport_size(A4)
    sheet.emulate_media(media="print")
    assert sheet.evaluate(CUT_OFF) == []


def test_code_of_closed_cells_is_left_out(tmp_path):
    notebook = nbformat.read(LESSONS[1], as_version=4)
    code = next(
        cell
        for cell in notebook.cells
        if any("image/png" in output.get("data", ()) for output in cell.get("outputs", ()))
    )
    code.source, code.metadata = "# The closed one", nbformat.from_dict(dict(tags=["hide-input"]))
    nbformat.write(notebook, tmp_path / "copy.ipynb")
    html = page(tmp_path / "copy.ipynb")
    assert "The closed one" not in html
    assert code.outputs[0].data["image/png"].strip() in html


def test_solutions_follow_the_lesson_and_the_choices_their_figure(tmp_path):
    """The one has no answer, the other all of them."""
    plain, solved = page(LESSONS[1]), page(LESSONS[1], solutions=True)
    asked = practice.five_point_line.which_slope
    assert all(f"☐ {choice}" in plain for choice in asked.choices)
    assert "Not answered yet" not in plain
    assert (
        plain.index("First a guess: The best line") < plain.index("☐ less than 2") < plain.index("low ground is long")
    )
    for words in (
        "Solutions: the five-point line",
        asked.choices[asked.answer],
        "Right. 19 steps",
        "With the solutions",
    ):
        assert words not in plain
        assert words in solved
    assert "The same imports" not in solved
    assert solved.index("Sources") < solved.index("Solutions: the five-point line") < solved.index("Right. 19 steps")
    ids = re.findall(r'\bid="(cell-.*?)"', solved)
    assert len(ids) == len(set(ids))


def test_minus_is_a_sign_after_an_opening_bracket_only():
    assert mathml("(-4, -5) - 1 = -1").count('form="prefix"') == 3


@pytest.mark.usefixtures("chromium")
def test_pdf_has_pages_pictures_and_their_words(tmp_path):
    command = [sys.executable, "-W", "error", "-m", "pages.handout", "01", tmp_path, "with-solutions"]
    subprocess.run(command, cwd=ROOT, check=True)
    [file] = tmp_path.glob("01_*_with_solutions.pdf")
    pdf = file.read_bytes()
    [html] = tmp_path.glob("01_*.html")
    pictures = html.read_text(encoding="utf-8").count("<img")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 4
    assert len(re.findall(rb"/Subtype /Image\b", pdf)) >= pictures
    assert len(re.findall(rb"/Alt\b", pdf)) >= pictures


def test_lesson_that_is_not_there_is_named():
    refusal = subprocess.run(
        [sys.executable, "-m", "pages.handout", "99", "build"], cwd=ROOT, capture_output=True, text=True
    )
    assert "There is no lesson '99'" in refusal.stderr
