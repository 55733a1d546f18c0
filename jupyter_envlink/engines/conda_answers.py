"""What conda, mamba and micromamba print with ``--json``: documents, and whatever else gets between them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..errors import ChannelError, DiskError, EnvlinkError, NotAllowed, Unsolvable
from ..redaction import redact
from ..sentence import told

_START = re.compile(r"^\0*(?=\{)", re.MULTILINE)
_CRASHES = 0xC0000000
_MOST = 4000
"""Characters of what a tool says that are told."""

_UNSOLVABLE = frozenset(
    {
        "InvalidMatchSpec", "InvalidSpec", "InvalidVersionSpec", "LibMambaUnsatisfiableError",
        "NoChannelsConfiguredError", "PackagesNotFoundError", "PackagesNotFoundInChannelsError",
        "RattlerUnsatisfiableError", "ResolvePackageNotFound", "SpecsConfigurationConflictError", "UnsatisfiableError",
    }
)  # fmt: skip
_MISSING = frozenset({"PackagesNotFoundError", "PackagesNotFoundInChannelsError", "ResolvePackageNotFound"})
_CHANNEL = frozenset(
    {
        "ChannelDenied", "ChannelError", "ChannelNotAllowed", "ChecksumMismatchError", "CondaDependencyError",
        "CondaHTTPError", "CondaSSLError", "OfflineError", "ProxyError", "UnavailableInvalidChannel",
    }
)  # fmt: skip
_DISK = frozenset({"EnvironmentNotWritableError", "NoSpaceLeftError", "NotWritableError", "NoWritablePkgsDirError"})


def progress(line: str) -> Mapping[str, Any] | None:
    """The download that ``line`` tells of (``fetch``, ``progress`` from 0 to 1), if it does."""
    text = line.strip("\0 \t\r")
    if not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("fetch"), str) else None


def last_document(text: str) -> dict[str, Any] | None:
    """The last JSON object that begins a line of ``text`` and tells of no download; ``None`` where there is none."""
    decoder, found, end = json.JSONDecoder(), None, 0
    for start in _START.finditer(text):
        if start.end() < end:  # inside of the one before
            continue
        try:
            value, end = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and "fetch" not in value:
            found = value
    return found


def succeeded(code: int, answer: Mapping[str, Any] | None) -> bool:
    """Whether the tool says in both ways that it has done what it was asked. It may be mistaken all the same.

    The answer comes last: a crash after it (code below 0, or Windows' of ``0xC0000000`` on) says nothing about the
    work. An interpreter that ends while conda's rattler solver has threads does so now and then (measured).
    """
    has_crashed = code < 0 or code >= _CRASHES
    return (code == 0 or has_crashed) and answer is not None and answer.get("success") is True


def failure(tool: str, code: int, answer: Mapping[str, Any] | None, text: str) -> EnvlinkError:
    """What went wrong, by the name that the tool gives it, in its own words."""
    if answer is None:
        said = redact(text.strip()[-_MOST:])
        message = (
            told(
                "{tool} ended with exit code {code} and no answer that can be read: {said}",
                tool=tool,
                code=code,
                said=said,
            )
            if said
            else told("{tool} ended with exit code {code} and no answer that can be read.", tool=tool, code=code)
        )
        return EnvlinkError(
            message, told("The log has the whole story."), code="engine-failed", details={"returncode": code}
        )
    name, said = str(answer.get("exception_name") or ""), redact(_said(answer))[:_MOST]
    message = (
        f"{tool}: {said}"
        if said
        else told("{tool} ended with exit code {code} and gave no reason.", tool=tool, code=code)
    )
    details = {"returncode": code, "exception": name, "reasons": said}
    if answer.get("solver_problems") or name in _UNSOLVABLE:
        kind = "package-not-found" if name in _MISSING else "conflict"
        return Unsolvable(message, told("Loosen or remove one of the specs that it names."), code=kind, details=details)
    if name in _CHANNEL:
        return ChannelError(
            message, told("Check the network and the channel's address, then try again."), details=details
        )
    if name in _DISK:
        kind = "disk-full" if name == "NoSpaceLeftError" else "not-writable"
        return DiskError(message, told("Check that folder: its rights, and its space."), code=kind, details=details)
    if name == "EnvironmentIsFrozenError":
        return NotAllowed(
            message, told("Create an environment of your own from the file."), code="frozen", details=details
        )
    return EnvlinkError(message, told("See what {tool} says.", tool=tool), code="engine-failed", details=details)


def _said(answer: Mapping[str, Any]) -> str:
    problems = answer.get("solver_problems")
    if isinstance(problems, list) and problems:
        return "\n".join(str(each) for each in problems)
    for key in ("message", "error"):
        if answer.get(key):
            return str(answer[key])
    history = answer.get("log_history")
    entries = history if isinstance(history, list) else ()
    return "\n".join(str(each.get("message", each)) if isinstance(each, dict) else str(each) for each in entries)
