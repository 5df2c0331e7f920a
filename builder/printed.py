"""Article -> Printed: all that pages show of an article but its body, as parts of their views. Pure.

An article stands on many pages. What it looks like there follows from the article alone, so it is made
once, when the article is parsed, and encoded in parts: a page decodes those that it shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Raw, Struct
from msgspec.msgpack import Decoder

from builder.addresses import href
from builder.dates import PartialDate
from builder.excerpts import EXCERPT_BYTES, Range, excerpt, lead, shown_range
from builder.fingerprint import encoded
from builder.licenses import license_view
from builder.localize import language
from builder.model import EntityRef
from builder.views import CardView, DateView, ExcerptView, NoteView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.model import Article, Mention, Named, Site


class Quotes(Struct, array_like=True, frozen=True):
    """What an article says of an entity; `more` counts the sentences that no page has room for."""

    excerpts: tuple[ExcerptView, ...]
    more: int


class Stated(Struct, array_like=True, frozen=True):
    """What a mention states: what a `StatementView` is made of.

    `sentence` is the index of its sentence among those that state something, `start` and `end` its
    characters there; `by` is who says it, if it is told.
    """

    mention: int
    sentence: int
    start: int
    end: int
    href: str
    said_on: DateView
    by: EntityRef | None
    status: str
    value: str
    note: str


class Statements(Struct, array_like=True, frozen=True):
    """All that an article states: each sentence once, as plain text, and what mentions state there."""

    lang: str
    sentences: tuple[str, ...]
    stated: tuple[Stated, ...]


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
    """An article in the parts of which views are made.

    `own` tells that it is the site's own text, whose publisher is the site. `quotes` are `Quotes`, one
    for each entity that it names, in their order; `statements` are `Statements`, `facts` are `Facts`.
    """

    card: CardView
    own: bool
    quotes: tuple[Raw, ...]
    statements: Raw
    facts: Raw


#: Decode the parts of what is printed. They raise msgspec.DecodeError for anything else.
read_quotes: Callable[[Raw], Quotes] = Decoder(Quotes).decode
read_statements: Callable[[Raw], Statements] = Decoder(Statements).decode
read_facts: Callable[[Raw], Facts] = Decoder(Facts).decode


def printed(article: Article, named: Sequence[Named], site: Site) -> Printed:
    """What pages show of an article; `named` are the entities of its outline."""
    return _Printer(article, site).printed(named)


class _Printer:
    """Makes the parts of one article: dates in the site's language, links with its base path."""

    def __init__(self, article: Article, site: Site) -> None:
        self._article = article
        self._tag = site.language
        self._language = language(site.language)
        self._link = href(site.base_path, article.address)

    def printed(self, named: Sequence[Named]) -> Printed:
        return Printed(
            self._card(),
            self._article.source is None,
            tuple([Raw(encoded(self._quotes(one.mentions))) for one in named]),
            Raw(encoded(self._statements())),
            Raw(encoded(self._facts())),
        )

    def _date(self, date: PartialDate) -> DateView:
        return DateView(self._language.date(date), date.text)

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
        )

    def _quotes(self, indices: Sequence[int]) -> Quotes:
        """The sentences of some mentions, each once, with all of these mentions marked."""
        sentences, mentions = self._article.body.sentences, self._article.body.mentions
        found = [mentions[index] for index in indices]
        groups: Sequence[tuple[Mention, Sequence[Range]]]
        if len(found) == 1 or len({one.sentence for one in found}) == len(found):
            groups = [(one, ((one.start, one.end),)) for one in found]
        else:
            groups = _grouped(found, sentences)
        lang, link, tag = self._article.lang, self._link, self._tag
        excerpts: list[ExcerptView] = []
        room = EXCERPT_BYTES
        for one, marks in groups:
            if room < 0:
                break
            shown = excerpt(lang, sentences[one.sentence], marks, f"{link}#{one.anchor}", tag)
            excerpts.append(shown)
            room -= len(shown.words_html) + len(shown.whole_html)
        return Quotes(tuple(excerpts), len(groups) - len(excerpts))

    def _statements(self) -> Statements:
        article, sentences = self._article, self._article.body.sentences
        numbers: dict[int, int] = {}
        stated = [
            Stated(
                index,
                numbers.setdefault(one.sentence, len(numbers)),
                one.start,
                one.end,
                f"{self._link}#{one.anchor}",
                self._date(one.statement.date or article.date),
                one.statement.by,
                one.statement.status,
                one.statement.value,
                one.note,
            )
            for index, one in enumerate(article.body.mentions)
            if one.statement is not None
        ]
        return Statements(article.lang, tuple([sentences[one] for one in numbers]), tuple(stated))

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
