"""What creating or updating from a file would do: the file, the channels that will be asked, and what we add."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import condarc, formats
from .channel_addresses import Names
from .channel_judge import ChannelJudge
from .channel_rules import NO_LIMITS, Limits, refusal
from .channels import Channels, resolve
from .condarc import Condarc
from .defaults import default_packages, unusable
from .envfile import EnvironmentFile
from .envfile.additions import Addition, additions
from .envfile.matchspec import for_rattler
from .errors import InvalidFile, NotAllowed
from .formats import Archive, Contents, Format, Locked, Venv
from .network import network_of, remarks
from .pins import NO_PINS, Pins, pins_of
from .redaction import redact
from .sentence import told
from .source import Source
from .updating import Target, needed_additions, refuse_format


@dataclass(frozen=True)
class Plan:
    file: EnvironmentFile
    channels: Channels
    added: tuple[Addition, ...]
    format: Format = "environment-yml"
    locked: Locked | None = None
    """Exactly what will be installed; only ``added`` is solved for, on top of it."""
    venv: Venv | None = None
    """A virtual environment is made, and no conda environment."""
    archive: Archive | None = None
    """An environment that lies there packed."""
    pins: Pins = NO_PINS
    remarks: tuple[str, ...] = ()
    """Sentences about how the channels are asked."""
    refusal: NotAllowed | None = None
    """What stands against one of the channels."""
    prefix: str | None = None
    limits: Limits = NO_LIMITS
    target: Target | None = None
    """The environment that is updated; ``None`` where one is created."""

    @property
    def specs(self) -> tuple[str, ...]:
        """Everything that is asked for, in the engine's words: what the file lists, and what we add.

        Raises ``Unclear`` for a file that is not ``ok``.
        """
        listed = self.locked.specs if self.locked else map(for_rattler, self.file.conda or ())
        return (*listed, *(addition.spec for addition in self.added))

    @property
    def conda(self) -> tuple[str, ...]:
        """The file's conda packages as specs, without secrets."""
        return self.locked.specs if self.locked else self.file.conda or ()

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.channel_notes, *(addition.reason for addition in self.added))

    @property
    def channel_notes(self) -> tuple[str, ...]:
        """What is said of channels, the way to them, and what is kept."""
        return (*self.channels.notes, *self.remarks, *self.pins.remarks)

    @property
    def brings_ipykernel(self) -> bool:
        return any(addition.spec.startswith("ipykernel") for addition in self.added)

    def as_dict(self) -> dict[str, Any]:
        """The part of ``Plan`` (``openapi.yaml``) that is known without asking a channel."""
        from .present import NOTHING_CHANGES, changes

        return {
            "format": self.format,
            "channels": list(self.channels.shown),
            "conda": [redact(spec) for spec in self.conda],
            "pip": [redact(item) for item in self.file.pip or ()],
            "variables": dict(self.file.variables or {}),
            "added": [{"spec": addition.spec, "reason": addition.reason} for addition in self.added],
            "notes": list(self.channel_notes),
            "diagnostics": [diagnostic.as_dict() for diagnostic in self.file.diagnostics],
            **(changes(self.target, self.file) if self.target else NOTHING_CHANGES),
        }


def plan_of(
    contents: Contents,
    environ: Mapping[str, str] | None = None,
    prefix: str | None = None,
    limits: Limits = NO_LIMITS,
    target: Target | None = None,
) -> Plan:
    """The plan of a file as far as it can be read; whether it is ``ok`` is for the caller to ask.

    ``prefix`` is where the environment is or will be, ``limits`` what the administrator says of channels. Raises
    ``Conflict`` where ``target`` cannot be updated from files of this format.
    """
    if target is not None:
        refuse_format(contents, target)
    if contents.venv is not None:
        added = () if target is not None and target.keeps_kernel else _for_venv(contents.file)
        nothing = Channels((), "strict")
        return Plan(contents.file, nothing, added, contents.format, venv=contents.venv, prefix=prefix, target=target)
    if contents.archive is not None:
        nothing = Channels((), "strict")
        return Plan(contents.file, nothing, (), contents.format, archive=contents.archive, prefix=prefix, limits=limits)
    environ = os.environ if environ is None else environ
    conda = condarc.load(environ, prefix=prefix or "")
    network = network_of(conda, environ)
    if contents.locked is not None:
        found = _exactly(contents, conda, environ)
    else:
        found = _solved_for(contents, conda, environ) if target is None else _on_top(contents, conda, environ, target)
    return replace(
        found,
        pins=NO_PINS if contents.locked else pins_of(conda, prefix),
        remarks=(*unusable(conda), *remarks(conda, network)),
        refusal=refusal(found.channels.urls, limits.rules(conda, network)),
        prefix=prefix,
        limits=limits,
    )


