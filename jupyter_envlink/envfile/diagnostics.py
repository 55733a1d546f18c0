"""What can be said about an environment file: a stable code, a place, a sentence and a hint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info"]


class Place(NamedTuple):
    """A range of the text: lines and columns count characters from 1, ``end_column`` is one past the last one."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Edit:
    """A change that a program can make: ``text`` in place of a range that counts as :class:`Place` does.

    Lines end as YAML ends them: at LF, CR LF, CR, U+0085, U+2028 and U+2029. A byte order mark is not counted.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding. ``fix``, made, gives a file without it; a file with an ``error`` is not used."""

    code: str
    severity: Severity
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    message: str
    hint: str | None = None
    fix: Edit | None = None

    def as_dict(self) -> dict[str, Any]:
        """The ``Diagnostic`` of ``openapi.yaml``."""
        return asdict(self)


CODES: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "There is no such file, or it may not be read",
        "too-large": "The file is larger than an environment file can sensibly be",
        "too-deep": "The file nests deeper than an environment file can sensibly do",
        "too-many-entries": "The file lists more than can sensibly be installed, aliases included",
        "encoding": "The bytes are not UTF-8, nor UTF-16 with a byte order mark",
        "empty-file": "There is nothing in the file",
        "yaml-syntax": "The text is not YAML",
        "yaml-tag": "A YAML tag that means nothing here",
        "yaml-merge-key": "A YAML merge key (<<), which conda reads and others do not",
        "tab-indent": "A tab where YAML wants spaces",
        "conflict-marker": "A conflict that git left in the file",
        "several-documents": "More than one YAML document",
        "duplicate-key": "One key twice",
        "template": "A template that nobody has filled in",
        "other-format": "Another kind of file: a list of packages, a recipe, a lock file, …",
        "not-a-mapping": "The top of the file is not a mapping",
        "unknown-key": "A key that no tool knows",
        "name-missing": "The file has no name",
        "name-not-text": "The name is not a text",
        "name-not-quoted": "The name looks like a number, which conda refuses",
        "name-not-usable": "The name cannot be the name of an environment",
        "prefix-ignored": "prefix: is the place on somebody's machine and not used",
        "channels-missing": "The file names no channels",
        "channels-not-a-list": "channels: is not a list of texts",
        "channel-not-text": "A channel that is not a text",
        "channel-typo": "A channel that is probably misspelled",
        "channel-user": "A user's channel where a part of defaults may be meant",
        "channel-not-allowed": "A channel that conda's configuration or the server's administrator forbids",
        "nodefaults-with-defaults": "defaults and nodefaults together",
        "dependencies-missing": "There is no dependencies:",
        "dependencies-not-a-list": "dependencies: is not a list",
        "dependency-not-text": "A dependency that is not a text",
        "unknown-subsection": "A part of dependencies: that nobody installs",
        "colon-typo": "A colon where an equals sign was meant",
        "pip-not-a-list": "pip: is not a list",
        "pip-empty": "pip: without a package",
        "pip-outdented": "pip: without a package, with items behind it at its own indentation",
        "pip-item-not-text": "An item of pip: that is not a text",
        "pip-local": "An item of pip: that needs files beside the environment file",
        "pip-missing": "pip: is used, pip is not among the dependencies",
        "several-pip-blocks": "More than one pip: block, of which conda reads only the last",
        "conda-syntax-in-pip": "A conda spec under pip:",
        "pip-syntax": "pip's syntax among conda specs",
        "pip-marker": "A PEP 508 marker in a conda spec",
        "pip-extra": "A PEP 508 extra in a conda spec",
        "local-package": "A package file given by its path",
        "missing-comma": "Two version constraints without a comma",
        "swapped-operator": "=> or =< for >= or <=",
        "trailing-dot": "A version that ends in a dot",
        "odd-space": "A no-break space, a tab or a line break in a spec",
        "odd-name": "A name with a version in it",
        "odd-build": "A number behind a space, which is read as a build",
        "odd-version": "A version that does not begin with a digit",
        "invalid-spec": "Not a match spec",
        "pypi-build": "A package from PyPI listed as if it were a conda package",
        "other-platform": "A package that exists only for another platform",
        "other-platform-build": "A build that exists only for another platform",
        "exact-builds": "Most packages name an exact build, as an export does",
        "repeated-package": "One package twice",
        "selector": "A sel() entry, evaluated for this platform",
        "comment-selector": "A selector in a comment, which no tool reads here",
        "old-python": "A Python that a current ipykernel no longer supports",
        "variables-not-a-mapping": "variables: is not a mapping",
        "variable-not-text": "A variable whose value is not a text",
        "variable-reserved": "A variable that activation sets itself",
        "variable-not-quoted": "A value that is a number or a boolean to conda, which may write it differently",
        "variable-null": "A variable without a value",
        "variable-upper-cased": "A name that is exported in upper case",
        "variable-repeated": "Two names that are one when they are exported",
        "secret": "A token or a password in a URL",
        "variable-name": "A variable that cannot be named so",
    }
)
"""Every code, with what it means. A code is never renamed: programs rely on it."""
