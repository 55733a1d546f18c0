from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.cli import main
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.nearby import FILES, LARGEST_READ, LEVELS, above, names_in
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import from_request

from . import contract
from .channel import Channel
from .conftest import Machine
from .prefixes import look_alike, real
from .server import Api
from .wheels import venv

SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
Finished = Callable[[Job], Job]


def _all(name: str) -> bool:
    return True


def _near(service: Envlink, folder: Path, root: Path) -> dict[str, dict[str, Any]]:
    """What the service says of each file, by its path."""
    answer = service.files(str(folder), str(root), _all)
    contract.validate(contract.component("Nearby"), answer)
    return {each["path"]: each for each in answer["files"]}


def _paths(service: Envlink, folder: Path, root: Path) -> list[str]:
    return list(_near(service, folder, root))


def _text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


# which files there are


def test_those_of_the_folder_come_first_then_those_above_it(service: Envlink, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in ("environment.yml", "work/deep/requirements.txt", "work/pixi.lock", "aside/environment.yml"):
        _text(root / name, SMALL)
    _text(tmp_path / "environment.yml", SMALL)
    assert _paths(service, root / "work" / "deep", root) == [
        "work/deep/requirements.txt",
        "work/pixi.lock",
        "environment.yml",
    ]
    assert service.files(str(root), str(root), _all)["folder"] == ""


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("environment.yml", True),
        ("environment-dev.yaml", True),
        ("env.yml", True),
        ("gpu_environment.yml", True),
        ("conda-lock.yml", True),
        ("pixi.lock", True),
        ("requirements.txt", True),
        ("dev-requirements.in", True),
        ("explicit-linux-64.txt", True),
        ("pyproject.toml", True),
        ("pylock.gpu.toml", True),
        ("_config.yml", False),
        ("docker-compose.yml", False),
        ("notes.txt", False),
        ("uv.lock", False),
        ("environment.yml.bak", False),
        ("environments.csv", False),
    ],
)
def test_names(tmp_path: Path, name: str, listed: bool) -> None:
    (tmp_path / name).touch()
    assert names_in(str(tmp_path), _all) == ([name] if listed else [])


