"""A folder over HTTP, with entity tags, as real channels have them: ``python -m benchmarks._files FOLDER``.

What ``http.server`` answers to a question whether a file is still the same, rattler 0.28 does not take for shards: a
304 without any tag.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        tag = self._tag()
        if tag is not None and self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.end_headers()
        else:
            del self.headers["If-Modified-Since"]
            super().do_GET()

    def end_headers(self) -> None:
        tag = self._tag()
        if tag is not None:
            self.send_header("ETag", tag)
        super().end_headers()

    def _tag(self) -> str | None:
        try:
            status = os.stat(self.translate_path(self.path))
        except OSError:
            return None
        return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=sys.argv[1]))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
