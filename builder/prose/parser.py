"""The block parser: the library's block processors, in their order, in linear time.

Every method of `BlockParser` here does what the block processor of that name does in
`markdown.blockprocessors` and in the extensions, on a block that is worked off from its
front. Two limits keep what lies inside one another from costing more than in proportion:
lists, quotations and definitions nest `DEEPEST` deep, and what would lie deeper is text.
"""

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.util import AtomicString, code_escape

from builder.prose.block import Block, Found, loose_detab
from builder.prose.nesting import Nesting
from builder.prose.tables import Table

if TYPE_CHECKING:
    from builder.prose.engine import LinearMarkdown

MOST_DETABS = 16
"""How often the rest of an item is moved to the left behind the headings in it."""

# A block that begins with none of these and has no line that begins with one of the second
# is a paragraph, whatever stands around it.
_STARTS = frozenset(" \n#-_*+>:[|")
_STARTS_LATER = re.compile(r"\n {0,3}[-#_*>:\[=]|\|")
_HEADING = re.compile(
    r"^(?P<level>#{1,6})(?P<text>(?:\\.|[^\\#\n]|#+(?=[^#\n]))*?)#*+(?:\n|\Z)", re.MULTILINE
)
_UNDERLINED = re.compile(r"(.*)\n(=+|-+) *(?:\n|\Z)")
_RULE = re.compile(r"^ {0,3}(?:-(?: {0,2}-){2,}|_(?: {0,2}_){2,}|\*(?: {0,2}\*){2,}) *$", re.MULTILINE)
_NOT_BLANK = re.compile(r"\S")
_NEWLINES = re.compile(r"\n*+")


