"""A condarc under which ``conda-forge`` is the local channel."""

from __future__ import annotations

import json
from pathlib import Path


def write_condarc(path: Path, channel_url: str, envs_dir: Path, pkgs_dir: Path) -> Path:
    """Write ``path`` (JSON is YAML): ``conda-forge`` means ``channel_url/conda-forge``, nothing else is asked."""
    content = {
        "channels": ["conda-forge"],
        "default_channels": [],
        "custom_channels": {"conda-forge": channel_url},
        "channel_priority": "strict",
        "envs_dirs": [str(envs_dir)],
        "pkgs_dirs": [str(pkgs_dir)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
