"""The pip part means what it means to conda: the file's folder, pip's own settings, and nothing of the server's."""

from __future__ import annotations

import asyncio
import functools
import http.server
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uv

from jupyter_envlink import process
from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.engines.uv import find_uv, install_pip
from jupyter_envlink.errors import PipFailed
from jupyter_envlink.verification import python_of
from tests.channel import Channel
from tests.conftest import Machine

SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
BACKEND = """
import json, os, zipfile
from pathlib import Path
NAME = "mine-1-py3-none-any.whl"
def _make(folder, files):
    with zipfile.ZipFile(f"{folder}/{NAME}", "w") as z:
        for name, text in files.items():
            z.writestr(name, text)
        z.writestr("mine-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: mine\\nVersion: 1\\n")
        z.writestr("mine-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        z.writestr("mine-1.dist-info/RECORD", "")
    return NAME
def build_wheel(folder, config_settings=None, metadata_directory=None):
    Path("environ.json").write_text(json.dumps(dict(os.environ)))
    return _make(folder, {"mine.py": "where = 'copied'"})
def build_editable(folder, config_settings=None, metadata_directory=None):
    return _make(folder, {"mine.pth": os.getcwd()})
"""


@pytest.fixture(scope="module")
def prefix(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without anything else."""
    made = tmp_path_factory.mktemp("uv") / "env with space"
    engine, channels = RattlerEngine(tmp_path_factory.mktemp("pkgs")), Channels((channel.conda_forge,), "strict", ())
    spec = f"python {'.'.join(channel.pythons[0].split('.')[:2])}.*"

    async def make() -> None:
        await engine.install(await engine.solve(channels, [spec]), str(made), str(made), [spec], lambda step: None)

    asyncio.run(make())
    return made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with an environment file's neighbours: a project of one's own and a list of requirements."""
    made = tmp_path / "my project"
    made.mkdir()
    (made / "pyproject.toml").write_text(SYSTEM + '[project]\nname = "mine"\nversion = "1"\n')
    (made / "backend.py").write_text(BACKEND)
    (made / "mine.py").write_text("where = 'edited in place'")
    (made / "other.txt").write_text("tabulate==0.8.10\n")
    return made


@pytest.fixture
def wheels(machine: Machine, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "true")
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))


class Pip:
    """Installs into the prefix and takes it out again."""

    def __init__(self, prefix: Path, folder: Path, requirements: Path) -> None:
        self.prefix, self.folder, self.requirements = prefix, folder, requirements
        self.lines: list[str] = []

    def __call__(self, *items: str) -> None:
        install_pip(python_of(str(self.prefix)), items, str(self.folder), self.requirements, self.lines.append)

    def says(self, code: str) -> str:
        return process.run([python_of(str(self.prefix)), "-c", code], timeout=60, check=True).stdout.strip()


@pytest.fixture
def pip(machine: Machine, prefix: Path, project: Path, tmp_path: Path) -> Iterator[Pip]:
    yield Pip(prefix, project, tmp_path / "requirements.txt")
    names = ["mine", "tabulate", "humanize"]
    process.run([find_uv(), "pip", "uninstall", "--python", python_of(str(prefix)), *names], timeout=60)


def wheel_versions(channel: Channel, name: str) -> list[str]:
    return sorted(path.name.split("-")[1] for path in channel.wheels.glob(f"{name}-*.whl"))


@pytest.mark.usefixtures("wheels")
def test_entries_and_options_mean_what_they_mean_to_pip(pip: Pip, channel: Channel) -> None:
    version = wheel_versions(channel, "tabulate")[0]
    pip(f"tabulate=={version}", "-e .", f"--find-links {channel.wheels}")

    code = "import tabulate, mine; print(tabulate.__version__, mine.where)"
    assert pip.says(code) == f"{version} edited in place"
    assert any("tabulate" in line for line in pip.lines)


@pytest.mark.usefixtures("wheels")
def test_other_lists_count_from_the_files_folder(pip: Pip, channel: Channel) -> None:
    version = wheel_versions(channel, "tabulate")[-1]
    (pip.folder / "other.txt").write_text(f"tabulate=={version}\n")
    pip("-r other.txt", ".")

    code = "import tabulate, mine; print(tabulate.__version__, mine.where)"
    assert pip.says(code) == f"{version} copied"


