"""What a file wants in a virtual environment: put there, told beforehand, and looked for afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .engines.ipykernel import requirement
from .engines.pip_part import PipPart, PipStep, install_part, needs_pip, steps_of
from .engines.uv_venv import add_beside, add_pip, install_pylock, pylock_steps
from .errors import EnvlinkError
from .formats import Venv
from .formats.detection import is_pylock_name
from .fulfilment import refuse_unfulfilled
from .locators.pythons import venv_python
from .planning import Plan
from .request import Request
from .verification import verify_kernel, verify_venv


@dataclass(frozen=True)
class Filling:
    """``text`` is the file's; ``folder`` is where it lies, and ``path`` how it is called, where it lies anywhere."""

    plan: Plan
    venv: Venv
    text: str
    path: str | None
    folder: str | None

    @classmethod
    def of(cls, request: Request, plan: Plan, venv: Venv) -> Filling:
        options = request.options
        return cls(plan, venv, options["text"], options.get("path"), options.get("folder"))

    @property
    def about(self) -> str:
        """What it is about, for people."""
        return ", ".join([*(self.plan.file.pip or ()), *self._kernel])

    def fill(self, prefix: str, on_line: Callable[[str], None]) -> None:
        """Install it into the environment at ``prefix``. Raises ``PipFailed``."""
        python = venv_python(prefix)
        if self.venv.is_pylock:
            with _Lock(self, prefix) as lock:
                install_pylock(python, lock, on_line, self._prunes)
        else:
            part = self._part(prefix)
            if needs_pip(part):
                add_pip(python, prefix, on_line)
            install_part(part, Path(prefix, ".envlink-requirements.txt"), on_line)
        if self._is_exact and self._kernel:  # it is not in the list, and what is there stays as it is
            add_beside(python, self._kernel[0], Path(prefix), on_line)

    def steps(self, prefix: str) -> tuple[PipStep, ...] | None:
        """What that would do; ``None`` where it cannot be told. Raises ``PipFailed``."""
        if self._is_exact and self._kernel:
            return None
        if not self.venv.is_pylock:
            return steps_of(self._part(prefix))
        with TemporaryDirectory(prefix="envlink-") as scratch, _Lock(self, scratch) as lock:
            return pylock_steps(venv_python(prefix), lock, self._prunes)

    def verify(self, prefix: str) -> None:
        """Its Python starts, its kernel, too, and what the file lists is there. Raises ``VerificationFailed``."""
        python = venv_python(prefix)
        if self.plan.brings_ipykernel:
            verify_kernel(prefix, python, [python, "-B", "-m", "ipykernel"])
        else:
            verify_venv(prefix, python)
        listed = tuple(self.plan.file.pip or ()) if self.venv.is_pylock else self.venv.requirements
        refuse_unfulfilled(prefix, (), PipPart(prefix, python, listed, self.folder or prefix))

    @property
    def _kernel(self) -> tuple[str, ...]:
        return (requirement(None),) if self.plan.brings_ipykernel else ()

    @property
    def _is_exact(self) -> bool:
        return self.venv.is_pylock or any("--hash" in line for line in self.venv.requirements)

    @property
    def _prunes(self) -> bool:
        return self.plan.target is not None and self.plan.target.prune

    def _part(self, prefix: str) -> PipPart:
        items = (*self.venv.requirements, *(() if self._is_exact else self._kernel))
        folder = self.folder or prefix
        return PipPart(prefix, venv_python(prefix), items, folder, upgrade=False, prune=self._prunes)


class _Lock:
    """The lock file where it lies, from where its paths count; a copy in ``scratch``, where the text is another one."""

    def __init__(self, filling: Filling, scratch: str) -> None:
        self._filling = filling
        self._copy = Path(scratch, "pylock.toml")
        self._copied = False

    def __enter__(self) -> Path:
        filling = self._filling
        original = Path(filling.folder or "", os.path.basename(filling.path or ""))
        if filling.folder and is_pylock_name(original.name) and _holds(original, filling.text):
            return original
        self._copied = True
        self._copy.write_text(filling.text, encoding="utf-8")
        return self._copy

    def __exit__(self, *_: object) -> None:
        if self._copied:
            self._copy.unlink()


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8-sig") == text
    except (OSError, UnicodeDecodeError):
        return False


def forecast(plan: Plan, text: str, path: str | None, folder: str | None) -> dict[str, Any]:
    """``pip_steps`` and ``conflict`` of ``Plan`` of ``openapi.yaml``: what uv says that an update would do."""
    assert plan.venv is not None
    assert plan.target is not None
    try:
        steps = Filling(plan, plan.venv, text, path, folder).steps(plan.target.prefix)
    except EnvlinkError as error:
        return {"pip_steps": None, "conflict": error.as_dict()}
    return {"pip_steps": None if steps is None else [asdict(step) for step in steps], "conflict": None}
