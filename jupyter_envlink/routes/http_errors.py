"""Errors as HTTP answers: one map from what went wrong to the status, and ``Error`` of ``openapi.yaml`` for all."""

from __future__ import annotations

from http.client import responses
from typing import Any

from tornado import web

from .. import errors
from ..disk import disk_error
from ..sentence import told

#: The most specific class comes first.
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (errors.NotFound, 404),
    (errors.InvalidRequest, 400),
    (errors.NotAllowed, 403),
    (errors.Conflict, 409),
    (errors.Unsolvable, 422),
    (errors.ChannelError, 502),
    (errors.FetchError, 502),
    (errors.DiskError, 507),
    (errors.EnvlinkError, 500),
)


def status_of(error: errors.EnvlinkError) -> int:
    return next(status for kind, status in STATUS if isinstance(error, kind))


def answer_of(raised: BaseException | None, status: int) -> tuple[int, errors.EnvlinkError]:
    """The status and the error that ``raised`` is told by; ``status`` is what tornado would answer."""
    if raised is None or isinstance(raised, web.HTTPError):
        return status, _http_error(raised, status)
    return _told(raised)


def _told(raised: BaseException | None) -> tuple[int, errors.EnvlinkError]:
    """The status and the error that the page gets; what was not foreseen is told in the server's log only."""
    if isinstance(raised, OSError):
        raised = disk_error(raised, raised.filename or told("the server's data folder"))
    if isinstance(raised, OSError):
        message = told(
            "{filename}: {reason}.",
            filename=raised.filename or told("A file of the server"),
            reason=raised.strerror or raised,
        )
        raised = errors.DiskError(message, told("Check that folder: its rights, its space, and what lies there."))
    if isinstance(raised, errors.EnvlinkError):
        return status_of(raised), raised
    message = told("Something that should not happen did.")
    return 500, errors.EnvlinkError(message, told("Please report it, with the server's log."), code="internal")


_HTTP = {
    400: ("bad-request", told("Send what openapi.yaml describes.")),
    403: ("forbidden", told("Log in again, or ask whoever runs this server.")),
    404: ("not-found", told("openapi.yaml lists the routes.")),
    405: ("method-not-allowed", told("openapi.yaml lists the routes and their verbs.")),
}


def _http_error(raised: Any, status: int) -> errors.EnvlinkError:
    """What Jupyter or tornado refused, before anything of ours was asked."""
    code, remedy = _HTTP.get(status, (f"http-{status}", ""))
    message = getattr(raised, "log_message", None) or responses.get(status, "Unknown error")
    return errors.EnvlinkError(message, remedy, code=code)
