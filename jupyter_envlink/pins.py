"""What conda is told to keep: ``pinned_packages`` and ``conda-meta/pinned``, as constraints of a solve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .conda_records import recorded
from .condarc import Condarc
from .envfile.matchspec import Unclear, for_rattler
from .envfile.spec import package_name
from .sentence import told


@dataclass(frozen=True)
class Pins:
    """``constraints`` hold for packages that come, and bring none; ``remarks`` say where they are from."""

    constraints: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


NO_PINS = Pins()


def pins_of(condarc: Condarc, prefix: str | None) -> Pins:
    """Those of the configuration, and those of ``prefix``, where that is an environment that exists."""
    found = [*_read(condarc.pinned_packages, told("pinned_packages of conda's configuration"), prefix)]
    if prefix is not None:
        path = Path(prefix, "conda-meta", "pinned")
        found += _read(_lines(path), str(path), prefix)
    return Pins(tuple(spec for spec, _ in found if spec), tuple(remark for _, remark in found if remark))


def _read(specs: Sequence[str], source: str, prefix: str | None) -> Iterator[tuple[str, str]]:
    """Each spec in rattler's words, empty where it is none, and a sentence about it."""
    for text in specs:
        try:
            spec = for_rattler(text)
        except Unclear as error:
            yield "", told("{text!r} ({source}) pins nothing: {error}.", text=text, source=source, error=error.reason)
            continue
        held = _held(spec, prefix) if spec == package_name(spec) else spec
        yield held, told("{held} ({source}) is kept to.", held=held, source=source) if held else ""


def _held(name: str, prefix: str | None) -> str:
    """A name alone keeps what is installed; nothing, where nothing is."""
    try:
        found = recorded(prefix).get(name) if prefix else None
    except (OSError, ValueError):
        return ""
    return f"{name} =={found[0]} {found[1]}" if found else ""


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # ValueError: a path that cannot be one
        return []
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
