"""The parts of a conda spec, as far as they can be told without a parser."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBERS = r"\d{1,15}(?:\.\d{1,15})*"
_PLAIN = rf"{_NUMBERS}(?:(?:a|b|rc|\.?dev|\.?post)\d{{1,15}})?"
_VERSION = rf"(?:{_PLAIN}|{_NUMBERS}\.\*|{_NUMBERS}[a-z])"
_CONSTRAINT = rf"(?:(?:[<>]=?|!=) ?{_PLAIN}|~= ?\d{{1,15}}\.{_PLAIN})"
_SIMPLE = re.compile(
    rf"(?:[\w./-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)"
    rf"(?: ?={{1,2}} ?(?P<version>{_VERSION})| ?=(?P<exact>{_PLAIN}|{_NUMBERS}[a-z])=(?P<build>[\w*]+)"
    rf"| *{_CONSTRAINT}(?: *, ?{_CONSTRAINT})*)?",
    re.ASCII,
)
COMMON = re.compile(
    r"([A-Za-z0-9_][\w.-]*)(?:={1,2}(\d{1,15}(?:\.\d{1,15})*(?:\.?[a-z]{1,8}\d{0,15})?)(?:=(\w+))?)?", re.ASCII
)
"""``name``, ``name=version``, ``name=version=build``: nine of ten, and told without going back."""
_NAME = re.compile(r"(?:[^\s\[\]=<>!~]*::)?([A-Za-z0-9_][\w.-]*)")
_BUILD = re.compile(r"[^=<>!~\[]+==?\s*([^=<>!~\s]+)=([^=\s]+)")
_PINNED = re.compile(r"[^=<>!~\[]*?\s*={1,2}\s*(\d[\w.]*)")


class Spec(NamedTuple):
    """What can be seen of a spec; a part that is not there, or not to be seen, is empty."""

    name: str
    """In lower case, as conda compares it."""
    version: str
    """Behind ``=`` or ``==`` only."""
    build: str
    simple: bool
    """The spec is of a form that conda and rattler both take, and for the same."""


def parse(text: str) -> Spec:
    """The parts of ``text``, which needs not be a spec at all."""
    found = COMMON.fullmatch(text)
    if found is not None:
        name, pinned, built = found.groups("")
        return Spec(name.lower(), pinned, built, True)
    found = _SIMPLE.fullmatch(text)
    if found is not None:
        return Spec(found["name"].lower(), found["version"] or found["exact"] or "", found["build"] or "", True)
    build, version = _BUILD.fullmatch(text), _PINNED.match(text.partition("::")[2] or text)
    return Spec(package_name(text), version[1] if version else "", build[2] if build else "", False)


def is_simple(text: str) -> bool:
    """Whether conda and rattler both take ``text``, and for the same."""
    return COMMON.fullmatch(text) is not None or _SIMPLE.fullmatch(text) is not None


def package_name(spec: str) -> str:
    """The package that a conda spec names, in lower case; empty where there is none to see."""
    if "://" in spec and "::" not in spec:
        return spec.rsplit("/", 1)[-1].rsplit("-", 2)[0].lower()
    found = _NAME.match(spec.strip())
    return found[1].lower() if found else ""
