"""Article -> Outline: what the catalogue, the checks and the plan need, without its words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from builder.addresses import FILES, original_path
from builder.fingerprint import encoded, of_bytes, of_text, of_value
from builder.model import (
    Article,
    EntityRef,
    Named,
    Outline,
    Places,
    Reference,
    Said,
)
from builder.outlines import Sketch
from builder.parties import parties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.model import BodyLink


def places(article: Article) -> Places:
    """Where an article says what the checks of the whole site can find wrong."""
    references = [Reference(one.entity, one.place) for one in article.subjects]
    for mention in article.body.mentions:
        references.append(Reference(mention.entity, mention.place))
        said = mention.statement
        if said and said.by and mention.by_place:
            references.append(Reference(said.by, mention.by_place))
    return Places(
        article.id_place,
        article.source_place,
        article.translation_place,
        tuple(references),
        article.body.links,
    )


def outline(article: Article, named: tuple[Named, ...]) -> Outline:
    """The outline of an article that names these entities."""
    body = article.body
    return Outline(
        path=article.path,
        address=article.address,
        id=article.id,
        title=article.title,
        date=article.date,
        lang=article.lang,
        changed=(article.updated or article.date).text[:10],
        draft=article.draft,
        translation_of=article.translation_of,
        original=original_path(article),
        named=named,
        said=tuple(_said(article)),
        parties=parties(body),
        links=tuple(dict.fromkeys(_leading(link) for link in body.links)),
        redirects=article.redirects,
        fragments=tuple(dict.fromkeys(fragments(body.links))),
        ids=body.ids,
    )


def fragments(links: Iterable[BodyLink]) -> Iterator[tuple[str, str]]:
    """The places on pages that links lead to: the address of the page, and the id of the place."""
    for link in links:
        fragment = fragment_of(link)
        if fragment:
            yield link.address, fragment


def fragment_of(link: BodyLink) -> str:
    """The id of the place on a page that a link leads to; empty if it names none, or is an image."""
    return "" if link.image else link.written.partition("#")[2]


def sketch(one: Outline, printed: bytes, body: bytes) -> Sketch:
    """An outline as it is stored.

    `printed` is what pages show of its article but its body, and `body` the HTML of that, both encoded.
    What follows from words alone is the title, which redirects show, and the fingerprints of these. An
    article without any is one that can't be read.
    """
    data = encoded(one)
    label = of_text(f"{one.address}\n{one.title}")
    names = encoded([(named.entity, named.subject) for named in one.named])
    prints = label + of_bytes(printed + names) + of_bytes(body)
    shape = of_bytes(data) if one.redirects else of_value(structs.replace(one, title=one.title and "-"))
    return Sketch(data, prints, of_bytes(data + prints), shape)


def named(article: Article) -> tuple[Named, ...]:
    """The entities that an article names: its subjects, then the others that it mentions."""
    mentions: dict[EntityRef, list[int]] = {subject.entity: [] for subject in article.subjects}
    # The subjects stand before all others.
    subjects = len(mentions)
    for index, mention in enumerate(article.body.mentions):
        mentions.setdefault(mention.entity, []).append(index)
    return tuple(
        [
            Named(ref, number < subjects, tuple(found))
            for number, (ref, found) in enumerate(mentions.items())
        ]
    )


def _said(article: Article) -> Iterator[Said]:
    body = article.body
    for index, mention in enumerate(body.mentions):
        statement = mention.statement
        if statement is not None:
            first = (statement.date or article.date).first
            size = len(body.sentences[mention.sentence].encode())
            yield Said(mention.entity, index, statement.status, first, statement.by, size)


def _leading(link: BodyLink) -> str:
    """The address of a link; that of a picture which is no file is marked, so that it leads nowhere."""
    sound = not link.image or link.address.startswith(FILES)
    return link.address if sound else f"!{link.address}"
