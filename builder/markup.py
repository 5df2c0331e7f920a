"""The spans of a body as HTML: mentions become links to their entities.

A mention that holds another mention or a link, or stands in one, can't be a link itself (HTML allows
none in a link): it is a `span`, and those of its words that belong to it alone are links; where it
has no such words, an empty link with a label follows it.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.assemble import Assembled
    from builder.identifiers import Identifiers

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


def finish(assembled: Assembled, tagged: dict[int, Tagged], identifiers: Identifiers) -> str:
    """The final HTML: every living span with its markup.

    The ids that the text gives to spans are claimed from `identifiers`.
    """
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    parts = list(assembled.parts)
    for index in sorted(index for index in assembled.alive if index in assembled.fragments):
        how = tagged.get(index, Tagged())
        linked = bool(how.href) and index not in assembled.complex
        closing = "</a>" if linked else "</span>"
        fragments = _worth_tagging(parts, assembled.fragments[index])
        for position, (start, end) in enumerate(fragments):
            label = how.label if linked and not _label(parts[start:end]) else ""
            name = identifiers.claim(how.name) if position == 0 else ""
            anchor = how.anchor if position == 0 else ""
            opening = _opening(how, anchor or name, label, linked=linked)
            # An element has one id: that of the text, if there is one, goes to another around it.
            around = (f'<span id="{escape(name)}">', "</span>") if anchor and name else ("", "")
            if start == end:
                before.setdefault(start, []).append(around[0] + opening + closing + around[1])
                continue
            before.setdefault(start, []).append(around[0] + opening)
            after.setdefault(end, []).insert(0, closing + around[1])
        if how.href and not linked:
            _link_runs(assembled, index, how, parts, after)
    pieces: list[str] = []
    for position in range(len(parts) + 1):
        pieces += after.get(position, ())
        pieces += before.get(position, ())
        if position < len(parts):
            pieces.append(parts[position])
    return "".join(pieces)


def _worth_tagging(parts: list[str], fragments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges of a span without the empty ones: nobody needs a link without words."""
    kept = [(start, end) for start, end in fragments if any(map(str.strip, parts[start:end]))]
    return kept or fragments[:1]


def _opening(how: Tagged, identifier: str, label: str, *, linked: bool) -> str:
    attributes: list[tuple[str, str]] = []
    if linked:
        attributes.append(("href", how.href))
    if identifier:
        attributes.append(("id", identifier))
    classes = (*(("mention", f"mention-{how.kind}") if how.href else ()), *how.classes)
    if classes:
        attributes.append(("class", " ".join(classes)))
    if label:
        attributes.append(("aria-label", label))
    tag = "a" if linked else "span"
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes)
    return f"<{tag}{written}>"


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
