"""Plain paragraphs whose annotations, links and emphasis do not stand in one another -> their body.

Most articles are such: `plain.py` says what a plain text is, and each annotation holds words alone and
has a pair or two in its braces. `read_flat` makes of it, in one pass over its brackets, what all the
steps of the general way make one after another. What braces mean is remembered by the `Lexicon`, for
the same entity is annotated again and again.

Anything else makes it answer None, and so does all that there is something to say about: the general
way says it.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.addresses import anchors, entity_address, href
from builder.body.annotations import MOST_MARKS
from builder.body.braces import read_usual
from builder.body.markup import attributes
from builder.body.meaning import AttributeReader
from builder.body.plain import (
    BREAK,
    BREAKS,
    CLOSE,
    EM,
    INLINE,
    LINK,
    LINK_END,
    NAMES,
    ODD_ASCII,
    ODD_SPACES,
    OPEN,
    SPAN_ENDS,
    STRONG,
    is_bare,
    is_worded,
    tokens,
)
from builder.body.sanitize import USUAL_ADDRESS
from builder.body.sentences import GAP, Sentences, within
from builder.body.typography import typeset
from builder.diagnostics import Place
from builder.model import EntityRef, Mention, Site, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from builder.model import Kind

#: So many different braces are remembered.
_MOST_KNOWN = 8192
#: What words can't be where one is looked for: empty, or of a sign that means something there.
_BLANK, _DOT = ("", " "), ("", ".")
#: Line breaks in bytes are spaces, and the tokens of links and emphasis nothing.
_SPACED = bytes.maketrans(b"\n", b" ")
_INLINE = "".join(INLINE).encode()
_KEEP = "surrogatepass"


class Sense(Struct, frozen=True, gc=False):
    """What the braces of a mention say.

    `start` and `by_start` are where the ids of the entity and of who said it stand, counted from the
    bracket before the braces. A mention's tag is `tag`, its anchor and `classes`; the anchor is
    `anchor` and the number of the mention among those of the entity.
    """

    entity: EntityRef
    start: int
    statement: Statement | None
    note: str
    by_start: int
    tag: str
    anchor: str
    classes: str


class Flat(Struct, frozen=True, gc=False):
    """What a text with flat annotations holds: a body whose links have no places yet.

    `html`, `lead`, `sentences` and `mentions` are those of the `Body`. `links` are the addresses of all
    links in their order, as they are written, each with whether it is that of an image.
    """

    html: str
    lead: str
    sentences: tuple[str, ...]
    mentions: tuple[Mention, ...]
    links: list[tuple[str, bool]]


#: What a span says, and the places of the ids of the entity and of who said it.
_Found = tuple[Sense, Place, Place | None]


class Lexicon:
    """What braces mean with some kinds and statuses. `read(braces)`, without the last one, tells.

    None where they do not name an entity in the usual form, or where there is something to say of them.
    """

    def __init__(self, site: Site, timezone: tzinfo) -> None:
        self._plurals = {kind.id: kind.plural for kind in site.kinds}
        self._base_path = site.base_path
        self._problems: list[str] = []
        self._reader = AttributeReader(
            site, timezone, lambda _, code, *_more: self._problems.append(code)
        )
        self.read = lru_cache(_MOST_KNOWN)(self._read)

    def _read(self, braces: str) -> Sense | None:
        span = read_usual(f"]{braces}}}", 0, 0)
        if span is None or span.end != len(braces) + 2:
            return None
        self._problems.clear()
        meaning = self._reader.read(span)
        entity = meaning.entity
        if self._problems or entity is None:
            return None
        link = href(self._base_path, entity_address(self._plurals[entity.kind], entity.id))
        begun, classes = attributes(link, entity.kind, (), True)
        return Sense(
            entity,
            meaning.entity_start,
            meaning.statement,
            meaning.note,
            meaning.by_start,
            f'{begun} id="',
            anchors(entity),
            f'"{classes}>',
        )


@lru_cache(maxsize=16)
def _lexicon(
    kinds: tuple[Kind, ...], statuses: tuple[str, ...], base_path: str, timezone: tzinfo
) -> Lexicon:
    return Lexicon(Site("", base_path=base_path, statuses=statuses, kinds=kinds), timezone)


def lexicon(site: Site, timezone: tzinfo) -> Lexicon:
    """The lexicon of a site; sites with equal kinds and statuses share one."""
    return _lexicon(site.kinds, site.statuses, site.base_path, timezone)


def read_flat(
    text: str,
    first_line: int,
    language: str,
    known: Lexicon,
    rewrite: Callable[[str], str],
) -> Flat | None:
    """The body of an article's text, which begins at `first_line` of its file.

    None if the text is not plain and flat, or if there is something to say about it.
    `rewrite(address)` gives the address that a link of the body shall have.
    """
    odd = ODD_ASCII if text.isascii() else ODD_SPACES
    if "~" in text or "***" in text or any(map(text.__contains__, odd)) or not is_worded(text):
        return None
    body = text.strip("\n")
    # All that stands before the first sign of the body are line breaks.
    cut = _cut(body, first_line + text.index(body[0]), known) if body else None
    if cut is None:
        return None
    marked, found, addresses = cut
    if "_" in marked or f"!{LINK}" in marked:
        return None
    if "*" in marked:
        marked = marked.replace("**", STRONG).replace("*", EM)
    breaks = BREAKS.sub(BREAK, marked) if "\n\n\n" in marked else marked.replace("\n\n", BREAK)
    marked = f"{BREAK}{breaks}{BREAK}"
    marked = typeset(marked)
    html = _html(marked, [escape(rewrite(one)) for one in addresses])
    words = _words(marked) if html else None
    if words is None:
        return None
    lead, kept, bare = words
    mentioned = _mentions(kept, bare, found, language)
    if mentioned is None:
        return None
    sentences, mentions, tags = mentioned
    pieces = html.split(OPEN)
    pieces[1:] = [tag + piece for tag, piece in zip(tags, pieces[1:], strict=True)]
    html = "".join(pieces).replace(CLOSE, "</a>")
    return Flat(html, lead, sentences, mentions, [(one, False) for one in addresses])


def inline(texts: Sequence[str]) -> list[str]:
    """The HTML of texts that are words, links and emphasis which do not stand in one another.

    None at all if one of them is anything else, or has space at its ends. Addresses are as written.
    """
    text = "\n\n".join(texts)
    if "~" in text or "***" in text or any(one != one.strip() for one in texts) or not is_worded(text):
        return []
    addresses: list[str] = []
    marked = tokens(text, addresses)
    if marked.count(LINK) != len(addresses) or not all(map(USUAL_ADDRESS.fullmatch, addresses)):
        return []
    marked = typeset(marked)
    html = _html(marked, [escape(one) for one in addresses]) if marked else ""
    return html[len("<p>") : -len("</p>")].split("</p>\n<p>") if html else []


def _cut(body: str, line: int, known: Lexicon) -> tuple[str, list[_Found], list[str]] | None:
    """The text with a token for each end of a span and a link, what the spans say, and the addresses.

    None where brackets stand for anything else, and where spans hold more than words.
    """
    before, *pieces = body.split("[")
    if len(pieces) > MOST_MARKS // 2:
        return None
    marked = [before]
    found: list[_Found] = []
    addresses: list[str] = []
    # Where the line begins, and where the bracket that ends the words is.
    begin = before.rfind("\n") + 1
    line += before.count("\n")
    position = len(before) + 1
    read = known.read
    for piece in pieces:
        words, _, behind = piece.partition("]")
        close = position + len(words)
        if "\n" in words:
            line += words.count("\n")
            begin = position + words.rfind("\n") + 1
        if behind[:1] == "{":
            braces, end, rest = behind.partition("}")
            said = read(braces) if end else None
            if said is None or words.isspace() or "*" in words or "\n\n" in words:
                return None
            if words[:1] in _DOT or (rest[:1] == words[-1] == "."):
                # It is empty, or there may be an ellipsis.
                return None
            place = Place(line, close + said.start - begin + 1)
            by_place = Place(line, close + said.by_start - begin + 1) if said.by_start >= 0 else None
            found.append((said, place, by_place))
            marked.append(f"{OPEN}{words}{CLOSE}{rest}")
        else:
            address, end, rest = behind.partition(")")
            if not end or address[:1] != "(" or not USUAL_ADDRESS.fullmatch(address, 1):
                return None
            addresses.append(address[1:])
            marked.append(f"{LINK}{words}{LINK_END}{rest}")
        if "\n" in rest:
            line += rest.count("\n")
            begin = position + len(piece) - len(rest) + rest.rfind("\n") + 1
        position += len(piece) + 1
    if body.count("]") > len(pieces) or body.count("{") > len(found):
        return None
    return "".join(marked), found, addresses


def _html(marked: str, addresses: Sequence[str]) -> str:
    """The HTML of the text, with the tokens of spans; empty where the other tokens are not flat."""
    html = marked
    if addresses:
        before, *pieces = html.split(LINK)
        found = [before]
        for address, piece in zip(addresses, pieces, strict=True):
            inside, _, behind = piece.partition(LINK_END)
            if not is_bare(inside):
                return ""
            found += (f'<a href="{address}">', inside, "</a>", behind)
        html = "".join(found)
    for sign, name in NAMES.items():
        if sign in html:
            pieces = html.split(sign)
            if len(pieces) % 2 == 0 or not all(map(is_bare, pieces[1::2])):
                return ""
            pieces[1::2] = [f"<{name}>{inside}</{name}>" for inside in pieces[1::2]]
            html = "".join(pieces)
    html = html[1:-1].replace(BREAK, "</p>\n<p>")
    return f"<p>{html}</p>"


def _words(marked: str) -> tuple[str, list[str], str] | None:
    """The words of the first paragraph, and of those with spans, cut where spans begin, and bare.

    All white space in them is single spaces, and `GAP` parts the paragraphs. None where the ends of
    spans stand between spaces, or a paragraph begins with one.
    """
    # To take signs out of bytes is the fastest way, if there are many.
    words = marked.encode("utf-8", _KEEP).translate(_SPACED, _INLINE).decode("utf-8", _KEEP)
    paragraphs = words.split(BREAK)[1:-1]
    for one in paragraphs:
        if one.lstrip(SPAN_ENDS)[:1] in _BLANK:
            return None
    lead = paragraphs[0].replace(OPEN, "").replace(CLOSE, "")
    lead = " ".join(lead.split()) if "  " in lead else lead.rstrip(" ")
    words = GAP.join([one for one in paragraphs if OPEN in one])
    pieces = words.split(OPEN)
    bare = "".join(pieces).replace(CLOSE, "")
    if "  " not in bare:
        return lead, pieces, bare
    while "  " in words:
        words = words.replace("  ", " ")
    pieces = words.split(OPEN)
    bare = "".join(pieces).replace(CLOSE, "")
    return None if "  " in bare else (lead, pieces, bare)


def _mentions(
    pieces: Sequence[str], text: str, found: Sequence[_Found], language: str
) -> tuple[tuple[str, ...], tuple[Mention, ...], list[str]] | None:
    """The sentences that hold mentions, the mentions, and the beginnings of their tags.

    None where one runs over several sentences, and another stands in one of these.
    """
    around = Sentences(text, language).around
    sentences: list[str] = []
    mentions: list[Mention] = []
    tags: list[str] = []
    numbers: dict[EntityRef, int] = {}
    sentence = -1
    bounds = (-1, -1)
    start = len(pieces[0])
    for (said, place, by_place), piece in zip(found, pieces[1:], strict=True):
        end = start + piece.index(CLOSE)
        held = begin, stop = around(start, end)
        if held != bounds:
            # Flat mentions come in the order of their sentences.
            if begin < bounds[1]:
                return None
            bounds = held
            sentence += 1
            sentences.append(text[begin:stop])
        entity = said.entity
        number = numbers[entity] = numbers.get(entity, 0) + 1
        anchor = f"{said.anchor}{number}"
        first, last = within(start, end, held)
        tags.append(f"{said.tag}{anchor}{said.classes}")
        mentions.append(
            Mention(
                entity,
                anchor,
                sentence,
                first,
                last,
                place,
                said.statement,
                said.note,
                by_place,
            )
        )
        start += len(piece) - 1
    return tuple(sentences), tuple(mentions), tags
