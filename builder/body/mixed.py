"""Paragraphs and other blocks -> what the walk over their HTML would find; Markdown renders the others.

An article that has a heading, a list, a quotation or a table is mostly plain paragraphs for the rest.
These are taken out of the text, with a paragraph of one sign to stand in for each run, and read as
`plain.py` reads them. What is left, a few lines, is rendered and walked, and the paragraphs are put in
place of what stood in for them. Where all annotations stand in flat paragraphs, `flat.py` reads these
together, `worded.py` spares Markdown the blocks that it knows, and the body is done; otherwise what
comes out is what the walk over all of the HTML would find.

To Markdown one plain paragraph between blank lines is as good as another, so what is around it comes
out the same. Where a paragraph is part of something else (code, a list, raw HTML, a term that is
defined), what stands in for it does not come out as a paragraph by itself, and that is seen. Then, and
where `plain.py` is not sure, all of the text goes the general way.
Only abbreviations, once explained, change the words of all other blocks.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from builder.body.annotations import ends, replaced
from builder.body.assemble import Walk
from builder.body.blocks import outside_fences
from builder.body.flat import Flat, read_flat
from builder.body.identifiers import Identifiers
from builder.body.plain import BREAKS, LINE, PRIVATE, REFUSED, marked, read_plain
from builder.body.worded import worded
from builder.signs import offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.body.assemble import Assembled
    from builder.body.braces import Span
    from builder.body.flat import Lexicon
    from builder.body.plain import Paragraphs

#: Stands in for paragraphs. No text that holds it comes here.
_SIGN = "\ue000"
_STAND_IN = f"<p>{_SIGN}</p>"
#: Stands in for what is between paragraphs, where these are read by themselves.
_STRETCH = "\x0e"
_BETWEEN = f"\n<p>{_STRETCH}</p>\n"
#: Signs of a block that is no plain paragraph, beside those that plain texts may not hold.
_ODD = (*REFUSED, "_", "![", "***", "\n* ", "]:", "[^")


class Mixed:
    """A text taken apart: what can be read as plain paragraphs, and what Markdown has to render.

    `render` gives the sanitised HTML of Markdown with placeholders. Each way of reading answers None if
    the text has to be rendered as a whole, or if it is none for this way.
    """

    def __init__(self, text: str, render: Callable[[str], str]) -> None:
        self._text = text
        self._render = render
        #: Whether Markdown took a run of plain paragraphs for another thing.
        self._refuted = False
        self._runs = [] if _reaches_far(text) else _plain_runs(text)
        if sum(end - start for start, end in self._runs) * 3 < len(text):
            # To take few words out may save less than it takes to find that they must stay.
            self._runs = []

    def read(
        self, first_line: int, language: str, known: Lexicon, rewrite: Callable[[str], str]
    ) -> Flat | None:
        """What `read_flat` gives, of a text that has annotations in flat paragraphs alone."""
        text, runs = self._text, self._runs
        if not runs or sum(text.count("{", *run) for run in runs) != text.count("{"):
            return None
        begun = first_line + text.count("\n", 0, runs[0][0])
        flat = read_flat(_together(text, runs), begun, language, known, rewrite)
        if flat is None:
            return None
        walk = Walk((), text, rewrite, Identifiers())
        pieces = self._between(walk)
        if pieces is None:
            self._refuted = True
            return None
        htmls: list[str] = []
        links: list[tuple[str, bool]] = []
        read = 0
        for piece, paragraphs, run in zip_longest(pieces, flat.html.split(_BETWEEN), runs):
            if not walk.walk(piece):
                return None
            out = walk.take()
            htmls += (*out.parts, paragraphs or "")
            links += out.links
            if run:
                walk.out.lead = out.lead or flat.lead
                # Each of these is a link in a flat text.
                stop = read + text.count("](", *run)
                links += flat.links[read:stop]
                read = stop
        return Flat("".join(htmls), walk.out.lead, flat.sentences, flat.mentions, links)

    def _between(self, walk: Walk) -> list[str] | None:
        """The HTML before, between and behind the runs, for a walk; None if a run is no paragraphs.

        Markdown renders the stretches that hold more than words; all others are as plain as the runs.
        """
        text, runs = self._text, self._runs
        starts, ends = [start for start, _ in runs], [end for _, end in runs]
        stretches = [*zip([0, *ends], [*starts, len(text)], strict=True)]
        known = [worded(text[start:end]) for start, end in stretches]
        others = [one for one, html in zip(stretches, known, strict=True) if html is None]
        pieces: list[str] | None = ["", ""]
        if others:
            begins, stops = (
                [0, *(end for _, end in others)],
                [*(start for start, _ in others), len(text)],
            )
            plain = [one for one in zip(begins, stops, strict=True) if one[0] < one[1]]
            pieces = self._pieces([], plain)
        if pieces is None:
            return None
        rendered = iter(pieces)
        if known[0] is not None:
            next(rendered)
        found = [next(rendered) if html is None else f"\n{html}\n" for html in known]
        if known[0] is not None:
            found[0] = found[0][1:] if known[0] else ""
        if known[-1] is not None:
            # Markdown puts notes behind all else.
            found[-1] = (found[-1][:-1] if known[-1] else "") + next(rendered)
        walk.measure("".join(found))
        return found

    def assemble(
        self,
        spans: Sequence[Span],
        keeps: Callable[[str], bool],
        rewrite: Callable[[str], str],
        identifiers: Identifiers,
    ) -> Assembled | None:
        """What `assemble` gives for the HTML of the text.

        `spans` are all that the text is annotated with, `keeps` and `rewrite` as for `assemble_plain`.
        `identifiers` are of no use any more if the answer is None.
        """
        if self._refuted or not self._runs:
            return None
        read: list[tuple[int, Paragraphs]] = []
        edits: list[tuple[int, int, str]] = []
        starts = [one.start for one in spans]
        number = 0
        for start, end in self._runs:
            first, behind = bisect_left(starts, start), bisect_left(starts, end)
            paragraphs = read_plain(marked(self._text, spans[first:behind], start, end), keeps)
            if paragraphs is None:
                return None
            read.append((first, paragraphs))
            edits += (edit for index in range(number, first) for edit in ends(spans[index], index))
            number = behind
        edits += (edit for index in range(number, len(spans)) for edit in ends(spans[index], index))
        pieces = self._pieces(edits, self._runs)
        if pieces is None:
            return None
        walk = Walk(spans, self._text, rewrite, identifiers)
        walk.measure("".join(pieces))
        for piece, run in zip_longest(pieces, read):
            if not walk.walk(piece) or (run and not run[1].walk(walk.out, run[0], rewrite)):
                return None
        return walk.out

    def _pieces(
        self, edits: Sequence[tuple[int, int, str]], plain: Sequence[tuple[int, int]]
    ) -> list[str] | None:
        """The HTML before, between and behind plain stretches; None if one is something else."""
        html = self._render(replaced(self._text, [*edits, *((*one, _SIGN) for one in plain)]))
        pieces = html.split(_STAND_IN)
        return pieces if len(pieces) == len(plain) + 1 else None


def _together(text: str, runs: Sequence[tuple[int, int]]) -> str:
    """The runs as one text, each on the lines on which it stands, what is between them one sign."""
    (begin, position), *others = runs
    pieces = [text[begin:position]]
    for start, end in others:
        lines = text.count("\n", position, start)
        pieces += ("\n\n", _STRETCH, "\n" * (lines - 2), text[start:end])
        position = end
    return "".join(pieces)


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
    odd = offsets(below, *_ODD)
    odd += [line.start() for line in LINE.finditer(below)]
    if "```" in text or "~~~" in text:
        outside = [*outside_fences(text), (len(text), len(text))]
        for (_, start), (end, _) in pairwise(outside):
            # No paragraph of the code is one.
            odd += [start + place for place in offsets(text[start:end], "\n")]
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
