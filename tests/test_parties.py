"""Countries beside projects, held to a plain model: words that are shown of both."""

from __future__ import annotations

import random
from typing import NamedTuple

from builder.config import read_site
from builder.model import SourceFile
from builder.parse import parse
from builder.parties import parties

COUNTRIES, PROJECTS = ("IR", "AZ", "RU", "GE"), ("rail", "port", "line")


class Span(NamedTuple):
    """An annotation of some words, by their numbers, so deep within others."""

    first: int
    last: int
    depth: int
    kind: str
    entity: str


def texts(pick):
    """The sentences of a text, as lists of words: short ones, and long ones of many clauses."""
    for _ in range(pick.randint(1, 4)):
        count = pick.choice([2, 5, 70, 90])
        words = [
            pick.choice(["word", "steel", "steel;" if count > 5 else "train"]) for _ in range(count)
        ]
        yield ["Words", *words, "end."]


def spans(pick, words, first, stop, depth=0):
    """Annotations of words from `first` to `stop`, within one another. None ends with a clause."""
    while first < stop:
        last = min(first + pick.choice([0, 1, 2, 7, 60]), stop - 1)
        share = 0.5 if stop - first < 12 else 0.1
        if words[last][-1] not in ";." and pick.random() < share:
            kind = pick.choice(["country", "project"])
            entity = pick.choice(COUNTRIES if kind == "country" else PROJECTS)
            yield Span(first, last, depth, kind, entity)
            if depth < 3:
                yield from spans(pick, words, first, last + 1, depth + 1)
            first = last
        first += 1


def annotated(words, found):
    """The words with their annotations."""
    words = [*words]
    for one in sorted(found, key=lambda one: -one.depth):
        words[one.first] = "[" + words[one.first]
        words[one.last] += f"]{{{one.kind}={one.entity}}}"
    return " ".join(words)


def shown(span, sentences):
    """The first and the last of the words that are shown of a mention."""
    ends, end = [], 0
    for one in sentences:
        end += len(one)
        ends.append(end)
    start = max([0, *(one for one in ends if one <= span.first)])
    stop = min(one for one in ends if one > span.last)
    words = [word for one in sentences for word in one]
    if stop - start > 60:
        borders = [number + 1 for number in range(start, stop) if words[number][-1] == ";"]
        start = max([start, *(one for one in borders if one <= span.first)])
        stop = min([stop, *(one for one in borders if one > span.last)])
    return start, stop


def expected(found, sentences):
    """The numbers of the mentions that lead to a project and a country beside it, of the first such."""
    numbers, pairs = {}, {}
    mentions = []
    for one in sorted(found, key=lambda one: (one.first, one.depth)):
        numbers[one.entity] = numbers.get(one.entity, 0) + 1
        mentions.append((one, numbers[one.entity], shown(one, sentences)))
    for project, number, (start, stop) in mentions:
        for country, other, (begin, end) in mentions:
            if (project.kind, country.kind) == ("project", "country") and begin < stop and start < end:
                pairs.setdefault((project.entity, country.entity), (number, other))
    return pairs


def test_countries_are_beside_a_project_where_words_are_shown_of_both():
    site, _ = read_site("title: T")
    compared = 0
    for seed in range(250):
        pick = random.Random(seed)  # noqa: S311 - no secret
        sentences = [*texts(pick)]
        words = [word for one in sentences for word in one]
        found = [*spans(pick, words, 0, len(words))]
        body = annotated(words, found)
        parsed = parse(
            SourceFile("content/articles/a.md", f"---\ntitle: T\ndate: 2020\n---\n{body}\n"), site
        )
        pairs = {
            (one.project.id, one.country.id.upper()): (one.project_number, one.country_number)
            for one in parties(parsed.document.body)
        }
        assert pairs == expected(found, sentences), (seed, body)
        compared += len(pairs)
    assert compared > 500
