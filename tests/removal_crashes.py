"""Kill a process at every single change that removing, or bringing back, makes to the disk.

``python -m tests.removal_crashes remove|restore ENVS``, on a test's own machine. Another process then starts, as a
server does, and finds the environment at its place or among the removed ones, whole, and a job that says which.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from jupyter_envlink import conda_records
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.generations import generations
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.service import Envlink

from .crashes import _ENDED, dying
from .prefixes import look_alike
from .writing import litter, tree_of

TITLE = "My own title"


def started() -> Envlink:
    """A process's service, which has done what each start does."""
    service = Envlink()
    service.catalog.refresh()
    service.recover()
    return service


def prepare(envs: Path) -> dict[str, str]:
    """An environment that a person has named, in conda's list; its files."""
    service = started()
    shutil.rmtree(envs, ignore_errors=True)
    shutil.rmtree(service.queue.store.root, ignore_errors=True)
    prefix = look_alike(envs / "demo")
    service.menu.bindings.change(str(prefix), lambda known: replace(known, attached=True, title=TITLE))
    conda_records.forget(str(prefix), Path.home())
    conda_records.remember(str(prefix), Path.home())
    (envs / ".envlink" / "generations" / prefix_id(str(prefix)) / "1" / "env").mkdir(parents=True)
    (envs / ".envlink" / "generations" / prefix_id(str(prefix)) / "1" / "generation.json").write_text("{}")
    return tree_of(prefix)


def remove(envs: Path) -> None:
    service = Envlink()
    service.catalog.refresh()
    service.life.remove(prefix_id(str(envs / "demo")), {})


def restore(envs: Path) -> None:
    service = Envlink()
    service.catalog.refresh()
    service.life.restore(service.life.removed()[0].job)


def check(envs: Path, whole: dict[str, str], where: str) -> bool:
    """Whether it is at its place; it is removed otherwise."""
    service = started()
    is_there, kept = (envs / "demo").exists(), service.life.removed()
    assert is_there == (not kept), f"{where}: {is_there}, {kept}"
    tree = envs / "demo" if is_there else kept[0].folder / "env"
    assert tree_of(tree) == whole, where
    assert bool(generations(str(envs), str(envs / "demo"))) == is_there, where
    assert is_there or (kept[0].folder / "generations" / "1" / "env").is_dir(), where
    assert conda_records.remembers(str(envs / "demo"), Path.home()) == is_there, where
    binding = service.menu.bindings.get(str(envs / "demo"))
    assert ((binding.attached, binding.title) == (True, TITLE)) == is_there, f"{where}: {binding}"
    ours = (
        *(str(one.folder) for one in kept),
        str(envs / ".envlink" / "generations"),
        str(envs / ".envlink/journal/."),
    )
    left = [each for each in litter(envs) if not each.startswith(ours)]
    assert left == [], where
    jobs = service.queue.store.all()
    assert all(job.status.final for job in jobs), f"{where}: {jobs}"
    _says_so(jobs, "restore" if is_there else "remove", where)
    return is_there


def _says_so(jobs: list[Job], last: str, where: str) -> None:
    """The last job that has succeeded is the one that has made it so; the first has no cause."""
    done = sorted((job for job in jobs if job.status is Status.SUCCEEDED), key=lambda job: job.request.created)
    assert {job.request.operation.value for job in done[-1:]} <= {last}, f"{where}: {done}"
    assert all(job.progress.result is not None for job in done), where


def run(name: str, envs: Path) -> int:
    """How many crashes there were."""
    for at in range(1, 500):
        whole = prepare(envs)
        if name == "restore":
            remove(envs)
        if dying(partial({"remove": remove, "restore": restore}[name], envs), at) == _ENDED:
            assert check(envs, whole, f"{name}, no crash") == (name == "restore")
            return at - 1
        check(envs, whole, f"{name}, crash {at}")
    raise AssertionError(f"{name} has no end")


if __name__ == "__main__":
    print(run(sys.argv[1], Path(sys.argv[2])))
