"""The tables of ``pyproject.toml`` that ask for conda packages: pixi's, and those that conda-lock reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ..envfile import platforms
from ..envfile.findings import Findings
from ..envfile.names import propose
from ..sentence import told
from .contents import Contents, file_of
from .toml import Toml, listed, texts

Table = Mapping[str, Any]


def is_meant(toml: Toml) -> bool:
    """Whether the project asks for conda packages."""
    return bool(toml.table("tool", "pixi")) or bool(toml.table("tool", "conda-lock"))


def read(toml: Toml, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """Specs to solve for, from ``[tool.pixi]`` where there is one, else from ``[tool.conda-lock]``."""
    pixi = toml.table("tool", "pixi")
    variables = _pixi(pixi, toml, findings) if pixi else _conda_lock(toml, findings)
    _enter_python(toml, findings)
    for requirement in texts(toml.table("project").get("dependencies")):
        findings.enter("pip", requirement, toml.place(requirement))
    _require_folder(folder, findings)
    names = (pixi.get("workspace"), pixi.get("project"), toml.table("project"))
    name = next((table["name"] for table in names if isinstance(table, dict) and table.get("name")), None)
    file = file_of(path, findings, propose(str(name)) if name else None)
    return Contents("pyproject", replace(file, variables=MappingProxyType(variables) if variables else None))


def _pixi(pixi: Table, toml: Toml, findings: Findings) -> dict[str, str]:
    """The environment ``default``: what stands at the top, and the features that it is said to have."""
    workspace = {**_table(pixi, "project"), **_table(pixi, "workspace")}
    for channel in _list(workspace.get("channels")):
        name = channel.get("channel") if isinstance(channel, dict) else channel
        findings.enter("channel", str(name), toml.place(str(name)))
    _check_platforms(texts(workspace.get("platforms")), toml, findings)
    features = _table(pixi, "feature")
    taken = _default_features(pixi)
    left = set(features) - set(taken)
    if left:
        message = told(
            "Of pixi's environments default is taken; features that it does not have are left out: {left}.",
            left=listed(left),
        )
        findings.info("optional-groups", toml.place("[tool.pixi.feature"), message)
    variables: dict[str, str] = {}
    for part in (pixi, *(_table(features, name) for name in taken)):
        for layer in (part, *_of_platform(_table(part, "target"), findings.platform)):
            _enter_layer(layer, toml, findings)
            variables |= {key: str(value) for key, value in _table(_table(layer, "activation"), "env").items()}
    return variables


def _default_features(pixi: Table) -> list[str]:
    default = _table(pixi, "environments").get("default")
    return texts(default.get("features")) if isinstance(default, dict) else texts(default)


def _of_platform(targets: Table, platform: str) -> Iterator[Table]:
    """Pixi's targets that this platform is one of: ``unix``, ``linux``, ``linux-64``."""
    for name, table in targets.items():
        if isinstance(table, dict) and platforms.selected(name, platform):
            yield table


def _check_platforms(known: list[str], toml: Toml, findings: Findings) -> None:
    if known and findings.platform not in known:
        message = told(
            "The project is for {known}, and this machine is {platform}.",
            known=listed(known),
            platform=findings.platform,
        )
        findings.warning("other-platform", toml.place("platforms"), message, told("It may work all the same."))


def _enter_layer(layer: Table, toml: Toml, findings: Findings) -> None:
    for name, value in _table(layer, "dependencies").items():
        spec = conda_spec(name, value)
        if spec is None:
            message = told("{name} is to be built from source, which only pixi does.", name=name)
            findings.error("lock-source", toml.place(name), message, told("Ask for a package of a channel."))
        else:
            findings.enter("conda", spec, toml.place(name))
    for name, value in _table(layer, "pypi-dependencies").items():
        findings.enter("pip", requirement(name, value), toml.place(name))


def conda_spec(name: str, value: Any) -> str | None:
    """pixi's ``name = value`` as a spec; ``None`` where no channel has it."""
    if not isinstance(value, dict):
        return name if value in ("*", "") else f"{name} {value}"
    if any(key in value for key in ("git", "path")):
        return None
    if "url" in value:
        return str(value["url"])
    keys = {key: value[key] for key in ("version", "build", "subdir") if value.get(key) not in (None, "*")}
    inside = ",".join(f'{key}="{each}"' for key, each in keys.items())
    channel = f"{value['channel']}::" if value.get("channel") else ""
    return f"{channel}{name}" + (f"[{inside}]" if inside else "")


def requirement(name: str, value: Any) -> str:
    """pixi's ``name = value`` among its PyPI dependencies, as a line of a requirements file."""
    if not isinstance(value, dict):
        return name if value in ("*", "") else f"{name}{value}"
    extras = f"[{','.join(texts(value.get('extras')))}]" if value.get("extras") else ""
    if "path" in value:
        path = str(value["path"])
        local = path if path.startswith((".", "/", "~")) else f"./{path}"
        return f"{'-e ' if value.get('editable') else ''}{local}{extras}"
    if "git" in value:
        at = next((value[key] for key in ("rev", "tag", "branch") if value.get(key)), None)
        return f"{name}{extras} @ git+{value['git']}" + (f"@{at}" if at else "")
    if "url" in value:
        return f"{name}{extras} @ {value['url']}"
    version = value.get("version", "*")
    return f"{name}{extras}{'' if version == '*' else version}"


def _conda_lock(toml: Toml, findings: Findings) -> dict[str, str]:
    """conda-lock's own tables; what it would take from [project] under conda's names is left to pip."""
    table = toml.table("tool", "conda-lock")
    for channel in texts(table.get("channels")):
        findings.enter("channel", channel, toml.place(channel))
    for name, value in _table(table, "dependencies").items():
        if isinstance(value, dict) and value.get("source") == "pypi":
            findings.enter("pip", requirement(name, value), toml.place(name))
        elif spec := conda_spec(name, value):
            findings.enter("conda", spec, toml.place(name))
    if texts(toml.table("project").get("dependencies")):
        message = told(
            "conda-lock would look for [project]'s dependencies under conda's names; here pip installs them."
        )
        findings.info("pip-not-conda", toml.place("dependencies"), message)
    _check_platforms(texts(table.get("platforms")), toml, findings)
    return {}


def _enter_python(toml: Toml, findings: Findings) -> None:
    """``requires-python`` is a constraint on conda's python, where the file does not ask for one itself."""
    wanted = toml.table("project").get("requires-python")
    conda = [entry.text.split(" ")[0].split("[")[0] for entry in findings.entries if entry.kind == "conda"]
    if isinstance(wanted, str) and wanted and "python" not in conda:
        findings.enter("conda", f"python {wanted.replace(' ', '')}", toml.place("requires-python"))


def _require_folder(folder: str | None, findings: Findings) -> None:
    from ..envfile.diagnostics import Place
    from ..envfile.pip import is_local

    for entry in [each for each in findings.entries if each.kind == "pip" and is_local(each.text)]:
        if folder is None:
            message = told("{text!r} needs files beside this one: the file alone is not enough.", text=entry.text)
            place = Place(entry.line, entry.column, entry.end_line, entry.end_column)
            findings.error("pip-local", place, message, told("Create the environment from the file in its own folder."))


def _table(table: Table, key: str) -> Table:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
