"""The words of an article beside those of its original: the first that differ. Pure."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.addresses import original_path
from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.letters import LONGEST_ORDERED, compared, is_compared, normal, signed
from builder.lines import Lines
from builder.whereabouts import written_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.model import Article

#: The originals whose words are compared are plain text. Others are kept, and nothing is said of them.
_PLAIN_TEXT = ".txt"
_TAG = re.compile(r"""<(?P<name>/?\w+)(?P<keys>(?:[^<>"']|"[^"]*"|'[^']*')*)>""")
#: Marks of footnotes, and ways back from them, are no words of the article. What raw HTML says in such
#: an element is left alone, unless it is a number.
_NOTE = re.compile(
    r'<sup id="fnref[^"<>]*"><a class="footnote-ref" href="#[^"<>]*">\d+</a></sup>'
    r'|<a class="footnote-backref"[^<>]*>(?:↩|&#8617;)</a>'
)
#: Elements that stand within a line: their tags part no words.
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
        "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var",
    )
)  # fmt: skip
_START = re.compile(r'\bstart="(\d{1,9})"')
#: Chinese and Japanese are written without spaces: each of their characters counts as a word.
_IDEOGRAPH = "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_CJK = re.compile(_IDEOGRAPH)
_WORD = re.compile(rf"{_IDEOGRAPH}|(?:(?!{_IDEOGRAPH})\S)+")
#: Of a longer word, as other scripts without spaces have them, the part around the difference is shown.
_LONGEST_SHOWN = 60


class Difference(Struct, frozen=True):
    """The first words that differ, each empty where its text has ended before.

    `text` is what of the article was compared, and `place` the number of characters of it that stand
    before its word, or before its last word if it has ended.
    """

    word: str
    original: str
    text: str
    place: int


class _Word(Struct, frozen=True):
    """A word of a text, and the number of characters before it that are compared."""

    start: int
    shown: str


def has_words(path: str) -> bool:
    """Whether the words of an original are compared with those of its article."""
    return path.lower().endswith(_PLAIN_TEXT)


def unreadable(article: Article, data: bytes | None) -> Diagnostic:
    """What to say of an original that can't be read, which has no data, or is no text in UTF-8."""
    if data is None:
        reason, remedy = "can't be read", "allow it to be read"
    else:
        reason, remedy = "is no text in UTF-8", "save it as UTF-8 in the editor"
    return diagnostic(
        article.path,
        article.source_place,
        "unreadable-original",
        f'source.original: "{original_path(article)}" {reason}',
        f"{remedy}, so that its words can be compared with the article's",
    )


def altered(article: Article, body: str, first_line: int, original: str) -> Diagnostic | None:
    """What to say of an article whose words are not those of its original; None if they are.

    `body` is its Markdown, which begins on `first_line` of its file.
    """
    titles = {article.title, article.source.title if article.source else ""} - {""}
    found = first_difference(_texts(article.body.html), original, sorted(titles))
    if found is None:
        return None
    line, column = Lines(body, first_line).at(written_at(body, found.text, found.place))
    name = original_path(article).removeprefix("content/")
    word, original_word = _shown(found.word, found.original), _shown(found.original, found.word)
    if not original_word:
        message = f'"{word}" stands where {name} has ended'
    elif not word:
        message = f'the article has ended where {name} goes on with "{original_word}"'
    else:
        message = f'"{word}" stands where {name} has "{original_word}"{_named(found)}'
    return diagnostic(
        article.path,
        Place(line, column),
        "altered-words",
        message,
        "write the words of the original, or mend the original if it was copied wrongly; if they are "
        "meant to differ, take `original` out, and say in `source.changes` what was altered",
    )


def _shown(word: str, other: str) -> str:
    """A word, or as much of a long one around its difference to the other as a message can hold."""
    if len(word) <= _LONGEST_SHOWN:
        return word
    first = max(0, min(_common(word, other) - _LONGEST_SHOWN // 2, len(word) - _LONGEST_SHOWN))
    end = first + _LONGEST_SHOWN
    return f"{'…' * (first > 0)}{word[first:end]}{'…' * (end < len(word))}"


def _named(found: Difference) -> str:
    """The names of two characters that may look the same, if nothing else parts the words."""
    at = _common(found.word, found.original)
    mine, theirs = found.word[at : at + 1], found.original[at : at + 1]
    letters = mine.isalpha() and theirs.isalpha() and not (mine + theirs).isascii()
    if not letters or _CJK.match(mine) or found.word[at + 1 :] != found.original[at + 1 :]:
        return ""
    return f" ({_character(mine)}, not {_character(theirs)})"


def _character(one: str) -> str:
    return f"U+{ord(one):04X} {unicodedata.name(one, '')}".rstrip()


def first_difference(
    texts: Sequence[str], original: str, titles: Iterable[str] = ()
) -> Difference | None:
    """The first words in which a text differs from another; None if their words are the same.

    Of the text there may be several readings. One of the titles may stand before either.
    """
    readings = [normal(text) for text in texts]
    heads = ["", *(compared(normal(title)) for title in titles)]
    whole = normal(_beginning(original, max(map(len, readings)) + max(map(len, heads))))
    theirs = compared(whole)
    furthest, closest, before = -1, ("", ""), (0, 0)
    for reading in readings:
        mine = compared(reading)
        for skipped, other in _heads(mine, theirs, heads):
            if mine[skipped:] == theirs[other:]:
                return None
            place = _common(mine[skipped:], theirs[other:])
            if place > furthest and _begins_word(reading, skipped) and _begins_word(whole, other):
                furthest, closest, before = place, (reading, mine), (skipped, other)
    reading, mine = closest
    return _difference(reading, whole, mine, before, furthest)


def _heads(mine: str, theirs: str, heads: Iterable[str]) -> Iterator[tuple[int, int]]:
    """How many characters of each text may be a title that the other does not have."""
    for head in heads:
        here = len(head) if mine[: len(head)].casefold() == head.casefold() else 0
        there = len(head) if theirs[: len(head)].casefold() == head.casefold() else 0
        yield from dict.fromkeys(((0, there), (here, 0), (here, there)))


def _begins_word(text: str, place: int) -> bool:
    return not place or any(word.start == place for word in _words(text))


def _beginning(original: str, length: int) -> str:
    """As much of an original, which many articles may name, as matters beside so many characters."""
    short = original[: 4 * length + 4000]
    return short if len(compared(normal(short))) > length + LONGEST_ORDERED else original


def _difference(reading: str, whole: str, mine: str, before: tuple[int, int], place: int) -> Difference:
    """The words around the first character that differs.

    `place` is its number among the characters that are compared, behind the titles that stand `before`.
    """
    skipped, other = before
    words = {word.start: word.shown for word in _words(reading)}
    # Of words that are parted in one text and not in the other, the whole is shown.
    number, shown = max(
        (one.start, one.shown)
        for one in _words(whole)
        if one.start <= other + place and one.start - other + skipped in words
    )
    start = number - other + skipped
    # Where the text has ended, there is no word to point at but the last.
    place = start if words[start] else max((one for one in words if one < start), default=0)
    return Difference(words[start], shown, mine, place)


def _common(one: str, other: str) -> int:
    """The number of characters that two texts begin with in common."""
    # Halving compares in bulk, where a loop would look at each character.
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _words(text: str) -> list[_Word]:
    """The words of a normal text, and an empty one that stands for its end."""
    found: list[_Word] = []
    start = 0
    with_signs = signed(text)
    for word in _WORD.finditer(with_signs):
        places = [place for place in range(*word.span()) if is_compared(with_signs[place])]
        if places:
            found.append(_Word(start, text[places[0] : places[-1] + 1]))
            start += len(places)
    return [*found, _Word(start, "")]


def _texts(html: str) -> list[str]:
    """The plain text of a body, each block on lines of its own.

    Numbers of lists and of footnotes, which in HTML are no text, are in some of its readings.
    """
    bare = _NOTE.sub("", html)
    numbers = (False, True) if "<ol" in bare else (False,)
    readings = [
        unescape(_TAG.sub(_Between(of_lists=of_lists, of_notes=of_notes), bare))
        for of_notes in numbers
        for of_lists in numbers
    ]
    return list(dict.fromkeys(readings))


class _Between:
    """For `re.sub`: what stands in a plain text in place of a tag."""

    def __init__(self, *, of_lists: bool, of_notes: bool) -> None:
        self._of_lists = of_lists
        self._of_notes = of_notes
        #: The number of the last item of each open list; none of a list without numbers.
        self._last: list[int | None] = []

    def __call__(self, tag: re.Match[str]) -> str:
        name, keys = tag["name"].lower(), tag["keys"]
        if name in {"ol", "ul"}:
            start = _START.search(keys)
            self._last.append((int(start[1]) if start else 1) - 1 if name == "ol" else None)
        elif name in {"/ol", "/ul"}:
            del self._last[-1:]
        elif name == "li" and self._last and self._last[-1] is not None:
            self._last[-1] += 1
            if self._of_notes if keys.startswith(' id="fn') else self._of_lists:
                return f"\n{self._last[-1]}. "
        return "" if name.lstrip("/") in _INLINE else "\n"
