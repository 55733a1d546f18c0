"""A Jupyter server with the extension in it: in this process for most tests, as a process of its own for some.

The plugin ``tests.server``: its fixtures ``api`` and ``events`` speak to the server in this process. Every answer
that ``api`` gets is held against ``openapi.yaml``.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from . import contract

Answer = tuple[int, Any]
Through = Callable[[list[str]], list[str]]
"""Makes the command that starts a server another one."""


@pytest.fixture
def jp_server_config(machine: object) -> dict[str, Any]:
    """pytest-jupyter's: what the server in this process is configured with."""
    options = {
        "jpserver_extensions": {"jupyter_envlink": True, "jupyter_server_terminals": False},
        "allow_unauthenticated_access": False,
        "reraise_server_extension_failures": True,
    }
    return {"ServerApp": options}


@dataclass(frozen=True)
class Api:
    """Speaks to ``/envlink/api`` as a page does."""

    fetch: Callable[..., Awaitable[Any]]

    async def __call__(self, method: str, path: str, body: Any = None, /, **query: str) -> Answer:
        """Status and body of a request that the contract knows, its answer held against it."""
        status, answer = await self.raw(method, path, None if body is None else json.dumps(body), **query)
        contract.check(method, f"/{path}", status, answer)
        return status, answer

    async def raw(self, method: str, path: str, body: str | bytes | None = None, /, **query: str) -> Answer:
        """The same, whatever is sent and comes back."""
        given = await self.fetch(
            "envlink/api",
            path,
            method=method,
            body=body,
            params=query,
            allow_nonstandard_methods=True,
            raise_error=False,
            request_timeout=60,
        )
        return given.code, json.loads(given.body or b"null")

    async def ended(self, job: dict[str, Any], seconds: float = 90) -> dict[str, Any]:
        """The job once it has ended."""
        deadline = time.monotonic() + seconds
        while job["finished"] is None:
            assert time.monotonic() < deadline, f"the job did not end: {job}"
            await asyncio.sleep(0.05)
            _, job = await self("GET", f"jobs/{job['id']}")
        return job

    async def listed(self, name: str, seconds: float = 1) -> dict[str, Any]:
        """The environment of that name, which is in the listing after so many seconds at the latest."""
        deadline = time.monotonic() + seconds
        while (found := await self.environment(name)) is None:
            assert time.monotonic() < deadline, f"{name} is not listed"
            await asyncio.sleep(0.02)
        return found

    async def environment(self, name: str) -> dict[str, Any] | None:
        """The environment of that name in the listing."""
        _, listed = await self("GET", "environments")
        return next((each for each in listed["environments"] if each["name"] == name), None)


@pytest.fixture
def api(running: Any, jp_fetch: Callable[..., Awaitable[Any]]) -> Api:
    """The API of a running server, and of nothing else."""
    return Api(jp_fetch)


