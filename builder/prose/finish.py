"""From a tree with its inline elements to HTML.

One walk does what the library's tree processors for line breaks, abbreviations, typography
and escapes and its serializer do one after the other, with the same result.
"""

import re
from xml.etree.ElementTree import Element

from markdown.util import BLOCK_LEVEL_ELEMENTS, ETX, STX, AtomicString

from builder.prose.transparent import TRANSPARENT_CLASS, TRANSPARENT_RE
from builder.prose.typography import educate

LONGEST_ABBREVIATION = 100
"""A longer abbreviation is defined and never found."""

BLOCKS = frozenset(BLOCK_LEVEL_ELEMENTS)
_VOID = frozenset(("br", "hr", "img"))
_ESCAPED = re.compile(rf"{STX}(\d+){ETX}")
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)


def prettify(root: Element) -> None:
    """Put line breaks between the blocks of a tree, as the library's tree processor does."""
    stack = [root]
    preformatted = False
    while stack:
        element = stack.pop()
        if element.tag not in ("code", "pre"):
            if (
                (not element.text or not element.text.strip())
                and len(element)
                and element[0].tag in BLOCKS
            ):
                element.text = "\n"
            stack.extend(child for child in element if child.tag in BLOCKS)
        else:
            preformatted = True
        if not element.tail or not element.tail.strip():
            element.tail = "\n"
    for line_break in root.iter("br"):
        tail = line_break.tail
        line_break.tail = f"\n{tail}" if tail and tail.strip() else "\n"
    if preformatted:
        for block in root.iter("pre"):
            if (
                len(block)
                and block[0].tag == "code"
                and not len(block[0])
                and block[0].text is not None
            ):
                block[0].text = AtomicString(block[0].text.rstrip() + "\n")


def unescape(text: str) -> str:
    """The text with its escaped characters as they are."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1))), text) if STX in text else text


def escape(text: str) -> str:
    """The text as HTML; what is a character reference already stays one."""
    if "&" in text:
        text = _BARE_AMPERSAND.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def attributes(element: Element) -> str:
    """The attributes of an element, in the order of their names."""
    return "".join(
        f' {name}="{escape(unescape(value)).replace(chr(34), "&quot;")}"'
        for name, value in sorted(element.items())
    )


class Abbreviations:
    """Finds the abbreviations of a document in its texts."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._titles = {
            key: f'<abbr title="{escape(unescape(title)).replace(chr(34), "&quot;")}">'
            for key, title in titles.items()
            if key and len(key) <= LONGEST_ABBREVIATION
        }
        # The lengths of the abbreviations that begin with a character, longest first.
        self._lengths: dict[str, list[int]] = {}
        for key in sorted(self._titles, key=len, reverse=True):
            lengths = self._lengths.setdefault(key[0], [])
            if not lengths or lengths[-1] != len(key):
                lengths.append(len(key))
        first = "".join(map(re.escape, self._lengths))
        self._begin = re.compile(rf"\b[{first}]" if first else "(?!)")

    def html(self, text: str) -> str:
        """The text as HTML, its abbreviations marked up."""
        pieces: list[str] = []
        done = 0
        for begin, end, key in self._find(text):
            pieces.append(finished(text[done:begin]))
            pieces.append(f"{self._titles[key]}{escape(unescape(text[begin:end]))}</abbr>")
            done = end
        pieces.append(finished(text[done:]))
        return "".join(pieces)

    def _find(self, text: str) -> list[tuple[int, int, str]]:
        plain = text if text.isascii() else TRANSPARENT_RE.sub("", text)
        found: list[tuple[int, int, str]] = []
        position = 0
        while match := self._begin.search(plain, position):
            begin = match.start()
            position = begin + 1
            for length in self._lengths[plain[begin]]:
                end = begin + length
                key = plain[begin:end]
                if key in self._titles and _is_word(key[-1]) != _is_word(plain[end : end + 1]):
                    found.append((begin, end, key))
                    position = end
                    break
        if found and len(plain) != len(text):
            places = [
                at
                for match in re.finditer(rf"[^{TRANSPARENT_CLASS}]+", text)
                for at in range(match.start(), match.end())
            ]
            return [(places[begin], places[end - 1] + 1, key) for begin, end, key in found]
        return found


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def finished(text: str) -> str:
    """A text of the tree as HTML."""
    return escape(unescape(educate(text)))


def serialize(root: Element, abbreviations: Abbreviations | None) -> str:
    """The HTML of what is below the root."""
    convert = abbreviations.html if abbreviations else finished
    pieces = [escape(unescape(root.text or ""))]
    write = pieces.append
    stack: list[Element | str] = list(reversed(root))
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            write(element)
            continue
        tag, text, tail = element.tag, element.text, element.tail
        write(f"<{tag}{attributes(element)}" if element.attrib else f"<{tag}")
        if tail:
            tail = escape(unescape(tail)) if isinstance(tail, AtomicString) else convert(tail)
        if tag in _VOID:
            write(" />")
            if tail:
                write(tail)
            continue
        write(">")
        if text:
            if isinstance(text, AtomicString):
                write(escape(text if tag == "code" else unescape(text)))
            else:
                write(convert(text))
        if len(element):
            stack.append(f"</{tag}>{tail or ''}")
            stack.extend(reversed(element))
        else:
            write(f"</{tag}>{tail or ''}")
    return "".join(pieces)
