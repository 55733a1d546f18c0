"""One environment's record in links.json: a value, and its JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

VERSION = 1
NOTHING: Mapping[str, Any] = MappingProxyType({})
Records = dict[str, "Binding"]


@dataclass(frozen=True, slots=True)
class Binding:
    """One environment's record. Its kernels bear ``name``, once given, until it is renamed."""

    name: str | None = None
    attached: bool | None = None
    """Whether its kernels are offered; ``None`` where nobody has said."""
    title: str | None = None
    """The person's own display name."""
    hidden: bool = False
    """Left out of the menu; notebooks that name its kernels still get them."""
    variables: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """The person's own environment variables, literal."""
    former: tuple[str, ...] = ()
    """The names that it bore before it was renamed, the latest last."""
    kernels: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """The language of each kernel that it had when it was last ready, by the kernel's own name."""
    more: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    """What a later version of us has written: kept as it is."""

    @property
    def is_said(self) -> bool:
        """Whether anything in it comes from the person; a name alone was given by us, and would be given again."""
        said = (self.title, self.hidden, self.variables, self.former, self.more)
        return self.attached is not None or any(said)

    @property
    def is_set(self) -> bool:
        """Whether the person has made it theirs, by a title, variables, or by hiding it."""
        return bool(self.title or self.hidden or self.variables)


def checked(content: Any) -> dict[str, Any]:
    """What was read from links.json. ``ValueError`` where it is something else."""
    links = content.get("links") if isinstance(content, dict) else None
    if not isinstance(links, dict):
        raise ValueError("it has no mapping `links`")
    if not all(isinstance(record, dict) for record in links.values()):
        raise ValueError("a link is not a mapping")
    return dict(content)


def decode(content: Mapping[str, Any]) -> Records:
    """Its records by prefix."""
    return {prefix: of_record(record) for prefix, record in content.get("links", {}).items()}


def of_record(record: Mapping[str, Any]) -> Binding:
    """What ``as_record`` made. Values of the wrong type count as not said."""
    known = {key: record[key] for key, fits in _FITS.items() if key in record and fits(record[key])}
    if "former" in known:
        known["former"] = tuple(known["former"])
    if "kernels" in known:
        known["kernels"] = _shared(tuple(known["kernels"].items()))
    if more := {key: value for key, value in record.items() if key not in _FITS}:
        known["more"] = more
    return Binding(**known)


@lru_cache(maxsize=256)
def _shared(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """One mapping for all environments that have the same kernels, as most do."""
    return MappingProxyType(dict(items))


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "name": _text,
    "attached": lambda value: isinstance(value, bool),
    "title": _text,
    "hidden": lambda value: isinstance(value, bool),
    "variables": _texts,
    "former": lambda value: isinstance(value, list) and all(map(_text, value)),
    "kernels": _texts,
}


def encode(content: Mapping[str, Any], records: Records) -> str:
    """The text of the file ``content``, with ``records`` in place of its own: a line for each.

    Not by ``indent``, with which Python's json module leaves C and makes a text of each comma.
    """
    head = {key: value for key, value in {"version": VERSION, **content}.items() if key != "links"}
    links = ",\n  ".join(f"{json.dumps(prefix)}: {json.dumps(as_record(one))}" for prefix, one in records.items())
    return f'{json.dumps(head)[:-1]},\n "links": {{\n  {links}\n }}}}\n'


def as_record(binding: Binding) -> dict[str, Any]:
    """The JSON of one: ``name`` and ``attached`` always; the others where something was said."""
    own = {"title": binding.title, "hidden": binding.hidden, "variables": dict(binding.variables)}
    seen = {"former": list(binding.former), "kernels": dict(binding.kernels)}
    said = {key: value for key, value in {**own, **seen}.items() if value}
    return {**binding.more, "name": binding.name, "attached": binding.attached, **said}
