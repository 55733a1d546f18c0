"""Sentences for people that can be said in another language where they are read.

A :class:`Sentence` is its English text and behaves as such everywhere: in logs, on the command line, in comparisons,
in JSON. It remembers what it was made of, so that ``translation`` can say it anew for the page.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Protocol

_MARK = "$sentence"


class Catalogue(Protocol):
    """What ``gettext`` calls translations."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class Sentence(str):
    """Made by :func:`told` and its siblings only. ``fields`` are data, or sentences themselves."""

    __slots__ = ("fields", "number", "plural", "template")

    template: str
    plural: str | None
    number: int
    fields: Mapping[str, Any]

    def in_words_of(self, catalogue: Catalogue) -> str:
        """The sentence in the catalogue's language; English where it does not have it."""
        if not self.template:  # gettext keeps what the catalogue is under the empty text
            return ""
        fields = {name: _in_words_of(each, catalogue) for name, each in self.fields.items()}
        try:
            return _formatted(self._translated(catalogue), fields)
        except (LookupError, ValueError, AttributeError):  # a translation that does not fit
            return str(self)

    def with_fields(self, change: Callable[[Any], Any]) -> Sentence:
        """The same sentence of other fields."""
        fields = {name: change(each) for name, each in self.fields.items()}
        return _made(self.template, self.plural, self.number, fields)

    def _translated(self, catalogue: Catalogue) -> str:
        if self.plural is None:
            return catalogue.gettext(self.template)
        return catalogue.ngettext(self.template, self.plural, self.number)

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.template, self.plural, self.number, dict(self.fields))

    def __copy__(self) -> Sentence:
        return self

    def __deepcopy__(self, memo: Any) -> Sentence:
        return self


def told(template: str, /, **fields: Any) -> str:
    """The sentence of ``template``, a literal with ``{names}``, as ``make translations`` finds it."""
    return _made(template, None, 0, fields)


def told_n(singular: str, plural: str, number: int, /, **fields: Any) -> str:
    """The sentence for ``number`` things, which is the field ``{number}``."""
    return _made(singular, plural, number, {"number": number, **fields})


def joined(separator: str, texts: Iterable[str]) -> str:
    """``separator.join(texts)``, of which each sentence stays one."""
    fields = {f"part{number}": each for number, each in enumerate(texts)}
    escaped = separator.replace("{", "{{").replace("}", "}}")
    return _made(escaped.join(f"{{{name}}}" for name in fields), None, 0, fields)


def any_of(texts: Iterable[str]) -> str:
    """``a or b or c``."""
    return reduce(lambda some, other: told("{some} or {other}", some=some, other=other), texts)


def all_of(texts: Iterable[str]) -> str:
    """``a and b and c``."""
    return reduce(lambda some, other: told("{some} and {other}", some=some, other=other), texts)


def neither(texts: Iterable[str]) -> str:
    """``a nor b nor c``."""
    return reduce(lambda some, other: told("{some} nor {other}", some=some, other=other), texts)


def shortened(texts: Sequence[str], most: int) -> str:
    """``a, b and 3 more``."""
    shown = ", ".join(texts[:most])
    return told("{some} and {number} more", some=shown, number=len(texts) - most) if len(texts) > most else shown


def translated(value: Any, catalogue: Catalogue) -> Any:
    """``value``, as JSON has it, with each sentence in it in the catalogue's language."""
    if isinstance(value, Sentence):
        return value.in_words_of(catalogue)
    return _mapped(value, lambda each: translated(each, catalogue))


def as_data(value: Any) -> Any:
    """``value``, as JSON has it, with what each sentence in it is made of: for our own pipes and files."""
    if isinstance(value, Sentence):
        return {_MARK: [value.template, value.plural, value.number, as_data(dict(value.fields))]}
    return _mapped(value, as_data)


def of_data(value: Any) -> Any:
    """What :func:`as_data` was given. Raises ``ValueError`` for what it never writes."""
    if isinstance(value, Mapping) and _MARK in value:
        return _revived(value[_MARK])
    return _mapped(value, of_data)


def _revived(parts: Any) -> Sentence:
    try:
        template, plural, number, fields = parts
        return _made(template, plural, number, of_data(fields))
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise ValueError(f"{parts!r} is no sentence") from error


def _made(template: str, plural: str | None, number: int, fields: Mapping[str, Any]) -> Sentence:
    fields = {name: _data(each) for name, each in fields.items()}
    english = template if plural is None or number == 1 else plural
    sentence = Sentence(_formatted(english, fields))
    sentence.template, sentence.plural, sentence.number, sentence.fields = template, plural, number, fields
    return sentence


class _Shaping(string.Formatter):
    """``{clause!c}`` is a clause with a capital, ``{sentence!p}`` a sentence without the full stop at its end."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion == "c":
            return value[:1].upper() + value[1:]
        if conversion == "p":
            return value.rstrip(".。")
        return super().convert_field(value, conversion)


_SHAPING = _Shaping()


def _formatted(template: str, fields: Mapping[str, Any]) -> str:
    """``str.format`` is ten times as fast, and almost always enough."""
    if "!c}" in template or "!p}" in template:
        return _SHAPING.vformat(template, (), fields)
    return template.format(**fields)


def _data(value: Any) -> Any:
    """A field, as JSON has it."""
    return value if value is None or isinstance(value, (str, int, float, list, dict)) else str(value)


def _in_words_of(value: Any, catalogue: Catalogue) -> Any:
    return value.in_words_of(catalogue) if isinstance(value, Sentence) else value


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: change(each) for key, each in value.items()}
    return [change(each) for each in value] if isinstance(value, (list, tuple)) else value
