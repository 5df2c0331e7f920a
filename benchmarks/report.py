"""The figures as Markdown, and their place in `docs/benchmarks.md`."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.scenarios import CLEAN, EDITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from benchmarks.corpus import Shape
    from benchmarks.scenarios import Found

BEGIN = "<!-- figures: written by make bench, not by hand -->"
END = "<!-- end of the figures -->"
_COMPARED = "Hugo"
_HEADING = re.compile(r"^### ([\d,]+ articles.*)$", re.MULTILINE)
_MIXED = ", with headings, lists, quotes, tables and code"


@dataclass(frozen=True)
class Facts:
    """What a table must say beside its figures; `left_out` names who could not be installed.

    Why is not written down: it could name folders of the machine.
    """

    shape: Shape
    cores: int
    versions: Sequence[str]
    left_out: Sequence[str]

    @property
    def heading(self) -> str:
        """What is measured: the heading of the section."""
        return f"{self.shape.articles:,} articles{_MIXED if self.shape.mixed else ''}"


def section(facts: Facts, found: Found) -> str:
    """The figures of one corpus, below their heading."""
    names = list(found.pages)
    cores = "one core" if facts.cores == 1 else f"{facts.cores} cores"
    ratio = ", and how many times Hugo's" if _COMPARED in names else ""
    counts = [str(len(found.runs[CLEAN, name])) for name in names]
    pages = [f"{found.pages[name]:,}" for name in names]
    parts = [
        f"### {facts.heading}",
        f"On {cores}: {'; '.join(facts.versions)}.",
        *(f"{name} could not be installed and is left out." for name in facts.left_out),
        f"Seconds, median (range){ratio}:",
        _table(names, [*_rows(found, _seconds), ("runs of each", counts)]),
        "Peak memory of all processes together, MB, and HTML pages of the clean site:",
        _table(names, [*_rows(found, _memory), ("pages", pages)]),
        _ours(found),
    ]
    return "\n\n".join(parts) + "\n"


def replaced(document: str, sections: Mapping[str, str]) -> str:
    """A document with the sections, by their headings, between its two markers.

    Other sections that stand there are kept; all are in the order of the sizes. Raises ValueError if
    the document has not each marker once.
    """
    if document.count(BEGIN) != 1 or document.count(END) != 1:
        raise ValueError("the document must have the two markers of the figures, once each")
    above, _, rest = document.partition(BEGIN)
    inside, _, below = rest.partition(END)
    pieces = _HEADING.split(inside)
    kept = {
        heading: f"### {heading}{text.rstrip()}\n"
        for heading, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    merged = sorted({**kept, **sections}.items(), key=lambda one: (_size(one[0]), one[0]))
    return f"{above}{BEGIN}\n\n" + "\n".join(text for _, text in merged) + f"\n{END}{below}"


def _size(heading: str) -> int:
    return int(heading.partition(" ")[0].replace(",", ""))


def _table(names: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    lines = [f"| | {' | '.join(names)} |", "|" + "---|" * (len(names) + 1)]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(lines)


def _rows(found: Found, cell: Callable[[Found, str, str], str]) -> Iterator[tuple[str, list[str]]]:
    """A row for each scenario, with a cell for each generator."""
    for scenario in (CLEAN, *EDITS):
        yield scenario, [cell(found, scenario, name) for name in found.pages]


def _seconds(found: Found, scenario: str, name: str) -> str:
    seconds = [one.seconds for one in found.runs[scenario, name]]
    text = f"{statistics.median(seconds):.2f}"
    if len(seconds) > 1:
        text += f" ({min(seconds):.2f}-{max(seconds):.2f})"
    if _COMPARED in found.pages and name != _COMPARED:
        hugo = statistics.median(one.seconds for one in found.runs[scenario, _COMPARED])
        text += f", {statistics.median(seconds) / hugo:.2f} ×"
    return text


def _memory(found: Found, scenario: str, name: str) -> str:
    return f"{max(one.megabytes for one in found.runs[scenario, name]):.0f}"


def _ours(found: Found) -> str:
    """What is known of this generator's builds beside time and memory."""
    counts = "; ".join(f"{scenario}: {_range(made)}" for scenario, made in found.rendered.items())
    older = sorted({page for one in found.moved for page in one.older})
    said = (
        f"changed pages behind the newest: {', '.join(older[:5])}{' and others' if older[5:] else ''}"
        if older
        else "no other archive page changed"
    )
    before, newest, new = (
        _range([getattr(one, name) for one in found.moved]) for name in ("before", "newest", "new")
    )
    return (
        f"Pages that this generator rendered: {counts}.\n\nOf {before} archive pages, an added article "
        f"changed {newest} that were the newest of their listing, and made {new} new; {said}."
    )


def _range(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
