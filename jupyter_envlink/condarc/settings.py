"""conda's configuration, merged: a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

DEFAULT_ALIAS = "https://conda.anaconda.org"


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Condarc:
    """Empty where nobody has configured anything. Addresses may hold secrets, so they are left out of its ``repr``."""

    channels: tuple[str, ...] = field(default=(), repr=False)
    default_channels: tuple[str, ...] | None = field(default=None, repr=False)
    """What ``defaults`` stands for; ``None`` for conda's own, empty where somebody wants no such channel."""
    channel_alias: str = field(default=DEFAULT_ALIAS, repr=False)
    custom_channels: Mapping[str, str] = field(default_factory=_nothing, repr=False)
    custom_multichannels: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing, repr=False)
    migrated_channel_aliases: tuple[str, ...] = field(default=(), repr=False)
    migrated_custom_channels: Mapping[str, str] = field(default_factory=_nothing, repr=False)
    mirrored_channels: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing, repr=False)
    """mamba's: where a channel's files are loaded from instead, the best first."""
    tokens: Mapping[str, str] = field(default_factory=_nothing, repr=False)
    """Those of anaconda-client, by address."""
    allowlist_channels: tuple[str, ...] = field(default=(), repr=False)
    denylist_channels: tuple[str, ...] = field(default=(), repr=False)
    local_folders: tuple[str, ...] = ()
    """What the channel ``local`` stands for: folders of conda-build that are there."""
    use_local: bool = False
    channel_priority: str = "flexible"
    """``strict``, ``flexible`` or ``disabled``."""
    envs_dirs: tuple[str, ...] = ()
    """Only the configured ones, absolute; those of every base installation are among them."""
    pkgs_dirs: tuple[str, ...] = ()
    create_default_packages: tuple[str, ...] = ()
    pinned_packages: tuple[str, ...] = ()
    disallowed_packages: tuple[str, ...] = ()
    add_pip_as_python_dependency: bool = False
    """conda's default is true; here, as for pixi, pip comes where a file asks for it."""
    always_copy: bool = False
    ssl_verify: bool | str = True
    """``False``, ``True``, ``"truststore"``, or the path of certificates: a file or a folder."""
    proxy_servers: Mapping[str, str] = field(default_factory=_nothing, repr=False)
    offline: bool = False
    retries: int | None = None
    sharded: bool = True
    zstd: bool = True
    sources: tuple[str, ...] = ()
    """The files that were read, the weakest first."""
    problems: tuple[str, ...] = ()
    """Sentences about files and values that could not be used, without secrets."""
    unsupported: tuple[str, ...] = ()
    """Sentences about what is set and has no effect here, without secrets."""
