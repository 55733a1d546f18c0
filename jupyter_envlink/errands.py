"""Work at places that may never answer, such as a network mount whose server is away.

A thread that such a place holds cannot be ended. So it is left to itself: nobody waits for it, nothing else is asked
of that place until it is back, and as a daemon it does not keep the process from ending.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

Beat = Callable[[], None]
Work = Callable[[Beat], object]
"""What is done at a place. It keeps its result itself, and calls what it is given each time it has got on."""

PATIENCE = 1.0
LEAST_PATIENCE = 0.05
WORK_SECONDS, BREATH_SECONDS = 0.001, 0.0005
"""A thread that reads files lets an event loop have the GIL so often, for so long: else the loop waits for its turn
(``sys.getswitchinterval``) after each of its own system calls."""


class Errands:
    """Does pieces of work one after the other in a thread, and goes on without those whose place is silent."""

    def __init__(self, on_late: Callable[[], object], log: logging.Logger, patience: float = PATIENCE) -> None:
        """``patience``: seconds without a sign of life after which a place is silent; half as long for the next one
        of the same run, so that silent places, however many, hold a run for twice the time at most. ``on_late`` is
        called, in whichever thread, when a silent place has answered after all.
        """
        self._patience, self._on_late, self._log = patience, on_late, log
        self._lock = threading.Lock()
        self._silent: set[str] = set()
        self._slow: set[str] = set()

    @property
    def silent(self) -> frozenset[str]:
        """Places at which a thread is that nobody waits for."""
        with self._lock:
            return frozenset(self._silent)

    def run(self, errands: Mapping[str, Work], beat: Beat = lambda: None) -> None:
        """Do the work at each place; return when all is done but that at silent ones.

        A place that is silent already is left out, one that was the last time is not waited for. ``beat`` is called
        while this waits.
        """
        breathes = threading.current_thread() is not threading.main_thread()
        with self._lock:
            here = {place: work for place, work in errands.items() if place not in self._silent}
            apart = {place: here.pop(place) for place in self._slow & here.keys()}
            self._silent |= apart.keys()
        for errand in apart.items():
            self._started(deque([errand]), breathes)
        left, patience = deque(here.items()), self._patience
        while left:
            if self._waited(self._started(left, breathes), patience, beat):
                return
            patience = max(patience / 2, LEAST_PATIENCE)

    def _started(self, left: deque[tuple[str, Work]], breathes: bool) -> _Runner:
        runner = _Runner(self._take, self._put_back, left, breathes, self._log)
        runner.start()
        return runner

    def _waited(self, runner: _Runner, patience: float, beat: Beat) -> bool:
        """Whether the runner has come to the end; else it is left where it is."""
        while not runner.ended.wait(patience / 4):
            beat()
            with self._lock:
                if runner.place is not None and runner.silence() > patience:
                    self._silent.add(runner.place)
                    self._slow.add(runner.place)
                    runner.is_left = True
                    return False
        return True

    def _take(self, runner: _Runner) -> Work | None:
        with self._lock:
            if runner.is_left or not runner.errands:
                return None
            place, work = runner.errands.popleft()
            runner.place, runner.begun = place, time.monotonic()
            runner.beat()
            return work

    def _put_back(self, runner: _Runner) -> None:
        """The runner's place has answered."""
        with self._lock:
            place, runner.place = runner.place or "", None
            was_silent = place in self._silent
            self._silent.discard(place)
            if time.monotonic() - runner.begun <= self._patience:
                self._slow.discard(place)
        if was_silent:
            self._on_late()


class _Runner(threading.Thread):
    """Takes one errand after the other. ``place`` is where it is, ``is_left`` whether nobody waits for it there."""

    def __init__(
        self,
        take: Callable[[_Runner], Work | None],
        put_back: Callable[[_Runner], None],
        errands: deque[tuple[str, Work]],
        breathes: bool,
        log: logging.Logger,
    ) -> None:
        super().__init__(name="envlink errands", daemon=True)
        self.errands = errands
        self.place: str | None = None
        self.begun = 0.0
        self.is_left = False
        self.ended = threading.Event()
        self._take, self._put_back, self._log = take, put_back, log
        self._breathes = breathes
        self._alive = self._breathed = time.monotonic()

    def silence(self) -> float:
        """Seconds since the last sign of life."""
        return time.monotonic() - self._alive

    def beat(self) -> None:
        self._alive = now = time.monotonic()
        if self._breathes and now - self._breathed > WORK_SECONDS:
            time.sleep(BREATH_SECONDS)
            self._breathed = time.monotonic()

    def run(self) -> None:
        while work := self._take(self):
            try:
                work(self.beat)
            except Exception:  # the listing border: what fails at one place must not hold the others
                self._log.exception("Looking at %s failed.", self.place)
            self._put_back(self)
        self.ended.set()
