"""Who may ask: pages of this preview, by its own names, and with methods that change nothing.

A page elsewhere can make a browser ask anything at this computer. It can't choose the headers that
say so: `Host` tells by which name the browser was led here, `Origin` and `Sec-Fetch-Site` by whom.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Addresses that stand for every address of the computer.
WILDCARDS = ("0.0.0.0", "::", "")  # noqa: S104 - they are told apart here, and not used
#: The folder of what the preview adds to a site; the site itself can have no such address.
RESERVED = ".digest/"
_AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?")
_NAME = re.compile(r"[a-z0-9._-]+")
_SAME = ("same-origin", "none")


def allowed_hosts(host: str, more: Iterable[str]) -> frozenset[str]:
    """The names by which the preview may be called: of this computer, and those allowed one by one.

    The address that it is served at is among them, but for one that stands for all.
    """
    named = () if host in WILDCARDS else (host,)
    return frozenset(_plain(name) for name in (*LOOPBACK, *named, *more))


def is_host(name: str) -> bool:
    """Whether a word can be a name or an address of a computer, without a port."""
    inside = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    if ":" not in inside:
        return _NAME.fullmatch(name.lower()) is not None
    try:
        # An address of one network device alone (`fe80::1%eth0`) is never called by that.
        return ipaddress.IPv6Address(inside).scope_id is None
    except ValueError:
        return False


def is_open(host: str) -> bool:
    """Whether other computers can reach what is served at an address."""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host not in LOOPBACK


class Guard:
    """Lets requests through to an application, or refuses them."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _host(hosts[0]) not in self._hosts:
            return _refused("This host is not served here. Name it with --allow-host to serve it.\n")
        # What comes from another origin says so. Only a link may lead here from elsewhere.
        origins = headers.getlist("origin")
        own = (f"http://{hosts[0]}".lower(), f"https://{hosts[0]}".lower())
        if any(one.lower() not in own for one in origins):
            return _refused("Another origin can't read the preview.\n")
        site = headers.get("sec-fetch-site", "none")
        leads_here = headers.get("sec-fetch-mode") == "navigate" and f"/{RESERVED}" not in scope["path"]
        if site not in _SAME and not leads_here:
            return _refused("Another site can't read the preview.\n")
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse(
                "The preview can only be read.\n", status_code=405, headers={"allow": "GET, HEAD"}
            )
        return None


def _refused(text: str) -> PlainTextResponse:
    return PlainTextResponse(text, status_code=403, headers={"x-content-type-options": "nosniff"})


def _host(authority: str) -> str:
    """The host of a `Host` header; empty for what is none."""
    found = _AUTHORITY.fullmatch(authority.lower())
    return _plain(found.group("six") or found.group("name")) if found else ""


def _plain(name: str) -> str:
    return name.lower().strip("[]").rstrip(".")
