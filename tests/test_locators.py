from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.environment import Environment, State
from jupyter_envlink.locators import Roots
from jupyter_envlink.locators.conda import CondaLocator
from jupyter_envlink.locators.labels import label
from jupyter_envlink.locators.pythons import python_paths

from .channel import Channel

SPEC = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
}
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="such names are impossible on Windows")


def make(
    prefix: Path, *, records: tuple[str, ...] = ("python-3.11.7-h1_0_cpython", "python-dateutil-2.9-py_0")
) -> Path:
    """A prefix as conda leaves it, with Python and no kernel."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").write_text("==> 2026-01-01 00:00:00 <==\n")
    for record in records:
        (meta / f"{record}.json").write_text("{}")
    python = Path(python_paths(str(prefix))[0])
    python.parent.mkdir(exist_ok=True)
    python.touch()
    return prefix


def add_kernel(prefix: Path, spec: object = SPEC, name: str = "python3") -> Path:
    file = prefix / "share" / "jupyter" / "kernels" / name / "kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(spec if isinstance(spec, str) else json.dumps(spec))
    return file


def identify(prefix: Path) -> Environment:
    found = CondaLocator().identify(str(prefix))
    assert found is not None
    return found


def code(environment: Environment) -> str | None:
    return environment.problem.code if environment.problem else None


def test_a_whole_environment_is_ready(tmp_path: Path) -> None:
    prefix = make(tmp_path / "finance")
    add_kernel(prefix, {**SPEC, "env": {"A": "1"}, "interrupt_mode": "message", "kernel_protocol_version": "5.4"})
    found = identify(prefix)
    assert (found.state, found.problem, found.kind, found.name) == (State.READY, None, "conda", "finance")
    assert found.prefix == os.path.realpath(prefix)
    assert found.python == python_paths(os.path.realpath(prefix))[0]
    assert found.python_version == "3.11"
    assert found.language == "python"
    assert found.writable is True
    (kernel,) = found.kernels
    assert (kernel.name, kernel.argv, dict(kernel.env)) == ("python3", tuple(SPEC["argv"]), {"A": "1"})
    assert (kernel.interrupt_mode, kernel.protocol_version) == ("message", "5.4")
    assert Path(kernel.resource_dir, "kernel.json").is_file()


def test_what_has_no_conda_meta_is_no_conda_environment(tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "conda-meta").touch()
    for name in ("venv", "file", "odd", "gone", "x" * 300):
        assert CondaLocator().identify(str(tmp_path / name)) is None


def test_python_without_a_kernel(tmp_path: Path) -> None:
    found = identify(make(tmp_path / "bare"))
    assert (found.state, code(found), found.language) == (State.NO_KERNEL, "no-kernel", "python")
    assert found.problem is not None
    assert "ipykernel" in found.problem.remedy
    assert str(tmp_path / "bare") in found.problem.message


def test_neither_python_nor_a_kernel(tmp_path: Path) -> None:
    prefix = make(tmp_path / "tools", records=("bzip2-1.0-h0",))
    Path(python_paths(str(prefix))[0]).unlink()
    found = identify(prefix)
    assert (found.state, code(found)) == (State.NO_KERNEL, "no-python-no-kernel")
    assert (found.python, found.python_version, found.language) == (None, None, None)


def test_made_for_another_system(tmp_path: Path) -> None:
    prefix = make(tmp_path / "env")
    add_kernel(prefix)
    Path(python_paths(str(prefix))[0]).unlink()
    elsewhere = Path(python_paths(str(prefix), windows=sys.platform != "win32")[0])
    elsewhere.parent.mkdir(exist_ok=True)
    elsewhere.touch()
    assert (identify(prefix).state, code(identify(prefix))) == (State.BROKEN, "wrong-platform")


def test_a_frozen_one_is_marked(tmp_path: Path) -> None:
    """CEP 22: the file may be empty."""
    prefix = make(tmp_path / "env")
    add_kernel(prefix)
    age(prefix)
    before = CondaLocator().look(os.path.realpath(prefix))
    assert before
    assert before.evidence.holds()
    (prefix / "conda-meta" / "frozen").touch()
    assert not before.evidence.holds()
    assert (before.environment.frozen, identify(prefix).frozen, identify(prefix).state) == (False, True, State.READY)


def test_a_hard_linked_kernel_file_is_read_once_and_each_change_is_seen(tmp_path: Path) -> None:
    """As conda and uv link a wheel's files into each environment."""
    prefixes = [make(tmp_path / f"env{i}") for i in range(3)]
    first, *others = [prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json" for prefix in prefixes]
    add_kernel(prefixes[0])
    for other in others:
        other.parent.mkdir(parents=True)
        os.link(first, other)
    time.sleep(2.1)  # a younger file is read each time
    assert [identify(prefix).kernels[0].argv for prefix in prefixes] == [tuple(SPEC["argv"])] * 3
    first.write_text(json.dumps({**SPEC, "argv": ["a"]}))  # in place: the others are the same file
    assert [identify(prefix).kernels[0].argv for prefix in prefixes] == [("a",)] * 3
    others[0].unlink()
    others[0].write_text(json.dumps({**SPEC, "argv": ["b"]}))
    assert [identify(prefix).kernels[0].argv for prefix in prefixes] == [("a",), ("b",), ("a",)]


def test_another_language_needs_no_python(tmp_path: Path) -> None:
    prefix = make(tmp_path / "r", records=("r-base-4.4.1-h0",))
    Path(python_paths(str(prefix))[0]).unlink()
    add_kernel(prefix, {"argv": ["R"], "display_name": "R", "language": "R"}, "ir")
    found = identify(prefix)
    assert (found.state, found.language, code(found)) == (State.READY, "R", None)


@pytest.mark.parametrize("dangling", [False, True])
def test_python_gone(tmp_path: Path, dangling: bool) -> None:
    prefix = make(tmp_path / "env")
    add_kernel(prefix)
    python = Path(python_paths(str(prefix))[0])
    python.unlink()
    if dangling:
        python.symlink_to("python3.11")
    found = identify(prefix)
    assert (found.state, code(found), found.python, found.kernels) == (State.BROKEN, "python-missing", None, ())
    assert found.python_version == "3.11"


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("{garbage", "is not JSON"),
        ("", "is not JSON"),
        ("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        (" " * (1 << 20) + "{}", "larger than 1 MiB"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ({"argv": ["a"], "language": "python"}, "lacks display_name"),
        ({"display_name": "a", "language": "python"}, "lacks argv"),
        ({"argv": ["a"], "display_name": "a"}, "lacks language"),
        ({**SPEC, "argv": []}, "argv"),
        ({**SPEC, "argv": "python"}, "argv"),
        ({**SPEC, "argv": ["python", 1]}, "argv"),
        ({**SPEC, "display_name": 1}, "display_name"),
        ({**SPEC, "language": ""}, "language"),
        ({**SPEC, "env": ["A"]}, "env"),
        ({**SPEC, "env": {"A": 1}}, "env"),
        ({**SPEC, "metadata": "x"}, "metadata"),
        ({**SPEC, "interrupt_mode": "shout"}, "interrupt_mode"),
        ({**SPEC, "kernel_protocol_version": 5}, "kernel_protocol_version"),
    ],
)
def test_a_broken_kernel_file_says_which_and_why(tmp_path: Path, spec: object, complaint: str) -> None:
    prefix = make(tmp_path / "env")
    file = add_kernel(prefix, spec)
    found = identify(prefix)
    assert (found.state, code(found), found.kernels) == (State.BROKEN, "kernel-broken", ())
    assert found.problem is not None
    assert complaint in found.problem.message
    assert str(file.relative_to(tmp_path)) in found.problem.message


