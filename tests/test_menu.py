from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ipykernel.kernelspec import get_kernel_dict
from traitlets import TraitError
from traitlets.config import Config

from jupyter_envlink.bindings import Binding
from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import NotFound
from jupyter_envlink.kernel_dirs import claim
from jupyter_envlink.menu import KernelMenu

from .menus import menu_of, two_environments
from .prefixes import look_alike


@pytest.fixture
def envs(tmp_path: Path) -> Path:
    return two_environments(tmp_path)


@pytest.fixture
def menu(tmp_path: Path, envs: Path) -> KernelMenu:
    return menu_of(tmp_path)


def _stored(tmp_path: Path, name: str, **changes: Any) -> Path:
    folder = tmp_path / "data" / "kernels" / name
    folder.mkdir(parents=True)
    content = {"argv": ["x"], "display_name": "Mine", "language": "x", **changes}
    (folder / "kernel.json").write_text(json.dumps(content))
    return folder


def _owned_by(prefix: Path, name: str) -> dict[str, Any]:
    return {"envlink": {"prefix": str(prefix), "id": prefix_id(str(prefix)), **claim(name, "1", "python3")}}


def _id(menu: KernelMenu, name: str) -> str:
    return next(e.id for e in menu.catalog.snapshot.environments if e.name == name)


def test_environments_stand_beside_jupyter_s_own(menu: KernelMenu, tmp_path: Path) -> None:
    _stored(tmp_path, "mine")
    assert list(menu.models()) == ["finance", "mine", "python3", "stats"]


def test_a_model_is_what_jupyter_serves(menu: KernelMenu, envs: Path) -> None:
    model = menu.models("/base/")["finance"]
    assert set(model) == {"name", "spec", "resources", "resource_dir"}
    assert model["resources"] == {"logo-svg": "/base/kernelspecs/finance/logo-svg.svg"}
    assert model["spec"]["display_name"] == "finance (Python 3.11)"
    assert model["spec"]["argv"][0] == str(envs / "finance" / "bin" / "python")
    conda = {key: value for key, value in model["spec"]["metadata"].items() if key.startswith("conda_")}
    assert conda == {  # nb_conda_kernels' six, which gator and launchpad read
        "conda_env_name": "finance",
        "conda_env_path": str(envs / "finance"),
        "conda_language": "Python",
        "conda_raw_kernel_name": "python3",
        "conda_is_base_environment": False,
        "conda_is_currently_running": False,
    }
    assert model["spec"]["metadata"]["envlink"]["prefix"] == str(envs / "finance")
    assert set(model["spec"]) >= {"env", "interrupt_mode", "language", "kernel_protocol_version"}
    json.dumps(model)


def test_a_foreign_name_stays_foreign(menu: KernelMenu, tmp_path: Path) -> None:
    _stored(tmp_path, "finance")
    models = menu.models()
    assert models["finance"]["spec"]["display_name"] == "Mine"
    assert f"finance-{_id(menu, 'finance')[:6]}" in models


def test_our_own_registered_spec_is_not_listed_twice(menu: KernelMenu, tmp_path: Path, envs: Path) -> None:
    _stored(tmp_path, "finance", metadata=_owned_by(envs / "finance", "finance"))
    _stored(tmp_path, "old-name", metadata=_owned_by(envs / "finance", "old-name"))
    assert list(menu.models()) == ["finance", "python3", "stats"]
    assert menu.models()["finance"]["spec"]["display_name"] == "finance (Python 3.11)"


def test_a_registered_spec_of_an_environment_not_seen_here_is_served_until_it_is_gone(
    menu: KernelMenu, tmp_path: Path
) -> None:
    unmounted = tmp_path / "unmounted" / "envs" / "elsewhere"
    _stored(tmp_path, "elsewhere", metadata=_owned_by(unmounted, "elsewhere"))
    _stored(tmp_path, "gone", metadata=_owned_by(tmp_path / "gone", "gone"))
    assert set(menu.models()) == {"elsewhere", "finance", "python3", "stats"}


def test_aliases_are_found_but_not_listed(menu: KernelMenu) -> None:
    offer = menu.find("conda-env-Finance-py")
    assert offer is not None
    assert offer.name == "finance"
    assert "conda-env-finance-py" not in menu.models()
    assert menu.find("nothing") is None


def test_what_is_handed_out_can_be_changed_without_harm(menu: KernelMenu) -> None:
    offer = menu.find("finance")
    assert offer is not None
    spec = offer.copied_spec()
    spec["argv"].clear()
    spec["metadata"]["envlink"].clear()
    models = menu.models()
    models.clear()
    again = menu.find("finance")
    assert again is not None
    assert again.spec["argv"]
    assert again.spec["metadata"]["envlink"]
    assert menu.models()


