"""Plain front matter -> its fields, without a YAML parser.

Nearly all front matter is lines of `key: value`, where a value is plain text, a list of plain words in
brackets, or nothing with a list or more such lines below, indented alike; and comments. What these
lines mean is the same in every version of YAML. `read_plain_mapping` reads them, and gives None for all
else: quotes, blocks of text, values that go on in the next line, keys that stand twice, more nesting.
"""

from __future__ import annotations

import re
from typing import Any

from builder.diagnostics import Place
from builder.yaml.fields import CONTROL, Field, is_deep, is_null

#: A line by its indent, its dash or its key, and its value: what could begin a quoted text, a comment,
#: a reference or the like is no value.
_VALUE = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`].*"
_LINE = re.compile(
    rf"( *)(?:(- +)|([A-Za-z_][A-Za-z0-9_]{{0,99}}):(?: +|\Z))({_VALUE}|\[[^\[\]]*\])?",
)
_ITEM = re.compile(r"\w[\w./+-]*+(?: ++[\w./+-]++)*", re.ASCII)
_ITEMS = re.compile(rf"\[ *(?:{_ITEM.pattern}(?: *, *{_ITEM.pattern})*)? *\]", re.ASCII)
#: A comment, which begins a line or stands behind a space.
_COMMENT = re.compile(r"(?:\A| ) *#.*")
#: What ends a plain text in the middle of a line.
_ENDS = re.compile(r": |:\Z")
#: Characters that YAML may take for line breaks or for white space, drops or does not allow.
_ODD = re.compile(f"[\t\u2028\u2029\ufeff{CONTROL.pattern[1:]}")

_Path = tuple[int | str, ...]


class _NotPlainError(Exception):
    """The text is more than this module reads."""


def read_plain_mapping(text: str, first_line: int) -> dict[str, Field] | None:
    """The fields of a mapping whose text begins at `first_line`, as `yaml12.read_mapping` gives them.

    None if the text is not plain.
    """
    usual = text.isascii() and text.replace("\n", "").isprintable()
    if is_deep(text) or (not usual and _ODD.search(text)):
        return None
    try:
        return _Mapping(first_line).read(text)
    except _NotPlainError:
        return None


class _Mapping:
    """The fields read so far, and the one whose value stands in the lines below its key."""

    def __init__(self, first_line: int) -> None:
        self.line = first_line - 1
        self.fields: dict[str, Field] = {}
        self.key = ""
        self.key_place = Place()
        self.empty_place = Place()
        self.value: Any = None
        self.places: dict[_Path, Place] = {}
        self.indent = -1

    def read(self, text: str) -> dict[str, Field]:
        for written in text.split("\n"):
            self.line += 1
            line = _COMMENT.sub("", written) if "#" in written else written
            if not line:
                continue
            found = _LINE.fullmatch(line.rstrip(" "))
            if found is None:
                raise _NotPlainError
            indent, dash, key, value = found.groups()
            if dash is not None:
                self.item(len(indent), found)
            elif indent:
                self.inner(len(indent), key, value, found)
            else:
                self.outer(key, value, found)
        self.finish()
        return self.fields

    def outer(self, key: str, value: str | None, found: re.Match[str]) -> None:
        """Take a key of the mapping itself."""
        self.finish()
        if key in self.fields:
            raise _NotPlainError
        place = Place(self.line, 1)
        if value is None:
            self.key, self.key_place = key, place
            self.empty_place = Place(self.line, len(key) + 2)
            return
        places: dict[_Path, Place] = {}
        self.fields[key] = Field(
            key, place, self.read_value(value, (), found.start(4), places), None, places
        )

    def inner(self, indent: int, key: str, value: str | None, found: re.Match[str]) -> None:
        """Take a key below a key."""
        if self.value is None:
            self.begin({}, indent)
        known = self.value
        if not isinstance(known, dict) or indent != self.indent or key in known or value is None:
            raise _NotPlainError
        known[key] = self.read_value(value, (key,), found.start(4), self.places)
        self.places[key, "key"] = Place(self.line, indent + 1)

    def item(self, indent: int, found: re.Match[str]) -> None:
        """Take an item of a list below a key."""
        value = found.group(4)
        if self.value is None:
            self.begin([], indent)
        if not isinstance(self.value, list) or indent != self.indent or not value or value[0] == "[":
            raise _NotPlainError
        path = (len(self.value),)
        self.value.append(self.read_value(value, path, found.start(4), self.places))

    def begin(self, value: dict[str, Any] | list[Any], indent: int) -> None:
        if not self.key:
            raise _NotPlainError
        self.value, self.indent = value, indent
        self.places[()] = Place(self.line, indent + 1)

    def finish(self) -> None:
        """End the value below the last key."""
        if self.key:
            places = self.places or {(): self.empty_place}
            self.fields[self.key] = Field(self.key, self.key_place, self.value, None, places)
            self.key, self.value, self.places = "", None, {}

    def read_value(self, text: str, path: _Path, start: int, places: dict[_Path, Place]) -> Any:
        """The value that begins at the column, from 0; its places are added."""
        places[path] = Place(self.line, start + 1)
        if text[0] != "[":
            if _ENDS.search(text):
                raise _NotPlainError
            return None if is_null(text) else text
        if not _ITEMS.fullmatch(text):
            raise _NotPlainError
        items: list[str | None] = []
        for item in _ITEM.finditer(text):
            places[(*path, len(items))] = Place(self.line, start + item.start() + 1)
            items.append(None if is_null(item.group()) else item.group())
        return items
