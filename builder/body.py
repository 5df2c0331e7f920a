"""Markdown with annotations -> a Body: rendered, sanitised, with its mentions and sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from functools import cache
from html import unescape
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.addresses import BodyLinks, anchor, entity_address, href
from builder.annotations import Attribute, Fault, Lines, Mark, Span, mark
from builder.assemble import Assembled, Block, assemble
from builder.balance import balanced
from builder.diagnostics import Diagnostic, Place, diagnostic, did_you_mean
from builder.identifiers import Identifiers
from builder.markup import Tagged, finish
from builder.model import Body, BodyLink, EntityRef, Mention, Reference, Site, Statement
from builder.prose import Prose
from builder.sanitize import make_cleaner
from builder.sentences import split
from builder.values import FieldError, read_date

if TYPE_CHECKING:
    from datetime import tzinfo

    import nh3

_STATEMENT_KEYS = ("status", "date", "value", "by", "note")
_ADDRESS = re.compile(r"""[^\s()<>\[\]"']+""")
_ODD_SPACE = re.compile(r"\s\s|[^\S \n]")
_BEFORE_ADDRESS = re.compile(r"""(?:[(<"'=]|\]:[ ]?)\Z""")
_SPACE = re.compile(r"\s+")


@cache
def _engines() -> tuple[Prose, nh3.Cleaner]:
    # One Markdown instance a process: making one costs more than rendering an article.
    return Prose(), make_cleaner()


