"""The page that `make api` writes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import lsqcore

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("api")
    subprocess.run([sys.executable, "-W", "error", "-m", "pages.api", folder], cwd=ROOT, check=True)
    return (folder / "lsqcore.html").read_text(encoding="utf-8")


def test_every_public_name_has_a_section_with_words(page):
    sections = re.findall(r'<section id="(\w+)">(.*?)</section>', page, re.DOTALL)
    described = {name for name, section in sections if 'class="docstring"' in section}
    assert described == set(lsqcore.__all__), "each is to have a docstring"


def test_hints_are_short(page):
    """No name of a private module of NumPy stands in them."""
    signatures = re.findall(r'<span class="signature.*?</div>', page, re.DOTALL)
    assert len(signatures) > len(lsqcore.__all__)
    assert [signature for signature in signatures if "_typing" in signature] == []


def test_a_section_ends_where_the_next_begins(page):
    """After Returns comes a type on its own line, and what is said about it, indented; Notes come last."""
    entries = re.findall(r"<li><strong>(.*?)</strong>", page, re.DOTALL)
    assert len(entries) > 10
    assert [entry for entry in entries if len(entry) > 30] == []
