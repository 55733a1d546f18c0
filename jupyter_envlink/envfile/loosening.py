"""A conda spec, asking for less: without its build, with less of its version, with none. Texts in, texts out."""

from __future__ import annotations

import re

_EQUALS = re.compile(
    r"(?P<head>[^\s=<>!~\[]+)\s*(?P<equals>={1,2})\s*(?P<version>[^=\s,<>!~|\[]+)(?:=(?P<build>[^=\s\[]+))?"
)
_SPACES = re.compile(r"(?P<head>[^\s=<>!~\[]+)\s+(?P<version>[^\s=<>!~,|\[]+)\s+(?P<build>[^\s\[]+)")
_BRACKETS = re.compile(r"(?P<head>[^\[]*)\[(?P<keys>.*)\]")
_KEY = re.compile(r"""\s*(\w+)\s*=\s*('[^']*'|"[^"]*"|[^,\]]*)\s*,?""")
_NAME = re.compile(r"[^\s=<>!~\[]+")
_NUMBERS = re.compile(r"(?:\d+!)?(\d+)\.(\d+)\b.*")


def without_build(spec: str) -> str:
    """``spec`` for any build: ``numpy=1.26.4=py311h64a7726_0`` gives ``numpy=1.26.4``."""
    spec = spec.strip()
    brackets = _BRACKETS.fullmatch(spec)
    if brackets:
        return _joined(
            without_build(brackets["head"]), _keys(brackets["keys"], "build", "build_number", "md5", "sha256")
        )
    equals, spaces = _EQUALS.fullmatch(spec), _SPACES.fullmatch(spec)
    if equals and equals["build"]:
        return f"{equals['head']}={equals['version']}"
    return f"{spaces['head']}={spaces['version']}" if spaces else spec


def to_minor(spec: str) -> str:
    """``spec`` with the first two numbers of its version at most; of a range nothing but the name is left."""
    spec = without_build(spec)
    equals = _EQUALS.fullmatch(spec)
    if equals is None:
        return name_only(spec)
    numbers = _NUMBERS.fullmatch(equals["version"])
    return f"{equals['head']}={numbers[1]}.{numbers[2]}" if numbers else spec.replace("==", "=")


def name_only(spec: str) -> str:
    """``spec`` for any version and build; a channel that it names stays."""
    spec = spec.strip()
    brackets = _BRACKETS.fullmatch(spec)
    if brackets:
        gone = ("version", "build", "build_number", "md5", "sha256")
        return _joined(name_only(brackets["head"]), _keys(brackets["keys"], *gone))
    found = _NAME.match(spec)
    return found[0] if found else spec


def _keys(keys: str, *gone: str) -> list[str]:
    return [f"{key}={value.strip()}" for key, value in _KEY.findall(keys) if key not in gone]


def _joined(head: str, keys: list[str]) -> str:
    return f"{head.strip()}[{', '.join(keys)}]" if keys else head.strip()
