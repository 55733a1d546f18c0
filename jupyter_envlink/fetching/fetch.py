"""An environment file from an address: http or https, a text, not too large, in time, and only where that is allowed.

FetchError says what went wrong, by its code: ``not-found``, ``status``, ``timeout``, ``too-large``, ``not-text``,
``web-page``, ``certificate``, ``unreachable``, ``redirects``, ``offline``, each behind ``fetch-``.
"""

from __future__ import annotations

import os
import re
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPResponse
from urllib.error import URLError
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from .. import condarc
from ..errors import FetchError, InvalidRequest
from ..formats.detection import is_archive_name
from ..network import Network, network_of
from ..reach import Reach
from ..redaction import redact
from ..sentence import told
from ..source import LARGEST, Source
from .asking import Connections, ask, judged
from .pages import raw

SECONDS = 30.0
_HOPS = 5
_CHUNK = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_PASTE = told("Or open it in your browser, and paste the text.")


@dataclass(frozen=True)
class Fetched:
    """``url`` is where the file was found in the end, without secrets; ``filename`` what it is called there."""

    url: str
    filename: str | None
    content: bytes

    @property
    def source(self) -> Source:
        """The file, which has no folder: relative paths in it lead nowhere."""
        return Source(self.content, self.filename, None)

    def as_dict(self) -> dict[str, str | None]:
        """``Fetched`` of ``openapi.yaml``."""
        return {"url": self.url, "filename": self.filename, "text": self.source.text}


def fetch(url: str, reach: Reach, network: Network | None = None, seconds: float = SECONDS) -> Fetched:
    """The file at ``url``, or the one that the page there shows. Takes as long as ``seconds``: call it in a thread.

    Proxies and certificates are those of conda. Raises ``InvalidRequest``, ``NotAllowed`` and ``FetchError``.
    """
    address = raw(_address(url))
    _refuse_archive(address)
    network = network or network_of(condarc.load(os.environ, prefix=""), os.environ)
    if network.offline:
        raise _error(
            "offline", told("offline is set in conda's configuration: nothing is fetched."), told("Paste the text.")
        )
    connections = Connections(reach)
    with connections.within(seconds):
        return _followed(address, connections, network, time.monotonic() + seconds)


def _followed(address: SplitResult, connections: Connections, network: Network, deadline: float) -> Fetched:
    for _ in range(_HOPS + 1):
        with _asked(address, connections, network, deadline) as answer:
            if answer.status not in _REDIRECTS:
                return _read(answer, address, connections)
            address = _next(address, answer)
    message = told("{address} is behind more than {hops} redirects.", address=_shown(address), hops=_HOPS)
    raise _error("redirects", message, told("Use the address that your browser ends at. {paste}", paste=_PASTE))


def _next(address: SplitResult, answer: HTTPResponse) -> SplitResult:
    """Where a redirect leads to, which is judged as the first address is."""
    location = answer.headers.get("Location")
    if not location:
        raise _error("redirects", told("{address} redirects to nowhere.", address=_shown(address)), _PASTE)
    return _address(urljoin(urlunsplit(address), location))


def _address(url: str) -> SplitResult:
    """Raises ``InvalidRequest`` for what is no address of http or https, or holds a login."""
    with suppress(ValueError):  # brackets that are not closed, a port that is no number
        found = urlsplit(_quoted(url.strip()))
        if found.scheme in ("http", "https") and found.hostname and found.port != 0:
            if "@" in found.netloc:
                message = told("The address holds a user or a password, which are not sent.")
                raise InvalidRequest(message, told("Open it in your browser, and paste the text."), code="bad-address")
            return found
    remedy = told("It begins with https:// or http://, and names a host.")
    raise InvalidRequest(told("{url!r} is no address of a file.", url=redact(url[:200])), remedy, code="bad-address")


def _quoted(url: str) -> str:
    """Spaces and letters of all languages, as people see them in their browser; host names are encoded as IDNA."""
    if url.isascii():
        return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")
    parts = urlsplit(url)
    netloc = parts.netloc.encode("idna").decode("ascii")
    return quote(urlunsplit(parts._replace(netloc=netloc)), safe="%/:?#[]@!$&'()*+,;=~-._")


def _refuse_archive(address: SplitResult) -> None:
    name = _last_part(address)
    if name and is_archive_name(name):
        message = told("{name} is an archive, which is not fetched.", name=name)
        raise InvalidRequest(
            message, told("Download it, and put it where the server's files are."), code="fetch-archive"
        )


