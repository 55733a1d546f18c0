"""Whether an environment is what is asked for already: then no channel has to be asked.

As conda's ``SPECS_SATISFIED_SKIP_SOLVE``, but for what installed packages need of each other: where something is
missing, it is solved for. What is found is what the first of ``rattler_held.attempts`` would come to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .base import Keep
from .orphans import orphans
from .rattler_asked import Asked, name_of

if TYPE_CHECKING:
    from rattler import MatchSpec, PrefixRecord


def is_met(
    records: Sequence[PrefixRecord], asked: Asked, limits: Asked, keep: Keep, pip_belongs_to_python: bool
) -> bool:
    """Whether ``records``, which are what is installed, all stay, and nothing comes."""
    by_name = {record.name.normalized: record for record in records}
    if not by_name or not asked.names <= by_name.keys():
        return False
    if pip_belongs_to_python and "python" in by_name and "pip" not in by_name:
        return False
    if not all(asked.allow(record) and limits.allow(record) for record in records):
        return False
    if not all(_is_there(need, by_name) for record in records for need in _needs(record)):
        return False
    depends = {name: record.depends for name, record in by_name.items()}
    return keep is not Keep.NOTHING or not orphans(depends, asked.names)


def _needs(record: PrefixRecord) -> Iterator[MatchSpec]:
    """But for virtual packages: what is installed runs on this machine."""
    from rattler import MatchSpec

    return (MatchSpec(need) for need in record.depends if not need.startswith("__"))


def _is_there(need: MatchSpec, by_name: Mapping[str, PrefixRecord]) -> bool:
    found = by_name.get(name_of(need))
    return found is not None and need.matches(found)
