"""A conda spec in words that rattler takes for what conda means by it.

Most specs mean one thing to both. Where they do not (``p=1.2.`` is 1.2.* to conda, 1.2 with the build '.' to rattler;
``p>1.*`` is >1 to conda, >=1 to rattler), conda's reading is written out; a spec that conda refuses, reads by halves or
in its own peculiar way is refused. conda's rules: ``conda/models/match_spec.py`` and ``version.py`` of 26.7.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..sentence import told
from .spec import is_simple

_URL = re.compile(r"(?:https?|file|ftp|s3)://\S+\.(?:conda|tar\.bz2)(?:#\S*)?")
_CHANNEL = r"(?:[A-Za-z][A-Za-z0-9+.-]*://[^\s\[\]]+|[\w.-]+(?:/[\w.-]+)*)"
_WHOLE = re.compile(
    rf"(?P<channel>{_CHANNEL}::)?(?P<name>[A-Za-z0-9_][\w.-]*)(?P<rest>[ =<>!~][^\[\]]*)?(?:\[(?P<keys>.*)\])?",
    re.ASCII,
)
_KEY = re.compile(r"\s*(?P<key>[a-z0-9_]+)=(?:\"([^\"]*)\"|'([^']*)'|([^\s,'\"]+))\s*(?:,|$|(?<=\s))")
_PART = r"(?:\d{1,15}(?![0-9])|[A-Za-z])+"
"""rattler counts in 64 bits."""
_LITERAL = rf"(?:\d{{1,15}}!)?{_PART}(?:[._-]{_PART})*_*(?:\+{_PART}(?:[._-]{_PART})*)?"
_CONSTRAINT = re.compile(
    rf"(?:(?P<operator>[<>]=?|[=!~]=|=) ?)?(?:(?P<version>{_LITERAL})(?P<end>\.\*|\*|\.|)|\*)(?![\w*.+!-])", re.ASCII
)
_COMPATIBLE = re.compile(r"(?:\d+!)?\d+(?:\.[0-9a-z]+)+")
_JOINT = re.compile(r" *([,|])(?: *(?=[<>!~]|==)| (?!=))?")
_BUILD = re.compile(r"(?: *= *| +)([\w.*^$+]+)", re.ASCII)
_PLAIN_BUILD = re.compile(r"\w+", re.ASCII)


class Unclear(ValueError):
    """The text is no spec, or one that tools read differently; the message says why, without a capital."""

    @property
    def reason(self) -> str:
        reason: str = self.args[0]
        return reason


class MatchSpec(NamedTuple):
    """A spec's parts; a part that is not given is empty. ``version`` means the same to conda and to rattler."""

    channel: str
    """With its ``::``."""
    name: str
    version: str
    build: str
    others: tuple[tuple[str, str], ...]
    """What else stands in brackets."""

    def __str__(self) -> str:
        plain = not self.others and (not self.build or (self.version and _PLAIN_BUILD.fullmatch(self.build)))
        if plain:
            return " ".join(filter(None, (self.channel + self.name, self.version, self.build)))
        keys = (("version", self.version), ("build", self.build), *self.others)
        return f"{self.channel}{self.name}[{','.join(f'{key}={_quoted(value)}' for key, value in keys if value)}]"


def for_rattler(text: str) -> str:
    """What to hand to rattler for the spec ``text``. Raises ``Unclear``."""
    text = text.strip()
    return text if is_simple(text) else written_out(text)


def written_out(text: str) -> str:
    """As ``for_rattler``, for a text that is not simple."""
    if _URL.fullmatch(text):
        return text.partition("#")[0]
    return str(parse(text.partition("#")[0]))


def parse(text: str) -> MatchSpec:
    """The parts of ``text``, which is no URL of a package. Raises ``Unclear``."""
    if " if " in text:
        raise Unclear(told("conda drops a condition ('if …') without a word"))
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        raise Unclear(told("a spec is a name, and where you like a version and a build"))
    keys = _keys(found["keys"])
    version, build = _version_and_build((found["rest"] or "").strip())
    if (version and "version" in keys) or (build and "build" in keys):
        raise Unclear(told("the version or the build is given twice, before the brackets and in them"))
    if "version" in keys:
        version = _version_in_brackets(keys.pop("version"))
    build = keys.pop("build", build)
    return MatchSpec(found["channel"] or "", found["name"], version, build, tuple(keys.items()))


