from __future__ import annotations

import pytest

from jupyter_envlink.environment import State
from jupyter_envlink.errors import InvalidRequest
from jupyter_envlink.exportable import OF_CONDA, OF_PYTHON, PACK, chosen, formats
from jupyter_envlink.exports import FORMATS

from .prefixes import environment


@pytest.mark.parametrize(
    ("changes", "possible"),
    [
        ({}, OF_CONDA),
        ({"kind": "pixi"}, OF_CONDA),
        ({"python": None, "python_version": None}, OF_CONDA),
        ({"state": State.BROKEN}, OF_CONDA),
        ({"state": State.BUILDING}, ()),
        ({"state": State.INCOMPLETE}, ()),
        ({"kind": "venv"}, OF_PYTHON),
        ({"kind": "poetry", "state": State.BROKEN, "python": None}, OF_PYTHON),
        ({"kind": "other", "python": None, "python_version": None}, ()),
    ],
)
def test_which_formats(changes: dict[str, object], possible: tuple[str, ...]) -> None:
    assert formats(environment("/envs/x", **changes)) == possible


def test_each_is_written() -> None:
    assert {*OF_CONDA, *OF_PYTHON} - {PACK} == set(FORMATS)


@pytest.mark.parametrize(("kind", "name"), [("conda", "conda-lock"), ("venv", "pylock")])
def test_lock_means_the_kinds_own(kind: str, name: str) -> None:
    assert chosen(environment("/envs/x", kind=kind), "lock") == name


def test_one_that_is_not_possible_names_those_that_are() -> None:
    with pytest.raises(InvalidRequest, match="environment of conda") as caught:
        chosen(environment("/envs/x"), "requirements")
    assert caught.value.details == {"formats": list(OF_CONDA)}
    with pytest.raises(InvalidRequest) as caught:
        chosen(environment("/envs/x", state=State.BUILDING), "lock")
    assert caught.value.details == {"formats": []}
