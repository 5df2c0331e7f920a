"""The words of an article beside those of its original: the first that differ. Pure.

Letters, the marks on them, numbers and signs of currency are compared, in their order; spaces,
punctuation, line breaks and invisible characters are not, for Markdown and typography change them.
Characters that Unicode holds to be compatible (NFKC, UAX #15) are the same: a ligature is its letters.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.addresses import original_path
from builder.annotations import Lines, replaced, tokenize
from builder.diagnostics import Diagnostic, Place, diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.model import Article

#: The originals whose words are compared are plain text. Others are kept, and nothing is said of them.
_PLAIN_TEXT = ".txt"
_TAG = re.compile(r"""<(/?\w+)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
#: Marks of footnotes, and ways back from them, are no words of the article.
_NOTE = re.compile(r'<sup id="fnref[^>]*>.*?</sup>|<a class="footnote-backref"[^>]*>.*?</a>', re.DOTALL)
#: Elements that stand within a line: their tags part no words.
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
        "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var",
    )
)  # fmt: skip
#: The number of an item of a list, which in HTML is no text.
_NUMBER = re.compile(r"^[^\S\n]*\d{1,9}[.)]\s", re.MULTILINE)
#: Letters and marks that are not seen, that lengthen a word, or that stand for an apostrophe.
_UNSEEN = frozenset(
    (
        *(0x34F, 0x640, 0x115F, 0x1160, 0x20E3, 0x3164, 0xFFA0),
        *(*range(0x2B9, 0x2C0), *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)),
        *range(0xE0000, 0xE1000),
    )
)
#: To put the marks of one letter in order takes time by the square of their number.
_LONGEST_ORDERED = 1000
_PIECE = re.compile(rf"\S{{1,{_LONGEST_ORDERED}}}|\s+")
#: Chinese and Japanese are written without spaces: each of their characters counts as a word.
_IDEOGRAPH = "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_APART = re.compile(_IDEOGRAPH)
_WORD = re.compile(rf"{_IDEOGRAPH}|(?:(?!{_IDEOGRAPH})[^\W_])+")
#: Of a longer word, as other scripts without spaces have them, the beginning is shown.
_LONGEST_SHOWN = 60
#: A word of the article is sought so many words ahead in its file, among addresses and markup.
_AHEAD = 60


class Difference(Struct, frozen=True):
    """The first words that differ, each empty where its text has ended before.

    `until` are the words of the article up to this one, and with it.
    """

    word: str
    original: str
    until: str


class _Word(Struct, frozen=True):
    """A word of a text: what of it is compared, and how it is shown.

    `start` is the number of characters before it that are compared.
    """

    start: int
    compared: str
    shown: str


