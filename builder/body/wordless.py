"""Annotations that nobody can read: those without words, and those that stand where none are shown.

An annotation around an image alone is about the image: the description of the image becomes its words
in sentences that are shown elsewhere. The page of the article is left as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from builder.body.annotations import replaced
from builder.body.braces import Span
from builder.body.markup import description

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.body.annotations import Mark
    from builder.body.assemble import Assembled, Block

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
#: Where an image belongs in the text of its block, its part of the HTML, and its description.
_Image = tuple[int, int, str]


def describe(walked: Assembled) -> set[int]:
    """Give spans that hold images alone their descriptions as words; the spans that have no words."""
    empty: set[int] = set()
    for block in walked.blocks:
        text = block.text
        blank = [one for one in block.spans if not text[one[1] : one[2]].strip()]
        if blank:
            empty |= _describe(block, blank, walked)
    return empty


def _describe(block: Block, blank: Sequence[tuple[int, int, int]], walked: Assembled) -> set[int]:
    """The same of one block, whose blank spans come from the inner to the outer."""
    found: dict[int, _Image] = {}
    empty: set[int] = set()
    for index, start, _ in blank:
        images = [
            part
            for begin, end in walked.fragments[index]
            for part in range(begin, end)
            if description(walked.parts[part])
        ]
        for part in images:
            found.setdefault(part, (start, part, description(walked.parts[part])))
        if not images:
            empty.add(index)
    if found:
        _insert(block, sorted(found.values()), walked)
    return empty


def _insert(block: Block, images: Sequence[_Image], walked: Assembled) -> None:
    """Put the descriptions into the text, and move the spans along."""
    parts = [part for _, part, _ in images]
    lengths = list(accumulate([len(words) for *_, words in images], initial=0))
    block.text = replaced(block.text, [(offset, offset, words) for offset, _, words in images])
    block.spans = [
        (
            index,
            start + lengths[bisect_left(parts, walked.fragments[index][0][0])],
            end + lengths[bisect_left(parts, walked.fragments[index][-1][1])],
        )
        for index, start, end in block.spans
    ]


def lost(marks: Sequence[Mark], walked: Assembled, source: str) -> Iterator[Span]:
    """The spans with something to say that are neither in the text nor in code.

    They stand in the description of an image, in a title or an address, or in HTML that is taken out.
    What stands in a comment is meant to be hidden.
    """
    kept = {*walked.alive, *walked.crossing, *walked.coded}
    gone = [one for index, one in enumerate(marks) if isinstance(one, Span) and index not in kept]
    comments = [one.span() for one in _COMMENT.finditer(source)] if gone else []
    for span in gone:
        before = bisect_right(comments, (span.start, len(source)))
        hidden = before > 0 and span.start < comments[before - 1][1]
        if span.attributes and not hidden:
            yield span
