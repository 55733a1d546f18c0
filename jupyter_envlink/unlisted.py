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

_MARKS = ("conda-meta", "pyvenv.cfg")
_NAME_THEM = (
    "Add {folder} to c.Catalog.extra_roots in jupyter_server_config.py"
    " (or, for a conda environment, a line with {prefix} to ~/.conda/environments.txt)."
)


def canonical(path: str, search: Search) -> str:
    """``path`` as environments are known by: absolute, links resolved, but for the last part of a file's.

    The Python of a virtual environment is a link to another's. Raises ``InvalidRequest`` for what is no absolute path.
    """
    expanded = "" if "\0" in path else os.path.expanduser(path)
    if not os.path.isabs(expanded):
        raise InvalidRequest(f"{path!r} is no absolute path.", "Write the whole path of a folder.")
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
    message = f"The folder that holds {path} does not answer, so nobody knows what is there now."
    return Problem("silent", message, "See whether its disk, or the server of its network mount, is there.")


def _not_there(path: str) -> Problem | None:
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        dangling = " but a link that leads nowhere" if os.path.islink(path) else ""
        return Problem("not-there", f"There is nothing at {path}{dangling}.", "Look for a mistake in the path.")
    except OSError as error:
        message = f"{path} cannot be looked at: {error.strerror}."
        return Problem("unreadable", message, "Ask its owner for the right to read it.")
    if stat.S_ISDIR(mode):
        return None
    return Problem("not-a-folder", f"{path} is no folder, and in no environment.", "Name an environment's folder.")


def _never(path: str) -> Problem | None:
    """Places in which nobody's environments lie."""
    parts = path.split(os.sep)
    if HOME in parts:
        message = f"{path} is in the folder in which envlink makes and removes environments."
        return Problem("staging", message, "Look for its job: jupyter envlink jobs")
    if "conda-bld" in parts:
        message = f"{path} belongs to a build of conda-build, which makes such environments and removes them."
        return Problem("conda-build", message, "Create an environment of your own.")
    return None


def _unreadable(path: str) -> Problem | None:
    folders = [path, *(os.path.join(path, mark) for mark in _MARKS[:1] if os.path.isdir(os.path.join(path, mark)))]
    closed = next((folder for folder in folders if not os.access(folder, os.R_OK | os.X_OK)), None)
    if closed is None:
        return None
    return Problem("unreadable", f"{closed} may not be read.", "Ask its owner for the right to read it.")


def _none_there(path: str, environment: Environment | None, search: Search) -> Problem:
    if environment is None:
        return _no_environment(path)
    if path in search.single and environment.state is State.INCOMPLETE:
        message = f"{path} is the root of an installation: it holds environments, and is none itself."
        return Problem("root", message, "Name one of the environments in its folder envs.")
    if search.names(path):
        message = f"{path} is an environment, and in a place that is searched, but was not seen at the last look."
        return Problem("not-seen", message, "Refresh the list. If that does not help, please report it.")
    remedy = _NAME_THEM.format(folder=os.path.dirname(path), prefix=path)
    for root in search.projects_of(path):
        message = (
            f"{path} is an environment ({environment.kind}) below {root}, but projects are not searched there: only"
            f" {DEPTH} folders deep, {MOST} folders in all, and neither in hidden folders nor in such as node_modules."
        )
        return Problem("too-deep", message, remedy)
    places = f"It is in none of the {len(search.folders)} folders that are searched, and no list names it."
    return Problem("not-searched", f"{path} is an environment ({environment.kind}). {places}", remedy)


def _no_environment(path: str) -> Problem:
    mark = next((mark for mark in _MARKS if os.path.lexists(os.path.join(path, mark))), None)
    if mark is not None:
        message = f"{path} has a {mark}, but is like no environment that is known here."
        return Problem("not-identified", message, "Look at what it is; an environment is made by conda, venv, uv, ….")
    inside = next(_environments_in(path), None)
    if inside is None:
        message = f"{path} is no environment: it has neither {' nor '.join(_MARKS)}."
        return Problem("no-environment", message, "Name the folder that has one of them.")
    message = f"{path} is no environment, but holds some, such as {inside}."
    return Problem("holds-environments", message, f"Add {path} to c.Catalog.extra_roots in jupyter_server_config.py.")


def _environments_in(folder: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if any(os.path.exists(os.path.join(entry.path, mark)) for mark in _MARKS):
                yield entry.path
