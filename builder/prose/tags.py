"""Inline HTML: tags, comments, processing instructions and CDATA, kept as they are written.

The grammar is that of `markdown.inlinepatterns.HTML_RE`. There an attribute's value may hold
a `<`, so that tags begun one inside the other read the same text over and over; here the
attributes of a text are read once each, and where a chain of them ends is remembered.
"""

import re
from typing import TYPE_CHECKING

from builder.prose.spans import keep_html

if TYPE_CHECKING:
    from builder.prose.inline import Inline

_NAME = re.compile(r"""</?[a-zA-Z][^\s"'<>@]*+""")
_ATTRIBUTE = re.compile(r"""\s+[^\s"'=<>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>]++))?""")
_END = re.compile(r"\s*+/?+>")
_OTHER = re.compile(
    r"<(?:"
    r"!--(?:(?!<!--|-->).)*--|"
    r"[?](?:(?!<[?]|[?]>).)*[?]|"
    r"!\[CDATA\[(?:(?!<!\[CDATA\[|\]\]>).)*\]\]"
    r")>",
    re.DOTALL,
)


def html(inline: "Inline", text: str, _pattern: int) -> str:
    """Replace what is HTML in the text by placeholders; see `builder.prose.inline`."""
    ends: dict[int, int] = {}
    pieces: list[str] = []
    done = position = 0
    while (begin := text.find("<", position)) >= 0:
        end = _end(text, begin, ends)
        position = begin + 1
        if end >= 0:
            pieces.append(text[done:begin])
            pieces.append(keep_html(inline, text[begin:end]))
            done = position = end
    if not pieces:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def _end(text: str, begin: int, ends: dict[int, int]) -> int:
    """Where the HTML that begins at the position ends; -1 if there is none."""
    name = _NAME.match(text, begin)
    if name is None:
        other = _OTHER.match(text, begin)
        return other.end() if other else -1
    chain: list[int] = []
    place = name.end()
    while place not in ends:
        chain.append(place)
        attribute = _ATTRIBUTE.match(text, place)
        if attribute is None:
            close = _END.match(text, place)
            ends[place] = close.end() if close else -1
        else:
            place = attribute.end()
    end = ends[place]
    for one in chain:
        ends[one] = end
    return end
