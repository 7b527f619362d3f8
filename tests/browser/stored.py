"""Notebooks with stored pictures and widget state, made without a kernel."""

import base64
from collections.abc import Mapping

from ipywidgets.embed import dependency_state
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

import lsqcore.explore as fig
from tests.notebooks import WIDGET_STATE

#: Without it JupyterLab asks which kernel to use.
KERNEL = dict(name="python3", display_name="Python 3", language="python")


def notebook(first: str, shown: Mapping[str, fig.Explorer]) -> NotebookNode:
    """A first cell, then a cell for each explorer that is shown, by its source: all as if they had been run."""
    nodes = dependency_state(list(shown.values()), drop_defaults=False)
    return new_notebook(
        cells=[new_code_cell(first, execution_count=1), *(_cell(*each) for each in shown.items())],
        metadata=dict(
            kernelspec=KERNEL,
            widgets={WIDGET_STATE: dict(version_major=2, version_minor=0, state=nodes)},
        ),
    )


def _cell(source: str, explorer: fig.Explorer) -> NotebookNode:
    data, metadata = explorer._repr_mimebundle_()
    data["image/png"] = base64.b64encode(data["image/png"]).decode()
    result = new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    return new_code_cell(source, execution_count=1, outputs=[result])
