"""``openapi.yaml`` held against the routes, in both directions; its answers are checked wherever ``api`` is used."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jupyter_envlink import errors
from jupyter_envlink.engines.base import Package
from jupyter_envlink.exportable import OF_CONDA, OF_PYTHON, PACK
from jupyter_envlink.exports import FORMATS
from jupyter_envlink.jobs.record import Status
from jupyter_envlink.operations import weights
from jupyter_envlink.request import AT_ONCE, Operation, Request
from jupyter_envlink.routes import ROUTES
from jupyter_envlink.routes.http_errors import STATUS

from . import contract


def _schema(name: str) -> dict[str, Any]:
    return dict(contract.document()["components"]["schemas"][name])


def _served() -> set[tuple[str, str]]:
    """The regular expression and the verb of everything that is answered."""
    return {
        (re.sub(r"\(\?P<\w+>(.*?)\)", r"\1", f"/{route}"), verb)
        for route, handler in ROUTES
        for verb in contract.VERBS
        if verb in vars(handler)
    }


def test_every_operation_is_served_and_every_verb_described() -> None:
    assert _served() == {(contract.pattern(path), verb) for path, verb, _ in contract.operations()}


def test_no_handler_inherits_a_verb() -> None:
    # `authorized` keeps the resource of the first request, so a shared verb would be authorised as the wrong one.
    bases = {base for _, handler in ROUTES for base in handler.__mro__[1:]}
    ours = [base for base in bases if base.__module__.startswith("jupyter_envlink")]
    assert ours
    assert not [(base, verb) for base in ours for verb in contract.VERBS if verb in vars(base)]


def test_every_operation_says_what_it_answers() -> None:
    for path, verb, operation in contract.operations():
        for status, response in operation["responses"].items():
            if status == "204":
                continue
            schema = contract.resolved(response)["content"]["application/json"]["schema"]
            assert (schema == contract.component("Error")) == (int(status) >= 400), (path, verb, status)


def test_schemas_are_schemas() -> None:
    for schema in contract.document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_values_that_are_listed_are_those_that_there_are() -> None:
    job = _schema("Job")["properties"]
    assert job["status"]["enum"] == [each.value for each in Status]
    assert job["operation"]["enum"] == [each.value for each in Operation]
    asked = [Request("1", each, "", "", "", "") for each in Operation if each not in AT_ONCE]
    asked.append(Request("1", Operation.CREATE, "", "", "", "", {"archive": "x.zip"}))
    phases = {phase for each in asked for phase in weights(each)}
    assert phases == set(_schema("Phase")["enum"])
    exports = _schema("Environment")["properties"]["exports"]["items"]["enum"]
    assert exports == [*OF_CONDA, *OF_PYTHON]
    assert set(FORMATS) == set(exports) - {PACK}
    assert set(Package.__dataclass_fields__) == set(_schema("Package")["properties"])


def test_every_error_has_a_status() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and each.__module__ == errors.__name__]
    assert len(kinds) > 10
    for kind in kinds:
        assert next(status for known, status in STATUS if issubclass(kind, known)) >= 400


def test_an_answer_that_is_not_described_is_noticed() -> None:
    with pytest.raises(AssertionError, match="not in openapi.yaml"):
        contract.check("GET", "/info", 418, {})
    with pytest.raises(AssertionError, match="is a required property"):
        contract.check("GET", "/jobs", 200, {"jobs": [{"id": "x"}]})
    with pytest.raises(AssertionError, match="no GET /nowhere"):
        contract.check("GET", "/nowhere", 200, {})
