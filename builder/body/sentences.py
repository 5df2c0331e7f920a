"""Plain text -> its sentences, by the rules of its language.

sentencex finds the boundaries. Some are taken back here, for no sentence ends there: behind a title
("Ms. Sahebeh"), behind a number with a full stop that makes it an ordinal ("19. Jahrhundert"), within a
number or a name ("3.5", "www.Example.com"), before a small letter ("5 mln. tonnes"), and before a
number at the end of brackets ("(since 2018)"). One is added: behind a sentence in brackets of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import sentencex

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Titles and ranks after which a sentence goes on, by language; those of English hold for all.
_TITLES = {
    "en": "Mr Mrs Ms Mx Dr Prof Gen Lt Col Maj Capt Cpt Cmdr Sgt Cpl Adm Sen Rep Gov Pres Amb Rev Fr "
    "Hon Messrs Mmes St Ste Sr Jr Ayat Eng No Nos vs cf approx Approx Art Arts Fig Figs Vol Ch Sec Pp "
    "pp Tel Ext Dept Govt Univ Intl Supt Incl incl",
    "de": "Hr Fr Frl Dipl Ing Mag Nr St bzw ca Fa Hrsg Inkl inkl Präs Mio Mrd Abs Gem gem Sog sog "
    "Ehem ehem",
    "fr": "M MM Mme Mlle Me Mgr no art janv févr juil oct nov déc Chap chap Env env Éd Pr",
    "es": "Sr Sra Srta D Dña Lic Ing Núm Pág pág Gral Aprox aprox",
    "it": "Sig Sigg On Avv Ing Dott Geom Art Pag pag",
    "pt": "Sr Sra Eng Exmo Exma Art",
    "ru": "г гг ул им тов акад млн млрд тыс Рис рис Стр стр См см Ген ген Напр напр Им",
    "tr": "Sn Av Alb Gnkur",
    "fa": "دکتر ص",
    "pl": "mln mld tys",
}
#: Languages that write ordinals as a number with a full stop.
_WITH_ORDINALS = (
    "az",
    "cs",
    "da",
    "de",
    "et",
    "fi",
    "hr",
    "hu",
    "lv",
    "nb",
    "no",
    "pl",
    "sk",
    "sl",
    "sr",
    "tr",
)
#: One at the end of a text: a longer number is a year or a quantity, and ends a sentence.
_ORDINAL = re.compile(r"(?:^|[^\w.,])(?:\d{1,2}|[IVX]{1,5})\.\s*$")
#: Languages in which sentencex takes a letter with a full stop for the end of a sentence, though it is
#: a title, as that of a doctor, or a part of a name.
_WITH_INITIALS = ("ar", "fa")
#: What can stand before such a letter.
_BEFORE_INITIALS = frozenset(" .(“\"'‘«")
#: One at the end of a text; behind a number it is that of an era.
_INITIAL = re.compile(r"(?:^|(?<!\d)\s|[.(“\"'‘«])[^\W\d_]\.\s*$")
_BRACKETS = {"(": ")", "[": "]"}
#: What comes before a number or letter at the end of brackets; behind both, it counts items of a list.
_BEFORE_LAST = re.compile(r"(\([^()\n]*) (?=(?:[0-9]+|[IVXLCDMivxlcdm]+|[A-Za-z])\) )")
#: The last letters of numbers, Roman ones among them.
_NUMERALS = frozenset("0123456789IVX")
#: What a sentence in brackets may end with.
_STOPS = ".!?…。！？؟۔"
#: No title is as long as this, its full stop included.
_LONGEST_TITLE = 8
#: So much of a sentence is looked at for a title at its end.
_TAIL = 24
#: So much of a text is cut into sentences at once.
_WINDOW = 4000
#: What parts the texts that are cut together.
GAP = "\n\n"


@cache
def _titles(language: str) -> tuple[re.Pattern[str], tuple[str, ...], frozenset[str]]:
    """The titles of a language: at the end of a text, with their full stops, and their last letters.

    Those with full stops stand there with and without a space behind them.
    """
    words = f"{_TITLES['en']} {_TITLES.get(language, '')}".split()
    ends = re.compile(rf"(?:^|[\s(“\"'‘«])(?:{'|'.join(words)})\.\s*$")
    stopped = [f"{word}." for word in words]
    return ends, (*stopped, *(f"{one} " for one in stopped)), frozenset(word[-2:] for word in words)


class Sentences:
    """The sentences of several texts; only those that are asked for are made out.

    The texts hold no white space but single spaces, and are joined by `GAP`: sentencex takes a blank
    line for the end of a text, so it is asked for the boundaries of all texts at once.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        base = _base(language)
        _, self._titles, self._endings = _titles(base if base in _TITLES else "en")
        self._ordinals = base in _WITH_ORDINALS
        self._initials = base in _WITH_INITIALS
        self._bounds: dict[int, tuple[tuple[int, ...], ...]] = {}
        #: Where each text begins, and where one more would.
        self._begins: list[int] = []
        self._pieces: list[str] = []
        if len(text) <= _WINDOW or max(map(len, text.split(GAP))) <= _WINDOW:
            self._pieces = _segment(base, text)
        self._ends = list(accumulate(map(len, self._pieces)))
        if not self._ends or self._ends[-1] != len(text):
            self._pieces, self._ends = [], []

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The start and the end of the sentence that holds the stretch of one text from start to end.

        Of a stretch that runs over several sentences, all of them; space goes with what follows.
        """
        text = self._text
        # Between boundaries that nothing takes back stands one sentence, whatever the others are.
        if self._pieces and start < end and text[start] != " " and text[end - 1] != " ":
            place = bisect_right(self._ends, start)
            piece = self._pieces[place]
            stop = self._ends[place]
            if stop >= end and piece[0] not in _BRACKETS and self._is_sound(piece, stop):
                before = self._pieces[place - 1] if place else GAP
                if before == GAP or self._is_sound(before, stop - len(piece)):
                    return stop - len(piece), stop - (piece[-1] == " ")
        return self._within(start, end)

    def _within(self, start: int, end: int) -> tuple[int, int]:
        """The same from all sentences of the one text, which are made out for that."""
        if not self._begins:
            # To look back from each stretch would take long in a long text, with many of them.
            sizes = [len(one) + len(GAP) for one in self._text.split(GAP)]
            self._begins = list(accumulate(sizes, initial=0))
        place = bisect_right(self._begins, start, hi=len(self._begins) - 1)
        offset, behind = self._begins[place - 1], self._begins[place]
        if offset not in self._bounds:
            text = self._text[offset : behind - len(GAP)]
            bounds = split(text, self._language) or [(0, len(text))]
            self._bounds[offset] = tuple(zip(*bounds, strict=True))
        starts, ends = self._bounds[offset]
        first = min(bisect_right(ends, start - offset), len(ends) - 1)
        last = max(bisect_left(starts, end - offset) - 1, first)
        return offset + starts[first], offset + ends[last]

    def _is_sound(self, piece: str, stop: int) -> bool:
        """Whether a piece is words and at most a space behind them, and certainly ends a sentence."""
        if len(piece) <= _LONGEST_TITLE or piece[0] <= " ":
            return False
        last = piece[-4:-2] if piece[-1] == " " else piece[-3:-1]
        endings = self._endings
        if (last in endings or last[1] in endings) and piece.endswith(self._titles):
            return False
        after = self._text[stop : stop + 1]
        # Behind the text of a paragraph stands what parts it from the next.
        if _goes_on(piece, after if after > " " else ""):
            return False
        if self._initials and last[0] in _BEFORE_INITIALS:
            return False
        # A number before the full stop is looked at more closely.
        return not (self._ordinals and last[1] in _NUMERALS)


def within(start: int, end: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """A stretch of a text, counted from the beginning of the sentence around it.

    Space at its ends may stand outside of the sentence, and is left out.
    """
    begin, stop = bounds
    if begin <= start and end <= stop:
        return start - begin, end - begin
    return min(max(start, begin), stop) - begin, min(max(end, begin), stop) - begin


def _base(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


def split(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) pairs, surrounding white space left out.

    Sentences cover the text but for the space between them; text without a boundary is one.
    """
    base = _base(language)
    expression, titles, endings = _titles(base if base in _TITLES else "en")
    found: list[tuple[int, int]] = []
    start = begin = 0
    joined = empty = False
    for end in _bounds(text, base):
        piece = text[start:end]
        words = piece.strip()
        if not joined:
            begin, empty = start, True
        # White space alone goes with what follows, and so does a title. The last letters tell nearly
        # always that there is none, and much cheaper.
        joined = not words
        if words:
            first = start if words[0] == piece[0] else start + piece.index(words[0])
            length = len(words)
            found.append((first if empty else found.pop()[0], first + length))
            empty = False
            tail, after = text[max(begin, end - _TAIL) : end], text[end : end + 1]
            joined = _goes_on(piece, after)
            if length < _LONGEST_TITLE or (
                (words[-3:-1] in endings or words[-2] in endings) and words.endswith(titles)
            ):
                joined |= _is_title(expression, tail, after)
            if base in _WITH_ORDINALS and (length < 2 or words[-2] in _NUMERALS):
                joined |= _ORDINAL.search(tail) is not None
            elif base in _WITH_INITIALS and (length < 3 or words[-3] in _BEFORE_INITIALS):
                joined |= _INITIAL.search(tail) is not None
        start = end
    return found


