"""One registration of every environment of a folder, to be killed: ``python -m tests.registering DATA ENVS SIGNATURE``.

Environments with a Python are registered by their own ``ipykernel install``, the others are copied.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jupyter_envlink.environment import Environment
from jupyter_envlink.kernelspecs import Link, link_all
from jupyter_envlink.registration import Registrar

from .prefixes import environment, python_kernel, r_kernel


def links(envs: Path, signature: str) -> tuple[Link, ...]:
    """The links of the environments of ``envs``, which have changed whenever ``signature`` has."""
    return link_all([_read(prefix, signature) for prefix in sorted(envs.iterdir())], {}, set())


def _read(prefix: Path, signature: str) -> Environment:
    own = prefix / "share/jupyter/kernels/python3/kernel.json"
    if not own.exists():
        return environment(str(prefix), kernels=(r_kernel(str(prefix)),), python=None, signature=signature)
    content = json.loads(own.read_text())
    kernel = python_kernel(str(prefix), argv=tuple(content["argv"]), metadata=content["metadata"])
    return environment(str(prefix), kernels=(kernel,), signature=signature)


def main() -> None:
    data, envs, signature = sys.argv[1:]
    found = links(Path(envs), signature)
    registrar = Registrar(data_dir=data)
    registrar.reconcile(found, [link.environment.prefix for link in found])
    assert not registrar.problems, registrar.problems
    print("done")


if __name__ == "__main__":
    main()
