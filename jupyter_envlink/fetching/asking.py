"""One request for a file: no redirect is followed, no login is sent, and only a judged address is connected to."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from ..network import Network
from ..reach import Reach

_HEADERS = {"User-Agent": "jupyter_envlink", "Accept": "text/plain, */*", "Accept-Encoding": "identity"}


@dataclass
class Connections:
    """Makes connections to judged addresses only, and ends them all when the time is over."""

    reach: Reach
    over: bool = False
    _open: list[socket.socket] = field(default_factory=list)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """A server that sends a byte now and then keeps no thread busy for ever."""
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def dial(self, host: str, port: int, seconds: float) -> socket.socket:
        """The very number that was judged is connected to: a name may mean another one a moment later.

        Raises ``NotAllowed`` and ``OSError``.
        """
        last: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, number in judged(host, port, self.reach):
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(seconds)
                made.connect(number)
                return made
            except OSError as error:
                made.close()
                last = error
        raise last

    def keep(self, made: socket.socket) -> socket.socket:
        """``made``, which is ended with the others."""
        self._open.append(made)
        return made

    def _end(self) -> None:
        self.over = True
        for each in self._open:
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # not TLS's own, which would wait for the other side


def ask(address: SplitResult, connections: Connections, network: Network, seconds: float) -> HTTPResponse:
    """The answer, whatever its status. Raises ``NotAllowed``, ``OSError`` and ``http.client.HTTPException``.

    The opener has no handler of logins, so that neither ``~/.netrc`` nor anything else is sent to whoever is asked.
    """
    request = Request(urlunsplit(address._replace(fragment="")), headers=_HEADERS)
    opener = OpenerDirector()
    for handler in (_proxies(network), _Http(connections), _Https(connections, _context(network))):
        opener.add_handler(handler)
    answer: HTTPResponse = opener.open(request, timeout=seconds)
    return answer


def judged(host: str, port: int, reach: Reach) -> list[Any]:
    """What ``getaddrinfo`` says of a host, each number allowed. Raises ``NotAllowed`` and ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, number in found:
        reach.refuse_number(host, str(number[0]))
    return found


def _proxies(network: Network) -> ProxyHandler:
    named = {"http": network.http_proxy, "https": network.https_proxy}
    configured = {scheme: proxy for scheme, proxy in named.items() if proxy}
    return ProxyHandler(configured or None)  # without any, the variables are read


def _context(network: Network) -> ssl.SSLContext:
    made = ssl.create_default_context()
    if not network.verified:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    elif network.certificates:
        is_folder = os.path.isdir(network.certificates)
        made.load_verify_locations(**{"capath" if is_folder else "cafile": network.certificates})
    return made


class _Http(HTTPHandler):
    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._connections = connections

    def http_open(self, req: Request) -> HTTPResponse:
        if req.has_proxy():  # which is not ours to judge
            return super().http_open(req)
        connections = self._connections

        class Direct(HTTPConnection):
            def connect(self) -> None:
                self.sock = connections.keep(connections.dial(self.host, self.port, _seconds(self)))

        return self.do_open(Direct, req)


class _Https(HTTPSHandler):
    def __init__(self, connections: Connections, trusted: ssl.SSLContext) -> None:
        super().__init__(context=trusted)
        self._connections = connections
        self._trusted = trusted

    def https_open(self, req: Request) -> HTTPResponse:
        if getattr(req, "_tunnel_host", None):  # by a proxy
            return super().https_open(req)
        connections, trusted = self._connections, self._trusted

        class Direct(HTTPSConnection):
            def connect(self) -> None:
                plain = connections.dial(self.host, self.port, _seconds(self))
                self.sock = connections.keep(trusted.wrap_socket(plain, server_hostname=self.host))

        return self.do_open(Direct, req)


def _seconds(connection: HTTPConnection) -> float:
    return float(connection.timeout or 0)
