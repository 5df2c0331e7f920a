"""Which file of the output stands at an address, and what is added to a page on its way out.

Nothing outside the output is ever found: no part of a path may be hidden or lead upwards, and no link
is followed.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.responses import RedirectResponse, Response

from builder.addresses import href
from builder.preview.answer import HEADERS, answer, answer_file, content_type, entity_tag
from builder.preview.guard import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

#: A larger file is sent piece by piece.
_LARGE = 2_000_000
_HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
_HTML = "text/html; charset=utf-8"
_WAITING = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{base}.digest/client.css"></head>
<body class="digest-waiting"><main><h1>There is no site yet</h1>
<p>This page becomes the site as soon as it has been built.</p></main></body></html>
"""


class Pages:
    """Serves the output of a preview below the path that the site has."""

    def __init__(
        self, folder: Path, base_path: Callable[[], str], is_draft: Callable[[str], bool]
    ) -> None:
        self._folder = folder
        self._is_draft = is_draft
        self._base_path = base_path

    def respond(self, request: Request) -> Response:
        """The response for a path below the server's root."""
        base, path = self._base_path(), request.scope["path"]
        inside = unquote(base)
        if base != "/" and path in ("/", inside.rstrip("/")):
            return _redirect(base, request)
        below = path[len(inside) :] if path.startswith(inside) else None
        file = find(self._folder, below) if below is not None else None
        # A build may take a file away between the two steps: then it is not there.
        with suppress(FileNotFoundError):
            if file is not None:
                return self._file(request, file)
        if below and not below.endswith("/") and find(self._folder, f"{below}/"):
            return _redirect(href(base, f"/{below}/"), request)
        missing = find(self._folder, "404.html")
        with suppress(FileNotFoundError):
            if missing is not None:
                return self._file(request, missing, 404)
        if find(self._folder, "") is None:
            return self._page(request, _WAITING.format(base=escape(base)).encode(), "", 503)
        return Response("Not found\n", 404, {**HEADERS, "content-type": "text/plain; charset=utf-8"})

    def _file(self, request: Request, file: str, status: int = 200) -> Response:
        kind = content_type(file)
        found = os.stat(file)
        if kind != _HTML and found.st_size > _LARGE:
            return answer_file(request, file, found, kind)
        with open(file, "rb") as stream:
            data = stream.read()
        if kind == _HTML:
            path = os.path.relpath(file, os.path.realpath(self._folder))
            return self._page(request, data, address_of(path, self._base_path()), status)
        return answer(request, data, kind, entity_tag(data), status)

    def _page(self, request: Request, page: bytes, address: str, status: int) -> Response:
        """A page with the script that keeps it up to date, which is told what it stands on."""
        base = self._base_path()
        draft = " data-draft" if self._is_draft(unquote(address.removeprefix(base))) else ""
        tag = entity_tag(page + base.encode() + address.encode() + draft.encode())
        script = (
            f'<script type="module" src="{escape(base)}{RESERVED}client.js" data-base="{escape(base)}" '
            f'data-address="{escape(address)}" data-page="{escape(tag)}"{draft}></script>'
        ).encode()
        end = _HEAD_END.search(page)
        page = page[: end.start()] + script + page[end.start() :] if end else page + script
        return answer(request, page, _HTML, tag, status)


def find(folder: Path, path: str) -> str | None:
    """The file of an output for a path that is relative to its root and decoded; None if none."""
    parts = path.split("/")
    parts[-1] = parts[-1] or "index.html"
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    top = os.path.realpath(folder)
    file = os.path.join(top, *parts)
    try:
        # A file whose real path is another one is reached by a link, and may be anywhere.
        plain = os.path.realpath(file) == file and file.startswith(top + os.sep)
    except (OSError, ValueError):
        return None
    return file if plain and os.path.isfile(file) else None


def address_of(path: str, base: str) -> str:
    """The address of a file of the output, with the base path, as links have it."""
    path = path.replace(os.sep, "/")
    whole = (
        "/" + path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else f"/{path}"
    )
    return href(base, whole)


def _redirect(to: str, request: Request) -> Response:
    # A second slash at the beginning would name another host.
    target = "/" + to.lstrip("/")
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{target}?{query}" if query else target, 302, HEADERS)
