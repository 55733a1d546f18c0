"""The old prefix is replaced wherever it is written, and nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from conda_pack.prefixes import binary_replace

from jupyter_envlink.prefix_text import LONGEST_SHEBANG, DoesNotFit, Replacement

OLD, NEW = "/envs/demo", "/envs/another"
posix = pytest.mark.skipif(os.name == "nt", reason="scripts with a first line")


def text(data: str, old: str = OLD, new: str = NEW) -> str:
    return Replacement([old], new).in_text(data.encode()).decode()


def test_an_address_is_written_as_one_also_where_the_old_one_needed_no_care() -> None:
    assert text(f"file://{OLD}/src {OLD}", new="/a b") == "file:///a%20b/src /a b"


def test_text_names_the_new_place_in_every_way_of_writing() -> None:
    old, new = "/envs/café one", "/envs/über"
    written = [old, f"{old}/bin:{old}/lib", f"-I{old}/include", f"file://{quote(old)}/src", json.dumps({"a": old})]

    assert text("\n".join(written), old, new).splitlines() == [
        new, f"{new}/bin:{new}/lib", f"-I{new}/include", f"file://{quote(new)}/src", json.dumps({"a": new})
    ]  # fmt: skip


@pytest.mark.parametrize("other", ["/envs/demo-2", "/envs/demo.old/x", "/envs/demos", "/envs/demo_", "/envs/demoé"])
def test_a_name_that_only_begins_alike_stays(other: str) -> None:
    assert text(f"{other} {OLD}") == f"{other} {NEW}"


def test_an_end_of_a_sentence_is_no_part_of_a_name() -> None:
    assert text(f"It is in {OLD}.") == f"It is in {NEW}."


def test_each_spelling_of_the_place_is_replaced() -> None:
    replacement = Replacement(["/data/envs/demo", "/envs/demo"], NEW)

    assert replacement.in_text(b"/envs/demo /data/envs/demo") == f"{NEW} {NEW}".encode()


def test_a_path_in_it_moves_and_another_one_stays() -> None:
    replacement = Replacement([OLD], NEW)

    assert replacement.of_path(os.path.join(OLD, "bin")) == os.path.join(NEW, "bin")
    assert [replacement.of_path(path) for path in (OLD + "-2", "../bin")] == [OLD + "-2", "../bin"]


PLACEHOLDER = "/opt/" + "placehold_" * 12
PACKAGED = b"\x7fELF\0%s/lib:%s/share\0\0\0next\0plain\0%s\0tail\xff" % ((PLACEHOLDER.encode(),) * 3)


@posix
@pytest.mark.parametrize("new", ["/e/x", "/envs/demo", "/envs/" + "longer" * 10])
def test_a_binary_becomes_what_conda_would_have_made_of_the_package(new: str) -> None:
    """Also where the new prefix is longer than the old one: there is room for the package's own."""
    installed = binary_replace(PACKAGED, PLACEHOLDER.encode(), OLD.encode())

    relocated = Replacement([OLD], new).in_binary(installed, len(PLACEHOLDER))

    assert relocated == binary_replace(PACKAGED, PLACEHOLDER.encode(), new.encode())


@posix
def test_a_binary_that_no_package_brought_takes_what_is_no_longer() -> None:
    assert Replacement([OLD], "/e/x").in_binary(b"a\0/envs/demo/lib\0b") == b"a\0/e/x/lib\0\0\0\0\0\0\0b"


@posix
def test_a_string_that_conda_did_not_pad_has_no_more_room_than_its_own() -> None:
    with pytest.raises(DoesNotFit) as refused:
        Replacement([OLD], NEW).in_binary(b"a\0/envs/demo/lib:/envs/demo\0\0b", len(PLACEHOLDER))

    assert refused.value.by == 3


@posix
@pytest.mark.parametrize("folder", ["with space", "long" * 40])
def test_a_script_starts_its_python_from_a_place_that_no_first_line_can_name(tmp_path: Path, folder: str) -> None:
    prefix = tmp_path / folder
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python").symlink_to(sys.executable)
    script = tmp_path / "script"
    code = b"import sys\nprint(sys.executable, *sys.argv[1:])\n"

    made = Replacement([OLD], str(prefix)).in_text(b"#!/envs/demo/bin/python -E\n" + code)
    script.write_bytes(made)
    script.chmod(0o755)

    assert max(map(len, made.partition(b"\n")[:1])) <= LONGEST_SHEBANG
    said = subprocess.run([str(script), "a b"], capture_output=True, text=True, check=True).stdout
    assert said == f"{prefix}/bin/python a b\n"


@posix
def test_another_program_is_looked_for_on_the_path_then() -> None:
    made = text("#!/envs/demo/bin/perl -w\nprint 1;\n", new="/a b")

    assert made == "#!/usr/bin/env perl -w\nprint 1;\n"


@posix
def test_a_first_line_that_can_be_taken_stays_one() -> None:
    assert text("#!/envs/demo/bin/python\n") == "#!/envs/another/bin/python\n"
    assert text("#!/bin/sh\ncd '/envs/demo'\n", new="/a b") == "#!/bin/sh\ncd '/a b'\n"
