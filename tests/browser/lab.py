"""JupyterLab in Chromium for the tests and the benchmark: one server, one browser, notebooks in a temporary folder."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Error, Playwright

#: The first is Chromium without its windows, which are never seen here: it takes three quarters of the time
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_NAMES += ("chrome", "msedge")
CHROMIUM_OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL_CHROMIUM = (sys.executable, "-m", "playwright", "install", "chromium")
INSTALL_SECONDS = 300
START_SECONDS = 120  # for JupyterLab, on a machine that is busy with other tests
_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0  # root gets no sandbox of Chromium's, and JupyterLab asks


class NoBrowserError(Exception):
    """No Chromium starts and none can be had; the message holds the command that would install one."""


def open_chromium(playwright: Playwright) -> Browser:
    """The Chromium or Chrome of this machine, else Playwright's own, which is installed where that can be had."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    for way in [*[dict(executable_path=found)] * bool(found), dict(channel="chrome"), {}]:
        with suppress(Error):
            return _launch(playwright, **way)
    with suppress(OSError, subprocess.SubprocessError, Error):
        subprocess.run(INSTALL_CHROMIUM, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        return _launch(playwright)
    raise NoBrowserError(f"no Chromium or Chrome starts here; to install one: {' '.join(INSTALL_CHROMIUM)}")


def _launch(playwright: Playwright, **way: str) -> Browser:
    arguments = CHROMIUM_OPTIONS + ["--no-sandbox"] * _IS_ROOT
    return playwright.chromium.launch(args=arguments, chromium_sandbox=not _IS_ROOT, **way)


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
            self.trust(name)

    def trust(self, name: str) -> None:
        """What `jupyter trust` does."""
        NotebookNotary(data_dir=str(self.data)).sign(nbformat.read(self.root / name, as_version=4))

    def url(self, name: str) -> str:
        """Where a notebook opens, alone in a fresh workspace."""
        return f"{self.address}lab/tree/{name}?token={self.token}&reset"


@contextmanager
def jupyterlab(folder: Path) -> Iterator[Lab]:
    """A JupyterLab with the settings of its environment and none of the user's; it writes into `folder` alone."""
    root, data, config, runtime = (folder / name for name in ("root", "data", "config", "runtime"))
    for each in (root, data, config, runtime):
        each.mkdir(parents=True, exist_ok=True)  # there on the second day
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
    command += [f"--IdentityProvider.token={token}", "--no-browser"]
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
