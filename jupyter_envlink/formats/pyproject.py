"""``pyproject.toml``: what a project asks for.

``[tool.pixi]`` and ``[tool.conda-lock]`` ask for conda packages, and a conda environment is made. ``[project]`` (PEP
621) and ``[dependency-groups]`` (PEP 735) ask for distributions, and a virtual environment is made as ``uv sync`` makes
it: with the group ``dev``, or those of ``[tool.uv]``, and the project itself, editable, if it can be built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from ..envfile.findings import Findings
from ..sentence import told
from . import pyproject_conda
from .contents import Contents, Venv, file_of
from .pylock import requires_python
from .requirements import check_requirement
from .toml import TOP, Toml, listed, parsed, texts

_POETRY = told("`poetry export` writes a requirements.txt, and Poetry 2 reads [project] too.")


def read(content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """What the project asks for; ``folder`` is the project's."""
    toml = parsed(content, findings)
    if toml is None:
        return Contents("pyproject", file_of(path, findings))
    if pyproject_conda.is_meant(toml):
        return pyproject_conda.read(toml, path, folder, findings)
    return _of_pypi(toml, path, folder, findings)


def _of_pypi(toml: Toml, path: str | None, folder: str | None, findings: Findings) -> Contents:
    project = toml.table("project")
    python = requires_python(project.get("requires-python"), toml, findings)
    found = [*project_requirements(toml, findings), *_groups(toml, findings)]
    itself = is_built(toml)
    for requirement in dict.fromkeys(found):
        place = toml.place(requirement)
        findings.enter("pip", requirement, place)
        check_requirement(requirement, place, findings)
    if itself and folder is not None:
        findings.enter("pip", "-e .", toml.place("build-system"))
    elif itself:
        message = told("The project itself is not installed: only the text of the file is known, and not its folder.")
        findings.warning(
            "pip-local", toml.place("build-system"), message, told("Create it from the file in its folder.")
        )
    _report_empty(toml, itself, findings)
    _report_poetry(toml, findings)
    file = file_of(path, findings, name_of(toml))
    return Contents("pyproject", file, venv=Venv(python, file.pip or ()))


def name_of(toml: Toml) -> str | None:
    """A valid name for an environment, from the project's."""
    from ..envfile.names import propose

    name = toml.table("project").get("name")
    return propose(name) if isinstance(name, str) and name else None


def is_built(toml: Toml) -> bool:
    """Whether the project can be installed, as uv decides it: a ``[build-system]``, or what ``[tool.uv]`` says."""
    package = toml.table("tool", "uv").get("package")
    has_project = bool(toml.table("project"))
    return has_project and (package if isinstance(package, bool) else bool(toml.table("build-system")))


def project_requirements(toml: Toml, findings: Findings) -> list[str]:
    """``project.dependencies``; what is left out is said."""
    project = toml.table("project")
    extras = toml.table("project", "optional-dependencies")
    if extras:
        message = told("The project's extras are left out: {extras}.", extras=listed(extras))
        hint = told("Add what you need of them afterwards, or write it into a group of [dependency-groups].")
        findings.info("optional-groups", toml.place("optional-dependencies"), message, hint)
    if "dependencies" in texts(project.get("dynamic")) and not is_built(toml):
        message = told(
            "The project's dependencies are dynamic: only its build knows them, and it has no [build-system]."
        )
        findings.error("dynamic-dependencies", toml.place("dynamic"), message, told("Write them into [project]."))
    wrong = [each for each in _list(project.get("dependencies")) if not isinstance(each, str)]
    if wrong or not isinstance(project.get("dependencies", []), list):
        message = told("dependencies of [project] is no list of texts.")
        findings.error("bad-requirement", toml.place("dependencies"), message, told('Write ["numpy>=1.20"].'))
    return texts(project.get("dependencies"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _groups(toml: Toml, findings: Findings) -> Iterator[str]:
    """What the groups hold that ``uv sync`` takes."""
    groups: dict[str, Any] = {canonicalize_name(name): items for name, items in toml.table("dependency-groups").items()}
    default = toml.table("tool", "uv").get("default-groups", ["dev"])
    wanted = list(groups) if default == "all" else [canonicalize_name(name) for name in texts(default)]
    seen: set[str] = set()
    for name in wanted:
        if name in groups:
            yield from _group(name, groups, (), seen, toml, findings)
    left = set(groups) - seen
    if left:
        message = told("Groups of the project are left out, as `uv sync` does: {left}.", left=listed(left))
        hint = told("[tool.uv] default-groups says which ones are taken.")
        findings.info("optional-groups", toml.place("dependency-groups"), message, hint)


def _group(
    name: str, groups: Mapping[str, Any], within: tuple[str, ...], seen: set[str], toml: Toml, findings: Findings
) -> Iterator[str]:
    """A group's requirements and those of the groups that it includes, which are added to ``seen``."""
    seen.add(name)
    if name in within or name not in groups:
        message = (
            told("The group {name!r} includes itself.", name=name)
            if name in within
            else told("The group {name!r} is included and does not exist.", name=name)
        )
        findings.error("dependency-groups", toml.place(name), message, told("See PEP 735."))
        return
    for item in _list(groups[name]):
        included = item.get("include-group") if isinstance(item, dict) else None
        if isinstance(item, str):
            yield item
        elif isinstance(included, str):
            yield from _group(canonicalize_name(included), groups, (*within, name), seen, toml, findings)
        else:
            message = told("An entry of the group {name!r} is neither a requirement nor an include-group.", name=name)
            findings.error("dependency-groups", toml.place(name), message, told("See PEP 735."))


def _report_empty(toml: Toml, itself: bool, findings: Findings) -> None:
    """Nothing to install is a mistake where no table says that it is meant."""
    if itself or findings.entries or toml.table("project") or toml.table("dependency-groups"):
        return
    if toml.table("tool", "poetry"):
        message = told("[tool.poetry] is Poetry's own way to list packages, and not read here; there is no [project].")
        findings.error("poetry", toml.place("[tool.poetry"), message, _POETRY)
        return
    message = told("Nothing in the file says what to install: there is no [project] and no [dependency-groups].")
    findings.error("no-dependencies", TOP, message, told("Write dependencies into [project], as PEP 621 has it."))


def _report_poetry(toml: Toml, findings: Findings) -> None:
    poetry = toml.table("tool", "poetry")
    own = [key for key in ("dependencies", "dev-dependencies", "group") if poetry.get(key)]
    if own and toml.table("project"):
        message = told("What [tool.poetry] says beside [project] is not read: {own}.", own=listed(own))
        findings.warning("poetry", toml.place("[tool.poetry"), message, _POETRY)
