from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.bindings import Binding
from jupyter_envlink.environment import Environment
from jupyter_envlink.errors import NotAllowed, NotFound
from jupyter_envlink.kernel_dirs import resource_names
from jupyter_envlink.kernelspecs import Link, link_all
from jupyter_envlink.registration import Registrar, Standing

from .channel import Channel
from .prefixes import environment, look_alike, python_kernel, r_kernel, real
from .writing import as_nobody, open_to_all, tree_of

WEIRD = "we ird $HOME [x] ü"
QUOTED = 'it\'s "d"'
NOTEBOOK_RUN = """
import sys, nbformat
from nbclient import NotebookClient
cells = [nbformat.v4.new_code_cell(sys.argv[2])]
notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": sys.argv[1], "display_name": ""}})
NotebookClient(notebook, timeout=60).execute()
sys.stdout.buffer.write(notebook.cells[0].outputs[0].text.encode())
"""


@pytest.fixture(scope="module")
def envs(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real environments, some at paths that break careless quoting."""
    folder = tmp_path_factory.mktemp("conda") / "envs"
    for name in (WEIRD, "plain"):
        real(channel.conda_forge, folder / name, ["python=3.11", "ipykernel"])
    # Cloned: quotes written into Python's own `_sysconfigdata`, as conda's rules want it, would break that.
    shutil.copytree(folder / "plain", folder / QUOTED, symlinks=True, copy_function=os.link)
    return folder


@pytest.fixture
def registrar(tmp_path: Path) -> Registrar:
    return Registrar(data_dir=str(tmp_path / "data"))


def _real(prefix: Path) -> Environment:
    folder = prefix / "share/jupyter/kernels/python3"
    content = json.loads((folder / "kernel.json").read_text())
    kernel = python_kernel(str(prefix), argv=tuple(content["argv"]), metadata=content["metadata"])
    return environment(str(prefix), name=prefix.name, kernels=(kernel,))


def _copied_kernel(tmp_path: Path, **changes: Any) -> Environment:
    """An environment whose kernel is not ipykernel: its registration starts nothing."""
    prefix = tmp_path / "envs" / "stats"
    folder = prefix / "share/jupyter/kernels/ir"
    if not folder.exists():
        folder.mkdir(parents=True)
        (folder / "logo-64x64.png").write_bytes(b"png")
        (folder / "logo-svg.svg").symlink_to("logo-64x64.png")
        (folder / "secret.txt").write_text("not for others")
    return environment(str(prefix), **{"kernels": (r_kernel(str(prefix)),), "python": None, **changes})


def _links(*environments: Environment, bound: dict[str, Binding] | None = None) -> tuple[Link, ...]:
    return link_all(environments, bound or {}, set())


def _written(registrar: Registrar, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((registrar.kernels_dir / name / "kernel.json").read_text())
    return content


def _run(registrar: Registrar, argv: Sequence[str]) -> str:
    """In a process that knows nothing of us but the data folder, and whose own environment would leak."""
    leaks = {"PYTHONPATH": "/nowhere", "CONDA_PREFIX": "/nowhere", "VIRTUAL_ENV": "/nowhere"}
    environ = {**os.environ, **leaks, "JUPYTER_DATA_DIR": registrar.data_dir}
    done = subprocess.run([sys.executable, *argv], env=environ, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", [WEIRD, QUOTED])
def test_every_jupyter_client_finds_and_runs_it(envs: Path, registrar: Registrar, name: str) -> None:
    env = _real(envs / name)
    script = envs / name / "etc/conda/activate.d/v.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text('export FROM_SCRIPT="$CONDA_PREFIX"\n')
    links = _links(env)
    assert registrar.reconcile(links, [env.prefix])
    assert not registrar.problems
    assert registrar.registered(links[0])

    listed = json.loads(_run(registrar, ["-m", "jupyter", "kernelspec", "list", "--json"]))["kernelspecs"]
    assert listed[links[0].name]["spec"]["display_name"] == f"{name} (Python 3.11)"
    assert set(listed) >= {"python3", links[0].name}

    code = "import os, sys, json; print(json.dumps([sys.prefix, sys.path, dict(os.environ)]))"
    prefix, path, seen = json.loads(_run(registrar, ["-c", NOTEBOOK_RUN, links[0].name, code]))
    assert prefix == seen["CONDA_PREFIX"] == seen["FROM_SCRIPT"] == env.prefix
    assert seen["CONDA_DEFAULT_ENV"] == name
    assert seen["PATH"].split(os.pathsep)[0] == os.path.join(env.prefix, "bin")
    assert "/nowhere" not in path


def test_it_is_what_ipykernel_wrote_with_our_record(envs: Path, registrar: Registrar) -> None:
    env = _real(envs / "plain")
    registrar.reconcile(_links(env), [env.prefix])
    written = _written(registrar, "plain")
    assert written["argv"][0] == env.python
    assert written["kernel_protocol_version"] == "5.5"
    assert written["metadata"]["debugger"] is True
    record = written["metadata"]["envlink"]
    assert (record["owner"], record["prefix"], record["id"], record["kernel"]) == (
        "jupyter_envlink", env.prefix, env.id, "python3",
    )  # fmt: skip
    assert "logo-svg.svg" in resource_names(str(registrar.kernels_dir / "plain"))
    assert not Path(registrar.data_dir, "envlink", "registration").exists()


def test_nothing_is_done_twice_but_a_change_is(envs: Path, registrar: Registrar) -> None:
    env = _real(envs / "plain")
    assert registrar.reconcile(_links(env), [env.prefix])
    before = (registrar.kernels_dir / "plain" / "kernel.json").stat()
    assert not registrar.reconcile(_links(env), [env.prefix])
    assert (registrar.kernels_dir / "plain" / "kernel.json").stat() == before
    changed = environment(env.prefix, name="plain", kernels=env.kernels, signature="2")
    assert registrar.reconcile(_links(changed), [env.prefix])


def test_another_language_is_copied_with_its_logos_as_files(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    assert registrar.reconcile(_links(env), [env.prefix])
    folder = registrar.kernels_dir / "stats"
    assert sorted(os.listdir(folder)) == ["kernel.json", "logo-64x64.png", "logo-svg.svg"]
    assert not (folder / "logo-svg.svg").is_symlink()
    assert _written(registrar, "stats")["language"] == "R"


def test_what_its_author_wrote_is_kept(tmp_path: Path, registrar: Registrar) -> None:
    says = {"debugger": True, "supported_encryption": ["curve"], "author": {"x": [1]}}
    prefix = _copied_kernel(tmp_path).prefix
    kernel = r_kernel(prefix, interrupt_mode="message", metadata=says, protocol_version="5.5")
    env = _copied_kernel(tmp_path, kernels=(kernel,))
    assert registrar.reconcile(_links(env), [env.prefix])
    written = _written(registrar, "stats")
    assert (written["interrupt_mode"], written["kernel_protocol_version"]) == ("message", "5.5")
    assert {key: written["metadata"][key] for key in says} == says


def test_one_that_fails_is_remembered_and_the_others_go_on(
    tmp_path: Path, registrar: Registrar, caplog: pytest.LogCaptureFixture
) -> None:
    broken = environment(str(look_alike(tmp_path / "envs" / "broken")))
    good = _copied_kernel(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert registrar.reconcile(_links(broken, good), [broken.prefix, good.prefix])
        assert not registrar.reconcile(_links(broken, good), [broken.prefix, good.prefix])
    assert registrar.registered(_links(good)[0])
    assert not registrar.registered(_links(broken)[0])
    assert set(registrar.problems) == {broken.id}
    assert broken.prefix in registrar.problems[broken.id].message
    assert len(caplog.records) == 1


def test_a_repaired_environment_is_tried_again(envs: Path, tmp_path: Path, registrar: Registrar) -> None:
    prefix = look_alike(tmp_path / "envs" / "later")
    broken = environment(str(prefix))
    registrar.reconcile(_links(broken), [broken.prefix])
    (prefix / "bin" / "python").write_text(f'#!/bin/sh\nexec "{envs}/plain/bin/python" "$@"\n')
    repaired = environment(str(prefix), signature="2")
    assert registrar.reconcile(_links(repaired), [repaired.prefix])
    assert not registrar.problems


def test_after_its_end_nothing_is_begun(tmp_path: Path, registrar: Registrar) -> None:
    """A server that stops does not wait for hundreds of registrations; the next one makes them."""
    links = _links(_copied_kernel(tmp_path))
    registrar.end()
    assert not registrar.reconcile(links, ())
    assert not list(registrar.kernels_dir.iterdir())
    assert registrar.problems == {}


def test_the_spec_of_an_environment_that_is_gone_goes(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    shutil.rmtree(env.prefix)
    assert registrar.reconcile((), [])
    assert not (registrar.kernels_dir / "stats").exists()


def test_a_failed_scan_removes_nothing(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    assert not registrar.reconcile((), [])
    assert registrar.registered(_links(env)[0])


def test_an_unmounted_disk_removes_nothing(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    os.rename(tmp_path / "envs", tmp_path / "elsewhere")
    assert not registrar.reconcile((), [])
    assert registrar.registered(_links(env)[0])


def test_a_detached_one_goes(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    assert registrar.reconcile(_links(env, bound={env.prefix: Binding("stats", False)}), [env.prefix])
    assert not (registrar.kernels_dir / "stats").exists()


def test_a_renamed_link_moves(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    assert registrar.reconcile(_links(env, bound={env.prefix: Binding("other")}), [env.prefix])
    assert os.listdir(registrar.kernels_dir) == ["other"]


@pytest.mark.parametrize("content", ['{"argv": ["x"], "display_name": "mine", "language": "x"}', "{ garbage", None])
def test_what_is_foreign_is_never_touched(tmp_path: Path, registrar: Registrar, content: str | None) -> None:
    foreign = registrar.kernels_dir / "stats"
    foreign.mkdir(parents=True)
    if content is not None:
        (foreign / "kernel.json").write_text(content)
    (foreign / "keep").write_text("me")
    env = _copied_kernel(tmp_path)
    assert not registrar.reconcile(_links(env), [env.prefix])
    registrar.reconcile((), [env.prefix])
    assert (foreign / "keep").read_text() == "me"
    assert str(foreign) in registrar.problems[env.id].message
    with pytest.raises(NotFound if content is None else NotAllowed):
        registrar.unregister(["stats"])


def test_a_person_s_copy_of_a_spec_of_ours_is_not_touched(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    copy = registrar.kernels_dir / "mine"
    shutil.copytree(registrar.kernels_dir / "stats", copy)
    before = tree_of(copy)
    assert registrar.over(_links(env), [env.prefix]) == []
    registrar.reconcile((), [env.prefix])
    assert os.listdir(registrar.kernels_dir) == ["mine"]
    assert tree_of(copy) == before
    with pytest.raises(NotAllowed):
        registrar.unregister(["mine"])


@pytest.mark.parametrize("linked", ["folder", "file"])
def test_a_link_is_not_touched_whatever_it_leads_to(tmp_path: Path, registrar: Registrar, linked: str) -> None:
    """Somebody keeps their specs in a repository, and one of them is what we have written ourselves."""
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    elsewhere, spec = tmp_path / "dotfiles", registrar.kernels_dir / "stats"
    spec.rename(elsewhere)
    if linked == "folder":
        spec.symlink_to(elsewhere)
    else:
        spec.mkdir()
        (spec / "kernel.json").symlink_to(elsewhere / "kernel.json")
    before, kept = tree_of(elsewhere), tree_of(registrar.kernels_dir)
    changed = environment(env.prefix, kernels=env.kernels, python=None, signature="2")
    assert registrar.standing(_links(env)[0]) is Standing.FOREIGN
    assert not registrar.reconcile(_links(changed), [env.prefix])
    assert not registrar.reconcile((), [env.prefix])
    with pytest.raises(NotAllowed):
        registrar.unregister(["stats"])
    assert (tree_of(elsewhere), tree_of(registrar.kernels_dir)) == (before, kept)


def test_what_pretends_to_be_ours_is_not_touched(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    spec = registrar.kernels_dir / "stats" / "kernel.json"
    written = _written(registrar, "stats")
    record = written["metadata"]["envlink"]
    for part in ({"owner": "jupyter_envlink"}, {**record, "id": "0" * 12}, {**record, "prefix": None}, [record]):
        spec.write_text(json.dumps({**written, "metadata": {"envlink": part}}))
        before = spec.read_bytes()
        assert not registrar.reconcile((), [env.prefix, "None"])
        assert registrar.standing(_links(env)[0]) is Standing.FOREIGN
        assert spec.read_bytes() == before


_AS_NOBODY = """
import filelock, json, sys
from pathlib import Path
from jupyter_envlink.registration import Registrar, Standing
from tests.registering import links
found = links(Path(sys.argv[2]), "2")
registrar = Registrar(data_dir=sys.argv[1])
nobody()
changed = registrar.reconcile(found, [link.environment.prefix for link in found])
gone = registrar.reconcile((), [link.environment.prefix for link in found])
said = list(registrar.problems.values()) + [registrar.unavailable]
print(json.dumps([changed, gone, [each and [each.code, each.message, each.remedy] for each in said]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="rights that a test can take away")
@pytest.mark.parametrize("locked", ["kernels", "kernels/stats", "envlink", "."])
def test_in_folders_that_may_not_be_written_nothing_changes(tmp_path: Path, locked: str) -> None:
    env = _copied_kernel(tmp_path)
    registrar = Registrar(data_dir=str(tmp_path / "data"))
    registrar.reconcile(_links(env), [env.prefix])
    Path(registrar.data_dir, "envlink", "registration.lock").unlink()
    before = tree_of(registrar.kernels_dir)
    with open_to_all(tmp_path):
        folder = Path(registrar.data_dir, locked)
        folder.chmod(0o555)
        for each in [folder / "envlink", folder / "kernels"] if locked == "." else []:
            each.chmod(0o555)
        done = as_nobody(_AS_NOBODY, registrar.data_dir, tmp_path / "envs")
        for each in (Path(registrar.data_dir), *Path(registrar.data_dir).iterdir(), registrar.kernels_dir / "stats"):
            each.chmod(0o755)
    assert done.returncode == 0, done.stderr
    changed, gone, said = json.loads(done.stdout)
    assert not changed
    assert not gone
    problems = [each for each in said if each]
    assert problems
    assert all(str(registrar.data_dir) in message + remedy for _, message, remedy in problems)
    assert {code for code, _, _ in problems} == {"registration-failed" if "kernels" in locked else "no-registration"}
    assert {name: value for name, value in tree_of(registrar.kernels_dir).items() if "/" in name} == {
        name: value for name, value in before.items() if "/" in name
    }


def test_how_a_link_stands(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    (link,) = _links(env)
    assert registrar.standing(link) is Standing.ABSENT
    registrar.reconcile([link], [env.prefix])
    assert registrar.standing(link) is Standing.REGISTERED
    assert registrar.standing(replace(link, display_name="renamed")) is Standing.OUTDATED
    assert registrar.standing(replace(link, own=Binding(attached=False))) is Standing.UNWANTED
    (registrar.kernels_dir / "stats" / "kernel.json").write_text("{}")
    assert registrar.standing(link) is Standing.FOREIGN


def test_unregister_removes_ours(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    registrar.reconcile(_links(env), [env.prefix])
    registrar.unregister(["stats"])
    assert not registrar.registered(_links(env)[0])
    with pytest.raises(NotFound):
        registrar.unregister(["stats"])


@pytest.mark.parametrize(
    ("register", "attached", "writable", "expected"),
    [
        ("all", None, True, True),
        ("all", None, False, False),
        ("all", True, False, True),
        ("attached", None, True, False),
        ("attached", True, True, True),
        ("none", True, True, False),
    ],
)
def test_modes(tmp_path: Path, register: str, attached: bool | None, writable: bool, expected: bool) -> None:
    registrar = Registrar(data_dir=str(tmp_path / "data"), register=register)
    env = _copied_kernel(tmp_path, writable=writable)
    links = _links(env, bound={env.prefix: Binding("stats", attached)})
    registrar.reconcile(links, [env.prefix])
    assert registrar.registered(links[0]) is expected


def test_the_rights_are_told_before_anything_is_tried(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    problem = Registrar(data_dir=str(tmp_path / "data")).obstacle()
    assert problem
    assert (problem.code, str(tmp_path / "data") in problem.message) == ("no-registration", True)
    assert Registrar(data_dir=str(tmp_path / "data"), register="none").obstacle() is None
    assert Registrar(data_dir=str(tmp_path / "other")).obstacle() is None
    assert not (tmp_path / "other").exists()


def test_without_the_right_to_write_it_says_so_and_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    registrar = Registrar(data_dir=str(tmp_path / "data"))
    env = _copied_kernel(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert not registrar.reconcile(_links(env), [env.prefix])
        assert not registrar.reconcile(_links(env), [env.prefix])
    assert registrar.unavailable is not None
    assert str(tmp_path / "data") in registrar.unavailable.remedy
    assert len(caplog.records) == 1
    (tmp_path / "data").unlink()
    assert registrar.reconcile(_links(env), [env.prefix])
    assert registrar.unavailable is None


def test_two_servers_at_once_do_it_once(tmp_path: Path, registrar: Registrar) -> None:
    env = _copied_kernel(tmp_path)
    both = [registrar, Registrar(data_dir=registrar.data_dir)]
    changed: list[bool] = []
    threads = [
        threading.Thread(target=lambda r=r: changed.append(r.reconcile(_links(env), [env.prefix]))) for r in both
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False, True]


def test_what_a_killed_server_left_half_made_is_swept(tmp_path: Path, registrar: Registrar) -> None:
    leftover = Path(registrar.data_dir, "envlink", "registration", "new-stats")
    leftover.mkdir(parents=True)
    env = _copied_kernel(tmp_path)
    assert registrar.reconcile(_links(env), [env.prefix])
    assert not leftover.parent.exists()


def test_a_hidden_environment_is_registered_with_the_person_s_own_title_and_variables(
    tmp_path: Path, registrar: Registrar
) -> None:
    env = _copied_kernel(tmp_path)
    bound = {env.prefix: Binding("stats", None, "My $tats", True, {"DATA": "/srv/$x"})}
    registrar.reconcile(_links(env, bound=bound), [env.prefix])
    written = _written(registrar, "stats")
    assert (written["display_name"], written["env"]["DATA"]) == ("My $tats", "/srv/$$x")
    bound[env.prefix] = replace(bound[env.prefix], variables={})
    assert registrar.reconcile(_links(env, bound=bound), [env.prefix])
    assert "DATA" not in _written(registrar, "stats")["env"]
