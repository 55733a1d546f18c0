"""The top of the file: ``name``, ``channels``, ``variables``, ``prefix``, and the keys that nobody knows."""

from __future__ import annotations

import difflib
import re

from jupyter_envlink.errors import InvalidName

from . import names
from .diagnostics import Place
from .findings import Findings
from .nodes import Node, place_of
from .scalars import brief, scalar, shape

KEYS = ("name", "channels", "dependencies", "variables", "prefix")
_UNUSED = {"platforms": "conda-lock's", "category": "conda-lock's", "pip-repositories": "conda-lock's"}
_TYPOS = {"default": "defaults", "nodefault": "nodefaults", "condaforge": "conda-forge", "conda_forge": "conda-forge"}
_RESERVED = {"PATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL"}


def report_nameless(root: Node, path: str | None, findings: Findings) -> None:
    """A file without ``name:`` is fine (13.9 % of the real ones): one is proposed."""
    prefix = next((entry.text for entry in findings.entries if entry.kind == "prefix"), "")
    name, start = names.from_path(path or "", prefix), place_of(root)
    here = Place(start.line, start.column, start.line, start.column)
    message = f"The file has no name: the environment is called {name} unless you say otherwise."
    findings.info("name-missing", here, message, f"Add a line: name: {name}", f"name: {scalar(name)}\n")


def read_name(value: Node, findings: Findings) -> bool:
    kind = shape(value)
    if kind in ("list", "mapping"):
        _report_name(value, findings)
        return False
    if kind == "null":
        findings.warning("name-not-text", place_of(value), "name: is empty.", "Give it a name, or remove the line.")
        return True
    findings.enter("name", value.value, place_of(value))
    if kind != "text":
        message = f"name: {value.value} is a {kind} to conda, which refuses it; we read it as text."
        findings.warning("name-not-quoted", place_of(value), message, "Put it in quotes.", f'"{value.value}"')
    _check_name(value, findings)
    return True


def _report_name(value: Node, findings: Findings) -> None:
    start = value.start_mark
    if value.id == "mapping" and any(key.id == "mapping" for key, _ in value.value):
        message = f"The name in line {start.line + 1} is a template ({{{{ … }}}}) that nobody has filled in."
        findings.error("template", place_of(value), message, "Put the name there.")
    else:
        findings.error("name-not-text", place_of(value), "name: must be a text.", "Give one name: name: analysis")


def _check_name(value: Node, findings: Findings) -> None:
    try:
        names.validate(value.value)
    except InvalidName as error:
        fix = scalar(names.propose(value.value), value)
        findings.warning("name-not-usable", place_of(value), error.message, error.remedy, fix)


def read_channels(value: Node, findings: Findings) -> bool:
    kind = shape(value)
    if kind != "list":
        message = f"channels: must be a list, not {'empty' if kind == 'null' else f'a {kind}'}."
        fix = f"[{scalar(value.value, value)}]" if kind == "text" else None
        hint = (
            "Remove the line if no channel is meant." if kind == "null" else "Write each in a line of its own: - name"
        )
        findings.error("channels-not-a-list", place_of(value), message, hint, fix)
        return False
    for item in value.value:
        _read_channel(item, findings)
    listed = {item.value for item in value.value if item.id == "scalar"}
    if {"defaults", "nodefaults"} <= listed:
        message = "defaults and nodefaults are both listed: defaults is used, the configured channels are not."
        findings.warning("nodefaults-with-defaults", place_of(value), message, "Keep the one that you mean.")
    return True


def _read_channel(item: Node, findings: Findings) -> None:
    kind = shape(item)
    if kind != "text" or not item.value.strip():
        message = f"A channel must be a text, not {'an empty one' if kind == 'text' else f'a {kind}'}."
        findings.error("channel-not-text", place_of(item), message, "Put it in quotes, or remove it.")
        return
    findings.enter("channel", item.value, place_of(item))
    meant = _TYPOS.get(item.value.strip().lower())
    if meant:
        message = f"There is hardly a channel called {brief(item.value)}."
        findings.warning("channel-typo", place_of(item), message, f"Did you mean {meant}?", scalar(meant, item))
    if "{{" in item.value:
        findings.error(
            "template", place_of(item), "This channel is a template that nobody fills in.", "Put the value there."
        )


def read_variables(value: Node, findings: Findings) -> bool:
    if value.id != "mapping":
        hint = "Write one variable per line: NAME: value"
        findings.error("variables-not-a-mapping", place_of(value), "variables: must be a mapping.", hint)
        return False
    for key, content in value.value:
        _read_variable(key, content, findings)
    return True


def _read_variable(key: Node, content: Node, findings: Findings) -> None:
    if key.id != "scalar" or content.id != "scalar":
        findings.error(
            "variable-not-text", place_of(content), "A variable's value must be a text.", "Put it in quotes."
        )
        return
    if not key.value or re.search(r"[=\x00-\x20]", key.value):
        findings.error("variable-name", place_of(key), f"No variable can be called {brief(key.value)}.", "Rename it.")
        return
    if key.value.upper() in _RESERVED:
        message = f"{key.value} is set by the activation itself: the value given here would break it, and is not used."
        findings.warning("variable-reserved", place_of(key), message, "Remove it.")
    findings.enter("variable", "" if shape(content) == "null" else content.value, place_of(content), key.value)


def read_prefix(value: Node, findings: Findings) -> bool:
    if value.id != "scalar" or shape(value) == "null":
        return False
    findings.enter("prefix", value.value, place_of(value))
    message = f"prefix: {brief(value.value)} is a place on the machine that wrote the file, and not used."
    findings.warning("prefix-ignored", place_of(value), message, "Remove the line.")
    return True


def report_unknown(key: Node, present: set[str], findings: Findings) -> None:
    """A key that is not read: probably a misspelled one."""
    if key.id != "scalar":
        findings.error("unknown-key", place_of(key), "A key must be a text.", "Is it the right file?")
    elif key.value == "<<":
        message = "A merge key (<<) is not read here."
        findings.error("yaml-merge-key", place_of(key), message, "Write the merged keys out.")
    elif key.value in _UNUSED:
        findings.info("unknown-key", place_of(key), f"{key.value}: is {_UNUSED[key.value]}, and not used here.")
    elif key.value == "pip":
        hint = "Put it under dependencies: as an item: - pip:"
        findings.warning("unknown-key", place_of(key), "pip: at the top of the file is read by nobody.", hint)
    else:
        _report_misspelled(key, present, findings)


def _report_misspelled(key: Node, present: set[str], findings: Findings) -> None:
    near = difflib.get_close_matches(key.value.lower(), [known for known in KEYS if known not in present], 1, 0.75)
    fix = near[0] if near else None
    hint = f"Did you mean {fix}?" if fix else None
    message = f"{brief(key.value)} is not a key of an environment file: nothing reads it."
    findings.warning("unknown-key", place_of(key), message, hint, fix)
