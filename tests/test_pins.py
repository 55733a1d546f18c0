"""What conda's configuration adds to a request and keeps it to: default packages, pins, packages that are forbidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.condarc import Condarc
from jupyter_envlink.defaults import default_packages, unusable
from jupyter_envlink.envfile import read
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.pins import pins_of
from jupyter_envlink.preview import solve
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from . import contract
from .channel import Channel
from .conftest import Machine
from .prefixes import look_alike, real

TEXT = "name: named\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"


def configure(machine: Machine, **keys: Any) -> None:
    machine.condarc.write_text(json.dumps({**json.loads(machine.condarc.read_text()), **keys}))


def planned(service: Envlink, text: str = TEXT) -> dict[str, Any]:
    plan = solve(service.preview.proposal(Source(text.encode(), None, None), None))
    contract.validate(contract.component("Plan"), plan)
    return plan


def versions(plan: dict[str, Any]) -> dict[str, str]:
    assert plan["solution"], plan["conflict"]
    return {package["name"]: package["version"] for package in plan["solution"]["packages"]}


# create_default_packages


def test_default_packages_are_added_and_the_plan_says_why(service: Envlink, machine: Machine) -> None:
    configure(machine, create_default_packages=["tabulate =0.8.9", "humanize"])
    plan = planned(service, TEXT.replace("]\n", "]\n").replace("text-prefix", "text-prefix, humanize"))
    assert [each["spec"] for each in plan["added"]][:1] == ["tabulate =0.8.9"]
    assert "create_default_packages" in plan["added"][0]["reason"]
    assert len([each for each in plan["added"] if each["spec"] == "humanize"]) == 0
    assert versions(plan)["tabulate"] == "0.8.9"


def test_a_kernel_among_the_default_packages_needs_no_other(service: Envlink, machine: Machine) -> None:
    configure(machine, create_default_packages=["ipykernel"])
    plan = planned(service, TEXT.replace("envlink-text-prefix", "python"))
    assert [each["spec"] for each in plan["added"]] == ["ipykernel"]
    assert "create_default_packages" in plan["added"][0]["reason"]


def test_they_are_installed(service: Envlink, machine: Machine, finished: Callable[[Job], Job]) -> None:
    configure(machine, create_default_packages=["envlink-activate"])
    finished(service.life.create(Source(TEXT.encode(), None, None), None))
    assert list((machine.envs / "named/conda-meta").glob("envlink-activate-*.json"))


def test_what_is_no_spec_is_no_default_package_and_said() -> None:
    condarc = Condarc(create_default_packages=("numpy", "/tmp/x-1-0.conda", "a~b~c!!"))
    assert [each.spec for each in default_packages(read(TEXT), condarc)] == ["numpy"]
    assert len(unusable(condarc)) == 2


# pinned_packages


def test_pins_hold_for_what_comes_and_bring_nothing(service: Envlink, machine: Machine) -> None:
    configure(machine, pinned_packages=["tabulate <0.9", "humanize ==1000"])
    plan = planned(service, TEXT.replace("text-prefix", "text-prefix, tabulate"))
    assert versions(plan)["tabulate"].startswith("0.8.")
    assert "humanize" not in versions(plan)
    assert any("tabulate <0.9" in note and "pinned_packages" in note for note in plan["notes"])


def test_a_pin_that_cannot_be_kept_is_a_conflict_that_names_it(service: Envlink, machine: Machine) -> None:
    configure(machine, pinned_packages=["tabulate <0.9"])
    plan = planned(service, TEXT.replace("text-prefix", "text-prefix, tabulate >=0.9"))
    assert plan["solution"] is None
    assert "tabulate <0.9" in json.dumps(plan["conflict"])


def test_the_pins_of_an_environment_are_those_of_its_file_too(tmp_path: Path) -> None:
    meta = look_alike(tmp_path / "env") / "conda-meta"
    (meta / "pinned").write_text("# ours\nnumpy 1.26.*\n\npython\nnowhere\na~b~c!!\n")
    pins = pins_of(Condarc(pinned_packages=("tabulate=0.8.9",)), str(tmp_path / "env"))
    assert pins.constraints[:2] == ("tabulate=0.8.9", "numpy 1.26.*")
    assert pins.constraints[2].startswith("python ==")  # a name alone keeps what is installed
    assert len(pins.constraints) == 3
    assert any("a~b~c!!" in remark for remark in pins.remarks)
    assert any(str(meta / "pinned") in remark for remark in pins.remarks)


def test_a_kernel_is_installed_within_the_pins_of_the_environment(
    service: Envlink, machine: Machine, channel: Channel, finished: Callable[[Job], Job]
) -> None:
    minor = ".".join(channel.pythons[0].split(".")[:2])
    prefix = real(channel.conda_forge, machine.envs / "plain", [f"python {minor}.*"])
    (prefix / "conda-meta/pinned").write_text("ipykernel ==0.0.1\n")
    service.catalog.refresh()
    environment = next(each for each in service.catalog.snapshot.environments if each.name == "plain")
    job = service.attach(environment.id)
    assert isinstance(job, Job)
    ended = finished(job)
    assert ended.progress.error is not None
    assert "ipykernel ==0.0.1" in json.dumps(ended.progress.error)


@pytest.mark.parametrize("prune", [False, True])
def test_an_update_keeps_to_the_pins_of_the_environment(
    service: Envlink, machine: Machine, channel: Channel, prune: bool
) -> None:
    prefix = real(channel.conda_forge, machine.envs / "plain", ["envlink-text-prefix"])
    (prefix / "conda-meta/pinned").write_text("tabulate <0.9\n")
    service.catalog.refresh()
    environment = next(each for each in service.catalog.snapshot.environments if each.name == "plain")
    text = TEXT.replace("text-prefix", "text-prefix, tabulate")
    plan = solve(service.preview.update(Source(text.encode(), None, None), environment, prune))
    assert versions(plan)["tabulate"].startswith("0.8.")
    assert any(str(prefix / "conda-meta" / "pinned") in note for note in plan["notes"])


# disallowed_packages and others


def test_packages_that_are_forbidden_are_refused(service: Envlink, machine: Machine) -> None:
    configure(machine, disallowed_packages=["tabulate >=0.9"])
    refused = planned(service, TEXT.replace("text-prefix", "text-prefix, envlink-conflict-b"))
    assert refused["conflict"]["code"] == "package-not-allowed"
    assert "tabulate" in refused["conflict"]["message"]
    assert versions(planned(service, TEXT.replace("text-prefix", "text-prefix, envlink-conflict-a")))


def test_what_has_no_effect_here_is_said_in_the_plan(service: Envlink, machine: Machine) -> None:
    configure(machine, track_features=["nomkl"], solver="classic")
    notes = planned(service)["notes"]
    assert [note for note in notes if "track_features" in note]
    assert [note for note in notes if "solver" in note]


@pytest.mark.parametrize("wanted", [True, False])
def test_pip_comes_with_python_where_that_is_set(service: Envlink, machine: Machine, wanted: bool) -> None:
    configure(machine, add_pip_as_python_dependency=wanted)
    assert ("pip" in versions(planned(service, TEXT.replace("envlink-text-prefix", "python")))) is wanted
