"""Files from addresses, of a web server that is there: what is fetched, what is refused, and what is said of it."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import trustme

from jupyter_envlink.errors import EnvlinkError, FetchError, InvalidRequest, NotAllowed
from jupyter_envlink.fetching import fetch as module
from jupyter_envlink.fetching.fetch import fetch
from jupyter_envlink.fetching.pages import raw
from jupyter_envlink.network import Network
from jupyter_envlink.reach import Reach

from .conftest import Machine

FILE = "name: fetched\ndependencies:\n  - python\n"
HERE = Reach(private=True)


@dataclass
class Page:
    """What is answered: a status, headers and a body, which may take its time."""

    body: bytes = FILE.encode()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0


@dataclass
class Site:
    """A web server; ``pages`` are its answers by path, ``asked`` the headers of each request."""

    url: str
    pages: dict[str, Page]
    asked: list[tuple[str, dict[str, str]]]

    def redirect(self, path: str, to: str) -> str:
        self.pages[path] = Page(b"", 302, {"Location": to})
        return self.url + path


@pytest.fixture
def site(machine: Machine) -> Iterator[Site]:
    with serving() as made:
        yield made


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    pages: dict[str, Page] = {}
    asked: list[tuple[str, dict[str, str]]] = []
    ending = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = pages.get(urlsplit(self.path).path, Page(b"nothing", 404))
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for at in range(0, len(page.body), 1 << 16):
                self.wfile.write(page.body[at : at + (1 << 16)])
                ending.wait(page.pause)

        def log_message(self, *said: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """The client goes away as soon as it knows enough."""

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    scheme = "https" if context else "http"
    try:
        yield Site(f"{scheme}://127.0.0.1:{server.server_address[1]}", pages, asked)
    finally:
        ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


def refused(call: Callable[[], object], kind: type[EnvlinkError], code: str) -> EnvlinkError:
    with pytest.raises(kind) as raised:
        call()
    assert raised.value.code == code, raised.value.message
    assert raised.value.message.endswith((".", "…"))
    assert raised.value.remedy
    return raised.value


def test_a_file_with_its_name(site: Site) -> None:
    site.pages["/data/environment.yml"] = Page()
    found = fetch(f"{site.url}/data/environment.yml?ref=main#L3", HERE)
    assert (found.filename, found.source.text) == ("environment.yml", FILE)
    assert (found.source.path, found.source.folder) == ("environment.yml", None)
    ((path, headers),) = site.asked
    assert path == "/data/environment.yml?ref=main"
    assert not {"authorization", "cookie", "referer"} & headers.keys()


def test_the_name_that_the_server_gives_and_no_path(site: Site) -> None:
    site.pages["/download"] = Page(headers={"Content-Disposition": 'attachment; filename="../../etc/requirements.txt"'})
    assert fetch(f"{site.url}/download", HERE).filename == "requirements.txt"
    site.pages["/"] = Page()
    assert fetch(site.url, HERE).filename is None


def test_letters_as_a_browser_shows_them(site: Site) -> None:
    site.pages["/%C3%BCbung/env%20one.yml"] = Page()
    assert fetch(f" {site.url}/übung/env one.yml ", HERE).filename == "env one.yml"


def test_utf_16_with_its_mark(site: Site) -> None:
    site.pages["/e.yml"] = Page(FILE.encode("utf-16"))
    assert fetch(f"{site.url}/e.yml", HERE).as_dict()["text"] == FILE


def test_redirects_are_followed_and_counted(site: Site) -> None:
    site.pages["/end/environment.yml"] = Page()
    found = fetch(site.redirect("/start", "/end/environment.yml"), HERE)
    assert (found.url, found.filename) == (f"{site.url}/end/environment.yml", "environment.yml")
    refused(lambda: fetch(site.redirect("/round", "/round"), HERE), FetchError, "fetch-redirects")
    assert len(site.asked) == 2 + 6
    site.pages["/nowhere"] = Page(b"", 302)
    refused(lambda: fetch(f"{site.url}/nowhere", HERE), FetchError, "fetch-redirects")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/x",
        "http://[::ffff:169.254.169.254]/x",
        "http://[64:ff9b::a9fe:a9fe]/x",
        "http://[2002:a9fe:a9fe::]/x",
        "http://[fd00:ec2::254]/x",
        "http://100.100.100.200/x",
        "http://168.63.129.16/x",
        "http://0.0.0.0/x",
        "http://[::]/x",
        "http://224.0.0.1/x",
        "http://2852039166/latest",
        "http://0xa9fea9fe/latest",
    ],
)
def test_what_tells_a_machine_who_it_is_is_never_asked(machine: Machine, url: str) -> None:
    refused(lambda: fetch(url, HERE), NotAllowed, "address-not-allowed")


def test_nor_by_a_redirect(site: Site) -> None:
    start = site.redirect("/start", "http://169.254.169.254/latest/meta-data/iam")
    error = refused(lambda: fetch(start, HERE), NotAllowed, "address-not-allowed")
    assert "169.254.169.254" in error.message
    refused(lambda: fetch(site.redirect("/file", "file:///etc/passwd"), HERE), InvalidRequest, "bad-address")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.0.1", "172.16.0.1", "100.64.0.1"]
)
def test_private_networks_are_asked_only_where_that_is_allowed(machine: Machine, host: str) -> None:
    error = refused(lambda: fetch(f"http://{host}/x", Reach()), NotAllowed, "address-not-allowed")
    assert "Policy.fetch_private" in error.remedy


def test_a_name_that_means_another_machine_a_moment_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    site.pages["/environment.yml"] = Page()
    real, answers = socket.getaddrinfo, iter(["93.184.215.14", "127.0.0.1"])

    def rebinding(host: str, port: int, *more: object, **options: int) -> object:
        return real(next(answers), port, type=options["type"])

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    port = urlsplit(site.url).port
    refused(lambda: fetch(f"http://rebinding.test:{port}/environment.yml", Reach()), NotAllowed, "address-not-allowed")
    assert site.asked == []


def test_the_administrator_names_hosts(site: Site) -> None:
    site.pages["/a/environment.yml"] = Page()
    url = f"{site.url}/a/environment.yml"
    assert fetch(url, Reach((f"{site.url}/a/*",), private=True)).filename == "environment.yml"
    for allowed in (f"{site.url}/b/*", "https://*", "http://*.example.org/*"):
        error = refused(lambda: fetch(url, Reach((allowed,), True)), NotAllowed, "address-not-allowed")  # noqa: B023
        assert allowed in error.remedy
    start = site.redirect("/a/start", "http://localhost/environment.yml")
    refused(lambda: fetch(start, Reach((f"{site.url}/a/*",), True)), NotAllowed, "address-not-allowed")


def test_a_star_in_a_host_stays_there() -> None:
    reach = Reach(("https://*.example.org/*",))
    reach.refuse_address(urlsplit("https://git.example.org/x/y.yml"))
    for other in ("https://evil.test/x.example.org/y", "https://evil.test/?.example.org/", "http://git.example.org/x"):
        with pytest.raises(NotAllowed):
            reach.refuse_address(urlsplit(other))


@pytest.mark.parametrize(
    "url",
    ["", "environment.yml", "ftp://host/x", "file:///etc/passwd", "http://", "https://[x/y", "http://h:x/", "//h/x"],
)
def test_what_is_no_address(machine: Machine, url: str) -> None:
    refused(lambda: fetch(url, HERE), InvalidRequest, "bad-address")


def test_a_login_in_the_address_is_not_sent(site: Site) -> None:
    address = site.url.replace("://", "://me:secret@")
    error = refused(lambda: fetch(f"{address}/environment.yml", HERE), InvalidRequest, "bad-address")
    assert "secret" not in error.message + error.remedy
    assert site.asked == []


def test_nor_one_of_netrc(site: Site, machine: Machine) -> None:
    (machine.home / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    site.pages["/environment.yml"] = Page()
    fetch(f"{site.url}/environment.yml", HERE)
    assert "authorization" not in site.asked[0][1]


def test_no_such_file(site: Site) -> None:
    error = refused(lambda: fetch(f"{site.url}/none.yml?token=hidden", HERE), FetchError, "fetch-not-found")
    assert "404" in error.message
    assert "hidden" not in error.message


def test_a_login_that_is_wanted(site: Site) -> None:
    site.pages["/e.yml"] = Page(b"", 401)
    error = refused(lambda: fetch(f"{site.url}/e.yml", HERE), FetchError, "fetch-status")
    assert "401" in error.message
    assert "login" in error.remedy


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html; charset=utf-8"}, {}])
def test_a_page_to_log_in_is_no_file(site: Site, headers: dict[str, str]) -> None:
    site.pages["/e.yml"] = Page(b"\n<!DOCTYPE html><title>Sign in</title>", headers=headers)
    refused(lambda: fetch(f"{site.url}/e.yml", HERE), FetchError, "fetch-web-page")


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n\0\0", "name: Größe\n".encode("latin-1"), b"a\0b"])
def test_what_is_no_text(site: Site, body: bytes) -> None:
    site.pages["/e.yml"] = Page(body)
    refused(lambda: fetch(f"{site.url}/e.yml", HERE), FetchError, "fetch-not-text")


def test_too_large(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 1 << 20)
    site.pages["/e.yml"] = Page(b"# x\n" * (1 << 20))
    refused(lambda: fetch(f"{site.url}/e.yml", HERE), FetchError, "fetch-too-large")


def test_too_slow(site: Site) -> None:
    site.pages["/e.yml"] = Page(b"# x\n" * (1 << 18), pause=0.2)
    since = time.monotonic()
    refused(lambda: fetch(f"{site.url}/e.yml", HERE, seconds=0.5), FetchError, "fetch-timeout")
    assert time.monotonic() - since < 2


def test_cut_in_the_middle(site: Site) -> None:
    site.pages["/e.yml"] = Page(headers={"Content-Length": "1000"})
    refused(lambda: fetch(f"{site.url}/e.yml", HERE), FetchError, "fetch-unreachable")


def test_nobody_answers(site: Site) -> None:
    refused(lambda: fetch("http://127.0.0.1:1/e.yml", HERE), FetchError, "fetch-unreachable")
    refused(lambda: fetch("http://no-such-host.invalid/e.yml", HERE), FetchError, "fetch-unreachable")


def test_offline_asks_nobody(site: Site) -> None:
    refused(lambda: fetch(f"{site.url}/e.yml", HERE, Network(offline=True)), FetchError, "fetch-offline")
    assert site.asked == []


def test_an_archive_is_not_fetched(site: Site) -> None:
    refused(lambda: fetch(f"{site.url}/packed.tar.gz", HERE), InvalidRequest, "fetch-archive")


def test_certificates_as_conda_has_them(machine: Machine) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusted = machine.home / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with serving(context) as site:
        site.pages["/e.yml"] = Page()
        url = f"{site.url}/e.yml"
        refused(lambda: fetch(url, HERE, Network()), FetchError, "fetch-certificate")
        assert fetch(url, HERE, Network(certificates=str(trusted))).filename == "e.yml"
        assert fetch(url, HERE, Network(verified=False)).filename == "e.yml"


def test_the_proxy_of_condarc(site: Site) -> None:
    site.pages["/e.yml"] = Page()
    proxied = Network(http_proxy=site.url)
    assert fetch("http://93.184.215.14/e.yml", Reach(), proxied).source.text == FILE
    assert site.asked[0][0] == "http://93.184.215.14/e.yml"
    refused(lambda: fetch("http://169.254.169.254/e.yml", HERE, proxied), NotAllowed, "address-not-allowed")


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("https://github.com/o/r/blob/main/a/environment.yml", "https://github.com/o/r/raw/main/a/environment.yml"),
        ("https://github.com/o/r/blob/feature/x/e.yml?plain=1#L3", "https://github.com/o/r/raw/feature/x/e.yml"),
        ("https://github.example.org/o/r/blob/main/e.yml", "https://github.example.org/o/r/raw/main/e.yml"),
        ("https://gitlab.com/g/s/p/-/blob/main/e.yml", "https://gitlab.com/g/s/p/-/raw/main/e.yml"),
        ("https://git.example.org/g/p/-/blob/main/e.yml", "https://git.example.org/g/p/-/raw/main/e.yml"),
        ("https://bitbucket.org/w/r/src/main/e.yml", "https://bitbucket.org/w/r/raw/main/e.yml"),
        ("https://gist.github.com/me/0123456789abcdef", "https://gist.github.com/me/0123456789abcdef/raw"),
        ("https://raw.githubusercontent.com/o/r/main/e.yml", "https://raw.githubusercontent.com/o/r/main/e.yml"),
        ("https://example.org/o/r/blob/main/e.yml", "https://example.org/o/r/blob/main/e.yml"),
    ],
)
def test_pages_are_read_as_the_files_they_show(page: str, file: str) -> None:
    assert raw(urlsplit(page)).geturl() == file
