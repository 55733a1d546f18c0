"""What rattler asks channels with: its client and its index, set up as a ``Network`` says."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..network import Network

if TYPE_CHECKING:
    from rattler import Client, Config, Gateway

_USER_AGENT = "jupyter_envlink"
_BUILDING = threading.Lock()


def client(network: Network) -> Client:
    """Asks again after a passing fault, and uses what rattler knows of logins: ``RATTLER_AUTH_FILE``, the keyring,
    ``~/.rattler/credentials.json``, ``~/.netrc``."""
    from rattler import Client

    with _trusting(network.certificates):
        return Client.from_config(config(network), max_retries=network.retries, user_agent=_USER_AGENT)


def gateway(network: Network, cache: Path | None) -> Gateway:
    """The index of channels; ``cache`` is the folder of packages, ``None`` for rattler's own."""
    from rattler import Gateway
    from rattler.repo_data.gateway import SourceConfig

    source = SourceConfig(
        zstd_enabled=network.zstd,
        sharded_enabled=network.sharded,
        cache_action="force-cache-only" if network.offline else "cache-or-fetch",
    )
    folder = cache / "repodata" if cache else None
    return Gateway(cache_dir=folder, default_config=source, client=client(network))


def config(network: Network, *, copies: bool = False) -> Config:
    """rattler's configuration of the same; with ``copies`` packages are not linked but copied."""
    from rattler import Config

    lines = [f"tls-no-verify = {json.dumps(not network.verified)}"]
    lines += [f"allow-{kind}-links = false" for kind in ("hard", "symbolic") if copies]
    proxies = {"http": network.http_proxy, "https": network.https_proxy, "non-proxy-hosts": list(network.unproxied)}
    lines += ["[proxy-config]", *(f"{key} = {json.dumps(value)}" for key, value in proxies.items() if value)]
    lines += ["[mirrors]", *(f"{json.dumps(url)} = {json.dumps(each)}" for url, each in network.mirrors.items())]
    return Config.from_toml("\n".join(lines))


@contextmanager
def _trusting(certificates: str | None) -> Iterator[None]:
    """rattler reads whom it trusts from two variables, while it makes a client, and offers no other way."""
    if certificates is None:
        yield
        return
    name = "SSL_CERT_DIR" if os.path.isdir(certificates) else "SSL_CERT_FILE"
    with _BUILDING:
        before = {each: os.environ.pop(each, None) for each in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
        os.environ[name] = certificates
        try:
            yield
        finally:
            del os.environ[name]
            os.environ.update({each: value for each, value in before.items() if value is not None})
