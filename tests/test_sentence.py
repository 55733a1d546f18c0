"""Sentences that remember what they were made of."""

from __future__ import annotations

import copy
import gettext
import json
import pickle
from dataclasses import asdict

import pytest

from jupyter_envlink.environment import Problem
from jupyter_envlink.redaction import redact, redacted
from jupyter_envlink.sentence import Sentence, any_of, as_data, joined, of_data, shortened, told, told_n, translated


class German(gettext.NullTranslations):
    """A catalogue that is written down here."""

    WORDS = {
        "{name} has no Python.": "{name} hat kein Python.",
        "It says {what}": "Es sagt {what}",
        "gone": "weg",
        "{some} or {other}": "{some} oder {other}",
        "Broken {name}": "Kaputt {nmae}",
        "One {name}": "Eines {name!r}",
        "{clause!c} ({reason!p}).": "{clause!c} – {reason}",
        "line {line} is odd": "zeile {line} ist seltsam",
        "It is so.": "Es ist so.",
    }

    def gettext(self, message: str) -> str:
        return self.WORDS.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = {"{number} file": ("eine Datei", "{number} Dateien")}[msgid1]
        return forms[n != 1]


def german(value: object) -> object:
    return translated(value, German())


def test_it_is_its_english_text() -> None:
    sentence = told("{name} has no Python.", name="demo")
    assert sentence == "demo has no Python."
    assert hash(sentence) == hash("demo has no Python.")
    assert json.dumps([sentence]) == '["demo has no Python."]'
    assert f"{sentence}" == str(sentence) == "demo has no Python."
    assert type(str(sentence)) is str


def test_it_is_told_in_the_language_of_a_catalogue() -> None:
    sentence = told("{name} has no Python.", name="demo")
    assert german(sentence) == "demo hat kein Python."
    assert german({"a": [sentence, 1, None], "b": (sentence,)}) == {
        "a": ["demo hat kein Python.", 1, None],
        "b": ["demo hat kein Python."],
    }


def test_what_no_catalogue_has_stays_english() -> None:
    assert german(told("{name} is unknown.", name="demo")) == "demo is unknown."
    assert german("gone") == "gone", "a text is no sentence, even where it looks like one"


def test_a_translation_that_does_not_fit_is_english() -> None:
    assert german(told("Broken {name}", name="demo")) == "Broken demo"


def test_fields_may_be_sentences() -> None:
    assert german(told("It says {what}", what=told("gone"))) == "Es sagt weg"


def test_there_is_a_form_for_one_and_one_for_many() -> None:
    one, many = (told_n("{number} file", "{number} files", number) for number in (1, 2))
    assert (one, many) == ("1 file", "2 files")
    assert (german(one), german(many)) == ("eine Datei", "2 Dateien")


@pytest.mark.parametrize("value", ["{name}", "{0}", "{", "}", "{{}}", "{name.__class__}", "%s", "%(name)s"])
def test_values_are_data(value: str) -> None:
    sentence = told("{name} has no Python.", name=value)
    assert sentence == f"{value} has no Python."
    assert german(sentence) == f"{value} hat kein Python."
    assert german(joined("{", [sentence, value])) == f"{value} hat kein Python.{{{value}"


def test_sentences_are_joined_as_texts_are() -> None:
    parts = [told("{name} has no Python.", name="demo"), "other"]
    assert joined("; ", parts) == "; ".join(parts)
    assert german(joined("; ", parts)) == "demo hat kein Python.; other"
    assert any_of(["a", "b", "c"]) == "a or b or c"
    assert german(any_of(["a", "b", "c"])) == "a oder b oder c"
    assert joined(", ", []) == ""
    assert german(joined(", ", [])) == ""


def test_the_catalogues_head_is_no_sentence() -> None:
    """gettext keeps it under the empty text."""

    class Headed(German):
        WORDS = {"": "Project-Id-Version: jupyter_envlink"}

    assert translated(joined(", ", []), Headed()) == ""
    assert translated(told(""), Headed()) == ""


def test_a_field_may_be_any_value() -> None:
    sentence = told("{error}: {size:.1f} of {name!r}", error=ValueError("odd"), size=2.25, name="a'b")
    assert sentence == 'odd: 2.2 of "a\'b"'
    assert json.loads(json.dumps(as_data(sentence)))


def test_a_clause_can_begin_a_sentence_and_a_sentence_be_a_part_of_one() -> None:
    sentence = told("{clause!c} ({reason!p}).", clause=told("line {line} is odd", line=3), reason=told("It is so."))
    assert sentence == "Line 3 is odd (It is so)."
    assert german(sentence) == german(of_data(as_data(sentence))) == "Zeile 3 ist seltsam – Es ist so."


def test_the_first_few_are_named() -> None:
    assert shortened(["a", "b"], 2) == "a, b"
    assert shortened(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_it_survives_copies() -> None:
    sentence = told_n("{number} file", "{number} files", 2)
    problem = asdict(Problem("code", sentence, ""))
    for same in (
        problem["message"],
        copy.copy(sentence),
        copy.deepcopy(sentence),
        pickle.loads(pickle.dumps(sentence)),
    ):
        assert same == "2 files"
        assert german(same) == "2 Dateien"


def test_it_goes_through_pipes_of_json() -> None:
    sentence = told("It says {what}", what=told("gone"))
    sent = json.loads(json.dumps(as_data({"a": [sentence], "b": {"c": 1}})))
    received = of_data(sent)
    assert received == {"a": ["It says gone"], "b": {"c": 1}}
    assert german(received) == {"a": ["Es sagt weg"], "b": {"c": 1}}


@pytest.mark.parametrize("parts", [None, [], ["a"], ["{a}", None, 0, {}], ["{a}", None, 0, None], [1, None, 0, {}]])
def test_what_is_no_sentence_is_refused(parts: object) -> None:
    with pytest.raises(ValueError, match="is no sentence"):
        of_data({"$sentence": parts})


def test_a_secret_in_a_field_is_taken_out_in_every_language() -> None:
    sentence = told("{name} has no Python.", name="https://host/t/secret/x")
    for clean in (redact(sentence), redacted({"a": sentence})["a"]):
        assert isinstance(clean, Sentence)
        assert clean == "https://host/t/***/x has no Python."
        assert german(clean) == "https://host/t/***/x hat kein Python."


def test_a_secret_that_only_the_whole_shows_leaves_english() -> None:
    sentence = told("It says {what}", what="https://user:pass") + "@host/x"
    across = told("https://{name}@host/x", name="user:pass")
    for text in (sentence, across):
        clean = redact(text)
        assert not isinstance(clean, Sentence)
        assert "pass" not in german(clean)  # type: ignore[operator]


def test_what_holds_no_secret_stays_a_sentence() -> None:
    sentence = told("{name} has no Python.", name="/opt/demo")
    assert german(redact(sentence)) == german(redacted(sentence)) == "/opt/demo hat kein Python."
