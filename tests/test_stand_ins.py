"""Which kernels stand in for which environments, and under which names."""

from __future__ import annotations

import json
import shutil
import venv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.kernel_dirs import KernelDirs, StoredSpec, claim
from jupyter_envlink.menu import KernelMenu
from jupyter_envlink.offer import Offer
from jupyter_envlink.stand_in.explanation import VARIABLE, Explanation
from jupyter_envlink.stand_in.kernel import _plain, _text
from jupyter_envlink.stand_in.languages import language_info
from jupyter_envlink.stand_in.launch import _offer

from .menus import menu_of, two_environments
from .prefixes import PYTHON_ARGV, look_alike

R = {"argv": ["R", "-e", "IRkernel::main()", "--args", "{connection_file}"], "display_name": "R", "language": "R"}


@pytest.fixture
def envs(tmp_path: Path) -> Path:
    return two_environments(tmp_path)


@pytest.fixture
def menu(envs: Path, tmp_path: Path) -> KernelMenu:
    return _menu(tmp_path)


def _menu(tmp_path: Path, **options: Any) -> KernelMenu:
    """A server's, which has listed what is there."""
    made = menu_of(tmp_path, **options)
    made.settle()
    return made


def _explained(offer: Offer | None) -> Explanation:
    assert offer is not None
    assert offer.explanation is not None, f"{offer.name} is no stand-in"
    return offer.explanation


def _without_python(prefix: Path) -> None:
    (prefix / "bin" / "python").unlink()


def _seen_again(menu: KernelMenu) -> KernelMenu:
    menu.catalog.refresh()
    menu.settle()
    return menu


def test_a_broken_one_stays_in_the_menu_and_says_so(menu: KernelMenu, envs: Path) -> None:
    """Else JupyterLab would start the only other Python kernel for its notebooks, and say nothing."""
    _without_python(envs / "finance")
    models = _seen_again(menu).models()
    assert list(models) == ["finance", "python3", "stats"]
    spec = models["finance"]["spec"]
    assert spec["display_name"] == "finance (Python 3.11): broken"
    assert spec["language"] == "python"
    assert spec["metadata"]["envlink"]["problem"] == "python-missing"
    json.dumps(models)


def test_the_state_is_in_the_title(menu: KernelMenu, envs: Path) -> None:
    shutil.rmtree(envs / "finance" / "share" / "jupyter" / "kernels")
    (envs / "stats" / "conda-meta" / "python-3.11.7-0.json.c~").write_text("")
    shutil.rmtree(envs / "stats" / "share")
    titles = {name: model["spec"]["display_name"] for name, model in _seen_again(menu).models().items()}
    assert titles["finance"] == "finance (Python 3.11): no kernel"
    assert titles["stats"] == "stats (Python 3.11): unfinished"


def test_its_links_are_none(menu: KernelMenu, envs: Path) -> None:
    """What is not ready is neither registered on the disk nor counted as running."""
    _without_python(envs / "finance")
    assert [link.name for link in _seen_again(menu).links()] == ["stats"]


def test_one_that_never_had_a_kernel_is_not_listed(envs: Path, tmp_path: Path) -> None:
    look_alike(envs / "bad", "{ garbage")
    menu = _menu(tmp_path)
    assert list(menu.models()) == ["finance", "python3", "stats"]
    assert menu.find("bad") is None


def test_a_detached_one_is_not_listed(menu: KernelMenu, envs: Path) -> None:
    menu.detach(next(e.id for e in menu.catalog.snapshot.environments if e.name == "finance"))
    _without_python(envs / "finance")
    assert list(_seen_again(menu).models()) == ["python3", "stats"]
    assert menu.find("finance") is None


def test_a_hidden_one_is_not_listed_but_found(menu: KernelMenu, envs: Path) -> None:
    menu.bindings.change(str(envs / "finance"), lambda known: replace(known, hidden=True))
    _without_python(envs / "finance")
    assert list(_seen_again(menu).models()) == ["python3", "stats"]
    assert _explained(menu.find("finance")).kernel == "finance"


def test_it_keeps_the_person_s_own_title(menu: KernelMenu, envs: Path) -> None:
    menu.bindings.change(str(envs / "finance"), lambda known: replace(known, title="Money"))
    title = menu.models()["finance"]["spec"]["display_name"]
    _without_python(envs / "finance")
    assert _seen_again(menu).models()["finance"]["spec"]["display_name"] == f"{title}: broken"


