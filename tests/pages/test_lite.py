"""`make lite`: what is on the site, and that it opens and asks for nothing but the kernel that its package names."""

import ast
import json
import re
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_KERNEL_NPM_NAME, PYODIDE_VERSION
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pages import NOTEBOOKS, ROOT, lite
from tests.notebooks import DOCUMENTS, LESSONS, SOLUTIONS
from tests.pages.conftest import served
from tests.test_layers import TREES, imported
from tests.test_words import code

#: In place of Pyodide: it asks for the lock that it is given, and gives up.
PYODIDE = "export const loadPyodide = async ({ lockFileURL }) => { await fetch(lockFileURL); throw Error('enough'); };"
SECONDS = 60_000  # in milliseconds, for a page on a machine that is busy with other tests


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """It lies below its host's first folder, as on GitHub Pages."""
    folder = tmp_path_factory.mktemp("host") / "downhill" / "lite"
    lite.write(folder)
    return folder


@pytest.fixture(scope="module")
def packages(site):
    lock = json.loads((site / "packages" / "pyodide-lock.json").read_text(encoding="utf-8"))
    return {canonicalize_name(package["name"]): package for package in lock["packages"].values()}


@pytest.fixture(scope="module")
def address(site):
    with served(site.parents[1]) as host:
        yield f"{host}downhill/lite/"


def third_party(paths):
    """The packages that the code of these files imports."""
    found = set().union(*(imported(list(ast.walk(ast.parse(code(path))))) for path in paths))
    return {name.partition(".")[0] for name in found} - sys.stdlib_module_names


def test_the_stored_lock_is_of_the_pyodide_that_the_kernel_loads(site):
    assert [path.name for path in (ROOT / "pages").glob("pyodide-*.json")] == [f"pyodide-{PYODIDE_VERSION}-lock.json"]
    scripts = (site / "extensions" / PYODIDE_KERNEL_NPM_NAME).rglob("*.js")
    asked = {
        found for path in scripts for found in re.findall(r"https://[^\"']*?/pyodide\.mjs", path.read_text("utf-8"))
    }
    assert asked == {f"{PYODIDE_CDN_URL}/pyodide.mjs"}


def test_every_package_of_the_lock_can_be_had(site, packages):
    for name, package in packages.items():
        unknown = {canonicalize_name(need) for need in package["depends"]} - packages.keys()
        assert not unknown, f"{name} needs {unknown}"
        place = package["file_name"]
        if not place.startswith(f"{PYODIDE_CDN_URL}/"):
            assert sha256((site / "packages" / place).read_bytes()).hexdigest() == package["sha256"]
    beside = {path.name for path in (site / "packages").glob("*.whl")}
    assert beside == {package["file_name"] for package in packages.values()} & beside
    assert {name.partition("-")[0] for name in beside} >= {"lsqcore", "anywidget", "psygnal", "ipywidgets", "comm"}


def test_an_import_of_lsqcore_brings_all_that_it_imports(packages):
    found, left = set(), ["lsqcore"]
    while left:
        package = packages[canonicalize_name(left.pop())]
        if not found >= set(package["imports"]):
            found |= set(package["imports"])
            left += package["depends"]
    asked = third_party(ROOT / "lsqcore" / path for path in TREES)
    assert asked - found == {"dask", "distributed"}, "pages/lite.py says in LSQCORE_NEEDS what comes along"


def test_what_the_lessons_import_is_in_the_lock(packages):
    there = {module for package in packages.values() for module in package["imports"]}
    assert third_party([*LESSONS, *SOLUTIONS, *DOCUMENTS]) <= there, "pages/lite.py adds them in LESSONS_NEED"


