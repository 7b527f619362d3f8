"""The site that `make site` has built, on a server of this machine, in the browser of tests/browser."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.notebooks import ROOT

SITE = ROOT / "build" / "site"
FILMS = ROOT / "build" / "films"


@pytest.fixture(scope="session")
def site():
    """The address of the site."""
    if not (SITE / "index.html").exists():
        if os.environ.get("CI"):
            pytest.fail("there is no site in build/site: `make test` builds it first")
        pytest.skip("`make site` builds what is tested here")
    with served(SITE) as address:
        yield address


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, as long as its server runs."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
