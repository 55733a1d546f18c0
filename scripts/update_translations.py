"""Bring the catalogues up to the source: ``make translations``.

Collects what ``labextension/src`` gives the translator, what ``labextension/schema`` shows and what the package's
Python says by ``sentence.told``, writes the template
``jupyter_envlink/locale/jupyter_envlink.pot``, and brings each ``.po`` to it: new messages are added without a
translation, messages that are gone are dropped. Ends with 1 where a translation is missing, and says which.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from compile_translations import DOMAIN, LOCALES, compile_one, read
from jupyterlab_server.translation_utils import DEFAULT_SCHEMA_SELECTORS

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = LOCALES / f"{DOMAIN}.pot"
TOLD = {"told": 1, "told_n": 2}
"""How many templates each is given."""
SCHEMAS = ROOT / "labextension" / "schema"


class Found(NamedTuple):
    """A message where it was found: ``file`` below the root, with ``/``."""

    file: str
    context: str | None
    text: str
    plural: str | None


def found() -> list[Found]:
    """All messages, in a stable order."""
    return sorted(
        {*in_source(), *in_schemas(), *in_python()}, key=lambda each: (each.text, each.context or "", each.file)
    )


def in_source() -> Iterator[Found]:
    script = ROOT / "labextension" / "scripts" / "messages.js"
    said = subprocess.run(["node", str(script)], check=True, capture_output=True, encoding="utf-8")
    return (Found(**each) for each in json.loads(said.stdout))


def in_schemas() -> Iterator[Found]:
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        file = path.relative_to(ROOT).as_posix()
        yield from (Found(file, context, text, None) for context, text in shown(schema))


def in_python() -> Iterator[Found]:
    for path in sorted((ROOT / DOMAIN).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        for call in told(ast.parse(path.read_text(encoding="utf-8"))):
            yield Found(file, None, *templates(call, file))


def told(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of ``sentence.told`` and ``sentence.told_n``."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    yield from (each for each in calls if isinstance(each.func, ast.Name) and each.func.id in TOLD)


def templates(call: ast.Call, file: str) -> tuple[str, str | None]:
    """The template, and that of the plural. What is put together while it runs could be in no catalogue."""
    texts = call.args[: TOLD[call.func.id]]  # type: ignore[attr-defined]
    found = [each.value for each in texts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if len(found) != TOLD[call.func.id]:  # type: ignore[attr-defined]
        raise SystemExit(f"{file}:{call.lineno}: what is told must be a literal")
    return found[0], found[1] if found[1:] else None


def shown(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a schema that JupyterLab's server translates, each with its context."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from shown(each, f"{path}/{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict):
                yield from shown(each, f"{path}[{index}]")
    elif isinstance(value, str) and (context := context_of(path)):
        yield context, value


def context_of(path: str) -> str | None:
    """The first selector that fits decides, as in jupyterlab_server."""
    fitting = (context for each, context in DEFAULT_SCHEMA_SELECTORS.items() if re.fullmatch(f"/{each}", path))
    return next(fitting, None)


def template(messages: list[Found]) -> Catalog:
    catalog = Catalog(domain=DOMAIN, project=DOMAIN, version="", header_comment=f"# The messages of {DOMAIN}.")
    for each in messages:
        text = (each.text, each.plural) if each.plural else each.text
        catalog.add(text, context=each.context, locations=[(each.file, None)])
    return catalog


def update(path: Path, source: Catalog) -> list[str]:
    """Bring a catalogue to the template; what of it has no translation."""
    catalog = read(path)
    catalog.update(source, no_fuzzy_matching=True, update_header_comment=False)
    write(path, catalog)
    compile_one(path)
    return [str(each.id) for each in catalog if each.id and not all(each.string or [""])]


def write(path: Path, catalog: Catalog) -> None:
    """Without dates and lines, which change where no message does."""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    text = path.read_text(encoding="utf-8")
    dated = (
        r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By): .*\n'
    )
    path.write_text(re.sub(dated, "", text), encoding="utf-8")


def main() -> int:
    source = template(found())
    write(TEMPLATE, source)
    missing = {path.parents[1].name: update(path, source) for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))}
    for language, texts in missing.items():
        print(f"{language}: {len(texts)} of {len(source)} without a translation")
        for text in texts:
            print(f"  {text}")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
