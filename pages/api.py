"""`make api`: the public names of lsqcore and of its figures as pages, made of their docstrings, in a folder."""

import sys
from pathlib import Path

import numpy
import numpy.typing
import pdoc

TEMPLATES = Path(__file__).parent / "templates" / "api"

if __name__ == "__main__":
    # So the pages say ArrayLike and numpy.ndarray, and not the types that these stand for: before lsqcore reads them.
    numpy.typing.ArrayLike = type("ArrayLike", (), dict(__module__="builtins"))
    numpy.typing.NDArray = numpy.ndarray
    from lsqcore.explore import Explorer

    # How an explorer is made, and what it says to its browser, has the words of ipywidgets and traitlets only.
    for hidden in (Explorer.__init__, *Explorer.class_own_traits().values()):
        hidden.__doc__ = "@private"
    pdoc.render.configure(docformat="numpy", search=False, show_source=False, template_directory=TEMPLATES)
    # Headings have no addresses: "Parameters" would be the address of many.
    for extension in ("header-ids", "toc"):
        del pdoc.render_helpers.markdown_extensions[extension]
    # A file with the name of the public function in it is no public module.
    pdoc.pdoc("lsqcore", "lsqcore.explore", "!lsqcore.explore.of_reader", output_directory=Path(sys.argv[1]))
