"""What every command needs: the service, the environment that was named, the question at the terminal, the answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from ..environment import Environment
    from ..service import Envlink


def service(engine: str | None = None) -> Envlink:
    """The service with the server's own configuration, and a fresh look at the disk; ``engine`` overrules that."""
    made = unstarted()
    if engine is not None and engine != made.engine:  # the program that is configured is another one's
        made.engine, made.engine_program = engine, None
    made.queue.adopt()
    made.jobs.tick()
    return made


def unstarted() -> Envlink:
    """The same, before it has looked at any job."""
    from ..service import Envlink

    made = Envlink(config=configuration())
    made.catalog.refresh()
    return made


def configuration() -> Any:
    """What ``jupyter_server_config`` says, so that the command line and the panel agree."""
    from jupyter_core.application import JupyterApp

    class Configuration(JupyterApp):
        name = "jupyter-server"

    application = Configuration()
    application.load_config_file()
    return application.config


def named(arguments: argparse.Namespace) -> str | None:
    """What was written for an environment, in either of the two ways."""
    wanted: str | None = arguments.environment or arguments.named
    return wanted


def find(of: Envlink, arguments: argparse.Namespace) -> Environment:
    """The environment of that name, path or id. Raises ``NotFound``, and ``InvalidRequest`` for an ambiguous one."""
    wanted = named(arguments)
    if not wanted:
        raise InvalidRequest("No environment is named.", "Write its name, as `jupyter envlink list` shows it.")
    found = matching(of, wanted)
    if not found:
        raise NotFound(f"There is no environment {wanted!r}.", "jupyter envlink list shows those that exist.")
    if len(found) > 1:
        paths = "\n".join(f"  {each.prefix}" for each in found)
        raise InvalidRequest(f"{len(found)} environments are called {wanted!r}:\n{paths}", "Write the path of one.")
    return found[0]


def matching(of: Envlink, wanted: str) -> Sequence[Environment]:
    """The environment of that id or path, or else all of that name."""
    everything = of.catalog.snapshot.environments
    exact = [each for each in everything if wanted == each.id or os.path.realpath(wanted) == each.prefix]
    return exact or [each for each in everything if each.name == wanted]


def can_ask(arguments: argparse.Namespace) -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return not arguments.json and sys.stdin.isatty()


def agreed(question: str) -> bool:
    """The answer of somebody at the terminal. Whatever is not yes is no."""
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def answer(arguments: argparse.Namespace, value: Mapping[str, Any], text: str) -> int:
    """Print ``value`` as JSON or ``text``; the exit status of a command that is done."""
    if arguments.json:
        print(json.dumps(value, indent=2))
    elif text:
        print(text)
    return 0
