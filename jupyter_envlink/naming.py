"""The kernel names that environments bear. No name depends on the order in which environments were found."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping

from .bindings import Binding
from .environment import Environment, Kernel, kernel_name

_RESERVED = frozenset({"python", "python2", "python3", "ir"})
"""Names that notebooks of every machine use for that machine's own kernels."""
_HASH = 6
_STRANGE = re.compile("[^a-z0-9._-]")

Named = dict[tuple[str, str], tuple[Environment, Kernel]]


def is_reserved(name: str) -> bool:
    """Whether no environment may bear ``name``: notebooks of every machine mean that machine's own kernel by it."""
    return name in _RESERVED


def main_kernel(environment: Environment) -> Kernel | None:
    """The kernel that bears the environment's own name: its Python kernel, or the only one; else none."""
    if len(environment.kernels) == 1:
        return environment.kernels[0]
    python = sorted((k for k in environment.kernels if k.language == "python"), key=_main_first)
    return python[0] if python else None


def base_names(
    environments: Iterable[Environment], bindings: Mapping[str, Binding], foreign: Collection[str]
) -> dict[str, str]:
    """The name of each environment, by prefix.

    A name once bound stays, unless a foreign kernel has taken it. Of several environments that want one name, the
    person's own come first, then the lower prefix; the others bear ``name-<hash of the prefix>``.
    """
    never = _RESERVED | {name.lower() for name in foreign}
    given: dict[str, str] = {}
    borne: set[str] = set()
    taken = set(never) | {binding.name for binding in bindings.values() if binding.name}
    in_order = sorted(environments, key=lambda e: (e.writable is False, e.prefix))
    for environment in sorted(in_order, key=lambda e: _bound(e, bindings) is None):
        bound = _bound(environment, bindings)
        keeps = bound is not None and bound not in never and bound not in borne
        name = bound if keeps and bound else _free(environment, taken)
        given[environment.prefix] = name
        borne.add(name)
        taken.add(name)
    return given


def kernel_names(environments: Iterable[Environment], bases: Mapping[str, str], foreign: Collection[str]) -> Named:
    """``(prefix, name)`` → environment and kernel: the main kernel by the base name, others ``name-<their own>``."""
    taken = {*_RESERVED, *(name.lower() for name in foreign), *bases.values()}
    result: Named = {}
    for environment in sorted(environments, key=lambda e: bases[e.prefix]):
        base, main = bases[environment.prefix], main_kernel(environment)
        for kernel in sorted(environment.kernels, key=lambda k: k.name):
            name = base if kernel is main else _other(base, kernel, environment, taken)
            taken.add(name)
            result[(environment.prefix, name)] = (environment, kernel)
    return result


def aliases(environment: Environment, kernel: Kernel, former: Iterable[str] = ()) -> tuple[str, ...]:
    """Other names under which notebooks may ask for this kernel, in lower case, the surest first.

    ``former``: what the environment was called before, the latest last.
    """
    own = "" if kernel is main_kernel(environment) else f"-{kernel_name(kernel.name)}"
    earlier = list(reversed(list(former)))
    names = [f"{name}{own}" for name in earlier]
    names.append(f"{kernel_name(environment.name)}-{environment.id[:_HASH]}{own}")
    if environment.kind in ("conda", "pixi"):
        names += _conda_aliases(environment, kernel, earlier)
    return tuple(dict.fromkeys(names))


def _conda_aliases(environment: Environment, kernel: Kernel, earlier: Iterable[str]) -> Iterator[str]:
    """nb_conda_kernels' names: ``conda-env-NAME-py``, ``-r`` or the kernel's own; ``conda-base-py`` for a base.

    In a folder ``envs`` that is not conda's own it writes ``PROJECT-NAME`` for NAME; early on a base was root.
    """
    short = {"python2": "py", "python3": "py", "python": "py", "ir": "r"}.get(kernel.name, kernel.name).lower()
    if environment.is_base:
        yield from (f"conda-base-{short}", f"conda-root-{short}")
        return
    yield from (f"conda-env-{_conda_name(name)}-{short}" for name in (environment.name, *earlier))
    parent, name = os.path.split(environment.prefix)
    project, folder = os.path.split(parent)
    if folder == "envs":
        yield f"conda-env-{_conda_name(f'{os.path.basename(project)}-{name}')}-{short}"


def _conda_name(name: str) -> str:
    """NFKD, what is not ASCII goes, what Jupyter does not take is an underscore."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _STRANGE.sub("_", plain)


def _main_first(kernel: Kernel) -> tuple[bool, str]:
    return (kernel.name not in ("python3", "python2", "python"), kernel.name)


def _bound(environment: Environment, bindings: Mapping[str, Binding]) -> str | None:
    return bindings.get(environment.prefix, Binding()).name


def _free(environment: Environment, taken: Collection[str]) -> str:
    plain = kernel_name(environment.name)
    hashed = (f"{plain}-{environment.id[:length]}" for length in range(_HASH, len(environment.id) + 1))
    return next(name for name in (plain, *hashed, environment.id) if name not in taken)


def _other(base: str, kernel: Kernel, environment: Environment, taken: Collection[str]) -> str:
    name = f"{base}-{kernel_name(kernel.name)}"
    return name if name not in taken else f"{name}-{environment.id}"
