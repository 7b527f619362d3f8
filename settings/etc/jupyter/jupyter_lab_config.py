"""For every start of JupyterLab in this environment."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends what a kernel says at once.

    A server that first waits for the page to confirm the message before, as TCP does by default, holds back the film
    of a moved slider by 40 ms.
    """

    async def connect(self) -> None:
        """Open the way from the kernel to the page."""
        self.websocket_handler.set_nodelay(True)
        await super().connect()


def without_lite(_handler, page):
    """Without the kernel of JupyterLite, which `make test` installs: in JupyterLab it is an error in the console."""
    page["federated_extensions"] = [
        extension for extension in page["federated_extensions"] if not extension["name"].startswith("@jupyterlite/")
    ]
    return page


c = get_config()  # noqa: F821 - of the file's reader
c.ServerApp.kernel_websocket_connection_class = PromptConnection
c.LabApp.expose_app_in_browser = True  # for the button of a figure that runs all cells
c.ServerApp.tornado_settings = {"page_config_hook": without_lite}
