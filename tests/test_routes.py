from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth import Authorizer

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.manager import EnvlinkKernelSpecManager
from jupyter_envlink.routes import ROUTES
from jupyter_envlink.routes.base import AUTH_RESOURCE
from jupyter_envlink.source import LARGEST

from . import contract
from .channel import Channel
from .channel.server import FaultServer
from .conftest import Machine
from .prefixes import look_alike, real
from .server import Api
from .wheels import venv
from .writing import tree_of

Fetch = Callable[..., Awaitable[Any]]

NO_ID, NO_JOB = "0123456789ab", "20260101-000000-00000000"
SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
FINANCE = """\
name: finance
channels:
  - conda-forge
dependencies:
  - python=3.11
  - humanize
  - pip:
      - --no-index
      - --find-links wheels
      - tabulate
variables:
  FINANCE_SEED: "42"
"""


def _every_verb() -> list[tuple[str, str]]:
    """Method and path of everything that is served, with ids that nothing has."""
    return [
        (verb.upper(), re.sub(r"\(\?P<(\w+)>.*?\)", lambda m: NO_JOB if m[1] == "job_id" else NO_ID, route))
        for route, handler in ROUTES
        for verb in contract.VERBS
        if verb in vars(handler)
    ]


class Deny(Authorizer):
    """Refuses one action on environments, and remembers what it was asked."""

    denied = ""
    asked: set[tuple[str, str]] = set()  # cleared by the fixture

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        self.asked.add((action, resource))
        return (action, resource) != (self.denied, AUTH_RESOURCE)


@pytest.fixture(params=["read", "write"])
def denied(request: pytest.FixtureRequest, jp_server_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(Deny, "denied", request.param)
    monkeypatch.setattr(Deny, "asked", set())
    jp_server_config["ServerApp"]["authorizer_class"] = Deny
    return str(request.param)


# who may ask


async def test_nothing_is_told_to_strangers(running: Any, jp_fetch: Fetch) -> None:
    for method, path in _every_verb():
        given = await jp_fetch(
            "envlink/api",
            path,
            method=method,
            headers={"Authorization": "token wrong"},
            allow_nonstandard_methods=True,
            raise_error=False,
        )
        assert given.code == 403, (method, path)
        contract.validate(contract.component("Error"), json.loads(given.body))


async def test_each_verb_asks_the_authorizer(denied: str, api: Api) -> None:
    for method, path in _every_verb():
        status, body = await api.raw(method, path, "{}" if method == "POST" else None)
        action = "read" if method == "GET" else "write"
        assert (status == 403) == (action == denied), (method, path, body)
        if status == 403:
            contract.validate(contract.component("Error"), body)
    assert {("read", AUTH_RESOURCE), ("write", AUTH_RESOURCE)} <= Deny.asked


async def test_a_page_of_another_site_can_change_nothing(running: Any, jp_fetch: Fetch) -> None:
    """A browser sends its cookie along with any site's request; the XSRF header is what the site cannot know."""
    token = running.identity_provider.token
    login = await jp_fetch("api", "me", params={"token": token}, headers={"Authorization": ""})
    cookies = "; ".join(each.partition(";")[0] for each in login.headers.get_list("Set-Cookie"))
    body = json.dumps({"text": SMALL})
    for headers, status in (({}, 403), ({"X-XSRFToken": "wrong"}, 403)):
        given = await jp_fetch(
            "envlink/api/environments",
            method="POST",
            body=body,
            headers={"Authorization": "", "Cookie": cookies, **headers},
            raise_error=False,
        )
        assert given.code == status, given.body
    given = await jp_fetch("envlink/api/environments", headers={"Authorization": "", "Cookie": cookies})
    assert given.code == 200  # the cookie itself is good


async def test_verbs_and_paths_that_are_not_there(api: Api) -> None:
    assert (await api.raw("PUT", "environments", "{}"))[0] == 405
    for path in ("nothing", "environments/not-an-id", "jobs/x", "jobs/..%2F..%2Fetc", f"environments/{NO_ID}/x"):
        status, body = await api.raw("GET", path)
        assert status == 404, path
        contract.validate(contract.component("Error"), body)


@pytest.mark.parametrize(("method", "path"), [each for each in _every_verb() if "0" in each[1]])
async def test_ids_that_nothing_has(api: Api, method: str, path: str) -> None:
    status, body = await api(method, path)
    assert (status, body["code"]) == (404, "not-found")
    assert body["message"]
    assert body["remedy"]


# what they ask


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (b"", "invalid-request", "no body"),
        (b"{", "bad-request", "JSON"),
        (b'"\xff"', "bad-request", "UTF-8"),
        (b"[]", "invalid-request", "not a JSON object"),
        (b"null", "invalid-request", "no body"),
        (b"{}", "invalid-request", "names no file"),
        (b'{"text": 5}', "invalid-request", "'text' is not a"),
        (b'{"path": ["x"]}', "invalid-request", "'path' is not a"),
        (b'{"text": null}', "invalid-request", "'text' is not a"),
        (b'{"text": "", "prefix": "/x"}', "invalid-request", "unknown key 'prefix'"),
        (b'{"text": "", "solve": 1}', "invalid-request", "'solve' is not a"),
        (json.dumps({"text": "#" * (LARGEST + 1)}).encode(), "invalid-request", "larger than 16 MiB"),
    ],
    ids=lambda value: repr(value)[:30],
)
async def test_bodies_that_are_no_request(api: Api, body: bytes, code: str, says: str) -> None:
    for path in ("environments", "check", "plan"):
        status, answer = await api.raw("POST", path, body)
        contract.check("POST", f"/{path}", status, answer)
        assert (status, answer["code"]) == (400, code), (path, answer)
        assert re.search(says, answer["message"]), answer
        assert answer["remedy"]


