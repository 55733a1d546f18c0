"""Updates of real environments from the real channel, planned."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.conda_records import write_history
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import EnvlinkError
from jupyter_envlink.preview import solve
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from . import contract
from .channel import Channel
from .conftest import Machine
from .prefixes import look_alike, real
from .wheels import venv

Planned = Callable[..., dict[str, Any]]
Made = Callable[..., Path]


@pytest.fixture
def made(machine: Machine, channel: Channel, service: Envlink) -> Made:
    """Make an environment: what is in it, what of that somebody has asked for."""

    def make(*specs: str, asked: tuple[str, ...] | None = None, name: str = "work") -> Path:
        prefix = real(channel.conda_forge, machine.envs / name, specs)
        write_history(str(prefix), "made", [], specs if asked is None else asked)
        service.catalog.refresh()
        return prefix

    return make


@pytest.fixture
def planned(machine: Machine, service: Envlink) -> Planned:
    """The plan of an update of ``work`` by a file with these packages."""

    def plan(*conda: str, prune: bool = False, name: str = "work", more: str = "") -> dict[str, Any]:
        text = f"channels: [conda-forge]\ndependencies: {json.dumps(conda)}\n{more}"
        environment = service.catalog.get(prefix_id(str(machine.envs / name)))
        shown = solve(service.preview.update(Source(text.encode(), "environment.yml", None), environment, prune))
        contract.validate(contract.component("Plan"), shown)
        return shown

    return plan


def changes(plan: dict[str, Any]) -> Mapping[str, list[str]]:
    """What changes, by kind: ``name version``."""
    assert plan["conflict"] is None, plan["conflict"]
    found = plan["solution"]["changes"]
    moved = {kind: [move["to"] for move in found[kind]] for kind in ("upgrade", "downgrade", "rebuild")}
    lists = {"install": found["install"], "remove": found["remove"], **moved}
    return {kind: [f"{each['name']} {each['version']}" for each in some] for kind, some in lists.items() if some}


def test_what_is_there_and_allowed_stays(made: Made, planned: Planned) -> None:
    """Though the channel has a newer one."""
    made("tabulate=0.8.9", "envlink-text-prefix", asked=("tabulate", "envlink-text-prefix"))
    plan = planned("tabulate", "envlink-text-prefix")
    assert changes(plan) == {}
    assert (plan["operation"], plan["environment_id"]) == ("update", prefix_id(plan["prefix"]))
    assert (plan["solution"]["download_bytes"], plan["solution"]["disk_bytes"]) == (0, 0)
    assert plan["solution"]["changes"]["unchanged"] == len(plan["solution"]["packages"])


def test_what_is_new_comes_and_nothing_else_moves(made: Made, planned: Planned) -> None:
    made("tabulate=0.8.9", asked=("tabulate",))
    plan = planned("envlink-text-prefix")
    assert changes(plan) == {"install": ["envlink-text-prefix 1.0"]}
    assert 0 < plan["solution"]["download_bytes"] + plan["solution"]["disk_bytes"] < 100_000


def test_the_file_takes_the_place_of_an_earlier_pin(made: Made, planned: Planned) -> None:
    made("tabulate=0.8.9")
    assert changes(planned("tabulate>=0.9")) == {"upgrade": ["tabulate 0.9.0"]}


def test_a_pin_that_the_file_says_nothing_of_holds(made: Made, planned: Planned) -> None:
    made("tabulate=0.8.9")
    plan = planned("envlink-conflict-b")  # needs tabulate >=0.9
    assert plan["solution"] is None
    assert "tabulate" in plan["conflict"]["message"]


def test_what_was_asked_for_without_a_version_moves_where_it_has_to(made: Made, planned: Planned) -> None:
    made("tabulate=0.9.0", "humanize", asked=("tabulate", "humanize"))
    assert changes(planned("envlink-conflict-a")) == {
        "install": ["envlink-conflict-a 1.0"],
        "downgrade": ["tabulate 0.8.10"],
    }


def test_a_request_that_was_overtaken_does_not_come_back(made: Made, planned: Planned) -> None:
    """The history asks for another version than the one that somebody has put there since."""
    made("tabulate=0.9.0", "humanize", asked=("tabulate=0.8.9", "humanize"))
    assert changes(planned("envlink-conflict-b")) == {"install": ["envlink-conflict-b 1.0"]}


def test_what_nobody_has_asked_for_may_go(made: Made, planned: Planned) -> None:
    made("envlink-conflict-a", asked=("tabulate",))
    assert changes(planned("envlink-conflict-b")) == {
        "install": ["envlink-conflict-b 1.0"],
        "upgrade": ["tabulate 0.9.0"],
        "remove": ["envlink-conflict-a 1.0"],
    }


def test_what_somebody_has_asked_for_stays_without_prune(made: Made, planned: Planned) -> None:
    made("envlink-conflict-a")
    assert planned("envlink-conflict-b")["conflict"] is not None
    assert changes(planned("envlink-conflict-b", prune=True))["remove"] == ["envlink-conflict-a 1.0"]


def test_prune_takes_what_the_file_does_not_need(made: Made, planned: Planned) -> None:
    made("humanize", "tabulate=0.8.9", "envlink-text-prefix")
    assert changes(planned("tabulate", prune=True)) == {"remove": ["envlink-text-prefix 1.0", "humanize 4.17.0"]}


def test_a_kernel_is_added_where_none_would_be_left(made: Made, planned: Planned) -> None:
    made("tabulate", "ipykernel")
    assert planned("python", "tabulate")["added"] == []
    pruned = planned("python", "tabulate", prune=True)
    assert [each["spec"] for each in pruned["added"]] == ["ipykernel"]
    assert changes(pruned) == {}


def test_a_kernel_is_added_where_there_is_none(made: Made, planned: Planned) -> None:
    made("tabulate")
    plan = planned("python", "tabulate")
    assert [each["spec"] for each in plan["added"]] == ["ipykernel"]
    assert "ipykernel 7.4.0" in changes(plan)["install"]


def test_python_keeps_its_minor_version(made: Made, planned: Planned, channel: Channel) -> None:
    if len(channel.pythons) < 2:
        pytest.skip("the channel has one Python only")
    older = min(channel.pythons, key=lambda text: [int(part) for part in text.split(".")])
    made(f"python={older}", "tabulate", asked=("python", "tabulate"))
    assert not changes(planned("humanize")).get("upgrade")
    newer = max(channel.pythons, key=lambda text: [int(part) for part in text.split(".")])
    assert f"python {newer}" in changes(planned(f"python={newer}"))["upgrade"]


def test_another_channel_is_a_rebuild(made: Made, planned: Planned, channel: Channel, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "other"
    shutil.copytree(channel.path / "conda-forge" / "noarch", other / "noarch")
    made("tabulate=0.9.0")
    assert changes(planned(f"{other.as_uri()}::tabulate=0.9.0")) == {"rebuild": ["tabulate 0.9.0"]}


def test_what_the_rest_of_the_file_changes(made: Made, planned: Planned) -> None:
    prefix = made("tabulate", "ipykernel")
    state = {"env_vars": {"KEPT": "1", "OTHER": "1"}}
    (prefix / "conda-meta" / "state").write_text(json.dumps(state))
    text = "variables: {OTHER: '2'}\n"
    plan = planned("python", more=text, prune=True)
    assert plan["variable_changes"] == [{"name": "OTHER", "from": "1", "to": "2"}]
    file = Source(b"dependencies: [python, pip: [tabulate, humanize==9, '-e .']]", None, None)
    assert [each["change"] for each in _pip(prefix, file)] == ["keep", "install", "unknown"]


def _pip(prefix: Path, source: Source) -> list[dict[str, Any]]:
    service = Envlink()
    service.catalog.refresh()
    environment = service.catalog.get(prefix_id(str(prefix)))
    changes: list[dict[str, Any]] = service.preview.update(source, environment, False).as_dict()["pip_changes"]
    return changes


def _refused(service: Envlink, prefix: Path) -> EnvlinkError:
    service.catalog.refresh()
    environment = service.catalog.get(prefix_id(str(prefix)))
    with pytest.raises(EnvlinkError) as refused:
        service.preview.update(Source(b"dependencies: [python]", None, None), environment, False)
    assert refused.value.remedy
    return refused.value


def test_a_lock_is_not_what_one_updates_from(service: Envlink, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "mine")
    service.catalog.refresh()
    environment = service.catalog.get(prefix_id(str(prefix)))
    lock = Source(
        b"@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0c530f3_0.conda\n", "x.txt", None
    )
    with pytest.raises(EnvlinkError) as refused:
        service.preview.update(lock, environment, False)
    assert (refused.value.code, "explicit" in refused.value.message) == ("format-not-for-update", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "marked"),
        ('{"message": "Ask the data team."}', "Ask the data team."),
        ('{"message": 5}', "marked"),
        ("[", "marked"),
    ],
)
def test_a_frozen_environment_is_refused_with_its_own_reason(
    service: Envlink, machine: Machine, text: str, said: str
) -> None:
    prefix = look_alike(machine.envs / "frozen")
    (prefix / "conda-meta" / "frozen").write_text(text)
    error = _refused(service, prefix)
    assert (error.code, said in error.message) == ("frozen", True)


def test_a_virtual_environment_is_not_updated_from_condas_files(service: Envlink, machine: Machine) -> None:
    error = _refused(service, Path(venv(machine.home / ".virtualenvs" / "mine")))
    assert error.code == "format-not-for-update"
    assert "requirements.txt" in error.message


def test_what_another_tool_rebuilds_is_not_updated(service: Envlink, machine: Machine) -> None:
    folder = machine.home / ".cache" / "pypoetry" / "virtualenvs"
    error = _refused(service, Path(venv(folder / "mine-abcdefgh-py3.11")))
    assert error.code == "not-conda"
    assert "of the kind poetry" in error.message


def test_the_policy_has_the_last_word(service: Envlink, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "mine")
    service.policy.read_only = True
    assert "read-only" in _refused(service, prefix).message


def test_base_is_refused(service: Envlink, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = look_alike(machine.home / "miniforge3")
    (prefix / "conda-meta" / "conda-26.1.0-py_0.json").write_text("{}")
    (prefix / "condabin").mkdir()
    assert "base" in _refused(service, prefix).message


def test_the_servers_own_is_refused(service: Envlink, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = look_alike(machine.envs / "server")
    monkeypatch.setattr("sys.prefix", str(prefix))
    assert "server runs in it" in _refused(service, prefix).message
