from __future__ import annotations

import json
import logging
import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from jupyter_envlink.bindings import Binding, Bindings, is_gone
from jupyter_envlink.errors import DiskError


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path / "envlink")
    assert bindings.all() == {}
    assert bindings.get("/e") == Binding()
    assert not (tmp_path / "envlink").exists()


def test_a_name_once_bound_stays(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path)
    bindings.bind({"/e": "finance"})
    bindings.bind({"/e": "other", "/f": "stats"})
    assert Bindings(tmp_path).all() == {"/e": Binding("finance"), "/f": Binding("stats")}


def test_attaching_and_naming_do_not_disturb_each_other(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path)
    bindings.set_attached("/e", False)
    bindings.bind({"/e": "finance"})
    assert bindings.get("/e") == Binding("finance", False)
    bindings.set_attached("/e", True)
    assert bindings.get("/e") == Binding("finance", True)
    bindings.forget(["/e", "/never-known"])
    assert bindings.get("/e") == Binding()


def test_the_file_is_plain(tmp_path: Path) -> None:
    Bindings(tmp_path).bind({"/envs/ü $x": "x"})
    content = json.loads((tmp_path / "links.json").read_text())
    assert content == {"version": 1, "links": {"/envs/ü $x": {"name": "x", "attached": None}}}


def test_another_server_s_change_is_seen(tmp_path: Path) -> None:
    ours, theirs = Bindings(tmp_path), Bindings(tmp_path)
    ours.bind({"/e": "e"})
    theirs.bind({"/f": "f"})
    assert set(ours.all()) == {"/e", "/f"}


@pytest.mark.parametrize("garbage", ["", "{", "[]", '{"links": 3}', '{"links": {"/e": 1}}', "\xff\xfe"])
def test_garbage_is_kept_aside(tmp_path: Path, garbage: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "links.json").write_bytes(garbage.encode("latin-1"))
    bindings = Bindings(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert bindings.all() == {}
    assert "links.json.broken" in caplog.text
    assert (tmp_path / "links.json.broken").read_bytes() == garbage.encode("latin-1")
    bindings.bind({"/e": "e"})
    assert bindings.all() == {"/e": Binding("e")}


def test_odd_values_count_as_unknown(tmp_path: Path) -> None:
    links = {"/e": {"name": 3, "attached": "yes", "title": 1, "variables": {"A": 1}}}
    (tmp_path / "links.json").write_text(json.dumps({"version": 9, "links": links}))
    assert Bindings(tmp_path).all() == {"/e": Binding()}


def test_what_a_person_said_is_kept(tmp_path: Path) -> None:
    said = Binding("e", True, "Title ☕", True, {"A": "$x"}, ("old", "older"))
    Bindings(tmp_path).change("/e", lambda known: said)
    assert Bindings(tmp_path).get("/e") == said
    Bindings(tmp_path).change("/e", lambda known: Binding("e"))
    record = json.loads((tmp_path / "links.json").read_text())["links"]["/e"]
    assert record == {"name": "e", "attached": None}


def test_what_a_later_version_wrote_survives(tmp_path: Path) -> None:
    later = {"name": "e", "attached": None, "colour": "red", "nested": {"a": [1]}}
    (tmp_path / "links.json").write_text(json.dumps({"version": 7, "links": {"/e": later}, "more": [1]}))
    bindings = Bindings(tmp_path)
    bindings.set_attached("/e", True)
    bindings.bind({"/f": "f"})
    content = json.loads((tmp_path / "links.json").read_text())
    assert (content["version"], content["more"]) == (7, [1])
    assert content["links"]["/e"] == {**later, "attached": True}
    assert set(content["links"]) == {"/e", "/f"}


def test_a_renamed_environment_keeps_what_was_said_and_its_former_names(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path)
    bindings.change("/envs/a", lambda known: Binding("a", True, "Title", True, {"A": "1"}))
    bindings.rename("/envs/a", "/envs/b")
    assert bindings.get("/envs/b") == Binding(None, True, "Title", True, {"A": "1"}, ("a",))
    assert bindings.get("/envs/a").name == "a", "it may stay yet"
    bindings.forget(["/envs/a"])
    bindings.bind({"/envs/b": "b"})
    bindings.rename("/envs/b", "/envs/c")
    bindings.rename("/envs/unknown", "/envs/d")
    assert bindings.get("/envs/c").former == ("a", "b")
    assert set(bindings.all()) == {"/envs/b", "/envs/c"}


def test_what_was_set_outlives_an_environment_its_name_does_not(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path)
    bindings.change("/e", lambda known: Binding("e", True, "Title", variables={"A": "1"}, former=("d",)))
    bindings.bind({"/f": "f"})
    bindings.release(["/e", "/f", "/unknown"])
    assert bindings.all() == {"/e": Binding(None, True, "Title", variables={"A": "1"})}
    bindings.forget(["/e"])
    assert bindings.all() == {}


def test_a_change_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    def refuse(known: Binding) -> Binding:
        raise KeyError

    bindings = Bindings(tmp_path)
    bindings.bind({"/e": "e"})
    version = bindings.version
    with pytest.raises(KeyError):
        bindings.change("/e", refuse)
    assert bindings.version == version


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError, match=r"links\.json"):
        Bindings(tmp_path / "file" / "envlink").set_attached("/e", True)


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path)
    bindings.bind({"/e": "e"})
    version = bindings.version
    bindings.bind({"/e": "x"})
    bindings.forget(["/unknown"])
    assert bindings.version == version


def _bind_many(folder: str, who: str) -> None:
    bindings = Bindings(Path(folder))
    for n in range(20):
        bindings.bind({f"/{who}/{n}": f"{who}-{n}"})


def test_two_servers_at_once_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    servers = [spawn.Process(target=_bind_many, args=(str(tmp_path), who)) for who in ("a", "b")]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert len(Bindings(tmp_path).all()) == 40


def test_gone_means_certainly_gone(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert not is_gone(str(tmp_path / "there"))
    assert is_gone(str(tmp_path / "removed"))
    assert not is_gone(str(tmp_path / "unmounted" / "envs" / "e"))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_dangling_link_is_not_gone(tmp_path: Path) -> None:
    os.symlink(tmp_path / "nowhere", tmp_path / "link")
    assert not is_gone(str(tmp_path / "link"))


def test_what_nobody_has_said_is_forgotten_and_the_file_goes_with_it(tmp_path: Path) -> None:
    bindings = Bindings(tmp_path)
    bindings.bind({"/named": "a", "/attached": "b"})
    bindings.set_attached("/attached", False)
    bindings.forget_unsaid()
    assert dict(bindings.all()) == {"/attached": Binding("b", False)}
    bindings.forget(["/attached"])
    bindings.forget_unsaid()
    assert not bindings.path.exists()


def test_a_record_that_cannot_be_understood_is_not_forgotten(tmp_path: Path) -> None:
    (tmp_path / "links.json").write_text("{ garbage")
    Bindings(tmp_path).forget_unsaid()
    assert (tmp_path / "links.json.broken").read_text() == "{ garbage"
