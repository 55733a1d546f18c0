"""What belongs to one platform only: packages, and the hashes that builds for it bear."""

from __future__ import annotations

import os
import platform
import re
import sys

_ONLY = {
    "linux": (
        r"_libgcc_mutex|ld_impl_linux-.+|.+_linux-(?:64|aarch64|ppc64le)|libstdcxx-ng|libgcc-ng|alsa-lib|libnsl|kernel-headers.*"
    ),
    "win": (
        r"vc|vs20\d\d_runtime|vc14_runtime|ucrt|wincertstore|win_inet_pton|win_unicode_console|winpty|pywin32(?:-ctypes)?"
        r"|pywinpty|pyreadline3?|menuinst|icc_rt|m2w64-.+|msys2-.+|console_shortcut.*|powershell_shortcut.*"
    ),
    "osx": (r"appnope|python\.app|pyobjc-.+|libcxxabi|.+_osx-(?:64|arm64)"),
}
_ANY_ONLY = re.compile("|".join(f"(?P<{system}>{names})" for system, names in _ONLY.items()))
_BUILDS = {
    "linux-64": ("h06a4308", "hff52083"),
    "linux-aarch64": ("hd43f75c", "h4c7bcd0"),
    "win-64": ("haa95532", "h5588dad"),
    "osx-64": ("hecd8cb5", "h2ec42d9"),
    "osx-arm64": ("hca03da5", "hbe9552e"),
}
"""The hash of a build depends on its inputs; these are the ones of packages with none but the platform's Python."""
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


def only_on(package: str, here: str) -> str | None:
    """The one other system that ``package`` exists for (``linux``, ``win``, ``osx``), where that is known."""
    found = _ANY_ONLY.fullmatch(package)
    return found.lastgroup if found and found.lastgroup != here.partition("-")[0] else None


def built_for(build: str, here: str) -> str | None:
    """The other platform that a build string shows, where it shows one."""
    return next((name for name, marks in _BUILDS.items() if name != here and any(m in build for m in marks)), None)


def selected(expression: str, here: str) -> bool | None:
    """micromamba's ``sel(linux)``: whether it holds ``here``; ``None`` where the word is not known."""
    word, system = expression.strip(), here.partition("-")[0]
    if word == "unix":
        return system != "win"
    if word in _LABELS:
        return word == system
    return word == here if word.partition("-")[0] in _LABELS and "-" in word else None
