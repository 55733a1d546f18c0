"""Whoever is killed whenever, an environment is afterwards as it was or as it was asked to be, and nothing is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envlink import tree
from jupyter_envlink.disk import disk_error
from jupyter_envlink.errors import Conflict, DiskError
from jupyter_envlink.journal import Entry, open_entries
from jupyter_envlink.locks import lock
from jupyter_envlink.recovery import recover, tidy
from jupyter_envlink.transaction import change
from tests.crashes import JOB, NEW, OLD, SCENARIOS, content, make, write
from tests.writing import as_nobody, litter, open_to_all, tree_of

posix = pytest.mark.skipif(os.name == "nt", reason="fork, symbolic links")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An environments folder with one environment."""
    write(tmp_path / "envs" / "env", OLD)
    return tmp_path / "envs"


@pytest.fixture
def fast_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where that is possible: a thousand trees are written."""
    shm = Path("/dev/shm")
    folder = shm / f"envlink-crashes-{os.getpid()}" if os.access(shm, os.W_OK) else tmp_path / "crashes"
    yield folder
    tree.delete(str(folder))


@posix
@pytest.mark.parametrize(
    "scenario", [*SCENARIOS, "update --three-renames", "failing-update --three-renames"], ids=lambda name: name
)
def test_dying_at_any_change_to_the_disk_loses_nothing(scenario: str, fast_folder: Path) -> None:
    name, *options = scenario.split()
    argv = [sys.executable, "-m", "tests.crashes", name, str(fast_folder), *options]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=100, check=False)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15


_OWNER = """
import sys
from pathlib import Path
from jupyter_envlink.transaction import change
from tests import crashes

root, stop = sys.argv[1], sys.argv[2]
class Waiting(crashes.Transaction):
    def step(self, name):
        super().step(name)
        if name == stop:
            print(name, flush=True)
            sys.stdin.readline()
