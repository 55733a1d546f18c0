"""conda, mamba and micromamba find a normal environment in what we have made, changed and rolled back.

What they go by is held without them; where one of them is on the PATH, it is asked itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.requested import requested_in_history
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from .channel import Channel
from .conftest import Machine

TOOLS = ("conda", "mamba", "micromamba")
FIRST = """\
name: demo
channels: [conda-forge]
dependencies:
  - python
  - tabulate <0.9
  - envlink-text-prefix
  - pip:
    - humanize
variables:
  My_Var: first
"""
SECOND = """\
channels: [conda-forge]
dependencies:
  - tabulate =0.9
  - envlink-hello
variables:
  OTHER: second
"""
_CHANGE = re.compile(r"([+-])(.+)")


class Made:
    """An environment that jobs have made and changed."""

    def __init__(self, prefix: Path, service: Envlink, finished: Callable[[Job], Job]) -> None:
        self.prefix, self._service, self._finished = prefix, service, finished

    def by(self, text: str, prune: bool = False) -> None:
        source = Source(text.encode(), "environment.yml", None)
        if self.prefix.exists():
            job = self._service.life.update(source, prefix_id(str(self.prefix)), prune)
        else:
            job = self._service.life.create(source, None)
        job = self._finished(job)
        assert job.status is Status.SUCCEEDED, job.progress.error

    @property
    def history(self) -> str:
        return (self.prefix / "conda-meta" / "history").read_text("utf-8")

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text("utf-8")) for path in sorted(self.prefix.glob("conda-meta/*.json"))]


@pytest.fixture
def made(machine: Machine, channel: Channel, service: Envlink, finished: Callable[[Job], Job],
         monkeypatch: pytest.MonkeyPatch) -> Made:  # fmt: skip
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))
    found = Made(machine.envs / "demo", service, finished)
    found.by(FIRST)
    return found


# what they go by


def named(record: dict[str, Any], channel: Channel) -> str:
    """As conda names a package in its history, ``conda-forge`` being what the configuration calls the channel."""
    assert record["channel"].rstrip("/") == channel.conda_forge
    return f"conda-forge/{record['subdir']}::{record['name']}-{record['version']}-{record['build']}"


def replayed(history: str) -> set[str]:
    """What is installed after all revisions, as conda's ``History.get_state`` finds it."""
    state: set[str] = set()
    for line in history.splitlines():
        found = None if line.startswith(("#", "==>")) else _CHANGE.fullmatch(line)
        if found:
            (state.add if found[1] == "+" else state.discard)(found[2])
    return state


def test_the_history_tells_what_is_there_and_what_was_asked_for(made: Made, channel: Channel) -> None:
    """Line by line as conda would have it: else its next command would take our changes for somebody else's."""
    assert replayed(made.history) == {named(each, channel) for each in made.records()}

    made.by(SECOND)

    assert replayed(made.history) == {named(each, channel) for each in made.records()}
    assert made.history.count("==> ") == 2
    names = {each["name"] for each in made.records()}
    asked = requested_in_history(str(made.prefix), names)
    assert set(asked) == {"python", "tabulate =0.9", "envlink-text-prefix", "envlink-hello", "pip", "ipykernel"}


def test_pruning_tells_what_is_wanted_no_more(made: Made, channel: Channel) -> None:
    made.by(SECOND.replace("dependencies:", "dependencies:\n  - python"), prune=True)

    assert replayed(made.history) == {named(each, channel) for each in made.records()}
    removed = re.findall(r"^# remove specs: (.+)$", made.history, re.MULTILINE)
    assert removed == ["['envlink-text-prefix', 'pip']"]


def test_records_tell_the_files_as_they_are(made: Made) -> None:
    """With paths from the prefix, hashes of what is there, and the package cache that they came from."""
    made.by(SECOND)
    for record in made.records():
        assert record["url"].endswith(f"/{record['subdir']}/{record['fn']}")
        assert Path(record["extracted_package_dir"]).is_dir()
        assert record["link"] == {"source": record["extracted_package_dir"], "type": 1}
        assert sorted(record["files"]) == sorted(each["_path"] for each in record["paths_data"]["paths"])
        for each in record["paths_data"]["paths"]:
            path = made.prefix / each["_path"]
            assert os.path.lexists(path), each
            if each["path_type"] == "softlink":
                assert "sha256_in_prefix" not in each
            elif "sha256_in_prefix" in each:
                assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256_in_prefix"]


def test_what_was_asked_for_is_in_the_records_too(made: Made) -> None:
    """micromamba and pixi look there."""
    made.by(SECOND)
    asked = {each["name"]: each.get("requested_specs") for each in made.records()}
    assert asked["tabulate"] == ["tabulate 0.9.*"]
    assert asked["envlink-hello"] == ["envlink-hello"]
    assert asked["python"] == ["python"]
    assert not asked["traitlets"]


def test_the_shared_list_and_the_variables(made: Made, machine: Machine) -> None:
    made.by(SECOND)
    assert (machine.home / ".conda" / "environments.txt").read_text("utf-8").splitlines() == [str(made.prefix)]
    state = json.loads((made.prefix / "conda-meta" / "state").read_text("utf-8"))
    assert state == {"env_vars": {"My_Var": "first", "OTHER": "second"}}


