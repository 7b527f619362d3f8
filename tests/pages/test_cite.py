"""The page that says how to cite the course."""

import yaml

import lsqcore
from pages import ROOT
from pages.cite import cite


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == lsqcore.__version__, "say in CITATION.cff what lsqcore/__init__.py says"
    assert cite().count(lsqcore.__version__) == 2


def test_the_page_has_a_sentence_and_bibtex():
    sentence, bibtex = cite().split("```bibtex")
    assert "The Downhill authors. *Downhill: a notebook course" in sentence
    assert bibtex.count("{") == bibtex.count("}")
    assert "author  = {{The Downhill authors}}," in bibtex
