"""Jobs: the list of all, one of them, its log, and the same again."""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import InvalidRequest
from ..jobs.record import Job
from ..sentence import told
from .answers import json_of
from .base import EnvlinkHandler

#: Digits: what a file system can seek to.
_LONGEST_OFFSET = 18


class JobsHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.finish(await self.run(lambda: _text(self.service.jobs.all())))


class JobHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer((await self.run(self.service.jobs.get, job_id)).as_dict())

    @web.authenticated
    @authorized
    async def delete(self, job_id: str) -> None:
        self.accept(await self.run(self.service.jobs.cancel, job_id))


class RetryHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        self.accept(await self.run(self.service.life.retry, job_id, await self.running()))


class JobFileHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer(await self.run(self.service.jobs.file, job_id))


class LogHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        offset = self.get_query_argument("offset", "0")
        if not offset.isascii() or not offset.isdigit() or len(offset) > _LONGEST_OFFSET:
            raise InvalidRequest(
                told("offset is {offset!r}.", offset=offset), told("offset is a whole number of bytes.")
            )
        await self.finish(await self.run(lambda: json_of(self.service.queue.store.log(job_id, int(offset)))))


def _text(jobs: Iterable[Job]) -> str:
    """As JSON, one by one: of a thousand at once, no other thread gets to do anything."""
    return f'{{"jobs": [{", ".join(json_of(job.as_dict()) for job in jobs)}]}}'
