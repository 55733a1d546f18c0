"""A further manager beside ours: its kernels, its names, and everything that can be wrong with it."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from traitlets import TraitError
from traitlets.config import Config

from jupyter_envlink import inner
from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.inner import InnerKernels
from jupyter_envlink.kernel_dirs import claim, native_spec
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from .kernels import ran, started
from .prefixes import look_alike
from .server import Api

SPEC = {"argv": ["their-program", "{connection_file}"], "display_name": "Theirs", "language": "theirs"}


class Theirs(KernelSpecManager):
    """As nb_conda_kernels does it: Jupyter's own, and some that lie nowhere."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {**super().find_kernel_specs(), "theirs": "/nowhere", "finance": "/nowhere"}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name in ("theirs", "finance", "unlisted"):
            return KernelSpec(**SPEC, env={"STARTED": "theirs"})
        return super().get_kernel_spec(kernel_name)


class Coroutines(Theirs):
    """As a gateway's does it."""

    async def get_all_specs(self) -> dict[str, Any]:  # type: ignore[override]
        url = "/kernelspecs/theirs/logo-64x64.png?v=1"
        return {"theirs": {"name": "theirs", "spec": SPEC, "resources": {"logo-64x64": url}}}

    async def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # type: ignore[override]
        return super().get_kernel_spec(kernel_name)

    async def get_kernel_spec_resource(self, kernel_name: str, path: str) -> bytes:
        return f"{kernel_name} {path}".encode()


class NotMade(KernelSpecManager):
    def __init__(self, **kwargs: Any) -> None:
        raise RuntimeError("no conda here")


class NotFinding(KernelSpecManager):
    def find_kernel_specs(self) -> dict[str, str]:
        raise RuntimeError("conda said no")


class NotGetting(Theirs):
    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        raise RuntimeError("cannot get it")


class NotListing(KernelSpecManager):
    def get_all_specs(self) -> dict[str, Any]:
        raise RuntimeError("cannot list")


class Garbage(KernelSpecManager):
    def get_all_specs(self) -> dict[str, Any]:
        good = {"resource_dir": "/nowhere", "spec": SPEC}
        return {"a": None, "b": {}, "c": {"spec": {"argv": "x"}}, "d": {"spec": {**SPEC, "env": 1}}, "theirs": good}


class Nonsense(KernelSpecManager):
    def get_all_specs(self) -> Any:
        return 42


class Moody(Theirs):
    """Fails after the first time."""

    asked = 0

    def get_all_specs(self) -> dict[str, Any]:
        type(self).asked += 1
        if type(self).asked > 1:
            raise RuntimeError("not again")
        return super().get_all_specs()


class Slow(Theirs):
    gate = threading.Event()

    def get_all_specs(self) -> dict[str, Any]:
        self.gate.wait(60)
        return super().get_all_specs()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Those that answer have time to, however busy this machine is; those that do not are not waited for."""
    monkeypatch.setattr(inner, "PATIENCE", 20.0)
    Moody.asked = 0
    Slow.gate = threading.Event()
    yield
    Slow.gate.set()


def manager(tmp_path: Path, kind: Any) -> EnvlinkKernelSpecManager:
    envs = tmp_path / "home" / "conda" / "envs"
    for name in ("finance", "stats"):
        if not (envs / name).exists():
            look_alike(envs / name)
    stored(tmp_path, "mine")
    catalog = Catalog(environ={"CONDA_ENVS_PATH": str(envs), "PATH": ""}, home=tmp_path / "home")
    folders = {"data_dir": str(tmp_path / "data"), "kernel_dirs": [str(tmp_path / "data" / "kernels")]}
    return EnvlinkKernelSpecManager(catalog=catalog, inner_manager_class=kind, **folders)


def stored(tmp_path: Path, name: str, **changes: Any) -> None:
    folder = tmp_path / "data" / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps({**SPEC, "display_name": name, **changes}))


def problem_of(specs: EnvlinkKernelSpecManager) -> dict[str, str]:
    described = specs.inner_manager()
    assert described is not None
    problem: dict[str, str] = described["problem"]
    return problem


def test_its_kernels_are_listed_beside_ours(tmp_path: Path) -> None:
    specs = manager(tmp_path, Theirs)
    found = specs.get_all_specs()
    taken = next(name for name in found if name.startswith("finance-"))
    assert list(found) == sorted(["finance", taken, "mine", "python3", "stats", "theirs"])
    assert set(specs.find_kernel_specs()) == set(found)
    assert found["theirs"]["spec"]["display_name"] == "Theirs"
    assert specs.inner_manager() == {"name": f"{__name__}.Theirs", "problem": None}


def test_we_win_no_name_that_it_has(tmp_path: Path) -> None:
    specs = manager(tmp_path, Theirs)
    assert specs.get_kernel_spec("finance").argv[0] == "their-program"
    taken = next(name for name in specs.get_all_specs() if name.startswith("finance-"))
    assert specs.get_kernel_spec(taken).argv[0].endswith("/finance/bin/python")


def test_its_kernels_start_by_what_it_gives(tmp_path: Path) -> None:
    specs = manager(tmp_path, Theirs)
    assert specs.get_kernel_spec("theirs").env == {"STARTED": "theirs"}
    assert specs.get_kernel_spec("unlisted").argv == SPEC["argv"]
    assert specs.get_kernel_spec("stats").argv[0].endswith("/stats/bin/python")
    with pytest.raises(NoSuchKernel):
        specs.get_kernel_spec("nobody-s")


class Renaming(KernelSpecManager):
    """Its one kernel is a real one."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {"renamed": "/nowhere"}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name != "renamed":
            raise NoSuchKernel(kernel_name)
        native = native_spec()
        assert native is not None
        return KernelSpec(**{**native.spec, "env": {"STARTED": "by Renaming"}})


