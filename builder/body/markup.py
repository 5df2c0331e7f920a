"""The spans of a body as HTML: mentions become links to their entities.

A mention that holds another mention or a link, or stands in one, can't be a link itself (HTML allows
none in a link): it is a `span`, and those of its words that belong to it alone are links; where it
has no such words, an empty link with a label follows it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.body.assemble import Assembled
    from builder.body.identifiers import Identifiers

_WORDY = re.compile(r"\w")
_ALT = re.compile(r' alt="([^"]*)"')
#: A label longer than this helps nobody, and nested mentions would repeat it.
_LONGEST_LABEL = 200


class Tagged(Struct, frozen=True):
    """How a span is marked up: as a link to the entity, or as a plain span.

    `href` is empty for a span that names no entity, `anchor` for one that is no mention; `name` is
    the id that the text gives it, and `label` says what it is about where it has no words.
    """

    href: str = ""
    kind: str = ""
    classes: tuple[str, ...] = ()
    name: str = ""
    anchor: str = ""
    label: str = ""


_UNTAGGED = Tagged()


def finish(assembled: Assembled, tagged: dict[int, Tagged], identifiers: Identifiers) -> str:
    """The final HTML: every living span with its markup.

    The ids that the text gives to spans are claimed from `identifiers`.
    """
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    parts = list(assembled.parts)
    for index in sorted(assembled.alive & assembled.fragments.keys()):
        how = tagged.get(index, _UNTAGGED)
        if how.href and not how.name and index not in assembled.complex:
            place = _only_words(parts, assembled.fragments[index])
            if place >= 0:
                # What else can begin or end here is around it, and has been looked at already.
                parts[place] = f"{_opening(how, how.anchor, '', True)}{parts[place]}</a>"
                continue
        linked = bool(how.href) and index not in assembled.complex
        closing = "</a>" if linked else "</span>"
        fragments = _worth_tagging(parts, assembled.fragments[index])
        for position, (start, end) in enumerate(fragments):
            label = how.label if linked and not _has_words(parts, start, end) else ""
            name = identifiers.claim(how.name) if how.name and position == 0 else ""
            anchor = how.anchor if position == 0 else ""
            opening, ending = _opening(how, anchor or name, label, linked), closing
            if anchor and name:
                # An element has one id: that of the text, if there is one, goes to another around it.
                opening, ending = f'<span id="{escape(name)}">{opening}', f"{closing}</span>"
            if start == end:
                before.setdefault(start, []).append(opening + ending)
            else:
                before.setdefault(start, []).append(opening)
                after.setdefault(end, []).insert(0, ending)
        if how.href and not linked:
            _link_runs(assembled, index, how, parts, after)
    parts.append("")
    # What ends at a place stands before what begins there.
    for tags in (before, after):
        for place, pieces in tags.items():
            parts[place] = "".join(pieces) + parts[place]
    return "".join(parts)


def _only_words(parts: list[str], fragments: list[tuple[int, int]]) -> int:
    """The one part of a span that is words alone; -1 for any other span."""
    start, end = fragments[0]
    if end - start != 1 or len(fragments) != 1:
        return -1
    words = parts[start]
    return start if words and not words.isspace() and "<" not in words and "&" not in words else -1


def _worth_tagging(parts: list[str], fragments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges of a span without the empty ones: nobody needs a link without words."""
    if len(fragments) == 1:
        return fragments
    kept = [(start, end) for start, end in fragments if any(map(str.strip, parts[start:end]))]
    return kept or fragments[:1]


def _opening(how: Tagged, identifier: str, label: str, linked: bool) -> str:  # noqa: FBT001 - by name, arguments take longer
    begun, classes = attributes(how.href, how.kind, how.classes, linked)
    # Of letters, digits and hyphens there is nothing to escape.
    written = identifier if identifier.replace("-", "").isalnum() else escape(identifier)
    named = f' id="{written}"' if identifier else ""
    labelled = f' aria-label="{escape(label)}"' if label else ""
    return f"{begun}{named}{classes}{labelled}>"


@lru_cache(maxsize=4096)
def attributes(href: str, kind: str, classes: tuple[str, ...], linked: bool) -> tuple[str, str]:  # noqa: FBT001 - by name, arguments take longer
    """The beginning of a tag, and its classes: what all mentions of one entity share."""
    classes = (*(("mention", f"mention-{kind}") if href else ()), *classes)
    begun = f'<a href="{escape(href)}"' if linked else "<span"
    return begun, f' class="{escape(" ".join(classes))}"' if classes else ""


def _link_runs(
    assembled: Assembled,
    index: int,
    how: Tagged,
    parts: list[str],
    after: dict[int, list[str]],
) -> None:
    """Make a mention that is no link reachable: by its own words, or by an empty link behind it."""
    own: list[int] = []
    if index not in assembled.references:
        own = [run for run in assembled.runs.get(index, ()) if _WORDY.search(parts[run])]
    for run in own:
        text = parts[run]
        inner = text.strip()
        begin = text.index(inner)
        parts[run] = (
            f'{text[:begin]}<a class="mention-words" href="{escape(how.href)}">{inner}</a>'
            f"{text[begin + len(inner) :]}"
        )
    if not own:
        start, end = assembled.fragments[index][0][0], assembled.fragments[index][-1][1]
        label = _label(parts[start:end]) or how.label
        link = f'<a class="mention-link" href="{escape(how.href)}" aria-label="{escape(label)}"></a>'
        place = assembled.references.get(index, end - 1) + 1
        after.setdefault(place, []).append(link)


def _has_words(parts: list[str], start: int, end: int) -> bool:
    first = parts[start].strip() if end - start == 1 else ""
    if first and first[0] != "<" and "&" not in first:
        return True
    return bool(_label(parts[start:end]))


def description(part: str) -> str:
    """What describes the image that a part of the HTML is; empty for any other part."""
    found = _ALT.search(part) if part.startswith("<img ") else None
    return " ".join(unescape(found.group(1)).split()) if found else ""


def _label(parts: Sequence[str]) -> str:
    """The words of a stretch of HTML, those that describe images included."""
    words: list[str] = []
    length = 0
    for part in parts:
        described = _ALT.search(part) if part.startswith("<img ") else None
        if described or not part.startswith("<"):
            words.append(unescape(described.group(1) if described else part))
            length += len(words[-1])
        if length > _LONGEST_LABEL:
            break
    return " ".join("".join(words).split())[:_LONGEST_LABEL]
