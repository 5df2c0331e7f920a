"""Builds that meet with a mishap on the way: `python mishaps.py`, with lines `MISHAP N ROOT` to read.

For each line, a process of its own builds the site at ROOT. The mishap comes just before its N-th
change of the file system below ROOT: a file opened for writing, a folder made, a file moved or removed.

- `killed`: the process gets SIGKILL from itself.
- `full`: from here on no file or folder can be made, as on a full disk; moving and removing goes on.
- `read-only`: from here on nothing can be changed.

The process learns of changes from Python's audit events, and so needs to know nothing of how the
program publishes. The answer to each line is `killed`, `done` from a build that succeeded, `told` from
one that failed with the message that the output can't be written, or else what went wrong.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from site_builder import article, write_site

from builder.build import Options, build

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink"}
_WRITING = os.O_WRONLY | os.O_RDWR
_MAKING = {"open", "os.mkdir"}
_DONE, _TOLD = 0, 10


class Mishap:
    """What happens to a build at the change with the number `last`, from 0, of the site at `root`."""

    def __init__(self, name: str, last: int, root: str) -> None:
        self.name = name
        self.last = last
        self.root = root
        self.changes = 0

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook; what it raises, the change raises."""
        if not (event in _CHANGES or (event == "open" and (arguments[2] or 0) & _WRITING)):
            return
        place = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes | Path) else ""
        # Removing a tree names what is in it relative to an open folder.
        if os.path.isabs(place) and not place.startswith(self.root):
            return
        number, self.changes = self.changes, self.changes + 1
        if number < self.last:
            return
        if self.name == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.name == "full" and event in _MAKING:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.name == "read-only":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def suffer(mishap: Mishap) -> int:
    """Build, and meet with the mishap; the exit status of the process."""
    sys.addaudithook(mishap.watch)
    report = build(Options(root=Path(mishap.root), output=Path(mishap.root) / "public", jobs=1))
    if not report.failed:
        return _DONE
    return _TOLD if {one.code for one in report.diagnostics} == {"cannot-write"} else 1


def main() -> None:
    """Serve the lines of standard input."""
    # One build before the first fork has everything imported that builds need.
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), {"content/articles/a.md": article("[x]{country=IR}")})
        build(Options(root=Path(folder), output=Path(folder) / "public", jobs=1))
    for line in sys.stdin:
        name, number, root = line.rstrip("\n").split(" ", 2)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = suffer(Mishap(name, int(number), root))
            finally:
                os._exit(status)
        answers = {_DONE: "done", _TOLD: "told", -signal.SIGKILL: "killed"}
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{answers.get(code, f'status {code}')}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
