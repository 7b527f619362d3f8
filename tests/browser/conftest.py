"""One JupyterLab and one Chromium for all tests of a run."""

import base64
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from ipywidgets.embed import dependency_state
from playwright.sync_api import sync_playwright

from tests.browser import example
from tests.browser.lab import NoBrowserError, jupyterlab, open_chromium
from tests.browser.notebook import Notebook

FIRST_CELL = 3  # of the example's explorers
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(
                pytest.mark.xdist_group("browser")
            )  # one server and one browser, though tests run in parallel


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        try:
            browser = open_chromium(playwright)
        except NoBrowserError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    with jupyterlab(tmp_path_factory.mktemp("lab") / "jupyter") as running:
        shutil.copytree(NOTEBOOKS, running.root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        yield running


@pytest.fixture
def context(chromium):
    with chromium.new_context(viewport=dict(width=1440, height=1000)) as opened:
        yield opened


@pytest.fixture(scope="session")
def made():
    """The explorers of the example in this process: what the browser's pictures are compared with."""
    return example.explorers()


@pytest.fixture(scope="session")
def stored(lab, made):
    """The example as a notebook with stored pictures and widget state: a trusted and an untrusted one."""
    shutil.copy(example.__file__, lab.root)
    cells = [
        nbformat.v4.new_markdown_cell("# Example"),
        _cell("from example import explorers"),
        _cell("made = explorers()"),
    ]
    cells += [_cell(f"made[{name!r}]", explorer) for name, explorer in made.items()]
    state = dependency_state(list(made.values()), drop_defaults=False)
    widgets = {"application/vnd.jupyter.widget-state+json": dict(version_major=2, version_minor=0, state=state)}
    metadata = dict(kernelspec=dict(name="python3", display_name="Python 3", language="python"), widgets=widgets)
    lab.write("untrusted.ipynb", nbformat.v4.new_notebook(cells=cells, metadata=metadata), trusted=False)
    cells[0].source = "# Example, trusted"  # trust goes by content: a copy would be trusted with it
    lab.write("trusted.ipynb", nbformat.v4.new_notebook(cells=cells, metadata=metadata), trusted=True)


def _cell(source, explorer=None):
    if explorer is None:
        return nbformat.v4.new_code_cell(source, execution_count=1)
    data, metadata = explorer._repr_mimebundle_()
    data["image/png"] = base64.b64encode(data["image/png"]).decode()
    result = nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    return nbformat.v4.new_code_cell(source, execution_count=1, outputs=[result])


@pytest.fixture(scope="session")
def live(chromium, lab, stored):
    """The example after all of its cells have run."""
    with chromium.new_context(viewport=dict(width=1440, height=1000)) as opened:
        notebook = Notebook(opened, lab, "trusted.ipynb")
        notebook.run_all()
        yield notebook
        notebook.close()


@pytest.fixture
def figure(live, made):
    """An explorer of the running example, by its name."""
    return lambda name: live.figure(FIRST_CELL + list(made).index(name))
