"""An environment that was cloned to another place works there, alone, and the original stays as it was."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import venv
from pathlib import Path

import pytest

from jupyter_envlink.conda_records import publish
from jupyter_envlink.errors import Conflict
from jupyter_envlink.relocation import Relocation, clone_to, spellings

from . import venvs
from .channel import Channel
from .chaos.wholeness import faults
from .conftest import Machine
from .test_operations import bare, output
from .writing import as_nobody, holding, open_to_all, tree_of

posix = pytest.mark.skipif(os.name == "nt", reason="hard links, scripts")


@pytest.fixture
def original(machine: Machine, channel: Channel) -> Path:
    """A conda environment with text and a binary that hold the prefix, entry points, and things of a person's own."""
    specs = ("ipykernel", *(f"envlink-{name}" for name in ("text-prefix", "binary-prefix", "hello", "activate")))
    prefix = bare(machine.envs / "demo", channel, *specs)
    (prefix / "conda-meta" / "state").write_text(json.dumps({"env_vars": {"DATA": f"{prefix}/data"}}))
    (prefix / "data").mkdir()
    (prefix / "data" / "mine.txt").write_text("mine")
    (prefix / "data" / "where.sh").write_text(f"cd {prefix}/data; cd {prefix}-other\n")
    (prefix / "data" / "absolute").symlink_to(prefix / "data" / "mine.txt")
    (prefix / "data" / "relative").symlink_to("mine.txt")
    (prefix / "data" / "empty").touch()
    (prefix / "data" / "rights").mkdir(0o750)
    return prefix


def relocated(source: Path, target: Path, **options: bool) -> Relocation:
    return clone_to(str(source), str(target), spellings(str(source)), str(target), **options)


def with_pip(prefix: Path) -> Path:
    """As ``python -m venv`` makes it, with the pip that Python brings."""
    venv.create(prefix, symlinks=True, with_pip=True, prompt="its project")
    return prefix


def replaced(path: Path, content: bytes) -> None:
    """As an editor saves it: the package's own file, which lies in the cache too, is not written into."""
    path.unlink()
    path.write_bytes(content)


def packaged(prefix: Path, name: str) -> Path:
    return next(prefix.glob(f"lib/python*/site-packages/{name}"))


@posix
def test_the_clone_works_when_the_original_is_gone(original: Path, tmp_path: Path) -> None:
    clone = tmp_path / "elsewhere and Ünïcode" / "a-longer-name"
    clone.parent.mkdir()

    done = relocated(original, clone)

    shutil.rmtree(original)
    assert output(clone, "-c", "import sys, ipykernel; print(sys.prefix)") == str(clone)
    assert subprocess.check_output([clone / "bin/envlink-hello"], text=True) == "hello from envlink\n"
    assert (clone / "share/envlink/prefix.txt").read_text().startswith(f"prefix={clone}\n")
    assert (clone / "share/envlink/prefix.bin").read_bytes().find(os.fsencode(clone) + b"/share/envlink\0") > 0
    assert (clone / "data" / "absolute").read_text() == "mine"
    assert json.loads((clone / "conda-meta/state").read_text()) == {"env_vars": {"DATA": f"{clone}/data"}}
    assert (clone / "data/where.sh").read_text() == f"cd {clone}/data; cd {original}-other\n"
    left = [path for path in holding(clone, f"{original}/") if not path.endswith(".pyc")]
    assert (left, done.unchanged) == ([], [])


@posix
def test_the_original_is_untouched_whatever_happens_in_the_clone(original: Path, tmp_path: Path) -> None:
    output(original, "-m", "compileall", "-q", str(packaged(original, "ipykernel")))
    before = tree_of(original)

    relocated(original, tmp_path / "clone")
    for path in (tmp_path / "clone").rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_nlink == 1:
            path.write_text("written into, in place")

    assert tree_of(original) == before


@posix
def test_from_another_file_system_everything_is_copied(original: Path, tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=memory) as other:
        target = Path(other, "copy")

        relocated(original, target)

        shutil.rmtree(original)
        assert output(target, "-c", "import sys, ipykernel; print(sys.prefix)") == str(target)
        assert holding(target, f"{original}/") == []


