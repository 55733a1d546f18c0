"""What an environment offers to Jupyter: a link for each of its kernels. A value only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .binding import Binding
from .environment import Environment, Kernel


@dataclass(frozen=True, slots=True)
class Link:
    """An environment's kernel as it is offered to Jupyter.

    ``aliases`` resolve to it too but are not listed. ``own`` is what the person has said about the environment.
    """

    name: str
    display_name: str
    environment: Environment
    kernel: Kernel
    aliases: tuple[str, ...] = ()
    own: Binding = field(default_factory=Binding)
    base_name: str = ""
    """The name that the environment itself bears: what ``Bindings.bind`` keeps."""

    @property
    def attached(self) -> bool | None:
        """What the person said; ``None`` for nothing."""
        return self.own.attached

    @property
    def hidden(self) -> bool:
        """Whether it is left out of the menu. Who names it still gets it."""
        return self.own.hidden

    @property
    def variables(self) -> Mapping[str, str]:
        """The person's own, literal; they win over all others."""
        return self.own.variables

    @property
    def start(self) -> tuple[object, ...]:
        """All that its kernel spec is made of, beside the activation."""
        return (self.name, self.display_name, self.environment, self.kernel, self.variables)

    @property
    def is_own(self) -> bool:
        """Attached by the person, or theirs anyway: only then is something of the environment run unasked."""
        return self.attached or (self.attached is None and self.environment.writable is not False)
