"""A small file is the old one or the new one, never half of one."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from jupyter_envlink.files import read_json, sweep, write_json, write_text


def test_what_is_written_is_read_and_the_owners_alone(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"ü": [1, None, "☕"]})

    assert read_json(tmp_path / "a.json") == {"ü": [1, None, "☕"]}
    assert os.name == "nt" or (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"5", b"\xff\xfe\x00"])
def test_what_is_no_object_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)

    assert read_json(tmp_path / "a.json") is None


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert read_json(tmp_path / "gone.json") is None
    assert read_json(tmp_path / "file" / "below.json") is None


def test_a_write_that_fails_leaves_the_old_one_and_no_half(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()

    with pytest.raises(OSError, match="folder"):
        write_text(tmp_path / "folder", "text")

    assert sorted(os.listdir(tmp_path)) == ["folder"]


def test_what_a_killed_writer_has_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".a.json.12345678.envlink-new").touch()
    (tmp_path / ".b.json.12345678.envlink-new").touch()
    (tmp_path / ".a.json.backup_1").touch()

    sweep(tmp_path, "a.json")
    assert sorted(os.listdir(tmp_path)) == [".a.json.backup_1", ".b.json.12345678.envlink-new"]
    sweep(tmp_path)
    assert os.listdir(tmp_path) == [".a.json.backup_1"]
    sweep(tmp_path / "nowhere")


def test_whoever_sweeps_disturbs_no_writer(tmp_path: Path) -> None:
    ended = threading.Event()

    def sweeps() -> None:
        while not ended.is_set():
            sweep(tmp_path)
            time.sleep(0.0005)

    sweeper = threading.Thread(target=sweeps)
    sweeper.start()
    try:
        for number in range(300):
            write_text(tmp_path / "file", str(number))
            assert (tmp_path / "file").read_text() == str(number)
    finally:
        ended.set()
        sweeper.join()
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "nowhere" / "file", "text")
