"""The HTTP page, from ``openapi.yaml``, and that of the events, from their schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml

__all__ = ["contract", "events_page", "page"]

VERBS = ("get", "post", "put", "patch", "delete")
Node = Mapping[str, Any]


def contract() -> Node:
    """The package's OpenAPI document."""
    document: Node = yaml.safe_load((files("jupyter_envlink") / "openapi.yaml").read_text(encoding="utf-8"))
    return document


def page() -> str:
    document = contract()
    base = document["servers"][0]["url"]
    lines = ["## Routes", "", f"All under `{base}`, after the server's own base URL.", ""]
    for path, item in document["paths"].items():
        for verb in (verb for verb in VERBS if verb in item):
            lines += operation(document, verb, path, item)
    lines += ["## Objects", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += described(document, name, schema)
    return "\n".join(lines)


def operation(document: Node, verb: str, path: str, item: Node) -> Iterator[str]:
    """One verb of one path: what it does, what it takes, what it answers."""
    action = item[verb]
    yield from (f"### `{verb.upper()} {path}`", "", f"{action['summary']}.", "")
    given = [resolved(document, entry) for entry in (*item.get("parameters", ()), *action.get("parameters", ()))]
    if given:
        yield from table(("parameter", "in", "type", "meaning"), (parameter(entry) for entry in given))
    if "requestBody" in action:
        yield from (f"Body: {typed(content(action['requestBody']))}", "")
    answers = ((f"`{status}`", *answer(document, entry)) for status, entry in action["responses"].items())
    yield from table(("status", "answer", "object"), answers)


def parameter(entry: Node) -> tuple[str, ...]:
    return f"`{entry['name']}`", entry["in"], typed(entry["schema"]), entry.get("description", "")


def answer(document: Node, entry: Node) -> tuple[str, str]:
    found = resolved(document, entry)
    return found["description"], typed(content(found)) if "content" in found else "nothing"


def content(entry: Node) -> Node:
    schema: Node = entry["content"]["application/json"]["schema"]
    return schema


def described(document: Node, name: str, schema: Node) -> Iterator[str]:
    """One object of the contract, with its properties."""
    yield from (f"### {name}", "")
    if "description" in schema:
        yield from (schema["description"], "")
    if "allOf" in schema:
        yield from (f"All that {' and '.join(typed(part) for part in schema['allOf'])} has, and:", "")
    if "enum" in schema:
        yield from (f"{typed(schema)}.", "")
        return
    required = schema.get("required", ())
    rows = (
        (f"`{key}`", typed(value), "" if key in required else "optional", value.get("description", ""))
        for key, value in schema["properties"].items()
    )
    yield from table(("property", "type", "", "meaning"), rows)


def resolved(document: Node, entry: Node) -> Node:
    """What a local ``$ref`` stands for."""
    if "$ref" not in entry:
        return entry
    for part in entry["$ref"].removeprefix("#/").split("/"):
        document = document[part]
    return document


def typed(schema: Node) -> str:
    """A schema's type in words, with a link to the object that it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key, word in (("anyOf", " or "), ("allOf", " with ")):
        if key in schema:
            return word.join(typed(part) for part in schema[key])
    if "enum" in schema:
        return " or ".join("null" if value is None else f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {typed(schema['items'])}"
    if "properties" in schema:
        return ", ".join(f"`{key}`: {typed(value)}" for key, value in schema["properties"].items())
    kind = schema.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield from (f"| {' | '.join(head)} |", "|" + "---|" * len(head))
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"
    yield ""


def events_page() -> str:
    """Each event that the server sends, with what it carries."""
    lines: list[str] = []
    folder = files("jupyter_envlink") / "events"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            lines += event(yaml.safe_load(file.read_text(encoding="utf-8")))
    return "\n".join(lines)


def event(schema: Node) -> Iterator[str]:
    yield from (f"### {schema['title']}", "", f"`{schema['$id']}`, version {schema['version']}", "")
    yield from (schema.get("description", ""), "")
    rows = ((f"`{key}`", typed(value), value.get("description", "")) for key, value in schema["properties"].items())
    yield from table(("property", "type", "meaning"), rows)
