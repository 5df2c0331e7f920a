"""Bytes as an HTTP response: with what validates them, whole, in part, or not at all if known."""

from __future__ import annotations

import mimetypes
import re
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from builder.publishing.publish import fingerprint

if TYPE_CHECKING:
    import os

    from starlette.requests import Request

#: Every answer is asked for again, and may not be used by other sites.
HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'self'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}
#: The types of what a site is made of. Those that the system knows differ from machine to machine.
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".webmanifest": "application/manifest+json",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_KNOWN = mimetypes.MimeTypes(filenames=())
_IS_TEXT = re.compile(r"text/|.*(?:xml|json|javascript)\Z")
#: What asks for one part of a file. No file has a byte with a number of more digits.
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


def content_type(name: str) -> str:
    """The content type for the name of a file; text is in UTF-8."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    kind = _TYPES.get(ending) or _KNOWN.guess_type(f"x{ending}")[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if _IS_TEXT.match(kind) else kind


def answer(request: Request, data: bytes, kind: str, tag: str, status: int = 200) -> Response:
    """The response for some bytes, as far as the request does not know them already.

    `tag` is the entity tag that tells them from others at the same address.
    """
    headers = {**HEADERS, "etag": tag, "content-type": kind}
    if status != 200:
        return Response(data, status, headers)
    headers["accept-ranges"] = "bytes"
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    wanted = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if wanted is None or request.headers.get("if-range", tag) != tag:
        return Response(data, status, headers)
    first, last, suffix = wanted.groups()
    if suffix is not None:
        start, end = max(len(data) - int(suffix), 0), len(data)
    else:
        start, end = int(first), min(int(last or len(data)) + 1, len(data))
        if last and int(last) < start:
            return Response(data, status, headers)
    if start >= end:
        headers["content-range"] = f"bytes */{len(data)}"
        return Response(status_code=416, headers=headers)
    headers["content-range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, headers)


def answer_file(request: Request, file: str, status: os.stat_result, kind: str) -> Response:
    """The response for a file that is too large to be read at once."""
    tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
    headers = {**HEADERS, "etag": tag, "content-type": kind}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return FileResponse(file, headers=headers, stat_result=status)


def entity_tag(data: bytes) -> str:
    """An entity tag for some bytes."""
    return f'"{fingerprint(data)}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the request names bytes with this tag as those that it has (RFC 9110, 13.1.2)."""
    tags = [
        one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")
    ]
    return tag in tags or "*" in tags
