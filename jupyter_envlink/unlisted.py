"""Why a folder is not among the environments that were found."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress

from .environment import Environment, Problem, State
from .errors import InvalidRequest
from .journal import HOME
from .locators import Locator, look
from .locators.projects import DEPTH, MOST
from .searched import Search
from .sentence import neither, told

_MARKS = ("conda-meta", "pyvenv.cfg")


def canonical(path: str, search: Search) -> str:
    """``path`` as environments are known by: absolute, links resolved, but for the last part of a file's.

    The Python of a virtual environment is a link to another's. Raises ``InvalidRequest`` for what is no absolute path.
    """
    expanded = "" if "\0" in path else os.path.expanduser(path)
    if not os.path.isabs(expanded):
        raise InvalidRequest(
            told("{path!r} is no absolute path.", path=path), told("Write the whole path of a folder.")
        )
    expanded = os.path.normpath(expanded)
    if not search.answers(expanded):
        return expanded
    if os.path.isdir(expanded):
        return os.path.realpath(expanded)
    return os.path.join(os.path.realpath(os.path.dirname(expanded)), os.path.basename(expanded))


def identified(prefix: str, locators: Sequence[Locator]) -> Environment | None:
    """The environment that any locator sees in ``prefix``; ``None`` also where the disk does not let it look."""
    with suppress(OSError):
        found = look(prefix, locators)
        return found.environment if found else None
    return None


def reason(path: str, environment: Environment | None, search: Search) -> Problem:
    """Why ``path`` (canonical), in which ``environment`` was identified, is not listed."""
    if not search.answers(path):
        return silent(path)
    return _not_there(path) or _never(path) or _unreadable(path) or _none_there(path, environment, search)


def silent(path: str) -> Problem:
    message = told("The folder that holds {path} does not answer, so nobody knows what is there now.", path=path)
    return Problem("silent", message, told("See whether its disk, or the server of its network mount, is there."))


def _not_there(path: str) -> Problem | None:
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        message = (
            told("There is nothing at {path} but a link that leads nowhere.", path=path)
            if os.path.islink(path)
            else told("There is nothing at {path}.", path=path)
        )
        return Problem("not-there", message, told("Look for a mistake in the path."))
    except OSError as error:
        message = told("{path} cannot be looked at: {reason}.", path=path, reason=error.strerror)
        return Problem("unreadable", message, told("Ask its owner for the right to read it."))
    if stat.S_ISDIR(mode):
        return None
    return Problem(
        "not-a-folder",
        told("{path} is no folder, and in no environment.", path=path),
        told("Name an environment's folder."),
    )


def _never(path: str) -> Problem | None:
    """Places in which nobody's environments lie."""
    parts = path.split(os.sep)
    if HOME in parts:
        message = told("{path} is in the folder in which envlink makes and removes environments.", path=path)
        return Problem("staging", message, told("Look for its job: jupyter envlink jobs"))
    if "conda-bld" in parts:
        message = told(
            "{path} belongs to a build of conda-build, which makes such environments and removes them.", path=path
        )
        return Problem("conda-build", message, told("Create an environment of your own."))
    return None


def _unreadable(path: str) -> Problem | None:
    folders = [path, *(os.path.join(path, mark) for mark in _MARKS[:1] if os.path.isdir(os.path.join(path, mark)))]
    closed = next((folder for folder in folders if not os.access(folder, os.R_OK | os.X_OK)), None)
    if closed is None:
        return None
    return Problem(
        "unreadable", told("{closed} may not be read.", closed=closed), told("Ask its owner for the right to read it.")
    )


def _none_there(path: str, environment: Environment | None, search: Search) -> Problem:
    if environment is None:
        return _no_environment(path)
    if path in search.single and environment.state is State.INCOMPLETE:
        message = told("{path} is the root of an installation: it holds environments, and is none itself.", path=path)
        return Problem("root", message, told("Name one of the environments in its folder envs."))
    if search.names(path):
        message = told(
            "{path} is an environment, and in a place that is searched, but was not seen at the last look.", path=path
        )
        return Problem("not-seen", message, told("Refresh the list. If that does not help, please report it."))
    remedy = told(
        "Add {folder} to c.Catalog.extra_roots in jupyter_server_config.py "
        "(or, for a conda environment, a line with {prefix} to ~/.conda/environments.txt).",
        folder=os.path.dirname(path),
        prefix=path,
    )
    for root in search.projects_of(path):
        message = told(
            "{path} is an environment ({kind}) below {root}, but projects are not searched there: only "
            "{depth} folders deep, {most} folders in all, and neither in hidden folders nor in such as "
            "node_modules.",
            path=path,
            kind=environment.kind,
            root=root,
            depth=DEPTH,
            most=MOST,
        )
        return Problem("too-deep", message, remedy)
    places = told(
        "It is in none of the {folders} folders that are searched, and no list names it.", folders=len(search.folders)
    )
    return Problem(
        "not-searched",
        told("{path} is an environment ({kind}). {places}", path=path, kind=environment.kind, places=places),
        remedy,
    )


def _no_environment(path: str) -> Problem:
    mark = next((mark for mark in _MARKS if os.path.lexists(os.path.join(path, mark))), None)
    if mark is not None:
        message = told("{path} has a {mark}, but is like no environment that is known here.", path=path, mark=mark)
        return Problem(
            "not-identified", message, told("Look at what it is; an environment is made by conda, venv, uv, ….")
        )
    inside = next(_environments_in(path), None)
    if inside is None:
        message = told("{path} is no environment: it has neither {marks}.", path=path, marks=neither(_MARKS))
        return Problem("no-environment", message, told("Name the folder that has one of them."))
    message = told("{path} is no environment, but holds some, such as {inside}.", path=path, inside=inside)
    return Problem(
        "holds-environments",
        message,
        told("Add {path} to c.Catalog.extra_roots in jupyter_server_config.py.", path=path),
    )


def _environments_in(folder: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if any(os.path.exists(os.path.join(entry.path, mark)) for mark in _MARKS):
                yield entry.path
