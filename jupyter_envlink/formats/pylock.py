"""``pylock.toml`` (PEP 751): exactly what a virtual environment is to hold. uv installs it and verifies the hashes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from ..envfile.findings import Findings
from ..sentence import told
from .contents import Contents, Venv, file_of
from .toml import TOP, Toml, listed, parsed, tables, texts

#: One of them says where a package comes from.
_SOURCES = ("wheels", "sdist", "archive", "directory", "vcs")


def read(content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """What the file names; relative paths in it count from ``folder``."""
    toml = parsed(content, findings)
    venv = _venv(toml, folder, findings) if toml is not None else Venv(is_pylock=True)
    return Contents("pylock", file_of(path, findings), venv=venv)


def _venv(toml: Toml, folder: str | None, findings: Findings) -> Venv:
    _check_version(toml, findings)
    packages = tables(toml.content.get("packages"))
    if "packages" not in toml.content:
        findings.error("not-a-lock", TOP, told("The file has no [[packages]]."), told("Is it a pylock.toml at all?"))
    for package in packages:
        _enter(package, toml, folder, findings)
    _report_groups(toml, findings)
    return Venv(requires_python(toml.content.get("requires-python"), toml, findings), is_pylock=True)


def _check_version(toml: Toml, findings: Findings) -> None:
    version = toml.content.get("lock-version")
    if version == "1.0":
        return
    place = toml.place("lock-version")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        message = told("The file's lock-version is {version!r}; 1.0 is what is understood here.", version=version)
        findings.error(
            "lock-version", place, message, told("Lock it again with a tool that writes PEP 751 as it stands.")
        )
    else:
        findings.warning(
            "lock-version", place, told("The file's lock-version is {version}, newer than 1.0.", version=version)
        )


def _enter(package: Mapping[str, Any], toml: Toml, folder: str | None, findings: Findings) -> None:
    name, version, marker = (package.get(key) for key in ("name", "version", "marker"))
    if not isinstance(name, str):
        findings.error(
            "not-a-lock", TOP, told("A package of the file has no name."), told("Lock it again: it is damaged.")
        )
        return
    text = name + (f"=={version}" if version else "") + (f"; {marker}" if marker else "")
    place = toml.place(name)
    findings.enter("pip", text, place)
    if not any(source in package for source in _SOURCES):
        message = told(
            "Nothing says where {name} comes from: none of {sources}.", name=name, sources=", ".join(_SOURCES)
        )
        findings.error("not-a-lock", place, message, told("Lock it again: the file is damaged."))
    elif local_paths(package) and folder is None:
        message = told("{name} lies beside the file: the file alone is not enough.", name=name)
        findings.error("pip-local", place, message, told("Create the environment from the file in its own folder."))


def local_paths(package: Mapping[str, Any]) -> list[str]:
    """The paths on this machine that a package is to be taken from."""
    several = [package.get(source) for source in ("archive", "directory", "sdist", "vcs")]
    found = [each.get("path") for each in (*several, *tables(package.get("wheels"))) if isinstance(each, dict)]
    return [path for path in found if isinstance(path, str)]


def _report_groups(toml: Toml, findings: Findings) -> None:
    left = {*texts(toml.content.get("extras")), *texts(toml.content.get("dependency-groups"))}
    left -= set(texts(toml.content.get("default-groups")))
    if left:
        message = told("The file's optional parts are left out: {left}.", left=listed(left))
        findings.info("optional-groups", toml.place("extras", "dependency-groups"), message)


def requires_python(value: object, toml: Toml, findings: Findings) -> str | None:
    """``value`` where it is a version specifier; an error where it is something else."""
    if value is None:
        return None
    try:
        return str(SpecifierSet(str(value))) or None
    except InvalidSpecifier:
        message = told("requires-python is {value!r}, which is no version specifier.", value=value)
        findings.error("requires-python", toml.place("requires-python"), message, told('Write, for example, ">=3.10".'))
        return None
