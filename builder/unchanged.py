"""Whether a build can end before it begins: every file in and out is as the last build left it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.publishing.publish import STAGE, fingerprint
from builder.stamps import Stamp, settled, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from builder.cache import Cache

_BUCKET = "last"


class Last(Struct, array_like=True, frozen=True):
    """What the cache holds of the last build that succeeded.

    `options` is the fingerprint of how it was called, `folders` are the folders that it read, `read`
    the stamps of the files in them, `published` those of the files of the output folder; of a file
    written so late that its stamp does not tell a later change, `doubtful` holds the fingerprint.
    `report` is what the build had to say.
    """

    options: bytes
    folders: tuple[str, ...]
    read: dict[str, Stamp]
    published: dict[str, Stamp]
    doubtful: dict[str, str]
    report: bytes


class Seen(Struct, frozen=True):
    """The stamps of what stands in the folders that a build reads, taken before it read them.

    `plain` tells that nothing but files and folders stands there. `whole` is false where a change can't
    be seen: what stands behind a link to a folder, or can't be read.
    """

    folders: tuple[str, ...]
    stamps: dict[str, Stamp]
    plain: bool = True
    whole: bool = True

    def below(self, folder: str) -> dict[str, Stamp] | None:
        """The stamps of the files below one of the folders; None if more stands there than files."""
        if not self.plain or folder not in self.folders:
            return None
        top = f"{folder}{os.sep}"
        return {path: stamp for path, stamp in self.stamps.items() if path.startswith(top)}


class Before(Struct, frozen=True):
    """What is known of the last build before this one begins.

    `report` is what it had to say, if this one would do the same and change nothing. `seen` is what was
    seen of the site to tell that, and `published` are the paths of the files in the output folder;
    without either, nothing is known.
    """

    report: bytes | None = None
    seen: Seen | None = None
    published: tuple[str, ...] = ()


def unchanged(cache: Cache, output: Path, options: bytes) -> Before:
    """Look whether a build can end before it begins."""
    last = cache.get(_BUCKET, str(output), Last)
    if last is None or last.options != options or (output / STAGE).exists():
        return Before()
    seen = look(last.folders)
    if (
        not seen.whole
        or seen.stamps != last.read
        or not _same(_published(output, last.published), last.published)
        or any(_fingerprint(output / path) != stamp for path, stamp in last.doubtful.items())
    ):
        return Before(None, seen, tuple(last.published))
    return Before(last.report, seen)


def _same(found: Iterable[tuple[str, Stamp]], recorded: Mapping[str, Stamp]) -> bool:
    """Whether the stamps are those recorded: it looks no further than to the first that is not."""
    count = 0
    for path, stamp in found:
        if recorded.get(path) != stamp:
            return False
        count += 1
    return count == len(recorded)


def remember_last(
    cache: Cache,
    output: Path,
    options: bytes,
    published: Mapping[str, str],
    stamps: Mapping[str, Stamp],
    report: bytes,
    seen: Seen,
    *,
    began: int,
    ended: int,
) -> None:
    """Record a build that succeeded. `published` are the fingerprints of its files by path.

    `stamps` are those of its files that are known already; `seen` is what it saw before it read
    anything; `began` and `ended` are instants in nanoseconds.

    If a file was touched since the build began, nothing is recorded: the next build must look.
    """
    if seen.whole and all(settled(stamp, began) for stamp in seen.stamps.values()):
        unknown = [path for path in published if path not in stamps]
        found = {**stamps, **dict(_published(output, unknown))}
        doubtful = {
            path: published.get(path) or _fingerprint(output / path)
            for path, stamp in found.items()
            if not settled(stamp, ended)
        }
        last = Last(options, seen.folders, seen.stamps, found, doubtful, report)
        cache.put(_BUCKET, [(str(output), last)])


def _fingerprint(file: Path) -> str:
    try:
        return fingerprint(file.read_bytes())
    except OSError:
        return ""


def look(places: Sequence[str]) -> Seen:
    """The stamps of files, and of folders and all files below them; what is not there has none."""
    stamps: dict[str, Stamp] = {}
    plain = whole = True
    for place in places:
        try:
            stamps[place] = stamp_of(os.stat(place))
        except OSError:
            continue
        if os.path.isdir(place):
            below = _look_below(place, stamps)
            plain, whole = plain and below[0], whole and below[1]
    return Seen(tuple(places), stamps, plain, whole)


def _look_below(top: str, stamps: dict[str, Stamp]) -> tuple[bool, bool]:
    """Add the stamps of the files below a folder; whether all there is plain, and all was seen."""
    plain = whole = True
    folders = [top]
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:
            plain = whole = False
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
                continue
            if not entry.path.isascii() and not _is_utf8(entry.path):
                # Nothing can remember such a name. Where it matters, it is a mistake.
                plain = whole = False
                continue
            try:
                stamps[entry.path] = stamp_of(os.lstat(entry.path))
                if entry.is_symlink() and os.path.exists(entry.path):
                    stamps[f"{entry.path}/"] = stamp_of(os.stat(entry.path))
                    whole = whole and not os.path.isdir(entry.path)
            except OSError:
                # It is gone meanwhile.
                plain = whole = False
            plain = plain and entry.is_file(follow_symlinks=False)
    return plain, whole


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _published(output: Path, paths: Iterable[str]) -> Iterator[tuple[str, Stamp]]:
    base = f"{output}{os.sep}"
    for path in paths:
        try:
            yield path, stamp_of(os.lstat(base + path))
        except OSError:
            continue