def test_the_models_are_the_same_objects_until_something_changes(menu: KernelMenu) -> None:
    first, second = menu.models(), menu.models()
    assert all(first[name] is second[name] for name in first)
    menu.catalog.refresh()
    assert menu.models() == first
    assert menu.models("/other/") != first


def test_detach_and_attach(menu: KernelMenu) -> None:
    menu.detach(_id(menu, "finance"))
    assert list(menu.models()) == ["python3", "stats"]
    menu.attach(_id(menu, "finance"))
    assert menu.links()[0].attached is True
    with pytest.raises(NotFound):
        menu.attach("0" * 12)


def test_names_are_kept_for_good(menu: KernelMenu, envs: Path, tmp_path: Path) -> None:
    menu.settle()
    assert menu.bindings.get(str(envs / "finance")) == Binding("finance", kernels={"python3": "python"})
    rival = look_alike(tmp_path / "aaa" / "envs" / "finance")
    menu.catalog.extra_roots = [str(envs), str(rival.parent)]
    menu.catalog.refresh()
    names = {link.environment.prefix: link.name for link in menu.settle()}
    assert names[str(envs / "finance")] == "finance"
    assert names[str(rival)].startswith("finance-")


def test_the_name_of_an_environment_that_is_gone_is_free_again(menu: KernelMenu, envs: Path) -> None:
    menu.settle()
    shutil.rmtree(envs / "finance")
    menu.catalog.refresh()
    menu.settle()
    assert str(envs / "finance") not in menu.bindings.all()


def test_what_was_set_is_known_when_an_environment_is_made_anew(menu: KernelMenu, envs: Path) -> None:
    menu.settle()
    menu.bindings.change(str(envs / "finance"), lambda known: replace(known, title="Books"))
    for _ in range(2):
        shutil.rmtree(envs / "finance")
        menu.catalog.refresh()
        menu.settle()
        assert menu.bindings.get(str(envs / "finance")) == Binding(title="Books")
        version = menu.bindings.version
        menu.settle()
        assert menu.bindings.version == version
        look_alike(envs / "finance")
        menu.catalog.refresh()
        menu.settle()
        assert menu.models()["finance"]["spec"]["display_name"] == "Books"


def test_before_the_first_look_nothing_is_forgotten(menu: KernelMenu, tmp_path: Path, envs: Path) -> None:
    menu.settle()
    shutil.rmtree(envs / "finance")
    fresh = KernelMenu(catalog=Catalog(environ={}, home=tmp_path), data_dir=menu.data_dir, kernel_dirs=menu.kernel_dirs)
    fresh.settle()
    assert str(envs / "finance") in fresh.bindings.all()


