"""Each export of a real environment, tried by building another one from it and comparing what both hold."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import envfile
from jupyter_envlink.cli import main
from jupyter_envlink.engines.uv import find_uv
from jupyter_envlink.environment import Environment
from jupyter_envlink.errors import ChannelError, Conflict, InvalidRequest
from jupyter_envlink.exportable import OF_CONDA, OF_PYTHON, PACK, formats
from jupyter_envlink.exporting import export, platform
from jupyter_envlink.exports import FORMATS
from jupyter_envlink.inventory import Inventory, inventory
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import from_request
from tests.channel import Channel
from tests.conftest import Machine, another_machine
from tests.test_exports import docker
from tests.venvs import by_uv
from tests.wheels import python_in, venv

YMLS = ("yml", "yml-no-builds", "from-history")
FINANCE = """\
name: finance
channels:
  - conda-forge
dependencies:
  - python
  - pip
  - ipykernel
  - humanize<4.18
  - pip:
      - tabulate==0.8.10
variables:
  SEED: "42"
  TITLE: "Profit: 'Q1' #1"
"""


@dataclass(frozen=True)
class Site:
    """A machine with one environment on it, made by us from ``FINANCE``."""

    machine: Machine
    service: Envlink
    original: Environment

    def create(self, text: str, filename: str, name: str) -> Environment:
        """An environment of that name from that text, as it lies in a file."""
        file = self.machine.home / name / filename
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        return self.create_from(file, name)

    def create_from(self, file: Path, name: str) -> Environment:
        job = self.ended(self.service.life.create(from_request({"path": str(file)}, None), name))
        assert job.status is Status.SUCCEEDED, job.progress.error
        return self.service.catalog.get(str((job.progress.result or {})["environment_id"]))

    def ended(self, job: Job, seconds: float = 120) -> Job:
        deadline = time.monotonic() + seconds
        while not job.status.final:
            assert time.monotonic() < deadline, job
            time.sleep(0.02)
            self.service.jobs.tick()
            job = self.service.queue.store.load(job.id)
        self.service.jobs.tick()
        return job


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, channel: Channel, package_cache: Path) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        machine = another_machine(tmp_path_factory.mktemp("exporting"), patch, channel, package_cache)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(channel.wheels))
        service = Envlink()
        service.catalog.refresh()
        made = Site(machine, service, None)  # type: ignore[arg-type]
        yield Site(machine, service, made.create(FINANCE, "environment.yml", "finance"))


def held(environment: Environment) -> Inventory:
    return inventory(environment, "unknown")


def conda_of(environment: Environment) -> list[tuple[str, ...]]:
    return [(each.name, each.version, each.build, str(each.channel)) for each in held(environment).conda]


def pip_of(environment: Environment) -> list[tuple[str, str]]:
    return [(each.name, each.version) for each in held(environment).pip]


def test_the_original_is_as_it_should_be(site: Site) -> None:
    found = held(site.original)
    assert len(found.conda) > 10
    assert {each.name for each in found.conda} >= {"python", "ipykernel", "humanize"}
    assert pip_of(site.original) == [("tabulate", "0.8.10")]
    assert found.requested == ("python", "pip", "ipykernel", "humanize<4.18")
    assert found.platform not in ("unknown", "noarch")


@pytest.mark.parametrize("wanted", ["yml", "yml-no-builds"])
def test_a_yml_builds_the_same_environment(site: Site, wanted: str) -> None:
    done = export(site.original, wanted)
    made = site.create(done["text"], done["filename"], wanted)
    assert conda_of(made) == conda_of(site.original)
    assert pip_of(made) == pip_of(site.original)
    assert held(made).variables == held(site.original).variables == {"SEED": "42", "TITLE": "Profit: 'Q1' #1"}


@pytest.mark.parametrize("wanted", ["explicit", "conda-lock", "pixi-lock", "lock"])
def test_a_lock_builds_the_same_environment(site: Site, wanted: str) -> None:
    done = export(site.original, wanted)
    made = site.create(done["text"], done["filename"], f"from-{wanted}")
    assert conda_of(made) == conda_of(site.original)
    assert pip_of(made) == ([] if wanted == "explicit" else pip_of(site.original))
    assert ("tabulate==0.8.10" in done["text"]) == (wanted == "explicit")  # what it cannot hold it names


def test_an_archive_makes_the_same_environment(site: Site, tmp_path: Path) -> None:
    job = site.ended(site.service.life.pack(site.original.id, str(tmp_path)))
    made = site.create_from(Path((job.progress.result or {})["path"]), "unpacked")
    assert conda_of(made) == conda_of(site.original)
    assert pip_of(made) == pip_of(site.original)
    assert held(made).variables == held(site.original).variables
    assert held(made).requested == held(site.original).requested
    asked = [made.python, "-c", "import humanize, sys, tabulate; print(sys.prefix)"]
    said = subprocess.run([str(each) for each in asked], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == made.prefix


def test_from_history_asks_for_what_was_asked_for(site: Site) -> None:
    done = export(site.original, "from-history")
    made = site.create(done["text"], done["filename"], "again")
    assert held(made).requested == held(site.original).requested
    assert pip_of(made) == pip_of(site.original)
    assert held(made).variables == held(site.original).variables


@pytest.mark.parametrize("wanted", YMLS)
def test_our_own_reader_has_nothing_against_a_yml(site: Site, wanted: str) -> None:
    text = export(site.original, wanted)["text"]
    file = envfile.read(text)
    assert [each for each in file.diagnostics if each.severity != "info"] == []
    assert (file.name, file.channels, file.prefix) == ("finance", ("conda-forge",), None)
    assert list(file.pip or ()) == ["tabulate==0.8.10"]
    assert text.index("- pip:") > text.index("- humanize")  # last, as conda writes it


def test_builds_are_written_where_they_are_asked_for(site: Site) -> None:
    python = next(each for each in held(site.original).conda if each.name == "python")
    assert f"  - python={python.version}={python.build}\n" in export(site.original, "yml")["text"]
    assert f"  - python={python.version}\n" in export(site.original, "yml-no-builds")["text"]
    assert "  - python\n" in export(site.original, "from-history")["text"]
    assert "debugpy" not in export(site.original, "from-history")["text"]


def test_variables_are_announced(site: Site) -> None:
    for wanted in (*YMLS, "dockerfile"):
        assert "# The values of the variables are in this file" in export(site.original, wanted)["text"]
    for wanted in ("explicit", "conda-lock", "pixi-lock"):
        text = export(site.original, wanted)["text"]
        assert "SEED" in text
        assert "Profit" not in text


def test_the_steps_of_a_dockerfile_make_the_same_environment(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but two, in a folder and no container: the user is not added, and in micromamba's place we install."""
    instructions, files = docker(export(site.original, "dockerfile")["text"])
    explicit = files["/opt/environment/explicit.txt"]
    made = site.create(explicit, "explicit.txt", "container")
    places = {
        "/opt/conda/envs/finance": made.prefix,
        "/opt/environment": str(tmp_path),
        "/usr/local": f"{tmp_path}/usr",
    }

    def here(text: str) -> str:
        for place, mine in places.items():
            text = text.replace(place, mine)
        return text

    for place, text in files.items():
        Path(here(place)).write_text(text)
    steps = [here(each.removeprefix("RUN ")) for each in instructions if each.startswith("RUN ")]
    ours = [step for step in steps if not step.startswith(("micromamba ", "useradd "))]
    assert [step.partition(" -m ")[2].split()[0] for step in ours] == ["pip", "ipykernel"]
    for step in ours:
        subprocess.run(["sh", "-e", "-c", step], check=True, capture_output=True, timeout=120)
    assert conda_of(made) == conda_of(site.original)
    assert pip_of(made) == pip_of(site.original)
    assert held(made).variables == held(site.original).variables
    kernel = json.loads((tmp_path / "usr" / "share" / "jupyter" / "kernels" / "finance" / "kernel.json").read_text())
    assert (kernel["argv"][0], kernel["display_name"]) == (f"{made.prefix}/bin/python", "finance")


