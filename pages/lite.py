"""`make lite`: the course in JupyterLite, whose kernel runs in the browser itself. The folder for it is the argument.

Python and its compiled packages come from the public address that the kernel's package names, the rest from beside the
page: lsqcore, and what it needs and Pyodide lacks, as wheels in Pyodide's lock. So the first cell of a lesson is the
same as everywhere, and `import lsqcore` fetches all it needs.
"""

import json
import shutil
import subprocess
import sys
from contextlib import chdir
from hashlib import sha256
from importlib.metadata import distribution, version
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import nbformat
from flit_core.buildapi import build_wheel
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_KERNEL_PLUGIN_ID, PYODIDE_VERSION
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pages import NOTEBOOKS, ROOT

# The `pyodide-lock.json` of the npm package pyodide, in the version that the kernel loads, as it is
PYODIDE_LOCK = ROOT / "pages" / f"pyodide-{PYODIDE_VERSION}-lock.json"
SETTINGS = ROOT / "settings" / "share" / "jupyter" / "lab" / "settings" / "overrides.d" / "downhill.json"
PACKAGES = "packages"  # the folder of the wheels and their lock
LSQCORE_NEEDS = ("numpy", "scipy", "anywidget", "contourpy", "ipython", "matplotlib", "pillow", "tqdm", "traitlets")
LESSONS_NEED = ("dask",)  # beside what Pyodide has. Its cluster stays out: a browser has no processes
SCRIPTS = ("jupyterlab-widgets", "widgetsnbextension")  # ipywidgets names them; they are the page's, not the kernel's


def requirements(name: str, python: str) -> list[str]:
    """What an installed package needs in the browser."""
    place = dict(sys_platform="emscripten", platform_system="Emscripten", python_version=python, extra="")
    needs = map(Requirement, distribution(name).requires or [])
    names = [canonicalize_name(need.name) for need in needs if need.marker is None or need.marker.evaluate(place)]
    return [need for need in names if need not in SCRIPTS]


def missing(names: list[str], pyodide: dict, python: str) -> dict[str, list[str]]:
    """The packages that Pyodide has not, of these and of all that they need; and what each of them needs."""
    found: dict[str, list[str]] = {}
    for name in names:
        if name not in pyodide and name not in found:
            found[name] = requirements(name, python)
            found |= missing(found[name], pyodide | found, python)
    return found


def pack(name: str, folder: Path) -> Path:
    """A wheel of an installed package: what is Python in it. What is compiled is for this computer."""
    installed = distribution(name)
    wheel = folder / f"{name.replace('-', '_')}-{version(name)}-py3-none-any.whl"
    with ZipFile(wheel, "w", ZIP_DEFLATED) as archive:
        for file in installed.files or []:
            if file.suffix not in (".so", ".pyd", ".pyc") and ".." not in file.parts:
                archive.write(file.locate(), file.as_posix())
    return wheel


def entry(name: str, wheel: Path, needs: list[str]) -> dict:
    """What a lock says of a wheel beside it."""
    with ZipFile(wheel) as archive:
        tops = {file.partition("/")[0].removesuffix(".py") for file in archive.namelist() if file.endswith(".py")}
    return dict(
        name=name,
        version=wheel.name.split("-")[1],
        file_name=wheel.name,
        install_dir="site",
        sha256=sha256(wheel.read_bytes()).hexdigest(),
        package_type="package",
        imports=sorted(filter(str.isidentifier, tops)),  # not the settings that come with lsqcore
        depends=needs,
        unvendored_tests=False,
    )


def write_packages(folder: Path) -> Path:
    """Our wheels, and the lock of all packages: Pyodide's stay where they are, ours lie beside it."""
    if not PYODIDE_LOCK.exists():
        raise SystemExit(
            f"The kernel now loads Pyodide {PYODIDE_VERSION}: `npm pack pyodide@{PYODIDE_VERSION}`, and put its "
            f"pyodide-lock.json into pages/ as {PYODIDE_LOCK.name}, in place of the old one"
        )
    lock = json.loads(PYODIDE_LOCK.read_text(encoding="utf-8"))
    pyodide = lock["packages"]
    for package in pyodide.values():
        package["file_name"] = f"{PYODIDE_CDN_URL}/{package['file_name']}"
    folder.mkdir(parents=True)
    python = ".".join(lock["info"]["python"].split(".")[:2])
    ours = {
        name: entry(name, pack(name, folder), needs)
        for name, needs in missing([*LSQCORE_NEEDS, *LESSONS_NEED], pyodide, python).items()
    }
    with chdir(ROOT):
        wheel = folder / build_wheel(str(folder))
    ours["lsqcore"] = entry("lsqcore", wheel, list(LSQCORE_NEEDS))
    path = folder / "pyodide-lock.json"
    path.write_text(json.dumps(lock | dict(packages=pyodide | ours)), encoding="utf-8")
    return path


def course() -> list[Path]:
    """Lessons, solutions, companions and their data: what git knows, without a reader's own files."""
    command = ["git", "ls-files", "-z", "*.ipynb", "data"]
    listed = subprocess.run(command, cwd=NOTEBOOKS, check=True, capture_output=True, text=True).stdout
    return [NOTEBOOKS / name for name in listed.split("\0") if name]


def write(folder: Path) -> None:
    """The site, made anew."""
    folder = folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory() as place:
        source = Path(place)
        for path in course():
            copy = source / "files" / path.relative_to(NOTEBOOKS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".ipynb":  # JupyterLite puts a comma between the lines of an output: so it gets one text
                copy.write_text(json.dumps(nbformat.read(path, as_version=4)), encoding="utf-8")
            else:
                shutil.copy(path, copy)
        shutil.copy(SETTINGS, source / "overrides.json")
        kernel = dict(
            disablePyPIFallback=True,  # what is missing is said at once, and nobody else is asked
            loadPyodideOptions=dict(lockFileURL=f"./{PACKAGES}/pyodide-lock.json"),  # seen from the site's own folder
        )
        page = dict(
            appName="Downhill",
            exposeAppInBrowser=True,  # for the button of a figure that runs all cells
            litePluginSettings={PYODIDE_KERNEL_PLUGIN_ID: kernel},
        )
        (source / "jupyter-lite.json").write_text(
            json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": page}), encoding="utf-8"
        )
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", place, "--output-dir", str(folder)]
        command += ["--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages"]
        subprocess.run(command, check=True, cwd=place)
    write_packages(folder / PACKAGES)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
