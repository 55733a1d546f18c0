"""How channels are reached: what condarc and the variables say of proxies, certificates, mirrors, and being offline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .addresses import is_url
from .channel_addresses import Names
from .condarc import Condarc
from .redaction import redact
from .sentence import told

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Network:
    """The default asks directly, or as the variables ``HTTP_PROXY``, ``HTTPS_PROXY`` and ``NO_PROXY`` say."""

    offline: bool = False
    """Nothing is asked: the cache and folders on this machine have to do."""
    certificates: str | None = None
    """A file or a folder of certificates to trust instead of the system's."""
    verified: bool = True
    """Whether certificates are looked at at all."""
    http_proxy: str | None = field(default=None, repr=False)
    https_proxy: str | None = field(default=None, repr=False)
    unproxied: tuple[str, ...] = ()
    """Hosts that are asked directly."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """The addresses that are asked for a channel's, the best first."""
    retries: int = 2
    sharded: bool = True
    zstd: bool = True

    def asked(self, url: str) -> tuple[str, ...]:
        """The addresses that are asked for what lies at ``url``, a channel's."""
        return self.mirrors.get(url, (url,))


def network_of(condarc: Condarc, environ: Mapping[str, str]) -> Network:
    """As ``requests`` would have it for conda: a proxy that a variable names comes before that of condarc."""
    http, https = (_proxy(scheme, condarc, environ) for scheme in ("http", "https"))
    return Network(
        offline=condarc.offline,
        certificates=_certificates(condarc.ssl_verify, environ),
        verified=condarc.ssl_verify is not False,
        http_proxy=http,
        https_proxy=https,
        unproxied=tuple(_words(_variable("no_proxy", environ))) if http or https else (),
        mirrors=_mirrors(condarc),
        retries=2 if condarc.retries is None else condarc.retries,
        sharded=condarc.sharded,
        zstd=condarc.zstd,
    )


def remarks(condarc: Condarc, network: Network) -> Iterator[str]:
    """What a person should know before this network is used: without secrets."""
    if network.offline:
        yield told("offline is set: no channel is asked, only the cache and folders on this machine are used.")
    if not network.verified:
        yield told("ssl_verify is false: anybody may pose as a channel.")
    for key in condarc.proxy_servers:
        if key not in ("http", "https", "all"):
            yield told(
                "proxy_servers has {key!r}: a proxy for one host only is not supported and not used.", key=redact(key)
            )
    for mirror in (mirror for each in network.mirrors.values() for mirror in each):
        if "@" in mirror.partition("://")[2].partition("/")[0]:
            yield told(
                "The user and password of the mirror {mirror} are not sent: use a token, or ~/.netrc.",
                mirror=redact(mirror),
            )


def _proxy(scheme: str, condarc: Condarc, environ: Mapping[str, str]) -> str | None:
    """``None`` where condarc names none: the variables are then read by whoever opens connections."""
    configured = condarc.proxy_servers.get(scheme) or condarc.proxy_servers.get("all")
    exported = _variable(f"{scheme}_proxy", environ) or _variable("all_proxy", environ)
    proxies = condarc.proxy_servers.keys() & {"http", "https", "all"}
    found = (exported or configured) if proxies else None
    return found if not found or is_url(found) else f"http://{found}"


def _variable(name: str, environ: Mapping[str, str]) -> str | None:
    return environ.get(name) or environ.get(name.upper()) or None


def _words(text: str | None) -> list[str]:
    return [word for part in (text or "").split(",") if (word := part.strip())]


def _certificates(verify: bool | str, environ: Mapping[str, str]) -> str | None:
    if isinstance(verify, str):
        return None if verify == "truststore" else verify
    named = next((environ[name] for name in _BUNDLES if environ.get(name)), None) if verify else None
    return named if named and os.path.exists(named) else None


def _mirrors(condarc: Condarc) -> Mapping[str, tuple[str, ...]]:
    names = Names(condarc, [])
    return {
        source.url: tuple(mirror.rstrip("/") for mirror in mirrors)
        for name, mirrors in condarc.mirrored_channels.items()
        for source in names.sources(name)
        if mirrors
    }
