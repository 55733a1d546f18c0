"""Whether what was asked for is there: an installer's word is not taken for it, and its output is not read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from .distributions import Distributions, distributions, site_packages
from .engines.pip_part import PipPart
from .engines.requirements import Line
from .envfile.spec import package_name
from .errors import VerificationFailed
from .present import markers
from .redaction import redact
from .sentence import told

_ARCHIVE = re.compile(r"[a-z0-9]+://.*/([^/]+)\.(?:conda|tar\.bz2)")
"""The address of a package: rattler looks at the name in it only."""

_PATTERN = re.compile(r"[^\s=<>!~\[]*[*^$]")
"""A name that is a pattern."""


def refuse_unfulfilled(prefix: str, specs: Sequence[str], part: PipPart | None) -> None:
    """``specs`` are conda's, in the engine's words. Raises ``VerificationFailed`` naming all that is not there, or in a
    version that was not asked for."""
    missing = [*missing_packages(prefix, specs), *(_missing_distributions(part) if part else ())]
    if missing:
        shown = [redact(each) for each in missing]
        message = told(
            "What was asked for is not in {prefix}, though it was reported as installed: {shown}.",
            prefix=prefix,
            shown=", ".join(shown),
        )
        raise VerificationFailed(message, told("Look into the log; nothing was changed."), details={"missing": shown})


def missing_packages(prefix: str, specs: Sequence[str]) -> list[str]:
    """Virtual packages (``__glibc``) are the machine's. Where a package came from is not looked at."""
    from rattler import MatchSpec

    from .engines.rattler import prefix_records

    records = prefix_records(prefix, _names(specs))
    there = {f"{record.name.normalized}-{record.version}-{record.build}" for record in records}

    def lacks(spec: str) -> bool:
        archive = _ARCHIVE.fullmatch(spec)
        return archive[1] not in there if archive else not any(map(MatchSpec(spec).matches, records))

    return [spec for spec in specs if not spec.startswith("__") and lacks(spec)]


def _names(specs: Sequence[str]) -> set[str] | None:
    """The packages that ``specs`` name; ``None`` where one of them means packages by a pattern."""
    names = {package_name(spec) for spec in specs}
    return None if "" in names or any(_PATTERN.match(spec) for spec in specs) else names


def _missing_distributions(part: PipPart) -> Iterator[str]:
    there, python = distributions(site_packages(part.prefix)), markers(part.prefix)
    for line in part.lines:
        wanted = line.requirement
        if wanted is None:
            missing = None if _is_there(line, there) else line.text
        elif wanted.marker is None or wanted.marker.evaluate(dict(python)):
            missing = _lack(line, wanted, there)
        else:
            missing = None
        if missing:
            yield missing


def _lack(line: Line, wanted: Requirement, there: Distributions) -> str | None:
    version = _versions(there).get(line.name)
    if version is None:
        return None if line.name in _unreadable(there) else line.text
    fits = wanted.url is not None or wanted.specifier.contains(version, prereleases=True)
    return None if fits else told("{line} (there is {version})", line=line.text, version=version)


def _is_there(line: Line, there: Distributions) -> bool:
    """Of a folder, an archive or a repository; where nothing tells what it brings, it is believed."""
    name, path = line.name or _wheel_name(line), line.path
    came = any(one.path and os.path.realpath(one.path) == path for one in there.found) if path else False
    if name:
        return came or name in _versions(there) or name in _unreadable(there)
    return came or not (path and os.path.isdir(path))


def _versions(there: Distributions) -> Mapping[str, str]:
    return {canonicalize_name(one.name): one.version for one in there.found}


def _unreadable(there: Distributions) -> set[str]:
    """Names of what lies there with metadata that say no name or no version."""
    return {canonicalize_name(os.path.basename(path).split("-")[0]) for path in there.unreadable}


def _wheel_name(line: Line) -> str:
    words = line.option[1] or line.text
    if line.option[0] not in ("", "-e", "--editable"):
        return ""
    file = words.split("#")[0].split("?")[0].rstrip().replace("\\", "/").rpartition("/")[2]
    try:
        return str(parse_wheel_filename(file)[0])
    except InvalidWheelFilename:
        return ""
