"""What may be made, changed and removed: the administrator's word, and our own rules, which nothing overrides."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import lru_cache

from traitlets import Bool, List, Unicode
from traitlets.config import LoggingConfigurable

from .channel_rules import Limits
from .environment import Environment, State
from .errors import NotAllowed
from .reach import Reach
from .sentence import any_of, told

#: Python's own ``_sysconfigdata`` is a Python file that holds the prefix between quotes.
_UNRELOCATABLE = "'\"\n\r"


class Policy(LoggingConfigurable):
    """Decides by path and kind alone; nothing here looks at who asks (that is the server's authorizer's part)."""

    read_only = Bool(False, help="List environments and attach kernels, but create, change and remove none.").tag(
        config=True
    )
    allowed_roots = List(
        Unicode(),
        help="Folders below which environments may be created, changed and removed. "
        "Empty: below every environments folder that was found, and those of ~/.conda/environments.txt.",
    ).tag(config=True)

    allowed_channels = List(
        Unicode(),
        help="Channels that packages may come from, whoever names them: names (conda-forge), addresses, or patterns of "
        "addresses (https://conda.example/*). A name means the public channel, not what somebody's .condarc makes "
        "of it; of a channel that has mirrors, those are judged. Empty: every channel.",
    ).tag(config=True)
    denied_channels = List(
        Unicode(),
        help="Channels that no package may come from, written as for allowed_channels, and stronger than it.",
    ).tag(config=True)

    fetch_from = List(
        Unicode(),
        help="Addresses that environment files may be fetched from, as patterns: https://github.com/*, "
        "https://*.example.org/*. Those that an address redirects to have to match, too: GitHub's files lie at "
        "https://raw.githubusercontent.com/*. Empty: every address.",
    ).tag(config=True)
    fetch_private = Bool(
        False,
        help="Fetch environment files also from private networks and from this machine itself (127.0.0.1, 10.0.0.0/8, "
        "…), which the server may reach where the person in front of the page may not. What tells clouds' machines who "
        "they are (169.254.169.254) is never asked.",
    ).tag(config=True)

    link_scripts = Bool(
        False,
        help="Run the scripts that conda packages bring for when they are installed or removed (post-link, pre-unlink);"
        "they may do whatever the user may do. Where they are not run, the job's log names the packages.",
    ).tag(config=True)

    @property
    def limits(self) -> Limits:
        """What is said of channels, as a value."""
        return Limits(tuple(self.allowed_channels), tuple(self.denied_channels))

    @property
    def reach(self) -> Reach:
        """What is said of addresses that files are fetched from, as a value."""
        return Reach(tuple(self.fetch_from), self.fetch_private)

    def refuse_create(self, prefix: str) -> None:
        """Raises ``NotAllowed`` where no environment may be made at ``prefix``."""
        reason = self._read_only() or self._outside(prefix)
        if reason:
            raise NotAllowed(
                told("{prefix} may not be created: {reason}", prefix=prefix, reason=reason),
                told("Ask whoever runs this server."),
            )
        if any(character in prefix for character in _UNRELOCATABLE):
            message = told(
                "{prefix} has a quote or a line break in it, and packages that hold their own path break there.",
                prefix=prefix,
            )
            raise NotAllowed(message, told("Set envs_dirs in ~/.condarc to another folder."), code="unsupported-path")

    def refuse_change(self, environment: Environment) -> None:
        """Raises ``NotAllowed`` where the environment may not be changed."""
        reason = self.not_changeable(environment)
        if reason:
            raise NotAllowed(
                told("{name} may not be changed: {reason}", name=environment.name, reason=reason),
                told("Create an environment of your own."),
            )

    def refuse_remove(self, environment: Environment) -> None:
        """Raises ``NotAllowed`` where the environment may not be removed."""
        reason = self.not_removable(environment)
        if reason:
            raise NotAllowed(
                told("{name} may not be removed: {reason}", name=environment.name, reason=reason),
                told("Nothing was changed."),
            )

    def not_removable(self, environment: Environment) -> str | None:
        """A sentence that says why the environment cannot be removed; ``None`` when it can."""
        if environment.state is State.BUILDING:
            return told("it is being made; cancel the job instead.")
        return self.not_changeable(environment)

    def refuse_making(self) -> None:
        """Raises ``NotAllowed`` where nothing may be installed at all, be it in no environment."""
        reason = self._read_only()
        if reason:
            raise NotAllowed(
                told("Nothing may be installed: {reason}", reason=reason), told("Ask whoever runs this server.")
            )

    def not_changeable(self, environment: Environment) -> str | None:
        """A sentence that says why the environment may not be changed; ``None`` when it may."""
        if environment.is_base:
            return told("it is the base installation, on which others may depend.")
        if is_server(environment.prefix):
            return told("this Jupyter server runs in it.")
        return self._read_only() or self._outside(environment.prefix) or _not_writable(environment.prefix)

    def _read_only(self) -> str | None:
        return told("this server is set to read-only.") if self.read_only else None

    def _outside(self, prefix: str) -> str | None:
        roots: Sequence[str] = self.allowed_roots
        if not roots or any(_below(prefix, root) for root in roots):
            return None
        return told("it does not lie below {roots}.", roots=any_of(roots))


def is_server(prefix: str) -> bool:
    """Whether this process runs from ``prefix``, directly or by a virtual environment on top of it."""
    return os.path.realpath(prefix) in _canonical(sys.prefix, sys.base_prefix)


@lru_cache(maxsize=1)
def _canonical(*prefixes: str) -> frozenset[str]:
    return frozenset(map(os.path.realpath, prefixes))


def _below(prefix: str, root: str) -> bool:
    own = os.path.realpath(os.path.expanduser(root))
    return os.path.realpath(prefix).startswith(own.rstrip(os.sep) + os.sep)


def _not_writable(prefix: str) -> str | None:
    """Replacing or moving a prefix needs the right to write into its parent as well."""
    for path in (prefix, os.path.dirname(prefix)):
        if not os.access(path, os.W_OK):
            return told("you may not write to {path}.", path=path)
    return None
