"""Plain paragraphs -> what the walk over their HTML would find, without making the HTML first.

Most articles are paragraphs of words with annotations, links, `*emphasis*` and quotation marks, and
nothing else. For these the tree of Markdown, the sanitiser and the walk over its output can only give
one thing, and `assemble_plain` makes it straight from the text. It takes

- paragraphs between blank lines, whose lines begin with nothing that Markdown knows;
- annotated spans, links `[words](address)` and pairs of `*` or `**`, properly nested;
- addresses that the sanitiser leaves as they are, which it is asked.

Anything else that could mean something to Markdown or HTML (code, escapes, tags, references, tables,
lists, headings, quotations, notes, images, bare brackets, underscores, stars that may be read in two
ways, stray spaces) makes it answer None, and the general way is taken. Where in doubt it answers None,
too; so it decides nothing that the general way decides otherwise.

All that means something is first written as a token of one character, and a walk takes the tokens one
by one; where they do not stand in one another, `flat.py` does without it. Where plain paragraphs are
not all of a text, `mixed.py` takes them out of it. The attributes of spans and
their markup are no business of this module.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.body.assemble import Assembled, Block, nothing
from builder.body.sanitize import USUAL_ADDRESS
from builder.prose.transparent import TRANSPARENT_CLASS
from builder.prose.typography import Edit, edited, edits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.body.braces import Span

#: What each token is written as here: no text holds control characters. All but the ends of spans are
#: borders to typography.
OPEN, CLOSE = "\x01\x02"
BREAK, EM, STRONG, LINK, LINK_END = "\x04\x05\x06\x07\x08"
SPAN_ENDS = OPEN + CLOSE
_TOKENS = f"{OPEN}{CLOSE}{BREAK}{EM}{STRONG}{LINK}{LINK_END}"
REFUSED = [*"\\`<>|&\t\r\xa0", *_TOKENS]
PRIVATE = re.compile(f"[{TRANSPARENT_CLASS}]")
#: Lines that are no words of a paragraph, and spaces at either end of a line.
LINE = re.compile(r"\n(?:[ =#:]|(?<= \n)|[-+] |-[- ]*+(?:\n|\Z)|~~~|\d++\. )")
_ADDRESS = re.compile(rf"\]\(([^\s()<>'\"&\[\]{OPEN}{CLOSE}]++)\)")
BREAKS = re.compile(r"\n\n\n*")
_STARS = re.compile(r"\*\**")
_STAR_TOKENS = {"*": EM, "**": STRONG}
NAMES = {EM: "em", STRONG: "strong"}
INLINE = (EM, STRONG, LINK, LINK_END)
#: All white space but the space and the line break, in texts of ASCII alone and in all others.
ODD_ASCII = "\t\x0b\x0c\r\x1c\x1d\x1e\x1f"
ODD_SPACES = [
    *ODD_ASCII,
    *"\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000",
    *map(chr, range(0x2000, 0x200B)),
]
_PIECE = re.compile(f"[{_TOKENS}][^{_TOKENS}]*")


def assemble_plain(
    text: str,
    spans: Sequence[Span],
    keeps: Callable[[str], bool],
    rewrite: Callable[[str], str],
) -> Assembled | None:
    """What `assemble` gives for the HTML of the text, or None if the text is not plain.

    `spans` are all that the text is annotated with. `keeps(html)` tells whether the sanitiser returns
    HTML as it is; `rewrite(address)` gives the address that a link of the body shall have.
    """
    if not is_worded(text):
        return None
    paragraphs = read_plain(marked(text, spans, 0, len(text)), keeps)
    if paragraphs is None:
        return None
    out = nothing()
    return out if paragraphs.walk(out, 0, rewrite) else None


class Paragraphs(Struct, frozen=True):
    """Paragraphs that may be plain: their text with tokens and typography, and its links' addresses."""

    marked: str
    addresses: list[str]

    def walk(self, out: Assembled, begun: int, rewrite: Callable[[str], str]) -> bool:
        """Add to `out` what the walk over their HTML would find; whether that is certain.

        Their spans have the indices from `begun` on, `rewrite` is as for `assemble_plain`. If they turn
        out not to be plain, `out` holds a part of it, and is of no use any more.
        """
        return _Walk(self.marked, self.addresses, out, begun, rewrite).run()


