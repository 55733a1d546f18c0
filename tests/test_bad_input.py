"""What bad input gets: the right status, a message with the place, a remedy, nothing half-made, others unharmed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.errors import ChannelError

from . import contract
from .channel import Channel
from .channel.server import FaultServer
from .conftest import Machine
from .prefixes import look_alike
from .server import Api

SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
NEIGHBOUR = "neighbour"


@pytest.fixture
def machine(machine: Machine) -> Machine:
    """One environment is there already, which nothing may harm."""
    look_alike(machine.envs / NEIGHBOUR)
    return machine


@pytest.fixture
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, machine: Machine) -> None:
    """What is to be downloaded has not been downloaded by another test."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "rattler-cache"))


def assert_clean(envs: Path, *others: str) -> None:
    """Nothing is there but the neighbour, and no trace of a job."""
    assert {path.name for path in envs.iterdir()} - {".envlink"} == {NEIGHBOUR, *others}
    for folder in ("journal", "staging", "trash"):
        assert not list((envs / ".envlink").glob(f"{folder}/*")), folder


async def _others_are_well(api: Api) -> None:
    neighbour = await api.environment(NEIGHBOUR)
    assert neighbour
    assert (neighbour["state"], neighbour["problem"]) == ("ready", None)


def _speaks(error: dict[str, Any], code: str, says: str) -> None:
    """The error has the code, a sentence with the place, and a remedy."""
    contract.validate(contract.component("Error"), error)
    assert error["code"] == code, error
    assert re.search(says, error["message"], re.DOTALL), error
    assert error["remedy"], error


# names

NAMES = {
    "": "needs a name",
    " ": "must not contain",
    "a b": "a space",
    "a/b": "'/'",
    "/etc/cron.d/x": "'/'",
    "..": r"must not contain '\.\.'",
    "../../outside": "must not contain",
    "--prefix=/x": "'/'",
    "-n": "must begin with",
    ".hidden": "must begin with",
    "a\\b": "must not contain",
    "a\nb": "control character",
    "a\0b": "control character",
    "x" * 300: "longer than",
    "é" * 200: "longer than",
    "party🎉": "must not contain",
    "$HOME": "must not contain",
    "a;rm -rf b": "must not contain",
    "<b>x</b>": "must not contain",
    "base": "reserved",
    "CON": "Windows",
    "\ud800": "must not contain",
}


async def test_names_that_cannot_be_used(api: Api, machine: Machine) -> None:
    for name, says in NAMES.items():
        status, error = await api("POST", "environments", {"text": SMALL, "name": name})
        assert status == 400, (name, error)
        _speaks(error, "invalid-name", says)
        _, plan = await api("POST", "plan", {"text": SMALL, "name": name, "solve": False})
        assert plan["name_problem"] == error, name
    assert_clean(machine.envs)
    await _others_are_well(api)
    assert (await api("GET", "jobs"))[1]["jobs"] == []


async def test_the_name_that_is_proposed_can_be_used(api: Api, machine: Machine) -> None:
    for name in NAMES:
        _, error = await api("POST", "environments", {"text": SMALL, "name": name})
        proposal = error["details"]["proposal"]
        _, plan = await api("POST", "plan", {"text": SMALL, "name": proposal, "solve": False})
        assert plan["name_problem"] is None, (name, proposal)


async def test_names_that_look_odd_and_are_fine(api: Api, machine: Machine) -> None:
    for name in ("_x", "3d", "a.b", "a+b", "größe", "数据", "x" * 100):
        _, plan = await api("POST", "plan", {"text": SMALL, "name": name, "solve": False})
        assert plan["name_problem"] is None, name
        assert plan["prefix"] == str(machine.envs / name)


async def test_names_that_exist(api: Api, machine: Machine) -> None:
    (machine.envs / "file").write_text("a file")
    (machine.envs / "link").symlink_to("nowhere")
    for name in (NEIGHBOUR, "file", "link"):
        status, error = await api("POST", "environments", {"text": SMALL, "name": name})
        assert status == 409
        _speaks(error, "exists", re.escape(str(machine.envs / name)))
    assert_clean(machine.envs, "file", "link")
    await _others_are_well(api)


# files