@pytest.mark.parametrize("path", ["../outside.yml", "/../outside.yml", "a/../../outside.yml", "~/x.yml", "x\0.yml", ""])
async def test_files_outside_the_root_folder(api: Api, jp_root_dir: Path, path: str) -> None:
    (jp_root_dir.parent / "outside.yml").write_text(SMALL)
    for route in ("environments", "check", "plan"):
        status, answer = await api("POST", route, {"path": path})
        assert status in (400, 404), answer
        assert str(jp_root_dir.parent) not in json.dumps(answer)


async def test_an_absolute_path_counts_from_the_root_folder(api: Api, jp_root_dir: Path) -> None:
    status, _ = await api("POST", "check", {"path": "/etc/passwd"})
    assert status == 404
    (jp_root_dir / "etc").mkdir()
    (jp_root_dir / "etc" / "passwd").write_text(SMALL)
    status, answer = await api("POST", "check", {"path": "/etc/passwd"})
    assert (status, answer["files"][0]["name"]) == (200, "small")


async def test_a_link_that_leads_out_of_the_root_folder(api: Api, jp_root_dir: Path) -> None:
    """As the contents API has it: who made the link below the root may follow it."""
    (jp_root_dir.parent / "outside.yml").write_text(SMALL)
    (jp_root_dir / "link.yml").symlink_to(jp_root_dir.parent / "outside.yml")
    status, _ = await api("POST", "check", {"path": "link.yml"})
    assert status == 200


async def test_a_folder_and_a_pipe_are_no_files(api: Api, jp_root_dir: Path) -> None:
    (jp_root_dir / "folder").mkdir()
    os.mkfifo(jp_root_dir / "pipe")
    for name in ("folder", "pipe"):
        status, answer = await asyncio.wait_for(api("POST", "check", {"path": name}), 5)
        assert (status, answer["code"]) == (400, "invalid-request"), name


async def test_arguments_that_are_no_numbers(api: Api, jp_root_dir: Path) -> None:
    assert (await api("GET", "environments", refresh="2"))[0] == 400
    _, job = await api("POST", "environments", {"text": SMALL})
    for offset in ("-1", "x", "1.5", "٣", "9" * 30):
        status, answer = await api("GET", f"jobs/{job['id']}/log", offset=offset)
        assert status == 400, (offset, answer)
    await api.ended(job)


# what they get


async def test_info(api: Api, machine: Machine) -> None:
    status, info = await api("GET", "info")
    assert (status, info["envs_dir"], info["kernel_spec_manager"]) == (200, str(machine.envs), True)


