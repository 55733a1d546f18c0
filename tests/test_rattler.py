"""Whatever rattler, a channel or the network does, the error says what happened, where, and no secret."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.base import Solution, Step
from jupyter_envlink.engines.rattler import RattlerEngine, prefix_records
from jupyter_envlink.errors import ChannelError, DiskError, EnvlinkError, Unsolvable
from tests.channel import Channel
from tests.channel.server import FaultServer

SECRET = "sEcReT-123456"
SMALL = "envlink-text-prefix"


class Trial:
    """Solve and install one package from the server into an empty folder with an empty cache."""

    def __init__(self, folder: Path, url: str) -> None:
        self.engine = RattlerEngine(folder / "cache", silence=30.0)
        self.channels = Channels((url,), "strict", ())
        self.prefix = folder / "prefix"
        self.steps: list[Step] = []

    def solve(self, *specs: str) -> Solution:
        return asyncio.run(self.engine.solve(self.channels, specs))

    def run(self, *specs: str) -> None:
        solution = self.solve(*specs)
        asyncio.run(self.engine.install(solution, str(self.prefix), str(self.prefix), specs, self.steps.append))


@pytest.fixture
def trial(fault_server: FaultServer, tmp_path: Path) -> Trial:
    host = fault_server.url.removeprefix("http://")
    return Trial(tmp_path, f"http://user:{SECRET}@{host}/conda-forge")


def everything(error: EnvlinkError) -> str:
    return json.dumps(error.as_dict())


Fault = Callable[[FaultServer], None]
FAULTS: list[tuple[str, Fault, type[EnvlinkError], str]] = [
    ("index refused 401", lambda server: server.status("*repodata*", 401), ChannelError, "channel-401"),
    ("index refused 403", lambda server: server.status("*repodata*", 403), ChannelError, "channel-403"),
    ("index missing", lambda server: server.status("*", 404), ChannelError, "channel-404"),
    ("index fails", lambda server: server.status("*repodata*", 500), ChannelError, "channel-500"),
    ("package refused 401", lambda server: server.status("*.conda", 401), ChannelError, "channel-401"),
    ("package refused 403", lambda server: server.status("*.conda", 403), ChannelError, "channel-403"),
    ("package missing", lambda server: server.status("*.conda", 404), ChannelError, "channel-404"),
    ("package fails", lambda server: server.status("*.conda", 500), ChannelError, "channel-500"),
    ("package cut", lambda server: server.cut("*.conda"), ChannelError, "cut-download"),
    ("package damaged", lambda server: server.corrupt("*.conda"), ChannelError, "damaged-download"),
    ("package stalls", lambda server: server.stall("*.conda"), ChannelError, "stalled"),
]


@pytest.mark.parametrize(("fault", "kind", "code"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_a_fault_of_a_channel_is_told_by_its_name(
    trial: Trial, fault_server: FaultServer, fault: Fault, kind: type[EnvlinkError], code: str
) -> None:
    fault(fault_server)
    trial.engine.silence = 1.0 if code == "stalled" else 30.0

    with pytest.raises(kind) as failed:
        trial.run(SMALL)

    assert failed.value.code == code
    assert SMALL in failed.value.message or fault_server.url.removeprefix("http://") in failed.value.message
    assert failed.value.remedy
    assert SECRET not in everything(failed.value)


@pytest.mark.parametrize(
    ("spec", "code", "named"),
    [
        (("envlink-nowhere",), "package-not-found", ["envlink-nowhere"]),
        (("tabulate >=99",), "package-not-found", ["tabulate"]),
        (
            ("envlink-conflict-a", "envlink-conflict-b"),
            "conflict",
            ["envlink-conflict-a", "envlink-conflict-b", "tabulate"],
        ),
        (("envlink-constrains", "tabulate >=0.9"), "conflict", ["envlink-constrains", "tabulate"]),
        (("envlink-missing-dependency",), "conflict", ["envlink-nowhere"]),
    ],
)
def test_what_cannot_be_solved_names_the_packages(
    trial: Trial, spec: tuple[str, ...], code: str, named: list[str]
) -> None:
    with pytest.raises(Unsolvable) as failed:
        trial.solve(*spec)

    assert failed.value.code == code
    assert [name for name in named if name not in failed.value.message] == []
    assert SECRET not in everything(failed.value)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "no-such-host.invalid"])
def test_a_channel_that_does_not_answer_is_named(tmp_path: Path, address: str) -> None:
    where = address.format(port=free_port())

    with pytest.raises(ChannelError) as failed:
        Trial(tmp_path, f"http://{where}/t/{SECRET}/conda-forge").solve(SMALL)

    assert failed.value.code == "unreachable"
    assert where in failed.value.message
    assert SECRET not in everything(failed.value)


def test_a_folder_that_is_no_channel_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChannelError) as failed:
        Trial(tmp_path, (tmp_path / "nothing here").as_uri()).solve(SMALL)

    assert failed.value.code == "no-channel"
    assert "nothing%20here" in failed.value.message


def test_a_password_does_not_reach_the_list_of_packages(trial: Trial) -> None:
    assert SECRET not in repr(trial.solve(SMALL).packages)


@pytest.mark.skipif(os.name == "nt", reason="a device that is always full")
def test_a_full_disk_is_no_fault_of_the_channel(trial: Trial) -> None:
    if not os.access("/dev/full", os.W_OK):
        pytest.skip("no /dev/full")
    with pytest.raises(OSError, match="No space left") as full, open("/dev/full", "w") as stream:
        stream.write("x")
        stream.flush()
    from jupyter_envlink.engines.rattler_errors import translate

    told = translate(OSError(f"failed to link {SMALL}: {full.value.strerror} (os error 28)"), ["/envs/demo"])

    assert isinstance(told, DiskError)
    assert told.code == "disk-full"


def test_a_server_that_recovers_is_asked_again(trial: Trial, fault_server: FaultServer) -> None:
    fault_server.cut("*.conda")
    with pytest.raises(ChannelError):
        trial.run(SMALL)
    fault_server.clear()

    trial.run(SMALL)

    assert [record.name.normalized for record in prefix_records(str(trial.prefix))] == [SMALL]


def test_steps_go_up_to_the_whole(channel: Channel, tmp_path: Path) -> None:
    trial = Trial(tmp_path, channel.conda_forge)
    trial.run(SMALL, "envlink-slow")

    for phase in ("downloading", "installing"):
        shares = [step.share for step in trial.steps if step.phase == phase]
        assert shares[-1] == max(shares) == 1.0
        assert all(0 <= share <= 1 for share in shares)


def test_bytes_are_those_of_downloads_alone(fault_server: FaultServer, tmp_path: Path) -> None:
    fault_server.slow("*/envlink-slow-*", 1_000_000)
    first = Trial(tmp_path, f"{fault_server.url}/conda-forge")
    first.run(SMALL)
    both = Trial(tmp_path, f"{fault_server.url}/conda-forge")
    both.prefix = tmp_path / "other"
    solution = both.solve(SMALL, "envlink-slow")
    both.run(SMALL, "envlink-slow")

    told = [step.bytes for step in both.steps if step.bytes]
    (slow,) = (package.size for package in solution.packages if package.name == "envlink-slow")
    assert told[-1] == (slow, slow)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({done for done, _ in told}) > 2
    both.steps.clear()
    both.prefix = tmp_path / "third"
    both.run(SMALL, "envlink-slow")
    assert [step.bytes for step in both.steps if step.bytes] == [], "all of it lies in the cache"


def test_a_record_that_is_damaged_is_named(channel: Channel, tmp_path: Path) -> None:
    trial = Trial(tmp_path, channel.conda_forge)
    trial.run(SMALL)
    record = next((trial.prefix / "conda-meta").glob("*.json"))
    record.write_text("{")

    with pytest.raises(Unsolvable) as failed:
        prefix_records(str(trial.prefix))

    assert failed.value.code == "damaged-record"
    assert str(record) in failed.value.message
