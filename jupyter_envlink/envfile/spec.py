"""The parts of a conda spec, as far as they can be told without a parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_COMMON = r"([A-Za-z0-9_][\w.-]*)(?:={1,2}(\d{1,15}(?:\.\d{1,15})*(?:\.?[a-z]{1,8}\d{0,15})?)(?:=(\w+))?)?"
"""``name``, ``name=version``, ``name=version=build``: nine of ten, and told without going back."""
_LINES = re.compile(rf"^(?:{_COMMON}|(.+))$", re.ASCII | re.MULTILINE)
_NAME = re.compile(r"(?:[^\s\[\]=<>!~]*::)?([A-Za-z0-9_][\w.-]*)")
_BUILD = re.compile(r"[^=<>!~\[]+==?\s*([^=<>!~\s]+)=([^=\s]+)")
_PINNED = re.compile(r"[^=<>!~\[]*={1,2}\s*(\d[\w.]*)")


class Spec(NamedTuple):
    """What can be seen of a spec; a part that is not there, or not to be seen, is empty."""

    name: str
    """In lower case, as conda compares it."""
    version: str
    """Behind ``=`` or ``==`` only."""
    build: str
    simple: bool
    """The spec is of a form that conda and rattler both take, and for the same."""


def common_parts(texts: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Name, version and build of each text, none of them empty; of one that is not of the common form only the fourth,
    itself. One search for all of a file: a call for each would cost more than the search.
    """
    lines = "\n".join(texts)
    if lines.count("\n") >= len(texts):
        lines = "\n".join(text.replace("\n", " ") for text in texts)
    return _LINES.findall(lines)


def parse(text: str) -> Spec:
    """The parts of ``text``, which needs not be a spec at all."""
    found = _SIMPLE.fullmatch(text)
    if found is not None:
        return Spec(found["name"].lower(), found["version"] or found["exact"] or "", found["build"] or "", True)
    if text and not (common := common_parts([text])[0])[3]:
        return Spec(common[0].lower(), common[1], common[2], True)
    build, version = _BUILD.fullmatch(text), _PINNED.match(text.partition("::")[2] or text)
    return Spec(package_name(text), version[1] if version else "", build[2] if build else "", False)


def is_simple(text: str) -> bool:
    """Whether conda and rattler both take ``text``, and for the same."""
    return text != "" and (_SIMPLE.fullmatch(text) is not None or not common_parts([text])[0][3])


def package_name(spec: str) -> str:
    """The package that a conda spec names, in lower case; empty where there is none to see."""
    if "://" in spec and "::" not in spec:
        return spec.rsplit("/", 1)[-1].rsplit("-", 2)[0].lower()
    found = _NAME.match(spec.strip())
    return found[1].lower() if found else ""