def test_a_good_kernel_is_offered_beside_a_broken_one(tmp_path: Path) -> None:
    prefix = make(tmp_path / "env")
    add_kernel(prefix)
    add_kernel(prefix, "{", "other")
    found = identify(prefix)
    assert found.state is State.READY
    assert [kernel.name for kernel in found.kernels] == ["python3"]
    assert code(found) == "kernel-broken"


def test_null_counts_as_absent_and_stray_files_do_not_count(tmp_path: Path) -> None:
    prefix = make(tmp_path / "env")
    file = add_kernel(prefix, {**SPEC, "env": None, "metadata": None, "interrupt_mode": None})
    (file.parent.parent / "README").touch()
    (file.parent.parent / "empty").mkdir()
    found = identify(prefix)
    assert (found.state, found.problem, len(found.kernels)) == (State.READY, None, 1)


@posix_only
def test_a_pipe_in_place_of_a_kernel_file_does_not_hang(tmp_path: Path) -> None:
    prefix = make(tmp_path / "env")
    folder = prefix / "share" / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "kernel.json")
    assert code(identify(prefix)) == "kernel-broken"


def test_our_own_registration_is_no_kernel_of_the_environment(tmp_path: Path) -> None:
    """Else registering would change the signature, which would register again, and so on."""
    prefix = make(tmp_path / "env")
    add_kernel(prefix)
    before = identify(prefix)
    add_kernel(prefix, {**SPEC, "metadata": {"envlink": {"owner": "jupyter_envlink"}}}, "finance")
    after = identify(prefix)
    assert [kernel.name for kernel in after.kernels] == ["python3"]
    assert after.signature == before.signature


