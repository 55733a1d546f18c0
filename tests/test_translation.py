"""The catalogues: complete, true to their messages, and found by JupyterLab's page and server."""

from __future__ import annotations

import ast
import gettext
import json
import re
import shutil
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jupyterlab_server.translation_utils import get_language_pack, translator

from jupyter_envlink.translation import DOMAIN, LOCALES, use_own_catalogues

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import compile_translations  # noqa: E402
import update_translations  # noqa: E402

LANGUAGES = ["de_DE", "zh_CN"]
NODE_MODULES = ROOT / "labextension" / "node_modules" / "typescript"

needs_node = pytest.mark.skipif(
    not (NODE_MODULES.is_dir() and shutil.which("node")), reason="the labextension's packages are not installed"
)


@pytest.fixture(params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return compile_translations.read(LOCALES / request.param / "LC_MESSAGES" / f"{DOMAIN}.po")


def template() -> Catalog:
    with update_translations.TEMPLATE.open("rb") as file:
        return read_po(file)


def ids(catalog: Catalog) -> set[tuple[str | None, str | tuple[str, ...]]]:
    return {(each.context, each.id) for each in catalog if each.id}


def both(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\d+", text))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def is_servers(message: Message) -> bool:
    return any(file.endswith(".py") for file, _ in message.locations)


# what is to be translated


@needs_node
def test_the_template_holds_what_the_source_says() -> None:
    """Where this fails: ``make translations``, then translate what it names."""
    assert ids(template()) == ids(update_translations.template(update_translations.found()))


@needs_node
def test_no_message_is_used_with_and_without_a_plural() -> None:
    """A catalogue has one entry for both, which JupyterLab would pass over in one of the two."""
    forms: dict[tuple[str | None, str], set[str | None]] = {}
    for each in update_translations.found():
        forms.setdefault((each.context, each.text), set()).add(each.plural)
    assert not {key for key, plurals in forms.items() if len(plurals) > 1}


def test_what_the_schemas_show_is_to_be_translated() -> None:
    for path in update_translations.SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["jupyter.lab.internationalization"] == {"domain": DOMAIN}
        assert {("schema", schema["title"]), ("schema", schema["description"])} <= ids(template())


# what is translated


def test_everything_is_translated(catalog: Catalog) -> None:
    assert ids(catalog) == ids(template())
    assert not [each.id for each in catalog if each.id and not all(both(each.string))]
    assert not [each.id for each in catalog if each.id and each.fuzzy]


def test_no_placeholder_is_lost_or_made_up(catalog: Catalog) -> None:
    assert not [each.id for each in catalog if each.id and not has_its_placeholders(each)]


def test_what_the_server_says_has_its_fields_in_each_language(catalog: Catalog) -> None:
    said = [each for each in catalog if each.id and is_servers(each)]
    assert len(said) > 100
    assert not [each.id for each in said if not has_its_fields(each)]


def has_its_fields(message: Message) -> bool:
    """As above: the form for one may say "one" instead of the number."""
    wanted = set().union(*map(fields, both(message.id)))
    *few, last = map(fields, both(message.string))
    return last == wanted and all(wanted - {"number"} <= each <= wanted for each in few)


def test_what_only_the_server_says_is_not_loaded_with_the_page(catalog: Catalog) -> None:
    sent = set(compile_translations.as_json(catalog))
    said = {both(each.id)[0] for each in catalog if each.id and not compile_translations.is_of_page(each)}
    assert "{prefix} has Python, but no kernel for Jupyter." in said
    assert not said & sent
    assert {"Ready", "Cancel"} <= sent


def test_only_literals_are_told() -> None:
    (call,) = update_translations.told(ast.parse("told(text)"))
    with pytest.raises(SystemExit, match="where.py:1: what is told must be a literal"):
        update_translations.templates(call, "where.py")


def has_its_placeholders(message: Message) -> bool:
    """The form for one may say "one" instead of the number; the last form, for many, may not."""
    wanted = placeholders("".join(both(message.id)))
    *few, last = (placeholders(text) for text in both(message.string))
    return last == wanted and all(each <= wanted for each in few)


def test_translations_begin_and_end_like_their_messages(catalog: Catalog) -> None:
    def ends(text: str) -> tuple[bool, bool, bool]:
        return text[:1].isspace(), text[-1:].isspace(), text.endswith("…")

    wrong = [
        each.id
        for each in catalog
        if each.id and {ends(text) for text in both(each.string)} != {ends(text) for text in both(each.id)}
    ]
    assert not wrong


# who finds it


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_given_our_catalogue_beside_those_of_the_language_pack(language: str) -> None:
    data, problem = get_language_pack(language)
    assert not problem
    ours = data[DOMAIN]
    assert ours[""]["language"] == language.replace("_", "-")
    assert set(ours) > {"Ready", "Cancel"}
    assert "jupyterlab" in data


def test_a_language_without_plurals_gets_a_second_form_for_the_page() -> None:
    """JupyterLab passes over a list of one where a plural is asked for."""
    catalog = Catalog(locale="zh_CN")
    catalog.add(("%1 kernel", "%1 kernels"), ("%1 个内核",))
    catalog.add("Ready", "就绪")
    catalog.add("Open", "打开", context="verb")
    made = compile_translations.as_json(catalog)
    assert made["%1 kernel"] == ["%1 个内核", ""]
    assert made["Ready"] == ["就绪"]
    assert made["verb\x04Open"] == ["打开"]


@pytest.fixture
def japanese_then_german() -> Iterator[None]:
    """JupyterLab's server in a language that we have none of, put back as it was afterwards."""
    before = translator._LOCALE, dict(translator._TRANSLATORS)
    translator.set_locale("ja_JP")
    yield
    translator._LOCALE = before[0]
    translator._TRANSLATORS.clear()
    translator._TRANSLATORS.update(before[1])


@pytest.mark.usefixtures("japanese_then_german")
def test_titles_of_settings_follow_the_language() -> None:
    use_own_catalogues()
    schema = json.loads((update_translations.SCHEMAS / "panel.json").read_text(encoding="utf-8"))
    assert translator.translate_schema(schema)["title"] == schema["title"] == "Environments"
    translator.set_locale("de_DE")
    assert translator.translate_schema(schema)["title"] == "Umgebungen"
    compiled = gettext.translation(DOMAIN, str(LOCALES), ["de_DE"])
    assert compiled.pgettext("schema", "Environments") == "Umgebungen"
