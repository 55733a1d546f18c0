"""What the reader promises for any bytes at all."""

from __future__ import annotations

import json

from jupyter_envlink import envfile
from jupyter_envlink.envfile import writer
from jupyter_envlink.envfile.layout import Lines
from jupyter_envlink.envfile.matchspec import for_rattler


def keep(source: bytes | str) -> None:
    """Raises ``AssertionError``, or whatever the reader raises, where a promise is not kept for ``source``."""
    file = envfile.read(source, platform="linux-64")
    checked = file.checked()
    assert json.loads(json.dumps(checked)) == checked
    assert file.ok is (not file.errors)
    _check_places(_text(source), file)
    for finding in file.diagnostics:
        assert finding.code in envfile.CODES
        assert finding.message
        assert finding.hint
    if file.ok:
        _check_usable(file)
    _check_fixes(_text(source), file)


def _text(source: bytes | str) -> str | None:
    """As an editor shows it; ``None`` where it cannot."""
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    marked = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return source.decode("utf-16" if marked else "utf-8-sig").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _check_places(text: str | None, file: envfile.EnvironmentFile) -> None:
    lines = None if text is None else Lines(text)
    edits = [finding.fix for finding in file.diagnostics if finding.fix]
    marked = [finding for finding in file.diagnostics if finding.line is not None]
    for each in [*marked, *file.entries, *edits]:
        start, end = (each.line, each.column), (each.end_line, each.end_column)
        assert (1, 1) <= start <= end, each
        if lines is not None:
            assert lines.holds(*start), (each, text)
            assert lines.holds(*end), (each, text)


def _check_usable(file: envfile.EnvironmentFile) -> None:
    """What is ``ok`` can be handed on: the engine takes every spec."""
    from rattler import MatchSpec

    for spec in file.conda or ():
        if not spec.strip().startswith(("http", "file", "ftp", "s3")):
            MatchSpec(for_rattler(spec))
    for addition in envfile.additions(file):
        assert addition.spec


def _check_fixes(text: str | None, file: envfile.EnvironmentFile) -> None:
    fixes = [finding.fix for finding in file.diagnostics if finding.fix]
    for fix in fixes[:20] if text is not None and len(text) < 20_000 else ():
        assert text is not None
        envfile.read(writer.apply(text, [fix]), platform="linux-64")
