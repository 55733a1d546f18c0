"""Which channels may be asked: conda's allow and deny lists, and the administrator's.

conda checks its lists against the channels of condarc only (measured with 25.11 to 26.7.1: a denied channel that an
environment file names is asked all the same); here they hold for every channel of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .addresses import bare
from .channel_addresses import Names
from .condarc import Condarc
from .errors import NotAllowed
from .network import Network
from .redaction import redact
from .sentence import joined, told


@dataclass(frozen=True)
class Rules:
    """Patterns (``fnmatch``) of addresses without secrets. An empty ``allowed`` allows whatever is not denied."""

    allowed: tuple[str, ...]
    denied: tuple[str, ...]
    allowed_by: str
    denied_by: str
    asked: Callable[[str], Sequence[str]] = lambda url: (url,)
    """The addresses that are judged for a channel's: a mirror's, where it has one."""

    def reason(self, url: str) -> str | None:
        """Why ``url`` may not be asked; ``None`` where it may."""
        addresses = [bare(each) for each in self.asked(url)]
        if any(_matches(each, self.denied) for each in addresses):
            return told("{rule} names it", rule=self.denied_by)
        if self.allowed and not all(_matches(each, self.allowed) for each in addresses):
            return told("{rule} does not name it", rule=self.allowed_by)
        return None


@dataclass(frozen=True)
class Limits:
    """What the administrator says: names, addresses, or patterns of addresses (``https://conda.example/*``)."""

    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    def rules(self, condarc: Condarc, network: Network) -> tuple[Rules, ...]:
        """These and those of condarc, as far as anything is said at all."""
        conda = rules_of_condarc(condarc)
        policy = rules_of_policy(self.allowed, self.denied, network.asked)
        return tuple(rules for rules in (policy, conda) if rules.allowed or rules.denied)

    def as_dict(self) -> dict[str, list[str]]:
        """As a job keeps them, for ``of``."""
        return {"allowed": list(self.allowed), "denied": list(self.denied)}

    @classmethod
    def of(cls, kept: Mapping[str, Iterable[str]]) -> Limits:
        return cls(tuple(kept.get("allowed", ())), tuple(kept.get("denied", ())))


NO_LIMITS = Limits()


def rules_of_condarc(condarc: Condarc) -> Rules:
    """``allowlist_channels`` and ``denylist_channels``: names and addresses as in ``channels``."""
    names = Names(condarc, [])
    allowed, denied = (_addresses(names, listed) for listed in (condarc.allowlist_channels, condarc.denylist_channels))
    return Rules(
        allowed,
        denied,
        told("allowlist_channels of conda's configuration"),
        told("denylist_channels of the same"),
    )


def rules_of_policy(allowed: Iterable[str], denied: Iterable[str], asked: Callable[[str], Sequence[str]]) -> Rules:
    """The administrator's. A name means what it does where nobody has configured anything: no condarc redirects it."""
    names = Names(Condarc(), [])
    by = (told("Policy.allowed_channels of this server"), told("Policy.denied_channels of this server"))
    return Rules(_addresses(names, allowed), _addresses(names, denied), *by, asked)


def refusal(urls: Sequence[str], rules: Sequence[Rules]) -> NotAllowed | None:
    """An error that names every channel that may not be used and who says so; ``None`` where all may."""
    found = [(url, reason) for url in urls for rule in rules if (reason := rule.reason(url))]
    if not found:
        return None
    said = joined(
        "; ", dict.fromkeys(told("{url} ({reason})", url=redact(url), reason=reason) for url, reason in found)
    )
    shown = list(dict.fromkeys(redact(url) for url, _ in found))
    remedy = told("Take the channel out of the file, or ask whoever runs this server.")
    message = told("A channel may not be used: {said}.", said=said)
    return NotAllowed(message, remedy, code="channel-not-allowed", details={"channels": shown})


def _addresses(names: Names, listed: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in listed:
        found += [name] if "*" in name else [bare(source.url) for source in names.sources(name)]
    return tuple(found)


def _matches(address: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(address, pattern) for pattern in patterns)
