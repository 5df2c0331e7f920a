"""Page -> the fingerprints of all that its view is made of, without making the view.

What `compose` reads for a page is named here part by part, so that a page whose parts are unchanged
need not be composed. Articles bring their own fingerprints; nothing that did not change is encoded
again. Equal parts must mean equal views; a test composes both and holds them together.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import structs

from builder.cards import select_statements
from builder.fingerprint import of_all, of_text, of_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from builder.model import Appearance, Article, Catalog, EntityRecord, EntityRef, Site
    from builder.plan import Page
    from builder.theme import Theme

Parts = dict[str, bytes]
_YES, _NO = b"\1", b"\0"


class Inventory:
    """Knows what the views of a site's pages are made of."""

    def __init__(self, site: Site, catalog: Catalog, theme: Theme) -> None:
        self._site = site
        self._catalog = catalog
        self._theme = bytes.fromhex(theme.fingerprint)

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
        found["template"] = self._theme + page.template.encode()
        return found

    @cached_property
    def _frame(self) -> bytes:
        """All of the configuration that pages can show, and what the navigation lists."""
        kinds = sorted({ref.kind for ref in self._catalog.entities})
        pages = [(one.address, one.title) for one in self._catalog.pages]
        return of_value([structs.replace(self._site, editor_url=""), kinds, pages])

    @cached_property
    def _names(self) -> dict[EntityRef, bytes]:
        """How each entity is shown where it is named."""
        return {
            ref: of_value([one.entity.name, one.entity.address, one.entity.former])
            for ref, one in self._catalog.entities.items()
        }

    def _named(self, refs: Iterable[EntityRef]) -> bytes:
        names = self._names
        return b"".join([names[ref] for ref in refs if ref in names])

    def _front(self, page: Page) -> Parts:  # noqa: ARG002 - there is one front page
        shown = self._catalog.articles[: self._site.page_size]
        counts = [(ref, len(one.appearances)) for ref, one in self._catalog.entities.items()]
        return {
            "articles": of_all(article.fingerprint for article in shown),
            "about": of_value([counts, self._named(ref for ref, _ in counts)]),
            "counts": b"%d" % len(self._catalog.articles),
        }

    def _archive(self, page: Page) -> Parts:
        newer = _YES if page.start > 0 else _NO
        if page.entity is None:
            shown = self._catalog.articles[page.start : page.end]
            return {"articles": of_all(article.fingerprint for article in shown), "newer": newer}
        record = self._catalog.entities[page.entity]
        return {
            "articles": self._items(record.appearances[page.start : page.end]),
            "entity": self._names[page.entity],
            "newer": newer,
        }

    def _items(self, appearances: Sequence[Appearance]) -> bytes:
        articles = self._catalog.articles
        return of_all(
            articles[one.article].fingerprint + (_YES if one.subject else _NO) for one in appearances
        )

    def _article(self, page: Page) -> Parts:
        article = self._catalog.articles[page.number]
        found = {
            "article": article.fingerprint,
            "body": article.body.fingerprint,
            "names": of_all([self._named(dict.fromkeys(_refs(article)))]),
            "neighbours": self._neighbour(page.number - 1) + self._neighbour(page.number + 1),
        }
        versions = self._families.get(article.translation_of or article.id)
        if versions:
            found["translations"] = versions
        return found

    def _neighbour(self, number: int) -> bytes:
        if not 0 <= number < len(self._catalog.articles):
            return _NO
        article = self._catalog.articles[number]
        return of_text(f"{article.address}\n{article.title}")

    @cached_property
    def _families(self) -> dict[str, bytes]:
        """What is said of each other by the articles that are translations, by the original's id."""
        members: dict[str, list[Article]] = {}
        for article in self._catalog.articles:
            if article.translation_of:
                members.setdefault(article.translation_of, []).append(article)
        for article in self._catalog.articles:
            if article.id in members:
                members[article.id].append(article)
        return {
            name: of_value([(one.id, one.address, one.lang, one.translation_of) for one in found])
            for name, found in members.items()
        }

    def _entities(self, page: Page) -> Parts:
        rows = [
            [
                record.entity.name,
                record.entity.address,
                record.entity.former,
                record.entity.summary,
                len(record.appearances),
                [claim.status for claim in record.claims],
                self._date(record, 0),
            ]
            for ref, record in self._catalog.entities.items()
            if ref.kind == page.kind
        ]
        return {"entities": of_value(rows)}

    def _date(self, record: EntityRecord, index: int) -> str:
        if not record.appearances:
            return ""
        return self._catalog.articles[record.appearances[index].article].date.text

    def _entity(self, page: Page) -> Parts:
        if page.entity is None:
            raise ValueError(f"the page {page.address} names no entity")
        record = self._catalog.entities[page.entity]
        appearances = record.appearances
        articles = self._catalog.articles
        selected, left_out = select_statements(appearances, articles, self._site.page_size)
        made = [
            *((claim.article, claim.mention) for claim in record.claims),
            *selected,
        ]
        said_by = [
            said.by
            for number, index in made
            if (said := articles[number].body.mentions[index].statement) and said.by
        ]
        others = (*record.countries, *record.projects, *(ref for ref, _ in record.together))
        return {
            "entity": of_value(record.entity),
            "articles": self._items(appearances[: self._site.page_size]),
            "claims": of_value(
                [
                    [(articles[number].fingerprint, index) for number, index in made],
                    left_out,
                    len(record.claims),
                    self._named(said_by),
                ]
            ),
            "counts": of_value(
                [
                    len(appearances),
                    sum(one.subject for one in appearances),
                    self._date(record, 0),
                    self._date(record, -1),
                ]
            ),
            "together": of_value(
                [record.countries, record.projects, record.together, self._named(others)]
            ),
        }

    def _plain(self, page: Page) -> Parts:
        return {"page": self._catalog.pages[page.number].fingerprint}

    def _not_found(self, page: Page) -> Parts:  # noqa: ARG002 - there is one such page
        return {}

    def _redirect(self, page: Page) -> Parts:
        return {"target": of_text(f"{page.target}\n{page.title}")}


def _refs(article: Article) -> Iterable[EntityRef]:
    for subject in article.subjects:
        yield subject.entity
    for mention in article.body.mentions:
        yield mention.entity
