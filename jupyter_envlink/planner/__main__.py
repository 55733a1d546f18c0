"""``python -m jupyter_envlink.planner``: plans for the process that has started it, until that ends or nobody asks.

On standard input come lines of JSON: ``{"id", "question"}`` or ``{"id", "search"}``, and ``{"cancel": id}`` for what
nobody waits for any more. On standard output goes one line for each question that was not cancelled: ``{"id",
"answer"}``. At the input's end the process ends at once, whatever it is at.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any

import psutil

from ..engines.rattler_index import KeptIndex
from ..errors import EnvlinkError, unforeseen
from ..leaving import leave
from ..search.answering import Searcher
from ..search.question import Search
from ..sentence import as_data, told
from .answering import answer
from .question import Question

TICK = 1.0
"""Seconds from one look at the memory to the next."""
STRAY = 10.0
"""Seconds for which a solve that nobody waits for may go on: rattler's cannot be stopped, only left alone."""
Say = Callable[[Mapping[str, Any]], None]


class Planner:
    """Answers several questions at once. ``idle`` and ``time_limit`` are seconds, ``memory`` bytes."""

    def __init__(self, say: Say, limits: argparse.Namespace) -> None:
        self._say = say
        self._limits = limits
        self._index = KeptIndex(limits.fresh)
        self._searcher = Searcher(self._index)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._since = time.monotonic()
        self._computed = 0.0

    def hear(self, message: Mapping[str, Any]) -> None:
        """A line of the input."""
        if "cancel" in message:
            task = self._tasks.get(message["cancel"])
            if task is not None:
                task.cancel()
            return
        number = message["id"]
        self._tasks[number] = task = asyncio.create_task(self._answer(number, message))
        task.add_done_callback(lambda _: self._done(number))

    async def watch(self) -> None:
        """Return when it is time to end: nobody has asked for long, or too much memory is in use."""
        while True:
            await asyncio.sleep(TICK)
            if self._is_over() or self._is_too_large():
                return

    def _done(self, number: int) -> None:
        del self._tasks[number]
        self._since = time.monotonic()

    def _is_over(self) -> bool:
        """Also where something is computed that nobody waits for any more."""
        spent, self._computed = time.process_time() - self._computed, time.process_time()
        if self._tasks:
            return False
        idle = time.monotonic() - self._since
        return idle > self._limits.idle or (idle > STRAY and spent > TICK / 2)

    def _is_too_large(self) -> bool:
        if psutil.Process().memory_info().rss <= self._limits.memory:
            return False
        for number in list(self._tasks):
            message = told(
                "Planning needs more than {value:.0f} MB of memory, and was stopped.",
                value=self._limits.memory / 1000000.0,
            )
            error = EnvlinkError(
                message, told("Name fewer channels, or raise Planner.memory_limit."), code="plan-memory"
            )
            self._say({"id": number, "answer": _failure(error)})
        return True

    async def _found(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if Search.kind in message:
            return await self._searcher.answer(Search.of(message[Search.kind]))
        return await answer(Question.of(message[Question.kind]), self._index)

    async def _answer(self, number: int, message: Mapping[str, Any]) -> None:
        try:
            found = await asyncio.wait_for(self._found(message), self._limits.time)
        except asyncio.TimeoutError:
            said = told("No plan was found within {time:g} s.", time=self._limits.time)
            remedy = told("Name versions, so that there is less to try; or raise Planner.time_limit.")
            found = _failure(EnvlinkError(said, remedy, code="plan-timeout"))
        except EnvlinkError as error:
            found = _failure(error)
        except Exception as error:  # the border of the process
            found = _failure(unforeseen(error, told("Please report it.")))
        self._say({"id": number, "answer": found})


def _failure(error: EnvlinkError) -> dict[str, Any]:
    return {"solution": None, "conflict": error.as_dict()}


async def _run(lines: IO[bytes], answers: IO[bytes], limits: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()

    def say(message: Mapping[str, Any]) -> None:
        answers.write(json.dumps(as_data(message)).encode() + b"\n")
        answers.flush()

    planner = Planner(say, limits)

    def listen() -> None:
        for line in lines:
            loop.call_soon_threadsafe(planner.hear, json.loads(line))
        os._exit(0)  # whoever asked is gone

    threading.Thread(target=listen, name="envlink-planner-input", daemon=True).start()
    await planner.watch()


def _stand_back() -> None:
    """Let the server and its kernels go first: rattler decompresses a large index on all processors at once."""
    with suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            psutil.Process().nice(10)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jupyter_envlink.planner")
    for name in ("idle", "time", "memory", "fresh"):
        parser.add_argument(f"--{name}", type=float, required=True)
    return parser


def main() -> None:
    limits = _parser().parse_args()
    _stand_back()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not print between the answers
    asyncio.run(_run(sys.stdin.buffer, answers, limits))


if __name__ == "__main__":
    main()
    leave(0)
