"""Exits 1 where a route of the extension would answer somebody who is not signed in.

jupyter_server warns of each handler without a decorator when unauthenticated access is not allowed; here that
warning is a failure. Run it with ``python .github/scripts/check_auth.py``.
"""

from __future__ import annotations

import sys
import warnings

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import JupyterServerAuthWarning


def unauthenticated_routes() -> list[str]:
    """The server's complaints, one for each route. A failure to load the extension at all is raised."""
    app = ServerApp(
        allow_root=True,
        allow_unauthenticated_access=False,
        jpserver_extensions={"jupyter_envlink": True},
        reraise_server_extension_failures=True,
    )
    with warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        app.initialize(argv=[], find_extensions=False, new_httpserver=False)
    return [str(record.message) for record in records if issubclass(record.category, JupyterServerAuthWarning)]


if __name__ == "__main__":
    problems = unauthenticated_routes()
    if problems:
        sys.exit("\n".join([*problems, "Add @tornado.web.authenticated and @authorized to the verbs named."]))
    print("Every route of jupyter_envlink asks who is there.")