@pytest.fixture
def running(jp_serverapp: Any, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    """The server application with its extensions started, as they are once a real one runs its loop."""
    jp_asyncio_loop.run_until_complete(jp_serverapp.extension_manager.start_all_extensions())
    yield jp_serverapp
    jp_asyncio_loop.run_until_complete(jp_serverapp.cleanup_extensions())


class Events:
    """What a page hears on the events' websocket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.heard: list[dict[str, Any]] = []

    async def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 30) -> dict[str, Any]:
        """The first event from now on for which ``wanted`` holds."""
        deadline = time.monotonic() + seconds
        while True:
            event = await self._next(deadline - time.monotonic())
            assert event is not None, f"nothing of the kind was heard, only {self.heard}"
            if wanted(event):
                return event

    async def any(self, seconds: float) -> bool:
        """Whether anything is heard within so many seconds."""
        return await self._next(seconds) is not None

    async def quiet(self, seconds: float, unwanted: Callable[[dict[str, Any]], bool] = lambda event: True) -> None:
        """Fail where anything that is ``unwanted`` is heard within so many seconds."""
        deadline = time.monotonic() + seconds
        while (event := await self._next(deadline - time.monotonic())) is not None:
            assert not unwanted(event), event

    async def _next(self, seconds: float) -> dict[str, Any] | None:
        try:
            text = await asyncio.wait_for(asyncio.shield(self._message()), max(0.01, seconds))
        except asyncio.TimeoutError:
            return None
        self._pending = None
        assert text is not None, "the server has closed the socket"
        event: dict[str, Any] = json.loads(text)
        self.heard.append(event)
        return event

    _pending: asyncio.Future[str | None] | None = None

    def _message(self) -> asyncio.Future[str | None]:
        if self._pending is None:
            self._pending = self._socket.read_message()
        return self._pending


@pytest.fixture
def events(running: Any, jp_ws_fetch: Callable[..., Awaitable[Any]]) -> Callable[[], Any]:
    """``async with events() as heard``: a page that listens."""

    @asynccontextmanager
    async def listening() -> AsyncIterator[Events]:
        socket = await jp_ws_fetch("api", "events", "subscribe")
        try:
            yield Events(socket)
        finally:
            socket.close()

    return listening


class Process:
    """``jupyter server`` with this extension alone, as a process of its own, on the test's machine."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        environ: Mapping[str, str] | None = None,
        through: Through = list,
        switched_on: bool = True,
        serves_page: bool = False,
    ) -> None:
        """``switched_on``: the extension is, by the configuration of the test; else the installation decides.

        ``serves_page``: JupyterLab is an extension of it, too.
        """
        self._serves_page = serves_page
        self._switched_on = switched_on
        self._through = through
        self._environ = dict(os.environ if environ is None else environ)
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "server.log"
        self._port = _free_port()
        self._process = self._started(folder, options)
        try:
            self._wait()
        except BaseException:
            self._process.kill()
            raise

    def _started(self, folder: Path, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
        others = dict.fromkeys(
            ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals", "notebook", "notebook_shim"), False
        )
        others["jupyterlab"] = self._serves_page
        own = {"jupyter_envlink": True} if self._switched_on else {}
        config = {"ServerApp": {"jpserver_extensions": {**own, **others}, "port_retries": 0}}
        config["ServerApp"] |= {"port": self._port, "root_dir": str(folder), "allow_root": True}
        (folder / "config.json").write_text(json.dumps({**config, "IdentityProvider": {"token": "t"}}))
        argv = [
            sys.executable,
            "-W",
            "default",
            "-m",
            "jupyter_server",
            "--no-browser",
            f"--config={folder}/config.json",
        ]
        with open(self._log, "ab") as log:
            return subprocess.Popen(
                self._through([*argv, *options]), cwd=folder, stdout=log, stderr=log, env=self._environ
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                self("GET", "envlink/api/info" if self._switched_on else "api/status")
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The body of an answer. Raises ``HTTPError`` for a status above 399."""
        return json.loads(self.raw(method, path, body) or b"null")

    def raw(self, method: str, path: str, body: Any = None) -> bytes:
        """The same, as it came."""
        request = urllib.request.Request(
            f"{self.url}/{path}",
            method=method,
            headers={"Authorization": "token t"},
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def ended(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job once it has ended."""
        deadline = time.monotonic() + 90
        while job["finished"] is None:
            assert time.monotonic() < deadline, job
            time.sleep(0.1)
            job = self("GET", f"envlink/api/jobs/{job['id']}")
        return job

    def stop(self, how: int = signal.SIGTERM) -> tuple[int, float]:
        """End it; its exit status, and the seconds that took."""
        begin = time.monotonic()
        self._process.send_signal(how)
        return self._process.wait(30), time.monotonic() - begin

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        """Everything that it has said."""
        return self._log.read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server_process(machine: object, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start servers; they end with the test."""
    started: list[Process] = []

    def start(*options: str, folder: str = "server", **more: Any) -> Process:
        started.append(Process(tmp_path / folder, *options, **more))
        return started[-1]

    yield start
    for each in started:
        each.stop(signal.SIGKILL)
