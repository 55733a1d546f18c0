"""What a person may say about an environment's kernels: a display name, whether they are hidden, variables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .binding import Binding
from .errors import InvalidRequest
from .sentence import told

_LONGEST_TITLE = 100
#: Linux passes on 128 KiB a variable, Windows 32767 characters.
_LONGEST_VALUE = 32_000
_PATH = told(
    "it is made of the environment's own folders and the server's PATH at each start; an activate.d script adds to it"
)
_WHERE = told("it says which environment this is, and activation sets it")
_PYTHON = told("it would start another Python's library, or none")
_JUPYTER = told("Jupyter sets it at each start")

REFUSED: Mapping[str, str] = {
    "PATH": _PATH,
    **dict.fromkeys(("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL"), _WHERE),
    **dict.fromkeys(("PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"), _PYTHON),
    **dict.fromkeys(("JPY_PARENT_PID", "JPY_SESSION_NAME"), _JUPYTER),
}
"""Variables that cannot be set for an environment, and why."""


def customized(known: Binding, wanted: Any) -> Binding:
    """``known`` with what ``wanted`` says: ``KernelChange`` of ``openapi.yaml``. ``InvalidRequest``.

    A title of ``None`` goes back to the default, a variable of ``None`` is forgotten; what is not named stays. The
    error's details have the ``field`` that is wrong, and the ``name`` of the variable.
    """
    if not isinstance(wanted, Mapping) or not wanted:
        raise _wrong(told("Nothing is said about the kernel."), told("Send an object with title, hidden or variables."))
    for key, value in wanted.items():
        if key not in _CHANGES:
            raise _wrong(
                told("{key!r} cannot be set.", key=key), told("What can be: {changes}.", changes=", ".join(_CHANGES))
            )
        known = _CHANGES[key](known, value)
    return known


def _titled(known: Binding, title: Any) -> Binding:
    if title is None:
        return replace(known, title=None)
    if not isinstance(title, str) or not _is_unicode(title):
        raise _wrong(
            told("The display name is not a text."), told("Send a text, or null for the default one."), field="title"
        )
    plain = " ".join(title.split())
    if not plain or len(plain) > _LONGEST_TITLE or not plain.isprintable():
        remedy = told(
            "It has 1 to {longest_title} printable characters; null brings back the default one.",
            longest_title=_LONGEST_TITLE,
        )
        raise _wrong(told("{title!r} is no display name.", title=title[:_LONGEST_TITLE]), remedy, field="title")
    return replace(known, title=plain)


def _hidden(known: Binding, hidden: Any) -> Binding:
    if not isinstance(hidden, bool):
        raise _wrong(told("hidden is {hidden!r}.", hidden=hidden), told("hidden is true or false."), field="hidden")
    return replace(known, hidden=hidden)


def _with_variables(known: Binding, variables: Any) -> Binding:
    if not isinstance(variables, Mapping):
        raise _wrong(
            told("The variables are no object."), told('Send {{"NAME": "value"}}; null forgets one.'), field="variables"
        )
    result = dict(known.variables)
    for given, value in variables.items():
        name = _name(given)
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _value(name, value)
    return replace(known, variables=result)


def _name(given: str) -> str:
    """As the system takes it: Windows knows no case."""
    name = given.upper() if sys.platform == "win32" else given
    if not name or not _is_unicode(name) or not name.isprintable() or "=" in name or " " in name:
        remedy = told("It has printable characters, but no space and no `=`.")
        raise _wrong(told("{given!r} is no name for a variable.", given=given), remedy, field="variables", name=given)
    if name in REFUSED:
        message = told("{name} cannot be set: {refused}.", name=name, refused=REFUSED[name])
        raise _wrong(message, told("Set another variable."), field="variables", name=given)
    return name


def _value(name: str, value: Any) -> str:
    if not isinstance(value, str) or not _is_unicode(value) or "\0" in value or len(value) > _LONGEST_VALUE:
        remedy = told(
            "A value is a text of at most {longest_value} characters, none of them NUL; null forgets the variable.",
            longest_value=_LONGEST_VALUE,
        )
        raise _wrong(told("The value of {name} cannot be used.", name=name), remedy, field="variables", name=name)
    return value


def _is_unicode(text: str) -> bool:
    """Whether it can be written to a file: no half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _wrong(message: str, remedy: str, **place: str) -> InvalidRequest:
    return InvalidRequest(message, remedy, code="invalid-kernel-settings", details=place)


_CHANGES: Mapping[str, Callable[[Binding, Any], Binding]] = {
    "title": _titled,
    "hidden": _hidden,
    "variables": _with_variables,
}
