"""The records are written as conda writes them, and nobody else's lines are lost."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from jupyter_envlink.conda_records import (
    forget,
    publish,
    remember,
    write_history,
    write_variables,
)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / ".conda" / "environments.txt"
    path.parent.mkdir()
    return path


def test_a_history_grows_by_revisions(tmp_path: Path) -> None:
    write_history(str(tmp_path), "conda create", ["+conda-forge/noarch::a-1-0"], ["a >=1"])
    write_history(str(tmp_path), "jupyter envlink attach demo", ["-conda-forge/noarch::a-1-0"], [])

    lines = (tmp_path / "conda-meta" / "history").read_text().splitlines()
    assert [line for line in lines if not line.startswith("==>")] == [
        "# cmd: conda create",
        "+conda-forge/noarch::a-1-0",
        "# update specs: ['a >=1']",
        "# cmd: jupyter envlink attach demo",
        "-conda-forge/noarch::a-1-0",
    ]
    assert sum(line.startswith("==> 20") for line in lines) == 2


def test_a_revision_in_which_only_requests_change_is_not_one_of_an_empty_environment(tmp_path: Path) -> None:
    meta = tmp_path / "conda-meta"
    meta.mkdir()
    record = {"name": "a-b", "version": "1", "build": "0", "channel": "https://me:secret@host/conda-forge/noarch"}
    (meta / "a-b-1-0.json").write_text(json.dumps(record))

    write_history(str(tmp_path), "jupyter envlink update", [], [], ["c"])

    lines = (meta / "history").read_text().splitlines()[2:]
    assert lines == ["+https://host/conda-forge/noarch::a-b-1-0", "# remove specs: ['c']"]


def test_variables_are_where_conda_reads_them(tmp_path: Path) -> None:
    write_variables(str(tmp_path), {"A": "ü ☕ \"'$"})

    assert json.loads((tmp_path / "conda-meta" / "state").read_text("utf-8")) == {"env_vars": {"A": "ü ☕ \"'$"}}


def test_variables_that_a_file_does_not_name_stay_as_they_are(tmp_path: Path) -> None:
    """With the types that conda keeps, what people have unset, and whatever else conda may put there one day."""
    state = tmp_path / "conda-meta" / "state"
    state.parent.mkdir()
    state.write_text(json.dumps({"env_vars": {"N": 1, "GONE": "***unset***", "A": "old"}, "later": [1]}))
    state.chmod(0o640)

    write_variables(str(tmp_path), {"A": "new", "B": "b"})

    written = json.loads(state.read_text("utf-8"))
    assert written == {"env_vars": {"N": 1, "GONE": "***unset***", "A": "new", "B": "b"}, "later": [1]}
    assert list(written["env_vars"]) == ["N", "GONE", "A", "B"]
    assert state.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in state.parent.iterdir()] == ["state"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_new_list_of_variables_has_the_mode_that_conda_gives_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_variables(str(tmp_path), {"A": "a"})
    finally:
        os.umask(before)
    assert (tmp_path / "conda-meta" / "state").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("content", ["", "[]", '{"env_vars": 1}', "no json"])
def test_a_list_of_variables_that_is_none_is_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "state").write_text(content)
    write_variables(str(tmp_path), {"A": "a"})
    assert json.loads((tmp_path / "conda-meta" / "state").read_text()) == {"env_vars": {"A": "a"}}


def test_links_have_no_hashes_and_files_keep_theirs(tmp_path: Path) -> None:
    paths = [
        {"_path": "bin/a", "path_type": "softlink", "sha256": "ab", "sha256_in_prefix": "cd", "size_in_bytes": 0},
        {"_path": "bin/b", "path_type": "hardlink", "sha256": "ab", "sha256_in_prefix": "ef", "size_in_bytes": 1},
    ]
    record = tmp_path / "conda-meta" / "a.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"name": "a", "paths_data": {"paths": paths}}, indent=2))
    (tmp_path / "conda-meta" / "b.json").write_text('{"name":   "b"}')

    publish(str(tmp_path))

    del paths[0]["sha256_in_prefix"]
    assert json.loads(record.read_text()) == {"name": "a", "paths_data": {"paths": paths}}
    assert (tmp_path / "conda-meta" / "b.json").read_text() == '{"name":   "b"}'


def test_secrets_go_and_addresses_stay(tmp_path: Path) -> None:
    meta = tmp_path / "conda-meta"
    meta.mkdir()
    (meta / "a.json").write_text(
        '{"url": "https://u:p@h/t/tk-1/c/noarch/a.conda", "channel": "https://h/t/tk-1/c/noarch", "n": 1}'
    )
    (meta / "b.json").write_text('{"url": "https://h/c/noarch/b.conda",    "channel": null}')

    publish(str(tmp_path))

    plain = {"url": "https://h/c/noarch/a.conda", "channel": "https://h/c/noarch", "n": 1}
    assert json.loads((meta / "a.json").read_text()) == plain
    assert (meta / "b.json").read_text() == '{"url": "https://h/c/noarch/b.conda",    "channel": null}'


@pytest.mark.skipif(os.name == "nt", reason="rights on files")
@pytest.mark.parametrize(("folder", "record"), [(0o755, 0o644), (0o750, 0o640), (0o700, 0o600)])
def test_who_may_read_the_folder_may_read_the_records(tmp_path: Path, folder: int, record: int) -> None:
    meta = tmp_path / "conda-meta"
    meta.mkdir()
    meta.chmod(folder)
    path = meta / "a.json"
    path.write_text("{}")
    path.chmod(0o600)

    publish(str(tmp_path))

    assert path.stat().st_mode & 0o777 == record


def test_no_variables_make_no_file(tmp_path: Path) -> None:
    write_variables(str(tmp_path), {})

    assert os.listdir(tmp_path) == []


def test_the_shared_list_is_made_where_there_is_none(tmp_path: Path) -> None:
    remember("/envs/a", tmp_path)
    remember("/envs/a", tmp_path)

    assert (tmp_path / ".conda" / "environments.txt").read_text() == "/envs/a\n"


@pytest.mark.skipif(os.name == "nt", reason="bytes in names")
def test_others_lines_stay_as_they_are(tmp_path: Path, listed: Path) -> None:
    foreign = b"/caf\xe9/not utf-8\n\n/other/without end"
    listed.write_bytes(foreign)
    listed.chmod(0o644)

    remember("/envs/a", tmp_path)
    remember("/envs/b", tmp_path)
    forget("/envs/a", tmp_path)

    assert listed.read_bytes() == foreign + b"\n/envs/b\n"
    assert listed.stat().st_mode & 0o777 == 0o644


def test_forgetting_what_is_not_listed_writes_nothing(tmp_path: Path, listed: Path) -> None:
    listed.write_text("/other\n")
    before = listed.stat()

    forget("/envs/a", tmp_path)

    assert (listed.stat().st_ino, listed.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_a_list_that_is_a_link_stays_one(tmp_path: Path, listed: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("/envs/a\n/envs/b\n")
    listed.symlink_to(tmp_path / "elsewhere.txt")

    forget("/envs/a", tmp_path)

    assert listed.is_symlink()
    assert (tmp_path / "elsewhere.txt").read_text() == "/envs/b\n"


def test_jobs_that_end_at_once_do_not_lose_each_others_line(tmp_path: Path, listed: Path) -> None:
    threads = [threading.Thread(target=remember, args=(f"/envs/{number}", tmp_path)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(listed.read_text().splitlines()) == sorted(f"/envs/{number}" for number in range(30))
