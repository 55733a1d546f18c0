"""Where the disk goes: real environments, held against ``du``."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink import disk_usage, file_systems, tree
from jupyter_envlink.disk_usage import measure
from jupyter_envlink.generations import describe
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.journal import HOME
from jupyter_envlink.service import Envlink
from jupyter_envlink.sizes import SIZES, GivenUp, Sizes, package_caches
from jupyter_envlink.source import Source

from .conftest import Machine
from .venvs import by_uv

WITH_PIP = """\
name: ledger
channels: [conda-forge]
dependencies:
  - python=3.11
  - tabulate
  - envlink-hello
"""


def du(*paths: Path | str) -> int:
    """What the disk's own judge says: bytes, each file once."""
    done = subprocess.run(["du", "-c", "-s", "-B1", *map(str, paths)], capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1].split()[0])


def source(text: str) -> Source:
    return Source(text.encode(), None, None)


@pytest.fixture
def ledger(service: Envlink, finished: Callable[[Job], Job], machine: Machine) -> Path:
    """An environment that envlink itself has made, its files linked from the package cache."""
    job = finished(service.life.create(source(WITH_PIP), None))
    assert job.status.value == "succeeded", job
    return machine.envs / "ledger"


@pytest.fixture
def small(service: Envlink, finished: Callable[[Job], Job], machine: Machine) -> Path:
    """The same with less in it."""
    text = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
    assert finished(service.life.create(source(text), None)).status.value == "succeeded"
    return machine.envs / "small"


def test_it_is_what_du_says(ledger: Path) -> None:
    usage = measure(str(ledger), package_caches())
    assert usage.whole.total == du(ledger)
    assert usage.whole.total == sum(share.total for share in usage.owners.values())
    assert not usage.unreadable


def test_what_is_linked_from_the_package_cache_is_told_apart(ledger: Path, package_cache: Path) -> None:
    usage = measure(str(ledger), package_caches())
    beside = du(package_cache, ledger) - du(package_cache)  # du counts only what the cache does not hold
    assert usage.whole.total - usage.whole.cache == beside
    assert usage.whole.cache > usage.whole.unique
    python = next(share for of, share in usage.owners.items() if of[1] == "python")
    assert python.cache > 0
    # Without the cache's word it is shared all the same, only nobody can say with whom.
    blind = measure(str(ledger), [])
    assert (blind.whole.cache, blind.whole.elsewhere) == (0, usage.whole.cache + usage.whole.elsewhere)
    assert blind.whole.total == usage.whole.total


def test_what_a_kept_generation_needs_is_told(ledger: Path, machine: Machine) -> None:
    own = ledger / "own.bin"
    own.write_bytes(os.urandom(50_000))
    former = "generations/x/1"
    from jupyter_envlink.generations import folder_of

    place = folder_of(str(machine.envs), str(ledger)).relative_to(machine.envs / HOME)
    former = f"{place}/1"
    describe(str(machine.envs), former, "20260101-000000-aaaaaaaa", "update", "2026-01-01T00:00:00Z", str(ledger))
    kept = machine.envs / HOME / former / "env"
    tree.clone(str(ledger), str(kept))
    gone = kept / "gone.bin"
    gone.write_bytes(os.urandom(70_000))
    usage = measure(str(ledger), package_caches())
    assert usage.whole.total == du(ledger)
    assert usage.whole.generations >= 50_000
    ((generation, size),) = usage.kept
    assert generation.number == 1
    everything = [package for cache in package_caches() for package in [cache] if os.path.isdir(cache)]
    assert size == du(*everything, ledger, kept) - du(*everything, ledger)


def test_what_belongs_to_no_package_has_its_own_rows(small: Path) -> None:
    made = small / "notes" / "__pycache__" / "x.cpython-311.pyc"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"x" * 9000)
    (small / "notes" / "data.csv").write_bytes(b"y" * 20_000)
    shown = measure(str(small), []).as_dict()
    rest = {each["kind"]: each["total"] for each in shown["rest"]}
    assert rest["bytecode"] >= 9000
    assert rest["other"] >= 20_000
    assert rest["records"] > 0
    assert [each["total"] for each in shown["packages"]] == sorted(
        (e["total"] for e in shown["packages"]), reverse=True
    )


def test_a_virtual_environment_is_told_by_its_records(tmp_path: Path, machine: Machine) -> None:
    prefix = by_uv(tmp_path / "venv")
    site = next((prefix / "lib").glob("python3.*")) / "site-packages"
    info = site / "books-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: books\nVersion: 1.0\n")
    (info / "RECORD").write_text("books.py,,\n../../../bin/books,,\n")
    (site / "books.py").write_bytes(b"#" * 30_000)
    (prefix / "bin" / "books").write_bytes(b"#" * 10_000)
    usage = measure(str(prefix), [])
    assert usage.owners["pip", "books", "1.0"].total >= 40_000
    assert usage.whole.total == du(prefix)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this account")