import jupyter_envlink.transaction as module
module.Transaction = Waiting
crashes.SCENARIOS[sys.argv[3]][0](Path(root))
"""


@posix
@pytest.mark.parametrize(
    ("scenario", "step"),
    [(name, step) for name, step in (("create", "staging"), ("create", "placing"), ("update", "exchanging"))]
    + [("remove", "moving"), ("remove", "committed"), ("rename", "placing"), ("rename", "leaving")],
)
def test_the_work_of_a_live_process_is_left_alone(tmp_path: Path, scenario: str, step: str) -> None:
    root = tmp_path / "envs"
    _, before, allowed = SCENARIOS[scenario]
    root.mkdir()
    if before:
        write(root / "env", before)
    argv = [sys.executable, "-c", _OWNER, str(root), step, scenario]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().strip() == step
        here = tree_of(root)

        recovered = [recover(str(root)) for _ in range(3)]
        with pytest.raises(Conflict) as refused, change(str(root), str(root / "env"), "another", "remove"):
            pass

        assert recovered == [[], [], []]
        assert refused.value.code == "busy"
        assert tree_of(root) == here
        owner.communicate("go on\n", timeout=20)

    assert owner.returncode == 0
    assert content(root / ("renamed" if scenario == "rename" else "env")) == allowed[-1]
    assert litter(root) == []


@posix
def test_recovering_again_and_again_does_not_disturb_those_who_work(tmp_path: Path) -> None:
    root = tmp_path / "envs"
    root.mkdir()
    code = (
        "import sys; from pathlib import Path; from tests import crashes as c; root = Path(sys.argv[1])\n"
        "import itertools; ids = map(str, itertools.count())\n"
        "class Numbered(c.Transaction):\n"
        "    def __init__(self, root, prefix, job, *more): super().__init__(root, prefix, next(ids), *more)\n"
        "import jupyter_envlink.transaction as t; t.Transaction = Numbered\n"
        "def whole(): return {**c.NEW, c.MARK: c.content(root / 'env')[c.MARK]}\n"
        "for _ in range(30):\n"
        "    c.create(root); c.update(root); assert c.content(root / 'env') == whole()\n"
        "    try: c.failing_update(root)\n"
        "    except KeyError: pass\n"
        "    c.remove(root); assert c.content(root / 'env') is None\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(root)], stderr=subprocess.PIPE, text=True) as worker:
        while worker.poll() is None:
            assert recover(str(root)) == []
            time.sleep(0.001)
        assert worker.stderr is not None
        assert worker.stderr.read() == ""
    assert worker.returncode == 0
    recover(str(root))
    assert litter(root) == []


def test_an_environment_that_is_there_survives_the_creation_of_its_like(root: Path) -> None:
    with pytest.raises(Conflict) as refused, change(str(root), str(root / "env"), JOB, "create") as made:
        write(Path(made.staging), {"bin/python": "new"})
        made.place()

    assert refused.value.code == "exists"
    assert content(root / "env") == OLD
    assert litter(root) == []


def test_an_entry_that_is_open_tells_the_catalog_and_a_closed_one_does_not(root: Path) -> None:
    with change(str(root), str(root / "new"), JOB, "create"):
        assert open_entries(str(root)) == {os.path.realpath(root / "new"): "create"}

    assert open_entries(str(root)) == {}


def test_one_prefix_has_one_writer_by_whatever_path(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root, target_is_directory=True)

    with lock(str(root), str(root / "env")):
        with pytest.raises(Conflict), lock(str(tmp_path / "link"), str(tmp_path / "link" / "env")):
            pass
        with lock(str(root), str(root / "other")):
            pass


def entry(root: Path, name: str = JOB, **changed: object) -> Path:
    """An entry as a killed process may have left it, or somebody may have forged it."""
    path = root / ".envlink" / "journal" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = str(root / ".envlink" / "staging" / name / "env")
    found = {"job": name, "operation": "remove", "prefix": str(root / "env"), "staging": staging, "step": "committed"}
    path.write_text(json.dumps({**found, **changed}))
    return path


def test_an_entry_cannot_name_what_is_deleted(root: Path, tmp_path: Path) -> None:
    write(tmp_path / "home", {"thesis.txt": "years of work"})
    entry(root, staging=str(tmp_path / "home"))

    assert [found.job for found in recover(str(root))] == [JOB]
    assert content(tmp_path / "home") == {"thesis.txt": "years of work"}
    assert content(root / "env") == OLD


@pytest.mark.parametrize(
    "changed",
    [
        {"prefix": "ELSEWHERE/env", "step": "placing"},
        {"job": "../../../home", "step": "committed"},
        {"job": 5},
        {"step": None},
        {"prefix": "ROOT/.envlink"},
        {"prefix": "ROOT/.."},
        {"more": "than is known"},
    ],
)
def test_a_forged_entry_is_passed_over(root: Path, tmp_path: Path, changed: dict[str, object]) -> None:
    write(tmp_path / "elsewhere" / "env", NEW)
    places = {"ELSEWHERE": str(tmp_path / "elsewhere"), "ROOT": str(root)}
    for word, place in places.items():
        changed = {
            key: value.replace(word, place) if isinstance(value, str) else value for key, value in changed.items()
        }
    path = entry(root, **changed)
    write(root / ".envlink" / "staging" / JOB, {"env/file": "of the forged job"})

    assert recover(str(root)) == []
    assert path.exists()
    assert content(tmp_path / "elsewhere" / "env") == NEW
    assert content(root / "env") == OLD
    assert content(root / ".envlink" / "staging" / JOB) == {"env/file": "of the forged job"}


@posix
@pytest.mark.parametrize("link", [".envlink", ".envlink/staging", ".envlink/trash"])
def test_no_link_leads_the_clean_up_out_of_its_folder(root: Path, tmp_path: Path, link: str) -> None:
    for name in ("staging/documents", "trash/documents", "documents"):
        write(tmp_path / "home" / name, {"thesis.txt": "years of work"})
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(tmp_path / "home", target_is_directory=True)
    before = tree_of(tmp_path / "home")

    recover(str(root))

    assert tree_of(tmp_path / "home") == before


@pytest.mark.parametrize("place", [".envlink", ".envlink/journal", ".envlink/staging", ".envlink/trash"])
def test_a_file_in_the_place_of_a_folder_stops_no_recovery(root: Path, place: str) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text("not ours")

    assert recover(str(root)) == []
    assert content(root / "env") == OLD


@pytest.mark.parametrize("place", [".envlink", ".envlink/journal", ".envlink/staging", ".envlink/locks"])
def test_a_file_in_the_place_of_a_folder_is_named(root: Path, place: str) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text("not ours")

    with pytest.raises(DiskError) as refused, change(str(root), str(root / "new"), JOB, "create"):
        pass

    assert refused.value.code == "in-the-way"
    assert str(root / ".envlink") in refused.value.message


def test_garbage_among_the_entries_hinders_none_of_the_others(root: Path) -> None:
    journal = root / ".envlink" / "journal"
    journal.mkdir(parents=True)
    for name, data in (
        ("a.json", b"{"),
        ("b.json", b"\xff\xfe"),
        ("c.json", b"[" * 9999),
        ("d.json", b"null"),
        ("e", b""),
    ):
        (journal / name).write_bytes(data)
    (journal / "folder.json").mkdir()
    entry(root, "z", step="moving", prefix=str(root / "gone"))
    write(root / ".envlink" / "staging" / "z" / "gone", OLD)

    assert [found.job for found in recover(str(root))] == ["z"]
    assert content(root / "gone") == OLD


def test_what_nobody_claims_is_swept_away(root: Path) -> None:
    write(root / ".envlink", {"staging/a/env/file": "", "trash/b/env/file": "", "staging/c": "a file", "trash/d": ""})
    write(root / ".envlink" / "journal", {".JOB.json.12345678.envlink-new": "half"})

    recover(str(root))

    assert litter(root) == []


def test_a_root_that_is_not_there_has_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(str(tmp_path / "nowhere")) == []


@posix
def test_one_entry_that_cannot_be_ended_does_not_keep_the_others_from_it(root: Path) -> None:
    """As in a shared folder where another account's worker was killed."""
    for job in ("a", "b", "c"):
        entry(root, job, step="moving", prefix=str(root / f"env-{job}"))
        write(root / ".envlink" / "staging" / job / f"env-{job}", OLD)
    code = (
        "import filelock\nfrom jupyter_envlink.recovery import recover\nnobody()\nos.chmod(sys.argv[2], 0o500)\n"
        "try: recover(sys.argv[1])\n"
        "except OSError as e: print(type(e).__name__)\n"
        "os.chmod(sys.argv[2], 0o700)"
    )
    with open_to_all(root):
        done = as_nobody(code, root, root / ".envlink" / "staging" / "b")

    assert (done.stdout, done.stderr) == ("PermissionError\n", "")
    assert [content(root / f"env-{job}") for job in ("a", "b", "c")] == [OLD, None, OLD]
    assert recover(str(root))
    assert content(root / "env-b") == OLD


