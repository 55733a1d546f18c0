"""Channels that hold an index and no packages: all that solving needs, with whatever records a test wants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def record(
    name: str, version: str, build: str = "0", depends: Sequence[str] = (), constrains: Sequence[str] = ()
) -> Record:
    """One package, for every platform."""
    return {
        "name": name,
        "version": version,
        "build": build,
        "build_number": 0,
        "depends": list(depends),
        "constrains": list(constrains),
        "subdir": "noarch",
        "noarch": "generic",
        "md5": "0" * 32,
        "sha256": "0" * 64,
        "size": 1000,
        "timestamp": 1_700_000_000_000,
    }


def write_index(folder: Path, records: Iterable[Record]) -> str:
    """Write a channel's index; its address."""
    from rattler.platform import Subdir

    files = {f"{each['name']}-{each['version']}-{each['build']}.conda": each for each in records}
    for subdir, packages in (("noarch", files), (str(Subdir.current()), {})):
        (folder / subdir).mkdir(parents=True, exist_ok=True)
        content = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": packages}
        (folder / subdir / "repodata.json").write_text(json.dumps(content))
    return folder.as_uri()


def scientific() -> list[Record]:
    """Pythons, numpys and what builds on them, as far apart as the real ones are."""
    pythons = [record("python", version) for version in ("3.9.1", "3.10.2", "3.11.4", "3.12.1")]
    numpys = [
        record("numpy", version, "py_0", [f"python {range_}"])
        for version, range_ in (
            ("1.21.0", ">=3.7,<3.11"),
            ("1.21.5", ">=3.7,<3.11"),
            ("1.26.4", ">=3.9,<3.13"),
            ("2.0.0", ">=3.10"),
        )
    ]
    others = [
        record("scipy", "1.9.0", "py_0", ["numpy >=1.21,<1.22", "python >=3.8"]),
        record("scipy", "1.13.0", "py_0", ["numpy >=1.26,<3", "python >=3.9"]),
        record("pandas", "1.3.0", "py_0", ["numpy >=1.21,<1.22", "python >=3.8", "six >=1.5"]),
        record("pandas", "2.2.0", "py_0", ["numpy >=1.26", "python >=3.9", "six >=1.5"]),
        record("six", "1.16.0", "py_0", ["python"]),
        record("pip", "24.0", "py_0", ["python"]),
        record("ipykernel", "6.29.0", "py_0", ["python >=3.10"]),
        record("picky", "1.0", constrains=["numpy <1.22"]),
        record("gpu", "1.0", depends=["__cuda >=999"]),
        record("winonly", "1.0", depends=["vc >=14.2"]),
        record("deep", "1.0", depends=["deeper"]),
        record("deeper", "1.0", depends=["deepest >=2"]),
        record("deepest", "1.0"),
        record("deepest", "2.0", depends=["python <3.10"]),
        record("stray", "1.0", depends=["nowhere >=2"]),
    ]
    return [*pythons, *numpys, *others]
