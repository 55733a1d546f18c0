"""How a terminal's shell is started in an activated environment: by a start file of its own, never by typing into it.

The person's own start files are read first, as they would be; then the environment is put before what they have made of
``PATH``. Values are quoted by each shell's own rules.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from .activation import BLANK
from .errors import Conflict
from .sentence import told

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROMPT = "ENVLINK_PROMPT"


@dataclass(frozen=True)
class Activation:
    """What is set: ``path`` is put before PATH, ``variables`` hold no PATH, ``blank`` are taken away."""

    name: str
    path: str
    variables: Mapping[str, str]
    blank: Sequence[str]


def activation_of(name: str, variables: Mapping[str, str]) -> Activation:
    """Of what ``activation.variables`` says. What no shell takes for a name is left out."""
    named = {key: value for key, value in variables.items() if _NAME.fullmatch(key) and key != "PATH"}
    return Activation(name, variables["PATH"], named, [key for key in BLANK if key not in named])


def start(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    """The command that starts ``shell``, a terminal's own command, activated; its start files are put into ``folder``.

    Raises ``Conflict`` (``unknown-shell``) for a shell that cannot be started so, and ``OSError``.
    """
    name = PurePath(shell[0].replace("\\", "/")).name.lower().removesuffix(".exe")
    make = _SHELLS.get(name)
    if make is None:
        message = told(
            "A terminal of this server runs {shell}, and how to activate an environment in it is not known.",
            shell=shell[0],
        )
        remedy = told(
            "Known are {shells}: c.ServerApp.terminado_settings chooses one.", shells=", ".join(sorted(_SHELLS))
        )
        raise Conflict(message, remedy, code="unknown-shell")
    return make(shell, activation, folder)


def _bash(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    own = _BASH_LOGIN if _is_login(shell) else "[ -r ~/.bashrc ] && . ~/.bashrc\n"
    return [shell[0], "--rcfile", _written(folder / "bashrc", own + _posix(activation)), "-i"]


def _sh(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    """dash, ash and ksh read the file that ``ENV`` names, and so does a bash that is called sh."""
    own = _SH_LOGIN if _is_login(shell) else ""
    return ["/usr/bin/env", f"ENV={_written(folder / 'shrc', own + _posix(activation))}", shell[0], "-i"]


def _zsh(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    """zsh reads its files in ZDOTDIR: those here read the person's own, and give ZDOTDIR back."""
    away = f"ENVLINK_ZDOTDIR=${{ZDOTDIR-}}\nZDOTDIR={_single(str(folder))}\n"
    for file in (".zshenv", ".zprofile"):
        _written(folder / file, _zsh_own(file) + away)
    _written(folder / ".zshrc", f"{_zsh_own('.zshrc')}unset ENVLINK_ZDOTDIR\n{_posix(activation)}")
    login = ["-l"] if _is_login(shell) else []
    before = f"ENVLINK_ZDOTDIR={os.environ.get('ZDOTDIR', '')}"
    return ["/usr/bin/env", before, f"ZDOTDIR={folder}", shell[0], *login, "-i"]


def _zsh_own(file: str) -> str:
    own = f'"${{ZDOTDIR:-$HOME}}/{file}"'
    back = 'if [[ -n "$ENVLINK_ZDOTDIR" ]]; then ZDOTDIR=$ENVLINK_ZDOTDIR; else unset ZDOTDIR; fi'
    return f"{back}\nif [[ -r {own} ]]; then . {own}; fi\n"