# they themselves


class Tool:
    """One of the command lines on this machine, with the test's own configuration."""

    def __init__(self, name: str, path: str, machine: Machine) -> None:
        self.name, self._path, self._machine = name, path, machine

    def __call__(self, *words: str) -> str:
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("CONDA_", "MAMBA_"))}
        root = {"MAMBA_ROOT_PREFIX": str(self._machine.home / "root")} if self.name == "micromamba" else {}
        environ |= {"CONDARC": str(self._machine.condarc), "HOME": str(self._machine.home), **root}
        done = subprocess.run([self._path, *words], capture_output=True, text=True, timeout=300, env=environ)
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *words: str) -> Any:
        """conda says more before the JSON, and other tools after it."""
        text = self(*words, "--json")
        return json.JSONDecoder().raw_decode(text[re.search(r"^[\[{]", text, re.MULTILINE).start() :])[0]  # type: ignore[union-attr]


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest, machine: Machine) -> Tool:
    path = shutil.which(request.param)
    if path is None:
        pytest.skip(f"{request.param} is not on the PATH")
    return Tool(request.param, path, machine)


@pytest.fixture
def conda(machine: Machine) -> Tool:
    path = shutil.which("conda")
    if path is None:
        pytest.skip("conda is not on the PATH")
    return Tool("conda", path, machine)


def names(packages: Any) -> dict[str, str]:
    return {each["name"]: each["version"] for each in packages}


def asked_by(exported: str) -> set[str]:
    """What a list ``--from-history`` names, without the versions."""
    return set(re.findall(r"^ *- (?:[\w-]+::)?([\w-]+)(?=$|[ =<>\[])", exported, re.MULTILINE))


def test_it_lists_installs_exports_and_runs(made: Made, tool: Tool) -> None:
    place = ("-p", str(made.prefix))
    made.by(SECOND)
    assert {"tabulate": "0.9.0", "envlink-hello": "1.0"}.items() <= names(tool.json("list", *place)).items()

    tool("install", "--yes", *place, "--override-channels", "-c", "conda-forge", "envlink-binary-prefix")

    listed = names(tool.json("list", *place))
    assert {"tabulate": "0.9.0", "envlink-binary-prefix": "1.0"}.items() <= listed.items()
    wanted = {"python", "tabulate", "envlink-text-prefix", "envlink-hello", "envlink-binary-prefix", "pip", "ipykernel"}
    assert wanted <= asked_by(tool("env", "export", "--from-history", *place))
    said = tool("run", *place, "python", "-c", "import os, sys, humanize; print(sys.prefix, os.environ['MY_VAR'])")
    assert said.split() == [str(made.prefix), "first"]


def test_we_go_on_where_it_has_been(made: Made, tool: Tool) -> None:
    place = ("-p", str(made.prefix))
    tool("install", "--yes", *place, "--override-channels", "-c", "conda-forge", "envlink-binary-prefix")

    made.by(SECOND)

    assert {"envlink-binary-prefix", "envlink-hello", "tabulate"} <= names(tool.json("list", *place)).keys()
    assert "envlink-binary-prefix" in asked_by(tool("env", "export", "--from-history", *place))


def test_its_revisions_are_ours(made: Made, conda: Tool) -> None:
    """conda writes none of its own between ours, and goes back to one that we have made."""
    place = ("-p", str(made.prefix))
    made.by(SECOND)
    conda("install", "--yes", *place, "--override-channels", "-c", "conda-forge", "envlink-binary-prefix")

    revisions = conda.json("list", "--revisions", *place)
    assert [each["rev"] for each in revisions] == [0, 1, 2]
    (install,) = revisions[2]["install"]
    assert install.startswith("envlink-binary-prefix-1.0-henv_0")
    assert not revisions[2]["remove"]
    assert not revisions[2]["upgrade"]

    conda("install", "--yes", *place, "--override-channels", "-c", "conda-forge", "--revision", "0")
    listed = names(conda.json("list", *place))
    assert listed["tabulate"] == "0.8.10"
    assert "envlink-hello" not in listed


def test_it_updates_removes_and_knows_the_environment(made: Made, conda: Tool, tmp_path: Path) -> None:
    place = ("-p", str(made.prefix))
    file = tmp_path / "environment.yml"
    file.write_text("channels: [conda-forge]\ndependencies: [tabulate=0.9]\nvariables: {Z: 1}\n")
    conda("env", "update", *place, "-f", str(file))
    conda("remove", "--yes", *place, "envlink-text-prefix")

    listed = names(conda.json("list", *place))
    assert listed["tabulate"] == "0.9.0"
    assert "envlink-text-prefix" not in listed
    assert str(made.prefix) in conda.json("env", "list")["envs"]
    assert conda.json("env", "config", "vars", "list", *place) == {"My_Var": "first", "Z": 1}
    made.by(SECOND)
    assert conda.json("env", "config", "vars", "list", *place) == {"My_Var": "first", "Z": 1, "OTHER": "second"}


def test_its_doctor_finds_nothing_altered_and_nothing_missing(made: Made, conda: Tool) -> None:
    made.by(SECOND)
    for check in ("altered-files", "missing-files"):
        assert "\u274c" not in conda("doctor", "-p", str(made.prefix), check)
