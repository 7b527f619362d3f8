"""`make api`: the public names of lsqcore and of its figures as pages, made of their docstrings, in a folder."""

import sys
from pathlib import Path

import numpy.typing
import pdoc

if __name__ == "__main__":
    # So the page says ArrayLike, and not the twelve types that it stands for.
    numpy.typing.ArrayLike = type("ArrayLike", (), dict(__module__="numpy.typing"))
    pdoc.render.configure(docformat="numpy", search=False)
    pdoc.pdoc("lsqcore", "lsqcore.explore", output_directory=Path(sys.argv[1]))
