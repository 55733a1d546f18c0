"""Archives of conda-pack become environments; those that want something else are refused."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from rattler import PrefixRecord

from jupyter_envlink import process, unpacking
from jupyter_envlink.envfile.platforms import current
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import InvalidFile
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform, weights
from jupyter_envlink.preview import solve
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import from_request
from jupyter_envlink.unpacking import fix_prefixes, unpack

from . import contract
from .channel import Channel
from .conftest import Machine
from .locking import python_spec
from .running import kernel_of
from .server import Api
from .test_operations import bare
from .test_queue import ended, queue_of
from .writing import Listener, create_request, holding, litter, nothing_left, request, yml

SCRIPT = "#!/usr/bin/env python\nimport os\n_prefix_records = {records}\n"


@pytest.fixture
def packed(machine: Machine, channel: Channel) -> Callable[..., Path]:
    """An environment, packed by conda-pack from another place; what it was packed from is gone."""

    def made(suffix: str, *specs: str) -> Path:
        from conda_pack import pack

        elsewhere = machine.home / "elsewhere" / "finance"
        text = yml(*specs)
        perform(create_request(elsewhere, text), Listener())
        archive = machine.home / f"finance-{current()}{suffix}"
        pack(prefix=str(elsewhere), output=str(archive))
        elsewhere.rename(machine.home / "moved")
        return archive

    return made


def asked(machine: Machine, archive: Path) -> Request:
    return request(Operation.CREATE, machine.envs / "demo", archive=str(archive), path=archive.name, text="")


def test_a_packed_environment_is_made_anew_and_its_kernel_runs(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], packed: Callable[..., Path], channel: Channel
) -> None:
    handmade = ("envlink-text-prefix", "envlink-binary-prefix", "envlink-hello")
    archive = packed(".tar.gz", python_spec(channel), *handmade)
    before = {path.name for path in (machine.home / "moved" / "conda-meta").glob("*.json")}
    source = from_request({"path": str(archive)}, None)
    plan = solve(service.preview.proposal(source, None))
    contract.validate(contract.component("Plan"), plan)
    assert (plan["format"], plan["name"], plan["text"], plan["added"]) == ("conda-pack", "finance", None, [])
    assert {f"{p['name']}-{p['version']}-{p['build']}.json" for p in plan["solution"]["packages"]} == before

    job = finished(service.life.create(source, None))

    assert job.status is Status.SUCCEEDED, job.progress
    prefix = machine.envs / "finance"
    assert {path.name for path in (prefix / "conda-meta").glob("*.json")} == before
    assert (prefix / "share/envlink/prefix.txt").read_text().startswith(f"prefix={prefix}\n")
    assert os.fsencode(prefix) + b"/share/envlink\x00" in (prefix / "share/envlink/prefix.bin").read_bytes()
    script = [prefix / "bin/python", prefix / "bin/envlink-hello"]  # conda-pack writes /usr/bin/env python into it
    assert subprocess.check_output(script, text=True) == "hello from envlink\n"
    assert not (prefix / "bin/conda-unpack").exists()
    assert [path for path in holding(prefix, "/elsewhere/finance") if "/conda-meta/" not in path] == []
    assert litter(machine.envs) == []
    assert service.catalog.get(prefix_id(str(prefix))).state.value == "ready"
    with kernel_of(service.catalog, machine.data, "finance") as kernel:
        assert kernel.value("sys.prefix", "sys") == str(prefix)


@pytest.mark.parametrize("suffix", [".zip", ".tar.xz", ".tar.bz2", ".tar"])
def test_every_kind_of_archive(machine: Machine, packed: Callable[..., Path], suffix: str) -> None:
    said = Listener()
    archive = packed(suffix, "envlink-text-prefix")
    perform(asked(machine, archive), said)
    prefix = machine.envs / "demo"
    assert (prefix / "share/envlink/prefix.txt").read_text().startswith(f"prefix={prefix}\n")
    assert said.phases == ["unpacking", "verifying"]
    assert set(said.phases) <= set(weights(asked(machine, archive)))
    assert [step.share for step in said.steps] == sorted(step.share for step in said.steps)
    assert said.steps[-1].share > 0.5


def test_zstd(machine: Machine, packed: Callable[..., Path]) -> None:
    backports = pytest.importorskip("backports.zstd")
    archive = packed(".tar", "envlink-text-prefix")
    small = archive.with_suffix(".tar.zst")
    small.write_bytes(backports.compress(archive.read_bytes()))
    perform(asked(machine, small), Listener())
    assert (machine.envs / "demo" / "share/envlink/prefix.txt").is_file()


def test_a_kernel_is_added_on_top_of_what_was_packed(machine: Machine, channel: Channel) -> None:
    from conda_pack import pack

    elsewhere = bare(machine.home / "bare", channel, "numpy")
    archive = machine.home / "bare.tar.gz"
    pack(prefix=str(elsewhere), output=str(archive))
    said = Listener()

    perform(asked(machine, archive), said)

    def records(prefix: Path) -> dict[str, str]:
        found = [PrefixRecord.from_path(path) for path in (prefix / "conda-meta").glob("*.json")]
        return {record.name.normalized: record.url for record in found}

    now = records(machine.envs / "demo")
    assert now.items() >= records(elsewhere).items()
    assert "ipykernel" in now
    meta = machine.envs / "demo" / "conda-meta"
    assert {path.stat().st_mode & 0o444 for path in meta.glob("*.json")} == {meta.stat().st_mode & 0o444}
    assert said.phases == ["unpacking", "solving", "downloading", "verifying"]


def test_without_a_channel_it_is_made_without_a_kernel(machine: Machine, channel: Channel) -> None:
    from conda_pack import pack

    elsewhere = bare(machine.home / "bare", channel)
    for path in (elsewhere / "conda-meta").glob("*.json"):
        record = json.loads(path.read_text())
        path.write_text(
            json.dumps({**record, "channel": "http://127.0.0.1:9/gone", "url": "http://127.0.0.1:9/gone/x"})
        )
    archive = machine.home / "bare.tar.gz"
    pack(prefix=str(elsewhere), output=str(archive))
    said = Listener()

    perform(asked(machine, archive), said)

    assert (machine.envs / "demo" / "bin" / "python").exists()
    assert any("attach it later" in line for line in said.lines)


# what is no environment, or wants something else


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, target, mode
    return info


def tarred(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


FILE = member("bin/x")
EVIL: dict[str, list[tuple[tarfile.TarInfo, bytes]]] = {
    "up": [(member("../evil"), b"x")],
    "deep": [(member("a/../../evil"), b"x")],
    "absolute": [(member("/tmp/evil"), b"x")],
    "link-out": [(member("a", tarfile.SYMTYPE, "../../evil"), b"")],
    "link-absolute": [(member("a", tarfile.SYMTYPE, "/etc/passwd"), b"")],
    "through-a-link": [(member("a", tarfile.SYMTYPE, ".."), b""), (member("a/evil"), b"x")],
    "link-chain": [
        (member("d/b", tarfile.SYMTYPE, "../c/.."), b""),
        (member("c", tarfile.SYMTYPE, "d"), b""),
        (member("e", tarfile.SYMTYPE, "d/b/../.."), b""),
    ],
    "link-behind-a-link": [
        (member("a", tarfile.SYMTYPE, "b"), b""),
        (member("b/x"), b"x"),
        (member("a/y", tarfile.SYMTYPE, "x"), b""),
    ],
    "hard-link-out": [(member("a", tarfile.LNKTYPE, "../../evil"), b"")],
    "hard-link-nowhere": [(member("a", tarfile.LNKTYPE, "b"), b"")],
    "device": [(member("a", tarfile.CHRTYPE), b"")],
    "pipe": [(member("a", tarfile.FIFOTYPE), b"")],
    "twice": [(member("a"), b"x"), (member("a"), b"y")],
    "file-as-folder": [(member("a"), b"x"), (member("a/b"), b"y")],
    "bomb": [(member("a"), bytes(3 << 20))],
}


@pytest.mark.parametrize("name", EVIL)
def test_what_wants_out_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_AT_LEAST", 1 << 20)
    place = tmp_path / "root" / "staging"
    place.mkdir(parents=True)
    archive = tarred(tmp_path / "x.tar.gz", EVIL[name])
    with pytest.raises(InvalidFile) as refused:
        unpack(archive, place, lambda share, text: None)
    assert refused.value.code == "bad-archive"
    assert refused.value.remedy
    assert sorted(os.listdir(tmp_path)) == ["root", "x.tar.gz"]
    assert os.listdir(tmp_path / "root") == ["staging"]


def test_zips_that_want_out_are_refused(tmp_path: Path) -> None:
    for number, (name, attributes, content) in enumerate(
        [("../evil", 0o644, "x"), ("a", 0o120777, "../../evil"), ("a", 0o020644, "")]
    ):
        info = zipfile.ZipInfo(name)
        info.external_attr = attributes << 16
        archive = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr(info, content)
        place = tmp_path / f"place{number}"
        place.mkdir()
        with pytest.raises(InvalidFile):
            unpack(archive, place, lambda share, text: None)
    assert not (tmp_path / "evil").exists()


def test_what_environments_do_hold_is_unpacked(tmp_path: Path) -> None:
    members = [
        (member("./bin", tarfile.DIRTYPE, mode=0o755), b""),
        (member("./bin/python3.11", mode=0o555), b"#!"),
        (member("bin/python", tarfile.SYMTYPE, "python3.11"), b""),
        (member("lib/a/b", tarfile.SYMTYPE, "../../bin/python"), b""),
        (member("bin/gone", tarfile.SYMTYPE, "not-there"), b""),
        (member("bin/same", tarfile.LNKTYPE, "bin/python3.11"), b""),
        (member("bin/secret", mode=0o4755), b"x"),
    ]
    place = tmp_path / "place"
    place.mkdir()
    unpack(tarred(tmp_path / "x.tar.gz", members), place, lambda share, text: None)
    assert (place / "lib/a/b").read_bytes() == (place / "bin/same").read_bytes() == b"#!"
    assert os.readlink(place / "bin/gone") == "not-there"
    assert (place / "bin/secret").stat().st_mode & 0o7777 == 0o755
    assert os.access(place / "bin/python", os.X_OK)


@pytest.mark.parametrize(
    ("records", "script"),
    [
        ([("../evil", "old", "text")], SCRIPT),
        ([("link/evil", "old", "text")], SCRIPT),
        ([("gone", "old", "text")], SCRIPT),
        ([("bin/x", "old", "magic")], SCRIPT),
        ([("bin/x", "old")], SCRIPT),
        ([], "import os\n"),
        ([], "_prefix_records = os.listdir('/')\n"),
        ([], "_prefix_records = [\n"),
    ],
)
def test_what_conda_unpack_must_not_touch(tmp_path: Path, records: list[tuple[str, ...]], script: str) -> None:
    (tmp_path / "evil").write_text("old")
    place = tmp_path / "place"
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "x").write_text("old")
    (place / "link").symlink_to("..")
    (place / "bin" / "conda-unpack").write_text(script.format(records=records))
    with pytest.raises(InvalidFile):
        fix_prefixes(place, "/new")
    assert (tmp_path / "evil").read_text() == "old"


def test_a_file_that_may_not_be_written_gets_the_new_path_too(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "x").write_text("#!/old/bin/python\n")
    (tmp_path / "bin" / "x").chmod(0o555)
    (tmp_path / "bin" / "conda-unpack").write_text(SCRIPT.format(records=[("bin/x", "/old", "text")]))
    fix_prefixes(tmp_path, "/new")
    assert (tmp_path / "bin" / "x").read_text() == "#!/new/bin/python\n"
    assert (tmp_path / "bin" / "x").stat().st_mode & 0o777 == 0o555


def test_the_records_say_what_the_files_are_at_their_new_place(tmp_path: Path) -> None:
    text, plain = "#!/old/bin/python\n", {"_path": "lib/y", "sha256": "0" * 64, "sha256_in_prefix": "0" * 64}
    old = {"sha256": "1" * 64, "sha256_in_prefix": hashlib.sha256(text.encode()).hexdigest()}
    entry = {"_path": "bin/x", "prefix_placeholder": "/placehold", **old}
    outside = {**entry, "_path": "../outside"}
    (tmp_path.parent / "outside").write_text("secret")
    for folder in ("bin", "conda-meta"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bin" / "x").write_text(text)
    record = tmp_path / "conda-meta" / "x-1-0.json"
    record.write_text(json.dumps({"name": "x", "paths_data": {"paths_version": 1, "paths": [entry, plain, outside]}}))
    (tmp_path / "bin" / "conda-unpack").write_text(SCRIPT.format(records=[("bin/x", "/old", "text")]))

    fix_prefixes(tmp_path, "/new")

    now = hashlib.sha256(b"#!/new/bin/python\n").hexdigest()
    assert json.loads(record.read_text())["paths_data"]["paths"] == [
        {**entry, "sha256_in_prefix": now},
        plain,
        outside,
    ]


def archives(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    record = json.dumps(
        {"name": "x", "version": "1", "build": "0", "build_number": 0, "subdir": "zos-z", "depends": []}
    )
    unpack_script = (member("bin/conda-unpack"), SCRIPT.format(records=[]).encode())
    yield tarred(tmp_path / "none.tar.gz", [(member("a"), b"x")]), "no conda-meta"
    yield tarred(tmp_path / "fixed.tar.gz", [(member("conda-meta/x-1-0.json"), record.encode())]), "no conda-unpack"
    foreign = [(member("conda-meta/x-1-0.json"), record.encode()), unpack_script]
    yield tarred(tmp_path / "foreign.tar.gz", foreign), "is for zos-z"
    whole = (tmp_path / "foreign.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    yield tmp_path / "cut.tar.gz", "cannot be read"
    (tmp_path / "text.zip").write_text("no archive")
    yield tmp_path / "text.zip", "cannot be read"


def test_what_is_no_environment_for_this_machine_is_told_before_and_leaves_nothing(
    machine: Machine, service: Envlink, tmp_path: Path
) -> None:
    for archive, words in archives(tmp_path):
        source = from_request({"path": str(archive)}, None)
        plan = solve(service.preview.proposal(source, None))
        contract.validate(contract.component("Plan"), plan)
        said = plan["conflict"]["message"] if plan["conflict"] else plan["diagnostics"][0]["message"]
        assert words in said, archive
        with pytest.raises(InvalidFile):
            perform(asked(machine, archive), Listener())
        nothing_left(machine.envs)


def test_a_worker_killed_at_random_leaves_nothing(
    machine: Machine, channel: Channel, packed: Callable[..., Path]
) -> None:
    archive = packed(".tar.gz", python_spec(channel))
    queue = queue_of(machine)
    options = {"text": "", "path": archive.name, "archive": str(archive)}
    for number in range(6):
        job = queue.submit(Operation.CREATE, "demo", str(machine.envs / "demo"), str(machine.envs), options)
        time.sleep(0.3 + 0.3 * number)
        for pid, created in queue.store.processes(job.id):
            if process.alive(pid, created):
                psutil.Process(pid).kill()
        if ended(queue, job).status is Status.SUCCEEDED:
            break
        nothing_left(machine.envs)


async def test_over_http_an_archive_is_named_by_its_path(
    api: Api, jp_root_dir: Path, packed: Callable[..., Path]
) -> None:
    archive = await asyncio.to_thread(packed, ".tar.gz", "envlink-text-prefix")
    archive.rename(jp_root_dir / "tiny.tar.gz")
    _, checked = await api("POST", "check", {"path": "tiny.tar.gz"})
    assert [file["ok"] for file in checked["files"]] == [True]
    status, plan = await api("POST", "plan", {"path": "tiny.tar.gz"})
    assert (status, plan["format"], plan["name"]) == (200, "conda-pack", "tiny")
    assert [each["name"] for each in plan["solution"]["packages"]] == ["envlink-text-prefix"]
    status, _ = await api("POST", "plan", {"path": "../tiny.tar.gz"})
    assert status == 404
    status, job = await api("POST", "environments", {"path": "tiny.tar.gz", "name": "demo"})
    assert status == 202
    assert (await api.ended(job))["status"] == "succeeded"
