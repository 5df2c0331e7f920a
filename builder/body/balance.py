"""HTML whose blocks close what they opened.

A browser that finds `<i>` without its end in a paragraph opens it again in every block that follows
(WHATWG HTML, 13.2.4.3, "the list of active formatting elements"): one forgotten tag in an article
would set all the rest of it, footnotes included, in italics. Here it ends with its own block.
"""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^>]*+>")
#: The elements that a browser opens again.
FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt",
        "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main",
        "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
        "tr", "ul",
    )
)  # fmt: skip


def balanced(html: str) -> str:
    """The HTML with an end tag for every formatting element that its block leaves open.

    HTML in which no block does so is returned as it is. Linear in the text.
    """
    frames: list[tuple[str, Counter[str]]] = [("", Counter())]
    opened: Counter[str] = Counter()
    pieces: list[str] = []
    position = 0
    for tag in _TAG.finditer(html):
        name = tag.group(2).lower()
        ends = tag.group(1) == "/"
        if name in FORMATTING:
            counts = frames[-1][1]
            counts[name] = max(counts[name] + (-1 if ends else 1), 0)
        elif name in _BLOCKS and not ends:
            frames.append((name, Counter()))
            opened[name] += 1
        elif name in _BLOCKS and opened[name]:
            pieces.append(html[position : tag.start()])
            position = tag.start()
            while True:
                block, counts = frames.pop()
                opened[block] -= 1
                pieces.append(_ends(counts))
                if block == name:
                    break
    pieces.append(html[position:])
    pieces += [_ends(counts) for _, counts in reversed(frames)]
    return "".join(pieces)


def _ends(counts: Counter[str]) -> str:
    return "".join(f"</{name}>" * number for name, number in reversed(counts.items()))
