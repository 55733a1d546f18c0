"""The command line page, from what ``--help`` prints."""

from __future__ import annotations

import io
from contextlib import redirect_stdout, suppress

from jupyter_envlink.cli import main, parser

__all__ = ["COMMANDS", "page"]

COMMANDS = tuple(
    name
    for action in parser()._subparsers._group_actions  # type: ignore[union-attr]
    for name in action.choices or ()
)


def page() -> str:
    sections = [f"## `jupyter envlink {command}`\n\n```text\n{help_text(command)}\n```\n" for command in COMMANDS]
    return "\n".join(sections)


def help_text(command: str) -> str:
    """What ``jupyter envlink COMMAND --help`` prints."""
    said = io.StringIO()
    with redirect_stdout(said), suppress(SystemExit):
        main([command, "--help"])
    return said.getvalue().rstrip()
