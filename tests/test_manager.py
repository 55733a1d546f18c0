from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import KernelManager
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.errors import NotAllowed
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from .channel import Channel
from .prefixes import look_alike, real

Fetch = Callable[..., Coroutine[Any, Any, HTTPResponse]]


@pytest.fixture
def envs(tmp_path: Path) -> Path:
    for name in ("finance", "sta [ts]"):
        look_alike(tmp_path / "home" / "conda" / "envs" / name)
    return tmp_path / "home" / "conda" / "envs"


@pytest.fixture
def catalog(tmp_path: Path, envs: Path) -> Catalog:
    return Catalog(environ={"CONDA_ENVS_PATH": str(envs), "PATH": ""}, home=tmp_path / "home")


@pytest.fixture
def manager(tmp_path: Path, catalog: Catalog) -> EnvlinkKernelSpecManager:
    kernels = tmp_path / "data" / "kernels"
    (kernels / "mine").mkdir(parents=True)
    (kernels / "mine" / "kernel.json").write_text('{"argv": ["x"], "display_name": "Mine", "language": "x"}')
    return EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(tmp_path / "data"), kernel_dirs=[str(kernels)])


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    name = f"{EnvlinkKernelSpecManager.__module__}.{EnvlinkKernelSpecManager.__name__}"
    return {"ServerApp": {"kernel_spec_manager_class": name}}


def _all(manager: EnvlinkKernelSpecManager) -> dict[str, Any]:
    found: dict[str, Any] = manager.get_all_specs()
    return found


class _Unlucky(Catalog):
    def refresh(self) -> Any:
        raise RuntimeError("the disk is on fire")

    first_look = refresh


def test_making_one_reads_nothing(manager: EnvlinkKernelSpecManager, catalog: Catalog) -> None:
    assert not catalog.snapshot.is_scanned
    manager.find_kernel_specs()
    assert catalog.snapshot.is_scanned


def test_the_listing_has_environments_and_jupyter_s_own(manager: EnvlinkKernelSpecManager, envs: Path) -> None:
    assert list(_all(manager)) == ["finance", "mine", "python3", "sta--ts"]
    found = manager.find_kernel_specs()
    assert set(found) == {"finance", "mine", "python3", "sta--ts"}
    assert found["finance"] == str(envs / "finance/share/jupyter/kernels/python3")


def test_a_path_with_brackets_keeps_its_logo(manager: EnvlinkKernelSpecManager) -> None:
    assert _all(manager)["sta--ts"]["resources"] == {"logo-svg": "/kernelspecs/sta--ts/logo-svg.svg"}
    assert asyncio.run(manager.get_kernel_spec_resource("sta--ts", "logo-svg.svg")) == b"<svg/>"


@pytest.mark.parametrize("path", ["kernel.json", "../python3/logo-svg.svg", "/etc/passwd", "", "logo-32x32.png"])
def test_only_a_kernel_s_looks_are_served(manager: EnvlinkKernelSpecManager, path: str) -> None:
    assert asyncio.run(manager.get_kernel_spec_resource("finance", path)) is None
    assert asyncio.run(manager.get_kernel_spec_resource("nothing", "logo-svg.svg")) is None


def test_one_spec_is_new_each_time(manager: EnvlinkKernelSpecManager, envs: Path) -> None:
    spec = manager.get_kernel_spec("Finance")
    assert spec.argv[0] == str(envs / "finance" / "bin" / "python")
    assert spec.resource_dir == str(envs / "finance/share/jupyter/kernels/python3")
    spec.argv.clear()
    spec.metadata.clear()
    assert manager.get_kernel_spec("finance").argv
    assert manager.get_kernel_spec("conda-env-finance-py").display_name == "finance (Python 3.11)"
    assert manager.get_kernel_spec("mine").argv == ["x"]
    assert manager.get_kernel_spec("python3").language == "python"