class Meaning(Struct, frozen=True):
    """What a span says, once its attributes are understood."""

    span: Span
    entity: EntityRef | None = None
    statement: Statement | None = None
    note: str = ""
    by_place: Place | None = None


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
        self._lines: Lines | None = None
        self._first_line = first_line
        self._timezone = timezone
        self._counts = mentions
        self._kinds = {kind.id: kind for kind in site.kinds}
        self._links = BodyLinks(path, site.kinds, site.base_path)

    def read(self, language: str) -> Body:
        """Render the body; what there is to say about it is in `found` afterwards."""
        if not self.text.strip():
            return Body()
        prose, cleaner = _engines()
        marked, marks = mark(self.text)
        rendered = prose.render(marked)
        html = cleaner.clean(balanced(rendered) if "<" in self.text else rendered)
        identifiers = Identifiers()
        walked = assemble(html, marks, self.text, self._rewrite, identifiers)
        self._report(marks, walked)
        meanings = {
            index: self._meaning(span)
            for index, span in enumerate(marks)
            if isinstance(span, Span) and index in walked.alive
        }
        anchors = self._anchors(meanings)
        tagged = {
            index: self._tagged(meaning, anchors.get(index, "")) for index, meaning in meanings.items()
        }
        sentences, mentions = self._sentences(walked, meanings, anchors, language)
        html = finish(walked, tagged, identifiers)
        return Body(
            html=html,
            lead=walked.lead,
            sentences=sentences,
            mentions=mentions,
            links=self._body_links(walked),
            references=() if self._counts else self._references(meanings),
        )

    def place(self, offset: int) -> Place:
        """The place in the file of an offset of the body."""
        if self._lines is None:
            self._lines = Lines(self.text, self._first_line)
        return Place(*self._lines.at(offset))

    def _say(self, offset: int, code: str, message: str, hint: str = "") -> None:
        self.found.append(diagnostic(self.path, self.place(offset), code, message, hint))

    def _rewrite(self, written: str, is_image: bool) -> str:  # noqa: ARG002, FBT001 - the walk's signature
        return self._links.rewrite(written)

    def _report(self, marks: tuple[Mark, ...], walked: Assembled) -> None:
        for index, one in enumerate(marks):
            if not isinstance(one, Fault) or index not in walked.alive:
                continue
            if not one.key or one.key in self._kinds:
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

    def _meaning(self, span: Span) -> Meaning:
        entity: EntityRef | None = None
        said: dict[str, Attribute] = {}
        for attribute in span.attributes:
            key = attribute.key
            if key in self._kinds:
                if entity is not None:
                    self._say(
                        attribute.start,
                        "two-entities",
                        "one annotation names two entities",
                        "nest two annotations: `[[words]{...}]{...}`",
                    )
                entity = entity or _ref(key, attribute.value)
            elif key in _STATEMENT_KEYS:
                said[key] = attribute
            else:
                self._unknown(attribute)
        if entity is None and said:
            self._say(
                span.start,
                "statement-without-entity",
                f'"{next(iter(said))}" is said of nothing',
                "name the entity in the same braces, as in `project=rasht-astara-railway`",
            )
        statement = self._statement(said)
        note = said["note"].value if "note" in said else ""
        by_place = self.place(said["by"].value_start) if "by" in said else None
        return Meaning(span, entity, statement, note, by_place)

    def _unknown(self, attribute: Attribute) -> None:
        known = (*self._kinds, *_STATEMENT_KEYS)
        plural = next((kind.id for kind in self.site.kinds if kind.plural == attribute.key), "")
        hint = f'did you mean "{plural}"?' if plural else did_you_mean(attribute.key, known)
        self._say(
            attribute.start,
            "unknown-attribute",
            f'unknown attribute "{attribute.key}"',
            hint or f"known are {', '.join(known)}",
        )

    def _statement(self, said: dict[str, Attribute]) -> Statement | None:
        if not said.keys() - {"note"}:
            return None
        status = said["status"].value if "status" in said else ""
        if status and status not in self.site.statuses:
            hint = did_you_mean(status, self.site.statuses)
            self._say(
                said["status"].value_start,
                "unknown-status",
                f'unknown status "{status}"',
                hint or f"known are {', '.join(self.site.statuses)}",
            )
        date = by = None
        if "date" in said:
            try:
                date = read_date(said["date"].value, self._timezone)
            except FieldError as problem:
                self._say(said["date"].value_start, problem.code, problem.message, problem.hint)
        if "by" in said:
            kind, colon, name = said["by"].value.partition(":")
            if colon and kind in self._kinds:
                by = _ref(kind, name)
            else:
                self._say(
                    said["by"].value_start,
                    "bad-reference",
                    f'"{said["by"].value}" does not name who said it',
                    "write kind and id, as in `by=person:ilham-aliyev`",
                )
        return Statement(status, date, said["value"].value if "value" in said else "", by)

    def _anchors(self, meanings: dict[int, Meaning]) -> dict[int, str]:
        if not self._counts:
            return {}
        numbers: dict[EntityRef, int] = {}
        anchors = {}
        for index in sorted(meanings):
            entity = meanings[index].entity
            if entity is not None:
                numbers[entity] = numbers.get(entity, 0) + 1
                anchors[index] = anchor(entity, numbers[entity])
        return anchors

    def _tagged(self, meaning: Meaning, name: str) -> Tagged:
        span, entity = meaning.span, meaning.entity
        if entity is None:
            return Tagged(classes=span.classes, name=span.name)
        address = entity_address(self._kinds[entity.kind].plural, entity.id)
        return Tagged(
            href=href(self.site.base_path, address),
            kind=entity.kind,
            classes=span.classes,
            name=span.name,
            anchor=name,
            label=entity.id,
        )

    def _sentences(
        self,
        walked: Assembled,
        meanings: dict[int, Meaning],
        anchors: dict[int, str],
        language: str,
    ) -> tuple[tuple[str, ...], tuple[Mention, ...]]:
        if not self._counts:
            return (), ()
        sentences: list[str] = []
        mentions: dict[int, Mention] = {}
        for block in walked.blocks:
            text, spans = _single_spaced(block)
            bounds = split(text, language)
            kept: dict[tuple[int, int], int] = {}
            for index, start, end in sorted(spans):
                meaning = meanings[index]
                if meaning.entity is None:
                    continue
                begin, stop = _around(bounds, start, end, len(text))
                if (begin, stop) not in kept:
                    kept[begin, stop] = len(sentences)
                    sentences.append(text[begin:stop])
                mentions[index] = Mention(
                    entity=meaning.entity,
                    anchor=anchors[index],
                    sentence=kept[begin, stop],
                    # Space at its ends may stand outside of the sentence.
                    start=min(max(start, begin), stop) - begin,
                    end=min(max(end, begin), stop) - begin,
                    place=self._value_place(meaning),
                    statement=meaning.statement,
                    note=meaning.note,
                    by_place=meaning.by_place,
                )
        return tuple(sentences), tuple(mentions[index] for index in sorted(mentions))

    def _value_place(self, meaning: Meaning) -> Place:
        """Where the id of the span's entity stands."""
        for attribute in meaning.span.attributes:
            if attribute.key in self._kinds:
                return self.place(attribute.value_start)
        return self.place(meaning.span.start)

    def _references(self, meanings: dict[int, Meaning]) -> tuple[Reference, ...]:
        found = []
        for index in sorted(meanings):
            meaning = meanings[index]
            if meaning.entity is not None:
                found.append(Reference(meaning.entity, self._value_place(meaning)))
            if meaning.statement and meaning.statement.by and meaning.by_place:
                found.append(Reference(meaning.statement.by, meaning.by_place))
        return tuple(found)

    def _body_links(self, walked: Assembled) -> tuple[BodyLink, ...]:
        inside = [
            (written, address, image)
            for written, image in walked.links
            if (address := self._links.resolve(written)) is not None
        ]
        if not inside:
            return ()
        # HTML has no positions: the n-th link with an address is its n-th place in the text.
        wanted = {written for written, _, _ in inside}
        as_link: dict[str, deque[int]] = {written: deque() for written in wanted}
        as_word: dict[str, deque[int]] = {written: deque() for written in wanted}
        for word in _ADDRESS.finditer(self.text):
            written = unescape(word.group())
            if written in wanted:
                linked = _BEFORE_ADDRESS.search(self.text, max(word.start() - 4, 0), word.start())
                (as_link if linked else as_word)[written].append(word.start())
        links = []
        for written, address, image in inside:
            places = as_link[written] or as_word[written]
            offset = (places.popleft() if len(places) > 1 else places[0]) if places else 0
            links.append(BodyLink(address, self.place(offset), written, image))
        return tuple(links)


