"""Parsing and rendering spread over processes. The result never depends on how many there are.

Work goes to a `concurrent.futures.Executor` in chunks, and comes back in the order it was given. One
job, or little work, is done in the calling process and starts no pool.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from builder.addresses import output_path
from builder.diagnostics import Diagnostic, DigestError
from builder.parse import parse
from builder.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from builder.model import Parsed, Site, SourceFile
    from builder.plan import Page
    from builder.publish import Output, Staged
    from builder.theme import Theme

#: Below so many files or pages a pool costs more than it saves.
SMALL = 200
_CHUNK = 64

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Workers:
    """The processes of one build; they are started when there is work enough for them."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def map(
        self, work: Callable[..., list[_Result]], items: Sequence[_Item], *shared: Any
    ) -> Iterator[_Result]:
        """`work(chunk, *shared)` for all items in chunks; the results of all, in order."""
        if self.jobs <= 1 or len(items) < SMALL:
            yield from work(items, *shared)
            return
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.jobs, mp_context=_context(), initializer=_ignore_interrupt
            )
        chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
        # A few chunks ahead keep every process busy; all of them at once would hold them in memory.
        waiting = [self._executor.submit(work, chunk, *shared) for chunk in chunks[: self.jobs * 3]]
        following = iter(chunks[self.jobs * 3 :])
        while waiting:
            results = waiting.pop(0).result()
            chunk = next(following, None)
            if chunk is not None:
                waiting.append(self._executor.submit(work, chunk, *shared))
            yield from results


def parse_all(sources: Sequence[SourceFile], site: Site, workers: Workers) -> list[Parsed]:
    """Parse every source; the results are in the order of the sources."""
    return list(workers.map(_parse_chunk, sources, site))


def render_all(
    pages: Sequence[Page], theme: Theme, tag: str, output: Output, workers: Workers
) -> Iterator[Staged | Diagnostic]:
    """Render every page into the stage of the output, in the order of the pages.

    A mistake of a template is reported once, not for every page that it spoils.
    """
    seen: set[tuple[str, int, str]] = set()
    for result in workers.map(_render_chunk, pages, theme, tag, output):
        if isinstance(result, Diagnostic):
            key = (result.file, result.line, result.code)
            if key in seen:
                continue
            seen.add(key)
        yield result


def _parse_chunk(sources: Sequence[SourceFile], site: Site) -> list[Parsed]:
    return [parse(source, site) for source in sources]


def _render_chunk(
    pages: Sequence[Page], theme: Theme, tag: str, output: Output
) -> list[Staged | Diagnostic]:
    renderer = _renderer(_Key(theme, tag))
    results: list[Staged | Diagnostic] = []
    for page in pages:
        try:
            results.append(output.put(output_path(page.address), renderer.render(page)))
        except DigestError as error:
            results += error.diagnostics
    return results


class _Key:
    """A theme and a language as a key of the cache below: equal if their templates are."""

    def __init__(self, theme: Theme, tag: str) -> None:
        self.theme = theme
        self.tag = tag

    def __hash__(self) -> int:
        return hash((self.theme.fingerprint, self.tag))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self.theme.fingerprint, self.tag) == (
            other.theme.fingerprint,
            other.tag,
        )


@lru_cache(maxsize=2)
def _renderer(key: _Key) -> Renderer:
    # Compiling the templates costs more than rendering a chunk: a process does it once.
    return Renderer(key.theme, key.tag)


def _context() -> multiprocessing.context.BaseContext:
    # Forking starts in a few milliseconds with everything imported; elsewhere it is not safe.
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def _ignore_interrupt() -> None:
    # The terminal sends an interrupt to every process: the one that the user started handles it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
