"""``conda-lock.yml``, version 1 (conda-lock's own, for several platforms at once): exact conda and pip packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..envfile.composer import composed
from ..envfile.decoding import decoded
from ..envfile.diagnostics import Place
from ..envfile.findings import Findings
from ..envfile.nodes import Node, place_of
from ..sentence import told
from .artifacts import check_repeated, name_parts, subdir_of
from .contents import MAX_BYTES, Contents, Locked, LockedPackage, file_of

VERSION = "1"
#: What ``conda-lock install`` takes without being asked.
CATEGORIES = ("main", "dev")

Found = list[tuple[LockedPackage, Place | None]]


def read(content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """What the file has for the platform of ``findings``. Format: conda_lock.lockfile.v1.models."""
    text = decoded(content, findings, MAX_BYTES)
    root = composed(text, findings) if text is not None else None
    locked = _locked(root, findings) if root is not None else None
    return Contents("conda-lock", file_of(path, findings), locked)


def _locked(root: Node, findings: Findings) -> Locked | None:
    top = _mapping(root)
    version = top.get("version")
    if version is None or version.value != VERSION:
        at = place_of(version or root)
        message = (
            told(
                "The file has version {version}; version {known} of conda-lock's format is what is understood here.",
                version=version.value,
                known=VERSION,
            )
            if version is not None
            else told(
                "The file says no version; version {known} of conda-lock's format is what is understood here.",
                known=VERSION,
            )
        )
        findings.error("lock-version", at, message, told("Write it anew with a current conda-lock."))
        return None
    for channel in _items(_mapping(top.get("metadata")).get("channels")):
        _enter_channel(channel, findings)
    return _for_platform([_mapping(item) | {"": item} for item in _items(top.get("package"))], top, findings)


def _enter_channel(channel: Node, findings: Findings) -> None:
    url = _mapping(channel).get("url") if channel.id == "mapping" else channel
    if url is not None and url.id == "scalar":
        findings.enter("channel", url.value, place_of(url))


def _for_platform(packages: list[dict[str, Node]], top: Mapping[str, Node], findings: Findings) -> Locked | None:
    own = [package for package in packages if _text(package, "platform") == findings.platform]
    if not own:
        _report_platforms(packages, top, findings)
        return None
    _report_categories(own, findings)
    taken = [package for package in own if _categories(package) & set(CATEGORIES)]
    conda: Found = []
    pip: list[str] = []
    for package in taken:
        if _text(package, "manager") == "pip":
            pip += _pip(package, findings)
        elif made := _conda(package, findings):
            conda.append((made, place_of(package["url"])))
    check_repeated(conda, findings)
    return Locked(tuple(package for package, _ in conda), tuple(pip))


def _report_platforms(packages: list[dict[str, Node]], top: Mapping[str, Node], findings: Findings) -> None:
    listed = {item.value for item in _items(_mapping(top.get("metadata")).get("platforms"))}
    known = sorted(listed | {_text(package, "platform") for package in packages} - {""})
    place = place_of(top["package"]) if "package" in top else None
    message = told(
        "The file has no packages for {platform}; it has them for {known}.",
        platform=findings.platform,
        known=", ".join(known) or told("no platform"),
    )
    hint = told(
        "Lock it again with conda-lock --platform {platform}, or start from the file it was made of.",
        platform=findings.platform,
    )
    findings.error("locked-elsewhere", place, message, hint)


def _report_categories(own: list[dict[str, Node]], findings: Findings) -> None:
    every = {category for package in own for category in _categories(package)}
    left = sorted(every - set(CATEGORIES))
    if left:
        message = told(
            "Packages of {left} are left out, as conda-lock install does: main and dev are taken.", left=", ".join(left)
        )
        findings.info("lock-category", None, message, told("Add what you need of them afterwards."))


def _conda(package: Mapping[str, Node], findings: Findings) -> LockedPackage | None:
    url, place = _text(package, "url"), place_of(package.get("url") or package[""])
    parts = name_parts(url)
    if parts is None:
        message = told("{url!r} is not the address of a conda package.", url=url)
        findings.error("not-a-package", place, message, told("Lock it again: the file is damaged."))
        return None
    findings.enter("conda", url, place)
    sums = _mapping(package.get("hash"))
    return LockedPackage(
        _text(package, "name") or parts[0],
        _text(package, "version") or parts[1],
        parts[2],
        subdir_of(url) or findings.platform,
        url,
        sha256=_text(sums, "sha256") or None,
        md5=_text(sums, "md5") or None,
        depends=tuple(_depends(package)),
    )


def _pip(package: Mapping[str, Node], findings: Findings) -> Iterator[str]:
    name, url = _text(package, "name"), _text(package, "url")
    digest = _text(_mapping(package.get("hash")), "sha256")
    place = place_of(package.get("url") or package[""])
    if not url or not name:
        message = told("The pip package {name!r} has no address.", name=name)
        findings.error("not-a-package", place, message, told("Lock it again: the file is damaged."))
        return
    line = f"{name} @ {url}"
    findings.enter("pip", line, place)
    yield f"{line} --hash=sha256:{digest}" if digest and "#" not in url else line


def _depends(package: Mapping[str, Node]) -> Iterator[str]:
    for name, constraint in _mapping(package.get("dependencies")).items():
        yield f"{name} {constraint.value}".strip()


def _categories(package: Mapping[str, Node]) -> set[str]:
    several = {item.value for item in _items(package.get("categories"))}
    return several or {_text(package, "category") or "main"}


def _text(mapping: Mapping[str, Node], key: str) -> str:
    node = mapping.get(key)
    return str(node.value) if node is not None and node.id == "scalar" else ""


def _mapping(node: Node | None) -> dict[str, Node]:
    pairs: Any = node.value if node is not None and node.id == "mapping" else ()
    return {key.value: value for key, value in pairs if key.id == "scalar"}


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if node is not None and node.id == "sequence" else []
