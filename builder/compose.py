"""Page -> its complete view: all that its template will see, made of plain values.

A composer holds the site and the catalogue; what it makes for a page depends on nothing else.
"""

from __future__ import annotations

import unicodedata
from copy import deepcopy
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import structs

from builder.addresses import archive_address, map_address
from builder.cards import Cards, plural_label, select_statements, singular_label
from builder.catalog import sections, together, top_pages
from builder.excerpts import plain
from builder.feeds import atom, robots, sitemap, sitemap_index
from builder.listings import newest, older_than_landing
from builder.localize import language
from builder.printed import read_facts
from builder.views import (
    ArchiveView,
    ArticleView,
    CardView,
    DateView,
    EntityListView,
    EntityPageView,
    EntityRowView,
    FrameView,
    FrontView,
    ItemView,
    LinkView,
    LocationView,
    NotFoundView,
    PageView,
    RedirectView,
    TranslationView,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.gather import Articles
    from builder.model import Catalog, EntityRecord, Site
    from builder.plan import Document, Page
    from builder.printed import Facts

#: So many entities of a kind stand beside the newest articles on the front page.
MOST_ON_FRONT = 12
#: A list of more entities shows their names without their summaries, so that it stays a light page.
MOST_WITH_SUMMARY = 300


class Composer:
    """Makes the views of a site's pages."""

    def __init__(self, site: Site, catalog: Catalog, articles: Articles) -> None:
        self._articles = articles
        self._site = site
        self._catalog = catalog
        self._cards = Cards(site, catalog, articles.read)
        self._language = language(site.language)
        self._kinds = {kind.id: kind for kind in site.kinds}
        parts = urlsplit(site.base_url)
        self._origin = f"{parts.scheme}://{parts.netloc}" if site.base_url else ""
        self._sections: dict[str, tuple[LinkView, ...]] = {}

    def view(self, page: Page) -> View:
        """The view of a page of the plan."""
        make: dict[str, Callable[[Page], View]] = {
            "front.html": self._front,
            "archive.html": self._archive,
            "article.html": self._article,
            "entities.html": self._entities,
            "page.html": self._plain,
            "404.html": self._not_found,
            "redirect.html": self._redirect,
        }
        return make.get(page.template, self._entity)(page)

    def read_ahead(self, pages: Sequence[Page]) -> None:
        """Read the articles that pages show, which will be asked for one after another."""
        articles = self._catalog.articles
        shown = [articles[number].path for page in pages for number in self.shown(page)]
        bodies = [articles[one.number].path for one in pages if one.template == "article.html"]
        self._articles.read_ahead(shown, bodies)

    def shown(self, page: Page) -> Sequence[int]:
        """The articles that a page of articles, or of an entity, shows words of."""
        size = self._site.page_size
        if page.template == "article.html":
            return (page.number,)
        if page.entity is None:
            return range(page.start, page.end)
        record = self._catalog.entities[page.entity]
        if page.template == "archive.html":
            return record.listing[page.start : page.end]
        said, _ = select_statements(record.said, size)
        says, _ = select_statements(record.says, size)
        return *newest(record.listing, size), *(number for number, _ in (*said, *says))

    def document(self, document: Document) -> bytes:
        """The bytes of the feed, the sitemap or robots.txt."""
        link = self._cards.href
        if document.address == "/feed.xml":
            return atom(self._site, self._origin, self._newest(), link("/"), link("/feed.xml"))
        if document.address == "/robots.txt":
            return robots(self._origin, link("/sitemap.xml"))
        changed = self._catalog.changed
        listed = [(self._origin + link(one), changed.get(one, "")) for one in document.addresses]
        return sitemap_index(listed) if document.index else sitemap(listed)

    def _newest(self) -> list[tuple[CardView, Facts]]:
        """The articles of the feed."""
        shown = newest(range(len(self._catalog.articles)), self._site.page_size)
        return [(self._cards.card(one), read_facts(self._cards.printed(one).facts)) for one in shown]

    def _frame(self, address: str, title: str, description: str, section: str = "") -> FrameView:
        site, link = self._site, self._cards.href
        return FrameView(
            site_title=site.title,
            site_description=site.description,
            title=title,
            description=description,
            lang=site.language,
            dir=self._language.direction,
            home_href=link("/"),
            assets=link("/assets/"),
            canonical=self._origin + link(address) if self._origin else "",
            feed_href=link("/feed.xml") if self._origin else "",
            sections=self._section_links(section),
            pages=self._page_links(address),
            extra=_own(site.extra),
        )

    def _section_links(self, current: str) -> tuple[LinkView, ...]:
        found = self._sections.get(current)
        if found is None:
            found = tuple(
                LinkView(
                    self._cards.href(f"/{kind.plural}/"),
                    plural_label(kind),
                    kind.id == current,
                )
                for kind in sections(self._catalog, self._site.kinds)
            )
            self._sections[current] = found
        return found

    def _page_links(self, current: str) -> tuple[LinkView, ...]:
        return tuple(
            structs.replace(one, current=True) if address == current else one
            for address, one in self._top_pages.items()
        )

    @cached_property
    def _top_pages(self) -> dict[str, LinkView]:
        """The plain pages that every page leads to, by address."""
        return {
            one.address: LinkView(self._cards.href(one.address), one.title)
            for one in top_pages(self._catalog)
        }

    def _front(self, page: Page) -> FrontView:
        size, total = self._site.page_size, len(self._catalog.articles)
        counted = [
            (ref, len(record.listing))
            for ref, record in self._catalog.entities.items()
            if record.listing
        ]
        counted.sort(key=lambda item: (-item[1], item[0]))
        shown = [
            item
            for kind in self._site.kinds
            for item in [one for one in counted if one[0].kind == kind.id][:MOST_ON_FRONT]
        ]
        return FrontView(
            frame=self._frame(page.address, "", self._site.description),
            cards=tuple(self._cards.card(number) for number in newest(range(total), size)),
            groups=self._cards.groups(shown),
            older_href=self._older("/", total),
        )

    def _older(self, listing: str, total: int) -> str:
        address = older_than_landing(listing, total, self._site.page_size)
        return self._cards.href(address) if address else ""

    def _archive(self, page: Page) -> ArchiveView:
        link = self._cards.href
        if page.entity is None:
            listing, name, kind = "/", "", ""
            items = tuple(
                ItemView(self._cards.card(number), subject=False, excerpts=())
                for number in range(page.start, page.end)
            )
        else:
            record = self._catalog.entities[page.entity]
            listing, name, kind = record.entity.address, record.entity.name, page.entity.kind
            items = self._cards.items(page.entity, record.listing[page.start : page.end])
        older = archive_address(listing, page.page - 1) if page.page > 1 else ""
        newer = archive_address(listing, page.page + 1) if page.start > 0 else ""
        return ArchiveView(
            frame=self._frame(page.address, name or self._site.title, "", kind),
            name=name,
            kind=kind,
            number=page.page,
            items=items,
            listing_href=link(listing),
            older_href=link(older) if older else "",
            newer_href=link(newer) if newer else "",
        )

    def _article(self, page: Page) -> ArticleView:
        outline = self._catalog.articles[page.number]
        article = self._articles.read(outline.path)
        facts = read_facts(article.facts)
        counts = {one.entity: len(one.mentions) for one in outline.named}
        about = {one.entity for one in outline.named if one.subject}
        card = self._cards.card(page.number)
        description = plain(card.summary) if card.summary else ""
        return ArticleView(
            frame=self._frame(outline.address, outline.title, description),
            card=card,
            body_html=self._articles.html(outline.path),
            own=article.own,
            source_title=facts.source_title,
            source_url=facts.source_url,
            changes=facts.changes,
            added=facts.added,
            updated=facts.updated,
            about=self._cards.groups(item for item in counts.items() if item[0] in about),
            mentioned=self._cards.groups(item for item in counts.items() if item[0] not in about),
            notes=facts.notes,
            topics=facts.topics,
            translations=self._translations(page.number),
            newer=self._neighbour(page.number - 1),
            older=self._neighbour(page.number + 1),
            extra=facts.extra,
        )

    def _neighbour(self, number: int) -> LinkView | None:
        if not 0 <= number < len(self._catalog.articles):
            return None
        outline = self._catalog.articles[number]
        return LinkView(self._cards.href(outline.address), outline.title)

    def _translations(self, number: int) -> tuple[TranslationView, ...]:
        """The other versions of an article that is translated or a translation."""
        found = []
        for other in self._catalog.versions.get(number, ()):
            article = self._catalog.articles[other]
            own = language(article.lang)
            link = self._cards.href(article.address)
            url = self._origin + link if self._origin else ""
            found.append(TranslationView(link, own.own_name, own.tag, own.direction, url))
        return tuple(found)

    def _entities(self, page: Page) -> EntityListView:
        label = plural_label(self._kinds[page.kind])
        rows = [one for ref, one in self._catalog.entities.items() if ref.kind == page.kind]
        in_order = language(self._site.language).in_order
        rows.sort(key=lambda one: (in_order(_letters(one.entity.name)), one.entity.ref))
        groups: dict[str, list[EntityRowView]] = {}
        for record in rows:
            row = self._row(record, with_summary=len(rows) <= MOST_WITH_SUMMARY)
            groups.setdefault(_initial(record.entity.name), []).append(row)
        return EntityListView(
            frame=self._frame(page.address, label, "", page.kind),
            kind=page.kind,
            label=label,
            groups=tuple((letter, tuple(found)) for letter, found in groups.items()),
            total=len(rows),
        )

    def _row(self, record: EntityRecord, *, with_summary: bool) -> EntityRowView:
        return EntityRowView(
            entity=self._cards.entity(record.entity.ref, len(record.listing)),
            summary=record.entity.summary if with_summary else "",
            statuses=tuple(claim.status for claim in record.claims),
            latest=self._date_at(record, 0),
        )

    def _entity(self, page: Page) -> EntityPageView:
        kind = self._kinds[page.kind]
        if page.entity is None:
            raise ValueError(f"the page {page.address} names no entity")
        record = self._catalog.entities[page.entity]
        entity, listing = record.entity, record.listing
        items = self._cards.items(page.entity, newest(listing, self._site.page_size))
        statements, left_out = self._cards.statements(record)
        says, unsaid = self._cards.says(record)
        return EntityPageView(
            frame=self._frame(entity.address, entity.name, entity.summary, kind.id),
            kind=kind.id,
            kind_label=singular_label(kind),
            section_href=self._cards.href(f"/{kind.plural}/"),
            section_label=plural_label(kind),
            name=entity.name,
            former=entity.former,
            aliases=entity.aliases,
            summary=entity.summary,
            body_html=entity.body_html,
            countries=tuple(self._cards.party(one, page.entity) for one in record.countries),
            countries_label=plural_label(self._kinds["country"]),
            projects=tuple(self._cards.party(one, page.entity) for one in record.projects),
            projects_label=plural_label(self._kinds["project"]),
            same_as=tuple(LinkView(url, _site_name(url)) for url in entity.same_as),
            location=self._location(entity.location),
            claims=tuple(self._cards.statement(one.article, one.mention) for one in record.claims),
            statements=tuple(statements),
            statements_more=left_out,
            says=tuple(says),
            says_more=unsaid,
            about=tuple(item for item in items if item.subject),
            mentioning=tuple(item for item in items if not item.subject),
            about_count=record.about,
            mentioning_count=len(listing) - record.about,
            first=self._date_at(record, -1),
            first_href=self._link_at(record, -1),
            latest=self._date_at(record, 0),
            latest_href=self._link_at(record, 0),
            together=self._cards.groups(together(self._catalog, page.entity)),
            older_href=self._older(entity.address, len(listing)),
            extra=_own(entity.extra),
        )

    def _location(self, location: tuple[float, float] | None) -> LocationView | None:
        if location is None:
            return None
        latitude, longitude = location
        degrees = self._language.degrees
        link = map_address(latitude, longitude)
        return LocationView(degrees(latitude), latitude >= 0, degrees(longitude), longitude >= 0, link)

    def _date_at(self, record: EntityRecord, index: int) -> DateView | None:
        """The date of the article that stands there in an entity's listing, if it has any."""
        if not record.listing:
            return None
        return self._cards.date(self._catalog.articles[record.listing[index]].date)

    def _link_at(self, record: EntityRecord, index: int) -> str:
        """The link to that article."""
        listing, articles = record.listing, self._catalog.articles
        return self._cards.href(articles[listing[index]].address) if listing else ""

    def _plain(self, page: Page) -> PageView:
        plain = self._catalog.pages[page.number]
        foreign = plain.lang != self._site.language
        description = plain.summary or plain.body.lead[:300]
        return PageView(
            frame=self._frame(plain.address, plain.title, description),
            title=plain.title,
            body_html=plain.body.html,
            lang=plain.lang if foreign else "",
            dir=language(plain.lang).direction if foreign else "",
            extra=_own(plain.extra),
            draft=plain.draft,
        )

    def _not_found(self, page: Page) -> NotFoundView:
        # What is shown for all unknown addresses is the page of none.
        return NotFoundView(structs.replace(self._frame(page.address, "", ""), canonical=""))

    def _redirect(self, page: Page) -> RedirectView:
        frame = self._frame(page.target, page.title, "")
        return RedirectView(frame, self._cards.href(page.target), page.title)


def _own(extra: dict[str, Any]) -> dict[str, Any]:
    """Free keys for one page: what its template does to them is not seen on another."""
    return deepcopy(extra) if extra else {}


def _letters(name: str) -> str:
    """The letters of a name in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", name)
    # An accent that stands alone leaves a space before the first letter.
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().lstrip()


def _initial(name: str) -> str:
    first = _letters(name)[:1]
    return first.upper() if first.isalpha() else "#"


def _site_name(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