def test_a_real_kernel_of_it_runs(tmp_path: Path) -> None:
    specs = manager(tmp_path, Renaming)
    with started(specs, "renamed") as (_, client):
        _, told = ran(client, "import os; print(os.environ['STARTED'])")
    assert "by Renaming\n" in [content.get("text") for content in told]


@pytest.mark.parametrize("kind", [Theirs, f"{__name__}.Theirs"])
def test_it_is_configured_by_class_or_by_name(tmp_path: Path, kind: Any) -> None:
    config = Config({"EnvlinkKernelSpecManager": {"inner_manager_class": kind}})
    specs = EnvlinkKernelSpecManager(
        config=config, catalog=Catalog(environ={}, home=tmp_path), data_dir=str(tmp_path), kernel_dirs=[]
    )
    assert "theirs" in specs.get_all_specs()


def test_it_is_configured_as_it_would_be_alone(tmp_path: Path) -> None:
    config = Config({"Theirs": {"ensure_native_kernel": False}})
    kernels = InnerKernels(Theirs, {"config": config, "kernel_dirs": []}, logging.getLogger())
    kernels.refresh()
    assert set(kernels.offers) == {"finance", "theirs"}


def test_what_is_no_class_is_refused() -> None:
    with pytest.raises(TraitError, match="neither a class nor the name of one"):
        EnvlinkKernelSpecManager(inner_manager_class=42)


def test_what_we_registered_is_ours_though_it_lists_it(tmp_path: Path) -> None:
    prefix = tmp_path / "home" / "conda" / "envs" / "stats"
    record = {**claim("stats", "0", "python3"), "prefix": str(prefix), "id": prefix_id(str(prefix))}
    stored(tmp_path, "stats", metadata={"envlink": record})
    specs = manager(tmp_path, KernelSpecManager)
    assert specs.get_all_specs()["stats"]["spec"]["display_name"] == "stats (Python 3.11)"
    assert [name for name in specs.get_all_specs() if "stats" in name] == ["stats"]


def test_an_alias_is_not_taken_from_it(tmp_path: Path) -> None:
    class Conda(KernelSpecManager):
        def find_kernel_specs(self) -> dict[str, str]:
            return {"conda-env-stats-py": "/nowhere"}

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            if kernel_name != "conda-env-stats-py":
                raise NoSuchKernel(kernel_name)
            return KernelSpec(**SPEC)

    specs = manager(tmp_path, Conda)
    assert {"conda-env-stats-py", "stats"} <= set(specs.get_all_specs())
    assert specs.get_kernel_spec("conda-env-stats-py").argv == SPEC["argv"]
    assert specs.get_kernel_spec("conda-env-finance-py").display_name == "finance (Python 3.11)"


async def test_it_may_answer_by_coroutines(tmp_path: Path) -> None:
    specs = manager(tmp_path, Coroutines)
    found = await specs.get_all_specs()
    assert found["theirs"]["resources"] == {"logo-64x64": "/kernelspecs/theirs/logo-64x64.png"}
    assert specs.get_kernel_spec("theirs").env == {"STARTED": "theirs"}
    assert await specs.get_kernel_spec_resource("theirs", "logo-64x64.png") == b"theirs logo-64x64.png"
    assert await specs.get_kernel_spec_resource("theirs", "../secret") is None


