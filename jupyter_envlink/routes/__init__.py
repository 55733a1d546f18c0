"""HTTP: thin verbs over ``service``. Every one authenticated and authorised; one map from errors to statuses.

The verbs stand on the leaf classes, each decorated for itself: ``authorized`` keeps the resource of the first
request it serves, so a verb inherited by two classes would be authorised as the wrong one.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from ..service import Envlink
from .base import EnvlinkHandler
from .beginning import ComposeHandler, FetchHandler, PackageHandler, PackagesHandler
from .cleanup import CleanupHandler
from .details import DiskHandler, WhyHandler
from .environments import (
    CloneHandler,
    EnvironmentHandler,
    EnvironmentsHandler,
    GenerationsHandler,
    KernelHandler,
    RollBackHandler,
    UsesHandler,
)
from .exports import ExportHandler, PackHandler
from .files import CheckHandler, PlanHandler
from .jobs import JobFileHandler, JobHandler, JobsHandler, LogHandler, RetryHandler
from .nearby import FilesHandler
from .removed import RemovedHandler, RemovedOneHandler
from .server import DoctorHandler, InfoHandler, NowhereHandler
from .terminals import TerminalHandler

ENVIRONMENT_ID = "(?P<environment_id>[0-9a-f]{12})"
PACKAGE = "(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})"
JOB_ID = "(?P<job_id>[0-9a-z-]{8,40})"

ROUTES: tuple[tuple[str, type[EnvlinkHandler]], ...] = (
    ("info", InfoHandler),
    ("environments", EnvironmentsHandler),
    (f"environments/{ENVIRONMENT_ID}", EnvironmentHandler),
    (f"environments/{ENVIRONMENT_ID}/kernel", KernelHandler),
    (f"environments/{ENVIRONMENT_ID}/clone", CloneHandler),
    (f"environments/{ENVIRONMENT_ID}/generations", GenerationsHandler),
    (f"environments/{ENVIRONMENT_ID}/uses", UsesHandler),
    (f"environments/{ENVIRONMENT_ID}/rollback", RollBackHandler),
    (f"environments/{ENVIRONMENT_ID}/why", WhyHandler),
    (f"environments/{ENVIRONMENT_ID}/disk", DiskHandler),
    (f"environments/{ENVIRONMENT_ID}/terminal", TerminalHandler),
    (f"environments/{ENVIRONMENT_ID}/export", ExportHandler),
    (f"environments/{ENVIRONMENT_ID}/pack", PackHandler),
    ("removed", RemovedHandler),
    (f"removed/{JOB_ID}", RemovedOneHandler),
    ("cleanup", CleanupHandler),
    ("doctor", DoctorHandler),
    ("files", FilesHandler),
    ("check", CheckHandler),
    ("plan", PlanHandler),
    ("fetch", FetchHandler),
    ("compose", ComposeHandler),
    ("packages", PackagesHandler),
    (f"packages/{PACKAGE}", PackageHandler),
    ("jobs", JobsHandler),
    (f"jobs/{JOB_ID}", JobHandler),
    (f"jobs/{JOB_ID}/file", JobFileHandler),
    (f"jobs/{JOB_ID}/retry", RetryHandler),
    (f"jobs/{JOB_ID}/log", LogHandler),
)


def handlers(base_url: str, service: Envlink) -> list[tuple[str, type[EnvlinkHandler], dict[str, Any]]]:
    """The routes as tornado takes them."""
    prefix = url_path_join(base_url, "envlink/api")
    routes: tuple[tuple[str, type[EnvlinkHandler]], ...] = (*ROUTES, (".*", NowhereHandler))
    return [(url_path_join(prefix, path), handler, {"service": service}) for path, handler in routes]
