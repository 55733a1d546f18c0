"""What every ``--dry-run`` prints."""

from __future__ import annotations

import argparse
from typing import Any

from ..source import Source
from . import session, show_plan


def dry_run(arguments: argparse.Namespace, plan: dict[str, Any], source: Source) -> int:
    """Print the plan; the exit status is 1 where it cannot be carried out."""
    session.answer(arguments, plan, show_plan.plan(plan, source.path))
    return 1 if cannot(plan) else 0


def cannot(plan: dict[str, Any]) -> bool:
    """Whether the plan cannot be carried out."""
    return bool(plan["conflict"] or plan["name_problem"] or _has_errors(plan))


def _has_errors(plan: dict[str, Any]) -> bool:
    return any(each["severity"] == "error" for each in plan["diagnostics"])