def _ref(kind: str, entity_id: str) -> EntityRef:
    """Names an entity; the ids of countries are in upper case in the registry."""
    return EntityRef(kind, entity_id.upper() if kind == "country" else entity_id)


def _single_spaced(block: Block) -> tuple[str, list[tuple[int, int, int]]]:
    """The text of a block with every run of white space made one space, its spans moved along."""
    if not _ODD_SPACE.search(block.text):
        return block.text.replace("\n", " "), block.spans
    pieces: list[str] = []
    cuts: list[tuple[int, int, int]] = []
    position = removed = 0
    for space in _SPACE.finditer(block.text):
        pieces += (block.text[position : space.start()], " ")
        position = space.end()
        if position - space.start() > 1:
            removed += position - space.start() - 1
            cuts.append((space.start(), position, removed))
    pieces.append(block.text[position:])
    if not cuts:
        return "".join(pieces), block.spans

    def moved(offset: int) -> int:
        before = bisect_right(cuts, offset, key=itemgetter(0))
        if not before:
            return offset
        start, end, gone = cuts[before - 1]
        # Within a run there is but the one space: an offset stands before or behind it.
        return max(offset, end) - gone if offset > start else offset - gone + end - start - 1

    return "".join(pieces), [(index, moved(start), moved(end)) for index, start, end in block.spans]


def _around(bounds: list[tuple[int, int]], start: int, end: int, length: int) -> tuple[int, int]:
    """The sentence that holds [start, end), or the sentences if it runs through several."""
    if not bounds:
        return 0, length
    first = min(bisect_right(bounds, start, key=itemgetter(1)), len(bounds) - 1)
    last = max(bisect_left(bounds, end, key=itemgetter(0)) - 1, first)
    return bounds[first][0], bounds[last][1]
