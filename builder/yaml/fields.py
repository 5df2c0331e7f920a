"""Fields of a YAML mapping: values with their places, and what plain scalars mean.

How they are read from a text is the business of `plain_yaml` and `yaml12`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from builder.diagnostics import Diagnostic, Place

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")
#: Characters that no HTML document may hold (WHATWG HTML, "control character" and "noncharacter").
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
#: Nobody nests front matter deeper; libyaml is slow at 10,000 and crashes at 100,000.
DEEPEST = 100
_BRACKET = re.compile(r"[\[\]{}]")
_INDICATORS = re.compile(rf"(?:[-?][ \t]+){{{DEEPEST}}}")
#: Whole numbers are those of 64 bits, and no editor means a longer run of digits as a number.
_WHOLE_NUMBERS = range(-(1 << 63), 1 << 64)
_LONGEST_NUMBER = 300


class Field(Struct, frozen=True):
    """A key of a mapping with its value.

    `value` is the value with every scalar as its text (null as None), for fields whose type is
    known; `typed()` is the value by the core schema, for free keys. `by_schema` gives that, or is None
    where every scalar of the value is plain. `places` holds where the value stands (`()`) and where the
    items of a list and the keys of a mapping do (`(0,)`, `("fa",)`).
    """

    key: str
    key_place: Place
    value: Any
    by_schema: Callable[[], Any] | None
    places: dict[tuple[int | str, ...], Place]

    @property
    def place(self) -> Place:
        """Where the value stands."""
        return self.places[()]

    def at(self, path: tuple[int | str, ...]) -> Place:
        """The place of a part of the value, or of the nearest part around it."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def typed(self) -> Any:
        """The value by the core schema: null, booleans, integers, floats, strings."""
        return typed(self.value) if self.by_schema is None else self.by_schema()


class YamlError(Exception):
    """The text is no YAML mapping that the generator reads; carries what is wrong with it."""

    def __init__(self, *problems: Diagnostic) -> None:
        super().__init__(*problems)
        self.problems = problems


def is_deep(text: str) -> bool:
    """Whether the text may be nested deeper than anybody nests; brackets in quotes count, too."""
    if _INDICATORS.search(text):
        return True
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket.group() in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            return True
    return False


def is_null(text: str) -> bool:
    """Whether a plain scalar says nothing."""
    return text in _NULLS


def typed(value: Any) -> Any:
    """A value whose scalars are plain, by the core schema."""
    if isinstance(value, dict):
        return {key: typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [typed(one) for one in value]
    return None if value is None else typed_scalar(value)


def typed_scalar(text: str) -> Any:
    """A plain scalar by the core schema (YAML 1.2.2, section 10.3.2)."""
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if len(text) <= _LONGEST_NUMBER:
        if _INT.fullmatch(text) or _OCTAL_OR_HEX.fullmatch(text):
            number = int(text, 0 if text[:2] in ("0o", "0x") else 10)
            return number if number in _WHOLE_NUMBERS else text
        if _FLOAT.fullmatch(text):
            return float(text)
    if infinite := _INFINITE.fullmatch(text):
        return float(f"{infinite.group(1)}inf")
    return float("nan") if _NAN.fullmatch(text) else text
