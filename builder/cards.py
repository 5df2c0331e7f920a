"""Articles as other pages show them: cards, listing items and statements, as views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.addresses import href
from builder.excerpts import excerpt, lead, shown_range
from builder.licenses import license_view
from builder.localize import language
from builder.views import (
    CardView,
    DateView,
    EntityGroupView,
    EntityView,
    ExcerptView,
    ItemView,
    StatementView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.dates import PartialDate
    from builder.model import Appearance, Article, Catalog, EntityRef, Kind, Mention, Site

#: The excerpts of a page take up at most so many bytes, so that no page grows without bound.
EXCERPT_BYTES = 110_000
_EXCERPT_MARKUP = 260


class Cards:
    """Makes the views of articles and entities; each card is made once."""

    def __init__(self, site: Site, catalog: Catalog) -> None:
        self._site = site
        self._catalog = catalog
        self._language = language(site.language)
        self._kinds = {kind.id: kind for kind in site.kinds}
        self._cards: dict[int, CardView] = {}

    def href(self, address: str) -> str:
        """The link to an address of the site."""
        return href(self._site.base_path, address)

    def date(self, date: PartialDate) -> DateView:
        """A date for a page."""
        return DateView(self._language.date(date), date.text)

    def card(self, number: int) -> CardView:
        """The card of the article with this number in the catalogue."""
        found = self._cards.get(number)
        if found is None:
            found = self._cards[number] = self._card(self._catalog.articles[number])
        return found

    def _card(self, article: Article) -> CardView:
        foreign = article.lang != self._site.language
        link = self.href(article.address)
        summary = article.summary or lead(article.body.lead, article.lang)
        return CardView(
            href=link,
            title=article.title,
            date=self.date(article.date),
            publisher=publisher(article, self._site),
            license=license_view(article.source.license) if article.source else None,
            summary=excerpt(article, summary, (), link, self._site.language) if summary else None,
            authors=article.authors,
            lang=article.lang if foreign else "",
            dir=language(article.lang).direction if foreign else "",
            draft=article.draft,
        )

    def items(self, appearances: Sequence[Appearance]) -> tuple[ItemView, ...]:
        """Listing items with their sentences, as many of each as the page has room for."""
        excerpts = [self._excerpts(appearance) for appearance in appearances]
        most = _fitting(excerpts)
        return tuple(
            ItemView(self.card(one.article), one.subject, found[:most], max(len(found) - most, 0))
            for one, found in zip(appearances, excerpts, strict=True)
        )

    def _excerpts(self, appearance: Appearance) -> tuple[ExcerptView, ...]:
        """The sentences of an article that mention an entity, each once, all mentions marked."""
        article = self._catalog.articles[appearance.article]
        groups: dict[tuple[int, int], list[Mention]] = {}
        for index in appearance.mentions:
            mention = article.body.mentions[index]
            sentence = article.body.sentences[mention.sentence]
            start, _ = shown_range(sentence, (mention.start, mention.end))
            groups.setdefault((mention.sentence, start), []).append(mention)
        return tuple(self._excerpt(article, mentions) for mentions in groups.values())

    def _excerpt(self, article: Article, mentions: Sequence[Mention]) -> ExcerptView:
        first = mentions[0]
        return excerpt(
            article,
            article.body.sentences[first.sentence],
            [(mention.start, mention.end) for mention in mentions],
            f"{self.href(article.address)}#{first.anchor}",
            self._site.language,
        )

    def statement(self, number: int, index: int) -> StatementView:
        """What the mention with this index in an article says of its entity."""
        article = self._catalog.articles[number]
        mention = article.body.mentions[index]
        said = mention.statement
        if said is None:
            raise ValueError("the mention makes no statement")
        by = self._catalog.entities[said.by].entity if said.by in self._catalog.entities else None
        return StatementView(
            excerpt=self._excerpt(article, (mention,)),
            card=self.card(number),
            said_by=by.name if by else publisher(article, self._site) or self._site.title,
            said_on=self.date(said.date or article.date),
            said_by_href=self.href(by.address) if by else "",
            status=said.status,
            value=said.value,
            note=mention.note,
        )

    def statements(self, appearances: Sequence[Appearance]) -> tuple[list[StatementView], int]:
        """The newest statements on an entity, and how many older ones are left out."""
        selected, left_out = select_statements(
            appearances, self._catalog.articles, self._site.page_size
        )
        return [self.statement(number, index) for number, index in selected], left_out

    def entity(self, ref: EntityRef, count: int = 0) -> EntityView:
        """An entity as a link."""
        entity = self._catalog.entities[ref].entity
        return EntityView(self.href(entity.address), entity.name, ref.kind, count, entity.former)

    def groups(self, counted: Iterable[tuple[EntityRef, int]]) -> tuple[EntityGroupView, ...]:
        """Entities with counts, by kind in the order of the site's kinds."""
        by_kind: dict[str, list[EntityView]] = {kind: [] for kind in self._kinds}
        for ref, count in counted:
            by_kind[ref.kind].append(self.entity(ref, count))
        return tuple(
            EntityGroupView(
                kind,
                plural_label(self._kinds[kind]),
                self.href(f"/{self._kinds[kind].plural}/"),
                tuple(found),
            )
            for kind, found in by_kind.items()
            if found
        )


def select_statements(
    appearances: Iterable[Appearance], articles: Sequence[Article], most: int
) -> tuple[list[tuple[int, int]], int]:
    """The newest statements on an entity as (article, mention), and how many are left out.

    As many as `most`, and as the page has room for.
    """
    found: list[tuple[int, int]] = []
    left_out = size = 0
    for appearance in appearances:
        body = articles[appearance.article].body
        for index in appearance.mentions:
            mention = body.mentions[index]
            if mention.statement is None:
                continue
            if len(found) >= most or size > EXCERPT_BYTES // 2:
                left_out += 1
                continue
            found.append((appearance.article, index))
            size += len(body.sentences[mention.sentence].encode()) + _EXCERPT_MARKUP
    return found, left_out


def publisher(article: Article, site: Site) -> str:
    """Who published an article: the source's publisher, or the site for a text of its own.

    Empty for a source whose publisher was not supplied.
    """
    return article.source.publisher if article.source else site.title


_LABELS = {
    "country": ("Country", "Countries"),
    "project": ("Project", "Projects"),
    "person": ("Person", "People"),
    "organisation": ("Organisation", "Organisations"),
}


def singular_label(kind: Kind) -> str:
    """What a thing of the kind is called: a message id for the known kinds."""
    default = (kind.id.replace("-", " ").capitalize(), "")
    return kind.label or _LABELS.get(kind.id, default)[0]


def plural_label(kind: Kind) -> str:
    """What things of the kind are called: a message id for the known kinds."""
    default = ("", kind.plural.replace("-", " ").capitalize())
    return kind.label_plural or _LABELS.get(kind.id, default)[1]


def _bytes(one: ExcerptView) -> int:
    length = sum(len(part.text.encode()) for part in (*one.segments, *one.whole))
    return length + _EXCERPT_MARKUP


def _fitting(excerpts: Sequence[Sequence[ExcerptView]]) -> int:
    """How many excerpts of each item fit on the page; at least one."""
    longest = max((len(found) for found in excerpts), default=0)
    room = EXCERPT_BYTES
    for most in range(longest):
        room -= sum(_bytes(found[most]) for found in excerpts if len(found) > most)
        if room < 0:
            return max(most, 1)
    return max(longest, 1)
