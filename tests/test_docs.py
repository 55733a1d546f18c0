"""What the documentation says is held against the program: settings, commands, targets, links, generated pages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envlink import formats
from jupyter_envlink.envfile import CODES
from jupyter_envlink.envfile.fixing import fixed
from tests.test_envfile_fixes import NO_REPAIR

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

from reference import commands, http, modules, traits  # noqa: E402

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
named = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def links(text: str) -> Iterator[str]:
    """Relative targets of links and pictures, in Markdown and in MyST's own form."""
    for target in re.findall(r"\]\(([^)\s]+)\)|```\{image\} (\S+)", text):
        path = "".join(target).partition("#")[0]
        if path and "://" not in path and not path.startswith("mailto:"):
            yield path


@named
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    missing = [link for link in links(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert missing == []


@named
def test_settings_that_are_named_exist(page: Path) -> None:
    known = {f"c.{item.__name__}.{trait}" for item in traits.configurables() for trait in traits.own_traits(item)}
    said = re.findall(r"\bc\.[A-Z]\w+\.\w+", page.read_text(encoding="utf-8"))
    assert {setting for setting in said if not setting.startswith("c.ServerApp.")} <= known


@named
def test_commands_that_are_named_exist(page: Path) -> None:
    said = re.findall(r"jupyter envlink ([a-z]+)", page.read_text(encoding="utf-8"))
    assert set(said) <= set(commands.COMMANDS)


@named
def test_make_targets_that_are_named_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    said = re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)[^`]*`", text, re.MULTILINE)
    assert {"".join(target) for target in said} <= known


def test_configuration_page_has_each_setting_with_its_meaning() -> None:
    page = traits.page()
    for item in traits.configurables():
        for name, trait in traits.own_traits(item).items():
            assert f"### `c.{item.__name__}.{name}`" in page
            assert len(trait.help) > 20, f"{item.__name__}.{name} does not say what it is for"


def test_http_page_has_each_route() -> None:
    page = http.page()
    for path, item in http.contract()["paths"].items():
        for verb in item.keys() & set(http.VERBS):
            assert f"### `{verb.upper()} {path}`" in page


def test_architecture_page_has_each_module() -> None:
    assert {"catalog", "service", "transaction"} <= set(re.findall(r"^\| `([\w.]+)`", modules.page(), re.MULTILINE))


@pytest.mark.parametrize("command", commands.COMMANDS)
def test_command_page_shows_how_each_is_used(command: str) -> None:
    assert f"usage: jupyter envlink {command}" in commands.help_text(command)


@pytest.mark.slow
def test_documentation_builds_without_warnings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", tmp_path / "doctrees"]
    done = subprocess.run([*command, ROOT / "docs", tmp_path / "html"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "html/configuration.html").exists()


def test_every_finding_stands_in_its_table_with_what_it_means() -> None:
    page = (ROOT / "docs" / "environment-files.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (.+) \|$", page, re.MULTILINE)
    assert [(code, meaning) for code, meaning, _ in rows] == list(CODES.items())
    assert {code for code, _, fix in rows if fix.startswith("none: ")} == set(NO_REPAIR)


def test_what_is_said_of_the_other_formats_stands_in_their_table() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|$", page, re.MULTILINE) == list(formats.CODES.items())
    assert re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE) == list(formats.FORMATS)


def test_the_file_that_is_mended_comes_out_as_it_is_shown() -> None:
    page = (ROOT / "docs" / "environment-files.md").read_text(encoding="utf-8")
    before, after = re.findall(r"^```yaml\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)
    assert fixed(before) == after
