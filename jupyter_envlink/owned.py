"""The kernel specs of ours that lie in the person's Jupyter folder: put there, and taken away, whole."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .disk import is_usable
from .errors import NotAllowed
from .kernel_dirs import ownership
from .sentence import told
from .staging import read

_LOCK_WITHIN = 600.0


class OwnedSpecs:
    """``data_dir``/kernels, as far as it is ours. Whatever lacks our whole record, or is a link, is never touched."""

    def __init__(self, data_dir: str) -> None:
        self.home = Path(data_dir, "envlink")
        self.kernels_dir = Path(data_dir, "kernels")
        self._placing = threading.Lock()

    def all(self) -> dict[str, Mapping[str, Any]]:
        """The record of each by its name. One small file is read for each folder."""
        with suppress(OSError):
            records = {name: self.record(name) for name in sorted(os.listdir(self.kernels_dir))}
            return {name: record for name, record in records.items() if record is not None}
        return {}

    def record(self, name: str) -> Mapping[str, Any] | None:
        """Our record of the spec ``name``; ``None`` for a foreign one and for none at all.

        A link is foreign, whoever made it: what it leads to is somewhere else's.
        """
        if not os.path.lexists(os.path.join(self.kernels_dir, name)):
            return None
        folder = self.kernels_dir / name
        if folder.parent != self.kernels_dir or folder.is_symlink() or (folder / "kernel.json").is_symlink():
            return None
        return ownership(read(folder), name)

    def is_foreign(self, name: str) -> bool:
        """Whether something that is not ours bears this name."""
        folder = self.kernels_dir / name
        return folder.parent == self.kernels_dir and os.path.lexists(folder) and self.record(name) is None

    def is_usable(self) -> bool:
        """Whether specs can be written, as far as rights tell: nothing is tried."""
        return is_usable(str(self.home)) and is_usable(str(self.kernels_dir))

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """An empty folder beside the specs, on their file system, for one process at a time. ``OSError``.

        Each time another one: a program that a killed server had started may still write into that server's.
        """
        from filelock import FileLock

        self.home.mkdir(parents=True, exist_ok=True)
        self.kernels_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(self.home / "registration.lock", timeout=_LOCK_WITHIN):
            staging = self.home / "registration"
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir(exist_ok=True)
            try:
                yield Path(tempfile.mkdtemp(dir=staging))
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def tidy(self) -> None:
        """Remove what was made for registering, where nothing of it is left in use. Raises nothing."""
        locks = ["registration.lock", *([] if (self.home / "links.json").exists() else ["links.json.lock"])]
        for name in locks:
            with suppress(OSError):
                (self.home / name).unlink()
        for folder in (self.home / "activation", self.home, self.kernels_dir):
            with suppress(OSError):
                folder.rmdir()

    def place(self, made: Path, name: str, workspace: Path) -> None:
        """Move a finished spec to where Jupyter looks, in place of one of ours at most. ``NotAllowed``, ``OSError``."""
        final = self.kernels_dir / name
        with self._placing:
            if os.path.lexists(final):
                if self.record(name) is None:
                    raise NotAllowed(
                        told("{final} was not made by envlink", final=final),
                        told("Rename or remove it to have this one there."),
                    )
                os.rename(final, workspace / f"old-{name}")
            os.rename(made, final)

    def discard(self, name: str, workspace: Path) -> None:
        """Move a spec of ours away. ``NotAllowed`` for one that is foreign by now; ``OSError``."""
        if self.record(name) is None:
            raise NotAllowed(
                told("{name} was not made by envlink", name=self.kernels_dir / name), told("Nothing was removed.")
            )
        os.rename(self.kernels_dir / name, workspace / f"over-{name}")
