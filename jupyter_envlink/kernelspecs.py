"""Environments → links: which kernel each offers to Jupyter, under which name, started how."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from .activation import BLANK, bin_dirs
from .bindings import Binding
from .environment import Environment, Kernel, State
from .link import Link as Link
from .naming import aliases, base_names, kernel_names
from .titles import TEMPLATE, display_names, language


def link_all(
    environments: Iterable[Environment],
    bindings: Mapping[str, Binding],
    foreign_names: Collection[str],
    foreign_titles: Collection[str] = (),
    template: str = TEMPLATE,
) -> tuple[Link, ...]:
    """A link for each kernel of each ready environment that is not detached, sorted by name.

    The result does not depend on the order of ``environments``. ``foreign_names`` are never given, nor are
    ``foreign_titles`` as display names, which are made by ``template``.
    """
    ready = [e for e in environments if e.state is State.READY and e.kernels]
    shown = [e for e in ready if bindings.get(e.prefix, Binding()).attached is not False]
    bases = base_names(shown, bindings, foreign_names)
    links = [
        Link(name, "", environment, kernel, (), bindings.get(prefix, Binding()), bases[prefix])
        for (prefix, name), (environment, kernel) in kernel_names(shown, bases, foreign_names).items()
    ]
    titles = display_names(links, template, foreign_titles)
    known_as = _aliases(links, foreign_names)
    in_order = sorted(links, key=lambda link: link.name)
    return tuple(replace(link, display_name=titles[link.name], aliases=known_as[link.name]) for link in in_order)


def spec(link: Link, variables: Mapping[str, str]) -> dict[str, Any]:
    """The content of ``link``'s kernel.json, with the activated ``variables`` (literal; ``activation.variables``).

    What its author's ``metadata`` holds is shared with the kernel, and so between environments: not to be changed.

    ``argv[0]`` is absolute wherever the program is in the environment: jupyter_client replaces a bare ``python`` by
    the server's own (jupyter_client.manager, ``format_kernel_cmd``). ``env`` values are ``string.Template``\\ s.
    """
    kernel = link.kernel
    result = {
        "argv": _argv(link.environment, kernel),
        "display_name": link.display_name,
        "env": _env(link, variables),
        "interrupt_mode": kernel.interrupt_mode,
        "language": kernel.language,
        "metadata": _metadata(link),
    }
    return result | ({"kernel_protocol_version": kernel.protocol_version} if kernel.protocol_version else {})


def own_metadata(environment: Environment) -> dict[str, Any]:
    """What ``metadata.envlink`` says of the environment."""
    return {"id": environment.id, "prefix": environment.prefix, "kind": environment.kind, "name": environment.name}


def conda_metadata(environment: Environment, kernel: Kernel) -> dict[str, Any]:
    """nb_conda_kernels' six keys, which launchers read. Not for the disk: one tells about this very server."""
    return {
        "conda_env_name": environment.name,
        "conda_env_path": environment.prefix,
        "conda_language": language(kernel),
        "conda_raw_kernel_name": kernel.name,
        "conda_is_base_environment": environment.is_base,
        "conda_is_currently_running": _canonical(sys.prefix) == environment.prefix,
    }


@lru_cache(maxsize=1)
def _canonical(prefix: str) -> str:
    return os.path.realpath(prefix)


def _aliases(links: list[Link], foreign: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """By name: each alias once, to the link of the shortest name first, and none that is somebody's name."""
    taken = {link.name for link in links} | {name.lower() for name in foreign}
    result = {}
    for link in sorted(links, key=lambda link: (len(link.name), link.name)):
        own = tuple(alias for alias in aliases(link.environment, link.kernel, link.own.former) if alias not in taken)
        taken.update(own)
        result[link.name] = own
    return result


def _argv(environment: Environment, kernel: Kernel) -> list[str]:
    places = {"{prefix}": environment.prefix, "{resource_dir}": kernel.resource_dir}
    words = list(kernel.argv)
    for place, path in places.items():
        words = [word.replace(place, path) for word in words]
    return [_program(words[0], kernel, environment), *words[1:]] if words else words


def _program(word: str, kernel: Kernel, environment: Environment) -> str:
    """The environment's own Python, or its own command of that name, where it has one.

    A kernel of another language that is written in Python keeps the Python that its installer has found it in.
    """
    keeps_own = kernel.language != "python" and os.path.isabs(word) and os.path.exists(word)
    if environment.python and _is_python(word) and not keeps_own:
        return environment.python
    if os.path.dirname(word):
        return word
    return shutil.which(word, path=os.pathsep.join(bin_dirs(environment.prefix))) or word


def _is_python(word: str) -> bool:
    name = os.path.basename(word).lower().removesuffix(".exe")
    return name.rstrip("0123456789.") in ("python", "pythonw")


def _env(link: Link, variables: Mapping[str, str]) -> dict[str, str]:
    """Blanked leaks, the activation, what the kernel's author wrote, the person's own: the later wins."""
    result = BLANK | {name: _literal(value) for name, value in variables.items()}
    path = os.pathsep.join([result["PATH"], "${PATH}"]) if "PATH" in result else "${PATH}"
    own = dict(link.kernel.env)
    written = own.get("PATH", "${PATH}").replace("$PATH", "${PATH}")
    result |= own | {"PATH": written.replace("${PATH}", path)}
    return result | {name: _literal(value) for name, value in link.variables.items()}


def _literal(value: str) -> str:
    return value.replace("$", "$$")


def _metadata(link: Link) -> dict[str, Any]:
    return {**link.kernel.metadata, "envlink": own_metadata(link.environment)}
