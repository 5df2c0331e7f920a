"""One build at a time for a site: the second waits until the first has ended."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILE = "lock"


@contextmanager
def locked(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock in a folder; `waiting` is called once if another process has it.

    Where the folder can't be written there is nothing to lock, and nobody else can build either.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / FILE).open("w", encoding="utf-8")
    except OSError:
        yield
        return
    with stream:
        if not _try_lock(stream):
            waiting()
            _wait_lock(stream)
        yield


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(stream: Any) -> bool:
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(stream: Any) -> None:
        while not _try_lock(stream):
            time.sleep(0.1)

else:
    import fcntl

    def _try_lock(stream: Any) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _wait_lock(stream: Any) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX)
