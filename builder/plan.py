"""Site + Catalog -> every page of the site with its complete view, and every file to copy.

The plan is made of values: what it holds is all that rendering and publishing know.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from builder.addresses import archive_address, output_path
from builder.cards import Cards, plural_label, singular_label
from builder.config import FILE
from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.feeds import atom, robots, sitemap
from builder.listings import archive, newest, older_than_landing
from builder.localize import language
from builder.model import Article, Catalog, EntityRecord, EntityRef, Profile, Redirect, Site
from builder.theme import REQUIRED
from builder.views import (
    ArchiveView,
    ArticleView,
    EntityListView,
    EntityPageView,
    EntityRowView,
    EntityView,
    FrameView,
    FrontView,
    ItemView,
    LinkView,
    NotFoundView,
    PageView,
    RedirectView,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.entities import Registry
    from builder.model import PlainPage

#: So many entities of a kind stand beside the newest articles on the front page.
MOST_ON_FRONT = 12


class Page(Struct, frozen=True):
    """A page to render. `origin` is the content file that it comes from, or what it is in words."""

    address: str
    template: str
    view: View
    origin: str
    place: Place = Place()


class Document(Struct, frozen=True):
    """A file that is complete already: feed, sitemap, robots."""

    address: str
    data: bytes
    origin: str
    place: Place = Place()


class Copy(Struct, frozen=True):
    """A file published as it is; `source` is its path, relative to the site or absolute."""

    address: str
    source: str
    origin: str
    place: Place = Place()


class Plan(Struct, frozen=True):
    """All outputs of a build, each address once."""

    pages: tuple[Page, ...]
    documents: tuple[Document, ...]
    copies: tuple[Copy, ...]

    def outputs(self) -> tuple[Page | Document | Copy, ...]:
        """All of them."""
        return (*self.pages, *self.documents, *self.copies)


def plan(
    site: Site,
    catalog: Catalog,
    old_addresses: Sequence[tuple[Redirect, str, str, str]],
    copies: Sequence[Copy],
    templates: frozenset[str],
) -> tuple[Plan, list[Diagnostic]]:
    """Lay out the site. `old_addresses` are (redirect, target address, title, file) of every page.

    `templates` are the names of those that the theme has: the pages of a kind take one of their own
    (`country.html`) if there is one.

    Two outputs with one address, also where they differ in case alone, are errors.
    """
    planner = _Planner(site, catalog, templates)
    pages = [*planner.pages(), *planner.redirects(old_addresses)]
    documents = planner.documents(pages)
    result = Plan(tuple(pages), tuple(documents), tuple(copies))
    return result, _clashes(result)


def redirects_of(
    documents: Sequence[Article | PlainPage | Profile], registry: Registry
) -> list[tuple[Redirect, str, str, str]]:
    """The old addresses that content files name: aliases of pages, former ids of entities."""
    found: list[tuple[Redirect, str, str, str]] = []
    for document in documents:
        if not isinstance(document, Profile):
            found += [
                (one, document.address, document.title, document.path) for one in document.redirects
            ]
            continue
        entity = registry.entity(document.entity)
        folder = entity.address.rstrip("/").rpartition("/")[0]
        found += [
            (Redirect(f"{folder}/{name}/", place), entity.address, entity.name, document.path)
            for name, place in document.former_ids
        ]
    return found


class _Planner:
    def __init__(self, site: Site, catalog: Catalog, templates: frozenset[str]) -> None:
        self.site = site
        self.templates = templates
        self.catalog = catalog
        self.cards = Cards(site, catalog)
        self.language = language(site.language)
        self.origin_of = {page.address: page.path for page in catalog.pages}
        present = {ref.kind for ref in catalog.entities}
        self.kinds = [kind for kind in site.kinds if kind.id in present]
        parts = urlsplit(site.base_url)
        self.origin = f"{parts.scheme}://{parts.netloc}" if site.base_url else ""

    def pages(self) -> Iterator[Page]:
        yield self.front()
        everything = range(len(self.catalog.articles))
        for one in archive(len(everything), self.site.page_size):
            items = tuple(
                ItemView(self.cards.card(number), False, ())
                for number in everything[one.start : one.end]
            )
            yield self.archive_page("/", "", "", one.number, items, one.start > 0, "the archive")
        yield from self.article_pages()
        for kind in self.kinds:
            yield self.entity_list(kind.id, kind.plural)
        for record in self.catalog.entities.values():
            yield from self.entity_pages(record)
        for page in self.catalog.pages:
            yield self.plain_page(page)
        frame = self.frame("/404.html", "Page not found", "")
        yield Page("/404.html", "404.html", NotFoundView(frame), "the page for unknown addresses")

    def frame(self, address: str, title: str, description: str, section: str = "") -> FrameView:
        site, link = self.site, self.cards.href
        return FrameView(
            site_title=site.title,
            site_description=site.description,
            title=title,
            description=description,
            lang=site.language,
            dir=self.language.direction,
            home_href=link("/"),
            assets=link("/assets/"),
            canonical=self.origin + link(address) if self.origin else "",
            feed_href=link("/feed.xml") if self.origin else "",
            sections=tuple(
                LinkView(link(f"/{kind.plural}/"), plural_label(kind.plural, site), kind.id == section)
                for kind in self.kinds
            ),
            pages=tuple(
                LinkView(link(page.address), page.title, page.address == address)
                for page in self.catalog.pages
                if page.address.count("/") == 2
            ),
            extra=site.extra,
        )

    def front(self) -> Page:
        size = self.site.page_size
        total = len(self.catalog.articles)
        most = sorted(
            (
                (ref, len(one.appearances))
                for ref, one in self.catalog.entities.items()
                if one.appearances
            ),
            key=lambda item: (-item[1], item[0]),
        )
        shown = [
            item
            for kind in self.kinds
            for item in [one for one in most if one[0].kind == kind.id][:MOST_ON_FRONT]
        ]
        view = FrontView(
            frame=self.frame("/", "", self.site.description),
            cards=tuple(self.cards.card(number) for number in newest(range(total), size)),
            groups=self.cards.groups(shown),
            older_href=self.older("/", total),
        )
        return Page("/", "front.html", view, "the front page")

    def older(self, listing: str, total: int) -> str:
        address = older_than_landing(listing, total, self.site.page_size)
        return self.cards.href(address) if address else ""

    def archive_page(
        self,
        listing: str,
        name: str,
        kind: str,
        number: int,
        items: tuple[ItemView, ...],
        has_newer: bool,  # noqa: FBT001 - one of many values of a page, not a switch
        origin: str,
    ) -> Page:
        link = self.cards.href
        address = archive_address(listing, number)
        view = ArchiveView(
            frame=self.frame(address, name or self.site.title, "", kind),
            name=name,
            kind=kind,
            number=number,
            items=items,
            listing_href=link(listing),
            older_href=link(archive_address(listing, number - 1)) if number > 1 else "",
            newer_href=link(archive_address(listing, number + 1)) if has_newer else "",
        )
        return Page(address, "archive.html", view, origin)

    def article_pages(self) -> Iterator[Page]:
        articles = self.catalog.articles
        translations = self.translations()
        for number, article in enumerate(articles):
            about = dict.fromkeys(subject.entity for subject in article.subjects)
            counts: dict[EntityRef, int] = {}
            for mention in article.body.mentions:
                counts[mention.entity] = counts.get(mention.entity, 0) + 1
            card = self.cards.card(number)
            source = article.source
            description = article.summary or "".join(
                part.text for part in (card.summary.segments if card.summary else ())
            )
            view = ArticleView(
                frame=self.frame(article.address, article.title, description),
                card=card,
                body_html=article.body.html,
                own=source is None,
                source_title=source.title if source else "",
                source_url=source.url if source else "",
                changes=source.changes if source else "",
                added=self.cards.date(article.added) if article.added else None,
                updated=self.cards.date(article.updated) if article.updated else None,
                about=self.cards.groups((ref, counts.get(ref, 0)) for ref in about),
                mentioned=self.cards.groups(
                    (ref, count) for ref, count in counts.items() if ref not in about
                ),
                topics=article.topics,
                translations=translations.get(number, ()),
                newer=self.neighbour(number - 1),
                older=self.neighbour(number + 1),
                extra=article.extra,
            )
            yield Page(article.address, "article.html", view, article.path)

    def neighbour(self, number: int) -> LinkView | None:
        if not 0 <= number < len(self.catalog.articles):
            return None
        card = self.cards.card(number)
        return LinkView(card.href, card.title)

    def translations(self) -> dict[int, tuple[LinkView, ...]]:
        """For each article that is translated or a translation: the other versions of it."""
        numbers = {article.id: number for number, article in enumerate(self.catalog.articles)}
        families: dict[int, list[int]] = {}
        for number, article in enumerate(self.catalog.articles):
            original = numbers.get(article.translation_of)
            if original is not None and original != number:
                families.setdefault(original, [original]).append(number)
        found: dict[int, tuple[LinkView, ...]] = {}
        for family in families.values():
            for one in family:
                others = tuple(
                    LinkView(
                        self.cards.card(other).href,
                        language(self.catalog.articles[other].lang).own_name,
                    )
                    for other in family
                    if other != one
                )
                found[one] = found.get(one, ()) + others
        return found

    def entity_list(self, kind: str, plural: str) -> Page:
        label = plural_label(plural, self.site)
        rows = [record for ref, record in self.catalog.entities.items() if ref.kind == kind]
        rows.sort(key=lambda one: (_sort_key(one.entity.name), one.entity.ref))
        groups: dict[str, list[EntityRowView]] = {}
        for record in rows:
            groups.setdefault(_initial(record.entity.name), []).append(self.row(record))
        view = EntityListView(
            frame=self.frame(f"/{plural}/", label, "", kind),
            kind=kind,
            label=label,
            groups=tuple((letter, tuple(found)) for letter, found in groups.items()),
            total=len(rows),
        )
        return Page(f"/{plural}/", "entities.html", view, f"the list of {plural}")

    def row(self, record: EntityRecord) -> EntityRowView:
        latest = record.appearances[0] if record.appearances else None
        return EntityRowView(
            entity=self.cards.entity(record.entity.ref, len(record.appearances)),
            summary=record.entity.summary,
            statuses=tuple(claim.status for claim in record.claims),
            latest=self.cards.card(latest.article).date if latest else None,
        )

    def entity_pages(self, record: EntityRecord) -> Iterator[Page]:
        entity, size = record.entity, self.site.page_size
        appearances = record.appearances
        kind = next(one for one in self.site.kinds if one.id == entity.ref.kind)
        shown = newest(appearances, size)
        items = self.cards.items(shown)
        statements, left_out = self.cards.statements(appearances, size)
        about_count = sum(one.subject for one in appearances)
        view = EntityPageView(
            frame=self.frame(entity.address, entity.name, entity.summary, kind.id),
            kind=kind.id,
            kind_label=singular_label(kind.id, self.site),
            section_href=self.cards.href(f"/{kind.plural}/"),
            section_label=plural_label(kind.plural, self.site),
            name=entity.name,
            former=entity.former,
            aliases=entity.aliases,
            summary=entity.summary,
            body_html=entity.body_html,
            countries=self.links(record.countries),
            projects=self.links(record.projects),
            same_as=tuple(LinkView(url, _site_name(url)) for url in entity.same_as),
            location=_coordinates(entity.location),
            location_href=_map_address(entity.location),
            claims=tuple(self.cards.statement(one.article, one.mention) for one in record.claims),
            statements=tuple(statements),
            statements_more=left_out,
            about=tuple(item for item in items if item.subject),
            mentioning=tuple(item for item in items if not item.subject),
            about_count=about_count,
            mentioning_count=len(appearances) - about_count,
            first=self.cards.card(appearances[-1].article).date if appearances else None,
            latest=self.cards.card(appearances[0].article).date if appearances else None,
            together=self.cards.groups(record.together),
            older_href=self.older(entity.address, len(appearances)),
            extra=entity.extra,
        )
        origin = f"the page of the {kind.id} {entity.ref.id}"
        own = f"{kind.id}.html"
        template = own if own in self.templates and own not in REQUIRED else "entity.html"
        yield Page(entity.address, template, view, origin)
        for one in archive(len(appearances), size):
            part = self.cards.items(appearances[one.start : one.end])
            yield self.archive_page(
                entity.address, entity.name, kind.id, one.number, part, one.start > 0, origin
            )

    def links(self, refs: Sequence[EntityRef]) -> tuple[EntityView, ...]:
        return tuple(self.cards.entity(ref) for ref in refs)

    def plain_page(self, page: PlainPage) -> Page:
        foreign = page.lang != self.site.language
        description = page.summary or page.body.lead[:300]
        view = PageView(
            frame=self.frame(page.address, page.title, description),
            title=page.title,
            body_html=page.body.html,
            lang=page.lang if foreign else "",
            dir=language(page.lang).direction if foreign else "",
            extra=page.extra,
        )
        return Page(page.address, "page.html", view, page.path)

    def redirects(self, old: Sequence[tuple[Redirect, str, str, str]]) -> Iterator[Page]:
        for redirect, target, title, file in old:
            frame = self.frame(target, title, "")
            view = RedirectView(frame, self.cards.href(target), title)
            address = redirect.address
            if not address.endswith("/") and "." not in address.rpartition("/")[2]:
                address += "/"
            yield Page(address, "redirect.html", view, file, redirect.place)

    def documents(self, pages: Sequence[Page]) -> list[Document]:
        found = [
            Document("/robots.txt", robots(self.origin, self.cards.href("/sitemap.xml")), "robots.txt")
        ]
        if self.origin:
            listed = [
                page.address for page in pages if page.template not in ("404.html", "redirect.html")
            ]
            changed = {
                one.address: (one.updated or one.date).text[:10] for one in self.catalog.articles
            }
            entries = [
                (self.origin + self.cards.href(one), changed.get(one, "")) for one in sorted(listed)
            ]
            found.append(Document("/sitemap.xml", sitemap(entries), "the sitemap"))
            found.append(
                Document(
                    "/feed.xml", atom(self.site, self.origin, self.catalog, self.cards), "the feed"
                )
            )
        return found


def _clashes(laid_out: Plan) -> list[Diagnostic]:
    """Outputs that would be written to one file, or where one needs a folder for a file's name."""
    found: list[Diagnostic] = []
    owners: dict[str, Page | Document | Copy] = {}
    outputs = laid_out.outputs()
    for output in outputs:
        path = output_path(output.address).casefold()
        other = owners.setdefault(path, output)
        if other is not output:
            found.append(_clash(output, other))
    for output in outputs:
        folder = output_path(output.address).casefold().rpartition("/")[0]
        while folder:
            if folder in owners:
                found.append(_clash(output, owners[folder]))
                break
            folder = folder.rpartition("/")[0]
    return found


