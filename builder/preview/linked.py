"""Files of a site that are links to elsewhere: what is watched does not tell of a change to them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from builder.load import CONTENT
from builder.root import FILE
from builder.stamps import UNKNOWN, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from builder.stamps import Stamp


class Linked:
    """The files of a site that links lead to, as they were when they were last looked at."""

    def __init__(self) -> None:
        self._root = ""
        self._stamps: dict[str, Stamp] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._stamps)

    def find(self, root: Path, watched: Iterable[str]) -> None:
        """Look for links that lead out of the folders that are watched with all that is in them."""
        self._root = os.path.join(root, "")
        known = tuple(os.path.join(place, "") for place in watched if place != str(root))
        found = (one for one in _links(str(root)) if not os.path.realpath(one).startswith(known))
        self._stamps = {link: self._stamps.get(link) or _stamp(link) for link in found}

    def changed(self) -> list[str]:
        """Those that are not as they were, by their paths in the site."""
        found = {link: _stamp(link) for link in self._stamps}
        changed = [link for link, stamp in found.items() if stamp != self._stamps[link]]
        self._stamps = found
        return [link.removeprefix(self._root).replace(os.sep, "/") for link in changed]


def _links(root: str) -> Iterator[str]:
    """The links to files, or to nothing, that a build may read."""
    if os.path.islink(os.path.join(root, FILE)):
        yield os.path.join(root, FILE)
    folders = [os.path.join(root, CONTENT), os.path.join(root, "themes")]
    while folders:
        with suppress(OSError):
            for entry in os.scandir(folders.pop()):
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_symlink() and not entry.is_dir():
                    yield entry.path


def _stamp(path: str) -> Stamp:
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return UNKNOWN
