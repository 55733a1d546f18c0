"""The pip part means what it means to conda, whoever installs it: the file's folder, pip's own settings, nothing of the
server's."""

from __future__ import annotations

import asyncio
import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import process
from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.pip_part import Installer, PipPart, install_part, pip_would_change, steps_of
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.engines.uv import find_uv
from jupyter_envlink.errors import PipFailed
from jupyter_envlink.verification import python_of
from tests.channel import Channel
from tests.conftest import Machine
from tests.locking import sha256_of
from tests.wheels import python_in, pythons, venv

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
    """A Python with pip and nothing else."""
    made = tmp_path_factory.mktemp("uv") / "env with space"
    engine, channels = RattlerEngine(tmp_path_factory.mktemp("pkgs")), Channels((channel.conda_forge,), "strict", ())
    specs = [f"python {'.'.join(channel.pythons[0].split('.')[:2])}.*", "pip"]

    async def make() -> None:
        await engine.install(await engine.solve(channels, specs), str(made), str(made), specs, lambda step: None)

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

    def __init__(self, prefix: Path, folder: Path, requirements: Path, by: Installer) -> None:
        self.prefix, self.folder, self.requirements, self.by = prefix, folder, requirements, by
        self.lines: list[str] = []

    def part(self, *items: str, **more: Any) -> PipPart:
        prefix = str(self.prefix)
        return PipPart(prefix, python_of(prefix), items, str(self.folder), **{"by": self.by, **more})

    def __call__(self, *items: str, **more: Any) -> None:
        install_part(self.part(*items, **more), self.requirements, self.lines.append)
        assert not self.requirements.exists()

    def says(self, code: str) -> str:
        return process.run([python_of(str(self.prefix)), "-B", "-c", code], timeout=60, check=True).stdout.strip()


@pytest.fixture(params=["uv", "pip"])
def pip(machine: Machine, prefix: Path, project: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pip]:
    yield Pip(prefix, project, tmp_path / "requirements.txt", request.param)
    names = ["mine", "tabulate", "humanize"]
    process.run([find_uv(), "pip", "uninstall", "--python", python_of(str(prefix)), *names], timeout=60)


@pytest.fixture
def only_uv(pip: Pip) -> Pip:
    if pip.by != "uv":
        pytest.skip("what is told beforehand is told by uv")
    return pip


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
    assert {name: value for name, value in seen.items() if name.startswith("PIP_") and value == "/server"} == {}
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


# what moves


@pytest.mark.usefixtures("wheels")
def test_what_is_named_moves_to_the_newest_that_fits_and_what_is_exact_stays(pip: Pip) -> None:
    """conda runs pip with -U, and so what conda's own part has brought is moved, too."""
    pip("tabulate==0.8.9")
    pip("tabulate<0.9")
    assert pip.says("import tabulate; print(tabulate.__version__)") == "0.8.10"
    pip("tabulate", upgrade=False)
    assert pip.says("import tabulate; print(tabulate.__version__)") == "0.8.10"
    pip("Tabulate>=0.8")
    assert pip.says("import tabulate; print(tabulate.__version__)") == "0.9.0"


@pytest.mark.usefixtures("wheels")
def test_a_folder_is_built_again(pip: Pip) -> None:
    """Its metadata may be what they were, and its modules are not."""
    pip(".")
    backend = pip.folder / "backend.py"
    backend.write_text(backend.read_text().replace("copied", "copied again"))
    pip(".")
    assert pip.says("import mine; print(mine.where)") == "copied again"


@pytest.mark.usefixtures("wheels")
def test_what_would_change_is_told_and_nothing_is_changed(only_uv: Pip, channel: Channel) -> None:
    pip = only_uv
    assert [(step.name, step.version, step.action) for step in steps_of(pip.part("tabulate==0.8.9")) or ()] == [
        ("tabulate", "0.8.9", "installed")
    ]
    assert not list(pip.prefix.rglob("tabulate*.dist-info"))
    pip("tabulate==0.8.9", "-e .")

    assert not pip_would_change(pip.part("tabulate==0.8.9", "-e ."))
    assert not pip_would_change(pip.part("tabulate", upgrade=False))
    assert not pip_would_change(pip.part("no-such; python_version < '3'"))
    assert pip_would_change(pip.part("tabulate"))
    assert pip_would_change(pip.part("-r other.txt"))  # another version of it
    assert pip_would_change(pip.part("no-such-thing"))  # the attempt will say so
    assert pip_would_change(pip.part("tabulate==0.8.9", by="pip"))  # nobody can tell


