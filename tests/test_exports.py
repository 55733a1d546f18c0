"""Each format as text of an inventory: what is in it, what it says is not, and that nothing slips in."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envlink import envfile
from jupyter_envlink.distributions import Distribution
from jupyter_envlink.errors import Conflict
from jupyter_envlink.exports import FORMATS
from jupyter_envlink.inventory import CondaPackage, Inventory
from jupyter_envlink.python_lock import python_lock

FORGE = "https://conda.anaconda.org/conda-forge"
LAB = "https://conda.anaconda.org/lab"
NAMES = {FORGE: "conda-forge", LAB: "lab", "https://corp.example/private": "https://corp.example/private"}
HASH = "0" * 64
LOCKED = f"""\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "tabulate"
version = "0.9.0"
sdist = {{ url = "https://files.example/tabulate-0.9.0.tar.gz", hashes = {{ sha256 = "{"1" * 64}" }} }}
wheels = [
    {{ url = "https://files.example/tabulate-0.9.0-py2-none-any.whl", hashes = {{ sha256 = "{"2" * 64}" }} }},
    {{ url = "https://files.example/tabulate-0.9.0-py3-none-any.whl", hashes = {{ sha256 = "{HASH}" }} }},
]

[[packages]]
name = "tool"
version = "1.0"
vcs = {{ type = "git", url = "https://git.example/tool", commit-id = "abc" }}
"""


def conda(name: str, version: str = "1.0", channel: str | None = FORGE, **changes: Any) -> CondaPackage:
    url = f"{channel}/linux-64/{name}-{version}-h0_0.conda" if channel else None
    values = {"build": "h0_0", "subdir": "linux-64", "sha256": HASH, "md5": "0" * 32, "size": 10, "license": "MIT"}
    lists: dict[str, Any] = {"depends": ("python >=3.9", "__glibc >=2.17"), "constrains": (), "asked": ()}
    return CondaPackage(name, version, **{**values, **lists, "channel": channel, "url": url, **changes})


def pip(name: str, version: str = "0.9.0", requested: bool = True, **direct_url: Any) -> Distribution:
    return Distribution(name, version, direct_url, requested, frozenset({"py3-none-any"}))


def held(**changes: Any) -> Inventory:
    values: dict[str, Any] = {
        "name": "finance",
        "platform": "linux-64",
        "python_version": "3.11",
        "conda": (conda("ipykernel"), conda("pip"), conda("python", "3.11.7")),
        "requested": ("python=3.11", "ipykernel"),
        "names": NAMES,
    }
    return Inventory(**{**values, **changes})


def text(wanted: str, **changes: Any) -> str:
    return FORMATS[wanted].write(held(**changes))


def read(wanted: str, **changes: Any) -> Any:
    return yaml.safe_load(text(wanted, **changes))


LOCAL = pip("mine", url="file:///home/me/src/mine", dir_info={"editable": True})
TOOL = pip("tool", "1.0", url="https://git.example/tool", vcs_info={"vcs": "git", "commit_id": "abc"})
LOCK = python_lock(LOCKED, [pip("tabulate"), TOOL])


# environment.yml


def test_yml_has_the_form_of_condas_own_export() -> None:
    assert text("yml", pip=(pip("tabulate"),), variables={"SEED": "42"}) == (
        "# The values of the variables are in this file as they are set: look at them before you share it.\n"
        "name: finance\n"
        "channels:\n"
        "  - conda-forge\n"
        "dependencies:\n"
        "  - ipykernel=1.0=h0_0\n"
        "  - pip=1.0=h0_0\n"
        "  - python=3.11.7=h0_0\n"
        "  - pip:\n"
        "      - tabulate==0.9.0\n"
        "variables:\n"
        '  SEED: "42"\n'
    )


def test_channels_are_in_the_order_of_what_they_have() -> None:
    packages = (conda("a", channel=LAB), conda("b"), conda("c"))
    assert read("yml", conda=packages)["channels"] == ["conda-forge", "lab"]


def test_a_package_asked_for_from_another_channel_says_so() -> None:
    packages = (conda("python"), conda("special", channel=LAB))
    found = read("yml-no-builds", conda=packages, requested=("python", "lab::special=1"))
    assert found["channels"] == ["conda-forge"]
    assert found["dependencies"] == ["python=1.0", "lab::special=1.0"]
    several = (*packages, conda("other", channel=LAB))
    assert read("yml", conda=several, requested=("lab::special=1",))["channels"] == ["conda-forge", "lab"]


def test_a_package_of_no_channel() -> None:
    found = read("yml", conda=(conda("built-here", channel=None),), requested=())
    assert found == {"name": "finance", "channels": ["nodefaults"], "dependencies": ["built-here=1.0=h0_0"]}


def test_from_history_has_the_words_of_the_request() -> None:
    asked = ("python=3.11.*", "lab::special[version='>=1']", "numpy >=1.20,<2")
    parts = (pip("tabulate"), pip("a-dependency", requested=False))
    found = read("from-history", requested=asked, pip=parts)
    assert found["dependencies"] == [*asked, "pip", {"pip": ["tabulate==0.9.0"]}]


def test_pip_is_listed_where_something_is_installed_by_it() -> None:
    found = read("yml", conda=(conda("python"),), pip=(pip("tabulate"),))
    assert found["dependencies"] == ["python=1.0=h0_0", "pip", {"pip": ["tabulate==0.9.0"]}]


@pytest.mark.parametrize(
    ("name", "written"), [("base", "base-env"), ("3.10", "3.10"), ("null", "null"), ("my env", "my-env"), ("Ü", "Ü")]
)
def test_the_name_is_one_that_can_be_made(name: str, written: str) -> None:
    found = envfile.read(text("yml", name=name))
    assert found.name == written
    assert not [each for each in found.diagnostics if each.severity != "info"]


def test_variables_that_no_file_can_set() -> None:
    variables = {"PATH": "/x", "a": "1", "A": "2", "B C": "3", "": "4", "N": "1e3\x85", "conda_prefix": "5"}
    written = text("yml", variables=variables)
    assert yaml.safe_load(written)["variables"] == {"A": "2", "N": "1e3\x85"}
    assert written.count("#   ") == 4
    assert "variables" not in read("yml", variables={"PATH": "/x"})


def test_what_lies_on_this_machine_is_said() -> None:
    written = text("yml", pip=(LOCAL, pip("tabulate")))
    assert yaml.safe_load(written)["dependencies"][-1] == {"pip": ["-e /home/me/src/mine", "tabulate==0.9.0"]}
    assert re.findall(r"^#.*", written, re.MULTILINE)[1] == "#   -e /home/me/src/mine"


_words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_versions = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3}){0,3}([a-z]|rc[0-9])?", fullmatch=True)
_packages = st.lists(st.tuples(st.from_regex(r"[a-z][a-z0-9_.-]{0,9}[a-z0-9]", fullmatch=True), _versions), max_size=8)


@settings(max_examples=40, deadline=None)
@given(_words, _packages, st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True), _words, max_size=3))
def test_our_reader_reads_back_whatever_is_written(
    name: str, packages: list[tuple[str, str]], variables: dict[str, str]
) -> None:
    unique = {f"x-{each}": conda(f"x-{each}", version) for each, version in packages}
    pins = (pip("tabulate"), TOOL)
    inventory = held(name=name, conda=(conda("python", "3.11.7"), conda("pip"), *unique.values()), pip=pins)
    inventory = replace(inventory, variables=variables)
    for wanted in ("yml", "yml-no-builds", "from-history"):
        file = envfile.read(FORMATS[wanted].write(inventory))
        assert not [each for each in file.diagnostics if each.severity != "info"]
        assert dict(file.variables or {}) == variables
        assert list(file.pip or ()) == ["tabulate==0.9.0", "tool @ git+https://git.example/tool@abc"]
    specs = envfile.read(FORMATS["yml"].write(inventory)).conda
    assert specs == tuple(f"{each.name}={each.version}={each.build}" for each in inventory.conda)


# explicit


def test_explicit_is_read_by_rattler() -> None:
    from rattler.explicit_environment import ExplicitEnvironmentSpec

    written = text("explicit", conda=(conda("python"), conda("old", sha256=None)), pip=(pip("tabulate"),))
    lines = written.splitlines()
    assert lines[2] == "# platform: linux-64"
    assert lines[3:5] == ["# Not in this file, which holds conda packages only:", "#   tabulate==0.9.0"]
    assert lines[5:] == [
        "@EXPLICIT",
        f"{FORGE}/linux-64/python-1.0-h0_0.conda#sha256:{HASH}",
        f"{FORGE}/linux-64/old-1.0-h0_0.conda#{'0' * 32}",
    ]
    assert len(ExplicitEnvironmentSpec.from_str(written).packages) == 2


# locks


def test_conda_lock_has_what_its_readers_want() -> None:
    found = read("conda-lock", pip=(pip("tabulate"), LOCAL, TOOL), locked=LOCK)
    assert (found["version"], found["metadata"]["platforms"]) == (1, ["linux-64"])
    assert found["metadata"]["channels"] == [{"url": "conda-forge", "used_env_vars": []}]
    python = next(each for each in found["package"] if each["name"] == "python")
    assert python == {
        "name": "python",
        "version": "3.11.7",
        "manager": "conda",
        "platform": "linux-64",
        "dependencies": {"python": ">=3.9"},
        "url": f"{FORGE}/linux-64/python-3.11.7-h0_0.conda",
        "hash": {"md5": "0" * 32, "sha256": HASH},
        "category": "main",
        "optional": False,
        "build": "h0_0",
    }
    by_pip = [each for each in found["package"] if each["manager"] == "pip"]
    url = "https://files.example/tabulate-0.9.0-py3-none-any.whl"  # the wheel that is installed, of three files
    assert [(each["name"], each["url"], each["hash"]) for each in by_pip] == [("tabulate", url, {"sha256": HASH})]


def test_locks_say_what_they_cannot_hold() -> None:
    parts = {"pip": (pip("tabulate"), LOCAL, TOOL), "locked": LOCK, "variables": {"SEED": "42"}}
    said = [line for line in text("conda-lock", **parts).splitlines() if line.startswith("#")]
    assert said[1:3] == ["#   -e /home/me/src/mine", "#   tool @ git+https://git.example/tool@abc"]
    assert said[-1] == "#   SEED"
    assert "tool" not in "".join(line for line in text("pixi-lock", **parts).splitlines() if line.startswith("#"))


def test_pixi_lock_is_read_by_rattler(tmp_path: Any) -> None:
    from rattler import LockFile

    (tmp_path / "pixi.lock").write_text(text("pixi-lock", pip=(pip("tabulate"), TOOL), locked=LOCK))
    lock = LockFile.from_path(tmp_path / "pixi.lock")
    (platform,) = lock.platforms()
    assert platform.name == "linux-64"
    environment = lock.default_environment()
    assert environment is not None
    assert [str(channel) for channel in environment.channels()] == [f"{FORGE}/"]
    packages = environment.packages(platform) or []
    assert sorted(each.name for each in packages) == ["ipykernel", "pip", "python", "tabulate", "tool"]
    locations = {each.name: each.location for each in packages}
    assert locations["tool"] == "git+https://git.example/tool@abc"
    assert locations["python"] == f"{FORGE}/linux-64/python-3.11.7-h0_0.conda"


# requirements.txt and pylock.toml


def test_requirements_leave_pip_out_and_say_what_else_is_seen() -> None:
    written = text("requirements", conda=(), pip=(pip("pip"), pip("tabulate")), site=True)
    assert [line for line in written.splitlines() if not line.startswith("#")] == ["tabulate==0.9.0"]
    assert "the Python that it was made with" in written


def test_pylock_is_uvs() -> None:
    written = text("pylock", pip=(pip("tabulate"), LOCAL), locked=LOCK)
    assert written.endswith(LOCKED)
    assert "#   -e /home/me/src/mine" in written


# Dockerfile


def docker(written: str) -> tuple[list[str], dict[str, str]]:
    """The instructions, continued lines joined, and the files that are written within them."""
    files: dict[str, str] = {}
    instructions = []
    lines = iter(written.splitlines())
    for line in lines:
        while line.endswith("\\"):
            line = line[:-1] + next(lines)
        mark = re.fullmatch(r"COPY --chmod=644 <<'([A-Z]+)' (\S+)", line)
        if mark:
            files[mark[2]] = "".join(f"{each}\n" for each in iter(lines.__next__, mark[1]))
        if line and not line.startswith("#"):
            instructions.append(line)
    return instructions, files


WORDS = {"FROM", "ARG", "USER", "RUN", "COPY", "ENV", "WORKDIR", "EXPOSE", "CMD"}


def test_dockerfile_builds_from_the_very_files() -> None:
    written = text("dockerfile", pip=(pip("tabulate"),), variables={"A": 'it\'s $HOME \\ "x"\nEOF'})
    instructions, files = docker(written)
    assert written.startswith("# syntax=docker/dockerfile:1\n")
    assert {each.split()[0] for each in instructions} <= WORDS
    assert instructions[0].startswith("FROM --platform=linux/amd64 mambaorg/micromamba:")
    assert files["/opt/environment/explicit.txt"] == text("explicit")[text("explicit").index("@EXPLICIT") :]
    assert files["/opt/environment/requirements.txt"] == "tabulate==0.9.0\n"
    state = json.loads(files["/opt/conda/envs/finance/conda-meta/state"])
    assert state == {"env_vars": {"A": 'it\'s $HOME \\ "x"\nEOF'}}
    assert instructions[-4:-1] == ["USER ${NB_UID}", "WORKDIR /home/${NB_USER}", "EXPOSE 8888"]


@pytest.mark.parametrize("name", ["finance", 'it\'s "d" $(touch x) `y`', "a\nRUN rm -rf /", "ü [x] \\"])
def test_its_commands_are_shell_and_the_name_is_a_word(name: str) -> None:
    instructions, _ = docker(text("dockerfile", name=name, pip=(pip("tabulate"),)))
    assert {each.split()[0] for each in instructions} <= WORDS
    commands = [each.removeprefix("RUN ") for each in instructions if each.startswith("RUN ")]
    for command in commands:
        subprocess.run(["sh", "-n", "-c", command], check=True)
        assert "rm -rf" not in shlex.split(command)[:-1]
    kernel = shlex.split(next(each for each in commands if "ipykernel" in each))
    assert kernel[kernel.index("--display-name") + 1].isprintable()
    assert kernel[-2] == "--display-name"


def test_a_kernel_of_r_and_none() -> None:
    assert "IRkernel::installspec" in text("dockerfile", conda=(conda("r-irkernel"),))
    assert "no kernel that is known" in text("dockerfile", conda=(conda("tool"),))


def test_a_server_is_added_where_it_brings_none() -> None:
    assert "jupyterhub-singleuser" in text("dockerfile")
    assert "jupyterhub-singleuser" not in text("dockerfile", conda=(conda("jupyterlab"), conda("ipykernel")))


def test_no_container_is_of_another_system() -> None:
    with pytest.raises(Conflict, match="osx-arm64"):
        text("dockerfile", platform="osx-arm64")


# all


@pytest.mark.parametrize("wanted", FORMATS)
def test_nothing_breaks_out_of_a_comment(wanted: str) -> None:
    evil = "x\nname: evil\n@EXPLICIT\nRUN evil\u2028evil"
    written = text(wanted, name=evil, unreadable=(f"/site/{evil}.dist-info",), variables={evil: evil})
    assert not [line for line in re.split(r"[\n\r\u2028\x85]", written) if line.startswith(("name: evil", "RUN evil"))]
    assert written.count("\n@EXPLICIT\n") <= 1
