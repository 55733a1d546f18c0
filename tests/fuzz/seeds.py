"""What the fuzzers begin with: small files of every kind that the reader has something to say to."""

from __future__ import annotations

from tests.test_envfile_notes import ROWS, source_of

DICTIONARY = (
    *("name: ", "channels:", "dependencies:", "variables:", "prefix: ", "- ", "  - ", "    - ", "- pip:", "pip:"),
    *(
        "python",
        "=3.8",
        "==",
        ">=1",
        "<2",
        "~=",
        "!=",
        "::",
        "=py_0",
        "[version='>=1']",
        "[all]",
        "sel(linux)",
        "# [win]",
    ),
    *(
        "*a",
        "&a ",
        "<<: ",
        "!!python/tuple ",
        "'",
        '"',
        "---\n",
        "...\n",
        "|\n",
        ">-\n",
        "? ",
        "{{ x }}",
        "%YAML 1.1\n",
    ),
    *("<<<<<<< a\n", "https://a:b@c/t/x/", "-e .", "-r a.txt", "null", "~", "1.0", "0x1f", "2020-01-01", "true"),
    *("\u00a0", "\x85", "\u2028", "\u2029", "é", "\U0001f389", "\ufeff", "\x00", "\r", "\r\n", "\t", "\x0c", "\x7f"),
    *("\xff\xfe", "\\x1b", "\\ud800", "\\N", "9" * 40, " " * 61, "- " * 21, "[" * 70, "a" * 300),
)


def seeds() -> list[bytes]:
    texts = [source_of(text) for rows in ROWS.values() for _, _, text in rows]
    found = [text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text for text in texts]
    return [seed for seed in found if len(seed) <= 20_000]
