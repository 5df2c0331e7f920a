"""Tables, as the library's `tables` extension reads them, in linear time.

The alignment of a column is given by a class, as the pages allow no inline style.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from builder.prose.block import Block

_PIECES = re.compile(r"\\\\|(\\`+)|(`+)|\\\||(\|)")
_END_BORDER = re.compile(r"(?<!\\)(?:\\\\)*\|$")

SPARE_CELLS = 256
"""How many cells a table may have beyond four for every character of it.

A row with too few cells is filled up, so that a few short rows below a wide head would make a
table of any size from a small text. The rows that would go beyond the limit stay short.
"""


class Table:
    """The head of a table; `read` answers None if the block does not begin with one."""

    def __init__(self, border: bool, head: list[str], align: list[str | None]) -> None:  # noqa: FBT001
        self._border = border
        self._head = head
        self._align = align

    @classmethod
    def read(cls, block: Block) -> "Table | None":
        """The table that the first two lines of what is left begin."""
        text = block.text
        end = text.find("\n", block.position)
        if end < 0 or "|" not in text:
            return None
        below = text.find("\n", end + 1)
        first = text[block.position : end].strip(" ")
        border = first.startswith("|") or _END_BORDER.search(first) is not None
        head = split_row(first, border)
        separator = split_row(text[end + 1 : below if below >= 0 else len(text)].strip(" "), border)
        if len(head) != len(separator) or not set("".join(separator)) <= set("|:- "):
            return None
        if len(head) == 1 and not (border and block.first_line_without(is_bordered, end + 1) is None):
            return None
        return cls(border, head, [_alignment(cell.strip(" ")) for cell in separator])

    def build(self, parent: Element, text: str) -> None:
        """Add the table to the parent; the text is the whole block."""
        table = SubElement(parent, "table")
        spare = SPARE_CELLS + 4 * len(text)
        rows = text.split("\n")[2:]
        self._row(SubElement(table, "thead"), "th", self._head, len(self._align))
        body = SubElement(table, "tbody")
        if not rows:
            row = SubElement(body, "tr")
            for _ in self._align:
                SubElement(row, "td")
        for line in rows:
            cells = split_row(line.strip(" "), self._border)
            width = min(len(self._align), max(len(cells), spare))
            spare -= max(width - len(cells), 0)
            self._row(body, "td", cells, width)

    def _row(self, parent: Element, tag: str, cells: list[str], width: int) -> None:
        row = SubElement(parent, "tr")
        for index in range(width):
            cell = SubElement(row, tag)
            cell.text = cells[index].strip(" ") if index < len(cells) else ""
            align = self._align[index]
            if align:
                cell.set("class", f"align-{align}")


def _alignment(cell: str) -> str | None:
    if cell.startswith(":"):
        return "center" if cell.endswith(":") else "left"
    return "right" if cell.endswith(":") else None


def is_bordered(line: str) -> bool:
    """Whether a line begins or ends with a pipe."""
    line = line.strip(" ")
    return line.startswith("|") or (line.endswith("|") and _END_BORDER.search(line) is not None)


def split_row(row: str, border: bool) -> list[str]:  # noqa: FBT001
    """The cells of a row, in a table whose rows have a `border` of pipes or not."""
    if border:
        row = row.removeprefix("|")
        if row.endswith("|"):
            row = _END_BORDER.sub("", row)
    if "|" not in row:
        return [row]
    if "`" not in row and "\\" not in row:
        return row.split("|")
    cells: list[str] = []
    done = 0
    for pipe in _pipes(row):
        cells.append(row[done:pipe])
        done = pipe + 1
    cells.append(row[done:])
    return cells


def _pipes(row: str) -> list[int]:
    """The pipes that stand between cells: neither escaped nor in code."""
    pipes: list[int] = []
    # Of every run of backticks: how long, where it begins and ends, and if a backslash is in it.
    ticks: list[tuple[int, int, int, int]] = []
    for match in _PIECES.finditer(row):
        if match.group(1):
            ticks.append((len(match.group(1)) - 1, *match.span(), 1))
        elif match.group(2):
            ticks.append((len(match.group(2)), *match.span(), 0))
        elif match.group(3):
            pipes.append(match.start())
    regions = _regions(ticks)
    kept: list[int] = []
    index = 0
    for pipe in pipes:
        while index < len(regions) and regions[index][1] <= pipe:
            index += 1
        if index == len(regions) or pipe < regions[index][0]:
            kept.append(pipe)
    return kept


def _regions(ticks: list[tuple[int, int, int, int]]) -> list[tuple[int, int]]:
    """The stretches of code between runs of backticks of one length."""
    places: dict[int, list[int]] = {}
    for index in range(len(ticks) - 1, -1, -1):
        places.setdefault(ticks[index][0], []).append(index)
    regions: list[tuple[int, int]] = []
    index = 0
    while index < len(ticks):
        length, begin, _, escaped = ticks[index]
        same = places.get(length - escaped, []) if length > escaped else []
        while same and same[-1] <= index:
            same.pop()
        if same:
            regions.append((begin, ticks[same[-1]][2]))
            index = same[-1]
        index += 1
    return regions
