"""uv is found wherever it is, and says itself which Pythons it serves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import uv

from jupyter_envlink.engines.uv import find_uv, refuses
from jupyter_envlink.errors import PipFailed
from tests.wheels import pythons


def test_uv_is_found_where_its_own_search_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In some virtual environments that uv has made, ``find_uv_bin`` raises ``TypeError``."""

    def broken() -> str:
        raise TypeError("can only concatenate str")

    monkeypatch.setattr(uv, "find_uv_bin", broken)

    assert Path(find_uv()).is_file()


def test_where_there_is_no_uv_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("uv")

    monkeypatch.setattr(uv, "find_uv_bin", nowhere)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PipFailed) as failed:
        find_uv()

    assert failed.value.code == "no-uv"
    assert "pip install" in failed.value.remedy


def test_the_python_that_runs_us_is_served(tmp_path: Path) -> None:
    assert refuses(sys.executable, str(tmp_path)) is None


@pytest.mark.parametrize("python", pythons("2.7") or [pytest.param("", marks=pytest.mark.skip("no Python 2.7 here"))])
def test_a_python_that_uv_does_not_serve_is_told_in_its_own_words(tmp_path: Path, python: str) -> None:
    assert "Python 3.6 or newer" in (refuses(python, str(tmp_path)) or "")


@pytest.mark.parametrize("python", ["no/such/python", ""])
def test_what_is_no_python_is_told(tmp_path: Path, python: str) -> None:
    (tmp_path / "broken").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "broken").chmod(0o755)
    assert refuses(python or str(tmp_path / "broken"), str(tmp_path))
