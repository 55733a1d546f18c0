"""The variables of an activated environment, without starting conda.

What can be read is read (``variables``). Only where an environment has scripts in ``etc/conda/activate.d`` are
these run, once per signature (``ScriptVariables``).
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .activation_scripts import can_be_set, run_scripts, scripts_of
from .environment import Environment
from .errors import EnvlinkError
from .files import read_json, write_json

_UNSET = "***unset***"  # what `conda env config vars unset` leaves in conda-meta/state
_CONDA_KINDS = ("conda", "pixi")
_TIME_LIMIT = 10.0
BLANK: dict[str, str] = {
    **dict.fromkeys(("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX"), ""),
    **dict.fromkeys(("CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER", "CONDA_PREFIX_1"), ""),
    "CONDA_SHLVL": "0",
}
"""What would say of the server's own environment that the kernel runs in it, where the kernel's own does not set it.

A kernel spec can set a variable but not remove it. CPython, uv and conda take these, when empty, for not set; of
``CONDA_SHLVL`` conda itself leaves 0 behind where no environment is active.
"""


def bin_dirs(prefix: str, platform: str = sys.platform) -> tuple[str, ...]:
    """The folders that activation puts before PATH, in conda's order."""
    if platform != "win32":
        return (os.path.join(prefix, "bin"),)
    inside = ("", "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin")
    return tuple(os.path.normpath(os.path.join(prefix, folder)) for folder in inside)


def variables(environment: Environment, log: logging.Logger | None = None) -> Mapping[str, str]:
    """What activating ``environment`` sets, read from its files; ``PATH`` holds only what is put before it.

    Values are literal. The rules are conda's: ``etc/conda/env_vars.d/*.json`` by file name, then
    ``conda-meta/state``; names are upper-cased, null is the empty string, ``PATH`` is reserved. A file that
    cannot be read is logged and skipped. A virtual environment (PEP 405) has ``VIRTUAL_ENV``, any other Python
    nothing but its ``PATH``.
    """
    path = {"PATH": os.pathsep.join(bin_dirs(environment.prefix))}
    if not _is_conda(environment):
        is_virtual = os.path.isfile(
            os.path.join(environment.prefix, "pyvenv.cfg")
        )  # a version that pyenv has built is a mere Python
        return {"VIRTUAL_ENV": environment.prefix, **path} if is_virtual else path
    named = _default_env(environment)
    result = {
        "CONDA_PREFIX": environment.prefix,
        "CONDA_DEFAULT_ENV": named,
        "CONDA_SHLVL": "1",
        "CONDA_PROMPT_MODIFIER": f"({named}) ",
    }
    for file in _files(os.path.join(environment.prefix, "etc", "conda", "env_vars.d")):
        result.update(_own(_load(file, log)))
    state = _load(os.path.join(environment.prefix, "conda-meta", "state"), log).get("env_vars")
    result.update(_own(state if isinstance(state, dict) else {}))
    return {**result, **path}


def has_scripts(environment: Environment) -> bool:
    """Whether activating ``environment`` means running scripts of its packages."""
    return bool(scripts_of(environment.prefix))


