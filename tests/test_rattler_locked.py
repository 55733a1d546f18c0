"""Environments from lock files: exactly the packages that are named, a kernel on top of them, or a clear error."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from rattler import RepoDataRecord

from jupyter_envlink.conda_records import _path as environments_txt
from jupyter_envlink.errors import ChannelError, EnvlinkError, InvalidFile, PipFailed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.preview import solve
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import from_request

from . import contract, locking
from .channel import Channel
from .channel.server import FaultServer
from .conftest import Machine
from .running import kernel_of
from .writing import Listener, litter, nothing_left, request

TINY = ("envlink-text-prefix", "envlink-activate")


@pytest.fixture
def tiny(machine: Machine, fault_server: FaultServer) -> list[RepoDataRecord]:
    """Small packages without a kernel, as a server has them."""
    return locking.solved(f"{fault_server.url}/conda-forge", *TINY)


@pytest.fixture
def python(machine: Machine, channel: Channel) -> list[RepoDataRecord]:
    """A Python and numpy: no kernel."""
    return locking.solved(channel.conda_forge, locking.python_spec(channel), "numpy")


def made_from(machine: Machine, text: str, name: str) -> tuple[Path, Listener]:
    """What the worker makes of ``text``, a file of that name in the home folder."""
    prefix, said = machine.envs / "demo", Listener()
    perform(asked(machine, prefix, text, name), said)
    return prefix, said


def asked(machine: Machine, prefix: Path, text: str, name: str) -> Request:
    return request(Operation.CREATE, prefix, text=text, path=name, folder=str(machine.home))


def records_in(prefix: Path) -> dict[str, Mapping[str, object]]:
    records = [json.loads(path.read_text()) for path in (prefix / "conda-meta").glob("*.json")]
    return {record["name"]: record for record in records}


def urls(records: Sequence[RepoDataRecord]) -> dict[str, str]:
    return {record.name.normalized: record.url for record in records}


WRITERS: dict[str, Callable[[Path, str, Sequence[RepoDataRecord]], str]] = {
    "explicit.txt": lambda folder, channel, records: locking.explicit(records),
    "conda-lock.yml": lambda folder, channel, records: locking.conda_lock(records),
    "pixi.lock": locking.pixi_lock,
}


@pytest.mark.parametrize("name", WRITERS)
def test_exactly_what_is_listed_and_a_kernel_on_top(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], channel: Channel,
    python: list[RepoDataRecord], tmp_path: Path, name: str,
) -> None:  # fmt: skip
    """Through the service, as the page and the command line do it; and the kernel runs."""
    path = machine.home / name
    path.write_text(WRITERS[name](tmp_path, channel.conda_forge, python))
    source = from_request({"path": str(path)}, None)
    plan = solve(service.preview.proposal(source, "demo"))
    contract.validate(contract.component("Plan"), plan)

    job = finished(service.life.create(source, "demo"))

    assert job.status is Status.SUCCEEDED, job.progress
    records = records_in(machine.envs / "demo")
    found = {record: str(content["url"]) for record, content in records.items()}
    assert found.items() >= urls(python).items()
    assert "ipykernel" in found
    assert plan["format"] == {"explicit.txt": "explicit", "conda-lock.yml": "conda-lock"}.get(name, "pixi-lock")
    assert [each["spec"] for each in plan["added"]] == ["ipykernel"]
    assert {each["name"] for each in plan["solution"]["packages"]} == set(found)
    for record in python:
        written = records[record.name.normalized]
        assert (written["sha256"], written["depends"]) == ((record.sha256 or b"").hex(), list(record.depends))
    with kernel_of(service.catalog, machine.data, "demo") as kernel:
        assert kernel.value("numpy.arange(4).sum().item()", "numpy") == 6


def test_where_a_kernel_is_listed_no_channel_is_asked(
    machine: Machine, fault_server: FaultServer, channel: Channel
) -> None:
    """Not even when the channel has an index no more."""
    records = locking.solved(f"{fault_server.url}/conda-forge", locking.python_spec(channel), "ipykernel")
    fault_server.status("*repodata*", 404)
    before = len(fault_server.requests)

    prefix, said = made_from(machine, locking.explicit(records), "explicit.txt")

    assert {name: str(record["url"]) for name, record in records_in(prefix).items()} == urls(records)
    assert not [each for each in fault_server.requests[before:] if "repodata" in each.path]
    assert said.phases == ["solving", "downloading", "verifying"]


@pytest.mark.parametrize("sums", ["sha256", "md5", "none"])
def test_each_kind_of_hash_is_taken(machine: Machine, tiny: list[RepoDataRecord], sums: str) -> None:
    prefix, _ = made_from(machine, locking.explicit(tiny, sums), "packages.lock")

    records = records_in(prefix)
    assert {name: record["sha256"] for name, record in records.items()} == {
        record.name.normalized: (record.sha256 or b"").hex() for record in tiny
    }
    assert all(record["noarch"] == "generic" for record in records.values())


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("sums", ["sha256", "md5"])
def test_another_package_than_the_one_that_is_named_is_refused(
    machine: Machine, tiny: list[RepoDataRecord], sums: str, warm: bool, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Also where the cache holds one of that name, with another hash."""
    if warm:
        made_from(machine, locking.explicit(tiny), "explicit.txt")
        shutil.rmtree(machine.envs / "demo")
        environments_txt(machine.home).unlink()
    else:
        monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cold"))
    wrong = {"sha256": "#" + "1" * 64, "md5": "#" + "1" * 32}[sums]
    text = locking.explicit(tiny, "none").replace(".conda", f".conda{wrong}")

    with pytest.raises(ChannelError, match="is not the package that the file means") as failed:
        made_from(machine, text, "explicit.txt")

    assert failed.value.code == "hash-mismatch"
    assert failed.value.remedy
    nothing_left(machine.envs)


