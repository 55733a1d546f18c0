"""The picture of how long a look at the disk takes: lines over the number of environments, both axes logarithmic.

It stands on a ground of its own, so it can be read on a light and on a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 76, 210, 48, 56
COLORS = ("#6b7280", "#1d4ed8", "#047857", "#b45309")
STYLE = "font: 14px system-ui, sans-serif; fill: #1f2937"


def picture(title: str, counts: Sequence[int], lines: Mapping[str, Sequence[float]]) -> str:
    """An SVG. ``lines`` are milliseconds for each of ``counts``, by name."""
    low = 10 ** math.floor(math.log10(min(map(min, lines.values()))))
    high = 10 ** math.ceil(math.log10(max(map(max, lines.values()))))
    plot = _Plot(min(counts), max(counts), low, high)
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#ffffff" stroke="#d1d5db"/>',
        _text(LEFT, 28, title, weight="600"),
        *plot.grid(counts),
        *(part for color, (name, values) in zip(COLORS, lines.items(), strict=False)
          for part in plot.line(name, color, counts, values)),
    ]  # fmt: skip
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} style="{STYLE}">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


class _Plot:
    """Where numbers lie on the picture."""

    def __init__(self, least: float, most: float, low: float, high: float) -> None:
        self.least, self.most, self.low, self.high = least, most, low, high

    def x(self, count: float) -> float:
        share = math.log(count / self.least) / math.log(self.most / self.least)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def grid(self, counts: Iterable[int]) -> Iterable[str]:
        for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1):
            y = self.y(10**power)
            yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>'
            yield _text(LEFT - 8, y + 5, f"{10**power:g} ms", anchor="end")
        for count in counts:
            yield f'<path d="M{self.x(count)} {TOP}V{HEIGHT - BOTTOM}" stroke="#e5e7eb"/>'
            yield _text(self.x(count), HEIGHT - BOTTOM + 22, str(count), anchor="middle")
        yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "environments", anchor="middle")

    def line(self, name: str, color: str, counts: Sequence[int], values: Sequence[float]) -> Iterable[str]:
        points = [(self.x(count), self.y(value)) for count, value in zip(counts, values, strict=True)]
        yield f'<path d="M{"L".join(f"{x} {y}" for x, y in points)}" fill="none" stroke="{color}" stroke-width="2.5"/>'
        yield from (f'<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>' for x, y in points)
        yield _text(points[-1][0] + 12, points[-1][1] + 5, name, color=color, weight="600")


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "400", color: str = "#1f2937") -> str:
    style = f'text-anchor="{anchor}" font-weight="{weight}" fill="{color}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'
