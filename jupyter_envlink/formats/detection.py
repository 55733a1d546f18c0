"""Which format a file is in: by its name where that is a format's own, else by what stands in it."""

from __future__ import annotations

import re

from ..sentence import told
from .contents import Format

_EXPLICIT = re.compile(rb"^[ \t]*@EXPLICIT[ \t]*\r?$", re.MULTILINE)
_PIXI_LOCK = re.compile(rb"\Aversion: \d+\r?\n(?s:.*)^environments:[ \t]*\r?$", re.MULTILINE)
_CONDA_LOCK_NAME = re.compile(r"(?:.*[-_.])?conda-lock\.ya?ml", re.IGNORECASE)
_CONDA_LOCK = re.compile(rb"^metadata:[ \t]*\r?$(?s:.*)^package:[ \t]*(?:\[\])?\r?$", re.MULTILINE)
_PYLOCK_NAME = re.compile(r"pylock(?:\.[^.]+)?\.toml")
_PYLOCK = re.compile(rb"^lock-version[ \t]*=(?s:.*)^\[\[packages\]\]", re.MULTILINE)
_PYPROJECT = re.compile(rb"^\[(?:project|build-system|dependency-groups|tool\.[\w.-]+)\][ \t]*\r?$", re.MULTILINE)
ARCHIVES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar", ".zip")
"""What conda-pack calls the files that it writes."""
_PACKAGE = re.compile(r".+-[^-]+-[^-]*_?\d+\.tar\.bz2")
_REQUIREMENT = re.compile(
    rb"(?:-[rce] ?|--[a-z-]+[ =])\S.*|[A-Za-z0-9][\w.-]*[ \t]*(?:\[[^\]]*\])?[ \t]*(?:(?:[<>=!~]=|[<>@;]).*)?"
)
_OTHERS = (
    (
        re.compile(r"Pipfile(?:\.lock)?"),
        told("a file of Pipenv"),
        told("`pipenv requirements` writes a requirements.txt."),
    ),
    (re.compile(r"poetry\.lock"), told("Poetry's lock file"), told("`poetry export` writes a requirements.txt.")),
    (re.compile(r"uv\.lock"), told("uv's lock file"), told("`uv export --format pylock.toml` writes a pylock.toml.")),
    (re.compile(r"pdm\.lock"), told("PDM's lock file"), told("`pdm export` writes a requirements.txt.")),
    (
        re.compile(r"pixi\.toml"),
        told("a pixi manifest"),
        told("`pixi lock` writes a pixi.lock beside it, which is understood."),
    ),
    (re.compile(r".*\.toml"), told("TOML of no known kind"), told("pyproject.toml and pylock.toml are understood.")),
    (
        re.compile(r"setup\.(?:py|cfg)"),
        told("a project's build script"),
        told("Write its requirements into a requirements.txt."),
    ),
    (re.compile(r".*\.ipynb"), told("a notebook"), told("Name the file that lists its packages.")),
    (re.compile(r".*\.(?:conda|tar\.bz2)"), told("a conda package"), told("Name a file that lists packages.")),
    (re.compile(r"Dockerfile.*|.*\.dockerfile"), told("a Dockerfile"), told("Name the file that it installs from.")),
    (re.compile(r".*\.json"), told("JSON"), told("Export it as environment.yml: conda env export")),
)


def file_name(path: str | None) -> str:
    """The last part of a path of any system."""
    return re.split(r"[/\\]", path or "")[-1]


def is_pylock_name(name: str) -> bool:
    """Whether PEP 751 gives the name ``name`` to such a file: uv reads it under no other one."""
    return _PYLOCK_NAME.fullmatch(name) is not None


def is_archive_name(name: str) -> bool:
    """Whether a file of this name holds a packed environment: it is not read as a whole, and may be large.

    An old conda package ends in ``.tar.bz2``, too, behind a name, a version and a build.
    """
    return name.lower().endswith(ARCHIVES) and _PACKAGE.fullmatch(file_name(name)) is None


def detect(content: bytes, path: str | None) -> Format | None:
    """The format of ``content`` (UTF-8); ``None`` where it is none of those that are known."""
    name = file_name(path)
    is_toml = not name or name.lower().endswith(".toml")
    # No other file holds a line with that word alone, and such lists are called anything: spec.txt, explicit.yml.
    if b"@EXPLICIT" in content and _EXPLICIT.search(content):
        return "explicit"
    # Under another name than their own they are YAML, as environment.yml is: before that.
    if name == "pixi.lock" or (b"environments:" in content and _PIXI_LOCK.search(content)):
        return "pixi-lock"
    if _CONDA_LOCK_NAME.fullmatch(name) or (b"content_hash:" in content and _CONDA_LOCK.search(content)):
        return "conda-lock"
    # PEP 751 and PEP 518 give them their names; under another one they are told by keys of their own.
    if is_pylock_name(name) or (is_toml and _PYLOCK.search(content)):
        return "pylock"
    if name == "pyproject.toml" or (is_toml and _PYPROJECT.search(content)):
        return "pyproject"
    # A list without any mark: its name is all there is.
    if name.lower().endswith((".txt", ".in")) or (not name and _is_requirements(content)):
        return "requirements"
    # What is called anything else is what people mean: the reader says what is wrong with it.
    return "environment-yml" if what_else(content, path) is None else None


def _is_requirements(content: bytes) -> bool:
    """Whether each line of what was pasted would do in a requirements file, and one at least asks for something."""
    lines = [line for line in map(bytes.strip, content.splitlines()) if line and not line.startswith(b"#")]
    return bool(lines) and all(map(_REQUIREMENT.fullmatch, lines))


def what_else(content: bytes, path: str | None) -> tuple[str, str] | None:
    """What a file is that no environment can be made from, and what to do; ``None`` where nobody knows better."""
    name = file_name(path)
    known = next(((what, hint) for pattern, what, hint in _OTHERS if pattern.fullmatch(name)), None)
    is_yaml = not name or name.lower().endswith((".yml", ".yaml"))
    if known is None and not is_yaml and b"\0" in content[:1024]:
        return told("no text"), told("Name a file that lists packages, or an archive of conda-pack.")
    return known
