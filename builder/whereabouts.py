"""A place in an article's text -> where that is written in its Markdown, for messages. Pure.

The two are followed side by side. Markdown has more in it, the addresses of links for instance, and
other things in another order, as the texts of footnotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.body.annotations import replaced, tokenize
from builder.letters import LONGEST_ORDERED, is_compared, normal, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Markup whose words are none of the text: comments, tags, images, addresses of links and references,
#: marks of footnotes. What it misses costs precision and no more.
_MARKUP = re.compile(
    r"<!--(?:(?!<!--)[\s\S])*?-->"
    r"|</?[A-Za-z][^<>\n]*>"
    r"|!\[[^\[\]\n]{0,1000}\](?:\([^()\n]{0,2000}\))?"
    r"|(?<=\])\([^()\n]{0,2000}\)"
    r"|^ {0,3}\[[^^\[\]\n][^\[\]\n]{0,1000}\]: {0,3}\S+$"
    r"|\[\^[^\[\]\n]{1,1000}\]",
    re.MULTILINE,
)
#: A footnote, whose text comes at the end: its first line, those that go on, and those indented.
_FOOTNOTE = re.compile(
    r"^ {0,3}\[\^[^\[\]\n]{1,1000}\]:.*(?:\n(?:[ \t]*\n)*(?: {4}|\t).*|\n(?!\s|\[\^).+)*", re.MULTILINE
)
#: A piece of Markdown that is brought into normal form: no character of ASCII but letters and digits
#: becomes another one with its neighbours.
_PIECE = re.compile(rf"[^\s!-/:-@\[-`{{-~]{{1,{LONGEST_ORDERED}}}|.", re.DOTALL)
#: So many characters of the text are sought so many ahead, first the sure, then the near.
_LONGEST_ANCHOR = 16
_ANCHORS = ((_LONGEST_ANCHOR, 200), (6, 200), (_LONGEST_ANCHOR, 20_000), (2, 40))
#: So often the whole of Markdown is looked through for what was written before.
_MOST_LOOKS = 1000


def written_at(body: str, text: str, place: int) -> int:
    """The index in Markdown of a character of its text, or of one close before it.

    `text` is what of the article's text is compared, and `place` the index in it.
    """
    found = list(_written(body))
    written = "".join([character for character, _ in found])
    there = looks = reached = 0
    for here in range(min(place + 1, len(text))):
        if not written.startswith(text[here], there):
            next_one = _ahead(written, there, text, here)
            if next_one < 0 and looks < _MOST_LOOKS:
                looks += 1
                next_one = _before(written, text, here)
            if next_one < 0:
                continue
            there = next_one
        reached = found[there][1]
        there += 1
    return reached


def _written(body: str) -> Iterator[tuple[str, int]]:
    """What of Markdown is compared, each character with its index; markup is left out."""
    braces = sorted((span.close, span.end) for span in tokenize(body).spans)
    masked = replaced(body, [(start, end, " " * (end - start)) for start, end in braces])
    order = _in_order(masked)
    masked = _MARKUP.sub(lambda markup: " " * len(markup[0]), masked)
    pieces: list[str] = []
    indices: list[int] = []
    for start, end in order:
        for piece in _PIECE.finditer(masked, start, end):
            made = normal(piece[0])
            exact = len(made) == len(piece[0])
            pieces.append(made)
            indices.extend(piece.start() + number * exact for number in range(len(made)))
    for character, index in zip(signed("".join(pieces)), indices, strict=True):
        if is_compared(character):
            yield character, index


def _in_order(body: str) -> list[tuple[int, int]]:
    """The parts of Markdown as their texts come: footnotes behind all others."""
    notes = [note.span() for note in _FOOTNOTE.finditer(body)]
    starts, ends = [0, *(end for _, end in notes)], [*(start for start, _ in notes), len(body)]
    return [*zip(starts, ends, strict=True), *notes]


def _ahead(written: str, there: int, text: str, here: int) -> int:
    """Where the next characters of the text are written further on; negative if they are not."""
    for length, window in _ANCHORS:
        found = written.find(text[here : here + length], there, there + window + length)
        if found >= 0:
            return found
    return -1


def _before(written: str, text: str, here: int) -> int:
    """Where the next characters are written anywhere, if they are enough to be sure of."""
    anchor = text[here : here + _LONGEST_ANCHOR]
    return written.find(anchor) if len(anchor) == _LONGEST_ANCHOR else -1
