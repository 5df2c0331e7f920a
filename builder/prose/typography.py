"""Smart quotes, dashes and ellipses, as Python-Markdown's `smarty` sets them.

The extension runs eighteen regular expressions one after the other over every text and
hides what each has replaced from the next. Their decisions look at no more than four
characters on either side of a mark, and two marks can only meddle with one another when
they touch or share the character between them. A text where no two quotes are that close
is therefore set in one pass by one expression, which is asked only where a mark can begin;
any other text goes through the ordered passes. Both look at the text without its
transparent characters and put the result back around them.

The marks are set as characters where the extension writes named entities.
"""

import re
from collections.abc import Iterable

from builder.prose.transparent import TRANSPARENT_CLASS, TRANSPARENT_RE
from builder.signs import offsets

EM_DASH, EN_DASH, ELLIPSIS = "\u2014", "\u2013", "\u2026"
LEFT_SINGLE, RIGHT_SINGLE = "\u2018", "\u2019"
LEFT_DOUBLE, RIGHT_DOUBLE = "\u201c", "\u201d"

BORDERS = "\x04-\x08"
"""What stands between texts that are set together, as the inside of a regular expression's bracket:
each text is set as if it stood alone. Markdown's own signs are none of these: what they stand around is
a part of the text."""
_MARKDOWN = "\x02\x03"
_HIDDEN = "\x02"
"""What stands for a replaced character: no word, no space, no punctuation, closes nothing."""

_PUNCTUATION = r"""[!"#\$\%'()*+,\-.\/:;<=>?\@\[\\\]\^_`{|}~]"""
_CLOSES = rf"(?<=[^\ \t\r\n\[\{{\(\-{_MARKDOWN}{BORDERS}])"
_EM_DASH = r"(?<!-)---(?!-)"
_EN_DASH = r"(?<!-)--(?!-)"
_ELLIPSIS = r"(?<!\.)\.{3}(?!\.)"
# A dash of two or three hyphens is set before the quotes are looked at, so what is left of it is
# no punctuation, and only hyphens of a longer run can open a quotation.
_AT_START = rf"(?=(?!-{{2,3}}(?!-)){_PUNCTUATION}\B)"
_OPENS = r"(?:(?<=[\s\u2013\u2014])|(?<=----))"

_BEGINS = f"(?:^|(?<=[{BORDERS}]))"

# For every sign that a mark begins with: an expression whose groups are the marks, and as what each
# is set.
_ONE_PASS = {
    sign: (re.compile("|".join(f"({pattern})" for pattern, _ in marks)), [one for _, one in marks])
    for sign, marks in {
        "-": ((_EM_DASH, EM_DASH), (_EN_DASH, EN_DASH)),
        "'": (
            (rf"{_BEGINS}'{_AT_START}|(?<!\w)'(?=\d{{2}}s)", RIGHT_SINGLE),
            (rf"{_OPENS}'(?=\w)", LEFT_SINGLE),
            (rf"'(?=\s|s\b)|{_CLOSES}'(?!\d)", RIGHT_SINGLE),
            ("'", LEFT_SINGLE),
        ),
        '"': (
            (f'{_BEGINS}"{_AT_START}', RIGHT_DOUBLE),
            (rf'{_OPENS}"(?=\w)', LEFT_DOUBLE),
            (rf'"(?=\s)|{_CLOSES}"', RIGHT_DOUBLE),
            ('"', LEFT_DOUBLE),
        ),
        ".": ((_ELLIPSIS, ELLIPSIS),),
    }.items()
}
_BORDER = re.compile(f"[{BORDERS}]")
# Transparent characters may stand between the characters of a dash.
_DASH_OR_DOTS = re.compile(rf"-[{TRANSPARENT_CLASS}]*-|\.[{TRANSPARENT_CLASS}]*\.")
_OPENING_BASE = r"(?:\s|--|\u2013|\u2014)"
_CLOSING_NEIGHBOUR = r"(?:\s|s\b)"

