"""Plain text -> its sentences, by the rules of its language.

sentencex finds the boundaries. It takes a title before a name ("Ms. Sahebeh") for the end of a
sentence; such a boundary is taken back here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import accumulate

import sentencex

#: Titles and ranks after which a sentence goes on, by language; those of English hold for all.
_TITLES = {
    "en": "Mr Mrs Ms Mx Dr Prof Gen Lt Col Maj Capt Cpt Cmdr Sgt Cpl Adm Sen Rep Gov Pres Amb Rev Fr "
    "Hon Messrs Mmes St Ste Sr Jr Ayat Eng No Nos vs cf approx Art Fig Vol",
    "de": "Hr Fr Frl Dipl Ing Mag Nr St bzw ca",
    "fr": "M MM Mme Mlle Me Mgr no art",
    "es": "Sr Sra Srta D Dña Lic Ing Núm",
    "it": "Sig Sigg On Avv Ing Dott Geom Art",
    "pt": "Sr Sra Eng Exmo Exma Art",
    "ru": "г гг ул им тов акад",
    "tr": "Sn Av Alb Gnkur",
}
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
        self._bounds: dict[int, tuple[tuple[int, ...], ...]] = {}
        self._pieces: list[str] = []
        if len(text) <= _WINDOW or max(map(len, text.split(GAP))) <= _WINDOW:
            self._pieces = sentencex.segment(base, text)
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
            if stop >= end and self._is_sound(piece):
                before = self._pieces[place - 1] if place else GAP
                if before == GAP or self._is_sound(before):
                    return stop - len(piece), stop - (piece[-1] == " ")
        return self._within(start, end)

    def _within(self, start: int, end: int) -> tuple[int, int]:
        """The same from all sentences of the one text, which are made out for that."""
        gap = self._text.rfind(GAP, 0, start)
        offset = gap + len(GAP) if gap >= 0 else 0
        if offset not in self._bounds:
            text = self._text[offset:].partition(GAP)[0]
            bounds = split(text, self._language) or [(0, len(text))]
            self._bounds[offset] = tuple(zip(*bounds, strict=True))
        starts, ends = self._bounds[offset]
        first = min(bisect_right(ends, start - offset), len(ends) - 1)
        last = max(bisect_left(starts, end - offset) - 1, first)
        return offset + starts[first], offset + ends[last]

    def _is_sound(self, piece: str) -> bool:
        """Whether a piece is words and at most a space behind them, and certainly ends a sentence."""
        if len(piece) <= _LONGEST_TITLE or piece[0] <= " ":
            return False
        last = piece[-4:-2] if piece[-1] == " " else piece[-3:-1]
        endings = self._endings
        return (last not in endings and last[1] not in endings) or not piece.endswith(self._titles)


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
    for end in _ends(text, base):
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
            if length < _LONGEST_TITLE or (
                (words[-3:-1] in endings or words[-2] in endings) and words.endswith(titles)
            ):
                joined = expression.search(text[max(begin, end - _TAIL) : end]) is not None
        start = end
    return found


def _ends(text: str, language: str) -> list[int]:
    """Where the sentences end for sentencex, the space behind each included; they cover the text.

    Its time grows with the square of the text, so it sees one window at a time. The last sentence of
    a window may go on behind it: there the next window begins.
    """
    if len(text) <= _WINDOW:
        found = list(accumulate(map(len, sentencex.segment(language, text))))
        return found if found and found[-1] == len(text) else [*found, len(text)]
    found = []
    start = 0
    while start < len(text):
        stop = min(start + _WINDOW, len(text))
        pieces = sentencex.segment(language, text[start:stop])
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


def count_words(text: str) -> int:
    """How many words a text has: runs of characters between white space."""
    return len(text.split())