def test_a_data_folder_that_cannot_be_written_costs_only_the_memory(
    tmp_path: Path, envs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("")
    menu = menu_of(tmp_path)
    assert [link.name for link in menu.settle()] == ["finance", "stats"]
    assert "links.json" in caplog.text


def test_activation_scripts_show_once_they_were_run(menu: KernelMenu, envs: Path) -> None:
    folder = envs / "finance" / "etc" / "conda" / "activate.d"
    folder.mkdir(parents=True)
    (folder / "a.sh").write_text("export FROM_SCRIPT='a$b'\n")
    assert "FROM_SCRIPT" not in menu.models()["finance"]["spec"]["env"]
    menu.prepare()
    assert menu.models()["finance"]["spec"]["env"]["FROM_SCRIPT"] == "a$$b"


def test_a_garbage_kernel_json_in_an_environment_hurts_no_other(tmp_path: Path, envs: Path) -> None:
    look_alike(envs / "bad", "{ garbage")
    look_alike(envs / "untitled", '{"argv": ["python"], "language": "python"}')
    assert list(menu_of(tmp_path).models()) == ["finance", "python3", "stats"]


def test_hidden_kernels_are_found_but_not_listed(menu: KernelMenu, envs: Path) -> None:
    menu.bindings.change(str(envs / "finance"), lambda known: replace(known, hidden=True))
    assert list(menu.models()) == list(menu.offers()) == ["python3", "stats"]
    for name in ("finance", "conda-env-finance-py"):
        offer = menu.find(name)
        assert offer is not None
        assert offer.spec["argv"][0] == str(envs / "finance" / "bin" / "python")
    assert [link.name for link in menu.links()] == ["finance", "stats"]


def test_a_hidden_one_is_not_listed_by_what_was_registered(menu: KernelMenu, tmp_path: Path, envs: Path) -> None:
    _stored(tmp_path, "finance", metadata=_owned_by(envs / "finance", "finance"))
    menu.bindings.change(str(envs / "finance"), lambda known: replace(known, hidden=True))
    assert list(menu.models()) == ["python3", "stats"]


def test_title_and_variables_show_at_once(menu: KernelMenu, envs: Path) -> None:
    menu.models()
    menu.bindings.change(str(envs / "finance"), lambda known: replace(known, title="Books", variables={"A": "$1"}))
    shown = menu.models()["finance"]["spec"]
    assert (shown["display_name"], shown["env"]["A"]) == ("Books", "$$1")


def test_a_former_name_is_found_but_not_listed(menu: KernelMenu, envs: Path) -> None:
    menu.settle()
    (envs / "finance").rename(envs / "money")
    menu.bindings.rename(str(envs / "finance"), str(envs / "money"))
    menu.catalog.refresh()
    menu.settle()
    assert list(menu.models()) == ["money", "python3", "stats"]
    offer = menu.find("finance")
    assert offer is not None
    assert offer.name == "money"
    assert menu.bindings.get(str(envs / "money")) == Binding(
        "money", former=("finance",), kernels={"python3": "python"}
    )


def test_display_names_by_template(menu: KernelMenu) -> None:
    menu.display_name = "{language} [{environment}]"
    assert menu.models()["finance"]["spec"]["display_name"] == "Python 3.11 [finance]"
    with pytest.raises(TraitError, match=r"unknown field \{env\}.*\{environment\}"):
        menu.display_name = "{env}"
    for template in ("Python", "", "{{environment}}"):
        with pytest.raises(TraitError, match="no field"):
            KernelMenu(config=Config({"KernelMenu": {"display_name": template}})).links()


def test_python3_keeps_name_and_title_and_says_where_it_runs(menu: KernelMenu) -> None:
    shown = menu.models()["python3"]["spec"]
    assert shown["display_name"] == get_kernel_dict()["display_name"]
    assert shown["metadata"]["envlink"]["prefix"] == sys.prefix
    assert shown["metadata"]["envlink"]["server"] is True
    menu.python3_display_name = "{title} [{environment}]"
    assert menu.models()["python3"]["spec"]["display_name"].endswith(f"[{Path(sys.prefix).name}]")
    with pytest.raises(TraitError, match="unknown field"):
        menu.python3_display_name = "{kernel}"


def test_the_server_s_own_environment_is_told_from_python3(tmp_path: Path) -> None:
    menu = menu_of(tmp_path)
    menu.catalog.extra_roots = [os.path.dirname(sys.prefix)]
    menu.catalog.refresh()
    own = menu.catalog.snapshot.by_prefix[os.path.realpath(sys.prefix)]
    models = menu.models()
    python3 = models["python3"]["spec"]
    label = {"id": own.id, "prefix": own.prefix, "kind": own.kind, "name": own.name, "server": True}
    assert python3["metadata"]["envlink"] == label
    assert python3["metadata"]["conda_env_name"] == own.name
    assert python3["metadata"]["conda_raw_kernel_name"] == "python3"
    assert python3["metadata"]["conda_is_currently_running"] is True
    listed = [model for name, model in models.items() if name != "python3"]
    mine = [model for model in listed if model["spec"]["metadata"].get("envlink", {}).get("prefix") == own.prefix]
    assert mine
    assert all(model["spec"]["display_name"] != python3["display_name"] for model in mine)
    offer = menu.find("python3")
    assert offer is not None
    assert offer.environment == own


def test_a_python3_of_another_python_is_left_as_it_is(menu: KernelMenu, tmp_path: Path) -> None:
    _stored(tmp_path, "python3", argv=["/opt/other/bin/python", "-m", "ipykernel_launcher"])
    shown = menu.models()["python3"]["spec"]
    assert (shown["display_name"], shown["metadata"]) == ("Mine", {})


@pytest.mark.parametrize("word", ["python", "python3", sys.executable])
def test_a_python3_that_starts_the_server_s_is_labelled(menu: KernelMenu, tmp_path: Path, word: str) -> None:
    _stored(tmp_path, "python3", argv=[word], metadata={"debugger": True})
    shown = menu.models()["python3"]["spec"]
    assert (shown["display_name"], shown["metadata"]["debugger"]) == ("Mine", True)
    assert shown["metadata"]["envlink"]["server"] is True
