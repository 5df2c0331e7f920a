"""Emphasis: pairing runs of `*` and `_` as Python-Markdown 3.11 pairs them.

The rules follow `markdown.inlinepatterns.DelimiterProcessor`. Pairing starts at an opening
run and goes on until no opening run is left; the pairs found on the way that are no part of
the first one are kept for the next markers of the text, and positions in them are corrected
by the distance between where the next marker was expected and where it was met. That keeping
leaves traces in odd inputs (`*a *b* foo_ *c*`), which are reproduced here, with an exception. The
library takes what stands behind a run for a part of it where the run is too short (`2*3 and
**a 4*4**`), and letters for markers where a corrected pair has none at its ends, and these are
lost. Here a run gives no more than it has, and such a pair is left where it was found.

The library copies the text for every pair, so its positions move; here positions stay those
of the text as it came, and only the amount they would have moved is counted.
"""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from builder.prose.runs import CLOSE, EITHER, OPEN, Marked, Opener, Openers, Region, Run, rule_of_three

if TYPE_CHECKING:
    from builder.prose.inline import Inline


class Emphasis:
    """Turns paired markers into `em` and `strong`; one instance serves a whole document."""

    def __init__(self) -> None:
        self._open = {"*": Openers(), "_": Openers()}
        self._regions: list[Region] = []
        self._unpaired: list[Opener] = []
        self._next_unpaired = 0
        self._next_region = 0
        self._expected = 0
        # How far the text had moved, in the library's terms, when the regions were found.
        self._moved = 0

    def reset(self) -> None:
        """Forget everything found so far."""
        for openers in self._open.values():
            openers.clear()
        self._regions = []
        self._unpaired = []
        self._next_unpaired = self._next_region = self._expected = 0

    def run(self, inline: "Inline", text: str, pattern: int) -> str:
        """The text with its emphasis replaced by placeholders; see `builder.prose.inline`."""
        marked = Marked(text)
        if not marked.runs:
            return text
        pieces: list[str] = []
        done = moved = 0
        cut = -1
        position: int | None = 0
        while position is not None and (position := marked.marker_from(position)) is not None:
            if self._regions:
                kept = self._kept(marked, position, moved)
                if kept is None:
                    position += 1
                    continue
                element, start, end = kept
            else:
                run = marked.run_at(position, after_element=position == cut)
                if run.role not in (OPEN, EITHER) or not self._pair(marked, run):
                    position = self._give_up(run, position)
                    continue
                self._moved = moved
                self._regions.sort(key=lambda region: region.opening)
                start, end = self._regions[0].opening, self._regions[0].end
                element, count = self._build(marked, 0, 0)
                self._advance(start, count)
            pieces.append(marked.slice(done, start))
            placeholder = inline.stash_element(element, pattern)
            pieces.append(placeholder)
            moved += len(placeholder) - (end - start)
            position = done = cut = end
        pieces.append(marked.slice(done, len(marked.plain)))
        return "".join(pieces)

    def _give_up(self, run: Run, position: int) -> int:
        """Where to go on after a run that starts no pair."""
        if run.role not in (OPEN, EITHER):
            return run.end
        end = self._unpaired[-1].end if self._unpaired else position + 1
        self.reset()
        return end

    def _kept(self, marked: Marked, position: int, moved: int) -> tuple[Element, int, int] | None:
        """The next pair found earlier, for the marker met at the position; None if it begins none."""
        region = self._regions[self._next_region]
        # In the library's terms: the positions of the pairs are as old as the pairs, the position
        # of the marker is as new as the text.
        in_step = position + moved == self._expected + self._moved
        offset = position - (region.opening if in_step else self._expected)
        if not self._is_marked(marked, offset):
            if position < region.opening:
                return None
            if position > region.opening:
                self.reset()
                return None
            offset = 0
        element, count = self._build(marked, self._next_region, offset)
        self._advance(region.opening, count)
        return element, region.opening + offset, region.end + offset

    def _is_marked(self, marked: Marked, offset: int) -> bool:
        """Whether the next pair and those inside it, moved by so much, have markers at their ends."""
        outermost = self._regions[self._next_region].end
        for index in range(self._next_region, len(self._regions)):
            one = self._regions[index]
            if one.opening >= outermost:
                break
            ends = (one.opening, one.content), (one.closing, one.end)
            if not all(marked.is_markers(start + offset, end + offset) for start, end in ends):
                return False
            if one.end + offset > len(marked.plain):
                return False
        return True

    def _advance(self, start: int, count: int) -> None:
        self._next_region += count
        if self._next_region >= len(self._regions):
            self.reset()
            return
        self._expected = self._regions[self._next_region].opening
        while self._next_unpaired < len(self._unpaired):
            opener = self._unpaired[self._next_unpaired]
            self._next_unpaired += 1
            if start < opener.start <= self._expected:
                self._expected = opener.start
                break

    def _pair(self, marked: Marked, first: Run) -> bool:
        """Pair runs from an opening one until none is open; whether any pair was found."""
        self._open[first.marker].push(_opener(first))
        end = first.end
        while any(openers.items for openers in self._open.values()):
            run = marked.next_run(end)
            while run and (
                run.role is None or (run.role == CLOSE and not self._open[run.marker].items)
            ):
                run = marked.next_run(run.end)
            if run is None:
                break
            end = run.end
            if not self._take(run):
                break
        for openers in self._open.values():
            self._unpaired.extend(openers.items)
        self._unpaired.sort(key=lambda opener: opener.start)
        return bool(self._regions)

    def _take(self, run: Run) -> bool:
        """Let the run close and open what it can; False ends the pairing."""
        openers = self._open[run.marker]
        length = run.end - run.start
        ambiguous = run.role == EITHER
        opens, closes = run.role != CLOSE, run.role != OPEN
        start, left = run.start, length
        top = openers.items[-1] if openers.items else None
        last = top.left if top else 0
        conflict = top is not None and ambiguous and rule_of_three(top.original, length)
        if conflict and length != last and openers.below_top_fits(length):
            last = length
        if top and closes and ((length > last and not conflict) or length == last or length >= 3):
            opens = False
            start, left, last = self._close(run, last)
            if length >= 3 and left and ambiguous:
                openers.push(Opener(run.start + length - left, run.end, False, length, left))
                closes = False
            else:
                closes = bool(left and openers.items and last > left)
        if openers.items and closes and (last >= 3 or not ambiguous) and last > left:
            verdict = self._close_partly(openers, start, left, last)
            if verdict is not None:
                return verdict
            opens = False
            left = 0
        if opens:
            openers.push(Opener(start, run.end, ambiguous, left, left))
        return True

    def _close(self, run: Run, last: int) -> tuple[int, int, int]:
        """Pair the run with open ones until it is used up: its start, what is left, the last length."""
        openers = self._open[run.marker]
        start, left = run.start, run.end - run.start
        while openers.items and left and last <= left:
            opener = openers.pop()
            size = _size(opener.left)
            if not _has(left, size):
                continue
            self._add(opener.end - size, opener.end, start, start + size, size)
            start += size
            left -= size
            if size < opener.left:
                openers.push(opener._replace(end=opener.end - size, left=opener.left - size))
            if not openers.items:
                break
            last = openers.items[-1].left
        return start, left, last

    def _close_partly(self, openers: Openers, start: int, left: int, last: int) -> bool | None:
        """Pair what is left of a run with a part of a longer one.

        None is a pair found; otherwise whether the pairing goes on without one.
        """
        opener = openers.pop()
        while openers.items and opener.left != 3 and opener.ambiguous:
            opener = openers.pop()
            last = opener.left
        if opener.ambiguous and opener.left != 3:
            if any(other.items for other in self._open.values() if other is not openers):
                openers.clear()
                return True
            return False
        end = opener.end
        while left:
            size = _size(left)
            self._add(opener.start + last - size, end, start, start + size, size)
            start += size
            left -= size
            last -= size
            end -= size
        if last:
            openers.push(Opener(opener.start, end, False, opener.original, last))
        return None

    def _add(self, opening: int, content: int, closing: int, end: int, size: int) -> None:
        self._regions.append(Region(opening, content, closing, end, size))
        # An open run inside the new pair can pair with nothing outside it any more.
        for openers in self._open.values():
            while openers.items and opening <= openers.items[-1].start < end:
                openers.pop()

    def _build(self, marked: Marked, first: int, offset: int) -> tuple[Element, int]:
        """The element of a pair with those of the pairs inside it, and how many pairs these are."""
        regions = self._regions
        outermost = regions[first].end
        element: Element | None = None
        outer: list[tuple[Element, Region]] = []
        last, previous = Element("em"), regions[first]
        index = first
        while index < len(regions) and regions[index].opening < outermost:
            region = regions[index]
            made = Element("strong" if region.size == 2 else "em")
            if element is None:
                element = made
                outer.append((made, region))
            else:
                _fill(marked, (last, previous), outer, region, offset)
                while len(outer) > 1 and region.end > outer[-1][1].end:
                    outer.pop()
                outer[-1][0].append(made)
                if index + 1 < len(regions) and region.end > regions[index + 1].end:
                    outer.append((made, region))
            last, previous = made, region
            index += 1
        while outer:
            if last.text is None:
                last.text = marked.slice(previous.content + offset, previous.closing + offset)
            if last.tail is None and last is not outer[-1][0]:
                last.tail = marked.slice(previous.end + offset, outer[-1][1].closing + offset)
            last, previous = outer.pop()
        assert element is not None  # noqa: S101 - the first region always makes one
        return element, index - first


def _opener(run: Run) -> Opener:
    length = run.end - run.start
    return Opener(run.start, run.end, run.role != OPEN, length, length)


def _has(left: int, size: int) -> bool:
    """Whether what is left of a closing run is enough for an opening one, which is text if not."""
    return size <= left


def _size(length: int) -> int:
    return 1 if length == 3 else min(length, 2)


def _fill(
    marked: Marked,
    newest: tuple[Element, Region],
    outer: list[tuple[Element, Region]],
    region: Region,
    offset: int,
) -> None:
    """Give the newest element its text, and what stands before the region to whom it belongs."""
    last, previous = newest
    around, bounds = outer[-1]
    if last.text is None:
        stop = min(previous.closing, region.opening)
        last.text = marked.slice(previous.content + offset, stop + offset)
    if last is not around and last.tail is None:
        if region.opening < bounds.end:
            last.tail = marked.slice(previous.end + offset, region.opening + offset)
        else:
            last.tail = marked.slice(previous.end + offset, bounds.closing + offset)
            around.tail = marked.slice(bounds.end + offset, region.opening + offset)
