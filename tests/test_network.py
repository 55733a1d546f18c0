"""What conda's configuration says of the way to a channel holds on the wire: real servers on this machine."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import trustme

from jupyter_envlink.channel_rules import NO_LIMITS
from jupyter_envlink.conda_records import publish
from jupyter_envlink.condarc import Condarc
from jupyter_envlink.engines.base import Step
from jupyter_envlink.engines.embedded import embedded
from jupyter_envlink.engines.rattler import prefix_records
from jupyter_envlink.errors import ChannelError
from jupyter_envlink.network import Network, network_of, remarks
from jupyter_envlink.planning import kernel_channels, plan_of_text

from .channel import Channel
from .conftest import Machine
from .guarded import Guarded, Proxy, running

SMALL = "envlink-text-prefix"
_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")
_VARIABLES += ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Site:
    """A machine with an empty cache, a condarc of its own, and servers in front of the local channel."""

    def __init__(self, machine: Machine, channel: Channel, tmp_path: Path, stack: ExitStack) -> None:
        self.machine, self.channel, self.tmp_path, self._stack = machine, channel, tmp_path, stack

    def server(self, **how: Any) -> Guarded:
        return self._stack.enter_context(running(Guarded(self.channel.path, **how)))

    def proxy(self, login: str = "") -> Guarded:
        return self._stack.enter_context(running(Proxy(login)))

    def configure(self, **keys: Any) -> None:
        self.machine.condarc.write_text(json.dumps({"channel_priority": "flexible", **keys}))

    def load(self, *channels: str, spec: str = SMALL) -> list[str]:
        """Plan, solve and install one small package; the addresses that the packages' records give."""
        text = json.dumps({"name": "x", "channels": [*channels, "nodefaults"], "dependencies": [spec]})
        prefix = str(self.tmp_path / "prefix")
        plan, engine = plan_of_text(text, None, prefix=prefix), embedded(prefix)
        steps: list[Step] = []

        async def whole() -> None:
            solution = await engine.solve(plan.channels, plan.specs)
            await engine.install(solution, prefix, prefix, plan.specs, steps.append)

        asyncio.run(whole())
        return [str(record.url) for record in prefix_records(prefix)]


