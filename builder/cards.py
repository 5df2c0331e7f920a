"""Articles as other pages show them: cards, listing items and statements, as views."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from builder.addresses import href
from builder.excerpts import Range, excerpt, shown_range
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

    from builder.check import Read
    from builder.dates import PartialDate
    from builder.model import (
        Article,
        Catalog,
        EntityRecord,
        EntityRef,
        Kind,
        Mention,
        Said,
        Site,
    )

#: The excerpts of a page take up at most so many bytes, so that no page grows without bound.
EXCERPT_BYTES = 110_000
_EXCERPT_MARKUP = 260
#: So many cards are kept, and so many links, which are small.
MOST_KEPT = 2000
MOST_LINKS = 20_000


class Cards:
    """Makes the views of articles and entities. `read` gives an article by its path."""

    def __init__(self, site: Site, catalog: Catalog, read: Read) -> None:
        self._site = site
        self._catalog = catalog
        self._read = read
        self._language = language(site.language)
        # The pages of one time show the same articles.
        self.card = lru_cache(MOST_KEPT)(self._card)
        self.href = lru_cache(MOST_LINKS)(self._href)

    def _href(self, address: str) -> str:
        """The link to an address of the site."""
        return href(self._site.base_path, address)

    def date(self, date: PartialDate) -> DateView:
        """A date for a page."""
        return DateView(self._language.date(date), date.text)

    def _card(self, number: int) -> CardView:
        """The card of the article with this number in the catalogue."""
        article = self._read(self._catalog.articles[number].path)
        foreign = article.lang != self._site.language
        link = self.href(article.address)
        summary = article.summary or article.body.lead
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

    def items(self, ref: EntityRef, listing: Sequence[int]) -> tuple[ItemView, ...]:
        """Items of a listing with their sentences, as many of each as the page has room for."""
        found = [self._item(number, ref) for number in listing]
        most = _fitting([excerpts for _, excerpts in found])
        return tuple(
            ItemView(self.card(number), subject, excerpts[:most], max(len(excerpts) - most, 0))
            for number, (subject, excerpts) in zip(listing, found, strict=True)
        )

    def _item(self, number: int, ref: EntityRef) -> tuple[bool, tuple[ExcerptView, ...]]:
        """Whether an article is about an entity, and its sentences that mention it.

        Each sentence stands there once, with all of its mentions marked.
        """
        outline = self._catalog.articles[number]
        for named in outline.named:
            if named.entity == ref:
                break
        else:
            raise ValueError(f"{outline.path} does not name {ref}")
        if not named.mentions:
            return named.subject, ()
        article = self._read(outline.path)
        mentions, sentences = article.body.mentions, article.body.sentences
        found = [mentions[index] for index in named.mentions]
        if len({one.sentence for one in found}) == len(found):
            groups = [(one, [(one.start, one.end)]) for one in found]
        else:
            groups = _grouped(found, sentences)
        page, tag = self.href(outline.address), self._site.language
        excerpts = [
            excerpt(article, sentences[first.sentence], marks, f"{page}#{first.anchor}", tag)
            for first, marks in groups
        ]
        return named.subject, tuple(excerpts)

    def statement(self, number: int, index: int) -> StatementView:
        """What the mention with this index in an article says of its entity."""
        article = self._read(self._catalog.articles[number].path)
        mention = article.body.mentions[index]
        sentence, mark = article.body.sentences[mention.sentence], (mention.start, mention.end)
        link = f"{self.href(article.address)}#{mention.anchor}"
        said = mention.statement
        if said is None:
            raise ValueError("the mention makes no statement")
        by = self._catalog.entities[said.by].entity if said.by in self._catalog.entities else None
        return StatementView(
            excerpt=excerpt(article, sentence, (mark,), link, self._site.language),
            card=self.card(number),
            said_by=by.name if by else publisher(article, self._site) or self._site.title,
            said_on=self.date(said.date or article.date),
            said_by_href=self.href(by.address) if by else "",
            status=said.status,
            value=said.value,
            note=mention.note,
        )

    def statements(self, record: EntityRecord) -> tuple[list[StatementView], int]:
        """The newest statements on an entity, and how many older ones are left out."""
        selected, left_out = select_statements(record.said, self._site.page_size)
        return [self.statement(number, one.mention) for number, one in selected], left_out

    def entity(self, ref: EntityRef, count: int = 0) -> EntityView:
        """An entity as a link."""
        entity = self._catalog.entities[ref].entity
        return EntityView(self.href(entity.address), entity.name, ref.kind, count, entity.former)

    def groups(self, counted: Iterable[tuple[EntityRef, int]]) -> tuple[EntityGroupView, ...]:
        """Entities with counts, by kind in the order of the site's kinds."""
        by_kind: dict[str, list[EntityView]] = {}
        for ref, count in counted:
            by_kind.setdefault(ref.kind, []).append(self.entity(ref, count))
        return tuple(
            EntityGroupView(kind, label, link, tuple(by_kind[kind]))
            for kind, label, link in self._sections
            if kind in by_kind
        )

    @cached_property
    def _sections(self) -> list[tuple[str, str, str]]:
        """Each kind of the site with the label and the link of its list."""
        return [
            (kind.id, plural_label(kind), self.href(f"/{kind.plural}/")) for kind in self._site.kinds
        ]


def _grouped(
    mentions: Sequence[Mention], sentences: Sequence[str]
) -> list[tuple[Mention, list[Range]]]:
    """The first mention of each part of a sentence that is shown, with all that is marked there."""
    groups: dict[tuple[int, int], tuple[Mention, list[Range]]] = {}
    for one in mentions:
        mark = one.start, one.end
        start, _ = shown_range(sentences[one.sentence], mark)
        groups.setdefault((one.sentence, start), (one, []))[1].append(mark)
    return list(groups.values())


def select_statements(
    said: Sequence[tuple[int, Said]], most: int
) -> tuple[Sequence[tuple[int, Said]], int]:
    """The newest statements on an entity, and how many are left out.

    As many as `most`, and as the page has room for.
    """
    size = 0
    for index, (_, one) in enumerate(said):
        if index >= most or size > EXCERPT_BYTES // 2:
            return said[:index], len(said) - index
        size += one.size + _EXCERPT_MARKUP
    return said, 0


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


def _fit(excerpts: Sequence[Sequence[ExcerptView]]) -> bool:
    """Whether all excerpts fit on the page. Their sizes one by one take longer to find out."""
    shown = [one for found in excerpts for one in found]
    words = "".join([one.words_html + one.whole_html for one in shown])
    size = len(words) if words.isascii() else len(words.encode())
    return size + len(shown) * _EXCERPT_MARKUP <= EXCERPT_BYTES


def _bytes(one: ExcerptView) -> int:
    words = one.words_html + one.whole_html
    return (len(words) if words.isascii() else len(words.encode())) + _EXCERPT_MARKUP


def _fitting(excerpts: Sequence[Sequence[ExcerptView]]) -> int:
    """How many excerpts of each item fit on the page; at least one."""
    longest = max([len(found) for found in excerpts], default=0)
    if _fit(excerpts):
        return max(longest, 1)
    room = EXCERPT_BYTES
    for most in range(longest):
        room -= sum(_bytes(found[most]) for found in excerpts if len(found) > most)
        if room < 0:
            return max(most, 1)
    return max(longest, 1)
