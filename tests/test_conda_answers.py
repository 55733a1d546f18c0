"""What the three print is read as JSON, whatever gets between."""

from __future__ import annotations

import json

import pytest

from jupyter_envlink.engines.conda_answers import failure, last_document, progress, succeeded
from jupyter_envlink.errors import ChannelError, DiskError, EnvlinkError, NotAllowed, Unsolvable

ANSWER = {"success": True, "actions": {"LINK": [{"name": "a"}]}}
PRETTY = json.dumps(ANSWER, indent=2)


@pytest.mark.parametrize(
    "text",
    [
        PRETTY,
        f"\0{PRETTY}",
        f"Warning: {{not}} this\n{PRETTY}\nDone.",
        f'{{"fetch": "a", "finished": true, "progress": 1}}\n\0{PRETTY}\n{{"fetch": "b", "progress": 1}}\n\0',
        f'{{"success": false}}\n{PRETTY}',
        f"{{ broken\n{PRETTY}",
        f"{PRETTY}\n[1, 2]\n",
        json.dumps(ANSWER),
    ],
)
def test_the_last_document_is_the_answer(text: str) -> None:
    assert last_document(text) == ANSWER


@pytest.mark.parametrize(
    "text", ["", "success: true", '"success"', "[]", PRETTY[:-2], 'text {"success": true}', "{" * 5000]
)
def test_no_document_is_no_answer(text: str) -> None:
    assert last_document(text) is None


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        (0, {"success": True}, True),
        (1, {"success": True}, False),
        (-11, {"success": True}, True),
        (0xC0000005, {"success": True}, True),
        (-11, {"success": False}, False),
        (0, {"success": False}, False),
        (0, {"success": "true"}, False),
        (0, {}, False),
        (0, None, False),
        (-9, None, False),
    ],
)
def test_both_have_to_say_that_it_worked(code: int, answer: dict[str, object] | None, expected: bool) -> None:
    assert succeeded(code, answer) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"fetch":"numpy-1","finished":false,"maxval":1,"progress":0.5}', 0.5),
        ('\0{"fetch":"numpy-1","finished":true,"maxval":1,"progress":1}', 1),
        ("{fetch}", None),
        ('{"success": true}', None),
        ('{"fetch": 1}', None),
        ("", None),
    ],
)
def test_a_download_is_told_by_a_line(line: str, expected: float | None) -> None:
    found = progress(line)
    assert (found["progress"] if found else None) == expected


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("PackagesNotFoundInChannelsError", Unsolvable, "package-not-found"),
        ("UnsatisfiableError", Unsolvable, "conflict"),
        ("CondaHTTPError", ChannelError, "channel-error"),
        ("NoSpaceLeftError", DiskError, "disk-full"),
        ("NotWritableError", DiskError, "not-writable"),
        ("EnvironmentIsFrozenError", NotAllowed, "frozen"),
        ("AnythingElse", EnvlinkError, "engine-failed"),
    ],
)
def test_an_error_is_told_by_its_name(name: str, kind: type[EnvlinkError], code: str) -> None:
    error = failure("conda", 1, {"exception_name": name, "message": "why", "success": False}, "")
    assert type(error) is kind
    assert (error.code, error.message) == (code, "conda: why")
    assert error.remedy
    assert error.details["exception"] == name


def test_the_problems_of_mamba_s_solver() -> None:
    answer = {"success": False, "solver_problems": ["nothing provides a", "b conflicts"], "log_history": []}
    error = failure("micromamba", 1, answer, "")
    assert isinstance(error, Unsolvable)
    assert error.message == "micromamba: nothing provides a\nb conflicts"


def test_the_log_of_mamba_tells_what_nothing_else_does() -> None:
    answer = {"success": False, "log_history": [{"level": "critical", "message": "No target prefix specified"}, "x"]}
    assert failure("mamba", 1, answer, "").message == "mamba: No target prefix specified\nx"


def test_no_secret_is_told() -> None:
    secret = "http://me:sWordFish77@host/t/tk-a1b2c3-d4e5f6/x"
    for error in (failure("conda", 1, {"message": secret}, ""), failure("conda", 1, None, f"broken {secret}")):
        assert "sWordFish77" not in str(error.as_dict())
        assert "tk-a1b2c3" not in str(error.as_dict())
