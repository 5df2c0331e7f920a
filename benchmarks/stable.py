"""What became of the archive pages of a site: its listings' pages `LISTING/page/NUMBER/`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generator import OUTPUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Archives = dict[tuple[str, int], bytes]


@dataclass(frozen=True)
class Changes:
    """How many archive pages there were, and which of them a build made other.

    `newest` counts those that were the newest of their listing, `older` names the others; `new` counts
    those that were not there.
    """

    before: int
    newest: int
    older: tuple[str, ...]
    new: int


def archives(root: Path) -> Archives:
    """Fingerprints of all archive pages of a site, by listing and number."""
    found: Archives = {}
    for file in (root / OUTPUT).rglob("page/*/index.html"):
        listing = file.parents[2].relative_to(root / OUTPUT).as_posix()
        found[listing, int(file.parent.name)] = hashlib.blake2b(file.read_bytes()).digest()
    return found


def changes(before: Archives, after: Archives) -> Changes:
    """Compare the archive pages before a build with those after; one that is gone was changed."""
    newest = _newest(before)
    changed = {page for page, mark in before.items() if after.get(page) != mark}
    older = {(listing, number) for listing, number in changed if number < newest[listing]}
    return Changes(
        before=len(before),
        newest=len(changed - older),
        older=tuple(f"{listing}/page/{number}" for listing, number in sorted(older)),
        new=len(after.keys() - before.keys()),
    )


def _newest(pages: Archives) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for listing, number in pages:
        found[listing] = max(number, found.get(listing, 0))
    return found
