"""Every source read and merged into one ``Condarc``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .._roots import root_prefixes
from ..redaction import redact
from . import values
from .layers import Layer, read_layer, variables_layer
from .merging import joined, strongest, unique, united
from .places import places
from .settings import DEFAULT_ALIAS, Condarc
from .tokens import anaconda_tokens
from .unsupported import unsupported
from .variables import expand_path


class Loading:
    """One look at one machine's configuration."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._environ = environ
        self._home = home
        self._problems: list[str] = []

    def condarc(self, prefix: str | None) -> Condarc:
        read = [
            (layer, place.chief)
            for place in places(self._environ, self._home, prefix)
            if (layer := read_layer(place.path, self._environ, self._say))
        ]
        exported = variables_layer(self._environ)
        every = [*(layer for layer, _ in read), exported]
        strong = [*(layer for layer, chief in read if chief), exported]
        return self._merged(strong, every)

    def _merged(self, strong: Sequence[Layer], every: Sequence[Layer]) -> Condarc:
        return Condarc(
            **self._channels(strong),
            **self._network(strong),
            **self._packages(strong),
            envs_dirs=self._folders(every, "envs_dirs"),
            pkgs_dirs=self._folders(strong, "pkgs_dirs"),
            sources=tuple(layer.source for layer in every[:-1]),
            unsupported=unique(map(redact, unsupported(strong, _platform))),
            problems=unique(map(redact, self._problems)),
        )

    def _channels(self, layers: Sequence[Layer]) -> dict[str, Any]:
        multichannels = self._map(layers, "custom_multichannels")
        mirrored = self._map(layers, "mirrored_channels")
        return {
            "channels": joined(layers, "channels", self._say) or (),
            "default_channels": joined(layers, "default_channels", self._say),
            "channel_alias": str(strongest(layers, "channel_alias") or DEFAULT_ALIAS).rstrip("/"),
            "custom_channels": self._texts(layers, "custom_channels"),
            "custom_multichannels": values.lists(multichannels, "custom_multichannels", self._say),
            "migrated_channel_aliases": joined(layers, "migrated_channel_aliases", self._say) or (),
            "migrated_custom_channels": self._texts(layers, "migrated_custom_channels"),
            "mirrored_channels": values.lists(mirrored, "mirrored_channels", self._say),
            "tokens": self._tokens(layers),
            "allowlist_channels": joined(layers, "allowlist_channels", self._say) or (),
            "denylist_channels": joined(layers, "denylist_channels", self._say) or (),
            "local_folders": self._local_folders(layers),
            "use_local": self._is_set(layers, "use_local"),
            "channel_priority": values.priority(strongest(layers, "channel_priority"), self._say),
        }

    def _network(self, layers: Sequence[Layer]) -> dict[str, Any]:
        return {
            "ssl_verify": values.verification(strongest(layers, "ssl_verify"), self._environ, self._home, self._say),
            "proxy_servers": self._texts(layers, "proxy_servers"),
            "offline": self._is_set(layers, "offline"),
            "retries": values.number(strongest(layers, "remote_max_retries"), "remote_max_retries", self._say),
            "sharded": self._is_set(layers, "repodata_use_shards", True),
            "zstd": self._is_set(layers, "repodata_use_zst", True),
        }

    def _packages(self, layers: Sequence[Layer]) -> dict[str, Any]:
        return {
            "create_default_packages": joined(layers, "create_default_packages", self._say) or (),
            "pinned_packages": joined(layers, "pinned_packages", self._say) or (),
            "disallowed_packages": joined(layers, "disallowed_packages", self._say) or (),
            "add_pip_as_python_dependency": self._is_set(layers, "add_pip_as_python_dependency"),
            "always_copy": self._is_set(layers, "always_copy"),
        }

    def _is_set(self, layers: Sequence[Layer], key: str, otherwise: bool = False) -> bool:
        said = values.truth(strongest(layers, key), key, self._say)
        return otherwise if said is None else said

    def _tokens(self, layers: Sequence[Layer]) -> Mapping[str, str]:
        wanted = self._is_set(layers, "add_anaconda_token", True)
        return MappingProxyType(anaconda_tokens(self._environ, self._home) if wanted else {})

    def _local_folders(self, layers: Sequence[Layer]) -> tuple[str, ...]:
        """Where conda-build leaves what it has built: ``conda.base.context.Context.conda_build_local_paths``."""
        builds = self._map(layers, "conda_build")
        named = (strongest(layers, "croot"), strongest(layers, "bld_path"), builds.get("root-dir"))
        roots = root_prefixes(self._environ, self._home)[:1]
        written = [*(str(each) for each in named if each), *(os.path.join(root, "conda-bld") for root in roots)]
        folders = (str(expand_path(each, self._environ, self._home)) for each in (*written, "~/conda-bld"))
        return tuple(folder for folder in dict.fromkeys(folders) if os.path.isdir(folder))

    def _folders(self, layers: Sequence[Layer], key: str) -> tuple[str, ...]:
        written = joined(layers, key, self._say) or ()
        return unique(str(expand_path(text, self._environ, self._home)) for text in written)

    def _map(self, layers: Sequence[Layer], key: str) -> dict[str, Any]:
        return united(layers, key, self._say)

    def _texts(self, layers: Sequence[Layer], key: str) -> Mapping[str, str]:
        return MappingProxyType(values.texts(self._map(layers, key)))

    def _say(self, sentence: str) -> None:
        self._problems.append(sentence)


def _platform() -> str:
    from ..envfile.platforms import current

    return current()
