"""Our reader against conda 26.7.1's, over real files that lie beside the repository and cannot be part of it."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from rattler import MatchSpec

from jupyter_envlink import envfile
from jupyter_envlink.envfile.matchspec import for_rattler

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

DIFFERENT = {
    "colon.yml": "conda drops '- python: 3.8' without a word: refused, with 'python=3.8' as the fix",
    "npm.yml": "conda drops the npm: section without a word, CEP 24 wants an error: refused",
    "pipdict.yml": "conda accepts a mapping under pip: and fails later: refused, with the quoted item as the fix",
    "pipstr.yml": "conda writes 'pip: requests' as one letter per line: refused, with the list as the fix",
    "intname.yml": "conda refuses 'name: 123': read as text, with a warning, as micromamba does",
    "floatname.yml": "conda refuses 'name: 3.10': read as text, with a warning, as micromamba does",
    "sel.yml": "conda drops sel(linux): evaluated, as micromamba does",
}


# a spec, what rattler is handed for it (None: it is refused), and what is said; by conda and rattler as measured
SPECS: list[tuple[str, str | None, list[str]]] = [
    ("numpy=1.20", "numpy=1.20", []),
    ("numpy==1.20", "numpy==1.20", []),
    ("numpy =1.20", "numpy =1.20", []),
    ("numpy = 1.20", "numpy = 1.20", []),
    ("numpy 1.20", "numpy ==1.20", []),
    ("pandas=1.*", "pandas=1.*", []),
    ("pandas==1.*", "pandas==1.*", []),
    ("b =1.2 py_0", "b ==1.2 py_0", []),
    ("b=1.2=py_0", "b=1.2=py_0", []),
    ("b==1.2=py_0", "b==1.2=py_0", []),
    ("python>3.6 <3.9", None, ["missing-comma"]),
    ("python >3.6 <3.9", None, ["missing-comma"]),
    ("python>=3.6, <3.9", "python>=3.6, <3.9", []),
    ("pkg=>1.2", None, ["swapped-operator"]),
    ("pkg=<1.2", None, ["swapped-operator"]),
    ("pkg~=1.2", "pkg~=1.2", []),
    ("pkg=1.2.", "pkg 1.2.*", ["trailing-dot"]),
    ("pkg=1.2,", None, ["invalid-spec"]),
    ("pkg>=1.2.*", "pkg >=1.2", []),
    ("pkg=1.20|1.21", "pkg 1.20.*|==1.21", []),
    ("Numpy", "Numpy", []),
    ("NumPy=1.20", "NumPy=1.20", []),
    ("numpy>=1.20;python_version>'3'", None, ["pip-marker"]),
    ("numpy[extras]", None, ["pip-extra"]),
    ("numpy @ https://x/y.whl", None, ["pip-syntax"]),
    ("git+https://github.com/x/y.git", None, ["pip-syntax"]),
    ("-e .", None, ["pip-syntax"]),
    ("./local.tar.bz2", None, ["local-package"]),
    (
        "https://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0c530f3_0.conda",
        "https://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0c530f3_0.conda",
        [],
    ),
    (
        "https://conda.anaconda.org/conda-forge/linux-64::numpy=1.2",
        "https://conda.anaconda.org/conda-forge/linux-64::numpy 1.2.*",
        [],
    ),
    ("python=3.8 # comment", "python 3.8.*", []),
    ("python=3.8.5=h7579374_1", "python=3.8.5=h7579374_1", []),
    ("cudatoolkit=11.3.*", "cudatoolkit=11.3.*", []),
    ("tensorflow-gpu==2.*", "tensorflow-gpu==2.*", []),
    ("foo==1.2.*", "foo==1.2.*", []),
    ("foo= 1.2", "foo= 1.2", []),
    ("foo =1.2", "foo =1.2", []),
    ("foo>=1.2=py_0", "foo >=1.2 py_0", []),
    ("foo>= 1.2", "foo>= 1.2", []),
    ("foo> 1,<2", "foo> 1,<2", []),
    ("foo !=1.2", "foo !=1.2", []),
    ("python3.7", "python3.7", ["odd-name"]),
    ("python=='3.7'", None, ["invalid-spec"]),
    ('python="3.7"', None, ["invalid-spec"]),
    ("python:3.7", None, ["colon-typo"]),
    ("python= 3.7.*", "python= 3.7.*", []),
    ("scikit learn", "scikit ==learn", ["odd-version"]),
    ("conda-forge::", None, ["invalid-spec"]),
    ("conda-forge:numpy", None, ["colon-typo"]),
    ("conda-forge: numpy", None, ["colon-typo"]),
    ("pkgs/main::numpy", "pkgs/main::numpy", []),
    ("defaults::numpy", "defaults::numpy", []),
    ("anaconda/label/dev::foo", "anaconda/label/dev::foo", []),
    ("pip=21.0.1=pypi_0", "pip=21.0.1=pypi_0", ["pypi-build"]),
    ("=1.2", None, ["invalid-spec"]),
    ("numpy,scipy", None, ["invalid-spec"]),
    ("numpy scipy", "numpy ==scipy", ["odd-version"]),
    ("@", None, ["invalid-spec"]),
    ("__cuda", "__cuda", []),
    ("*cuda*", None, ["invalid-spec"]),
    ("_openmp_mutex=4.5=1_gnu", "_openmp_mutex=4.5=1_gnu", []),
]


def _cases() -> list[Any]:
    found = []
    for folder, reference in (("real", "reference.json"), ("probes", "probes.json")):
        if (CORPUS / reference).is_file():
            answers = json.loads((CORPUS / reference).read_text(encoding="utf-8"))
            found += [pytest.param(CORPUS / folder / name, answer, id=name) for name, answer in answers.items()]
    return found


def _ours(path: Path) -> dict[str, Any]:
    file = envfile.read(path.read_bytes(), path=path.name, platform="linux-64")
    checked = file.checked()
    kept = {key: checked[key] for key in ("ok", "name", "channels", "conda", "pip", "variables")}
    return kept | {"conda": kept["conda"] or [], "pip": kept["pip"] or []}


def _theirs(answer: dict[str, Any]) -> dict[str, Any]:
    names = {"ok": "conda_ok", "conda": "conda_deps", "pip": "pip_deps"}
    return {key: answer[names.get(key, key)] for key in ("ok", "name", "channels", "conda", "pip", "variables")}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.parametrize(("path", "answer"), _cases())
def test_files_are_read_as_conda_reads_them(path: Path, answer: dict[str, Any]) -> None:
    ours, theirs = _ours(path), _theirs(answer)
    if path.name in DIFFERENT:
        assert ours != theirs, f"no difference any more: {DIFFERENT[path.name]}"
    elif answer["conda_ok"]:
        assert ours == theirs
    else:
        assert not ours["ok"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_every_place_marks_its_text() -> None:
    for path in sorted((CORPUS / "real").iterdir()):
        source = path.read_bytes()
        text = source.decode("utf-16" if source[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        lines = text.split("\n")
        for entry in envfile.read(source).entries:
            assert entry.line == entry.end_line
            marked = lines[entry.line - 1][entry.column - 1 : entry.end_column - 1]
            unquoted = marked[1:-1] if marked[0] == marked[-1] and marked[0] in "'\"" else marked
            assert unquoted == entry.text or "\\" in marked, (path, entry)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_each_of_the_specs_that_were_measured_has_its_answer() -> None:
    measured = [line for line in _measured() if line]
    assert [ast.literal_eval(line.partition(" | C ")[0].strip()) for line in measured] == [spec for spec, _, _ in SPECS]
    for line, (spec, handed, codes) in zip(measured, SPECS, strict=True):
        if "| C ('ERR'" in line:
            assert handed is None, f"conda refuses {spec!r}"
        elif handed is None:
            assert codes, f"conda takes {spec!r}: a refusal has to say why"


@pytest.mark.parametrize(("spec", "handed", "codes"), SPECS)
def test_a_spec_is_taken_as_conda_means_it_or_refused(spec: str, handed: str | None, codes: list[str]) -> None:
    file = envfile.read(f"name: e1\nchannels: []\ndependencies: [{json.dumps(spec)}]\n", platform="linux-64")
    assert file.ok is (handed is not None)
    assert [finding.code for finding in file.diagnostics if finding.severity != "info"] == codes
    if handed is not None:
        assert for_rattler(spec) == handed
        assert MatchSpec(handed)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_every_real_spec_that_conda_takes_is_handed_on_with_its_meaning() -> None:
    """conda and rattler read all of these alike (measured): what we write out must not change what rattler reads."""
    answers = json.loads((CORPUS / "reference.json").read_text(encoding="utf-8")).values()
    wrong = {fault["spec"]: fault for answer in answers for fault in answer["matchspec_errors"]}
    specs = {spec for answer in answers if answer["conda_ok"] for spec in answer["conda_deps"]}
    assert len(specs) > 4_000
    for spec in sorted(specs):
        assert not wrong.get(spec, {}).get("conda"), spec
        handed = MatchSpec(for_rattler(spec))
        assert str(handed) == str(MatchSpec(spec)), spec


def _measured() -> list[str]:
    return (CORPUS / "matchspecs_conda_vs_rattler.txt").read_text(encoding="utf-8").splitlines()
