"""No token and no password gets anywhere: not into an answer, a log, an event, a record of a job or of an environment.

Only two places may hold one: the person's own files, and the request of a job, which keeps the text of the file that
it is to work on, in a file that nobody else can read.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.errors import EnvlinkError
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.preview import solve
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from .channel import Channel
from .conftest import Machine
from .guarded import Guarded, running

PASSWORD, TOKEN, VARIABLE = "sWordFish77", "tk-a1b2c3-d4e5f6", "vAr1able88"
SECRETS = (PASSWORD, TOKEN, VARIABLE)


@pytest.fixture
def password_server(channel: Channel) -> Iterator[Guarded]:
    with running(Guarded(channel.path, login=f"me:{PASSWORD}")) as server:
        yield server


@pytest.fixture
def token_server(channel: Channel) -> Iterator[Guarded]:
    with running(Guarded(channel.path, token=TOKEN)) as server:
        yield server


@pytest.fixture
def variable_server(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guarded]:
    monkeypatch.setenv("CHANNEL_LOGIN", f"me:{VARIABLE}")
    with running(Guarded(channel.path, login=f"me:{VARIABLE}")) as server:
        yield server


@pytest.fixture
def text(machine: Machine, password_server: Guarded, token_server: Guarded, variable_server: Guarded) -> str:
    """A file with one secret of each kind, beside a condarc that has them, too."""
    content = {
        **json.loads(machine.condarc.read_text()),
        "channel_priority": "flexible",
        "channels": [f"http://{token_server.host}/t/{TOKEN}/conda-forge"],
        "custom_channels": {"lab": f"http://me:{PASSWORD}@{password_server.host}"},
        "proxy_servers": {"https": f"http://me:{PASSWORD}@127.0.0.1:1"},
        "mirrored_channels": {"nobody": [f"http://me:{PASSWORD}@127.0.0.1:1/nobody"]},
    }
    machine.condarc.write_text(json.dumps(content))
    variable = f"http://$CHANNEL_LOGIN@{variable_server.host}/conda-forge"
    return f"""name: named
channels:
  - {variable}
  - http://me:{PASSWORD}@{password_server.host}/conda-forge
dependencies:
  - envlink-text-prefix
  - {variable}::envlink-binary-prefix
  - http://me:{PASSWORD}@{password_server.host}/conda-forge::envlink-activate
  - http://{token_server.host}/t/{TOKEN}/conda-forge::humanize
"""


@pytest.fixture
def service(text: str) -> Envlink:
    """Made where ``CHANNEL_LOGIN`` is set: the workers that it starts have it, too."""
    made = Envlink()
    made.catalog.refresh()
    return made


def assert_clean(value: Any) -> None:
    shown = value if isinstance(value, str) else json.dumps(value, default=str)
    assert [secret for secret in SECRETS if secret in shown] == [], shown


def files_below(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def assert_no_file_has_one(machine: Machine, *others: Path) -> None:
    for path in files_below(machine.data, machine.envs, machine.home, *others):
        if "repodata" in path.parts:  # rattler's own index, by the address that it asked; it has no other way
            continue
        found = [secret for secret in SECRETS if secret.encode() in path.read_bytes()]
        if path.name == "job.json":
            assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
            record = json.loads(path.read_text())
            assert_clean({**record, "options": {**record["options"], "text": None}})
        else:
            assert found == [], path


def whole_job(service: Envlink, job: Job) -> None:
    assert_clean(job.as_dict())
    assert_clean(service.queue.store.whole_log(job.id))


def test_creating_leaves_none(
    service: Envlink,
    machine: Machine,
    text: str,
    finished: Callable[[Job], Job],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    source = Source(text.encode(), "environment.yml", None)
    assert_clean(service.check([source]))
    plan = solve(service.preview.proposal(source, None))
    assert plan["solution"], plan["conflict"]
    assert_clean(plan)

    job = finished(service.life.create(source, None))

    assert job.status is Status.SUCCEEDED, job.progress.error
    whole_job(service, job)
    environment = service.catalog.snapshot.by_prefix[os.path.realpath(machine.envs / "named")]
    assert_clean(service.environment(environment.id, {}))
    assert_clean(service.diagnose(environment.id))
    assert_clean(service.diagnose())
    assert_clean(caplog.text)
    assert_no_file_has_one(machine, tmp_path / "runtime", tmp_path / "config")


def test_nothing_of_what_was_asked_for_is_lost_with_the_secrets(
    service: Envlink, machine: Machine, text: str, finished: Callable[[Job], Job], password_server: Guarded
) -> None:
    job = finished(service.life.create(Source(text.encode(), None, None), None))
    assert job.status is Status.SUCCEEDED, job.progress.error
    history = (machine.envs / "named/conda-meta/history").read_text()
    assert f"http://{password_server.host}/conda-forge::envlink-activate" in history


@pytest.mark.parametrize("fault", ["index", "package"])
def test_a_login_that_is_refused_leaves_none(
    service: Envlink,
    machine: Machine,
    text: str,
    finished: Callable[[Job], Job],
    password_server: Guarded,
    variable_server: Guarded,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source(text.encode(), None, None)
    if fault == "index":
        password_server.login = "me:another"
        plan = solve(service.preview.proposal(source, None))
        assert plan["conflict"]["code"] == "channel-401"
        assert_clean(plan)
    else:
        password_server.refused = variable_server.refused = "*.conda"
        monkeypatch.setitem(service.queue._environ, "RATTLER_CACHE_DIR", str(machine.home / "empty-cache"))
    job = finished(service.life.create(source, None))
    assert job.status is Status.FAILED
    assert job.progress.error is not None
    assert job.progress.error["code"] == "channel-401"
    whole_job(service, job)
    assert_no_file_has_one(machine)


def test_a_channel_that_is_not_allowed_is_named_without_one(service: Envlink, text: str) -> None:
    service.policy.denied_channels = ["http://127.0.0.1*"]
    source = Source(text.encode(), None, None)
    assert_clean(service.check([source]))
    assert_clean(solve(service.preview.proposal(source, None)))
    with pytest.raises(EnvlinkError) as failed:
        service.life.create(source, None)
    assert_clean(failed.value.as_dict())


@pytest.mark.parametrize(
    "words",
    [
        ("check", "environment.yml"),
        ("check", "--json", "environment.yml"),
        ("create", "--dry-run", "-f", "environment.yml"),
        ("create", "--dry-run", "--json", "-f", "environment.yml"),
        ("create", "-f", "environment.yml"),
        ("doctor",),
        ("doctor", "--json"),
    ],
    ids=" ".join,
)
def test_the_command_line_prints_none(machine: Machine, text: str, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/environment.yml").write_text(text)
    argv = [sys.executable, "-m", "jupyter_envlink", *words]
    done = subprocess.run(argv, cwd=tmp_path / "work", capture_output=True, text=True, check=False)
    assert done.returncode == 0 or words[0] == "doctor", done.stderr
    assert_clean(done.stdout + done.stderr)
    assert "***" in done.stdout + done.stderr or "--dry-run" not in words