# who installs


@pytest.mark.usefixtures("wheels")
@pytest.mark.parametrize(
    "option", ["--pre", "--prefer-binary", "--trusted-host example.org", "--use-feature=truststore"]
)
def test_what_uv_does_not_know_is_left_to_pip_and_said(pip: Pip, option: str) -> None:
    pip(option, "tabulate")

    assert pip.says("import tabulate; print(tabulate.__version__)") == "0.9.0"
    by_uv = pip.by == "uv"
    said = [line for line in pip.lines if "own pip installs" in line]
    assert said == [
        f"The environment's own pip installs: uv does not know the option {option.split('=')[0].split()[0]}."
        if by_uv
        else "The environment's own pip installs, as Envlink.pip says."
    ]


@pytest.mark.usefixtures("wheels")
def test_what_another_list_asks_for_counts_too(pip: Pip) -> None:
    (pip.folder / "deep").mkdir()
    (pip.folder / "other.txt").write_text("-r 'deep/more of it.txt'\n-r missing.txt\n")
    (pip.folder / "deep" / "more of it.txt").write_text("--pre\ntabulate\n")
    with pytest.raises(PipFailed, match=r"missing\.txt"):
        pip("-r other.txt")
    assert any("own pip installs" in line for line in pip.lines)


@pytest.mark.usefixtures("wheels")
def test_where_the_environment_has_no_pip_that_is_said(
    machine: Machine, channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = venv(tmp_path / "bare")
    part = PipPart(str(prefix), str(python_in(prefix)), ("--pre", "tabulate"), str(tmp_path))
    with pytest.raises(PipFailed) as failed:
        install_part(part, tmp_path / "list", lambda line: None)
    assert failed.value.code == "no-pip"
    assert str(prefix) in failed.value.message
    assert "List pip" in failed.value.remedy


@pytest.mark.usefixtures("wheels")
def test_a_python_that_uv_does_not_serve_has_its_own_pip(machine: Machine, channel: Channel, tmp_path: Path) -> None:
    """2.7 stands for all of them; it is not written to."""
    found = pythons("2.7")
    if not found:
        pytest.skip("no Python 2.7 here")
    said: list[str] = []
    part = PipPart(str(tmp_path), found[0], ("-r nowhere.txt",), str(tmp_path))
    with pytest.raises(PipFailed, match=r"nowhere\.txt"):
        install_part(part, tmp_path / "list", said.append)
    assert any("uv cannot for this Python" in line and "3.6 or newer" in line for line in said)


@pytest.mark.usefixtures("wheels")
def test_the_files_folder_is_not_imported_from(pip: Pip) -> None:
    for name in ("pip", "runpy", "json"):
        (pip.folder / f"{name}.py").write_text("raise SystemExit('taken from the folder')")
    pip("-c limits.txt" if (pip.folder / "limits.txt").write_text("tabulate<0.9") else "", "tabulate")
    assert pip.says("import tabulate; print(tabulate.__version__)") == "0.8.10"


@pytest.mark.usefixtures("wheels")
def test_extras_markers_hashes_and_addresses(pip: Pip, channel: Channel) -> None:
    wheel = channel.wheels / "tabulate-0.8.10-py3-none-any.whl"
    pip("tabulate==0.8.10 \\", f"  --hash=sha256:{sha256_of(wheel)}")
    assert pip.says("import tabulate; print(tabulate.__version__)") == "0.8.10"
    with pytest.raises(PipFailed, match="(?i)hash"):
        pip(f"tabulate==0.8.9 --hash=sha256:{'0' * 64}")
    pip(
        f"humanize @ {next(channel.wheels.glob('humanize-*.whl')).as_uri()}",
        "tabulate[widechars]==0.8.10; python_version<'3'",
    )
    assert pip.says("import humanize; print(1)") == "1"


@pytest.mark.usefixtures("wheels")
def test_a_repository_is_installed_from(pip: Pip) -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(pip.folder)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], check=True, capture_output=True, timeout=60)
    pip(f"git+{pip.folder.as_uri()}")
    assert pip.says("import mine; print(mine.where)") == "copied"
    pip(f"-e git+{pip.folder.as_uri()}#egg=mine")
    assert pip.says("import mine; print(mine.where)") == "edited in place"
