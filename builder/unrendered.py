"""Outputs that no template makes: files published as they are, the feed, sitemaps, robots.txt.

Like a page, one is kept while what it is made of and its published file are as they were.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.addresses import output_path
from builder.fingerprint import of_value
from builder.publishing.publish import Staged
from builder.stamps import UNKNOWN, Stamp, published_stamp, settled, stamp_at, stamp_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.cache import Cache
    from builder.compose import Composer
    from builder.diagnostics import Diagnostic
    from builder.parts import Inventory
    from builder.plan import Copy, Document
    from builder.publishing.publish import Output


class FileEntry(Struct, array_like=True, frozen=True):
    """What the cache holds of a published file: fingerprints of what it is made of and of its bytes."""

    made_of: bytes
    stamp: Stamp
    settled: bool
    fingerprint: str


class Unrendered:
    """The outputs of one build that no template makes. `began` is the instant at which it began."""

    def __init__(
        self, root: Path, inventory: Inventory, output: Output, cache: Cache, began: int
    ) -> None:
        self._root = root
        self._inventory = inventory
        self._output = output
        self._cache = cache
        self._began = began
        self._bucket = f"file {output.folder}"
        self._known = cache.all(self._bucket, FileEntry)
        self._made_of: dict[str, tuple[bytes, Staged]] = {}
        self.stamps: dict[str, Stamp] = {}

    def written(self) -> dict[str, str]:
        """The fingerprints of the files as they were published last, as they are remembered."""
        return {path: entry.fingerprint for path, entry in self._known.items()}

    def copies(self, copies: Sequence[Copy]) -> list[Staged | Diagnostic]:
        """Stage the files that are published as they are."""
        found: list[Staged | Diagnostic] = []
        for one in copies:
            path, source = output_path(one.address), self._root / one.source
            made_of = self._print_of(source)
            kept = self._kept(path, made_of)
            found.append(kept or self._output.put_file(path, source, self._shown(source)))
            self._note(path, made_of, found[-1])
        return found

    def documents(self, documents: Sequence[Document], composer: Composer) -> list[Staged | Diagnostic]:
        """Stage the feed, the sitemaps and robots.txt."""
        found: list[Staged | Diagnostic] = []
        for one in documents:
            path, made_of = output_path(one.address), self._inventory.document(one)
            kept = self._kept(path, made_of)
            found.append(kept or self._output.put(path, composer.document(one)))
            self._note(path, made_of, found[-1])
        return found

    def _shown(self, source: Path) -> str:
        """How messages name a file: from the folder of the site, if it stands there."""
        inside = source.is_relative_to(self._root)
        return source.relative_to(self._root).as_posix() if inside else str(source)

    def _print_of(self, source: Path) -> bytes:
        """The fingerprint of how a file looks from outside; empty if that does not tell of a change."""
        try:
            stamp = stamp_of(os.stat(source))
        except OSError:
            return b""
        return of_value(stamp) if settled(stamp, self._began) else b""

    def _kept(self, path: str, made_of: bytes) -> Staged | None:
        entry = self._known.get(path)
        if entry is None or not made_of or entry.made_of != made_of:
            return None
        stamp = stamp_at(f"{self._output.folder}{os.sep}{path}")
        if stamp == UNKNOWN:
            return None
        if entry.settled and stamp == entry.stamp:
            self.stamps[path] = stamp
        elif self._output.fingerprint_of(path) != entry.fingerprint:
            return None
        return Staged(path, entry.fingerprint, changed=False, stamp=stamp)

    def _note(self, path: str, made_of: bytes, made: Staged | Diagnostic) -> None:
        if isinstance(made, Staged):
            self._made_of[path] = made_of, made

    def remember(self, recorded_at: int) -> None:
        """Record the files as they are published now. To be called after publishing, never before."""
        entries = {}
        for path, (made_of, made) in self._made_of.items():
            if path not in self.stamps:
                file = f"{self._output.folder}{os.sep}{path}"
                self.stamps[path], still = published_stamp(file, made.stamp, recorded_at)
                entries[path] = FileEntry(made_of, self.stamps[path], still, made.fingerprint)
        gone = self._known.keys() - self._made_of.keys()
        self._cache.update(self._bucket, entries, sorted(gone))
