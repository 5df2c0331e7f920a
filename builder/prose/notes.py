"""Footnotes: the library's extension with its quadratic lookups replaced."""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown.extensions.footnotes import (
    FN_BACKLINK_TEXT,
    NBSP_PLACEHOLDER,
    FootnoteExtension,
    FootnotePostTreeprocessor,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.prose.engine import LinearMarkdown


class Notes(FootnoteExtension):
    """The footnotes of a document, in the order they are defined in."""

    md: "LinearMarkdown"

    def reset(self) -> None:
        """Forget the footnotes of the last document."""
        super().reset()
        self._numbers: dict[str, int] = {}

    def number(self, identifier: str) -> int | None:
        """The number of a footnote, from 1 on; None if it is not defined."""
        if len(self._numbers) != len(self.footnotes):
            self._numbers = {one: at for at, one in enumerate(self.footnotes, start=1)}
        return self._numbers.get(identifier)

    def unique_ref(self, reference: str, found: bool = False) -> str:  # noqa: FBT001, FBT002 - the library's
        """The identifier of a reference: the second to the same footnote is `fnref2:name`."""
        if not found:
            return reference
        count = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        if count == 1:
            return reference
        separator = self.get_separator()
        before, name = reference.split(separator, 1)
        return f"{before}{count}{separator}{name}"

    def findFootnotesPlaceholder(self, root: Element) -> tuple[Element, Element, bool] | None:  # noqa: N802
        """Where the text asks for the footnotes: the element, its parent, and if its text does."""
        marker = self.getConfig("PLACE_MARKER")
        stack: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
        while stack:
            parent, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                continue
            if child.text and marker in child.text:
                return child, parent, True
            if child.tail and marker in child.tail:
                return child, parent, False
            if len(child):
                stack.append((child, iter(child)))
        return None

    def makeFootnotesDiv(self, root: Element) -> Element | None:  # noqa: ARG002, N802
        """The block of all footnotes, or None if there are none."""
        if not self.footnotes:
            return None
        block = Element("div", {"class": "footnote"})
        SubElement(block, "hr")
        items = SubElement(block, "ol")
        surrogate = Element("div")
        # A footnote defined inside another one comes too late to be listed.
        for index, identifier in enumerate(list(self.footnotes), start=1):
            item = SubElement(items, "li", {"id": self.makeFootnoteId(identifier)})
            # Lists treat an `li` in their own way, so the text is parsed under another element.
            self.parser.parseChunk(surrogate, self.footnotes[identifier])
            item.extend(list(surrogate))
            surrogate.clear()
            if len(item):
                _add_backlink(item, self._backlink(identifier, index))
        return block

    def _backlink(self, identifier: str, index: int) -> Element:
        link = Element(
            "a", {"href": f"#{self.makeFootnoteRefId(identifier)}", "class": "footnote-backref"}
        )
        link.set("title", self.getConfig("BACKLINK_TITLE").format(index))
        link.text = FN_BACKLINK_TEXT
        return link


def _add_backlink(item: Element, link: Element) -> None:
    last = item[-1]
    if last.tag == "p":
        last.text = (last.text or "") + NBSP_PLACEHOLDER
        last.append(link)
    else:
        SubElement(item, "p").append(link)


class RepeatedNotes(FootnotePostTreeprocessor):
    """Adds the further backlinks of footnotes that are referred to more than once."""

    footnotes: Notes

    def run(self, root: Element) -> None:
        """Add the backlinks below the root."""
        if any(count > 1 for count in self.footnotes.found_refs.values()):
            super().run(root)
