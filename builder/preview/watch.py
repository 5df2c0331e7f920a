"""Watching a site: events only mean "look again", and a burst of them is one look.

The folders that a build reads are watched, and no other: what the build writes starts none.
"""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from builder.load import BESIDE, CONTENT
from builder.preview.linked import Linked
from builder.root import FILE
from builder.theming.theme import theme_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchdog.observers.api import BaseObserver, ObservedWatch

#: A file that was saved is complete when nothing more happened for so long, in seconds.
SETTLED = 0.006
#: While a file is open for writing, its writer is given so long to go on.
WRITING = 0.1
#: A file that went may come back: some editors move it away before they write it.
MISSING = 0.05
#: Whoever changes more than some files changes many: (files, seconds of quiet).
CROWDS = ((50, 0.2), (5, 0.06))
#: A burst is taken for over after so long, whatever happens: of few files, and of many.
LONGEST = 0.3
LONGEST_CROWD = 3.0
#: So many paths of a burst are told of; nobody reads more.
MOST_PATHS = 2000
#: How often files are looked at where the system does not tell of changes, in seconds.
POLLING = 1.0
#: And how often files that a link leads to from outside of the folders that are watched.
LOOKING = 0.5

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
#: Folders of a site that may go as a whole and come back.
_TOPS = (CONTENT, "themes")
#: So often watches are counted before too few are taken for the system's limit.
_PATIENCE = 50
_WORD = "the system allows no more watches; looking at the files every second instead"


class Changes(FileSystemEventHandler):
    """Gathers what happens to the files of a site until somebody asks.

    `closes` tells whether the system says when a file that was written is closed.
    """

    def __init__(self, root: Path, *, closes: bool) -> None:
        self.closes = closes
        #: Whether folders came or went, so that there may be others to watch now.
        self.folders = False
        #: What came and went before the last look: an editor tried it, or moved it to another's place.
        self.passed: tuple[str, ...] = ()
        #: The folders of the site that are links, by where they lead: they are watched there.
        self.links: dict[str, str] = {}
        self._root = root
        self._news = threading.Condition()
        self._last = 0.0
        self._paths: dict[str, None] = {}
        self._writing: set[str] = set()
        self._missing: set[str] = set()
        self._new: set[str] = set()
        self._passing: set[str] = set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change, unless it is to a file that no build reads."""
        source = self._shown(os.fsdecode(event.src_path)) if event.src_path else ""
        target = self._shown(os.fsdecode(event.dest_path)) if event.dest_path else ""
        if not source and not target:
            return
        with self._news:
            if event.is_directory or any(map(os.path.islink, (event.src_path, event.dest_path))):
                self.folders = True
            if event.event_type in ("deleted", "moved"):
                self._went(source)
                self._came(target, is_new=True)
            else:
                self._came(source, is_new=event.event_type == "created")
                if event.event_type == "modified":
                    self._writing.add(source)
                else:
                    self._writing.discard(source)
            for path in filter(None, (source, target)):
                # The file that was saved last stands last.
                self._paths.pop(path, None)
                if len(self._paths) < MOST_PATHS:
                    self._paths[path] = None
            self._last = time.monotonic()
            self._news.notify()

    def _went(self, path: str) -> None:
        """Note that a file is gone; one that came in the same burst was an editor's own."""
        self._writing.discard(path)
        if path in self._new:
            self._new.discard(path)
            self._passing.add(path)
        elif path:
            self._missing.add(path)

    def _came(self, path: str, *, is_new: bool) -> None:
        """Note that a file is there, and whether it was not before this."""
        if path in self._missing:
            self._missing.discard(path)
        elif path in self._passing or (is_new and path and path not in self._paths):
            self._passing.discard(path)
            self._new.add(path)

    def wait(self, most: float | None = None) -> tuple[str, ...]:
        """The paths that have changed since the last call, once the burst they belong to is over.

        Waits for a change if there was none, `most` seconds at most; there is no path then, and none
        if all that came has `passed`. Paths are relative to the site, the last change last.
        """
        with self._news:
            if not self._news.wait_for(lambda: self._paths, most):
                return ()
            began = time.monotonic()
            while (left := self._left(began)) > 0:
                self._news.wait(left)
            self.passed = tuple(self._passing)
            paths = tuple(path for path in self._paths if path not in self._passing)
            for gathered in (self._paths, self._writing, self._missing, self._new, self._passing):
                gathered.clear()
            return paths

    def _left(self, began: float) -> float:
        """How long the burst may still go on, in seconds."""
        quiet, longest = SETTLED, LONGEST
        for files, seconds in CROWDS:
            if len(self._paths) > files:
                quiet, longest = seconds, LONGEST_CROWD
                break
        if self.closes and self._writing:
            quiet = max(quiet, WRITING)
        if self._missing:
            quiet = max(quiet, MISSING)
        now = time.monotonic()
        return min(self._last + quiet, began + longest) - now

    def _shown(self, place: str) -> str:
        """The path as messages name it; empty if no build reads such a file."""
        with suppress(ValueError):
            path = Path(self._unlinked(place)).relative_to(self._root).as_posix()
            first, _, rest = path.partition("/")
            hidden = any(part.startswith(".") or part.endswith("~") for part in path.split("/"))
            # Of folders beside the content no more is told than that they are there.
            known = first in _TOPS or (not rest and first in (FILE, *BESIDE))
            return path if known and not hidden else ""
        # A theme that comes with the program.
        return "" if Path(place).name.startswith(".") or place.endswith("~") else place

    def _unlinked(self, place: str) -> str:
        """The place as it is named in the site."""
        for real, named in self.links.items():
            if place.startswith(real + os.sep):
                return named + place.removeprefix(real)
        return place


