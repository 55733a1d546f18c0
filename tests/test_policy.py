from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.environment import Environment, State
from jupyter_envlink.errors import NotAllowed
from jupyter_envlink.policy import Policy, is_server

from .prefixes import environment


@pytest.fixture
def own(tmp_path: Path) -> Environment:
    (tmp_path / "envs" / "own").mkdir(parents=True)
    return environment(str(tmp_path / "envs" / "own"))


def _changed(own: Environment, **changes: Any) -> Environment:
    return environment(own.prefix, **changes)


def test_an_environment_of_ones_own(own: Environment) -> None:
    policy = Policy()
    assert policy.not_removable(own) is None
    policy.refuse_remove(own)
    policy.refuse_change(own)
    policy.refuse_create(own.prefix)


def test_what_nothing_overrides(own: Environment, tmp_path: Path) -> None:
    policy = Policy(allowed_roots=["/", str(tmp_path)])
    for protected, says in (
        (_changed(own, is_base=True), "base installation"),
        (environment(sys.prefix), "this Jupyter server"),
        (environment(sys.base_prefix), "this Jupyter server"),
    ):
        for refuse in (policy.refuse_remove, policy.refuse_change):
            with pytest.raises(NotAllowed, match=says) as caught:
                refuse(protected)
            assert caught.value.remedy


def test_the_servers_environment_by_another_way(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(sys.prefix)
    assert is_server(str(tmp_path / "link"))
    assert is_server(f"{sys.prefix}{os.sep}")
    assert not is_server(os.path.dirname(sys.prefix))


def test_one_that_is_being_made_is_cancelled_not_removed(own: Environment) -> None:
    with pytest.raises(NotAllowed, match="cancel the job"):
        Policy().refuse_remove(_changed(own, state=State.BUILDING))


def test_read_only(own: Environment) -> None:
    policy = Policy(read_only=True)
    for refuse in (policy.refuse_remove, policy.refuse_change):
        with pytest.raises(NotAllowed, match="read-only"):
            refuse(own)
    with pytest.raises(NotAllowed, match="read-only"):
        policy.refuse_create(own.prefix)


def test_allowed_roots(own: Environment, tmp_path: Path) -> None:
    Policy(allowed_roots=[str(tmp_path)]).refuse_remove(own)
    for roots in ([str(tmp_path / "other")], [own.prefix], [f"{own.prefix[:-1]}"]):
        with pytest.raises(NotAllowed, match="does not lie below"):
            Policy(allowed_roots=roots).refuse_remove(own)
        with pytest.raises(NotAllowed, match="does not lie below"):
            Policy(allowed_roots=roots).refuse_create(own.prefix)


def test_allowed_roots_are_not_left_by_a_link(own: Environment, tmp_path: Path) -> None:
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed" / "link").symlink_to(own.prefix)
    policy = Policy(allowed_roots=[str(tmp_path / "allowed")])
    with pytest.raises(NotAllowed):
        policy.refuse_remove(environment(str(tmp_path / "allowed" / "link")))
    with pytest.raises(NotAllowed):
        policy.refuse_create(str(tmp_path / "allowed" / ".." / "envs" / "x"))


def test_allowed_roots_may_be_written_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    Policy(allowed_roots=["~/envs"]).refuse_create(str(tmp_path / "envs" / "x"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_what_may_not_be_written(own: Environment) -> None:
    Path(own.prefix).parent.chmod(0o500)
    try:
        with pytest.raises(NotAllowed, match="may not write"):
            Policy().refuse_remove(own)
    finally:
        Path(own.prefix).parent.chmod(0o700)
