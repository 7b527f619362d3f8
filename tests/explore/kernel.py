"""A kernel whose cells are run by name, as JupyterLab runs them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import start_new_kernel


@contextmanager
def kernel(folder: Path | None = None) -> Iterator[Callable[..., str]]:
    """Gives a function that runs the source of a cell and returns the value of an expression as text."""
    manager, client = start_new_kernel(cwd=folder)

    def run(cell: str, source: str, value: str = "None") -> str:
        content = dict(code=source, silent=False, store_history=True, user_expressions=dict(value=value))
        request = client.session.msg("execute_request", content, metadata=dict(cellId=cell))
        client.shell_channel.send(request)
        while (reply := client.get_shell_msg(timeout=600))["parent_header"]["msg_id"] != request["header"]["msg_id"]:
            pass
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{reply['content']['ename']}: {reply['content']['evalue']}\n{source}")
        return reply["content"]["user_expressions"]["value"]["data"]["text/plain"]

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
