"""Files that are something else, said as what they are."""

from __future__ import annotations

import re

_EXPORT = "a list of conda packages (`conda list --export`)"
_LINES = (
    (r"@EXPLICIT[ \t]*$", "a list of exact packages (`conda list --explicit`)"),
    (r"# This file may be used to create an environment", _EXPORT),
    (r"\[(?:project|tool\.[\w.-]+|build-system)\][ \t]*$", "a pyproject.toml or pixi.toml"),
    (r"lock-version = ", "a lock file (pylock.toml, poetry.lock)"),
    (r"[\w.-]+=[\w.!+]+=[\w.]+[ \t]*$", _EXPORT),
    (r"[\w.-]+(?:\[[\w, -]+\])?[ \t]*(?:==|>=|~=)[ \t]*\w", "a list for pip (requirements.txt)"),
)
_PATTERNS = tuple((re.compile(f"^{pattern}", re.MULTILINE), label) for pattern, label in _LINES)
_KEYS = (
    ({"version", "metadata", "package"}, "a conda-lock file"),
    ({"version", "environments", "packages"}, "a pixi.lock"),
    ({"package", "requirements"}, "a recipe for conda-build"),
    ({"recipe", "requirements"}, "a recipe for conda-build"),
    ({"context", "package"}, "a recipe for rattler-build"),
    ({"env_specs"}, "an anaconda-project.yml"),
    ({"services"}, "a compose file for containers"),
    ({"apiVersion", "kind"}, "a Kubernetes resource"),
    ({"jobs", "on"}, "a workflow of GitHub"),
    ({"jobs", "pool"}, "a pipeline of Azure"),
    ({"repos"}, "a configuration of pre-commit"),
    ({"forge", "modules"}, "a configuration of Puppet"),
    ({"hierarchy"}, "a configuration of Puppet (Hiera)"),
    ({"mod"}, "a configuration of Puppet"),
    ({"classes"}, "a configuration of Puppet"),
    ({"samples"}, "a configuration of Snakemake"),
    ({"cells", "nbformat"}, "a notebook"),
)


def recognised(text: str) -> str | None:
    """What a text is that is no mapping to YAML, where that shows."""
    beginning = text[:100_000]
    return next((label for pattern, label in _PATTERNS if pattern.search(beginning)), None)


def of_keys(written: set[str]) -> str | None:
    """What a mapping without ``dependencies`` is, by its keys."""
    return next((label for keys, label in _KEYS if keys <= written), None)
