"""The demonstration without a browser: create from the yml, run the notebook on the new kernel, show what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from .place import Place

__all__ = ["Failure", "check"]


class Failure(Exception):
    """A step of the demonstration did not do what it should; the text says which and how."""


def check(place: Place, environ: Mapping[str, str]) -> None:
    """Does the whole job once. Raises :class:`Failure` at the first step that goes wrong."""
    envlink(place, environ, "create", "--file", "finance/environment.yml")
    prefix = place.envs / "finance"
    kernel = kernel_of(prefix, json.loads(envlink(place, environ, "list", "--json", quiet=True)))
    print(f"\nRunning {place.notebook.name!r} on the kernel {kernel!r}, as nbconvert and papermill would:\n")
    said = list(run_notebook(place.notebook, kernel))
    print("\n".join(said))
    if not any(str(prefix) in line for line in said):
        raise Failure(f"The notebook ran, but not in {prefix}: see the first output above.")
    print(f"\nIt ran in {prefix}, with numpy and tabulate from conda and numpy-financial from PyPI.\n")
    envlink(place, environ, "remove", "--name", str(prefix), "--yes")
    if prefix.exists():
        raise Failure(f"{prefix} is still there after it was removed.")


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


def kernel_of(prefix: Path, listing: Mapping[str, Any]) -> str:
    """The kernel that an environment offers, from the output of ``list --json``: its name, unless that was taken."""
    for found in listing["environments"]:
        if Path(found["prefix"]) == prefix.resolve():
            if found["state"] == "ready" and found["registered"] and found["kernels"]:
                return str(found["kernels"][0]["name"])
            raise Failure(f"The environment was made, but it is no kernel: {json.dumps(found)}")
    raise Failure(f"{prefix} was made, but it is not listed.")


def run_notebook(path: Path, kernel: str) -> Iterator[str]:
    """The outputs of a notebook's cells as text, after running it on a kernel."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name=kernel, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        client.execute()
    except (CellExecutionError, NoSuchKernel) as error:
        raise Failure(f"{path.name} did not run:\n{error}") from error
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield output["text"].rstrip() if "text" in output else output["data"]["text/plain"]
