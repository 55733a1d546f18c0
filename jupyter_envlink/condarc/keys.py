"""The keys of condarc that are known here: their aliases, their kinds, and which of them expand variables.

After conda 26's ``conda.base.context.Context``; ``mirrored_channels`` is mamba's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "add_binstar_token": "add_anaconda_token",
        "blacklist_channels": "denylist_channels",
        "channel": "channels",
        "client_cert": "client_ssl_cert",
        "client_cert_key": "client_ssl_cert_key",
        "conda-build": "conda_build",
        "cooldown": "exclude_newer",
        "cooldown_exclude": "exclude_newer_package",
        "copy": "always_copy",
        "disallow": "disallowed_packages",
        "envs_path": "envs_dirs",
        "experimental_solver": "solver",
        "override_virtual_packages": "virtual_packages",
        "softlink": "always_softlink",
        "verify_ssl": "ssl_verify",
        "whitelist_channels": "allowlist_channels",
    }
)

#: What parts the items in a ``CONDA_*`` variable. Every other key's variable holds one value.
LISTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("channels", "default_channels", "allowlist_channels", "denylist_channels"), ","),
        **dict.fromkeys(("migrated_channel_aliases", "pkgs_dirs", "create_default_packages"), ","),
        **dict.fromkeys(("aggressive_update_packages", "track_features", "repodata_fns", "subdirs"), ","),
        **dict.fromkeys(("experimental", "preview"), ","),
        **dict.fromkeys(("pinned_packages", "disallowed_packages"), "&"),
        "envs_dirs": os.pathsep,
        "channel_settings": ",",
    }
)

MAPS = frozenset(
    {
        "conda_build",
        "custom_channels",
        "custom_multichannels",
        "exclude_newer_package",
        "migrated_custom_channels",
        "mirrored_channels",
        "proxy_servers",
        "virtual_packages",
    }
)

SINGLES = frozenset(
    {
        "add_anaconda_token",
        "add_pip_as_python_dependency",
        "always_copy",
        "always_softlink",
        "bld_path",
        "channel_alias",
        "channel_priority",
        "client_ssl_cert",
        "client_ssl_cert_key",
        "croot",
        "deps_modifier",
        "exclude_newer",
        "extra_safety_checks",
        "offline",
        "path_conflict",
        "remote_max_retries",
        "repodata_use_shards",
        "repodata_use_zst",
        "restore_free_channel",
        "safety_checks",
        "signing_metadata_url_base",
        "solver",
        "ssl_verify",
        "subdir",
        "update_modifier",
        "use_local",
        "use_only_tar_bz2",
    }
)

KNOWN = frozenset(LISTS) | MAPS | SINGLES

#: Whose values name variables.
EXPANDED = frozenset(
    {
        "allowlist_channels",
        "channel_alias",
        "channels",
        "client_ssl_cert",
        "client_ssl_cert_key",
        "custom_channels",
        "custom_multichannels",
        "default_channels",
        "denylist_channels",
        "envs_dirs",
        "migrated_custom_channels",
        "mirrored_channels",
        "pkgs_dirs",
        "proxy_servers",
        "ssl_verify",
    }
)
