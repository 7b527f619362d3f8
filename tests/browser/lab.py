"""JupyterLab in Chromium for the tests and the benchmark: one server, one browser, notebooks in a temporary folder."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Error, Playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM_OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL_CHROMIUM = f"{sys.executable} -m playwright install chromium"
START_SECONDS = 120  # for JupyterLab, on a machine that is busy with other tests
_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0  # root gets no sandbox of Chromium's, and JupyterLab asks


class NoBrowserError(Exception):
    """No Chromium was found; the message holds the command that would install one."""


def open_chromium(playwright: Playwright) -> Browser:
    """The Chromium or Chrome of this machine, else Playwright's own."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    try:
        return playwright.chromium.launch(
            executable_path=found, args=CHROMIUM_OPTIONS + ["--no-sandbox"] * _IS_ROOT, chromium_sandbox=not _IS_ROOT
        )
    except Error as error:
        raise NoBrowserError(f"no Chromium could be started; install one with: {INSTALL_CHROMIUM}") from error


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, its token, and the folder that it serves."""

    address: str
    token: str
    root: Path
    data: Path

    def write(self, name: str, notebook: nbformat.NotebookNode, *, trusted: bool) -> None:
        """Put a notebook into the served folder, trusted or not, as if it had been there all along."""
        nbformat.write(notebook, self.root / name)
        if trusted:
            NotebookNotary(data_dir=str(self.data)).sign(nbformat.read(self.root / name, as_version=4))

    def url(self, name: str) -> str:
        """Where a notebook opens, alone in a fresh workspace."""
        return f"{self.address}lab/tree/{name}?token={self.token}&reset"


@contextmanager
def jupyterlab(folder: Path, settings: Mapping[str, Mapping] | None = None) -> Iterator[Lab]:
    """A JupyterLab that knows nothing of the user's own settings; `folder` is empty and may be thrown away after."""
    root, data, config, runtime = (folder / name for name in ("root", "data", "config", "runtime"))
    for each in (root, data, config / "labconfig", runtime):
        each.mkdir(parents=True)
    # the pop-up that asks about news would lie over the notebook
    page = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "labconfig" / "page_config.json").write_text(json.dumps(page))
    for plugin, values in (settings or {}).items():
        file = data / "lab" / "user-settings" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    variables = dict(
        JUPYTER_DATA_DIR=data,
        JUPYTER_CONFIG_DIR=config,
        JUPYTER_RUNTIME_DIR=runtime,
        JUPYTERLAB_SETTINGS_DIR=data / "lab" / "user-settings",
        JUPYTERLAB_WORKSPACES_DIR=data / "lab" / "workspaces",
        IPYTHONDIR=data / "ipython",
        OPENBLAS_NUM_THREADS=1,
    )
    token = os.urandom(12).hex()
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", f"--port={_free_port()}"]
    command += [f"--IdentityProvider.token={token}", "--no-browser", "--expose-app-in-browser"]
    command += ["--allow-root"] * _IS_ROOT
    with (folder / "log").open("w+") as log:
        environment = os.environ | {name: str(value) for name, value in variables.items()}
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield Lab(_wait_for(server, runtime, folder / "log"), token, root, data)
        finally:
            server.terminate()  # shuts its kernels down, too
            server.wait(START_SECONDS)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(server: subprocess.Popen, runtime: Path, log: Path) -> str:
    """The address, once the server answers there."""
    file = runtime / f"jpserver-{server.pid}.json"
    for _ in range(START_SECONDS * 10):
        if server.poll() is not None:
            break
        try:
            address = json.loads(file.read_text())["url"]
            urlopen(f"{address}api").close()
            return address
        except (OSError, ValueError):  # not written, written in part, or not listening yet
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")
