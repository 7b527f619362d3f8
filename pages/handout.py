"""`make handout LESSON=01`: a lesson to give away, as a page of HTML and as a PDF that need no network."""

import sys
from pathlib import Path

from nbconvert import HTMLExporter
from playwright.sync_api import sync_playwright
from traitlets.config import Config

from pages.markdown import Renderer
from tests.browser.lab import open_chromium
from tests.notebooks import LESSONS

# nbconvert's own page without scripts and films, and with the alt text that it leaves out
PAGE = """{% extends "lab/index.html.j2" %}
{% block html_head_js %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_css %}<style>
main { max-width: 960px; margin: auto; }
math { font: 1.1em "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
@media print {
  :root { --jp-code-font-size: 10.5px; } /* so that 98 columns fit on A4 */
  .jp-CodeCell { break-inside: avoid; }
  :is(h1, h2, h3) { break-after: avoid; }
}
</style>{% endblock %}
{% block data_png %}
<div class="jp-RenderedImage jp-OutputArea-output"><img src="data:image/png;base64,{{ output.data["image/png"] }}"
  alt="{{ (output | get_metadata("alt", "image/png") or output.data["text/plain"]) | e }}"></div>
{% endblock %}
{% block footer %}</html>{% endblock %}"""


class Handout(Renderer):
    """A link to a file that was not handed out is its text alone."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url, title) if url.startswith("https:") else text


def page(lesson: Path) -> str:
    """The HTML of a stored lesson."""
    settings = Config(
        # the stored picture, not the explorer: that one needs scripts of another host
        NbConvertBase=dict(display_data_priority=["image/png", "text/markdown", "text/plain"]),
        TagRemovePreprocessor=dict(enabled=True, remove_input_tags={"hide-input"}),
        HTMLExporter=dict(exclude_input_prompt=True, exclude_output_prompt=True),
    )
    exporter = HTMLExporter(config=settings, raw_template=PAGE)
    exporter.register_filter("markdown2html", Handout().page)
    html, _ = exporter.from_filename(str(lesson))
    return html


def write(number: str, folder: Path) -> list[Path]:
    """Write the lesson's page and its PDF into a folder."""
    lesson = next((path for path in LESSONS if path.name.startswith(f"{number}_")), None)
    if lesson is None:
        raise SystemExit(f"There is no lesson {number!r}: write `make handout LESSON=01`")
    folder.mkdir(parents=True, exist_ok=True)
    html, pdf = (folder / f"{lesson.stem}.{kind}" for kind in ("html", "pdf"))
    html.write_text(page(lesson), encoding="utf-8")
    with sync_playwright() as playwright, open_chromium(playwright) as browser:
        opened = browser.new_page()
        opened.goto(html.resolve().as_uri())
        opened.pdf(path=pdf, format="A4", print_background=True, tagged=True, outline=True)
    return [html, pdf]


if __name__ == "__main__":
    for path in write(sys.argv[1], Path(sys.argv[2])):
        print(path)
