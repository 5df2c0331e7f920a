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
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future


#: Below so many files or pages a pool costs more than it saves.
SMALL = 200
_CHUNK = 50
#: So many stretches for each process are under way at once: enough to keep it busy, and no more, so
#: that results do not pile up.
_AHEAD = 4

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Task(Generic[_Item, _Result]):
    """Work on a stretch of items; it must survive pickling, and depend on nothing but itself."""

    def prepare(self) -> None:
        """Make ready what all processes need; called once, before they start."""

    def run(self, items: Sequence[_Item]) -> list[_Result]:
        """The results of the items, in their order."""
        raise NotImplementedError


def spread(
    task: Task[_Item, _Result],
    items: Sequence[_Item],
    jobs: int,
    pool: Callable[[int, Any], Executor] | None = None,
) -> Iterator[_Result]:
    """The results of a task for all items, in their order, from `jobs` processes.

    `pool(jobs, task)` gives another executor whose workers have run `begin(task)`.
    """
    if jobs <= 1 or len(items) < SMALL:
        for start in range(0, len(items), _CHUNK):
            yield from task.run(items[start : start + _CHUNK])
        return
    task.prepare()
    executor = (pool or process_pool)(jobs, task)
    try:
        chunks = (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
        waiting: list[Future[list[_Result]]] = []
        for chunk in chunks:
            waiting.append(executor.submit(_run, chunk))
            if len(waiting) >= jobs * _AHEAD:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def process_pool(jobs: int, task: Any) -> Executor:
    """A pool of processes that begin with a task."""
    # A build of few pages gets along without these modules.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking starts in a few milliseconds with everything there; elsewhere it is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    # What the collector does not visit stays shared between the processes.
    gc.freeze()
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=begin, initargs=(task,))


_begun: list[Task[Any, Any]] = []


def begin(task: Task[Any, Any]) -> None:
    """What a worker process does first."""
    # The terminal sends an interrupt to every process: the one that the user started handles it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()
    _begun[:] = [task]


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
    results: list[Any] = _begun[0].run(items)
    return results
