"""A virtual environment where each tool keeps its own: found by its place, started by its name, run in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.catalog import Catalog

from ..conftest import Machine
from ..running import kernel_of
from ..test_locators_placed import PLACES
from ..venvs import by_uv, by_venv, by_virtualenv
from .installed import NotHere, ipykernel

pytestmark = pytest.mark.slow

#: What makes them for the tool, and where.
KINDS: dict[str, tuple[Callable[[Path], Path], Callable[[Path], Path]]] = {
    "poetry": (by_virtualenv, PLACES["poetry"]),
    "pipenv": (by_virtualenv, PLACES["pipenv"]),
    "pdm": (by_virtualenv, PLACES["pdm"]),
    "hatch": (by_uv, PLACES["hatch"]),
    "uv": (by_uv, lambda home: home / "finance" / ".venv"),
    "venv": (by_venv, lambda home: home / "finance" / ".venv"),
    "virtualenv": (by_virtualenv, lambda home: home / ".virtualenvs" / "finance"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_its_kernel_runs_in_it(machine: Machine, tmp_path: Path, kind: str) -> None:
    make, place = KINDS[kind]
    prefix = make(place(machine.home))
    (prefix / ".project").write_text(str(machine.home / "finance"))  # Pipenv's own note of whose it is
    try:
        ipykernel(prefix)
    except NotHere as reason:
        pytest.skip(str(reason))
    catalog = Catalog(environ={"PATH": ""}, home=machine.home, project_roots=[str(machine.home)])
    catalog.refresh()
    assert [(each.kind, each.name) for each in catalog.snapshot.environments] == [(kind, "finance")]
    with kernel_of(catalog, tmp_path / "data", "finance") as kernel:
        assert kernel.value("[sys.prefix, sys.base_prefix != sys.prefix]", "sys") == [str(prefix), True]