async def test_check_says_where(api: Api) -> None:
    _, checked = await api("POST", "check", {"text": "dependencies:\n  - python: 3.8\n", "path": "x.yml"})
    (file,) = checked["files"]
    assert (file["ok"], file["path"]) == (False, "x.yml")
    assert [(each["code"], each["line"]) for each in file["diagnostics"] if each["severity"] == "error"] == [
        ("colon-typo", 2)
    ]


async def test_plan_with_and_without_a_solution(api: Api, machine: Machine) -> None:
    _, plan = await api("POST", "plan", {"text": SMALL, "solve": False})
    assert (plan["name"], plan["prefix"], plan["solution"]) == ("small", str(machine.envs / "small"), None)
    _, plan = await api("POST", "plan", {"text": SMALL, "name": "other"})
    assert plan["prefix"] == str(machine.envs / "other")
    assert [each["name"] for each in plan["solution"]["packages"]] == ["envlink-text-prefix"]
    _, plan = await api("POST", "plan", {"text": SMALL.replace("envlink-text-prefix", "no-such-package")})
    assert (plan["conflict"]["code"], plan["solution"]) == ("package-not-found", None)
    _, plan = await api("POST", "plan", {"text": SMALL, "name": "a/b"})
    assert plan["name_problem"]["code"] == "invalid-name"
    _, plan = await api("POST", "plan", {"text": "dependencies: 5"})
    assert [each["severity"] for each in plan["diagnostics"]].count("error") == 1
    assert not machine.envs.exists()


async def test_an_update_is_planned(api: Api, machine: Machine, channel: Channel) -> None:
    specs = ["envlink-text-prefix", "envlink-binary-prefix"]
    await asyncio.to_thread(real, channel.conda_forge, machine.envs / "small", specs)
    _, listed = await api("GET", "environments", refresh="1")
    (environment,) = [each["id"] for each in listed["environments"] if each["name"] == "small"]
    asked = {"text": SMALL, "environment": environment}
    _, plan = await api("POST", "plan", {**asked, "solve": False})
    assert (plan["operation"], plan["environment_id"], plan["solution"]) == ("update", environment, None)
    _, plan = await api("POST", "plan", asked)
    assert plan["solution"]["changes"]["unchanged"] == 2
    _, plan = await api("POST", "plan", {**asked, "prune": True})
    assert [each["name"] for each in plan["solution"]["changes"]["remove"]] == ["envlink-binary-prefix"]
    (machine.envs / "small" / "conda-meta" / "frozen").write_text('{"message": "Leave it."}')
    await api("GET", "environments", refresh="1")
    frozen = await api.environment("small")
    assert frozen
    assert "CEP 22" in frozen["not_changeable"]
    assert frozen["not_removable"] is None
    status, error = await api("POST", "plan", asked)
    assert (status, error["code"]) == (403, "frozen")
    assert "Leave it." in error["message"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"environment": NO_ID, "name": "x"}, "Both environment and name"),
        ({"prune": True}, "prune is given, and no environment"),
        ({"environment": 5}, "'environment' is not a str"),
        ({"environment": NO_ID, "prune": 1}, "'prune' is not a bool"),
    ],
)
async def test_updates_that_cannot_be_planned(api: Api, more: dict[str, Any], says: str) -> None:
    status, error = await api("POST", "plan", {"text": SMALL, **more})
    assert (status, says in error["message"]) == (400, True)
    assert (await api("POST", "check", {"text": SMALL, **more}))[0] == 400


