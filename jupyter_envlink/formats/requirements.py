"""``requirements.txt``, as pip has it: a virtual environment that uv fills.

pip's users have no conda channel in mind, and a line of theirs may be an option, an address, a path or a hash: uv
reads it as pip would, unchanged. https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement, Requirement

from ..envfile.decoding import decoded
from ..envfile.diagnostics import Place
from ..envfile.findings import Findings
from ..envfile.pip import is_local
from ..sentence import told
from .contents import MAX_BYTES, Contents, Venv, file_of
from .lines import Line, logical_lines

#: What pip takes in such a file and uv does not (uv's documentation, "Compatibility with pip").
_PIPS_ALONE = re.compile(
    r"--(?:global-option|install-option|config-settings?|use-feature|prefer-binary|process-dep.*)\b"
)
_OPTION = re.compile(r"-{1,2}[A-Za-z]")
_CONDA = re.compile(r"([A-Za-z0-9_][\w.-]*)=([\w.!+*]+)(?:=([\w.*]+))?")
_ADDRESS = re.compile(r"(?:[a-z+]+://|[./~]|[A-Za-z]:[\\/]|git\+)")


def read(content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """The lines of the file; those that mean nothing to pip are errors."""
    found = list(logical_lines(decoded(content, findings, MAX_BYTES) or ""))
    conda = [line for line in found if _CONDA.fullmatch(line.text)]
    if len(conda) > 1 and 2 * len(conda) > len(found):
        _report_export(conda[0], findings)
    else:
        for line in found:
            findings.enter("pip", line.text, line.place)
            _check(line, findings)
    if not found and not findings.diagnostics:
        findings.error(
            "empty-file", Place(1, 1, 1, 1), told("The file lists nothing."), told("Write one package per line.")
        )
    return Contents("requirements", file_of(path, findings), venv=Venv(None, tuple(line.text for line in found)))


def _report_export(line: Line, findings: Findings) -> None:
    message = told("The file lists conda packages, as `conda list --export` writes them, and no requirements of pip.")
    hint = told("`conda list --explicit` and `conda env export` write lists that an environment can be made from.")
    findings.error("conda-list", line.place, message, hint)


def _check(line: Line, findings: Findings) -> None:
    text = line.text
    if _PIPS_ALONE.match(text):
        message = told(
            "{option} is an option of pip's own, which uv does not know: pip installs the list.", option=text.split()[0]
        )
        findings.warning("pip-option", line.place, message, told("Remove the line, and uv does it, which is faster."))
    elif is_local(text):
        message = told("{text!r} needs files beside this one: the file alone is not enough.", text=text[:80])
        findings.warning(
            "pip-local", line.place, message, told("Create the environment from the file in its own folder.")
        )
    elif not _OPTION.match(text) and not _ADDRESS.match(text):
        check_requirement(text, line.place, findings)


def check_requirement(text: str, place: Place | None, findings: Findings) -> None:
    """An error where ``text``, but for its hashes and comment, is no requirement (PEP 508)."""
    plain = re.split(r"\s+#|\s--(?:hash|config)", text)[0].strip()
    conda = _CONDA.fullmatch(plain)
    try:
        Requirement(plain)
    except InvalidRequirement as error:
        why = str(error).partition("\n")[0].rstrip(".")
        better = f"{conda[1]}=={conda[2]}" if conda else None
        hint = (
            told("Did you mean {better}?", better=better)
            if better
            else told("A requirement is a name, and versions: numpy>=1.20")
        )
        fix = better if plain == text else None
        findings.error(
            "bad-requirement", place, told("{plain!r} is no requirement: {why}.", plain=plain[:80], why=why), hint, fix
        )
