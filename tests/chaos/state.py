"""Everything on the ground that an operation may have made or changed: what is old and what is new are two of these."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from .ground import Ground
from .wholeness import Content, content

State = Mapping[str, Content]
"""By the place below the ground. What was removed and can come back has no name that one could know before."""

_OF_OTHERS = {"theirs", ".hidden", "no environment", "notes.txt", ".envlink"}


def state(ground: Ground) -> State:
    """As it is now. Nothing at a place, and there is no entry for it."""
    places = [place for place in environments(ground) if "removed" not in place.parts]
    found = {_shown(place, ground): content(place) for place in places}
    removed = [_with_generations(folder) for folder in sorted(ground.envs.glob(".envlink/removed/*"))]
    found |= {f"removed {number}": each for number, each in enumerate(sorted(removed, key=str))}
    found |= {_shown(place, ground): _packed(place) for place in archives(ground)}
    found["~/.conda/environments.txt"] = dict.fromkeys(registry(ground), "listed")
    return {place: each for place, each in found.items() if each is not None}


def _with_generations(folder: Path) -> Content:
    """What was removed and can come back, with what it can then be rolled back to."""
    trees = [folder / "env", *sorted(folder.glob("generations/*/env"))]
    each = {str(tree.relative_to(folder)): content(tree) or {"nothing": ""} for tree in trees}
    return {f"{place} {key}": value for place, found in each.items() for key, value in found.items()}


def registry(ground: Ground) -> list[str]:
    """The environments that every conda-like tool shares the knowledge of."""
    return (ground.machine.home / ".conda" / "environments.txt").read_text().splitlines()


def environments(ground: Ground) -> Iterator[Path]:
    """Every prefix of ours: environments, former generations, overlays, the project's."""
    yield from (path for path in sorted(ground.envs.iterdir()) if path.name not in _OF_OTHERS)
    for tree in ("generations/*/*/env", "removed/*/env", "removed/*/generations/*/env"):
        yield from sorted(ground.envs.glob(f".envlink/{tree}"))
    yield from sorted(path for path in ground.machine.data.glob("envlink/overlays/*") if path.name != ".envlink")
    yield from sorted(path for path in ground.project.iterdir() if path.name not in ("setup.py", "data", "demo.tar"))


def archives(ground: Ground) -> Iterator[Path]:
    yield from sorted(ground.project.glob("*.tar"))


def _shown(place: Path, ground: Ground) -> str:
    return str(place.relative_to(ground.folder))


def _packed(archive: Path) -> Content:
    """What is in it. Raises ``tarfile.TarError`` where it is not whole."""
    with tarfile.open(archive) as tar:
        read = {each.name: tar.extractfile(each) for each in tar if each.isreg()}
        return {name: sha256(stream.read()).hexdigest() for name, stream in read.items() if stream}
