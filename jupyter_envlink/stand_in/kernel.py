"""The stand-in kernel itself: a real one, which runs nothing and explains."""

from __future__ import annotations

from typing import Any

from ipykernel.kernelbase import Kernel

from jupyter_envlink import __version__

from .explanation import Explanation
from .languages import language_info

ENAME = "KernelCannotStart"
AGAIN = "Once that is done, restart this kernel."


class StandIn(Kernel):
    """Answers every request as the messaging protocol wants it, and every cell with ``explanation``."""

    implementation = "jupyter_envlink.stand_in"
    implementation_version = __version__
    explanation: Explanation

    def __init__(self, **kwargs: Any) -> None:
        self.language_info = language_info(self.explanation.language)
        self.banner = "\n".join(_text(self.explanation))
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, Any] | None = None,
        allow_stdin: bool = False,
        *,
        cell_id: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """An error that says why; it goes to the page too, unless the request is silent."""
        error = {"ename": ENAME, "evalue": _plain(self.explanation.message), "traceback": _text(self.explanation)}
        if not silent:
            self.send_response(self.iopub_socket, "error", error)  # type: ignore[no-untyped-call]
        return {
            "status": "error",
            "execution_count": self.execution_count,
            "user_expressions": {},
            "payload": [],
            **error,
        }

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """Nothing can be completed."""
        return {"status": "ok", "matches": [], "cursor_start": cursor_pos, "cursor_end": cursor_pos, "metadata": {}}

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Nothing is found."""
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Whatever is typed into a console can be sent: it is answered by the explanation."""
        return {"status": "complete"}

    async def do_history(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"status": "ok", "history": []}

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        return {"status": "ok", "restart": restart}


def _text(explanation: Explanation) -> list[str]:
    """The lines that a cell shows."""
    parts = [f"{explanation.title} cannot start.", explanation.message, explanation.remedy, AGAIN]
    return [line for part in parts if part for line in (_plain(part), "")][:-1]


def _plain(text: str) -> str:
    """Pages show a traceback with the colours of a terminal: no path may bring its own escapes."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
