"""Changes to an environment file that leave the rest of it as it was written: comments, order, quotes, line ends.

Nothing here writes: each function answers with an :class:`~jupyter_envlink.envfile.Edit`, and :func:`apply` makes it.
They raise ``InvalidFile`` where the text is not YAML, or is written in a way that one change would change more
(aliases), or that nobody writes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from jupyter_envlink.errors import InvalidFile
from jupyter_envlink.sentence import told

from . import insertion, removal
from .composer import composed
from .diagnostics import Edit
from .findings import Findings
from .layout import Change, Layout, Lines
from .model import Entry, EnvironmentFile
from .scalars import quoted, scalar
from .spec import package_name


def apply(text: str, edits: Iterable[Edit]) -> str:
    """``text`` after all of ``edits``, whose places are those of ``text``. Raises ``ValueError`` where two overlap."""
    lines, at, parts = Lines(text), 0, []
    spans = [(lines.offset(e.line, e.column), lines.offset(e.end_line, e.end_column), e.text) for e in edits]
    for start, end, new in sorted(spans, key=lambda span: span[:2]):
        if start < at or end < start:
            raise ValueError(f"Edits overlap at character {start}.")
        parts += [text[at:start], new]
        at = end
    return "".join(parts) + text[at:]


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """Those of ``edits``, from the top, that can be made together: no two overlap, or are put in at one place."""
    taken: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column, edit.end_line, edit.end_column)):
        if not taken or _is_behind(edit, taken[-1]):
            taken.append(edit)
    return taken


def _is_behind(edit: Edit, last: Edit) -> bool:
    start, end = (edit.line, edit.column), (last.end_line, last.end_column)
    ranges = start < (edit.end_line, edit.end_column) and (last.line, last.column) < end
    return start > end or (start == end and ranges)


def unified(before: str, after: str, path: str) -> str:
    """Both texts of a file as a unified diff, for people; a line end is none of its lines' characters."""
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), path, path, lineterm=""))


def replace_entry(text: str, entry: Entry, new: str) -> Edit:
    """The edit that puts ``new`` in the place of an entry, quoted as that is."""
    return replace_entries(text, [(entry, new)])[0]


def replace_entries(text: str, changes: Iterable[tuple[Entry, str]]) -> list[Edit]:
    """As :func:`replace_entry`, for several: an edit for each."""
    lines, edits = Lines(text), []
    if "*" in text and "&" in text:
        laid_out(text)
    for entry, new in changes:
        start, end = lines.offset(entry.line, entry.column), lines.offset(entry.end_line, entry.end_column)
        written = text[start:end].rstrip()
        edits.append(lines.edit(Change(start, start + len(written), _like(written, new))))
    return edits


def _like(written: str, new: str) -> str:
    """``new``, quoted as ``written`` is; and where it holds what a ``[…]`` around it would take for its own."""
    if written[:1] in ("'", '"'):
        return quoted(new, written[0])
    is_safe = not set(",[]{}") & set(new) or set(",[]{}") & set(written)
    return scalar(new) if is_safe else quoted(new, '"')


def remove_entry(text: str, entry: Entry) -> Edit:
    """The edit that takes an entry out, with its line and the comment in it where it has one of its own."""
    return remove_entries(text, [entry])


def remove_entries(text: str, entries: Sequence[Entry]) -> Edit:
    """One edit that takes out several. The last channel or package leaves ``[]``, the last pip item no ``pip:``."""
    layout = laid_out(text)
    nodes = [layout.scalar_at(entry.line, entry.column) for entry in entries]
    return layout.edit(*removal.removed(layout, [node for node in nodes if node is not None]))


def add_conda(text: str, file: EnvironmentFile, spec: str) -> Edit:
    """The edit that lists a conda package, behind the last one that is listed."""
    layout = laid_out(text)
    return layout.edit(*insertion.conda(layout, [spec]))


def add_pip(text: str, file: EnvironmentFile, item: str) -> Edit:
    """The edit that lists an item for pip, in the last ``pip:`` block; where there is none, with it and with pip."""
    return add_pip_items(text, file, [item])


def add_pip_items(text: str, file: EnvironmentFile, items: Sequence[str]) -> Edit:
    """As :func:`add_pip`, for several, in their order."""
    layout = laid_out(text)
    return layout.edit(*insertion.pip(layout, items, lists_pip(file)))


def add_channel(text: str, file: EnvironmentFile, name: str) -> Edit:
    """The edit that lists a channel behind the others; where there are none, under a new ``channels:``."""
    layout = laid_out(text)
    return layout.edit(*insertion.channel(layout, name))


def set_name(text: str, file: EnvironmentFile, name: str) -> Edit:
    """The edit that gives the file this name, at its top where it has none."""
    entry = next((entry for entry in file.entries if entry.kind == "name"), None)
    if entry is not None:
        return replace_entry(text, entry, name)
    layout = laid_out(text)
    return layout.edit(insertion.name(layout, name))


def lists_pip(file: EnvironmentFile) -> bool:
    """Whether pip is among the conda packages."""
    return any(package_name(spec) == "pip" for spec in file.conda or ())


def laid_out(text: str) -> Layout:
    """``text`` with its nodes. Raises ``InvalidFile``."""
    findings = Findings("")
    root = composed(text.removeprefix("\ufeff"), findings)
    if root is None or root.id != "mapping":
        said = findings.diagnostics[0].message if findings.diagnostics else told("The file holds no keys.")
        raise InvalidFile(said, told("Mend the file first."))
    layout = Layout(text, root)
    if layout.aliased:
        raise InvalidFile(
            told("The file uses a YAML alias (*): a change there would change two places."), told("Write it out.")
        )
    return layout
