"""Secrets out of texts: everything that is logged or sent to the page passes here first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .sentence import Sentence

_USER = re.compile(r"(?P<keep>\b[A-Za-z][A-Za-z0-9+.-]{0,30}://)[^/\s\"'<>]+@")
_TOKEN_IN_URL = re.compile(r"(?P<keep>://[^\s\"'<>]{0,500}?/t/)[^/\s\"'<>?#]+")
_TOKEN = re.compile(r"(?P<keep>/t/)[A-Za-z]{2}-[\w-]{6,}")
_QUERY = re.compile(r"(?P<keep>[?&][\w-]*(?:token|password|passwd|secret|signature|key)=)[^&\s\"'<>]+", re.IGNORECASE)
_NO_SECRET = re.compile(r"://(?:git|\$(?:\{\w+\}|\w+)(?::\$(?:\{\w+\}|\w+))?)@$")
_WHOLE_TOKEN = re.compile(r"/t/[^/\s\"'<>?#]+(?=/|$)")
_NAMED = r"[\w-]*(?:token|password|passwd|secret|signature|key)=[^&\s\"'<>#]+"
_FIRST_OF_QUERY = re.compile(rf"(?<=[?&]){_NAMED}&", re.IGNORECASE)
_LAST_OF_QUERY = re.compile(rf"[?&]{_NAMED}", re.IGNORECASE)


def redact(text: str) -> str:
    """``text`` with the tokens (``/t/TOKEN/``), users and passwords of every URL in it replaced by ``***``.

    A sentence stays one where the secrets are in its fields; else it is told in English only.
    """
    if "/" not in text:
        return text
    plain = _redacted_text(text)
    if isinstance(text, Sentence):
        sentence = text.with_fields(lambda field: redact(field) if isinstance(field, str) else field)
        return sentence if sentence == plain else plain
    return plain


def _redacted_text(text: str) -> str:
    text = _USER.sub(r"\g<keep>***@", text)
    for pattern in (_TOKEN_IN_URL, _TOKEN, _QUERY):
        text = pattern.sub(r"\g<keep>***", text)
    return text


def without_secrets(url: str) -> str:
    """``url``, or a text with several in quotes, without them altogether, for texts that others build from.

    What is no secret by PEP 610 stays: the user ``git``, and users and passwords that are ``${VARIABLES}``.
    """
    url = _USER.sub(lambda found: found[0] if _NO_SECRET.search(found[0]) else found["keep"], url)
    for pattern in (_WHOLE_TOKEN, _FIRST_OF_QUERY, _LAST_OF_QUERY):
        url = pattern.sub("", url)
    return url


def holds_secret(text: str) -> bool:
    """Whether ``text``, which may be a whole file, has a token or a password in one of its URLs."""
    return without_secrets(text) != text


def redacted(value: Any) -> Any:
    """``value``, as JSON has it, with every text in it redacted that holds a secret."""
    if isinstance(value, str):
        return redact(value) if holds_secret(value) else value
    if isinstance(value, Mapping):
        return {key: redacted(each) for key, each in value.items()}
    return [redacted(each) for each in value] if isinstance(value, (list, tuple)) else value