class LinearParser(Nesting, BlockParser):
    """Parses blocks of Markdown into a tree."""

    md: "LinearMarkdown"

    def __init__(self, md: "LinearMarkdown") -> None:
        super().__init__(md)
        self.reset()

    def reset(self) -> None:
        """Forget where the last document ended."""
        self.state.clear()
        self.depth = 0
        self._grown: Element | None = None
        self._grows_tail = False
        self._pieces: list[str] = []

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802 - the library's name
        """Parse the blocks and add what they hold to the parent; uses up the list."""
        queue: list[str | Block] = [*reversed(blocks)]
        blocks.clear()
        while queue:
            item = queue.pop()
            if isinstance(item, str):
                first = item[:1]
                if (
                    first
                    and first not in _STARTS
                    and not first.isdecimal()
                    and not _STARTS_LATER.search(item)
                ):
                    self._paragraph(parent, item)
                    continue
                item = Block(item)
            self._parse(parent, item, queue)
        self.flush()

    def _parse(self, parent: Element, block: Block, queue: list[str | Block]) -> None:
        if (
            self._empty(parent, block, queue)
            or (block.is_indented() and self._indented(parent, block, queue))
            or self._table(parent, block)
            or self._heading(parent, block, queue)
            or self._underlined(parent, block, queue)
            or self._rule(parent, block, queue)
            or self.list_items(parent, block)
            or self.definition_list(parent, block, queue)
            or self.quotation(parent, block)
            or self._note(block, queue)
            or self._abbreviation(block, queue)
            or self._reference(block, queue)
        ):
            return
        self._paragraph(parent, block.rest())

    # Texts that grow block by block are kept in pieces until someone looks at them.

    def _grow(self, element: Element, piece: str, *, tail: bool) -> None:
        if self._grown is not element or self._grows_tail != tail:
            self.flush()
            self._grown, self._grows_tail = element, tail
            self._pieces.append((element.tail if tail else element.text) or "")
        self._pieces.append(piece)

    def flush(self) -> None:
        """Put a growing text into the tree."""
        element, self._grown = self._grown, None
        if element is not None:
            text = "".join(self._pieces)
            self._pieces = []
            if self._grows_tail:
                element.tail = text
            else:
                element.text = AtomicString(text) if element.tag == "code" else text

    def _paragraph(self, parent: Element, text: str) -> None:
        if not _NOT_BLANK.search(text):
            return
        if not self.state.isstate("list"):
            SubElement(parent, "p").text = text.lstrip()
        elif len(parent):
            self._grow(parent[-1], f"\n{text}", tail=True)
        elif parent.text or self._grown is parent:
            self._grow(parent, f"\n{text}", tail=False)
        else:
            self._grow(parent, text.lstrip(), tail=False)

    def _empty(self, parent: Element, block: Block, queue: list[str | Block]) -> bool:
        """An empty block or line, of which only code takes notice."""
        text, position = block.text, block.position
        if position < len(text) and text[position] != "\n":
            return False
        code = _code_of(parent)
        if code is not None:
            self._grow(code, "\n" if position < len(text) else "\n\n", tail=False)
        if position + 1 < len(text):
            block.position += 1
            queue.append(block)
        return True

    def _indented(self, parent: Element, block: Block, queue: list[str | Block]) -> bool:
        if self.indented_children(parent, block):
            return True
        text, end = block.detab(block.position)
        text = code_escape(text.rstrip())
        code = _code_of(parent)
        if code is not None:
            self._grow(code, f"\n{text}\n", tail=False)
        else:
            code = SubElement(SubElement(parent, "pre"), "code")
            code.text = AtomicString(f"{text}\n")
        if end < len(block.text):
            block.position = end
            queue.append(block)
        return True

    def _table(self, parent: Element, block: Block) -> bool:
        table = Table.read(block)
        if table is not None:
            table.build(parent, block.rest())
        return table is not None

    def _heading(self, parent: Element, block: Block, queue: list[str | Block]) -> bool:
        match = block.search(_HEADING)
        if match is None:
            return False
        self._before(parent, block.before(match.start()))
        heading = SubElement(parent, f"h{len(match['level'])}")
        heading.text = match["text"].strip()
        if match.end() < len(block.text):
            block.position = match.end()
            if self.state.isstate("looselist") and block.detabs < MOST_DETABS:
                # What follows a heading in an item may be indented with the item.
                block = Block(loose_detab(block.rest()), block.detabs + 1)
            queue.append(block)
        return True

    def _before(self, parent: Element, text: str) -> None:
        """Parse what stands before something in the middle of a block."""
        if text:
            self.parseBlocks(parent, [text])

    @staticmethod
    def _underlined(parent: Element, block: Block, queue: list[str | Block]) -> bool:
        match = _UNDERLINED.match(block.text, block.position)
        if match is None:
            return False
        heading = SubElement(parent, "h1" if match.group(2)[0] == "=" else "h2")
        heading.text = match.group(1).strip()
        if match.end() < len(block.text):
            block.position = match.end()
            queue.append(block)
        return True

    def _rule(self, parent: Element, block: Block, queue: list[str | Block]) -> bool:
        match = block.search(_RULE)
        if match is None:
            return False
        self._before(parent, block.text[block.position : match.start()].rstrip("\n"))
        SubElement(parent, "hr")
        self._go_on(block, match.end(), queue)
        return True

    @staticmethod
    def _go_on(block: Block, end: int, queue: list[str | Block]) -> bool:
        """Queue what follows the end, without the line breaks before it; whether there is anything."""
        line_breaks = _NEWLINES.match(block.text, end)
        block.position = line_breaks.end() if line_breaks else end
        if block.position == len(block.text):
            return False
        queue.append(block)
        return True

    def _definition(self, block: Block, before: str, end: int, queue: list[str | Block]) -> None:
        """Queue what stands before and after definitions, if anything does."""
        if _NOT_BLANK.search(block.text, end):
            self._go_on(block, end, queue)
        if _NOT_BLANK.search(before):
            queue.append(before.rstrip("\n"))

    def _note(self, block: Block, queue: list[str | Block]) -> bool:
        found = block.note(block.position)
        if found is None:
            return False
        notes = self.md.footnotes
        before = block.before(found.start)
        following = block.note(found.end)
        while following is not None and not block.text[found.end : following.start].strip("\n"):
            notes.setFootnote(found.name, found.value.rstrip())
            found, following = following, block.note(following.end)
        if following is not None:
            between = block.text[found.end : following.start].strip("\n")
            text = f"{found.value}\n{loose_detab(between)}".lstrip("\n")
            block.position = following.start
            queue.append(block)
        else:
            between = block.text[found.end :].lstrip("\n")
            text = f"{found.value}\n{loose_detab(between)}".strip("\n")
            text = "\n\n".join([text, *_children_of_note(queue)])
        notes.setFootnote(found.name, text.rstrip())
        if _NOT_BLANK.search(before):
            queue.append(before.rstrip("\n"))
        return True

    def _abbreviation(self, block: Block, queue: list[str | Block]) -> bool:
        found = block.abbreviation(block.position)
        if found is None or not found.name or not found.value:
            return False
        if found.value in ("''", '""'):
            self.md.abbreviations.pop(found.name, None)
        else:
            self.md.abbreviations[found.name] = found.value
        self._definition(block, block.before(found.start), found.end, queue)
        return True

    def _reference(self, block: Block, queue: list[str | Block]) -> bool:
        first = found = block.reference(block.position)
        if first is None:
            return False
        before = block.before(first.start)
        end = first.start
        # Definitions on the lines that follow are taken with the first; one that spans lines
        # is not, as it might be something else.
        while found is not None and (
            found is first
            or not (
                block.text[end : found.start].strip("\n") or "\n" in block.text[found.start : found.end]
            )
        ):
            self.md.references[found.name] = (found.value, found.title or "")
            end = found.end
            found = block.reference(end)
        self._definition(block, before, end, queue)
        return True


def _code_of(parent: Element) -> Element | None:
    """The code block that is the last child of the parent."""
    if len(parent) and parent[-1].tag == "pre" and len(parent[-1]) and parent[-1][0].tag == "code":
        return parent[-1][0]
    return None


def _children_of_note(queue: list[str | Block]) -> list[str]:
    """The indented blocks that follow a footnote and belong to it, taken off the queue."""
    children: list[str] = []
    while queue:
        item = queue[-1]
        block = Block(item) if isinstance(item, str) else item
        if not block.is_indented():
            break
        queue.pop()
        found: Found | None = block.note(block.position)
        if found is not None:
            children.append(loose_detab(block.before(found.start).rstrip("\n")))
            block.position = found.start
            queue.append(block)
            break
        children.append(loose_detab(block.rest()))
    return children
