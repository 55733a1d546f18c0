"""Plans that cannot be solved, explained and mended over real channels: their indexes hold what a case needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import explaining
from jupyter_envlink.explaining import MAX_REASONS, MAX_TEXT
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.mending import trying
from jupyter_envlink.preview import solve
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from . import contract
from .channel import Channel
from .conftest import Machine
from .indexes import Record, record, scientific, write_index
from .test_mending import EXPORT

MESSAGE = (
    "These packages do not go together. "
    "Line 4 asks for numpy=1.21, which needs python >=3.7,<3.11; line 3 asks for python=3.12."
)


class Planner:
    """Plans over indexes that bear channels' names."""

    def __init__(self, service: Envlink, machine: Machine, folder: Path) -> None:
        self.service, self.machine, self.folder = service, machine, folder

    def channel(self, name: str, records: list[Record]) -> None:
        """From now on ``name`` is a channel that holds ``records``."""
        write_index(self.folder / name, records)
        content = json.loads(self.machine.condarc.read_text())
        content["custom_channels"][name] = self.folder.as_uri()
        self.machine.condarc.write_text(json.dumps(content))

    def plan(self, text: str) -> dict[str, Any]:
        plan = solve(self.service.preview.proposal(Source(text.encode(), "environment.yml", None), "wanted"))
        contract.validate(contract.component("Plan"), plan)
        return plan

    def conflict(self, text: str) -> dict[str, Any]:
        conflict: dict[str, Any] = self.plan(text)["conflict"]
        return conflict


@pytest.fixture
def planner(service: Envlink, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """What is offered here does not depend on how busy the machine is."""
    monkeypatch.setattr(trying, "MAX_SECONDS", 300.0)
    monkeypatch.setattr(explaining, "_ELSEWHERE_SECONDS", 100.0)
    made = Planner(service, machine, tmp_path / "indexes")
    made.channel("lab", scientific())
    return made


def _text(*specs: str, channels: str = "lab, nodefaults") -> str:
    return f"channels: [{channels}]\ndependencies:\n" + "".join(f"  - {spec}\n" for spec in specs)


def _codes(conflict: dict[str, Any], solves: bool | None = True) -> list[str]:
    return [each["code"] for each in conflict["details"]["remedies"] if each["solves"] is solves]


def test_a_conflict_names_lines_and_what_helps(planner: Planner) -> None:
    conflict = planner.conflict(_text("python=3.12", "numpy=1.21"))
    assert conflict["code"] == "conflict"
    assert conflict["message"] == MESSAGE
    assert [cause["line"] for cause in conflict["details"]["causes"]] == [3, 4]
    assert "cannot be installed because" in conflict["details"]["reasons"]
    assert _codes(conflict) == ["relax-numpy", "relax-python", "relax-versions"]


def test_each_remedy_that_is_said_to_solve_does(planner: Planner) -> None:
    for specs in (("python=3.12", "numpy=1.21"), ("pandas=1.3.0", "scipy=1.13.0"), ("nunpy", "six=2", "python")):
        for remedy in planner.conflict(_text(*specs))["details"]["remedies"]:
            assert (planner.plan(remedy["text"])["conflict"] is None) == remedy["solves"], (specs, remedy["code"])


def test_our_own_addition_is_named_where_it_is_in_the_way(planner: Planner) -> None:
    conflict = planner.conflict(_text("python=3.9", "six"))
    assert "envlink adds ipykernel, which needs python >=3.10; line 3 asks for python=3.9" in conflict["message"]
    assert _codes(conflict) == ["relax-python"]


def test_a_channel_that_has_what_is_missing_is_offered(planner: Planner) -> None:
    rare = [record("rare", "1.0")]
    planner.channel("other", rare)
    content = json.loads(planner.machine.condarc.read_text())
    planner.machine.condarc.write_text(json.dumps({**content, "channels": ["other"]}))
    conflict = planner.conflict(_text("python", "rare"))
    assert conflict["code"] == "package-not-found"
    assert conflict["message"].startswith("No channel has rare. Asked: ")
    (remedy,) = conflict["details"]["remedies"]
    assert (remedy["code"], remedy["title"], remedy["solves"]) == ("add-channel", "Ask other as well", True)
    assert "channels: [lab, nodefaults, other]" in remedy["text"]


def test_conda_forge_is_asked_where_a_kernel_is_missing(planner: Planner, channel: Channel) -> None:
    """The local conda-forge has ipykernel, for its own Pythons; the file's only channel has none."""
    planner.channel("bare", [record("python", channel.pythons[0]), record("six", "1.16.0")])
    conflict = planner.conflict(_text("python", "six", channels="bare, nodefaults"))
    assert [cause["spec"] for cause in conflict["details"]["causes"]] == ["ipykernel"]
    assert _codes(conflict) == ["add-channel"]


def test_a_channel_that_does_not_answer_offers_nothing(planner: Planner) -> None:
    content = json.loads(planner.machine.condarc.read_text())
    content["channels"] = [(planner.folder / "gone").as_uri()]
    planner.machine.condarc.write_text(json.dumps(content))
    conflict = planner.conflict(_text("python", "rare"))
    assert conflict["details"]["causes"][0]["line"] == 4
    assert "add-channel" not in _codes(conflict)


def test_an_export_from_windows_is_one_click_from_working(planner: Planner) -> None:
    planner.channel("lab", [*scientific(), record("ca-certificates", "2024.2.2", "here_0")])
    text = EXPORT.replace("conda-forge", "lab\n  - nodefaults")
    conflict = planner.conflict(text)
    assert [cause["line"] for cause in conflict["details"]["causes"]] == [7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert conflict["details"]["causes"][1]["message"] == (
        "Line 8 asks for icc_rt=2022.1.0=h6049295_2: icc_rt exists for Windows only."
    )
    first = conflict["details"]["remedies"][0]
    assert (first["code"], first["solves"]) == ("works-here", True)
    solution = planner.plan(first["text"])["solution"]
    chosen = {each["name"]: each["version"] for each in solution["packages"]}
    assert (chosen["numpy"], chosen["pandas"], chosen["python"]) == ("1.26.4", "2.2.0", "3.11.4")


def test_what_is_handed_on_is_bounded(planner: Planner) -> None:
    specs = [f"six=0.{number}" for number in range(3000)]
    conflict = planner.conflict(_text(*specs))
    assert len(conflict["details"]["reasons"]) <= MAX_REASONS
    assert len(conflict["details"]["causes"]) == 20
    assert len(conflict["details"]["missing"]) == 100
    long = _text("nunpy") + "#" * MAX_TEXT
    assert "remedies" not in planner.conflict(long)["details"]


def test_a_job_that_finds_no_solution_names_the_lines(planner: Planner, finished: Any) -> None:
    text = _text("python=3.12", "numpy=1.21")
    job: Job = finished(planner.service.life.create(Source(text.encode(), "environment.yml", None), "wanted"))
    error = job.as_dict()["error"]
    contract.validate(contract.component("Conflict"), error)
    assert error["message"] == MESSAGE
    assert [cause["line"] for cause in error["details"]["causes"]] == [3, 4]
    assert "remedies" not in error["details"]
    said = [entry["text"] for entry in planner.service.queue.store.whole_log(job.id)]
    assert any("cannot be installed because" in text for text in said)
