"""What rattler raises, in the words of ``errors``: by class first, by its text where the class says too little."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..channels import redact
from ..errors import ChannelError, DiskError, EnvlinkError, Unsolvable
from ..sentence import told

_MISSING = re.compile(r"No candidates were found for (.+?)\.?\s*$", re.MULTILINE)
_STATUS = re.compile(r"HTTP status \w+ error \((\d{3})")
_URL = re.compile(r"for url \((\S+?)\)")
_SAYS = {
    "401": told("wants a login"),
    "403": told("refuses access"),
    "404": told("does not have what was asked for"),
    "407": told("is behind a proxy that wants a login"),
}
_DAMAGED = (
    "numeric field was not a number",
    "when getting cksum for",
    "checksum mismatch",
    "data corruption detected",
    "unknown frame descriptor",
    "invalid checksum",
    "hash mismatch",
    "corrupt",
    "invalid gzip",
    "could not find end of central directory",
)
_CUT = ("end of file before message length", "connection reset", "connection closed", "body from connection")
_SILENT = ("error sending request", "tcp connect error", "dns error", "timed out", "connection refused")


def translate(error: Exception, places: Sequence[str]) -> Exception:
    """``error`` as one of ours; the error itself where it is already, or is no fault that rattler reports."""
    from rattler import exceptions

    if isinstance(error, EnvlinkError) or not type(error).__module__.startswith(("rattler", "builtins", "exceptions")):
        return error
    text = redact(_whole_text(error))
    where = ", ".join(redact(place) for place in places)
    if isinstance(error, exceptions.SolverError):
        return unsolvable(text, where)
    return (
        _disk(text) or _channel(text, where) or EnvlinkError(text, told("The log has the whole story."), code="engine")
    )


def unsolvable(text: str, where: str) -> Unsolvable:
    """The solver's chain of reasons, as it stands, under one sentence."""
    missing = [spec.strip().removesuffix(" *") for spec in _MISSING.findall(text)]
    if missing:
        message = told("No channel has {missing}. Asked: {where}.", missing=", ".join(missing), where=where)
        remedy = told("Check the spelling and the version, or add the channel that has it.")
        return Unsolvable(message, remedy, code="package-not-found", details={"missing": missing, "reasons": text})
    message = told("These packages do not go together:\n{reasons}", reasons=text)
    remedy = told("Loosen or remove one of the versions that it names.")
    return Unsolvable(message, remedy, code="conflict", details={"reasons": text})


def _whole_text(error: BaseException) -> str:
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None:
        text = str(current).strip()
        if text and text not in parts:
            parts.append(text)
        current = current.__cause__
    return ": ".join(parts) or type(error).__name__


def _disk(text: str) -> DiskError | None:
    lower = text.lower()
    if "no space left" in lower or "quota exceeded" in lower or "os error 28" in lower:
        return DiskError(
            told("There is no space left: {text}", text=text),
            told("Free some space, then try again."),
            code="disk-full",
        )
    if "permission denied" in lower or "read-only file system" in lower:
        return DiskError(
            told("A file cannot be written: {text}", text=text),
            told("Check the rights of that folder."),
            code="not-writable",
        )
    return None


def _channel(text: str, where: str) -> ChannelError | None:
    found = _URL.search(text)
    what = found.group(1) if found else where
    lower = text.lower()
    status = _STATUS.search(text)
    if status:
        return _refused(status.group(1), what, text)
    if "could not find subdir" in lower:
        message, remedy = (
            told("There is no conda channel at {where}.", where=where),
            told("Check the channel's name and address."),
        )
        return ChannelError(message, remedy, code="no-channel", details={"cause": text})
    if any(sign in lower for sign in _NOT_KEPT):
        message = told(
            "offline is set in conda's configuration, and the index of {what} is not in the cache: {text}",
            what=what,
            text=text,
        )
        return ChannelError(message, told("Set offline to false, or ask it once while online."), code="offline")
    for code, signs, sentence, remedy in _FAULTS:
        if any(sign in lower for sign in signs):
            message = told("{sentence}: {what}. {text}", sentence=sentence, what=what, text=text.splitlines()[0])
            return ChannelError(message, remedy, code=code, details={"cause": text})
    return None


_NOT_KEPT = ("no usable repodata cache", "is not in the cache")
_FAULTS = (
    (
        "untrusted-certificate",
        ("invalid peer certificate", "certificate verify failed"),
        told("The certificate of a channel is not trusted"),
        told("Give conda your site's certificates: ssl_verify: /path/of/a.pem in ~/.condarc."),
    ),
    (
        "damaged-download",
        _DAMAGED,
        told("A package arrived damaged"),
        told("Try again; if it stays so, the channel's file is bad."),
    ),
    (
        "cut-download",
        _CUT,
        told("The connection broke while a package was loaded"),
        told("Try again; the network may be unstable."),
    ),
    (
        "unreachable",
        _SILENT,
        told("A channel does not answer"),
        told("Check the network, the proxy and the channel's address."),
    ),
)


def _refused(status: str, what: str, text: str) -> ChannelError:
    says = _SAYS.get(status, told("answers with an error ({status})", status=status))
    remedy = (
        told("Check the channel's name and, where it needs one, your login.")
        if status < "500"
        else told("Try again later.")
    )
    return ChannelError(
        told("The channel {says}: {what}", says=says, what=what),
        remedy,
        code=f"channel-{status}",
        details={"cause": text},
    )
