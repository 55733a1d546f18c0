"""A web server in front of a folder that fails as real ones do: slow, stalled, cut, refusing, wrong bytes."""

from __future__ import annotations

import fnmatch
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

_CHUNK = 16 * 1024
_TICKS_PER_SECOND = 20


@dataclass(frozen=True)
class Request:
    """What was asked; ``path`` begins with a slash and holds no query."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class _Rule:
    pattern: str
    fault: str
    value: int = 0


class FaultServer:
    """Serves ``root`` at ``url`` (127.0.0.1, a free port) inside a ``with`` block.

    A rule's pattern is a shell pattern over the whole path, ``*/envlink-slow-*.conda``; where several
    match, the one given last counts. Leaving the block ends every connection at once, stalled ones too.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._rules: list[_Rule] = []
        self._closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        """Without a slash at its end: what ``file://…`` of ``Channel.url`` is replaced by."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def slow(self, pattern: str, bytes_per_second: int) -> None:
        self._rules.append(_Rule(pattern, "slow", bytes_per_second))

    def stall(self, pattern: str) -> None:
        """Half of the body, then nothing until the server ends."""
        self._rules.append(_Rule(pattern, "stall"))

    def cut(self, pattern: str) -> None:
        """Half of the body, then the connection is closed."""
        self._rules.append(_Rule(pattern, "cut"))

    def status(self, pattern: str, code: int) -> None:
        self._rules.append(_Rule(pattern, "status", code))

    def corrupt(self, pattern: str) -> None:
        """A body of the right length and the wrong hash."""
        self._rules.append(_Rule(pattern, "corrupt"))

    def clear(self) -> None:
        """From the next request on, everything is served as it is."""
        self._rules.clear()

    def rule_for(self, path: str) -> _Rule:
        rules = [rule for rule in self._rules if fnmatch.fnmatchcase(path, rule.pattern)]
        return rules[-1] if rules else _Rule("*", "none")

    def file_for(self, path: str) -> Path | None:
        """None for what is no file below the root."""
        file = Path(os.path.normpath(self._root / path.lstrip("/")))
        return file if file.is_relative_to(self._root) and file.is_file() else None

    def wait(self, seconds: float | None = None) -> bool:
        """Until the server ends, at most so long; whether it ends."""
        return self._closing.wait(seconds)

    def __enter__(self) -> FaultServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, faults: FaultServer) -> None:
        self.faults = faults
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        super().shutdown_request(request)
        self._connections.discard(request)

    def server_close(self) -> None:
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # ended by the other side meanwhile
                continue
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        faults = self.server.faults
        faults.requests.append(Request(self.command, path, dict(self.headers)))
        rule, file = faults.rule_for(path), faults.file_for(path)
        if rule.fault == "status":
            self._refuse(rule.value)
        elif file is None:
            self._refuse(404)
        else:
            self._answer(file.read_bytes(), rule)

    def _refuse(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, body: bytes, rule: _Rule) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            for part in self._parts(body, rule):
                self.wfile.write(part)

    def _parts(self, body: bytes, rule: _Rule) -> Iterator[bytes]:
        if rule.fault == "slow":
            yield from self._slowly(body, rule.value)
        elif rule.fault in ("stall", "cut"):
            yield body[: len(body) // 2]
            self.close_connection = True
            if rule.fault == "stall":
                self.server.faults.wait()
        elif rule.fault == "corrupt":
            middle = len(body) // 2
            yield body[:middle] + bytes(byte ^ 0xFF for byte in body[middle : middle + 64]) + body[middle + 64 :]
        else:
            yield body

    def _slowly(self, body: bytes, bytes_per_second: int) -> Iterator[bytes]:
        step = max(1, min(_CHUNK, bytes_per_second // _TICKS_PER_SECOND))
        begin = time.monotonic()
        for offset in range(0, len(body), step):
            yield body[offset : offset + step]
            due = begin + (offset + step) / bytes_per_second - time.monotonic()
            if due > 0 and self.server.faults.wait(due):
                self.close_connection = True
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the base class's)
        """Nothing: ``FaultServer.requests`` is the log."""