@posix
def test_a_folder_that_may_not_be_written_is_named(root: Path) -> None:
    code = (
        "import filelock\nfrom jupyter_envlink.transaction import change\n"
        "from jupyter_envlink.errors import DiskError\nnobody()\n"
        "os.chmod(sys.argv[1], 0o500)\n"
        "try:\n    with change(sys.argv[1], sys.argv[1] + '/new', 'job', 'create'): pass\n"
        "except DiskError as e: print(e.code, '|', e.message, '|', e.remedy)"
    )
    with open_to_all(root):
        done = as_nobody(code, root)

    assert done.stdout.startswith("not-writable | "), done.stderr
    assert str(root) in done.stdout
    assert content(root / "env") == OLD


@posix
def test_what_may_not_be_deleted_is_told_and_tried_again(root: Path) -> None:
    """A file that another account has put into the environment."""
    if os.getuid() != 0:
        pytest.skip("needs a second account")
    code = (
        "import filelock\nfrom jupyter_envlink.transaction import change\n"
        "from jupyter_envlink.recovery import empty_trash\nnobody()\n"
        "with change(sys.argv[1], sys.argv[1] + '/env', 'job', 'remove') as t:\n"
        "    t.move_away()\n    t.commit()\n"
        "print(empty_trash(sys.argv[1], 'job'))"
    )
    with open_to_all(root):
        os.chown(root / "env" / "lib", 0, 0)
        done = as_nobody(code, root)

    assert (done.stdout.strip(), done.stderr) == (str(root / ".envlink" / "trash" / "job"), "")
    assert content(root / "env") is None
    recover(str(root))
    assert litter(root) == []


