"""Links and images: inline, by reference and by short reference.

The patterns follow `LinkInlineProcessor` and its kin in `markdown.inlinepatterns`. The library
counts brackets from every opening bracket on, and follows every destination to the end of
the text if it must; here the brackets of a text are paired once, and a table of its
parentheses and quotes answers where a destination ends.
"""

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element

from builder.prose.transparent import strip_transparent

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.prose.inline import Inline

_BRACKETS = re.compile(r"[\[\]]")
_SPECIAL = re.compile(r"""[()'"]""")
_IN_ANGLES = re.compile(r"""\(\s*(<[^<>]*>)\s*(?:('[^']*'|"[^"]*")\s*)?\)""")
_OPENED = re.compile(r"\(\s*")
_SIMPLE = re.compile(r"""\[([^\[\]]*)\]\(([^\s()<>'"]+)\)""")
_REFERENCE = re.compile(r"\s?\[([^\]]*)\]")
_SPACE = re.compile(r"\s")
_SPACES = re.compile(r"\s+")


class Destination(NamedTuple):
    """What stands between the parentheses of a link, and where the link ends."""

    address: str
    title: str | None
    end: int


class Brackets:
    """Which closing bracket answers which opening one; made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pairs: dict[int, int] | None = None

    def close(self, begin: int) -> int | None:
        """The position of the bracket that closes the one at the position."""
        if self._pairs is None:
            self._pairs = {}
            stack: list[int] = []
            for match in _BRACKETS.finditer(self._text):
                if match.group() == "[":
                    stack.append(match.start())
                elif stack:
                    self._pairs[stack.pop()] = match.start()
        return self._pairs.get(begin)


class Parentheses:
    """The parentheses and quotes of a text, and where a destination among them ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._made = False
        self._parens: list[int] = []
        self._pairs: dict[int, int] = {}
        self._depths: list[int] = []
        self._quotes: dict[str, list[int]] = {"'": [], '"': []}
        # For either quote: the closing parentheses that follow it, with the place of the quote.
        self._endings: dict[str, tuple[list[int], list[int]]] = {"'": ([], []), '"': ([], [])}

    def _make(self) -> None:
        self._made = True
        stack: list[int] = []
        depth = 0
        quote = -1
        for match in _SPECIAL.finditer(self._text):
            place, character = match.start(), match.group()
            if character in "'\"":
                self._quotes[character].append(place)
                quote = place
                continue
            self._parens.append(place)
            if character == "(":
                stack.append(place)
                depth += 1
            else:
                if stack:
                    self._pairs[stack.pop()] = place
                depth -= 1
                if quote >= 0 and not self._text[quote + 1 : place].strip(" "):
                    quotes, closings = self._endings[self._text[quote]]
                    quotes.append(quote)
                    closings.append(place)
            # What follows a parenthesis does not follow the quote before it.
            quote = -1
            self._depths.append(depth)

    def destination(self, begin: int) -> Destination | None:
        """What the parenthesis at the position opens, or None if it never closes."""
        if angled := _IN_ANGLES.match(self._text, begin):
            title = angled.group(2)
            return Destination(
                angled.group(1)[1:-1].strip(), title[1:-1] if title else None, angled.end()
            )
        opened = _OPENED.match(self._text, begin)
        if opened is None:
            return None
        if not self._made:
            self._make()
        start = opened.end()
        close = self._pairs.get(begin)
        quote = min(
            (place for place in map(self._next_quote, "'\"", (start, start)) if place >= 0), default=-1
        )
        if quote < 0 or (close is not None and close < quote):
            return None if close is None else Destination(self._text[start:close], None, close + 1)
        return self._titled(start, quote) or self._fallback(begin, start, quote)

    def _next_quote(self, character: str, start: int) -> int:
        places = self._quotes[character]
        index = bisect_left(places, start)
        return places[index] if index < len(places) else -1

    def _titled(self, start: int, quote: int) -> Destination | None:
        """A destination whose title the quote opens, or the other quote after it."""
        text = self._text
        found: list[tuple[int, int, int]] = []
        opening, other = text[quote], "'" if text[quote] == '"' else '"'
        quotes, closings = self._endings[opening]
        index = bisect_right(quotes, quote)
        if index < len(quotes):
            found.append((closings[index], quote, quotes[index]))
        first = self._next_quote(other, quote)
        if first >= 0:
            quotes, closings = self._endings[other]
            index = bisect_right(quotes, first)
            if index < len(quotes):
                found.append((closings[index], first, quotes[index]))
        if not found:
            return None
        close, title, end = min(found)
        return Destination(text[start:title], text[title + 1 : end], close + 1)

    def _fallback(self, begin: int, start: int, quote: int) -> Destination | None:
        """A destination that holds a quote and no title.

        The library counts as many parentheses of either kind behind the quote as were open
        before it. If the last of them opens, it takes the text up to its end but two characters,
        and goes on with the last one.
        """
        at_quote = bisect_left(self._parens, quote)
        open_count = 1 + self._depths[at_quote - 1] - self._depths[bisect_left(self._parens, begin)]
        last = at_quote + open_count - 1
        if last >= len(self._parens):
            return None
        place = self._parens[last]
        if self._text[place] == ")":
            return Destination(self._text[start:place], None, place + 1)
        return Destination(self._text[start:-2], None, max(len(self._text) - 1, 0))


