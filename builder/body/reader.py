"""Markdown with annotations -> a Body: rendered, sanitised, with its mentions and sentences."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import structs

from builder.addresses import BodyLinks, anchor, entity_address, href
from builder.body.annotations import Mark, Private, Tokens, mark, tokenize
from builder.body.assemble import Assembled, assemble
from builder.body.balance import balanced
from builder.body.blocks import without_code
from builder.body.braces import Fault, Span
from builder.body.depth import DEEPEST, tag_place, too_deep
from builder.body.flat import Flat, lexicon, read_flat
from builder.body.identifiers import Identifiers
from builder.body.markup import Tagged, finish
from builder.body.meaning import AttributeReader, Meaning
from builder.body.mentions import mentioned
from builder.body.misread import has_foreign_items, misread
from builder.body.mixed import Mixed
from builder.body.nowhere import Nowhere, astray, own_ids, unreachable
from builder.body.plain import assemble_plain
from builder.body.sanitize import keeps_element, make_cleaner, taken_out
from builder.body.targets import link_places
from builder.body.unclosed import hides_rest, unclosed
from builder.body.undefined import lost_lines, lost_notes, undefined, without_lost_ways
from builder.body.wordless import describe, lost
from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.lines import Lines
from builder.model import Body, BodyLink, EntityRef, Reference, Site

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    import nh3

    from builder.prose import Prose

_EMPTY = (
    "empty-annotation",
    "the annotation holds no words",
    "write the words it is about between the brackets, or describe the image: `![words](address)`",
)
_LOST = (
    "lost-annotation",
    "the annotation stands where no words are shown, so nothing is made of it",
    "take it out of the image's description, the title, the abbreviation or the HTML it stands in",
)
#: So many names of elements are told that are taken out.
_MOST_ELEMENTS = 20
_NO_ELEMENT = "if it is text, write &lt; in place of <; what pages can't show is better linked to"
_TOO_DEEP = (
    "too-deep",
    f"HTML elements are nested more than {DEEPEST} deep",
    "give each the end that it lacks: `<div>` ends with `</div>`",
)


class _TooDeepError(Exception):
    """HTML of the body is nested too deep, at an index of it."""


@cache
def _prose() -> Prose:
    from builder.prose import Prose

    # One Markdown instance a process: making one costs more than rendering an article.
    return Prose()


@cache
def _cleaner() -> nh3.Cleaner:
    return make_cleaner()


def _is_kept(html: str) -> bool:
    """Whether the sanitiser leaves HTML as it is."""
    return _cleaner().clean(html) == html


@lru_cache(maxsize=4096)
def _entity_link(base_path: str, plural: str, entity_id: str) -> str:
    return href(base_path, entity_address(plural, entity_id))


class BodyReader:
    """Reads the body of one file.

    `first_line` is the line of the file that the body begins with. `mentions` tells whether
    annotations are mentions (in articles) or links alone (in profiles and pages).
    """

    def __init__(
        self, path: str, text: str, first_line: int, site: Site, timezone: tzinfo, *, mentions: bool
    ) -> None:
        self.path = path
        self.text = text
        self.site = site
        self.found: list[Diagnostic] = []
        # A flat text has paragraphs of words alone.
        self._is_flat = False
        self._unreachable: tuple[Nowhere, ...] = ()
        self._taken_out: tuple[re.Match[str], ...] = ()
        self._hides_rest = False
        self._lines: Lines | None = None
        self._first_line = first_line
        self._timezone = timezone
        self._counts = mentions
        self._kinds = {kind.id: kind for kind in site.kinds}
        self._links = BodyLinks(path, site.kinds, site.base_path)

    def read(self, language: str) -> Body:
        """Render the body; what there is to say about it is in `found` afterwards."""
        try:
            body = self._read(language) if self.text.strip() else Body()
        except _TooDeepError as error:
            self.found.clear()
            self._say(error.args[0], *_TOO_DEEP)
            return Body()
        if self._taken_out:
            self._tell_elements()
        if "[^" in self.text:
            self._tell(lost_notes(self.text, body.html))
            body = structs.replace(body, html=without_lost_ways(body.html))
        ids = own_ids(body.html, len(body.mentions))
        if ids:
            body = structs.replace(body, ids=ids)
        nowhere = [*self._unreachable, *astray(body.html)]
        if nowhere:
            places = link_places(self.text, [written for written, *_ in nowhere])
            for offset, (_, *said) in zip(places, nowhere, strict=True):
                self._say(offset, *said)
        if not self._is_flat:
            self._tell(lost_lines(self.text, body.html))
            self._tell(unclosed(self.text, body.html, hides=self._hides_rest))
        self._tell(misread(self.text, body.html) if self._may_be_misread else ())
        return body

    @property
    def _may_be_misread(self) -> bool:
        """Whether lines may look like what they are not read as: in flat texts, all are words."""
        return not self._is_flat or has_foreign_items(self.text)

    def _read(self, language: str) -> Body:
        flat = self._flat(language) if self._counts else None
        if flat is not None:
            links = self._body_links(flat.links) if flat.links else ()
            return Body(flat.html, flat.lead, flat.sentences, flat.mentions, links)
        marks, walked, identifiers = self._walked()
        reader = AttributeReader(self.site, self._timezone, self._say)
        meanings = {
            index: reader.read(span)
            for index, span in enumerate(marks)
            if isinstance(span, Span) and index in walked.alive
        }
        for index in describe(walked):
            if meanings[index].entity is not None:
                self._say(meanings[index].span.start, *_EMPTY)
        tagged = self._tagged(meanings)
        html = finish(walked, tagged, identifiers)
        links = self._body_links(walked.links)
        if not self._counts:
            return Body(html, walked.lead, links=links, references=self._references(meanings))
        anchors = {index: one.anchor for index, one in tagged.items()}
        told = mentioned(walked.blocks, meanings, anchors, language, self.place)
        return Body(html, walked.lead, told.sentences, told.mentions, links, begins=told.begins)

    def _flat(self, language: str) -> Flat | None:
        known = lexicon(self.site, self._timezone)
        given = (self._first_line, language, known, self._links.rewrite)
        flat = read_flat(self.text, *given)
        self._is_flat = flat is not None
        # A flat text has no brackets but those of annotations and links.
        return flat or (None if self._undefined else self._mixed.read(*given))

    @cached_property
    def _known_words(self) -> frozenset[str]:
        """What names a kind in braces, and what is written in its place."""
        return frozenset(word for kind in self.site.kinds for word in (kind.id, kind.plural))

    @cached_property
    def _undefined(self) -> tuple[Fault, ...]:
        return undefined(self.text)

    @cached_property
    def _mixed(self) -> Mixed:
        return Mixed(self.text, self._html)

    def _walked(self) -> tuple[tuple[Mark, ...], Assembled, Identifiers]:
        """The marks of the text, what becomes of them in its HTML, and the ids that are taken there."""
        identifiers = Identifiers()
        rewrite = self._links.rewrite
        tokens = tokenize(self.text)
        if self._undefined:
            faults = sorted((*tokens.faults, *self._undefined), key=attrgetter("start"))
            tokens = Tokens(tokens.spans, tuple(faults))
        if not tokens.faults:
            spans = tokens.spans
            walked = assemble_plain(self.text, spans, _is_kept, rewrite)
            if walked is not None:
                return spans, walked, identifiers
            walked = self._mixed.assemble(spans, _is_kept, rewrite, identifiers)
            if walked is not None:
                self._report(spans, walked)
                return spans, walked, identifiers
            identifiers = Identifiers()
        marked, marks = mark(self.text, tokens)
        walked = assemble(self._html(marked), marks, self.text, rewrite, identifiers)
        self._report(marks, walked)
        return marks, walked, identifiers

    def _html(self, marked: str) -> str:
        """The sanitised HTML of Markdown with placeholders."""
        rendered = _prose().render(marked)
        self._unreachable = tuple(unreachable(rendered, self._kinds))
        if "<" not in self.text:
            return _cleaner().clean(rendered)
        self._taken_out = tuple(taken_out(rendered))
        self._hides_rest = hides_rest(rendered)
        deep = too_deep(rendered)
        if deep is not None:
            raise _TooDeepError(tag_place(deep, self.text))
        return _cleaner().clean(balanced(rendered))

    def _tell_elements(self) -> None:
        """Say which elements the sanitiser took out: of each name the first, of many names some."""
        found: dict[str, list[re.Match[str]]] = {}
        for tag in self._taken_out:
            found.setdefault(tag[1].lower(), []).append(tag)
        text = without_code(self.text)
        for number, (name, tags) in enumerate(list(found.items())[:_MOST_ELEMENTS], 1):
            more = f", and {len(tags) - 1} more of that name" if len(tags) > 1 else ""
            if number == _MOST_ELEMENTS < len(found):
                more += f"; so are those of {len(found) - number} more names"
            message = f'the element "<{name[:60]}>" is taken out{more}'
            if keeps_element(name):
                message = f'the words behind "<{name}" are read as attributes, and taken out{more}'
            self._say(tag_place(tags[0], text), "lost-element", message, _NO_ELEMENT)

    def place(self, offset: int) -> Place:
        """The place in the file of an offset of the body."""
        lines = self._lines
        if lines is None:
            lines = self._lines = Lines(self.text, self._first_line)
        return Place(*lines.at(offset))

    def _say(self, offset: int, code: str, message: str, hint: str = "") -> None:
        self.found.append(diagnostic(self.path, self.place(offset), code, message, hint))

    def _tell(self, faults: Iterable[Fault]) -> None:
        for one in faults:
            self._say(one.start, one.code, one.message, one.hint)

    def _report(self, marks: tuple[Mark, ...], walked: Assembled) -> None:
        for index, one in enumerate(marks):
            if isinstance(one, Span) or index not in walked.alive:
                continue
            if isinstance(one, Private):
                message = f'"{one.character}" means a control character'
                self._say(one.start, "control-character", message, "it is read as a space; delete it")
            elif not one.key or one.key.casefold() in self._known_words:
                self._say(one.start, one.code, one.message, one.hint)
        for index in sorted(set(walked.crossing)):
            span = marks[index]
            if isinstance(span, Span):
                self._say(
                    span.start,
                    "span-crosses-block",
                    "the annotation begins in one block and ends in another",
                    "close it before the paragraph, list item, cell or quotation ends",
                )
        for span in lost(marks, walked, self.text):
            self._say(span.start, *_LOST)

    def _tagged(self, meanings: dict[int, Meaning]) -> dict[int, Tagged]:
        """How the spans are marked up; mentions of an entity are numbered."""
        numbers: dict[EntityRef, int] = {}
        tagged = {}
        for index, meaning in meanings.items():
            span, entity = meaning.span, meaning.entity
            if entity is None:
                tagged[index] = Tagged(classes=span.classes, name=span.name)
                continue
            name = ""
            if self._counts:
                number = numbers[entity] = numbers.get(entity, 0) + 1
                name = anchor(entity, number)
            link = _entity_link(self.site.base_path, self._kinds[entity.kind].plural, entity.id)
            tagged[index] = Tagged(link, entity.kind, span.classes, span.name, name, entity.id)
        return tagged

    def _references(self, meanings: dict[int, Meaning]) -> tuple[Reference, ...]:
        found = []
        for meaning in meanings.values():
            if meaning.entity is not None:
                found.append(Reference(meaning.entity, self.place(meaning.entity_start)))
            if meaning.statement and meaning.statement.by:
                found.append(Reference(meaning.statement.by, self.place(meaning.by_start)))
        return tuple(found)

    def _body_links(self, links: Sequence[tuple[str, bool]]) -> tuple[BodyLink, ...]:
        inside = [
            (written, address, image)
            for written, image in links
            if (address := self._links.resolve(written)) is not None
        ]
        if not inside:
            return ()
        offsets = link_places(self.text, [written for written, _, _ in inside])
        return tuple(
            BodyLink(address, self.place(offset), written, image)
            for (written, address, image), offset in zip(inside, offsets, strict=True)
        )
