"""Channels that fail in the middle of an operation: they stall, are cut, answer 404, serve what is not the package."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from tests.channel.server import FaultServer
from tests.writing import yml

from .checker import Promise
from .ground import UNTOUCHED, Ground
from .operations import NAME, create, environment, made, server, tiny
from .restart import restarted
from .state import state
from .waiting import ended

FAULTS: Mapping[str, Callable[[FaultServer], None]] = {
    "an archive is cut": lambda channel: channel.cut("*/moss-2.0*"),
    "an archive has wrong bytes": lambda channel: channel.corrupt("*/moss-2.0*"),
    "an archive is gone": lambda channel: channel.status("*/moss-2.0*", 404),
    "an archive is not served": lambda channel: channel.status("*/moss-2.0*", 500),
    "the index is cut": lambda channel: channel.cut("*repodata*"),
    "the index is gone": lambda channel: channel.status("*", 404),
}
#: These would be given up after a minute; nobody waits so long.
STALLS: Mapping[str, Callable[[FaultServer], None]] = {
    "an archive stalls": lambda channel: channel.stall("*/moss-2.0*"),
    "the index stalls": lambda channel: channel.stall("*repodata*"),
}


class Connected:
    """A ground whose channel is on the network: an environment to be updated from it, or none to be created."""

    def __init__(self, ground: Ground, channel: FaultServer, updates: bool) -> None:
        self.ground, self.channel, self.updates = ground, channel, updates
        ground.restore(UNTOUCHED)
        if updates:
            made(ground, tiny(ground))
        ground.keep("connected")

    def begin(self, service: Envlink) -> Job:
        text = yml("moss=2", "fern", channel=self.channel.url)
        if not self.updates:
            return create(service, text)
        source = Source(text.encode(), "environment.yml", None)
        return service.life.update(source, environment(service, self.ground.envs / NAME).id, False)

    def promise(self) -> Promise:
        """By a run that nothing disturbs."""
        self.ground.restore("connected")
        with _nothing_cached(self.ground):
            return self._undisturbed()

    def _undisturbed(self) -> Promise:
        service = server(self.ground)
        old, jobs = state(self.ground), frozenset(job.id for job in service.jobs.all())
        foreign = self.ground.foreign()
        assert ended(service, self.begin(service)).status is Status.SUCCEEDED
        return Promise(self.ground, old, state(self.ground), foreign, {}, jobs)

    def fails(self, fault: Callable[[FaultServer], None], promise: Promise, cancels: bool) -> Job:
        """With ``fault``; and, once all is well again, the same succeeds. Returns the job that failed."""
        self.ground.restore("connected")
        self.channel.clear()
        self.channel.requests.clear()
        fault(self.channel)
        with _nothing_cached(self.ground):
            service = server(self.ground)
            job = self.begin(service)
            job = _cancelled(service, job, self.channel) if cancels else ended(service, job)
            assert not promise.check(service, restarted(service), f"{job.progress}")
            self.channel.clear()
            again = ended(service, service.life.retry(job.id))
            assert again.status is Status.SUCCEEDED, again.progress
            assert state(self.ground) == promise.new
        return job


@contextmanager
def connected(ground: Ground, updates: bool) -> Iterator[Connected]:
    """With a channel on the network, which fails as it is told."""
    root = url2pathname(urlsplit(ground.tiny).path)
    with FaultServer(Path(root)) as channel:
        yield Connected(ground, channel, updates)


@contextmanager
def _nothing_cached(ground: Ground) -> Iterator[None]:
    with tempfile.TemporaryDirectory(dir=ground.cache.parent) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RATTLER_CACHE_DIR", folder)
        yield


def _cancelled(service: Envlink, job: Job, channel: FaultServer) -> Job:
    deadline = time.monotonic() + 60
    while not channel.requests:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    return service.jobs.cancel(job.id)
