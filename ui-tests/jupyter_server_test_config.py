"""The server of the browser tests. Never use it elsewhere: it is open to whoever can reach its port."""

import os

from jupyterlab.galata import configure_jupyter_server

c = get_config()  # noqa: F821  (traitlets puts it here)
configure_jupyter_server(c)
c.ServerApp.port = int(os.environ["ENVLINK_UI_PORT"])
c.ServerApp.allow_root = True
c.JupyterNotebookApp.expose_app_in_browser = True
c.Policy.fetch_private = True  # a web server of the tests is on this machine
