"""What goes wrong in real files, by the notes on the format, section by section: what we say to it, and where.

``«…»`` in a text is what the finding marks: a row can be read beside the notes. No mark: the file as a whole.
"""

from __future__ import annotations

import re

import pytest

from jupyter_envlink import envfile
from jupyter_envlink.envfile.diagnostics import Place
from jupyter_envlink.envfile.layout import Lines

N, H, D = "name: e1\n", "name: e1\ndependencies:\n", "\ndependencies: []\n"

# code, severity, text
ROWS: dict[str, list[tuple[str, str, str | bytes]]] = {
    "1. the format": [
        ("unknown-key", "info", f"name: e1\n«platforms»: [linux-64]{D}"),
        ("unknown-key", "info", f"name: e1\n«category»: dev{D}"),
        ("unknown-key", "warning", f"name: e1\n«channel»: [x]{D}"),
        ("unknown-key", "warning", f"name: e1{D}«pip»: [requests]\n"),
        ("unknown-key", "error", f"? «[a]»\n: b{D}"),
    ],
    "3. the probe matrix": [
        ("dependencies-missing", "error", "«name»: e1\n"),
        ("dependencies-not-a-list", "error", "«dependencies»:\nname: e1\n"),
        ("dependencies-not-a-list", "error", "name: e1\n«dependencies»:\n"),
        ("dependencies-not-a-list", "error", "dependencies: «python»\n"),
        ("dependencies-not-a-list", "error", "name: e1\ndependencies:\n  «python: 3.11\n  numpy: 1»\nprefix: /x\n"),
        ("empty-file", "error", "«»"),
        ("empty-file", "error", "«»# nothing\n"),
        ("not-a-mapping", "error", "«- python\n- numpy»\n"),
        ("not-a-mapping", "error", "«python numpy»\n"),
        ("dependency-not-text", "error", H + "- «3.11»\n"),
        ("dependency-not-text", "error", H + "- «null»\n"),
        ("dependency-not-text", "error", H + "-«»\n- python\n"),
        ("dependency-not-text", "error", H + "- «[python, numpy]»\n"),
        ("dependency-not-text", "error", H + "- «true»\n"),
        ("dependency-not-text", "error", H + "- «2020-01-01»\n"),
        ("colon-typo", "error", H + "- «python: 3.8»\n- numpy\n"),
        ("colon-typo", "error", H + "- «python:»\n- numpy\n"),
        ("invalid-spec", "error", H + "- «nota~matchspec»\n"),
        ("channels-not-a-list", "error", f"channels: «conda-forge»{D}"),
        ("channels-not-a-list", "error", f"«channels»:{D}"),
        ("channel-not-text", "error", f"channels: [«1»]{D}"),
        ("channel-not-text", "error", f"channels:\n-«»{D}"),
        ("name-not-quoted", "warning", f"name: «123»{D}"),
        ("name-not-quoted", "warning", f"name: «3.10»{D}"),
        ("name-not-quoted", "warning", f"name: «2021-10-05»{D}"),
        ("pip-not-a-list", "error", H + "- pip: «requests»\n"),
        ("pip-empty", "warning", H + "- pip\n- «pip»:\n"),
        ("pip-outdented", "warning", H + "- python\n- «pip»:\n- requests==2.0\n- rich\n"),
        ("several-pip-blocks", "warning", H + "- pip\n- pip:\n  - a\n- «pip»:\n  - b\n"),
        ("pip-item-not-text", "error", H + "- pip\n- pip:\n  - «--find-links: https://x.example»\n"),
        ("pip-item-not-text", "error", H + "- pip:\n  - «3»\n"),
        ("unknown-subsection", "error", H + "- nodejs\n- «npm»:\n  - left-pad\n"),
        ("unknown-subsection", "error", H + "- «Pip»:\n  - requests\n"),
        ("selector", "warning", H + "- «sel(linux)»: gcc\n"),
        ("selector", "error", H + "- «sel(amiga)»: gcc\n"),
        ("comment-selector", "warning", H + "- «pywinrm»  # [win]\n"),
        ("comment-selector", "warning", H + "- pip\n- pip:\n  - «colorama»  # [not linux]\n"),
        ("template", "error", H + "- «'{{ package }}'»\n"),
        ("template", "error", f"name: «{{{{ NAME }}}}»{D}"),
        ("duplicate-key", "error", "name: a\ndependencies: []\n«name»: b\n"),
        ("duplicate-key", "error", H + "- pip:\n  - a\n  «pip»: [b]\n"),
        ("several-documents", "error", "dependencies: []\n«---»\ndependencies: []\n"),
        ("tab-indent", "error", H + "«\t»- python\n"),
        ("conflict-marker", "error", "name: e1\n«<<<<<<< HEAD»\ndependencies: []\n"),
        ("yaml-syntax", "error", H + "- «*foo»\n"),
        ("encoding", "error", (H + "- python\n").encode("utf-16-be")),
        ("encoding", "error", (H + "- python\n").encode("utf-16-le")),
        ("encoding", "error", (H + "- python\n").encode("utf-32")),
        ("encoding", "error", (H + "- python\n").encode("utf-32-be")),
        ("encoding", "error", "# café\n".encode("latin-1")),
        ("dependencies-not-a-list", "error", "dependencies:\n  «-\u00a0python»\n"),
        ("odd-space", "error", H + "- «numpy\u00a0>=1.2»\n"),
    ],
    "4. specs": [
        ("odd-version", "warning", H + "- «scikit learn»\n"),
        ("odd-version", "warning", H + "- «numpy scipy»\n"),
        ("odd-build", "warning", H + "- «numpy=1.2 3»\n"),
        ("missing-comma", "error", H + "- «python>3.6 <3.9»\n"),
        ("pip-marker", "error", H + "- «numpy>=1.20;python_version>'3'»\n"),
        ("swapped-operator", "error", H + "- «p=>1.2»\n"),
        ("trailing-dot", "warning", H + "- «p=1.2.»\n"),
        ("pip-extra", "error", H + "- «p[all]»\n"),
        ("pip-extra", "error", H + "- «pymongo[srv]==4.2»\n"),
        ("local-package", "error", H + "- «./x.tar.bz2»\n"),
        ("colon-typo", "error", H + "- «python:3.7»\n"),
        ("colon-typo", "error", H + "- «conda-forge:numpy»\n"),
        ("colon-typo", "error", H + "- «conda-forge: numpy»\n"),
        ("odd-name", "warning", H + "- «python3.7»\n"),
        ("pip-syntax", "error", H + "- «-e.»\n"),
        ("pip-syntax", "error", H + "- «x-1.0-py3-none-any.whl»\n"),
        ("pip-syntax", "error", H + "- «git+https://x.example/y.git»\n"),
        ("pip-syntax", "error", H + "- «numpy @ https://x.example/y.whl»\n"),
        ("invalid-spec", "error", H + "- «p=1.2,»\n"),
        ("invalid-spec", "error", H + "- «python='3.7'»\n"),
        ("invalid-spec", "error", H + "- «numpy,scipy»\n"),
        ("invalid-spec", "error", H + "- «p>1.2*»\n"),
        ("invalid-spec", "error", H + "- «p==1.*=b»\n"),
        ("invalid-spec", "error", H + "- «p if __unix»\n"),
        ("pypi-build", "warning", H + "- «requests=2.31=pypi_0»\n"),
    ],
    "5. name, prefix": [
        ("prefix-ignored", "warning", f"prefix: «C:\\Users\\x»{D}"),
        ("name-not-usable", "warning", f"name: «my env»{D}"),
        ("name-not-usable", "warning", f"name: «a/b»{D}"),
        ("name-not-usable", "warning", f"name: «base»{D}"),
        ("name-not-usable", "warning", f"name: «root»{D}"),
        ("name-not-text", "error", f"name: «[a]»{D}"),
        ("name-not-text", "warning", f"«name»:{D}"),
        ("name-missing", "info", "«»dependencies: []\n"),
    ],
    "6. channels": [
        ("channels-missing", "info", "name: e1\n«»dependencies: []\n"),
        ("channel-typo", "warning", f"channels: [«default»]{D}"),
        ("channel-user", "info", f"channels: [«main»]{D}"),
        ("nodefaults-with-defaults", "warning", f"channels: «[defaults, nodefaults]»{D}"),
        ("secret", "warning", f"channels: [«https://x.example/t/abcdef/c»]{D}"),
        ("secret", "warning", f"channels: [«'https://me:word@x.example/c'»]{D}"),
        ("template", "error", f"channels: [«'{{{{ x }}}}'»]{D}"),
    ],
    "7. pip": [
        ("pip-missing", "info", H + "- python\n- pip:\n  - «requests»\n"),
        ("pip-local", "warning", H + "- pip\n- pip:\n  - «-r dev.txt»\n"),
        ("pip-local", "warning", H + "- pip\n- pip:\n  - «-e .»\n"),
        ("pip-local", "warning", H + "- pip\n- pip:\n  - «./lib»\n"),
        ("conda-syntax-in-pip", "warning", H + "- pip\n- pip:\n  - «x==1=build_0»\n"),
        ("conda-syntax-in-pip", "warning", H + "- pip\n- pip:\n  - «x=1»\n"),
        ("pip-syntax", "error", H + "- pip\n- pip:\n  - a\n- «-e .»\n"),
        ("repeated-package", "info", H + "- numpy\n- pip\n- pip:\n  - «NumPy==1.2»\n"),
        ("secret", "warning", H + "- pip\n- pip:\n  - «--extra-index-url https://me:word@x.example/simple»\n"),
    ],
    "8. variables": [
        ("variables-not-a-mapping", "error", f"variables: «[A]»{D}"),
        ("variable-reserved", "warning", f"variables:\n  «PATH»: /x{D}"),
        ("variable-upper-cased", "info", f"variables:\n  «My_Var»: x{D}"),
        ("variable-null", "info", f"variables:\n  «A»:{D}"),
        ("variable-not-quoted", "warning", f"variables:\n  A: «1.10»{D}"),
        ("variable-not-quoted", "warning", f"variables:\n  A: «true»{D}"),
        ("variable-not-text", "error", f"variables:\n  A: «[1]»{D}"),
        ("variable-name", "error", f"variables:\n  «'A=B'»: x{D}"),
        ("duplicate-key", "error", f"variables:\n  A: x\n  «A»: y{D}"),
        ("variable-repeated", "error", f"variables:\n  a: x\n  «A»: y{D}"),
    ],
    "10. neighbour formats": [
        (
            "other-format",
            "error",
            "# This file may be used to create an environment using:\n«a=1.0=py_0\nb=2.0=py_1»\n",
        ),
        ("other-format", "error", "«requests==2.0\nrich>=1»\n"),
        ("other-format", "error", "# comment\n«conda\n@EXPLICIT»\n"),
        ("other-format", "error", "«forge»: x\nmodules: []\n"),
        ("other-format", "error", "«samples»: a.tsv\n"),
        ("other-format", "error", "«version»: 1\nmetadata: {}\npackage: []\n"),
    ],
    "12. the corpus": [
        ("repeated-package", "info", H + "- numpy\n- «conda-forge::NumPy=1.2»\n"),
        ("exact-builds", "info", H + "- «a=1=b_0»\n" + "- a=1=b_0\n" * 5),
        ("old-python", "info", H + "- «python=3.7»\n"),
        ("old-python", "info", H + "- «python<3.9»\n"),
        ("other-platform", "warning", H + "- «pywin32»\n"),
        ("other-platform-build", "warning", H + "- «pip=24.0=py312haa95532_0»\n"),
    ],
    "13. advice": [
        ("yaml-merge-key", "error", "x: &a {dependencies: []}\n«<<»: *a\n"),
        ("yaml-merge-key", "error", f"x: &a {{A: b}}\nvariables:\n  «<<»: *a{D}"),
        ("yaml-tag", "warning", "name: «!!python/name:os.system e1»" + D),
        ("too-large", "error", "# " + "x" * (1 << 20)),
        ("too-many-entries", "error", "x: &a [p]\ndependencies:\n" + "- pip: *a\n" * 10_001),
        ("too-deep", "error", "a: " + "[" * 100_000),
    ],
}


