"""The stamps of many files, looked up by another process while this one does something else.

To look at all pages of a large site, one by one, takes a good part of the time of an edit.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from builder.interrupts import put_off
from builder.stamps import SIZE, stamp_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from builder.stamps import Stamp

#: For fewer files a process takes longer than it saves.
FEWEST = 2000


class Lookout:
    """Begins to look up the stamps of files in a folder."""

    def __init__(self, folder: str, paths: Sequence[str]) -> None:
        self._paths = paths
        self._end, write = os.pipe()
        try:
            with put_off():
                self._process = os.fork()
                if not self._process:
                    _look(folder, paths, self._end, write)
        except BaseException:
            os.close(self._end)
            os.close(write)
            raise
        os.close(write)

    def stamps(self) -> Mapping[str, Stamp]:
        """The stamps by path, those of no file among them; none, if they could not be looked up.

        To be called once: it waits for the process to end.
        """
        with open(self._end, "rb") as stream:
            found = stream.read()
        os.waitpid(self._process, 0)
        if len(found) != SIZE * len(self._paths):
            return {}
        starts = range(0, len(found), SIZE)
        return {
            path: found[start : start + SIZE] for path, start in zip(self._paths, starts, strict=True)
        }


def _look(folder: str, paths: Iterable[str], read: int, write: int) -> None:
    """What the process does, to its end: nothing of what it shares with the other may it touch."""
    try:
        # A process that is gone reads nothing, which ends this one, too.
        os.close(read)
        with open(write, "wb") as stream:
            stream.write(b"".join([stamp_at(f"{folder}{os.sep}{path}") for path in paths]))
    finally:
        os._exit(0)


def look_out(folder: str, paths: Sequence[str], jobs: int) -> Lookout | None:
    """Have the stamps of files in a folder looked up; None where that is of no use, or not safe."""
    if jobs < 2 or len(paths) < FEWEST or sys.platform != "linux" or threading.active_count() > 1:
        return None
    try:
        return Lookout(folder, paths)
    except OSError:
        return None
