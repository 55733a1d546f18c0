"""Where the demonstration runs: folders of its own, so that nothing of the person's is touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Place"]

SAMPLE = Path(__file__).parent / "project"


@dataclass(frozen=True)
class Place:
    """One work folder with the sample project, the environments, the package cache and Jupyter's own folders."""

    root: Path

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def notebook(self) -> Path:
        return self.project / "finance" / "Cash flow.ipynb"

    @property
    def condarc(self) -> Path:
        return self.root / "condarc"

    @property
    def envs(self) -> Path:
        return self.root / "envs"

    @property
    def packages(self) -> Path:
        return self.root / "pkgs"

    @property
    def runtime(self) -> Path:
        return self.root / "jupyter" / "runtime"

    def prepare(self, afresh: bool) -> None:
        """Makes the folders and copies the sample. What a visit before has left stays, unless `afresh`."""
        if afresh:
            shutil.rmtree(self.root, ignore_errors=True)
        for folder in (self.envs, self.packages, self.runtime):
            folder.mkdir(parents=True, exist_ok=True)
        for source in (path for path in SAMPLE.rglob("*") if path.is_file()):
            target = self.project / source.relative_to(SAMPLE)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)

    def environ(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The variables under which conda's and Jupyter's folders are those of this place."""
        return {
            **environ,
            "CONDARC": str(self.condarc),
            "JUPYTER_CONFIG_DIR": str(self.root / "jupyter" / "config"),
            "JUPYTER_DATA_DIR": str(self.root / "jupyter" / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
        }