class ScriptVariables:
    """The variables that activation scripts set, kept in memory and in ``folder``/ID.json by signature."""

    def __init__(self, folder: Path, log: logging.Logger | None = None, time_limit: float = _TIME_LIMIT) -> None:
        self.folder = folder
        self.log = log or logging.getLogger(__name__)
        self.time_limit = time_limit
        self._computed = 0
        self._known: dict[str, tuple[str, Mapping[str, str] | None]] = {}
        self._failures: dict[str, str] = {}

    @property
    def version(self) -> tuple[int, int]:
        """Changes when this or another process computed something: one stat."""
        try:
            return (self._computed, os.stat(self.folder).st_mtime_ns)
        except OSError:
            return (self._computed, 0)

    def get(self, environment: Environment) -> Mapping[str, str] | None:
        """What is known for this signature, ``None`` until computed or where it failed. Reads at most one file."""
        if self._signature_of(environment) != environment.signature:
            stored = self._stored(environment)
            if stored is None:
                return None
            self._known[environment.prefix] = (str(stored.get("signature")), _texts(stored.get("variables")))
        signature, values = self._known[environment.prefix]
        return values if signature == environment.signature else None

    def failure(self, environment: Environment) -> str | None:
        """Why the scripts failed for this signature; ``None`` where they did not. Reads at most two files."""
        if self.get(environment) is not None or self._signature_of(environment) != environment.signature:
            return None
        known = self._failures.get(environment.prefix) or (self._stored(environment) or {}).get("failure")
        return known if isinstance(known, str) else None

    def compute(self, environment: Environment) -> None:
        """Run the scripts, unless this signature was done already. Blocks up to the time limit: not for the event loop.

        A failure is logged, remembered until the signature changes, and leaves the plain variables in use.
        """
        self.get(environment)
        if self._signature_of(environment) == environment.signature or not has_scripts(environment):
            return
        self._failures.pop(environment.prefix, None)
        values = self._attempt(environment)
        self._known[environment.prefix] = (environment.signature, values)
        self._computed += 1
        self._store(environment, values)

    def _attempt(self, environment: Environment) -> Mapping[str, str] | None:
        try:
            return run_scripts(environment, variables(environment, self.log), self.time_limit)
        except EnvlinkError as e:
            self.log.warning(
                "envlink: the activation scripts of %s failed, its kernel starts without them: %s",
                environment.prefix,
                e.message,
            )
            self._failures[environment.prefix] = e.message
            return None

    def _store(self, environment: Environment, values: Mapping[str, str] | None) -> None:
        failure = self._failures.get(environment.prefix)
        record = {"signature": environment.signature, "variables": values and dict(values), "failure": failure}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_json(Path(self._file(environment)), record)
        except OSError as e:
            self.log.warning("envlink: cannot keep activation variables in %s: %s", self.folder, e)

    def _signature_of(self, environment: Environment) -> str | None:
        known = self._known.get(environment.prefix)
        return known[0] if known else None

    def _stored(self, environment: Environment) -> dict[str, Any] | None:
        file = self._file(environment)  # that most have none is to be found out fast
        return read_json(Path(file)) if os.access(file, os.F_OK) else None

    def _file(self, environment: Environment) -> str:
        return os.path.join(self.folder, f"{environment.id}.json")


def _is_conda(environment: Environment) -> bool:
    return environment.kind in _CONDA_KINDS or os.path.isdir(os.path.join(environment.prefix, "conda-meta"))


def _default_env(environment: Environment) -> str:
    """conda's ``env_name``: a base's name, the name under a folder called ``envs``, else the whole prefix."""
    if environment.is_base:
        return environment.name
    parent, name = os.path.split(environment.prefix)
    return name if os.path.basename(parent) == "envs" else environment.prefix


def _files(folder: str) -> list[str]:
    """Those that hold variables, sorted; none where the folder cannot be read."""
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".json")]
    except OSError:
        return []


def _load(file: str, log: logging.Logger | None) -> dict[str, Any]:
    try:
        with open(file, encoding="utf-8") as stream:
            value = json.load(stream)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as e:
        (log or logging.getLogger(__name__)).warning("envlink: %s is not used: %s", file, e)
        return {}
    return value if isinstance(value, dict) else {}


def _own(values: dict[str, Any]) -> dict[str, str]:
    texts = {name.upper(): "" if value is None else str(value) for name, value in values.items() if value != _UNSET}
    return {name: value for name, value in texts.items() if can_be_set(name, value) and name != "PATH"}


def _texts(values: Any) -> Mapping[str, str] | None:
    if not isinstance(values, dict):
        return None
    return {name: value for name, value in values.items() if isinstance(value, str)}