@pytest.fixture
def site(machine: Machine, channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    with ExitStack() as stack:
        yield Site(machine, channel, tmp_path, stack)


# logins


def test_a_user_and_a_password_in_the_address(site: Site) -> None:
    server = site.server(login="me:s3cret pw")
    assert site.load(f"http://me:s3cret%20pw@{server.host}/conda-forge")


def test_a_token_in_the_address(site: Site) -> None:
    assert site.load(f"http://{site.server(token='tk-1').host}/t/tk-1/conda-forge")


def test_a_login_that_is_wrong_is_told_as_such(site: Site) -> None:
    server = site.server(login="me:right")
    with pytest.raises(ChannelError) as failed:
        site.load(f"http://me:wrong@{server.host}/conda-forge")
    assert failed.value.code == "channel-401"
    assert "wrong" not in json.dumps(failed.value.as_dict())


@pytest.mark.parametrize("token", ["tk-1", ""])
def test_the_login_of_an_alias_or_a_custom_channel_opens_what_lies_there(site: Site, token: str) -> None:
    if token:
        server = site.server(token=token)
        site.configure(channel_alias=f"http://{server.host}/t/{token}")
    else:
        server = site.server(login="me:pw")
        site.configure(custom_channels={"conda-forge": f"http://me:pw@{server.host}"})
    assert site.load(f"{server.url}/conda-forge")
    assert site.load("conda-forge")


def test_a_token_that_anaconda_client_has_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    server = site.server(token="tk-2")
    folder = site.tmp_path / "client/data"
    folder.mkdir(parents=True)
    (folder / f"http%3A%2F%2F127.0.0.1%3A{server.server_address[1]}.token").write_text("tk-2")
    monkeypatch.setenv("BINSTAR_CONFIG_DIR", str(site.tmp_path / "client"))
    assert site.load(f"{server.url}/conda-forge")


@pytest.mark.parametrize(
    ("kept", "server"),
    [
        ({"BasicHTTP": {"username": "me", "password": "pw"}}, {"login": "me:pw"}),
        ({"CondaToken": "tk-3"}, {"token": "tk-3"}),
    ],
)
def test_a_login_in_rattlers_own_store(
    site: Site, monkeypatch: pytest.MonkeyPatch, kept: dict[str, Any], server: dict[str, str]
) -> None:
    store = site.tmp_path / "auth.json"
    store.write_text(json.dumps({"127.0.0.1": kept}))
    monkeypatch.setenv("RATTLER_AUTH_FILE", str(store))
    assert site.load(f"{site.server(**server).url}/conda-forge")


def test_a_login_in_netrc(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login me password pw\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    assert site.load(f"{site.server(login='me:pw').url}/conda-forge")


def test_the_packages_of_a_lock_are_loaded_by_the_login_that_is_configured(site: Site) -> None:
    server = site.server(token="tk-5")
    site.configure(channel_alias=f"http://{server.host}/t/tk-5")
    (url,) = site.load("conda-forge")
    plain = url.replace("/t/tk-5", "")
    prefix = str(site.tmp_path / "again")
    plan, engine = plan_of_text(f"@EXPLICIT\n{plain}\n", "explicit.txt", prefix=prefix), embedded(prefix)
    assert plan.locked is not None
    server.asked.clear()

    async def whole() -> None:
        solution = await engine.exact(plan.locked.packages if plan.locked else (), plan.channels, [])
        await engine.install(solution, prefix, prefix, [], lambda step: None)

    for kept in (site.tmp_path / "cache").glob(f"{SMALL}*"):
        kept.rename(site.tmp_path / kept.name)
    asyncio.run(whole())
    assert any(path.startswith("/t/tk-5/") and path.endswith(".conda") for path in server.asked)


def test_what_a_kernel_is_loaded_from_has_the_login_that_is_configured(site: Site) -> None:
    server = site.server(token="tk-6")
    site.configure(channel_alias=f"http://{server.host}/t/tk-6")
    site.load("conda-forge")
    publish(str(site.tmp_path / "prefix"))
    channels, _ = kernel_channels(str(site.tmp_path / "prefix"), ["ipykernel"], NO_LIMITS)
    assert channels.urls == (f"http://{server.host}/t/tk-6/conda-forge",)


# mirrors


def test_a_mirror_is_asked_in_a_channels_place_and_the_record_names_the_channel(site: Site) -> None:
    mirror = site.server()
    site.configure(mirrored_channels={"conda-forge": [f"{mirror.url}/conda-forge"]})
    (url,) = site.load("conda-forge")
    assert url.startswith("https://conda.anaconda.org/conda-forge/")
    assert any(path.endswith(".conda") for path in mirror.asked)


def test_a_mirror_that_is_away_is_left_for_the_next_one(site: Site) -> None:
    mirror = site.server(token="tk-4")
    site.configure(
        mirrored_channels={"conda-forge": ["http://127.0.0.1:1/conda-forge", f"{mirror.url}/t/tk-4/conda-forge"]},
        remote_max_retries=2,
    )
    assert site.load("conda-forge")


# proxies


def test_the_proxy_of_condarc_is_asked(site: Site) -> None:
    server, proxy = site.server(), site.proxy(login="me:pw")
    site.configure(proxy_servers={"http": f"http://me:pw@{proxy.host}"})
    assert site.load(f"{server.url}/conda-forge")
    assert proxy.asked
    assert all(address.startswith(f"{server.url}/conda-forge/") for address in proxy.asked)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("configured", [True, False])
def test_the_proxy_of_a_variable_is_asked_before_that_of_condarc(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str, configured: bool
) -> None:
    server, proxy = site.server(), site.proxy()
    site.configure(**({"proxy_servers": {"http": "http://127.0.0.1:1"}} if configured else {}))
    monkeypatch.setenv(name, proxy.url)
    assert site.load(f"{server.url}/conda-forge")
    assert proxy.asked


@pytest.mark.parametrize("configured", [True, False])
def test_no_proxy_is_heeded(site: Site, monkeypatch: pytest.MonkeyPatch, configured: bool) -> None:
    server, proxy = site.server(), site.proxy()
    if configured:
        site.configure(proxy_servers={"http": proxy.url})
    else:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    assert site.load(f"{server.url}/conda-forge")
    assert not proxy.asked


# certificates


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(site: Site, authority: trustme.CA) -> Guarded:
    """A server whose certificate only its own authority vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return site.server(tls=context)


def test_a_certificate_that_nobody_vouches_for_is_refused_by_that_name(site: Site, secure: Guarded) -> None:
    site.configure()
    with pytest.raises(ChannelError) as failed:
        site.load(f"{secure.url}/conda-forge")
    assert failed.value.code == "untrusted-certificate"
    assert "ssl_verify" in failed.value.remedy
    assert secure.host in failed.value.message


def test_ssl_verify_false_asks_all_the_same(site: Site, secure: Guarded) -> None:
    site.configure(ssl_verify=False)
    assert site.load(f"{secure.url}/conda-forge")


def test_ssl_verify_names_a_file_of_certificates(site: Site, secure: Guarded, authority: trustme.CA) -> None:
    path = site.tmp_path / "site.pem"
    authority.cert_pem.write_to_path(str(path))
    site.configure(ssl_verify=str(path))
    assert site.load(f"{secure.url}/conda-forge")


def test_ssl_verify_names_a_folder_of_certificates(site: Site, secure: Guarded, authority: trustme.CA) -> None:
    folder = site.tmp_path / "certificates"
    folder.mkdir()
    authority.cert_pem.write_to_path(str(folder / "0a1b2c3d.0"))
    site.configure(ssl_verify=str(folder))
    assert site.load(f"{secure.url}/conda-forge")


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_variable_names_a_file_of_certificates(
    site: Site, secure: Guarded, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = site.tmp_path / "site.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv(name, str(path))
    site.configure()
    assert site.load(f"{secure.url}/conda-forge")


def test_a_secure_channel_through_a_proxy(site: Site, secure: Guarded, authority: trustme.CA) -> None:
    path, proxy = site.tmp_path / "site.pem", site.proxy()
    authority.cert_pem.write_to_path(str(path))
    site.configure(ssl_verify=str(path), proxy_servers={"https": proxy.url})
    assert site.load(f"{secure.url}/conda-forge")
    assert set(proxy.asked) == {f"CONNECT {secure.host}"}


# offline


def test_offline_asks_nobody_and_takes_what_was_loaded_before(site: Site) -> None:
    server = site.server()
    site.load(f"{server.url}/conda-forge")
    server.asked.clear()
    site.configure(offline=True)
    assert site.load(f"{server.url}/conda-forge")
    assert server.asked == []


def test_offline_says_what_it_has_not(site: Site) -> None:
    server = site.server()
    site.configure(offline=True)
    with pytest.raises(ChannelError) as failed:
        site.load(f"{server.url}/conda-forge")
    assert failed.value.code == "offline"
    assert "offline" in failed.value.message
    assert server.asked == []


def test_offline_names_the_package_that_is_not_in_the_cache(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    server = site.server()
    site.load(f"{server.url}/conda-forge")
    for folder in (site.tmp_path / "cache").glob(f"{SMALL}*"):
        folder.rename(site.tmp_path / folder.name)
    site.configure(offline=True)
    with pytest.raises(ChannelError, match=SMALL) as failed:
        site.load(f"{server.url}/conda-forge")
    assert failed.value.code == "offline"


def test_offline_takes_from_a_folder(site: Site) -> None:
    site.configure(offline=True)
    assert site.load(site.channel.conda_forge)


# where packages are kept


def test_pkgs_dirs_hold_the_cache(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RATTLER_CACHE_DIR")
    closed = site.tmp_path / "file"
    closed.write_text("no folder")
    site.configure(pkgs_dirs=[str(closed / "pkgs"), str(site.tmp_path / "mine"), str(site.tmp_path / "other")])
    site.load(f"{site.server().url}/conda-forge")
    assert (site.tmp_path / "mine" / "rattler").is_dir()
    assert list((site.tmp_path / "mine" / "rattler").glob(f"{SMALL}-*"))
    assert not (site.tmp_path / "other").exists()


@pytest.mark.skipif(os.name == "nt", reason="counts hard links as POSIX does")
@pytest.mark.parametrize("copied", [True, False])
def test_packages_are_copied_where_that_is_wanted(site: Site, copied: bool) -> None:
    site.configure(always_copy=copied)
    site.load(f"{site.server().url}/conda-forge", spec="envlink-activate")
    links = (site.tmp_path / "prefix/etc/conda/activate.d/envlink-activate.sh").stat().st_nlink
    assert (links == 1) is copied


# what is said


@pytest.mark.parametrize(
    ("condarc", "said"),
    [
        (Condarc(offline=True), "offline is set"),
        (Condarc(ssl_verify=False), "anybody may pose"),
        (Condarc(proxy_servers={"http://one.example": "http://me:swordfish@p:1"}), "for one host only"),
        (Condarc(mirrored_channels={"a": ("https://me:swordfish@m.example/a",)}), "are not sent"),
    ],
)
def test_what_a_person_should_know_is_said_without_secrets(condarc: Condarc, said: str) -> None:
    sentences = list(remarks(condarc, network_of(condarc, {})))
    assert [sentence for sentence in sentences if said in sentence]
    assert "swordfish" not in str(sentences)


def test_nothing_is_said_where_nothing_is_configured() -> None:
    network = network_of(Condarc(), {"HTTP_PROXY": "http://me:swordfish@p:1"})
    assert network == Network()
    assert list(remarks(Condarc(), network)) == []


@pytest.mark.parametrize(
    ("proxies", "environ", "expected"),
    [
        ({"https": "p:1"}, {}, (None, "http://p:1")),
        ({"all": "http://p:1"}, {}, ("http://p:1", "http://p:1")),
        ({"http": "http://p:1"}, {"https_proxy": "http://q:2"}, ("http://p:1", "http://q:2")),
        ({"http": "http://p:1"}, {"HTTP_PROXY": "http://q:2"}, ("http://q:2", None)),
        ({}, {"HTTP_PROXY": "http://q:2"}, (None, None)),
    ],
)
def test_proxies(proxies: dict[str, str], environ: dict[str, str], expected: tuple[str | None, str | None]) -> None:
    network = network_of(Condarc(proxy_servers=proxies), environ)
    assert (network.http_proxy, network.https_proxy) == expected
    assert "p:1" not in repr(network)
