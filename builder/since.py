"""What was shown -> which pages may show something else now, where nothing but words changed.

A site whose layout has stayed the same differs from what it was in words of articles alone, and each
page shows but a few of them. Which articles changed is told by their seals. Which of them a page shows
is the business of `compose`, and stands here once more in short, and in `parts` in full: a page that is
not touched here must have the parts that it had, which a test looks at on random sites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from builder.fingerprint import SIZE

if TYPE_CHECKING:
    from builder.model import Catalog, EntityRef
    from builder.plan import Page


class Shown(Struct, array_like=True, frozen=True):
    """What the published pages of a site show: the fingerprints of its layout and of what all share.

    `seals` are those of its articles, in their order, in one. Of a site with something to say of the
    whole, the layout is empty, and nothing can be told.
    """

    layout: bytes
    common: bytes
    seals: bytes


class Since:
    """Tells which pages may show something else `now` than `before`; both have the same layout."""

    def __init__(self, before: Shown, now: Shown, catalog: Catalog) -> None:
        self._entities = catalog.entities
        self._changed: set[int] = set()
        if before.seals != now.seals:
            starts = range(0, len(now.seals), SIZE)
            self._changed = {
                start // SIZE
                for start in starts
                if before.seals[start : start + SIZE] != now.seals[start : start + SIZE]
            }
        # The articles before and after one show its title.
        self._near = {near for one in self._changed for near in (one - 1, one, one + 1)}
        self._named: dict[EntityRef, set[int]] = {}
        for number in self._changed:
            for one in catalog.articles[number].named:
                self._named.setdefault(one.entity, set()).add(number)
            for said in catalog.articles[number].said:
                if said.by is not None:
                    self._named.setdefault(said.by, set()).add(number)

    def touched(self, page: Page) -> bool:
        """Whether a page may show something else; if not, its view is what it was before.

        The page is one of the layout that both have. What became of its published file is not asked.
        """
        if page.template == "article.html":
            return page.number in self._near
        if page.entity is not None:
            changed = self._named.get(page.entity)
            if changed is None or page.template != "archive.html":
                return changed is not None
            return not changed.isdisjoint(self._entities[page.entity].listing[page.start : page.end])
        if page.template == "archive.html":
            return any(page.start <= number < page.end for number in self._changed)
        return page.template == "front.html" and bool(self._changed)


def since(before: Shown | None, now: Shown, catalog: Catalog) -> Since | None:
    """What can be told of the pages since `before`; None if the layout or what all share changed."""
    if before is None or not now.layout or len(before.seals) != len(now.seals):
        return None
    same = (before.layout, before.common) == (now.layout, now.common)
    return Since(before, now, catalog) if same else None
