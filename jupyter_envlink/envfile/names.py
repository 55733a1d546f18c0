"""Names of environments: what conda takes, and what folders, kernels and command lines on every system can carry."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from jupyter_envlink.errors import InvalidName
from jupyter_envlink.sentence import told

MAX_BYTES = 200
"""A folder's name may have 255 bytes almost everywhere; something is put before or behind it at times."""

_MARKS = "._-+@="
_RESERVED = {"base", "root"}
_GENERIC = re.compile(r"(?:conda[-_.]?)?env(?:ironment)?|conda", re.IGNORECASE)
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def validate(name: str) -> None:
    """Raise :class:`~jupyter_envlink.errors.InvalidName` unless ``name`` can be the name of a new environment.

    Letters and digits of any script, and ``._-+@=``; the first one is a letter, a digit or ``_``. conda refuses
    ``/``, space, ``:``, ``#``, ``base`` and ``root``; the rest of the rules is what file systems ask for.
    """
    problem = _problem(name)
    if problem is not None:
        raise InvalidName(
            problem, told("Use {name!r}, for example.", name=propose(name)), details={"proposal": propose(name)}
        )


def propose(text: str) -> str:
    """The valid name that is nearest to ``text``: lower case, hyphens for what cannot be kept."""
    plain = unicodedata.normalize("NFKC", text[:MAX_BYTES]).lower()
    kept = "".join(c if _allowed(c) else "-" for c in re.sub(r"\.{2,}", "-", plain))
    slug = _cut(re.sub(r"-{2,}", "-", kept).strip("-.+@="))
    slug = unicodedata.normalize("NFC", slug).strip("-.+@=")
    if slug in _RESERVED or _DEVICES.fullmatch(slug):
        slug += "-env"
    return slug if slug and _problem(slug) is None else "environment"


def from_path(path: str, prefix: str = "") -> str:
    """A valid name for a file that has none: its folder's where the file's own says nothing, else the file's.

    ``binder`` folders are looked through; where there is no folder the last part of ``prefix`` is taken.
    """
    pure = PureWindowsPath(path) if "\\" in path else PurePosixPath(path)
    stem = pure.name.partition(".")[0]
    if stem and not _GENERIC.fullmatch(stem):
        return propose(pure.stem)
    folders = [part for part in pure.parent.parts if part not in (pure.anchor, ".", "..", "binder", ".binder")]
    return propose(folders[-1] if folders else re.split(r"[/\\]", prefix.rstrip("/\\"))[-1])


def _problem(name: str) -> str | None:
    """Why ``name`` cannot be used, in a sentence."""
    if not name:
        return told("An environment needs a name.")
    shown = repr(name if len(name) <= 60 else name[:59] + "…")
    if len(name.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return told("The name {shown} is longer than {max_bytes} bytes.", shown=shown, max_bytes=MAX_BYTES)
    if name.lower() in _RESERVED:
        return told("The name {shown} is reserved: it means conda's own base environment.", shown=shown)
    return _bad_character(name, shown) or _bad_shape(name, shown)


def _bad_character(name: str, shown: str) -> str | None:
    if ".." in name:
        return told("The name {shown} must not contain '..'.", shown=shown)
    bad = next((c for c in name if not _allowed(c)), None)
    if bad is None:
        return None
    what = {" ": told("a space"), "/": "'/'", "\\": "'\\'"}.get(bad) or (
        f"{bad!r}" if bad.isprintable() else told("a control character")
    )
    return told(
        "The name {shown} must not contain {what}: letters, digits and {marks} are allowed.",
        shown=shown,
        what=what,
        marks=_MARKS,
    )


def _bad_shape(name: str, shown: str) -> str | None:
    if not (name[0].isalnum() or name[0] == "_"):
        return told("The name {shown} must begin with a letter, a digit or '_'.", shown=shown)
    if name.endswith(".") or _DEVICES.fullmatch(name):
        return told("The name {shown} cannot be a folder on Windows.", shown=shown)
    if unicodedata.normalize("NFC", name) != name:
        return told(
            "The name {shown} is written with letters and accents apart, which file systems confuse.", shown=shown
        )
    return None


def _allowed(character: str) -> bool:
    return (
        character in _MARKS
        or unicodedata.category(character)[0] in "LN"
        or unicodedata.category(character) in ("Mn", "Mc")
    )


def _cut(text: str) -> str:
    return text.encode("utf-8", "ignore")[: MAX_BYTES // 2].decode("utf-8", "ignore")
