"""Channels as conda means them, as the full URLs that an engine is handed.

rattler knows nothing of ``defaults``, ``pkgs/main``, ``custom_channels`` or condarc: names are resolved here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .addresses import without_platform
from .channel_addresses import Names, Source, default_channels
from .condarc import Condarc, expand_variables
from .redaction import redact
from .sentence import told

__all__ = ["Channels", "default_channels", "redact", "resolve", "spec_channel"]

FALLBACK = "conda-forge"
_SPEC = re.compile(
    r"\s*(?P<prefix>[^\s\[\]=<>!]+?)::|.*\[[^\]]*\bchannel\s*=\s*(?P<bracket>'[^']*'|\"[^\"]*\"|[^,\]]+)"
)


@dataclass(frozen=True)
class Channels:
    """What to ask, in order. The URLs may hold secrets: ``redact`` them before anybody sees them."""

    urls: tuple[str, ...] = field(repr=False)
    """Base URLs, without a platform and without a slash at the end."""
    priority: str
    """``strict``, ``flexible`` or ``disabled``."""
    notes: tuple[str, ...] = ()
    """Sentences about what was decided, without secrets."""
    names: tuple[str, ...] = field(default=(), repr=False)
    """The channel that each URL belongs to, as specs name it; empty where only the URL tells."""
    spellings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The channels of specs that are to be written otherwise than in the file, so that an engine knows them."""

    @property
    def shown(self) -> tuple[str, ...]:
        """The URLs without their secrets."""
        return tuple(redact(url) for url in self.urls)

    @property
    def groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The URLs by channel. Neighbours of one name are one channel, none of which goes before the others."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for url, name in zip(self.urls, self.names or ("",) * len(self.urls), strict=True):
            if name and found and found[-1][0] == name:
                found[-1] = (name, (*found[-1][1], url))
            else:
                found.append((name, (url,)))
        return tuple(found)

    def spelled(self, spec: str) -> str:
        """``spec`` as an engine understands it: its channel, if it names one, as one of ``names`` or ``urls``."""
        written, found = spec_channel(spec), _SPEC.match(spec)
        if found is None or written is None or written not in self.spellings:
            return spec
        start, end = found.span("prefix" if found["prefix"] else "bracket")
        return spec[:start] + spec[start:end].replace(written, self.spellings[written], 1) + spec[end:]


def resolve(
    file_channels: Sequence[str] | None, specs: Sequence[str], condarc: Condarc, environ: Mapping[str, str]
) -> Channels:
    """The file's channels, then the configured ones unless the file says ``nodefaults``, then those of the specs.

    ``file_channels`` is ``None`` where the file has no ``channels:``. Where neither file nor configuration names any,
    conda-forge is used (conda 25.9 and later refuse, micromamba does this).
    """
    notes = [*condarc.problems, *condarc.unsupported]
    known = Names(condarc, notes)
    named = [expand_variables(name.strip(), environ) for name in file_channels or ()]
    found = _sources(known, _chain(named, condarc, notes)) or _sources(known, [FALLBACK])
    asked = filter(None, map(spec_channel, specs))
    inside = {name: _sources(known, [expand_variables(name, environ)]) for name in asked}
    sources = _unique([*found, *(source for each in inside.values() for source in each)])
    return Channels(
        tuple(source.url for source in sources),
        condarc.channel_priority,
        tuple(dict.fromkeys(map(redact, notes))),
        tuple(source.name for source in sources),
        {name: _spelling(each, sources) for name, each in inside.items() if _spelling(each, sources) != name},
    )


def spec_channel(spec: str) -> str | None:
    """The channel that a spec asks for itself (``conda-forge::numpy``, ``numpy[channel=…]``), without a platform."""
    found = _SPEC.match(spec)
    if found is None:
        return None
    return without_platform((found["prefix"] or found["bracket"]).strip(" '\"")) or None


def _chain(named: list[str], condarc: Condarc, notes: list[str]) -> list[str]:
    """Names in order; a note where the file does not decide alone."""
    own = [name for name in named if name and name != "nodefaults"]
    usual = (*(["local"] if condarc.use_local else []), *condarc.channels)
    configured = [] if "nodefaults" in named else [name for name in usual if name != "nodefaults"]
    if not own and configured:
        notes.append(
            told(
                "The file names no channels: the configured ones are used ({configured}).",
                configured=", ".join(configured),
            )
        )
    if not own and not configured:
        notes.append(
            told("No channels are configured, and the file names none: {fallback} is used.", fallback=FALLBACK)
        )
        return [FALLBACK]
    return own + configured


def _sources(known: Names, names: Iterable[str]) -> list[Source]:
    return [source for name in names for source in known.sources(name)]


def _unique(sources: Iterable[Source]) -> list[Source]:
    """Each address once, by the name that it had first."""
    found: dict[str, Source] = {}
    for source in sources:
        found.setdefault(source.url, source)
    return list(found.values())


def _spelling(asked: list[Source], sources: list[Source]) -> str:
    """How a spec names the channel whose addresses are ``asked``, among ``sources``."""
    listed = next(source for source in sources if source.url == asked[0].url) if asked else Source("")
    return listed.name if listed.name and len(asked) == _members(listed.name, sources) else listed.url


def _members(name: str, sources: list[Source]) -> int:
    return sum(source.name == name for source in sources)
