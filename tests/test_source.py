from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_envlink.errors import InvalidRequest, NotFound
from jupyter_envlink.source import LARGEST, Source, from_request


def test_text_is_read_and_path_says_where_it_lies(tmp_path: Path) -> None:
    source = from_request({"text": "name: x", "path": "a/environment.yml"}, str(tmp_path))
    assert source == Source(b"name: x", "a/environment.yml", str(tmp_path / "a"))


def test_path_alone_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yml").write_bytes(b"name: x")
    for path in ("a/x.yml", "/a/x.yml", "a//x.yml", "a/../a/x.yml"):
        assert from_request({"path": path}, str(tmp_path)).content == b"name: x"


def test_a_command_line_takes_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yml").write_bytes(b"name: x")
    monkeypatch.chdir(tmp_path)
    for path in ("x.yml", str(tmp_path / "x.yml"), "../" + tmp_path.name + "/x.yml"):
        assert from_request({"path": path}, None) == Source(b"name: x", path, str(tmp_path))


@pytest.mark.parametrize(
    "path", ["../x.yml", "a/../../x.yml", "..", "/..", ".", "", "/", "x\0.yml", "../" * 50 + "etc"]
)
def test_the_root_is_not_left(tmp_path: Path, path: str) -> None:
    (tmp_path / "x.yml").touch()
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(NotFound):
        from_request({"path": path}, str(root))


def test_a_sibling_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root-other").mkdir()
    (tmp_path / "root-other" / "x.yml").touch()
    with pytest.raises(NotFound):
        from_request({"path": "../root-other/x.yml"}, str(tmp_path / "root"))


def test_tilde_is_a_name_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="~/x.yml"):
        from_request({"path": "~/x.yml"}, str(tmp_path))


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name, kind in (
        ("folder", InvalidRequest),
        ("pipe", InvalidRequest),
        ("loop", InvalidRequest),
        ("file/x", NotFound),
        ("missing", NotFound),
        ("x" * 5000, InvalidRequest),
    ):
        with pytest.raises(kind) as caught:
            from_request({"path": name}, str(tmp_path))
        assert caught.value.remedy
        assert str(tmp_path) not in caught.value.message


def test_the_largest_file(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_bytes(b"#" * LARGEST)
    assert len(from_request({"path": "x.yml"}, str(tmp_path)).content) == LARGEST
    (tmp_path / "x.yml").write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(InvalidRequest, match="larger than 16 MiB"):
        from_request({"path": "x.yml"}, str(tmp_path))
    with pytest.raises(InvalidRequest, match="larger than 16 MiB"):
        from_request({"text": "é" * (LARGEST // 2 + 1)}, str(tmp_path))


def test_nothing_is_named() -> None:
    with pytest.raises(InvalidRequest, match="names no file"):
        from_request({}, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_each_encoding_that_is_read(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert Source(mark + "name: café".encode(encoding), None, None).text == "name: café"