def _is_title(expression: re.Pattern[str], tail: str, after: str) -> bool:
    """Whether the end of a sentence so far is a title, which what follows belongs to."""
    # All that somebody answered may be "No.", which is short for a number before a number alone.
    if tail.strip() == "No." and not after.isdigit():
        return False
    return expression.search(tail) is not None


def _goes_on(piece: str, after: str) -> bool:
    """Whether what follows a piece shows that its full stop ends no sentence."""
    # The letters of Georgian count as small ones, but sentences do not begin with others.
    if after.islower():
        return piece[-1] == "." or after.title() != after
    # In Japanese, "と" behind what was said leads to who said it.
    return bool(after) and (piece[-1] == "." or (after == "と" and piece[-1] in "」』"))


def _bounds(text: str, language: str) -> Iterator[int]:
    """Where the sentences end, those in brackets of their own among them."""
    start = 0
    for end in _ends(text, language):
        while (behind := _behind_brackets(text, start, end)) > start:
            yield behind
            start = behind
        yield end
        start = end


def _behind_brackets(text: str, start: int, end: int) -> int:
    """Where a sentence in brackets ends that begins a stretch and does not fill it; else its start."""
    opening = text[start : start + 1]
    close = text.find(_BRACKETS[opening], start, end) if opening in _BRACKETS else -1
    behind = close + len(") ")
    if close < 0 or behind >= end or text[close + 1] != " ":
        return start
    is_sentence = text[close - 1] in _STOPS and opening not in text[start + 1 : close]
    return behind if is_sentence else start


