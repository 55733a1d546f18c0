"""The scripts in ``etc/conda/activate.d``: what they set, found out by running them in the platform's shell."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping

from . import process
from .environment import Environment
from .errors import EnvlinkError
from .sentence import told

_SHELL_NOISE = frozenset({"_", "SHLVL", "PWD", "OLDPWD", "PROMPT", "ENVLINK_SCRIPT", "ENVLINK_DUMP"})
_PLACES = frozenset({"PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"})
_SH_CODE = 'for script in "$@"; do . "$script" >/dev/null; done; exec "$ENVLINK_DUMP" -0'
_ACTIVATE_D = os.path.join("etc", "conda", "activate.d")


def scripts_of(prefix: str) -> list[str]:
    """The environment's scripts for this platform's shell, in the order in which they are run."""
    endings = (".bat",) if sys.platform == "win32" else (".sh",)
    folder = os.path.join(prefix, _ACTIVATE_D)
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(endings)]
    except OSError:
        return []


def run_scripts(environment: Environment, plain: Mapping[str, str], limit: float) -> dict[str, str]:
    """``plain`` with what the scripts set. ``EnvlinkError`` where one fails, or they take over ``limit`` seconds."""
    before = _unactivated(process.clean_environ(os.environ), environment)
    inherited = before.get("PATH", os.defpath)
    before |= {**plain, "PATH": os.pathsep.join([plain["PATH"], inherited])}
    after = before
    if sys.platform == "win32":
        for script in scripts_of(environment.prefix):
            after = _run_bat(script, after, limit)
    else:
        after = _run_sh(environment, before, limit)
    changed = {name: value for name, value in after.items() if before.get(name) != value and _kept(name, value)}
    changed |= {name: "" for name in before if name not in after and _kept(name, "")}
    return {**plain, **changed, "PATH": _prepended(after.get("PATH", ""), inherited, plain["PATH"])}


def can_be_set(name: str, value: str) -> bool:
    """Whether the system takes it for a variable."""
    return bool(name) and "=" not in name and "\0" not in name and "\0" not in value


def _unactivated(environ: Mapping[str, str], environment: Environment) -> dict[str, str]:
    """Less what the activation of the server's environment, or of this very one, has left: scripts ask for it."""
    roots = [environment.prefix, *filter(None, map(os.environ.get, ("CONDA_PREFIX", "VIRTUAL_ENV")))]
    return {name: value for name, value in environ.items() if name in _PLACES or not _below(value, roots)}


def _below(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _run_sh(environment: Environment, environ: dict[str, str], limit: float) -> dict[str, str]:
    """All scripts in one shell: their paths are arguments, never part of its program."""
    shell = shutil.which("bash") or "/bin/sh"
    argv = [shell, "-c", _SH_CODE, "envlink", *scripts_of(environment.prefix)]
    dump = {"ENVLINK_DUMP": "/usr/bin/env"}
    done = process.run(argv, env={**environ, **dump}, cwd=environment.prefix, timeout=limit, check=True)
    return _parsed(done.stdout.split("\0"), environment)


def _run_bat(script: str, environ: dict[str, str], limit: float) -> dict[str, str]:
    """The quoted path comes in by a variable, so that no path is part of the command line."""
    argv = ["cmd", "/d", "/c", "call", "%ENVLINK_SCRIPT%", ">nul", "&&", "set"]
    done = process.run(argv, env={**environ, "ENVLINK_SCRIPT": f'"{script}"'}, timeout=limit, check=True)
    return _parsed(done.stdout.splitlines(), None)


def _parsed(entries: list[str], environment: Environment | None) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in entries if "=" in entry)
    result = {name: value for name, _, value in pairs if name}
    if not result:
        where = environment.prefix if environment else "Windows"
        raise EnvlinkError(
            told("the activation scripts of {where} ended the shell", where=where), told("Ask their package's authors.")
        )
    return result


def _kept(name: str, value: str) -> bool:
    noise = name in _SHELL_NOISE or name.startswith("BASH_")
    return not noise and "\ufffd" not in value and can_be_set(name, value)


def _prepended(path: str, inherited: str, default: str) -> str:
    """What the scripts put before the inherited PATH; what they put behind it is dropped."""
    head, found, _ = path.partition(os.pathsep + inherited)
    return head if found and head else default
