"""One JupyterLab for all tests of a run."""

import shutil

import pytest

from tests.browser import example
from tests.browser.lab import jupyterlab
from tests.browser.notebook import Notebook
from tests.browser.stored import notebook as stored_notebook
from tests.notebooks import DOCUMENTS, LESSONS, ROOT

SIZE = dict(width=1440, height=1000)  # of a page: wide enough for a figure in its full width
FINE = 2  # device pixels a CSS pixel, as in the pictures that are compared


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    with jupyterlab(tmp_path_factory.mktemp("lab") / "jupyter") as running:
        shutil.copytree(
            ROOT / "notebooks", running.root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )
        for lesson in LESSONS + DOCUMENTS:
            running.trust(lesson.relative_to(ROOT).as_posix())
        yield running


@pytest.fixture
def context(chromium):
    with chromium.new_context(viewport=SIZE, device_scale_factor=FINE) as opened:
        yield opened


@pytest.fixture(scope="session")
def made():
    """The explorers of the example in this process: what the browser's pictures are compared with."""
    return {name: make() for name, make in example.EXPLORERS.items()}


@pytest.fixture(scope="session")
def stored(lab, made):
    """The example as a notebook that has been run and stored: a trusted and an untrusted one."""
    shutil.copy(example.__file__, lab.root)
    shown = {f"made[{name!r}]": explorer for name, explorer in made.items()} | {"made['slow']  # again": made["slow"]}
    notebook = stored_notebook(
        "from example import EXPLORERS\n\nmade = {name: make() for name, make in EXPLORERS.items()}", shown
    )
    lab.write("untrusted.ipynb", notebook, trusted=False)
    notebook.cells[0].source += "  # trusted"  # trust goes by content: a mere copy would share it
    lab.write("trusted.ipynb", notebook, trusted=True)


@pytest.fixture(scope="session")
def live(chromium, lab, stored):
    """The example after all of its cells have run."""
    with chromium.new_context(viewport=SIZE, device_scale_factor=FINE) as opened:
        notebook = Notebook(opened, lab, "trusted.ipynb")
        notebook.run_all()
        yield notebook
        notebook.close()


@pytest.fixture
def figure(live, made):
    """An explorer of the running example, by its name."""
    return lambda name: live.figure(1 + list(made).index(name))
