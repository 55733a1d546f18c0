"""Channels that may not be used, marked where an environment file names them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from . import condarc
from .channel_addresses import Names
from .channel_rules import Limits, Rules, refusal
from .channels import spec_channel
from .envfile import Diagnostic, EnvironmentFile
from .envfile.model import Entry
from .network import network_of


class ChannelJudge:
    """Judges files by conda's configuration, read once, and the administrator's ``limits``."""

    def __init__(self, limits: Limits, environ: Mapping[str, str] | None = None, home: Path | None = None) -> None:
        self._limits = limits
        self._environ = os.environ if environ is None else environ
        self._home = home

    def judged(self, file: EnvironmentFile) -> EnvironmentFile:
        """``file`` with an error at each channel that it names and may not."""
        found = tuple(self._found(file)) if self._rules else ()
        return replace(file, diagnostics=(*file.diagnostics, *found)) if found else file

    @cached_property
    def _condarc(self) -> condarc.Condarc:
        return condarc.load(self._environ, self._home, prefix="")

    @cached_property
    def _rules(self) -> tuple[Rules, ...]:
        return self._limits.rules(self._condarc, network_of(self._condarc, self._environ))

    def _found(self, file: EnvironmentFile) -> Iterator[Diagnostic]:
        names = Names(self._condarc, [])
        for entry in file.entries:
            channel = _channel(entry)
            if channel is None:
                continue
            written = condarc.expand_variables(channel, self._environ)
            refused = refusal([source.url for source in names.sources(written)], self._rules)
            if refused is not None:
                place = (entry.line, entry.column, entry.end_line, entry.end_column)
                yield Diagnostic(refused.code, "error", *place, message=refused.message, hint=refused.remedy)


def _channel(entry: Entry) -> str | None:
    if entry.kind == "channel":
        return entry.text if entry.text.strip() != "nodefaults" else None
    return spec_channel(entry.text) if entry.kind == "conda" else None
