"""Operations make plain conda environments, whole or not at all, and change others only by taking their place."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rattler import PrefixRecord

from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.rattler import RattlerEngine, cache_folder
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import (
    ChannelError,
    Conflict,
    DiskError,
    EnvlinkError,
    PipFailed,
    Unsolvable,
    VerificationFailed,
)
from jupyter_envlink.operations import perform, weights
from jupyter_envlink.outcome import clean_after
from jupyter_envlink.recovery import marked_by
from jupyter_envlink.request import AT_ONCE, Operation
from jupyter_envlink.verification import python_of
from tests.channel import Channel, write_condarc
from tests.channel.server import FaultServer
from tests.conftest import Machine
from tests.writing import (
    Listener,
    as_nobody,
    create_request,
    holding,
    kernel_request,
    litter,
    open_to_all,
    request,
    tree_of,
    yml,
)

posix = pytest.mark.skipif(os.name == "nt", reason="mount, rights")
TINY = yml("envlink-text-prefix")


def minor(channel: Channel) -> str:
    return ".".join(channel.pythons[0].split(".")[:2])


def output(prefix: Path, *arguments: str) -> str:
    argv = [python_of(str(prefix)), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def bare(
    prefix: Path, channel: Channel, *specs: str, python: str = "", asked: Sequence[str] = (), url: str = ""
) -> Path:
    """An environment as another tool has made it, without a kernel; ``asked`` are its requested specs."""
    engine = RattlerEngine(cache_folder())
    channels = Channels((url or channel.conda_forge,), "strict", ())
    wanted = [f"python {python or minor(channel)}.*", *specs]

    async def make() -> None:
        solution = await engine.solve(channels, wanted)
        await engine.install(solution, str(prefix), str(prefix), asked or wanted, lambda step: None)

    asyncio.run(make())
    (prefix / "conda-meta" / "history").write_text("==> 2020-01-01 00:00:00 <==\n# cmd: conda create\n")
    return prefix


@pytest.fixture
def wheels(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip asks the channel's wheels and nobody else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))


# create


@pytest.mark.usefixtures("wheels")
def test_what_is_made_is_a_plain_conda_environment(machine: Machine, channel: Channel) -> None:
    handmade = ("text-prefix", "binary-prefix", "postlink", "hello")
    text = yml(f"python={minor(channel)}", "pip", *(f"envlink-{name}" for name in handmade), pip=("tabulate",))
    text += "variables:\n  MY_VARIABLE: 'a \"quoted\" ☕'\n"
    prefix, said = machine.envs / "demo", Listener()

    result = perform(create_request(prefix, text), said)

    records = [PrefixRecord.from_path(path) for path in (prefix / "conda-meta").glob("*.json")]
    names = {record.name.normalized for record in records}
    assert {"python", "ipykernel", "envlink-hello"} <= names
    assert result == {
        "environment_id": prefix_id(str(prefix)), "prefix": str(prefix), "name": "demo", "packages": len(names)
    }  # fmt: skip
    assert said.phases == ["solving", "downloading", "pip", "verifying"]
    assert {step.phase for step in said.steps} == {"downloading", "installing"}
    _paths_are_final(prefix)
    _works(prefix, machine)
    _is_recorded(prefix, machine)


def _paths_are_final(prefix: Path) -> None:
    assert (prefix / "share/envlink/prefix.txt").read_text().startswith(f"prefix={prefix}\n")
    binary = (prefix / "share/envlink/prefix.bin").read_bytes()
    assert os.fsencode(prefix) + b"/share/envlink\x00" in binary
    assert binary.endswith(b"TAIL\xff\x00")
    assert holding(prefix, "/.envlink/") == []


def _works(prefix: Path, machine: Machine) -> None:
    assert output(prefix, "-c", "import sys, ipykernel, tabulate; print(sys.prefix)") == str(prefix)
    assert subprocess.check_output([prefix / "bin/envlink-hello"], text=True) == "hello from envlink\n"
    assert not (prefix / "envlink-postlink.txt").exists(), "the post-link script has been run"


def _is_recorded(prefix: Path, machine: Machine) -> None:
    history = (prefix / "conda-meta/history").read_text()
    assert "# update specs: ['python=" in history
    assert history.count("\n+") == len(list((prefix / "conda-meta").glob("*.json")))
    assert json.loads((prefix / "conda-meta/state").read_text()) == {"env_vars": {"MY_VARIABLE": 'a "quoted" ☕'}}
    assert (machine.home / ".conda/environments.txt").read_text() == f"{prefix}\n"
    assert marked_by(str(prefix))
    assert not (prefix / "conda-meta/envlink-requirements.txt").exists()
    assert litter(machine.envs) == []


def test_an_environment_without_python_is_made_too(machine: Machine) -> None:
    result = perform(create_request(machine.envs / "tiny", TINY), Listener())

    assert result["packages"] == 1
    assert (machine.envs / "tiny/share/envlink/prefix.txt").read_text().startswith(f"prefix={machine.envs}/tiny\n")


@pytest.mark.parametrize(
    ("dependencies", "kind", "code"),
    [
        (("envlink-conflict-a", "envlink-conflict-b"), Unsolvable, "conflict"),
        (("envlink-nowhere",), Unsolvable, "package-not-found"),
        (("envlink-corrupt",), ChannelError, "damaged-download"),
    ],
)
def test_a_creation_that_fails_leaves_nothing(
    machine: Machine, dependencies: tuple[str, ...], kind: type[EnvlinkError], code: str
) -> None:
    with pytest.raises(kind) as failed:
        perform(create_request(machine.envs / "demo", yml(*dependencies)), Listener())

    assert failed.value.code == code
    assert failed.value.remedy
    _nothing_left(machine)


@pytest.mark.usefixtures("wheels")
def test_a_pip_part_that_fails_leaves_nothing(machine: Machine, channel: Channel) -> None:
    text = yml(f"python={minor(channel)}", "pip", pip=("tabulate", "no-such-distribution-anywhere"))

    with pytest.raises(PipFailed, match="no-such-distribution-anywhere"):
        perform(create_request(machine.envs / "demo", text), Listener())

    _nothing_left(machine)


def test_a_python_that_does_not_work_leaves_nothing(machine: Machine, channel: Channel, tmp_path: Path) -> None:
    """A package of the pip part breaks the interpreter: what no solver can see."""
    project = tmp_path / "project"
    write_breaking_package(project)

    with pytest.raises(VerificationFailed, match="this breaks every start"):
        perform(
            create_request(machine.envs / "demo", yml(f"python={minor(channel)}", "pip", pip=(".",)), project),
            Listener(),
        )

    _nothing_left(machine)


def write_breaking_package(folder: Path) -> None:
    """A project with a build of its own, which makes a wheel whose ``.pth`` ends every interpreter."""
    backend = (
        "import zipfile\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        "    name = 'breaking-1-py3-none-any.whl'\n"
        "    with zipfile.ZipFile(f'{folder}/{name}', 'w') as z:\n"
        "        z.writestr('breaking.pth', \"import sys; sys.exit('this breaks every start')\\n\")\n"
        "        info = 'breaking-1.dist-info'\n"
        "        z.writestr(f'{info}/METADATA', 'Metadata-Version: 2.1\\nName: breaking\\nVersion: 1\\n')\n"
        "        z.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n"
        "        z.writestr(f'{info}/RECORD', '')\n"
        "    return name\n"
    )
    folder.mkdir()
    (folder / "backend.py").write_text(backend)
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (folder / "pyproject.toml").write_text(system + '[project]\nname = "breaking"\nversion = "1"\n')


def _nothing_left(machine: Machine) -> None:
    assert [name for name in os.listdir(machine.envs) if name != ".envlink"] == []
    assert litter(machine.envs) == []
    assert not (machine.home / ".conda/environments.txt").exists()


def test_one_that_exists_is_not_touched_by_the_creation_of_its_like(machine: Machine) -> None:
    perform(create_request(machine.envs / "demo", TINY), Listener())
    before = tree_of(machine.envs / "demo")

    with pytest.raises(Conflict) as refused:
        perform(create_request(machine.envs / "demo", yml("envlink-hello")), Listener())

    assert refused.value.code == "exists"
    assert tree_of(machine.envs / "demo") == before


def test_a_password_of_a_channel_is_nowhere_in_what_is_made(machine: Machine, fault_server: FaultServer) -> None:
    url = fault_server.url.replace("http://", "http://user:sEcReT@") + "/conda-forge"
    said = Listener()

    perform(create_request(machine.envs / "demo", yml("envlink-text-prefix", channel=url)), said)

    assert holding(machine.envs, "sEcReT") == []
    record = PrefixRecord.from_path(next((machine.envs / "demo/conda-meta").glob("*.json")))
    assert record.url.startswith(f"{fault_server.url}/conda-forge/")


def test_a_shared_list_that_cannot_be_written_fails_nothing(machine: Machine) -> None:
    (machine.home / ".conda").write_text("a file")
    said = Listener()

    perform(create_request(machine.envs / "demo", TINY), said)

    assert (machine.envs / "demo").is_dir()
    assert any("environments.txt" in line for line in said.lines)


@pytest.fixture
def small_disk(machine: Machine) -> Iterator[Path]:
    """An environments folder on a disk of 3 MB."""
    machine.envs.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(machine.envs)]
    try:
        subprocess.run(mount, check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("file systems cannot be mounted here")
    yield machine.envs
    subprocess.run(["umount", str(machine.envs)], check=True, timeout=10)


@posix
def test_a_full_disk_is_told_and_left_as_it_was(machine: Machine, small_disk: Path) -> None:
    perform(create_request(small_disk / "first", TINY), Listener())
    before = tree_of(small_disk / "first")

    with pytest.raises(DiskError) as full:
        perform(create_request(small_disk / "demo", yml("envlink-slow")), Listener())

    assert full.value.code == "disk-full"
    assert "space" in full.value.message
    assert sorted(os.listdir(small_disk)) == [".envlink", "first"]
    assert tree_of(small_disk / "first") == before
    assert litter(small_disk) == []


@posix
def test_an_environment_is_removed_from_a_disk_that_is_full(small_disk: Path) -> None:
    perform(create_request(small_disk / "first", TINY), Listener())
    with (small_disk / "ballast").open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space"):
        while True:
            stream.write(b"x" * 4096)

    with pytest.raises(DiskError) as full:
        perform(request(Operation.CREATE, small_disk / "demo", text=TINY, path=None, folder=None), Listener())

    assert full.value.code == "disk-full"
    assert sorted(os.listdir(small_disk)) == [".envlink", "ballast", "first"]


@posix
def test_a_folder_that_may_not_be_written_is_told(machine: Machine) -> None:
    machine.envs.mkdir()
    machine.envs.chmod(0o500)
    code = (
        "import filelock, rattler\nfrom pathlib import Path\nfrom jupyter_envlink import operations\n"
        "import jupyter_envlink.operations.create\n"
        "from tests.writing import Listener, create_request, yml\n"
        "from jupyter_envlink.errors import DiskError\nnobody()\n"
        "try: operations.perform(create_request(Path(sys.argv[1]), yml('envlink-text-prefix')), Listener())\n"
        "except DiskError as error: print(error.code, '|', error.message)"
    )
    with open_to_all(machine.envs):
        done = as_nobody(code, machine.envs / "demo")

    assert done.stdout.startswith("not-writable | "), done.stderr
    assert str(machine.envs) in done.stdout


# install a kernel


def test_a_kernel_comes_by_a_clone_that_takes_the_place(machine: Machine, channel: Channel) -> None:
    prefix = bare(machine.envs / "plain", channel, "tabulate")
    before, inode = tree_of(prefix), (prefix / "bin/python3").resolve().stat().st_ino
    answers: list[str] = []
    done = threading.Event()

    def use() -> None:
        while not done.is_set():
            answers.append(output(prefix, "-S", "-c", "import sys; print(sys.prefix)"))

    user = threading.Thread(target=use)
    user.start()
    try:
        result = perform(kernel_request(prefix), Listener())
        clean_after(kernel_request(prefix))
    finally:
        done.set()
        user.join()

    after = tree_of(prefix)
    records = {name for name in before if name.startswith("conda-meta/")}
    assert {name: after.get(name) for name in before.keys() - records} == {
        n: before[n] for n in before.keys() - records
    }
    assert (prefix / "bin/python3").resolve().stat().st_ino == inode
    assert records <= after.keys()
    assert set(answers) == {str(prefix)}, "somebody who used it meanwhile met something else"
    assert output(prefix, "-c", "import ipykernel, tabulate; print(1)") == "1"
    assert result["packages"] == len(list((prefix / "conda-meta").glob("*.json")))
    assert holding(prefix, "/.envlink/") == []
    assert litter(machine.envs) == []
    _history_goes_on(prefix, channel)


def _history_goes_on(prefix: Path, channel: Channel) -> None:
    history = (prefix / "conda-meta/history").read_text()
    assert history.startswith("==> 2020-01-01 00:00:00 <==\n# cmd: conda create\n==> ")
    assert "::ipykernel-" in history
    assert "::tabulate-" not in history, "what stayed is no change"
    records = [json.loads(path.read_text()) for path in (prefix / "conda-meta").glob("*.json")]
    specs = {each["name"]: each["requested_specs"] for each in records if each.get("requested_specs")}
    assert specs == {"python": [f"python {minor(channel)}.*"], "tabulate": ["tabulate"], "ipykernel": ["ipykernel"]}


@pytest.mark.parametrize(
    ("spec", "kind"),
    [("ipykernel >=999", Unsolvable), ("envlink-corrupt", ChannelError), ("envlink-hello", VerificationFailed)],
    ids=["no such version", "damaged download", "no kernel in it"],
)
def test_a_kernel_that_fails_leaves_the_environment_byte_for_byte(
    machine: Machine, channel: Channel, spec: str, kind: type[EnvlinkError]
) -> None:
    prefix = bare(machine.envs / "plain", channel)
    before = tree_of(prefix)

    with pytest.raises(kind):
        perform(kernel_request(prefix, spec), Listener())

    assert tree_of(prefix) == before
    assert litter(machine.envs) == []


def test_python_keeps_its_minor_version(machine: Machine, channel: Channel) -> None:
    """Seen where the newest ipykernel needs a newer Python: it came, and with it another Python."""
    if len(channel.pythons) < 2:
        pytest.skip("there is no second interpreter")
    prefix = bare(machine.envs / "plain", channel, asked=["python"])
    newer = ".".join(channel.pythons[1].split(".")[:2])
    before = tree_of(prefix)

    with pytest.raises(Unsolvable):
        perform(kernel_request(prefix, f"python {newer}.*"), Listener())

    assert tree_of(prefix) == before


@pytest.mark.parametrize(
    ("asked", "spec", "tabulate"),
    [
        ("tabulate", "envlink-text-prefix", "0.8.9"),
        ("tabulate", "envlink-conflict-b", "0.9.0"),
        ("tabulate <0.9", "envlink-conflict-b", None),
    ],
    ids=["what need not move stays", "what has to move moves", "what was asked for holds"],
)
def test_what_is_installed_stays_where_it_can(
    machine: Machine, channel: Channel, asked: str, spec: str, tabulate: str | None
) -> None:
    prefix = bare(machine.envs / "plain", channel, "tabulate 0.8.9", asked=["python", asked])
    engine, channels = RattlerEngine(cache_folder()), Channels((channel.conda_forge,), "strict", ())

    def solved() -> dict[str, str]:
        solution = asyncio.run(engine.solve(channels, [spec], installed=str(prefix)))
        return {package.name: package.version for package in solution.packages}

    if tabulate is None:
        with pytest.raises(Unsolvable):
            solved()
    else:
        assert solved()["tabulate"] == tabulate


def test_a_download_that_is_cut_leaves_the_environment_byte_for_byte(
    machine: Machine, channel: Channel, fault_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = bare(machine.envs / "plain", channel, url=f"{fault_server.url}/conda-forge")
    before = tree_of(prefix)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "empty cache"))
    write_condarc(machine.condarc, fault_server.url, machine.envs, tmp_path / "pkgs")
    fault_server.cut("*/tornado-*")

    with pytest.raises(ChannelError, match="tornado"):
        perform(kernel_request(prefix), Listener())

    assert tree_of(prefix) == before
    assert litter(machine.envs) == []


@pytest.mark.parametrize("operation", sorted(set(Operation) - AT_ONCE))
def test_every_phase_has_its_part_of_the_whole(operation: Operation) -> None:
    assert sum(weights(request(operation, Path("/envs/demo"))).values()) == 100


def test_the_python_is_where_conda_puts_it() -> None:
    expected = "python.exe" if sys.platform == "win32" else os.path.join("bin", "python")
    assert python_of("prefix") == os.path.join("prefix", expected)
