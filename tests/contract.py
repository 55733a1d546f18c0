"""``openapi.yaml`` as a judge of real answers: the route, the status and the body must be what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import jupyter_envlink

VERBS = ("get", "post", "put", "patch", "delete")
_URI = "urn:envlink:openapi"


@cache
def document() -> dict[str, Any]:
    """``openapi.yaml``, read once."""
    path = Path(jupyter_envlink.__file__).with_name("openapi.yaml")
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """``/jobs/{id}``, ``get`` and the operation, for each verb of each path."""
    for path, item in document()["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield path, verb, item[verb]


def pattern(path: str) -> str:
    """The regular expression that a path of the document stands for."""
    parameters = {each["name"]: each["schema"] for each in _parameters(document()["paths"][path])}
    return re.sub(r"\{(\w+)\}", lambda found: parameters[found[1]]["pattern"].strip("^$"), path)


def operation(method: str, path: str) -> dict[str, Any]:
    """The operation that answers ``path``, which counts from the API's root."""
    for known, verb, found in operations():
        if verb == method.lower() and re.fullmatch(pattern(known), path):
            return found
    raise AssertionError(f"openapi.yaml has no {method} {path}")


def check(method: str, path: str, status: int, body: Any) -> None:
    """Fail where the answer is not one that the document allows."""
    responses = operation(method, path)["responses"]
    assert str(status) in responses, f"{method} {path} answered {status}, which is not in openapi.yaml: {body}"
    answer = resolved(responses[str(status)])
    if status == 204:
        assert "content" not in answer
        assert body is None, f"{method} {path} answered 204 with a body: {body}"
    else:
        validate(answer["content"]["application/json"]["schema"], body)


def validate(schema: Any, value: Any) -> None:
    """Fail where ``value`` is not what ``schema``, which may refer to the document's own, describes."""
    whole = Resource.from_contents(document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(_URI, whole)
    absolute = _absolute(schema)
    problems = Draft202012Validator(absolute, registry=registry, format_checker=FormatChecker()).iter_errors(value)
    assert not (said := [f"{error.json_path}: {error.message}" for error in problems]), said


def component(name: str) -> dict[str, str]:
    """A reference to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """``value``, or what it refers to."""
    if "$ref" not in value:
        return value
    found: Any = document()
    for part in value["$ref"].lstrip("#/").split("/"):
        found = found[part]
    return dict(found)


def _parameters(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [resolved(each) for each in item.get("parameters", ())]


def _absolute(schema: Any) -> Any:
    """References of an inline schema, as ones that the registry finds."""
    if isinstance(schema, dict):
        return {
            key: _URI + value if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema
