"""Sanitised HTML with placeholders -> its parts, the ranges of the spans, and the text of the blocks.

The placeholders that `annotations.mark` put in are read here, behind the sanitiser, so nothing that
came from outside can pass for our markup; `markup` puts the tags of the spans in. A placeholder that
ended in code is turned back into the literal it stood for. The same walk gathers the plain text of
every block, from which the sentences of the mentions are cut.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.body.annotations import CLOSE_BASE, Private, index_of
from builder.body.braces import Fault, Span
from builder.body.sanitize import INLINE, VOID
from builder.body.verbatim import verbatim
from builder.prose.transparent import TRANSPARENT_CLASS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.body.annotations import Mark
    from builder.body.identifiers import Identifiers

_TOKEN = re.compile(
    r"<(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:\s[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>"
    rf"|(?P<mark>[{TRANSPARENT_CLASS}])|(?P<text>[^<{TRANSPARENT_CLASS}]+)|(?P<other>.)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'([^\s="]+)(?:="([^"]*)")?')
_PLACEHOLDERS = re.compile(f"[{TRANSPARENT_CLASS}]")
_HEADING_LEVEL = re.compile(r"<h([1-6])[ >]")

_LITERAL = frozenset(("code", "pre"))
_MAY_BE_EMPTY = ("alt", "href", "title", "value")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Block(Struct):
    """The plain text of one block, and the spans in it as (mark, start, end)."""

    tag: str
    text: str
    spans: list[tuple[int, int, int]]


class Assembled(Struct):
    """What the walk gives. `parts` joined are the HTML but for the tags of the spans.

    `blocks` are those that hold a span; `lead` is the text of the first paragraph. `alive` are the
    marks that stand in the text (not in code, not in an attribute), `coded` those of spans in code,
    `crossing` those that cross a block, `links` the values of href and src, and whether of an image.

    Of a span: `fragments` are the ranges of parts that it covers (several where it overlaps an
    element), `complex` the spans that can't be links, `runs` the parts with words that belong to the
    span alone, `references` the ends of the links that spans stand in.
    """

    parts: list[str]
    blocks: list[Block]
    lead: str
    alive: set[int]
    coded: set[int]
    crossing: list[int]
    links: list[tuple[str, bool]]
    fragments: dict[int, list[tuple[int, int]]]
    complex: set[int]
    runs: dict[int, list[int]]
    references: dict[int, int]


def nothing() -> Assembled:
    """What a walk begins with."""
    return Assembled([], [], "", set(), set(), [], [], {}, set(), {}, {})


class _OpenSpan(Struct):
    index: int
    depth: int
    text_start: int
    fragment_start: int


class _OpenElement(Struct):
    tag: str
    part: int


class Walk:
    """One pass over the HTML. Kept as an object, for its state is what the methods share."""

    def __init__(
        self,
        marks: Sequence[Mark],
        source: str,
        rewrite: Callable[[str], str],
        identifiers: Identifiers,
    ) -> None:
        self.marks = marks
        self.source = source
        self.rewrite = rewrite
        self.identifiers = identifiers
        self.out = nothing()
        self.elements: list[_OpenElement] = []
        self.spans: list[_OpenSpan] = []
        self.text: list[str] = []
        self.length = 0
        self.block_spans: list[tuple[int, int, int]] = []
        self.block_tag = ""
        self.code = 0
        self.links_open = 0
        self.skip = 0
        self.waiting: list[int] = []
        self.seen: set[int] = set()
        self.heading = 1
        self.heading_shift = 0
        self.heading_text = ""

    def run(self, html: str) -> Assembled:
        """Walk a whole document."""
        self.measure(html)
        self.walk(html)
        self.out.crossing += [span.index for span in self.spans]
        return self.out

    def measure(self, html: str) -> None:
        """Look at the headings of a document that is going to be walked."""
        levels = _HEADING_LEVEL.findall(html)
        # The title of the page is its only h1: the highest heading of the body becomes an h2.
        self.heading_shift = 2 - int(min(levels)) if levels else 0

    def walk(self, html: str) -> bool:
        """Walk a stretch of a document; whether nothing that began in it is still open."""
        kept = verbatim(html, self.opened_heading) if self.out.lead else None
        if kept is not None:
            self.out.parts.append(kept)
            return True
        for token in _TOKEN.finditer(html):
            kind = token.lastgroup
            if kind == "text":
                self.words(token.group())
            elif kind == "mark":
                self.placeholder(ord(token.group()))
            elif kind == "other":
                self.words(escape(token.group(), quote=False))
            elif token.group("slash"):
                self.end_tag(token.group("tag"))
            else:
                self.start_tag(token.group("tag"), token.group("attributes"))
        self.flush()
        return not self.elements and not self.spans

    def take(self) -> Assembled:
        """What was found since this was asked last, and the lead; nothing may be open."""
        out, self.out = self.out, nothing()
        self.out.lead = out.lead
        return out

    def words(self, text: str) -> None:
        self.out.parts.append(text)
        if self.spans and not self.code and not self.links_open:
            innermost = self.spans[-1].index
            self.out.runs.setdefault(innermost, []).append(len(self.out.parts) - 1)
        if not self.skip:
            plain = unescape(text) if "&" in text else text
            self.text.append(plain)
            self.length += len(plain)

    def placeholder(self, character: int) -> None:
        index = index_of(character)
        one = self.marks[index] if index < len(self.marks) else None
        if isinstance(one, Private):
            if one.is_control and not self.code:
                self.out.alive.add(index)
            shown = " " if one.is_control else one.character
            self.words(escape(one.character) if self.code else shown)
        elif isinstance(one, Fault):
            if not self.code:
                self.out.alive.add(index)
        elif isinstance(one, Span):
            if self.code:
                self.out.coded.add(index)
                literal = self.source[one.close : one.end] if character >= CLOSE_BASE else "["
                self.words(escape(literal, quote=False))
            elif character < CLOSE_BASE:
                self.open_span(index)
            else:
                self.close_span(index)

    def open_span(self, index: int) -> None:
        if index in self.seen:
            return
        self.seen.add(index)
        self.drop_lost(self.marks[index].start)
        for outer in self.spans:
            self.out.complex.add(outer.index)
        if self.links_open:
            self.out.complex.add(index)
        self.spans.append(_OpenSpan(index, len(self.elements), self.length, len(self.out.parts)))

    def drop_lost(self, start: int) -> None:
        """Give up the spans that ended in the source before `start`, but not in the HTML.

        Their ends went into an attribute or a comment. So no more are open than can be nested.
        """
        while self.spans:
            outer = self.marks[self.spans[-1].index]
            if not isinstance(outer, Span) or outer.end > start:
                return
            self.out.crossing.append(self.spans.pop().index)

    def close_span(self, index: int) -> None:
        position = next((i for i, one in enumerate(self.spans) if one.index == index), -1)
        if position < 0:
            if index not in self.seen:
                # Its beginning is a literal bracket in code, or lost in an attribute.
                self.seen.add(index)
                self.out.crossing.append(index)
            return
        # Spans are nested by the tokenizer; one that is still open here has lost its end.
        self.out.crossing += [span.index for span in self.spans[position + 1 :]]
        span = self.spans[position]
        del self.spans[position:]
        open_inside = self.elements[span.depth :]
        end = len(self.out.parts)
        if any(element.tag not in INLINE for element in open_inside):
            self.out.crossing.append(index)
            return
        start = span.fragment_start
        for element in open_inside:
            # The span ends inside of an element that began in it: `[a *b]{...} c*`.
            self.fragment(index, start, element.part)
            start = element.part + 1
        self.fragment(index, start, end)
        self.out.alive.add(index)
        self.block_spans.append((index, span.text_start, self.length))
        if self.links_open:
            self.waiting.append(index)

    def fragment(self, index: int, start: int, end: int) -> None:
        if end > start or index not in self.out.fragments:
            self.out.fragments.setdefault(index, []).append((start, end))

    def start_tag(self, tag: str, attributes: str) -> None:
        if tag not in INLINE:
            self.flush()
            self.block_tag = tag
        if tag in _LITERAL:
            self.code += 1
        if tag == "a":
            self.links_open += 1
            for span in self.spans:
                self.out.complex.add(span.index)
        pairs = self.attributes(tag, attributes) if attributes else {}
        if self.skip or _is_note(tag, pairs):
            self.skip += tag not in VOID
        elif tag == "br":
            self.text.append(" ")
            self.length += 1
        elif tag == "img":
            if "src" not in pairs:
                # The sanitiser refused its address: its description stands for it.
                self.words(escape(pairs.get("alt", ""), quote=False))
                return
            pairs.setdefault("alt", "")
        name = self.heading_tag(tag) if tag in _HEADINGS else tag
        rendered = "".join(
            f' {key}="{escape(value)}"' if value or key in _MAY_BE_EMPTY else f" {key}"
            for key, value in pairs.items()
            if value or key != "class"
        )
        if tag not in VOID:
            self.elements.append(_OpenElement(name, len(self.out.parts)))
        self.out.parts.append(f"<{name}{rendered}>")

    def opened_heading(self, tag: str, words: str) -> str:
        """The beginning of a heading of these words, which may be none."""
        return f"<{self.heading_tag(tag)}{self.named(words)}>"

    def named(self, words: str) -> str:
        return f' id="{escape(self.identifiers.heading(words))}"' if words else ""

    def heading_tag(self, tag: str) -> str:
        # No level is left out on the way down.
        self.heading = min(int(tag[1]) + self.heading_shift, self.heading + 1, 6)
        return f"h{self.heading}"

    def attributes(self, tag: str, text: str) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for key, value in _ATTRIBUTE.findall(text):
            plain = unescape(_PLACEHOLDERS.sub("", value) if key != "href" else self.restore(value))
            if key == "id":
                plain = self.identifiers.claim(plain)
                if not plain:
                    continue
            elif (key == "href" and tag == "a") or key == "src":
                self.out.links.append((plain, key == "src"))
                plain = self.rewrite(plain)
            pairs[key] = plain
        return pairs

    def restore(self, value: str) -> str:
        """An address with the source text in place of the placeholders that strayed into it."""

        def literal(match: re.Match[str]) -> str:
            character = ord(match.group())
            index = index_of(character)
            one = self.marks[index] if index < len(self.marks) else None
            if isinstance(one, Span):
                return escape(self.source[one.close : one.end] if character >= CLOSE_BASE else "[")
            return one.character if isinstance(one, Private) else ""

        return _PLACEHOLDERS.sub(literal, value)

    def end_tag(self, tag: str) -> None:
        if not self.elements:
            return
        element = self.elements.pop()
        depth = len(self.elements)
        self.leave_spans(depth, inline=tag in INLINE)
        if tag not in INLINE:
            self.flush()
            self.block_tag = ""
        if tag in _HEADINGS:
            self.name_heading(element)
        if tag == "th" and not self.heading_text:
            # A header without words heads nothing.
            element.tag = "td"
            self.out.parts[element.part] = f"<td{self.out.parts[element.part][3:]}"
        if tag in _LITERAL:
            self.code -= 1
        if self.skip:
            self.skip -= 1
        self.out.parts.append(f"</{element.tag}>")
        if tag == "a":
            self.links_open -= 1
            if not self.links_open:
                for index in self.waiting:
                    self.out.references[index] = len(self.out.parts) - 1
                self.waiting.clear()

    def leave_spans(self, depth: int, *, inline: bool) -> None:
        """Deal with the spans that began in an element which ends before them."""
        for span in [one for one in self.spans if one.depth > depth]:
            if inline:
                # It goes on behind the element, as in `*[a* b]{...}`, and is cut in two.
                self.fragment(span.index, span.fragment_start, len(self.out.parts))
                span.fragment_start = len(self.out.parts) + 1
                span.depth = depth
            else:
                self.out.crossing.append(span.index)
                self.spans.remove(span)

    def name_heading(self, element: _OpenElement) -> None:
        opening = self.out.parts[element.part]
        if " id=" not in opening:
            self.out.parts[element.part] = f"{opening[:-1]}{self.named(self.heading_text)}>"

    def flush(self) -> None:
        """End the block: its text and spans are handed out."""
        self.heading_text = ""
        if not self.text and not self.block_spans:
            return
        text = "".join(self.text)
        self.heading_text = " ".join(text.split())
        if self.block_spans:
            self.out.blocks.append(Block(self.block_tag, text, self.block_spans))
            self.block_spans = []
        if not self.out.lead and self.block_tag == "p" and self.heading_text:
            self.out.lead = self.heading_text
        self.text = []
        self.length = 0
        for span in self.spans:
            span.text_start = 0


def _is_note(tag: str, attributes: dict[str, str]) -> bool:
    """Whether an element is a footnote's mark or the way back from one: no part of any sentence."""
    if tag == "sup":
        return attributes.get("id", "").startswith("fnref")
    return tag == "a" and attributes.get("class", "") == "footnote-backref"


def assemble(
    html: str,
    marks: Sequence[Mark],
    source: str,
    rewrite: Callable[[str], str],
    identifiers: Identifiers,
) -> Assembled:
    """Walk sanitised HTML. `source` is the text that the marks' offsets count in.

    `rewrite(address)` gives the address that a link or an image of the body shall have; ids are
    claimed from `identifiers`.
    """
    return Walk(marks, source, rewrite, identifiers).run(html)
