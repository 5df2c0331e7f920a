"""Whether a build can end before it begins: every file in and out is as the last build left it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.publish import STAGE, fingerprint
from builder.stamps import Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
    """The stamps of what stands in the folders that a build reads, taken before it read them."""

    folders: tuple[str, ...]
    stamps: dict[str, Stamp]


def unchanged(cache: Cache, output: Path, options: bytes) -> tuple[bytes | None, Seen | None]:
    """The report of the last build, if this one would do the same and change nothing.

    Beside it stands what was seen on the way, if it was necessary to look.
    """
    last = cache.get(_BUCKET, str(output), Last)
    if last is None or last.options != options or (output / STAGE).exists():
        return None, None
    seen = Seen(last.folders, dict(_stamps(last.folders)))
    if (
        seen.stamps != last.read
        or not _same(_published(output, last.published), last.published)
        or any(_fingerprint(output / path) != stamp for path, stamp in last.doubtful.items())
    ):
        return None, seen
    return last.report, seen


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
    folders: Iterable[Path],
    published: Mapping[str, str],
    stamps: Mapping[str, Stamp],
    report: bytes,
    seen: Seen | None,
    *,
    began: int,
    ended: int,
) -> None:
    """Record a build that succeeded. `published` are the fingerprints of its files by path.

    `stamps` are those of its files that are known already; `seen` is what it saw before it read
    anything, if it looked; `began` and `ended` are instants in nanoseconds.

    If a file was touched since the build began, nothing is recorded: the next build must look.
    """
    names = tuple(str(folder) for folder in folders)
    read = seen.stamps if seen is not None and seen.folders == names else dict(_stamps(names))
    if all(stamp.settled(began) for stamp in read.values()):
        unknown = [path for path in published if path not in stamps]
        found = {**stamps, **dict(_published(output, unknown))}
        doubtful = {
            path: published.get(path) or _fingerprint(output / path)
            for path, stamp in found.items()
            if not stamp.settled(ended)
        }
        last = Last(options, names, read, found, doubtful, report)
        cache.put(_BUCKET, [(str(output), last)])


def _fingerprint(file: Path) -> str:
    try:
        return fingerprint(file.read_bytes())
    except OSError:
        return ""


def _stamps(places: Iterable[str]) -> Iterator[tuple[str, Stamp]]:
    """The stamps of all files in folders (or of a file), and of the folders themselves."""
    for place in places:
        try:
            yield place, stamp_of(os.stat(place))
        except OSError:
            continue
        if os.path.isdir(place):
            yield from _below(place)


def _below(top: str) -> Iterator[tuple[str, Stamp]]:
    folders = [top]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_symlink():
                    yield entry.path, stamp_of(os.lstat(entry.path))
                    if os.path.exists(entry.path):
                        yield f"{entry.path}/", stamp_of(os.stat(entry.path))
                else:
                    yield entry.path, stamp_of(entry.stat())


def _published(output: Path, paths: Iterable[str]) -> Iterator[tuple[str, Stamp]]:
    base = f"{output}{os.sep}"
    for path in paths:
        try:
            yield path, stamp_of(os.lstat(base + path))
        except OSError:
            continue
