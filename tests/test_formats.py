"""Which format a file is in, and what can be said about one without asking anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_envlink import formats
from jupyter_envlink.envfile import CODES, Diagnostic, Edit
from jupyter_envlink.formats import Contents, detect, read
from jupyter_envlink.preview import check
from jupyter_envlink.rewriting import rewriting
from jupyter_envlink.source import Source

from . import contract

URL = "https://conda.anaconda.org/conda-forge/linux-64/python-3.12.3-hab00c5b_0_cpython.conda"
MD5, SHA = "a" * 32, "b" * 64
EXPLICIT = f"# platform: linux-64\n@EXPLICIT\n{URL}#{MD5}\n"
CONDA_LOCK = f"""version: 1
metadata:
  content_hash: {{linux-64: 0}}
  channels: [{{url: conda-forge, used_env_vars: []}}]
  platforms: [linux-64, osx-arm64]
package:
- {{name: python, version: 3.12.3, manager: conda, platform: linux-64, dependencies: {{openssl: '>=3'}}, url: '{URL}',
   hash: {{md5: {MD5}, sha256: {SHA}}}, category: main, optional: false}}
- {{name: tabulate, version: 0.9.0, manager: pip, platform: linux-64, dependencies: {{}}, hash: {{sha256: {SHA}}},
   url: 'https://files.pythonhosted.org/packages/tabulate-0.9.0-py3-none-any.whl', category: main, optional: false}}
- {{name: sphinx, version: 7.0.0, manager: conda, platform: linux-64, dependencies: {{}},
   url: 'https://conda.anaconda.org/conda-forge/noarch/sphinx-7.0.0-pyhd8ed1ab_0.conda', hash: {{}}, category: docs}}
"""
PIXI_LOCK = f"""version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    indexes:
    - https://pypi.org/simple
    packages:
      linux-64:
      - conda: {URL}
      - pypi: https://files.pythonhosted.org/packages/tabulate-0.9.0-py3-none-any.whl
      - pypi: ./mine
  docs:
    channels: []
    packages: {{}}
packages:
- conda: {URL}
  sha256: {SHA}
  md5: {MD5}
  depends: [openssl >=3]
  size: 100
- pypi: https://files.pythonhosted.org/packages/tabulate-0.9.0-py3-none-any.whl
  name: tabulate
  version: 0.9.0
  sha256: {SHA}
- pypi: ./mine
  name: mine
  version: '1'
  sha256: {SHA}
