"""What the channel takes from the Python package index."""

from __future__ import annotations

WITH_DEPENDENCIES = ("ipykernel", "pip", "numpy", "humanize", "tabulate==0.9.0")
"""Resolved together, once per interpreter."""

OLDER_VERSIONS = ("tabulate==0.8.9", "tabulate==0.8.10")
"""Pure wheels, one by one without what they need: so that the channel holds several versions of a package."""

PIP_EXAMPLES = frozenset({"humanize", "tabulate"})
"""Also kept as wheels, for the ``pip:`` section of an environment file."""