FILES = {
    "{": ("yaml-syntax", None),
    "a: b: c": ("yaml-syntax", 1),
    "name: x\n\tdependencies: []": ("", 2),
    "- python\n- numpy": ("not-a-mapping", 1),
    "python=3.11": ("not-a-mapping", 1),
    "": ("empty-file", 1),
    "name: x": ("dependencies-missing", 1),
    "dependencies: python": ("dependencies-not-a-list", 1),
    "name: x\ndependencies:\n  - python: 3.8": ("colon-typo", 3),
    "dependencies:\n  - numpy >>1": ("invalid-spec", 2),
    "dependencies:\n  - 'numpy[version='": ("", 2),
    "dependencies:\n  - npm:\n      - left-pad": ("unknown-subsection", 2),
    "dependencies:\n  - [numpy]": ("dependency-not-text", 2),
    "dependencies:\n  - 5": ("dependency-not-text", 2),
    "channels: conda-forge\ndependencies: []": ("channels-not-a-list", 1),
    "name: [a]\ndependencies: []": ("name-not-text", 1),
    "name: x\n--- \nname: y": ("several-documents", 2),
    "<<<<<<< HEAD\nname: x\n=======\nname: y\n>>>>>>> b": ("conflict-marker", 1),
    "dependencies: [!!python/object/apply:os.system ['touch x']]": ("", 1),
    "a: &a [x, x]\nb: &b [*a, *a]\ndependencies: *b": ("", None),
    "[" * 100_000: ("too-deep", None),
    "dependencies:\n  - pip:\n    - a: b": ("pip-item-not-text", 3),
    "dependencies:\n  - '{{ package }}'": ("template", 2),
    "name: \x07": ("yaml-syntax", 1),
    "variables: x\ndependencies: []": ("variables-not-a-mapping", 1),
}


async def test_files_with_errors(api: Api, machine: Machine) -> None:
    for text, (code, line) in FILES.items():
        status, error = await api("POST", "environments", {"text": text, "path": "some/file.yml"})
        assert status == 400, (text[:80], error)
        _speaks(error, "invalid-file", r"some/file\.yml")
        errors = [each for each in error["details"]["diagnostics"] if each["severity"] == "error"]
        assert not code or code in [each["code"] for each in errors], (text[:80], errors)
        assert line is None or errors[0]["line"] == line, (text[:80], errors)
        _, checked = await api("POST", "check", {"text": text, "path": "some/file.yml"})
        assert checked["files"][0]["ok"] is False
        assert (await api("POST", "plan", {"text": text}))[1]["solution"] is None
    assert_clean(machine.envs)
    await _others_are_well(api)


async def test_a_file_without_a_name_gets_one(api: Api, machine: Machine, jp_root_dir: Path) -> None:
    (jp_root_dir / "My Project (2)").mkdir()
    (jp_root_dir / "My Project (2)" / "environment.yml").write_text(SMALL.partition("\n")[2])
    _, plan = await api("POST", "plan", {"path": "My Project (2)/environment.yml", "solve": False})
    assert (plan["name"], plan["name_problem"]) == ("my-project-2", None)


async def test_bytes_that_are_no_text(api: Api, machine: Machine, jp_root_dir: Path) -> None:
    contents = {"binary": bytes(range(256)), "latin": "name: café\n".encode("latin-1"), "empty": b""}
    for name, content in contents.items():
        (jp_root_dir / f"{name}.yml").write_bytes(content)
        status, error = await api("POST", "environments", {"path": f"{name}.yml"})
        assert status == 400, name
        _speaks(error, "invalid-file", rf"{name}\.yml")
    (jp_root_dir / "utf16.yml").write_bytes(SMALL.encode("utf-16"))
    status, job = await api("POST", "environments", {"path": "utf16.yml"})
    assert status == 202
    assert (await api.ended(job))["status"] == "succeeded"


# what no channel can give

UNSOLVABLE = {
    "no-such-package": ("package-not-found", "no-such-package"),
    "envlink-text-prefix >=99": ("package-not-found", "envlink-text-prefix >=99"),
    "envlink-conflict-a, envlink-conflict-b": ("conflict", "tabulate"),
    "envlink-missing-dependency": ("", "envlink-nowhere"),
    "envlink-constrains, tabulate >=0.9": ("conflict", "tabulate"),
}


async def test_what_cannot_be_solved(api: Api, machine: Machine) -> None:
    for specs, (code, says) in UNSOLVABLE.items():
        text = f"name: unsolvable\nchannels: [conda-forge]\ndependencies: [{_quoted(specs)}]\n"
        _, plan = await api("POST", "plan", {"text": text})
        assert plan["conflict"], specs
        _speaks(plan["conflict"], code or plan["conflict"]["code"], says)
        status, job = await api("POST", "environments", {"text": text})
        assert status == 202
        job = await api.ended(job)
        plan["conflict"]["details"].pop("remedies")
        assert (job["status"], job["error"]) == ("failed", plan["conflict"])
        _, log = await api("GET", f"jobs/{job['id']}/log")
        assert re.search(says, log["entries"][-1]["text"])
        assert_clean(machine.envs)
    await _others_are_well(api)


def _quoted(specs: str) -> str:
    return ", ".join(json.dumps(spec.strip()) for spec in specs.split(","))