# its failures


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (NotMade, "no conda here"),
        (NotFinding, "conda said no"),
        (NotListing, "cannot list"),
        (Nonsense, "cannot list its kernels"),
        ("no_such_module.Manager", "no_such_module"),
        ("json.JSONDecoder", "is no KernelSpecManager"),
        (EnvlinkKernelSpecManager, "is envlink's own"),
        (int, "is no KernelSpecManager"),
    ],
)
def test_when_it_fails_all_else_is_listed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: Any, said: str
) -> None:
    specs = manager(tmp_path, kind)
    for _ in range(3):
        assert list(specs.get_all_specs()) == ["finance", "mine", "python3", "stats"]
    assert set(specs.find_kernel_specs()) == {"finance", "mine", "python3", "stats"}
    assert specs.get_kernel_spec("finance").argv[0].endswith("/finance/bin/python")
    assert specs.get_kernel_spec("mine").argv == SPEC["argv"]
    assert said in problem_of(specs)["message"]
    assert "inner_manager_class" in problem_of(specs)["remedy"]
    assert len([record for record in caplog.records if "The kernel spec manager" in record.getMessage()]) == 1


def test_what_it_can_list_but_not_give_is_started_as_listed(tmp_path: Path) -> None:
    class Listing(NotGetting):
        def get_all_specs(self) -> dict[str, Any]:
            return {"theirs": {"resource_dir": "/nowhere", "spec": SPEC}}

    specs = manager(tmp_path, Listing)
    assert "theirs" in specs.get_all_specs()
    assert specs.get_kernel_spec("theirs").argv == SPEC["argv"]
    assert "cannot get it" in problem_of(specs)["message"]
    with pytest.raises(NoSuchKernel):
        specs.get_kernel_spec("nobody-s")


def test_garbage_hurts_no_other(tmp_path: Path) -> None:
    specs = manager(tmp_path, Garbage)
    assert list(specs.get_all_specs()) == ["finance", "mine", "python3", "stats", "theirs"]


def test_its_last_good_answer_stays(tmp_path: Path) -> None:
    specs = manager(tmp_path, Moody)
    first = set(specs.get_all_specs())
    assert "theirs" in first
    assert specs.inner_manager() == {"name": f"{__name__}.Moody", "problem": None}
    assert set(specs.get_all_specs()) == first
    assert "not again" in problem_of(specs)["message"]


def test_a_slow_one_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inner, "PATIENCE", 0.1)
    specs = manager(tmp_path, Slow)
    told = threading.Event()
    assert specs.inner is not None
    specs.inner.on_late = told.set
    assert list(specs.get_all_specs()) == ["finance", "mine", "python3", "stats"]
    assert problem_of(specs)["code"] == "inner-manager-slow"
    begin = time.monotonic()
    specs.get_all_specs()
    assert len([each for each in threading.enumerate() if each.name == "envlink inner manager"]) == 1
    assert time.monotonic() - begin < 30
    Slow.gate.set()
    assert told.wait(30)
    monkeypatch.setattr(inner, "PATIENCE", 20.0)
    assert "theirs" in specs.get_all_specs()
    assert specs.inner_manager() == {"name": f"{__name__}.Slow", "problem": None}


async def test_a_slow_one_does_not_hold_the_loop(tmp_path: Path) -> None:
    specs = manager(tmp_path, Slow)
    asyncio.get_running_loop().call_later(0.2, Slow.gate.set)
    assert "theirs" in await specs.get_all_specs()


# in a server


@pytest.fixture
def beside_us(jp_server_config: dict[str, Any]) -> None:
    jp_server_config["EnvlinkKernelSpecManager"] = {"inner_manager_class": f"{__name__}.Slow"}


async def test_a_page_is_told_of_it_and_of_a_late_answer(
    beside_us: None, api: Api, events: Any, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inner, "PATIENCE", 0.1)
    async with events() as heard:
        listed = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
        assert "python3" in listed
        assert "theirs" not in listed
        info = (await api("GET", "info"))[1]
        assert info["kernel_spec_manager"] is True
        assert info["manager"] == "jupyter_envlink.manager.EnvlinkKernelSpecManager"
        assert info["inner_manager"]["name"] == f"{__name__}.Slow"
        assert info["inner_manager"]["problem"]["code"] == "inner-manager-slow"
        Slow.gate.set()
        await heard.until(lambda event: event.get("kernels_changed", False))
    assert "theirs" in json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert (await api("GET", "info"))[1]["inner_manager"]["problem"] is None
