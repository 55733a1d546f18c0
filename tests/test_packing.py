"""An environment as an archive: packed by a job, unpacked elsewhere, run there."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.environment import Environment
from jupyter_envlink.errors import Conflict, InvalidRequest, NotFound
from jupyter_envlink.inventory import inventory
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.outcome import partial_archive, tidy_after
from jupyter_envlink.packing import archive_name, refuse_pack
from jupyter_envlink.process import kill_group
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.service import Envlink
from tests.channel import Channel
from tests.conftest import Machine
from tests.prefixes import real
from tests.writing import Listener, holding, litter, request, tree_of

Finished = Callable[[Job], Job]


@pytest.fixture
def finance(service: Envlink, machine: Machine, channel: Channel) -> Environment:
    """A real environment with a file that holds its prefix, and a package of pip's."""
    prefix = real(channel.conda_forge, machine.envs / "finance", ["python", "humanize", "envlink-text-prefix"])
    (prefix / "conda-meta" / "history").touch()
    service.catalog.refresh()
    return service.catalog.snapshot.by_prefix[os.path.realpath(prefix)]


def pack_request(prefix: Path, target: Path) -> Request:
    return request(Operation.PACK, prefix, target=str(target))


def test_packed_and_unpacked_it_is_the_same(
    service: Envlink, finished: Finished, finance: Environment, tmp_path: Path
) -> None:
    before = tree_of(Path(finance.prefix))
    job = finished(service.life.pack(finance.id, str(tmp_path)))
    assert job.status is Status.SUCCEEDED, job.progress.error
    result = job.progress.result or {}
    archive = Path(result["path"])
    assert archive.name == archive_name(finance, service.preview.platform())
    assert result["bytes"] == archive.stat().st_size > 1_000_000
    assert tree_of(Path(finance.prefix)) == before
    assert archive.stat().st_mode & 0o777 == 0o666 & ~_umask()

    elsewhere = tmp_path / "a place with a much longer path than the one where it was made" / "other"
    elsewhere.mkdir(parents=True)
    with tarfile.open(archive) as packed:
        packed.extractall(elsewhere, filter="fully_trusted")
    subprocess.run([elsewhere / "bin" / "python", elsewhere / "bin" / "conda-unpack"], check=True, timeout=60)
    assert holding(elsewhere, finance.prefix) == [str(elsewhere / "bin" / "conda-unpack")]
    asked = [elsewhere / "bin" / "python", "-c", "import humanize, sys; print(sys.prefix)"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == str(elsewhere)
    assert inventory(_at(finance, elsewhere), "x").conda == inventory(finance, "x").conda


def _at(environment: Environment, prefix: Path) -> Environment:
    from dataclasses import replace

    return replace(environment, prefix=str(prefix))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_it_does_not_become_a_kernel_by_being_packed(
    service: Envlink, finished: Finished, finance: Environment, tmp_path: Path
) -> None:
    shown = service.shown(finance, {})
    finished(service.life.pack(finance.id, str(tmp_path)))
    assert service.shown(service.catalog.get(finance.id), {}) == shown


def test_without_the_cache_that_it_came_from(
    service: Envlink, finance: Environment, machine: Machine, tmp_path: Path
) -> None:
    """A cache that is gone, or that another user keeps: the environment's own files are taken."""
    for path in Path(finance.prefix, "conda-meta").glob("*.json"):
        record = json.loads(path.read_text())
        record["link"] = {"source": str(tmp_path / "gone"), "type": 1}
        path.write_text(json.dumps(record))
    heard = Listener()
    done = perform(pack_request(Path(finance.prefix), tmp_path / "finance.tar.gz"), heard)
    assert done["bytes"] > 1_000_000
    assert any("package cache" in line for line in heard.lines)
    assert heard.phases == ["reading", "packing"]
    shares = [step.share for step in heard.steps]
    assert shares == sorted(shares)
    assert len(set(shares)) > 100


@pytest.mark.parametrize("name", ["finance.zip", "finance.tar"])
def test_other_archives(finance: Environment, tmp_path: Path, name: str) -> None:
    perform(pack_request(Path(finance.prefix), tmp_path / name), Listener())
    opened = {"finance.zip": zipfile.is_zipfile, "finance.tar": tarfile.is_tarfile}
    assert opened[name](tmp_path / name)


def test_what_stands_against_it(service: Envlink, finance: Environment, tmp_path: Path) -> None:
    (tmp_path / "there.tar.gz").write_text("mine")
    for filename, kind, code in (
        ("there.tar.gz", Conflict, "exists"),
        ("finance.txt", InvalidRequest, "invalid-request"),
        ("no/such.tar.gz", NotFound, "not-found"),
    ):
        with pytest.raises(kind) as caught:
            service.life.pack(finance.id, str(tmp_path), filename)
        assert caught.value.code == code
        assert caught.value.remedy
    assert (tmp_path / "there.tar.gz").read_text() == "mine"
    assert service.jobs.all() == []


def test_editable_installs_are_refused_by_name(service: Envlink, finance: Environment, tmp_path: Path) -> None:
    site = next(Path(finance.prefix, "lib").glob("python*/site-packages"))
    info = site / "my_library-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-library\nVersion: 1.0\n")
    (info / "direct_url.json").write_text('{"url": "file:///src", "dir_info": {"editable": true}}')
    with pytest.raises(Conflict, match="my-library") as caught:
        refuse_pack(finance.prefix, str(tmp_path / "x.tar.gz"))
    assert (caught.value.code, caught.value.details) == ("editable", {"names": ["my-library"]})
    with pytest.raises(Conflict, match="my-library"):
        service.life.pack(finance.id, str(tmp_path))


