"""The top of the file: ``name``, ``channels``, ``variables``, ``prefix``, and the keys that nobody knows."""

from __future__ import annotations

import difflib
import re

from jupyter_envlink.errors import InvalidName
from jupyter_envlink.sentence import told

from . import kinds, names, secrets
from .diagnostics import Edit, Place
from .findings import Findings
from .nodes import MERGE, Node, place_of, place_under
from .scalars import brief, quoted, scalar, shape

KEYS = ("name", "channels", "dependencies", "variables", "prefix")
_UNUSED = {"platforms", "category", "pip-repositories"}
"""conda-lock's."""
_TYPOS = {
    **dict.fromkeys(("condaforge", "conda_forge", "conda-forg", "conda-froge", "coda-forge"), "conda-forge"),
    "default": "defaults",
    "nodefault": "nodefaults",
    "biconda": "bioconda",
    "bio-conda": "bioconda",
}
_USERS = {"main", "r", "msys2", "free"}
_RESERVED = {"PATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL"}
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")


def report_nameless(root: Node, path: str | None, findings: Findings) -> None:
    """A file without ``name:`` is fine (13.9 % of the real ones): one is proposed."""
    prefix = next((entry.text for entry in findings.entries if entry.kind == "prefix"), "")
    name = names.from_path(path or "", prefix)
    message = told("The file has no name: the environment is called {name} unless you say otherwise.", name=name)
    findings.info(
        "name-missing", _before(root), message, told("Add a line: name: {name}", name=name), f"name: {scalar(name)}\n"
    )


def report_channelless(key: Node, findings: Findings) -> None:
    """A file without ``channels:`` (6.9 % of the real ones) means another thing on each machine."""
    message = told("The file names no channels: those that are configured on this machine are used, or conda-forge.")
    hint = told("Name them, and the file means the same everywhere: channels: [conda-forge]")
    findings.info("channels-missing", _before(key), message, hint)


def _before(node: Node) -> Place:
    start = place_of(node)
    return Place(start.line, start.column, start.line, start.column)


def read_name(key: Node, value: Node, findings: Findings) -> bool:
    kind = shape(value)
    if kind in ("list", "mapping"):
        _report_name(value, findings)
        return False
    if kind == "null":
        hint = told("Give it a name, or remove the line.")
        findings.warning("name-not-text", place_under(key, value), told("The name is empty."), hint)
        return True
    findings.enter_scalars("name", [value])
    if kind != "text":
        message = told(
            "The name {value} is {kind} to conda, which refuses it; we read it as text.",
            value=brief(value.value),
            kind=kinds.a(kind),
        )
        findings.warning(
            "name-not-quoted", place_of(value), message, told("Put it in quotes."), quoted(value.value, '"')
        )
    _check_name(value, findings)
    return True


def _report_name(value: Node, findings: Findings) -> None:
    if value.id == "mapping" and any(key.id == "mapping" for key, _ in value.value):
        message = told("The name is a template ({{{{ … }}}}) that nobody has filled in.")
        findings.error("template", place_of(value), message, told("Put the name there."))
    else:
        findings.error(
            "name-not-text", place_of(value), told("The name must be a text."), told("Give one name: name: analysis")
        )


def _check_name(value: Node, findings: Findings) -> None:
    try:
        names.validate(value.value)
    except InvalidName as error:
        fix = scalar(names.propose(value.value), value)
        findings.warning("name-not-usable", place_of(value), error.message, error.remedy, fix)


def read_channels(key: Node, value: Node, findings: Findings) -> bool:
    kind = shape(value)
    if kind != "list":
        message = (
            told("The channels must be a list, not empty.")
            if kind == "null"
            else told("The channels must be a list, not {kind}.", kind=kinds.a(kind))
        )
        fix = f"[{scalar(value.value, value)}]" if kind == "text" else None
        hint = (
            told("Remove the line if no channel is meant.")
            if kind == "null"
            else told("Write each in a line of its own: - name")
        )
        findings.error("channels-not-a-list", place_under(key, value), message, hint, fix)
        return False
    for item in value.value:
        _read_channel(item, findings)
    listed = {item.value for item in value.value if item.id == "scalar"}
    if {"defaults", "nodefaults"} <= listed:
        message = told("Both defaults and nodefaults are listed: defaults is used, the configured channels are not.")
        findings.warning("nodefaults-with-defaults", place_of(value), message, told("Keep the one that you mean."))
    return True


def _read_channel(item: Node, findings: Findings) -> None:
    kind = shape(item)
    if kind != "text" or not item.value.strip():
        message = (
            told("A channel must be a text, not an empty one.")
            if kind == "text"
            else told("A channel must be a text, not {kind}.", kind=kinds.a(kind))
        )
        findings.error("channel-not-text", place_of(item), message, told("Put it in quotes, or remove it."))
        return
    findings.enter_scalars("channel", [item])
    name = item.value.strip()
    if meant := _TYPOS.get(name.lower()):
        message = told("There is hardly a channel called {name}.", name=brief(name))
        findings.warning(
            "channel-typo", place_of(item), message, told("Did you mean {meant}?", meant=meant), scalar(meant, item)
        )
    elif name in _USERS:
        message = told(
            "The channel {name} is that of the user {name!r} on anaconda.org, not a part of defaults.", name=name
        )
        hint = told("If Anaconda's own is meant, write pkgs/{name}.", name=name)
        findings.info("channel-user", place_of(item), message, hint)
    elif "{{" in name:
        message = told("This channel is a template that nobody fills in.")
        findings.error("template", place_of(item), message, told("Put the value there."))
    secrets.check(name, item, findings)


