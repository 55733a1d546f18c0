"""A file that cannot be solved, with all that is known about why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..engines.availability import Availability, Available
from ..envfile import Entry, EnvironmentFile, package_name

_NOWHERE = Available()
_EXPORTED = {"exact-builds", "other-platform-build"}


@dataclass(frozen=True)
class Case:
    """``blamed`` are the entries that the conflict is about; ``elsewhere`` the channels that may be asked as well, each
    with those of the missing packages that it has; ``here`` is this platform."""

    text: str
    file: EnvironmentFile
    available: Availability
    blamed: tuple[Entry, ...]
    here: str
    elsewhere: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def is_export(self) -> bool:
        """Most packages name an exact build, or some a build of another platform: a tool has written the list."""
        return any(finding.code in _EXPORTED for finding in self.file.diagnostics)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The conda packages of the file."""
        return tuple(entry for entry in self.file.entries if entry.kind == "conda")

    @cached_property
    def missing(self) -> tuple[Entry, ...]:
        """Those of which no channel has what is asked for."""
        return tuple(entry for entry in self.entries if entry.text in self.available.of and not self.has(entry).fits)

    def has(self, entry: Entry) -> Available:
        """What the channels have for it; nothing where they were not asked."""
        return self.available.of.get(entry.text, _NOWHERE)

    def is_absent(self, entry: Entry) -> bool:
        """No channel here, and none that could be asked as well, has a package of that name."""
        if entry.text not in self.available.of or self.has(entry).versions:
            return False
        return all(package_name(entry.text) not in names for names in self.elsewhere.values())

    @cached_property
    def brought_along(self) -> frozenset[str]:
        """Names in the file that another one of it needs, by the channels' word; those that need each other are not."""
        needs = {package_name(entry.text): self.has(entry).depends for entry in self.entries}
        listed = {name: frozenset(depends & needs.keys()) for name, depends in needs.items()}
        return frozenset(
            needed for name, depends in listed.items() for needed in depends if name not in _reached(needed, listed)
        )


def _reached(start: str, needs: Mapping[str, frozenset[str]]) -> set[str]:
    """Whatever ``start`` needs, and what that needs."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = needs[waiting.pop()] - found
        found |= new
        waiting += new
    return found
