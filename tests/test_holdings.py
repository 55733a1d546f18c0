"""What an environment holds, of conda and of Python's installers, and why each is there: real environments."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from jupyter_envlink.errors import NotFound
from jupyter_envlink.holding import Held, Holdings, Need
from jupyter_envlink.holdings import holdings
from jupyter_envlink.revisions import revisions
from jupyter_envlink.why import MOST_CHAINS, why

from .channel import Channel
from .prefixes import look_alike, real
from .venvs import by_uv


def held(name: str, *needs: str, requested: str | None = None) -> Held:
    found = tuple(Need(each, f"{each} >=1", True) for each in needs)
    return Held(name, "1.0", "0", None, None, None, "conda", requested, None, found)


def wheel(site: Path, name: str, version: str, *requires: str, requested: bool = True) -> None:
    """What an installer of Python leaves of a wheel with one module."""
    info = site / f"{name}-{version}.dist-info"
    info.mkdir()
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {each}" for each in requires),
    ]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    (site / f"{name}.py").write_text("x = 1\n")
    (info / "RECORD").write_text(
        f"{name}.py,sha256=x,6\n{info.name}/METADATA,,\n../../../bin/{name},,40\n/etc/passwd,,9\n"
    )
    if requested:
        (info / "REQUESTED").touch()


def by_name(found: Holdings) -> dict[str, Held]:
    return {each.name: each for each in found.packages}


@pytest.fixture
def ledger(machine: object, tmp_path: Path, channel: Channel) -> Path:
    """A real environment of conda packages."""
    return real(channel.conda_forge, tmp_path / "ledger", ["python=3.11", "ipykernel", "tabulate"])


def test_a_conda_environment_tells_sizes_needs_and_where_it_came_from(ledger: Path, channel: Channel) -> None:
    found = by_name(holdings(str(ledger)))
    assert set(found) == {path.stem.rsplit("-", 2)[0] for path in (ledger / "conda-meta").glob("*-*-*.json")}
    kernel = found["ipykernel"]
    assert {"python", "jupyter_client", "traitlets"} <= {need.name for need in kernel.needs if need.installed}
    assert not [need for each in found.values() for need in each.needs if need.name.startswith("__")]
    record = json.loads(next((ledger / "conda-meta").glob("tabulate-*.json")).read_text())
    assert found["tabulate"].disk == sum(each.get("size_in_bytes") or 0 for each in record["paths_data"]["paths"])
    assert (found["tabulate"].manager, found["tabulate"].size) == ("conda", record["size"])


def test_it_is_what_the_engine_says(ledger: Path) -> None:
    from jupyter_envlink.engines.rattler import packages, prefix_records

    said = [(each.name, each.version, each.build, each.channel) for each in packages(prefix_records(str(ledger)))]
    found = [(each.name, each.version, each.build, each.channel) for each in holdings(str(ledger)).packages]
    assert found == said


def test_what_pip_has_brought_leans_on_what_conda_has_brought(ledger: Path) -> None:
    site = next((ledger / "lib").glob("python3.*")) / "site-packages"
    wheel(site, "books", "2.1", "tabulate>=0.8", 'numpy; extra == "fast"', "nowhere-to-be-found")
    found = by_name(holdings(str(ledger)))
    books = found["books"]
    assert (books.manager, books.version, books.requested, books.build) == ("pip", "2.1", "books", "")
    assert [(need.name, need.installed) for need in books.needs] == [("tabulate", True), ("nowhere-to-be-found", False)]
    assert books.disk == 46
    reason = why(holdings(str(ledger)), "tabulate")
    assert [[step.name for step in chain] for chain in reason.chains] == [["books", "tabulate"]]
    assert reason.needed_by[0].spec == "tabulate>=0.8"
    assert not reason.orphan


def test_a_virtual_environment_has_pip_packages_only(tmp_path: Path, machine: object) -> None:
    prefix = by_uv(tmp_path / "venv")
    site = next((prefix / "lib").glob("python3.*")) / "site-packages"
    wheel(site, "one", "1.0", "two[more]", f'three; python_version < "{sys.version_info[0]}.0"')
    wheel(site, "two", "1.0", 'four; extra == "more"', requested=False)
    wheel(site, "four", "1.0", requested=False)
    found = by_name(holdings(str(prefix)))
    assert {each.manager for each in found.values()} == {"pip"}
    assert [need.name for need in found["one"].needs] == ["two"]
    assert [need.name for need in found["two"].needs] == ["four"]
    assert [step.name for step in why(holdings(str(prefix)), "FOUR").chains[0]] == ["one", "two", "four"]


def test_one_damaged_record_hides_no_others(ledger: Path) -> None:
    broken = next((ledger / "conda-meta").glob("tabulate-*.json"))
    broken.write_text("{ no json")
    found = holdings(str(ledger))
    assert found.unreadable == (str(broken),)
    assert by_name(found)["tabulate"].version == broken.stem.rsplit("-", 2)[1]
    assert by_name(found)["ipykernel"].needs
    assert {each.manager for each in found.packages} == {"conda"}


def test_a_record_of_nonsense_is_kind(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "odd")
    for number, text in enumerate(
        ("[1, 2]", '{"depends": 3, "paths_data": {"paths": [7, {"_path": 1}]}, "name": ["x"]}')
    ):
        (prefix / "conda-meta" / f"odd-{number}-0.json").write_text(text)
    found = holdings(str(prefix))
    assert [each.name for each in found.packages].count("odd") == 1
    assert len(found.unreadable) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this account")
def test_a_record_without_rights_is_told(ledger: Path) -> None:
    secret = next((ledger / "conda-meta").glob("tabulate-*.json"))
    secret.chmod(0)
    assert holdings(str(ledger)).unreadable == (str(secret),)


def test_nothing_is_in_a_folder_without_records(tmp_path: Path) -> None:
    assert holdings(str(tmp_path)) == Holdings()
    assert holdings(str(tmp_path / "gone")) == Holdings()


def test_chains_come_from_what_was_asked_for() -> None:
    packages = (
        held("app", "lib", requested="app=1"),
        held("tool", "app", requested="tool"),
        held("lib", "base"),
        held("base", "lib"),  # packages may need each other
        held("alone"),
    )
    reason = why(Holdings(packages), "base")
    assert [[(step.name, step.spec) for step in chain] for chain in reason.chains] == [
        [("app", "app=1"), ("lib", "lib >=1"), ("base", "base >=1")],
        [("tool", "tool"), ("app", "app >=1"), ("lib", "lib >=1"), ("base", "base >=1")],
    ]
    assert [step.name for step in reason.needs] == ["lib"]
    orphan = why(Holdings(packages), "alone")
    assert (orphan.orphan, orphan.chains, orphan.needed_by) == (True, (), ())
    asked = why(Holdings(packages), "tool")
    assert (asked.orphan, asked.requested) == (False, "tool")


def test_where_nobody_is_known_to_have_asked_chains_come_from_the_top() -> None:
    reason = why(Holdings((held("top", "middle"), held("middle", "low"), held("low"))), "low")
    assert [[step.name for step in chain] for chain in reason.chains] == [["top", "middle", "low"]]


def test_a_package_that_much_needs_has_its_shortest_chains_only() -> None:
    many = tuple(held(f"p{number:03}", "python", requested="x") for number in range(50))
    reason = why(Holdings((*many, held("python"))), "python")
    assert (len(reason.chains), reason.left_out) == (MOST_CHAINS, 50 - MOST_CHAINS)


def test_a_package_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nonesuch") as raised:
        why(Holdings(), "nonesuch")
    assert raised.value.code == "no-package"


def test_revisions_are_read_as_conda_writes_them(tmp_path: Path) -> None:
    history = tmp_path / "conda-meta" / "history"
    assert revisions(str(tmp_path)) == []
    history.parent.mkdir()
    history.write_text(
        "==> 2026-01-02 03:04:05 <==\n"
        "# cmd: /opt/conda/bin/conda create -n x -c https://conda.example/t/tk-123456789/chan python\n"
        "+https://conda.example/t/tk-123/chan/linux-64::python-3.11.7-h_0\n"
        "# update specs: ['python']\n"
        "==> 2026-02-30 03:04:05 <==\n"
        "-defaults/linux-64::python-3.11.7-h_0\n"
        "+defaults/linux-64::python-3.12.0-h_0\n"
    )
    newest, oldest = revisions(str(tmp_path))
    assert (oldest.number, oldest.added, oldest.removed) == (0, ["python-3.11.7-h_0"], [])
    assert oldest.command is not None
    assert "tk-123" not in oldest.command
    assert oldest.date is not None
    assert oldest.date.startswith("2026-01-02T03:04:05")
    assert (newest.number, newest.date, newest.added) == (1, None, ["python-3.12.0-h_0"])


def test_what_conda_brought_is_not_counted_twice(ledger: Path) -> None:
    found = holdings(str(ledger))
    assert {each.manager for each in found.packages} == {"conda"}
    shutil.rmtree(ledger / "conda-meta")
    assert {each.manager for each in holdings(str(ledger)).packages} == {"pip"}
