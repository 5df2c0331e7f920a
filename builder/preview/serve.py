"""Serving a folder of pages on this machine, below the path of the site's address."""

from __future__ import annotations

from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Site:
    """What is served: the folder, and the path that it stands below."""

    def __init__(self, folder: Path, base_path: Callable[[], str], hosts: tuple[str, ...]) -> None:
        self.folder = folder.resolve()
        self.base_path = base_path
        self.hosts = hosts

    def find(self, url: str) -> Path | None:
        """The file for a requested path: inside the folder, or None."""
        path = unquote(urlsplit(url).path)
        base = self.base_path()
        if not path.startswith(base) or "\\" in path or "\0" in path:
            return None
        file = self.folder / path.removeprefix(base)
        if path.endswith("/"):
            file /= "index.html"
        # Resolving follows dots and links, so what is inside now is inside for good.
        resolved = file.resolve()
        inside = resolved.is_relative_to(self.folder)
        hidden = any(part.startswith(".") for part in resolved.parts[len(self.folder.parts) :])
        return resolved if inside and not hidden and resolved.is_file() else None


class _Handler(SimpleHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        if host not in self.site.hosts:
            self.send_error(HTTPStatus.FORBIDDEN, "This host is not served here")
            return
        path = urlsplit(self.path).path
        if path == "/" != self.site.base_path():
            self._redirect(self.site.base_path())
            return
        file = self.site.find(self.path)
        if file is None and not path.endswith("/") and self.site.find(f"{path}/"):
            self._redirect(f"{path}/")
            return
        status = HTTPStatus.OK if file else HTTPStatus.NOT_FOUND
        file = file or self.site.find(f"{self.site.base_path()}404.html")
        data = file.read_bytes() if file else b"Not found"
        self.send_response(status)
        self.send_header("Content-Type", self._type(file))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if body:
            self.wfile.write(data)

    def _redirect(self, to: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        # A second slash at the beginning would name another host.
        self.send_header("Location", "/" + to.lstrip("/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _type(self, file: Path | None) -> str:
        kind = self.guess_type(str(file)) if file else "text/plain"
        text = kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))
        return f"{kind}; charset=utf-8" if text else kind

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Requests are not printed: the terminal tells of builds."""


def make_server(site: Site, host: str, port: int) -> ThreadingHTTPServer:
    """A server for the site, listening. Raises OSError if the port can't be had."""
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    return server


def allowed_hosts(host: str) -> tuple[str, ...]:
    """The names by which the server may be called: a page elsewhere must not reach it by another."""
    return (*_LOOPBACK, host)
