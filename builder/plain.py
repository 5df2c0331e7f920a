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

All that means something is first written as a token of one character. Where tokens do not stand in
one another, as in most texts, the text is cut at all tokens of a kind at once; else a walk takes them
one by one. The attributes of spans and their markup are no business of this module.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from builder.annotations import PLACEHOLDER
from builder.assemble import Assembled, Block
from builder.prose.typography import Edit, edited, edits
from builder.sanitize import USUAL_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.braces import Span

#: What each token is written as here: no text holds control characters. All but the ends of spans are
#: borders to typography.
_BREAK, _EM, _STRONG, _LINK, _LINK_END, _OPEN, _CLOSE = "\x01\x02\x03\x04\x05\x07\x08"
_SPAN_ENDS = _OPEN + _CLOSE
_REFUSED = [*"\\`<>|&\t\r\xa0", *_SPAN_ENDS, _BREAK, _EM, _STRONG, _LINK, _LINK_END]
_PRIVATE = re.compile(f"[{PLACEHOLDER}]")
#: Lines that are no words of a paragraph, and spaces at either end of a line.
_LINE = re.compile(r"\n(?:[ =#:]|(?<= \n)|[-+] |-[- ]*+(?:\n|\Z)|~~~|\d++\. )")
_ADDRESS = re.compile(rf"\]\(([^\s()<>'\"&\[\]{_OPEN}{_CLOSE}]++)\)")
_BREAKS = re.compile(r"\n\n\n*")
_STARS = re.compile(r"\*\**")
_STAR_TOKENS = {"*": _EM, "**": _STRONG}
_NAMES = {_EM: "em", _STRONG: "strong"}
_INLINE = (_EM, _STRONG, _LINK, _LINK_END)
_PIECE = re.compile(f"[{_BREAK}-{_CLOSE}][^{_BREAK}-{_CLOSE}]*")


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
    addresses: list[str] = []
    marked = _tokens(_marked(text, spans).strip("\n"), addresses)
    links = [f'<a href="{one}"></a>' for one in addresses if not USUAL_ADDRESS.fullmatch(one)]
    if not marked or (links and not keeps("".join(links))):
        return None
    marked = _educated(marked)
    flat = _flat(marked, addresses, rewrite)
    if flat is not None:
        return flat
    walk = _Walk(marked, addresses, rewrite)
    return walk.out if walk.run() else None


def _marked(text: str, spans: Sequence[Span]) -> str:
    """The text with a token for each end of a span."""
    pieces: list[str] = []
    begun: list[Span] = []
    position = 0
    for span in spans:
        start = span.start
        while begun and begun[-1].close < start:
            last = begun.pop()
            pieces += (text[position : last.close], _CLOSE)
            position = last.end
        pieces += (text[position:start], _OPEN)
        position = start + 1
        begun.append(span)
    for last in reversed(begun):
        pieces += (text[position : last.close], _CLOSE)
        position = last.end
    pieces.append(text[position:])
    return "".join(pieces)


def _tokens(marked: str, addresses: list[str]) -> str:
    """The text with all its tokens, every paragraph between two breaks; empty if it can't be plain.

    The addresses of its links are added to those that are given.
    """
    if _LINE.search(f"\n{marked}"):
        return ""
    if "[" in marked:
        if "![" in marked:
            # Behind an exclamation mark stands an image.
            return ""
        pieces = _ADDRESS.split(marked)
        addresses += pieces[1::2]
        marked = _LINK_END.join(pieces[::2]).replace("[", _LINK)
    if "*" in marked:
        marked = _STARS.sub(lambda run: _STAR_TOKENS.get(run.group(), "*"), marked)
    if "_" in marked or "]" in marked or "*" in marked:
        return ""
    return f"{_BREAK}{_BREAKS.sub(_BREAK, marked)}{_BREAK}"


def _educated(marked: str) -> str:
    """The text with its typography set, as if no spans began or ended in it."""
    pieces = marked.replace(_CLOSE, _OPEN).split(_OPEN)
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
            kept = "".join(filter(_SPAN_ENDS.__contains__, marked[begin:stop]))
            moved.append((begin, stop, sign + kept))
        else:
            moved.append((begin, stop, sign))
    return edited(marked, moved)