def read_variables(key: Node, value: Node, findings: Findings) -> bool:
    if value.id != "mapping":
        message, hint = told("The variables must be a mapping."), told("Write one variable per line: NAME: value")
        findings.error("variables-not-a-mapping", place_under(key, value), message, hint)
        return False
    exported: dict[str, str] = {}
    for name, content in value.value:
        if name.id != "scalar" or name.value != MERGE:
            _read_variable(name, content, exported, findings)
    return True


def _read_variable(key: Node, content: Node, exported: dict[str, str], findings: Findings) -> None:
    if key.id != "scalar" or content.id != "scalar":
        hint = told("Put it in quotes.")
        findings.error("variable-not-text", place_of(content), told("A variable's value must be a text."), hint)
        return
    if not key.value or re.search(r"[=\x00-\x20]", key.value):
        findings.error(
            "variable-name",
            place_of(key),
            told("No variable can be called {value}.", value=brief(key.value)),
            told("Rename it."),
        )
        return
    _check_variable_name(key, exported, findings)
    _check_variable_value(key, content, findings)
    findings.enter("variable", "" if shape(content) == "null" else content.value, place_of(content), key.value)


def _check_variable_name(key: Node, exported: dict[str, str], findings: Findings) -> None:
    """conda exports every name in upper case (``envvars_force_uppercase``), and so do we."""
    name, upper = key.value, key.value.upper()
    before = exported.setdefault(upper, name)
    if before != name:
        message = told(
            "Both {before} and {name} are exported as {upper}: one would silently win.",
            before=before,
            name=name,
            upper=upper,
        )
        findings.error("variable-repeated", place_of(key), message, told("Keep one of the two."))
    elif upper in _RESERVED:
        message = told(
            "{name} is set by the activation itself: the value given here would break it, and is not used.",
            name=brief(name),
        )
        findings.warning("variable-reserved", place_of(key), message, told("Remove it."))
    elif name != upper:
        message = told("The variable {name} is exported as {upper}, as conda does it.", name=brief(name), upper=upper)
        findings.info(
            "variable-upper-cased", place_of(key), message, told("Call it {upper}.", upper=upper), scalar(upper, key)
        )


def _check_variable_value(key: Node, content: Node, findings: Findings) -> None:
    kind = shape(content)
    if kind == "null":
        message = told("The variable {value} has no value: it is set to an empty text.", value=brief(key.value))
        findings.info("variable-null", place_of(key), message, told("If that is meant, write it as ''."))
    elif kind != "text" and not _INTEGER.fullmatch(content.value):
        message = told(
            "{value} is {kind} to conda, which may write it differently; we keep the text.",
            value=brief(content.value),
            kind=kinds.a(kind),
        )
        fix = quoted(content.value, '"')
        findings.warning("variable-not-quoted", place_of(content), message, told("Put it in quotes."), fix)


def read_prefix(key: Node, value: Node, findings: Findings) -> bool:
    if value.id != "scalar" or shape(value) == "null":
        return False
    findings.enter_scalars("prefix", [value])
    message = told(
        "The prefix {value} is a place on the machine that wrote the file, and not used.", value=brief(value.value)
    )
    findings.warning("prefix-ignored", place_of(value), message, told("Remove the line."), _line_of(key, value))
    return True


def _line_of(key: Node, value: Node) -> Edit | None:
    """The edit that removes the one line of a key at the margin: nothing else begins in it."""
    line = key.start_mark.line + 1
    is_alone = key.start_mark.column == 0 and value.end_mark.line + 1 == line
    return Edit(line, 1, line + 1, 1, "") if is_alone else None


def report_unknown(key: Node, present: set[str], findings: Findings) -> None:
    """A key that is not read: probably a misspelled one."""
    if key.id != "scalar":
        findings.error("unknown-key", place_of(key), told("A key must be a text."), told("Is it the right file?"))
    elif key.value in _UNUSED:
        hint = told("It does no harm.")
        findings.info(
            "unknown-key",
            place_of(key),
            told("The key {key} is {tool}'s, not used here.", key=key.value, tool="conda-lock"),
            hint,
        )
    elif key.value == "pip":
        message, hint = (
            told("A pip: at the top of the file is read by nobody."),
            told("Put it below dependencies: as - pip:"),
        )
        findings.warning("unknown-key", place_of(key), message, hint)
    elif key.value != MERGE:
        _report_misspelled(key, present, findings)


def _report_misspelled(key: Node, present: set[str], findings: Findings) -> None:
    written = key.value[:40].lower()
    alike = [known for known in KEYS if known not in present and len(set(known) - set(written)) < 3]
    near = difflib.get_close_matches(written, alike, 1, 0.75) if alike else []
    fix = near[0] if near else None
    hint = told("Did you mean {fix}?", fix=fix) if fix else told("Remove it, if no other tool needs it.")
    message = told("{value} is not a key of an environment file: nothing reads it.", value=brief(key.value))
    findings.warning("unknown-key", place_of(key), message, hint, fix)
