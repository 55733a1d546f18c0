"""How conda, mamba and micromamba are asked: words that nothing from outside can turn into an option, variables that
overrule what would make the tool do something else, and no secret where others see it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .. import process
from ..channels import Channels
from ..condarc.places import places
from ..envfile import platforms
from ..errors import InvalidRequest
from ..files import write_text
from ..redaction import holds_secret, redact
from ..sentence import told
from .scratch import scratch

_FAMILIES = ("CONDA_", "MAMBA_")
_OVERRULED: Mapping[str, str] = {
    "ALWAYS_YES": "true",
    "AUTO_UPDATE_CONDA": "false",
    "DEPS_MODIFIER": "not_set",
    "DOWNLOAD_ONLY": "false",
    "DRY_RUN": "false",
    "FORCE_REINSTALL": "false",
    "NOTIFY_OUTDATED_CONDA": "false",
    "NUMBER_CHANNEL_NOTICES": "0",
    "OVERRIDE_CHANNELS_ENABLED": "true",
    "REPORT_ERRORS": "false",
    "SHORTCUTS": "false",
    "UPDATE_MODIFIER": "update_specs",
}
"""Variables go before condarc, in which each of these may be set otherwise; a word of the command goes before both."""
_REMOVED = frozenset(
    {
        "CHANNELS", "CLOBBER", "CONSOLE", "DEBUG", "ENVIRONMENT_SPECIFIER", "FORCE", "JSON", "LOG_LEVEL", "NO_ENV",
        "NO_RC", "PLATFORM", "PRUNE", "QUIET", "SUBDIRS", "TARGET_PREFIX", "TRACE", "VERBOSE", "VERBOSITY",
    }
)  # fmt: skip
_SECRET = re.compile(r"(?P<base>[^:/]+://[^/]+(?:/t/[^/]+)?)/(?P<name>[^?#]+)")


@dataclass(frozen=True)
class Command:
    """Ready to be started. ``env`` may hold the path of a file with secrets, which is there while the block lasts."""

    argv: tuple[str, ...]
    env: Mapping[str, str]


@contextmanager
def install(program: str, prefix: str, channels: Channels, specs: Sequence[str], dry_run: bool) -> Iterator[Command]:
    """``specs`` into the environment at ``prefix``, which has to be one: ``create`` deletes what is there."""
    words = ["--dry-run"] if dry_run else []
    with _asking(channels, prefix) as (asked, env):
        spelled = [_without_secrets(channels.spelled(spec), channels) for spec in specs]
        yield Command(
            (program, "install", *_common(prefix), *words, *_channels(asked), "--", *_no_options(spelled)), env
        )


@contextmanager
def remove(
    program: str, prefix: str, channels: Channels, names: Sequence[str], takes_channels: bool
) -> Iterator[Command]:
    """The packages of these names out of it. mamba's ``remove`` does not know the options for channels."""
    with _asking(channels, prefix) as (asked, env):
        words = _channels(asked) if takes_channels else ()
        yield Command((program, "remove", *_common(prefix), *words, "--", *_no_options(names)), env)


def _common(prefix: str) -> tuple[str, ...]:
    return ("--prefix", os.path.abspath(prefix), "--yes", "--json")


def _channels(urls: Sequence[str]) -> tuple[str, ...]:
    return ("--override-channels", *(word for url in _no_options(urls) for word in ("--channel", url)))


def _no_options(words: Sequence[str]) -> Sequence[str]:
    """``words``. Raises ``InvalidRequest`` for one that may be taken for an option: ``--`` is not trusted alone."""
    for word in words:
        if not word or word.startswith("-") or any(ord(letter) < 32 for letter in word):
            message = told("{word!r} is no package and no channel.", word=redact(word))
            raise InvalidRequest(message, told("Correct it in the file."), code="option-like")
    return words


@contextmanager
def _asking(channels: Channels, prefix: str) -> Iterator[tuple[Sequence[str], Mapping[str, str]]]:
    """What to write for each channel, and the variables. An address with a secret in it goes through a file that only
    its owner reads: everybody sees the words of a command, and conda writes them into the history."""
    env, secret = _environ(channels.priority, os.environ), _named(channels)
    if not secret:
        yield channels.urls, env
        return
    with scratch() as folder:
        path = folder / "condarc"
        _write_condarc(path, prefix, dict(secret.values()))
        named = {"CONDARC": str(path), "MAMBARC": str(path)}
        yield [secret[url][0] if url in secret else url for url in channels.urls], {**env, **named}


def _named(channels: Channels) -> dict[str, tuple[str, str]]:
    """The addresses with secrets, each with a name and what stands before that: conda's ``custom_channels``."""
    found: dict[str, tuple[str, str]] = {}
    for url in filter(holds_secret, channels.urls):
        parts = _SECRET.fullmatch(url)
        taken = {name for name, _ in found.values()}
        if parts is None or parts["name"] in taken:
            message = told(
                "The address {url} cannot be handed to another program without showing its secret.", url=redact(url)
            )
            raise InvalidRequest(
                message, told("Use the engine rattler, or keep the login in ~/.netrc."), code="secret-channel"
            )
        found[url] = parts["name"], parts["base"]
    return found


def _without_secrets(spec: str, channels: Channels) -> str:
    for url, (name, _) in _named(channels).items():
        spec = spec.replace(url, name)
    return spec


def _write_condarc(path: Path, prefix: str, named: Mapping[str, str]) -> None:
    """What all of the user's say, since mamba reads no other where one is named; and the addresses by name."""
    merged: dict[str, Any] = {}
    for place in places(os.environ, Path.home(), prefix):
        try:
            content = yaml.safe_load(place.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError):  # said elsewhere, where the channels are resolved
            continue
        merged.update(content if isinstance(content, dict) else {})
    known = merged.get("custom_channels")
    merged["custom_channels"] = {**(known if isinstance(known, dict) else {}), **named}
    write_text(path, yaml.safe_dump(merged))


def _environ(priority: str, environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in process.clean_environ(environ).items() if not _is_removed(name, value)}
    wanted = {**_OVERRULED, "CHANNEL_PRIORITY": priority}
    overruled = {family + name: value for family in _FAMILIES for name, value in wanted.items()}
    return {**kept, **overruled, "CONDA_SUBDIR": platforms.current(), "PYTHONUTF8": "1"}


def _is_removed(name: str, value: str) -> bool:
    """mamba refuses to work where ``CONDARC`` names a file that is not there; conda and we pass it over."""
    upper = name.upper()
    if upper in ("CONDARC", "MAMBARC"):
        return not os.path.exists(os.path.expanduser(os.path.expandvars(value)))
    return upper[:6] in _FAMILIES and upper[6:] in _REMOVED