def _asked(address: SplitResult, connections: Connections, network: Network, deadline: float) -> HTTPResponse:
    connections.reach.refuse_address(address)
    host = address.hostname or ""
    try:
        with suppress(OSError):  # a proxy may know names that this machine does not
            judged(host, address.port or 0, connections.reach)
        return ask(address, connections, network, max(0.1, deadline - time.monotonic()))
    except URLError as error:
        raise _unreachable(address, error.reason, connections) from None
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(address, error, connections) from None


def _unreachable(address: SplitResult, reason: object, connections: Connections) -> FetchError:
    host = address.hostname or ""
    if connections.over or isinstance(reason, TimeoutError):
        return _timeout(address)
    if isinstance(reason, ssl.SSLCertVerificationError):
        message = told(
            "The certificate of {host} is not trusted: {verify_message}.",
            host=host,
            verify_message=reason.verify_message,
        )
        return _error(
            "certificate", message, told("Set ssl_verify in ~/.condarc to the certificates of your organisation.")
        )
    said = redact(str(getattr(reason, "strerror", None) or reason or type(reason).__name__))
    message = told("{host} does not answer: {said}.", host=host, said=said)
    return _error(
        "unreachable", message, told("Check the address, and that the server may ask there. {paste}", paste=_PASTE)
    )


def _timeout(address: SplitResult) -> FetchError:
    return _error(
        "timeout",
        told("{address} did not come in time.", address=_shown(address)),
        told("Try again. {paste}", paste=_PASTE),
    )


def _read(answer: HTTPResponse, address: SplitResult, connections: Connections) -> Fetched:
    if answer.status != 200:
        raise _status(answer, address)
    try:
        content = _content(answer, address)
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(address, error, connections) from None
    if connections.over:
        raise _timeout(address)
    _refuse_others(content, answer.headers, address)
    name = _named(answer.headers) or _last_part(address)
    return Fetched(_shown(address), name, content)


def _content(answer: HTTPResponse, address: SplitResult) -> bytes:
    found = bytearray()
    while part := answer.read1(_CHUNK):
        found += part
        if len(found) > LARGEST:
            message = told("{address} is larger than {largest} MiB.", address=_shown(address), largest=LARGEST >> 20)
            raise _error("too-large", message, told("A file that lists packages is not. Look at the address."))
    expected = answer.headers.get("Content-Length", "")
    if expected.isdecimal() and len(found) < int(expected):
        raise OSError("the connection ended in the middle of the file")
    return bytes(found)


def _status(answer: HTTPResponse, address: SplitResult) -> FetchError:
    host = address.hostname or ""
    if answer.status in (404, 410):
        message = told(
            "{host} has no file at {address} ({status}).", host=host, address=_shown(address), status=answer.status
        )
        remedy = told("Look at the address. Of what only you may see, paste the text: no login is sent.")
        return _error("not-found", message, remedy)
    said = f"{answer.status} {answer.reason or ''}".strip()
    message = told("{host} answered {said} for {address}.", host=host, said=said, address=_shown(address))
    remedy = _PASTE if answer.status not in (401, 403) else told("No login is sent. {paste}", paste=_PASTE)
    return _error("status", message, remedy)


def _refuse_others(content: bytes, headers: Message, address: SplitResult) -> None:
    """Raises ``FetchError`` for what is no text in UTF-8, or UTF-16 with its mark, and for web pages."""
    start = content[:1024].lstrip().lower()
    if headers.get_content_type() == "text/html" or start.startswith((b"<!doctype html", b"<html")):
        message = told(
            "{address} is a web page, maybe one to log in, and no environment file.", address=_shown(address)
        )
        remedy = told('Use the address behind "Raw" or "Download". {paste}', paste=_PASTE)
        raise _error("web-page", message, remedy)
    try:
        is_text = "\0" not in _decoded(content)
    except UnicodeDecodeError:
        is_text = False
    if not is_text:
        raise _error(
            "not-text", told("{address} is no text in UTF-8.", address=_shown(address)), told("Look at the address.")
        )


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig")


def _named(headers: Message) -> str | None:
    """The name that the server gives to it."""
    return _plain_name(headers.get_filename() or "")


def _last_part(address: SplitResult) -> str | None:
    return _plain_name(unquote(address.path.rpartition("/")[2]))


def _plain_name(name: str) -> str | None:
    """``name`` where it is a file's, and nothing else."""
    last = re.split(r"[/\\]", name)[-1]
    return last if last.isprintable() and last not in (".", "..") and 0 < len(last) <= 255 else None


def _shown(address: SplitResult) -> str:
    return redact(urlunsplit(address))


def _error(code: str, message: str, remedy: str) -> FetchError:
    return FetchError(message, remedy, code=f"fetch-{code}")
