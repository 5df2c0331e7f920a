"""Text -> what of it is compared: letters, their marks, numbers and signs that have a meaning. Pure.

Spaces, punctuation, line breaks and invisible characters are left out, for Markdown and typography
change them. Characters that Unicode holds to be compatible (NFKC, UAX #15) are the same: a ligature is
its letters.
"""

from __future__ import annotations

import re
import unicodedata

#: Signs that are words: percent, per mille, degrees.
_SIGNS = frozenset((0x25, 0x2030, 0x66A, 0xB0))
#: Letters and marks that are not seen, that lengthen a word, or that stand for an apostrophe.
_UNSEEN = frozenset(
    (
        *(0x34F, 0x640, 0x115F, 0x1160, 0x20E3, 0x3164, 0xFFA0),
        *(*range(0x2B9, 0x2C0), *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)),
        *range(0xE0000, 0xE1000),
    )
)
#: What is compared of the signs within numbers and before them: one code point for each kind. They are
#: noncharacters, which no text has.
_POINT, _COMMA, _COLON, _SLASH, _DASH, _MINUS = (chr(code) for code in range(0xFDD0, 0xFDD6))
_WITHIN = {
    ".": _POINT,
    "٫": _POINT,
    ",": _COMMA,
    "٬": _COMMA,
    ":": _COLON,
    "/": _SLASH,
    "\u2044": _SLASH,
    **dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014\u2212", _DASH),
}
_NUMERIC = re.compile(
    r"(?<=\d)(?:[.,٫٬:/\u2044]|\s*[\u2010-\u2014\u2212-]+\s*)(?=\d)|(?<![^\s(])[-\u2212](?=\d)"
)
#: To put the marks of one letter in order takes time by the square of their number.
LONGEST_ORDERED = 1000
_PIECE = re.compile(rf"\S{{1,{LONGEST_ORDERED}}}|\s+")


class _Compared(dict[int, int | None]):
    """For `str.translate`: takes out the characters that are not compared."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        seen = (
            category[0] in "LMN" or category == "Sc" or code in _SIGNS or _POINT <= chr(code) <= _MINUS
        )
        found = self[code] = code if seen and code not in _UNSEEN else None
        return found


_COMPARED = _Compared()


def normal(text: str) -> str:
    """A text in the form in which texts are compared, with all its characters."""
    pieces = [text]
    if len(text) > LONGEST_ORDERED and max(map(len, text.split()), default=0) > LONGEST_ORDERED:
        pieces = _PIECE.findall(text)
    return "".join([unicodedata.normalize("NFKC", one) for one in pieces])


def signed(text: str) -> str:
    """A text, of the same length, whose signs within and before numbers are told from punctuation."""
    return _NUMERIC.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    written = found.group()
    if found.start() == 0 or not found.string[found.start() - 1].isdecimal():
        return _MINUS
    # A range may have spaces around its dash, and two hyphens for it.
    return _WITHIN[written.strip()[0]] + " " * (len(written) - 1)


def compared(text: str) -> str:
    """What of a normal text is compared."""
    return signed(text).translate(_COMPARED)


def is_compared(character: str) -> bool:
    """Whether a character of a text, its numbers signed, is compared."""
    return _COMPARED[ord(character)] is not None
