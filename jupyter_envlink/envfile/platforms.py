"""What belongs to one platform only: packages, and the hashes that builds for it bear."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence

_ONLY = {
    "linux": "_libgcc_mutex alsa-lib libgcc-ng libnsl libstdcxx-ng",
    "win": "icc_rt menuinst pyreadline pyreadline3 pywin32 pywin32-ctypes pywinpty ucrt vc vc14_runtime win_inet_pton"
    " win_unicode_console wincertstore winpty",
    "osx": "appnope libcxxabi python.app",
}
_SYSTEMS = {name: system for system, names in _ONLY.items() for name in names.split()}
_SHAPES = re.compile(
    r"(?P<win>m2w64-|msys2-|vs20\d\d_|console_shortcut|powershell_shortcut)|(?P<linux>kernel-headers|.*_linux-)"
    r"|(?P<osx>pyobjc-|.*_osx-)"
)
_SIGNS = ("\nm2w64-", "\nmsys2-", "\nvs20", "\nconsole_", "\npowershell_", "\nkernel-", "\npyobjc-", "_linux-", "_osx-")
_BUILDS = {
    "linux-64": ("h06a4308", "hff52083"),
    "linux-aarch64": ("hd43f75c", "h4c7bcd0"),
    "win-64": ("haa95532", "h5588dad"),
    "osx-64": ("hecd8cb5", "h2ec42d9"),
    "osx-arm64": ("hca03da5", "hbe9552e"),
}
"""The hash of a build depends on its inputs; these are the ones of packages with none but the platform's Python."""
_PLATFORMS = {mark: name for name, marks in _BUILDS.items() for mark in marks}
_LABELS = {"linux": "Linux", "win": "Windows", "osx": "macOS"}
_MACHINES = {"x86_64": "64", "amd64": "64", "arm64": "arm64", "aarch64": "aarch64", "ppc64le": "ppc64le", "i686": "32"}


def current() -> str:
    """conda's name for this machine: ``linux-64``, ``osx-arm64``, ``win-64``, …"""
    system = "win" if os.name == "nt" else "osx" if sys.platform == "darwin" else "linux"
    machine = platform.machine().lower()
    return f"{system}-{_MACHINES.get(machine, machine)}"


def label(subdir: str) -> str:
    """``win-64`` as people say it: Windows."""
    return _LABELS.get(subdir.partition("-")[0], subdir)


def bound(packages: Sequence[str]) -> list[int]:
    """Which of ``packages`` ``only_on`` may have something to say of: asking it for each would cost more."""
    lines = "\n" + "\n".join(packages)
    is_any = not _SYSTEMS.keys().isdisjoint(packages) or any(sign in lines for sign in _SIGNS)
    return [n for n, name in enumerate(packages) if name in _SYSTEMS or _SHAPES.match(name)] if is_any else []


def only_on(package: str, here: str) -> str | None:
    """The one other system that ``package`` exists for (``linux``, ``win``, ``osx``), where that is known."""
    found = _SHAPES.match(package)
    system = _SYSTEMS.get(package) or (found.lastgroup if found else None)
    return None if system is None or here.startswith(f"{system}-") else system


def marked(builds: Sequence[str]) -> list[int]:
    """As ``bound``, for ``built_for``."""
    lines = "\n".join(builds)
    marks = [mark for mark in _PLATFORMS if mark in lines]
    return [number for number, build in enumerate(builds) if any(mark in build for mark in marks)] if marks else []


def built_for(build: str, here: str) -> str | None:
    """The other platform that a build string shows, where it shows one."""
    platform = _PLATFORMS.get(build.rpartition("_")[0][-8:])
    return None if platform == here else platform


def selected(expression: str, here: str) -> bool | None:
    """micromamba's ``sel(linux)``: whether it holds ``here``; ``None`` where the word is not known."""
    word, system = expression.strip(), here.partition("-")[0]
    if word == "unix":
        return system != "win"
    if word in _LABELS:
        return word == system
    return word == here if word.partition("-")[0] in _LABELS and "-" in word else None