@pytest.mark.usefixtures("wheels")
def test_nothing_of_the_server_reaches_a_build(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("PYTHONPATH", "/server"),
        ("PIP_TARGET", "/server"),
        ("PYTHONHOME", ""),
        ("VIRTUAL_ENV", "/server"),
    ):
        monkeypatch.setenv(name, value)
    pip(".")

    seen = json.loads((pip.folder / "environ.json").read_text())
    assert {name: value for name, value in seen.items() if name.startswith("PIP_")} == {}
    assert {name for name, value in seen.items() if "/server" in value} == set()
    assert seen["PYTHONNOUSERSITE"] == "1"


@pytest.mark.usefixtures("wheels")
def test_a_build_that_fails_says_why(pip: Pip) -> None:
    (pip.folder / "backend.py").write_text("def build_wheel(*a, **k): raise RuntimeError('libfoo.h is missing')")

    with pytest.raises(PipFailed, match=r"libfoo\.h is missing") as failed:
        pip(".")

    assert failed.value.remedy
    assert any("libfoo.h" in line for line in pip.lines)


def test_pips_own_configuration_is_heeded(pip: Pip, machine: Machine, channel: Channel) -> None:
    folder = machine.home / ".config" / "pip"
    folder.mkdir(parents=True)
    folders = "".join(f"\n    {each}" for each in (folder, channel.wheels))
    (folder / "pip.conf").write_text(f"[global]\nno-index = true\n[install]\nfind-links ={folders}\n")

    pip("humanize")

    assert pip.says("import humanize; print(1)") == "1"


@pytest.fixture
def index(channel: Channel, tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A package index with tabulate, and what it is asked for."""
    folder, asked = tmp_path / "index" / "simple" / "tabulate", []
    folder.mkdir(parents=True)
    wheel = sorted(channel.wheels.glob("tabulate-*.whl"))[-1]
    shutil.copy(wheel, folder)
    (folder / "index.html").write_text(
        f'<!DOCTYPE html><html><body><a href="{wheel.name}">{wheel.name}</a></body></html>'
    )

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            asked.append(self.path)

    handler = functools.partial(Handler, directory=str(tmp_path / "index"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://user:sEcReT@127.0.0.1:{server.server_address[1]}/simple", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("how", ["file", "variable"])
def test_pips_index_is_asked(
    pip: Pip, machine: Machine, index: tuple[str, list[str]], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = index
    if how == "variable":
        monkeypatch.setenv("PIP_INDEX_URL", url)
    else:
        (machine.home / ".pip").mkdir()
        (machine.home / ".pip" / "pip.conf").write_text(f"[global]\nindex-url = {url}\n")
    pip("tabulate")

    assert pip.says("import tabulate; print(1)") == "1"
    assert any(path.startswith("/simple/tabulate") for path in asked)
    with pytest.raises(PipFailed) as failed:
        pip("no-such-distribution")
    assert "sEcReT" not in json.dumps(failed.value.as_dict())


@pytest.mark.parametrize("content", [b"not a section\n", b"[global\nindex-url", b"\xff\xfe\x00\x01"])
def test_a_configuration_of_pip_that_is_garbage_is_named(pip: Pip, machine: Machine, content: bytes) -> None:
    path = machine.home / ".pip" / "pip.conf"
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(PipFailed) as failed:
        pip("tabulate")

    assert failed.value.code == "pip-config"
    assert str(path) in failed.value.message


def test_uv_is_found_where_its_own_search_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In some virtual environments that uv has made, ``find_uv_bin`` raises ``TypeError``."""

    def broken() -> str:
        raise TypeError("can only concatenate str")

    monkeypatch.setattr(uv, "find_uv_bin", broken)

    assert Path(find_uv()).is_file()


def test_where_there_is_no_uv_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("uv")

    monkeypatch.setattr(uv, "find_uv_bin", nowhere)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PipFailed) as failed:
        find_uv()

    assert failed.value.code == "no-uv"
    assert "pip install" in failed.value.remedy


def test_an_index_that_pip_may_not_ask_is_not_asked(
    pip: Pip, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uv has no variable for it; with an index that does not answer the failure is told apart."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(PipFailed, match=r"127\.0\.0\.1"):
        pip("attrs")
    monkeypatch.setenv("PIP_NO_INDEX", "yes")
    with pytest.raises(PipFailed) as refused:
        pip("attrs")
    assert "127.0.0.1" not in refused.value.message
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))
    pip("tabulate")
