"""Watching a site: events only mean "look again", and a burst of them is one look."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from builder.cache import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

#: A burst of changes is over when nothing has happened for so long, in seconds.
QUIET = 0.05
_LOOKING = ("opened", "closed_no_write")


class Changes(FileSystemEventHandler):
    """Tells whether anything under the site's content, themes and configuration has changed."""

    def __init__(self, root: Path, output: Path) -> None:
        self._ignored = (str(output), str(root / FOLDER), str(root / "public"))
        self._changed = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change, unless it is our own output's or somebody only read a file."""
        path = str(event.dest_path or event.src_path)
        if event.event_type not in _LOOKING and not path.startswith(self._ignored):
            self._changed.set()

    def wait(self) -> None:
        """Return after a change, when the burst that it belongs to is over."""
        self._changed.wait()
        while self._changed.is_set():
            self._changed.clear()
            self._changed.wait(QUIET)


def watch(root: Path, changes: Changes) -> tuple[object, str]:
    """Watch a site; returns the observer, to be stopped, and a word if it has to poll.

    Where the system allows no more watches, files are looked at in turn instead.
    """
    try:
        observer = Observer()
        observer.schedule(changes, str(root), recursive=True)
        observer.start()
    except OSError:
        polling = PollingObserver()
        polling.schedule(changes, str(root), recursive=True)
        polling.start()
        return polling, "the system allows no more watches; looking at the files every second instead"
    return observer, ""
