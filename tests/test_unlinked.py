"""Packages that no environment has: found by what environments record and by what the disk shares; fetched again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import Conflict
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from jupyter_envlink.unlinked import delete, is_linked, unlinked

from .conftest import Machine

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks")


def _package(cache: Path, name: str, content: bytes = b"x") -> Path:
    package = cache / "pkgs" / name
    (package / "info").mkdir(parents=True)
    (package / "info" / "index.json").write_text("{}")
    (package / "file").write_bytes(content)
    return package


def test_only_packages_that_nothing_has(tmp_path: Path) -> None:
    linked, recorded, spare = (_package(tmp_path, name) for name in ("linked-1-0", "recorded-1-0", "spare-1-0"))
    os.link(linked / "file", tmp_path / "somewhere")
    (tmp_path / "env" / "conda-meta").mkdir(parents=True)
    (tmp_path / "env" / "conda-meta" / "recorded-1-0.json").write_text("{}")
    (tmp_path / "pkgs" / "notes").mkdir()
    (tmp_path / "pkgs" / "link-1-0").symlink_to(recorded)
    found = list(unlinked(tmp_path / "pkgs", [str(tmp_path / "env"), str(tmp_path / "no-env")]))
    assert [each.path for each in found] == [str(spare)]
    assert next(unlinked(tmp_path / "pkgs", [], lambda each: each.name == "recorded-1-0")).path == str(recorded)
    assert list(unlinked(tmp_path / "nowhere", [])) == []


def test_a_folder_that_is_a_link_has_none_of_ours(tmp_path: Path) -> None:
    _package(tmp_path / "theirs", "spare-1-0")
    (tmp_path / "cache").symlink_to(tmp_path / "theirs" / "pkgs")
    assert list(unlinked(tmp_path / "cache", [])) == []
    assert len(list(unlinked(tmp_path / "theirs" / "pkgs", []))) == 1


def test_what_is_used_by_now_stays(tmp_path: Path) -> None:
    package = _package(tmp_path, "spare-1-0")
    os.link(package / "file", tmp_path / "used")
    with pytest.raises(Conflict, match="has spare-1-0 by now"):
        delete(package)
    assert is_linked(package)
    with pytest.raises(Conflict, match="no package"):
        delete(tmp_path / "pkgs")
    with pytest.raises(Conflict, match="no package"):
        delete(tmp_path / "nowhere")


@posix
def test_what_is_being_installed_stays(tmp_path: Path) -> None:
    import fcntl

    package = _package(tmp_path, "spare-1-0")
    with open(f"{package}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="being installed"):
            delete(package)
    delete(package)
    assert not package.exists()
    assert Path(f"{package}.lock").exists()


def test_a_real_package_goes_with_its_environment_and_comes_again(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    service = Envlink(compile=False)
    text = b"name: one\nchannels: [conda-forge]\ndependencies: [tabulate, envlink-hello]\n"

    def make() -> None:
        job = service.life.create(Source(text, None, None), "one")
        while not job.status.final:
            service.jobs.tick()
            job = service.queue.store.load(job.id)
        service.jobs.tick()
        assert job.status.value == "succeeded", job

    make()
    assert service.cleaning.packages() == ()
    service.life.remove(prefix_id(str(machine.envs / "one")), {})
    assert service.cleaning.packages() == (), "it can still come back"
    [removed] = service.cleaning.kept()
    service.cleaning.clean([removed])
    spare = {each.name or "" for each in service.cleaning.packages()}
    assert {"tabulate", "envlink-hello"} <= {name.rsplit("-", 2)[0] for name in spare}
    done = service.cleaning.clean(service.cleaning.packages())
    assert (len(done.removed), done.kept) == (len(spare), ())
    assert service.cleaning.packages() == ()
    make()
    assert (machine.envs / "one" / "conda-meta").is_dir()
    assert service.cleaning.packages() == ()
