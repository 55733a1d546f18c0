"""Texts that are no YAML for a reason that a program can take away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .composer import CONTROL, composed
from .findings import Findings

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_INDENT = re.compile("(?:^|(?<=[\r\x85\u2028\u2029]))[ \t]*\t[ \t]*", re.MULTILINE)
_MARKER = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)", re.MULTILINE)
_CONTENT = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)


def mended(text: str, code: str) -> str | None:
    """``text`` without the fault of that ``code``, as YAML where that is to be had; ``None`` where nothing helps."""
    if CONTROL.search(text):
        return CONTROL.sub("", text) if code == "yaml-syntax" else None
    candidates = {"tab-indent": _without_tabs, "yaml-syntax": _with_spaces, "several-documents": _as_one}.get(code)
    found = [each for each in candidates(text) if each != text] if candidates else []
    good = next((each for each in found if is_yaml(each)), None)
    return found[0] if good is None and found and code == "tab-indent" else good


def is_yaml(text: str) -> bool:
    return composed(text, Findings("")) is not None


def with_plain_spaces(text: str) -> str:
    """Without the spaces and invisible marks that come along when a web page or a PDF is copied."""
    return _NOTHING.sub("", _SPACES.sub(" ", text))


def _with_spaces(text: str) -> Iterator[str]:
    yield with_plain_spaces(text)


def _without_tabs(text: str) -> Iterator[str]:
    """Nobody knows how wide the tabs were meant: the first width that gives YAML is taken."""
    for width in (2, 4, 8):
        yield _INDENT.sub(lambda found: found[0].replace("\t", " " * width), text)  # noqa: B023


def _as_one(text: str) -> Iterator[str]:
    """Where all documents but one are empty, they were none."""
    if sum(bool(_CONTENT.search(part)) for part in _MARKER.split(text)) == 1:
        yield _MARKER.sub("", text)
