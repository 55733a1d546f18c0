"""A ``Dockerfile`` that makes the environment again, for a container that Binder and JupyterHub take, too.

The base image is micromamba's (https://micromamba-docker.readthedocs.io): what it starts is activated. The files
within it need BuildKit.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from ..environment import kernel_name
from ..errors import Conflict
from ..inventory import Inventory
from . import requirements
from .explicit import addresses
from .text import comment, left_out, one_line, unreadable

_IMAGE = "mambaorg/micromamba:2.3.0"
_PLATFORMS = {"linux-64": "linux/amd64", "linux-aarch64": "linux/arm64", "linux-ppc64le": "linux/ppc64le"}
_SERVERS = {"jupyterlab", "notebook", "jupyter_server", "jupyter-server", "jupyter"}
_FILES = "/opt/environment"
#: Where every Jupyter looks for kernels, be it the environment's own or the one beside it.
_SHARED = "/usr/local"
_USER = """\
# The user that Binder and JupyterHub expect.
ARG NB_USER=jovyan
ARG NB_UID=1000
USER root
RUN useradd --create-home --shell /bin/bash --uid "${NB_UID}" "${NB_USER}"
"""
_SERVER = """\
# The environment brings no Jupyter server: one beside it, which offers the kernel.
RUN micromamba install --yes --name base --channel conda-forge jupyterlab jupyterhub-singleuser \\
    && micromamba clean --all --yes
"""
_SHOWN = "The values of the variables are in this file as they are set: look at them before you share it."


def dockerfile(inventory: Inventory) -> str:
    """Raises ``Conflict``: no container is of the environment's platform, or ``no-url`` as ``explicit``."""
    if inventory.platform not in _PLATFORMS:
        message = f"{inventory.name} is an environment of {inventory.platform}; containers run Linux."
        raise Conflict(message, "Choose from-history, and make the environment anew on Linux.", code="other-platform")
    return "\n".join(part for part in _parts(inventory) if part)


def _parts(inventory: Inventory) -> Iterator[str]:
    name = kernel_name(inventory.name)
    prefix = f"/opt/conda/envs/{name}"
    yield "# syntax=docker/dockerfile:1\n" + comment(_remarks(inventory, name))
    yield f"FROM --platform={_PLATFORMS[inventory.platform]} {_IMAGE}\n"
    yield _USER
    yield _file("explicit.txt", addresses(inventory)) + _run(
        f"micromamba create --yes --prefix {prefix} --file {_FILES}/explicit.txt", "micromamba clean --all --yes"
    )
    yield _pip(inventory, prefix)
    if inventory.variables:
        yield _file("state", json.dumps({"env_vars": dict(inventory.variables)}) + "\n", f"{prefix}/conda-meta/state")
    yield "" if _SERVERS & {package.name for package in inventory.conda} else _SERVER
    yield _kernel(inventory, name, prefix)
    yield f"ENV ENV_NAME={name} PATH={prefix}/bin:/opt/conda/bin:${{PATH}}\n"
    yield "USER ${NB_UID}\nWORKDIR /home/${NB_USER}\n"
    yield 'EXPOSE 8888\nCMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser"]\n'


def _pip(inventory: Inventory, prefix: str) -> str:
    lines = requirements.lines(inventory)
    if not lines:
        return ""
    python = f"{prefix}/bin/python -m"
    bring = [] if any(package.name == "pip" for package in inventory.conda) else [f"{python} ensurepip"]
    install = f"{python} pip install --no-cache-dir --no-deps --requirement {_FILES}/requirements.txt"
    return _file("requirements.txt", lines) + _run(*bring, install)


def _kernel(inventory: Inventory, name: str, prefix: str) -> str:
    """Its kernel, where the server of the image finds it."""
    installed = {package.name for package in inventory.conda} | {one.name.lower() for one in inventory.pip}
    title = one_line(inventory.name)
    if "ipykernel" in installed:
        words = [f"{prefix}/bin/python", "-m", "ipykernel", "install", "--prefix", _SHARED]
        return _run(shlex.join([*words, "--name", name, "--display-name", title]))
    if "r-irkernel" in installed:
        code = f'IRkernel::installspec(name = "{name}", displayname = {json.dumps(title)}, prefix = "{_SHARED}")'
        return _run(shlex.join([f"{prefix}/bin/Rscript", "-e", code]))
    return "# The environment has no kernel that is known here.\n"


def _remarks(inventory: Inventory, name: str) -> list[str]:
    channels = dict.fromkeys(package.channel or str(package.url) for package in inventory.conda)
    near = [url for url in channels if url.startswith("file:")]
    near += [one.requirement for one in inventory.pip if one.is_local]
    return [
        f"{inventory.name}, as it is installed. To build and start it:",
        f"$ docker build --tag {name} --file Dockerfile . && docker run --rm --publish 8888:8888 {name}",
        *left_out("These lie on the machine that this was written on, where no container sees them:", near),
        *unreadable(inventory),
        *([_SHOWN] if inventory.variables else []),
    ]


def _file(name: str, text: str, place: str = "") -> str:
    """A file of these lines, none of which is expanded."""
    mark = name.partition(".")[0].upper()
    return f"COPY --chmod=644 <<'{mark}' {place or f'{_FILES}/{name}'}\n{text}{mark}\n\n"


def _run(*commands: str) -> str:
    return "RUN " + " \\\n    && ".join(commands) + "\n"
