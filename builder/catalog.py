"""Articles -> Catalog: who is mentioned where, in a total order."""

from __future__ import annotations

from collections import Counter
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
    from collections.abc import Iterable, Sequence

    from builder.entities import Registry

#: So many of the entities that share articles with one are kept, of every kind.
MOST_TOGETHER = 24


def catalog(articles: Iterable[Article], pages: Iterable[PlainPage], registry: Registry) -> Catalog:
    """Order the articles and gather what they say of each entity.

    Every entity that an article names must be in the registry. Articles are newest first, by the
    first instant of their date, then by address.
    """
    ordered = tuple(sorted(articles, key=lambda one: (-one.date.first, one.address)))
    appearances: dict[EntityRef, list[Appearance]] = {ref: [] for ref in registry.profiled()}
    for number, article in enumerate(ordered):
        for ref, appearance in _appearances(number, article).items():
            appearances.setdefault(ref, []).append(appearance)
    entities = {ref: registry.entity(ref) for ref in sorted(appearances)}
    named = [_named(article) for article in ordered]
    parties = {
        ref: _parties(entities[ref], found, ordered)
        for ref, found in appearances.items()
        if ref.kind == "project" or entities[ref].countries
    }
    for country in {party for found in parties.values() for party in found}:
        if country not in entities:
            entities[country] = registry.entity(country)
            appearances[country] = []
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


def _named(article: Article) -> frozenset[EntityRef]:
    return frozenset(
        [subject.entity for subject in article.subjects]
        + [mention.entity for mention in article.body.mentions]
    )


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
    entity: Entity, appearances: Sequence[Appearance], articles: Sequence[Article]
) -> tuple[EntityRef, ...]:
    """The countries of a project: its profile's, then those annotated beside it.

    Beside it means in the same sentence, as it is shown: the countries of another clause of a long
    sentence are another project's.
    """
    found = dict.fromkeys(entity.countries)
    if entity.ref.kind == "project":
        for appearance in reversed(appearances):
            body = articles[appearance.article].body
            units = {_unit(body, body.mentions[index]) for index in appearance.mentions}
            if units:
                for other in body.mentions:
                    if other.entity.kind == "country" and _unit(body, other) in units:
                        found.setdefault(other.entity)
    return tuple(found)


def _unit(body: Body, mention: Mention) -> tuple[int, int]:
    """Which part of which sentence a mention is shown in."""
    sentence = body.sentences[mention.sentence]
    return mention.sentence, shown_range(sentence, (mention.start, mention.end))[0]


def _together(
    ref: EntityRef, appearances: Sequence[Appearance], named: Sequence[frozenset[EntityRef]]
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
