"""Channels that can be solved from and hold no package: only an index, written by hand."""

from __future__ import annotations

import json
from pathlib import Path

from rattler.platform import Subdir


def tiny(folder: Path, *packages: str) -> str:
    """The address of a channel at ``folder``. A package is ``name version [: dependency, dependency]``."""
    index = {entry["fn"]: entry for entry in map(_entry, packages)}
    for subdir, entries in (("noarch", index), (str(Subdir.current()), {})):
        place = folder / subdir
        place.mkdir(parents=True)
        content = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": entries}
        (place / "repodata.json").write_text(json.dumps(content))
    return folder.as_uri()


def _entry(written: str) -> dict[str, object]:
    package, _, depends = written.partition(":")
    name, version = package.split()
    return {
        "fn": f"{name}-{version}-0.conda",
        "name": name,
        "version": version,
        "build": "0",
        "build_number": 0,
        "depends": [each.strip() for each in depends.split(",") if each.strip()],
        "subdir": "noarch",
        "noarch": "generic",
        "sha256": "0" * 64,
        "size": 1,
    }
