"""A server for a published site, on loopback and under the strictest policy that the site promises."""

from __future__ import annotations

import mimetypes
import sys
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POLICY = "default-src 'self'"


@contextmanager
def serve(folder: Path, base: str) -> Iterator[str]:
    """Serve a folder below the path `base` while the context lasts; gives the address of its `/`."""

    class Handler(_Handler):
        root = folder.resolve()
        prefix = base

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what goes wrong here; a browser that leaves a page hangs up, which is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    root: Path
    prefix: str

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self._file(path.removeprefix(self.prefix)) if path.startswith(self.prefix) else None
        if file is not None:
            self._answer(HTTPStatus.OK, file)
        elif (self.root / "404.html").is_file():
            self._answer(HTTPStatus.NOT_FOUND, self.root / "404.html")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, *_: object) -> None:
        """Say nothing: what fails is reported by the browser."""

    def _file(self, path: str) -> Path | None:
        file = (self.root / path).resolve()
        if not file.is_relative_to(self.root):
            return None
        if file.is_dir() and (not path or path.endswith("/")):
            file /= "index.html"
        return file if file.is_file() else None

    def _answer(self, status: HTTPStatus, file: Path) -> None:
        data = file.read_bytes()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(data)
