"""Who may be asked: conda's lists and the administrator's, wherever a channel is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_envlink.channel_rules import NO_LIMITS, Limits, refusal
from jupyter_envlink.channels import resolve
from jupyter_envlink.condarc import Condarc
from jupyter_envlink.errors import NotAllowed
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.network import Network, network_of
from jupyter_envlink.preview import check, solve
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from .conftest import Machine
from .server import Api

ALIAS = "https://conda.anaconda.org"


def refused(names: list[str], condarc: Condarc | None = None, limits: Limits = NO_LIMITS) -> NotAllowed | None:
    conda = condarc or Condarc()
    urls = resolve([*names, "nodefaults"], (), conda, {}).urls
    return refusal(urls, limits.rules(conda, network_of(conda, {})))


@pytest.mark.parametrize(
    ("condarc", "names", "allowed"),
    [
        (Condarc(), ["anything"], True),
        (Condarc(denylist_channels=("bioconda",)), ["conda-forge"], True),
        (Condarc(denylist_channels=("bioconda",)), ["conda-forge", "bioconda"], False),
        (Condarc(denylist_channels=("bioconda",)), [f"{ALIAS}/bioconda"], False),
        (Condarc(denylist_channels=("bioconda",)), ["https://me:pw@conda.anaconda.org/t/tk-1/bioconda"], False),
        (Condarc(denylist_channels=("bioconda",)), ["bioconda/linux-64"], False),
        (Condarc(denylist_channels=("defaults",)), ["pkgs/r"], False),
        (Condarc(allowlist_channels=("conda-forge",)), ["conda-forge"], True),
        (Condarc(allowlist_channels=("conda-forge",)), ["defaults"], False),
        (Condarc(allowlist_channels=("defaults",)), ["defaults"], True),
        (Condarc(allowlist_channels=("a", "b"), denylist_channels=("b",)), ["a"], True),
        (Condarc(allowlist_channels=("a", "b"), denylist_channels=("b",)), ["b"], False),
    ],
)
def test_condas_lists(condarc: Condarc, names: list[str], allowed: bool) -> None:
    assert (refused(names, condarc) is None) is allowed


@pytest.mark.parametrize(
    ("limits", "names", "allowed"),
    [
        (Limits(allowed=("conda-forge",)), ["conda-forge"], True),
        (Limits(allowed=("conda-forge",)), ["bioconda"], False),
        (Limits(allowed=("https://corp.example/*",)), ["https://corp.example/conda/a"], True),
        (Limits(allowed=("https://corp.example/*",)), ["https://corp.example.evil.example/a"], False),
        (Limits(denied=("defaults",)), ["defaults"], False),
        (Limits(denied=("*/bioconda",)), ["bioconda"], False),
    ],
)
def test_the_administrators_lists(limits: Limits, names: list[str], allowed: bool) -> None:
    assert (refused(names, limits=limits) is None) is allowed


def test_no_condarc_gives_an_allowed_name_to_another_place() -> None:
    redirected = Condarc(custom_channels={"conda-forge": "https://evil.example"})
    assert refused(["conda-forge"], redirected, Limits(allowed=("conda-forge",))) is not None


def test_of_a_mirrored_channel_the_mirrors_are_judged() -> None:
    mirrored = Condarc(mirrored_channels={"conda-forge": ("https://evil.example/conda-forge",)})
    assert refused(["conda-forge"], mirrored, Limits(allowed=("conda-forge",))) is not None
    assert refused(["conda-forge"], mirrored, Limits(allowed=("https://evil.example/*",))) is None
    assert refused(["conda-forge"], Condarc(allowlist_channels=("conda-forge",))) is None


def test_what_is_refused_is_named_with_who_says_so_and_no_secret() -> None:
    found = refused(["https://me:swordfish@x.example/c"], limits=Limits(denied=("https://x.example/*",)))
    assert found is not None
    assert found.code == "channel-not-allowed"
    assert "Policy.denied_channels" in found.message
    assert "x.example/c" in found.message
    assert "swordfish" not in json.dumps(found.as_dict())


def test_limits_are_kept_by_a_job() -> None:
    limits = Limits(("a",), ("b",))
    assert Limits.of(json.loads(json.dumps(limits.as_dict()))) == limits
    assert Limits.of({}).rules(Condarc(), Network()) == ()


TEXT = """name: named
channels:
  - conda-forge
  - bioconda
