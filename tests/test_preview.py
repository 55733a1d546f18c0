from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_envlink.errors import InvalidFile, InvalidName
from jupyter_envlink.preview import check, solve
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from . import contract
from .conftest import Machine

TEXT = "name: named\nchannels: [conda-forge]\ndependencies: [python=3.11, humanize]\n"


def _source(text: str, path: str | None = None) -> Source:
    return Source(text.encode(), path, None)


def test_check_is_what_the_contract_says() -> None:
    checked = check([_source(TEXT, "a.yml"), _source("[", "b.yml")])
    for file in checked["files"]:
        contract.validate(contract.component("CheckedFile"), file)
    assert [file["ok"] for file in checked["files"]] == [True, False]


@pytest.mark.parametrize(
    ("text", "path", "asked", "name"),
    [
        (TEXT, None, None, "named"),
        (TEXT, None, "asked", "asked"),
        (TEXT, "folder/environment.yml", None, "named"),
        (TEXT.partition("\n")[2], "My Folder/environment.yml", None, "my-folder"),
        (TEXT.partition("\n")[2], "My Folder/other.yml", None, "other"),
    ],
)
def test_the_name_that_it_would_bear(
    service: Envlink, machine: Machine, text: str, path: str | None, asked: str | None, name: str
) -> None:
    proposal = service.preview.proposal(_source(text, path), asked)
    assert (proposal.name, proposal.prefix) == (name, str(machine.envs / name))
    proposal.refuse_problems()


def test_an_empty_name_is_a_wrong_one_not_a_missing_one(service: Envlink) -> None:
    with pytest.raises(InvalidName):
        service.preview.proposal(_source(TEXT), "").refuse_problems()


def test_errors_of_the_file_come_before_those_of_the_name(service: Envlink) -> None:
    with pytest.raises(InvalidFile, match=r"x\.yml, line 1"):
        service.preview.proposal(_source("- a", "x.yml"), "a/b").refuse_problems()


def test_plan_says_what_is_added_and_why(service: Envlink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "empty"))
    plan = solve(service.preview.proposal(_source(TEXT), None))
    contract.validate(contract.component("Plan"), plan)
    assert [each["spec"] for each in plan["added"]] == ["ipykernel"]
    assert all(each["reason"] for each in plan["added"])
    names = {package["name"] for package in plan["solution"]["packages"]}
    assert {"python", "humanize", "ipykernel"} <= names
    assert (plan["operation"], plan["environment_id"], plan["format"]) == ("create", None, "environment-yml")
    solution = plan["solution"]
    assert solution["changes"]["install"] == solution["packages"]
    assert 0 < solution["download_bytes"] < solution["disk_bytes"]


def test_no_secret_of_a_channel_is_shown(service: Envlink) -> None:
    secret = "https://me:swordfish@127.0.0.1:9/t/tk-12345678/private"
    plan = service.preview.proposal(_source(TEXT.replace("conda-forge", secret)), None).as_dict()
    assert "swordfish" not in str(plan["channels"])
    assert "tk-12345678" not in str(plan["channels"])


def test_platform_is_one_of_condas(service: Envlink) -> None:
    assert service.preview.platform().partition("-")[0] in {"linux", "osx", "win"}
