"""What open pages are to know of the builds, and the streams by which they are told.

Each build has a number, and each start of the server a name; together they say what a page knows. A
page that has missed some builds is told of them all at once, so nothing piles up for a slow one.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections import deque
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Reversible, Sequence

    from starlette.types import Receive, Scope, Send

#: A page that has missed more builds than these has to look for itself.
_REMEMBERED = 100
#: So many addresses are named; of more, every page has to look for itself.
_MOST_NAMED = 300
_NUMBER = re.compile(r"[0-9]{1,18}")
#: A sign of life every so many seconds, so that a connection that is dead is noticed.
BEAT = 15.0


class Built(Struct, frozen=True):
    """What one build changed: addresses with the base path, or None for too many to name.

    `goto` is where a page goes that follows the editor: an address, a place on it, and the build that
    sends it there.
    """

    number: int
    changed: tuple[str, ...] | None
    gone: tuple[str, ...]
    goto: dict[str, Any] | None = None


class Live:
    """The builds since the start, and who waits for the next.

    `publish` may be called from any thread; all else belongs to the thread of the server. `base` is
    the path that the site is served below until the first build.
    """

    def __init__(self, base: str) -> None:
        self.server = secrets.token_hex(6)
        self.number = 0
        self._state: dict[str, Any] = {"base": base, "failed": False}
        self._messages: Sequence[dict[str, Any]] = ()
        self._messages_since = 0
        self._builds: deque[Built] = deque(maxlen=_REMEMBERED)
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell which loop serves the streams."""
        self._loop = loop

    def publish(
        self,
        changed: Sequence[str] | None,
        gone: Sequence[str],
        messages: Sequence[dict[str, Any]],
        *,
        base: str,
        failed: bool,
        goto: dict[str, Any] | None = None,
    ) -> None:
        """Tell every open page of a build; `changed` is None if it is not known what has changed."""
        named = None if changed is None or len(changed) + len(gone) > _MOST_NAMED else tuple(changed)
        kept = tuple(gone[:_MOST_NAMED])
        if self._loop is not None:
            self._loop.call_soon_threadsafe(
                self._add, named, kept, messages, {"base": base, "failed": failed}, goto
            )

    def _add(
        self,
        changed: tuple[str, ...] | None,
        gone: tuple[str, ...],
        messages: Sequence[dict[str, Any]],
        state: dict[str, Any],
        goto: dict[str, Any] | None,
    ) -> None:
        self.number += 1
        sent = goto and {**goto, "build": self._now}
        self._builds.append(Built(self.number, changed, gone, sent))
        self._state = state
        if messages != self._messages:
            self._messages, self._messages_since = messages, self.number
        for waiting in self._waiting:
            waiting.set()

    @property
    def _now(self) -> str:
        return f"{self.server}.{self.number}"

    def since(self, known: str) -> dict[str, Any]:
        """All that happened since what a page knows, as one message.

        `greets` says that it is not known what the page knows: it has to look for itself, and is told
        of the last build that sends pages somewhere, for it may be the one that this page missed.
        """
        server, _, number = known.partition(".")
        # A number of very many digits can't be read, and no build has it.
        last = int(number) if _NUMBER.fullmatch(number) else -1
        told: dict[str, Any] = {"id": self._now, **self._state}
        if server != self.server or not 0 <= last <= self.number:
            # The page comes from elsewhere or from another time.
            told |= {"changed": None, "gone": [], "messages": self._messages, "greets": True}
            return told | _sent(self._builds)
        missed = [one for one in self._builds if one.number > last]
        told |= _together(missed)
        if len(missed) < self.number - last:
            # What the builds changed that are no longer remembered, nobody knows.
            told["changed"] = None
        if self._messages_since > last:
            told["messages"] = self._messages
        return told

    async def stream(self, scope: Scope, receive: Receive, send: Send, known: str) -> None:
        """Tell a page of what it does not know, and of every build from then on, until it goes."""
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        news = asyncio.Event()
        self._waiting.add(news)
        gone = asyncio.create_task(_gone(receive))
        try:
            while not gone.done():
                news.clear()
                told = self.since(known)
                if told["id"] != known:
                    known = told["id"]
                    await _send(send, _event(told))
                await self._news(news, gone, send)
        finally:
            self._waiting.discard(news)
            gone.cancel()

    async def _news(self, news: asyncio.Event, gone: asyncio.Task[None], send: Send) -> None:
        """Return when there is something to tell or nobody to tell it to; gives signs of life."""
        waiting = asyncio.create_task(news.wait())
        try:
            while True:
                done, _ = await asyncio.wait(
                    (waiting, gone), timeout=BEAT, return_when=asyncio.FIRST_COMPLETED
                )
                if done:
                    return
                await _send(send, b"event: beat\ndata:\n\n")
        finally:
            waiting.cancel()


def _together(missed: Sequence[Built]) -> dict[str, Any]:
    """Several builds as one: None if it is not known what one of them changed."""
    gone = dict.fromkeys(_gone_last(missed))
    changed: list[str] | None = None
    if all(one.changed is not None for one in missed):
        named = dict.fromkeys(path for one in missed for path in one.changed or ())
        changed = [path for path in named if path not in gone]
    return {"changed": changed, "gone": list(gone), **_sent(missed)}


def _sent(builds: Reversible[Built]) -> dict[str, Any]:
    """Where the last of some builds sends a page that sends it anywhere."""
    return next(({"goto": one.goto} for one in reversed(builds) if one.goto), {})


def _gone_last(missed: Sequence[Built]) -> Iterator[str]:
    """The addresses that went and did not come back."""
    there: dict[str, bool] = {}
    for one in missed:
        there |= dict.fromkeys(one.gone, False)
        there |= dict.fromkeys(one.changed or (), True)
    return (address for address, is_there in there.items() if not is_there)


def _event(told: dict[str, Any]) -> bytes:
    return b"event: build\ndata: " + json.dumps(told, ensure_ascii=False).encode() + b"\n\n"


async def _send(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _gone(receive: Receive) -> None:
    """Return when the page has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
