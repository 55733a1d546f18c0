"""The ``pip:`` part of a file: installed by uv, or by the environment's own pip where that is wanted or uv cannot."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from packaging.utils import canonicalize_name

from .. import process
from ..channels import redact
from ..distributions import Distribution, distributions, site_packages
from ..errors import PipFailed
from ..sentence import told
from .pip import pip_environ, pip_install, refuse_without_pip
from .requirements import Line, beyond_uv, every_line, with_whole_paths
from .uv import refuses, uv_environ, uv_install

Installer = Literal["uv", "pip"]
_SAID = 15
_ASKED_WITHIN = 300.0


@dataclass(frozen=True)
class PipPart:
    """Lines of a requirements file for the Python of ``prefix``; relative paths in them count from ``folder``."""

    prefix: str
    python: str
    items: tuple[str, ...]
    folder: str
    by: Installer = "uv"
    """Who is to install it, as far as that one can."""
    upgrade: bool = True
    """As with pip's ``-U``: what the lines name moves to the newest version that fits, and a folder is built again.
    What is only needed by that stays where it can."""
    alone: bool = False
    """The lines are all there is to install: what they need is among them, and nothing of it is upgraded."""
    prune: bool = False
    """What they do not need goes. uv alone can do that."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(every_line(self.items, self.folder))


@dataclass(frozen=True)
class PipStep:
    """One distribution that goes or comes. ``version`` is unknown where it has to be built for that."""

    name: str
    version: str | None
    action: str
    """``installed`` or ``uninstalled``."""


def install_part(part: PipPart, scratch: Path, on_line: Callable[[str], None]) -> None:
    """Install it; each line that the installer says goes to ``on_line``. ``scratch`` is a path to write the list to,
    which is gone afterwards.

    Raises ``PipFailed``: with the installer's last lines, or where it is missing (``no-uv``, ``no-pip``) or a
    configuration file of pip cannot be read (``pip-config``).
    """
    said: list[str] = []

    def keep(line: str) -> None:
        said.append(line)
        on_line(line)

    by = _installer(part, on_line)
    if part.prune and by == "pip":
        on_line(told("What the file does not need stays: pip takes nothing away."))
    try:
        code = _by_pip(part, scratch, keep) if by == "pip" else _by_uv(part, scratch, keep)
    finally:
        scratch.unlink(missing_ok=True)
    if code:
        reason = redact("\n".join(said[-_SAID:]).strip())
        message = told("The pip part of the file could not be installed: {reason}", reason=reason)
        remedy = told("Mend or remove the entry that it names. Nothing was changed.")
        raise PipFailed(message, remedy, details={"returncode": code, "installer": by})


def steps_of(part: PipPart) -> tuple[PipStep, ...] | None:
    """What installing it would do, found out without a change; ``None`` where that cannot be told beforehand: where uv
    does not install it, or something of it cannot be had. Raises ``PipFailed`` as ``install_part`` does.
    """
    if needs_pip(part):
        return None
    argv = [*_uv_argv(part), "--dry-run", "--output-format", "json"]
    environ = uv_environ(os.environ)
    done = process.run(argv, env=environ, cwd=part.folder, timeout=_ASKED_WITHIN, stdin=_text(part))
    return None if done.returncode else steps_in(done.stdout)


def needs_pip(part: PipPart) -> bool:
    """Whether the environment needs a pip of its own for it."""
    return part.by == "pip" or beyond_uv(part.lines) is not None


def pip_would_change(part: PipPart) -> bool:
    """Whether installing it may change anything at all. Raises ``PipFailed`` as ``install_part`` does."""
    return steps_of(part) != ()


def _installer(part: PipPart, on_line: Callable[[str], None]) -> Installer:
    if part.by == "pip":
        on_line(told("The environment's own pip installs, as Envlink.pip says."))
        return "pip"
    beyond = beyond_uv(part.lines)
    refused = None if beyond else refuses(part.python, part.prefix)
    if beyond:
        on_line(told("The environment's own pip installs: uv does not know {beyond}.", beyond=beyond))
    elif refused:
        on_line(f"The environment's own pip installs: uv cannot for this Python. {refused}")
    return "pip" if beyond or refused else "uv"


def _by_uv(part: PipPart, scratch: Path, on_line: Callable[[str], None]) -> int:
    scratch.write_text(_text(part), encoding="utf-8")
    argv = _uv_argv(part)
    return process.stream(argv, env=uv_environ(os.environ), cwd=part.folder, stdin=scratch, on_line=on_line)


def _uv_argv(part: PipPart) -> list[str]:
    moved = [word for name in _to_move(part) for word in ("--upgrade-package", name)]
    built = [word for name in _to_build_again(part) for word in ("--reinstall-package", name)]
    more = [*(["--no-deps"] if part.alone else []), *(["--exact"] if part.prune else [])]
    return [*uv_install(part.python), "--link-mode", "copy", *more, *moved, *built, "--requirement", "-"]


def _to_move(part: PipPart) -> list[str]:
    """What is named, and there already: what comes new is the newest anyway, and where one version only is wanted no
    index has to be asked. uv's own ``--upgrade`` would move whatever they need, too."""
    if part.alone or not part.upgrade:
        return []
    named = dict.fromkeys(line.name for line in part.lines if line.name and not line.is_exact)
    there = {canonicalize_name(one.name) for one in _installed(part)} if named else set()
    return [name for name in named if name in there]


def _to_build_again(part: PipPart) -> list[str]:
    """What came from a folder that is named: what lies in it may be another by now. uv looks at its metadata only."""
    if part.alone or not part.upgrade:
        return []
    folders = {path for line in part.lines if (path := line.path) and os.path.isdir(path)}
    there = _installed(part) if folders else ()
    return [one.name for one in there if one.is_folder and not one.is_editable and _source(one) in folders]


def _source(one: Distribution) -> str:
    return os.path.realpath(one.path or "")


def _installed(part: PipPart) -> tuple[Distribution, ...]:
    return distributions(site_packages(part.prefix)).found


def _by_pip(part: PipPart, scratch: Path, on_line: Callable[[str], None]) -> int:
    refuse_without_pip(part.python, part.prefix)
    scratch.write_text(with_whole_paths(part.items, part.folder), encoding="utf-8")
    alone = ["--no-deps"] if part.alone else ["--upgrade"] if part.upgrade else []
    argv = [*pip_install(part.python), *alone, "--requirement", str(scratch)]
    return process.stream(argv, env=pip_environ(os.environ), cwd=part.folder, on_line=on_line)


def _text(part: PipPart) -> str:
    return "\n".join(part.items) + "\n"


def steps_in(text: str) -> tuple[PipStep, ...] | None:
    """What uv writes with ``--output-format json``."""
    try:
        changes = json.loads(text)["changes"]
        return tuple(PipStep(each["name"], each.get("version"), each["action"]) for each in changes)
    except (ValueError, KeyError, TypeError):
        return None