@posix
def test_another_persons_environment_is_cloned_by_who_may_only_read_it(original: Path, tmp_path: Path) -> None:
    """Linux lets nobody link to what is another's (``fs.protected_hardlinks``): then it is a copy."""
    publish(str(original))
    (original / "data/rights").chmod(0o755)
    before, own = tree_of(original), tmp_path / "own"
    own.mkdir()
    code = (
        "from jupyter_envlink.relocation import clone_to, spellings\n"
        "nobody()\nsource, target = sys.argv[1:]\n"
        "clone_to(source, target, spellings(source), target)"
    )

    with open_to_all(own):
        done = as_nobody(code, original, own / "copy")

    assert done.stderr == ""
    assert tree_of(original) == before
    assert output(own / "copy", "-c", "import sys, ipykernel; print(sys.prefix)") == str(own / "copy")
    if os.getuid() == 0:
        assert (own / "copy/bin/python").stat().st_uid != 0


@posix
def test_only_what_packages_brought_as_it_is_and_compiled_modules_are_shared(original: Path, tmp_path: Path) -> None:
    output(original, "-m", "compileall", "-q", str(packaged(original, "ipykernel")))
    changed, edited = packaged(original, "ipykernel/connect.py"), packaged(original, "ipykernel/embed.py")
    replaced(changed, changed.read_bytes() + b"# longer\n")
    replaced(edited, edited.read_bytes()[:-2] + b"#\n")

    relocated(original, tmp_path / "clone")

    def shares(path: Path) -> bool:
        return os.path.samefile(path, tmp_path / "clone" / path.relative_to(original))

    assert shares(packaged(original, "ipykernel/kernelapp.py"))
    assert shares(next(packaged(original, "ipykernel/__pycache__").glob("kernelapp.*.pyc")))
    own = ["data/mine.txt", "conda-meta/history", "bin/envlink-hello", "share/envlink/prefix.txt"]
    assert not any(map(shares, [*(original / name for name in own), changed, edited]))


@posix
def test_records_say_what_the_files_are_now(original: Path, tmp_path: Path) -> None:
    replaced(original / "share/envlink/prefix.txt", f"somebody has changed it, in {original}\n".encode())

    relocated(original, tmp_path / "clone")

    wrong = set(_unlike_their_records(tmp_path / "clone"))
    assert wrong == {"share/envlink/prefix.txt"}


def _unlike_their_records(prefix: Path) -> list[str]:
    """As ``conda doctor`` finds altered files."""
    found = []
    for record in (prefix / "conda-meta").glob("*.json"):
        for each in json.loads(record.read_text())["paths_data"]["paths"]:
            said = each.get("sha256_in_prefix") or each["sha256"]
            path = prefix / each["_path"]
            if not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() != said:
                found.append(each["_path"])
    return found


@posix
def test_a_module_that_holds_the_prefix_is_compiled_again(original: Path, tmp_path: Path) -> None:
    """The compiled one is told to be stale by a size and a time in whole seconds: both may be the same."""
    module = packaged(original, "ipykernel").parent / "where.py"
    module.write_text(f"PREFIX = {str(original)!r}\n")
    output(original, "-m", "compileall", "-q", str(module))
    assert output(original, "-c", "import where; print(where.PREFIX)") == str(original)
    clone = original.with_name("dema")

    relocated(original, clone)

    assert output(clone, "-c", "import where; print(where.PREFIX)") == str(clone)