class _Compared(dict[int, int | None]):
    """For `str.translate`: takes out the characters that are not compared."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        compared = (category[0] in "LMN" or category == "Sc") and code not in _UNSEEN
        found = self[code] = code if compared else None
        return found


_COMPARED = _Compared()


def is_compared(path: str) -> bool:
    """Whether the words of an original are compared with those of its article."""
    return path.lower().endswith(_PLAIN_TEXT)


def unreadable(article: Article) -> Diagnostic:
    """What to say of an original that is no text in UTF-8."""
    return diagnostic(
        article.path,
        article.source_place,
        "unreadable-original",
        f'source.original: "{original_path(article)}" is no text in UTF-8',
        "save it as UTF-8 in the editor, so that its words can be compared with the article's",
    )


def altered(article: Article, body: str, first_line: int, original: str) -> Diagnostic | None:
    """What to say of an article whose words are not those of its original; None if they are.

    `body` is its Markdown, which begins on `first_line` of its file.
    """
    titles = {article.title, article.source.title if article.source else ""}
    found = first_difference(_text(article.body.html), original, sorted(titles))
    if found is None:
        return None
    line, column = Lines(body, first_line).at(_place(body, found.until))
    name = original_path(article).removeprefix("content/")
    word, original_word = _shown(found.word), _shown(found.original)
    if not original_word:
        message = f'"{word}" stands where {name} has ended'
    elif not word:
        message = f'the article has ended where {name} goes on with "{original_word}"'
    else:
        message = f'"{word}" stands where {name} has "{original_word}"'
    return diagnostic(
        article.path,
        Place(line, column),
        "altered-words",
        message,
        "write the words of the original; if they are meant to differ, take `original` out, and say "
        "in `source.changes` what was altered",
    )


def _shown(word: str) -> str:
    return word if len(word) <= _LONGEST_SHOWN else f"{word[:_LONGEST_SHOWN]}…"


def first_difference(text: str, original: str, titles: Iterable[str] = ()) -> Difference | None:
    """The first words in which two plain texts differ; None if their words are the same.

    The original may begin with one of the titles. Numbers at the beginning of lines, which may be those
    of a list, may stand in one of the texts alone.
    """
    titles = [*titles]
    original = _beginning(original, len(_as_it_is(text)) + max(map(len, titles), default=0) * 4)
    furthest, difference = -1, None
    for reading in (_as_it_is, _without_numbers):
        mine, theirs = reading(text), reading(original)
        compared, whole = mine.translate(_COMPARED), theirs.translate(_COMPARED)
        for head in ("", *(_as_it_is(title).translate(_COMPARED) for title in titles)):
            if not whole.startswith(head):
                continue
            if whole == head + compared:
                return None
            place = _common(compared, whole[len(head) :])
            if place > furthest:
                found = _difference(_words(mine), _words(theirs), len(head), place)
                furthest, difference = (place, found) if found else (furthest, difference)
    return difference


def _beginning(original: str, length: int) -> str:
    """As much of an original, which many articles may name, as matters beside so many characters."""
    short = original[: 4 * length + 4000]
    compared = _without_numbers(short).translate(_COMPARED)
    return short if len(compared) > length + _LONGEST_ORDERED else original


def _difference(
    mine: Sequence[_Word], theirs: Sequence[_Word], before: int, place: int
) -> Difference | None:
    """The words around the first character that differs.

    `place` is its number among the characters of the article that are compared; in the original, which
    begins with a title, so many more stand `before` it. None if the title ends within a word there.
    """
    if all(one.start != before for one in theirs):
        return None
    starts = {one.start: number for number, one in enumerate(mine)}
    # Of words that are parted in one text and not in the other, the whole is shown.
    number, other = max(
        (starts.get(one.start - before, -1), one.shown) for one in theirs if one.start <= before + place
    )
    return Difference(mine[number].shown, other, " ".join([one.shown for one in mine[: number + 1]]))


def _as_it_is(text: str) -> str:
    pieces = [text]
    if len(text) > _LONGEST_ORDERED and max(map(len, text.split()), default=0) > _LONGEST_ORDERED:
        pieces = _PIECE.findall(text)
    return "".join([unicodedata.normalize("NFKC", one) for one in pieces])


def _without_numbers(text: str) -> str:
    return _NUMBER.sub("", _as_it_is(text))


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
    """The words of a text, and an empty one that stands for its end."""
    found: list[_Word] = []
    start = 0
    for word in _APART.sub(r" \g<0> ", text).split():
        compared = word.translate(_COMPARED)
        if compared:
            first, last = word.index(compared[0]), word.rindex(compared[-1])
            found.append(_Word(start, compared, word[first : last + 1]))
            start += len(compared)
    return [*found, _Word(start, "", "")]


def _text(html: str) -> str:
    """The plain text of a body, each block on lines of its own."""
    return unescape(_TAG.sub(_between, _NOTE.sub("", html)))


def _between(tag: re.Match[str]) -> str:
    return "" if tag[1].lstrip("/").lower() in _INLINE else "\n"


def _place(body: str, until: str) -> int:
    """Where in Markdown the last word of a beginning of its text stands, or the last that is found."""
    braces = sorted((span.close, span.end) for span in tokenize(body).spans)
    masked = replaced(body, [(start, end, " " * (end - start)) for start, end in braces])
    written = [(one.start(), _as_it_is(one.group())) for one in _WORD.finditer(masked)]
    position, found = 0, 0
    for one in _WORD.finditer(until):
        for index in range(position, min(position + _AHEAD, len(written))):
            if written[index][1] == one.group():
                position, found = index + 1, written[index][0]
                break
    return found
