"""Addresses of channels, and the secrets in them: ``https://USER:PASSWORD@host/t/TOKEN/channel``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?:(?P<user>[^/@]+)@)?(?P<rest>.*)")
_TOKEN = re.compile(r"/t/[^/]+(?=/|$)")
_SUBDIR = re.compile(r"/(?:noarch|(?:linux|osx|win|emscripten|wasi|freebsd|zos)-[a-z0-9]+)/*$")
_PATH = re.compile(r"(?:\.{1,2}|~)?[/\\]|[A-Za-z]:[/\\]|\.{1,2}$|~$")


def is_url(text: str) -> bool:
    return _URL.match(text) is not None


def is_path(text: str) -> bool:
    """Whether a channel's name is a folder's."""
    return _PATH.match(text) is not None


def without_platform(text: str) -> str:
    """A channel's name or address without ``/linux-64`` or ``/noarch``, and without a slash at its end."""
    return _SUBDIR.sub("", text).rstrip("/")


def bare(url: str) -> str:
    """``url`` without user, password and token, and without a slash at its end. What is no address stays."""
    found = _URL.match(url)
    if found is None:
        return url.rstrip("/")
    return found["scheme"].lower() + _TOKEN.sub("", found["rest"], count=1).rstrip("/")


def has_secret(url: str) -> bool:
    """Whether ``url`` itself says who asks."""
    found = _URL.match(url)
    return found is not None and (found["user"] is not None or _TOKEN.search(found["rest"]) is not None)


def rest_below(url: str, base: str) -> str | None:
    """What ``url`` has below ``base``, both without their secrets: empty, or with a slash in front; else ``None``."""
    own, above = bare(url), bare(base)
    if own == above:
        return ""
    return own[len(above) :] if own.startswith(f"{above}/") else None


def with_token(url: str, base: str, token: str) -> str:
    """``url``, which lies below ``base``, with ``/t/TOKEN`` behind that."""
    return f"{bare(base)}/t/{token}{rest_below(url, base) or ''}"


def same_channel(one: str | None, other: str | None) -> bool:
    """Whether two records may mean one channel: old ones hold its name alone, or an address with a platform.

    What is not known is no difference.
    """
    if one is None or other is None:
        return True
    short, long = sorted((_parts(one), _parts(other)), key=len)
    return not short or long[-len(short) :] == short


def _parts(channel: str) -> list[str]:
    path = urlsplit(bare(channel)).path if is_url(channel) else channel
    return without_platform(f"/{path.strip('/')}").strip("/").split("/")
