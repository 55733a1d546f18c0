"""``pixi.lock``: exact conda and PyPI packages, for several environments and platforms. Read by rattler itself."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..envfile.decoding import decoded
from ..envfile.diagnostics import Place
from ..envfile.findings import Findings
from ..redaction import redact
from ..sentence import told
from .artifacts import address
from .contents import MAX_BYTES, Contents, Locked, LockedPackage, file_of
from .lines import place_in

if TYPE_CHECKING:
    from rattler import Environment, LockFile, RepoDataRecord

DEFAULT = "default"
_TOP = Place(1, 1, 1, 1)


def read(content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """The environment ``default`` of the file; paths of PyPI packages count from ``folder``."""
    text = decoded(content, findings, MAX_BYTES)
    lock = _lock_file(text, findings) if text is not None else None
    locked = _locked(lock, text or "", folder, findings) if lock is not None else None
    return Contents("pixi-lock", file_of(path, findings), locked)


def _lock_file(text: str, findings: Findings) -> LockFile | None:
    from rattler import LockFile

    with tempfile.TemporaryDirectory(prefix="envlink-") as folder:  # rattler reads from a path only
        place = Path(folder, "pixi.lock")
        place.write_text(text, encoding="utf-8")
        try:
            return LockFile.from_path(place)
        except Exception as error:  # rattler raises several kinds for what it cannot read
            said = redact(" ".join(str(error).replace(str(place), "the file").split()))
            message = told("The lock file cannot be read: {said}", said=said)
            findings.error("lock-damaged", _marked(said), message, told("Write it anew: pixi lock"))
            return None


def _marked(said: str) -> Place | None:
    found = re.search(r"line (\d+),? column (\d+)", said)
    return Place(int(found[1]), int(found[2]), int(found[1]), int(found[2]) + 1) if found else None


def _locked(lock: LockFile, text: str, folder: str | None, findings: Findings) -> Locked | None:
    environments = dict(lock.environments())
    environment = environments.get(DEFAULT)
    if environment is None:
        message = told(
            "The file has no environment {default!r}; it has {environments}.",
            default=DEFAULT,
            environments=", ".join(sorted(environments)) or told("none"),
        )
        findings.error("lock-environment", None, message, told("Lock a workspace that has one."))
        return None
    if len(environments) > 1:
        others = ", ".join(sorted(set(environments) - {DEFAULT}))
        message = told(
            "Of the file's environments {default!r} is taken; the others are {others}.", default=DEFAULT, others=others
        )
        findings.info("lock-environment", place_in(text, "environments:"), message)
    for channel in environment.channels():
        findings.enter("channel", str(channel), _place(text, str(channel)))
    return _for_platform(environment, text, folder, findings)


def _for_platform(environment: Environment, text: str, folder: str | None, findings: Findings) -> Locked | None:
    platform = next((each for each in environment.platforms() if each.name == findings.platform), None)
    if platform is None:
        names = ", ".join(sorted(each.name for each in environment.platforms()))
        message = told(
            "The file has no packages for {platform}; it has them for {known}.",
            platform=findings.platform,
            known=names or told("no platform"),
        )
        hint = told("Add {platform} to the workspace's platforms, then: pixi lock", platform=findings.platform)
        findings.error("locked-elsewhere", place_in(text, "packages:"), message, hint)
        return None
    packages = environment.packages(platform) or []
    conda = [made for each in packages if (made := _conda(each, text, findings))]
    pip = [line for each in packages if (line := _pip(each, text, folder, findings))]
    return Locked(tuple(conda), tuple(pip))


def _conda(package: Any, text: str, findings: Findings) -> LockedPackage | None:
    from rattler import CondaLockedBinaryPackage, CondaLockedSourcePackage

    if isinstance(package, CondaLockedSourcePackage):
        message = told("{name} is to be built from source, which only pixi does.", name=package.name)
        findings.error(
            "lock-source", _place(text, package.location), message, told("Install it as a package from a channel.")
        )
    if not isinstance(package, CondaLockedBinaryPackage):
        return None
    record = package.repo_data_record()
    findings.enter("conda", record.url, _place(text, record.url))
    return _described(record)


def _described(record: RepoDataRecord) -> LockedPackage:
    noarch: Literal["python", "generic"] | None = (
        "python" if record.noarch.python else "generic" if record.noarch.generic else None
    )
    return LockedPackage(
        record.name.normalized,
        str(record.version),
        str(record.build),
        record.subdir,
        record.url,
        sha256=record.sha256.hex() if record.sha256 else None,
        md5=record.md5.hex() if record.md5 else None,
        size=record.size,
        build_number=record.build_number,
        noarch=noarch,
        depends=tuple(record.depends),
        constrains=tuple(record.constrains),
        license=record.license,
        is_described=True,
    )


def _pip(package: Any, text: str, folder: str | None, findings: Findings) -> str | None:
    """A requirement that means exactly this distribution; ``None`` for what is none of PyPI's."""
    from rattler import PypiLockedPackage

    if not isinstance(package, PypiLockedPackage):
        return None
    location, place = package.location, _place(text, package.location)
    if "://" in location:
        digest = package.hashes.sha256 if package.hashes else None
        plain = location.partition("#")[0] if digest else location
        line = f"{package.name} @ {plain}" + (f" --hash=sha256:{digest.hex()}" if digest else "")
    else:
        url = address(location, folder)
        if url is None:
            message = told(
                "{name} lies in {location!r}, beside the file: the file alone is not enough.",
                name=package.name,
                location=location,
            )
            findings.error("pip-local", place, message, told("Create the environment from the file in its own folder."))
            return None
        line = f"{package.name} @ {url}"
    findings.enter("pip", line.partition(" --hash")[0], place)
    return line


def _place(text: str, location: str) -> Place:
    """Where the package stands in the file, which writes a file's address as a path."""
    return place_in(text, location) or place_in(text, location.removeprefix("file://")) or _TOP