# The ordered passes: the expression, whose group `q` is the mark and whose whole match is hidden
# from the passes after it, and the characters set in place of the mark.
_PASSES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (f"(?P<q>{_EM_DASH})", EM_DASH),
        (f"(?P<q>{_EN_DASH})", EN_DASH),
        (rf"^(?P<q>')(?={_PUNCTUATION}\B)", RIGHT_SINGLE),
        (rf'^(?P<q>")(?={_PUNCTUATION}\B)', RIGHT_DOUBLE),
        (r"""(?P<q>"')(?=\w)""", LEFT_DOUBLE + LEFT_SINGLE),
        (r"""(?P<q>'")(?=\w)""", LEFT_SINGLE + LEFT_DOUBLE),
        (rf"""{_CLOSES}(?P<q>'")""", RIGHT_SINGLE + RIGHT_DOUBLE),
        (rf"""{_CLOSES}(?P<q>"')""", RIGHT_DOUBLE + RIGHT_SINGLE),
        (r"(?<!\w)(?P<q>')(?=\d{2}s)", RIGHT_SINGLE),
        (rf"{_OPENING_BASE}(?P<q>')(?=\w)", LEFT_SINGLE),
        (rf"{_CLOSES}(?P<q>')(?!\s|s\b|\d)", RIGHT_SINGLE),
        (rf"(?P<q>'){_CLOSING_NEIGHBOUR}", RIGHT_SINGLE),
        (r"(?P<q>')", LEFT_SINGLE),
        (rf'{_OPENING_BASE}(?P<q>")(?=\w)', LEFT_DOUBLE),
        (r'(?P<q>")(?=\s)', RIGHT_DOUBLE),
        (rf'{_CLOSES}(?P<q>")', RIGHT_DOUBLE),
        (r'(?P<q>")', LEFT_DOUBLE),
        (f"(?P<q>{_ELLIPSIS})", ELLIPSIS),
    )
)

Edit = tuple[int, int, str]


def educate(text: str) -> str:
    """The text with its quotes, dashes and ellipses set, its transparent characters in place."""
    if "'" not in text and '"' not in text and not _DASH_OR_DOTS.search(text):
        return text
    if not text.isascii() and TRANSPARENT_RE.search(text):
        return _around(text)
    return edited(text, edits(text))


def edits(text: str) -> list[Edit]:
    """What is to be set in a text without transparent characters: where, and as what; in order.

    Texts with `BORDERS` between them are set as if each stood alone.
    """
    found: list[Edit] = []
    last = -3
    # Marks begin at quotes, and at runs of hyphens and full stops.
    for start in offsets(text, "'", '"', "--", "..."):
        sign = text[start]
        expression, marks = _ONE_PASS[sign]
        match = expression.match(text, start)
        if match is None:
            continue
        if sign in "'\"":
            if start - last <= 2:
                return _one_by_one(text)
            last = start
        found.append((start, match.end(), marks[(match.lastindex or 1) - 1]))
    return found


def _one_by_one(text: str) -> list[Edit]:
    """The same for texts in which quotes stand close to one another."""
    found: list[Edit] = []
    begin = 0
    for part in _BORDER.split(text):
        found += [(begin + start, begin + end, sign) for start, end, sign in _ordered(part)]
        begin += len(part) + 1
    return found


def _ordered(text: str) -> list[Edit]:
    """What the ordered passes replace, in the order of the text."""
    found: list[Edit] = []
    for pattern, replacement in _PASSES:
        hidden: list[str] = []
        done = 0
        for match in pattern.finditer(text):
            # What this pass has just hidden closes nothing, though the expression still sees it.
            if done and match.start() == done and pattern.pattern.startswith(_CLOSES):
                continue
            found.append((*match.span("q"), replacement))
            hidden.append(text[done : match.start()])
            hidden.append(_HIDDEN * (match.end() - match.start()))
            done = match.end()
        if hidden:
            hidden.append(text[done:])
            text = "".join(hidden)
    found.sort()
    return found


def edited(text: str, found: Iterable[Edit]) -> str:
    """The text with the edits, in the order of the text."""
    pieces: list[str] = []
    done = 0
    for start, end, replacement in found:
        pieces.append(text[done:start])
        pieces.append(replacement)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _around(text: str) -> str:
    """The text set as if its transparent characters were not there, which stay where they are."""
    pieces = TRANSPARENT_RE.split(text)
    plain = "".join(pieces)
    found = edits(plain)
    if not found:
        return text
    # Positions in the plain text become positions in the text: every run of transparent
    # characters before a position moves it by the length of the run.
    runs = [match.span() for match in TRANSPARENT_RE.finditer(text)]
    runs.append((len(text) + 1, len(text) + 1))
    moved: list[Edit] = []
    run = shift = 0
    for start, end, sign in found:
        replacement = sign
        while runs[run][0] <= start + shift:
            shift += runs[run][1] - runs[run][0]
            run += 1
        begin = start + shift
        while runs[run][0] <= end - 1 + shift:
            # A run inside the mark itself is kept behind what the mark is set as.
            replacement += text[runs[run][0] : runs[run][1]]
            shift += runs[run][1] - runs[run][0]
            run += 1
        moved.append((begin, end + shift, replacement))
    return edited(text, moved)
