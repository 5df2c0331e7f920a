"""How a file looks from outside: whether it may have changed is told without reading it.

As in git's index, a file counts as unchanged while its times, size and inode are those recorded.
Stamps are compared for equality, never for order, but for one case: a file that was touched so late
that the clock may not tell a later change from it is read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import os

#: Some file systems keep times in whole seconds or two, and a clock ticks every few milliseconds;
#: in nanoseconds.
_COARSE = 2_000_000_000
_TICK = 50_000_000
_MILLISECOND = 1_000_000


class Stamp(NamedTuple):
    """The times of the last change of content and of status in nanoseconds, the size, the inode."""

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int

    def settled(self, recorded_at: int) -> bool:
        """Whether the file had been still for a while when its stamp was recorded.

        `recorded_at` is that instant, in nanoseconds since the epoch.
        """
        latest = max(self.mtime_ns, self.ctime_ns)
        coarse = latest % _MILLISECOND == 0
        return latest < recorded_at - (_COARSE if coarse else _TICK)


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp in what the system says of a file."""
    return Stamp(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
