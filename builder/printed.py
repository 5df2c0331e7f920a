"""Article -> Printed: its words as pages show them, its body apart, in parts of their views. Pure.

An article stands on many pages. What these need of it follows from the article alone, so it is put
together once, when the article is parsed, and encoded in parts: a page decodes those that it shows. No
word is stored twice, whatever quotes it. Which entities an article names, its outline tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Raw, Struct
from msgspec.msgpack import Decoder

from builder.addresses import href
from builder.dates import PartialDate
from builder.excerpts import Range, excerpt, lead, shown_range
from builder.fingerprint import encoded
from builder.licenses import license_view
from builder.localize import Language, language
from builder.model import EntityRef, Statement
from builder.views import CardView, DateView, NoteView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.model import Article, Mention, Named, Site


class Quote(Struct, array_like=True, frozen=True):
    """A sentence by its index, with the mentions that are marked in it, and the anchor of the first."""

    sentence: int
    anchor: str
    marks: tuple[Range, ...]


class Stated(Struct, array_like=True, frozen=True):
    """What a mention states: what a `StatementView` is made of. `by` is who says it, if it is told."""

    quote: Quote
    said_on: DateView
    by: EntityRef | None
    status: str
    value: str
    note: str


class Facts(Struct, array_like=True, frozen=True):
    """What the article's own page shows of it beside its card, and what the feed does."""

    id: str
    lang: str
    date: PartialDate
    changed: PartialDate
    source_title: str
    source_url: str
    changes: str
    added: DateView | None
    updated: DateView | None
    notes: tuple[NoteView, ...]
    topics: tuple[str, ...]
    extra: dict[str, Any]


class Printed(Struct, array_like=True, frozen=True):
    """An article in the parts of which views are made; those that a page shows few of are encoded.

    `own` tells that it is the site's own text, whose publisher is the site. `sentences` are texts.
    `quotes` are tuples of `Quote`, one for each entity that it names, in their order. `stated` are
    `Stated`, and `stating` the indices of the mentions that state them. `facts` are `Facts`.
    """

    card: CardView
    own: bool
    lang: str
    sentences: tuple[Raw, ...]
    quotes: tuple[Raw, ...]
    stating: tuple[int, ...]
    stated: tuple[Raw, ...]
    facts: Raw


#: Decode the parts of what is printed. They raise msgspec.DecodeError for anything else.
read_sentence: Callable[[Raw], str] = Decoder(str).decode
read_quotes: Callable[[Raw], tuple[Quote, ...]] = Decoder(tuple[Quote, ...]).decode
read_stated: Callable[[Raw], Stated] = Decoder(Stated).decode
read_facts: Callable[[Raw], Facts] = Decoder(Facts).decode


def printed(article: Article, named: Sequence[Named], site: Site) -> Printed:
    """What pages show of an article; `named` are the entities of its outline."""
    return _Printer(article, site).printed(named)


def date_view(date: PartialDate, shown_in: Language) -> DateView:
    """A date for a page in a language."""
    return DateView(shown_in.date(date), date.text)


class _Printer:
    """Makes the parts of one article: dates in the site's language, links with its base path."""

    def __init__(self, article: Article, site: Site) -> None:
        self._article = article
        self._tag = site.language
        self._language = language(site.language)
        self._link = href(site.base_path, article.address)

    def printed(self, named: Sequence[Named]) -> Printed:
        body = self._article.body
        stating = [index for index, one in enumerate(body.mentions) if one.statement is not None]
        return Printed(
            self._card(),
            self._article.source is None,
            self._article.lang,
            tuple([Raw(encoded(one)) for one in body.sentences]),
            tuple([Raw(encoded(self._quotes(one.mentions))) for one in named]),
            tuple(stating),
            tuple([Raw(encoded(self._stated(body.mentions[index]))) for index in stating]),
            Raw(encoded(self._facts())),
        )

    def _date(self, date: PartialDate) -> DateView:
        return date_view(date, self._language)

    def _card(self) -> CardView:
        article, source = self._article, self._article.source
        foreign = article.lang != self._tag
        summary = article.summary or lead(article.body.lead, article.lang)
        return CardView(
            href=self._link,
            title=article.title,
            date=self._date(article.date),
            publisher=source.publisher if source else "",
            license=license_view(source.license) if source else None,
            summary=excerpt(article.lang, summary, (), self._link, self._tag) if summary else None,
            authors=article.authors,
            lang=article.lang if foreign else "",
            dir=language(article.lang).direction if foreign else "",
            draft=article.draft,
            translated=article.translation_of != "",
        )

    def _quotes(self, indices: Sequence[int]) -> list[Quote]:
        """The sentences of some mentions, each once, with all of these mentions marked."""
        body = self._article.body
        found = [body.mentions[index] for index in indices]
        if len(found) == 1 or len({one.sentence for one in found}) == len(found):
            return [_quote(one) for one in found]
        return _grouped(found, body.sentences)

    def _stated(self, mention: Mention) -> Stated:
        said = mention.statement or Statement()
        return Stated(
            _quote(mention),
            self._date(said.date or self._article.date),
            said.by,
            said.status,
            said.value,
            mention.note,
        )

    def _facts(self) -> Facts:
        article, source = self._article, self._article.source
        sentences = article.body.sentences
        return Facts(
            id=article.id,
            lang=article.lang,
            date=article.date,
            changed=article.updated or article.date,
            source_title=source.title if source else "",
            source_url=source.url if source else "",
            changes=source.changes if source else "",
            added=self._date(article.added) if article.added else None,
            updated=self._date(article.updated) if article.updated else None,
            notes=tuple(
                NoteView(f"#{one.anchor}", sentences[one.sentence][one.start : one.end], one.note)
                for one in article.body.mentions
                if one.note
            ),
            topics=article.topics,
            extra=article.extra,
        )


def _quote(mention: Mention) -> Quote:
    return Quote(mention.sentence, mention.anchor, ((mention.start, mention.end),))


def _grouped(mentions: Sequence[Mention], sentences: Sequence[str]) -> list[Quote]:
    """A quote of each part of a sentence that is shown, with all that is marked there."""
    groups: dict[tuple[int, int], tuple[str, list[Range]]] = {}
    for one in mentions:
        mark = one.start, one.end
        start, _ = shown_range(sentences[one.sentence], mark)
        groups.setdefault((one.sentence, start), (one.anchor, []))[1].append(mark)
    return [Quote(sentence, anchor, tuple(marks)) for (sentence, _), (anchor, marks) in groups.items()]
