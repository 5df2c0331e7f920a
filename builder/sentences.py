"""Plain text -> its sentences, by the rules of its language.

sentencex finds the boundaries. It takes a title before a name ("Ms. Sahebeh") for the end of a
sentence; such a boundary is taken back here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sentencex

if TYPE_CHECKING:
    from collections.abc import Iterator

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
#: So much of a sentence is looked at for a title at its end.
_TAIL = 24
#: So much of a text is cut into sentences at once.
_WINDOW = 4000
_TITLE_END: dict[str, re.Pattern[str]] = {}


def split(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) pairs, surrounding white space left out.

    Sentences cover the text but for the space between them; text without a boundary is one.
    """
    base = language.split("-", maxsplit=1)[0].lower()
    pieces: list[list[int]] = []
    joined = False
    for offset, end in _segments(text, base):
        if joined and pieces:
            pieces[-1][1] = end
        else:
            pieces.append([offset, end])
        words = text[offset:end]
        joined = _goes_on(text[max(pieces[-1][0], end - _TAIL) : end], base) or not words.strip()
    found = []
    for start, end in pieces:
        words = text[start:end]
        stripped = words.strip()
        if stripped:
            begin = start + words.index(stripped[0])
            found.append((begin, begin + len(stripped)))
    return found


def _segments(text: str, language: str) -> Iterator[tuple[int, int]]:
    """What sentencex takes for sentences, with the space behind them; they cover the text.

    Its time grows with the square of the text, so it sees one window at a time. The last sentence of
    a window may go on behind it: there the next window begins.
    """
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
            yield start, start + len(piece)
            start += len(piece)
        if stop == len(text) and start < stop:
            yield start, stop
            return


def count_words(text: str) -> int:
    """How many words a text has: runs of characters between white space."""
    return len(text.split())


def _goes_on(sentence: str, language: str) -> bool:
    pattern = _TITLE_END.get(language)
    if pattern is None:
        words = f"{_TITLES['en']} {_TITLES.get(language, '')}".split()
        pattern = re.compile(rf"(?:^|[\s(“\"'‘«])(?:{'|'.join(words)})\.\s*$")
        _TITLE_END[language] = pattern
    return bool(pattern.search(sentence))
