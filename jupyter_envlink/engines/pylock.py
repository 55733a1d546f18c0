"""Asking the package index where installed distributions can be had, by uv."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import process
from ..channels import redact
from ..errors import ChannelError
from ..sentence import told
from .uv import find_uv, no_index, uv_environ

#: Seconds.
_ASKED_WITHIN = 120


def pylock(items: Sequence[str], python_version: str | None) -> str:
    """A ``pylock.toml`` (PEP 751) of just ``items``, lines of a requirements file, asking as the user's pip would.

    Raises ``ChannelError`` (``index``) where the index does not have one of them, or does not answer.
    """
    argv = [find_uv(), "pip", "compile", "--no-deps", "--no-header", "--format", "pylock.toml", "--quiet"]
    argv += ["--color", "never", "--index-strategy", "unsafe-best-match", "--python", sys.executable]
    argv += ["--python-version", python_version] if python_version else []
    argv += ["--no-index"] if no_index() else []
    with TemporaryDirectory(prefix="envlink-") as folder:
        Path(folder, "requirements.in").write_text("".join(f"{item}\n" for item in items), encoding="utf-8")
        done = process.run(
            [*argv, "requirements.in"], env=uv_environ(os.environ), cwd=folder, timeout=_ASKED_WITHIN, check=False
        )
    if done.returncode:
        reason = redact(done.stderr.strip()[-2000:])
        message = told("The index of Python packages does not give what is installed: {reason}", reason=reason)
        remedy = told(
            "Check the network and pip's configuration, or choose a format that names no files: yml or requirements."
        )
        raise ChannelError(message, remedy, code="index")
    return done.stdout
