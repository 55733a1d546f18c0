"""What an open page is told, on the events' websocket, without asking."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import jupyter_envlink
from jupyter_envlink import live
from jupyter_envlink.environment import prefix_id

from .channel import Channel
from .conftest import Machine
from .prefixes import look_alike, real
from .server import Api, Events

Listening = Callable[[], Any]

SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"


@pytest.fixture
def machine(machine: Machine) -> Machine:
    """The folder of environments exists, so that it is watched from the start."""
    machine.envs.mkdir()
    return machine


def _environments(event: dict[str, Any]) -> bool:
    return bool(event["schema_id"] == live.ENVIRONMENTS)


def _schemas() -> dict[str, dict[str, Any]]:
    files = Path(jupyter_envlink.__file__).with_name("events").glob("*.yaml")
    return {schema["$id"]: schema for schema in (yaml.safe_load(path.read_text()) for path in files)}


def test_the_schemas_are_those_that_are_emitted() -> None:
    assert set(_schemas()) == {live.ENVIRONMENTS, live.JOB}


async def _created(api: Api, heard: Events, text: str) -> dict[str, Any]:
    """Hear of a creation until its job has ended and the environment is there; the job."""
    _, job = await api("POST", "environments", {"text": text})
    is_end = lambda event: event["schema_id"] == live.JOB and event["status"] in ("succeeded", "failed")  # noqa: E731
    ended = await heard.until(is_end)
    assert (ended["id"], ended["status"]) == (job["id"], "succeeded")
    return job


async def test_a_job_is_followed_to_its_end(api: Api, events: Listening) -> None:
    async with events() as heard:
        job = await _created(api, heard, SMALL)
    moves = [event for event in heard.heard if event["schema_id"] == live.JOB]
    assert {event["id"] for event in moves} == {job["id"]}
    assert (moves[-1]["phase"], moves[-1]["percent"]) != (None, None)
    percents = [event["percent"] for event in moves if event["percent"] is not None]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    # The environment is told of before the end of its job: whoever asks then finds it.
    kinds = [(event["schema_id"], event.get("status")) for event in heard.heard]
    assert any(_environments(event) and job["environment_id"] in event["added"] for event in heard.heard[:-1]), kinds


async def test_each_event_is_what_its_schema_says(api: Api, events: Listening) -> None:
    async with events() as heard:
        await _created(api, heard, SMALL)
    schemas = _schemas()
    for event in heard.heard:
        schema = schemas[event["schema_id"]]
        Draft202012Validator(schema).validate(event)
        assert set(event) == {"schema_id", *schema["properties"]}


async def test_no_event_tells_a_path_or_a_secret(
    api: Api, events: Listening, machine: Machine, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVLINK_SECRET", "hunter2")
    text = f"{SMALL}variables: {{TOKEN: swordfish}}\n".replace("[conda-forge]", "[conda-forge, nodefaults]")
    async with events() as heard:
        await _created(api, heard, text)
        status, job = await api("POST", "environments", {"text": _with_token(text), "name": "secret"})
        assert status == 202
        await heard.until(lambda event: event.get("id") == job["id"] and event["status"] == "failed")
    said = json.dumps(heard.heard)
    for secret in (str(machine.envs), str(machine.home), "swordfish", "hunter2", "tk-1234567"):
        assert secret not in said
    _, log = await api("GET", f"jobs/{job['id']}/log")
    _, failed = await api("GET", f"jobs/{job['id']}")
    assert "tk-1234567" not in json.dumps([log, failed])
    assert "hunter2" not in json.dumps([log, failed])


def _with_token(text: str) -> str:
    """A channel with a login that nobody answers for."""
    return text.replace("nodefaults]", "nodefaults, 'http://me:hunter2@127.0.0.1:9/t/tk-1234567/none']")


async def test_what_others_do_is_told_too(api: Api, events: Listening, machine: Machine, channel: Channel) -> None:
    prefix = machine.envs / "theirs"
    identity = prefix_id(str(prefix))
    async with events() as heard:
        await asyncio.to_thread(real, channel.conda_forge, prefix, ["envlink-text-prefix"])
        await heard.until(lambda event: _environments(event) and identity in event["added"], 10)
        await asyncio.to_thread(shutil.rmtree, prefix)
        await heard.until(lambda event: _environments(event) and identity in event["removed"], 10)
    assert all(_environments(event) for event in heard.heard)


async def test_kernels_have_changed_only_when_they_have(api: Api, events: Listening, machine: Machine) -> None:
    with_kernel, without = machine.envs / "kernel", machine.envs / "bare"
    await _registered(api)
    async with events() as heard:
        (without / "conda-meta").mkdir(parents=True)
        (without / "conda-meta" / "history").touch()
        told = await heard.until(lambda event: prefix_id(str(without)) in event.get("added", ()), 10)
        assert told["kernels_changed"] is False
        look_alike(with_kernel)
        told = await heard.until(lambda event: _environments(event) and event["kernels_changed"], 10)
        assert prefix_id(str(with_kernel)) in told["added"] + told["changed"]


async def test_attaching_and_detaching_are_told(api: Api, events: Listening, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "kernel")
    identity = prefix_id(str(prefix))
    await api("GET", "environments", refresh="1")
    async with events() as heard:
        await api("DELETE", f"environments/{identity}/kernel")
        told = await heard.until(lambda event: identity in event.get("changed", ()))
        assert told["kernels_changed"] is True
        await api("POST", f"environments/{identity}/kernel")
        told = await heard.until(lambda event: identity in event.get("changed", ()))
        assert told["kernels_changed"] is True


async def _registered(api: Api) -> None:
    """Wait until the server has registered what it found at its start: its own environment at least."""
    deadline = time.monotonic() + 30
    while True:
        _, listed = await api("GET", "environments")
        open_ones = [e for e in listed["environments"] if e["attached"] and not e["registered"]]
        if not [each for each in open_ones if not each["registration_problem"]]:
            break
        assert time.monotonic() < deadline, open_ones
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)  # the event of it


async def test_nothing_is_told_when_nothing_has_changed(api: Api, events: Listening, machine: Machine) -> None:
    await _registered(api)
    async with events() as heard:
        for _ in range(3):
            await api("GET", "environments", refresh="1")
        (machine.envs / "a file is no environment").touch()
        await heard.quiet(1.5)
        look_alike(machine.envs / "kernel")
        await heard.until(_environments, 10)


async def test_hiding_and_naming_are_told(api: Api, events: Listening, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "finance")
    environment = prefix_id(str(prefix))
    await api("GET", "environments", refresh="1")
    for body in ({"hidden": True}, {"hidden": False}, {"title": "Books"}, {"variables": {"A": "1"}}):
        async with events() as heard:
            assert (await api("PATCH", f"environments/{environment}/kernel", body))[0] == 200
            told = await heard.until(lambda event: _environments(event) and environment in event["changed"])
            assert told["kernels_changed"] is True, body