def _keys(text: str | None) -> dict[str, str]:
    """``version='>=1', build=x`` as a mapping."""
    keys: dict[str, str] = {}
    text = (text or "").strip()
    position = 0
    while position < len(text):
        found = _KEY.match(text, position)
        if found is None or found["key"] in {*keys, "name"}:
            raise Unclear(
                told(
                    "[{text}] is not read in full: it must be key=value, each once, with commas between them", text=text
                )
            )
        keys[found["key"]] = next((value for value in found.groups()[1:] if value is not None), "")
        position = found.end()
    return keys


def _version_in_brackets(text: str) -> str:
    version, build = _version_and_build(text.strip())
    if build or re.search(r"[<>=!~] ", text):
        raise Unclear(told("{text!r} in brackets is no version", text=text))
    return version


def _version_and_build(text: str) -> tuple[str, str]:
    """``=1.2``, ``>=1,<2 py_0``, … as a version expression that leaves nothing open, and the build."""
    if not text:
        return "", ""
    constraints, joints, position = [], [], 0
    while True:
        found = _CONSTRAINT.match(text, position)
        if found is None:
            raise Unclear(told("{text!r} is no version", text=text[position:]))
        constraints.append(found)
        joint = _JOINT.match(text, found.end())
        position = (joint or found).end()
        if joint is None:
            break
        joints.append(joint[1])
    rest = text[position:].rstrip()
    build = _BUILD.fullmatch(rest) if rest else None
    if rest and build is None:
        raise Unclear(told("{rest!r} belongs neither to a version nor to a build", rest=rest))
    if len(constraints) == 1:
        return _alone(constraints[0], build is not None), build[1] if build else ""
    written = [_joined(constraint) for constraint in constraints]
    return "".join(map("".join, zip(written, [*joints, ""], strict=True))), build[1] if build else ""


def _alone(found: re.Match[str], with_build: bool) -> str:
    """The only constraint of a spec: without a build ``=1.2`` is 1.2.*, with one it is 1.2 exactly."""
    operator, version, end = found["operator"] or "", _version(found), found["end"] or ""
    if operator not in ("", "=", "=="):
        return _joined(found)
    if not version:
        return "*"
    if end == "." and (operator != "=" or with_build):
        raise Unclear(told("the version {version}. ends in a dot", version=version))
    if end and end != "." and operator == "==" and with_build:
        raise Unclear(
            told(
                "=={version}{end} with a build is read as {version}.* by some and as {version} by others",
                version=version,
                end=end,
            )
        )
    return f"{version}.*" if end or (operator == "=" and not with_build) else f"=={version}"


def _joined(found: re.Match[str]) -> str:
    """One of several constraints, or one with an operator that asks for no exact version."""
    operator, version, end = found["operator"] or "", _version(found), found["end"] or ""
    if not operator and not version:
        return "*"
    if _is_ambiguous(operator, version, end) or found[0].startswith("= "):
        raise Unclear(told("{found!r} is read differently by different tools", found=found[0].strip()))
    if operator == "~=" and (end or not _COMPATIBLE.fullmatch(version)):
        raise Unclear(
            told(
                "~= needs a version of at least two parts with a dot between them, not {version}{end}",
                version=version,
                end=end,
            )
        )
    if operator in ("", "="):
        return f"{version}.*" if operator or end else f"=={version}"
    return f"{operator}{version}{end if operator == '!=' else ''}"


def _is_ambiguous(operator: str, version: str, end: str) -> bool:
    """``>1.2*``, ``==1.*`` among others, ``>*``: nonsense to conda, a guess to rattler."""
    return not version or end == "." or bool(end == "*" and operator) or bool(end and operator == "==")


def _version(found: re.Match[str]) -> str:
    """conda compares in lower case, and takes ``-`` for ``_``."""
    version = (found["version"] or "").lower()
    if "-" in version and "_" in version:
        raise Unclear(told("the version {version} has both - and _", version=version))
    return version.replace("-", "_")


def _quoted(value: str) -> str:
    """No value holds both kinds of quotes."""
    quote = "'" if '"' in value else '"'
    return f"{quote}{value}{quote}"
