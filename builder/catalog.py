"""Outlines -> Catalog: who is mentioned where, in a total order."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from builder.fingerprint import of_bytes, of_value
from builder.model import Catalog, EntityRecord, EntityRef, Pair, Party, PlainPage, Said, StatusClaim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from builder.entities import Registry
    from builder.model import Entity, Kind, Outline

#: So many of the entities that share articles with one are kept, of every kind.
MOST_TOGETHER = 24
#: Of one article so many versions are told by the others: the original, and its newest translations.
MOST_VERSIONS = 100
#: So many lists of entities, and so many plain pages by their addresses, are led to by every page.
MOST_PAGES = 50
#: Of one article so many entities count as named together; all pairs of a longer list are too many.
MOST_NAMED = 250

_Said = tuple[int, Said]
#: An article that has a project and a country in one sentence.
_Beside = tuple[int, Pair]


def catalog(articles: Iterable[Outline], pages: Sequence[PlainPage], registry: Registry) -> Catalog:
    """Order the articles and gather what they say of each entity.

    Every entity that an article names must be in the registry. Articles are newest first, by the
    first instant of their date, then by address.
    """
    ordered = tuple(sorted(articles, key=lambda one: (-one.date.first, one.address)))
    listings: dict[EntityRef, list[int]] = {ref: [] for ref in registry.profiled()}
    about: dict[EntityRef, int] = {}
    said: dict[EntityRef, list[_Said]] = {}
    says: dict[EntityRef, list[_Said]] = {}
    for number, article in enumerate(ordered):
        for named in article.named:
            ref = named.entity
            listings.setdefault(ref, []).append(number)
            if named.subject:
                about[ref] = about.get(ref, 0) + 1
        for one in article.said:
            said.setdefault(one.entity, []).append((number, one))
            if one.by is not None and one.by != one.entity:
                says.setdefault(one.by, []).append((number, one))
    for ref in _named_elsewhere(ordered, pages, registry):
        listings.setdefault(ref, [])
    entities = {ref: registry.entity(ref) for ref in sorted(listings)}
    parties = _parties(entities.values(), ordered)
    for country in {party for found in parties.values() for party in found}:
        if country not in entities:
            entities[country] = registry.entity(country)
            listings[country] = []
    projects = _projects(parties)
    records = {
        ref: EntityRecord(
            entity=entity,
            listing=tuple(listings[ref]),
            about=about.get(ref, 0),
            said=_newest_first(said.get(ref, ())),
            claims=_claims(said.get(ref, ())),
            says=_newest_first(says.get(ref, ())),
            countries=tuple(_countries(parties.get(ref, {}))),
            projects=tuple(projects.get(ref, ())),
        )
        for ref, entity in sorted(entities.items())
    }
    return Catalog(
        ordered,
        records,
        in_order(pages),
        _versions(ordered),
        {one.address: one.changed for one in ordered},
        names=_names(ordered, entities),
        named=_named(ordered, entities),
    )


def shown_name(entity: Entity) -> bytes:
    """The fingerprint of how an entity is shown where it is named."""
    return of_value([entity.name, entity.address, entity.former])


def _names(articles: Iterable[Outline], entities: Mapping[EntityRef, Entity]) -> tuple[bytes, ...]:
    """Of each article the fingerprint of how those that it names are shown."""
    shown = {ref: shown_name(one) for ref, one in entities.items()}
    return tuple(
        [of_bytes(b"".join([shown[one.entity] for one in article.named])) for article in articles]
    )


def listed_kinds(catalog: Catalog) -> set[str]:
    """The kinds whose entities have a list page.

    A country needs no profile. Its list is there from the first article on, so that no later one adds
    it to the navigation of archive pages.
    """
    found = {ref.kind for ref in catalog.entities}
    if catalog.articles:
        found.add("country")
    return found


def sections(catalog: Catalog, kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """The kinds whose lists every page leads to: not all if there are many."""
    listed = listed_kinds(catalog)
    return tuple([one for one in kinds if one.id in listed][:MOST_PAGES])


def top_pages(catalog: Catalog) -> tuple[PlainPage, ...]:
    """The plain pages that every page leads to: those of the first level, not all if there are many."""
    return tuple([one for one in catalog.pages if one.address.count("/") == 2][:MOST_PAGES])


def in_order(pages: Iterable[PlainPage]) -> tuple[PlainPage, ...]:
    """Plain pages in the order of a catalogue."""
    return tuple(sorted(pages, key=lambda page: page.address))


def _named(
    articles: Iterable[Outline], entities: Iterable[EntityRef]
) -> tuple[tuple[EntityRef, ...], ...]:
    """Of each article those that it names: the same values for all articles, which are many."""
    same = {ref: ref for ref in entities}
    return tuple(
        [tuple([same[one.entity] for one in article.named[:MOST_NAMED]]) for article in articles]
    )


def _versions(articles: Sequence[Outline]) -> dict[int, tuple[int, ...]]:
    """For each article that is translated or a translation: other versions of it."""
    translations = [
        (number, one.translation_of) for number, one in enumerate(articles) if one.translation_of
    ]
    if not translations:
        return {}
    numbers = {article.id: number for number, article in enumerate(articles)}
    translated = {
        number: numbers[name] for number, name in translations if numbers.get(name, number) != number
    }
    families: dict[int, list[int]] = {}
    for number, first in _first_versions(translated).items():
        families.setdefault(first, [first]).append(number)
    found: dict[int, tuple[int, ...]] = {}
    for family in families.values():
        told = dict.fromkeys(family[:MOST_VERSIONS])
        for one in dict.fromkeys(family):
            found[one] = tuple(other for other in told if other != one)
    return found


def _first_versions(translated: Mapping[int, int]) -> dict[int, int]:
    """Of each translation the original: what it was translated from may be a translation, too.

    Of articles that translate one another in a circle, one counts as the original.
    """
    found: dict[int, int] = {}
    for number in translated:
        passed: dict[int, None] = {}
        at = number
        while at in translated and at not in found and at not in passed:
            passed[at] = None
            at = translated[at]
        found.update(dict.fromkeys(passed, found.get(at, at)))
    # Those that were passed on the way to an original stand in its order, not in that of the articles.
    return {number: found[number] for number in translated}


def _named_elsewhere(
    articles: Iterable[Outline], pages: Iterable[PlainPage], registry: Registry
) -> Iterator[EntityRef]:
    """The entities that profiles and pages link to, and those that are said to have said something."""
    for body in (*registry.bodies(), *(page.body for page in pages)):
        for reference in body.references:
            if reference.entity in registry:
                yield reference.entity
    for article in articles:
        for one in article.said:
            if one.by is not None and one.by in registry:
                yield one.by


def _newest_first(said: Iterable[_Said]) -> tuple[_Said, ...]:
    """Statements by the dates that pages show; those of one date in the order of the articles."""
    return tuple(sorted(said, key=lambda one: one[1].first, reverse=True))


def _claims(said: Iterable[_Said]) -> tuple[StatusClaim, ...]:
    """The statuses with the latest date: one of each, in the order of the articles."""
    latest: dict[str, StatusClaim] = {}
    newest = None
    for number, one in said:
        if not one.status:
            continue
        if newest is None or one.first > newest:
            newest = one.first
            latest = {}
        if one.first == newest:
            latest.setdefault(one.status, StatusClaim(number, one.mention, one.status))
    return tuple(latest.values())


def _parties(
    entities: Iterable[Entity], articles: Sequence[Outline]
) -> dict[EntityRef, dict[EntityRef, _Beside | None]]:
    """The countries of an entity: its profile's, and a project's are also those annotated beside it.

    With each, the oldest article that says so, if one does.
    """
    found: dict[EntityRef, dict[EntityRef, _Beside | None]] = {
        entity.ref: dict.fromkeys(entity.countries)
        for entity in entities
        if entity.ref.kind == "project" or entity.countries
    }
    for index in range(len(articles) - 1, -1, -1):
        for pair in articles[index].parties:
            known = found[pair.project]
            if known.get(pair.country) is None:
                known[pair.country] = (index, pair)
    return found


def _countries(parties: Mapping[EntityRef, _Beside | None]) -> Iterator[Party]:
    for country, said in parties.items():
        yield Party(country, said[0], said[1].project_number) if said else Party(country)


def _projects(
    parties: Mapping[EntityRef, Mapping[EntityRef, _Beside | None]],
) -> dict[EntityRef, list[Party]]:
    """The projects of each country."""
    projects: dict[EntityRef, list[Party]] = {}
    for ref in sorted(parties):
        if ref.kind == "project":
            for country, said in parties[ref].items():
                party = Party(ref, said[0], said[1].country_number) if said else Party(ref)
                projects.setdefault(country, []).append(party)
    return projects


def together(catalog: Catalog, ref: EntityRef) -> tuple[tuple[EntityRef, int], ...]:
    """The entities that share articles with one, with the number of these articles, most first."""
    listing, articles = catalog.entities[ref].listing, catalog.articles
    if catalog.named:
        # Of a large site not all outlines are kept decoded.
        counts = Counter(chain.from_iterable(map(catalog.named.__getitem__, listing)))
    else:
        counts = Counter(
            one.entity for number in listing for one in articles[number].named[:MOST_NAMED]
        )
    del counts[ref]
    kept: list[tuple[EntityRef, int]] = []
    per_kind: Counter[str] = Counter()
    for other, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if per_kind[other.kind] < MOST_TOGETHER:
            per_kind[other.kind] += 1
            kept.append((other, count))
    return tuple(kept)
