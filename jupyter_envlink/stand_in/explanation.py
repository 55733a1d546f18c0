"""What a stand-in kernel is told by the server that starts it. No I/O."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jupyter_envlink.environment import Problem
from jupyter_envlink.link import Link

VARIABLE = "ENVLINK_STAND_IN"
"""The environment variable that holds an :class:`Explanation` as JSON."""

ENCRYPTION = "supported_encryption"


@dataclass(frozen=True)
class Explanation:
    """Which kernel cannot start, and why; and what is needed to look again when the stand-in is restarted."""

    kernel: str
    title: str
    language: str
    message: str
    remedy: str
    interrupt_mode: str
    encryption: tuple[str, ...]
    """How the server may encrypt its connection (``metadata.supported_encryption`` of jupyter_client 8.9)."""
    data_dir: str
    """Jupyter's data folder: what the person has decided about the environment lies there."""
    prefix: str
    roots: tuple[str, ...]
    """Configured folders of environments: another of the same name may come there."""

    def encode(self) -> str:
        """ASCII, so that it passes through any locale."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Explanation:
        """What ``encode`` gave. ``ValueError``, ``TypeError`` for anything else."""
        fields: dict[str, Any] = json.loads(text)
        lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
        return cls(**{**fields, **lists})


def spec(explanation: Explanation, link: Link, problem: Problem, title: str) -> Mapping[str, Any]:
    """The kernel.json of the stand-in for ``link``; ``env`` values are ``string.Template``\\ s."""
    environment = link.environment
    own = {"id": environment.id, "prefix": environment.prefix, "kind": environment.kind, "name": environment.name}
    return {
        "argv": [sys.executable, "-m", "jupyter_envlink.stand_in", "-f", "{connection_file}"],
        "display_name": title,
        "env": {VARIABLE: explanation.encode().replace("$", "$$")},
        "interrupt_mode": explanation.interrupt_mode,
        "language": explanation.language,
        "metadata": {"envlink": {**own, "problem": problem.code}} | _encryption(explanation),
    }


def _encryption(explanation: Explanation) -> dict[str, list[str]]:
    return {ENCRYPTION: list(explanation.encryption)} if explanation.encryption else {}
