"""Pipenv's virtual environments: ``PROJECT-HASH`` in ``WORKON_HOME``, with a ``.project`` that names the project."""

from __future__ import annotations

import os
import re
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256

from .kernelfiles import read_file
from .placed import PlacedLocator
from .places import at_home, expanded
from .roots import Roots

_NAME = re.compile(r"^(.+?)-([A-Za-z0-9_-]{8})(?:-[\w.-]+)?$")


class PipenvLocator(PlacedLocator):
    """https://pipenv.pypa.io/en/latest/virtualenv.html; the folder as ``pipenv.utils.shell.get_workon_home`` has it."""

    kind = "pipenv"

    def folders(self, roots: Roots) -> Iterator[str]:
        yield expanded(roots, roots.environ.get("WORKON_HOME", ""))
        data = roots.environ.get("XDG_DATA_HOME")
        yield (
            at_home(roots, ".virtualenvs")
            if sys.platform == "win32"
            else at_home(roots, ".local", "share", "virtualenvs")
        )
        if data:
            yield os.path.join(expanded(roots, data), "virtualenvs")

    def name(self, prefix: str) -> str | None:
        """The hash is that of the Pipfile's path: virtualenvwrapper leaves a ``.project``, too, and any name fits."""
        found = _NAME.match(os.path.basename(prefix))
        return found[1] if found and found[2] == _hash(prefix) else None


def _hash(prefix: str) -> str | None:
    """As pipenv forms it (``Project._get_virtualenv_hash``)."""
    try:
        _, content = read_file(os.path.join(prefix, ".project"))
    except OSError:
        return None
    pipfile = os.path.join(os.fsdecode(content).strip(), "Pipfile")
    return urlsafe_b64encode(sha256(os.fsencode(pipfile)).digest()[:6]).decode()[:8]
