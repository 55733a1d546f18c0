"""What would be done, before it is done: checks, names, plans. Reads the disk and, where asked, the channels."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import formats
from .catalog import Catalog
from .channel_judge import ChannelJudge
from .channel_rules import NO_LIMITS, Limits
from .engines.choice import DEFAULT, Choice
from .engines.rattler_index import KeptIndex
from .envfile import names
from .environment import Environment
from .errors import Conflict, DiskError, EnvlinkError, InvalidName
from .planner.answering import answer
from .planner.question import Question
from .planning import Plan, contents_of, kernel_channels, plan_of, read_source, refuse_errors
from .policy import Policy
from .redaction import holds_secret
from .sentence import told
from .source import Source
from .updating import target


@dataclass(frozen=True)
class Proposal:
    """An environment as it would be made, or become: ``prefix`` and ``root`` are ``None`` where nothing is writable."""

    plan: Plan
    text: str
    name: str
    prefix: str | None
    root: str | None
    name_problem: EnvlinkError | None
    source: Source
    engine: Choice = DEFAULT

    def refuse_problems(self) -> None:
        """Raises what stands against a channel (``NotAllowed``), ``InvalidFile``, or what stands against the name."""
        if self.plan.refusal is not None:
            raise self.plan.refusal
        refuse_errors(self.plan.file)
        if self.name_problem is not None:
            raise self.name_problem

    def question(self, refresh: bool = False) -> Question | None:
        """What a planner has to find out of it; ``None`` where no channel is to be asked."""
        plan = self.plan
        if not plan.file.ok or (plan.venv is not None and plan.target is None):
            return None
        return Question(self.source, plan.prefix, plan.limits, plan.target, refresh, self.engine)

    def as_dict(self) -> dict[str, Any]:
        """``Plan`` of ``openapi.yaml``, before any channel was asked."""
        problem = self.name_problem
        return {
            "text": None if self.plan.archive or holds_secret(self.text) else self.text,
            "name": self.name,
            "prefix": self.prefix,
            "name_problem": problem.as_dict() if problem else None,
            **self.plan.as_dict(),
            "solution": None,
            "conflict": self.plan.refusal.as_dict() if self.plan.refusal else None,
        }


def solve(proposal: Proposal, refresh: bool = False) -> dict[str, Any]:
    """``Plan`` of ``openapi.yaml`` with what the channels say, which may take seconds: in this very process."""
    question = proposal.question(refresh)
    found = asyncio.run(answer(question, KeptIndex(math.inf))) if question else {}
    return {**proposal.as_dict(), **found}


def check(sources: Sequence[Source], limits: Limits = NO_LIMITS) -> dict[str, Any]:
    """Each file as it was read, with its diagnostics: ``{"files": [CheckedFile]}`` of ``openapi.yaml``."""
    judge = ChannelJudge(limits)
    return {"files": [judge.judged(read_source(source).file).checked() for source in sources]}


def no_root() -> DiskError:
    """No folder for new environments is writable."""
    remedy = told("Configure envs_dirs in ~/.condarc with a folder that you may write to.")
    return DiskError(told("There is no folder for new environments that you may write to."), remedy, code="no-root")


class Preview:
    """Answers for one catalog, under one policy; plans are made by one engine."""

    def __init__(self, catalog: Catalog, policy: Policy, engine: Choice) -> None:
        self.catalog = catalog
        self.policy = policy
        self.engine = engine

    def proposal(self, source: Source, name: str | None) -> Proposal:
        """What creating from ``source`` would make, under ``name`` or the file's own."""
        contents = contents_of(source, self.policy.limits)
        chosen = name if name is not None else contents.file.name or formats.default_name(contents)
        root = self.catalog.envs_dir
        prefix = os.path.join(root, chosen) if root else None
        problem = self._name_problem(chosen, prefix)
        # A name that is none leads anywhere: nothing is read there.
        place = None if isinstance(problem, InvalidName) else prefix
        plan = plan_of(contents, prefix=place, limits=self.policy.limits)
        return Proposal(plan, source.text, chosen, prefix, root, problem, source, self.engine)

    def place(self, name: str, root: str | None = None) -> tuple[str, str]:
        """The folder and the prefix of a new environment ``name``, in ``root`` or where new ones are made.

        Raises ``InvalidName``, ``Conflict`` (``exists``), ``NotAllowed`` and ``DiskError`` (``no-root``).
        """
        folder = root or self.catalog.envs_dir
        prefix = os.path.join(folder, name) if folder else None
        problem = self._name_problem(name, prefix)
        if problem:
            raise problem
        if folder is None or prefix is None:
            raise no_root()
        return folder, prefix

    def file_name(self, source: Source) -> str | None:
        """The name that the file gives to an environment."""
        return read_source(source).file.name

    def update(self, source: Source, environment: Environment, prune: bool) -> Proposal:
        """What updating the environment from ``source`` would make of it. Raises ``Conflict`` and ``NotAllowed``."""
        of = target(environment, prune, self.policy)
        plan = plan_of(contents_of(source, self.policy.limits), prefix=of.prefix, limits=self.policy.limits, target=of)
        return Proposal(plan, source.text, of.name, of.prefix, os.path.dirname(of.prefix), None, source, self.engine)

    def kernel_options(self, environment: Environment) -> dict[str, Any]:
        """What installing a kernel into a conda environment asks for. Raises ``NotAllowed`` where a channel that its
        packages came from may not be used, and ``Unsolvable`` where their records cannot be read."""
        spec = "ipykernel" if environment.python else "r-irkernel"
        kernel_channels(environment.prefix, [spec], self.policy.limits)
        return {"spec": spec, "limits": self.policy.limits.as_dict()}

    def platform(self) -> str:
        from rattler.platform import Subdir

        return str(Subdir.current())

    def _name_problem(self, name: str, prefix: str | None) -> EnvlinkError | None:
        try:
            names.validate(name)
            if prefix is not None:
                self.policy.refuse_create(prefix)
        except EnvlinkError as error:
            return error
        if prefix is not None and os.path.lexists(prefix):
            remedy = told("Choose another name, or remove the one that is there first.")
            return Conflict(
                told("There is already an environment {name!r}, at {prefix}.", name=name, prefix=prefix),
                remedy,
                code="exists",
            )
        return None
