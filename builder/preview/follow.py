"""Where on a page the last edit is, for a browser that follows the editor."""

from __future__ import annotations

from html.parser import HTMLParser

#: The blocks of a page that are compared, as the client selects them.
BLOCKS = ("p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "pre", "figcaption")


class _Blocks(HTMLParser):
    """The blocks in the main part of a page in the order of their beginnings, each with its markup."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[int] = []
        self._tags: list[str] = []
        self._main = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._main += 1
        if self._main and tag in BLOCKS:
            self._open.append(len(self.found))
            self._tags.append(tag)
            self.found.append("")
        elif self._open:
            self.found[self._open[-1]] += f"<{tag} {attrs}>"

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._main -= 1
        if tag in self._tags:
            while self._tags.pop() != tag:
                self._open.pop()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[self._open[-1]] += data


def changed_block(before: str, after: str) -> int:
    """The number of the first block of a page that is not as it was; 0 if all are.

    Blocks are those of `main`, in the order of the document.
    """
    if not before:
        return 0
    old, new = _Blocks(before).found, _Blocks(after).found
    same = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        same += 1
    else:
        if len(old) == len(new):
            return 0
    return min(same, max(len(new) - 1, 0))
