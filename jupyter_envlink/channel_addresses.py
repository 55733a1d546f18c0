"""Names of channels to addresses, as ``conda.models.channel`` finds them.

Unlike conda's, the members of ``custom_multichannels`` may be ``custom_channels``: conda would ask the public alias
for a private name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from .addresses import bare, has_secret, is_path, is_url, rest_below, with_token, without_platform
from .condarc import DEFAULT_ALIAS, Condarc
from .sentence import told

ANACONDA = "https://repo.anaconda.com"


class Source(NamedTuple):
    """An address, and the name of the channel that it belongs to; without a name where only the address tells."""

    url: str
    name: str = ""


def default_channels() -> tuple[str, ...]:
    """What conda takes for ``defaults`` where nothing else is configured."""
    names = ("pkgs/main", "pkgs/r", "pkgs/msys2") if os.name == "nt" else ("pkgs/main", "pkgs/r")
    return tuple(f"{ANACONDA}/{name}" for name in names)


class Names:
    """Names of channels to addresses, by one configuration. What has to be said goes into ``notes``."""

    def __init__(self, condarc: Condarc, notes: list[str]) -> None:
        self._condarc = condarc
        self._notes = notes

    def sources(self, name: str) -> Iterator[Source]:
        """The addresses that ``name``, which may be an address or a folder, stands for."""
        plain = name if is_url(name) or is_path(name) else without_platform(name)
        for url in self._urls(plain, ()):
            yield Source(url, self._channel_of(url, plain))

    @cached_property
    def _multichannels(self) -> Mapping[str, tuple[str, ...]]:
        configured = self._condarc.default_channels
        defaults = default_channels() if configured is None else configured
        folders = tuple(Path(folder).as_uri() for folder in self._condarc.local_folders)
        custom = self._condarc.custom_multichannels
        return {**custom, "defaults": custom.get("defaults", defaults), "local": folders}

    @cached_property
    def _members(self) -> Mapping[str, str]:
        """The multichannel of each address that is a member of one."""
        quiet = Names(self._condarc, [])
        found: dict[str, str] = {}
        for name in self._multichannels:
            for url in quiet._urls(name, ()):
                found.setdefault(url, name)
        return found

    @cached_property
    def _custom(self) -> Mapping[str, str]:
        """Where channels lie that have a place of their own: the members of multichannels are among them."""
        members = {}
        for url in (url for urls in self._multichannels.values() for url in urls if is_url(url)):
            below = rest_below(url, self._condarc.channel_alias)
            name = (below or bare(url).partition("://")[2].partition("/")[2]).strip("/")
            members[name] = url.removesuffix(f"/{name}")
        return {**members, **self._condarc.custom_channels}

    def _urls(self, name: str, within: tuple[str, ...]) -> Iterator[str]:
        members = self._multichannels.get(name) if name not in within else None
        if members is None:
            yield self._url(name)
            return
        if not members:
            self._notes.append(told("The channel {name!r} stands for no channel here: it is left out.", name=name))
        for member in members:
            yield from self._urls(member, (*within, name))

    def _url(self, name: str) -> str:
        if "$" in name:
            self._notes.append(told("The channel {name!r} names a variable that is not set.", name=name))
        if is_url(name):
            return self.with_login(self._migrated(without_platform(name)))
        if is_path(name):
            return without_platform(_file_url(name))
        name = without_platform(name).strip("/")
        return self.with_login(f"{_with_scheme(self._base(name))}/{name}")

    def _base(self, name: str) -> str:
        """Where ``name`` lies: the longest custom channel that it begins with, Anaconda's own, or the alias."""
        parts = name.split("/")
        for length in range(len(parts), 0, -1):
            custom = self._custom.get("/".join(parts[:length]))
            if custom:
                return custom.rstrip("/")
        alias = self._condarc.channel_alias.rstrip("/")
        return ANACONDA if alias == DEFAULT_ALIAS and len(parts) > 1 and parts[0] == "pkgs" else alias

    def _migrated(self, url: str) -> str:
        """The address of now for one that has moved."""
        moved = self._condarc.migrated_custom_channels
        for name in sorted(moved, key=len, reverse=True):
            below = rest_below(url, f"{_with_scheme(moved[name].rstrip('/'))}/{name}")
            if below is not None:
                return self._url(name + below)
        for alias in self._condarc.migrated_channel_aliases:
            below = rest_below(url, _with_scheme(alias.rstrip("/")))
            if below:
                return self._url(below.strip("/"))
        return url

    def with_login(self, url: str) -> str:
        """``url`` with the user or token that is configured for where it lies, unless it has its own."""
        if has_secret(url):
            return url
        bases = (*(f"{base.rstrip('/')}/{name}" for name, base in self._custom.items()), self._condarc.channel_alias)
        for base in sorted(filter(has_secret, bases), key=len, reverse=True):
            below = rest_below(url, base)
            if below is not None:
                return f"{base.rstrip('/')}{below}"
        for base, token in self._condarc.tokens.items():
            if rest_below(url, base) is not None:
                return with_token(url, base, token)
        return url

    def _channel_of(self, url: str, name: str) -> str:
        """The name by which conda groups ``url``: a multichannel's, its own, or what it has below the alias."""
        if name in self._multichannels or url in self._members:
            return name if name in self._multichannels else self._members[url]
        if not is_url(name) and not is_path(name):
            return name
        return (rest_below(url, self._condarc.channel_alias) or "").strip("/")


def _with_scheme(base: str) -> str:
    """conda takes ``channel_alias: host/path`` and folders too."""
    if is_url(base):
        return base
    return _file_url(base) if is_path(base) else f"https://{base}"


def _file_url(path: str) -> str:
    """Normalised, but not through symbolic links: the person's own words come back in the error messages."""
    return Path(os.path.abspath(Path(path).expanduser())).as_uri()