def test_files_that_are_missing(finance: Environment, tmp_path: Path) -> None:
    next(Path(finance.prefix, "lib").glob("python*/site-packages/humanize/__init__.py")).unlink()
    target = tmp_path / "finance.tar.gz"
    with pytest.raises(Conflict, match="humanize") as caught:
        perform(pack_request(Path(finance.prefix), target), Listener())
    assert caught.value.code == "damaged"
    assert not target.exists()
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".finance")]


def test_a_job_that_is_cancelled_leaves_nothing(
    service: Envlink, finished: Finished, finance: Environment, tmp_path: Path
) -> None:
    place = tmp_path / "archives"
    place.mkdir()
    job = service.life.pack(finance.id, str(place))
    _wait_for_bytes(partial_archive(job.request))
    ended = service.jobs.cancel(job.id)
    assert ended.status is Status.CANCELLED
    assert os.listdir(place) == []
    assert litter(Path(finance.prefix).parent) == []


def test_a_worker_that_is_killed_leaves_nothing(
    service: Envlink, finished: Finished, finance: Environment, tmp_path: Path
) -> None:
    place = tmp_path / "archives"
    place.mkdir()
    job = service.life.pack(finance.id, str(place))
    _wait_for_bytes(partial_archive(job.request))
    for each in service.queue.store.processes(job.id):
        kill_group(*each)
    assert finished(job).status is Status.INTERRUPTED
    assert os.listdir(place) == []
    again = finished(service.queue.retry(job.id))
    assert again.status is Status.SUCCEEDED, again.progress.error
    assert os.listdir(place) == [Path(job.request.options["target"]).name]


def _wait_for_bytes(partial: Path) -> None:
    deadline = time.monotonic() + 60
    while not (partial.is_dir() and any(each.stat().st_size for each in partial.iterdir())):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_somebody_was_quicker(finance: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "finance.tar.gz"

    class Quicker(Listener):
        def phase(self, name: str, text: str) -> None:
            if name == "packing":
                target.write_text("theirs")
            super().phase(name, text)

    with pytest.raises(Conflict, match="exists already"):
        perform(pack_request(Path(finance.prefix), target), Quicker())
    assert target.read_text() == "theirs"


def test_tidying_takes_a_half_away(tmp_path: Path) -> None:
    asked = pack_request(tmp_path / "envs" / "x", tmp_path / "x.tar.gz")
    partial_archive(asked).mkdir()
    (partial_archive(asked) / "half").write_text("…")
    tidy_after(asked)
    assert not partial_archive(asked).exists()
