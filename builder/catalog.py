"""Articles -> Catalog: who is mentioned where, in a total order."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING

from builder.excerpts import shown_range
from builder.model import (
    Appearance,
    Article,
    Body,
    Catalog,
    Entity,
    EntityRecord,
    EntityRef,
    Mention,
    PlainPage,
    StatusClaim,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.entities import Registry

#: So many of the entities that share articles with one are kept, of every kind.
MOST_TOGETHER = 24
#: Of one article so many entities count as named together; all pairs of a longer list are too many.
MOST_NAMED = 250


def catalog(articles: Iterable[Article], pages: Sequence[PlainPage], registry: Registry) -> Catalog:
    """Order the articles and gather what they say of each entity.

    Every entity that an article names must be in the registry. Articles are newest first, by the
    first instant of their date, then by address.
    """
    ordered = tuple(sorted(articles, key=lambda one: (-one.date.first, one.address)))
    appearances: dict[EntityRef, list[Appearance]] = {ref: [] for ref in registry.profiled()}
    for number, article in enumerate(ordered):
        for ref, appearance in _appearances(number, article).items():
            appearances.setdefault(ref, []).append(appearance)
    for ref in _named_elsewhere(ordered, pages, registry):
        appearances.setdefault(ref, [])
    entities = {ref: registry.entity(ref) for ref in sorted(appearances)}
    parties = _parties(entities.values(), ordered)
    for country in {party for found in parties.values() for party in found}:
        if country not in entities:
            entities[country] = registry.entity(country)
            appearances[country] = []
    named = [_named(article) for article in ordered]
    projects: dict[EntityRef, list[EntityRef]] = {}
    for ref in sorted(parties):
        if ref.kind == "project":
            for country in parties[ref]:
                projects.setdefault(country, []).append(ref)
    records = {
        ref: EntityRecord(
            entity=entity,
            appearances=tuple(appearances[ref]),
            claims=_claims(appearances[ref], ordered),
            countries=tuple(parties.get(ref, ())),
            projects=tuple(projects.get(ref, ())),
            together=_together(ref, appearances[ref], named),
        )
        for ref, entity in sorted(entities.items())
    }
    return Catalog(ordered, records, tuple(sorted(pages, key=lambda page: page.address)))


def _appearances(number: int, article: Article) -> dict[EntityRef, Appearance]:
    subjects = {subject.entity for subject in article.subjects}
    mentions: dict[EntityRef, list[int]] = {ref: [] for ref in subjects}
    for index, mention in enumerate(article.body.mentions):
        mentions.setdefault(mention.entity, []).append(index)
    return {ref: Appearance(number, ref in subjects, tuple(found)) for ref, found in mentions.items()}


def _named(article: Article) -> tuple[EntityRef, ...]:
    """The entities that count as named together: of a text that names very many, the first."""
    subjects = (subject.entity for subject in article.subjects)
    mentions = (mention.entity for mention in article.body.mentions)
    return tuple(islice(dict.fromkeys(chain(subjects, mentions)), MOST_NAMED))


def _named_elsewhere(
    articles: Iterable[Article], pages: Iterable[PlainPage], registry: Registry
) -> Iterator[EntityRef]:
    """The entities that profiles and pages link to, and those that are said to have said something."""
    for body in (*registry.bodies(), *(page.body for page in pages)):
        for reference in body.references:
            if reference.entity in registry:
                yield reference.entity
    for article in articles:
        for mention in article.body.mentions:
            by = mention.statement.by if mention.statement else None
            if by is not None and by in registry:
                yield by


def _claims(appearances: Sequence[Appearance], articles: Sequence[Article]) -> tuple[StatusClaim, ...]:
    """The statuses with the latest date: one of each, in the order of the articles."""
    latest: dict[str, StatusClaim] = {}
    newest = None
    for appearance in appearances:
        article = articles[appearance.article]
        for index in appearance.mentions:
            said = article.body.mentions[index].statement
            if said is None or not said.status:
                continue
            first = (said.date or article.date).first
            if newest is None or first > newest:
                newest = first
                latest = {}
            if first == newest:
                latest.setdefault(said.status, StatusClaim(appearance.article, index, said.status))
    return tuple(latest.values())


def _parties(
    entities: Iterable[Entity], articles: Sequence[Article]
) -> dict[EntityRef, tuple[EntityRef, ...]]:
    """The countries of an entity: its profile's, and a project's are also those annotated beside it.

    Beside it means in the same sentence, as it is shown: the countries of another clause of a long
    sentence are another project's.
    """
    found = {
        entity.ref: dict.fromkeys(entity.countries)
        for entity in entities
        if entity.ref.kind == "project" or entity.countries
    }
    for article in reversed(articles):
        countries: dict[tuple[int, int], dict[EntityRef, None]] = {}
        projects: list[Mention] = []
        for mention in article.body.mentions:
            if mention.entity.kind == "country":
                countries.setdefault(_unit(article.body, mention), {})[mention.entity] = None
            elif mention.entity.kind == "project":
                projects.append(mention)
        for mention in projects:
            found[mention.entity].update(countries.get(_unit(article.body, mention), {}))
    return {ref: tuple(parties) for ref, parties in found.items()}


def _unit(body: Body, mention: Mention) -> tuple[int, int]:
    """Which part of which sentence a mention is shown in."""
    sentence = body.sentences[mention.sentence]
    return mention.sentence, shown_range(sentence, (mention.start, mention.end))[0]


def _together(
    ref: EntityRef, appearances: Sequence[Appearance], named: Sequence[Sequence[EntityRef]]
) -> tuple[tuple[EntityRef, int], ...]:
    counts: Counter[EntityRef] = Counter()
    for appearance in appearances:
        counts.update(named[appearance.article])
    del counts[ref]
    kept: list[tuple[EntityRef, int]] = []
    per_kind: Counter[str] = Counter()
    for other, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if per_kind[other.kind] < MOST_TOGETHER:
            per_kind[other.kind] += 1
            kept.append((other, count))
    return tuple(kept)