async def test_a_plan_that_nobody_waits_for_is_given_up(
    api: Api,
    running: Any,
    machine: Machine,
    jp_serverapp: Any,
    jp_auth_header: dict[str, str],
    fault_server: FaultServer,
) -> None:
    fault_server.stall("*repodata*")
    text = f"channels: ['{fault_server.url}/conda-forge', nodefaults]\ndependencies: [humanize]\n"
    _, writer = await asyncio.open_connection("127.0.0.1", jp_serverapp.port)
    body = json.dumps({"text": text}).encode()
    head = {"Host": "localhost", "Content-Length": str(len(body)), **jp_auth_header}
    lines = [
        f"POST {jp_serverapp.base_url}envlink/api/plan HTTP/1.1",
        *(f"{key}: {value}" for key, value in head.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    planner = jp_serverapp.web_app.settings["envlink"].planner
    await _until(lambda: bool(fault_server.requests))
    assert planner.busy
    writer.close()
    await writer.wait_closed()
    await _until(lambda: not planner.busy)
    _, plan = await api("POST", "plan", {"text": SMALL})  # the process goes on
    assert plan["conflict"] is None


async def _until(holds: Callable[[], bool], within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        await asyncio.sleep(0.02)


async def test_an_update_of_nothing(api: Api) -> None:
    status, _ = await api("POST", "plan", {"text": SMALL, "environment": NO_ID})
    assert status == 404


async def test_a_name_that_is_taken(api: Api, machine: Machine) -> None:
    (machine.envs / "small").mkdir(parents=True)
    (machine.envs / "small" / "precious").touch()
    status, answer = await api("POST", "environments", {"text": SMALL})
    assert (status, answer["code"]) == (409, "exists")
    assert (machine.envs / "small" / "precious").exists()


async def test_two_jobs_for_one_place(api: Api, machine: Machine) -> None:
    answers = [await api("POST", "environments", {"text": SMALL}) for _ in range(2)]
    assert sorted(status for status, _ in answers) == [202, 409]
    job = next(body for status, body in answers if status == 202)
    assert (await api.ended(job))["status"] == "succeeded"


async def test_a_job_cancelled_and_tried_again(api: Api, machine: Machine) -> None:
    _, job = await api("POST", "environments", {"text": SMALL})
    assert (await api("POST", f"jobs/{job['id']}/retry"))[0] == 409
    status, cancelled = await api("DELETE", f"jobs/{job['id']}")
    assert (status, cancelled["status"]) == (202, "cancelled")
    assert not (machine.envs / "small").exists()
    assert (await api("DELETE", f"jobs/{job['id']}"))[0] == 409
    status, again = await api("POST", f"jobs/{job['id']}/retry")
    assert status == 202
    assert again["id"] != job["id"]
    assert (await api.ended(again))["status"] == "succeeded"
    _, listed = await api("GET", "jobs")
    assert [each["id"] for each in listed["jobs"]] == [again["id"], job["id"]]


async def test_the_file_of_a_job_is_there_to_be_mended(api: Api, machine: Machine) -> None:
    text = SMALL.replace("envlink-text-prefix", "envlink-text-prefix=99")
    _, job = await api("POST", "environments", {"text": text})
    failed = await api.ended(job)
    assert [cause["line"] for cause in failed["error"]["details"]["causes"]] == [3]
    status, file = await api("GET", f"jobs/{job['id']}/file")
    assert (status, file) == (200, {"path": None, "text": text})
    _, plan = await api("POST", "plan", {"text": file["text"]})
    remedy = plan["conflict"]["details"]["remedies"][0]
    assert (remedy["code"], remedy["solves"]) == ("relax-envlink-text-prefix", True)
    _, job = await api("POST", "environments", {"text": remedy["text"]})
    assert (await api.ended(job))["status"] == "succeeded"
    _, removal = await api("DELETE", f"environments/{job['environment_id']}")
    assert (await api("GET", f"jobs/{removal['id']}/file"))[0] == 404


async def test_retry_of_what_exists_by_now(api: Api) -> None:
    _, job = await api("POST", "environments", {"text": SMALL})
    await api.ended(job)
    status, again = await api("POST", f"jobs/{job['id']}/retry")
    if status == 202:
        again = (await api.ended(again))["error"]
    assert again["code"] == "exists"


async def test_the_log_by_offset(api: Api) -> None:
    _, job = await api("POST", "environments", {"text": SMALL})
    entries, offset, finished = [], 0, False
    while not finished:
        _, log = await api("GET", f"jobs/{job['id']}/log", offset=str(offset))
        entries, offset, finished = entries + log["entries"], log["next_offset"], log["finished"]
    _, whole = await api("GET", f"jobs/{job['id']}/log")
    assert whole["entries"] == entries
    assert [each["phase"] for each in entries if each["kind"] == "phase"][:1] == ["solving"]
    _, beyond = await api("GET", f"jobs/{job['id']}/log", offset=str(offset + 1000))
    assert beyond["entries"] == []


async def test_an_environment_without_a_kernel(api: Api, machine: Machine, channel: Channel) -> None:
    await asyncio.to_thread(real, channel.conda_forge, machine.envs / "bare", ["envlink-text-prefix"])
    await api("GET", "environments", refresh="1")
    bare = await api.environment("bare")
    assert bare
    assert (bare["state"], bare["problem"]["remedy"] != "") == ("no-kernel", True)
    status, answer = await api("POST", f"environments/{bare['id']}/kernel")
    assert (status, answer["code"]) == (409, "not-ready")
    assert answer["remedy"]


@pytest.mark.usefixtures("index")
async def test_a_kernel_beside_an_environment(api: Api, machine: Machine) -> None:
    prefix = await asyncio.to_thread(venv, machine.home / ".virtualenvs" / "sandbox")
    before = tree_of(prefix)
    await api("GET", "environments", refresh="1")
    found = await api.environment("sandbox")
    assert found
    assert (found["state"], found["actions"]) == ("no-kernel", ["install-kernel", "overlay"])
    path = f"environments/{found['id']}/kernel"

    status, job = await api("POST", path, {"how": "overlay"})
    assert (status, job["operation"], job["environment_id"]) == (202, "overlay", found["id"])
    assert (await api("POST", path, {"how": "install"}))[0] == 409, "two jobs for one environment"
    assert (await api.ended(job))["status"] == "succeeded"

    ready = await api.environment("sandbox")
    assert ready
    assert (ready["state"], ready["overlay"], ready["attached"], ready["actions"]) == ("ready", True, True, [])
    assert (await api("POST", path, {"how": "install"}))[0] == 200, "it has a kernel"
    status, left = await api("DELETE", path)
    assert (status, left["state"], left["overlay"]) == (200, "no-kernel", False)
    assert tree_of(prefix) == before


@pytest.mark.parametrize("body", [[], "overlay", {"how": "both"}, {"how": None}, {"how": "overlay", "more": 1}])
async def test_a_kernel_that_nobody_can_have(api: Api, body: Any) -> None:
    status, error = await api("POST", f"environments/{NO_ID}/kernel", body)
    assert (status, error["code"], bool(error["remedy"])) == (400, "invalid-request", True)


async def test_the_servers_own_environment_is_not_removable(api: Api) -> None:
    _, listed = await api("GET", "environments")
    for own in [each for each in listed["environments"] if each["is_server"]]:
        assert own["not_removable"]
        assert own["not_changeable"]
        assert (await api("DELETE", f"environments/{own['id']}"))[0] == 403


@pytest.fixture
def read_only(jp_server_config: dict[str, Any]) -> None:
    jp_server_config["Policy"] = {"read_only": True}


async def test_a_server_that_is_read_only(read_only: None, api: Api, machine: Machine, channel: Channel) -> None:
    await asyncio.to_thread(real, channel.conda_forge, machine.envs / "bare", ["envlink-text-prefix"])
    await api("GET", "environments", refresh="1")
    bare = await api.environment("bare")
    assert bare
    for method, path, body in (
        ("POST", "environments", {"text": SMALL}),
        ("DELETE", f"environments/{bare['id']}", None),
    ):
        status, answer = await api(method, path, body)
        assert (status, answer["code"]) == (403, "not-allowed")
        assert "read-only" in answer["message"]
    assert (await api("GET", "info"))[1]["read_only"] is True
    assert sorted(path.name for path in machine.envs.iterdir() if path.name != ".envlink") == ["bare"]


async def test_a_data_folder_that_cannot_be_written(api: Api, machine: Machine) -> None:
    _put_a_file(machine.data / "envlink")
    status, answer = await api("POST", "environments", {"text": SMALL})
    assert (status, answer["code"]) == (507, "disk-error")
    assert str(machine.data / "envlink") in answer["message"]
    assert answer["remedy"]
    assert (await api("GET", "environments"))[0] == 200


def _put_a_file(folder: Path) -> None:
    """In the place of a folder that the server may be making again at this moment."""
    deadline = time.monotonic() + 20
    while not folder.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(IsADirectoryError):
            folder.write_text("a file where a folder is wanted")
        assert time.monotonic() < deadline


async def test_a_garbled_job_hides_no_other(api: Api, machine: Machine) -> None:
    _, job = await api("POST", "environments", {"text": SMALL})
    await api.ended(job)
    jobs = machine.data / "envlink" / "jobs"
    for name, content in (("20990101-000000-aaaaaaaa", "{"), ("20990101-000000-bbbbbbbb", '{"operation": "dance"}')):
        (jobs / name).mkdir()
        (jobs / name / "job.json").write_text(content)
    _, listed = await api("GET", "jobs")
    assert [each["id"] for each in listed["jobs"]] == [job["id"]]
    assert (await api("GET", "jobs/20990101-000000-bbbbbbbb"))[0] == 404


# the whole life


async def _kernelspecs(jp_fetch: Fetch) -> dict[str, Any]:
    return dict(json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"])


async def _run_cell(jp_fetch: Fetch, jp_ws_fetch: Fetch, kernel_id: str, code: str) -> str:
    """What a cell prints on a kernel that the server has started."""
    socket = await jp_ws_fetch("api", "kernels", kernel_id, "channels")
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "s", "username": "", "version": "5"}
    content = {"code": code, "silent": False, "store_history": False, "stop_on_error": True}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    socket.write_message(json.dumps(message))
    printed, waiting = "", {"execute_reply", "idle"}  # two sockets of the kernel: either may be first
    while waiting:
        said = json.loads(await asyncio.wait_for(socket.read_message(), 60))
        assert said["msg_type"] != "error", said["content"]
        if said["parent_header"].get("msg_id") == header["msg_id"]:
            printed += said["content"].get("text", "")
            waiting -= {said["msg_type"], said["content"].get("execution_state")}
    socket.close()
    return printed


async def _until_ended(job: dict[str, Any], api: Api) -> dict[str, Any]:
    ended = await api.ended(job)
    assert ended["status"] == "succeeded", ended["error"]
    return ended


async def test_from_a_file_to_a_running_kernel_and_back(
    api: Api, machine: Machine, channel: Channel, jp_root_dir: Path, jp_fetch: Fetch, jp_ws_fetch: Fetch
) -> None:
    (jp_root_dir / "finance").mkdir()
    (jp_root_dir / "finance" / "environment.yml").write_text(FINANCE)
    (jp_root_dir / "finance" / "wheels").symlink_to(channel.wheels)
    prefix = str(machine.envs / "finance")

    _, plan = await api("POST", "plan", {"path": "finance/environment.yml"})
    assert (plan["name"], plan["conflict"], [each["spec"] for each in plan["added"]]) == (
        "finance",
        None,
        ["pip", "ipykernel"],
    )

    status, job = await api("POST", "environments", {"path": "finance/environment.yml"})
    assert status == 202
    job = await _until_ended(job, api)
    ended = time.monotonic()
    while "finance" not in (specs := await _kernelspecs(jp_fetch)):
        assert time.monotonic() - ended < 1, "the kernel is not in the menu a second after the job's end"
    assert specs["finance"]["spec"]["display_name"] == "finance (Python 3.11)"

    _, found = await api("GET", f"environments/{job['result']['environment_id']}")
    assert (found["state"], found["prefix"], found["attached"]) == ("ready", prefix, True)
    assert [kernel["name"] for kernel in found["kernels"]] == ["finance"]
    by_conda = [package for package in found["packages"] if package["manager"] == "conda"]
    assert len(by_conda) == job["result"]["packages"]
    assert {each["name"]: each["requested"] for each in found["packages"]}["tabulate"] == "tabulate"

    started = json.loads((await jp_fetch("api", "kernels", method="POST", body='{"name": "finance"}')).body)
    code = "import sys, os, humanize, tabulate; print(sys.prefix, tabulate.__path__[0], os.environ['FINANCE_SEED'])"
    assert (await _run_cell(jp_fetch, jp_ws_fetch, started["id"], code)).split() == [
        prefix,
        f"{prefix}/lib/python3.11/site-packages/tabulate",
        "42",
    ]

    await _registered(machine, "finance")
    await _detached_and_attached(api, found["id"], jp_fetch, machine)
    await _removed(api, found["id"], started["id"], jp_fetch, machine)


async def test_a_kernel_is_named_hidden_and_given_variables(api: Api, machine: Machine, jp_fetch: Fetch) -> None:
    prefix = look_alike(machine.envs / "finance")
    await api("GET", "environments", refresh="1")
    path = f"environments/{prefix_id(str(prefix))}/kernel"
    status, shown = await api("PATCH", path, {"title": "Books", "variables": {"A": "$x", "B": ""}})
    assert (status, shown["title"], shown["variables"], shown["hidden"]) == (200, "Books", {"A": "$x", "B": ""}, False)
    assert [kernel["display_name"] for kernel in shown["kernels"]] == ["Books"]
    served = json.loads((await jp_fetch("api", "kernelspecs", "finance")).body)["spec"]
    assert (served["display_name"], served["env"]["A"]) == ("Books", "$$x")

    status, shown = await api("PATCH", path, {"hidden": True, "variables": {"A": None}})
    assert (shown["hidden"], shown["attached"], shown["variables"]) == (True, True, {"B": ""})
    assert "finance" not in await _kernelspecs(jp_fetch)
    assert json.loads((await jp_fetch("api", "kernelspecs", "finance")).body)["name"] == "finance"
    listed = await api.environment("finance")
    assert listed is not None
    assert (listed["hidden"], listed["title"]) == (True, "Books")

    status, shown = await api("PATCH", path, {"hidden": False, "title": None})
    assert (shown["hidden"], shown["title"]) == (False, None)
    assert "finance" in await _kernelspecs(jp_fetch)


async def test_what_cannot_be_set_is_said(api: Api, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "finance")
    await api("GET", "environments", refresh="1")
    path = f"environments/{prefix_id(str(prefix))}/kernel"
    for body in (None, [], {"name": "x"}, {"title": ""}, {"variables": {"PATH": "/evil"}}, {"hidden": 0}):
        status, error = await api("PATCH", path, body)
        assert (status, error["code"]) == (400, "invalid-kernel-settings"), body
        assert error["remedy"]
    assert (await api.raw("PATCH", path, b"\xff"))[0] == 400
    assert (await api("PATCH", f"environments/{NO_ID}/kernel", {"hidden": True}))[0] == 404
    shown = await api.environment("finance")
    assert shown is not None
    assert (shown["title"], shown["hidden"], shown["variables"]) == (None, False, {})


async def _registered(machine: Machine, name: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not (machine.data / "kernels" / name / "kernel.json").exists():
        assert time.monotonic() < deadline, f"{name} was not registered"
        await asyncio.sleep(0.05)


async def _detached_and_attached(api: Api, environment: str, jp_fetch: Fetch, machine: Machine) -> None:
    status, shown = await api("DELETE", f"environments/{environment}/kernel")
    assert (status, shown["attached"], shown["state"]) == (200, False, "ready")
    assert "finance" not in await _kernelspecs(jp_fetch)
    status, shown = await api("POST", f"environments/{environment}/kernel")
    assert (status, shown["attached"]) == (200, True)
    assert "finance" in await _kernelspecs(jp_fetch)
    await _registered(machine, "finance")


async def _removed(api: Api, environment: str, kernel: str, jp_fetch: Fetch, machine: Machine) -> None:
    status, answer = await api("DELETE", f"environments/{environment}")
    assert (status, answer["code"]) == (409, "in-use")
    assert [each["id"] for each in answer["details"]["kernels"]] == [kernel]
    status, job = await api("DELETE", f"environments/{environment}", force="1")
    assert status == 202
    await _until_ended(job, api)
    assert (await api("GET", f"environments/{environment}"))[0] == 404
    assert "finance" not in await _kernelspecs(jp_fetch)
    assert [path.name for path in machine.envs.iterdir()] in ([], [".envlink"])
    deadline = time.monotonic() + 10
    while (machine.data / "kernels" / "finance").exists():
        assert time.monotonic() < deadline, "the spec on the disk has outlived its environment"
        await asyncio.sleep(0.05)
    assert (await jp_fetch("api", "kernels", kernel, method="DELETE")).code == 204


# jupyter's manager and ours see one world


async def test_manager_and_service_share_one_catalog(running: Any) -> None:
    manager = running.kernel_spec_manager
    assert isinstance(manager, EnvlinkKernelSpecManager)
    service = running.web_app.settings["envlink"]
    assert isinstance(service.catalog, Catalog)
    assert service.catalog is manager.catalog
    assert service.menu is manager.menu


async def test_a_project_below_the_persons_home(
    running: Any, api: Api, jp_root_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """jupyter_server keeps such a root folder as ``~/…``, which is nobody's path."""
    monkeypatch.setenv("HOME", str(jp_root_dir.parent))
    monkeypatch.setenv("USERPROFILE", str(jp_root_dir.parent))
    monkeypatch.setitem(running.web_app.settings, "server_root_dir", f"~/{jp_root_dir.name}")
    (jp_root_dir / "environment.yml").write_text("name: mine\ndependencies: [tabulate]\n")
    status, answer = await api("POST", "check", {"path": "environment.yml"})
    assert (status, answer["files"][0]["name"]) == (200, "mine")


# doctor


async def _diagnosed(api: Api, **query: str) -> tuple[int, Any]:
    """``Api`` has a ``path`` of its own."""
    given = await api.fetch("envlink/api", "doctor", params=query, raise_error=False)
    answer = json.loads(given.body)
    contract.check("GET", "/doctor", given.code, answer)
    return given.code, answer


async def test_the_doctor_explains_all_one_and_a_folder(api: Api, machine: Machine, tmp_path: Path) -> None:
    prefix, elsewhere = look_alike(machine.envs / "finance"), look_alike(tmp_path / "elsewhere" / "env")
    (machine.envs / "finance" / "share/jupyter/kernels/python3/kernel.json").write_text("{ secret")
    await api("GET", "environments", refresh="1")
    status, everything = await _diagnosed(api)
    assert status == 200
    (report,) = [each for each in everything["environments"] if each["prefix"] == str(prefix)]
    assert (report["ok"], report["state"]) == (False, "broken")
    assert "secret" not in json.dumps(everything)
    status, one = await _diagnosed(api, environment=report["id"])
    assert (status, one["environments"]) == (200, [report])
    status, folder = await _diagnosed(api, path=str(elsewhere))
    assert (status, folder["environments"][0]["problem"]["code"]) == (200, "not-searched")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"environment": NO_ID}, 404),
        ({"environment": "../.."}, 404),
        ({"path": "relative"}, 400),
        ({"path": ""}, 400),
        ({"path": "/", "environment": NO_ID}, 400),
    ],
)
async def test_what_the_doctor_does_not_answer(api: Api, query: dict[str, str], expected: int) -> None:
    status, error = await _diagnosed(api, **query)
    assert (status, bool(error["message"])) == (expected, True)


# exports


async def test_an_environment_exported(api: Api, machine: Machine) -> None:
    look_alike(machine.envs / "ready")
    made = await api.listed("ready", 5)
    assert made["exports"][0] == "yml"
    path = f"environments/{made['id']}/export"
    assert (await api("GET", path))[1]["format"] == "yml"
    status, done = await api("GET", path, format="yml-no-builds")
    assert (status, done["filename"]) == (200, "environment.yml")
    assert done["text"].splitlines()[-1] == "  - python=3.11.7"
    status, error = await api("GET", path, format="explicit")
    assert (status, error["code"]) == (409, "no-url")
    for wrong in ("requirements", "pack", "../..", ""):
        status, error = await api("GET", path, format=wrong)
        assert (status, error["code"]) == (400, "format"), wrong


async def test_an_environment_packed(api: Api, machine: Machine, channel: Channel, jp_root_dir: Path) -> None:
    prefix = await asyncio.to_thread(real, channel.conda_forge, machine.envs / "small", ["envlink-text-prefix"])
    (prefix / "conda-meta" / "history").touch()
    made = await api.listed("small", 5)
    path = f"environments/{made['id']}/pack"
    (jp_root_dir / "archives").mkdir()
    status, job = await api("POST", path, {"folder": "archives"})
    assert (status, job["operation"]) == (202, "pack")
    job = await api.ended(job)
    assert job["status"] == "succeeded", job["error"]
    assert Path(job["result"]["path"]).parent == jp_root_dir / "archives"
    assert os.path.getsize(job["result"]["path"]) == job["result"]["bytes"]  # noqa: ASYNC240
    for body, answer in (({"folder": "archives"}, (409, "exists")), ({"folder": "none"}, (404, "not-found"))):
        status, error = await api("POST", path, body)
        assert (status, error["code"]) == answer
    for outside in ({"folder": "../.."}, {"folder": "a\0b"}):
        assert (await api("POST", path, outside))[0] == 404
    for wrong in ('{"folder": 1}', '{"path": "x"}', "[1]"):
        assert (await api.raw("POST", path, wrong))[0] == 400
    assert (await api.ended((await api("POST", path))[1]))["status"] == "succeeded"  # into the root folder itself