@pytest.mark.parametrize("name", ["finance", "Finance", "conda-env-finance-py"])
@pytest.mark.parametrize("seen", [True, False])
def test_it_is_found_by_each_of_its_names(menu: KernelMenu, envs: Path, name: str, seen: bool) -> None:
    _without_python(envs / "finance")
    if seen:
        _seen_again(menu)
    explanation = _explained(menu.find(name))
    assert explanation.kernel == "finance"
    assert str(envs / "finance" / "bin" / "python") in explanation.message
    assert explanation.remedy


def test_another_process_still_knows_the_language(envs: Path, tmp_path: Path) -> None:
    folder = envs / "finance" / "share" / "jupyter" / "kernels"
    (folder / "ir").mkdir()
    (folder / "ir" / "kernel.json").write_text(json.dumps(R))
    _menu(tmp_path)
    shutil.rmtree(folder)
    menu = _menu(tmp_path)
    assert _explained(menu.find("finance")).language == "python"
    assert _explained(menu.find("finance-ir")).language == "R"
    assert menu.models()["finance-ir"]["spec"]["language"] == "R"
    assert menu.models()["finance-ir"]["spec"]["display_name"] == "finance (R): no kernel"


def test_once_repaired_it_is_itself(menu: KernelMenu, envs: Path) -> None:
    python = (envs / "finance" / "bin" / "python").read_bytes()
    _without_python(envs / "finance")
    _seen_again(menu)
    (envs / "finance" / "bin" / "python").write_bytes(python)
    (envs / "finance" / "bin" / "python").chmod(0o755)
    offer = _seen_again(menu).find("finance")
    assert offer is not None
    assert offer.explanation is None
    assert offer.spec["display_name"] == "finance (Python 3.11)"


def test_a_stand_in_finds_its_environment_again_wherever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    prefix = tmp_path / "project" / ".venv"
    venv.create(prefix, symlinks=True)
    kernel = prefix / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    content = {"argv": ["python", "x.py"], "display_name": "x", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(content))
    catalog = Catalog(environ={"VIRTUAL_ENV": str(prefix), "PATH": ""}, home=tmp_path / "home")
    catalog.refresh()
    menu = KernelMenu(catalog=catalog, data_dir=str(tmp_path / "data"), kernel_dirs=KernelDirs([]))
    (link,) = menu.settle()
    (prefix / "pyvenv.cfg").rename(prefix / "away")
    explanation = _explained(menu.find(link.name))
    assert _explained(_offer(explanation)).message == explanation.message
    (prefix / "away").rename(prefix / "pyvenv.cfg")
    offer = _offer(explanation)
    assert offer is not None
    assert offer.explanation is None
    assert offer.spec["argv"] == [str(prefix / "bin" / "python"), "x.py"]


def test_who_starts_it_sees_it_as_it_is(menu: KernelMenu, envs: Path) -> None:
    """Neither what broke nor what was repaired waits for the next look at the disk; and the catalog knows it then."""
    python = envs / "finance" / "bin" / "python"
    content = python.read_bytes()
    python.unlink()
    _explained(menu.find("finance"))
    assert menu.models()["finance"]["spec"]["display_name"].endswith(": broken")
    python.write_bytes(content)
    python.chmod(0o755)
    offer = menu.find("finance")
    assert offer is not None
    assert offer.explanation is None
    assert menu.models()["finance"]["spec"]["display_name"] == "finance (Python 3.11)"


# gone


@pytest.mark.parametrize("seen", [True, False])
def test_one_that_was_removed_says_so(menu: KernelMenu, envs: Path, seen: bool) -> None:
    shutil.rmtree(envs / "finance")
    if seen:
        _seen_again(menu)
        assert list(menu.models()) == ["python3", "stats"]
    explanation = _explained(menu.find("finance"))
    assert explanation.message == f"The environment {envs / 'finance'} was removed."
    assert explanation.language == "python"
    assert menu.find("nobody-knows") is None


def test_its_name_is_free_for_another(menu: KernelMenu, envs: Path, tmp_path: Path) -> None:
    shutil.rmtree(envs / "finance")
    _seen_again(menu)
    other = look_alike(tmp_path / "elsewhere" / "finance")
    menu.catalog.extra_roots = [str(other.parent)]
    offer = _seen_again(menu).find("finance")
    assert offer is not None
    assert offer.explanation is None
    assert offer.link is not None
    assert offer.link.environment.prefix == str(other)


