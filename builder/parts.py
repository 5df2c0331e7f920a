"""Page -> the fingerprints of all that its view is made of, without making the view.

What `compose` reads for a page is named here part by part, so that a page whose parts are unchanged
need not be composed. Articles bring their own fingerprints; nothing that did not change is encoded
again. Equal parts must mean equal views; a test composes both and holds them together. What is named
here of articles must be known to `since`, too.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.cards import select_statements
from builder.catalog import listed_kinds, shown_name, top_pages
from builder.fingerprint import SIZE, encoded, of_all, of_bytes, of_text, of_value
from builder.outlines import BODY, LABEL, PRINTED
from builder.theming.theme import template_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from builder.model import Catalog, EntityRecord, EntityRef, Party, Site
    from builder.plan import Document, Page
    from builder.theming.theme import Theme

Parts = dict[str, bytes]
_YES, _NO = b"\1", b"\0"
_NONE = bytes(SIZE)


class MadeOf(Struct, frozen=True):
    """What a page's view is made of: the fingerprint of the whole, and its parts as MessagePack."""

    whole: bytes
    parts: bytes


class Inventory:
    """Knows what the views of a site's pages are made of."""

    def __init__(self, site: Site, catalog: Catalog, theme: Theme) -> None:
        self._site = site
        self.catalog = catalog
        self._theme = theme
        self._templates: dict[str, bytes] = {}

    def parts(self, page: Page) -> Parts:
        """The parts of a page's view, by name."""
        make: dict[str, Callable[[Page], Parts]] = {
            "front.html": self._front,
            "archive.html": self._archive,
            "article.html": self._article,
            "entities.html": self._entities,
            "page.html": self._plain,
            "404.html": self._not_found,
            "redirect.html": self._redirect,
        }
        found = make.get(page.template, self._entity)(page)
        found["frame"] = self._frame
        found["template"] = self._template(page.template)
        return found

    def document(self, document: Document) -> bytes:
        """The fingerprint of what the feed, a sitemap or robots.txt is made of."""
        if document.address == "/feed.xml":
            return of_all([self._frame, self._printed(0, self._site.page_size)])
        dates = self.catalog.changed if document.addresses else None
        return of_all([self._frame, of_value([document.addresses, dates])])

    def first(self, page: Page) -> int:
        """The first of the articles that a page shows, as its index in the catalogue.

        For a page without any it is just some number: pages are put in order by it, no more.
        """
        if page.entity is None:
            return max(page.number, page.start)
        listing = self.catalog.entities[page.entity].listing
        return listing[page.start] if page.start < len(listing) else 0

    def made_of(self, page: Page, parts: Parts | None = None) -> MadeOf:
        """What a page's view is made of, in short; `parts` are those of the view, if they are known."""
        found = encoded(self.parts(page) if parts is None else parts)
        is_article = page.template == "article.html"
        return MadeOf(self.whole(page) if is_article else of_bytes(found), found)

    def whole(self, page: Page) -> bytes:
        """The fingerprint of what a page's view is made of: if it is equal, all of its parts are."""
        if page.template != "article.html":
            return of_value(self.parts(page))
        # Most pages are articles, and there are parts of theirs that hardly ever change.
        prints = self.catalog.prints[page.number]
        return of_all(
            (
                self._common_of_articles,
                prints[PRINTED],
                prints[BODY],
                self.catalog.names[page.number],
                self._neighbour(page.number - 1),
                self._neighbour(page.number + 1),
                self._versions(page.number),
            )
        )

    @cached_property
    def _common_of_articles(self) -> bytes:
        return of_all((self._frame, self._template("article.html")))

    @cached_property
    def common(self) -> bytes:
        """The fingerprint of what all pages share, and of all templates."""
        return of_all((self._frame, self._theme.fingerprint))

    def _template(self, name: str) -> bytes:
        if name not in self._templates:
            self._templates[name] = template_fingerprint(self._theme, name)
        return self._templates[name]

    @cached_property
    def _frame(self) -> bytes:
        """All of the configuration that every page can show, and what the navigation lists.

        What decides how texts are read, or how many items a page has, shows in other parts.
        """
        unseen = {"editor_url": "", "timezone": "", "theme": "", "page_size": 0, "statuses": ()}
        listed = listed_kinds(self.catalog)
        shown = listed | {"country", "project"}
        kinds = tuple(one for one in self._site.kinds if one.id in shown)
        pages = [(one.address, one.title) for one in top_pages(self.catalog)]
        return of_value([structs.replace(self._site, kinds=kinds, **unseen), sorted(listed), pages])

    @cached_property
    def names(self) -> dict[EntityRef, bytes]:
        """How each entity is shown where it is named."""
        return {ref: shown_name(one.entity) for ref, one in self.catalog.entities.items()}

    def _named(self, refs: Iterable[EntityRef]) -> bytes:
        names = self.names
        return b"".join([names[ref] for ref in refs if ref in names])

    def _front(self, page: Page) -> Parts:  # noqa: ARG002 - there is one front page
        counts = [(ref, len(one.listing)) for ref, one in self.catalog.entities.items()]
        return {
            "articles": self._printed(0, self._site.page_size),
            "about": of_value([counts, self._named(ref for ref, _ in counts)]),
            "counts": b"%d %d" % (len(self.catalog.articles), self._site.page_size),
        }

    def _archive(self, page: Page) -> Parts:
        newer = _YES if page.start > 0 else _NO
        if page.entity is None:
            return {"articles": self._printed(page.start, page.end), "newer": newer}
        record = self.catalog.entities[page.entity]
        return {
            "articles": self._items(record.listing[page.start : page.end]),
            "entity": self.names[page.entity],
            "newer": newer,
        }

    def _printed(self, start: int, end: int) -> bytes:
        """The fingerprint of the newest articles from one to another."""
        return of_all([one[PRINTED] for one in self.catalog.prints[start:end]])

    def _items(self, listing: Iterable[int]) -> bytes:
        prints = self.catalog.prints
        return of_all([prints[number][PRINTED] for number in listing])

    def _article(self, page: Page) -> Parts:
        prints = self.catalog.prints[page.number]
        found = {
            "article": prints[PRINTED],
            "body": prints[BODY],
            "names": self.catalog.names[page.number],
            "neighbours": self._neighbour(page.number - 1) + self._neighbour(page.number + 1),
        }
        versions = self._versions(page.number)
        if versions:
            found["translations"] = versions
        return found

    def _versions(self, number: int) -> bytes:
        """What an article says of its translations, or of those of which it is one."""
        articles = self.catalog.articles
        others = [articles[other] for other in self.catalog.versions.get(number, ())]
        return of_value([(one.address, one.lang) for one in others]) if others else b""

    def _neighbour(self, number: int) -> bytes:
        if not 0 <= number < len(self.catalog.prints):
            return _NONE
        return self.catalog.prints[number][LABEL]

    def _entities(self, page: Page) -> Parts:
        rows = [
            [
                record.entity.name,
                record.entity.address,
                record.entity.former,
                record.entity.summary,
                len(record.listing),
                [claim.status for claim in record.claims],
                self._date(record, 0),
            ]
            for ref, record in self.catalog.entities.items()
            if ref.kind == page.kind
        ]
        return {"entities": of_value(rows)}

    def _date(self, record: EntityRecord, index: int) -> str:
        return self.catalog.articles[record.listing[index]].date.text if record.listing else ""

    def _address(self, record: EntityRecord, index: int) -> str:
        return self.catalog.articles[record.listing[index]].address if record.listing else ""

    def _parties(self, parties: Iterable[Party]) -> list[tuple[EntityRef, str, int]]:
        articles = self.catalog.articles
        return [
            (one.entity, "" if one.article is None else articles[one.article].address, one.number)
            for one in parties
        ]

    def _entity(self, page: Page) -> Parts:
        if page.entity is None:
            raise ValueError(f"the page {page.address} names no entity")
        record = self.catalog.entities[page.entity]
        prints = self.catalog.prints
        selected, left_out = select_statements(record.said, self._site.page_size)
        says, unsaid = select_statements(record.says, self._site.page_size)
        said_by = [one.by for _, one in record.said if one.by]
        made = [
            *((claim.article, claim.mention) for claim in record.claims),
            *((number, one.mention) for number, one in selected),
        ]
        return {
            "entity": of_value(record.entity),
            "articles": self._items(record.listing[: self._site.page_size]),
            "claims": of_value(
                [
                    [(prints[number][PRINTED], index) for number, index in made],
                    left_out,
                    len(record.claims),
                    self._named(dict.fromkeys(said_by)),
                ]
            ),
            "says": of_value(
                [
                    [(prints[number][PRINTED], one.mention) for number, one in says],
                    unsaid,
                    self._named([one.entity for _, one in says]),
                ]
            ),
            "counts": of_value(
                [
                    len(record.listing),
                    self._site.page_size,
                    record.about,
                    self._date(record, 0),
                    self._date(record, -1),
                    self._address(record, 0),
                    self._address(record, -1),
                ]
            ),
            "together": of_value(
                [
                    self._parties(record.countries),
                    self._parties(record.projects),
                    self._named([one.entity for one in (*record.countries, *record.projects)]),
                    # Those that share articles with it are among those that these name.
                    of_all([self.catalog.names[number] for number in record.listing]),
                ]
            ),
        }

    def _plain(self, page: Page) -> Parts:
        return {"page": self.catalog.pages[page.number].fingerprint}

    def _not_found(self, page: Page) -> Parts:  # noqa: ARG002 - there is one such page
        return {}

    def _redirect(self, page: Page) -> Parts:
        return {"target": of_text(f"{page.target}\n{page.title}")}