dependencies:
  - python
  - lab::tool
"""


def _deny(machine: Machine, *channels: str) -> None:
    content = {**json.loads(machine.condarc.read_text()), "denylist_channels": list(channels)}
    machine.condarc.write_text(json.dumps(content))


def _source(text: str = TEXT) -> Source:
    return Source(text.encode(), "environment.yml", None)


def _lines(diagnostics: list[dict[str, Any]]) -> list[int]:
    return [each["line"] for each in diagnostics if each["code"] == "channel-not-allowed"]


def test_check_marks_the_channel_where_it_stands(machine: Machine) -> None:
    _deny(machine, "bioconda", "lab")
    checked = check([_source()])["files"][0]
    assert not checked["ok"]
    assert _lines(checked["diagnostics"]) == [4, 7]


def test_check_asks_the_administrator_too(machine: Machine) -> None:
    checked = check([_source()], Limits(allowed=(f"{ALIAS}/bioconda", f"{ALIAS}/lab")))["files"][0]
    assert _lines(checked["diagnostics"]) == [3]


def test_plan_and_create_refuse_it_by_the_same_name(service: Envlink, machine: Machine) -> None:
    _deny(machine, "bioconda")
    plan = solve(service.preview.proposal(_source(), None))
    assert plan["solution"] is None
    assert plan["conflict"]["code"] == "channel-not-allowed"
    with pytest.raises(NotAllowed) as failed:
        service.life.create(_source(), None)
    assert failed.value.code == "channel-not-allowed"
    assert not (machine.envs / "named").exists()


def test_a_channel_that_only_condarc_names_is_refused_too(service: Envlink, machine: Machine) -> None:
    _deny(machine, "conda-forge")
    with pytest.raises(NotAllowed, match="denylist_channels"):
        service.life.create(_source("name: named\ndependencies: [python]\n"), None)


def test_the_worker_refuses_what_was_allowed_when_it_was_asked(
    service: Envlink, machine: Machine, finished: Callable[[Job], Job]
) -> None:
    """Between the request and the work somebody may have changed what a name means."""
    service.policy.allowed_channels = ["file://*"]
    service.queue.limit = 0
    job = service.life.create(_source("name: named\nchannels: [conda-forge]\ndependencies: [python]\n"), None)
    content = {**json.loads(machine.condarc.read_text()), "custom_channels": {}}
    machine.condarc.write_text(json.dumps(content))
    service.queue.limit = 1
    ended = finished(job)
    assert ended.progress.error is not None
    assert ended.progress.error["code"] == "channel-not-allowed"
    assert not (machine.envs / "named").exists()


async def test_over_http_it_is_403_by_its_code(api: Api, machine: Machine) -> None:
    _deny(machine, "bioconda")
    status, answer = await api("POST", "check", {"text": TEXT})
    assert (status, _lines(answer["files"][0]["diagnostics"])) == (200, [4, 7])
    status, answer = await api("POST", "plan", {"text": TEXT})
    assert (status, answer["conflict"]["code"]) == (200, "channel-not-allowed")
    status, answer = await api("POST", "environments", {"text": TEXT})
    assert (status, answer["code"]) == (403, "channel-not-allowed")


def test_a_job_is_tried_again_under_the_rules_of_now(
    service: Envlink, machine: Machine, finished: Callable[[Job], Job]
) -> None:
    text = b"name: again\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix=99]\n"
    failed = finished(service.life.create(Source(text, None, None), None))
    assert failed.progress.error is not None
    assert failed.progress.error["code"] == "package-not-found"
    service.policy.denied_channels = ["file://*"]
    again = finished(service.life.retry(failed.id))
    assert again.progress.error is not None
    assert again.progress.error["code"] == "channel-not-allowed"
    service.policy.read_only = True
    with pytest.raises(NotAllowed, match="read-only"):
        service.life.retry(failed.id)


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """As an administrator writes it into ``jupyter_server_config.py``."""
    return {**jp_server_config, "Policy": {"denied_channels": ["lab"]}}


async def test_what_the_administrator_configures_holds_over_http(api: Api) -> None:
    _, answer = await api("POST", "check", {"text": TEXT})
    assert _lines(answer["files"][0]["diagnostics"]) == [7]
