"""Plain text -> its sentences, by the rules of its language.

sentencex finds the boundaries. It takes a title before a name ("Ms. Sahebeh") for the end of a
sentence; such a boundary is taken back here.
"""

from __future__ import annotations

import re
from functools import cache

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


@cache
def _titles(language: str) -> tuple[re.Pattern[str], tuple[str, ...], frozenset[str]]:
    """The titles of a language: at the end of a text, with their full stops, and their last letters."""
    words = f"{_TITLES['en']} {_TITLES.get(language, '')}".split()
    ends = re.compile(rf"(?:^|[\s(“\"'‘«])(?:{'|'.join(words)})\.\s*$")
    return ends, tuple(f"{word}." for word in words), frozenset(word[-2:] for word in words)


def split(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) pairs, surrounding white space left out.

    Sentences cover the text but for the space between them; text without a boundary is one.
    """
    base = language.split("-", maxsplit=1)[0].lower()
    expression, titles, endings = _titles(base if base in _TITLES else "en")
    found: list[tuple[int, int]] = []
    start = begin = 0
    joined = empty = False
    for end in _ends(text, base):
        piece = text[start:end]
        words = piece.strip()
        if not joined:
            begin, empty = start, True
        if words:
            first = start if words[0] == piece[0] else start + piece.index(words[0])
            found.append((first if empty else found.pop()[0], first + len(words)))
            empty = False
        # White space alone goes with what follows.
        joined = not words
        # So does a title. The last letters tell nearly always that there is none, and much cheaper.
        if words and (
            len(words) < _LONGEST_TITLE
            or (
                words[-1] == "."
                and (words[-3:-1] in endings or words[-2] in endings)
                and words.endswith(titles)
            )
        ):
            joined = expression.search(text[max(begin, end - _TAIL) : end]) is not None
        start = end
    return found


def _ends(text: str, language: str) -> list[int]:
    """Where the sentences end for sentencex, the space behind each included; they cover the text.

    Its time grows with the square of the text, so it sees one window at a time. The last sentence of
    a window may go on behind it: there the next window begins.
    """
    found: list[int] = []
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
