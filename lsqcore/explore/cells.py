"""The explorers of each cell: one that runs again closes those that it made before, and all learn of changes above."""

from typing import Protocol

from IPython import get_ipython


class Made(Protocol):
    """What a cell made: an Explorer."""

    def close(self) -> None: ...
    def look_for_changes(self) -> None: ...


_made: dict[str, tuple[str, list[Made]]] = {}  # by cell: the run that made explorers last, and they


def look_after(explorer: Made) -> None:
    """Close the explorers that an earlier run of the same cell made; JupyterLab names the cell that it runs."""
    shell = get_ipython()
    parent = getattr(shell, "get_parent", dict)()
    if cell := parent.get("metadata", {}).get("cellId"):
        if not _made:
            shell.events.register("post_run_cell", _look_for_changes)
        run = parent["header"]["msg_id"]
        last_run, explorers = _made.get(cell, (run, []))
        if last_run != run:
            for former in explorers:
                former.close()
            explorers = []
        _made[cell] = run, [*explorers, explorer]


def _look_for_changes(_: object) -> None:
    for _, explorers in _made.values():
        for explorer in explorers:
            explorer.look_for_changes()