def test_one_that_a_job_removed_says_so(menu: KernelMenu, envs: Path) -> None:
    shutil.rmtree(envs / "finance")
    menu.catalog.refresh()
    menu.forget(str(envs / "finance"))
    assert "was removed" in _explained(menu.find("finance")).message


def test_one_on_a_disk_that_is_not_mounted(menu: KernelMenu, envs: Path) -> None:
    envs.rename(envs.with_name("unmounted"))
    explanation = _explained(_seen_again(menu).find("finance"))
    assert explanation.message.endswith("is not there, nor is the folder that it was in.")
    assert "Mount" in explanation.remedy


@pytest.mark.parametrize("seen", [True, False])
def test_a_folder_that_is_no_environment_any_more(menu: KernelMenu, envs: Path, seen: bool) -> None:
    shutil.rmtree(envs / "finance" / "conda-meta")
    if seen:
        _seen_again(menu)
    assert "no environment any more" in _explained(menu.find("finance")).message


def test_one_that_is_only_registered_is_explained_too(menu: KernelMenu, tmp_path: Path) -> None:
    prefix = tmp_path / "unmounted" / "envs" / "elsewhere"
    folder = tmp_path / "data" / "kernels" / "elsewhere"
    folder.mkdir(parents=True)
    record = {**claim("elsewhere", "0", "ir"), "prefix": str(prefix), "id": prefix_id(str(prefix)), "kind": "conda"}
    spec = {**R, "argv": [str(prefix / "bin" / "R")], "metadata": {"envlink": record}}
    (folder / "kernel.json").write_text(json.dumps(spec))
    explanation = _explained(menu.find("elsewhere"))
    assert explanation.language == "R"
    assert str(prefix) in explanation.message
    program = look_alike(prefix) / "bin" / "R"
    assert str(program) in _explained(menu.find("elsewhere")).message
    program.write_text("")
    program.chmod(0o755)
    offer = menu.find("elsewhere")
    assert offer is not None
    assert offer.explanation is None


def test_a_foreign_kernel_is_left_to_itself(menu: KernelMenu, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "kernels" / "mine"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({**R, "argv": ["/no/such/program"]}))
    offer = menu.find("mine")
    assert offer is not None
    assert offer.explanation is None


# what it says


def test_an_explanation_travels_in_a_variable(menu: KernelMenu, envs: Path) -> None:
    _without_python(envs / "finance")
    offer = _seen_again(menu).find("finance")
    assert offer is not None
    assert Explanation.decode(offer.spec["env"][VARIABLE]) == offer.explanation
    assert "finance (Python 3.11) cannot start." in _text(_explained(offer))


def test_the_server_may_encrypt_what_both_kernels_can_decrypt(envs: Path, tmp_path: Path) -> None:
    kernel = {"argv": list(PYTHON_ARGV), "display_name": "x", "language": "python"}
    old, new = look_alike(envs / "old"), envs / "new"
    look_alike(new, json.dumps({**kernel, "metadata": {"supported_encryption": ["curve", "later"]}}))
    native = StoredSpec("python3", "", {"argv": ["python"], "metadata": {"supported_encryption": ["curve"]}})
    menu = _menu(tmp_path, native=native)
    for prefix in (old, new):
        _without_python(prefix)
    assert _explained(menu.find("old")).encryption == ()
    offer = menu.find("new")
    assert _explained(offer).encryption == ("curve",)
    assert offer is not None
    assert offer.spec["metadata"]["supported_encryption"] == ["curve"]


def test_it_is_interrupted_as_the_real_one(envs: Path, tmp_path: Path) -> None:
    content = {"argv": list(PYTHON_ARGV), "display_name": "x", "language": "python", "interrupt_mode": "message"}
    look_alike(envs / "new", json.dumps(content))
    menu = _menu(tmp_path)
    _without_python(envs / "new")
    offer = menu.find("new")
    assert offer is not None
    assert offer.spec["interrupt_mode"] == _explained(offer).interrupt_mode == "message"


def test_no_path_speaks_to_the_terminal() -> None:
    assert _plain("/a\x1b[31m\n/b") == "/a\ufffd[31m\ufffd/b"


@pytest.mark.parametrize("language", ["python", "R", "julia", "bash", "c++", "whatever"])
def test_each_language_has_what_a_notebook_keeps(language: str) -> None:
    info = language_info(language)
    assert info["name"] == language
    assert info["file_extension"].startswith(".")
    assert "/" in info["mimetype"]
