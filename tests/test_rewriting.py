"""A file that is mended on the disk keeps what it is: encoding, line ends, mode, the link to it."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from jupyter_envlink.envfile import read
from jupyter_envlink.envfile.fixing import fixed
from jupyter_envlink.errors import Conflict, DiskError
from jupyter_envlink.rewriting import rewriting

BROKEN = "name: e1\nchannels: conda-forge\ndependencies:\n  - python: 3.12  # é\n  - -e .\nprefix: /x\n"
MENDED = 'name: e1\nchannels: [conda-forge]\ndependencies:\n  - python=3.12  # é\n  - pip\n  - pip:\n      - "-e ."\n'


def test_fixes_are_made_until_none_is_left() -> None:
    assert fixed(BROKEN) == MENDED
    assert fixed(MENDED) == MENDED
    assert fixed("") == ""
    hidden = "name: e1\nchannels: [bioconda]\ndependencies:\n\t- python: 3.12\n\t- numpy=>1\n"
    assert fixed(hidden) == "name: e1\nchannels: [bioconda]\ndependencies:\n  - python=3.12\n  - numpy>=1\n"


def test_many_faults_are_mended_together() -> None:
    lines = "".join(f"  - p{n}=1.{n}=pypi_0\n  - q{n}: 1.{n}\n  - pywin32\n" for n in range(200))
    text = fixed(f"name: e1\nchannels: [bioconda]\ndependencies:\n{lines}", platform="linux-64")
    file = read(text, platform="linux-64")
    assert [each.code for each in file.diagnostics] == []
    assert len(file.pip or ()) == 200


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_and_line_ends_stay(tmp_path: Path, mark: bytes, encoding: str, end: str) -> None:
    path = tmp_path / "environment.yml"
    path.write_bytes(mark + BROKEN.replace("\n", end).encode(encoding))
    found = rewriting(str(path))
    assert found is not None
    assert "+  - python=3.12  # é\n" in found.diff + "\n"
    found.write()
    assert path.read_bytes() == mark + MENDED.replace("\n", end).encode(encoding)
    assert rewriting(str(path)) is None
    assert os.listdir(tmp_path) == ["environment.yml"]


@pytest.mark.skipif(os.name == "nt", reason="modes and links are POSIX's")
def test_mode_and_link_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "real" / "e.yml", tmp_path / "link.yml"
    target.parent.mkdir()
    target.write_text(BROKEN, encoding="utf-8")
    target.chmod(0o664)
    link.symlink_to(target)
    found = rewriting(str(link))
    assert found is not None
    found.write()
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == MENDED
    assert target.stat().st_mode & 0o777 == 0o664


def test_a_file_that_was_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "e.yml"
    path.write_text(BROKEN, encoding="utf-8")
    found = rewriting(str(path))
    assert found is not None
    path.write_text("dependencies: []\n", encoding="utf-8")
    with pytest.raises(Conflict, match="has changed"):
        found.write()
    assert path.read_text(encoding="utf-8") == "dependencies: []\n"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_left(tmp_path: Path) -> None:
    path = tmp_path / "e.yml"
    path.write_text(BROKEN, encoding="utf-8")
    path.chmod(0o444)
    found = rewriting(str(path))
    assert found is not None
    with pytest.raises(DiskError):
        found.write()
    assert path.read_text(encoding="utf-8") == BROKEN


@pytest.mark.parametrize("content", [b"\xff\x00\x01", "name: é\n".encode("latin-1"), b"dependencies: [a]\nname: e1\n"])
def test_what_is_no_text_or_is_good_is_left(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "e.yml").write_bytes(content.replace(b"[a]", b"[a]\nchannels: [bioconda]"))
    assert rewriting(str(tmp_path / "e.yml")) is None
    assert rewriting(str(tmp_path / "gone.yml")) is None
    assert rewriting(str(tmp_path)) is None
