"""The server: what there is at which address, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from builder.preview.answer import HEADERS, answer, content_type, entity_tag
from builder.preview.guard import RESERVED, Guard
from builder.preview.lens import Lens
from builder.preview.origin import article_file, is_draft
from builder.preview.pages import Pages, find

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from builder.model import Site
    from builder.preview.live import Live

_CLIENT = Path(__file__).parent / "client"


@cache
def _client_files() -> dict[str, bytes]:
    """The scripts and the stylesheet of the preview, by name."""
    return {one.name: one.read_bytes() for one in _CLIENT.iterdir() if one.suffix in (".js", ".css")}


class Previewed:
    """A site as it is served: its pages, the streams that tell of builds, and the lens.

    `site` is the configuration of the last build that succeeded; `drafts` tells whether there may be
    drafts among the pages.
    """

    def __init__(self, root: Path, output: Path, live: Live, site: Site, *, drafts: bool) -> None:
        self.site = site
        self._output = output
        self._live = live
        self._lens = Lens(root)
        self._looking = asyncio.Lock()
        self._pages = Pages(
            output, lambda: self.site.base_path, lambda address: drafts and is_draft(root, address)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        reserved = unquote(self.site.base_path) + RESERVED
        if not scope["path"].startswith(reserved):
            await self._pages.respond(request)(scope, receive, send)
            return
        name = scope["path"].removeprefix(reserved)
        if name == "events":
            await self._live.stream(scope, receive, send, request.query_params.get("since", ""))
            return
        await (await self._tool(request, name))(scope, receive, send)

    async def _tool(self, request: Request, name: str) -> Response:
        if name == "lens":
            return await self._look(request.query_params.get("page", ""))
        data = _client_files().get(name)
        if data is None:
            return Response("Not found\n", 404, HEADERS, "text/plain")
        return answer(request, data, content_type(name), entity_tag(data))

    async def _look(self, page: str) -> Response:
        base = self.site.base_path
        inside = unquote(page.removeprefix(base)) if page.startswith(base) else ""
        seen = None
        # What is not shown is not looked into either: a draft, for one.
        path = article_file(inside)
        if path and find(self._output, inside):
            # Reading takes a while; one at a time is enough for one pair of eyes.
            async with self._looking:
                seen = await asyncio.to_thread(self._lens.look, path, self.site)
        return JSONResponse(seen, 404 if seen is None else 200, HEADERS)


class Server:
    """Serves an application from a thread of its own, for as long as the process lives."""

    def __init__(
        self, app: Previewed, live: Live, hosts: frozenset[str], listener: socket.socket
    ) -> None:
        routes = [Route("/{path:path}", app)]
        guarded = Starlette(routes=routes, middleware=[Middleware(Guard, hosts=hosts)])
        config = uvicorn.Config(
            guarded,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        # What a client does wrong is told to the client.
        logging.getLogger("uvicorn").setLevel(logging.ERROR)
        self._server = uvicorn.Server(config)
        self._live = live
        self._listener = listener
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        """Begin to serve; returns when builds can be told of."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Stop at once, with whatever is still connected."""
        self._server.force_exit = self._server.should_exit = True

    def _serve(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._live.bind(asyncio.get_running_loop())
        self._ready.set()
        await self._server.serve(sockets=[self._listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises OSError if the address can't be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except UnicodeError:
        # Python writes a name as the domain system does, which holds no empty part and no long one.
        raise OSError("it is no name of a computer") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
