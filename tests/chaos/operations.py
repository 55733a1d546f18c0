"""Each operation: what is there before it, and how it is begun. One more is one entry of ``SCENARIOS``.

What is old and what is new is not written here: the one is what lies there before, the other what a run comes to that
nobody disturbs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from jupyter_envlink import conda_records
from jupyter_envlink.engines.rattler import packages, prefix_records
from jupyter_envlink.environment import Environment
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from tests.prefixes import real
from tests.wheels import venv
from tests.writing import yml

from .ground import Ground
from .waiting import ended

NAME = "demo"


@dataclass(frozen=True)
class Scenario:
    """``before`` sets the ground, once; ``begin`` starts the operation on a server that has looked at the disk."""

    name: str
    before: Callable[[Ground], object]
    begin: Callable[[Envlink, Ground], Job]
    has_python: bool = False
    """It links thousands of files and takes seconds, not half a second."""
    by_server: bool = False
    """No worker does it, but the server itself, within milliseconds."""
    fails: bool = False
    """It comes to nothing, whoever lets it: what is new is then what is old."""


def create(service: Envlink, text: str, folder: Path | None = None, name: str = NAME) -> Job:
    source = Source(text.encode(), "environment.yml", str(folder) if folder else None)
    return service.life.create(source, name)


def made(ground: Ground, text: str, name: str = NAME) -> None:
    """An environment that is there before, with a file in it that somebody put there by hand."""
    service = server(ground)
    ended_well(service, create(service, text, name=name))
    (ground.envs / name / "by hand.txt").write_text("mine\n")


def server(ground: Ground, register: str = "none") -> Envlink:
    """The facade as a server of the project has it, once it has looked at the disk."""
    config = Config({"Catalog": {"project_roots": [str(ground.project)]}, "Registrar": {"register": register}})
    service = Envlink(config=config)
    service.catalog.refresh()
    return service


def ended_well(service: Envlink, job: Job) -> None:
    job = ended(service, job)
    assert job.status is Status.SUCCEEDED, job.progress


def tiny(ground: Ground, *dependencies: str) -> str:
    return yml(*(dependencies or ("moss=1", "stone", "lichen")), channel=ground.tiny)


def python(ground: Ground) -> str:
    return f"python={'.'.join(ground.channel.pythons[0].split('.')[:2])}"


def environment(service: Envlink, prefix: Path) -> Environment:
    return service.catalog.snapshot.by_prefix[os.path.realpath(prefix)]


def _nothing(ground: Ground) -> None:
    pass


def _tiny(ground: Ground) -> None:
    made(ground, tiny(ground))


def _wheel(ground: Ground, name: str) -> str:
    return str(next(ground.channel.wheels.glob(f"{name}-*.whl")))


def _create_tiny(service: Envlink, ground: Ground) -> Job:
    return create(service, tiny(ground))


def _create_with_pip(service: Envlink, ground: Ground) -> Job:
    return create(service, yml(python(ground), pip=("--no-index", _wheel(ground, "humanize"))))


def _create_with_failing_pip(service: Envlink, ground: Ground) -> Job:
    return create(service, yml(python(ground), pip=("--no-index", "is-nowhere")))


def _create_venv(service: Envlink, ground: Ground) -> Job:
    source = Source(_wheel(ground, "humanize").encode(), "requirements.txt", str(ground.channel.wheels))
    return service.life.create(source, NAME)


def _archive(ground: Ground) -> None:
    """A packed environment, beside the project."""
    made(ground, tiny(ground), "packed")
    service = server(ground)
    found = environment(service, ground.envs / "packed")
    ended_well(service, service.life.pack(found.id, str(ground.project), "demo.tar"))


def _unpack(service: Envlink, ground: Ground) -> Job:
    archive = str(ground.project / "demo.tar")
    return service.life.create(Source(b"", "demo.tar", str(ground.project), archive), NAME)


def _remove(service: Envlink, ground: Ground) -> Job:
    return service.life.remove(environment(service, ground.envs / NAME).id, {})


def _removed(ground: Ground) -> None:
    _changed_often(ground)
    service = server(ground)
    ended_well(service, _remove(service, ground))


def _restore(service: Envlink, ground: Ground) -> Job:
    return service.life.restore(service.life.removed()[0].job)


def _delete_removed(service: Envlink, ground: Ground) -> Job:
    """There is no job of its own: the one that removed it has ended before, and stays as it is."""
    job_id = service.life.removed()[0].job
    service.life.delete_removed(job_id)
    return service.queue.store.load(job_id)


def _update(service: Envlink, ground: Ground, text: str, prune: bool = False) -> Job:
    source = Source(text.encode(), "environment.yml", None)
    return service.life.update(source, environment(service, ground.envs / NAME).id, prune)


def _update_tiny(service: Envlink, ground: Ground) -> Job:
    """One package goes up, one comes, one stays that the file does not name."""
    return _update(service, ground, tiny(ground, "moss=2", "fern"))


def _prune_tiny(service: Envlink, ground: Ground) -> Job:
    return _update(service, ground, tiny(ground, "moss=2", "fern"), prune=True)


def _changed_often(ground: Ground) -> None:
    """As many generations are kept as may be: the next one takes the place of the oldest."""
    _tiny(ground)
    for file in (("fern",), ("amber",), ("moss=2", "lichen")):
        service = server(ground)
        ended_well(service, _update(service, ground, tiny(ground, *file), prune=True))


def _roll_back(service: Envlink, ground: Ground) -> Job:
    """To the oldest, which goes as the next one comes."""
    return service.life.roll_back(environment(service, ground.envs / NAME).id, 1)


def _roll_back_once(service: Envlink, ground: Ground) -> Job:
    """To the newest, which is there still whatever else happens meanwhile."""
    return service.life.roll_back(environment(service, ground.envs / NAME).id, 3)


def _with_python(ground: Ground) -> None:
    made(ground, yml(python(ground), "tabulate=0.8"))


def _update_with_pip(service: Envlink, ground: Ground) -> Job:
    return _update(service, ground, yml("tabulate=0.9", pip=("--no-index", _wheel(ground, "humanize"))))


def _update_with_failing_pip(service: Envlink, ground: Ground) -> Job:
    return _update(service, ground, yml("tabulate=0.9", pip=("--no-index", "is-nowhere")))


def _bare_python(ground: Ground) -> None:
    """As conda leaves it, without a kernel."""
    prefix = real(ground.channel.conda_forge, ground.envs / NAME, [python(ground), "tabulate=0.8"])
    records = packages(prefix_records(str(prefix)))
    there = [f"+{each.channel}::{each.name}-{each.version}-{each.build}" for each in records]
    conda_records.write_history(str(prefix), "conda create", there, [python(ground), "tabulate=0.8"])


def _project_venv(ground: Ground) -> None:
    venv(ground.project / ".venv", wheels=[_wheel(ground, "humanize")])


def _attach(service: Envlink, ground: Ground, prefix: Path, overlay: bool = False) -> Job:
    job = service.attach(environment(service, prefix).id, overlay)
    assert isinstance(job, Job)
    return job


def _pack(service: Envlink, ground: Ground) -> Job:
    return service.life.pack(environment(service, ground.envs / NAME).id, str(ground.project), "packed.tar")


def _clone(service: Envlink, ground: Ground) -> Job:
    return service.life.clone(environment(service, ground.envs / NAME).id, "renamed")


def _rename(service: Envlink, ground: Ground) -> Job:
    """Its generations go where it goes."""
    return service.life.rename(environment(service, ground.envs / NAME).id, "renamed", {})


SCENARIOS = (
    Scenario("create", _nothing, _create_tiny),
    Scenario("create-with-pip", _nothing, _create_with_pip, has_python=True),
    Scenario("create-with-failing-pip", _nothing, _create_with_failing_pip, has_python=True, fails=True),
    Scenario("create-venv", _nothing, _create_venv, has_python=True),
    Scenario("create-from-archive", _archive, _unpack),
    Scenario("update", _tiny, _update_tiny),
    Scenario("update-pruning", _changed_often, _prune_tiny),
    Scenario("roll-back", _changed_often, _roll_back),
    Scenario("roll-back-once", _changed_often, _roll_back_once),
    Scenario("update-with-pip", _with_python, _update_with_pip, has_python=True),
    Scenario("update-with-failing-pip", _with_python, _update_with_failing_pip, has_python=True, fails=True),
    Scenario("remove", _changed_often, _remove, by_server=True),
    Scenario("restore", _removed, _restore, by_server=True),
    Scenario("delete-removed", _removed, _delete_removed, by_server=True),
    Scenario("clone", _changed_often, _clone),
    Scenario("rename", _changed_often, _rename),
    Scenario("pack", _tiny, _pack),
    Scenario(
        "install-kernel", _bare_python, lambda service, ground: _attach(service, ground, ground.envs / NAME),
        has_python=True,
    ),
    Scenario(
        "install-kernel-wheels", _project_venv,
        lambda service, ground: _attach(service, ground, ground.project / ".venv"), has_python=True,
    ),
    Scenario(
        "overlay", _bare_python, lambda service, ground: _attach(service, ground, ground.envs / NAME, overlay=True),
        has_python=True,
    ),
)  # fmt: skip