@pytest.mark.parametrize("half", ["empty", "bare history", "unlinking"])
def test_an_unfinished_installation(tmp_path: Path, half: str) -> None:
    prefix = make(tmp_path / "env", records=())
    add_kernel(prefix)
    meta = prefix / "conda-meta"
    if half == "empty":
        (meta / "history").unlink()
    elif half == "bare history":
        (meta / "history").write_text("")
    else:
        (meta / "python-3.11.7-h1_0.json").write_text("{}")
        (meta / "zlib-1-0.json.c~").write_text("{}")
    found = identify(prefix)
    assert (found.state, code(found), found.kernels) == (State.INCOMPLETE, "incomplete", ())


def test_an_environment_without_packages_or_without_history_is_whole(tmp_path: Path) -> None:
    empty = make(tmp_path / "empty", records=())
    Path(python_paths(str(empty))[0]).unlink()
    assert identify(empty).state is State.NO_KERNEL
    rattlers = make(tmp_path / "rattlers")
    (rattlers / "conda-meta" / "history").unlink()
    add_kernel(rattlers)
    found = identify(rattlers)
    assert (found.state, found.writable) == (State.READY, True)


ODD = ["a b", "q'u\"o", "$HOME", "[x]", "ünï-環境", "new\nline", "esc\x1b[31m", "back\\slash", "{not this}", "-rf", "*"]


@posix_only
@pytest.mark.parametrize("name", ODD)
def test_odd_paths_are_ready(tmp_path: Path, name: str) -> None:
    prefix = make(tmp_path / name)
    add_kernel(prefix)
    found = identify(prefix)
    assert (found.state, found.prefix) == (State.READY, os.path.realpath(prefix))
    assert found.name.isprintable()
    assert next(CondaLocator().discover(Roots((str(tmp_path),)))) == found.prefix


@posix_only
def test_a_path_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"bad\xff")
    try:
        prefix = make(tmp_path / name)
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    found = identify(prefix)
    assert found.name == "bad\N{REPLACEMENT CHARACTER}"
    assert found.id