"""
YML = "dependencies: [python]\n"


def said(contents: Contents, code: str) -> Diagnostic:
    found = [each for each in contents.file.diagnostics if each.code == code]
    assert len(found) == 1, contents.file.diagnostics
    return found[0]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("explicit.txt", EXPLICIT, "explicit"),
        ("a/conda-linux-64.lock", EXPLICIT, "explicit"),
        ("environment.yml", EXPLICIT, "explicit"),
        (None, EXPLICIT.replace("\n", "\r\n"), "explicit"),
        ("conda-lock.yml", CONDA_LOCK, "conda-lock"),
        ("gpu.conda-lock.yaml", "", "conda-lock"),
        ("environment.yml", CONDA_LOCK, "conda-lock"),
        (None, CONDA_LOCK, "conda-lock"),
        ("pixi.lock", "", "pixi-lock"),
        ("other.yaml", PIXI_LOCK, "pixi-lock"),
        (None, PIXI_LOCK, "pixi-lock"),
        ("requirements.txt", "numpy", "requirements"),
        ("C:\\x\\requirements-dev.in", "numpy", "requirements"),
        ("environment.yml", YML, "environment-yml"),
        ("anything", YML, "environment-yml"),
        (None, YML, "environment-yml"),
        ("packages.yaml", "", "environment-yml"),
        ("pylock.toml", "", "pylock"),
        ("pylock.dev.toml", "", "pylock"),
        (None, 'lock-version = "1.0"\n[[packages]]\nname = "x"\n', "pylock"),
        ("pyproject.toml", "", "pyproject"),
        ("a/other.toml", '[project]\nname = "x"\n', "pyproject"),
        (None, '[project]\nname = "x"\n', "pyproject"),
    ],
)
def test_the_format_is_told_by_name_and_content(path: str | None, text: str, expected: str) -> None:
    assert detect(text.encode(), path) == expected
    assert read(text.encode(), path).format == expected


def test_windows_shells_write_utf_16() -> None:
    found = read(EXPLICIT.encode("utf-16"), "explicit.txt", platform="linux-64")
    assert (found.format, found.file.ok) == ("explicit", True)
    assert read(YML.encode("utf-16"), "environment.yml").file.conda == ("python",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("poetry.lock", "Poetry's lock file"),
        ("Pipfile", "Pipenv"),
        ("pixi.toml", "pixi manifest"),
        ("config.toml", "TOML of no known kind"),
        ("uv.lock", "uv's lock file"),
        ("a.ipynb", "a notebook"),
        ("numpy-1.2-0.conda", "a conda package"),
        ("setup.py", "build script"),
    ],
)
def test_what_is_none_of_them_is_called_by_its_name(name: str, words: str) -> None:
    found = said(read(b"x = 1\n", f"folder/{name}"), "unknown-format")
    assert words in found.message
    assert found.hint


def test_check_takes_them_all() -> None:
    texts = {"explicit.txt": EXPLICIT, "conda-lock.yml": CONDA_LOCK, "pixi.lock": PIXI_LOCK, "requirements.txt": "x=1"}
    checked = check([Source(text.encode(), name, None) for name, text in texts.items()])["files"]
    for each in checked:
        contract.validate(contract.component("CheckedFile"), each)
    assert checked[0]["conda"] == [f"{URL}#{MD5}"]
    assert (checked[0]["pip"], checked[0]["name"], checked[0]["channels"]) == (None, None, None)
    assert checked[1]["channels"] == ["conda-forge"]
    assert checked[2]["conda"] == [URL]
    assert checked[3]["pip"] == ["x=1"]
    assert not checked[3]["ok"]


# @EXPLICIT


def test_explicit_lists_are_read_as_cep_23_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "https://host.example/t/token")
    lines = [f"{URL}#{MD5}", f"  {URL}#sha256:{SHA}", f"{URL}#{SHA}", URL, "sub/a-1-0.tar.bz2", "/x/b-1-0.conda"]
    lines += ["$PLACE/noarch/c-1-0.conda"]
    text = "# platform: linux-64\n\n @EXPLICIT \n# a comment\n" + "\n".join(lines)
    locked = read(text.encode(), "x.txt", str(tmp_path), "linux-64").locked
    assert locked is not None
    one, two, three, four, beside, absolute, variable = locked.packages
    assert (one.name, one.version, one.build, one.subdir) == ("python", "3.12.3", "hab00c5b_0_cpython", "linux-64")
    assert (one.md5, one.sha256, one.channel) == (MD5, None, "https://conda.anaconda.org/conda-forge")
    assert [(each.md5, each.sha256) for each in (two, three, four)] == [(None, SHA), (None, SHA), (None, None)]
    assert beside.url == (tmp_path / "sub" / "a-1-0.tar.bz2").as_uri()
    assert absolute.url == "file:///x/b-1-0.conda"
    assert (variable.url, variable.subdir) == ("https://host.example/t/token/noarch/c-1-0.conda", "noarch")


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("numpy=1.2", "not-a-package", 1),
        ("  https://x/y.conda", "not-a-package", 3),
        (f"{URL}#123", "bad-hash", 1),
        ("sub/a-1-0.conda", "not-a-package", 1),
        (URL.replace("linux-64", "osx-arm64"), "locked-elsewhere", 1),
    ],
)
def test_what_is_wrong_with_a_line_has_its_place(line: str, code: str, column: int) -> None:
    found = said(read(f"@EXPLICIT\n{line}\n".encode(), "x.txt", None, "linux-64"), code)
    assert (found.severity, found.line, found.column) == ("error", 2, column)
    assert found.hint


def test_a_list_for_another_platform_names_it() -> None:
    found = said(read(EXPLICIT.encode(), "x.txt", None, "win-64"), "locked-elsewhere")
    assert "linux-64" in found.message
    assert "win-64" in found.message


# conda-lock.yml


def test_conda_lock_is_read_for_this_platform() -> None:
    contents = read(CONDA_LOCK.encode(), "conda-lock.yml", None, "linux-64")
    assert contents.file.ok, contents.file.diagnostics
    assert contents.locked is not None
    (python,) = contents.locked.packages
    assert (python.spec, python.sha256, python.depends) == ("python==3.12.3=hab00c5b_0_cpython", SHA, ("openssl >=3",))
    wheel = "https://files.pythonhosted.org/packages/tabulate-0.9.0-py3-none-any.whl"
    assert contents.locked.pip == (f"tabulate @ {wheel} --hash=sha256:{SHA}",)
    assert "docs" in said(contents, "lock-category").message


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("version: 1\n", "version: 2\n", "lock-version"),
        ("version: 1\n", "", "lock-version"),
        ("platform: linux-64", "platform: win-64", "locked-elsewhere"),
        (".conda", ".zip", "not-a-package"),
        ("metadata:", "metadata: [", "yaml-syntax"),
        ("url: 'https://files", "other: 'https://files", "not-a-package"),
    ],
)
def test_what_is_wrong_with_a_conda_lock(old: str, new: str, code: str) -> None:
    contents = read(CONDA_LOCK.replace(old, new).encode(), "conda-lock.yml", None, "linux-64")
    assert said(contents, code).severity == "error"
    assert not contents.file.ok


# pixi.lock


def test_pixi_lock_is_read_for_this_platform(tmp_path: Path) -> None:
    contents = read(PIXI_LOCK.encode(), "pixi.lock", str(tmp_path), "linux-64")
    assert contents.file.ok, contents.file.diagnostics
    assert contents.locked is not None
    (python,) = contents.locked.packages
    assert (python.spec, python.sha256, python.md5) == ("python==3.12.3=hab00c5b_0_cpython", SHA, MD5)
    assert (python.depends, python.size, python.subdir) == (("openssl >=3",), 100, "linux-64")
    wheel = "https://files.pythonhosted.org/packages/tabulate-0.9.0-py3-none-any.whl"
    assert sorted(contents.locked.pip) == [
        f"mine @ {(tmp_path / 'mine').as_uri()}",
        f"tabulate @ {wheel} --hash=sha256:{SHA}",
    ]
    assert contents.file.channels == ("https://conda.anaconda.org/conda-forge/",)
    assert "docs" in said(contents, "lock-environment").message


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("version: 6", "version: 99", "lock-damaged"),
        ("version: 6", "version: [", "lock-damaged"),
        ("  default:", "  other:", "lock-environment"),
        ("linux-64:", "win-64:", "locked-elsewhere"),
    ],
)
def test_what_is_wrong_with_a_pixi_lock(old: str, new: str, code: str, tmp_path: Path) -> None:
    contents = read(PIXI_LOCK.replace(old, new, 1).encode(), "pixi.lock", str(tmp_path), "linux-64")
    found = said(contents, code)
    assert found.severity == "error"
    assert "envlink-" not in found.message, "the file that rattler reads is nobody's business"


def test_a_path_in_a_pixi_lock_needs_the_folder() -> None:
    contents = read(PIXI_LOCK.encode(), "pixi.lock", None, "linux-64")
    assert said(contents, "pip-local").severity == "error"


# requirements.txt


def test_requirements_mean_what_they_mean_to_pip() -> None:
    text = (
        "# comment\n--index-url https://pypi.example/simple\nnumpy>=1.20 ; python_version > '3.8'  # why\n"
        "-r other.txt\n"
        f"six==1.16.0 \\\n    --hash=sha256:{SHA} \\\n    --hash=sha256:{'c' * 64}\n-e .\ngit+https://x.example/y@main\n"
        "./wheel-1-py3-none-any.whl\nname @ https://x.example/n.zip\n"
    )
    contents = read(text.encode(), "requirements.txt")
    assert contents.venv is not None
    assert contents.venv.requirements == contents.file.pip
    assert contents.file.pip == (
        "--index-url https://pypi.example/simple",
        "numpy>=1.20 ; python_version > '3.8'",
        "-r other.txt",
        f"six==1.16.0 --hash=sha256:{SHA} --hash=sha256:{'c' * 64}",
        "-e .",
        "git+https://x.example/y@main",
        "./wheel-1-py3-none-any.whl",
        "name @ https://x.example/n.zip",
    )
    assert contents.file.ok
    assert [(each.code, each.line) for each in contents.file.diagnostics] == [
        ("pip-local", 4), ("pip-local", 8), ("pip-local", 10)
    ]  # fmt: skip
    six = next(entry for entry in contents.file.entries if entry.text.startswith("six"))
    assert (six.line, six.end_line) == (5, 7)


def test_one_equals_sign_is_condas_and_can_be_mended() -> None:
    contents = read(b"numpy\n  pandas=2.1\n\nscipy\n", "requirements.txt")
    found = said(contents, "bad-requirement")
    assert (found.line, found.column, found.fix) == (2, 3, Edit(2, 3, 2, 13, "pandas==2.1"))
    assert "pandas==2.1" in (found.hint or "")


def test_a_list_that_conda_exported_is_none_of_pips() -> None:
    contents = read(b"# platform: linux-64\nnumpy=1.2=py39_0\npython=3.9=h1_0\n", "requirements.txt")
    assert said(contents, "conda-list").line == 2


@pytest.mark.parametrize("text", ["", "# nothing\n\n"])
def test_nothing_is_no_environment(text: str) -> None:
    assert said(read(text.encode(), "requirements.txt"), "empty-file").severity == "error"


# all


def test_every_code_is_written_down() -> None:
    import re

    sources = Path(formats.__file__).parent.glob("*.py")
    used = {
        code for path in sources for code in re.findall(r"\.(?:error|warning|info)\(\s*\"([a-z-]+)\"", path.read_text())
    }
    assert used <= set(formats.CODES) | set(CODES)
    assert set(formats.CODES) <= used


def test_a_list_that_never_ends_is_refused() -> None:
    contents = read(b"@EXPLICIT\n" + f"{URL}\n".encode() * 20_000, "x.txt", None, "linux-64")
    assert "too-many-entries" in {each.code for each in contents.file.errors}


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("My Project/requirements.txt", "numpy", "my-project"),
        ("requirements.txt", "numpy", "requirements"),
        ("work/finance.txt", "numpy", "finance"),
        ("work/conda-lock.yml", CONDA_LOCK, "work"),
        ("work/pixi.lock", PIXI_LOCK, "work"),
        ("work/environment.yml", YML, "work"),
    ],
)
def test_the_name_of_an_environment_whose_file_has_none(path: str, text: str, name: str) -> None:
    assert formats.default_name(read(text.encode(), path)) == name


# pylock.toml

PYLOCK = f"""lock-version = "1.0"
created-by = "us"
requires-python = ">=3.9"
extras = ["gpu"]
[[packages]]
name = "tabulate"
version = "0.9.0"
marker = "python_version > '3.8'"
wheels = [{{ url = "https://files.example/tabulate-0.9.0-py3-none-any.whl", hashes = {{ sha256 = "{SHA}" }} }}]
[[packages]]
name = "mine"
directory = {{ path = ".", editable = true }}
"""


def test_pylock_is_read_as_pep_751_says() -> None:
    contents = read(PYLOCK.encode(), "pylock.toml", "/somewhere")
    assert contents.file.ok, contents.file.diagnostics
    assert contents.venv == formats.Venv(">=3.9", (), True)
    assert contents.file.pip == ("tabulate==0.9.0; python_version > '3.8'", "mine")
    assert (said(contents, "optional-groups").line, contents.file.entries[0].line) == (4, 6)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('"1.0"', '"2.0"', "lock-version", 1),
        ('lock-version = "1.0"\n', "", "lock-version", 1),
        ("[[packages]]", "[[others]]", "not-a-lock", 1),
        ('name = "mine"', 'other = "mine"', "not-a-lock", 1),
        ("directory", "nothing", "not-a-lock", 11),
        ('">=3.9"', '"3 and up"', "requires-python", 3),
        ('"us"', "us", "toml-syntax", 2),
    ],
)
def test_what_is_wrong_with_a_pylock(old: str, new: str, code: str, line: int) -> None:
    found = said(read(PYLOCK.replace(old, new).encode(), "pylock.toml", "/somewhere"), code)
    assert (found.severity, found.line) == ("error", line)
    assert found.hint


def test_a_path_in_a_pylock_needs_the_folder() -> None:
    assert said(read(PYLOCK.encode(), "pylock.toml"), "pip-local").severity == "error"
    minor = read(PYLOCK.replace('"1.0"', '"1.3"').encode(), "pylock.toml", "/x")
    assert (said(minor, "lock-version").severity, minor.file.ok) == ("warning", True)


# pyproject.toml

PROJECT = """[build-system]
requires = ["hatchling"]
[project]
name = "My.Project"
version = "1"
requires-python = ">=3.9"
dependencies = ["tabulate>=0.8", 'numpy; python_version > "3"']
[project.optional-dependencies]
gpu = ["cupy"]
[dependency-groups]
test = ["pytest"]
Dev = [{ include-group = "test" }, "ruff", "tabulate>=0.8"]
docs = ["sphinx"]
"""


def test_a_project_is_read_as_uv_sync_reads_it() -> None:
    contents = read(PROJECT.encode(), "pyproject.toml", "/somewhere")
    assert contents.file.ok, contents.file.diagnostics
    assert contents.venv is not None
    assert contents.venv.requires_python == ">=3.9"
    wanted = ("tabulate>=0.8", 'numpy; python_version > "3"', "pytest", "ruff", "-e .")
    assert contents.venv.requirements == contents.file.pip == wanted
    assert contents.file.name == "my.project"
    left = [each.message for each in contents.file.diagnostics if each.code == "optional-groups"]
    assert left == [
        "The project's extras are left out: gpu.",
        "Groups of the project are left out, as `uv sync` does: docs.",
    ]
    assert [entry.line for entry in contents.file.entries[:2]] == [7, 7]


@pytest.mark.parametrize(
    ("tool", "groups"),
    [
        ("", ["ruff"]),
        ('[tool.uv]\ndefault-groups = ["docs"]\n', ["sphinx"]),
        ('[tool.uv]\ndefault-groups = "all"\n', None),
    ],
)
def test_uvs_own_settings_say_which_groups_are_taken(tool: str, groups: list[str] | None) -> None:
    text = '[dependency-groups]\ndev = ["ruff"]\ndocs = ["sphinx"]\n' + tool
    assert list(read(text.encode(), "pyproject.toml").file.pip or ()) == (groups or ["ruff", "sphinx"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\n', "poetry"),
        ("[tool.ruff]\nline-length = 120\n", "no-dependencies"),
        ('[project]\nname = "x"\ndynamic = ["dependencies"]\n', "dynamic-dependencies"),
        ('[project]\nname = "x"\ndependencies = ["a=1"]\n', "bad-requirement"),
        ('[project]\nname = "x"\ndependencies = {a = "1"}\n', "bad-requirement"),
        ('[dependency-groups]\ndev = [{include-group = "dev"}]\n', "dependency-groups"),
        ('[dependency-groups]\ndev = [{include-group = "gone"}]\n', "dependency-groups"),
        ("[dependency-groups]\ndev = [1]\n", "dependency-groups"),
        ('[project]\nname = "x"\nrequires-python = "three"\n', "requires-python"),
        ("[project\n", "toml-syntax"),
    ],
)
def test_what_is_wrong_with_a_project(text: str, code: str) -> None:
    found = said(read(text.encode(), "pyproject.toml", "/somewhere"), code)
    assert found.severity == "error"
    assert found.line
    assert found.hint


def test_poetrys_tables_beside_a_project_are_said_to_be_left() -> None:
    text = '[project]\nname = "x"\ndependencies = ["numpy"]\n[tool.poetry.group.dev.dependencies]\nruff = "*"\n'
    contents = read(text.encode(), "pyproject.toml")
    assert (said(contents, "poetry").severity, contents.file.pip) == ("warning", ("numpy",))


def test_without_its_folder_the_project_itself_is_left_out() -> None:
    contents = read(PROJECT.encode(), "pyproject.toml")
    assert "-e ." not in (contents.file.pip or ())
    assert said(contents, "pip-local").severity == "warning"


PIXI = """[project]
name = "mine"
requires-python = ">= 3.10"
dependencies = ["rich"]
[tool.pixi.workspace]
channels = ["conda-forge", { channel = "bioconda", priority = 1 }]
platforms = ["linux-64"]
[tool.pixi.dependencies]
numpy = ">=1.20,<3"
pandas = "*"
scipy = { version = "1.*", build = "*mkl*", channel = "conda-forge" }
[tool.pixi.pypi-dependencies]
mine = { path = ".", editable = true }
black = "==24"
x = { version = "*", extras = ["a", "b"] }
y = { git = "https://git.example/y", rev = "abc" }
[tool.pixi.target.linux.dependencies]
gcc = "*"
[tool.pixi.target.win-64.dependencies]
vs = "*"
[tool.pixi.activation.env]
MODE = "fast"
[tool.pixi.feature.test.dependencies]
pytest = "*"
[tool.pixi.feature.docs.dependencies]
sphinx = "*"
[tool.pixi.environments]
default = ["test"]
"""


def test_pixis_tables_ask_for_a_conda_environment() -> None:
    contents = read(PIXI.encode(), "pyproject.toml", "/somewhere", "linux-64")
    assert contents.file.ok, contents.file.diagnostics
    assert (contents.venv, contents.locked, contents.file.name) == (None, None, "mine")
    assert contents.file.channels == ("conda-forge", "bioconda")
    scipy = 'conda-forge::scipy[version="1.*",build="*mkl*"]'
    assert contents.file.conda == ("numpy >=1.20,<3", "pandas", scipy, "gcc", "pytest", "python >=3.10")
    assert contents.file.pip == ("-e .", "black==24", "x[a,b]", "y @ git+https://git.example/y@abc", "rich")
    assert contents.file.variables == {"MODE": "fast"}
    assert "docs" in said(contents, "optional-groups").message


def test_a_source_package_of_pixi_is_refused() -> None:
    text = '[tool.pixi.dependencies]\nmine = { path = "." }\n'
    assert said(read(text.encode(), "pyproject.toml", "/x"), "lock-source").line == 2


def test_conda_locks_tables_ask_for_a_conda_environment() -> None:
    text = '[project]\nname = "x"\ndependencies = ["rich"]\n[tool.conda-lock]\nchannels = ["conda-forge"]\n'
    text += '[tool.conda-lock.dependencies]\nnumpy = ">=1"\nseaborn = { version = "==1", source = "pypi" }\n'
    contents = read(text.encode(), "pyproject.toml", None, "linux-64")
    assert contents.file.ok, contents.file.diagnostics
    assert (contents.file.channels, contents.file.conda) == (("conda-forge",), ("numpy >=1",))
    assert contents.file.pip == ("seaborn==1", "rich")
    assert said(contents, "pip-not-conda").severity == "info"


def test_check_fix_mends_a_requirements_file_as_such(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("# why\nnumpy\npandas=2.1\n")
    found = rewriting(str(path))
    assert found is not None
    assert found.changed == b"# why\nnumpy\npandas==2.1\n"
    path.write_text(EXPLICIT)
    assert rewriting(str(path)) is None
