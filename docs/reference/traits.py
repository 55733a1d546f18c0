"""The configuration page, from the traits that carry ``config=True``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from traitlets import TraitType
from traitlets.config import Configurable

from . import package

__all__ = ["configurables", "page"]


def configurables() -> list[type[Configurable]]:
    """The package's classes that have settings of their own, by name."""
    found = {
        item
        for module in package.modules()
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, Configurable) and item.__module__.startswith("jupyter_envlink") and own_traits(item)
    }
    return sorted(found, key=lambda item: item.__name__)


def own_traits(item: type[Configurable]) -> dict[str, TraitType[object, object]]:
    """The settings that a class adds to those of its parents."""
    return dict(sorted(item.class_own_traits(config=True).items()))


def page() -> str:
    return "\n".join(line for item in configurables() for line in section(item))


def section(item: type[Configurable]) -> Iterator[str]:
    summary = (inspect.getdoc(item) or "").split("\n\n")[0]
    yield from (f"## {item.__name__}", "", summary.replace("``", "`"), "")
    for name, trait in own_traits(item).items():
        yield from (f"### `c.{item.__name__}.{name}`", "", paragraph(trait.help), "")
        yield from (f"{kind(trait)}. Default: `{default(item, name, trait)}`", "")


def paragraph(text: str) -> str:
    return inspect.cleandoc(text).replace("``", "`")


def kind(trait: TraitType[object, object]) -> str:
    """The trait's type, and the values that an enumeration knows."""
    name = type(trait).__name__
    values = getattr(trait, "values", None)
    return f"{name}, one of {', '.join(f'`{value}`' for value in values)}" if values else name


def default(item: type[Configurable], name: str, trait: TraitType[object, object]) -> str:
    """The default as one writes it; of one that is worked out at run time, that it is."""
    if f"_{name}_default" in dir(item) or name in getattr(item, "_trait_default_generators", {}):
        return "worked out when the server starts"
    return trait.default_value_repr()
