"""Words of an article shown anywhere but on its own page.

Every excerpt, wherever it is shown, is made by `excerpt`. Rules about what may be shown of an article
belong there and nowhere else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from html import unescape
from operator import itemgetter
from typing import TYPE_CHECKING

from builder.body.sentences import count_words, split
from builder.escaping import escaped
from builder.localize import language
from builder.views import ExcerptView

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A sentence of more words is shown as the clause that holds the mention.
LONGEST_SENTENCE = 60
#: The whole of a sentence can be opened up to so many characters; behind it, the link leads to it.
LONGEST_WHOLE = 6000
#: A clause is shown up to so many characters on either side of the mention.
LONGEST_SIDE = 1000
#: A text is cut between words, if it has spaces between them.
_LONGEST_WORD = 100
_SEMICOLON = re.compile("[;\u037e\u061b\uff1b]\\s*")

Range = tuple[int, int]


def excerpt(tag: str, text: str, marks: Sequence[Range], href: str, page_language: str) -> ExcerptView:
    """An excerpt of an article: a sentence with its marks, or (without marks) its summary.

    `tag` is the article's language, `page_language` that of the page; `href` is where it leads.
    """
    if len(text) > LONGEST_SIDE or (marks and _clauses(text)):
        words, whole = _cut(text, marks)
    elif len(marks) == 1 and marks[0][0] < marks[0][1]:
        ((first, last),) = marks
        words, whole = _one_mark(text, first, last), ""
    else:
        words, whole = _marked(text, 0, len(text), marks), ""
    if tag == page_language:
        return ExcerptView(href, words, whole)
    return ExcerptView(href, words, whole, tag, language(tag).direction)


def _cut(text: str, marks: Sequence[Range]) -> tuple[str, str]:
    """Of a long text the words that are shown, and the whole of it if that can be opened."""
    start, end = shown_range(text, marks[0]) if marks else (0, len(text))
    begin, stop = start, end
    if end - start > LONGEST_SIDE:
        begin, stop = _near(text, start, end, marks[0] if marks else (0, 0))
    words = _marked(text, begin, stop, marks)
    if begin > start:
        words = f"… {words}"
    if stop < end:
        words = f"{words} …"
    openable = marks and (begin, stop) != (0, len(text)) and len(text) <= LONGEST_WHOLE
    return words, _marked(text, 0, len(text), marks) if openable else ""


def plain(one: ExcerptView) -> str:
    """The words of an excerpt as plain text."""
    return unescape(one.words_html.replace("<mark>", "").replace("</mark>", ""))


def lead(text: str, tag: str) -> str:
    """The summary of an article that has none: the first sentences of its first paragraph.

    `tag` is the article's language.
    """
    end = 0
    for _, stop in split(text, tag)[:2]:
        if end and count_words(text[:stop]) > LONGEST_SENTENCE:
            break
        end = stop
    return text[:end]


def shown_range(sentence: str, mention: Range) -> Range:
    """The part of a sentence that is shown for a mention: all of it, or its clause if it is long."""
    borders = _clauses(sentence)
    if not borders:
        return 0, len(sentence)
    before = bisect_right(borders, mention[0], key=itemgetter(1))
    start = borders[before - 1][1] if before else 0
    behind = bisect_left(borders, mention[1], key=itemgetter(0))
    end = borders[behind][0] if behind < len(borders) else len(sentence)
    return start, end


def _clauses(sentence: str) -> tuple[Range, ...]:
    """Where the clauses of a long sentence are divided; nowhere in a short one."""
    # A word and the space behind it are two characters at least.
    if len(sentence) < 2 * LONGEST_SENTENCE:
        return ()
    # Most sentences have no semicolon, and this is found far sooner than words are counted.
    if ";" not in sentence and (sentence.isascii() or not _SEMICOLON.search(sentence)):
        return ()
    return _semicolons(sentence)


@lru_cache(maxsize=1024)
def _semicolons(sentence: str) -> tuple[Range, ...]:
    """The semicolons of a sentence, if it has too many words to be shown whole."""
    if count_words(sentence) <= LONGEST_SENTENCE:
        return ()
    return tuple(found.span() for found in _SEMICOLON.finditer(sentence))


def _one_mark(text: str, first: int, last: int) -> str:
    """The words of a text as HTML, text[first:last] in `<mark>`."""
    # To look for these takes half as long as escaping a text that has none of them, as most have.
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        before, behind = escaped(text[:first]), escaped(text[last:])
        return f"{before}<mark>{escaped(text[first:last])}</mark>{behind}"
    return f"{text[:first]}<mark>{text[first:last]}</mark>{text[last:]}"


def _marked(text: str, start: int, end: int, marks: Sequence[Range]) -> str:
    """The words of text[start:end] as HTML, the marks that lie in them in `<mark>`."""
    pieces: list[str] = []
    position = start
    # Of mentions that begin at one place, the outer one comes first: its words hold the others'.
    for first, last in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        begin, stop = max(first, position), min(last, end)
        if stop > begin:
            pieces += (escaped(text[position:begin]), "<mark>", escaped(text[begin:stop]), "</mark>")
            position = stop
    pieces.append(escaped(text[position:end]))
    return "".join(pieces)


def _near(text: str, start: int, end: int, mention: Range) -> Range:
    """The part of text[start:end] that is shown: of a clause without end, the words near a mention."""
    first, last = mention[0], min(mention[1], mention[0] + LONGEST_SIDE)
    begin, stop = max(start, first - LONGEST_SIDE), min(end, last + LONGEST_SIDE)
    if begin > start:
        begin = text.find(" ", begin, min(begin + _LONGEST_WORD, first)) + 1 or begin
    if stop < end:
        space = text.rfind(" ", max(stop - _LONGEST_WORD, last), stop)
        stop = space if space > 0 else stop
    return begin, stop
