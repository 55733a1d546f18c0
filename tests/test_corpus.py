"""Our reader against conda 26.7.1's, over real files that lie beside the repository and cannot be part of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import envfile

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