def test_what_is_no_file_or_may_not_be_shown(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").mkdir()
    (tmp_path / "env.yml").symlink_to(tmp_path / "gone")
    (tmp_path / "requirements.txt").touch()
    assert names_in(str(tmp_path), _all) == ["requirements.txt"]
    assert names_in(str(tmp_path), lambda name: name != "requirements.txt") == []
    assert names_in(str(tmp_path / "gone"), _all) == []


def test_the_walk_ends(tmp_path: Path) -> None:
    assert list(above("/", None)) == ["/"]
    assert list(above("/a/b", "/a")) == ["/a/b", "/a"]
    assert len(list(above("/a" * 99, None))) == LEVELS


def test_more_files_than_anybody_reads(service: Envlink, tmp_path: Path) -> None:
    for number in range(FILES + 1):
        _text(tmp_path / f"environment-{number:03}.yml", SMALL)
    answer = service.files(str(tmp_path), str(tmp_path), _all)
    assert (len(answer["files"]), answer["is_whole"]) == (FILES, False)


def test_a_project_file_that_asks_for_nothing_is_none(service: Envlink, tmp_path: Path) -> None:
    _text(tmp_path / "pyproject.toml", "[tool.ruff]\nline-length = 99\n")
    assert _paths(service, tmp_path, tmp_path) == []
    _text(tmp_path / "pyproject.toml", '[project]\nname = "x"\nversion = "1"\ndependencies = ["humanize"]\n')
    assert _paths(service, tmp_path, tmp_path) == ["pyproject.toml"]


def test_mistakes_are_counted_and_nothing_is_raised(service: Envlink, tmp_path: Path) -> None:
    _text(tmp_path / "environment.yml", "dependencies:\n  - python: 3.8\n")
    _text(tmp_path / "requirements.txt", "#" * (LARGEST_READ + 1))
    found = _near(service, tmp_path, tmp_path)
    assert (found["environment.yml"]["errors"], found["environment.yml"]["changes"]) == (1, None)
    assert (found["requirements.txt"]["errors"], found["requirements.txt"]["format"]) == (0, "requirements")


# which environment belongs to one, and what an update would change


def test_from_nothing_to_created_changed_and_renamed(service: Envlink, finished: Finished, tmp_path: Path) -> None:
    file = _text(tmp_path / "work" / "environment.yml", SMALL)

    def seen() -> tuple[str | None, int | None]:
        found = _near(service, file.parent, tmp_path)["work/environment.yml"]
        return found["environment"], found["changes"]

    assert seen() == (None, None)
    source = from_request({"path": "work/environment.yml"}, str(tmp_path))
    job = finished(service.life.create(source, "called-otherwise"))
    assert job.progress.error is None
    assert seen() == ("called-otherwise", 0)
    file.write_text(f"{SMALL[:-2]}, envlink-postlink]\nvariables: {{SEED: '1'}}\n")
    assert seen() == ("called-otherwise", 2)
    environment = next(each for each in service.catalog.snapshot.environments if each.name == "called-otherwise")
    assert finished(service.life.rename(environment.id, "renamed", {})).progress.error is None
    assert seen() == ("renamed", 2)
    file.write_text("name: [")
    assert seen() == ("renamed", None)


def test_by_the_name_in_the_file(service: Envlink, machine: Machine, channel: Channel, tmp_path: Path) -> None:
    real(channel.conda_forge, machine.envs / "small", ["envlink-text-prefix"])
    _text(tmp_path / "environment.yml", SMALL)
    _text(tmp_path / "environment-2.yml", SMALL.replace("envlink-text-prefix", "envlink-text-prefix>=99, humanize"))
    service.catalog.refresh()
    found = _near(service, tmp_path, tmp_path)
    assert (found["environment.yml"]["environment"], found["environment.yml"]["changes"]) == ("small", 0)
    assert found["environment-2.yml"]["changes"] == 2


def test_that_of_the_project(service: Envlink, machine: Machine, tmp_path: Path) -> None:
    project = machine.home / "project"
    venv(project / ".venv")
    (machine.home / ".conda").mkdir(exist_ok=True)
    _text(project / "requirements.txt", "humanize\n")
    _text(project / "pylock.toml", "")
    _text(project / "environment.yml", SMALL)
    service.catalog.project_roots = [str(project)]
    service.catalog.refresh()
    known = [each for each in service.catalog.snapshot.environments if each.prefix == str(project / ".venv")]
    found = _near(service, project, project)
    assert (found["requirements.txt"]["environment_id"], found["requirements.txt"]["changes"]) == (known[0].id, 1)
    assert "lock" in found["pylock.toml"]["obstacle"]
    assert found["environment.yml"]["environment"] is None


def test_why_one_cannot_be_updated(service: Envlink, machine: Machine, tmp_path: Path) -> None:
    frozen = look_alike(machine.envs / "small")
    (frozen / "conda-meta" / "frozen").write_text(json.dumps({"message": "Ask Ada."}))
    _text(tmp_path / "environment.yml", SMALL)
    service.catalog.refresh()
    found = _near(service, tmp_path, tmp_path)["environment.yml"]
    assert (found["environment"], found["changes"]) == ("small", None)
    assert "Ask Ada." in found["obstacle"]


# over HTTP


async def test_for_a_document_and_for_a_folder(api: Api, jp_root_dir: Path) -> None:
    _text(jp_root_dir / "work" / "environment.yml", SMALL)
    _text(jp_root_dir / "work" / "notes.ipynb", "{}")
    for path in ("work", "/work/", "work/notes.ipynb"):
        status, answer = await api("GET", "files", path=path)
        assert (status, answer["folder"]) == (200, "work")
        assert [each["path"] for each in answer["files"]] == ["work/environment.yml"]
    assert (await api("GET", "files"))[1] == {"folder": "", "files": [], "is_whole": True}


@pytest.mark.parametrize("path", ["..", "../outside", "a/../../outside", "nowhere", "x\0", "nowhere/x.ipynb"])
async def test_what_lies_outside_or_is_not_there(api: Api, jp_root_dir: Path, path: str) -> None:
    _text(jp_root_dir.parent / "outside" / "environment.yml", SMALL)
    status, answer = await api("GET", "files", path=path)
    assert (status, answer["code"]) == (404, "not-found")
    assert str(jp_root_dir.parent) not in json.dumps(answer)


async def test_what_the_contents_api_hides(api: Api, jp_root_dir: Path, jp_serverapp: Any) -> None:
    _text(jp_root_dir / ".secret" / "environment.yml", SMALL)
    _text(jp_root_dir / ".env.yml", SMALL)
    _text(jp_root_dir / "environment.yml", SMALL)
    assert (await api("GET", "files", path=".secret"))[0] == 404
    _, answer = await api("GET", "files")
    assert [each["path"] for each in answer["files"]] == ["environment.yml"]
    jp_serverapp.contents_manager.hide_globs = ["environment.*"]
    assert (await api("GET", "files"))[1]["files"] == []
    jp_serverapp.contents_manager.hide_globs = []
    jp_serverapp.contents_manager.allow_hidden = True
    _, answer = await api("GET", "files", path=".secret")
    assert [each["path"] for each in answer["files"]] == [".secret/environment.yml", ".env.yml", "environment.yml"]


# at the command line


def test_command(machine: Machine, channel: Channel, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real(channel.conda_forge, machine.envs / "small", ["envlink-text-prefix"])
    folder = tmp_path / "project"
    _text(folder / "environment.yml", SMALL)
    _text(folder / "requirements.txt", "humanize\n")
    _text(folder / "env.yml", "[")
    _text(folder / "env-2.yml", SMALL.replace("[envlink-text-prefix]", "[humanize]"))
    assert main(["files", str(folder)]) == 0
    said = {line.split()[0].rpartition("/")[2]: line for line in capsys.readouterr().out.splitlines()}
    assert "up to date" in said["environment.yml"]
    assert "update: 1 change" in said["env-2.yml"]
    assert "not created" in said["requirements.txt"]
    assert "1 error" in said["env.yml"]
    assert main(["files", str(folder), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    contract.validate(contract.component("Nearby"), answer)
    assert answer["folder"] == str(folder)
    assert main(["files", str(tmp_path / "gone")]) == 1
