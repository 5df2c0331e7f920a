"""The two files that publishing keeps in the output folder: the manifest and the journal.

The manifest names what the generator wrote, with fingerprints. The journal says what is about to be
done; a build that is killed meanwhile is finished by it. Neither may name a place outside.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FORMAT = 1
#: What no path of the output holds, between slashes. A backslash is a letter like others where it parts
#: no folders.
_OUTSIDE = ("//", "/./", "/../", "\0", *([os.sep] if os.sep != "/" else []))


class Journal(Struct, frozen=True):
    """Files to put in place, in order; files to remove; entries of the manifest that change."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    entries: dict[str, str]


class _Manifest(Struct, frozen=True):
    format: int
    files: dict[str, str]


def read_journal(file: Path) -> Journal | None:
    """The journal of an interrupted build, if it was written whole and names nothing outside."""
    try:
        journal = msgspec.json.decode(file.read_bytes(), type=Journal)
    except (FileNotFoundError, ValueError):
        return None
    paths = (*journal.changed, *journal.removed, *journal.entries)
    return journal if _are_inside(paths) else None


def read_manifest(file: Path) -> dict[str, str]:
    """The fingerprints of the published files by path; none, if there is no manifest.

    Raises ValueError for one that can't be read or that names something outside.
    """
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=_Manifest)
    except FileNotFoundError:
        return {}
    if manifest.format != _FORMAT or not _are_inside(manifest.files):
        raise ValueError("not a manifest of this program")
    return manifest.files


def manifest_text(files: Mapping[str, str]) -> str:
    """The text of a manifest: a line for each file, in the order of their paths."""
    value = {"format": _FORMAT, "files": files}
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",\n", ": ")) + "\n"


def folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, the innermost first."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _are_inside(paths: Iterable[str]) -> bool:
    """Whether all paths stay in their folder: nothing else may be written or removed by them."""
    # As one text, whose parts all stand between slashes, very many paths are looked at at once. A line
    # break within a path, which ends none, is a part of it like any other letter.
    text = "/\n/".join(["", *paths, ""])
    return not any(sign in text for sign in _OUTSIDE)
