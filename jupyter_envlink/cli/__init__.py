"""``jupyter envlink …``: every capability of the panel, for people and, with ``--json``, for programs.

Exit status: 0 done, 1 it failed or a file has errors, 2 the command line is wrong, 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from ..errors import EnvlinkError
from ..leaving import leave_after
from . import check, doctor, export, files, mend, nearby, registered, relocate, search, settings


def script() -> NoReturn:
    """``main`` as the whole work of a process."""
    leave_after(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    _take_any_name()
    arguments = parser().parse_args(argv)
    if not hasattr(arguments, "command"):
        parser().print_help()
        return 2
    try:
        return run(arguments)
    except EnvlinkError as error:
        return _failed(error, arguments.json)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `| head`
        sys.stderr.close()
        return 1


def run(arguments: argparse.Namespace) -> int:
    """The command's module is imported now: what only reads a file shall not wait for what the others need."""
    module, _, function = arguments.command.partition(":")
    return int(getattr(import_module(f".{module}", __package__), function)(arguments))


def _take_any_name() -> None:
    """A file system holds names that no terminal can show: they are shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _failed(error: EnvlinkError, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": error.as_dict()}, indent=2))
    print(f"Error: {error.message}", file=sys.stderr)
    if error.remedy:
        print(f"       {error.remedy}", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """The whole command line, as the documentation shows it too."""
    whole = argparse.ArgumentParser(prog="jupyter envlink", description="Link environments to Jupyter's kernels.")
    parts = whole.add_subparsers(title="commands", metavar="COMMAND")
    _add(parts, "list", "commands:list_environments", "every environment, its state, and its kernels")
    _add_environment(_add(parts, "show", "inside:show", "what is in an environment: packages, kernels, variables"))
    reason = _add(parts, "why", "inside:why", "why a package is in an environment: who asked for it, what needs it")
    reason.add_argument("package", metavar="PACKAGE", help="its name")
    _add_environment(reason)
    _add_environment(_add(parts, "disk", "inside:disk", "where an environment's disk goes; what only it holds"))
    _add_environment(_add(parts, "shell", "inside:shell", "a shell in which an environment is activated"))
    create = _add(parts, "create", "commands:create", "create an environment from a file or packages, and attach it")
    files.add_options(create)
    create.add_argument("-n", "--name", help="its name; default: the file's own")
    create.add_argument("--dry-run", action="store_true", help="show what would be made, and make nothing")
    mend.add_options(create)
    _add_engine(create)
    _add_refresh(create)
    what = "bring an environment in line with a file; with --dry-run, show what would change"
    _add_update_options(_add(parts, "update", "update:update", what))
    what = "earlier states of an environment, which it can be rolled back to"
    _add_environment(_add(parts, "generations", "generations:list_generations", what))
    back = _add(parts, "rollback", "generations:roll_back", "put an environment back to an earlier state")
    _add_environment(back)
    back.add_argument("--to", type=int, metavar="NUMBER", help="which one; default: the newest")
    remove = _add(parts, "remove", "commands:remove", "remove an environment; for a time it can be brought back")
    _add_environment(remove)
    remove.add_argument("-y", "--yes", action="store_true", help="do not ask")
    what = "which processes run in an environment, and which notebooks have used it lately"
    _add_environment(_add(parts, "uses", "uses:uses", what))
    undo = _add(parts, "undo", "removed:undo", "bring a removed environment back; by default the one removed last")
    undo.add_argument("environment", nargs="?", metavar="NAME", help="its name, path or id, or that of the job")
    undo.add_argument("-n", "--name", dest="named", metavar="NAME", help="the same, as conda writes it")
    what = "make a clone of an environment under another name, and attach it"
    relocate.add_options(_add(parts, "clone", "relocate:clone", what))
    what = "give an environment another name, which is another place; its kernel follows"
    rename = _add(parts, "rename", "relocate:rename", what)
    relocate.add_options(rename)
    rename.add_argument("--force", action="store_true", help="also while programs run in it")
    attach = _add(parts, "attach", "commands:attach", "offer an environment as a kernel; install one where it has none")
    _add_environment(attach)
    attach.add_argument("--overlay", action="store_true", help="keep the kernel outside it: no file of it is touched")
    _add_environment(_add(parts, "detach", "commands:detach", "offer an environment no more; it stays on the disk"))
    customize = _add(parts, "set", "settings:set_kernel", "set an environment's display name and variables, or hide it")
    _add_environment(customize)
    settings.add_options(customize)
    what = "what is right and wrong with an environment, or with all; or why a folder is not listed"
    doctor.add_options(_add(parts, "doctor", "doctor:doctor", what))
    what = "what envlink has left that nothing stands behind any more; removed with --yes"
    registered.add_clean_options(_add(parts, "clean", "registered:clean", what))
    what = "take kernel specs off the disk; the environments stay"
    registered.add_unregister_options(_add(parts, "unregister", "registered:unregister", what))
    exported = _add(parts, "export", "export:export", "an environment as a file that others build it from")
    _add_environment(exported)
    export.add_options(exported)
    search.add_options(_add(parts, "search", "search:search", "packages of the channels, by a part of their names"))
    check.add_options(_add(parts, "check", "check:check", "what is wrong in environment files, line by line"))
    what = (
        "the environment files in a folder and above it, with the environment of each and what an update would change"
    )
    nearby.add_options(_add(parts, "files", "nearby:files", what))
    jobs = _add(parts, "jobs", "jobs:jobs", "the jobs; one with its log; end one, or do it again")
    jobs.add_argument("id", nargs="?", help="show this job's log")
    one = jobs.add_mutually_exclusive_group()
    one.add_argument("--cancel", action="store_true", help="end the job and undo what it did")
    one.add_argument("--retry", action="store_true", help="do the same again, as a new job")
    _add(
        parts,
        "recover",
        "jobs:recover",
        "bring to its end what killed processes have left; a server's start does so, too",
    )
    return whole


def _add(parts: Any, name: str, command: str, what: str) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(name, help=what, description=what.capitalize() + ".")
    part.add_argument("--json", action="store_true", help="answer in JSON, as openapi.yaml describes it")
    part.set_defaults(command=command)
    return part


def _add_refresh(part: argparse.ArgumentParser) -> None:
    part.add_argument("--refresh", action="store_true", help="forget what is known of the channels before a --dry-run")


def _add_update_options(part: argparse.ArgumentParser) -> None:
    part.add_argument(
        "environment", nargs="?", metavar="NAME", help="its name, path or id; default: the name that the file gives"
    )
    part.add_argument("-n", "--name", dest="named", metavar="NAME", help="the same, as conda writes it")
    part.add_argument("-f", "--file", metavar="FILE", help=files.HELP)
    part.add_argument("--prune", action="store_true", help="also remove what the file does not need")
    part.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    mend.add_options(part)
    _add_engine(part)
    _add_refresh(part)


def _add_engine(part: argparse.ArgumentParser) -> None:
    what = "what solves and installs: rattler, conda, mamba, micromamba; default: as it is configured"
    part.add_argument("--engine", metavar="NAME", help=what)


def _add_environment(part: argparse.ArgumentParser) -> None:
    part.add_argument("environment", nargs="?", metavar="NAME", help="its name, path or id")
    part.add_argument("-n", "--name", dest="named", metavar="NAME", help="the same, as conda writes it")
