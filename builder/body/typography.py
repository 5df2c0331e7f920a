"""Marked words -> their typography: quotes, dashes and ellipses as Markdown sets them.

Most texts take no more than a look at single characters; where that is not certain, `plain.py` does
what the expressions of Python-Markdown do.
"""

from __future__ import annotations

from builder.body.plain import CLOSE, OPEN, SPAN_ENDS, educated

#: Hyphens that become other signs, whatever ends of spans stand between them.
_RUNS = ("--", f"-{OPEN}-", f"-{CLOSE}-", f"-{CLOSE}{OPEN}-")
_SINGLE, _DOUBLE = ("\u2018", "\u2019"), ("\u201c", "\u201d")
#: Behind these a quote closes, as it does behind a letter.
_STOPS = ".,!?;:"
#: Between two quotes so far apart there are two characters beside the ends of flat spans.
_FAR = 6


def typeset(marked: str) -> str:
    """The text with its typography set, as if the ends of spans did not stand in it."""
    usual = marked.replace(" -- ", " \u2013 ")
    if "..." in usual or ("-" in usual and any(map(usual.__contains__, _RUNS))):
        return educated(marked)
    if "'" in usual:
        usual = _quoted(usual, "'", '"', _SINGLE)
    if '"' in usual:
        usual = _quoted(usual, '"', "'", _DOUBLE)
    return usual or educated(marked)


def _quoted(marked: str, sign: str, other: str, marks: tuple[str, str]) -> str:
    """The text with its quotes of one kind set as the marks; empty where that is not certain.

    It is certain of quotes that open between a space and a letter, and that close behind a letter or
    before no digit, if there are two characters at least between them and any others.
    """
    first, last = marks
    before, *pieces = marked.split(sign)
    found = [before]
    for number, piece in enumerate(pieces):
        if number and len(piece) <= _FAR and len(piece.strip(SPAN_ENDS)) < 2:
            return ""
        if other in before[-_FAR:] or other in piece[:_FAR]:
            return ""
        left, right = before[-1:], piece[:1]
        if left in SPAN_ENDS:
            left = before.rstrip(SPAN_ENDS)[-1:]
        if right in SPAN_ENDS:
            right = piece.lstrip(SPAN_ENDS)[:1]
        if left.isalnum() or left in _STOPS:
            if right.isdecimal() or not right:
                return ""
            found += (last, piece)
        elif left in " \n" and right.isalpha():
            found += (first, piece)
        else:
            return ""
        before = piece
    return "".join(found)
