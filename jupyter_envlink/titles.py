"""Display names: what menus show, and what kernel dialogs tell kernels apart by."""

from __future__ import annotations

import os
import string
from collections.abc import Collection, Iterable, Iterator, Mapping

from .environment import Environment, Kernel, kernel_name
from .link import Link
from .naming import main_kernel

TEMPLATE = "{environment} ({language})"
FIELDS: Mapping[str, str] = {
    "environment": "the environment's name",
    "language": "`Python 3.11`, `R`, …",
    "kernel": "what the kernel calls itself, as `Python 3 (ipykernel)`",
    "name": "the kernel's name for Jupyter",
    "folder": "the folder that the environment lies in, as `miniconda3`",
    "kind": "`conda`, `venv`, …",
}


def listed_fields(fields: Mapping[str, str]) -> str:
    """The fields of a template and what they mean, in a sentence."""
    return "; ".join(f"`{{{name}}}`, {meaning}" for name, meaning in fields.items())


def check_template(template: str, fields: Mapping[str, str] = FIELDS) -> list[str]:
    """Which of the fields it has. ``ValueError`` says what is wrong with a template of display names."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as e:
        raise ValueError(f"{template!r} is no template: {e}. A brace that is meant is written twice.") from e
    used = [(field, spec, conversion) for _, field, spec, conversion in parts if field is not None]
    for field, spec, conversion in used:
        if field not in fields or spec or conversion:
            known = ", ".join(f"{{{name}}}" for name in fields)
            raise ValueError(f"{template!r} has an unknown field {{{field}}}. The fields are {known}, without options.")
    return [field for field, _, _ in used]


def display_names(links: Iterable[Link], template: str, foreign: Collection[str]) -> dict[str, str]:
    """The display name of each link, by kernel name. Dialogs compare nothing else: each is used once."""
    taken, result = set(foreign), {}
    for link in sorted(links, key=_plain_first):
        result[link.name] = next(title for title in _candidates(link, template) if title not in taken)
        taken.add(result[link.name])
    return result


def language(kernel: Kernel) -> str:
    """The kernel's language as people write it."""
    return kernel.language[:1].upper() + kernel.language[1:] or kernel.name


def _plain_first(link: Link) -> tuple[bool, bool, str]:
    """Who was given a title has it; then the environments whose kernels bear their very name."""
    return (not link.own.title, link.name != kernel_name(link.environment.name), link.name)


def _candidates(link: Link, template: str) -> Iterator[str]:
    """The plain title, else with what tells it apart: its kernel's own title, its folder, its name."""
    fields = _fields(link)
    folder, label, own = fields["folder"], fields["language"], fields["kernel"]

    def titled(name: str, label: str = label) -> str:
        shown = template.format(**{**fields, "environment": name, "language": label})
        return " ".join(shown.split()) or name

    name = fields["environment"]
    yield _own_title(link) or titled(name)
    if link.name != link.base_name:
        yield titled(name, own)
    yield titled(f"{name} [{folder}]")
    yield titled(f"{name} [{link.name}]")
    yield from (f"{name} [{link.name} {link.environment.id} {n}] ({label}, {own})" for n in range(1, 1000))


def _own_title(link: Link) -> str | None:
    """The person's own, for the environment's main kernel; its others say their language too."""
    title = link.own.title
    if title is None or main_kernel(link.environment) == link.kernel:
        return title
    return f"{title} ({language(link.kernel)})"


def _fields(link: Link) -> dict[str, str]:
    return {
        "environment": " ".join((link.own.title or link.environment.name).split()),
        "language": _label(link),
        "kernel": link.kernel.display_name or link.kernel.name,
        "name": link.name,
        "folder": _folder(link.environment),
        "kind": link.environment.kind,
    }


def _folder(environment: Environment) -> str:
    parts = [part for part in os.path.dirname(environment.prefix).split(os.sep) if part and part != "envs"]
    return parts[-1] if parts else environment.prefix


def _label(link: Link) -> str:
    """The main kernel's with Python's version; another one of its language says its own title, to be told from it."""
    version, main = link.environment.python_version, main_kernel(link.environment)
    if main and main != link.kernel and main.language == link.kernel.language:
        return link.kernel.display_name or link.kernel.name
    if main != link.kernel or link.kernel.language != "python" or not version:
        return language(link.kernel)
    return "Python " + ".".join(version.split(".")[:2])