@pytest.mark.slow
def test_the_examples_of_the_documentation_work(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = Path(__file__).parent.parent.joinpath("docs", "export.md").read_text(encoding="utf-8")
    examples = [line for line in page.splitlines() if line.startswith("jupyter envlink export")]
    assert len(examples) > 5
    for example in examples:
        assert main(shlex.split(example)[2:]) == 0, capsys.readouterr().err
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(["Dockerfile", "environment.yml", "finance.zip", f"finance-{platform()}.tar.gz"])
    rows = re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", page, re.MULTILINE)
    assert [name for name, _ in rows] == [*OF_CONDA, *OF_PYTHON]
    assert all(FORMATS[name].filename == file for name, file in rows if name != PACK)


def test_lock_is_the_kinds_own(site: Site, channel: Channel) -> None:
    assert export(site.original, "lock")["format"] == "conda-lock"
    made = by_uv(site.machine.home / "project" / ".venv")
    site.service.catalog.refresh()
    assert export(_venv(site, made), "lock")["format"] == "pylock"


def _venv(site: Site, prefix: Path) -> Environment:
    site.service.catalog.refresh()
    found = site.service.catalog.snapshot.by_prefix.get(os.path.realpath(prefix))
    if found is None:
        from jupyter_envlink.locators.venv import VenvLocator

        found = VenvLocator().identify(str(prefix))
    assert found is not None
    return found


def test_requirements_build_the_same_venv(site: Site, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = channel.wheels / "humanize-4.17.0-py3-none-any.whl"
    prefix = venv(site.machine.home / "small" / ".venv")
    install = [find_uv(), "pip", "install", "--quiet", "--python", str(python_in(prefix)), "--no-index"]
    subprocess.run([*install, "--find-links", str(channel.wheels), "tabulate==0.8.9", str(wheel)], check=True)
    small = _venv(site, prefix)
    assert pip_of(small) == [("humanize", "4.17.0"), ("tabulate", "0.8.9")]
    monkeypatch.delenv("PIP_NO_INDEX")  # the kernel that is added is in no folder of ours
    online = replace(site, service=Envlink())
    online.service.catalog.refresh()
    for wanted in ("requirements", "pylock"):
        done = export(small, wanted)
        assert (f"humanize @ {wheel.as_uri()}" in done["text"]) == (wanted == "requirements")
        made = online.create(done["text"], done["filename"], f"from-{wanted}")
        found = pip_of(made)
        assert set(pip_of(small)) <= set(found)
        assert "ipykernel" in dict(found)


def test_formats_that_a_kind_cannot_have(site: Site, channel: Channel, tmp_path: Path) -> None:
    small = _venv(site, venv(tmp_path / "small", wheels=[channel.wheels / "humanize-4.17.0-py3-none-any.whl"]))
    assert formats(small) == OF_PYTHON
    with pytest.raises(InvalidRequest) as caught:
        export(small, "yml")
    assert "requirements, pylock, lock" in caught.value.remedy
    assert caught.value.details["formats"] == list(OF_PYTHON)
    with pytest.raises(InvalidRequest, match="no text"):
        export(site.original, "pack")
    with pytest.raises(InvalidRequest, match="'svg'"):
        export(site.original, "svg")


def test_an_index_without_it_is_said(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    for wanted in ("conda-lock", "pixi-lock"):
        with pytest.raises(ChannelError, match="tabulate") as caught:
            export(site.original, wanted)
        assert caught.value.code == "index"
    assert "tabulate==0.8.10" in export(site.original, "yml")["text"]  # asks nobody


def test_a_record_that_cannot_be_read(site: Site, tmp_path: Path) -> None:
    damaged = _copy(site, tmp_path, lambda record: None)
    path = next(Path(damaged.prefix, "conda-meta").glob("humanize-*.json"))
    path.write_text("{")
    with pytest.raises(Conflict, match=r"humanize-.*\.json"):
        export(damaged, "yml")


def test_a_package_of_which_nobody_knows_the_address(site: Site, tmp_path: Path) -> None:
    def forget(record: dict[str, Any]) -> None:
        if record["name"] == "humanize":
            record["url"], record["channel"] = "", "<unknown>"

    lost = _copy(site, tmp_path, forget)
    for wanted in ("explicit", "conda-lock", "pixi-lock", "dockerfile"):
        with pytest.raises(Conflict, match="where humanize came from") as caught:
            export(lost, wanted)
        assert caught.value.code == "no-url"
    assert "  - humanize=4" in export(lost, "yml")["text"]


def test_no_secret_is_exported(site: Site, tmp_path: Path) -> None:
    """Records as a careless tool writes them: with the token of a channel, a password, a signed address."""
    tokens = ("tk-12345678-abcd", "hunter2", "s3cr3t")

    def betray(record: dict[str, Any]) -> None:
        file = record["url"].rsplit("/", 2)[1:]
        record["url"] = "https://me:hunter2@corp.example/t/tk-12345678-abcd/private/" + "/".join(file)
        record["channel"] = "https://me:hunter2@corp.example/t/tk-12345678-abcd/private"

    careless = _copy(site, tmp_path, betray)
    info = next(Path(careless.prefix, "lib").glob("python*/site-packages/tabulate-*.dist-info"))
    direct = {
        "url": "https://me:hunter2@corp.example/tabulate-0.8.10-py3-none-any.whl?token=s3cr3t",
        "archive_info": {},
    }
    info.joinpath("direct_url.json").write_text(json.dumps(direct))
    history = Path(careless.prefix, "conda-meta", "history")
    spec = "https://corp.example/t/tk-12345678-abcd/private::humanize"
    history.write_text(history.read_text() + f"# update specs: [{spec!r}]\n")
    for wanted in (*YMLS, "explicit", "dockerfile"):
        text = export(careless, wanted)["text"]
        assert not [token for token in tokens if token in text]
        assert "https://corp.example/private" in text


def _copy(site: Site, folder: Path, change: Any) -> Environment:
    """The records of the original, changed; nothing of it could run."""
    from shutil import copytree, ignore_patterns

    prefix = folder / "copy"
    copytree(site.original.prefix, prefix, symlinks=True, ignore=ignore_patterns("*.py", "*.pyc", "*.so*", "bin"))
    for path in prefix.glob("conda-meta/*.json"):
        record = json.loads(path.read_text())
        change(record)
        path.write_text(json.dumps(record))
    return replace(site.original, prefix=str(prefix))
