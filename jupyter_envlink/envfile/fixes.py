"""What rids a file of a finding, where a program can tell: for those findings whose check could not say it at once.

A repair has the whole file before it, where a check sees one text: it may move what is marked to another place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from jupyter_envlink.errors import InvalidFile

from . import pip_repairs, repairs, shaping, syntax
from .diagnostics import Diagnostic, Edit
from .findings import Findings
from .layout import Layout, Lines, Mended
from .nodes import Node
from .scalars import quoted

T = TypeVar("T")
Found = Sequence[Diagnostic]
MAX_REPAIRS = 100
"""A repair looks at the whole file. Whoever mends more reads the file again in between."""
_MARKS = set(",[]{}")
"""What means something in a ``[…]``."""

_EACH: Mapping[str, Callable[[Layout, Diagnostic], Mended]] = MappingProxyType(
    {
        "channel-not-text": repairs.quote_or_remove,
        "channels-not-a-list": repairs.remove_null,
        "dependencies-not-a-list": shaping.make_list,
        "dependency-not-text": repairs.remove_null,
        "duplicate-key": repairs.join_keys,
        "local-package": shaping.make_url,
        "name-not-text": shaping.make_name,
        "nodefaults-with-defaults": repairs.remove_nodefaults,
        "other-platform": repairs.remove_marked,
        "pip-empty": pip_repairs.unmake_pip,
        "pip-item-not-text": repairs.quote_or_remove,
        "pip-missing": pip_repairs.add_pip,
        "pip-outdented": pip_repairs.indent_pip,
        "prefix-ignored": repairs.remove_marked,
        "repeated-package": repairs.remove_repeated,
        "unknown-key": pip_repairs.move_pip,
        "variable-not-text": repairs.quote_source,
        "variable-null": repairs.quote_null,
        "variable-reserved": repairs.remove_marked,
        "variables-not-a-mapping": shaping.make_mapping,
        "yaml-tag": repairs.remove_tag,
    }
)
_TOGETHER: Mapping[str, Callable[[Layout, Found], Mended]] = MappingProxyType(
    {
        "pip-marker": pip_repairs.move_to_pip,
        "pip-syntax": pip_repairs.move_to_pip,
        "pypi-build": pip_repairs.move_pypi,
        "several-pip-blocks": pip_repairs.join_pip_blocks,
    }
)
"""One edit rids the file of all findings of the code: each by itself would write the same lines anew."""


def complete(text: str, root: Node | None, findings: Findings) -> None:
    """Give the findings in ``text`` those fixes that take the whole of it to know."""
    if _is_another(findings.diagnostics):
        findings.diagnostics[:] = [replace(each, fix=None) for each in findings.diagnostics]
    elif root is None:
        findings.diagnostics[:] = [_in_syntax(text, each) for each in findings.diagnostics]
    elif _is_wanting(text, findings.diagnostics):
        layout = Layout(text, root)
        if root.id == "mapping" and not layout.aliased:
            findings.diagnostics[:] = [_written(layout, each) for each in _fixed(layout, findings.diagnostics)]


def _is_another(found: Found) -> bool:
    """Whether it is no environment file, as far as can be told: then nothing of it is to be changed."""
    codes = {each.code for each in found}
    misspelled = any(each.fix and each.fix.text == "dependencies" for each in found)
    return "other-format" in codes or ("dependencies-missing" in codes and not misspelled)


def _is_wanting(text: str, found: Found) -> bool:
    flow, crlf = "[" in text or "{" in text, "\r" in text
    for each in found:
        if each.fix is None:
            wants = each.code in _EACH or each.code in _TOGETHER
        else:
            wants = (flow and bool(_MARKS & set(each.fix.text))) or (crlf and "\n" in each.fix.text)
        if wants:
            return True
    return False


def _in_syntax(text: str, finding: Diagnostic) -> Diagnostic:
    mended = syntax.mended(text, finding.code)
    return finding if mended is None else replace(finding, fix=Lines(text).edit_to(mended))


def _fixed(layout: Layout, found: Found) -> list[Diagnostic]:
    """While a key stands twice it is not known where anything else belongs: that is mended first."""
    first = _of("duplicate-key", found)
    wanting = [each for each in first or found if each.fix is None][:MAX_REPAIRS]
    shared = {code: _edit(layout, repair, of) for code, repair in _TOGETHER.items() if (of := _of(code, wanting))}
    edits = {id(each): _fix(layout, each, shared) for each in wanting}
    return [replace(each, fix=fix) if (fix := edits.get(id(each))) else each for each in found]


def _of(code: str, found: Found) -> Found:
    return [each for each in found if each.code == code]


def _fix(layout: Layout, finding: Diagnostic, shared: Mapping[str, Edit | None]) -> Edit | None:
    repair = _EACH.get(finding.code)
    return shared.get(finding.code) if repair is None else _edit(layout, repair, finding)


def _edit(layout: Layout, repair: Callable[[Layout, T], Mended], subject: T) -> Edit | None:
    try:
        mended = repair(layout, subject)
    except InvalidFile:  # laid out in a way that nobody writes
        return None
    if not mended or mended == layout.text:
        return None
    return layout.edit_to(mended) if isinstance(mended, str) else layout.edit(*mended)


def _written(layout: Layout, finding: Diagnostic) -> Diagnostic:
    """The fix as this file has to write it: with its line ends, in quotes where a comma would split it (in ``[…]``)."""
    fix = finding.fix
    if fix is None:
        return finding
    text = fix.text.replace("\n", layout.newline) if layout.newline != "\n" and "\r" not in fix.text else fix.text
    node = layout.scalar_at(fix.line, fix.column) if _MARKS & set(text) else None
    if node and text[0] not in "'\"[{" and "\n" not in text and layout.is_flow(node):
        text = quoted(text, '"')
    return finding if text == fix.text else replace(finding, fix=replace(fix, text=text))
