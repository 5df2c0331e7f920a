"""Work spread over processes. The result never depends on how many there are.

A task is a value that turns a stretch of items into as many results or more; it goes to every
process once, when the process starts, and stretches of items follow. On systems that fork, the task
is inherited and not copied, so it may hold the whole site. One job, or little work, is done in the
calling process and starts no pool.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from bisect import bisect_left
from contextlib import suppress
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from builder.diagnostics import DigestError, Place, diagnostic
from builder.interrupts import put_off
from builder.root import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future
    from multiprocessing.context import BaseContext


#: Below so many files or pages a pool costs more than it saves.
SMALL = 200
_CHUNK = 50
#: So many stretches for each process are under way at once: enough to keep it busy, and no more, so
#: that results do not pile up.
_AHEAD = 4

_ENDED = (
    "lost-process",
    "a process of the build was ended from outside",
    "where it ran out of memory, build with --jobs 1",
)

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Task(Generic[_Item, _Result]):
    """Work on a stretch of items; it must survive pickling, and depend on nothing but itself."""

    def prepare(self) -> None:
        """Make ready what all processes need; called once, before they start."""

    def shares(self, items: Sequence[_Item], jobs: int) -> Sequence[range]:  # noqa: ARG002
        """Stretches that are better than short ones, in the order in which to begin them; or none.

        Their results are small, for they may have to wait for one another.
        """
        return ()

    def run(self, items: Sequence[_Item]) -> list[_Result]:
        """The results of the items, in their order."""
        raise NotImplementedError


def shares_of(weights: Sequence[int], jobs: int) -> list[range]:
    """Items of these weights shared out among processes, of which each has most of its own in one go.

    The rest are short stretches for whoever comes first, so that all come to an end together.
    """
    until = list(accumulate(weights))
    total = until[-1] if until else 0
    ends = [bisect_left(until, total * number // jobs) for number in range(jobs)] + [len(until)]
    long: list[range] = []
    short: list[range] = []
    for number in range(jobs):
        start, end = ends[number], ends[number + 1]
        middle = min(max(bisect_left(until, total * (5 * number + 4) // (5 * jobs)), start), end)
        long.append(range(start, middle))
        short += [range(one, min(one + _CHUNK, end)) for one in range(middle, end, _CHUNK)]
    return [one for one in (*long, *short) if one]


def spread(
    task: Task[_Item, _Result],
    items: Sequence[_Item],
    jobs: int,
    pool: Callable[[int, Any, Any], Executor] | None = None,
) -> Iterator[_Result]:
    """The results of a task for all items, in their order, from `jobs` processes.

    `pool(jobs, task, stop)` gives another executor whose workers have run `begin(task, stop)`.
    Raises DigestError if one of the processes is ended by somebody else.
    """
    if jobs <= 1 or len(items) < SMALL:
        for start in range(0, len(items), _CHUNK):
            yield from task.run(items[start : start + _CHUNK])
        return
    from concurrent.futures import BrokenExecutor

    task.prepare()
    # A lock would be held for ever by a process that is killed while it has it.
    stop = _context().Semaphore(0)
    executor = (pool or process_pool)(jobs, task, stop)
    try:
        begun = {
            one.start: _submit(executor, items[one.start : one.stop])
            for one in task.shares(items, jobs)
        }
        if begun:
            for start in sorted(begun):
                yield from begun.pop(start).result()
            return
        chunks = (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
        waiting: list[Future[list[_Result]]] = []
        for chunk in chunks:
            waiting.append(_submit(executor, chunk))
            if len(waiting) >= jobs * _AHEAD:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()
    except BaseException as error:
        stop.release()
        if isinstance(error, BrokenExecutor):
            raise DigestError((diagnostic(FILE, Place(), *_ENDED),)) from None
        raise
    finally:
        # An interrupt may come while a pool starts: what has not been started can't be waited for.
        with suppress(RuntimeError):
            executor.shutdown(wait=True, cancel_futures=True)
        # A preview goes on: what was garbage when the pool began must not stay for ever.
        gc.unfreeze()


def _submit(executor: Executor, items: Sequence[Any]) -> Future[list[Any]]:
    """Hand a stretch of items to an executor, which may start processes for it."""
    with put_off():
        return executor.submit(_run, items)


def _context() -> BaseContext:
    # A build of few pages gets along without this module.
    import multiprocessing

    # Forking starts in a few milliseconds with everything there; elsewhere it is not safe.
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def process_pool(jobs: int, task: Any, stop: Any) -> Executor:
    """A pool of processes that begin with a task, and end when `stop` is released."""
    from concurrent.futures import ProcessPoolExecutor

    # What the collector does not visit stays shared between the processes.
    gc.freeze()
    return ProcessPoolExecutor(jobs, mp_context=_context(), initializer=begin, initargs=(task, stop))


_begun: list[tuple[Task[Any, Any], Any]] = []


def begin(task: Task[Any, Any], stop: Any) -> None:
    """What a worker process does first."""
    # The terminal sends an interrupt to every process: the one that the user started handles it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()
    _begun[:] = [(task, stop)]


def _end_with_parent() -> None:
    """End this process when the one that started it is gone.

    A build that is killed can't tell its workers. They would wait for work for ever, and hold the
    lock of the site, which a forked process shares.
    """
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(items: Sequence[Any]) -> list[Any]:
    ((task, stop),) = _begun
    results: list[Any] = []
    for start in range(0, len(items), _CHUNK):
        # Nobody waits for the results of a build that has ended.
        if stop.acquire(block=False):
            stop.release()
            break
        results += task.run(items[start : start + _CHUNK])
    return results
