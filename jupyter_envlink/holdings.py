"""What an environment holds: read from conda's records and the metadata of Python's distributions, nothing is run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName, default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .channels import redact
from .distributions import Distribution
from .envfile.spec import package_name
from .holding import Held, Holdings, Need
from .present import markers
from .records import Record, conda_records, installed_files, of_installers, python_metadata
from .redaction import without_secrets
from .requested import requested_in_history


def holdings(prefix: str) -> Holdings:
    """Never raises for what one package's files are; ``OSError`` where ``conda-meta`` itself may not be read."""
    records = list(conda_records(prefix))
    metadata_of = {path: (name, record.name) for record in records for path, name in python_metadata(record).items()}
    own = frozenset(os.path.normcase(os.path.join(prefix, *path.split("/"))) for path in metadata_of)
    damaged = {(canonicalize_name(record.name), record.version) for record in records if not record.said}
    found = of_installers(prefix, own)
    installed = [one for one in found.found if (canonicalize_name(one.name), one.version) not in damaged]
    names = {record.name for record in records}
    requested, unread = _requested(prefix, records)
    conda = (_of_conda(record, requested, names) for record in records)
    providers: dict[str, str] = dict(metadata_of.values())
    providers.update((canonicalize_name(one.name), one.name) for one in installed)
    pip = _of_installers(prefix, installed, providers)
    unreadable = [record.path for record in records if not record.said]
    return Holdings(
        tuple(sorted((*conda, *pip), key=lambda held: (held.name.lower(), held.manager))),
        (*unreadable, *unread, *found.unreadable),
    )


def _requested(prefix: str, records: Sequence[Record]) -> tuple[Mapping[str, str], Sequence[str]]:
    """The specs by name, of the history or else of the records, as for an export; and what could not be read of it."""
    try:
        specs = requested_in_history(prefix, (record.name for record in records))
    except OSError as error:
        return {}, [str(error.filename)]
    asked = specs or tuple(spec for record in records for spec in _asked(record))
    return {package_name(spec): without_secrets(spec) for spec in asked}, ()


def _asked(record: Record) -> Iterator[str]:
    for spec in (*record.texts("requested_specs"), record.text("requested_spec")):
        if spec and spec != "None":
            yield spec


def _of_conda(record: Record, requested: Mapping[str, str], names: set[str]) -> Held:
    channel = record.text("channel")
    return Held(
        record.name,
        record.version,
        record.build,
        redact(channel) if channel else None,
        record.number("size"),
        record.text("subdir"),
        "conda",
        requested.get(record.name.lower()),
        _total(record.files),
        tuple(_conda_need(spec, names) for spec in record.texts("depends") if not spec.startswith("__")),
    )


def _conda_need(spec: str, names: set[str]) -> Need:
    name = package_name(spec)
    return Need(name, redact(spec), name in names)


def _of_installers(prefix: str, found: Iterable[Distribution], providers: Mapping[str, str]) -> Iterator[Held]:
    found = list(found)
    if not found:
        return
    requires = {canonicalize_name(one.name): _requires(one) for one in found}
    environment = {**default_environment(), **markers(prefix)}
    extras = _extras(requires.values())
    for one in found:
        name = canonicalize_name(one.name)
        needs = (_python_need(each, providers) for each in _holding(requires[name], environment, extras.get(name, ())))
        size, asked = _total(installed_files(prefix, one)), one.name if one.requested else None
        yield Held(one.name, one.version, "", None, None, None, "pip", asked, size, tuple(needs))


def _requires(one: Distribution) -> list[Requirement]:
    """What nothing can read any more, in old packages, is left out."""
    found = []
    for line in metadata.PathDistribution(Path(one.metadata)).requires or ():
        try:
            found.append(Requirement(line))
        except InvalidRequirement:
            continue
    return found


def _extras(all_requires: Iterable[Sequence[Requirement]]) -> Mapping[str, set[str]]:
    """Which extras of each distribution another one asks for. Those that a person has asked for, nobody has kept."""
    found: dict[str, set[str]] = {}
    for each in (requirement for requires in all_requires for requirement in requires):
        found.setdefault(canonicalize_name(each.name), set()).update(each.extras)
    return found


def _holding(
    requires: Iterable[Requirement], environment: Mapping[str, Any], extras: Iterable[str]
) -> Iterator[Requirement]:
    """Those whose marker holds here, for one of the extras at least."""
    for each in requires:
        if each.marker is None or any(_holds(each, {**environment, "extra": extra}) for extra in ("", *extras)):
            yield each


def _holds(requirement: Requirement, environment: dict[str, Any]) -> bool:
    try:
        return requirement.marker is None or requirement.marker.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def _python_need(requirement: Requirement, providers: Mapping[str, str]) -> Need:
    name = canonicalize_name(requirement.name)
    spec = without_secrets(str(requirement).partition(";")[0].strip())
    return Need(providers.get(name, name), spec, name in providers)


def _total(files: Iterable[tuple[str, int | None]]) -> int | None:
    sizes = [size for _, size in files if size is not None]
    return sum(sizes) if sizes else None
