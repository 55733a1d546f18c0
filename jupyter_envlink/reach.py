"""Which addresses the server asks for a person: what it can reach is not all meant for whoever may use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult

from .errors import NotAllowed
from .sentence import told

Address = IPv4Address | IPv6Address

_METADATA = tuple(
    ip_network(each)
    for each in ("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd20:ce::254/128")
)
"""Where clouds tell their machines who they are, beside the link-local 169.254.169.254."""
_TRANSLATED = ip_network("64:ff9b::/96")
_SHARED = ip_network("100.64.0.0/10")


@dataclass(frozen=True)
class Reach:
    """Patterns of addresses (``https://*.example.org/*``), of which an empty ``allowed`` means every one; and whether
    those of private networks and of this machine are asked, too."""

    allowed: tuple[str, ...] = ()
    private: bool = False

    def refuse_address(self, address: SplitResult) -> None:
        """Raises ``NotAllowed`` where nobody may fetch from there, whatever the host's number is."""
        if self.allowed and not any(_matches(address, pattern) for pattern in self.allowed):
            message = told(
                "Nothing may be fetched from {scheme}://{netloc}.", scheme=address.scheme, netloc=address.netloc
            )
            remedy = told("Policy.fetch_from of this server allows: {allowed}.", allowed=", ".join(self.allowed))
            raise _refused(message, remedy)

    def refuse_number(self, host: str, number: str) -> None:
        """Raises ``NotAllowed`` where ``number``, the IP address of ``host``, may not be asked."""
        shown = host if host == number else f"{host} ({number})"
        found = _plain(ip_address(number.partition("%")[0]))
        if _is_never_asked(found):
            message = told(
                "{shown} is an address that no file is fetched from: it is this machine's own network's.", shown=shown
            )
            raise _refused(message, told("Use the address of a web server."))
        if not self.private and (not found.is_global or found in _SHARED):
            message = told("{shown} lies in a private network, or on the server itself.", shown=shown)
            remedy = told("Whoever runs this server can allow that by Policy.fetch_private; or paste the text instead.")
            raise _refused(message, remedy)


def _refused(message: str, remedy: str) -> NotAllowed:
    return NotAllowed(message, remedy, code="address-not-allowed")


def _plain(found: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one leads to the same machine."""
    if isinstance(found, IPv6Address):
        if found in _TRANSLATED:
            return IPv4Address(int(found) & 0xFFFF_FFFF)
        return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else found)
    return found


def _is_never_asked(found: Address) -> bool:
    special = found.is_link_local or found.is_multicast or found.is_unspecified
    return special or any(found in network for network in _METADATA)


def _matches(address: SplitResult, pattern: str) -> bool:
    """Part by part: a star in a host's name does not reach into the path."""
    scheme, _, rest = pattern.rpartition("://")
    host, _, path = rest.partition("/")
    parts: Sequence[tuple[str, str]] = (
        (address.scheme, scheme or "*"),
        (_host(address), host.lower()),
        (address.path.lstrip("/"), path or "*"),
    )
    return all(fnmatchcase(part, wanted) for part, wanted in parts)


def _host(address: SplitResult) -> str:
    port = f":{address.port}" if address.port else ""
    return f"{address.hostname or ''}{port}"
