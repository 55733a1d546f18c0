"""Cloning and renaming over HTTP; notebooks that name a kernel by its former name get it."""

from __future__ import annotations

import asyncio
import json
import shutil
from typing import Any

import pytest

from jupyter_envlink.environment import prefix_id

from .channel import Channel
from .conftest import Machine
from .prefixes import look_alike
from .server import Api
from .test_operations import bare
from .test_routes import NO_ID, Fetch, _kernelspecs, _run_cell, _until_ended


async def test_a_notebook_with_a_renamed_environments_former_kernel_starts(
    api: Api, machine: Machine, channel: Channel, jp_fetch: Fetch, jp_ws_fetch: Fetch
) -> None:
    await asyncio.to_thread(bare, machine.envs / "finance", channel, "ipykernel")
    await api("GET", "environments", refresh="1")
    path = f"environments/{prefix_id(str(machine.envs / 'finance'))}"
    kernel = json.loads((await jp_fetch("api", "kernels", method="POST", body='{"name": "finance"}')).body)["id"]

    status, answer = await api("PATCH", path, {"name": "money"})
    assert (status, answer["code"], [each["id"] for each in answer["details"]["kernels"]]) == (409, "in-use", [kernel])
    await jp_fetch("api", "kernels", kernel, method="DELETE")
    status, job = await api("PATCH", path, {"name": "money"})
    assert status == 202
    job = await _until_ended(job, api)

    money = await api.listed("money")
    assert (job["operation"], job["prefix"], money["id"]) == (
        "rename",
        str(machine.envs / "money"),
        job["environment_id"],
    )
    assert (money["attached"], await api.environment("finance")) == (True, None)
    specs = await _kernelspecs(jp_fetch)
    assert ("money" in specs, "finance" in specs) == (True, False)
    kernel = json.loads((await jp_fetch("api", "kernels", method="POST", body='{"name": "finance"}')).body)["id"]
    printed = await _run_cell(jp_fetch, jp_ws_fetch, kernel, "import sys; print(sys.prefix)")
    assert printed.strip() == str(machine.envs / "money")
    await jp_fetch("api", "kernels", kernel, method="DELETE")


async def test_a_clone_over_http(
    api: Api, machine: Machine, channel: Channel, jp_fetch: Fetch, jp_ws_fetch: Fetch
) -> None:
    await asyncio.to_thread(bare, machine.envs / "finance", channel, "ipykernel")
    await api("GET", "environments", refresh="1")

    status, job = await api("POST", f"environments/{prefix_id(str(machine.envs / 'finance'))}/clone", {"name": "other"})
    assert status == 202
    job = await _until_ended(job, api)

    shutil.rmtree(machine.envs / "finance")
    other = await api.listed("other")
    assert (job["operation"], other["id"], other["attached"]) == ("clone", job["environment_id"], True)
    kernel = json.loads((await jp_fetch("api", "kernels", method="POST", body='{"name": "other"}')).body)["id"]
    printed = await _run_cell(jp_fetch, jp_ws_fetch, kernel, "import sys; print(sys.prefix)")
    assert printed.strip() == str(machine.envs / "other")
    await jp_fetch("api", "kernels", kernel, method="DELETE")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": ""}, (400, "invalid-name")),
        ({"name": "../x"}, (400, "invalid-name")),
        ({"name": 1}, (400, "invalid-request")),
        ({"name": "finance"}, (409, "exists")),
        ([], (400, "invalid-request")),
        (None, (400, "invalid-request")),
    ],
)
async def test_names_that_cannot_be(api: Api, machine: Machine, body: Any, expected: tuple[int, str]) -> None:
    prefix = look_alike(machine.envs / "finance")
    await api("GET", "environments", refresh="1")
    path = f"environments/{prefix_id(str(prefix))}"

    status, error = await api("POST", f"{path}/clone", body)
    assert (status, error["code"]) == expected
    assert error["remedy"]
    if isinstance(body, dict):
        status, error = await api("PATCH", path, body)
        assert (status, error["code"]) == expected


async def test_what_is_not_there_has_no_other_name(api: Api) -> None:
    assert (await api("POST", f"environments/{NO_ID}/clone", {"name": "x"}))[0] == 404
    assert (await api("PATCH", f"environments/{NO_ID}", {"name": "x"}))[0] == 404


async def test_the_servers_own_environment_is_not_renamed(api: Api, machine: Machine) -> None:
    _, listed = await api("GET", "environments", refresh="1")
    own = next(each for each in listed["environments"] if each["is_server"])

    status, error = await api("PATCH", f"environments/{own['id']}", {"name": "other"})

    assert (status, error["code"]) == (403, "not-allowed")
