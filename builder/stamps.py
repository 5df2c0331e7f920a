"""How a file looks from outside: whether it may have changed is told without reading it.

As in git's index, a file counts as unchanged while its times, size and inode are those recorded.
Stamps are compared for equality, never for order, but for one case: a file that was touched so late
that the clock may not tell a later change from it is read again.
"""

from __future__ import annotations

import os
from struct import Struct

#: Some file systems keep times in whole seconds or two, and a clock ticks every few milliseconds;
#: in nanoseconds.
_COARSE = 2_000_000_000
_TICK = 50_000_000
_MILLISECOND = 1_000_000

_pack = Struct("<4Q").pack
_times = Struct("<2q").unpack_from
_WHOLE = (1 << 64) - 1

#: The times of the last change of content and of status in nanoseconds, the size and the inode, 64 bits
#: each. A large site has tens of thousands: as one value each they are read and compared fastest.
Stamp = bytes

#: The length of a stamp in bytes.
SIZE = 32
#: The stamp of no file.
UNKNOWN: Stamp = bytes(SIZE)


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp in what the system says of a file."""
    # A time before 1970 is negative, and one of a file system may be any.
    mtime, ctime = status.st_mtime_ns & _WHOLE, status.st_ctime_ns & _WHOLE
    return _pack(mtime, ctime, status.st_size, status.st_ino & _WHOLE)


def stamp_at(path: str) -> Stamp:
    """The stamp of what stands at a path, which may be a link; that of no file if nothing does."""
    try:
        return stamp_of(os.lstat(path))
    except OSError:
        return UNKNOWN


def is_moved(before: Stamp, after: Stamp) -> bool:
    """Whether a file can be one that had the stamp `before` until it was moved.

    To move a file changes the time of its status alone.
    """
    return before[:8] == after[:8] and before[16:] == after[16:]


def settled(stamp: Stamp, recorded_at: int) -> bool:
    """Whether the file had been still for a while when its stamp was recorded.

    `recorded_at` is that instant, in nanoseconds since the epoch.
    """
    latest: int = max(_times(stamp))
    coarse = latest % _MILLISECOND == 0
    return latest < recorded_at - (_COARSE if coarse else _TICK)


def published_stamp(path: str, staged: Stamp, recorded_at: int) -> tuple[Stamp, bool]:
    """The stamp of a published file that had another one when it was staged, and if it is settled.

    Who altered the file meanwhile must not be taken for the program: then it is that of no file.
    """
    stamp = stamp_at(path)
    own = is_moved(staged, stamp)
    return (stamp, settled(stamp, recorded_at)) if own else (UNKNOWN, False)