def _rows() -> list[object]:
    return [
        pytest.param(*row, id=f"{section.partition('.')[0]}-{row[0]}-{number}")
        for section, rows in ROWS.items()
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize(("code", "severity", "text"), _rows())
def test_the_notes_row_by_row(code: str, severity: str, text: str | bytes) -> None:
    source = source_of(text)
    file = envfile.read(source, platform="linux-64")
    found = [each for each in file.diagnostics if each.code == code]
    assert len(found) == 1, [each.code for each in file.diagnostics]
    (finding,) = found
    assert finding.severity == severity
    assert finding.message[:1].isupper() or finding.message[:1] in "'\"" or finding.message[:4].islower()
    assert finding.message.endswith((".", ")"))
    assert finding.hint
    assert file.ok is not bool(file.errors)
    if isinstance(text, str) and "«" in text:
        assert _marked(str(source), finding) == text


def test_every_code_that_is_documented_can_occur() -> None:
    texts = [source_of(text) for rows in ROWS.values() for _, _, text in rows]
    emitted = {each.code for text in texts for each in envfile.read(text, platform="linux-64").diagnostics}
    assert set(envfile.CODES) - emitted == {"unreadable", "channel-not-allowed"}
    assert emitted <= set(envfile.CODES)


def source_of(text: str | bytes) -> str | bytes:
    return re.sub("[«»]", "", text) if isinstance(text, str) else text


def _marked(text: str, finding: envfile.Diagnostic) -> str:
    """``text`` with what the finding marks in ``«»``."""
    lines = Lines(text)
    line, column, end_line, end_column = (getattr(finding, name) for name in Place._fields)
    start, end = lines.offset(line, column), lines.offset(end_line, end_column)
    return f"{text[:start]}«{text[start:end]}»{text[end:]}"
