"""Whoever starts a kernel gets it as it is this moment, and the menu of all the others is not made anew for that."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import live
from jupyter_envlink.menu import KernelMenu

from .conftest import Machine
from .menus import menu_of, two_environments
from .prefixes import PYTHON_ARGV, look_alike
from .server import Api

Change = Callable[[KernelMenu, Path], object]
KERNEL = {"argv": list(PYTHON_ARGV), "display_name": "Python 3", "language": "python"}


def kernels(prefix: Path) -> Path:
    return prefix / "share" / "jupyter" / "kernels"


def write_kernel(prefix: Path, name: str = "python3", **changes: Any) -> None:
    file = kernels(prefix) / name / "kernel.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({**KERNEL, **changes}))


def upgrade_python(prefix: Path) -> None:
    record = prefix / "conda-meta" / "python-3.11.7-0.json"
    (prefix / "conda-meta" / "python-3.12.1-0.json").write_text(record.read_text().replace("3.11.7", "3.12.1"))
    record.unlink()
    (prefix / "conda-meta" / "history").write_text("==> changed <==\n")


def set_own(menu: KernelMenu, prefix: Path) -> None:
    menu.bindings.change(str(prefix), lambda known: replace(known, title="Money", variables={"A": "1"}))


CHANGES: dict[str, Change] = {
    "nothing": lambda menu, prefix: None,
    "its spec": lambda menu, prefix: write_kernel(prefix, env={"NEW": "1"}, metadata={"debugger": True}),
    "its title": lambda menu, prefix: write_kernel(prefix, display_name="Another"),
    "a second kernel": lambda menu, prefix: write_kernel(prefix, "second", display_name="Second"),
    "another language": lambda menu, prefix: write_kernel(prefix, argv=["ark"], language="R"),
    "a newer Python": lambda menu, prefix: upgrade_python(prefix),
    "Python gone": lambda menu, prefix: (prefix / "bin" / "python").unlink(),
    "garbage": lambda menu, prefix: (kernels(prefix) / "python3" / "kernel.json").write_text("{"),
    "what a person set": set_own,
}


@pytest.fixture
def envs(tmp_path: Path) -> Path:
    return two_environments(tmp_path)


@pytest.fixture
def menu(tmp_path: Path, envs: Path) -> KernelMenu:
    menu = menu_of(tmp_path)
    menu.settle()
    return menu


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """Grows by the thread that makes a whole menu."""
    threads: list[threading.Thread] = []
    make = KernelMenu._made

    def counted(self: KernelMenu) -> Any:
        threads.append(threading.current_thread())
        return make(self)

    monkeypatch.setattr(KernelMenu, "_made", counted)
    return threads


@pytest.mark.parametrize("name", ["finance", "conda-env-finance-py"])
@pytest.mark.parametrize("change", CHANGES)
def test_one_that_changed_is_made_alone_as_it_is_among_all(
    menu: KernelMenu, envs: Path, made: list[threading.Thread], change: str, name: str
) -> None:
    before = menu.find("stats")
    CHANGES[change](menu, envs / "finance")
    found = menu.find(name)
    assert not made, "the whole menu was made for one kernel"

    assert menu.find("stats") is before
    among_all = menu.offers()["finance"]  # made here
    assert bool(made) is (change != "nothing")
    assert found is not None
    assert found == menu.find(name)
    assert found.explanation or found == among_all


def test_what_another_environment_bears_is_not_given_twice(
    menu: KernelMenu, envs: Path, made: list[threading.Thread]
) -> None:
    """Two titles alike: each keeps its own, whichever changed."""
    look_alike(envs.parent / "other" / "finance")
    menu.catalog.extra_roots = [str(envs.parent / "other")]
    menu.catalog.refresh()
    menu.settle()
    titles = {name: offer.spec["display_name"] for name, offer in menu.offers().items()}
    assert len(titles) == 4 == len(set(titles.values()))
    made.clear()
    for name in titles.keys() - {"python3", "stats"}:
        prefix = menu.offers()[name].prefix
        assert prefix
        write_kernel(Path(prefix), env={"NEW": "1"})
        found = menu.find(name)
        assert found is not None
        assert (found.name, found.spec["display_name"], found.spec["env"]["NEW"]) == (name, titles[name], "1")
        assert not made
        assert menu.offers()[name].spec == found.spec  # made here
        made.clear()


def test_a_foreign_kernel_is_as_it_is_on_the_disk(
    menu: KernelMenu, envs: Path, tmp_path: Path, made: list[threading.Thread]
) -> None:
    folder = tmp_path / "data" / "kernels" / "mine"
    folder.mkdir(parents=True)
    for word in ("one", "another"):
        (folder / "kernel.json").write_text(json.dumps({**KERNEL, "argv": [word, word]}))
        os.utime(folder, ns=(len(word), len(word)))  # as a clock of coarse grain would not show it
        write_kernel(envs / "finance", env={"NEW": word})
        menu.catalog.refresh()
        found = menu.find("mine")
        assert found is not None
        assert found.spec["argv"] == [word, word]
        assert menu.find("python3") is not None
    assert not made


def test_a_detached_one_is_found_no_more(menu: KernelMenu, envs: Path) -> None:
    menu.bindings.set_attached(str(envs / "finance"), False)
    assert menu.find("finance") is None


async def test_the_event_loop_makes_no_menu(
    running: Any, api: Api, machine: Machine, made: list[threading.Thread], jp_fetch: Callable[..., Awaitable[Any]]
) -> None:
    """Asked for a kernel right after its environment changed, with pages listening."""
    prefix = look_alike(machine.envs / "finance")
    await api.listed("finance", 10)
    await jp_fetch("api", "kernelspecs")
    for number in range(5):
        write_kernel(prefix, env={"NUMBER": str(number)})
        spec = running.kernel_spec_manager.get_kernel_spec("finance")  # as a kernel's start does, on the event loop
        assert spec.metadata["envlink"]["prefix"] == str(prefix)
        await asyncio.sleep(0.2)
        answer = await jp_fetch("api", "kernelspecs", "finance")
        assert answer.code == 200
    assert made, "nobody saw a change"
    assert threading.main_thread() not in made


async def test_each_change_is_told_once_though_the_event_loop_saw_it(
    running: Any, api: Api, events: Callable[[], Any], machine: Machine
) -> None:
    prefix = look_alike(machine.envs / "finance")
    await api.listed("finance", 10)
    async with events() as heard:
        await _registration_tried(api, "finance")
        await asyncio.sleep(1)
        write_kernel(prefix, env={"NEW": "1"})
        running.kernel_spec_manager.get_kernel_spec("finance")
        await heard.until(_of_kernels, 15)
        await heard.quiet(2.5, _of_kernels)


def _of_kernels(event: dict[str, Any]) -> bool:
    """That its registration was tried once more may be news by itself."""
    return event["schema_id"] == live.ENVIRONMENTS and bool(event["kernels_changed"])


async def _registration_tried(api: Api, name: str) -> None:
    """What only looks like an environment cannot be registered, and that is news, too."""
    deadline = time.monotonic() + 20
    while True:
        _, body = await api("GET", "environments")
        (own,) = (each for each in body["environments"] if each["name"] == name)
        if own["registration_problem"]:
            return
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
