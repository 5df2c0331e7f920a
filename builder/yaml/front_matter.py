"""Text of a file -> its front matter and its body. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

from builder.diagnostics import Place

_START = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
#: A line that was meant as three hyphens: word processors make dashes of them.
_NEARLY = re.compile(r"^[ \t]*(-{2,9}|[\u2010-\u2015\u2212-]{1,9}|\+{3})[ \t]*$", re.MULTILINE)
#: Lines as those of front matter: keys, what is further in, items and comments.
_OF_YAML = re.compile(r"(?:(?:[ \t#-].*|[^\W\d]\w*[ ]?[:：].*|)\n)*")
#: How files begin that are no plain text: RTF, as TextEdit writes it, HTML and PDF.
_NO_TEXT = ("{\\rtf", "<html", "<!DOCTYPE", "<!doctype", "%PDF")
_KEY = re.compile(r"([a-z_]+):(?:[ \t]|$)", re.MULTILINE)


class FrontMatterError(Exception):
    """A file has no front matter, or none that ends: the place, the code, the message and a hint."""

    def __init__(self, place: Place, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.place = place
        self.code = code
        self.message = message
        self.hint = hint


class FrontMatter(Struct, frozen=True):
    """Front matter as YAML, its first line, and where the body begins: its offset and its line."""

    yaml: str
    line: int
    body: int
    body_line: int


def front_matter(text: str) -> FrontMatter:
    """The front matter at the beginning of a text whose lines end in newlines.

    Raises FrontMatterError.
    """
    start = _START.match(text)
    if start is None:
        message = "the file does not begin with front matter"
        raise FrontMatterError(Place(), "missing-front-matter", message, _how_to_begin(text))
    line = text.count("\n", 0, start.end()) + 1
    end = _END.search(text, start.end())
    if end is None:
        near = _NEARLY.search(text, start.end())
        hint = "write a line `---` behind the last key"
        # Behind words that are none of YAML, such a line is one of the text.
        if near and _OF_YAML.fullmatch(text, start.end(), near.start()):
            number = text.count("\n", 0, near.start()) + 1
            hint = f"{_three_hyphens(near[1])} in line {number}"
        message = "the front matter is not closed"
        raise FrontMatterError(Place(line - 1, 1), "unclosed-front-matter", message, hint)
    # YAML allows tabs almost nowhere, and editors can't see them: each is read as a space.
    yaml = text[start.end() : end.start()].replace("\t", " ")
    return FrontMatter(yaml, line, end.end(), line + text.count("\n", start.end(), end.end()))


def _how_to_begin(text: str) -> str:
    """What to do about a text that does not begin with three hyphens, by what it begins with."""
    begin = text.lstrip()
    if begin.startswith(_NO_TEXT):
        return "save it as plain text in the editor: it is in the form of a word processor or a browser"
    nearly = _NEARLY.match(begin)
    key = _KEY.match(begin)
    if nearly:
        return f"{_three_hyphens(nearly[1])}, above the keys and below them"
    if key:
        return f"write a line `---` above `{key[1]}:`, and another one behind the last key"
    return "begin it with a line `---`, the keys, and another line `---`"


def _three_hyphens(written: str) -> str:
    if written == "---":
        return "take away the spaces before `---`"
    return f"write `---` in place of `{written}`"
