"""What `make lab`, `make test` and Binder set up. A stub stands for Python, so that nothing is installed."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from tests.notebooks import DOCUMENTS, LESSONS, ROOT, SOLUTIONS, WIDGET_STATE

SETTINGS = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "settings").rglob("*")) if path.is_file()]
PLUGINS = "settings/share/jupyter/lab/settings/overrides.d/downhill.json"
unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no make: the README says what to type")

# Says how it was called; as `-m venv` it makes an environment of copies of itself.
STUB = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$*" in
  "-m venv"*"--clear"*) rm -rf .venv;;
esac
case "$*" in
  "-m venv"*) mkdir -p .venv/bin && for name in python jupyter mypy ruff uv; do cp "$0" ".venv/bin/$name"; done;;
esac
"""


@pytest.fixture
def course(tmp_path):
    """A new copy of the files that `make` reads."""
    folder = tmp_path / "mein Kurs ü"
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-test.lock", *SETTINGS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def calls(folder, *targets):
    """The programs that `make` starts there."""
    python, log = folder.parent / "python", folder.parent / "calls"
    python.write_text(STUB)
    python.chmod(0o755)
    log.write_text("")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment["CALLS"] = str(log)
    subprocess.run(["make", *targets, f"PYTHON={python}"], cwd=folder, env=environment, check=True, capture_output=True)
    return log.read_text().splitlines()


def environments(called):
    return [call for call in called if "-m venv" in call]


def pytest_of(called):
    """What `make` asks of pytest."""
    (call,) = (call for call in called if "-m pytest" in call)
    return shlex.split(call)


def notebooks_in(arguments):
    return [name for name in arguments if name.endswith(".ipynb")]


def locks(called):
    """What was installed, in its order."""
    return [call.split()[-1] for call in called if "--require-hashes" in call]


@unix
def test_lab_and_test_install_once_and_no_more_than_they_need(course):
    assert locks(calls(course, "lab")) == ["requirements.lock"]
    assert locks(calls(course, "test")) == ["requirements-test.lock"]
    for target in ("lab", "test"):
        again = calls(course, target)
        assert again
        assert (environments(again), locks(again)) == ([], [])


@unix
@pytest.mark.parametrize("target", ["lab", "test"])
def test_an_environment_is_made_again_in_a_folder_that_was_renamed(course, target):
    assert len(environments(calls(course, target))) == 1
    renamed = course.rename(course.with_name("Kurs umbenannt"))
    called = calls(renamed, target)
    assert len(environments(called)) == 1
    assert "--clear" in environments(called)[0]  # else pip finds all in place, and leaves the scripts as they are
    assert locks(called)[0] == "requirements.lock"
    assert environments(calls(renamed, target)) == []


@unix
@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", *SETTINGS])
def test_what_changed_is_installed(course, name):
    calls(course, "lab")
    os.utime(course / name, (later := (course / ".venv" / "lab").stat().st_mtime + 1, later))
    called = calls(course, "lab")
    assert (environments(called), locks(called)) == ([], ["requirements.lock"])
    assert any("--editable" in call for call in called)


@unix
def test_check_is_style_types_numerics_and_rules(course):
    for name in ("test_descent.py", "test_practice.py", "test_setup.py"):
        (course / "tests" / name).parent.mkdir(exist_ok=True)
        (course / "tests" / name).touch()
    called = calls(course, "check")
    assert [call.strip() for call in called[-4:-1]] == ["ruff format --check", "ruff check", "mypy"]
    assert [name for name in pytest_of(called) if name.endswith(".py")] == [
        "tests/notebooks/test_rules.py",
        "tests/test_descent.py",
    ]


@unix
def test_check_of_a_lesson_runs_its_notebooks_and_what_is_named_after_it(course):
    for name in ("08_one.ipynb", "solutions/08_one.ipynb", "09_more_rows.ipynb", "documents/d1_five.ipynb"):
        (course / "notebooks" / name).parent.mkdir(parents=True, exist_ok=True)
        (course / "notebooks" / name).touch()
    arguments = pytest_of(calls(course, "check", "LESSON=08"))
    assert notebooks_in(arguments) == ["notebooks/08_one.ipynb", "notebooks/solutions/08_one.ipynb"]
    assert notebooks_in(pytest_of(calls(course, "check", "LESSON=d1"))) == ["notebooks/documents/d1_five.ipynb"]
    assert {"tests/notebooks/test_sweep.py", "tests/test_practice.py"} < set(arguments)
    assert [name for name in arguments if name.startswith("tests/") and not (ROOT / name).exists()] == []
    assert arguments[arguments.index("-k") + 1] == "08_"  # or …
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        calls(course, "check", "LESSON=10")
    assert "There is no notebooks/10_" in refusal.value.stderr.decode()


