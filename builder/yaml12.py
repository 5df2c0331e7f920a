"""YAML by the rules of the YAML 1.2 core schema, with a place for every value.

PyYAML reads YAML 1.1, where `NO` is false and `2021-12` may be a date. The parser serves both
versions; what differs is how a plain scalar gets its type, so this module composes nodes and types
them itself (YAML 1.2.2, section 10.3). Duplicate keys, anchors and aliases are refused.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from msgspec import Struct

from builder.diagnostics import Diagnostic, Place, diagnostic

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")
_QUOTED_STYLES = ("'", '"', "|", ">")
#: Characters that no HTML document may hold (WHATWG HTML, "control character" and "noncharacter").
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
#: Line breaks of YAML 1.1 that are none in YAML 1.2 (section 5.4), nor in an editor.
_OLD_BREAKS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
#: What libyaml finds only where the text ends or the next key stands, far behind the mistake: told in
#: other words, of the place where the thing began.
_LATE = {
    "found unexpected end of stream": ("a quote is not closed", "write the same quote behind the text"),
    "did not find expected ',' or ']'": ("a list is not closed", "write `]` behind its last item"),
    "did not find expected ',' or '}'": ("braces are not closed", "write `}` behind the last value"),
    "could not find expected ':'": (
        "a line that is no `key: value`",
        "write a colon and a space behind the key, or indent what belongs to the line above",
    ),
}
_NO_KEY = "did not find expected key"
#: Nobody nests front matter deeper; libyaml is slow at 10,000 and crashes at 100,000.
_DEEPEST = 100
_BRACKET = re.compile(r"[\[\]{}]")
_INDICATORS = re.compile(rf"(?:[-?][ \t]+){{{_DEEPEST}}}")
#: Python turns longer runs of digits into numbers only under protest, and no editor means a number.
_LONGEST_NUMBER = 300


class Field(Struct, frozen=True):
    """A key of a mapping with its value.

    `value` is the value with every scalar as its text (null as None), for fields whose type is
    known; `typed()` is the value by the core schema, for free keys. `node` is what the parser made of
    the value, or None where every scalar in it is plain. `places` holds where the value
    stands (`()`) and where the items of a list and the keys of a mapping do (`(0,)`, `("fa",)`).
    """

    key: str
    key_place: Place
    value: Any
    node: Any
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
        return _typed(self.value) if self.node is None else _value(self.node, typed=True)


class YamlError(Exception):
    """The text is no YAML mapping that the generator reads; carries one diagnostic."""

    def __init__(self, problem: Diagnostic) -> None:
        super().__init__(problem)
        self.problem = problem


def read_mapping(
    text: str, file: str, first_line: int = 1
) -> tuple[dict[str, Field], list[Diagnostic]]:
    """Read a YAML mapping whose text begins at `first_line` of `file`.

    Returns its fields by key and the diagnostics of keys that stand twice (the first one counts).
    Raises YamlError for what can't be read at all.
    """
    found: list[Diagnostic] = []
    fields: dict[str, Field] = {}
    try:
        node = _compose(text.translate(_OLD_BREAKS), file, first_line)
        if node is None:
            return fields, found
        _find_duplicates(node, file, first_line, found)
        for key, value in node.value:
            name = key.value
            if isinstance(key, yaml.ScalarNode) and name not in fields:
                places: dict[tuple[int | str, ...], Place] = {}
                _places(value, (), first_line, places)
                fields[name] = Field(
                    name, _place(key, first_line), _value(value, typed=False), value, places
                )
    except RecursionError:
        raise YamlError(_too_deep(file, first_line)) from None
    return fields, found


def _compose(text: str, file: str, first_line: int) -> Any:
    """The node of the mapping, or None for an empty text."""
    if is_deep(text):
        raise YamlError(_too_deep(file, first_line))
    try:
        if "&" in text or "*" in text:
            _refuse_aliases(text, file, first_line)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise YamlError(_syntax(error, text, file, first_line)) from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise YamlError(
            diagnostic(file, Place(first_line, 1), "yaml-syntax", f"not YAML: {reason}")
        ) from None
    if node is not None and not isinstance(node, yaml.MappingNode):
        place = _place(node, first_line)
        raise YamlError(
            diagnostic(file, place, "yaml-syntax", "expected `key: value` lines", "write `title: ...`")
        )
    return node


def _place(node: Any, first_line: int) -> Place:
    return Place(node.start_mark.line + first_line, node.start_mark.column + 1)


def is_deep(text: str) -> bool:
    """Whether the text may be nested deeper than anybody nests; brackets in quotes count, too."""
    if _INDICATORS.search(text):
        return True
    if text.count("[") + text.count("{") <= _DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket.group() in "[{" else max(depth - 1, 0)
        if depth > _DEEPEST:
            return True
    return False


def _too_deep(file: str, first_line: int) -> Diagnostic:
    message = f"not YAML: nested more than {_DEEPEST} deep"
    return diagnostic(file, Place(first_line, 1), "yaml-syntax", message)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str, first_line: int) -> Diagnostic:
    mark: Any = error.problem_mark or error.context_mark
    problem = error.problem or "it can't be read"
    hint = "quote a value that holds a colon, a bracket or a leading `@`, `%`, `*` or `&`"
    lines = text.split("\n")
    if problem in _LATE and error.context_mark is not None:
        mark = error.context_mark
        problem, hint = _LATE[problem]
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if lines[line][column : column + 1] == "\t":
        hint = "indent with spaces; YAML allows no tabs there"
    if problem == _NO_KEY:
        hint = _quote_hint(lines[line][:column]) or hint
    return diagnostic(
        file, Place(line + first_line, column + 1), "yaml-syntax", f"not YAML: {problem}", hint
    )


def _quote_hint(before: str) -> str:
    """What to do about words behind a quoted value, when a quote inside of it has ended it."""
    quote = before[-1:] if before[-1:] in ("'", '"') else before.rstrip()[-1:]
    if quote == "'":
        return "inside of single quotes, write two apostrophes for one: 'Iran''s talks'"
    if quote == '"':
        return 'inside of double quotes, write \\" for a quote'
    return ""


def _refuse_aliases(text: str, file: str, first_line: int) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            mark: Any = event.start_mark
            raise YamlError(
                diagnostic(
                    file,
                    Place(mark.line + first_line, mark.column + 1),
                    "yaml-alias",
                    f'YAML anchors and aliases are not allowed ("{anchor}")',
                    "write the value out, or quote a text that begins with `&` or `*`",
                )
            )


def _find_duplicates(node: Any, file: str, first_line: int, found: list[Diagnostic]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, Place] = {}
        for key, value in node.value:
            place = _place(key, first_line)
            if not isinstance(key, yaml.ScalarNode):
                found.append(diagnostic(file, place, "yaml-syntax", "a key must be a plain word"))
            elif key.value in seen:
                found.append(
                    diagnostic(
                        file,
                        place,
                        "duplicate-key",
                        f'the key "{key.value}" stands twice',
                        f"it stands first in line {seen[key.value].line}; keep one of the two",
                    )
                )
            else:
                seen[key.value] = place
            _find_duplicates(value, file, first_line, found)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _find_duplicates(item, file, first_line, found)


def _places(
    node: Any,
    path: tuple[int | str, ...],
    first_line: int,
    into: dict[tuple[int | str, ...], Place],
) -> None:
    into[path] = _place(node, first_line)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _places(item, (*path, index), first_line, into)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                _places(value, (*path, key.value), first_line, into)
                into[(*path, key.value, "key")] = _place(key, first_line)


def _value(node: Any, *, typed: bool) -> Any:
    if isinstance(node, yaml.MappingNode):
        pairs = (
            (key.value, _value(value, typed=typed))
            for key, value in reversed(node.value)
            if isinstance(key, yaml.ScalarNode)
        )
        return dict(reversed(list(pairs)))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, typed=typed) for item in node.value]
    text: str = node.value
    # The style tells a quoted or block scalar, which is a string whatever it holds.
    if node.style in _QUOTED_STYLES:
        # An escape, as in "\\x00", can write what the text itself may not hold.
        return CONTROL.sub(" ", text) if node.style == '"' else text
    if is_null(text):
        return None
    return _scalar(text) if typed else text


def is_null(text: str) -> bool:
    """Whether a plain scalar says nothing."""
    return text in _NULLS


def _typed(value: Any) -> Any:
    """A value whose scalars are plain, by the core schema."""
    if isinstance(value, dict):
        return {key: _typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_typed(one) for one in value]
    return None if value is None else _scalar(value)


def _scalar(text: str) -> Any:
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if len(text) <= _LONGEST_NUMBER:
        if _INT.fullmatch(text):
            return int(text)
        if _OCTAL_OR_HEX.fullmatch(text):
            return int(text, 0)
        if _FLOAT.fullmatch(text):
            return float(text)
    if infinite := _INFINITE.fullmatch(text):
        return float(f"{infinite.group(1)}inf")
    return float("nan") if _NAN.fullmatch(text) else text