@pytest.mark.parametrize("name", ["nothing", "../x", ""])
def test_an_unknown_kernel_is_none(manager: EnvlinkKernelSpecManager, name: str) -> None:
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec(name)


def test_garbage_among_jupyter_s_own_is_no_kernel_and_hurts_no_other(manager: EnvlinkKernelSpecManager) -> None:
    broken = Path(manager.kernel_dirs[0], "broken")
    broken.mkdir()
    (broken / "kernel.json").write_text("{")
    assert "broken" not in _all(manager)
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec("broken")


def test_a_spec_installed_this_moment_is_found(manager: EnvlinkKernelSpecManager, tmp_path: Path) -> None:
    _all(manager)
    source = tmp_path / "new"
    source.mkdir()
    (source / "kernel.json").write_text('{"argv": ["y"], "display_name": "New", "language": "y"}')
    manager.install_kernel_spec(str(source), "new", user=True)
    assert manager.get_kernel_spec("new").argv == ["y"]
    assert "new" in _all(manager)


def test_allowed_kernelspecs_hold(manager: EnvlinkKernelSpecManager) -> None:
    manager.allowed_kernelspecs = {"finance"}
    assert set(_all(manager)) == set(manager.find_kernel_specs()) == {"finance"}


def test_the_native_kernel_can_be_left_out(catalog: Catalog, tmp_path: Path) -> None:
    manager = EnvlinkKernelSpecManager(
        catalog=catalog, data_dir=str(tmp_path), kernel_dirs=[], ensure_native_kernel=False
    )
    assert set(_all(manager)) == {"finance", "sta--ts"}


def test_removing_never_reaches_into_an_environment(manager: EnvlinkKernelSpecManager, envs: Path) -> None:
    with pytest.raises(NotAllowed, match="finance"):
        manager.remove_kernel_spec("finance")
    assert (envs / "finance/share/jupyter/kernels/python3/kernel.json").exists()
    with pytest.raises(NoSuchKernel):
        manager.remove_kernel_spec("python3")
    assert manager.remove_kernel_spec("mine") == os.path.join(manager.kernel_dirs[0], "mine")
    assert "mine" not in _all(manager)


def test_when_looking_for_environments_fails_jupyter_s_own_stay(
    tmp_path: Path, manager: EnvlinkKernelSpecManager, caplog: pytest.LogCaptureFixture
) -> None:
    unlucky = EnvlinkKernelSpecManager(
        catalog=_Unlucky(environ={}, home=tmp_path), data_dir=manager.data_dir, kernel_dirs=manager.kernel_dirs
    )
    assert set(_all(unlucky)) == set(unlucky.find_kernel_specs()) == {"mine", "python3"}
    assert unlucky.get_kernel_spec("mine").argv == ["x"]
    assert "the disk is on fire" in caplog.text


def test_it_answers_for_jupyter_s_own_as_jupyter_does(manager: EnvlinkKernelSpecManager) -> None:
    stock = KernelSpecManager(kernel_dirs=manager.kernel_dirs, data_dir=manager.data_dir)
    for name, found in stock.get_all_specs().items():
        ours = _all(manager)[name]
        assert ours["resource_dir"] == found["resource_dir"]
        assert _unlabelled(ours["spec"]) == found["spec"]
        assert _unlabelled(manager.get_kernel_spec(name).to_dict()) == stock.get_kernel_spec(name).to_dict()


def _unlabelled(spec: dict[str, Any]) -> dict[str, Any]:
    """Without what we say of the environment that ``python3`` runs in."""
    own = {key: value for key, value in spec["metadata"].items() if not key.startswith(("envlink", "conda_"))}
    return {**spec, "metadata": own}


