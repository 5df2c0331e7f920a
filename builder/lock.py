"""One build at a time for a site, and for a folder to publish into: the second waits for the first."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
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
        stream = os.fdopen(_lock_file(folder / FILE), "rb", buffering=0)
    except OSError:
        yield
        return
    with stream:
        if not _try_lock(stream):
            waiting()
            _wait_lock(stream)
        yield


def _lock_file(file: Path) -> int:
    """The file to lock, open. A link is removed: what it leads to is somebody else's."""
    if file.is_symlink():
        file.unlink()
    # Opened like this, a pipe is not waited for.
    return os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)


@contextmanager
def held(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a folder to publish into, for this site or another; `waiting` as for `locked`.

    The folder is made if it is not there, and taken away at the end if nothing was put into it. One
    that can't be made, or of a system on which folders can't be locked, is not held.
    """
    made: list[Path] = []
    descriptor = _opened(folder, made)
    try:
        waited = False
        while descriptor is not None:
            if not _try_lock(descriptor):
                if not waited:
                    waiting()
                waited = True
                _wait_lock(descriptor)
            if _is_there(folder, descriptor):
                break
            # Whoever held it has taken it away, and another one may be held by now.
            os.close(descriptor)
            descriptor = _opened(folder, made)
        yield
    finally:
        with suppress(OSError):
            for one in made:
                one.rmdir()
        if descriptor is not None:
            # Another process may have been forked meanwhile, and have the folder open.
            _unlock(descriptor)
            os.close(descriptor)


def _opened(folder: Path, made: list[Path]) -> int | None:
    """A folder, open, on a system that can lock it; `made` takes up those that were made for it."""
    missing = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        made += [one for one in missing if one not in made]
        if sys.platform != "win32":
            return os.open(folder, os.O_RDONLY)
    return None


def _is_there(folder: Path, descriptor: int) -> bool:
    """Whether a folder that is open still stands at its path."""
    try:
        return os.path.samestat(os.stat(folder), os.fstat(descriptor))
    except OSError:
        return False


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

    def _unlock(_stream: Any) -> None:
        """Folders are not locked on this system."""

else:
    import fcntl

    def _try_lock(stream: Any) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # Some file systems of other computers know no locks.
            return True
        return True

    def _wait_lock(stream: Any) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX)

    def _unlock(stream: Any) -> None:
        with suppress(OSError):
            fcntl.flock(stream, fcntl.LOCK_UN)
