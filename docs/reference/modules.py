"""The table of modules, each with the first sentence of its docstring."""

from __future__ import annotations

import inspect
from types import ModuleType

from . import package

__all__ = ["page"]


def page() -> str:
    named = ((module.__name__.removeprefix("jupyter_envlink."), sentence(module)) for module in package.modules())
    rows = (f"| `{name}` | {text} |" for name, text in named)
    return "\n".join(["| module | what it is |", "|---|---|", *rows, ""])


def sentence(module: ModuleType) -> str:
    """The docstring's first paragraph on one line. Raises ValueError where a module has none."""
    text = inspect.getdoc(module)
    if not text:
        raise ValueError(f"{module.__name__} has no docstring")
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")
