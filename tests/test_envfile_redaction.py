from __future__ import annotations

import pytest

from jupyter_envlink.envfile import redact
from jupyter_envlink.redaction import without_secrets


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


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://me:pw@h.example/c", "https://h.example/c"),
        ("https://token@h.example/c", "https://h.example/c"),
        ("https://h.example/t/tk-123-456/c/linux-64/x.conda", "https://h.example/c/linux-64/x.conda"),
        ("https://h.example/x.whl?api_key=1&token=2&v=2&key=3#sha256=0", "https://h.example/x.whl?v=2#sha256=0"),
        ("git+ssh://git@h.example/r@abc", "git+ssh://git@h.example/r@abc"),
        ("https://${USER}:${PASSWORD}@h.example/c", "https://${USER}:${PASSWORD}@h.example/c"),
        ("https://git:pw@h.example/c", "https://h.example/c"),
        ("numpy>=1,<2", "numpy>=1,<2"),
    ],
)
def test_secrets_are_left_out_where_somebody_builds_from_it(url: str, plain: str) -> None:
    assert without_secrets(url) == plain
