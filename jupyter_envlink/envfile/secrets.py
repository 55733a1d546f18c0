"""Tokens and passwords that stand in the file: whoever has it, has them."""

from __future__ import annotations

import re

from ..sentence import told
from .findings import Findings
from .nodes import Node, place_of

MAX_LENGTH = 2_000
_SECRET = re.compile(r"://(?:[^\s/]{0,253}/)?t/(?!\$)[\w-]+|://[^\s/@:$]{0,500}:(?!\$)[^\s/@]+@")
_MESSAGE = told("This URL holds a token or a password, which whoever gets the file gets too.")
_HINT = told("Put it into a variable of the environment, and write ${{NAME}} in its place.")


def check(text: str, node: Node, findings: Findings) -> None:
    if "://" in text and _SECRET.search(text[:MAX_LENGTH]):
        findings.warning("secret", place_of(node), _MESSAGE, _HINT)
