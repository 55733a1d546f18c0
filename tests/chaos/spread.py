"""Some of many points."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .fatal import Point


def spread(points: Sequence[Point], number: int, chance: random.Random) -> list[Point]:
    """``number`` of them, evenly over all, each time others."""
    if len(points) <= number:
        return list(points)
    step = len(points) / number
    start = chance.random() * step
    return [points[int(start + step * index)] for index in range(number)]