def read_plain(words: str, keeps: Callable[[str], bool]) -> Paragraphs | None:
    """Paragraphs of lines of words, with tokens for the ends of spans; None if they can't be plain.

    `keeps` is as for `assemble_plain`. Whether they are plain is told by their walk.
    """
    addresses: list[str] = []
    found = tokens(words.strip("\n"), addresses)
    links = [f'<a href="{one}"></a>' for one in addresses if not USUAL_ADDRESS.fullmatch(one)]
    if not found or (links and not keeps("".join(links))):
        return None
    return Paragraphs(educated(found), addresses)


def is_worded(text: str) -> bool:
    """Whether a text is lines of words in paragraphs, as far as single signs and lines can tell."""
    for one in REFUSED:
        if one in text:
            return False
    lines = text.strip("\n")
    return not (LINE.search(f"\n{lines}") or (not text.isascii() and PRIVATE.search(text)))


def marked(text: str, spans: Sequence[Span], start: int, stop: int) -> str:
    """text[start:stop] with a token for each end of a span; these spans lie in it."""
    pieces: list[str] = []
    begun: list[Span] = []
    position = start
    for span in spans:
        begin = span.start
        while begun and begun[-1].close < begin:
            last = begun.pop()
            pieces += (text[position : last.close], CLOSE)
            position = last.end
        pieces += (text[position:begin], OPEN)
        position = begin + 1
        begun.append(span)
    for last in reversed(begun):
        pieces += (text[position : last.close], CLOSE)
        position = last.end
    pieces.append(text[position:stop])
    return "".join(pieces)


def tokens(marked: str, addresses: list[str]) -> str:
    """The text with all its tokens, every paragraph between two breaks; empty if it can't be plain.

    The addresses of its links are added to those that are given.
    """
    if "[" in marked:
        if "![" in marked:
            # Behind an exclamation mark stands an image.
            return ""
        pieces = _ADDRESS.split(marked)
        addresses += pieces[1::2]
        marked = LINK_END.join(pieces[::2]).replace("[", LINK)
    if "*" in marked:
        marked = _STARS.sub(lambda run: _STAR_TOKENS.get(run.group(), "*"), marked)
    if "_" in marked or "]" in marked or "*" in marked:
        return ""
    return f"{BREAK}{BREAKS.sub(BREAK, marked)}{BREAK}"


def educated(marked: str) -> str:
    """The text with its typography set, as if no spans began or ended in it."""
    pieces = marked.replace(CLOSE, OPEN).split(OPEN)
    found = edits("".join(pieces))
    if not found:
        return marked
    # Where the pieces end is where the ends of spans would stand among the words.
    ends = list(accumulate(map(len, pieces)))
    moved: list[Edit] = []
    for start, end, sign in found:
        before = bisect_right(ends, start)
        behind = bisect_left(ends, end, before)
        begin, stop = start + before, end + behind
        if behind > before:
            # The ends of spans within a mark are kept behind what the mark is set as.
            kept = "".join(filter(SPAN_ENDS.__contains__, marked[begin:stop]))
            moved.append((begin, stop, sign + kept))
        else:
            moved.append((begin, stop, sign))
    return edited(marked, moved)


def is_bare(inside: str) -> bool:
    """Whether there are words in a line, without space at either end, and no tokens and no tags."""
    return inside.isprintable() and inside.strip() == inside != "" and "<" not in inside


