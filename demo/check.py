"""The demonstration without a browser: create from the yml, run the notebook on the new kernel, show what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from .place import Place

__all__ = ["Failure", "check"]

KERNEL = "finance"


class Failure(Exception):
    """A step of the demonstration did not do what it should; the text says which and how."""


def check(place: Place, environ: Mapping[str, str]) -> None:
    """Does the whole job once. Raises :class:`Failure` at the first step that goes wrong."""
    envlink(place, environ, "create", "--file", "finance/environment.yml")
    prefix = ready_prefix(json.loads(envlink(place, environ, "list", "--json", quiet=True)))
    print(f"\nRunning {place.notebook.name!r} on the kernel {KERNEL!r}, as nbconvert and papermill would:\n")
    said = list(run_notebook(place.notebook))
    print("\n".join(said))
    if not any(str(prefix) in line for line in said):
        raise Failure(f"The notebook ran, but not in {prefix}: see the first output above.")
    print(f"\nThe notebook ran in {prefix}, with numpy and tabulate from conda and numpy-financial from PyPI.")


def envlink(place: Place, environ: Mapping[str, str], *arguments: str, quiet: bool = False) -> str:
    """One ``jupyter envlink`` command in the project's folder; its output, where it is `quiet`."""
    command = [sys.executable, "-m", "jupyter", "envlink", *arguments]
    if not quiet:
        print("$ jupyter envlink " + " ".join(arguments), flush=True)
    done = subprocess.run(
        command, cwd=place.project, env=dict(environ), stdout=subprocess.PIPE if quiet else None, text=True, check=False
    )
    if done.returncode:
        raise Failure(f"`jupyter envlink {' '.join(arguments)}` ended with status {done.returncode}.")
    return done.stdout or ""


def ready_prefix(listing: Mapping[str, Any]) -> Path:
    """The prefix of the environment called as the kernel, from the output of ``list --json``."""
    named = [found for found in listing["environments"] if found["name"] == KERNEL]
    for found in named:
        if found["state"] == "ready" and any(kernel["name"] == KERNEL for kernel in found["kernels"]):
            return Path(found["prefix"])
    raise Failure(f"No environment offers the kernel {KERNEL!r}. What is listed under that name: {json.dumps(named)}")


def run_notebook(path: Path) -> Iterator[str]:
    """The outputs of a notebook's cells as text, after running it on the kernel that it names."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except CellExecutionError as error:
        raise Failure(f"A cell of {path.name} failed:\n{error}") from error
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield output["text"].rstrip() if "text" in output else output["data"]["text/plain"]
