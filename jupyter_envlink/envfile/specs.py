"""conda specs: whether they can be meant, before anything tries to solve them.

What :mod:`~jupyter_envlink.envfile.matchspec` refuses is a mistake; the known ones are told by name, with the spec that
was probably meant. What it takes may still be one: a name for a version, a version for a build.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..sentence import told
from . import platforms, secrets
from .findings import Findings
from .matchspec import Unclear, written_out
from .nodes import Node, place_of
from .scalars import brief, scalar
from .spec import common_parts, parse

_URL = re.compile(r"(?:https?|file|ftp|s3)://\S+\.(?:conda|tar\.bz2)(?:#\S+)?")
_PIP = told("Move it under pip: (indented below a '- pip:' item).")
_SPEC = told("A spec is a name, and where you like a version: numpy, numpy=1.26, 'numpy>=1.24,<2'.")
_OPERATORS = r"[<>]=?|[=!~]="
_JOINED = re.compile(r"(python)-?(\d(?:\.\d+)+)")
MAX_LENGTH = 1_000


@dataclass(frozen=True)
class Fault:
    """What is wrong with a spec; ``better`` is the spec that was probably meant."""

    code: str
    message: str
    hint: str
    better: str | None = None


_TOO_LONG = Fault(
    "invalid-spec",
    told("this is longer than {max_length} characters.", max_length=MAX_LENGTH),
    told("Is it the right file?"),
)


def check(nodes: Sequence[Node], findings: Findings) -> None:
    """Say everything that can be said about each spec by itself; their names and builds are noted."""
    texts = [node.value.strip() for node in nodes]
    parts = common_parts(texts)
    for at, (_, _, _, odd) in enumerate(parts):
        if odd:
            parts[at] = _odd_parts(texts[at], nodes[at], findings)
    names, builds = [name.lower() for name, _, _, _ in parts], [build for _, _, build, _ in parts]
    findings.names += names
    findings.builds += builds
    for at in sorted({*platforms.bound(names), *_special(names)}):
        if not parts[at][3]:
            _check_name(names[at], nodes[at], findings)
    for at in [*platforms.marked(builds), *(at for at, build in enumerate(builds) if build[:4] == "pypi")]:
        _check_build(parts[at], nodes[at], findings)


def _special(names: Sequence[str]) -> list[int]:
    lines = "\n" + "\n".join(names)
    if not any(sign in lines for sign in ("\npython2", "\npython3", "\npython-2", "\npython-3", ".whl")):
        return []
    return [at for at, name in enumerate(names) if name.endswith(".whl") or _JOINED.fullmatch(name)]


def _odd_parts(text: str, node: Node, findings: Findings) -> tuple[str, str, str, str]:
    """What is not of the common form: name, version, build as far as they can be seen, ``text`` if it is no spec."""
    if len(text) > MAX_LENGTH:
        _report(_TOO_LONG, text, node, findings)
        return "", "", "", text
    spec = parse(text)
    if spec.simple:
        return spec.name, spec.version, spec.build, ""
    secrets.check(text, node, findings)
    fault = None if _URL.fullmatch(text) else _fault(text)
    if fault is None:
        _check_version(text, node, findings)
    else:
        _report(fault, text, node, findings)
    return spec.name, spec.version, spec.build, text if fault else ""


def _check_name(name: str, node: Node, findings: Findings) -> None:
    if other := platforms.only_on(name, findings.platform):
        message = told(
            "The package {name} exists for {other} only: it cannot be installed here.",
            name=name,
            other=platforms.label(other),
        )
        findings.warning(
            "other-platform", place_of(node), message, told("Remove it if the file is to work on this machine.")
        )
    elif name.endswith(".whl"):
        findings.error(
            "pip-syntax",
            place_of(node),
            told("{value} is a wheel, which is pip's to install.", value=brief(node.value)),
            _PIP,
        )
    elif joined := _JOINED.fullmatch(name):
        better = f"{joined[1]}={joined[2]}"
        message = told("There is hardly a package called {name}.", name=name)
        findings.warning(
            "odd-name", place_of(node), message, told("Did you mean {better}?", better=better), scalar(better, node)
        )


def _report(fault: Fault, text: str, node: Node, findings: Findings) -> None:
    better = None if fault.better is None else scalar(fault.better, node)
    findings.error(
        fault.code, place_of(node), told("{spec}: {fault}", spec=brief(text), fault=fault.message), fault.hint, better
    )


def _fault(text: str) -> Fault | None:
    """What is wrong with ``text``: the first known mistake in it, else why it is no spec."""
    reason = _reason(text)
    if reason is None:
        return None
    for look in (_template, _pip, _marker, _path, _extra, _space, _colon, _operator, _comma):
        found = look(text)
        if found is not None:
            return found
    return _unparsable(text, reason)


def _template(text: str) -> Fault | None:
    if "{{" not in text and "{%" not in text:
        return None
    hint = told("Put the value there, or let the tool that owns the template write the file.")
    return Fault("template", told("this is a template, which nobody fills in when an environment is made."), hint)


def _pip(text: str) -> Fault | None:
    if text.startswith("-"):
        return Fault("pip-syntax", told("this is an option of pip, not a conda package."), _PIP)
    if re.match(r"(?:git|hg|svn|bzr)\+", text) or re.search(r"\s@\s", text):
        return Fault("pip-syntax", told("this is how pip names a package, not conda."), _PIP)
    return None


def _marker(text: str) -> Fault | None:
    if ";" not in text or "[" in text.partition(";")[0]:
        return None
    hint = told(
        "Move it under pip:, or remove the condition: conda has none of this kind (micromamba has 'sel(linux): …')."
    )
    return Fault(
        "pip-marker", told("a condition after ';' is pip's; conda would read it as part of the version."), hint
    )


def _path(text: str) -> Fault | None:
    if not re.match(r"(?:\.{1,2}|~)?[/\\]|[A-Za-z]:\\", text):
        return None
    hint = told("Give the package's URL: file:///… for a file on this machine.")
    return Fault("local-package", told("a package cannot be given by a path here."), hint)


def _extra(text: str) -> Fault | None:
    found = re.match(r"([\w.:/-]+?)\s*\[([^\]=]*)\]\s*(.*)$", text)
    if found is None or not found[2]:
        return None
    hint = told(
        "Without the brackets {found} itself is installed; list what [{found2}] adds, or move it under pip:.",
        found=found[1],
        found2=found[2],
    )
    return Fault(
        "pip-extra",
        told("[{found}] is pip's syntax, which conda drops without a word.", found=found[2]),
        hint,
        found[1] + found[3],
    )


def _space(text: str) -> Fault | None:
    better = " ".join(text.split())
    if not re.search(r"[^\S ]", text):
        return None
    message = told("there is a no-break space, a tab or a line break in it, which is no space to conda.")
    return Fault("odd-space", message, told("Did you mean {better}?", better=better), better)


def _colon(text: str) -> Fault | None:
    found = re.fullmatch(r"([A-Za-z0-9_][\w./-]*)\s*:\s*([<>=!~\d*A-Za-z_].*)", text)
    if found is None:
        return None
    joint = "" if found[2][0] in "<>=!~" else "=" if found[2][0] in "0123456789*" else "::"
    better = found[1] + joint + found[2]
    is_channel = joint == "::"
    message = told("one colon does not name a channel.") if is_channel else told("one colon does not give a version.")
    return Fault("colon-typo", message, told("Did you mean {better}?", better=better), better)


def _operator(text: str) -> Fault | None:
    better = re.sub(r"=([<>])(?!=)", r"\1=", text)
    if "[" in text or better == text:
        return None
    return Fault(
        "swapped-operator", told("=> and =< are no operators."), told("Did you mean {better}?", better=better), better
    )


def _comma(text: str) -> Fault | None:
    pattern = rf"((?:{_OPERATORS}|=)\s*[\w.*+!]+)\s*(?=[<>]|[!~]=|\s==)"
    better = re.sub(pattern, r"\1,", text)
    if "[" in text or better == text:
        return None
    return Fault(
        "missing-comma",
        told("there is no comma between the two constraints."),
        told("Did you mean {better}?", better=better),
        better,
    )


def _unparsable(text: str, reason: str) -> Fault:
    better = re.sub(r" {2,}", " ", re.sub("['\"]", "", text)).strip(", ")
    if "[" in text or better == text or _reason(better) is not None:
        return Fault("invalid-spec", told("this is not a package spec: {reason}.", reason=reason), _SPEC)
    return Fault(
        "invalid-spec",
        told("this is not a package spec: {reason}.", reason=reason),
        told("Did you mean {better}?", better=better),
        better,
    )


def _reason(text: str) -> str | None:
    """Why ``text`` is no spec, where it is none."""
    try:
        handed = written_out(text)
    except Unclear as error:
        return error.reason
    return _reason_of_rattler(handed) if "[" in handed or "://" in handed else None


def _reason_of_rattler(handed: str) -> str | None:
    """It knows which keys there are, and URLs. Importing it takes a tenth of a second: few specs are worth that."""
    from rattler import MatchSpec
    from rattler.exceptions import InvalidMatchSpecError

    try:
        MatchSpec(handed)
    except InvalidMatchSpecError as error:
        return str(error).partition("\n")[0].rstrip(".")
    return None


def _check_version(text: str, node: Node, findings: Findings) -> None:
    odd = re.fullmatch(r"([A-Za-z0-9_][\w.:/-]*)(?:\s+|={1,2})([A-Za-z_-][\w.-]*)(?:[=\s].*)?", text)
    number = re.fullmatch(r"[\w.:/-]+(?:\s+|\s*[<>=!~]+\s?)[\w.*]+\s+(\d+(?:\.\d+)*)", text)
    if odd:
        message = told(
            "{text} asks for the version {odd!r} of {odd2}: a version begins with a digit.",
            text=brief(text),
            odd=odd[2],
            odd2=odd[1],
        )
        findings.warning(
            "odd-version", place_of(node), message, told("One package per line; give the version as a number.")
        )
    elif number:
        message = told(
            "{text} asks for the build {number!r}: that is what stands behind a space.",
            text=brief(text),
            number=number[1],
        )
        findings.warning(
            "odd-build", place_of(node), message, told("One package per line; a build is written name=version=build.")
        )
    elif re.search(r"=\s*\d[\w.]*\.$", text):
        message = told("{text} ends in a dot: conda and rattler read that differently.", text=brief(text))
        better = text.rstrip(".")
        findings.warning(
            "trailing-dot", place_of(node), message, told("Did you mean {better}?", better=better), scalar(better, node)
        )


def _check_build(parts: tuple[str, str, str, str], node: Node, findings: Findings) -> None:
    text, (name, version, build, _) = node.value.strip(), parts
    if build.startswith("pypi"):
        message = told("{text} was installed by pip where this list was made: no channel has it.", text=brief(text))
        hint = told("Move it under pip: as {name}=={version}.", name=name.lower(), version=version)
        findings.warning("pypi-build", place_of(node), message, hint)
    elif other := platforms.built_for(build, findings.platform):
        message = told(
            "{text} is a build for {other} ({other2}): it cannot be installed here.",
            text=brief(text),
            other=platforms.label(other),
            other2=other,
        )
        without = scalar(text.rpartition("=")[0], node)
        findings.warning("other-platform-build", place_of(node), message, told("Leave the build out."), without)
