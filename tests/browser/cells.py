"""A notebook of cells that a test writes, whose kernel can be asked."""

import json
from ast import literal_eval

from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import BrowserContext

from tests.browser.lab import Lab
from tests.browser.notebook import Figure, Notebook
from tests.browser.stored import KERNEL

_CELLS = "jupyterapp.shell.currentWidget.content"
_KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"


class Cells(Notebook):
    """Cells by their sources, which have run once."""

    def __init__(self, context: BrowserContext, lab: Lab, name: str, *sources: str) -> None:
        cells = [new_code_cell(source) for source in sources]
        lab.write(name, new_notebook(cells=cells, metadata=dict(kernelspec=KERNEL)), trusted=True)
        super().__init__(context, lab, name)
        self.run_all()

    def rewrite(self, cell: int, source: str) -> None:
        """Change a cell as a reader does, and run it."""
        self.page.evaluate(
            f"([cell, text]) => {_CELLS}.widgets[cell].model.sharedModel.setSource(text)", [cell, source]
        )
        self.run_cell(cell)

    def run_cell(self, cell: int) -> None:
        """Run one cell, and wait until it has run."""
        self.page.evaluate(f"cell => void ({_CELLS}.activeCellIndex = cell)", cell)
        self.command("notebook:run-cell")

    def show(self, cell: int) -> None:
        """Bring a cell into view."""
        self.page.evaluate(f"cell => {_CELLS}.scrollToItem(cell, 'start')", cell)

    def python(self, expression: str) -> object:
        """The value of an expression in the kernel: numbers, text, tuples, lists and dicts of them."""
        asked = json.dumps(dict(code="", user_expressions=dict(answer=expression)))
        reply = self.page.evaluate(f"{_KERNEL}.requestExecute({asked}).done.then(({{ content }}) => content)")
        answer = reply["user_expressions"]["answer"]
        assert answer["status"] == "ok", f"{expression}: {answer}"
        return literal_eval(answer["data"]["text/plain"])

    def expect_python(self, expression: str, value: object) -> None:
        """Wait until an expression has a value in the kernel: what a page sends is under way for a moment."""
        found = None
        for _ in range(50):
            if (found := self.python(expression)) == value:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{expression} is {found!r} in Python, expected {value!r}")


def at(figure: Figure) -> dict:
    """The values of the controls whose film the picture shows."""
    return json.loads(figure.canvas.get_attribute("data-at"))
