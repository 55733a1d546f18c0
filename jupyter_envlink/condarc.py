"""What the condarc files and the ``CONDA_*`` variables say. Reading only: nothing is written, nothing is run.

The places and their precedence are conda's (``conda.base.constants.SEARCH_PATH``), with mamba's ``.mambarc`` beside
each. Lists are joined with the strongest source first, maps are merged key by key, of single values the strongest wins.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ._roots import root_prefixes

__all__ = ["Condarc", "expand_variables", "load", "root_prefixes"]

DEFAULT_ALIAS = "https://conda.anaconda.org"
_PRIORITIES = {word: word for word in ("strict", "flexible", "disabled")} | {"true": "flexible", "false": "disabled"}
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
_LISTS = {"channels": ",", "default_channels": ",", "envs_dirs": os.pathsep, "pkgs_dirs": ","}
_ALIASES = {"channel": "channels", "envs_path": "envs_dirs", "verify_ssl": "ssl_verify"}
_Layers = list[dict[str, Any]]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Condarc:
    """conda's configuration, merged. Empty where nobody has configured anything."""

    channels: tuple[str, ...] = ()
    default_channels: tuple[str, ...] = ()
    channel_alias: str = DEFAULT_ALIAS
    custom_channels: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    custom_multichannels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    channel_priority: str = "flexible"
    """``strict``, ``flexible`` or ``disabled``."""
    envs_dirs: tuple[str, ...] = ()
    """Only the configured ones, absolute; those of every base installation are among them."""
    pkgs_dirs: tuple[str, ...] = ()
    ssl_verify: bool | str = True
    """``False``, ``True``, ``"truststore"``, or the path of a bundle of certificates."""
    proxy_servers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    offline: bool = False
    sources: tuple[str, ...] = ()
    """The files that were read, the weakest first."""
    problems: tuple[str, ...] = ()
    """Sentences about files and values that could not be used."""


def load(environ: Mapping[str, str] | None = None, home: Path | None = None) -> Condarc:
    """Every condarc and variable that conda would see, merged. Never raises: see :attr:`Condarc.problems`."""
    environ = os.environ if environ is None else environ
    home = Path(os.path.expanduser("~")) if home is None else home
    problems: list[str] = []
    files = [(path, _parsed(path, problems), chief) for path, chief in _files(environ, home)]
    layers = [(path, values, chief) for path, values, chief in files if values is not None]
    strong = [values for _, values, chief in layers if chief] + [_variables(environ)]
    every = [values for _, values, _ in layers] + [_variables(environ)]
    return _merged(strong, every, environ, home, tuple(str(path) for path, _, _ in layers), problems)


def envs_dirs_by_file(environ: Mapping[str, str], home: Path) -> Iterator[tuple[str, Path]]:
    """Each folder of environments that a file configures, absolute, with that file. Never raises."""
    for path, _ in _files(environ, home):
        folders = (_parsed(path, []) or {}).get("envs_dirs")
        if isinstance(folders, list):
            yield from ((str(_expanded(str(folder), environ, home)), path) for folder in folders if folder)


def expand_variables(text: str, environ: Mapping[str, str]) -> str:
    """``$NAME`` and ``${NAME}`` (``%NAME%`` on Windows too) replaced; unset ones stay, as in ``os.path.expandvars``."""
    pattern = r"\$(?:(\w+)|\{([^}]*)\})" + (r"|%(\w+)%" if os.name == "nt" else "")
    return re.sub(pattern, lambda found: environ.get(next(g for g in found.groups() if g is not None), found[0]), text)


def _files(environ: Mapping[str, str], home: Path) -> Iterator[tuple[Path, bool]]:
    """Existing files, weakest first; the flag is false for base installations other than the first one found."""
    roots = root_prefixes(environ, home)
    for place in _system_places():
        yield from _inside(place, True)
    for root in reversed(roots):
        yield from _inside(Path(root), root == roots[0])
    personal = [environ.get("XDG_CONFIG_HOME"), home / ".config"]
    for folder in dict.fromkeys(Path(base, "conda") for base in personal if base):
        yield from _inside(folder, True)
    yield from _inside(home / ".conda", True)
    yield from ((path, True) for path in (home / ".condarc", home / ".mambarc") if path.is_file())
    if environ.get("CONDA_PREFIX") and environ["CONDA_PREFIX"] not in roots:
        yield from _inside(Path(environ["CONDA_PREFIX"]), True)
    for name in ("CONDARC", "MAMBARC"):
        if environ.get(name):
            yield _expanded(environ[name], environ, home), True


def _system_places() -> list[Path]:
    if os.name == "nt":
        return [Path("C:/ProgramData/conda")]
    return [Path("/etc/conda"), Path("/var/lib/conda")]


def _inside(folder: Path, chief: bool) -> Iterator[tuple[Path, bool]]:
    for name in (".condarc", "condarc", ".mambarc"):
        if (folder / name).is_file():
            yield folder / name, chief
    try:
        extra = sorted(p for p in (folder / "condarc.d").iterdir() if p.suffix in (".yml", ".yaml"))
    except OSError:
        return
    yield from ((path, chief) for path in extra)


