"""Compile the catalogues: ``.json`` for JupyterLab's page, ``.mo`` for what its server translates (titles of settings).

Run by each build, as a hook of hatch, and by ``make build``; what it makes lies beside the ``.po`` and is in no
repository.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

DOMAIN = "jupyter_envlink"
LOCALES = Path(__file__).resolve().parents[1] / DOMAIN / "locale"
CONTEXT_DELIMITER = "\x04"


class CompileTranslations(BuildHookInterface[Any]):
    """The hook ``custom`` in ``pyproject.toml``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_all()


def compile_all() -> None:
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        compile_one(path)


def compile_one(path: Path) -> None:
    """Write what ``path`` says where JupyterLab looks for it."""
    from babel.messages.mofile import write_mo

    catalog = read(path)
    page = json.dumps(as_json(catalog), ensure_ascii=False, sort_keys=True)
    path.with_suffix(".json").write_text(page + "\n", encoding="utf-8")
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def read(path: Path) -> Catalog:
    """The catalogue of a ``.po``; its language is the name of its folder."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, domain=DOMAIN, abort_invalid=True)


def as_json(catalog: Catalog) -> dict[str, Any]:
    """As JupyterLab reads it: a list of forms by message, and of what language they are under the empty name."""
    head = {
        "domain": DOMAIN,
        "language": catalog.locale_identifier.replace("_", "-"),
        "plural_forms": catalog.plural_forms,
    }
    messages = {key(each): forms(each) for each in catalog if each.id and any(forms(each)) and is_of_page(each)}
    return {"": head, **messages}


def is_of_page(message: Message) -> bool:
    """What the server alone says need not be loaded with the page."""
    return not message.locations or any(not file.startswith(f"{DOMAIN}/") for file, _ in message.locations)


def key(message: Message) -> str:
    text = message.id[0] if message.pluralizable else message.id
    return f"{message.context}{CONTEXT_DELIMITER}{text}" if message.context else text


def forms(message: Message) -> list[str]:
    """One for each plural form; JupyterLab takes a list of one for a message without a plural, so it gets a second."""
    if not message.pluralizable:
        return [message.string]
    strings = list(message.string)
    return strings if len(strings) > 1 else [*strings, ""]


if __name__ == "__main__":
    compile_all()
