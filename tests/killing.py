"""Builds that die on the way, as of a power cut: `python killing.py`, with lines `N ROOT` to read.

For each line, a process of its own builds the site at ROOT. Just before its N-th change of the file
system below ROOT (a file opened for writing, a folder made, a file moved or removed) it gets SIGKILL
from itself. It learns of changes from Python's audit events, and so needs to know nothing of how the
program publishes. The answer to each line is `killed`, or `done` from one that outlived its N changes.
"""

from __future__ import annotations

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


def build_and_die(root: str, last: int) -> None:
    """Build the site at `root` and die before the change with the number `last`, from 0."""
    changes = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal changes
        if not (event in _CHANGES or (event == "open" and (arguments[2] or 0) & _WRITING)):
            return
        place = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes | Path) else ""
        # Removing a tree names what is in it relative to an open folder.
        if os.path.isabs(place) and not place.startswith(root):
            return
        if changes == last:
            os.kill(os.getpid(), signal.SIGKILL)
        changes += 1

    sys.addaudithook(watch)
    build(Options(root=Path(root), output=Path(root) / "public", jobs=1))


def main() -> None:
    """Serve the lines of standard input."""
    # One build before the first fork has everything imported that builds need.
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), {"content/articles/a.md": article("[x]{country=IR}")})
        build(Options(root=Path(folder), output=Path(folder) / "public", jobs=1))
    for line in sys.stdin:
        number, _, root = line.rstrip("\n").partition(" ")
        child = os.fork()
        if child == 0:
            build_and_die(root, int(number))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        answer = {0: "done", signal.SIGKILL: "killed"}.get(status, f"status {status}")
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
