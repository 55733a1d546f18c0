"""Wheel and sdist as people get them: what is in them, and that a wheel installs without Node and is on at once."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import time
import zipfile
from collections.abc import Callable, Mapping
from email.parser import Parser
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from urllib.error import HTTPError

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import jupyter_envlink

from .channel import Channel
from .conftest import Machine
from .prefixes import real
from .server import Process

ROOT = Path(__file__).resolve().parent.parent
PACKAGE_JSON = json.loads((ROOT / "labextension/package.json").read_text(encoding="utf-8"))
CONFIG = "etc/jupyter/jupyter_server_config.d/jupyter_envlink.json"
LABEXTENSION = "share/jupyter/labextensions/jupyter_envlink"


def run(*command: str | Path, environ: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """What a command says on both streams, without colours; fails the test with that where the command fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=None if environ is None else dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    assert done.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it, each in an isolated environment."""
    folder = tmp_path_factory.mktemp("dist")
    environ = {name: value for name, value in os.environ.items() if name != "SKIP_JUPYTER_BUILDER"}
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, environ=environ)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a new virtual environment with the wheel in it, which no test changes."""
    return install(wheel, tmp_path_factory.mktemp("installed"))


def install(wheel: Path, root: Path) -> Path:
    """Make a virtual environment with the wheel in it, where no Node is in reach; its programs' folder.

    What the package depends on comes from the environment of these tests.
    """
    run(sys.executable, "-m", "venv", "--without-pip", root)
    scheme = {"base": str(root), "platbase": str(root)}
    programs, library = (Path(sysconfig.get_path(name, "venv", vars=scheme)) for name in ("scripts", "purelib"))
    environ = {**os.environ, "PATH": str(programs)}
    words = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel)
    run(sys.executable, "-m", "pip", "--python", python_of(programs), *words, environ=environ)
    (library / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


def python_of(programs: Path) -> Path:
    return programs / ("python.exe" if os.name == "nt" else "python")


@pytest.mark.slow
def test_wheel_holds_the_package_its_data_and_the_built_labextension(wheel: Path) -> None:
    assert wheel.name == f"jupyter_envlink-{PACKAGE_JSON['version']}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        data = f"jupyter_envlink-{PACKAGE_JSON['version']}.data/data"
        built = json.loads(archive.read(f"{data}/{LABEXTENSION}/package.json"))
        config = json.loads(archive.read(f"{data}/{CONFIG}"))
    expected = {f"{data}/{LABEXTENSION}/install.json", f"{data}/{LABEXTENSION}/static/style.js"}
    sources = [*(ROOT / "jupyter_envlink").rglob("*.py"), *(ROOT / "jupyter_envlink").rglob("*.yaml")]
    expected |= {path.relative_to(ROOT).as_posix() for path in sources if "labextension" not in path.parts}
    expected |= {
        f"jupyter_envlink/locale/{language}/LC_MESSAGES/jupyter_envlink.{kind}"
        for language in ("de_DE", "zh_CN")
        for kind in ("json", "mo")
    }
    assert "jupyter_envlink/py.typed" in names
    assert not [name for name in names if name.endswith((".po", ".pot"))]
    assert expected <= names
    assert f"{data}/{LABEXTENSION}/{built['jupyterlab']['_build']['load']}" in names
    assert config == {"ServerApp": {"jpserver_extensions": {"jupyter_envlink": True}}}


@pytest.mark.slow
def test_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    version = PACKAGE_JSON["version"]
    expected = {f"jupyter_envlink-{version}.data", f"jupyter_envlink-{version}.dist-info"}
    assert tops == {"jupyter_envlink", *expected}


@pytest.mark.slow
def test_sdist_can_be_built_without_node_and_tested(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for needed in (
        "pyproject.toml",
        "LICENSE",
        "install.json",
        "labextension/package.json",
        "labextension/yarn.lock",
        "jupyter_envlink/labextension/static/style.js",
        "jupyter-config/server-config/jupyter_envlink.json",
        "tests/test_packaging.py",
    ):
        assert needed in names
    assert not any(part in name.split("/") for name in names for part in ("node_modules", ".venv", "__pycache__"))


@pytest.mark.slow
def test_metadata_is_that_of_package_json(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["Version"] == PACKAGE_JSON["version"]
    assert metadata["Summary"] == PACKAGE_JSON["description"]
    assert metadata["License-Expression"] == PACKAGE_JSON["license"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.10"


@pytest.mark.slow
def test_installed_wheel_is_switched_on_without_configuration(installed: Path, tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHON"))}
    environ |= {"JUPYTER_CONFIG_DIR": str(tmp_path), "PYTHONWARNINGS": "default"}
    listing = ask(installed, "jupyter_server.extension.serverextension", environ, tmp_path)
    assert str(installed.parent / "etc/jupyter") in listing
    assert f"jupyter_envlink {PACKAGE_JSON['version']} OK" in " ".join(listing.split())
    listing = ask(installed, "jupyterlab.labextensions", environ, tmp_path)
    assert f"jupyter_envlink v{PACKAGE_JSON['version']} enabled OK" in " ".join(listing.split())


def ask(programs: Path, module: str, environ: Mapping[str, str], cwd: Path) -> str:
    """What ``jupyter server extension list``, or its twin for the labextensions, says."""
    program = f"import sys; from {module} import main; sys.exit(main())"
    return run(programs / "python", "-c", program, "list", environ=environ, cwd=cwd)


@pytest.mark.slow
def test_installed_wheel_has_its_command(installed: Path, tmp_path: Path) -> None:
    assert "create" in run(installed / "jupyter-envlink", "--help", cwd=tmp_path)


RUN_BY_NAME = """
import sys
from jupyter_client.manager import start_new_kernel
kernel, client = start_new_kernel(kernel_name="finance")
try:
    client.execute_interactive("import sys; print('in', sys.prefix)", timeout=60)
finally:
    client.stop_channels()
    kernel.shutdown_kernel(now=True)
"""


@pytest.mark.slow
def test_nothing_breaks_after_uninstalling(
    wheel: Path, machine: Machine, channel: Channel, server_process: Callable[..., Process], tmp_path: Path
) -> None:
    """The stock server starts, lists what was registered, and runs it."""
    programs = install(wheel, tmp_path / "fresh")
    python = python_of(programs)
    prefix = real(channel.conda_forge, machine.envs / "finance", ["python=3.11", "ipykernel"])

    def server() -> Process:
        return server_process(through=lambda argv: [str(python), *argv[1:]], switched_on=False)

    before = server()
    deadline = time.monotonic() + 60
    while not registered(before, "finance"):
        assert time.monotonic() < deadline, before.log
        time.sleep(0.1)
    before.stop()
    run(sys.executable, "-m", "pip", "--python", python, "uninstall", "--yes", "--quiet", "jupyter_envlink")

    left = {path.relative_to(programs.parent).as_posix() for path in programs.parent.rglob("*envlink*")}
    assert left == set()
    spec = json.loads((machine.data / "kernels" / "finance" / "kernel.json").read_text())
    assert "envlink" not in json.dumps([spec["argv"], spec.get("env"), spec["display_name"]])
    assert "kernel_provisioner" not in spec["metadata"]
    assert f"in {prefix}" in run(python, "-W", "ignore", "-c", RUN_BY_NAME, cwd=tmp_path)

    (tmp_path / "server" / "server.log").unlink()
    after = server()
    listed = after("GET", "api/kernelspecs")["kernelspecs"]
    assert {"finance", "python3"} <= set(listed)
    assert listed["finance"]["spec"]["argv"][0] == str(prefix / "bin" / "python")
    kernel = after("POST", "api/kernels", {"name": "finance"})
    assert kernel["name"] == "finance"
    assert "envlink" not in after.log
    assert "Traceback" not in after.log
    with pytest.raises(HTTPError, match="404"):
        after("GET", "envlink/api/info")


def registered(server: Process, name: str) -> bool:
    found = server("GET", "envlink/api/environments")["environments"]
    return any(each["name"] == name and each["registered"] for each in found)


def test_version_is_the_same_everywhere() -> None:
    assert jupyter_envlink.__version__ == PACKAGE_JSON["version"]


def test_dependencies_are_what_is_imported() -> None:
    declared = {Requirement(text).name for text in requires("jupyter_envlink") or () if "extra ==" not in text}
    provided = packages_distributions()
    imported = {
        canonicalize_name(BACKPORTS.get(name) or provided[name][0])
        for path in (ROOT / "jupyter_envlink").rglob("*.py")
        for name in third_party_imports(path)
    }
    # ipykernel is run, as `python -m ipykernel`, for the kernel of the server's own environment;
    # jupyterlab_server is imported only where it serves already.
    assert {canonicalize_name(name) for name in declared} == imported - {"jupyterlab-server"} | {"ipykernel"}


#: Of the standard library from Python 3.14 on; on older ones a backport is imported in its place.
NEWER = {"compression"}
BACKPORTS = {"backports": "backports.zstd"}


def third_party_imports(path: Path) -> set[str]:
    """Top-level names that a file imports at any depth, without the standard library's and the package's own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names - NEWER - set(sys.stdlib_module_names) - {"jupyter_envlink"}
