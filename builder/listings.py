"""Listings cut into pages with stable numbers.

Page n of an archive holds the items (n-1)*size+1 to n*size counted from the oldest, so an item that
is added changes the newest page alone. The landing page of the listing shows the newest items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from builder.addresses import archive_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Item = TypeVar("Item")


class Slice(NamedTuple):
    """One page of an archive: its number, and its items as [start, end) of the newest-first list."""

    number: int
    start: int
    end: int


def page_count(total: int, size: int) -> int:
    """How many archive pages a listing has: none while all of it fits on its landing page."""
    return 0 if total <= size else -(-total // size)


def archive(total: int, size: int) -> Iterator[Slice]:
    """The archive pages of a listing of `total` items, the oldest first."""
    for number in range(1, page_count(total, size) + 1):
        yield Slice(number, max(total - number * size, 0), total - (number - 1) * size)


def older_than_landing(listing: str, total: int, size: int) -> str:
    """The address of the newest archive page that holds an item the landing page does not show.

    Empty if the landing page shows them all.
    """
    pages = page_count(total, size)
    return archive_address(listing, pages - 1) if pages > 1 else ""


def newest(items: Sequence[Item], size: int) -> Sequence[Item]:
    """The items of the landing page."""
    return items[:size]
