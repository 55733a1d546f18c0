"""Wheels as conda packages: pure ones ``noarch: python``, the others one per interpreter of the platform."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import PurePosixPath

from .file import PLACEHOLDER, File
from .interpreter import Interpreter
from .names import conda_name
from .package import Package
from .wheel import Wheel


def wheel_packages(wheel: Wheel) -> Iterator[Package]:
    """One package of a pure wheel; of another, one for each interpreter that it was downloaded for."""
    if wheel.pure:
        yield _pure(wheel)
    else:
        yield from (_binary(wheel, interpreter) for interpreter in wheel.interpreters)


def _pure(wheel: Wheel) -> Package:
    return Package(
        name=conda_name(wheel.name),
        version=wheel.version,
        build="pyhenv_0",
        noarch="python",
        files=tuple(_files(wheel, "site-packages", "python-scripts")),
        depends=(f"python {wheel.requires_python}".strip(), *_depends(wheel, wheel.interpreters)),
        entry_points=wheel.entry_points,
        summary=wheel.summary,
    )


def _binary(wheel: Wheel, interpreter: Interpreter) -> Package:
    binaries = "Scripts" if os.name == "nt" else "bin"
    scripts = () if os.name == "nt" else tuple(_script(entry) for entry in wheel.entry_points)
    return Package(
        name=conda_name(wheel.name),
        version=wheel.version,
        build=f"{interpreter.tag}henv_0",
        noarch=None,
        files=(*_files(wheel, interpreter.site_packages, binaries), *scripts),
        depends=(f"python {interpreter.minor}.*", *_depends(wheel, [interpreter])),
        summary=wheel.summary,
    )


def _depends(wheel: Wheel, interpreters: tuple[Interpreter, ...] | list[Interpreter]) -> set[str]:
    """For every interpreter together: a noarch package has one list, and all of it is in the channel."""
    return {
        f"{conda_name(requirement.name)} {','.join(sorted(map(str, requirement.specifier)))}".strip()
        for interpreter in interpreters
        for requirement in wheel.requirements(interpreter)
    }


def _script(entry: str) -> File:
    name, _, target = (part.strip() for part in entry.partition("="))
    module, _, function = target.partition(":")
    lines = [
        f"#!{PLACEHOLDER}/bin/python",
        "import sys",
        f"from {module} import {function.partition('.')[0]}",
        f'if __name__ == "__main__":\n    sys.exit({function.split("[")[0].strip()}())',
    ]
    return File(f"bin/{name}", "\n".join([*lines, ""]).encode(), mode=0o755, prefix_mode="text")


def _files(wheel: Wheel, modules: str, scripts: str) -> list[File]:
    """The wheel's files where conda puts them, with the INSTALLER and RECORD that pip wants to see."""
    files = []
    info = ""
    for path, data, mode in wheel.content():
        if path.endswith(".dist-info/RECORD"):
            info = path.rpartition("/")[0]
        elif (target := _target(path, modules, scripts)) is not None:
            files.append(_file(target, data, mode, target.startswith(f"{scripts}/")))
    files.append(File(f"{modules}/{info}/INSTALLER", b"conda\n"))
    files.append(File(f"{modules}/{info}/RECORD", _record(files, modules, info)))
    return files


def _file(path: str, data: bytes, mode: int, is_script: bool) -> File:
    if is_script and data.startswith(b"#!python"):
        data = data.replace(b"#!python", f"#!{PLACEHOLDER}/bin/python".encode(), 1)
        return File(path, data, 0o755, prefix_mode="text")
    return File(path, data, 0o755 if is_script else mode)


def _target(path: str, modules: str, scripts: str) -> str | None:
    first, _, rest = path.partition("/")
    if not first.endswith(".data"):
        return f"{modules}/{path}"
    scheme, _, rest = rest.partition("/")
    folders = {"purelib": f"{modules}/", "platlib": f"{modules}/", "scripts": f"{scripts}/", "data": ""}
    return folders[scheme] + rest if scheme in folders else None


def _record(files: list[File], modules: str, info: str) -> bytes:
    """Paths below site-packages only: where a noarch package's other files land, no one knows yet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for file in files:
        path = PurePosixPath(file.path)
        if path.is_relative_to(modules):
            digest = base64.urlsafe_b64encode(hashlib.sha256(file.data).digest()).rstrip(b"=").decode()
            writer.writerow([str(path.relative_to(modules)), f"sha256={digest}", len(file.data)])
    writer.writerow([f"{info}/RECORD", "", ""])
    return text.getvalue().encode()