# channels that refuse, and downloads that fail

REPODATA, PACKAGE = "*/repodata*", "*/envlink-binary-prefix-*"
FAULTS: dict[str, tuple[Callable[[FaultServer], None], str, str]] = {
    "401": (lambda server: server.status("*", 401), "channel-401", "login"),
    "403": (lambda server: server.status("*", 403), "channel-403", "refuses access"),
    "404": (lambda server: server.status("*", 404), "channel-404", "does not have"),
    "500": (lambda server: server.status("*", 500), "channel-500", "error"),
    "package-404": (lambda server: server.status(PACKAGE, 404), "channel-404", "does not have"),
    "package-403": (lambda server: server.status(PACKAGE, 403), "channel-403", "refuses"),
    "cut": (lambda server: server.cut(PACKAGE), "cut-download", "connection broke"),
    "wrong-hash": (lambda server: server.corrupt(PACKAGE), "damaged-download", "damaged"),
}


def _from(server: FaultServer) -> str:
    channel = f"{server.url}/conda-forge"
    return f"name: faulty\nchannels: ['{channel}', nodefaults]\ndependencies: [envlink-binary-prefix]\n"


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_channel_that_fails(
    own_cache: None, api: Api, machine: Machine, fault_server: FaultServer, fault: str
) -> None:
    fail, code, says = FAULTS[fault]
    fail(fault_server)
    status, job = await api("POST", "environments", {"text": _from(fault_server)})
    assert status == 202
    job = await api.ended(job)
    assert job["status"] == "failed"
    _speaks(job["error"], code, says)
    assert fault_server.url in job["error"]["message"]
    assert_clean(machine.envs)
    await _others_are_well(api)
    fault_server.clear()
    _, again = await api("POST", f"jobs/{job['id']}/retry")
    assert (await api.ended(again))["status"] == "succeeded"


async def test_a_channel_that_is_not_there(own_cache: None, api: Api, machine: Machine) -> None:
    text = "name: faulty\nchannels: ['http://127.0.0.1:9/nowhere', nodefaults]\ndependencies: [x]\n"
    _, plan = await api("POST", "plan", {"text": text})
    _speaks(plan["conflict"], "unreachable", "http://127.0.0.1:9/nowhere")
    text = text.replace("http://127.0.0.1:9/nowhere", "file:///no/such/folder")
    _, plan = await api("POST", "plan", {"text": text})
    _speaks(plan["conflict"], "no-channel", "/no/such/folder")


async def test_an_archive_that_is_broken_in_the_channel(own_cache: None, api: Api, machine: Machine) -> None:
    text = SMALL.replace("small", "corrupt").replace("envlink-text-prefix", "envlink-corrupt")
    _, job = await api("POST", "environments", {"text": text})
    job = await api.ended(job)
    _speaks(job["error"], "damaged-download", "envlink-corrupt")
    assert_clean(machine.envs)


def test_a_download_that_stalls(channel: Channel, fault_server: FaultServer, tmp_path: Path) -> None:
    fault_server.stall("*/envlink-slow-*")
    engine = RattlerEngine(tmp_path / "cache", silence=1.0)
    target = str(tmp_path / "target")

    async def install() -> None:
        solution = await engine.solve(Channels((f"{fault_server.url}/conda-forge",), "strict"), ["envlink-slow"])
        await engine.install(solution, target, target, ["envlink-slow"], lambda step: None)

    with pytest.raises(ChannelError, match="Nothing has arrived for 1 s.*envlink-slow") as caught:
        asyncio.run(install())
    assert caught.value.code == "stalled"
    assert caught.value.remedy


# pip

BACKEND = """
def build_wheel(*arguments):
    raise RuntimeError("there is no compiler here")
build_editable = prepare_metadata_for_build_wheel = build_wheel
"""


@pytest.fixture
def broken_package(jp_root_dir: Path) -> Iterator[str]:
    """A file below the root folder whose pip part is a package, beside it, that cannot be built."""
    package = jp_root_dir / "project" / "broken"
    package.mkdir(parents=True)
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (package / "pyproject.toml").write_text(f'{system}[project]\nname = "broken"\nversion = "1"\n')
    (package / "backend.py").write_text(BACKEND)
    pip = "  - pip:\n    - --no-index\n    - ./broken\n"
    text = f"name: piped\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n{pip}"
    (jp_root_dir / "project" / "environment.yml").write_text(text)
    yield "project/environment.yml"


async def test_a_pip_package_that_cannot_be_built(api: Api, machine: Machine, broken_package: str) -> None:
    _, job = await api("POST", "environments", {"path": broken_package})
    job = await api.ended(job)
    _speaks(job["error"], "pip-failed", "broken")
    _, log = await api("GET", f"jobs/{job['id']}/log")
    assert "there is no compiler here" in json.dumps(log["entries"])
    assert_clean(machine.envs)
    await _others_are_well(api)


