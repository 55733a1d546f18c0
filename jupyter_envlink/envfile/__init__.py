"""environment.yml: read with line and column, checked, and explained. Nothing here touches disk or network."""

from ..redaction import redact
from .additions import Addition, additions, default_name
from .diagnostics import CODES, Diagnostic, Edit, Severity
from .model import Entry, EnvironmentFile
from .names import propose, validate
from .reader import read
from .spec import package_name

__all__ = [
    "CODES",
    "Addition",
    "Diagnostic",
    "Edit",
    "Entry",
    "EnvironmentFile",
    "Severity",
    "additions",
    "default_name",
    "package_name",
    "propose",
    "read",
    "redact",
    "validate",
]