def _title(inline: "Inline", title: str) -> str:
    title = inline.plain(title.strip())
    if title and title[0] == title[-1] and title[0] in "'\"":
        title = title[1:-1]
    return _SPACE.sub(" ", title)


def _walk(
    inline: "Inline",
    text: str,
    pattern: int,
    image: bool,  # noqa: FBT001 - the two kinds of every pattern
    make: "Callable[[int], tuple[Element | None, int] | None]",
) -> str:
    """Offer every opening bracket to `make`, which answers with an element and where to go on."""
    pieces: list[str] = []
    done = position = 0
    while (begin := text.find("[", position)) >= 0:
        position = begin + 1
        marked = begin > 0 and text[begin - 1] == "!" and begin - 1 >= done
        if marked != image:
            continue
        answer = make(begin)
        if answer is None:
            continue
        element, position = answer
        if element is not None:
            pieces.append(text[done : begin - image])
            pieces.append(inline.stash_element(element, pattern))
            done = position
    if not pieces:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def _inline_link(inline: "Inline", text: str, pattern: int, *, image: bool) -> str:
    if "](" not in text:
        return text
    brackets, parentheses = Brackets(text), Parentheses(text)

    def make(begin: int) -> tuple[Element, int] | None:
        if simple := _SIMPLE.match(text, begin):
            label, found = simple.group(1), Destination(simple.group(2), None, simple.end())
        else:
            close = brackets.close(begin)
            if close is None or not text.startswith("(", close + 1):
                return None
            destination = parentheses.destination(close + 1)
            if destination is None:
                return None
            label, found = text[begin + 1 : close], destination
        element = Element("img" if image else "a")
        element.set("src" if image else "href", inline.plain(found.address).strip())
        if found.title is not None:
            element.set("title", _title(inline, found.title))
        if image:
            element.set("alt", inline.plain(label))
        else:
            element.text = label
        return element, found.end

    return _walk(inline, text, pattern, image, make)


def _by_reference(inline: "Inline", text: str, pattern: int, *, image: bool, short: bool) -> str:
    references = inline.md.references
    if not references:
        return text
    brackets = Brackets(text)

    def make(begin: int) -> tuple[Element | None, int] | None:
        close = brackets.close(begin)
        if close is None:
            return None
        end, named = close + 1, ""
        if not short:
            reference = _REFERENCE.match(text, end)
            if reference is None:
                return None
            end, named = reference.end(), reference.group(1)
        label = text[begin + 1 : close]
        key = strip_transparent(_SPACES.sub(" ", (named or label).lower()))
        if key not in references:
            return None, end
        address, title = references[key]
        element = Element("img" if image else "a")
        element.set("src" if image else "href", address)
        if title:
            element.set("title", title)
        if image:
            element.set("alt", inline.plain(label))
        else:
            element.text = label
        return element, end

    return _walk(inline, text, pattern, image, make)


def link(inline: "Inline", text: str, pattern: int) -> str:
    """`[text](address "title")`."""
    return _inline_link(inline, text, pattern, image=False)


def image(inline: "Inline", text: str, pattern: int) -> str:
    """`![text](address "title")`."""
    return _inline_link(inline, text, pattern, image=True)


def reference(inline: "Inline", text: str, pattern: int) -> str:
    """`[text][name]` and `[name][]`."""
    return _by_reference(inline, text, pattern, image=False, short=False)


def image_reference(inline: "Inline", text: str, pattern: int) -> str:
    """`![text][name]` and `![name][]`."""
    return _by_reference(inline, text, pattern, image=True, short=False)


def short_reference(inline: "Inline", text: str, pattern: int) -> str:
    """`[name]`."""
    return _by_reference(inline, text, pattern, image=False, short=True)


def short_image_reference(inline: "Inline", text: str, pattern: int) -> str:
    """`![name]`."""
    return _by_reference(inline, text, pattern, image=True, short=True)
