"""What every verb shares: the service, threads for the work, and the errors' JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join

from .. import errors
from ..jobs.record import Job
from ..presentation import Running
from ..sentence import told
from ..service import Envlink
from ..sessions import Sessions
from .answers import json_of
from .http_errors import answer_of, status_of

AUTH_RESOURCE = "envlink"

T = TypeVar("T")


class EnvlinkHandler(APIHandler):
    """What all verbs share: the service, work in threads, and the errors' JSON."""

    auth_resource = AUTH_RESOURCE
    #: Looking at lists and logs must not keep an idle server alive.
    _track_activity = False

    def initialize(self, service: Envlink) -> None:
        self.service = service

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """``function`` in a thread: nothing of ours may hold the event loop."""
        return await asyncio.to_thread(function, *args)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every error is ``Error`` of ``openapi.yaml``, those of Jupyter's own checks too."""
        raised = kwargs.get("exc_info", (None, None, None))[1]
        status, error = answer_of(raised, status_code)
        self.set_status(status)
        self.finish(json_of(error.as_dict()))

    def log_exception(self, kind: Any, value: Any, trace: Any) -> None:
        if isinstance(value, errors.EnvlinkError) and status_of(value) != 500:
            self.log.info("%s %s: %s", self.request.method, self.request.path, value.message)
        else:
            super().log_exception(kind, value, trace)

    def answer(self, value: Mapping[str, Any], status: int = 200) -> None:
        self.set_status(status)
        self.finish(json_of(value))

    def accept(self, job: Job) -> None:
        """202: the work goes on; where to look is in the header, the job as it is now in the body."""
        location = url_path_join(self.base_url, "envlink/api/jobs", job.id)
        self.set_header("Location", location)
        self.answer(job.as_dict(), 202)

    async def running(self) -> Running:
        """This server's kernels by the environment that they run in. Those of a gateway run somewhere else."""
        found: dict[str, list[dict[str, Any]]] = {}
        for each in await self.sessions.all():
            shown = {"id": each.id, "name": each.name, "path": each.path}
            found.setdefault(each.environment, []).append(shown)
        return found

    @property
    def sessions(self) -> Sessions:
        """This server's kernels."""
        return Sessions(self.kernel_manager, self.session_manager, self.contents_manager, self.service.environment_of)

    def flag(self, name: str) -> bool:
        """A query argument that is ``0`` or ``1``."""
        value = self.get_query_argument(name, "0")
        if value not in ("0", "1"):
            raise errors.InvalidRequest(
                told("{name} is {value!r}.", name=name, value=value), told("{name} is 0 or 1.", name=name)
            )
        return value == "1"

    def json_body(self) -> Any:
        """The body; ``None`` where there is none."""
        try:
            return self.get_json_body()
        except UnicodeDecodeError as error:
            raise errors.InvalidRequest(
                told("The body is not UTF-8."), told("Send JSON in UTF-8."), code="bad-request"
            ) from error
