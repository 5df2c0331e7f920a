"""Staged files -> their places, and files that go: each step may be the last, and may come twice."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from builder.publishing.journal import folders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from builder.publishing.journal import Journal


def follow(journal: Journal, output: Path, staged: Path) -> None:
    """Do what a journal says in an output folder; what is done already is passed over."""
    files = set(journal.changed)
    needed = {folder for path in journal.changed for folder in folders(path)}
    # A page that goes may stand where a folder is needed now, or hold up a folder where a file is.
    _remove(
        output,
        (path for path in journal.removed if path in needed or not files.isdisjoint(folders(path))),
    )
    there: set[str] = set()
    moved: set[str] = set()
    for path in journal.changed:
        _move(f"{staged}{os.sep}", f"{output}{os.sep}", path, there, moved)
    _remove(output, journal.removed)


def _move(staged: str, output: str, path: str, there: set[str], moved: set[str]) -> None:
    """Move a staged file to its place; what is there already, or gone from the stage, stays.

    A folder that the output does not have is moved whole, with all that was staged below it. `there`
    are the folders that the output is known to have, `moved` those that were moved to it whole.
    """
    for place in (*reversed([*folders(path)]), path):
        if place in moved:
            return
        if place in there:
            continue
        if place != path and os.path.isdir(output + place):
            there.add(place)
            continue
        try:
            os.replace(staged + place, output + place)
        except FileNotFoundError:
            return
        moved.add(place)
        return


def _remove(output: Path, paths: Iterable[str]) -> None:
    """Remove files, and the folders that are empty then; never by way of a link to elsewhere."""
    for path in paths:
        target = output / path
        kind = file_type(target)
        if kind == stat.S_IFDIR:
            continue
        if any((output / folder).is_symlink() for folder in folders(path)):
            continue
        # A build that was killed may have removed the file, and not yet all of its folders.
        if kind is not None:
            target.unlink()
        for folder in folders(path):
            try:
                (output / folder).rmdir()
            except FileNotFoundError:
                continue
            except OSError:
                break


def status_of(path: str | Path) -> os.stat_result | None:
    """What the system says of what stands at a path (a link is not followed); None for nothing."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def file_type(path: str | Path) -> int | None:
    """What stands at a path (a link is not followed), by the constants of `stat`; None for nothing."""
    status = status_of(path)
    return None if status is None else stat.S_IFMT(status.st_mode)
