"""``jupyter envlink clean`` and ``unregister``: what of ours lies in the person's Jupyter folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .. import process
from ..errors import InvalidRequest, NotFound
from . import session
from .show import printable

if TYPE_CHECKING:
    from ..cleaning import Cleaning
    from ..leftover import Leftover
    from ..service import Envlink


def add_clean_options(part: argparse.ArgumentParser) -> None:
    doing = part.add_mutually_exclusive_group()
    doing.add_argument("-y", "--yes", action="store_true", help="remove it; without this it is only shown")
    doing.add_argument("--dry-run", action="store_true", help="show what would go, which is what happens without --yes")
    what = "also what something could be undone with: removed environments, and earlier states of others"
    part.add_argument("--kept", action="store_true", help=what)
    what = (
        "also environments that nobody has used for so many days (90), or whose project is gone; undo brings one back"
    )
    part.add_argument("--unused", type=_days, nargs="?", const=90, metavar="DAYS", help=what)
    part.add_argument("--packages", action="store_true", help="also packages in the cache that no environment has")


def _days(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)


def add_unregister_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("names", nargs="*", metavar="NAME", help="a kernel, or an environment's name, path or id")
    part.add_argument("--all", action="store_true", help="every one, and all that envlink keeps for registering")
    part.add_argument("-y", "--yes", action="store_true", help="do not ask")


def clean(arguments: argparse.Namespace) -> int:
    from ..cleaning import measured  # it brings a whole service

    cleaning = session.service().cleaning
    leftovers = tuple(map(measured, _asked_for(cleaning, arguments)))
    if not arguments.yes:
        text = "There is nothing to remove."
        if leftovers:
            text = f"{_lines(leftovers)}\n{_total(leftovers)} Nothing was removed: add --yes."
        return session.answer(arguments, {"leftovers": _dicts(leftovers), "removed": [], "kept": []}, text)
    done = cleaning.clean(leftovers)
    text = "\n".join(filter(None, [_lines(done.removed, "Removed "), _lines(done.kept, "Kept ")]))
    value = {"leftovers": [], "removed": _dicts(done.removed), "kept": _dicts(done.kept)}
    session.answer(arguments, value, text or "There was nothing to remove.")
    return 1 if done.kept else 0


def _asked_for(cleaning: Cleaning, arguments: argparse.Namespace) -> Iterable[Leftover]:
    yield from cleaning.leftovers()
    if arguments.kept:
        yield from cleaning.kept()
    if arguments.unused is not None:
        yield from (each for each in cleaning.unused(arguments.unused) if not process.running_in(each.path))
    if arguments.packages:
        yield from cleaning.packages()


def _dicts(some: Iterable[Leftover]) -> list[dict[str, Any]]:
    return [each.as_dict() for each in some]


def _total(some: Iterable[Leftover]) -> str:
    return f"{sum(each.bytes or 0 for each in some) / 1e6:.1f} MB in all."


def unregister(arguments: argparse.Namespace) -> int:
    service = session.service()
    names = _wanted(service, arguments)
    if not arguments.yes and not _agreed(service, names, arguments):
        return 1
    kept: Sequence[str] = ()
    if arguments.all:
        kept = service.cleaning.unregister_all()
    else:
        service.registrar.unregister(names)
    note = _note(service)
    text = [
        f"{len(names)} kernel specs were removed." if len(names) != 1 else f"{names[0]} is not registered any more."
    ]
    text += [f"Kept, as it is yours: {path}" for path in kept]
    value = {"removed": names, "kept": list(kept), "note": note}
    return session.answer(arguments, value, _printable([*text, note]))


def _wanted(service: Envlink, arguments: argparse.Namespace) -> list[str]:
    """The names of the specs that are to go. ``InvalidRequest``, ``NotFound``; ``NotAllowed`` for foreign ones."""
    if bool(arguments.names) == arguments.all:
        raise InvalidRequest("Say which kernels: by their names, or --all.", "jupyter envlink unregister --help")
    if arguments.all:
        return list(service.registrar.specs.all())
    return list(dict.fromkeys(name for word in arguments.names for name in _named(service, word)))


def _named(service: Envlink, word: str) -> list[str]:
    """A kernel's own name comes before that of an environment."""
    if service.registrar.specs.record(word) is not None or service.registrar.specs.is_foreign(word):
        return [word]
    prefixes = {environment.prefix for environment in session.matching(service, word)}
    found = [name for name, record in service.registrar.specs.all().items() if record["prefix"] in prefixes]
    if not found:
        raise NotFound(f"Nothing that is called {word!r} is registered.", "See `jupyter kernelspec list`.")
    return found


def _agreed(service: Envlink, names: Sequence[str], arguments: argparse.Namespace) -> bool:
    """Raises ``InvalidRequest`` where nobody can be asked."""
    if not session.can_ask(arguments):
        raise InvalidRequest("Nothing was removed: nobody was asked.", "Add --yes.", code="not-confirmed")
    print(_printable(str(service.registrar.kernels_dir / name) for name in names))
    return session.agreed(f"Remove {len(names)} kernel specs? The environments stay.")


def _note(service: Envlink) -> str:
    mode = service.registrar.register
    if mode == "none":
        return "They stay away, as c.Registrar.register is 'none'."
    which = "those of every environment of yours" if mode == "all" else "those of the environments that are attached"
    return (
        f"A Jupyter server with envlink registers {which} when it starts: c.Registrar.register is {mode!r}. "
        "Set it to 'none', detach them, or uninstall jupyter_envlink, to have them stay away."
    )


def _lines(found: Iterable[Leftover], word: str = "") -> str:
    return _printable(f"{word}{each.path}: {each.reason}{_room(each)}." for each in found)


def _room(leftover: Leftover) -> str:
    """Of what a reader would call small, nothing is said."""
    size = leftover.bytes or 0
    return f"; {size / 1e6:.1f} MB" if size >= 50_000 else ""


def _printable(lines: Iterable[str]) -> str:
    return "\n".join(map(printable, lines))
