"""Channels as conda means them, as the full URLs that an engine is handed.

rattler knows nothing of ``defaults``, ``pkgs/main``, ``custom_channels`` or condarc: names are resolved here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .condarc import Condarc, expand_variables
from .redaction import redact

__all__ = ["Channels", "redact", "resolve"]

FALLBACK = "conda-forge"
ANACONDA = "https://repo.anaconda.com"
_SUBDIR = re.compile(r"/(?:noarch|(?:linux|osx|win|emscripten|wasi|freebsd|zos)-[a-z0-9]+)/*$")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PATH = re.compile(r"(?:\.{1,2}|~)?[/\\]|[A-Za-z]:[/\\]|\.{1,2}$|~$")
_PKGS = re.compile(r"pkgs/(?:main|r|msys2|free|pro|mro|archive|mro-archive)")
_SPEC = re.compile(
    r"\s*(?P<prefix>[^\s\[\]=<>!]+?)::|.*\[[^\]]*\bchannel\s*=\s*(?P<bracket>'[^']*'|\"[^\"]*\"|[^,\]]+)"
)


@dataclass(frozen=True)
class Channels:
    """What to ask, in order. The URLs may hold tokens: ``redact`` them before anybody sees them."""

    urls: tuple[str, ...]
    """Base URLs, without a platform and without a slash at the end."""
    priority: str
    """``strict``, ``flexible`` or ``disabled``."""
    notes: tuple[str, ...] = ()
    """Sentences about what was decided, without secrets."""

    @property
    def shown(self) -> tuple[str, ...]:
        """The URLs without their secrets."""
        return tuple(redact(url) for url in self.urls)


def resolve(
    file_channels: Sequence[str] | None, specs: Sequence[str], condarc: Condarc, environ: Mapping[str, str]
) -> Channels:
    """The file's channels, then the configured ones unless the file says ``nodefaults``, then those of the specs.

    ``file_channels`` is ``None`` where the file has no ``channels:``. Where neither file nor configuration names any,
    conda-forge is used (conda 25.9 and later refuse, micromamba does this).
    """
    notes = list(condarc.problems)
    named = [expand_variables(name.strip(), environ) for name in file_channels or ()]
    chain = _chain(named, condarc, notes)
    inside = [expand_variables(name, environ) for spec in specs if (name := spec_channel(spec))]
    known = _Names(condarc, notes)
    urls = _unique(url for name in (*chain, *inside) for url in known.urls(name))
    if not urls:
        urls = _unique(known.urls(FALLBACK))
    return Channels(urls, condarc.channel_priority, _unique(redact(note) for note in notes))


def spec_channel(spec: str) -> str | None:
    """The channel that a spec asks for itself (``conda-forge::numpy``, ``numpy[channel=…]``), without a platform."""
    found = _SPEC.match(spec)
    if found is None:
        return None
    return _SUBDIR.sub("", (found["prefix"] or found["bracket"]).strip(" '\"")) or None


def _chain(named: list[str], condarc: Condarc, notes: list[str]) -> list[str]:
    """Names in order; a note where the file does not decide alone."""
    own = [name for name in named if name and name != "nodefaults"]
    configured = [] if "nodefaults" in named else [name for name in condarc.channels if name != "nodefaults"]
    if not own and configured:
        notes.append(f"The file names no channels: the configured ones are used ({', '.join(configured)}).")
    if not own and not configured:
        notes.append(f"No channels are configured, and the file names none: {FALLBACK} is used.")
        return [FALLBACK]
    return own + configured


class _Names:
    """Names of channels to URLs, by one configuration."""

    def __init__(self, condarc: Condarc, notes: list[str]) -> None:
        self._condarc = condarc
        self._notes = notes

    def urls(self, name: str, within: tuple[str, ...] = ()) -> Iterator[str]:
        members = self._members(name)
        if members is not None and name not in within:
            for member in members:
                yield from self.urls(member, (*within, name))
        elif name == "local":
            self._notes.append("The channel 'local' (conda-bld) is left out: give its folder as a file:// URL.")
        else:
            yield self._url(name)

    def _members(self, name: str) -> tuple[str, ...] | None:
        """What a name stands for, where it stands for several channels."""
        known = self._condarc.custom_multichannels.get(name)
        if known is not None or name != "defaults":
            return known
        return self._condarc.default_channels or default_channels()

    def _url(self, name: str) -> str:
        if "$" in name:
            self._notes.append(f"The channel {name!r} names a variable that is not set.")
        if _URL.match(name):
            return _SUBDIR.sub("", name).rstrip("/")
        if _PATH.match(name):
            return _SUBDIR.sub("", _file_url(name)).rstrip("/")
        name = _SUBDIR.sub("", name).strip("/")
        return f"{_with_scheme(self._base(name))}/{name}"

    def _base(self, name: str) -> str:
        """Where ``name`` lies: the longest custom channel that it begins with, Anaconda's own, or the alias."""
        parts = name.split("/")
        for length in range(len(parts), 0, -1):
            custom = self._condarc.custom_channels.get("/".join(parts[:length]))
            if custom:
                return custom.rstrip("/")
        if _PKGS.fullmatch("/".join(parts[:2])):
            return ANACONDA
        return self._condarc.channel_alias.rstrip("/")


def _with_scheme(base: str) -> str:
    """conda takes ``channel_alias: host/path`` and folders too."""
    if _URL.match(base):
        return base
    return _file_url(base) if _PATH.match(base) else f"https://{base}"


def _file_url(path: str) -> str:
    """Normalised, but not through symbolic links: the person's own words come back in the error messages."""
    return Path(os.path.abspath(Path(path).expanduser())).as_uri()


def default_channels() -> tuple[str, ...]:
    """What conda takes for ``defaults`` where nothing else is configured."""
    names = ("pkgs/main", "pkgs/r", "pkgs/msys2") if os.name == "nt" else ("pkgs/main", "pkgs/r")
    return tuple(f"{ANACONDA}/{name}" for name in names)


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
