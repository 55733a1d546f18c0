"""One operation, killed; the next start; the check. And so again, for as many deaths as are wanted."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

from jupyter_envlink import process
from jupyter_envlink.jobs.launchers.local import LocalLauncher
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.service import Envlink

from .begin import begun
from .checker import Promise
from .fatal import Means, Point
from .ground import UNTOUCHED, Ground
from .operations import Scenario, server
from .restart import restarted
from .state import state
from .waiting import ENDS_WITHIN, ended

#: A process that has done its work takes so long to end: seconds.
_LAST_STEPS = 0.1


@dataclass
class Tally:
    """What came of it."""

    kills: int = 0
    """Processes that died by our hand."""
    stood: int = 0
    """Operations that stood all the same: they were killed after their change did."""
    unscathed: int = 0
    """Those that ended before their death came."""
    by_means: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        names = self.by_means.keys() | other.by_means.keys()
        means = {name: self.by_means.get(name, 0) + other.by_means.get(name, 0) for name in names}
        numbers = (self.kills + other.kills, self.stood + other.stood, self.unscathed + other.unscathed)
        return Tally(*numbers, means)

    def count(self, means: str, died: bool, stands: bool) -> None:
        self.kills += died
        self.unscathed += not died
        self.stood += died and stands
        self.by_means[means] = self.by_means.get(means, 0) + died


class Victim:
    """One scenario on its ground, to be killed as often as one likes."""

    def __init__(self, ground: Ground, scenario: Scenario) -> None:
        self.ground, self.scenario, self.tally = ground, scenario, Tally()
        ground.restore(UNTOUCHED)
        scenario.before(ground)
        ground.keep(scenario.name)
        self.lasts = 0.0
        """Seconds, of an undisturbed run."""
        self.starts = 0.0
        """Seconds that it takes a server to come up, where it does the work itself."""
        self.promise = self._undisturbed()
        if scenario.by_server:
            self.starts = self._starting()
        self._cached = ground.cached_hashes()

    def cache_is_untouched(self) -> int:
        """Raises ``AssertionError`` where a package that environments are linked from has changed; how many files
        have not. After each death only sizes and times are looked at."""
        now = self.ground.cached_hashes()
        changed = [path for path, was in self._cached.items() if now.get(path) != was]
        assert not changed, f"{self.scenario.name}: in the package cache another file: {changed}"
        return len(self._cached)

    def _undisturbed(self) -> Promise:
        """Once to fill the caches, once to see what is new."""
        for _ in range(2):
            self.ground.restore(self.scenario.name)
            service = server(self.ground)
            jobs = frozenset(job.id for job in service.jobs.all())
            old, foreign = state(self.ground), self.ground.foreign()
            begin = time.monotonic()
            self._as_it_should(ended(service, self.scenario.begin(service, self.ground)))
            self.lasts = time.monotonic() - begin
        new = state(self.ground)
        assert (new == old) == self.scenario.fails, "the scenario changes nothing, or what it should not"
        promise = Promise(self.ground, old, new, foreign, self.ground.cached(), jobs)
        promise.check(service, restarted(service), f"{self.scenario.name}, undisturbed", starts=True)
        return promise

    def _starting(self) -> float:
        self.ground.restore(self.scenario.name)
        begin = time.monotonic()
        subprocess.run(begun(self.ground, self.scenario), capture_output=True, timeout=ENDS_WITHIN, check=True)
        return max(0.0, time.monotonic() - begin - 2 * self.lasts - _LAST_STEPS)

    def points(self, means: Means, of_server: bool = False) -> list[Point]:
        """Every change of the disk that the worker makes, or the server that begins the operation."""
        trace = self.ground.folder.with_name("trace")
        trace.unlink(missing_ok=True)
        self.ground.restore(self.scenario.name)
        words = means.traced(trace)
        if of_server or self.scenario.by_server:
            argv = [*words, *begun(self.ground, self.scenario)]
            subprocess.run(argv, capture_output=True, timeout=ENDS_WITHIN, check=True)
            restarted(server(self.ground))  # a worker goes on until it has ended
        else:
            service = self.server_with(words)
            self._as_it_should(ended(service, self.scenario.begin(service, self.ground)))
        return means.points(trace)

    def doer_dies(self, means: Means, point: Point, recoveries: Sequence[Point] = ()) -> None:
        """Who does the work dies at ``point``; then whoever cleans up after it, at each of ``recoveries``."""
        self.ground.restore(self.scenario.name)
        died = self._doer_dies(means, point)
        said = [f"{self.scenario.name}: died at {point} ({means.how})"]
        for each in recoveries:
            argv = [sys.executable, "-m", "tests.chaos.restart", str(self.ground.project)]
            if self._dies(means, each, argv):
                said.append(f"then its recovery at {each}")
        self._then(", ".join(said), type(means).__name__, died)

    def _doer_dies(self, means: Means, point: Point) -> bool:
        if self.scenario.by_server:
            return self._dies(means, point, begun(self.ground, self.scenario))
        death = means.at(point)
        service = self.server_with(death.words)
        self._wait(service, self.scenario.begin(service, self.ground))
        return death.came()

    def server_dies(self, means: Means, point: Point) -> None:
        """The process that begins the operation does, at ``point``; a worker that it has started goes on."""
        self.ground.restore(self.scenario.name)
        died = self._dies(means, point, begun(self.ground, self.scenario))
        self._then(f"{self.scenario.name}: its server died at {point}", f"{type(means).__name__} of the server", died)

    def dies_after(self, seconds: float, victim: str) -> None:
        """``victim``: who does it, alone (``worker``) or with its ``group``, or what it has started (a ``child``)."""
        self.ground.restore(self.scenario.name)
        if self.scenario.by_server:
            died = _server_killed(seconds, begun(self.ground, self.scenario))
        else:
            service = self.server_with(())
            job = self.scenario.begin(service, self.ground)
            time.sleep(seconds)
            died = _killed(service, job, victim)
            self._wait(service, job)
        self._then(f"{self.scenario.name}: {victim} killed after {seconds:.3f} s", f"{victim}, at random", died)

    def _dies(self, means: Means, point: Point, argv: Sequence[str]) -> bool:
        death = means.at(point)
        words = [*death.words, *argv]
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=ENDS_WITHIN, check=False, start_new_session=True
        )
        assert death.came() or done.returncode == 0, done.stderr
        return death.came()

    def _then(self, what: str, means: str, died: bool) -> None:
        """The next start, the check, and now and then the same once more, which has to succeed."""
        turn = self.tally.kills
        service = server(self.ground, "all" if self.scenario.has_python and turn % 5 == 0 else "none")
        stands = self.promise.check(service, restarted(service, turn % 5 == 0), what, starts=turn % 3 == 0)
        if turn % 4 == 0 and state(self.ground) == self.promise.old:
            self._as_it_should(ended(service, self.scenario.begin(service, self.ground)))
            assert state(self.ground) == self.promise.new, f"{what}: done again, it comes to something else"
        self.tally.count(means, died, stands)

    def _as_it_should(self, job: Job) -> None:
        assert (job.status is Status.FAILED) == self.scenario.fails, job.progress

    def server_with(self, words: Sequence[str]) -> Envlink:
        """One whose workers are started with ``words`` before their command."""
        service = server(self.ground)
        service.queue.launcher = _Prefixed(words)
        return service

    def _wait(self, service: Envlink, job: Job) -> None:
        """Until none of its processes is left. It is not looked at by way of the queue, which would clean up."""
        deadline = time.monotonic() + ENDS_WITHIN
        while any(process.alive(*each) for each in service.queue.store.processes(job.id)):
            assert time.monotonic() < deadline, f"the worker did not end: {service.queue.store.load(job.id)}"
            time.sleep(0.005)


class _Prefixed(LocalLauncher):
    """Workers of this machine, with words before their command."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def command(self, job: Job) -> Sequence[str]:
        return self._words


def _server_killed(seconds: float, argv: Sequence[str]) -> bool:
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.kill()
    return process.returncode == -signal.SIGKILL


def _killed(service: Envlink, job: Job, victim: str) -> bool:
    killed = False
    for pid, created in service.queue.store.processes(job.id):
        if not process.alive(pid, created):
            continue
        if victim == "group":
            process.kill_group(pid, created)
            killed = True
            continue
        found = [psutil.Process(pid)]
        for each in found if victim == "worker" else found[0].children(recursive=True)[:1]:
            each.kill()
            killed = True
    return killed
