"""Which formats an environment can be exported to. Nothing else is loaded: every listing says so."""

from __future__ import annotations

from .environment import Environment, State
from .errors import InvalidRequest
from .sentence import told

PACK = "pack"
OF_CONDA = ("yml", "yml-no-builds", "from-history", "explicit", "conda-lock", "pixi-lock", "dockerfile", PACK)
OF_PYTHON = ("requirements", "pylock")
#: What ``lock`` stands for: the one that most tools of the kind create an environment from.
LOCK = "lock"


def formats(environment: Environment) -> tuple[str, ...]:
    """The formats that can be asked for, in the order to show them; none while it is being made."""
    if environment.state in (State.BUILDING, State.INCOMPLETE):
        return ()
    if environment.kind in ("conda", "pixi"):
        return OF_CONDA
    return OF_PYTHON if environment.python or environment.python_version else ()


def chosen(environment: Environment, wanted: str) -> str:
    """The format that ``wanted`` names, ``lock`` resolved. Raises ``InvalidRequest`` with those that are possible."""
    possible = formats(environment)
    name = ("conda-lock" if "conda-lock" in possible else "pylock") if wanted == LOCK else wanted
    if name in possible:
        return name
    listed = ", ".join((*possible, LOCK)) if possible else told("none, as it is not finished or has no Python")
    message = told(
        "{name}, an environment of {kind}, cannot be exported as {wanted!r}.",
        name=environment.name,
        kind=environment.kind,
        wanted=wanted,
    )
    raise InvalidRequest(
        message, told("Formats for it: {listed}.", listed=listed), code="format", details={"formats": list(possible)}
    )