@posix_only
def test_newline_in_a_prefix_really_works(tmp_path: Path) -> None:
    """ipykernel installs and argv starts from there, so such a path is not refused."""
    prefix = tmp_path / "new\nline"
    (prefix / "bin").mkdir(parents=True)
    shutil.copy(os.path.realpath(sys.executable), prefix / "bin" / "python")
    (prefix / "lib").symlink_to(Path(sys.base_prefix, "lib"))
    packages = os.pathsep.join(path for path in sys.path if path.endswith("-packages"))
    command = [str(prefix / "bin" / "python"), "-m", "ipykernel", "install", "--prefix", str(tmp_path), "--name", "odd"]
    environ = {**os.environ, "PYTHONPATH": packages, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    if "error while loading shared libraries" in done.stderr:
        pytest.skip("this Python cannot be copied")
    assert done.returncode == 0, done.stderr
    spec = json.loads((tmp_path / "share" / "jupyter" / "kernels" / "odd" / "kernel.json").read_text())
    assert spec["argv"][0] == command[0]


@posix_only
@pytest.mark.parametrize("name", ["{connection_file}", "x{resource_dir}y"])
def test_a_path_that_jupyter_would_rewrite(tmp_path: Path, name: str) -> None:
    prefix = make(tmp_path / name)
    add_kernel(prefix)
    assert (identify(prefix).state, code(identify(prefix))) == (State.BROKEN, "unsupported-path")


def test_labels() -> None:
    join = os.sep.join
    assert label(join(["", "data", "envs", "finance"])) == "finance"
    assert label(join(["", "data", "project", ".conda"])) == "project"
    assert label(join(["", ".conda"])) == ".conda"


def test_python_on_windows() -> None:
    first, second = python_paths("C", windows=True)
    assert first.endswith("python.exe")
    assert "Scripts" in second


AS_NOBODY = """
import os, sys
from jupyter_envlink.locators.conda import CondaLocator  # before: nobody may not be allowed to read this Python
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for prefix in sys.argv[1:]:
    found = CondaLocator().identify(prefix)
    print(found.state.value, found.problem and found.problem.code, found.writable, len(found.kernels))
"""


def as_nobody(*prefixes: Path, program: str = AS_NOBODY) -> list[str]:
    command = [sys.executable, "-c", program, *map(str, prefixes)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


@pytest.fixture
def open_path(tmp_path: Path) -> Path:
    """``tmp_path``, but others may go through it."""
    for folder in (tmp_path, *tmp_path.parents[:-1]):
        if folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 0o001:
            if "pytest" not in str(folder):
                pytest.skip(f"nobody may not enter {folder}")
            folder.chmod(0o755)
    return tmp_path


@posix_only
def test_permissions_are_reported(open_path: Path) -> None:
    names = (
        "prefix",
        "conda-meta",
        "conda-meta/history",
        "share/jupyter/kernels",
        "share/jupyter/kernels/python3/kernel.json",
    )
    prefixes = [make(open_path / f"env{i}") for i in range(len(names))]
    for prefix, name in zip(prefixes, names, strict=True):
        add_kernel(prefix)
        (prefix if name == "prefix" else prefix / name).chmod(0)
    try:
        lines = as_nobody(*prefixes)
    finally:
        for prefix in prefixes:
            subprocess.run(["chmod", "-R", "u+rwX", str(prefix)], check=True)
    assert lines == [
        "broken unreadable None 0",
        "broken unreadable None 0",
        "ready None False 1",
        "broken kernel-broken False 0" if os.getuid() == 0 else "broken kernel-broken True 0",
        "broken kernel-broken False 0" if os.getuid() == 0 else "broken kernel-broken True 0",
    ]


def changed(prefix: Path, change: Any) -> bool:
    before = CondaLocator().look(os.path.realpath(prefix))
    time.sleep(0.02)
    change()
    after = CondaLocator().look(os.path.realpath(prefix))
    assert before
    assert after
    return before.environment.signature != after.environment.signature


def test_the_signature_follows_packages_kernels_and_activation(tmp_path: Path) -> None:
    prefix = make(tmp_path / "env")
    file = add_kernel(prefix)
    scripts = prefix / "etc" / "conda" / "activate.d"
    meta = prefix / "conda-meta"
    assert not changed(prefix, lambda: None)
    assert changed(prefix, lambda: (meta / "zlib-1-0.json").write_text("{}"))
    assert changed(prefix, lambda: file.write_text(json.dumps({**SPEC, "display_name": "x"})))
    assert changed(prefix, lambda: add_kernel(prefix, name="second"))
    assert changed(prefix, lambda: scripts.mkdir(parents=True))
    assert changed(prefix, lambda: (scripts / "a.sh").write_text("export A=1"))
    assert changed(prefix, lambda: (scripts / "a.sh").write_text("export A=2 B=3"))
    assert changed(prefix, lambda: (meta / "state").write_text('{"env_vars": {}}'))
    assert changed(prefix, lambda: (meta / "state").write_text('{"env_vars": {"A": "1"}}'))
    assert not changed(prefix, lambda: (prefix / "lib").mkdir())


def age(prefix: Path) -> None:
    """As if nothing had been written for an hour: young evidence is never trusted."""
    then = time.time() - 3600
    for path in [prefix, *prefix.rglob("*")]:
        os.utime(path, (then, then), follow_symlinks=False)


def test_evidence_holds_until_something_changes(tmp_path: Path) -> None:
    prefix = Path(os.path.realpath(make(tmp_path / "env")))
    file = add_kernel(prefix)
    changes = [
        lambda: add_kernel(prefix, name="second"),
        lambda: file.write_text("{"),
        lambda: file.chmod(0o600),
        lambda: Path(python_paths(str(prefix))[0]).unlink(),
        lambda: (prefix / "etc" / "conda" / "activate.d").mkdir(parents=True),
        lambda: (prefix / "conda-meta" / "x-1-0.json").touch(),
        lambda: shutil.rmtree(prefix),
    ]
    for change in changes:
        age(prefix)
        found = CondaLocator().look(str(prefix))
        assert found
        assert found.evidence.holds()
        change()
        assert not found.evidence.holds()


def test_young_evidence_is_read_again(tmp_path: Path) -> None:
    prefix = make(tmp_path / "env")
    found = CondaLocator().look(os.path.realpath(prefix))
    assert found
    assert not found.evidence.holds()


def test_discovery_merges_what_is_one_and_skips_what_is_none(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path))
    inside = make(root / "envs" / "a")
    (root / "envs" / "link").symlink_to(inside, target_is_directory=True)
    (root / "envs" / "loop").symlink_to("loop")
    (root / "envs" / "file").touch()
    make(root / "envs" / ".envlink" / "staging" / "job")
    outside, staged = make(root / "project" / "env"), str(root / "envs" / ".envlink" / "trash" / "b")
    listed = (str(inside), str(outside), staged, str(root / "conda-bld" / "x" / "_h_env"))
    roots = Roots((str(root / "envs"), str(root / "gone"), str(root / "envs" / "file")), (str(outside),), listed)
    assert sorted(CondaLocator().discover(roots)) == [str(inside), str(outside)]


def test_two_spellings_of_one_folder_are_one_where_the_disk_says_so(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path))
    make(root / "envs" / "Finance")
    both = (str(root / "envs" / "Finance"), str(root / "envs" / "FINANCE"))
    found = list(CondaLocator().discover(Roots((), (), both)))
    same = Path(both[1]).exists()
    assert found == [both[0]] if same else found == list(both)


async def install(prefix: Path, channel: Channel, cache: Path, specs: list[str]) -> None:
    import rattler

    here = [rattler.Subdir.current(), rattler.Subdir("noarch")]
    virtual = rattler.VirtualPackage.detect()
    records = await rattler.solve([channel.conda_forge], specs, platforms=here, virtual_packages=virtual)
    await rattler.install(records, target_prefix=prefix, cache_dir=cache, show_progress=False)


def test_a_real_environment_and_its_python(tmp_path: Path, channel: Channel, package_cache: Path) -> None:
    prefix = tmp_path / "it's real"
    version = ".".join(map(str, sys.version_info[:3]))
    asyncio.run(install(prefix, channel, package_cache, [f"python={version}", "ipykernel"]))
    found = identify(prefix)
    assert (found.state, found.problem, found.python_version) == (State.READY, None, version.rpartition(".")[0])
    assert found.python is not None
    said = subprocess.run(
        [found.python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == found.prefix
    (prefix / "conda-meta" / "history").unlink(missing_ok=True)
    assert identify(prefix).state is State.READY