def _parsed(path: Path, problems: list[str]) -> dict[str, Any] | None:
    """The mapping in ``path``; ``None``, and a sentence in ``problems``, where there is none to be had."""
    import yaml

    try:
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        problems.append(f"{path} could not be read and is ignored: {' '.join(str(error).split())}.")
        return None
    if content is None:
        return {}
    if not isinstance(content, dict):
        problems.append(f"{path} is ignored: it does not hold a mapping of settings.")
        return None
    return {_ALIASES.get(str(key), str(key)): value for key, value in content.items()}


def _variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """The ``CONDA_*`` variables as one more layer, stronger than every file."""
    names = (*_LISTS, *_ALIASES, "channel_alias", "channel_priority", "ssl_verify", "offline")
    found = {name: environ[f"CONDA_{name.upper()}"] for name in names if environ.get(f"CONDA_{name.upper()}")}
    layer: dict[str, Any] = {}
    for name, text in found.items():
        key = _ALIASES.get(name, name)
        layer.setdefault(key, text.split(_LISTS[key]) if key in _LISTS else text)
    return layer


def _merged(
    strong: _Layers,
    every: _Layers,
    environ: Mapping[str, str],
    home: Path,
    sources: tuple[str, ...],
    problems: list[str],
) -> Condarc:
    def folders(key: str, layers: _Layers) -> tuple[str, ...]:
        return _unique(str(_expanded(text, environ, home)) for text in _joined(layers, key, problems))

    return Condarc(
        channels=_joined(strong, "channels", problems),
        default_channels=_joined(strong, "default_channels", problems),
        channel_alias=str(_strongest(strong, "channel_alias") or DEFAULT_ALIAS).rstrip("/"),
        custom_channels=_texts(_united(strong, "custom_channels", problems)),
        custom_multichannels=_multichannels(strong, problems),
        channel_priority=_priority(_strongest(strong, "channel_priority"), problems),
        envs_dirs=folders("envs_dirs", every),
        pkgs_dirs=folders("pkgs_dirs", strong),
        ssl_verify=_verification(_strongest(strong, "ssl_verify"), environ, home),
        proxy_servers=_texts(_united(strong, "proxy_servers", problems)),
        offline=_truth(_strongest(strong, "offline")) is True,
        sources=sources,
        problems=_unique(problems),
    )


def _strongest(layers: _Layers, key: str) -> Any:
    return next((layer[key] for layer in reversed(layers) if layer.get(key) is not None), None)


def _joined(layers: _Layers, key: str, problems: list[str]) -> tuple[str, ...]:
    """The lists under ``key``, the strongest layer's first, without doubles."""
    values = [layer[key] for layer in reversed(layers) if layer.get(key) is not None]
    problems.extend(f"{key} must be a list: {value!r} is ignored." for value in values if not isinstance(value, list))
    items = [item for value in values if isinstance(value, list) for item in value]
    return _unique(str(item).strip() for item in items if item is not None)


def _united(layers: _Layers, key: str, problems: list[str]) -> dict[str, Any]:
    values = [layer[key] for layer in layers if layer.get(key) is not None]
    problems.extend(f"{key} must be a mapping: ignored." for value in values if not isinstance(value, dict))
    return {str(name): value for layer in values if isinstance(layer, dict) for name, value in layer.items()}


def _texts(values: Mapping[str, Any]) -> Mapping[str, str]:
    return MappingProxyType({name: str(value) for name, value in values.items() if value is not None})


def _multichannels(layers: _Layers, problems: list[str]) -> Mapping[str, tuple[str, ...]]:
    united = _united(layers, "custom_multichannels", problems)
    lists = {name: value for name, value in united.items() if isinstance(value, list)}
    return MappingProxyType({name: _unique(map(str, value)) for name, value in lists.items()})


def _priority(value: Any, problems: list[str]) -> str:
    known = "flexible" if value is None else _PRIORITIES.get(str(value).lower())
    if known is None:
        problems.append(f"channel_priority must be strict, flexible or disabled, not {value!r}: flexible is used.")
    return known or "flexible"


def _verification(value: Any, environ: Mapping[str, str], home: Path) -> bool | str:
    """Whom to trust; ``REQUESTS_CA_BUNDLE`` and ``SSL_CERT_FILE`` are left to those who open connections."""
    if value is None or str(value).strip("<>").lower() in _TRUE:
        return True
    if _truth(value) is False:
        return False
    return "truststore" if value == "truststore" else str(_expanded(str(value), environ, home))


def _truth(value: Any) -> bool | None:
    text = str(value).lower()
    return True if text in _TRUE else False if text in _FALSE else None


def _expanded(text: str, environ: Mapping[str, str], home: Path) -> Path:
    text = expand_variables(text.strip(), environ)
    if text == "~" or text.startswith(("~/", "~\\")):
        text = str(home) + text[1:]
    return Path(os.path.abspath(os.path.expanduser(text)))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
