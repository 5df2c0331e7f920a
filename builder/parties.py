"""Body -> which countries are annotated beside which projects. Pure.

Beside means in the same sentence, as it is shown: the countries of another clause of a long sentence
are another project's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from builder.excerpts import shown_range
from builder.model import EntityRef, Mention, Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Body

#: A mention, and its number among those of its entity.
_Numbered = tuple[Mention, int]
#: A sentence, and the part of it that is shown; that of a mention in a sentence that is passed over.
_Unit = tuple[int, int, int]
_NOWHERE: _Unit = (-1, 0, 0)
#: Countries, each with the number of a mention of it.
_Countries = dict[EntityRef, int]


def parties(body: Body) -> tuple[Pair, ...]:
    """The projects with the countries annotated beside them, each pair once."""
    kinds = {one.entity.kind for one in body.mentions}
    if not kinds.issuperset(("project", "country")):
        return ()
    numbers: Counter[EntityRef] = Counter()
    projects: list[_Numbered] = []
    countries: list[_Numbered] = []
    for one in body.mentions:
        numbers[one.entity] += 1
        if one.entity.kind == "project":
            projects.append((one, numbers[one.entity]))
        elif one.entity.kind == "country":
            countries.append((one, numbers[one.entity]))
    beside = None if body.begins else _sharing_a_sentence(body, projects, countries)
    if beside is None:
        beside = _sharing_words(body, projects, countries)
    found: dict[tuple[EntityRef, EntityRef], Pair] = {}
    for (one, number), named in zip(projects, beside, strict=True):
        # A mention mostly stands beside none.
        for country, first in named.items() if named else ():
            found.setdefault((one.entity, country), Pair(one.entity, country, number, first))
    return tuple(found.values())


def _sharing_a_sentence(
    body: Body, projects: Sequence[_Numbered], countries: Sequence[_Numbered]
) -> list[_Countries] | None:
    """The countries beside each of the projects, in one sentence.

    None if parts of one sentence that are shown overlap: a mention runs over several clauses.
    """
    # In which clause a mention stands is asked only where a country stands in its sentence.
    shared = {one.sentence for one, _ in projects} & {one.sentence for one, _ in countries}
    beside: defaultdict[_Unit, _Countries] = defaultdict(dict)
    for one, number in countries:
        if one.sentence in shared:
            beside[one.sentence, *_shown(body, one)].setdefault(one.entity, number)
    units = [
        (one.sentence, *_shown(body, one)) if one.sentence in shared else _NOWHERE
        for one, _ in projects
    ]
    shown = {*beside, *units, _NOWHERE}
    # Of most sentences all is shown.
    if len(shown) > len(shared) + 1 and _overlap(shown):
        return None
    return [beside[unit] for unit in units]


def _overlap(units: set[_Unit]) -> bool:
    """Whether some of these parts of one sentence share words."""
    ordered = pairwise(sorted(units))
    return any(one[0] == next_one[0] and next_one[1] < one[2] for one, next_one in ordered)


def _sharing_words(
    body: Body, projects: Sequence[_Numbered], countries: Sequence[_Numbered]
) -> list[_Countries]:
    """The same where a mention runs over several sentences or clauses, and what is shown overlaps.

    The stretches that hold one word are few, for annotations are nested 100 deep at most.
    """
    begins = body.begins or (*accumulate(map(len, body.sentences), initial=0),)
    named: dict[tuple[int, int], _Countries] = {}
    for one, number in countries:
        named.setdefault(_stretch(body, one, begins), {}).setdefault(one.entity, number)
    stretches = [_stretch(body, one, begins) for one, _ in projects]
    near: dict[tuple[int, int], _Countries] = {one: {} for one in stretches}
    ordered = sorted([*((*one, False) for one in near), *((*one, True) for one in named)])
    open_ones: list[tuple[int, int, bool]] = []
    for begin, stop, is_named in ordered:
        open_ones = [one for one in open_ones if one[1] > begin]
        for first, last, is_other in open_ones:
            if is_named != is_other:
                this, other = (begin, stop), (first, last)
                country, project = (this, other) if is_named else (other, this)
                beside = near[project]
                for entity, number in named[country].items():
                    beside[entity] = min(number, beside.get(entity, number))
        open_ones.append((begin, stop, is_named))
    return [near[stretch] for stretch in stretches]


def _shown(body: Body, mention: Mention) -> tuple[int, int]:
    """The part of its sentence that a mention is shown in."""
    return shown_range(body.sentences[mention.sentence], (mention.start, mention.end))


def _stretch(body: Body, mention: Mention, begins: Sequence[int]) -> tuple[int, int]:
    """The same among the words of the body, whose sentences begin at these places."""
    begin = begins[mention.sentence]
    first, last = _shown(body, mention)
    return begin + first, begin + last
