"""What a kernel says of its language, so that a notebook keeps it while a stand-in answers.

The format: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info, ``language_info``
"""

from __future__ import annotations

from typing import Any

_KNOWN: dict[str, dict[str, Any]] = {
    "python": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": 3},
        "pygments_lexer": "ipython3",
        "nbconvert_exporter": "python",
    },
    "r": {"file_extension": ".r", "mimetype": "text/x-r-source", "codemirror_mode": "r", "pygments_lexer": "r"},
    "julia": {"file_extension": ".jl", "mimetype": "application/julia", "codemirror_mode": "julia"},
    "bash": {"file_extension": ".sh", "mimetype": "text/x-sh", "codemirror_mode": "shell"},
    "c++": {"file_extension": ".cpp", "mimetype": "text/x-c++src", "codemirror_mode": "text/x-c++src"},
    "javascript": {"file_extension": ".js", "mimetype": "application/javascript"},
    "lua": {"file_extension": ".lua", "mimetype": "text/x-luasrc"},
    "sql": {"file_extension": ".sql", "mimetype": "text/x-sql"},
}
_PLAIN: dict[str, Any] = {"file_extension": ".txt", "mimetype": "text/plain"}


def language_info(language: str) -> dict[str, Any]:
    """``language_info`` of a ``kernel_info_reply``; the version is not known."""
    return {"name": language, "version": "", **_KNOWN.get(language.lower(), _PLAIN)}
