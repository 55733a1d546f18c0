"""An environment as one archive, which is made whole wherever it is unpacked (``conda-unpack``): by conda-pack.

It is written in a folder of its own beside its place, and put there in one step: whoever looks sees all of it or
nothing. The environment is only read.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from .disk import disk_errors
from .distributions import distributions, site_packages
from .engines.base import Step
from .environment import Environment, kernel_name
from .errors import Conflict, InvalidRequest, NotFound
from .locks import lock
from .outcome import complete, partial_archive
from .recovery import MARK
from .reporting import Reporter
from .request import Request
from .sentence import told

SUFFIXES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".zip")
#: Another process that only looks may hold a lock for a moment: seconds.
_LOOKED_AT_WITHIN = 1.0


def archive_name(environment: Environment, platform: str) -> str:
    return f"{kernel_name(environment.name)}-{platform}{SUFFIXES[0]}"


def refuse_pack(prefix: str, target: str) -> None:
    """Raises ``InvalidRequest`` for a name that is no archive's, ``NotFound`` where its folder is not, and ``Conflict``
    (``exists``; ``editable`` where the environment has packages whose files lie outside of it)."""
    if not target.endswith(SUFFIXES):
        raise InvalidRequest(
            told("{target!r} is no name of an archive.", target=target),
            told("It ends in {suffixes}.", suffixes=", ".join(SUFFIXES)),
        )
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise NotFound(
            told("There is no folder {folder!r}.", folder=folder), told("Make it first, or name another one.")
        )
    if os.path.lexists(target):
        raise Conflict(
            told("{target} exists already.", target=target),
            told("Remove it first, or name another place."),
            code="exists",
        )
    editable = [one.name for one in distributions(site_packages(prefix)).found if one.is_editable]
    if editable:
        message = told(
            "It has editable installs, whose files lie outside of it: {editable}.", editable=", ".join(editable)
        )
        remedy = told("Install them as they are (pip install PATH), or export it as yml.")
        raise Conflict(message, remedy, code="editable", details={"names": editable})


def pack(request: Request, report: Reporter) -> dict[str, Any]:
    """The archive ``options["target"]`` of the environment. Raises as ``refuse_pack``, and ``Conflict`` (``damaged``)
    where files are missing that its packages brought; ``DiskError``."""
    target = request.options["target"]
    with disk_errors(os.path.dirname(target)), _unchanged(request):
        refuse_pack(request.prefix, target)
        made = _written(request, report)
        refuse_pack(request.prefix, target)  # somebody may have been quicker
        os.rename(made, target)
    return complete(request, report.line)


def _written(request: Request, report: Reporter) -> Path:
    from conda_pack import CondaEnv, CondaPackException  # type: ignore[import-untyped]

    folder = partial_archive(request)
    folder.mkdir()
    made: Path = folder / os.path.basename(request.options["target"])
    report.phase("reading", told("Reading {prefix}", prefix=request.prefix))
    with _temporary_files_in(folder), _heard(report):
        try:
            environment = CondaEnv.from_prefix(request.prefix).exclude(MARK)
            report.phase("packing", told("{number} files", number=len(environment)))
            environment.files = _Counted(environment.files, report)
            environment.pack(output=str(made))
        except CondaPackException as error:
            message = told("{name} cannot be packed: {error}", name=request.name, error=" ".join(str(error).split()))
            raise Conflict(message, told("Create the environment anew from its file."), code="damaged") from None
    _share(made)
    return made


class _Counted(list[Any]):
    """The files, each told when its turn comes."""

    def __init__(self, files: list[Any], report: Reporter) -> None:
        super().__init__(files)
        self._report = report

    def __iter__(self) -> Iterator[Any]:
        for index, file in enumerate(super().__iter__()):
            self._report.step(Step("packing", index / len(self), str(file.target)))
            yield file


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """conda-pack writes to the system's folder first, which may be small; nobody else runs in this process."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _heard(report: Reporter) -> Iterator[None]:
    """What conda-pack warns of, in the log: packages that no cache has any more, for instance."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        yield
    for each in said:
        report.line(str(each.message))


def _unchanged(request: Request) -> AbstractContextManager[None]:
    """Nobody changes it meanwhile; where we may not write, none of us could."""
    held = os.access(request.root, os.W_OK)
    return lock(request.root, request.prefix, _LOOKED_AT_WITHIN) if held else nullcontext()


def _share(path: Path) -> None:
    """As readable as any new file of this person: temporary ones are not."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
