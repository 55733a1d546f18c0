"""Text to YAML nodes, each with its place. Nothing is constructed: a file cannot make Python do anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ..sentence import told
from .diagnostics import Place
from .findings import Findings
from .layout import Lines
from .nodes import MAX_DEPTH, MERGE, Node, place_of
from .scalars import brief, is_quoted

_MAX_BRACKETS = 5_000
"""libyaml needs time by the square of the open brackets: 100 000 of them are 20 s, 5 000 are 50 ms."""

_DEEP = re.compile(r"[ \t]{60}|(?:[-?:][ \t]+){20}")
_SIGNS = (" " * 60, "\t", "- -", "-  ", "? ", ": -", ": :", ":  ")
"""What a text has at least where ``_DEEP`` finds something, and most have not."""
_CONFLICT = re.compile(
    r"(?:^|(?<=[\r\x85\u2028\u2029]))(?:<{7}|>{7}|\|{7}|={7})(?:[ \t][^\r\n]*)?(?=[\r\x85\u2028\u2029]|$)", re.MULTILINE
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TEXT, _LIST, _MAP = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_TOLERATED = {_TEXT, _LIST, _MAP, "tag:yaml.org,2002:python/tuple", "!", None}
"""``!!python/tuple`` is what an old exporter wrote before its channels."""


def composed(text: str, findings: Findings) -> Node | None:
    """The root of the only document in ``text``; ``None`` where there is none, with the reason in ``findings``."""
    import yaml

    if _has_conflict(text, findings):
        return None
    loader = _loader()
    try:
        if _is_too_deep(text, loader):
            findings.error(
                "too-deep",
                None,
                told("The file nests deeper than {max_depth} levels.", max_depth=MAX_DEPTH),
                told("Is it the right file?"),
            )
            return None
        root: Node | None = loader(text).get_single_node()
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if not _has_control_characters(text, findings):
            _report(error, text, findings)
        return None
    if root is not None:
        _examine(root, text, findings)
    return root


@cache
def _loader() -> Any:
    """A loader of nodes. PyYAML would ask the resolver, which is slow, what each one is: here all scalars are texts."""
    import yaml

    tags = {"scalar": _TEXT, "sequence": _LIST, "mapping": _MAP}
    base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

    def resolve(self: Any, kind: Any, value: Any, implicit: Any) -> str:
        return tags[kind.id]

    return type("Loader", (base,), {"resolve": resolve})


def _has_conflict(text: str, findings: Findings) -> bool:
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return False
    for found in _CONFLICT.finditer(text):
        place = Lines(text).place(found.start(), found.start() + len(found[0].rstrip()))
        message = told("Line {line} is a conflict marker that git left there.", line=place.line)
        findings.error(
            "conflict-marker", place, message, told("Decide which side to keep, and delete the three marker lines.")
        )
    return bool(_CONFLICT.search(text))


def _has_control_characters(text: str, findings: Findings) -> bool:
    found = CONTROL.search(text)
    if found is None:
        return False
    place = Lines(text).place(found.start(), found.end())
    message = told(
        "Line {line} holds the control character U+{found:04X}, which YAML does not allow.",
        line=place.line,
        found=ord(found[0]),
    )
    findings.error("yaml-syntax", place, message, told("Delete it."), "")
    return True


def _is_too_deep(text: str, loader: Any) -> bool:
    """Whether composing would recurse further than any stack should; counted on events, which do not recurse."""
    import yaml

    brackets = text.count("[") + text.count("{")
    if brackets > _MAX_BRACKETS:
        return True
    is_deep = any(sign in text for sign in _SIGNS) and _DEEP.search(text)
    if brackets <= MAX_DEPTH and not is_deep:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return True
    return False


def _report(error: Any, text: str, findings: Findings) -> None:
    """A YAML error in our words, where its cause is a known one."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        hint = told("Is it the right file?")
        findings.error(
            "yaml-syntax", None, told("The text is not YAML: {error}.", error=" ".join(str(error).split())), hint
        )
        return
    lines = Lines(text)
    row, column = lines.nearest(mark.line + 1, mark.column + 1)
    written = lines.line(row)
    place = Place(row, column, row, len(written) + 1)
    if "expected a single document" in (error.context or ""):
        message = told("A second YAML document begins in line {row}.", row=row)
        findings.error(
            "several-documents", place, message, told("Keep one environment per file: split the file at the ---.")
        )
    elif written[: len(written) - len(written.lstrip())].count("\t"):
        _report_tab(written, row, findings)
    elif "{{" in written or "{%" in written:
        _report_template(place, findings)
    else:
        problem = error.problem or error.context or told("it cannot be parsed")
        hint = told("Look at the indentation and the quotes of this line and the one before it.")
        findings.error("yaml-syntax", place, told("Line {row} is not YAML: {problem}.", row=row, problem=problem), hint)


def _report_tab(written: str, line: int, findings: Findings) -> None:
    indent = written[: len(written) - len(written.lstrip())]
    place = Place(line, 1, line, len(indent) + 1)
    message = told("Line {line} is indented with a tab, which YAML does not allow.", line=line)
    findings.error("tab-indent", place, message, told("Use spaces."), indent.replace("\t", "  "))


def _report_template(place: Place, findings: Findings) -> None:
    message = told(
        "Line {line} holds a template ({{{{ … }}}}): no tool fills it in when it makes an environment.", line=place.line
    )
    findings.error(
        "template", place, message, told("Put the value there, or let the tool that owns the template write the file.")
    )


def _examine(root: Node, text: str, findings: Findings) -> None:
    """Duplicate keys and strange tags anywhere in the document."""
    for node in _nodes(root, "!" in text):
        if node.tag not in _TOLERATED:
            message = told(
                "The tag {tag} means nothing in an environment file and is not used.", tag=brief(node.tag or "")
            )
            findings.warning("yaml-tag", place_of(node), message, told("Remove it."))
        if node.id == "mapping":
            _examine_keys(node, findings)


def _examine_keys(node: Node, findings: Findings) -> None:
    first: dict[str, Node] = {}
    for key, _ in node.value:
        if key.id != "scalar":
            continue
        if key.value == MERGE and not is_quoted(key):
            message = told("A merge key (<<) is read by conda only: other tools would lose what it brings.")
            findings.error("yaml-merge-key", place_of(key), message, told("Write the merged keys out."))
        before = first.setdefault(key.value, key)
        if before is not key:
            message = told(
                "{key} is given in line {first} and again in line {second}: one would silently win.",
                key=brief(key.value),
                first=before.start_mark.line + 1,
                second=key.start_mark.line + 1,
            )
            findings.error("duplicate-key", place_of(key), message, told("Put both together under one key."))


def _nodes(root: Node, tagged: bool) -> Iterator[Node]:
    """Every collection once, however many aliases lead to it, and, where there are tags, the scalars that bear one."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if node.id == "scalar":
            continue
        children = node.value if node.id == "sequence" else [child for pair in node.value for child in pair]
        waiting += [child for child in children if child.id != "scalar" or (tagged and child.tag != _TEXT)]
