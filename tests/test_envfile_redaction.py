from __future__ import annotations

import pytest

from jupyter_envlink.envfile import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://user:hunter2@example.org/c", "https://***@example.org/c"),
        ("https://hunter2@example.org/c", "https://***@example.org/c"),
        ("git+https://u:hunter2@example.org/a.git@main", "git+https://***@example.org/a.git@main"),
        ("https://u:hunt@er2@example.org/c", "https://***@example.org/c"),
        ("https://conda.example/t/hunter2/main/linux-64", "https://conda.example/t/***/main/linux-64"),
        ("http://example.org/c?token=hunter2&x=1", "http://example.org/c?token=***&x=1"),
        ("asked /t/tk-hunter2-ab/main", "asked /t/***/main"),
        ("a 'https://u:hunter2@h/x' and \"ftp://v:hunter2@h/y\".", "a 'https://***@h/x' and \"ftp://***@h/y\"."),
    ],
)
def test_secrets_go(text: str, expected: str) -> None:
    assert redact(text) == expected
    assert "hunter2" not in redact(text)


@pytest.mark.parametrize("text", ["", "plain", "/home/t/work", "https://example.org/a@1/b", "me@example.org", "a/t/b"])
def test_the_rest_stays(text: str) -> None:
    assert redact(text) == text
