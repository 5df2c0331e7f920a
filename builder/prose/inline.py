"""The inline tree processor: patterns over the texts of a tree, each in linear time.

It does what `markdown.treeprocessors.InlineProcessor` does, in the same order, so that the
patterns see the same text: pattern after pattern replaces its matches by placeholders for
stashed nodes, and a second step puts the nodes in their place. What differs is how the
work is found: a text without a character that can start a pattern is left alone, a pattern
runs only where its own first character occurs, and each builds its result from pieces
instead of copying the text once for every match.
"""

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_PREFIX, INLINE_PLACEHOLDER_RE, AtomicString

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.prose.engine import LinearMarkdown

DEEPEST_INLINE = 32
"""How deep inline elements nest; the text of deeper ones is left as it is written."""

_CAN_START = re.compile(r"[`\\\[<&*_]|  \n")
_TO_DO = re.compile(rf"{_CAN_START.pattern}|{INLINE_PLACEHOLDER_PREFIX}")


class Pattern(NamedTuple):
    """An inline pattern: a text without the trigger holds no match of it."""

    trigger: str
    run: "Callable[[Inline, str, int], str]"


class Inline(Treeprocessor):
    """Runs inline patterns over a tree, in the order of the library's tree processor."""

    md: "LinearMarkdown"

    def __init__(self, md: "LinearMarkdown", patterns: tuple[Pattern, ...]) -> None:
        super().__init__(md)
        self.patterns = patterns
        self.stashed_nodes: dict[str, Element | str] = {}
        self._nested = 0

    def stash(self, node: Element | str) -> str:
        """Keep the node and return the placeholder that stands for it in a text."""
        identifier = f"{len(self.stashed_nodes):04d}"
        self.stashed_nodes[identifier] = node
        return f"{INLINE_PLACEHOLDER_PREFIX}{identifier}{ETX}"

    def stash_element(self, node: Element, pattern: int) -> str:
        """Run the patterns from the given one over a new element, then stash it.

        Its own text was taken by the pattern, so the patterns after it go over the text of
        the element and its children; over what follows the children the pattern itself goes too.
        """
        if not isinstance(node.text, AtomicString):
            for child in (node, *node):
                if child.text:
                    child.text = self.handle(child.text, pattern + 1)
                if child.tail:
                    child.tail = self.handle(child.tail, pattern)
        return self.stash(node)

    def handle(self, text: str, first: int = 0) -> str:
        """The text with what the patterns from the given one match replaced by placeholders."""
        if (
            isinstance(text, AtomicString)
            or not _CAN_START.search(text)
            or self._nested > DEEPEST_INLINE
        ):
            return text
        self._nested += 1
        for index in range(first, len(self.patterns)):
            pattern = self.patterns[index]
            if pattern.trigger in text:
                text = pattern.run(self, text, index)
        self._nested -= 1
        return text

    def plain(self, text: str) -> str:
        """The text with placeholders replaced by the text of their nodes, as attributes take it."""
        if INLINE_PLACEHOLDER_PREFIX not in text:
            return text
        return INLINE_PLACEHOLDER_RE.sub(self._plain_node, text)

    def _plain_node(self, match: re.Match[str]) -> str:
        node = self.stashed_nodes.get(match.group(1))
        if node is None or isinstance(node, str):
            return node or ""
        return "".join(node.itertext())

    def expand(self, text: str) -> tuple[str | None, list[Element]]:
        """The text before the first stashed element, and the elements with what follows each."""
        elements: list[Element] = []
        pieces: list[str] = []
        leading: str | None = None
        done = 0
        while (begin := text.find(INLINE_PLACEHOLDER_PREFIX, done)) >= 0:
            found = INLINE_PLACEHOLDER_RE.search(text, begin)
            node = self.stashed_nodes.get(found.group(1)) if found else None
            if found is None or node is None:
                end = begin + len(INLINE_PLACEHOLDER_PREFIX)
                pieces.append(text[done:end])
                done = end
                continue
            pieces.append(text[done:begin])
            done = found.end()
            if isinstance(node, str):
                pieces.append(node)
                continue
            self._expand_element(node)
            leading = self._link(elements, pieces, leading)
            elements.append(node)
        if done < len(text):
            rest = text[done:]
            # Text that must not be processed again stays so when it is the whole of a text.
            pieces.append(AtomicString(rest) if isinstance(text, AtomicString) else rest)
        return self._link(elements, pieces, leading), elements

    @staticmethod
    def _link(elements: list[Element], pieces: list[str], leading: str | None) -> str | None:
        """Hang the pieces behind the last element, or return them as the text before any."""
        filled = [piece for piece in pieces if piece]
        pieces.clear()
        if not filled:
            return leading
        text = filled[0] if len(filled) == 1 else "".join(filled)
        if not elements:
            return text
        last = elements[-1]
        last.tail = last.tail + text if last.tail else text
        return leading

    def _expand_element(self, node: Element) -> None:
        children = list(node)
        grown: list[Element] = []
        changed = False
        if node.tail and node.tail.strip():
            # Only a node that stands in two places has a tail already.
            text, node.tail = node.tail, None
            node.tail, found = self.expand(text)
            grown.extend(found)
            changed = bool(found)
        if node.text and node.text.strip():
            text, node.text = node.text, None
            node.text, found = self.expand(text)
            grown[0:0] = found
            changed = changed or bool(found)
        for child in children:
            grown.append(child)
            if child.tail and child.tail.strip():
                text, child.tail = child.tail, None
                child.tail, found = self.expand(text)
                grown.extend(found)
                changed = changed or bool(found)
            if child.text and child.text.strip():
                text, child.text = child.text, None
                child.text, found = self.expand(text)
                child[0:0] = found
        if changed:
            node[:] = grown

    def run(self, root: Element) -> Element:
        """Apply the patterns to every text of the tree below the root, level after level."""
        self.stashed_nodes = {}
        self._nested = 0
        queue: deque[tuple[Element, int]] = deque([(root, 0)])
        while queue:
            parent, depth = queue.popleft()
            self._children(parent, depth, queue)
        return root

    def _children(self, parent: Element, depth: int, queue: deque[tuple[Element, int]]) -> None:
        handle = self.handle if depth <= DEEPEST_INLINE else str
        inserts: list[tuple[Element, list[Element]]] = []
        pending = deque(parent)
        children: list[Element] = []
        while pending:
            child = pending.popleft()
            children.append(child)
            if (text := child.text) and _is_open(text):
                child.text = None
                child.text, found = self.expand(handle(text))
                if found:
                    queue.extend((one, depth + 1) for one in found)
                    inserts.append((child, found))
            if (text := child.tail) and _is_open(text):
                child.tail = None
                child.tail, found = self.expand(handle(text))
                pending.extendleft(reversed(found))
            if len(child):
                queue.append((child, depth))
        if len(children) != len(parent):
            parent[:] = children
        for child, found in inserts:
            child[0:0] = found


def _is_open(text: str) -> bool:
    return not isinstance(text, AtomicString) and _TO_DO.search(text) is not None
