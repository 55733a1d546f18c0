"""``dependencies:``: conda specs, pip blocks, and what people put there by mistake."""

from __future__ import annotations

import re
from itertools import groupby, zip_longest

from ..sentence import told
from . import kinds, pip, platforms, specs
from .findings import Findings
from .nodes import MERGE, Node, lacks_colon, place_of, place_under
from .scalars import brief, scalar, shape

_NAME = re.compile(r"(?:[\w./-]+::)?[A-Za-z0-9_][\w.-]*")
_SELECTOR = re.compile(r"sel\((.*)\)")
_ITEM = told("Write one package per line: - name=version")


def read(key: Node, value: Node, findings: Findings) -> bool:
    """Enter what ``dependencies:`` lists; false where it is no list."""
    kind = shape(value)
    if kind != "list":
        _report_wrong_type(kind, key, value, findings)
        return False
    blocks: list[Node] = []
    for is_text, run in groupby(value.value, _is_text):
        items = list(run)
        if is_text:
            _enter(items, findings)
            continue
        for item in items:
            _read_other(item, findings)
            if item.id == "mapping":
                blocks += [key for key, _ in item.value if key.value == "pip"]
    _check_indents(value.value, findings)
    for block in blocks[1:]:
        first = blocks[0].start_mark.line + 1
        message = told(
            "This is another pip: block, behind that of line {first}: conda reads only the last one, we read all.",
            first=first,
        )
        findings.warning("several-pip-blocks", place_of(block), message, told("Put all pip packages into one block."))
    return True


def _report_wrong_type(kind: str, key: Node, value: Node, findings: Findings) -> None:
    message = (
        told("The dependencies must be a list of packages, not empty.")
        if kind == "null"
        else told("The dependencies must be a list of packages, not {kind}.", kind=kinds.a(kind))
    )
    hint = _ITEM
    if kind == "text" and "\u00a0" in value.value:
        hint = told(
            "There are no-break spaces in it, as copied from a web page or a PDF: replace them by plain spaces."
        )
    elif kind == "text" and value.value.startswith("-"):
        hint = told("Put a space behind each hyphen: - name")
    elif kind == "null":
        hint = told("Write [] if nothing is to be installed.")
    findings.error("dependencies-not-a-list", place_under(key, value), message, hint)


def _check_indents(items: list[Node], findings: Findings) -> None:
    """``- pip:`` without items; what stands behind it at its own indentation is conda's for every tool."""
    for item, behind in zip_longest(items, items[1:]):
        key, value = item.value[0] if item.id == "mapping" and len(item.value) == 1 else (item, item)
        if key.value != "pip" or shape(value) != "null":
            continue
        if behind is not None and _is_text(behind):
            message = told(
                "This pip: lists nothing: the items behind it, as far to the left, are read as conda packages."
            )
            hint = told("If they are meant for pip, indent them further than '- pip:'.")
            findings.warning("pip-outdented", place_of(key), message, hint)
        else:
            hint = told("Remove it, or list packages below it.")
            findings.warning("pip-empty", place_of(key), told("This pip: lists nothing."), hint)


def _is_text(item: Node) -> bool:
    return shape(item) == "text" and item.value.strip() != ""


def _enter(items: list[Node], findings: Findings) -> None:
    findings.enter_scalars("conda", items)
    specs.check(items, findings)


def _read_other(item: Node, findings: Findings) -> None:
    kind = shape(item)
    if kind == "mapping":
        for key, value in item.value:
            _read_pair(key, value, findings)
    elif kind == "list":
        findings.error("dependency-not-text", place_of(item), told("A list inside the list of dependencies."), _ITEM)
    else:
        message = (
            told("A dependency must be a text, not {value}, {kind}.", value=item.value, kind=kinds.a(kind))
            if item.value.strip()
            else told("A dependency must be a text, not nothing at all.")
        )
        findings.error("dependency-not-text", place_of(item), message, told("Remove it, or give the package's name."))


def _read_pair(key: Node, value: Node, findings: Findings) -> None:
    if key.id != "scalar":
        code = "template" if key.id == "mapping" else "unknown-subsection"
        findings.error(code, place_of(key), told("This is a mapping, not a package."), _ITEM)
    elif key.value == "pip":
        pip.read(value, findings)
    elif found := _SELECTOR.fullmatch(key.value):
        _read_selector(found[1], key, value, findings)
    elif value.id == "scalar" and _NAME.fullmatch(key.value):
        _report_colon(key, value, findings)
    elif key.value != MERGE:
        is_pip = key.value.strip(": ").lower() == "pip"
        hint = told("Only pip: is known here. Install the rest yourself when the environment is there.")
        message = told(
            "Nobody installs what stands under {value}: conda drops it without a word.", value=brief(key.value)
        )
        fix, hint = (scalar("pip", key), told("Did you mean pip:?")) if is_pip else (None, hint)
        findings.error("unknown-subsection", place_of(key), message, hint, fix)


def _report_colon(key: Node, value: Node, findings: Findings) -> None:
    text = value.value.strip() if shape(value) != "null" else ""
    joint = "" if not text or text[0] in "<>=!~" else "=" if text[0] in "0123456789*" else "::"
    better = scalar(f"{key.value}{joint}{text}")
    pair = brief(f"{key.value}: {text}".strip())
    message = told("{pair} is a mapping, not a package: conda drops it without a word.", pair=pair)
    fix = None if lacks_colon(key, value) else better
    findings.error("colon-typo", place_of(key, value), message, told("Did you mean {better}?", better=better), fix)


def _read_selector(expression: str, key: Node, value: Node, findings: Findings) -> None:
    """micromamba's selectors: one package or a list, kept where the platform is meant."""
    holds = platforms.selected(expression, findings.platform)
    items = value.value if value.id == "sequence" else [value]
    if holds is None or not all(shape(item) == "text" and item.value.strip() for item in items):
        message = told("{value} is not a selector that is known here.", value=brief(key.value))
        findings.error(
            "selector", place_of(key), message, told("Known are sel(linux), sel(osx), sel(win) and sel(unix).")
        )
        return
    message = (
        told(
            "{value} is read as micromamba does, and kept on this machine; conda drops it everywhere.",
            value=brief(key.value),
        )
        if holds
        else told(
            "{value} is read as micromamba does, and left out on this machine; conda drops it everywhere.",
            value=brief(key.value),
        )
    )
    findings.warning("selector", place_of(key), message, told("A file per platform works with every tool."))
    if holds:
        _enter(items, findings)
