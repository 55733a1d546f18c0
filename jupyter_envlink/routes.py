"""HTTP: thin verbs over ``service``. Every one authenticated and authorised; one map from errors to statuses.

The verbs stand on the leaf classes, each decorated for itself: ``authorized`` keeps the resource of the first
request it serves, so a verb inherited by two classes would be authorised as the wrong one.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.gateway.managers import GatewayMappingKernelManager
from jupyter_server.utils import ensure_async, url_path_join
from tornado import web

from . import errors
from .http_errors import answer_of, status_of
from .jobs.record import Job
from .presentation import Running
from .service import Envlink
from .source import Source, from_request

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
        self.finish(json.dumps(error.as_dict()))

    def log_exception(self, kind: Any, value: Any, trace: Any) -> None:
        if isinstance(value, errors.EnvlinkError) and status_of(value) != 500:
            self.log.info("%s %s: %s", self.request.method, self.request.path, value.message)
        else:
            super().log_exception(kind, value, trace)

    def answer(self, value: Mapping[str, Any], status: int = 200) -> None:
        self.set_status(status)
        self.finish(json.dumps(value))

    def accept(self, job: Job) -> None:
        """202: the work goes on; where to look is in the header, the job as it is now in the body."""
        location = url_path_join(self.base_url, "envlink/api/jobs", job.id)
        self.set_header("Location", location)
        self.answer(job.as_dict(), 202)

    async def running(self) -> Running:
        """This server's kernels by the environment that they run in. Those of a gateway run somewhere else."""
        found: dict[str, list[dict[str, Any]]] = {}
        if isinstance(self.kernel_manager, GatewayMappingKernelManager):
            return found
        sessions: list[dict[str, Any]] = await ensure_async(self.session_manager.list_sessions())
        paths = {each["kernel"]["id"]: each["path"] for each in sessions}
        kernels: list[dict[str, Any]] = await ensure_async(self.kernel_manager.list_kernels())
        for kernel in kernels:
            environment = self.service.environment_of(kernel["name"])
            if environment is not None:
                shown = {"id": kernel["id"], "name": kernel["name"], "path": paths.get(kernel["id"])}
                found.setdefault(environment, []).append(shown)
        return found

    def flag(self, name: str) -> bool:
        """A query argument that is ``0`` or ``1``."""
        value = self.get_query_argument(name, "0")
        if value not in ("0", "1"):
            raise errors.InvalidRequest(f"{name} is {value!r}.", f"{name} is 0 or 1.")
        return value == "1"

    def json_body(self) -> Any:
        """The body; ``None`` where there is none."""
        try:
            return self.get_json_body()
        except UnicodeDecodeError as error:
            raise errors.InvalidRequest("The body is not UTF-8.", "Send JSON in UTF-8.", code="bad-request") from error

    def file_request(self) -> tuple[Mapping[str, Any], Source]:
        """The body as ``FileRequest`` of ``openapi.yaml``, and the file that it names."""
        body = self.json_body()
        wrong = _not_a_file_request(body)
        if wrong:
            raise errors.InvalidRequest(wrong, "openapi.yaml describes FileRequest.")
        root = os.path.expanduser(self.settings["server_root_dir"])  # jupyter_server writes a root below HOME as ~/…
        return body or {}, from_request(body or {}, root)


_KERNEL_REQUEST = 'Send {"how": "install"} or {"how": "overlay"}, or nothing.'
_FILE_REQUEST: Mapping[str, type] = {"path": str, "text": str, "name": str, "solve": bool}


def _not_a_file_request(body: Any) -> str | None:
    if body is None:
        return "The request has no body."
    if not isinstance(body, dict):
        return "The body is not a JSON object."
    for key, value in body.items():
        if key not in _FILE_REQUEST:
            return f"The body has an unknown key {key!r}."
        if not isinstance(value, _FILE_REQUEST[key]):
            return f"{key!r} is not a {_FILE_REQUEST[key].__name__}."
    return None


def _text(listed: Mapping[str, Any]) -> str:
    """``listed`` as JSON, its environments one by one: of a thousand at once, no other thread gets to do anything."""
    each = ", ".join(json.dumps(environment) for environment in listed["environments"])
    rest = json.dumps({key: value for key, value in listed.items() if key != "environments"})
    return f'{rest[:-1]}, "environments": [{each}]}}'


class InfoHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.answer({**await self.run(self.service.info), **_listing(self.kernel_spec_manager)})


def _listing(manager: object) -> dict[str, Any]:
    """Who lists this server's kernels: the part of ``Info`` that only a server knows."""
    from .manager import EnvlinkKernelSpecManager

    ours = manager if isinstance(manager, EnvlinkKernelSpecManager) else None
    kind = type(manager)
    return {
        "kernel_spec_manager": ours is not None,
        "manager": f"{kind.__module__}.{kind.__qualname__}",
        "inner_manager": ours.inner_manager() if ours else None,
    }


class EnvironmentsHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        running, refresh = await self.running(), self.flag("refresh")
        await self.finish(await self.run(lambda: _text(self.service.environments(running, refresh))))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body, source = await self.run(self.file_request)
        self.accept(await self.run(self.service.create, source, body.get("name")))


class EnvironmentHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        self.answer(await self.run(self.service.environment, environment_id, await self.running()))

    @web.authenticated
    @authorized
    async def delete(self, environment_id: str) -> None:
        self.accept(await self.run(self.service.remove, environment_id, await self.running(), self.flag("force")))


class KernelHandler(EnvlinkHandler):
    def wants_overlay(self) -> bool:
        """What the body, ``KernelRequest`` of ``openapi.yaml``, says; none means *install*."""
        body = self.json_body()
        if body is not None and not (isinstance(body, dict) and set(body) <= {"how"}):
            raise errors.InvalidRequest("The body is not a JSON object with the key 'how' alone.", _KERNEL_REQUEST)
        how = (body or {}).get("how", "install")
        if how not in ("install", "overlay"):
            raise errors.InvalidRequest(f"how is {how!r}.", _KERNEL_REQUEST)
        return bool(how == "overlay")

    @web.authenticated
    @authorized
    async def post(self, environment_id: str) -> None:
        overlay = await self.run(self.wants_overlay)
        done = await self.run(self.service.attach, environment_id, overlay)
        if isinstance(done, Job):
            self.accept(done)
        else:
            self.answer(await self.run(self.service.shown, done, await self.running()))

    @web.authenticated
    @authorized
    async def delete(self, environment_id: str) -> None:
        environment = await self.run(self.service.detach, environment_id, await self.running())
        self.answer(await self.run(self.service.shown, environment, await self.running()))

    @web.authenticated
    @authorized
    async def patch(self, environment_id: str) -> None:
        environment = await self.run(self.service.customize, environment_id, self.json_body())
        self.answer(await self.run(self.service.shown, environment, await self.running()))


class DoctorHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        environment, path = (self.get_query_argument(name, None) for name in ("environment", "path"))
        await self.finish(await self.run(lambda: json.dumps(self.service.diagnose(environment, path))))


class CheckHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        _, source = await self.run(self.file_request)
        self.answer(await self.run(self.service.check, [source]))


class PlanHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        body, source = await self.run(self.file_request)
        self.answer(await self.run(self.service.preview.plan, source, body.get("name"), body.get("solve", True)))


class JobsHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.answer({"jobs": [job.as_dict() for job in await self.run(self.service.jobs)]})


class JobHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer((await self.run(self.service.job, job_id)).as_dict())

    @web.authenticated
    @authorized
    async def delete(self, job_id: str) -> None:
        self.accept(await self.run(self.service.cancel, job_id))


class RetryHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        self.accept(await self.run(self.service.queue.retry, job_id))


#: Digits: what a file system can seek to.
_LONGEST_OFFSET = 18


class LogHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        offset = self.get_query_argument("offset", "0")
        if not offset.isascii() or not offset.isdigit() or len(offset) > _LONGEST_OFFSET:
            raise errors.InvalidRequest(f"offset is {offset!r}.", "offset is a whole number of bytes.")
        self.answer(await self.run(self.service.queue.store.log, job_id, int(offset)))


class NowhereHandler(EnvlinkHandler):
    """Whatever lies beside the routes: an error that a program can read, where Jupyter would send a page."""

    async def prepare(self) -> None:  # type: ignore[override]
        await super().prepare()
        raise web.HTTPError(404, "There is nothing at this address.")


ENVIRONMENT_ID = "(?P<environment_id>[0-9a-f]{12})"
JOB_ID = "(?P<job_id>[0-9a-z-]{8,40})"

ROUTES: tuple[tuple[str, type[EnvlinkHandler]], ...] = (
    ("info", InfoHandler),
    ("environments", EnvironmentsHandler),
    (f"environments/{ENVIRONMENT_ID}", EnvironmentHandler),
    (f"environments/{ENVIRONMENT_ID}/kernel", KernelHandler),
    ("doctor", DoctorHandler),
    ("check", CheckHandler),
    ("plan", PlanHandler),
    ("jobs", JobsHandler),
    (f"jobs/{JOB_ID}", JobHandler),
    (f"jobs/{JOB_ID}/retry", RetryHandler),
    (f"jobs/{JOB_ID}/log", LogHandler),
)


def handlers(base_url: str, service: Envlink) -> list[tuple[str, type[EnvlinkHandler], dict[str, Any]]]:
    """The routes as tornado takes them."""
    prefix = url_path_join(base_url, "envlink/api")
    routes: tuple[tuple[str, type[EnvlinkHandler]], ...] = (*ROUTES, (".*", NowhereHandler))
    return [(url_path_join(prefix, path), handler, {"service": service}) for path, handler in routes]
