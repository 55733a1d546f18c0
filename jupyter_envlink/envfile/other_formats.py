"""Files that are something else, said as what they are."""

from __future__ import annotations

import re

from ..sentence import told

_EXPORT = told("a list of conda packages (`conda list --export`)")
_LINES = (
    (r"@EXPLICIT[ \t]*$", told("a list of exact packages (`conda list --explicit`)")),
    (r"# This file may be used to create an environment", _EXPORT),
    (r"\[(?:project|tool\.[\w.-]+|build-system)\][ \t]*$", told("a pyproject.toml or pixi.toml")),
    (r"lock-version = ", told("a lock file (pylock.toml, poetry.lock)")),
    (r"[\w.-]+=[\w.!+]+=[\w.]+[ \t]*$", _EXPORT),
    (r"[\w.-]+(?:\[[\w, -]+\])?[ \t]*(?:==|>=|~=)[ \t]*\w", told("a list for pip (requirements.txt)")),
)
_PATTERNS = tuple((re.compile(f"^{pattern}", re.MULTILINE), label) for pattern, label in _LINES)
_KEYS = (
    ({"version", "metadata", "package"}, told("a conda-lock file")),
    ({"version", "environments", "packages"}, told("a pixi.lock")),
    ({"package", "requirements"}, told("a recipe for conda-build")),
    ({"recipe", "requirements"}, told("a recipe for conda-build")),
    ({"context", "package"}, told("a recipe for rattler-build")),
    ({"env_specs"}, told("an anaconda-project.yml")),
    ({"services"}, told("a compose file for containers")),
    ({"apiVersion", "kind"}, told("a Kubernetes resource")),
    ({"jobs", "on"}, told("a workflow of GitHub")),
    ({"jobs", "pool"}, told("a pipeline of Azure")),
    ({"repos"}, told("a configuration of pre-commit")),
    ({"forge", "modules"}, told("a configuration of Puppet")),
    ({"hierarchy"}, told("a configuration of Puppet (Hiera)")),
    ({"mod"}, told("a configuration of Puppet")),
    ({"classes"}, told("a configuration of Puppet")),
    ({"samples"}, told("a configuration of Snakemake")),
    ({"cells", "nbformat"}, told("a notebook")),
)


def recognised(text: str) -> str | None:
    """What a text is that is no mapping to YAML, where that shows."""
    beginning = text[:100_000]
    return next((label for pattern, label in _PATTERNS if pattern.search(beginning)), None)


def of_keys(written: set[str]) -> str | None:
    """What a mapping without ``dependencies`` is, by its keys."""
    return next((label for keys, label in _KEYS if keys <= written), None)