def _flat(marked: str, addresses: list[str], rewrite: Callable[[str, bool], str]) -> Assembled | None:
    """What the walk gives for a text whose tokens do not stand in one another, or None.

    Such a text is cut at all its tokens of a kind at once, which is many times as fast.
    """
    html = marked
    if addresses or _LINK in marked:
        html = _linked(html, [f'<a href="{escape(rewrite(one, False))}">' for one in addresses])
    for sign, name in _NAMES.items():
        if sign in html:
            html = _emphasised(html, sign, f"<{name}>", f"</{name}>")
    found = _blocks(marked) if html else None
    if found is None:
        return None
    lead, blocks = found
    before, *pieces = html[1:-1].replace(_BREAK, "</p>\n<p>").split(_OPEN)
    parts = [f"<p>{before}"]
    for piece in pieces:
        inside, end, behind = piece.partition(_CLOSE)
        if not end or not inside or "<" in inside:
            return None
        parts += (inside, behind)
    parts[-1] += "</p>"
    fragments = {part // 2: [(part, part + 1)] for part in range(1, len(parts), 2)}
    links = [(one, False) for one in addresses]
    return Assembled(parts, blocks, lead, set(fragments), [], links, fragments, set(), {}, {})


def _linked(html: str, begins: list[str]) -> str:
    """The text with its links, which begin so; empty where anything but words stands in one."""
    before, *pieces = html.split(_LINK)
    if len(pieces) != len(begins) or _LINK_END in before:
        return ""
    found = [before]
    for begin, piece in zip(begins, pieces, strict=True):
        inside, end, behind = piece.partition(_LINK_END)
        if not end or not _is_bare(inside):
            return ""
        found += (begin, inside, "</a>", behind)
    return "".join(found)


def _emphasised(html: str, sign: str, begin: str, end: str) -> str:
    """The text with stars as tags by turns; empty where anything but words stands between two."""
    pieces = html.split(sign)
    if len(pieces) % 2 == 0 or not all(map(_is_bare, pieces[1::2])):
        return ""
    pieces[1::2] = [f"{begin}{inside}{end}" for inside in pieces[1::2]]
    return "".join(pieces)


def _is_bare(inside: str) -> bool:
    """Whether there are words in a line, without space at either end, and no tokens and no tags."""
    return inside.isprintable() and inside.strip() == inside != "" and "<" not in inside


def _blocks(marked: str) -> tuple[str, list[Block]] | None:
    """The words of the first paragraph that has some, and the paragraphs that have spans.

    The tokens do not stand in one another. None if a paragraph begins with a space.
    """
    lead = ""
    blocks: list[Block] = []
    index = 0
    for paragraph in marked.split(_BREAK)[1:-1]:
        text = paragraph
        for sign in _INLINE:
            if sign in text:
                text = text.replace(sign, "")
        before, *pieces = text.split(_OPEN)
        if (before or "".join(pieces))[:1].isspace():
            return None
        if pieces:
            spans = []
            start = len(before)
            for piece in pieces:
                spans.append((index, start, start + piece.find(_CLOSE)))
                start += len(piece) - 1
                index += 1
            text = (before + "".join(pieces)).replace(_CLOSE, "")
            blocks.append(Block("p", text, spans))
        lead = lead or " ".join(text.split())
    return lead, blocks


class _Walk:
    """One pass over the tokens, each with the text behind it.

    Each method that takes a token answers whether it can be nothing but what it seems.
    """

    def __init__(self, marked: str, addresses: list[str], rewrite: Callable[[str, bool], str]) -> None:
        self.pieces: list[str] = _PIECE.findall(marked)
        self.addresses = addresses
        self.rewrite = rewrite
        self.out = Assembled([], [], "", set(), [], [], {}, set(), {}, {})
        self.nesting: list[str] = []
        self.spans: list[tuple[int, int, int]] = []
        self.begun = 0
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
            if sign == _OPEN:
                self.open_span(length)
            elif sign == _CLOSE:
                if not self.close_span(length):
                    return False
            elif sign == _BREAK:
                if not self.end_paragraph(index):
                    return False
                length = 0
            elif not (self.emphasise(index) if sign in _NAMES else self.take_link(sign)):
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
        self.nesting.append(_OPEN)
        self.begun += 1

    def close_span(self, length: int) -> bool:
        if not self.nesting or self.nesting.pop() != _OPEN:
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
        name = _NAMES[sign]
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
        return outside not in _NAMES and not inside.isspace() and inside > _CLOSE

    def behind(self, index: int) -> str:
        """The character behind a token, the ends of spans looked through; it may be a token."""
        piece = self.pieces[index]
        while len(piece) == 1:
            index += 1
            piece = self.pieces[index]
            if piece[0] not in _SPAN_ENDS:
                return piece[0]
        return piece[1]

    def before(self, index: int) -> str:
        """The character before a token, the ends of spans looked through; it may be a token."""
        piece = self.pieces[index - 1]
        while len(piece) == 1 and piece[0] in _SPAN_ENDS:
            index -= 1
            piece = self.pieces[index - 1]
        return piece[-1]

    def take_link(self, sign: str) -> bool:
        """Take the beginning or the end of a link."""
        parts = self.out.parts
        if sign == _LINK:
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
        if not self.nesting or self.nesting.pop() != _LINK:
            return False
        address = self.addresses[len(self.out.links)]
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
