from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

import pytest
from ipykernel.kernelspec import RESOURCES

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.kernel_dirs import KernelDirs, claim, native_spec, ownership

OURS = {"envlink": {"prefix": "/e", "id": prefix_id("/e"), **claim("ours", "1", "python3")}}


def _write(folder: Path, name: str, **changes: Any) -> Path:
    content = {"argv": ["x"], "display_name": name, "language": "x", **changes}
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "kernel.json").write_text(json.dumps(content))
    return folder / name


def _age(*folders: Path) -> None:
    """Make the folders look changed long ago, so that their listing is trusted."""
    for folder in folders:
        os.utime(folder, (time.time() - 100, time.time() - 100))


def test_the_first_folder_wins_and_names_are_lower_case(tmp_path: Path) -> None:
    _write(tmp_path / "a", "One", display_name="first")
    _write(tmp_path / "b", "one", display_name="second")
    _write(tmp_path / "b", "two")
    found = KernelDirs([str(tmp_path / "a"), str(tmp_path / "missing"), str(tmp_path / "b")]).all()
    assert set(found) == {"one", "two"}
    assert found["one"].spec["display_name"] == "first"
    assert found["one"].directory == str(tmp_path / "a" / "One")


def test_foreign_and_ours_are_told_apart(tmp_path: Path) -> None:
    _write(tmp_path, "ours", metadata=OURS)
    _write(tmp_path, "claims", metadata={"envlink": {"prefix": "/e"}})
    found = KernelDirs([str(tmp_path)]).all()
    assert found["ours"].owned == OURS["envlink"]
    assert found["claims"].owned is None
    assert ownership({"metadata": "nonsense"}, "ours") is None


def test_a_copy_of_ours_under_another_name_is_a_person_s(tmp_path: Path) -> None:
    _write(tmp_path, "Ours", metadata=OURS)
    _write(tmp_path, "mine", metadata=OURS)
    found = KernelDirs([str(tmp_path)]).all()
    assert (found["ours"].owned is None, found["mine"].owned) == (False, None)


@pytest.mark.parametrize("key", ["owner", "link", "prefix", "id", "signature", "kernel"])
@pytest.mark.parametrize("value", [None, 1, "", ["x"], {}])
def test_what_pretends_in_part_is_foreign(key: str, value: Any) -> None:
    record = {**OURS["envlink"], key: value}
    harmless = value == "" and key in ("signature", "kernel")
    assert (ownership({"metadata": {"envlink": record}}, "ours") is not None) is harmless
    del record[key]
    assert ownership({"metadata": {"envlink": record}}, "ours") is None


@pytest.mark.parametrize(
    "garbage",
    ["", "{", "[]", '{"argv": "x"}', '{"argv": []}', '{"argv": [1]}', '{"argv": ["x"], "env": []}',
     '{"argv": ["x"], "interrupt_mode": "shout"}', "[" * 100_000, "\xff"],
)  # fmt: skip
def test_garbage_is_skipped_with_one_line_and_hurts_no_other(
    tmp_path: Path, garbage: str, caplog: pytest.LogCaptureFixture
) -> None:
    _write(tmp_path, "good")
    (_write(tmp_path, "bad") / "kernel.json").write_bytes(garbage.encode("latin-1"))
    dirs = KernelDirs([str(tmp_path)])
    with caplog.at_level(logging.WARNING):
        assert set(dirs.all()) == {"good"}
        assert set(dirs.all()) == {"good"}
    assert len(caplog.records) == 1
    assert str(tmp_path / "bad" / "kernel.json") in caplog.text


def test_unknown_keys_and_missing_titles_do_no_harm(tmp_path: Path) -> None:
    folder = _write(tmp_path, "odd", more=1)
    (folder / "kernel.json").write_text('{"argv": ["x"], "more": 1}')
    assert dict(KernelDirs([str(tmp_path)]).all()["odd"].spec) == {"argv": ["x"]}


def test_logos_are_known(tmp_path: Path) -> None:
    folder = _write(tmp_path, "a")
    for name in ("logo-svg.svg", "kernel.js", "secret.txt"):
        (folder / name).write_text("")
    assert KernelDirs([str(tmp_path)]).all()["a"].resources == ("kernel.js", "logo-svg.svg")


def test_the_same_object_while_nothing_changes_and_nothing_is_read(tmp_path: Path) -> None:
    folder = _write(tmp_path, "a")
    _age(tmp_path, folder)
    dirs = KernelDirs([str(tmp_path)])
    first = dirs.all()
    assert dirs.all() is first


def test_each_kind_of_change_is_seen_at_once(tmp_path: Path) -> None:
    folder = _write(tmp_path, "a")
    _age(tmp_path, folder)
    dirs = KernelDirs([str(tmp_path)])
    dirs.all()
    _write(tmp_path, "b")
    assert set(dirs.all()) == {"a", "b"}
    _write(tmp_path, "a", display_name="another")
    assert dirs.all()["a"].spec["display_name"] == "another"
    (folder / "logo-32x32.png").write_text("")
    assert dirs.all()["a"].resources == ("logo-32x32.png",)
    (folder / "kernel.json").unlink()
    assert set(dirs.all()) == {"b"}


def test_a_spec_whose_kernel_json_comes_later_is_seen(tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    _age(tmp_path, tmp_path / "slow")
    dirs = KernelDirs([str(tmp_path)])
    assert not dirs.all()
    before = tmp_path.stat().st_mtime_ns
    _write(tmp_path, "slow")
    assert tmp_path.stat().st_mtime_ns == before
    assert set(dirs.all()) == {"slow"}


def test_the_native_kernel_is_jupyter_s_own() -> None:
    native = native_spec()
    assert native is not None
    assert (native.name, native.directory) == ("python3", RESOURCES)
    assert "logo-svg.svg" in native.resources