def test_a_package_on_this_disk_is_checked_too(machine: Machine, channel: Channel, tmp_path: Path) -> None:
    """rattler itself takes any file that it need not download."""
    record = locking.solved(channel.conda_forge, "envlink-text-prefix")[0]
    copy = shutil.copy(locking.path_of(record.url), tmp_path)
    made_from(machine, f"@EXPLICIT\n{copy}#{(record.md5 or b'').hex()}\n", "list.txt")
    with pytest.raises(ChannelError) as failed:
        perform(
            asked(machine, machine.envs / "other", f"@EXPLICIT\n{copy}#sha256:{'2' * 64}\n", "list.txt"), Listener()
        )
    assert failed.value.code == "hash-mismatch"
    with pytest.raises(ChannelError) as failed:
        perform(asked(machine, machine.envs / "other", "@EXPLICIT\nfile:///gone-1-0.conda\n", "list.txt"), Listener())
    assert failed.value.code == "package-missing"


def test_what_no_hash_vouches_for_comes_from_its_address_and_is_not_left_for_others(
    machine: Machine, tiny: list[RepoDataRecord], fault_server: FaultServer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    fault_server.status("*repodata*", 404)
    for number in range(2):
        before = len(fault_server.requests)
        perform(asked(machine, machine.envs / f"demo{number}", locking.explicit(tiny, "none"), "list.txt"), Listener())
        loaded = {each.path for each in fault_server.requests[before:] if each.path.endswith(".conda")}
        assert len(loaded) == len(tiny)
    assert not [name for name in os.listdir(tmp_path / "cache") if name.startswith("envlink-")]
    assert litter(machine.envs) == []


def test_pip_packages_of_a_lock_are_installed_as_they_are_named(
    machine: Machine, channel: Channel, python: list[RepoDataRecord], tmp_path: Path
) -> None:
    wheel = channel.wheels / "tabulate-0.8.9-py3-none-any.whl"
    for name, text in (
        ("conda-lock.yml", locking.conda_lock(python, [wheel])),
        ("pixi.lock", locking.pixi_lock(tmp_path, channel.conda_forge, python, [wheel])),
    ):
        prefix = machine.envs / name.partition(".")[0]
        said = Listener()
        perform(asked(machine, prefix, text, name), said)
        assert list(prefix.glob("lib/python*/site-packages/tabulate-0.8.9.dist-info")), said.lines
        assert "pip" in said.phases


def test_a_wheel_that_is_another_one_is_refused(
    machine: Machine, channel: Channel, python: list[RepoDataRecord]
) -> None:
    wheel = channel.wheels / "tabulate-0.8.9-py3-none-any.whl"
    text = locking.conda_lock(python, [wheel])
    text = text.replace(locking.sha256_of(wheel), "3" * 64)
    with pytest.raises(PipFailed, match="(?i)hash"):
        made_from(machine, text, "conda-lock.yml")
    nothing_left(machine.envs)


def test_a_lock_of_other_platforms_names_them(machine: Machine, tiny: list[RepoDataRecord]) -> None:
    text = locking.conda_lock(tiny).replace(f"platform: {locking.HERE}", "platform: osx-99")
    with pytest.raises(InvalidFile, match=f"no packages for {locking.HERE}.*osx-99, zos-z"):
        made_from(machine, text, "conda-lock.yml")


def test_a_password_is_nowhere_in_what_is_made(machine: Machine, tiny: list[RepoDataRecord]) -> None:
    text = locking.explicit(tiny).replace("http://", "http://me:swordfish@")
    prefix, said = made_from(machine, text, "explicit.txt")
    for path in (prefix / "conda-meta").iterdir():
        assert "swordfish" not in path.read_text()
    assert "swordfish" not in "\n".join(said.lines)


def test_two_of_one_name_are_refused(machine: Machine, channel: Channel) -> None:
    text = f"@EXPLICIT\n{channel.conda_forge}/noarch/tabulate-0.9.0-pyhenv_0.conda\n"
    text += f"{channel.conda_forge}/noarch/tabulate-0.8.9-pyhenv_0.conda\n"
    with pytest.raises(EnvlinkError, match="tabulate is locked twice"):
        made_from(machine, text, "explicit.txt")
