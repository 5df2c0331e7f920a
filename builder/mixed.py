"""Paragraphs and other blocks -> what the walk over their HTML would find; Markdown renders the others.

An article that has a heading, a list, a quotation or a table is mostly plain paragraphs for the rest.
Each run of these is taken out of the text, with a paragraph of one sign to stand in for it, and read as
`plain.py` reads it. What is left, a few lines, is rendered and walked, and the paragraphs are put in
place of what stood in for them. Where all annotations stand in flat paragraphs, `read_mixed` makes the
whole body of them as `flat.py` does; otherwise `assemble_mixed` gives what the walk would find.

To Markdown one plain paragraph between blank lines is as good as another, so what is around it comes
out the same. Where a paragraph is part of something else (code, a list, raw HTML, a term that is
defined), what stands in for it does not come out as a paragraph by itself, and that is seen. Then, and
where `plain.py` is not sure, `assemble_mixed` answers None, and all of the text goes the general way.
Only abbreviations, once explained, change the words of all other blocks.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from builder.annotations import MOST_MARKS, edited, ends
from builder.assemble import Walk
from builder.flat import Numbering, read_flat
from builder.identifiers import Identifiers
from builder.plain import BREAKS, LINE, PRIVATE, REFUSED, marked, read_plain
from builder.signs import places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.assemble import Assembled
    from builder.braces import Span
    from builder.flat import Flat, Lexicon
    from builder.plain import Paragraphs

#: Stands in for paragraphs. No text that holds it comes here.
_SIGN = "\ue000"
_STAND_IN = f"<p>{_SIGN}</p>"
#: Signs of a block that is no plain paragraph, beside those that plain texts may not hold.
_ODD = (*REFUSED, "_", "![", "***", "\n* ", "]:", "[^")


def assemble_mixed(
    text: str,
    spans: Sequence[Span],
    keeps: Callable[[str], bool],
    rewrite: Callable[[str, bool], str],
    render: Callable[[str], str],
    identifiers: Identifiers,
) -> Assembled | None:
    """What `assemble` gives for the HTML of the text, or None if it has to be rendered as a whole.

    `spans` are all that the text is annotated with, `keeps` and `rewrite` as for `assemble_plain`.
    `render` gives the sanitised HTML of Markdown with placeholders. `identifiers` are of no use any
    more if the answer is None.
    """
    if _reaches_far(text):
        return None
    read: list[tuple[int, Paragraphs]] = []
    edits: list[tuple[int, int, str]] = []
    number = 0
    starts = [one.start for one in spans]
    for start, end in _plain_runs(text):
        first, number_behind = bisect_left(starts, start), bisect_left(starts, end)
        edits += (edit for index in range(number, first) for edit in ends(spans[index], index))
        number = number_behind
        paragraphs = read_plain(marked(text, spans[first:number], start, end), keeps)
        if paragraphs is None:
            return None
        read.append((first, paragraphs))
        edits.append((start, end, _SIGN))
    if not read:
        return None
    edits += (edit for index in range(number, len(spans)) for edit in ends(spans[index], index))
    html = render(edited(text, 0, len(text), edits))
    pieces = html.split(_STAND_IN)
    if len(pieces) != len(read) + 1:
        return None
    walk = Walk(spans, text, rewrite, identifiers)
    walk.measure(html)
    for piece, run in zip_longest(pieces, read):
        if not walk.walk(piece) or (run and not run[1].walk(walk.out, run[0], rewrite)):
            return None
    return walk.out


def read_mixed(
    text: str,
    first_line: int,
    language: str,
    known: Lexicon,
    rewrite: Callable[[str], str],
    render: Callable[[str], str],
) -> Flat | None:
    """What `read_flat` gives, of a text that has annotations in flat paragraphs alone.

    None if it has others. `render` gives the sanitised HTML of Markdown.
    """
    runs = [] if _reaches_far(text) else _plain_runs(text)
    inside = sum(text.count("{", start, end) for start, end in runs)
    if not runs or inside != text.count("{") or inside > MOST_MARKS // 2:
        return None
    numbering = Numbering()
    read: list[Flat] = []
    line, position = first_line, 0
    for start, end in runs:
        line += text.count("\n", position, start)
        position = start
        flat = read_flat(text[start:end], line, language, known, rewrite, numbering)
        if flat is None:
            return None
        read.append(flat)
    html = render(edited(text, 0, len(text), [(*run, _SIGN) for run in runs]))
    pieces = html.split(_STAND_IN)
    if len(pieces) != len(read) + 1:
        return None
    walk = Walk((), text, lambda address, _: rewrite(address), Identifiers())
    walk.measure(html)
    found: list[Flat] = []
    for piece, run in zip_longest(pieces, read):
        if not walk.walk(piece):
            return None
        out = walk.take()
        found.append(("".join(out.parts), out.lead, (), (), out.links))
        if run:
            found.append(run)
    htmls, leads, sentences, mentions, links = zip(*found, strict=True)
    return (
        "".join(htmls),
        next(filter(None, leads), ""),
        tuple(chain.from_iterable(sentences)),
        tuple(chain.from_iterable(mentions)),
        [*chain.from_iterable(links)],
    )


def _reaches_far(text: str) -> bool:
    """Whether a block may change the words of another, or a character has a meaning here."""
    if "*[" in text and ("]:" in text or "] :" in text):
        # An abbreviation is explained.
        return True
    return "&#" in text or _SIGN in text or (not text.isascii() and PRIVATE.search(text) is not None)


def _plain_runs(text: str) -> list[tuple[int, int]]:
    """Where stretches of paragraphs begin and end that look plain, with other blocks between them."""
    # Lines are told by the line breaks before them.
    below = f"\n{text}"
    odd = places(below, *_ODD)
    odd += [line.start() for line in LINE.finditer(below)]
    odd.sort()
    stop = len(text.rstrip("\n"))
    start = len(text) - len(text.lstrip("\n"))
    runs: list[tuple[int, int]] = []
    goes_on = False
    for gap in [*BREAKS.finditer(text, start, stop), None]:
        end = gap.start() if gap else stop
        # A sign at an offset of the text is one behind it in what is below a line break.
        place = bisect_left(odd, start)
        if place < len(odd) and odd[place] <= end:
            goes_on = False
        else:
            runs.append((runs.pop()[0] if goes_on else start, end))
            goes_on = True
        start = gap.end() if gap else stop
    return runs