@unix
@pytest.mark.parametrize(("target", "resolution"), [("newest", "highest"), ("lowest", "lowest-direct")])
def test_other_versions_stay_in_place_of_the_locked_ones(course, target, resolution):
    called = calls(course, target, "test") + calls(course, "lab")
    assert locks(called) == []
    assert [call for call in called if call.startswith("uv ") and f"--resolution {resolution}" in call]


def test_readers_and_testers_have_the_same_versions():
    lab, everything = (
        {
            re.sub(" ;.*", "", pin)  # where: for the tests that may be in more places
            for pin in re.findall(r"^[^ #].*(?:\\\n.*)*", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        }
        for name in ("requirements.lock", "requirements-test.lock")
    )
    assert lab < everything
    assert {re.match("[a-z-]+", pin)[0] for pin in everything - lab} >= {"playwright", "pytest", "ruff", "mypy"}


@unix
def test_lab_opens_the_first_lesson_with_the_settings_of_the_course(course, tmp_path):
    *_, call = calls(course, "lab")
    jupyter, lab, *arguments = shlex.split(call)
    assert (jupyter, lab) == ("jupyter", "lab")
    assert shlex.join(arguments).removeprefix("--allow-root ") in (ROOT / "README.md").read_text(encoding="utf-8")
    variables = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    environment = os.environ | {name: str(tmp_path / name) for name in variables}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = next(
                filter(None, (re.search(r"(http\S+/)lab(\S*)\?(token=\S+)", line) for line in server.stderr))
            )
            base, path, token = address.groups()
            assert path == "/tree/00_start_here.ipynb"
            wait_for(f"{base}api")
            urlopen(f"{base}api/contents/{path.removeprefix('/tree/')}?content=0&{token}").close()
            for plugin, values in json.loads((ROOT / PLUGINS).read_text()).items():
                with urlopen(f"{base}lab/api/settings/{plugin}?{token}") as answer:
                    properties = json.load(answer)["schema"]["properties"]
                assert {name: properties[name]["default"] for name in values} == values
            with urlopen(f"{base}lab?{token}") as answer:
                [settings] = re.findall(
                    r'id="jupyter-config-data"[^>]*>(.*?)</script>', answer.read().decode(), re.DOTALL
                )
            page = json.loads(settings)
            assert page["exposeAppInBrowser"], "the button that runs all cells finds no JupyterLab"
            extensions = {extension["name"] for extension in page["federated_extensions"]}
            assert "anywidget" in extensions
            assert not [name for name in extensions if name.startswith("@jupyterlite/")], "JupyterLab cannot load them"
        finally:
            server.terminate()


def test_stored_figures_are_drawn_by_every_version_of_anywidget_that_is_allowed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = next(bound for bound in project["optional-dependencies"]["lab"] if bound.startswith("anywidget"))
    models = [
        model["model_module_version"]
        for lesson in LESSONS + DOCUMENTS
        for model in nbformat.read(lesson, as_version=4).metadata.widgets[WIDGET_STATE].state.values()
        if model["model_module"] == "anywidget"
    ]
    assert [version.replace("~", "anywidget~=").replace("*", "0") for version in set(models)] == [allowed]


def wait_for(address):
    """The server says its address before it listens."""
    for _ in range(600):
        with suppress(URLError):
            return urlopen(address).close()
        time.sleep(0.1)
    raise TimeoutError(address)


@unix
def test_binder_trusts_every_lesson(tmp_path):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | dict(JUPYTER_DATA_DIR=str(tmp_path), PATH=path)
    subprocess.run([ROOT / "postBuild"], cwd=ROOT, env=environment, check=True, capture_output=True)
    notary = NotebookNotary(data_dir=str(tmp_path))
    for lesson in (*LESSONS, *SOLUTIONS, *DOCUMENTS):
        assert notary.check_signature(nbformat.read(lesson, as_version=4)), lesson.name
