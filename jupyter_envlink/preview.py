"""What would be done, before it is done: checks, names, plans. Reads the disk and, where asked, the channels."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from . import formats
from .catalog import Catalog
from .channel_judge import ChannelJudge
from .channel_rules import NO_LIMITS, Limits
from .channels import redact
from .engines.base import Package
from .envfile import names
from .environment import Environment
from .errors import Conflict, EnvlinkError
from .files import read_json
from .operations import default_engine
from .planning import Plan, kernel_channels, plan_of, refuse_errors
from .policy import Policy
from .redaction import holds_secret
from .solving import solved, unpacked
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

    def refuse_problems(self) -> None:
        """Raises what stands against a channel (``NotAllowed``), ``InvalidFile``, or what stands against the name."""
        if self.plan.refusal is not None:
            raise self.plan.refusal
        refuse_errors(self.plan.file)
        if self.name_problem is not None:
            raise self.name_problem

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


def solve(proposal: Proposal) -> dict[str, Any]:
    """``Plan`` of ``openapi.yaml`` with what the channels say, which may take seconds: in this very process."""
    plan, shown = proposal.plan, proposal.as_dict()
    if plan.file.ok and plan.archive is not None:
        shown.update(unpacked(plan.archive.place))
    elif plan.file.ok and plan.venv is None:
        shown.update(asyncio.run(solved(plan, proposal.text, default_engine(proposal.prefix or ""))))
    return shown


def check(sources: Sequence[Source], limits: Limits = NO_LIMITS) -> dict[str, Any]:
    """Each file as it was read, with its diagnostics: ``{"files": [CheckedFile]}`` of ``openapi.yaml``."""
    judge = ChannelJudge(limits)
    return {"files": [judge.judged(_read(source).file).checked() for source in sources]}


class Preview:
    """Answers for one catalog, under one policy."""

    def __init__(self, catalog: Catalog, policy: Policy) -> None:
        self.catalog = catalog
        self.policy = policy

    def proposal(self, source: Source, name: str | None) -> Proposal:
        """What creating from ``source`` would make, under ``name`` or the file's own."""
        contents = self._judged(source)
        chosen = name if name is not None else contents.file.name or formats.default_name(contents)
        root = self.catalog.envs_dir
        prefix = os.path.join(root, chosen) if root else None
        plan = plan_of(contents, prefix=prefix, limits=self.policy.limits)
        return Proposal(plan, source.text, chosen, prefix, root, self._name_problem(chosen, prefix))

    def file_name(self, source: Source) -> str | None:
        """The name that the file gives to an environment."""
        return _read(source).file.name

    def update(self, source: Source, environment: Environment, prune: bool) -> Proposal:
        """What updating the environment from ``source`` would make of it. Raises ``Conflict`` and ``NotAllowed``."""
        of = target(environment, prune, self.policy)
        plan = plan_of(self._judged(source), prefix=of.prefix, limits=self.policy.limits, target=of)
        return Proposal(plan, source.text, of.name, of.prefix, os.path.dirname(of.prefix), None)

    def _judged(self, source: Source) -> formats.Contents:
        """The file, with what stands against its channels among its diagnostics."""
        contents = _read(source)
        return replace(contents, file=ChannelJudge(self.policy.limits).judged(contents.file))

    def kernel_options(self, environment: Environment) -> dict[str, Any]:
        """What installing a kernel into a conda environment asks for. Raises ``NotAllowed`` where a channel that its
        packages came from may not be used, and ``Unsolvable`` where their records cannot be read."""
        spec = "ipykernel" if environment.python else "r-irkernel"
        kernel_channels(environment.prefix, [spec], self.policy.limits)
        return {"spec": spec, "limits": self.policy.limits.as_dict()}

    def installed(self, prefix: str) -> list[dict[str, Any]]:
        """The packages of an environment, as ``Package`` of ``openapi.yaml``, by name.

        From the records' own text, not by the engine: a record that it would refuse hides none of the others.
        """
        paths = Path(prefix, "conda-meta").glob("*.json")
        return sorted((asdict(_recorded(path)) for path in paths), key=lambda package: str(package["name"]))

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
            remedy = "Choose another name, or remove the one that is there first."
            return Conflict(f"There is already an environment {name!r}, at {prefix}.", remedy, code="exists")
        return None


def _read(source: Source) -> formats.Contents:
    if source.archive is not None:
        return formats.read_archive(source.archive, source.path)
    return formats.read(source.content, source.path, source.folder)


def _recorded(path: Path) -> Package:
    """One installed package; where its record cannot be read, what conda's name for the file says."""
    record = read_json(path) or {}
    parts = dict(zip(("name", "version", "build"), path.stem.rsplit("-", 2), strict=False))
    name, version, build = (str(record.get(key) or parts.get(key) or "") for key in ("name", "version", "build"))
    channel, size = record.get("channel"), record.get("size")
    shown = redact(channel) if isinstance(channel, str) else None
    return Package(name, version, build, shown, size if isinstance(size, int) else None)