def _clash(one: Page | Document | Copy, other: Page | Document | Copy) -> Diagnostic:
    if not _is_file(one.origin) and _is_file(other.origin):
        one, other = other, one
    file = one.origin if _is_file(one.origin) else FILE
    if one.address == other.address:
        message = f'the address "{one.address}" is also that of {other.origin}'
    else:
        message = f'the addresses "{one.address}" and "{other.address}" ({other.origin}) clash'
    return diagnostic(
        file,
        one.place,
        "address-clash",
        message,
        "rename one of the two files, or take the alias away",
    )


def _is_file(origin: str) -> bool:
    return origin.startswith(("content/", "themes/"))


def _sort_key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _initial(name: str) -> str:
    key = _sort_key(name).lstrip()
    return key[:1].upper() if key[:1].isalpha() else "#"


def _site_name(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def _coordinates(location: tuple[float, float] | None) -> str:
    if location is None:
        return ""
    latitude, longitude = location
    north, east = "NS"[latitude < 0], "EW"[longitude < 0]
    return f"{abs(latitude):g}° {north}, {abs(longitude):g}° {east}"


def _map_address(location: tuple[float, float] | None) -> Any:
    if location is None:
        return ""
    latitude, longitude = location
    return f"https://www.openstreetmap.org/?mlat={latitude:g}&mlon={longitude:g}#map=9/{latitude:g}/{longitude:g}"
