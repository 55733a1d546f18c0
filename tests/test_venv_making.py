"""Virtual environments from files: what the file asks for, a kernel, and nothing half-made."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from jupyter_envlink import process
from jupyter_envlink.engines.uv import find_uv
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import Conflict, PipFailed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform, weights
from jupyter_envlink.preview import solve
from jupyter_envlink.recovery import marked_by
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import from_request

from . import contract
from .channel import Channel
from .conftest import Machine
from .locking import sha256_of
from .running import kernel_of
from .test_kill import slow_project
from .test_pip_part import BACKEND, SYSTEM
from .test_queue import ended, queue_of, stopped, until
from .wheels import python_in
from .writing import Listener, litter, nothing_left, request, tree_of

pytestmark = pytest.mark.usefixtures("index")


def asked(machine: Machine, text: str, name: str = "requirements.txt") -> Request:
    options = {"text": text, "path": name, "folder": str(machine.home), "venv": True}
    return request(Operation.CREATE, machine.envs / "demo", **options)


def versions(prefix: Path) -> dict[str, str]:
    code = "import importlib.metadata as m; print(*(f'{d.name}={d.version}' for d in m.distributions()))"
    done = subprocess.run([python_in(prefix), "-B", "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return dict(each.split("=", 1) for each in done.stdout.split())


def test_requirements_become_a_venv_with_a_kernel(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], channel: Channel
) -> None:
    """Other lists, markers and options as pip has them; through the service, as page and command line do it."""
    folder = machine.home / "project"
    folder.mkdir()
    (folder / "other.txt").write_text("humanize\n")
    lines = [
        f"--find-links {channel.wheels}",
        "-r other.txt",
        "tabulate==0.8.9",
        "no-such-thing-anywhere; python_version < '3'",
    ]
    (folder / "requirements.txt").write_text("\n".join(lines))
    source = from_request({"path": str(folder / "requirements.txt")}, None)
    plan = solve(service.preview.proposal(source, None))
    contract.validate(contract.component("Plan"), plan)
    assert (plan["format"], plan["name"], plan["pip"]) == ("requirements", "project", lines)
    assert [each["spec"] for each in plan["added"]] == ["ipykernel"]
    assert plan["channels"] == []

    job = finished(service.life.create(source, None))

    assert job.status is Status.SUCCEEDED, job.progress
    prefix = machine.envs / "project"
    found = versions(prefix)
    assert {
        "tabulate": "0.8.9",
        "humanize": found["humanize"],
        "ipykernel": found["ipykernel"],
    }.items() <= found.items()
    environment = service.catalog.get(prefix_id(str(prefix)))
    assert (environment.kind, environment.state.value) == ("uv", "ready")
    with kernel_of(service.catalog, machine.data, "project") as kernel:
        assert kernel.value("tabulate.__version__", "tabulate") == "0.8.9"
    assert not (machine.home / ".conda/environments.txt").exists()
    assert job.progress.result == {"environment_id": prefix_id(str(prefix)), "prefix": str(prefix), "name": "project"}
    assert litter(machine.envs) == []


def test_what_has_a_hash_stays_as_it_is_when_a_kernel_is_added(machine: Machine, channel: Channel) -> None:
    wheel = channel.wheels / "tabulate-0.8.10-py3-none-any.whl"
    text = f"--find-links {channel.wheels}\ntabulate==0.8.10 \\\n  --hash=sha256:{sha256_of(wheel)}\n"
    said = Listener()

    perform(asked(machine, text), said)

    assert {"tabulate", "ipykernel"} <= versions(machine.envs / "demo").keys()
    assert said.phases == list(weights(asked(machine, text)))
    assert marked_by(str(machine.envs / "demo"))


def test_a_wrong_hash_leaves_nothing(machine: Machine, channel: Channel) -> None:
    text = f"--no-index\n--find-links {channel.wheels}\ntabulate==0.8.10 --hash=sha256:{'1' * 64}\n"
    with pytest.raises(PipFailed, match="(?i)hash"):
        perform(asked(machine, text), Listener())
    nothing_left(machine.envs)


def test_what_cannot_be_had_leaves_nothing(machine: Machine) -> None:
    with pytest.raises(PipFailed, match="no-such-distribution"):
        perform(asked(machine, "--no-index\nno-such-distribution\n"), Listener())
    nothing_left(machine.envs)


def test_what_lies_there_already_is_not_touched(machine: Machine) -> None:
    (machine.envs / "demo").mkdir(parents=True)
    (machine.envs / "demo" / "mine").write_text("mine")
    before = tree_of(machine.envs / "demo")
    with pytest.raises(Conflict) as refused:
        perform(asked(machine, "tabulate\n"), Listener())
    assert refused.value.code == "exists"
    assert tree_of(machine.envs / "demo") == before


# pyproject.toml and pylock.toml


def test_a_project_becomes_a_venv_with_its_group_and_itself(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))
    folder = machine.home / "project"
    folder.mkdir()
    (folder / "backend.py").write_text(BACKEND)
    (folder / "mine.py").write_text("where = 'edited in place'")
    text = SYSTEM + '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.9"\n'
    text += 'dependencies = ["tabulate==0.8.9"]\n[dependency-groups]\ndev = ["humanize"]\n'
    (folder / "pyproject.toml").write_text(text)
    source = from_request({"path": str(folder / "pyproject.toml")}, None)

    job = finished(service.life.create(source, None))

    assert job.status is Status.SUCCEEDED, job.progress
    assert job.request.name == "mine"
    found = versions(machine.envs / "mine")
    assert {"tabulate": "0.8.9", "mine": "1"}.items() <= found.items()
    assert {"humanize", "ipykernel"} <= found.keys()
    with kernel_of(service.catalog, machine.data, "mine") as kernel:
        assert kernel.value("mine.where", "mine") == "edited in place"


def test_a_pylock_becomes_a_venv_of_exactly_what_it_names(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], channel: Channel
) -> None:
    """A lock that uv writes itself; paths in it count from where it lies."""
    folder = machine.home / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("tabulate<0.9\n")
    argv = [find_uv(), "pip", "compile", "requirements.txt", "--no-index", "--find-links", str(channel.wheels)]
    argv += ["--format", "pylock.toml", "--output-file", "pylock.toml", "--quiet"]
    subprocess.run(argv, cwd=folder, check=True, timeout=60)
    source = from_request({"path": str(folder / "pylock.toml")}, None)
    plan = solve(service.preview.proposal(source, None))
    contract.validate(contract.component("Plan"), plan)
    assert (plan["format"], plan["pip"]) == ("pylock", ["tabulate==0.8.10"])

    job = finished(service.life.create(source, None))

    assert job.status is Status.SUCCEEDED, job.progress
    found = versions(machine.envs / "project")
    assert found["tabulate"] == "0.8.10"
    with kernel_of(service.catalog, machine.data, "project") as kernel:
        assert kernel.value("tabulate.__version__", "tabulate") == "0.8.10"


def pylock(wheel: Path, digest: str) -> str:
    return (
        'lock-version = "1.0"\ncreated-by = "us"\n[[packages]]\nname = "tabulate"\nversion = "0.8.9"\n'
        f'wheels = [{{ url = "{wheel.as_uri()}", hashes = {{ sha256 = "{digest}" }} }}]\n'
    )


def test_a_pylock_that_is_only_a_text_is_installed_too(machine: Machine, channel: Channel) -> None:
    wheel = channel.wheels / "tabulate-0.8.9-py3-none-any.whl"
    request = asked(machine, pylock(wheel, sha256_of(wheel)), "edited/pylock.toml")
    perform(request, Listener())
    assert versions(machine.envs / "demo")["tabulate"] == "0.8.9"
    assert not (machine.envs / "demo" / "pylock.toml").exists()


def test_a_wheel_that_is_not_the_one_of_the_pylock_leaves_nothing(machine: Machine, channel: Channel) -> None:
    wheel = channel.wheels / "tabulate-0.8.9-py3-none-any.whl"
    with pytest.raises(PipFailed, match="(?i)hash"):
        perform(asked(machine, pylock(wheel, "4" * 64), "pylock.toml"), Listener())
    nothing_left(machine.envs)


def test_a_python_that_this_machine_does_not_have_is_named(machine: Machine) -> None:
    text = '[project]\nname = "x"\nrequires-python = ">=3.99"\ndependencies = ["tabulate"]\n'
    with pytest.raises(Conflict, match=r">=3\.99") as refused:
        perform(asked(machine, text, "pyproject.toml"), Listener())
    assert refused.value.code == "no-python"
    assert refused.value.remedy
    nothing_left(machine.envs)


# ends that nobody wanted


@pytest.mark.parametrize("how", ["cancel", "kill"])
def test_one_that_is_ended_early_is_listed_as_being_made_and_then_not_at_all(
    machine: Machine, service: Envlink, tmp_path: Path, how: str
) -> None:
    project = slow_project(tmp_path / "project")
    queue = queue_of(machine)
    options = {"text": f"{project}\n", "path": "requirements.txt", "folder": str(tmp_path), "venv": True}
    job = queue.submit(Operation.CREATE, "demo", str(machine.envs / "demo"), str(machine.envs), options)
    until(queue, job, lambda job: (project / "begun").exists() and (project / "begun").read_text() != "")
    service.catalog.refresh()
    place = str(machine.envs / "demo")
    assert service.catalog.snapshot.by_prefix[place].state.value == "building"

    job = stopped(queue, job, how)

    assert job.status is (Status.CANCELLED if how == "cancel" else Status.INTERRUPTED)
    nothing_left(machine.envs)
    service.catalog.refresh()
    assert place not in service.catalog.snapshot.by_prefix


def test_a_worker_killed_at_random_leaves_nothing(machine: Machine, channel: Channel) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    queue = queue_of(machine)
    text = f"--no-index\n--find-links {channel.wheels}\ntabulate\nhumanize\n"
    options = {"text": text, "path": "requirements.txt", "folder": str(machine.home), "venv": True}
    for _ in range(6):
        job = queue.submit(Operation.CREATE, "demo", str(machine.envs / "demo"), str(machine.envs), options)
        time.sleep(chance.uniform(0.0, 1.5))
        for pid, created in queue.store.processes(job.id):
            if process.alive(pid, created):
                psutil.Process(pid).kill()
        assert ended(queue, job).status in (Status.INTERRUPTED, Status.FAILED), f"seed {seed}"  # no index: no ipykernel
        nothing_left(machine.envs)
