"""The demonstration's parts. The whole of it is ``make demo CHECK=1``, which needs PyPI."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer
from threading import Thread

import pytest

from demo.channel import answers
from demo.check import Failure, kernel_of
from demo.place import SAMPLE, Place
from demo.run import lab_options


class Answering(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/there" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with TCPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_channel_that_answers_is_taken(address: str) -> None:
    assert answers(f"{address}/there", 3)


def test_a_channel_without_the_file_is_not_taken(address: str) -> None:
    assert not answers(f"{address}/elsewhere", 3)


def test_a_channel_that_stalls_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begin = time.monotonic()
        assert not answers(f"http://127.0.0.1:{silent.getsockname()[1]}/there", 0.3)
        assert time.monotonic() - begin < 2


def test_what_was_changed_in_the_project_stays_unless_it_shall_be_fresh(tmp_path: Path) -> None:
    place = Place(tmp_path / "demo")
    place.prepare(afresh=False)
    shown = {path.relative_to(place.project) for path in place.project.rglob("*") if path.is_file()}
    assert shown == {path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.is_file()}
    place.notebook.write_text("mine", encoding="utf-8")
    place.prepare(afresh=False)
    assert place.notebook.read_text(encoding="utf-8") == "mine"
    place.prepare(afresh=True)
    assert place.notebook.read_text(encoding="utf-8") != "mine"


def test_nothing_of_the_persons_own_jupyter_is_used(tmp_path: Path) -> None:
    environ = Place(tmp_path).environ({"JUPYTER_DATA_DIR": "theirs", "PATH": "kept"})
    own = ("CONDARC", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    assert environ["PATH"] == "kept"
    assert all(environ[name].startswith(str(tmp_path)) for name in own)


def test_an_environment_that_is_no_kernel_fails_the_check_with_its_reason(tmp_path: Path) -> None:
    found = {"prefix": str(tmp_path), "state": "no-kernel", "registered": False, "kernels": []}
    with pytest.raises(Failure, match="no-kernel"):
        kernel_of(tmp_path, {"environments": [found]})
    with pytest.raises(Failure, match="is not listed"):
        kernel_of(tmp_path, {"environments": []})


def test_without_a_display_no_browser_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert "--no-browser" in lab_options(Place(tmp_path), {})
    assert "--no-browser" not in lab_options(Place(tmp_path), {"DISPLAY": ":0"})