def _ends(text: str, language: str) -> list[int]:
    """Where the sentences end for sentencex, the space behind each included; they cover the text.

    Its time grows with the square of the text, so it sees one window at a time. The last sentence of
    a window may go on behind it: there the next window begins.
    """
    if len(text) <= _WINDOW:
        found = list(accumulate(map(len, _segment(language, text))))
        return found if found and found[-1] == len(text) else [*found, len(text)]
    found = []
    start = 0
    while start < len(text):
        stop = min(start + _WINDOW, len(text))
        pieces = _segment(language, text[start:stop])
        if stop < len(text) and len(pieces) > 1:
            pieces = pieces[:-1]
        elif stop < len(text):
            # No sentence is that long: it is cut between two words, if there are two.
            pieces = [text[start : text.rfind(" ", start, stop) + 1 or stop]]
        for piece in pieces:
            start += len(piece)
            found.append(start)
        if stop == len(text):
            if start < stop:
                found.append(stop)
            break
    return found


def _segment(language: str, text: str) -> list[str]:
    """The sentences of a text for sentencex, the space behind each included.

    It takes the "2018) Armen" of "(since 2018) Armen" for an item of a list, if there are two of that
    form, and divides no item. The words from "<" up to any bracket it does not divide, either.
    """
    # Most texts have no brackets, and that is found in no time.
    has_two = ")" in text and text.count(") ") > 1
    joined = _BEFORE_LAST.sub(r"\1_", text) if has_two else text
    joined = joined.replace("<", "=").replace(">", "=")
    pieces: list[str] = sentencex.segment(language, joined)
    if joined == text:
        return pieces
    ends = accumulate(map(len, pieces), initial=0)
    return [text[start:end] for start, end in pairwise(ends)]


def count_words(text: str) -> int:
    """How many words a text has: runs of characters between white space."""
    return len(text.split())
