"""Environments → links: which kernel each offers to Jupyter, under which name, started how."""

from __future__ import annotations

import copy
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .activation import bin_dirs
from .bindings import Binding
from .environment import Environment, Kernel, State, kernel_name
from .naming import aliases, base_names, kernel_names, main_kernel

_BLANKED = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Link:
    """An environment's kernel as it is offered to Jupyter.

    ``aliases`` resolve to it too but are not listed. ``attached`` is what the person said, ``None`` for nothing.
    """

    name: str
    display_name: str
    environment: Environment
    kernel: Kernel
    aliases: tuple[str, ...] = ()
    attached: bool | None = None
    base_name: str = ""
    """The name that the environment itself bears: what ``Bindings.bind`` keeps."""

    @property
    def is_own(self) -> bool:
        """Attached by the person, or theirs anyway: only then is something of the environment run unasked."""
        return self.attached or (self.attached is None and self.environment.writable is not False)


def link_all(
    environments: Iterable[Environment],
    bindings: Mapping[str, Binding],
    foreign_names: Collection[str],
    foreign_titles: Collection[str] = (),
) -> tuple[Link, ...]:
    """A link for each kernel of each ready environment that is not detached, sorted by name.

    The result does not depend on the order of ``environments``. ``foreign_names`` are never given, nor are
    ``foreign_titles`` as display names.
    """
    ready = [e for e in environments if e.state is State.READY and e.kernels]
    shown = [e for e in ready if bindings.get(e.prefix, Binding()).attached is not False]
    bases = base_names(shown, bindings, foreign_names)
    links = [
        Link(name, "", environment, kernel, (), bindings.get(environment.prefix, Binding()).attached, bases[prefix])
        for (prefix, name), (environment, kernel) in kernel_names(shown, bases, foreign_names).items()
    ]
    titled = _titled(sorted(links, key=lambda link: link.name), foreign_titles)
    return tuple(_with_aliases(titled, foreign_names))


def spec(link: Link, variables: Mapping[str, str]) -> dict[str, Any]:
    """The content of ``link``'s kernel.json, with the activated ``variables`` (literal; ``activation.variables``).

    ``argv[0]`` is absolute wherever the program is in the environment: jupyter_client replaces a bare ``python`` by
    the server's own (jupyter_client.manager, ``format_kernel_cmd``). ``env`` values are ``string.Template``\\ s.
    """
    kernel = link.kernel
    result = {
        "argv": _argv(link.environment, kernel),
        "display_name": link.display_name,
        "env": _env(kernel, variables),
        "interrupt_mode": kernel.interrupt_mode,
        "language": kernel.language,
        "metadata": _metadata(link),
    }
    return result | ({"kernel_protocol_version": kernel.protocol_version} if kernel.protocol_version else {})


def conda_metadata(link: Link) -> dict[str, Any]:
    """nb_conda_kernels' six keys, which launchers read. Not for the disk: one tells about this very server."""
    environment = link.environment
    return {
        "conda_env_name": environment.name,
        "conda_env_path": environment.prefix,
        "conda_language": _language(link.kernel),
        "conda_raw_kernel_name": link.kernel.name,
        "conda_is_base_environment": environment.is_base,
        "conda_is_currently_running": os.path.realpath(sys.prefix) == os.path.realpath(environment.prefix),
    }


def _titled(links: list[Link], foreign: Collection[str]) -> list[Link]:
    """Kernel dialogs tell kernels apart by display name alone: each is used once."""
    taken = set(foreign)
    result = {}
    for link in sorted(links, key=_plain_first):
        title = next(title for title in _titles(link) if title not in taken)
        taken.add(title)
        result[link.name] = replace(link, display_name=title)
    return [result[link.name] for link in links]


def _plain_first(link: Link) -> tuple[bool, str]:
    return (link.name != kernel_name(link.environment.name), link.name)


def _titles(link: Link) -> Iterable[str]:
    """``finance (Python 3.11)``, else with what tells it apart: its kernel's own title, its folder, its name."""
    name, folder = " ".join(link.environment.name.split()), _telling_folder(link.environment)
    label, own = _label(link), link.kernel.display_name or link.kernel.name
    yield f"{name} ({label})"
    if link.name != link.base_name:
        yield f"{name} ({own})"
    yield f"{name} [{folder}] ({label})"
    yield f"{name} [{link.name}] ({label})"
    yield f"{name} [{link.name} {link.environment.id}] ({label}, {own})"
    yield from (f"{name} [{link.name} {link.environment.id} {n}] ({label})" for n in range(2, 1000))


def _telling_folder(environment: Environment) -> str:
    parts = [part for part in os.path.dirname(environment.prefix).split(os.sep) if part and part != "envs"]
    return parts[-1] if parts else environment.prefix


def _label(link: Link) -> str:
    version = link.environment.python_version
    if main_kernel(link.environment) != link.kernel or link.kernel.language != "python" or not version:
        return _language(link.kernel)
    return "Python " + ".".join(version.split(".")[:2])


def _language(kernel: Kernel) -> str:
    return kernel.language[:1].upper() + kernel.language[1:] or kernel.name


def _with_aliases(links: list[Link], foreign: Collection[str]) -> list[Link]:
    """Each alias once, to the link of the shortest name first, and none that is somebody's name."""
    taken = {link.name for link in links} | {name.lower() for name in foreign}
    result = {}
    for link in sorted(links, key=lambda link: (len(link.name), link.name)):
        own = tuple(alias for alias in aliases(link.environment, link.kernel) if alias not in taken)
        taken.update(own)
        result[link.name] = replace(link, aliases=own)
    return [result[link.name] for link in links]


def _argv(environment: Environment, kernel: Kernel) -> list[str]:
    places = {"{prefix}": environment.prefix, "{resource_dir}": kernel.resource_dir}
    words = list(kernel.argv)
    for place, path in places.items():
        words = [word.replace(place, path) for word in words]
    return [_program(words[0], environment), *words[1:]] if words else words


def _program(word: str, environment: Environment) -> str:
    """The environment's own Python, or its own command of that name, where it has one."""
    if environment.python and _is_python(word):
        return environment.python
    if os.path.dirname(word):
        return word
    return shutil.which(word, path=os.pathsep.join(bin_dirs(environment.prefix))) or word


def _is_python(word: str) -> bool:
    name = os.path.basename(word).lower().removesuffix(".exe")
    return name.rstrip("0123456789.") in ("python", "pythonw")


def _env(kernel: Kernel, variables: Mapping[str, str]) -> dict[str, str]:
    """Blanked leaks, then the activation, then what the kernel's author wrote, each winning over the one before."""
    result = dict.fromkeys(_BLANKED, "")
    result |= {name: value.replace("$", "$$") for name, value in variables.items()}
    path = os.pathsep.join([result["PATH"], "${PATH}"]) if "PATH" in result else "${PATH}"
    own = dict(kernel.env)
    written = own.get("PATH", "${PATH}").replace("$PATH", "${PATH}")
    return result | own | {"PATH": written.replace("${PATH}", path)}


def _metadata(link: Link) -> dict[str, Any]:
    environment = link.environment
    own = {"id": environment.id, "prefix": environment.prefix, "kind": environment.kind, "name": environment.name}
    return {**copy.deepcopy(dict(link.kernel.metadata)), "envlink": own}
