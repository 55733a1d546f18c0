"""A server's planner: one process that is started when something is asked, and again when it has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from traitlets import Float
from traitlets.config import LoggingConfigurable

from .. import process
from ..errors import EnvlinkError
from ..redaction import redact
from ..sentence import of_data, told

if TYPE_CHECKING:  # it brings the reader of files, which no server needs to start
    from ..search.question import Search
    from .question import Question

    Asked = Question | Search

Answer = dict[str, Any]
"""``solution`` and ``conflict`` of ``Plan`` of ``openapi.yaml``; of a search, see ``search.answering``."""
_ENDS_WITHIN = 5.0
_DEAF = 15.0
"""Seconds after the time limit, after which a planner that has said nothing is taken for dead."""


class Planner(LoggingConfigurable):
    """Asks a process that keeps the channels' indexes in memory; ends with the process that has made it."""

    time_limit = Float(
        120.0, min=1.0, help="Seconds after which a plan (a solve with all that it asks of channels) is given up."
    ).tag(config=True)
    idle_limit = Float(
        600.0, min=1.0, help="Seconds without a question after which the planning process ends; the next one starts it."
    ).tag(config=True)
    memory_limit = Float(
        4000.0, min=1.0, help="Megabytes of memory at which the planning process ends; plans under way are given up."
    ).tag(config=True)
    freshness = Float(
        60.0,
        min=0.0,
        help="Seconds for which what is known of a channel is used without asking it. After that it is asked again, "
        "as its Cache-Control says. A channel in a folder is always looked at.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._stopped = False

    def ask(self, question: Asked) -> Future[Answer]:
        """The answer, which never is an exception. Cancel it when nobody waits for it any more: then nothing is
        computed for it. Blocks while the question is handed over: call it in a thread."""
        with self._lock:
            if self._stopped:
                raise EnvlinkError(told("The server ends."), told("Start it again."), code="stopping")
            answer: Future[Answer] = Future()
            self._hand(question, answer)
            return answer

    @property
    def busy(self) -> bool:
        """Whether somebody waits for an answer."""
        return self._running is not None and self._running.busy

    def stop(self) -> None:
        """End the process, whatever it is at; nothing is started any more."""
        with self._lock:
            self._stopped = True
            running = self._running
        if running is not None:
            running.kill()
            running.wait()

    def _hand(self, question: Asked, answer: Future[Answer]) -> None:
        if self._running is None or not self._running.takes_more:
            self._running = _Running(self._start(), self._again)
        self._running.ask(question, answer, self.time_limit + _DEAF)

    def _again(self, question: Asked, answer: Future[Answer]) -> None:
        """The process has ended of its own accord just when this was asked."""
        with self._lock:
            if self._stopped:
                answer.cancel()
            else:
                self._hand(question, answer)

    def _start(self) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        limits = {
            "idle": self.idle_limit,
            "time": self.time_limit,
            "memory": self.memory_limit * 1e6,
            "fresh": self.freshness,
        }
        options = [f"--{name}={value!r}" for name, value in limits.items()]
        errors = tempfile.TemporaryFile()  # noqa: SIM115 as long-lived as the process
        argv = [sys.executable, "-m", "jupyter_envlink.planner", *options]
        return process.start_talking(argv, env=os.environ, cwd=sys.prefix, errors=errors), errors


class _Running:
    """One process and what it has been asked."""

    def __init__(
        self, started: tuple[subprocess.Popen[bytes], IO[bytes]], again: Callable[[Asked, Future[Answer]], None]
    ) -> None:
        self._process, self._errors = started
        self._again = again
        self._asked: dict[int, tuple[Asked, Future[Answer]]] = {}
        self._count = 0
        self._lock = threading.Lock()
        self.takes_more = True
        self._listener = threading.Thread(target=self._listen, name="envlink-planner", daemon=True)
        self._listener.start()

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    def ask(self, question: Asked, answer: Future[Answer], limit: float) -> None:
        with self._lock:
            self._count += 1
            number = self._count
            self._asked[number] = question, answer
        answer.add_done_callback(lambda each: self._drop(number) if each.cancelled() else None)
        deaf = threading.Timer(limit, self.kill)
        deaf.daemon = True
        answer.add_done_callback(lambda _: deaf.cancel())
        deaf.start()
        self._say({"id": number, question.kind: question.as_dict()})

    def kill(self) -> None:
        self.takes_more = False
        self._process.kill()

    def wait(self) -> None:
        """Until a killed one has ended, and everybody has been told."""
        self._listener.join(_ENDS_WITHIN)

    def _drop(self, number: int) -> None:
        """Nobody waits for it any more. Not in this thread, which may be that of an event loop."""
        with self._lock:
            self._asked.pop(number, None)
        threading.Thread(target=self._say, args=({"cancel": number},), daemon=True).start()

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError), self._lock:  # it has ended; `_listen` says so
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            with self._lock:
                _, answer = self._asked.pop(message["id"], (None, None))
            _give(answer, of_data(message["answer"]))
        self.takes_more = False
        self._process.wait()
        with self._lock:
            left, self._asked = list(self._asked.values()), {}
        for question, answer in left:
            if self._process.returncode == 0:
                self._again(question, answer)
            else:
                _give(answer, {"solution": None, "conflict": self._end().as_dict()})
        self._close()

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                with suppress(OSError):  # something was left in it that nobody reads any more
                    pipe.close()

    def _end(self) -> EnvlinkError:
        """Why it has ended before it had answered."""
        self._errors.seek(0)
        said = redact(self._errors.read().decode("utf-8", "replace")[-2000:]).strip()
        message = told(
            "The process that plans has ended before it had an answer (exit status {returncode}).",
            returncode=self._process.returncode,
        )
        details = {"said": said} if said else {}
        return EnvlinkError(message, told("Try again: it is started anew."), code="planner-ended", details=details)


def _give(answer: Future[Answer] | None, found: Answer) -> None:
    if answer is not None:
        with suppress(InvalidStateError):  # cancelled meanwhile
            answer.set_result(found)
