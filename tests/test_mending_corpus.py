"""Real exports of other machines, read beside the repository: each is one step from working.

The index that they are solved against has every package of a file that this platform can have, in the version of the
file and in a build of its own: what is in the way is what an export brings along, and nothing else.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_envlink.channels import Channels, spec_channel
from jupyter_envlink.engines.base import Solution
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.envfile import EnvironmentFile, additions, platforms, read
from jupyter_envlink.envfile.spec import parse
from jupyter_envlink.errors import Unsolvable
from jupyter_envlink.explaining import explained_and_mended
from jupyter_envlink.planning import Plan
from jupyter_envlink.source import Source

from .indexes import record, write_index
from .test_corpus import CORPUS

HERE = platforms.current()
FOREIGN = {"other-platform", "other-platform-build", "pypi-build"}


def _exports() -> list[Path]:
    """Files most packages of which name an exact build."""
    return [path for path in sorted((CORPUS / "real").glob("*.yml")) if "exact-builds" in _codes(_file(_text(path)))]


def _text(path: Path) -> str:
    return Source(path.read_bytes(), None, None).text


def _file(text: str) -> EnvironmentFile:
    return read(text, path="environment.yml")


def _codes(file: EnvironmentFile) -> set[str]:
    return {finding.code for finding in file.diagnostics}


def _channels(folder: Path, file: EnvironmentFile) -> Channels:
    """One channel by whatever name, with this platform's packages of the file, Python, pip and kernels."""
    versions = dict.fromkeys(("python", "pip", "ipykernel", "r-irkernel"), "3.9.1")
    for spec in map(parse, file.conda or ()):
        if not platforms.only_on(spec.name, HERE) and not spec.build.startswith("pypi"):
            versions[spec.name] = spec.version or "1.0"
    url = write_index(folder, [record(name, version, "here_0") for name, version in versions.items()])
    named = {name: url for name in map(spec_channel, file.conda or ()) if name}
    return Channels((url,), "strict", spellings=named)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.parametrize("path", _exports(), ids=lambda path: path.stem)
def test_an_export_is_one_step_from_working(path: Path, tmp_path: Path) -> None:
    text = _text(path)
    file = _file(text)
    engine = RattlerEngine(tmp_path / "cache")
    channels = _channels(tmp_path / "index", file)

    async def solve(plan: Plan) -> Solution:
        return await engine.solve(channels, plan.specs)

    plan = Plan(file, channels, additions(file))
    with pytest.raises(Unsolvable) as failed:
        asyncio.run(solve(plan))
    error = asyncio.run(explained_and_mended(failed.value, plan, text, engine, solve))
    assert error.details["causes"]
    first = error.details["remedies"][0]
    assert (first["code"], first["solves"]) == ("works-here", True)
    mended = _file(first["text"])
    assert not FOREIGN & _codes(mended)
    assert [spec for spec in mended.conda or () if parse(spec).build] == []
    assert (mended.name, mended.channels) == (file.name, file.channels)
    assert set(file.pip or ()) <= set(mended.pip or ())
