"""Words of an article shown anywhere but on its own page.

Every excerpt, wherever it is shown, is made by `excerpt`: it knows the article, and so its licence,
language and direction. Rules about what may be shown of an article belong there and nowhere else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from builder.localize import language
from builder.sentences import count_words, split
from builder.views import ExcerptView, SegmentView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Article

#: A sentence of more words is shown as the clause that holds the mention.
LONGEST_SENTENCE = 60
#: The whole of a sentence can be opened up to so many words; behind it, the link leads to it.
LONGEST_WHOLE = 600
#: A clause is shown up to so many characters.
LONGEST_SHOWN = 2000
_SEMICOLON = re.compile("[;\u037e\u061b\uff1b]\\s*")

Range = tuple[int, int]


def excerpt(
    article: Article, text: str, marks: Sequence[Range], href: str, page_language: str
) -> ExcerptView:
    """An excerpt of an article: a sentence with its marks, or (without marks) its summary.

    `href` is where it leads; `page_language` is that of the page that it is shown on.
    """
    start, end = shown_range(text, marks[0]) if marks else (0, len(text))
    foreign = article.lang != page_language
    has_whole = (start, end) != (0, len(text)) and count_words(text) <= LONGEST_WHOLE
    return ExcerptView(
        href=href,
        segments=_shortened(_segments(text, start, end, marks)),
        whole=_segments(text, 0, len(text), marks) if has_whole else (),
        lang=article.lang if foreign else "",
        dir=language(article.lang).direction if foreign else "",
    )


def lead(text: str, page_language: str) -> str:
    """The summary of an article that has none: the first sentences of its first paragraph."""
    end = 0
    for _, stop in split(text, page_language)[:2]:
        if end and count_words(text[:stop]) > LONGEST_SENTENCE:
            break
        end = stop
    return text[:end]


def shown_range(sentence: str, mention: Range) -> Range:
    """The part of a sentence that is shown for a mention: all of it, or its clause if it is long."""
    borders = _semicolons(sentence)
    if not borders:
        return 0, len(sentence)
    before = bisect_right(borders, mention[0], key=itemgetter(1))
    start = borders[before - 1][1] if before else 0
    behind = bisect_left(borders, mention[1], key=itemgetter(0))
    end = borders[behind][0] if behind < len(borders) else len(sentence)
    return start, end


@lru_cache(maxsize=1024)
def _semicolons(sentence: str) -> tuple[Range, ...]:
    """Where the clauses of a long sentence are divided; nowhere in a short one."""
    if count_words(sentence) <= LONGEST_SENTENCE:
        return ()
    return tuple(found.span() for found in _SEMICOLON.finditer(sentence))


def _segments(text: str, start: int, end: int, marks: Sequence[Range]) -> tuple[SegmentView, ...]:
    pieces: list[SegmentView] = []
    position = start
    for first, last in sorted(marks):
        begin, stop = max(first, position), min(last, end)
        if stop <= begin:
            continue
        if begin > position:
            pieces.append(SegmentView(text[position:begin]))
        pieces.append(SegmentView(text[begin:stop], mark=True))
        position = stop
    if position < end:
        pieces.append(SegmentView(text[position:end]))
    return tuple(pieces)


def _shortened(segments: tuple[SegmentView, ...]) -> tuple[SegmentView, ...]:
    """The segments, with what stands far from the marks left out of a clause without end."""
    if sum(len(one.text) for one in segments) <= LONGEST_SHOWN:
        return segments
    room = LONGEST_SHOWN // 2
    first = next((i for i, one in enumerate(segments) if one.mark), 0)
    before = "".join(one.text for one in segments[:first])
    marked = segments[first].text[:room]
    behind = "".join(one.text for one in segments[first + 1 :])
    if len(before) > room:
        before = "… " + before[-room:].partition(" ")[2]
    if len(behind) > room:
        behind = behind[:room].rpartition(" ")[0] + " …"
    return (SegmentView(before), SegmentView(marked, segments[first].mark), SegmentView(behind))
