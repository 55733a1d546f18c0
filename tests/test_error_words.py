"""Errors in the page say what happened, and stay until somebody has seen them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: What tells nobody anything: neither what happened, nor where, nor what to do.
EMPTY = re.compile(
    r"""['"](?:(?:an? )?(?:unknown |unexpected )?error(?: has)? occurr?ed|(?:something|it) went wrong"""
    r"""|unknown error|failed)[.!…]?['"]""",
    re.IGNORECASE,
)
#: A notification of an error, up to the end of its call or of its options.
ERRORS = re.compile(r"Notification\.(?:error|warning)\([^;]*;|type: '(?:error|warning)'[^}]*}")


def sources() -> dict[str, str]:
    root = ROOT / "labextension" / "src"
    found = root.rglob("*.ts*")
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in found
        if "__tests__" not in path.parts
    }


def test_errors_say_what_happened() -> None:
    translated = {
        name: [text for text in re.findall(r"__\(\s*(['\"][^'\"]*['\"])", source) if EMPTY.fullmatch(text)]
        for name, source in sources().items()
    }
    found = {name for name, texts in translated.items() if texts}
    # The word of a job's state: its error stands beside it.
    assert found == {"job-words.ts"}


def test_errors_do_not_vanish_by_themselves() -> None:
    found = [(name, call) for name, source in sources().items() for call in ERRORS.findall(source)]
    assert len(found) > 1
    assert not [(name, call) for name, call in found if "autoClose: false" not in call]