def test_a_folder_added_to_a_manager_is_looked_into(manager: EnvlinkKernelSpecManager, tmp_path: Path) -> None:
    _all(manager)
    (tmp_path / "other" / "added").mkdir(parents=True)
    (tmp_path / "other" / "added" / "kernel.json").write_text('{"argv": ["z"], "display_name": "Z", "language": "z"}')
    manager.kernel_dirs.append(str(tmp_path / "other"))
    assert "added" in _all(manager)
    assert manager.get_kernel_spec("added").argv == ["z"]


def test_a_subclass_that_knows_only_the_older_methods_is_asked_by_them(manager: EnvlinkKernelSpecManager) -> None:
    class Fixed(EnvlinkKernelSpecManager):
        def find_kernel_specs(self) -> dict[str, str]:
            return {"mine": "/nowhere"}

    found = Fixed(catalog=manager.catalog, data_dir=manager.data_dir, kernel_dirs=manager.kernel_dirs).get_all_specs()
    assert {name: each["spec"]["argv"] for name, each in found.items()} == {"mine": ["x"]}


def test_a_new_environment_shows_after_invalidation(manager: EnvlinkKernelSpecManager, envs: Path) -> None:
    _all(manager)
    look_alike(envs / "new")
    manager.invalidate_discovery_cache()
    assert "new" in _all(manager)


async def test_the_first_listing_does_not_hold_the_loop(manager: EnvlinkKernelSpecManager, envs: Path) -> None:
    for n in range(100):
        look_alike(envs / f"many-{n}")
    worst, running = 0.0, True

    async def watch() -> None:
        nonlocal worst
        while running:
            begin = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - begin)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await manager.get_all_specs()
    running = False
    await watching
    assert worst < 0.2


async def test_a_server_lists_and_serves_them(
    jp_fetch: Fetch, jp_serverapp: ServerApp, catalog: Catalog, jp_base_url: str
) -> None:
    specs = jp_serverapp.kernel_spec_manager
    assert isinstance(specs, EnvlinkKernelSpecManager)
    specs.catalog = catalog
    listed = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert {"finance", "python3", "sta--ts"} <= set(listed)
    assert listed["finance"]["resources"]["logo-svg"] == f"{jp_base_url}kernelspecs/finance/logo-svg.svg"
    one = json.loads((await jp_fetch("api", "kernelspecs", "conda-env-finance-py")).body)
    assert one["spec"]["display_name"] == "finance (Python 3.11)"
    assert (await jp_fetch("kernelspecs", "finance", "logo-svg.svg")).body == b"<svg/>"
    for missing in (("api", "kernelspecs", "nothing"), ("kernelspecs", "finance", "..%2F..%2F..%2F..%2Fbin%2Fpython")):
        with pytest.raises(HTTPClientError) as caught:
            await jp_fetch(*missing)
        assert caught.value.code in (403, 404)


def test_a_kernel_runs_in_its_environment(channel: Channel, tmp_path: Path) -> None:
    prefix = real(channel.conda_forge, tmp_path / "home/conda/envs/a $b [c] ü", ["python=3.11", "ipykernel"])
    catalog = Catalog(environ={"CONDA_ENVS_PATH": str(prefix.parent), "PATH": ""}, home=tmp_path / "home")
    specs = EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(tmp_path / "data"), kernel_dirs=[])
    (name,) = (name for name in specs.find_kernel_specs() if name != "python3")
    kernel = KernelManager(kernel_name=name, kernel_spec_manager=specs)
    kernel.start_kernel(env={**os.environ, "PYTHONPATH": "/leak", "CONDA_PREFIX": "/leak"})
    try:
        client = kernel.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        said: list[str] = []
        code = "import os, sys; print(sys.prefix, os.environ['CONDA_PREFIX'], '/leak' in sys.path, sep='|')"
        client.execute_interactive(
            code, timeout=30, output_hook=lambda m: said.append(m["content"].get("text", "")) if m else None
        )
        client.stop_channels()
    finally:
        kernel.shutdown_kernel(now=True)
    assert "".join(said).strip() == f"{prefix}|{prefix}|False"
