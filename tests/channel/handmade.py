"""Packages written here: each holds one thing that makes solving, linking or downloading real."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .file import PLACEHOLDER, File
from .package import Package

CORRUPT = "envlink-corrupt"
ACTIVATED = 'it\'s "quoted", costs $5 & more — café ☕'
"""The value of ENVLINK_ACTIVATED in an activated environment that holds ``envlink-activate``."""


def handmade_packages() -> Iterator[Package]:
    yield from _solving()
    yield _hello()
    yield _slow_start()
    yield _activate()
    yield _postlink()
    yield from _prefixes()
    yield _generic(CORRUPT, _random("share/envlink/corrupt.bin", 50_000))
    yield _generic("envlink-slow", _random("share/envlink/slow.bin", 5_000_000))


def _generic(name: str, *files: File, depends: tuple[str, ...] = (), constrains: tuple[str, ...] = ()) -> Package:
    return Package(name, "1.0", "henv_0", files, depends=depends, constrains=constrains, summary=f"{name}, for tests")


def _solving() -> Iterator[Package]:
    yield _generic("envlink-conflict-a", depends=("tabulate <0.9",))
    yield _generic("envlink-conflict-b", depends=("tabulate >=0.9",))
    yield _generic("envlink-constrains", constrains=("tabulate <0.9",))
    yield _generic("envlink-missing-dependency", depends=("envlink-nowhere >=2",))


def _hello() -> Package:
    module = b'def main():\n    print("hello from envlink")\n'
    return Package(
        name="envlink-hello",
        version="1.0",
        build="pyhenv_0",
        noarch="python",
        files=(File("site-packages/envlink_hello.py", module),),
        depends=("python >=3.10",),
        entry_points=("envlink-hello = envlink_hello:main",),
        summary="A noarch package with an entry point",
    )


def _slow_start() -> Package:
    """Whoever wants to come while a new environment is being verified has the time to."""
    return Package(
        name="envlink-slow-start",
        version="1.0",
        build="pyhenv_0",
        noarch="python",
        files=(File("site-packages/envlink_slow_start.pth", b"import time; time.sleep(5)\n"),),
        depends=("python >=3.10",),
        summary="An environment that holds it has a Python that takes five seconds to start",
    )


def _activate() -> Package:
    quoted = ACTIVATED.replace("'", "'\\''")
    shell = f"export ENVLINK_ACTIVATED='{quoted}'\nexport ENVLINK_SEEN=\"$CONDA_PREFIX\"\n"
    batch = ACTIVATED.replace("%", "%%")
    scripts = {
        "activate.d/envlink-activate.sh": shell,
        "activate.d/envlink-activate.bat": f'@set "ENVLINK_ACTIVATED={batch}"\n@set "ENVLINK_SEEN=%CONDA_PREFIX%"\n',
        "deactivate.d/envlink-activate.sh": "unset ENVLINK_ACTIVATED ENVLINK_SEEN\n",
        "deactivate.d/envlink-activate.bat": "@set ENVLINK_ACTIVATED=\n@set ENVLINK_SEEN=\n",
        "env_vars.d/envlink-activate.json": '{"ENVLINK_PACKAGE_VARIABLE": "from env_vars.d"}\n',
    }
    return _generic("envlink-activate", *(File(f"etc/conda/{path}", text.encode()) for path, text in scripts.items()))


def _postlink() -> Package:
    written = "envlink-postlink.txt"
    scripts = {
        "bin/.envlink-postlink-post-link.sh": f'#!/bin/sh\necho "$PKG_NAME $PKG_VERSION" > "$PREFIX/{written}"\n',
        "bin/.envlink-postlink-pre-unlink.sh": f'#!/bin/sh\nrm -f "$PREFIX/{written}"\n',
        "Scripts/.envlink-postlink-post-link.bat": f'@echo %PKG_NAME% %PKG_VERSION%> "%PREFIX%\\{written}"\r\n',
        "Scripts/.envlink-postlink-pre-unlink.bat": f'@del /q "%PREFIX%\\{written}"\r\n',
    }
    return _generic("envlink-postlink", *(File(path, text.encode(), 0o755) for path, text in scripts.items()))


def _prefixes() -> Iterator[Package]:
    text = f"prefix={PLACEHOLDER}\nshare={PLACEHOLDER}/share/envlink\n".encode()
    yield _generic("envlink-text-prefix", File("share/envlink/prefix.txt", text, prefix_mode="text"))
    binary = b"\x00HEAD\x00" + PLACEHOLDER.encode() + b"/share/envlink\x00\x00\x00TAIL\xff\x00"
    yield _generic("envlink-binary-prefix", File("share/envlink/prefix.bin", binary, prefix_mode="binary"))


def _random(path: str, size: int) -> File:
    """The same bytes in every build, and as many in the archive: they do not compress."""
    return File(path, random.Random(size).randbytes(size))