class Watch:
    """Watches the folders of a site. `word` says so if it has to look at the files in turn."""

    def __init__(self, root: Path) -> None:
        self.word = ""
        self._root = root
        self._changes = Changes(root, closes=sys.platform == "linux")
        self._linked = Linked()
        self._watched: dict[str, tuple[ObservedWatch, int]] = {}
        # What watchdog has to say is for programmers; the editor gets a word where it matters.
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        try:
            self._observer: BaseObserver = Observer()
            self._observer.start()
            self._cover()
        except OSError:
            self._poll()

    def wait(self, most: float | None = None) -> tuple[str, ...]:
        """As `Changes.wait`; folders that were replaced meanwhile are watched again."""
        paths = self._changes.wait(most) if not self._linked else self._wait_and_look(most)
        if self._changes.folders:
            self._changes.folders = False
            # The watch on a folder that was removed is gone, even if another has its name and number.
            new = {os.path.realpath(self._root / path) for path in paths if path in _TOPS}
            try:
                self._cover(new)
            except OSError:
                self._poll()
        return paths

    def _wait_and_look(self, most: float | None) -> tuple[str, ...]:
        """Wait for a change, also of a file that nothing but a link leads to."""
        end = math.inf if most is None else time.monotonic() + most
        while True:
            left = end - time.monotonic()
            paths = self._changes.wait(min(max(left, 0.0), LOOKING))
            paths = tuple(dict.fromkeys((*self._linked.changed(), *paths)))
            if paths or self._changes.folders or left <= LOOKING:
                return paths

    @property
    def passed(self) -> tuple[str, ...]:
        """The paths that came and went before `wait` returned, and are none of those that it gave."""
        return self._changes.passed

    def stop(self) -> None:
        """Watch no longer; does not wait for the end of it."""
        self._observer.stop()

    def _cover(self, new: frozenset[str] | set[str] = frozenset()) -> None:
        """Watch what there is to watch now. Raises OSError if the system allows no more."""
        wanted: dict[str, int] = {}
        links: dict[str, str] = {}
        for folder in self._folders():
            real = os.path.realpath(folder)
            with suppress(OSError):
                wanted[real] = os.stat(real).st_ino
                if real != str(folder):
                    links[real] = str(folder)
        self._changes.links = links
        self._linked.find(self._root, wanted)
        for place, (watch, inode) in list(self._watched.items()):
            if place in new or wanted.get(place) != inode:
                with suppress(KeyError, OSError):
                    self._observer.unschedule(watch)
                del self._watched[place]
        for place, inode in wanted.items():
            if place not in self._watched:
                recursive = place != str(self._root)
                with suppress(FileNotFoundError, NotADirectoryError):
                    watch = self._observer.schedule(
                        self._changes, place, recursive=recursive, event_filter=_EVENTS
                    )
                    self._watched[place] = watch, inode
        if self._changes.closes and not _enough_watches(list(self._watched), str(self._root)):
            raise OSError

    def _folders(self) -> Iterator[Path]:
        """The folders to watch with all that is in them, but for the site's own, which is the first."""
        themes = theme_folders(self._root)
        yield from (self._root, self._root / CONTENT, *themes)
        with suppress(OSError):
            # To watch a folder is not to watch what links in it lead to.
            known = tuple(os.path.join(os.path.realpath(one), "") for one in themes)
            for theme in themes[0].iterdir():
                if theme.is_symlink() and not os.path.realpath(theme).startswith(known):
                    yield theme

    def _poll(self) -> None:
        with suppress(AttributeError, RuntimeError):
            self._observer.stop()
        self.word = _WORD
        self._watched.clear()
        self._changes.closes = False
        self._observer = PollingObserver(timeout=POLLING)
        self._observer.start()
        self._cover()


def _enough_watches(places: list[str], root: str) -> bool:
    """Whether there is a watch for every folder (Linux).

    The kernel is asked, for watchdog passes over a folder that it can't watch, and says nothing.
    """
    for _ in range(_PATIENCE):
        wanted = sum(1 if place == root else sum(1 for _ in os.walk(place)) for place in places)
        if _watches() >= wanted:
            return True
        # Watches on folders that are being made at this moment come a little later.
        time.sleep(SETTLED)
    return False


def _watches() -> float:
    """How many watches this process has; endless where the kernel does not tell."""
    found = 0
    try:
        names = os.listdir("/proc/self/fd")
    except OSError:
        return math.inf
    for name in names:
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}") == "anon_inode:inotify":
                text = Path(f"/proc/self/fdinfo/{name}").read_text(encoding="utf-8")
                found += text.count("inotify wd:")
    return found
