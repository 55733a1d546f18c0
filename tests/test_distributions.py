from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.distributions import Distribution, distributions, site_packages


def installed(site: Path, name: str, version: str = "1.0", **direct_url: Any) -> Path:
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nA text.\nName: other\n")
    if direct_url:
        (info / "direct_url.json").write_text(json.dumps(direct_url))
    return info


def one(site: Path, **direct_url: Any) -> Distribution:
    installed(site, "tool", **direct_url)
    (found,) = distributions([str(site)]).found
    return found


def test_what_an_index_has(tmp_path: Path) -> None:
    info = installed(tmp_path, "My.Tool", "2.0rc1")
    (info / "REQUESTED").touch()
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n")
    (found,) = distributions([str(tmp_path)]).found
    assert (found.requirement, found.requested, found.url) == ("My.Tool==2.0rc1", True, "")
    assert found.tags == {"py2-none-any", "py3-none-any"}


@pytest.mark.parametrize(
    ("direct_url", "requirement"),
    [
        (
            {"url": "https://git.example/tool", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "tool @ git+https://git.example/tool@abc",
        ),
        (
            {"url": "ssh://git@git.example/t", "vcs_info": {"vcs": "git", "commit_id": "a"}, "subdirectory": "py"},
            "tool @ git+ssh://git@git.example/t@a#subdirectory=py",
        ),
        (
            {"url": "https://x.example/tool.whl", "archive_info": {"hashes": {"sha256": "00"}}},
            "tool @ https://x.example/tool.whl#sha256=00",
        ),
        ({"url": "https://x.example/t.zip", "archive_info": {"hash": "sha256=00"}}, "tool @ https://x.example/t.zip#sha256=00"),
        ({"url": "file:///home/me/my%20tool", "dir_info": {}}, "tool @ file:///home/me/my%20tool"),
        ({"url": "file:///home/me/my%20tool", "dir_info": {"editable": True}}, "-e /home/me/my tool"),
        ({"url": "https://me:pw@x.example/tool.whl", "archive_info": {}}, "tool @ https://x.example/tool.whl"),
        ({"url": "https://${USER}:${PW}@x.example/t.whl", "archive_info": {}}, "tool @ https://${USER}:${PW}@x.example/t.whl"),
        ({"url": "https://x.example/t.whl\n--index-url evil", "archive_info": {}}, "tool @ https://x.example/t.whl%0A--index-url%20evil"),
        ({"url": 1}, "tool @ 1"),
        ({"vcs_info": []}, "tool==1.0"),
    ],
)  # fmt: skip
def test_what_came_from_elsewhere(tmp_path: Path, direct_url: dict[str, Any], requirement: str) -> None:
    assert one(tmp_path, **direct_url).requirement == requirement


def test_what_setup_py_develop_has_left(tmp_path: Path) -> None:
    source = tmp_path / "source"
    egg = source / "old.egg-info"
    egg.mkdir(parents=True)
    (egg / "PKG-INFO").write_text("Name: old\nVersion: 0.1\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "old.egg-link").write_text(f"{source}\n.")
    (found,) = distributions([str(site)]).found
    assert (found.requirement, found.is_editable) == (f"-e {source}", True)
    (site / "gone.egg-link").write_text(f"{tmp_path / 'gone'}\n.")
    assert distributions([str(site)]).unreadable == (str(site / "gone.egg-link"),)


def test_old_metadata_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "ancient-0.1.egg-info").write_text("Name: ancient\nVersion: 0.1\n")
    assert [each.name for each in distributions([str(tmp_path)]).found] == ["ancient"]


def test_metadata_that_are_broken(tmp_path: Path) -> None:
    installed(tmp_path, "good")
    nameless = installed(tmp_path, "nameless")
    (nameless / "METADATA").write_text("Version: 1\n")
    evil = installed(tmp_path, "evil", "1.1")
    (evil / "METADATA").write_text("Name: evil --index-url x\nVersion: 1\n")
    odd = installed(tmp_path, "odd", "1.2")
    (odd / "METADATA").write_text("Name: odd\nVersion: not a version\n")
    (installed(tmp_path, "garbled") / "direct_url.json").write_text("{")
    (tmp_path / "~ood-1.0.dist-info").mkdir()  # what pip leaves where it was stopped
    found = distributions([str(tmp_path)])
    assert [each.requirement for each in found.found] == ["garbled==1.0", "good==1.0"]
    assert found.unreadable == (str(evil), str(nameless), str(odd))


def test_what_others_have_installed_is_theirs(tmp_path: Path) -> None:
    theirs = installed(tmp_path, "numpy")
    installed(tmp_path, "tool")
    found = distributions([str(tmp_path)], frozenset({str(theirs)}))
    assert [each.name for each in found.found] == ["tool"]


@pytest.mark.skipif("os.name == 'nt'")
def test_where_pythons_look(tmp_path: Path) -> None:
    for name in ("python3.11", "python3.12t", "python"):
        (tmp_path / "lib" / name / "site-packages").mkdir(parents=True)
    (tmp_path / "lib" / "python3.9").mkdir()
    places = [str(tmp_path / "lib" / name / "site-packages") for name in ("python3.11", "python3.12t")]
    assert site_packages(str(tmp_path)) == places
    assert site_packages(str(tmp_path / "nothing")) == []
