"""The blocks that hold blocks: lists, quotations, definition lists and their indented children."""

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser

from builder.prose.block import Block, loose_detab

DEEPEST = 50
"""How deep lists, quotations and definitions nest; what would lie deeper is text."""

_ORDERED = re.compile(r" {0,3}(?P<number>\d+)\. +(.*)")
_UNORDERED = re.compile(r" {0,3}[*+-] +(.*)")
_ITEM = re.compile(r" {0,3}(?:\d+\.|[*+-]) +(.*)")
_INDENTED_ITEM = re.compile(r" {4,7}(?:\d+\.|[*+-]) +")
_INDENTS = re.compile(r"(?: {4})+")
_DEFINITION = re.compile(r"^ {0,3}: {1,3}(.*)", re.MULTILINE)
_NOT_INDENTED = re.compile(r" {0,3}[^ :]")
_QUOTED = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_LISTS = ("ul", "ol")
_ALL_LISTS = ("dl", "ol", "ul")
#: Browsers count no further than to the largest number of 32 bits.
_LONGEST_NUMBER = 9


class Nesting(BlockParser):
    """The part of the block parser that calls itself."""

    depth: int

    if TYPE_CHECKING:

        def flush(self) -> None:
            """See `LinearParser`."""

    def _nested(
        self, parent: Element, blocks: list[str], state: str | None = None, levels: int = 1
    ) -> None:
        self.flush()
        if state:
            self.state.set(state)
        self.depth += levels
        self.parseBlocks(parent, blocks)
        self.depth -= levels
        if state:
            self.state.reset()

    def indented_children(self, parent: Element, block: Block) -> bool:
        """An indented block below a list or in an item belongs to the item it is indented to."""
        if self.state.isstate("detabbed"):
            return False
        last = parent[-1].tag if len(parent) else ""
        if parent.tag == "li" or last in _LISTS:
            lists: tuple[str, ...] = _LISTS
            items: tuple[str, ...] = ("li",)
        elif parent.tag == "dd" or last == "dl":
            lists, items = _ALL_LISTS, ("dd", "li")
        else:
            return False
        self.flush()
        text = block.rest()
        level, sibling = self._level(parent, text, lists, items)
        text = loose_detab(text, level)
        levels = max(level, 1)
        if parent.tag in items:
            inner = len(parent) and parent[-1].tag in lists
            self._nested(parent[-1] if inner else parent, [text], "detabbed", levels)
        elif sibling.tag in items:
            self._nested(sibling, [text], "detabbed", levels)
        elif len(sibling) and sibling[-1].tag in items:
            _wrap_text(sibling[-1])
            self._nested(sibling[-1], text.split("\n\n"), "detabbed", levels)
        else:
            item = SubElement(sibling, "li" if lists is _LISTS else "dd")
            self._nested(item, [text], "detabbed", levels)
        return True

    def _level(
        self, parent: Element, text: str, lists: tuple[str, ...], items: tuple[str, ...]
    ) -> tuple[int, Element]:
        """How many indents lead to which element."""
        indents = _INDENTS.match(text)
        indent = (indents.end() if indents else 0) // 4
        # In a tight list the parent is the right one already.
        level = 1 if self.state.isstate("list") else 0
        while indent > level and self.depth + level < DEEPEST and len(parent):
            child = parent[-1]
            if child.tag in lists:
                level += 1
            elif child.tag not in items:
                break
            parent = child
        return level, parent

    def list_items(self, parent: Element, block: Block) -> bool:
        """A list, or more items of the one before it."""
        ordered = _ORDERED.match(block.text, block.position)
        if self.depth >= DEEPEST or not (ordered or _UNORDERED.match(block.text, block.position)):
            return False
        self.flush()
        items = _items(block.rest())
        last = parent[-1] if len(parent) else None
        if last is not None and last.tag in _LISTS:
            self._go_on_with_list(last)
            self._nested(SubElement(last, "li"), [items.pop(0)], "looselist")
            whole = last
        elif parent.tag in _LISTS:
            # The first item of an indented list stands in an empty item of the outer one.
            whole = parent
        else:
            tag, keys = ("ol", _start(ordered["number"])) if ordered else ("ul", {})
            whole = SubElement(parent, tag, keys)
        for item in items:
            into = whole[-1] if item.startswith("    ") else SubElement(whole, "li")
            self._nested(into, [item], "list")
        return True

    @staticmethod
    def _go_on_with_list(whole: Element) -> None:
        """Make the last item of a list one of a list with paragraphs."""
        last = whole[-1]
        _wrap_text(last)
        if len(last) and last[-1].tail:
            tail, last[-1].tail = last[-1].tail, ""
            SubElement(last, "p").text = tail.lstrip()

    def definition_list(self, parent: Element, block: Block, queue: list[str | Block]) -> bool:
        """A definition, with its terms on the lines or in the paragraph before it."""
        match = block.search(_DEFINITION)
        last = parent[-1] if len(parent) else None
        if match is None or self.depth >= DEEPEST:
            return False
        before = block.before(match.start()).split("\n")
        terms = [term.strip() for term in before if term.strip()]
        if not terms and last is None:
            # Most likely a paragraph that begins with a colon.
            return False
        self.flush()
        state = "list"
        if not terms and last is not None and last.tag == "p":
            state = "looselist"
            terms = (last.text or "").split("\n")
            del parent[-1]
            last = parent[-1] if len(parent) else None
        if last is not None and last.tag == "dl":
            whole = last
            if not terms and len(whole) and whole[-1].tag == "dd" and len(whole[-1]):
                state = "looselist"
        else:
            whole = SubElement(parent, "dl")
        for term in terms:
            SubElement(whole, "dt").text = term
        start = min(match.end() + 1, len(block.text))
        if _NOT_INDENTED.match(block.text, start):
            more, end = block.text[start:], len(block.text)
        elif start < len(block.text):
            more, end = block.detab(start)
        else:
            more, end = "", start
        text = f"{match.group(1)}\n{more}" if more else match.group(1)
        self._nested(SubElement(whole, "dd"), [text], state)
        if end < len(block.text):
            block.position = end
            queue.append(block)
        return True

    def quotation(self, parent: Element, block: Block) -> bool:
        """A quotation, from its first line to the end of the block."""
        match = block.search(_QUOTED)
        if match is None or self.depth >= DEEPEST:
            return False
        self.flush()
        before = block.before(match.start())
        if before:
            self.parseBlocks(parent, [before])
        lines = block.text[match.start() :].split("\n")
        text = "\n".join(
            "" if line.strip() == ">" else _QUOTED.sub("", line, count=1) for line in lines
        )
        last = parent[-1] if len(parent) else None
        quote = (
            last if last is not None and last.tag == "blockquote" else SubElement(parent, "blockquote")
        )
        self._nested(quote, text.split("\n\n"), "blockquote")
        return True


def _wrap_text(item: Element) -> None:
    """Make the text of an item its first paragraph."""
    if item.text:
        paragraph = Element("p")
        paragraph.text = item.text
        item.text = ""
        item.insert(0, paragraph)


def _start(number: str) -> dict[str, str]:
    """The attribute by which a list keeps the number that it begins with.

    It is a word of the text: a paragraph that begins with `22. Dezember` is a list to Markdown.
    """
    if len(number) > _LONGEST_NUMBER or int(number) == 1:
        return {}
    return {"start": str(int(number))}


def _items(text: str) -> list[str]:
    """The items of a list, one after the other; indented ones stand for themselves."""
    items: list[list[str]] = []
    for line in text.split("\n"):
        if match := _ITEM.match(line):
            items.append([match.group(1)])
        elif _INDENTED_ITEM.match(line) and not items[-1][0].startswith("    "):
            items.append([line])
        else:
            items[-1].append(line)
    return ["\n".join(item) for item in items]