class _Walk:
    """One pass over the tokens, each with the text behind it.

    Each method that takes a token answers whether it can be nothing but what it seems.
    """

    def __init__(
        self,
        marked: str,
        addresses: list[str],
        out: Assembled,
        begun: int,
        rewrite: Callable[[str], str],
    ) -> None:
        self.pieces: list[str] = _PIECE.findall(marked)
        self.addresses = iter(addresses)
        self.rewrite = rewrite
        self.out = out
        self.nesting: list[str] = []
        self.spans: list[tuple[int, int, int]] = []
        self.begun = begun
        self.block_spans: list[tuple[int, int, int]] = []
        self.words: list[str] = []
        self.emphasis = ""
        self.around_link = ""
        self.link = -1
        self.waiting: list[int] = []

    def run(self) -> bool:
        """Read the tokens; whether the text is plain. What it holds is in `out` then."""
        parts, runs, spans, words = self.out.parts, self.out.runs, self.spans, self.words
        length = 0
        for index, piece in enumerate(self.pieces):
            sign = piece[0]
            if sign == OPEN:
                self.open_span(length)
            elif sign == CLOSE:
                if not self.close_span(length):
                    return False
            elif sign == BREAK:
                if not self.end_paragraph(index):
                    return False
                length = 0
            elif not (self.emphasise(index) if sign in NAMES else self.take_link(sign)):
                return False
            text = piece[1:]
            if text:
                if spans and self.link < 0:
                    runs.setdefault(spans[-1][0], []).append(len(parts))
                parts.append(text)
                words.append(text)
                length += len(text)
        return True

    def open_span(self, length: int) -> None:
        if self.spans:
            self.out.complex.add(self.spans[-1][0])
        if self.link >= 0:
            self.out.complex.add(self.begun)
        self.spans.append((self.begun, len(self.out.parts), length))
        self.nesting.append(OPEN)
        self.begun += 1

    def close_span(self, length: int) -> bool:
        if not self.nesting or self.nesting.pop() != OPEN:
            return False
        index, part, start = self.spans.pop()
        self.out.fragments[index] = [(part, len(self.out.parts))]
        self.out.alive.add(index)
        self.block_spans.append((index, start, length))
        if self.link >= 0:
            self.waiting.append(index)
        return True

    def emphasise(self, index: int) -> bool:
        """Take stars: a pair of equal runs, with no other between them and with words on the inside."""
        sign = self.pieces[index][0]
        name = NAMES[sign]
        inside, outside = self.behind(index), self.before(index)
        if self.emphasis:
            inside, outside = outside, inside
            if self.nesting.pop() != sign:
                return False
            self.emphasis = ""
            self.out.parts.append(f"</{name}>")
        else:
            self.nesting.append(sign)
            self.emphasis = sign
            self.out.parts.append(f"<{name}>")
        # Markdown looks through the ends of spans: stars with nothing else between them are one run.
        return outside not in NAMES and not inside.isspace() and inside not in _TOKENS

    def behind(self, index: int) -> str:
        """The character behind a token, the ends of spans looked through; it may be a token."""
        piece = self.pieces[index]
        while len(piece) == 1:
            index += 1
            piece = self.pieces[index]
            if piece[0] not in SPAN_ENDS:
                return piece[0]
        return piece[1]

    def before(self, index: int) -> str:
        """The character before a token, the ends of spans looked through; it may be a token."""
        piece = self.pieces[index - 1]
        while len(piece) == 1 and piece[0] in SPAN_ENDS:
            index -= 1
            piece = self.pieces[index - 1]
        return piece[-1]

    def take_link(self, sign: str) -> bool:
        """Take the beginning or the end of a link."""
        parts = self.out.parts
        if sign == LINK:
            if self.link >= 0:
                # A link in a link is none.
                return False
            if self.spans:
                self.out.complex.add(self.spans[-1][0])
            self.link = len(parts)
            parts.append("")
            self.nesting.append(sign)
            # The words of a link are read for themselves.
            self.around_link, self.emphasis = self.emphasis, ""
            return True
        if not self.nesting or self.nesting.pop() != LINK:
            return False
        address = next(self.addresses)
        self.out.links.append((address, False))
        parts[self.link] = f'<a href="{escape(self.rewrite(address))}">'
        self.link = -1
        for one in self.waiting:
            self.out.references[one] = len(parts)
        self.waiting.clear()
        parts.append("</a>")
        self.emphasis = self.around_link
        return True

    def end_paragraph(self, index: int) -> bool:
        """Hand out the words of the paragraph that ends with the token, and begin the next one."""
        out = self.out
        if not index:
            out.parts.append("<p>")
            return not self.behind(index).isspace()
        last = index == len(self.pieces) - 1
        out.parts.append("</p>" if last else "</p>\n<p>")
        if self.block_spans or not out.lead:
            text = "".join(self.words)
            if self.block_spans:
                out.blocks.append(Block("p", text, self.block_spans))
                self.block_spans = []
            if not out.lead:
                out.lead = " ".join(text.split())
        self.words.clear()
        return not self.nesting and (last or not self.behind(index).isspace())
