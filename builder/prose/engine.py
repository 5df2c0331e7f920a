"""The Markdown instance: the library's, with the processors of this package registered on it."""

import re
from typing import TYPE_CHECKING, Self, cast

from markdown import Markdown
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FN_BACKLINK_TEXT, NBSP_PLACEHOLDER
from markdown.extensions.smarty import SmartyExtension
from markdown.extensions.tables import TableExtension
from markdown.util import AMP_SUBSTITUTE, ETX, STX

from builder.prose import links, spans, tags
from builder.prose.emphasis import Emphasis
from builder.prose.fences import Fences
from builder.prose.finish import BLOCKS, Abbreviations, prettify, serialize
from builder.prose.inline import Inline, Pattern
from builder.prose.notes import Notes, RepeatedNotes
from builder.prose.parser import LinearParser
from builder.prose.rawhtml import RawHtml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STASHED = re.compile(rf"<p>{STX}wzxhzdk:([0-9]+){ETX}</p>|{STX}wzxhzdk:([0-9]+){ETX}")
_BLOCK_TAG = re.compile(r"</?([^ >]+)")


class LinearMarkdown(Markdown):
    """Python-Markdown with footnotes, tables, definition lists, fences, abbreviations, typography."""

    def __init__(self) -> None:
        self.footnotes = Notes()
        abbreviations, fences = AbbrExtension(), FencedCodeExtension()
        # The type stubs of Python-Markdown lack the attribute.
        self.abbreviations: dict[str, str] = abbreviations.abbrs  # type: ignore[attr-defined]
        super().__init__(
            extensions=[
                self.footnotes,
                TableExtension(),
                DefListExtension(),
                fences,
                abbreviations,
                # Typography is set while the tree is written; the extension says what it escapes.
                SmartyExtension(),
            ]
        )
        self.emphasis = Emphasis()
        self._inline = Inline(
            self,
            (
                Pattern("`", spans.code),
                Pattern("\\", spans.escape),
                Pattern("[^", spans.footnote),
                Pattern("[", links.reference),
                Pattern("](", links.link),
                Pattern("![", links.image),
                Pattern("![", links.image_reference),
                Pattern("[", links.short_reference),
                Pattern("![", links.short_image_reference),
                Pattern("<", spans.autolink),
                Pattern("<", spans.automail),
                Pattern("  \n", spans.line_break),
                Pattern("<", tags.html),
                Pattern("&", spans.entity),
                Pattern("", self.emphasis.run),
            ),
        )
        self.treeprocessors.register(self._inline, "inline", 20)
        self.preprocessors.register(Fences(self, fences.getConfigs()), "fenced_code_block", 25)
        self.preprocessors.register(RawHtml(self), "html_block", 20)
        self._repeated_notes = RepeatedNotes(self.footnotes)

    def build_parser(self) -> Self:
        """Make the processors, with the block parser of this package."""
        super().build_parser()
        self.parser = self._parser = LinearParser(self)
        return self

    def convert(self, source: str) -> str:
        """The HTML of a document; nothing of the document before is left in it."""
        self.reset()
        self.emphasis.reset()
        self._parser.reset()
        if not source.strip():
            return ""
        lines = source.split("\n")
        for preprocessor in self.preprocessors:
            lines = preprocessor.run(lines)
        root = cast("Element", self.parser.parseDocument(lines).getroot())
        if self.footnotes.footnotes:
            self.treeprocessors["footnote"].run(root)
        self._inline.run(root)
        if self.footnotes.footnotes:
            self._repeated_notes.run(root)
        prettify(root)
        html = serialize(root, Abbreviations(self.abbreviations) if self.abbreviations else None)
        return self._restore(html.strip()).strip()

    def _restore(self, html: str) -> str:
        """Put back what was stashed while the text was processed."""
        if STX not in html:
            return html
        if self.htmlStash.html_counter:
            html = _STASHED.sub(self._stashed, html)
        html = html.replace(AMP_SUBSTITUTE, "&")
        html = html.replace(FN_BACKLINK_TEXT, "&#8617;")
        return html.replace(NBSP_PLACEHOLDER, "&#160;")

    def _stashed(self, match: re.Match[str]) -> str:
        wrapped = match.group(1) is not None
        key = int(match.group(1) or match.group(2))
        if key >= self.htmlStash.html_counter:
            return match.group()
        html = str(self.htmlStash.rawHtmlBlocks[key])
        if wrapped and not _is_block(html):
            html = f"<p>{html}</p>"
        return _STASHED.sub(self._stashed, html)


def _is_block(html: str) -> bool:
    tag = _BLOCK_TAG.match(html)
    if tag is None:
        return False
    return tag.group(1)[0] in "!?@%" or tag.group(1).lower().rstrip("/") in BLOCKS


class Prose:
    """Renders Markdown to HTML fragments; one instance serves any number of documents in turn."""

    def __init__(self) -> None:
        self._markdown = LinearMarkdown()

    def render(self, text: str) -> str:
        """The HTML of a Markdown text; never raises and leaks nothing into the next document."""
        return self._markdown.convert(text)
