"""Plain paragraphs -> what the walk over their HTML would find, without making the HTML first.

Most articles are paragraphs of words with annotations, links, `*emphasis*` and quotation marks, and
nothing else. For these the tree of Markdown, the sanitiser and the walk over its output can only give
one thing, and `assemble_plain` makes it in one pass over the text. It takes

- paragraphs between blank lines, whose lines begin with nothing that Markdown knows;
- annotated spans, links `[words](address)` and pairs of `*` or `**`, properly nested;
- addresses that the sanitiser leaves as they are, which it is asked.

Anything else that could mean something to Markdown or HTML (code, escapes, tags, references, tables,
lists, headings, quotations, notes, images, bare brackets, underscores, stars that may be read in two
ways, stray spaces) makes it answer None, and the general way is taken. Where in doubt it answers None,
too; so it decides nothing that the general way decides otherwise.

Typography, the attributes of spans and their markup are no business of this module.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING

from builder.annotations import PLACEHOLDER
from builder.assemble import Assembled, Block
from builder.prose.typography import BORDER, Edit, edited, edits
from builder.sanitize import USUAL_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.braces import Span

#: What stands for the ends of spans here: no text holds control characters.
_OPEN, _CLOSE = "\x01", "\x02"
_REFUSED = ("\\", "`", "<", ">", "|", "&", "\t", "\r", "\xa0", _OPEN, _CLOSE)
_PRIVATE = re.compile(f"[{PLACEHOLDER}]")
#: Lines that are no words of a paragraph, and spaces at either end of a line.
_LINE = re.compile(r"\n(?:[ =#:]|[-+] |-[- ]*+(?:\n|\Z)|~~~|\d++\. )")
_TOKEN = re.compile(rf"({_OPEN}|{_CLOSE}|\*\**|\[|\]\([^\s()<>'\"&\[\]{_OPEN}{_CLOSE}]++\)|\]|\n\n\n*)")
_EMPHASIS = {"*": "em", "**": "strong"}


def assemble_plain(
    text: str,
    spans: Sequence[Span],
    keeps: Callable[[str], bool],
    rewrite: Callable[[str, bool], str],
) -> Assembled | None:
    """What `assemble` gives for the HTML of the text, or None if the text is not plain.

    `spans` are all that the text is annotated with. `keeps(html)` tells whether the sanitiser returns
    HTML as it is; `rewrite(address, is_image)` gives the address that a link of the body shall have.
    """
    for one in _REFUSED:
        if one in text:
            return None
    if not text.isascii() and _PRIVATE.search(text):
        return None
    marked = _marked(text, spans).strip("\n")
    if " \n" in marked or _LINE.search(f"\n{marked}"):
        return None
    pieces = _TOKEN.split(marked)
    texts, tokens = pieces[::2], pieces[1::2]
    addresses = [token[2:-1] for token in tokens if token[:2] == "]("]
    links = [f'<a href="{one}"></a>' for one in addresses if not USUAL_ADDRESS.fullmatch(one)]
    if links and not keeps("".join(links)):
        return None
    walk = _Walk(texts, tokens, rewrite)
    return walk.out if walk.run() else None


def _marked(text: str, spans: Sequence[Span]) -> str:
    """The text with one character for each end of a span."""
    cuts = [(span.start, span.start + 1, _OPEN) for span in spans]
    cuts += [(span.close, span.end, _CLOSE) for span in spans]
    cuts.sort()
    pieces: list[str] = []
    position = 0
    for start, end, sign in cuts:
        pieces += (text[position:start], sign)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


class _Walk:
    """One pass over the texts and the tokens between them.

    Each method that takes a token answers whether it can be nothing but what it seems.
    """

    def __init__(
        self, texts: list[str], tokens: list[str], rewrite: Callable[[str, bool], str]
    ) -> None:
        self.texts = texts
        self.tokens = tokens
        self.rewrite = rewrite
        self.out = Assembled(["<p>"], [], "", set(), [], [], {}, set(), {}, {})
        # The texts as they were written, with a border in place of each token but the ends of spans.
        borders = ["" if token in (_OPEN, _CLOSE) else BORDER for token in tokens]
        units = list(map(add, texts, (*borders, "")))
        self.view = "".join(units)
        self.ends = list(accumulate(map(len, units)))
        self.nesting: list[str] = []
        self.spans: list[tuple[int, int, int]] = []
        self.begun = 0
        self.length = 0
        self.block_spans: list[tuple[int, int, int]] = []
        self.first = 0
        self.emphasis = ""
        self.around_link = ""
        self.link = -1
        self.waiting: list[int] = []

    def run(self) -> bool:
        """Read the texts; whether they are plain. What they hold is in `out` then."""
        if "_" in self.view or self.view[:1].isspace():
            return False
        self.set_typography()
        take = {
            _OPEN: self.open_span,
            _CLOSE: self.close_span,
            "*": self.emphasise,
            "[": self.open_link,
            "]": self.close_link,
            "\n": self.end_paragraph,
        }
        parts, runs, spans = self.out.parts, self.out.runs, self.spans
        # The last paragraph ends as the others do.
        for index, sign in enumerate([*(token[0] for token in self.tokens), "\n"]):
            text = self.texts[index]
            if text:
                if spans and self.link < 0:
                    runs.setdefault(spans[-1][0], []).append(len(parts))
                parts.append(text)
                self.length += len(text)
            if not take[sign](index):
                return False
        return True

    def set_typography(self) -> None:
        texts, ends = self.texts, self.ends
        parts: dict[int, list[Edit]] = {}
        for start, end, sign in edits(self.view):
            place = bisect_right(ends, start)
            begin = start - (ends[place - 1] if place else 0)
            stop = begin + end - start
            parts.setdefault(place, []).append((begin, stop, sign))
            # What is left of a mark behind the end of a span goes, as if no span ended there.
            while stop > len(texts[place]):
                stop -= len(texts[place])
                place += 1
                parts.setdefault(place, []).append((0, stop, ""))
        for place, found in parts.items():
            texts[place] = edited(texts[place], found)

    def open_span(self, _index: int) -> bool:
        if self.spans:
            self.out.complex.add(self.spans[-1][0])
        if self.link >= 0:
            self.out.complex.add(self.begun)
        self.spans.append((self.begun, len(self.out.parts), self.length))
        self.nesting.append(_OPEN)
        self.begun += 1
        return True

    def close_span(self, _index: int) -> bool:
        if not self.nesting or self.nesting.pop() != _OPEN:
            return False
        index, part, start = self.spans.pop()
        self.out.fragments[index] = [(part, len(self.out.parts))]
        self.out.alive.add(index)
        self.block_spans.append((index, start, self.length))
        if self.link >= 0:
            self.waiting.append(index)
        return True

    def emphasise(self, index: int) -> bool:
        """Take stars: a pair of equal runs, with no other between them and with words on the inside."""
        token = self.tokens[index]
        name = _EMPHASIS.get(token)
        if name is None:
            return False
        border = self.ends[index] - 1
        if self.emphasis:
            inside = self.view[border - 1 : border]
            if self.nesting.pop() != token:
                return False
            self.emphasis = ""
            self.out.parts.append(f"</{name}>")
        else:
            inside = self.view[border + 1 : border + 2]
            self.nesting.append(token)
            self.emphasis = token
            self.out.parts.append(f"<{name}>")
        return inside not in ("", BORDER) and not inside.isspace()

    def open_link(self, index: int) -> bool:
        if self.link >= 0 or self.texts[index].endswith("!"):
            # A link in a link is none, and behind an exclamation mark stands an image.
            return False
        if self.spans:
            self.out.complex.add(self.spans[-1][0])
        self.link = len(self.out.parts)
        self.out.parts.append("")
        self.nesting.append("[")
        # The words of a link are read for themselves.
        self.around_link, self.emphasis = self.emphasis, ""
        return True

    def close_link(self, index: int) -> bool:
        token = self.tokens[index]
        if token[:2] != "](" or not self.nesting or self.nesting.pop() != "[":
            return False
        address = token[2:-1]
        parts = self.out.parts
        self.out.links.append((address, False))
        parts[self.link] = f'<a href="{escape(self.rewrite(address, False))}">'
        self.link = -1
        for one in self.waiting:
            self.out.references[one] = len(parts)
        self.waiting.clear()
        parts.append("</a>")
        self.emphasis = self.around_link
        return True

    def end_paragraph(self, index: int) -> bool:
        """Hand out the words of the paragraph that ends with the text at the index."""
        if self.nesting or self.view[self.ends[index] : self.ends[index] + 1].isspace():
            return False
        if self.block_spans or not self.out.lead:
            text = "".join(self.texts[self.first : index + 1])
            if self.block_spans:
                self.out.blocks.append(Block("p", text, self.block_spans))
                self.block_spans = []
            if not self.out.lead:
                self.out.lead = " ".join(text.split())
        self.out.parts.append("</p>\n<p>" if index < len(self.tokens) else "</p>")
        self.first = index + 1
        self.length = 0
        return True
