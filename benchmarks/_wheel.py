"""A small pure wheel, made by hand: what the ``pip:`` part of a file installs where nothing may be downloaded."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

NAME = "envlink-benchmark"


def wheel(folder: Path) -> Path:
    """Write it into ``folder``, which is made; the wheel's path."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{NAME.replace('-', '_')}-1.0"
    info = f"{stem}.dist-info"
    files = {
        "envlink_benchmark.py": "VALUE = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in files.items())
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(name, text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
