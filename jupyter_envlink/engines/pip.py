"""An environment's own pip: run as conda runs it, but for what would leak into it from the server's environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from .. import process
from ..errors import PipFailed
from ..sentence import told
from .pip_configuration import option_name, settings

_RUN = "import runpy, sys; del sys.path[0]; runpy.run_module('pip', run_name='__main__', alter_sys=True)"
"""``-m pip`` would import from the folder that it is run in, the file's, before anything else: for any Python."""

#: Where packages are had from, and how; ``PIP_TARGET``, ``PIP_USER`` and the like decide where they go, and stay out.
_KEPT = frozenset(
    {
        *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "cert", "client-cert"),
        *("proxy", "timeout", "default-timeout", "retries", "config-file", "cache-dir", "no-cache-dir"),
        *("keyring-provider", "use-deprecated"),
    }
)
_SET = {
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_NO_COLOR": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
    "PYTHONNOUSERSITE": "1",
}
"""As variables, since an old pip does not mind one that it does not know."""
_STARTS_WITHIN = 120.0


def pip_install(python: str) -> list[str]:
    """``pip install`` of ``python`` as conda has it."""
    return [python, "-c", _RUN, "install", "--exists-action=b"]


def pip_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """A clean environment in which pip asks what the user has told it to ask. It reads its own files itself."""
    kept = {name: value for name, value in environ.items() if option_name(name) in _KEPT}
    return {**process.clean_environ(environ, pip=True), **kept, **_SET}


def refuse_without_pip(python: str, cwd: str) -> None:
    """Raises ``PipFailed`` where ``python`` has no pip, or none that starts (``no-pip``), or where a configuration file
    of pip cannot be read (``pip-config``)."""
    settings(os.environ)
    argv = [python, "-c", _RUN, "--version"]
    done = process.run(argv, env=pip_environ(os.environ), cwd=cwd, timeout=_STARTS_WITHIN)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[-1]
        message = told("pip, which is to install for {python}, does not start there: {said}", python=python, said=said)
        remedy = told("List pip among the packages of the file, or let uv install (Envlink.pip).")
        raise PipFailed(message, remedy, code="no-pip")
