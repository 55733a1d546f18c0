"""What can be said about a file of one of the neighbour formats, beside what ``envfile.CODES`` has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "unknown-format": "The file is none that an environment can be made from",
        "not-a-package": "Not the address of a conda package",
        "bad-hash": "What should be a hash is none",
        "no-hash": "Packages without a hash",
        "locked-elsewhere": "Packages for other platforms than this machine",
        "locked-twice": "Two packages of one name",
        "lock-version": "A version of the lock format that is not understood",
        "lock-damaged": "A lock file that cannot be read",
        "lock-environment": "Which of the environments of a lock file is taken",
        "lock-category": "Categories of a lock file that are left out",
        "lock-source": "A package that is to be built from source",
        "bad-archive": "No archive, or a damaged one",
        "not-a-lock": "A lock file whose packages cannot be told",
        "toml-syntax": "The text is not TOML",
        "requires-python": "A requires-python that is no version specifier",
        "optional-groups": "Optional parts that are left out",
        "dependency-groups": "Dependency groups that are not as PEP 735 has them",
        "dynamic-dependencies": "Dependencies that only a build knows",
        "no-dependencies": "Nothing says what to install",
        "poetry": "Poetry's own tables, which are not read",
        "pip-not-conda": "Packages that pip installs where another tool would look for conda's",
        "conda-list": "A list of conda packages where requirements of pip are expected",
        "pip-option": "An option that only pip knows",
        "bad-requirement": "Not a requirement as PEP 508 has it",
    }
)
"""Every code, with what it means. A code is never renamed: programs rely on it."""