# what lies on the disk already

ODD_NAMES = ("sp ace", 'it\'s "quoted"', "$HOME", "[x]*?", "ünï ☕", "new\nline", "-rf", "<img src=x>", "%41")


async def test_environments_at_odd_places_are_listed(
    api: Api, machine: Machine, jp_fetch: Callable[..., Awaitable[Any]]
) -> None:
    for name in (*ODD_NAMES, "{prefix}"):
        look_alike(machine.envs / name)
    _, listed = await api("GET", "environments", refresh="1")
    found = {Path(each["prefix"]).name: each for each in listed["environments"]}
    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    for name in (*ODD_NAMES, NEIGHBOUR):
        assert found[name]["state"] == "ready", name
        (kernel,) = found[name]["kernels"]
        assert re.fullmatch("[a-z0-9._-]+", kernel["name"]), name
        assert specs[kernel["name"]]["spec"]["argv"][0] == str(machine.envs / name / "bin" / "python")
        assert (await api("GET", f"environments/{found[name]['id']}"))[0] == 200
    # Jupyter fills in braces in a kernel's command, so this one cannot be started: it is said, not hidden.
    assert (found["{prefix}"]["state"], found["{prefix}"]["kernels"]) == ("broken", [])
    assert found["{prefix}"]["problem"]["remedy"]
    assert len({spec["spec"]["display_name"] for spec in specs.values()}) == len(specs)


KERNEL_JSON = {
    "garbage": "garbage",
    "empty": "",
    "list": "[]",
    "null": "null",
    "nameless": '{"argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}',
    "argvless": '{"display_name": "x", "language": "python"}',
    "typeless": '{"argv": "python", "display_name": 5, "language": null, "env": 7, "metadata": "x"}',
    "nested": '{"argv": ' + "[" * 10_000 + "]" * 10_000 + "}",
}


async def test_kernel_specs_that_are_garbage(
    api: Api, machine: Machine, jp_fetch: Callable[..., Awaitable[Any]]
) -> None:
    for name, content in KERNEL_JSON.items():
        look_alike(machine.envs / name, content)
        own = machine.data / "kernels" / f"own-{name}"
        own.mkdir(parents=True)
        (own / "kernel.json").write_text(content)
    _, listed = await api("GET", "environments", refresh="1")
    found = {each["name"]: each for each in listed["environments"]}
    for name in KERNEL_JSON:
        if found[name]["state"] != "ready":
            assert found[name]["problem"]["message"], name
            assert found[name]["problem"]["remedy"], name
    assert found["garbage"]["state"] != "ready"
    specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert {"python3", NEIGHBOUR} <= set(specs)
    for spec in specs.values():
        assert isinstance(spec["spec"]["display_name"], str)
        assert isinstance(spec["spec"]["argv"], list)


async def test_an_environment_whose_python_is_gone(api: Api, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "pythonless")
    (prefix / "bin" / "python").unlink()
    _, listed = await api("GET", "environments", refresh="1")
    found = next(each for each in listed["environments"] if each["name"] == "pythonless")
    assert found["state"] == "broken"
    assert str(prefix) in found["problem"]["message"]
    assert found["problem"]["remedy"]
    status, error = await api("POST", f"environments/{found['id']}/kernel")
    assert (status, error["code"]) == (409, "not-ready")
    status, job = await api("DELETE", f"environments/{found['id']}")  # a broken one can still be removed
    assert status == 202
    assert (await api.ended(job))["status"] == "succeeded"
    assert_clean(machine.envs)


async def test_the_records_of_an_environment_are_damaged(api: Api, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "damaged")
    (prefix / "conda-meta" / "numpy-1.0-0.json").write_text("{")
    _, listed = await api("GET", "environments", refresh="1")
    found = next(each for each in listed["environments"] if each["name"] == "damaged")
    status, shown = await api("GET", f"environments/{found['id']}")
    assert status == 200
    assert [(each["name"], each["version"]) for each in shown["packages"]] == [("numpy", "1.0"), ("python", "3.11.7")]
    await _others_are_well(api)


async def test_markup_stays_text(api: Api, machine: Machine) -> None:
    """Whatever a file holds comes back as JSON, under a policy that lets a browser run none of it."""
    given = await api.fetch("envlink/api/check", method="POST", body=json.dumps({"text": "<script>alert(1)</script>"}))
    assert given.headers["Content-Type"].startswith("application/json")
    assert "default-src 'none'" in given.headers["Content-Security-Policy"]
    assert given.headers["X-Content-Type-Options"] == "nosniff"