def test_a_folder_without_rights_is_told(small: Path) -> None:
    closed = small / "lib" / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        assert measure(str(small), []).unreadable == (str(closed),)
    finally:
        closed.chmod(0o700)


def test_it_ends_when_nobody_waits_any_more(small: Path) -> None:
    looked = []

    def pause() -> None:
        looked.append(1)
        if len(looked) > 3:
            raise GivenUp

    with pytest.raises(GivenUp):
        measure(str(small), [], pause)
    assert len(looked) == 4


def test_an_environment_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        measure(str(tmp_path / "gone"), [])


def test_where_files_may_share_blocks_it_is_said(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert measure(str(small), []).exact == (file_systems.file_system(str(small)) not in ("overlay", "btrfs", "xfs"))
    monkeypatch.setattr(disk_usage, "shares_blocks", lambda path: True)
    assert measure(str(small), []).as_dict()["exact"] is False


def test_mounts_are_read_as_the_kernel_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    root = os.path.realpath(tmp_path)
    spaced = root.replace(" ", "\\040") + "/with\\040space"
    mounts.write_text(
        "1 0 0:1 / / rw - ext4 /dev/sda rw\n"
        f"2 1 0:2 / {root} rw,relatime shared:1 - nfs4 server:/x rw\n"
        f"3 2 0:3 / {spaced} rw - btrfs /dev/sdb rw\n"
        "nonsense\n"
    )
    monkeypatch.setattr(file_systems, "_MOUNTS", str(mounts))
    assert file_systems.file_system("/somewhere") == "ext4"
    assert file_systems.is_remote(root + "/x")
    assert file_systems.shares_blocks(root + "/with space/y")
    monkeypatch.setattr(file_systems, "_MOUNTS", str(tmp_path / "none"))
    assert file_systems.file_system(root) is None


# what is remembered


def test_a_size_is_known_from_then_on_and_after_a_restart(service: Envlink, small: Path) -> None:
    environment = service.catalog.snapshot.by_prefix[str(small)]
    assert service.shown(environment, {})["size"] is None
    told: list[object] = []
    service.on_change(told.append)
    shown = service.disk(environment.id)
    expected = {"total": shown["total"], "unique": shown["unique"]}
    assert service.shown(environment, {})["size"] == expected
    assert len(told) == 1
    service.disk(environment.id)
    assert len(told) == 1  # nothing is new
    another = Envlink(compile=False)
    another.catalog.refresh()
    shown = another.environments({})["environments"]
    assert [each["size"] for each in shown if each["prefix"] == str(small)] == [expected]


def test_it_is_measured_again_only_once_something_has_changed(
    service: Envlink, ledger: Path, finished: Callable[[Job], Job]
) -> None:
    environment = service.catalog.snapshot.by_prefix[str(ledger)]
    first = service.disk(environment.id)
    (ledger / "share" / "unseen.bin").write_bytes(b"x" * 40_000)
    assert service.disk(environment.id) == first
    assert service.disk(environment.id, refresh=True)["total"] > first["total"]
    finished(service.life.update(source(WITH_PIP.replace("- tabulate\n", "- tabulate=0.8.9\n")), environment.id, False))
    now = service.catalog.snapshot.by_prefix[str(ledger)]
    assert service.sizes.size(now) is None
    assert service.disk(environment.id)["kept"][0]["number"] == 1


def test_a_file_of_nonsense_is_no_sizes(service: Envlink, small: Path, machine: Machine) -> None:
    path = machine.data / "envlink" / SIZES
    path.parent.mkdir(parents=True, exist_ok=True)
    for text in ("nonsense", "[]", f'{{"{small}": ["s", "x", 1]}}'):
        path.write_text(text)
        sizes = Sizes(catalog=service.catalog, data_dir=str(machine.data))
        assert sizes.size(service.catalog.snapshot.by_prefix[str(small)]) is None


def test_unasked_each_is_measured_once(
    service: Envlink, small: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_envlink.sizes._REST", 0.0)  # the environment of the tests is among them
    seen = []
    while (environment := service.sizes.unmeasured()) is not None:
        seen.append(environment.prefix)
        assert service.sizes.measure_slowly(environment)
    assert sorted(seen) == sorted(each.prefix for each in service.catalog.snapshot.environments)
    another = Sizes(catalog=service.catalog, data_dir=str(machine.data))
    assert another.unmeasured() is None
    assert Sizes(catalog=service.catalog, data_dir=str(machine.home), background=False).unmeasured() is None


def test_unasked_nothing_is_measured_on_other_machines(
    service: Envlink, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_envlink.sizes.is_remote", lambda path: True)
    assert service.sizes.unmeasured() is None


def test_what_ends_with_the_server_is_given_up(service: Envlink, small: Path) -> None:
    environment = service.catalog.snapshot.by_prefix[str(small)]
    service.sizes.end()
    with pytest.raises(GivenUp):
        service.sizes.measure_slowly(environment)
    assert service.sizes.size(environment) is None
