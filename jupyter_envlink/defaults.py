"""``create_default_packages``: what conda adds to every environment that it makes."""

from __future__ import annotations

from .condarc import Condarc
from .envfile import EnvironmentFile
from .envfile.additions import Addition
from .envfile.matchspec import Unclear, for_rattler
from .envfile.spec import package_name
from .sentence import told

_ARCHIVES = (".conda", ".tar.bz2")
_SOURCE = told("create_default_packages of conda's configuration")


def default_packages(file: EnvironmentFile, condarc: Condarc) -> tuple[Addition, ...]:
    """Those whose name the file does not list itself. Archives are no default packages, to conda neither."""
    listed = {package_name(spec) for spec in file.conda or ()}
    usable = (spec for spec in condarc.create_default_packages if not spec.endswith(_ARCHIVES))
    wanted = ((spec, _in_rattlers_words(spec)) for spec in usable if package_name(spec) not in listed)
    return tuple(
        Addition(spec, told("{written} is among the {source}.", written=written, source=_SOURCE))
        for written, spec in wanted
        if spec
    )


def unusable(condarc: Condarc) -> tuple[str, ...]:
    """A sentence for each that is no spec."""
    found = [
        spec for spec in condarc.create_default_packages if spec.endswith(_ARCHIVES) or not _in_rattlers_words(spec)
    ]
    return tuple(
        told("{spec!r}, among the {source}, is no spec: it is not added.", spec=spec, source=_SOURCE) for spec in found
    )


def _in_rattlers_words(spec: str) -> str:
    try:
        return for_rattler(spec)
    except Unclear:
        return ""
