"""What a list of requirements says, and which of it uv does not do: held against the real uv."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_envlink import process
from jupyter_envlink.engines.requirements import Line, beyond_uv, every_line, with_whole_paths
from jupyter_envlink.engines.uv import find_uv
from tests.channel import Channel
from tests.wheels import python_in, venv

KNOWN = (
    "--index-url https://example.org/simple",
    "-i https://example.org/simple",
    "--extra-index-url=https://example.org/simple",
    "--find-links .",
    "-f .",
    "--no-index",
    "--no-binary tabulate",
    "--no-binary=:none:",
    "--only-binary :all:",
    "-r other.txt",
    "--requirement=other.txt",
    "-c other.txt",
    "--constraint other.txt",
    "tabulate[widechars]>=0.8,<1 ; python_version > '3' # why",
    "-e ./project",
    "./project",
)
UNKNOWN = (
    "--pre",
    "--prefer-binary",
    "--trusted-host example.org",
    "--use-feature=fast-deps",
    "--global-option=x",
    "--install-option=x",
    "--process-dependency-links",
    "--config-settings a=b",
    "--no-deps",
    "-U",
    "--no-cache-dir",
    "--find-links . --no-index",
    "tabulate --global-option=x",
    "tabulate --config-settings=a=b",
    "-e git+https://example.org/x.git#egg=x",
    "svn+https://example.org/x",
    "hg+https://example.org/x#egg=x",
    "x @ hg+https://example.org/x",
)
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "none"\n[project]\nname = "mine"\nversion = "1"\n'


@pytest.fixture(scope="module")
def folder(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("requirements")
    wheels = [channel.wheels / "tabulate-0.9.0-py3-none-any.whl"]
    venv(made / "venv", wheels=wheels)
    (made / "other.txt").write_text("tabulate\n")
    (made / "project").mkdir()
    (made / "project" / "pyproject.toml").write_text(PROJECT)
    return made


def uv_is_content(folder: Path, line: str) -> bool:
    """Whether uv reads ``line`` of a list and passes over nothing of it. What it names need not be had for that."""
    argv = [
        find_uv(),
        "pip",
        "install",
        "--no-config",
        "--offline",
        "--dry-run",
        "--python",
        str(python_in(folder / "venv")),
    ]
    done = process.run([*argv, "-r", "-"], cwd=folder, timeout=60, stdin=f"tabulate\n{line}\n")
    return done.returncode == 0 and "Ignoring unsupported option" not in done.stderr


@pytest.mark.parametrize("line", KNOWN)
def test_uv_does_what_it_is_said_to_do(folder: Path, line: str) -> None:
    assert beyond_uv(list(every_line([line], str(folder)))) is None
    assert uv_is_content(folder, line)


@pytest.mark.parametrize("line", UNKNOWN)
def test_uv_does_not_do_what_is_left_to_pip(folder: Path, line: str) -> None:
    assert beyond_uv(list(every_line([line], str(folder))))
    assert not uv_is_content(folder, line)


@pytest.mark.parametrize(
    ("line", "name", "exact"),
    [
        ("Foo_Bar==1.0", "foo-bar", True),
        ("foo===1.0 --hash=sha256:ab", "foo", True),
        ("foo==1.*", "foo", False),
        ("foo>=1", "foo", False),
        ("foo[bar]", "foo", False),
        ("foo @ https://example.org/foo.zip", "foo", False),
        ("-e git+https://example.org/x.git#egg=Foo.Bar&subdirectory=y", "foo-bar", False),
        ("git+https://example.org/x.git#subdirectory=y&egg=foo", "foo", False),
        ("git+https://example.org/x.git", "", False),
        ("https://example.org/foo-1-py3-none-any.whl", "", False),
        ("./foo", "", False),
        ("-e .", "", False),
        ("-r foo.txt", "", False),
        ("--no-index", "", False),
    ],
)
def test_what_a_line_names(line: str, name: str, exact: bool) -> None:
    assert (Line(line, "/").name, Line(line, "/").is_exact) == (name, exact)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("-e .", ""),
        ("--editable=./a[x,y]", "a"),
        ("./a b", "a b"),
        ("../a ; python_version > '3'", "../a"),
        ("foo", None),
        ("-r ./foo", None),
        ("-e git+https://example.org/x", None),
        ("./a --config-settings x=y", "a"),
    ],
)
def test_the_path_that_a_line_installs(tmp_path: Path, line: str, path: str | None) -> None:
    assert Line(line, str(tmp_path)).path == (None if path is None else str((tmp_path / path).resolve()))


def test_lists_that_lists_name_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b c.txt").write_text("# why\nb \\\n  ==1\n-r ../one.txt\n./here\n", "utf-8-sig")
    (tmp_path / "one.txt").write_text("-r 'a/b c.txt'\none\n")
    found = [
        line.text
        for line in every_line(["-r one.txt", "-r nowhere.txt", "-r https://example.org/x.txt"], str(tmp_path))
    ]
    assert found == [
        "-r one.txt", "-r 'a/b c.txt'", "b ==1", "-r ../one.txt", "./here", "one", "-r nowhere.txt",
        "-r https://example.org/x.txt",
    ]  # fmt: skip
    paths = [line.path for line in every_line(["-r one.txt"], str(tmp_path)) if line.path]
    assert paths == [str((tmp_path / "a" / "here").resolve())]


def test_a_list_may_lie_anywhere(tmp_path: Path) -> None:
    text = with_whole_paths(
        ["-r a b.txt", "-c=https://example.org/c", "tabulate", "-f ./x", "-e .", "-c 'd e.txt'"], "/f g"
    )
    assert text.splitlines() == [
        "-r '/f g/a b.txt'",
        "-c=https://example.org/c",
        "tabulate",
        "-f ./x",
        "-e .",
        "-c '/f g/d e.txt'",
    ]
