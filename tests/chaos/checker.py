"""The promise, asserted after whatever has happened and one next start.

Each environment is whole, old or new; each job's last word is true; nothing half-made is listed; nothing is left over;
nothing foreign is touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from jupyter_envlink.environment import State as Listed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.journal import open_entries
from jupyter_envlink.service import Envlink

from .ground import Ground
from .state import State, environments, state
from .wholeness import faults


@dataclass(frozen=True)
class Promise:
    """What must hold on a ground, by what was there before and what an undisturbed run comes to."""

    ground: Ground
    old: State
    new: State
    foreign: Mapping[str, str]
    cached: Mapping[str, tuple[int, int]]
    jobs: frozenset[str]
    """Those that had ended before."""

    def check(self, service: Envlink, jobs: list[Job], what: str, starts: bool = False) -> bool:
        """Raises ``AssertionError`` that names everything that is not as promised. Whether the new state stands.

        ``service`` has been started after it all, ``jobs`` are what it knows. With ``starts`` each Python is started.
        """
        found = [*self._of_state(jobs), *self.faults_beside_state(service, starts)]
        assert not found, "\n".join([what, *found])
        return state(self.ground) == self.new != self.old

    def faults_beside_state(self, service: Envlink, starts: bool = False) -> list[str]:
        """What is not as promised, whatever is old and what is new."""
        found = [*_whole(self.ground, starts), *_listing(service), *_kernels(self.ground)]
        return [*found, *litter(self.ground), *self._of_others()]

    def _of_state(self, jobs: list[Job]) -> Iterator[str]:
        now = state(self.ground)
        if now not in (self.old, self.new):
            yield f"neither old nor new: {_differences(self.old, now)}; {_differences(self.new, now)}"
        for job in jobs:
            if not job.status.final:
                yield f"the job {job.id} has not ended: {job.progress}"
            elif job.id not in self.jobs and (job.status is Status.SUCCEEDED) != (now == self.new != self.old):
                yield f"the job says {job.status.value}: {job.progress}, but it is {_differences(self.old, now)}"

    def _of_others(self) -> Iterator[str]:
        now = self.ground.foreign()
        for path in sorted(self.foreign.keys() | now.keys()):
            if self.foreign.get(path) != now.get(path):
                yield f"foreign: {path} was {self.foreign.get(path)}, is {now.get(path)}"
        cached = self.ground.cached()
        for path, was in self.cached.items():
            if cached.get(path) != was:
                yield f"in the package cache: {path} was {was}, is {cached.get(path)}"


def litter(ground: Ground) -> Iterator[str]:
    """What is left of work that is over: but for locks and empty folders, nothing."""
    for home in (ground.envs / ".envlink", ground.machine.data / "envlink" / "overlays" / ".envlink"):
        for folder in ("journal", "staging", "trash"):
            yield from (f"litter: {path}" for path in (home / folder).glob("**/*"))
    for pattern in (".envlink/generations/*/*", ".envlink/removed/*"):
        empty = (path for path in ground.envs.glob(pattern) if not (path / "env").is_dir())
        yield from (f"litter: {path} holds no environment" for path in empty)
    yield from (f"litter: {path}" for path in ground.project.glob(".*") if path.name != ".venv")
    for place in (ground.envs, ground.machine.home, ground.machine.data):
        yield from (f"litter: {path}" for path in _temporary(place))


def _temporary(folder: Path) -> Iterator[Path]:
    """What ``files.write_bytes`` replaces a file by, where its process was killed before it could."""
    yield from folder.rglob(".*.envlink-new")


def _whole(ground: Ground, starts: bool) -> Iterator[str]:
    for prefix in environments(ground):
        yield from faults(prefix, starts and ".envlink" not in prefix.parts)


def _listing(service: Envlink) -> Iterator[str]:
    """As the panel shows it: no environment is being made or half-made, and each that is listed as usable is there."""
    service.catalog.refresh()
    for root in service.jobs.roots():
        yield from (f"still open in the journal: {verb} of {prefix}" for prefix, verb in open_entries(root).items())
    for environment in service.catalog.snapshot.environments:
        if environment.state in (Listed.BUILDING, Listed.INCOMPLETE, Listed.BROKEN):
            yield f"listed as {environment.state.value}: {environment.prefix}, {environment.problem}"
        if ".envlink" in Path(environment.prefix).parts:
            yield f"listed: {environment.prefix}"


def _kernels(ground: Ground) -> Iterator[str]:
    """As ``jupyter kernelspec list`` shows it, which knows nothing of us: each kernel's command is there."""
    specs = KernelSpecManager(kernel_dirs=[str(ground.machine.data / "kernels")], ensure_native_kernel=False)
    for name, spec in specs.get_all_specs().items():
        command = spec["spec"]["argv"][0]
        if name != "mine" and not os.access(command, os.X_OK):
            yield f"the kernel {name} is started by {command}, which is not there"


def _differences(before: State, now: State) -> str:
    """What differs, shortened: a state is long."""
    said = []
    for place in sorted(before.keys() | now.keys()):
        was, found = before.get(place), now.get(place)
        if was is None or found is None:
            said += [f"{place} {'came' if was is None else 'went'}"] if was is not found else []
        else:
            said += [f"{place}: {key}: {was.get(key)} → {found.get(key)}" for key in sorted(was.keys() | found.keys())
                     if was.get(key) != found.get(key)][:5]  # fmt: skip
    return "; ".join(said) or "the same"
