"""Servers that a channel is reached through: one that wants a login, one with a certificate of its own, a proxy."""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import ProxyHandler, build_opener


class Guarded(ThreadingHTTPServer):
    """Serves ``root``. With ``login`` (``user:password``) or ``token`` (``/t/TOKEN/`` in front) only to who has it."""

    daemon_threads = True

    def __init__(self, root: Path, login: str = "", token: str = "", tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root, self.login, self.token = root, login, token
        self.refused = ""
        """A shell pattern of paths that nobody gets, whoever asks."""
        self.asked: list[str] = []
        """The path of each request that was served or refused, its token included."""
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us goes away."""


class Proxy(Guarded):
    """Passes on what it is asked for; ``asked`` has whole addresses, and ``CONNECT host:port``."""

    def __init__(self, login: str = "") -> None:
        super().__init__(Path(), login)
        self.RequestHandlerClass = _ProxyHandler


@contextmanager
def running(server: Guarded) -> Iterator[Guarded]:
    """``server`` in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Guarded
    login_header, refusal = "Authorization", 401

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.is_allowed():
            self.serve()
        else:
            self.answer(self.refusal, b"")

    def is_allowed(self) -> bool:
        wanted = f"Basic {base64.b64encode(self.server.login.encode()).decode()}"
        token = f"/t/{self.server.token}/"
        has_login = not self.server.login or self.headers.get(self.login_header) == wanted
        if self.server.refused and fnmatchcase(self.path, self.server.refused):
            return False
        return has_login and (not self.server.token or self.path.startswith(token))

    def serve(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if self.server.token:
            path = path.removeprefix(f"/t/{self.server.token}")
        file = self.server.root / path.lstrip("/")
        if file.is_file():
            self.answer(200, file.read_bytes())
        else:
            self.answer(404, b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the base class's)
        """Nothing: ``Guarded.asked`` is the log."""


class _ProxyHandler(_Handler):
    login_header, refusal = "Proxy-Authorization", 407

    def serve(self) -> None:
        with build_opener(ProxyHandler({})).open(self.path) as answer:
            self.answer(200, answer.read())

    def do_CONNECT(self) -> None:
        self.server.asked.append(f"CONNECT {self.path}")
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            _pass_on(self.connection, there)
        self.close_connection = True


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    ways = {one: other, other: one}
    while True:
        for ready in select.select(list(ways), [], [], 30)[0] or [None]:
            data = ready.recv(65536) if ready else b""
            if not data:
                return
            ways[ready].sendall(data)