def test_versions_are_those_that_are_asked_for(site, packages):
    """But for scikit-learn, which Pyodide has only older than the course asks for: the README says so."""
    older = set()
    for wheel in (site / "packages").glob("*.whl"):
        (about,) = distributions(path=[str(wheel)])
        for need in map(Requirement, about.requires or []):
            package = packages.get(canonicalize_name(need.name))
            asked = need.marker is None or need.marker.evaluate(dict(extra="lab", python_version="3.14"))
            if asked and package and not need.specifier.contains(package["version"]):
                older.add(package["name"])
    assert older == {"scikit-learn"}


def test_wheels_are_plain_python(site, packages, tmp_path):
    names = []
    for package in packages.values():
        if not package["file_name"].startswith("https:"):
            with ZipFile(site / "packages" / package["file_name"]) as wheel:
                assert [name for name in wheel.namelist() if name.endswith((".so", ".pyd", ".pyc"))] == []
                wheel.extractall(tmp_path)
            names += package["imports"]
    ours = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {', '.join(names)}\n"
    files = subprocess.run(
        [sys.executable, "-c", f"{ours}for name in {names!r}: print(sys.modules[name].__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout.splitlines()
    assert len(files) == len(names)
    assert all(Path(file).is_relative_to(tmp_path) for file in files)


def test_the_course_is_there_unchanged(site):
    copied = {path.relative_to(site / "files") for path in (site / "files").rglob("*") if path.is_file()}
    assert copied == {path.relative_to(NOTEBOOKS) for path in lite.course()}
    assert {Path("00_start_here.ipynb"), Path("data/claims.csv")} < copied
    for path in copied:
        if path.suffix == ".ipynb":
            there, here = (nbformat.read(folder / path, as_version=4) for folder in (site / "files", NOTEBOOKS))
            assert there == here
        else:
            assert (site / "files" / path).read_bytes() == (NOTEBOOKS / path).read_bytes()


def test_a_readers_own_files_stay_at_home(tmp_path, monkeypatch):
    names = ["01_line.ipynb", "data/points.csv", "ruff.toml", "solutions/01_line.ipynb"]
    for name in [*names, "Untitled.ipynb", "data/mine.csv", "solutions/.ipynb_checkpoints/01_line.ipynb"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", *names], cwd=tmp_path, check=True)
    monkeypatch.setattr(lite, "NOTEBOOKS", tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in lite.course()] == [*names[:2], names[3]]


def test_a_kernel_of_another_pyodide_is_told_from_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "PYODIDE_LOCK", tmp_path / "pyodide-0.0.0-lock.json")
    with pytest.raises(SystemExit, match=r"npm pack pyodide@"):
        lite.write_packages(tmp_path / "packages")


def test_a_lesson_opens_with_its_pictures_and_asks_only_for_the_kernel(chromium, address):
    asked = set()

    def answer(route):
        asked.add(route.request.url)
        if route.request.url.startswith(address):
            route.continue_()
        elif route.request.url == f"{PYODIDE_CDN_URL}/pyodide.mjs":
            cors = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body=PYODIDE, content_type="text/javascript", headers=cors)
        else:
            route.abort()

    with chromium.new_context(viewport=dict(width=1400, height=1000)) as context:
        context.set_default_timeout(SECONDS)
        context.route(lambda url: url.startswith("http"), answer)
        page = context.new_page()
        with page.expect_request(f"{address}packages/pyodide-lock.json"):
            page.goto(f"{address}lab/index.html?path=02_the_long_valley.ipynb")
        picture = page.locator(".jp-OutputArea-output img").first
        picture.wait_for()
        assert picture.evaluate("image => image.naturalWidth") > 400
        assert page.locator(".jp-Notebook h1").first.inner_text().startswith("The long valley")
        matrix = page.locator(".jp-RenderedText", has_text="array([[ 1.,  3.],").first.inner_text()
        assert matrix.split() == ["array([[", "1.,", "3.],", "[", "3.,", "11.]])"], "a comma between its lines"
        assert page.evaluate("() => Boolean(window.jupyterapp)"), "the button that runs all cells finds no JupyterLab"
    assert {url for url in asked if not url.startswith(address)} == {f"{PYODIDE_CDN_URL}/pyodide.mjs"}
