"""The words of a body and what its spans say -> the sentences that hold mentions, and the mentions."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from builder.body.plain import ODD_ASCII, ODD_SPACES
from builder.body.sentences import GAP, Sentences, within
from builder.model import Mention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from builder.body.assemble import Block
    from builder.body.meaning import Meaning
    from builder.diagnostics import Place

_SPACE = re.compile(r"\s+")
#: The text of a block and its spans.
_Spaced = tuple[str, list[tuple[int, int, int]]]


class Mentioned(NamedTuple):
    """The sentences that hold mentions, the mentions, and where sentences begin, as a `Body` has it."""

    sentences: tuple[str, ...]
    mentions: tuple[Mention, ...]
    begins: tuple[int, ...]


def mentioned(
    blocks: Sequence[Block],
    meanings: Mapping[int, Meaning],
    anchors: Mapping[int, str],
    language: str,
    place: Callable[[int], Place],
) -> Mentioned:
    """What the spans of some blocks mention.

    `meanings` and `anchors` are those of the spans by their numbers, `place(offset)` is the place in
    the file of an offset of the body.
    """
    mentions: dict[int, Mention] = {}
    spaced = _single_spaced(blocks)
    text = GAP.join([words for words, _ in spaced])
    starts = accumulate([len(words) + len(GAP) for words, _ in spaced], initial=0)
    sentences = Sentences(text, language)
    kept: dict[tuple[int, int], int] = {}
    for offset, (_, spans) in zip(starts, spaced, strict=False):
        for index, first, last in sorted(spans):
            meaning = meanings[index]
            if meaning.entity is None:
                continue
            start, end = offset + first, offset + last
            bounds = sentences.around(start, end)
            mentions[index] = Mention(
                meaning.entity,
                anchors[index],
                kept.setdefault(bounds, len(kept)),
                *within(start, end, bounds),
                place(meaning.entity_start),
                meaning.statement,
                meaning.note,
                place(meaning.by_start) if meaning.by_start >= 0 else None,
            )
    return Mentioned(
        tuple([text[begin:stop] for begin, stop in kept]),
        tuple([mentions[index] for index in sorted(mentions)]),
        tuple([begin for begin, _ in kept]) if _overlap(kept) else (),
    )


def _overlap(stretches: Iterable[tuple[int, int]]) -> bool:
    """Whether some of these stretches share words: a mention runs over several sentences."""
    return any(behind[0] < before[1] for before, behind in pairwise(sorted(stretches)))


def _single_spaced(blocks: Sequence[Block]) -> list[_Spaced]:
    """The texts of blocks with every run of white space made one space, their spans moved along."""
    # Most texts hold no white space but single spaces and line breaks.
    texts = [block.text.replace("\n", " ") for block in blocks]
    all_words = "\n".join(texts)
    if any(map(all_words.__contains__, ODD_ASCII if all_words.isascii() else ODD_SPACES)):
        return [_squeezed(block) for block in blocks]
    return [
        _squeezed(block) if "  " in text else (text, block.spans)
        for text, block in zip(texts, blocks, strict=True)
    ]


def _squeezed(block: Block) -> _Spaced:
    """The same of one block, whatever white space it holds."""
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
