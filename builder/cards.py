"""Articles as other pages show them: cards, listing items and statements, as views."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from msgspec import structs

from builder.addresses import anchor, href
from builder.excerpts import excerpt
from builder.localize import language
from builder.printed import date_view, read_quotes, read_sentence, read_stated
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
    from collections.abc import Callable, Iterable, Sequence

    from builder.dates import PartialDate
    from builder.model import Catalog, EntityRecord, EntityRef, Kind, Party, Said, Site
    from builder.printed import Printed, Quote

#: The excerpts of a page take up at most so many bytes, so that no page grows without bound.
EXCERPT_BYTES = 110_000
#: About so many of them are the tags, the address and the date around its words.
_EXCERPT_MARKUP = 260
#: So many links are kept, which are small.
MOST_LINKS = 20_000

#: A card, whether its article is about the entity, excerpts, and how many more there are.
_Item = tuple[CardView, bool, list[ExcerptView], int]


class Cards:
    """Makes the views of articles and entities. `read(path)` gives what is printed of an article."""

    def __init__(self, site: Site, catalog: Catalog, read: Callable[[str], Printed]) -> None:
        self._site = site
        self._catalog = catalog
        self._read = read
        self._language = language(site.language)
        self.href = lru_cache(MOST_LINKS)(self._href)

    def _href(self, address: str) -> str:
        """The link to an address of the site."""
        return href(self._site.base_path, address)

    def date(self, date: PartialDate) -> DateView:
        """A date for a page."""
        return date_view(date, self._language)

    def printed(self, number: int) -> Printed:
        """What pages show of the article with this number in the catalogue."""
        return self._read(self._catalog.articles[number].path)

    def card(self, number: int) -> CardView:
        """The card of the article with this number."""
        return self._card(self.printed(number))

    def _card(self, article: Printed) -> CardView:
        # A text of its own is published by the site.
        return (
            structs.replace(article.card, publisher=self._site.title) if article.own else article.card
        )

    def items(self, ref: EntityRef, listing: Sequence[int]) -> tuple[ItemView, ...]:
        """Items of a listing with their sentences, as many of each as the page has room for."""
        found = [self._item(number, ref) for number in listing]
        most = _fitting([excerpts for _, _, excerpts, _ in found])
        return tuple(
            [
                ItemView(card, subject, tuple(excerpts[:most]), more + max(len(excerpts) - most, 0))
                for card, subject, excerpts, more in found
            ]
        )

    def _item(self, number: int, ref: EntityRef) -> _Item:
        """An article's card, whether it is about an entity, and its sentences that mention it.

        Each sentence stands there once, with all of its mentions marked. Those that no page has room
        for are counted.
        """
        outline = self._catalog.articles[number]
        article = self._read(outline.path)
        for index, named in enumerate(outline.named):
            if named.entity == ref:
                quotes = read_quotes(article.quotes[index])
                break
        else:
            raise ValueError(f"{outline.path} does not name {ref}")
        excerpts: list[ExcerptView] = []
        room = EXCERPT_BYTES
        for one in quotes:
            if room < 0:
                break
            shown = self._excerpt(article, one)
            excerpts.append(shown)
            room -= len(shown.words_html) + len(shown.whole_html)
        return self._card(article), named.subject, excerpts, len(quotes) - len(excerpts)

    def _excerpt(self, article: Printed, one: Quote) -> ExcerptView:
        sentence = read_sentence(article.sentences[one.sentence])
        link = f"{article.card.href}#{one.anchor}"
        return excerpt(article.lang, sentence, one.marks, link, self._site.language)

    def statement(self, number: int, index: int) -> StatementView:
        """What the mention with this index in an article says of its entity."""
        article = self.printed(number)
        said = read_stated(article.stated[bisect_left(article.stating, index)])
        card = self._card(article)
        by = self._catalog.entities[said.by].entity if said.by in self._catalog.entities else None
        return StatementView(
            excerpt=self._excerpt(article, said.quote),
            card=card,
            said_by=by.name if by else card.publisher or self._site.title,
            said_on=said.said_on,
            said_by_href=self.href(by.address) if by else "",
            status=said.status,
            value=said.value,
            note=said.note,
        )

    def statements(self, record: EntityRecord) -> tuple[list[StatementView], int]:
        """The newest statements on an entity, and how many older ones are left out."""
        selected, left_out = select_statements(record.said, self._site.page_size)
        return [self.statement(number, one.mention) for number, one in selected], left_out

    def says(self, record: EntityRecord) -> tuple[list[tuple[EntityView, StatementView]], int]:
        """The newest statements by an entity, each with what it is on, and how many are left out."""
        selected, left_out = select_statements(record.says, self._site.page_size)
        found = [(self.entity(one.entity), self.statement(at, one.mention)) for at, one in selected]
        return found, left_out

    def entity(self, ref: EntityRef, count: int = 0, said_href: str = "") -> EntityView:
        """An entity as a link."""
        entity = self._catalog.entities[ref].entity
        link = self.href(entity.address)
        return EntityView(link, entity.name, ref.kind, count, entity.former, said_href)

    def party(self, one: Party, of: EntityRef) -> EntityView:
        """A country of a project or a project of a country, with the way to the mention of that."""
        if one.article is None:
            return self.entity(one.entity)
        address = self._catalog.articles[one.article].address
        return self.entity(one.entity, 0, f"{self.href(address)}#{anchor(of, one.number)}")

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


def select_statements(
    said: Sequence[tuple[int, Said]], most: int
) -> tuple[Sequence[tuple[int, Said]], int]:
    """The newest of the statements on an entity or by it, and how many are left out.

    As many as `most`, and as the page has room for.
    """
    size = 0
    for index, (_, one) in enumerate(said):
        if index >= most or size > EXCERPT_BYTES // 2:
            return said[:index], len(said) - index
        size += one.size + _EXCERPT_MARKUP
    return said, 0


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
