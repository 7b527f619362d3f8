"""What a reader ran and saved, opened again the next day, when nothing runs any more."""

import json
import shutil
from contextlib import closing
from urllib.request import urlopen

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from tests.browser import example
from tests.browser.conftest import FINE, SIZE
from tests.browser.lab import jupyterlab
from tests.browser.notebook import Notebook
from tests.browser.stored import KERNEL
from tests.browser.test_explorer import SAME
from tests.notebooks import WIDGET_STATE

NAMES = ["descent", "all_marks", "number"]


@pytest.fixture(scope="module")
def second_day(chromium, tmp_path_factory):
    """A JupyterLab in whose folder lessons lie that were run and saved in another one, which has been stopped."""
    folder = tmp_path_factory.mktemp("days") / "jupyter"
    with jupyterlab(folder) as lab, chromium.new_context(viewport=SIZE, device_scale_factor=FINE) as context:
        shutil.copy(example.__file__, lab.root)
        cells = ["from example import EXPLORERS", *(f"EXPLORERS[{name!r}]()" for name in NAMES)]
        for name in ("run", "restarted"):
            sources = [f"# {name}", *cells]
            empty = new_notebook(cells=[*map(new_code_cell, sources)], metadata=dict(kernelspec=KERNEL))
            lab.write(f"{name}.ipynb", empty, trusted=True)
            with closing(Notebook(context, lab, f"{name}.ipynb")) as notebook:
                notebook.run_all()
                notebook.run_all()  # the explorers of the first time are not to be found in the file
                asked = notebook.figure(2 + NAMES.index("number"))
                asked.root.get_by_role("textbox", name="your guess").fill("50")
                asked.root.get_by_role("button", name="Lock in my guess").click()
                shown = notebook.figure(2)
                shown.press(shown.sliders.first, "Home")
                if name == "restarted":
                    notebook.restart()
                    expect(shown.sliders).to_be_disabled()
                notebook.save()
    with jupyterlab(folder) as lab:
        copy = nbformat.read(lab.root / "run.ipynb", as_version=4)
        copy.cells[0].source = "# as it comes from somebody else"
        lab.write("untrusted.ipynb", copy, trusted=False)
        yield lab


@pytest.mark.parametrize("name", ["run", "restarted"])
def test_figures_of_a_saved_lesson_are_there_and_move(second_day, context, name):
    with closing(Notebook(context, second_day, f"{name}.ipynb")) as notebook:
        for index, explorer in enumerate(NAMES):
            shown = notebook.figure(2 + index)
            before = shown.pixels()
            shown.playhead.press("End")
            assert (shown.pixels() != before).any()
            assert shown.caption.inner_text().strip()
            expect(shown.sliders.first).to_be_disabled()
            if explorer != "number":  # over which the guess is drawn
                assert shown.difference(example.EXPLORERS[explorer]()) <= SAME
        assert notebook.figure(2).positions == [0], "as its slider was left"
        expect(notebook.figure(4).root).to_contain_text("You said 50 iterations")
        assert not notebook.changed
        assert notebook.console_errors == []


@pytest.mark.parametrize("name", ["run", "restarted"])
def test_saved_lesson_holds_the_explorers_that_it_shows_and_no_others(second_day, name):
    saved = nbformat.read(second_day.root / f"{name}.ipynb", as_version=4)
    models = saved.metadata.widgets[WIDGET_STATE].state.values()
    assert sorted(model.model_name for model in models) == ["AnyModel"] * len(NAMES) + ["LayoutModel"] * len(NAMES)


def test_untrusted_copy_shows_pictures_and_captions(second_day, context):
    with closing(Notebook(context, second_day, "untrusted.ipynb")) as notebook:
        for index in range(2, 2 + len(NAMES)):
            picture = notebook.page.locator(f".jp-Cell[data-windowed-list-index='{index}'] .jp-OutputArea-output img")
            expect(picture).to_be_visible()
            [output] = notebook.outputs()[index]
            words = ("Learning rate", "Growth", "First a guess: After how many iterations")
            assert output["data"]["text/plain"].startswith(words)
        assert notebook.page.locator(".downhill").count() == 0


def test_no_news_pops_up_over_the_first_lesson(lab):
    settings = f"{lab.address}lab/api/settings/@jupyterlab/apputils-extension:notification?token={lab.token}"
    with urlopen(settings) as answer:
        properties = json.load(answer)["schema"]["properties"]
    assert properties["fetchNews"]["default"] == "false"
