"""What a configuration may say and we do not do: said where it is met, never passed over in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from ..sentence import told
from .keys import ALIASES, KNOWN
from .layers import Layer

_OFF = {"", "false", "no", "off", "n", "0", "none", "[]", "{}"}

#: Each key with what happens instead.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "aggressive_update_packages": told("nothing is updated beyond what a file asks for"),
        "always_softlink": told("packages are linked hard, or copied"),
        "channel_settings": told("no plugin of conda logs in to a channel; use a token, a password or ~/.netrc"),
        "client_ssl_cert": told("no certificate of yours is shown to a channel"),
        "client_ssl_cert_key": told("no certificate of yours is shown to a channel"),
        "deps_modifier": told("dependencies are always installed"),
        "exclude_newer": told("new packages are not held back"),
        "exclude_newer_package": told("new packages are not held back"),
        "experimental": told("conda's experiments do not run here"),
        "extra_safety_checks": told("the checksum of each download is checked, not that of each file"),
        "path_conflict": told("where two packages bring one file, the last one linked wins"),
        "preview": told("conda's previews do not run here"),
        "repodata_fns": told("the whole index, repodata.json or its shards, is used"),
        "restore_free_channel": told("the channel pkgs/free is asked only where it is named"),
        "safety_checks": told("the checksum of each download is always checked"),
        "signing_metadata_url_base": told("signatures of packages are not checked"),
        "solver": told("the solver is rattler's"),
        "subdir": told("environments are made for this machine's own platform"),
        "subdirs": told("environments are made for this machine's own platform"),
        "track_features": told("no feature is tracked"),
        "update_modifier": told("an update changes what the file asks for, and what that needs"),
        "use_only_tar_bz2": told("packages are loaded as .conda where the channel has them"),
        "virtual_packages": told("the virtual packages are those that are found on this machine"),
    }
)
_USUAL: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "path_conflict": lambda value: value == "clobber",
        "repodata_fns": lambda value: "repodata.json" in (value if isinstance(value, list) else ()),
        "safety_checks": lambda value: value in ("warn", "enabled"),
        "solver": lambda value: value in ("libmamba", "rattler"),
        "update_modifier": lambda value: value == "update_specs",
        "deps_modifier": lambda value: value == "not_set",
    }
)


def unsupported(layers: Sequence[Layer], platform: Callable[[], str]) -> Iterator[str]:
    """A sentence for each key that is set to something that would change the outcome, with where that is said."""
    for layer in layers:
        for key, value in layer.values.items():
            if key in SENTENCES and not _changes_nothing(key, value, platform):
                yield told(
                    "{key} ({source}) is not supported: {why}.",
                    key=key,
                    source=layer.source,
                    why=SENTENCES[key],
                )
            elif key not in KNOWN and (meant := get_close_matches(key, (*KNOWN, *ALIASES), 1, 0.86)):
                yield told(
                    "{key} ({source}) is no key of conda: is {meant} meant?",
                    key=key,
                    source=layer.source,
                    meant=meant[0],
                )


def _changes_nothing(key: str, value: Any, platform: Callable[[], str]) -> bool:
    if str(value).lower() in _OFF or value is None:
        return True
    if key == "subdir":
        return bool(value == platform())
    if key == "subdirs":
        return bool(value == [platform(), "noarch"])
    return key in _USUAL and bool(_USUAL[key](value))
