"""What can go wrong, by name. ``routes`` maps each class to one HTTP status, ``cli`` to one exit code.

EnvlinkError
├── InvalidRequest              the request itself cannot be understood
│   ├── InvalidName             an environment name that cannot be used
│   └── InvalidFile             an environment file with errors; ``details["diagnostics"]`` has their places
├── NotFound                    no such environment, job or file
├── Conflict                    it exists already, it is in use, or somebody else is changing it
│   └── EngineMissing           the engine that was chosen is not on this machine
├── NotAllowed                  policy or ownership forbids it
├── Unsolvable                  no set of packages satisfies the request
├── ChannelError                a channel does not answer, refuses, or sent something wrong
├── FetchError                  the address of an environment file does not give one
├── DiskError                   no space, no right to write
├── PipFailed                   the ``pip:`` part of the file failed
├── VerificationFailed          the environment was made but does not work
└── Interrupted                 the worker was ended before it was done
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from .redaction import redact
from .sentence import told


class EnvlinkError(Exception):
    """An error meant for people: what happened and where, and what to do about it.

    ``code`` is stable and meant for programs, ``message`` and ``remedy`` are sentences. None of them, nor
    ``details`` (JSON), ever holds a token or a password.
    """

    code = "error"

    def __init__(
        self, message: str, remedy: str = "", *, code: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code or type(self).code
        self.details = dict(details or {})

    def as_dict(self) -> dict[str, Any]:
        """``{"code", "message", "remedy", "details"}``: the error's JSON, in HTTP answers and job records alike."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy, "details": self.details}


class InvalidRequest(EnvlinkError):
    code = "invalid-request"


class InvalidName(InvalidRequest):
    code = "invalid-name"


class InvalidFile(InvalidRequest):
    code = "invalid-file"


class NotFound(EnvlinkError):
    code = "not-found"


class Conflict(EnvlinkError):
    code = "conflict"


class EngineMissing(Conflict):
    code = "engine-missing"


class NotAllowed(EnvlinkError):
    code = "not-allowed"


class Unsolvable(EnvlinkError):
    code = "unsolvable"


class ChannelError(EnvlinkError):
    code = "channel-error"


class FetchError(EnvlinkError):
    code = "fetch-failed"


class DiskError(EnvlinkError):
    code = "disk-error"


class PipFailed(EnvlinkError):
    code = "pip-failed"


class VerificationFailed(EnvlinkError):
    code = "verification-failed"


class Interrupted(EnvlinkError):
    code = "interrupted"


def of(kind: str, said: Mapping[str, Any]) -> EnvlinkError:
    """The error that another process has told by the name of its class and ``as_dict``."""
    found = globals().get(kind)
    known = found if isinstance(found, type) and issubclass(found, EnvlinkError) else EnvlinkError
    return known(said["message"], said["remedy"], code=said["code"], details=said["details"])


def unforeseen(error: Exception, remedy: str) -> EnvlinkError:
    """What nobody has reckoned with, as one of ours (``internal``), with its traceback and without secrets."""
    text = redact("".join(traceback.format_exception(error)))
    message = told(
        "Something that should not happen did: {name}: {error}", name=type(error).__name__, error=redact(str(error))
    )
    return EnvlinkError(message, remedy, code="internal", details={"traceback": text})
