"""Channels as people write them: the name that conda's configuration gives to an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .channels import resolve
from .condarc import DEFAULT_ALIAS, Condarc
from .redaction import without_secrets


def channel_name(url: str, condarc: Condarc, environ: Mapping[str, str]) -> str:
    """The shortest text by which conda, so configured, finds the channel at ``url`` again; at worst ``url`` itself.

    It holds no secret: where only an address with one was configured, the address without it is the answer.
    """
    names = dict.fromkeys(_candidates(url, condarc))
    fitting = (name for name in names if _leads_to(name, url, condarc, environ))
    return next(fitting, without_secrets(url))


def _candidates(url: str, condarc: Condarc) -> Iterator[str]:
    for name, base in condarc.custom_channels.items():
        yield from _below(url, f"{without_secrets(base).rstrip('/')}/{name}", name)
    for alias in (condarc.channel_alias, DEFAULT_ALIAS):
        yield from _below(url, without_secrets(alias).rstrip("/"), "")
    yield "defaults"


def _below(url: str, base: str, name: str) -> Iterator[str]:
    if url == base:
        yield name
    elif url.startswith(f"{base}/"):
        yield f"{name}/{url[len(base) + 1 :]}".lstrip("/")


def _leads_to(name: str, url: str, condarc: Condarc, environ: Mapping[str, str]) -> bool:
    if not name or "://" in name:
        return False
    found = resolve([name, "nodefaults"], [], condarc, environ).urls
    return url in [without_secrets(each) for each in found]