def _solved_for(contents: Contents, conda: Condarc, environ: Mapping[str, str]) -> Plan:
    """conda's default packages come before ours: one of them may bring a kernel."""
    file = contents.file
    usual = default_packages(file, conda)
    whole = replace(file, conda=(*(file.conda or ()), *(addition.spec for addition in usual)))
    added = (*usual, *additions(whole))
    specs = [*(file.conda or ()), *(addition.spec for addition in added)]
    return Plan(file, resolve(file.channels, specs, conda, environ), added, contents.format)


def _on_top(contents: Contents, conda: Condarc, environ: Mapping[str, str], target: Target) -> Plan:
    """conda's default packages are for new environments only."""
    file = contents.file
    added = needed_additions(additions(file), target)
    specs = [*(file.conda or ()), *(addition.spec for addition in added)]
    return Plan(file, resolve(file.channels, specs, conda, environ), added, contents.format, target=target)


def kernel_for(specs: Sequence[str]) -> tuple[Addition, ...]:
    """The kernel that is added on top of exactly these conda packages, where none of them brings one."""
    return additions(EnvironmentFile(None, None, None, tuple(specs), None, None, None, (), ()))


def _exactly(contents: Contents, conda: Condarc, environ: Mapping[str, str]) -> Plan:
    """Only what is added is asked of channels: those of the locked packages, then the configured ones."""
    locked = _with_logins(contents.locked or Locked(()), conda)
    added = additions(replace(contents.file, conda=locked.specs, pip=locked.pip or None))
    added = tuple(addition for addition in added if addition.spec != "pip")  # uv needs none
    channels = Channels(locked.channels, "strict")
    if added:
        channels = resolve(locked.channels, [each.spec for each in added], conda, environ)
    return Plan(contents.file, channels, added, contents.format, locked)


def _with_logins(locked: Locked, conda: Condarc) -> Locked:
    """A lock file names no secrets: those of the configuration open what it names."""
    names = Names(conda, [])
    return replace(locked, packages=tuple(replace(each, url=names.with_login(each.url)) for each in locked.packages))


def _for_venv(file: EnvironmentFile) -> tuple[Addition, ...]:
    return tuple(each for each in additions(replace(file, conda=("python", "pip"))) if each.spec == "ipykernel")


def contents_of(source: Source, limits: Limits) -> Contents:
    """The file, with what stands against its channels among its diagnostics."""
    contents = read_source(source)
    return replace(contents, file=ChannelJudge(limits).judged(contents.file))


def read_source(source: Source) -> Contents:
    """The file as it stands; of an archive only what tells that it is one."""
    if source.archive is not None:
        return formats.read_archive(source.archive, source.path)
    return formats.read(source.content, source.path, source.folder)


def plan_of_text(
    text: str,
    path: str | None,
    folder: str | None = None,
    prefix: str | None = None,
    limits: Limits = NO_LIMITS,
    target: Target | None = None,
) -> Plan:
    """As ``plan_of``. Raises ``InvalidFile`` with the diagnostics where the file has errors, and ``NotAllowed``."""
    contents = formats.read(text, path, folder)
    refuse_errors(contents.file)
    plan = plan_of(contents, prefix=prefix, limits=limits, target=target)
    if plan.refusal is not None:
        raise plan.refusal
    return plan


def refuse_errors(file: EnvironmentFile) -> None:
    """Raises ``InvalidFile`` naming the first error and its place."""
    errors = [diagnostic for diagnostic in file.diagnostics if diagnostic.severity == "error"]
    if not errors:
        return
    first = errors[0]
    place = file.path or told("the file")
    if first.line:
        place = told("{file}, line {line}", file=place, line=first.line)
    message = told("{place}: {message}", place=place, message=first.message)
    if len(errors) > 1:
        message = told("{error} ({number} more)", error=message, number=len(errors) - 1)
    details = {"diagnostics": [diagnostic.as_dict() for diagnostic in file.diagnostics]}
    raise InvalidFile(
        message,
        first.hint or told("Mend the line, then try again."),
        details=details,
    )


def kernel_channels(prefix: str, specs: Sequence[str], limits: Limits) -> tuple[Channels, Pins]:
    """The channels that the packages of ``prefix`` came from, with the logins that are configured, and what is pinned.

    From all of them alike: which one goes before which is not known any more. Raises ``NotAllowed``.
    """
    from .engines.rattler import prefix_records

    conda = condarc.load(prefix=prefix)
    own = dict.fromkeys(record.channel for record in prefix_records(prefix) if record.channel)
    channels = replace(resolve(tuple(own) or None, specs, conda, os.environ), priority="disabled")
    refused = refusal(channels.urls, limits.rules(conda, network_of(conda, os.environ)))
    if refused is not None:
        raise refused
    return channels, pins_of(conda, prefix)
