"""Environments: the list of all, one of them, and its kernels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import InvalidRequest
from ..jobs.record import Job
from ..sentence import told
from ..uses import described
from .answers import json_of
from .base import EnvlinkHandler
from .file_request import FileHandler

_KERNEL_REQUEST = told('Send {{"how": "install"}} or {{"how": "overlay"}}, or nothing.')


class EnvironmentsHandler(FileHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        running, refresh = await self.running(), self.flag("refresh")
        await self.finish(await self.run(lambda: _text(self.service.environments(running, refresh))))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body, source = await self.run(self.file_request)
        self.accept(await self.run(self.service.life.create, source, body.get("name")))


class EnvironmentHandler(FileHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        self.answer(await self.run(self.service.environment, environment_id, await self.running()))

    @web.authenticated
    @authorized
    async def delete(self, environment_id: str) -> None:
        self.accept(await self.run(self.service.life.remove, environment_id, await self.running(), self.flag("force")))

    @web.authenticated
    @authorized
    async def patch(self, environment_id: str) -> None:
        """``{"name"}`` alone renames it; whatever else is of a file that it is updated from."""
        await self.run(self.service.catalog.get, environment_id)
        sent = await self.run(self.json_body)
        if isinstance(sent, dict) and set(sent) == {"name"}:
            name, force, running = new_name(sent), self.flag("force"), await self.running()
            self.accept(await self.run(self.service.life.rename, environment_id, name, running, force))
            return
        body, source = await self.run(self.update_request)
        self.accept(await self.run(self.service.life.update, source, environment_id, body.get("prune", False)))


class UsesHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        environment = await self.run(self.service.catalog.get, environment_id)
        kernels = (await self.running()).get(environment_id, ())
        self.answer(await self.run(described, self.service.uses, environment, kernels, self.sessions.path))


class GenerationsHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        shown = await self.run(self.service.life.generations, environment_id)
        await self.finish(await self.run(json_of, shown))


class RollBackHandler(EnvlinkHandler):
    def wanted(self) -> int:
        """The number in the body, ``RollBackRequest`` of ``openapi.yaml``. Raises ``InvalidRequest``."""
        body = self.json_body()
        number = body.get("generation") if isinstance(body, dict) and len(body) == 1 else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise InvalidRequest(
                told("The body does not say which generation."), told('Send {{"generation": NUMBER}}.')
            )
        return number

    @web.authenticated
    @authorized
    async def post(self, environment_id: str) -> None:
        await self.run(self.service.catalog.get, environment_id)
        self.accept(await self.run(self.service.life.roll_back, environment_id, await self.run(self.wanted)))


class CloneHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self, environment_id: str) -> None:
        await self.run(self.service.catalog.get, environment_id)
        name = await self.run(new_name, self.json_body())
        self.accept(await self.run(self.service.life.clone, environment_id, name))


def new_name(body: Any) -> str:
    """What ``NameRequest`` of ``openapi.yaml`` says. Raises ``InvalidRequest``."""
    if not isinstance(body, dict) or set(body) != {"name"} or not isinstance(body["name"], str):
        raise InvalidRequest(
            told("The body is not a JSON object with the key 'name' alone."), told('Send {{"name": NEW}}.')
        )
    return str(body["name"])


class KernelHandler(EnvlinkHandler):
    def wants_overlay(self) -> bool:
        """What the body, ``KernelRequest`` of ``openapi.yaml``, says; none means *install*."""
        body = self.json_body()
        if body is not None and not (isinstance(body, dict) and set(body) <= {"how"}):
            raise InvalidRequest(told("The body is not a JSON object with the key 'how' alone."), _KERNEL_REQUEST)
        how = (body or {}).get("how", "install")
        if how not in ("install", "overlay"):
            raise InvalidRequest(told("how is {how!r}.", how=how), _KERNEL_REQUEST)
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


def _text(listed: Mapping[str, Any]) -> str:
    """``listed`` as JSON, its environments one by one: of a thousand at once, no other thread gets to do anything."""
    each = ", ".join(json_of(environment) for environment in listed["environments"])
    rest = json_of({key: value for key, value in listed.items() if key != "environments"})
    return f'{rest[:-1]}, "environments": [{each}]}}'
