"""The page that says how to cite the course, from CITATION.cff."""

import yaml

import lsqcore
from pages import ROOT


def cite() -> str:
    """The page, as Markdown."""
    course = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    title, license = course["title"], course["license"]
    authors = " and ".join(author["name"] for author in course["authors"])
    return f"""# Cite this course

{course["message"]} Name the day, too, on which you read it: it changes.

> {authors}. *{title}*. Version {lsqcore.__version__}. {license} license.

For BibTeX:

```bibtex
@software{{downhill,
  author  = {{{{{authors}}}}},
  title   = {{{{{title}}}}},
  version = {{{lsqcore.__version__}}},
  license = {{{license}}}
}}
```
"""