def _fish(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    lines = [f"set -e {name}" for name in activation.blank]
    lines += [f"set -gx {name} {_fish_quoted(value)}" for name, value in activation.variables.items()]
    lines += [f"set -gx PATH {' '.join(map(_fish_quoted, activation.path.split(os.pathsep)))} $PATH"]
    lines += ["functions -c fish_prompt envlink_prompt", f"set -g {_PROMPT} {_fish_quoted(activation.name)}"]
    lines += [f'function fish_prompt\n    echo -n "(${_PROMPT}) "\n    envlink_prompt\nend']
    file = _written(folder / "config.fish", "\n".join(lines) + "\n")
    login = ["-l"] if _is_login(shell) else []
    return [shell[0], *login, "--init-command", f"source {_fish_quoted(file)}"]


def _powershell(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    lines = [f"Remove-Item -ErrorAction Ignore -LiteralPath Env:{name}" for name in activation.blank]
    lines += [f"$env:{name} = {_power_quoted(value)}" for name, value in activation.variables.items()]
    separator = "[IO.Path]::PathSeparator"
    lines += [f"$env:PATH = {_power_quoted(activation.path)} + {separator} + $env:PATH"]
    lines += [f"$global:EnvlinkPrompt = {_power_quoted(f'({activation.name}) ')}"]
    lines += ["$global:EnvlinkOwnPrompt = $function:prompt"]
    lines += ["function global:prompt { $global:EnvlinkPrompt + (& $global:EnvlinkOwnPrompt) }"]
    # Windows PowerShell takes a file without a byte order mark for one in the machine's own code page.
    file = _written(folder / "start.ps1", "\ufeff" + "\r\n".join(lines) + "\r\n")
    return [shell[0], "-NoExit", "-ExecutionPolicy", "Bypass", "-File", file]


def _cmd(shell: Sequence[str], activation: Activation, folder: Path) -> list[str]:
    """A batch file cannot say a value with a quote or a line break in it: such a variable is left out."""
    lines = ["@echo off", "chcp 65001 >nul"]
    lines += [f'set "{name}="' for name in activation.blank]
    lines += [f'set "{name}={_cmd_quoted(value)}"' for name, value in activation.variables.items() if _cmd_takes(value)]
    lines += [f'set "PATH={_cmd_quoted(activation.path)};%PATH%"']
    lines += [f'set "PROMPT=({_cmd_quoted(activation.name)}) $P$G"', "@echo on"]
    file = _written(folder / "start.bat", "\r\n".join(lines) + "\r\n")
    return [shell[0], "/K", file]


_SHELLS: Mapping[str, Callable[[Sequence[str], Activation, Path], list[str]]] = {
    "bash": _bash,
    "sh": _sh,
    "dash": _sh,
    "ash": _sh,
    "ksh": _sh,
    "zsh": _zsh,
    "fish": _fish,
    "pwsh": _powershell,
    "powershell": _powershell,
    "cmd": _cmd,
}

_SH_LOGIN = "[ -r /etc/profile ] && . /etc/profile\n[ -r ~/.profile ] && . ~/.profile\n"
_BASH_LOGIN = """[ -r /etc/profile ] && . /etc/profile
for envlink_file in ~/.bash_profile ~/.bash_login ~/.profile; do
    if [ -r "$envlink_file" ]; then . "$envlink_file"; break; fi
done
unset envlink_file
"""


def _posix(activation: Activation) -> str:
    """For bash, zsh and sh alike. What conda's own hook has put before the prompt goes."""
    before = "ENVLINK_BEFORE=${CONDA_PROMPT_MODIFIER-}"
    lines = [before, *(f"unset {name}" for name in activation.blank)]
    lines += [f"export {name}={_single(value)}" for name, value in activation.variables.items()]
    lines += [f'export PATH={_single(activation.path)}"${{PATH:+:${{PATH}}}}"']
    lines += [f"{_PROMPT}={_single(_plain(activation.name))}"]
    lines += [f'PS1="(${{{_PROMPT}}}) ${{PS1#"${{ENVLINK_BEFORE}}"}}"', f"unset ENVLINK_BEFORE {_PROMPT}"]
    return "\n".join(lines) + "\n"


def _is_login(shell: Sequence[str]) -> bool:
    return any(word in ("-l", "--login", "-login") for word in shell[1:])


def _single(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _power_quoted(text: str) -> str:
    """PowerShell takes typographic quotes for quotes, too."""
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", text) + "'"


def _cmd_quoted(text: str) -> str:
    return text.replace("%", "%%")


def _cmd_takes(value: str) -> bool:
    return not any(character in value for character in '"\r\n')


def _plain(name: str) -> str:
    """A prompt is expanded each time it is shown: of what some shell would expand nothing is left."""
    return re.sub(r"[^\w .,+@:/=()-]", "_", name)


def _written(path: Path, text: str) -> str:
    """Only its owner may read it: variables can be secrets. What no encoding can say stays as the bytes that it was."""
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)
    return str(path)