def test_an_unexpected_fault_of_the_disk_is_not_called_something_else() -> None:
    fault = OSError(5, "Input/output error", "/somewhere")

    assert disk_error(fault, "/root") is fault


def test_one_who_waits_for_a_lock_does_not_lose_it_to_the_tidying_of_another(tmp_path: Path) -> None:
    """Each takes the folder away after its turn; never are two inside, and in the end nothing is left."""
    prefix, inside, together = str(tmp_path / "env"), [0], []

    def work() -> None:
        for _ in range(50):
            with lock(str(tmp_path), prefix, 30):
                inside[0] += 1
                together.append(inside[0])
                time.sleep(0.0005)
                inside[0] -= 1
            tidy(str(tmp_path))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert together == [1] * 150
    assert list(tmp_path.iterdir()) == []


def test_what_is_going_on_is_not_tidied_away(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    with change(str(tmp_path), str(tmp_path / "env"), "20260101-000000-abcdef01", "install-kernel"):
        before = sorted(path for path in (tmp_path / ".envlink").rglob("*"))
        tidy(str(tmp_path))
        assert sorted(path for path in (tmp_path / ".envlink").rglob("*")) == before
    tidy(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["env"]


@posix
def test_a_link_that_bears_our_folders_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs" / "journal").mkdir(parents=True)
    (tmp_path / ".envlink").symlink_to("theirs")
    tidy(str(tmp_path))
    assert (tmp_path / ".envlink" / "journal").is_dir()


@posix
@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_two_users_of_one_folder_keep_out_of_each_others_way(root: Path, mode: int) -> None:
    """Who comes second waits while the first one is at work, and works once it is done, whoever they are."""
    if os.getuid() != 0:
        pytest.skip("needs a second account")
    code = (
        "import filelock\nfrom jupyter_envlink.transaction import change\nfrom jupyter_envlink.errors import Conflict\n"
        "nobody()\nroot = sys.argv[1]\n"
        "try:\n"
        "    with change(root, root + '/new', '20260101-000000-00000002', 'create') as made:\n"
        "        os.mkdir(made.staging)\n        made.place()\n        made.commit()\n"
        "except Conflict as error: print(error.code)\n"
        "else: print('made')"
    )
    open_to_all(root)
    os.chown(root, 0, 0)
    root.chmod(mode)
    with lock(str(root), str(root / "new")):
        during = as_nobody(code, root)
    after = as_nobody(code, root)
    assert (during.stdout, during.stderr) == ("busy\n", "")
    assert (after.stderr, after.stdout) == ("", "made\n")
    with lock(str(root), str(root / "new")):
        pass


@pytest.mark.parametrize("commits", [True, False])
def test_what_has_been_done_is_told_so_though_its_entry_cannot_be_closed(
    root: Path, monkeypatch: pytest.MonkeyPatch, commits: bool
) -> None:
    def fails(entry: object, envs_root: str) -> None:
        raise PermissionError(13, "Permission denied", envs_root)

    with monkeypatch.context() as patch:
        patch.setattr(Entry, "close", fails)
        with change(str(root), str(root / "new"), JOB, "create") as transaction:
            if commits:
                make(transaction)
                transaction.place()
                transaction.commit()
        assert litter(root) != []
    assert str(root / "new") not in open_entries(str(root)) or not commits

    recover(str(root))
    assert content(root / "new") == (NEW if commits else None)
    assert litter(root) == []
