"""A question, answered in the process that it is asked in."""

from __future__ import annotations

import asyncio
from typing import Any

from ..engines.chosen import engine_of
from ..engines.embedded import embedded
from ..engines.rattler_index import KeptIndex
from ..solving import solved, unpacked
from ..venv_filling import forecast
from .question import Question


async def answer(question: Question, index: KeptIndex) -> dict[str, Any]:
    """``solution`` and ``conflict`` of ``Plan`` of ``openapi.yaml``; ``index`` is what is known of the channels."""
    plan = question.plan()
    if plan.archive is not None:
        return await asyncio.to_thread(unpacked, plan.archive.place)
    if plan.venv is not None:
        return await asyncio.to_thread(
            forecast, plan, question.source.text, question.source.path, question.source.folder
        )
    prefix = question.prefix or ""
    if question.refresh:
        asked = embedded(prefix, index)
        index.drop(asked.network, asked.cache, plan.channels.urls)
    return await solved(plan, question.source.text, engine_of(question.engine, prefix, index))
