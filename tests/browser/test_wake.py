"""The first ten minutes: lessons as they are stored, before anything has run, and how their figures wake."""

from contextlib import closing

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.notebook import Notebook
from tests.browser.test_lessons import cells_with_explorers

LESSON_00, LESSON_01 = "notebooks/00_start_here.ipynb", "notebooks/01_the_five_point_line.ipynb"
LAPTOP = dict(width=1366, height=768)
_WIDGETS = "jupyterapp.shell.currentWidget.content"


@pytest.fixture(scope="module")
def page(chromium, lab):
    with (
        chromium.new_context(viewport=LAPTOP) as context,
        closing(Notebook(context, lab, LESSON_00)) as notebook,
    ):
        yield notebook


@pytest.fixture
def lesson(page, lab):
    """Opens lesson 00 or 01 as it is stored, in a copy that can be saved."""

    def open_copy(name, copy):
        (lab.root / copy).write_bytes((lab.root / name).read_bytes())
        lab.trust(copy)
        page.turn_to(copy)
        return page

    return open_copy


def saved(lab, name):
    return nbformat.read(lab.root / name, as_version=4)


def test_first_figure_is_on_the_first_screen_and_plays_before_anything_runs(lesson):
    notebook = lesson(LESSON_00, "first_screen.ipynb")
    root = notebook.page.locator(".downhill").first
    expect(root.get_by_role("img")).to_be_in_viewport(ratio=1)
    play = root.get_by_role("button", name="play")
    expect(play).to_be_in_viewport(ratio=1)
    code = notebook.page.locator(".jp-Cell .jp-InputArea-editor:visible").all()
    for editor in code:
        if editor.locator("xpath=ancestor::*[contains(@class,'jp-CodeCell')]").count():
            assert editor.bounding_box()["y"] > root.bounding_box()["y"], "code stands above the figure"
    play.click()
    notebook.page.wait_for_function("root => root.querySelector('canvas').dataset.row > 5", arg=root.element_handle())
    root.get_by_role("button", name="pause").click()


def test_controls_that_sleep_say_so_and_have_a_button_that_wakes_them(lesson):
    notebook = lesson(LESSON_00, "wake.ipynb")
    cell = cells_with_explorers(notebook)[0]
    figure = notebook.figure(cell)
    assert icons(figure) == [], "a broken link over a figure that lives"
    expect(figure.asleep).to_be_visible()
    expect(figure.sliders).to_be_disabled()
    for point in figure.root.locator(".handle").all():
        expect(point).to_be_disabled()
    expect(figure.playhead).to_be_enabled()
    figure.playhead.press("End")
    assert figure.row == int(figure.playhead.get_attribute("max"))
    figure.root.get_by_role("button", name="Wake them: run all cells").click()
    # the kernel does one thing after another: once it answers this, all cells have run
    kernel = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    notebook.page.evaluate(f"{kernel}.requestExecute({{ code: '' }}).done.then(() => null)")
    sources = sum(cell["cell_type"] == "code" for cell in notebook.cells())
    assert [cell["execution_count"] for cell in notebook.cells() if cell["cell_type"] == "code"] == [
        *range(1, sources + 1)
    ]
    figure = notebook.figure(cell)
    expect(figure.sliders).to_be_enabled()
    expect(figure.asleep).to_be_hidden()
    before = figure.pixels()
    figure.press(figure.sliders.first, "End")
    assert (figure.pixels() != before).any()
    point = figure.root.locator(".handle").first
    said = point.get_attribute("aria-label")
    point.press("Shift+ArrowUp")
    expect(point).not_to_have_attribute("aria-label", said)
    assert notebook.console_errors == []


def test_no_broken_link_over_a_figure_whose_kernel_has_gone(lesson):
    notebook = lesson(LESSON_00, "gone.ipynb")
    notebook.run_all()
    cell = cells_with_explorers(notebook)[0]
    expect(notebook.figure(cell).sliders).to_be_enabled()
    notebook.restart()
    figure = notebook.figure(cell)
    expect(figure.sliders).to_be_disabled()
    expect(figure.asleep).to_be_visible()
    assert icons(figure) == []


def icons(figure):
    """What stands before the figure, or before a widget that it is a part of, as ipywidgets' broken link does."""
    return figure.root.evaluate(
        """root => {
          const found = [];
          for (let node = root; !node.classList.contains("jp-OutputArea"); node = node.parentElement) {
            const { content } = getComputedStyle(node, "::before");
            const ours = node.matches(".downhill, .jupyter-widgets");
            if (ours && content !== "none") found.push([node.className, content]);
          }
          return found;
        }"""
    )


@pytest.mark.parametrize("name", [LESSON_00, LESSON_01])
def test_closed_cells_run_stay_closed_and_lose_nothing_on_save(lab, lesson, name):
    copy = f"closed_{name[10:12]}.ipynb"
    notebook = lesson(name, copy)
    before = saved(lab, copy)
    closed = [k for k, cell in enumerate(before.cells) if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert closed
    notebook.run_all()
    for k in closed:
        place = notebook.page.locator(f".jp-Cell[data-windowed-list-index='{k}']")
        notebook.page.evaluate(f"k => {_WIDGETS}.scrollToItem(k, 'start')", k)
        expect(place.locator(".jp-InputArea-editor")).to_be_hidden()
        expect(place.locator(".jp-Placeholder").first).to_contain_text(before.cells[k].source.splitlines()[0])
    notebook.save()
    after = saved(lab, copy)
    assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
    for k in closed:
        assert after.cells[k].execution_count, f"cell {k} has not run"
        assert after.cells[k].metadata["jupyter"]["source_hidden"]
        assert "hide-input" in after.cells[k].metadata["tags"]
        assert kinds(after.cells[k]) == kinds(before.cells[k])


def kinds(cell):
    """What its outputs hold, by media type."""
    return [sorted(output.get("data", {})) for output in cell.outputs]


def test_a_closed_cell_can_be_opened_changed_and_closed_again(lab, lesson):
    notebook = lesson(LESSON_00, "opened.ipynb")
    before = saved(lab, "opened.ipynb")
    cell = cells_with_explorers(notebook)[0]
    editor = notebook.page.locator(f".jp-Cell[data-windowed-list-index='{cell}'] .jp-InputArea-editor")
    notebook.page.evaluate(f"cell => void ({_WIDGETS}.activeCellIndex = cell)", cell)
    expect(editor).to_be_hidden()
    for command, visible in (("show", True), ("hide", False), ("show", True)):
        notebook.command(f"notebook:{command}-cell-code")
        expect(editor).to_be_visible(visible=visible)
    notebook.page.evaluate(
        f"([cell, text]) => {_WIDGETS}.widgets[cell].model.sharedModel.setSource(text)",
        [cell, before.cells[cell].source + "  # mine"],
    )
    notebook.run_all()
    expect(editor).to_be_visible()
    notebook.save()
    opened = saved(lab, "opened.ipynb").cells[cell]
    assert opened.source.endswith("  # mine")
    assert not opened.metadata.get("jupyter", {}).get("source_hidden"), "who opened it finds it open"
    assert opened.metadata["tags"] == ["hide-input"], "what it is stays written"
    notebook.page.evaluate(f"cell => void ({_WIDGETS}.activeCellIndex = cell)", cell)
    notebook.command("notebook:hide-cell-code")
    notebook.save()
    closed = saved(lab, "opened.ipynb").cells[cell]
    assert closed.metadata == before.cells[cell].metadata
    assert closed.source == opened.source
    assert kinds(closed) == kinds(before.cells[cell])
