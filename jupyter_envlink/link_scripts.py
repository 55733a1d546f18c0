"""Scripts that conda packages bring to be run once they are linked, and before they go: by us, where policy allows.

The engine runs none: it links beside the environment's place, and a script would write that path into what it makes.
They get the variables that conda gives them (``conda.core.link.run_script``), and whatever they do they do as the user.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import process
from .activation import bin_dirs
from .engines.base import Package
from .errors import VerificationFailed
from .files import read_json
from .redaction import redact
from .sentence import told

Action = Literal["post-link", "pre-unlink"]
_SAID = 15
_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class LinkScript:
    """One of them, of a package that is in ``prefix``."""

    prefix: str
    package: Package
    action: Action
    path: str

    def run(self, on_line: Callable[[str], None]) -> None:
        """Run it; what it says and leaves in ``.messages.txt`` goes to ``on_line``. Raises ``VerificationFailed``
        (``link-script``) where it does not return 0."""
        said: list[str] = []

        def keep(line: str) -> None:
            said.append(line)
            on_line(line)

        on_line(told("Running the {action} script of {name}.", action=self.action, name=self.package.name))
        code = process.stream(self._argv(), env=self._environ(), cwd=os.path.dirname(self.path), on_line=keep)
        _keep_messages(self.prefix, keep)
        if code:
            reason = redact("\n".join(said[-_SAID:]).strip())
            message = told(
                "The {action} script of {name} failed with exit code {code}: {reason}",
                action=self.action,
                name=self.package.name,
                code=code,
                reason=reason,
            )
            raise VerificationFailed(
                message, told("Leave the package out, or do not allow scripts."), code="link-script"
            )

    def _argv(self) -> list[str]:
        if _WINDOWS:
            return [os.environ.get("COMSPEC", "cmd.exe"), "/d", "/c", self.path]
        return [shutil.which("bash") or "sh", self.path]

    def _environ(self) -> dict[str, str]:
        environ = process.clean_environ(os.environ, pip=True)
        path = [*bin_dirs(self.prefix), *filter(None, [environ.get("PATH")])]
        return {
            **environ,
            "PATH": os.pathsep.join(path),
            "PREFIX": self.prefix,
            "CONDA_PREFIX": self.prefix,
            "PKG_NAME": self.package.name,
            "PKG_VERSION": self.package.version,
            "PKG_BUILDNUM": str(_record(self.prefix, self.package).get("build_number", 0)),
        }


def scripts(prefix: str, packages: Iterable[Package], action: Action) -> Iterator[LinkScript]:
    """Those that ``packages``, which are in ``prefix``, have brought."""
    folder, ending = ("Scripts", "bat") if _WINDOWS else ("bin", "sh")
    for package in packages:
        path = os.path.join(prefix, folder, f".{package.name}-{action}.{ending}")
        if os.path.isfile(path):
            yield LinkScript(prefix, package, action, path)


def after_linking(prefix: str, packages: Iterable[Package], allowed: bool, on_line: Callable[[str], None]) -> None:
    """Run the scripts of what has come, or say whose were not run. Raises ``VerificationFailed``."""
    for script in scripts(prefix, packages, "post-link"):
        if allowed:
            script.run(on_line)
        else:
            on_line(
                told(
                    "{name} brings a post-link script, which was not run: it may do whatever you may do. "
                    "Policy.link_scripts = True allows such scripts.",
                    name=script.package.name,
                )
            )


def before_unlinking(staging: str, packages: Iterable[Package], allowed: bool, on_line: Callable[[str], None]) -> None:
    """Run the scripts of what is about to go from ``staging``. One that fails is told, as conda does."""
    for script in scripts(staging, packages, "pre-unlink") if allowed else ():
        try:
            script.run(on_line)
        except VerificationFailed as error:
            on_line(error.message)


def _keep_messages(prefix: str, on_line: Callable[[str], None]) -> None:
    """What scripts have to say to people, which conda shows once and then removes."""
    path = Path(prefix, ".messages.txt")
    with suppress(OSError):
        text = path.read_text(encoding="utf-8", errors="replace")
        path.unlink()
        for line in text.splitlines():
            on_line(line)


def _record(prefix: str, package: Package) -> Mapping[str, object]:
    return read_json(Path(prefix, "conda-meta", f"{package.name}-{package.version}-{package.build}.json")) or {}