@posix
def test_files_that_name_the_place_by_way_of_a_link_are_found_out(
    machine: Machine, channel: Channel, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(machine.envs)
    machine.envs.mkdir()
    bare(tmp_path / "link" / "demo", channel, "envlink-hello")
    assert (machine.envs / "demo/bin/envlink-hello").read_text().startswith(f"#!{tmp_path}/link/demo/")

    relocated(machine.envs / "demo", tmp_path / "clone")

    assert (tmp_path / "clone/bin/envlink-hello").read_text().startswith(f"#!{tmp_path}/clone/")


@posix
def test_a_virtual_environment_works_at_its_new_place_and_shares_nothing(tmp_path: Path) -> None:
    source, clone = with_pip(tmp_path / "project" / ".venv"), tmp_path / "clone"
    venvs.add_kernel(source, {**venvs.KERNEL, "argv": [f"{source}/bin/python", "-m", "x"]})
    before = tree_of(source)

    relocated(source, clone)

    assert tree_of(source) == before
    shutil.rmtree(source)
    assert output(clone, "-c", "import sys; print(sys.prefix)") == str(clone)
    assert f"from {clone}/" in subprocess.check_output([clone / "bin/pip", "--version"], text=True)
    activated = ["sh", "-c", f". {clone}/bin/activate && python -c 'import sys; print(sys.prefix)'"]
    assert subprocess.check_output(activated, text=True) == f"{clone}\n"
    assert [path for path in holding(clone, str(source)) if not path.endswith(".pyc")] == []
    assert not [p for p in clone.rglob("*") if p.is_file() and p.suffix != ".pyc" and p.lstat().st_nlink > 1]


@posix
@pytest.mark.parametrize("moves", [False, True])
def test_what_pip_has_recorded_is_true_in_the_clone(tmp_path: Path, moves: bool) -> None:
    source, clone = with_pip(tmp_path / "venv"), tmp_path / "clone"
    before = tree_of(source)
    assert list(faults(source)) == []

    done = relocated(source, clone, moves=moves)

    assert "bin/pip" in done.rewritten
    assert (list(faults(clone)), tree_of(source)) == ([], before)


@posix
def test_an_editable_installation_still_leads_to_its_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "edited"\nversion = "1"\n')
    (project / "edited.py").write_text("WORD = 'first'\n")
    source, clone = with_pip(tmp_path / "venv"), tmp_path / "clone"
    finder = next(source.glob("lib/python*/site-packages")) / "__editable___edited.pth"
    finder.write_text(f"{project}\n{source}/src\n")

    relocated(source, clone)

    (project / "edited.py").write_text("WORD = 'second'\n")
    assert output(clone, "-c", "import edited; print(edited.WORD)") == "second"
    assert (clone / finder.relative_to(source)).read_text() == f"{project}\n{clone}/src\n"


@posix
def test_a_moving_environment_shares_all_that_stays_the_same(original: Path, tmp_path: Path) -> None:
    relocated(original, tmp_path / "clone", moves=True)

    assert os.path.samefile(original / "data/mine.txt", tmp_path / "clone/data/mine.txt")
    assert not os.path.samefile(original / "conda-meta/history", tmp_path / "clone/conda-meta/history")


@posix
def test_a_binary_without_room_for_the_new_place_is_told(original: Path, tmp_path: Path) -> None:
    (original / "lib/own.so").write_bytes(b"\x7fELF\0" + os.fsencode(original) + b"/lib\0more")
    new = original.with_name("demos")

    with pytest.raises(Conflict) as refused:
        relocated(original, new)

    assert refused.value.code == "prefix-too-long"
    assert "own.so" in refused.value.message
    assert refused.value.remedy == "Choose a name of at most 4 bytes."


@posix
def test_what_cannot_be_rewritten_is_copied_as_it_is_and_told(original: Path, tmp_path: Path) -> None:
    (original / "data/cache.db").write_bytes(b"SQLite format 3\0" + os.fsencode(original) + b"\0")

    done = relocated(original, tmp_path / "clone")

    assert done.unchanged == ["data/cache.db"]
    assert (tmp_path / "clone/data/cache.db").read_bytes() == (original / "data/cache.db").read_bytes()


@posix
def test_modes_and_times_come_along(original: Path, tmp_path: Path) -> None:
    done = relocated(original, tmp_path / "clone")

    for path in [original, *original.rglob("*")]:
        if not path.is_symlink():
            other = tmp_path / "clone" / path.relative_to(original)
            assert other.stat().st_mode == path.stat().st_mode, path
            if str(path.relative_to(original)) not in done.rewritten and path.is_file():
                assert other.stat().st_mtime_ns == path.stat().st_mtime_ns, path
