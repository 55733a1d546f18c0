"""The server extension: the only module that touches ``ServerApp``.

``_link`` runs after the configuration has been read and before the kernel spec manager is made, which is the one
moment at which an extension can choose it (``_load`` is too late); the hook's name is semi-private in
jupyter_server, so a test pins it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from .live import Live
    from .service import Envlink

MANAGER = "jupyter_envlink.manager.EnvlinkKernelSpecManager"


def _link_jupyter_server_extension(serverapp: ServerApp) -> None:
    """List kernels through envlink, unless the user or a gateway has chosen another manager."""
    from jupyter_server.gateway.gateway_client import GatewayClient

    if "kernel_spec_manager_class" in serverapp.config.ServerApp:
        return
    if not GatewayClient.instance(parent=serverapp).gateway_enabled:
        serverapp.set_trait("kernel_spec_manager_class", MANAGER)


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Add the routes and the events. The background work starts with the event loop."""
    from .live import Live
    from .page_language import in_page_language
    from .routes import handlers
    from .sessions import Sessions
    from .use_watch import KERNEL_ACTIONS

    service = _service(serverapp)
    events = serverapp.event_logger
    assert events is not None  # made before extensions are loaded
    for schema in sorted((Path(__file__).parent / "events").glob("*.yaml")):
        events.register_event_schema(schema)
    if "jupyterlab_server" in sys.modules:  # JupyterLab or Notebook is served here
        from .translation import use_own_catalogues

        use_own_catalogues()
    serverapp.web_app.add_handlers(".*$", handlers(serverapp.web_app.settings["base_url"], service))

    def emit(schema: str, data: Mapping[str, Any]) -> None:
        events.emit(schema_id=schema, data=in_page_language(dict(data)))

    serverapp.web_app.settings["envlink"] = service
    sessions = Sessions(
        serverapp.kernel_manager, serverapp.session_manager, serverapp.contents_manager, service.environment_of
    )
    live = Live(service, emit, serverapp.log, sessions)
    events.add_listener(schema_id=KERNEL_ACTIONS, listener=live.hear)
    serverapp.web_app.settings["envlink_live"] = live


def _service(serverapp: ServerApp) -> Envlink:
    """The service, on the manager's own catalog and menu where the server lists kernels through ours."""
    from .manager import EnvlinkKernelSpecManager
    from .service import Envlink

    manager = serverapp.kernel_spec_manager
    if isinstance(manager, EnvlinkKernelSpecManager):
        service = Envlink(parent=serverapp, catalog=manager.catalog, menu=manager.menu)
        if manager.inner:
            manager.inner.on_late = service.announce
        return service
    serverapp.log.info(
        "jupyter_envlink lists no kernels here: %s does, as configured. To have its kernels beside those of "
        "environments, make it the EnvlinkKernelSpecManager.inner_manager_class.",
        type(manager).__name__,
    )
    return Envlink(parent=serverapp)


async def _start_jupyter_server_extension(serverapp: ServerApp) -> None:
    live = serverapp.web_app.settings["envlink_live"]
    _stop_with(serverapp, live)
    await live.start()


def _stop_with(serverapp: ServerApp, live: Live) -> None:
    """End the background work with the server; the watcher's thread would else keep the process from ending.

    jupyter_server has a hook for that in ``ExtensionApp`` alone (``stop_extension``); ``cleanup_extensions`` is what
    calls it.
    """
    cleanup = serverapp.cleanup_extensions

    async def stop() -> None:
        await live.stop()
        await cleanup()

    serverapp.cleanup_extensions = stop  # type: ignore[method-assign]
