"""Layers to one value, as ``conda.common.configuration`` merges them: the layers come the weakest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..sentence import told
from .layers import Layer, Say


def strongest(layers: Sequence[Layer], key: str) -> Any:
    """Of single values, that of the strongest layer, or of the first that is marked ``final``."""
    saying = _told(layers, key)
    return saying[-1].values[key] if saying else None


def joined(layers: Sequence[Layer], key: str, say: Say) -> tuple[str, ...] | None:
    """The items of all lists, the strongest layer's first, without doubles; ``None`` where no layer has the key."""
    saying = [layer for layer in _told(layers, key) if _is(list, layer, key, say)]
    if not saying:
        return None
    items = [item for layer in reversed(saying) for item in _items(layer, key)]
    top = [item for layer in saying for item in _items(layer, key, "top")]
    bottom = [item for layer in reversed(saying) for item in _items(layer, key, "bottom")]
    last = unique(reversed(bottom))
    return (*(item for item in unique((*top, *items)) if item not in last), *reversed(last))


def united(layers: Sequence[Layer], key: str, say: Say) -> dict[str, Any]:
    """One map: of each name the strongest layer's value, or the first that is marked ``final``; lists are joined."""
    saying = [layer for layer in _told(layers, key) if _is(dict, layer, key, say)]
    final: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for layer in saying:
        for name, value in layer.values[key].items():
            merged[str(name)] = _over(value, merged.get(str(name)))
            if layer.marks.get((key, str(name))) == "final":
                final.setdefault(str(name), value)
    return {**merged, **final}


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _over(strong: Any, weak: Any) -> Any:
    return [*strong, *weak] if isinstance(strong, list) and isinstance(weak, list) else strong


def _told(layers: Sequence[Layer], key: str) -> list[Layer]:
    """Those that have the key, up to the first that wants the last word."""
    saying = []
    for layer in layers:
        if layer.values.get(key) is not None:
            saying.append(layer)
            if layer.is_final(key):
                break
    return saying


def _is(kind: type, layer: Layer, key: str, say: Say) -> bool:
    value = layer.values[key]
    if not isinstance(value, kind):
        what = told("list") if kind is list else told("mapping")
        say(
            told(
                "{key} must be a {what}: {value!r} is ignored ({source}).",
                key=key,
                what=what,
                value=value,
                source=layer.source,
            )
        )
    return isinstance(value, kind)


def _items(layer: Layer, key: str, mark: str | None = None) -> list[str]:
    items: Mapping[int, Any] = dict(enumerate(layer.values[key]))
    return [
        str(item).strip()
        for index, item in items.items()
        if item is not None and (mark is None or layer.marks.get((key, index)) == mark)
    ]
