"""The ``pip:`` blocks among the dependencies."""

from __future__ import annotations

import re

from ..sentence import told
from . import kinds, secrets
from .findings import Findings
from .nodes import Node, lacks_colon, place_of
from .scalars import brief, scalar, shape

MAX_LENGTH = 1_000
"""A longer item is one with hashes, and not looked into."""

_LOCAL = re.compile(
    r"(?:-r|--requirement|-c|--constraint)[\s=]+\S+|(?:-e|--editable)[\s=]*(?!\S*://)\S+|\.{1,2}(?:[/\\].*|\[.*)?|[/~].*|file:.*"
    r"|[A-Za-z]:\\.*|\S+\s@\s+file:.*|(?:-f|--find-links)[\s=]+(?!\S*://)\S+"
)
_PROJECT = re.compile(r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:$|[\[<>=!~;@,(\s#])")
_RUN = re.compile(r"[-_.]+")
_USUAL = re.compile(r"[A-Za-z0-9][\w.-]*(?:==\d[\w.]*)?", re.ASCII)
"""``name`` and ``name==version``: there is nothing to say to nine of ten."""
_CONDA = re.compile(r"([A-Za-z0-9][\w.-]*)={1,2}([\w.]+)=[\w.*]+|([A-Za-z0-9][\w.-]*)\s*=\s*(\d[\w.*]*)")


def requirement_name(item: str) -> str:
    """The project that a pip item names, normalised as PEP 503 has it; empty for options, URLs and paths."""
    found = _PROJECT.match(item)
    name = found[1].lower() if found else ""
    return _RUN.sub("-", name) if "_" in name or "." in name or "--" in name else name


def is_local(item: str) -> bool:
    """Whether pip needs files beside the environment file for ``item``."""
    return len(item) <= MAX_LENGTH and _LOCAL.fullmatch(item.strip()) is not None


def read(value: Node, findings: Findings) -> None:
    """One block: its items are entered, what is wrong with them is said. An empty one is for who sees what follows."""
    kind = shape(value)
    findings.has_pip = True
    if kind == "list":
        for item in value.value:
            _read_item(item, findings)
    elif kind != "null":
        message, hint = told("A pip: must hold a list."), told("Write each item in a line of its own: - name")
        fix = f"[{scalar(value.value, value)}]" if value.id == "scalar" else None
        findings.error("pip-not-a-list", place_of(value), message, hint, fix)


def _read_item(item: Node, findings: Findings) -> None:
    kind = shape(item)
    if kind == "text" and item.value.strip():
        findings.enter_scalars("pip", [item])
        _check(item.value.strip(), item, findings)
    elif kind == "mapping" and len(item.value) == 1 and all(node.id == "scalar" for node in item.value[0]):
        text = ": ".join(node.value for node in item.value[0])
        better = scalar(" ".join(node.value for node in item.value[0]).strip())
        fix = None if lacks_colon(*item.value[0]) else better
        message = told("{text} under pip: is a mapping, not a text: the colon made it one.", text=brief(text))
        findings.error(
            "pip-item-not-text", place_of(*item.value[0]), message, told("Did you mean {better}?", better=better), fix
        )
    else:
        message = (
            told("An item of pip: must be a text, not an empty one.")
            if kind == "text"
            else told("An item of pip: must be a text, not {kind}.", kind=kinds.a(kind))
        )
        findings.error("pip-item-not-text", place_of(item), message, told("Put it in quotes, or remove it."))


def _check(text: str, item: Node, findings: Findings) -> None:
    if _USUAL.fullmatch(text):
        return
    conda = _CONDA.fullmatch(text[:MAX_LENGTH])
    if conda:
        better = f"{conda[1] or conda[3]}=={conda[2] or conda[4]}"
        message = told("{text} is conda's way to name a version: pip does not understand it.", text=brief(text))
        findings.warning(
            "conda-syntax-in-pip",
            place_of(item),
            message,
            told("Did you mean {better}?", better=better),
            scalar(better, item),
        )
    elif "{{" in text:
        findings.error(
            "template",
            place_of(item),
            told("{text} is a template that nobody fills in.", text=brief(text)),
            told("Put the value there."),
        )
    elif is_local(text):
        message = told("{text} needs files beside this one: the file alone is not enough.", text=brief(text))
        findings.warning(
            "pip-local", place_of(item), message, told("Create the environment from the file in its own folder.")
        )
    secrets.check(text, item, findings)
