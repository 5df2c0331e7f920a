"""YAML by the rules of the YAML 1.2 core schema, with a place for every value.

PyYAML reads YAML 1.1, where `NO` is false and `2021-12` may be a date. The parser serves both
versions; what differs is how a plain scalar gets its type, so this module composes nodes and types
them itself (YAML 1.2.2, section 10.3). Duplicate keys, anchors and aliases are refused.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import yaml

from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.yaml.fields import CONTROL, DEEPEST, Field, YamlError, is_deep, is_null, typed_scalar

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_QUOTED_STYLES = ("'", '"', "|", ">")
#: Line breaks of YAML 1.1 that are none in YAML 1.2 (section 5.4), nor in an editor.
_OLD_BREAKS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
_UNCLOSED = {
    "[": ("a list is not closed", "write `]` behind its last item"),
    "{": ("braces are not closed", "write `}` behind the last value"),
}
_NO_COLON = "could not find expected ':'"
_NO_KEYS_HERE = "mapping values are not allowed in this context"
#: What libyaml finds only where the text ends or the next key stands, far behind the mistake: told in
#: other words, of the place where the thing began.
_LATE = {
    "found unexpected end of stream": ("a quote is not closed", "write the same quote behind the text"),
    "did not find expected ',' or ']'": _UNCLOSED["["],
    "did not find expected ',' or '}'": _UNCLOSED["{"],
    _NO_COLON: (
        "a line that is no `key: value`",
        "write a colon and a space behind the key, or indent what belongs to the line above",
    ),
}
#: What libyaml says in words that help nobody, told in others.
_PLAINLY = {
    "but found another document": ("a line `---` ends the keys", "take the line out"),
    "did not find expected <document start>": ("a line `...` ends the keys", "take the line out"),
    _NO_KEYS_HERE: (
        "a colon with a space behind it stands within a value",
        "quote a value that holds a colon, a bracket or a leading `@`, `%`, `*` or `&`",
    ),
    "found character that cannot start any token": (
        "no value can begin with this sign",
        "quote a value that holds a colon, a bracket or a leading `@`, `%`, `*` or `&`",
    ),
}
_ASKEW = (
    "not YAML: this key begins further in than the one beside it",
    "keys that belong together begin in one column: put as many spaces before both",
)
_KEY = re.compile(r"(?P<indent>[ ]*)[^\W\d][\w-]*:(?:[ ]+(?P<value>[^#\s].*)|[ ]*(?:#.*)?$)")
#: A key with a value of words, which no bracket or quote begins.
_VALUE = re.compile(r"\s*(?:- +)?([^\W\d][\w-]*:) +([^\s\"'\[{>|&*@%`#](?:.*[^ ])?) *")
_UNCLOSED_QUOTE = ("not YAML: a quote is not closed", "write the same quote behind the text")
#: A key with no space behind its colon, with one that is none to YAML, or with the colon of a wide
#: script. Behind the colon of a web address stand slashes.
_UNSPACED = re.compile(r"( *(?:- +)?[A-Za-z_]\w*)( ?:(?![ \t:/]|$)[^\S ]*| *：\s*)(.*)")
#: A line in which a quoted value begins and does not end.
_QUOTE_BEGINS = re.compile(r"""(?:\A|[\s\[{,])(["'])[^"']*\Z""")
_QUOTED = {
    '"': re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*"', re.DOTALL),
    "'": re.compile(r"'[^']*+(?:''[^']*+)*'"),
}
_HYPHEN = re.compile(r"\s*-[^\W_]")
#: So many spaces at most stand between a quoted value and the mistake that it makes of what follows.
_NEAR = 100
_NO_KEY = "did not find expected key"
#: What follows a comma or a bracket is neither a value nor the end of the list.
_NO_VALUE = "did not find expected node content"


def read_mapping(
    text: str, file: str, first_line: int = 1
) -> tuple[dict[str, Field], list[Diagnostic]]:
    """Read a YAML mapping whose text begins at `first_line` of `file`.

    Returns its fields by key and the diagnostics of anchors, and of keys that stand twice (the first
    one counts). Raises YamlError for what can't be read at all.
    """
    found: list[Diagnostic] = []
    fields: dict[str, Field] = {}
    try:
        node = _compose(text.translate(_OLD_BREAKS), file, first_line, found)
        if node is None:
            return fields, found
        _find_duplicates(node, file, first_line, found)
        for key, value in node.value:
            name = key.value
            if isinstance(key, yaml.ScalarNode) and name not in fields:
                places: dict[tuple[int | str, ...], Place] = {}
                _places(value, (), first_line, places)
                by_schema = partial(_value, value, typed=True)
                plain = _value(value, typed=False)
                fields[name] = Field(name, _place(key, first_line), plain, by_schema, places)
    except RecursionError:
        raise YamlError(_too_deep(file, first_line)) from None
    return fields, found


def _compose(text: str, file: str, first_line: int, found: list[Diagnostic]) -> Any:
    """The node of the mapping, or None for an empty text; `found` takes up what is wrong with it."""
    if is_deep(text):
        raise YamlError(_too_deep(file, first_line))
    try:
        if "&" in text or "*" in text:
            _refuse_aliases(text, file, first_line, found)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise YamlError(*found, _syntax(error, text, file, first_line)) from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        # What such errors are about is a character that YAML does not allow.
        control = CONTROL.search(text)
        before = text[: control.start()] if control else ""
        place = Place(first_line + before.count("\n"), len(before) - before.rfind("\n"))
        raise YamlError(diagnostic(file, place, "yaml-syntax", f"not YAML: {reason}")) from None
    if node is not None and not isinstance(node, yaml.MappingNode):
        place = _place(node, first_line)
        unspaced = _unspaced(text.split("\n"), node.start_mark.line)
        if unspaced:
            raise YamlError(_missing_space(*unspaced, file, first_line))
        hint = "write a key, a colon, a space and then the value"
        raise YamlError(diagnostic(file, place, "yaml-syntax", "expected `key: value` lines", hint))
    return node


def _place(node: Any, first_line: int) -> Place:
    return Place(node.start_mark.line + first_line, node.start_mark.column + 1)


def _too_deep(file: str, first_line: int) -> Diagnostic:
    message = f"not YAML: nested more than {DEEPEST} deep"
    return diagnostic(file, Place(first_line, 1), "yaml-syntax", message)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str, first_line: int) -> Diagnostic:
    mark: Any = error.problem_mark or error.context_mark
    problem = error.problem or "it can't be read"
    hint = "quote a value that holds a colon, a bracket or a leading `@`, `%`, `*` or `&`"
    lines = text.split("\n")
    begun = _unclosed_quote(text, lines, mark) if mark else None
    if begun:
        return diagnostic(
            file, Place(begun[0] + first_line, begun[1] + 1), "yaml-syntax", *_UNCLOSED_QUOTE
        )
    if problem in _LATE and error.context_mark is not None:
        mark = error.context_mark
        problem, hint = _LATE[problem]
    problem, hint = _PLAINLY.get(problem, (problem, hint))
    line, column = (mark.line, mark.column) if mark else (0, 0)
    opened = _unclosed(text) if problem == _NO_VALUE and not "".join(lines[line:]).strip() else None
    if opened is not None:
        line, column = opened.line, opened.column
        problem, hint = _UNCLOSED[lines[line][column]]
    unspaced = _unspaced(lines, line)
    if unspaced:
        return _missing_space(*unspaced, file, first_line)
    askew = _askew(lines, line)
    if askew is not None:
        return diagnostic(file, Place(askew[0] + first_line, askew[1] + 1), "yaml-syntax", *_ASKEW)
    keyless = _keyless(lines, line, column) if error.problem == _NO_KEYS_HERE else None
    if keyless is not None:
        (line, column), (problem, hint) = keyless, _LATE[_NO_COLON]
    hint = _slip(lines[line], column) or _in_quotes(lines[line], column) or hint
    if problem == _NO_KEY:
        hint = _quote_hint(lines[line][:column]) or hint
    return diagnostic(
        file, Place(line + first_line, column + 1), "yaml-syntax", f"not YAML: {problem}", hint
    )


def _slip(line: str, column: int) -> str:
    """What to do about a line that can't be read, by what it looks like; or nothing."""
    if line[column : column + 1] == "\t":
        return "indent with spaces; YAML allows no tabs there"
    if "“" in line or "”" in line:
        return 'curly quotes are words to YAML: put straight ones (") around the value'
    if _HYPHEN.match(line):
        return "write a space behind the hyphen of each item"
    return ""


def _in_quotes(line: str, column: int) -> str:
    """How to write a line whose value holds the colon at a column; empty for any other."""
    found = _VALUE.fullmatch(line)
    if found is None or not found.start(2) < column or line[column : column + 1] != ":":
        return ""
    quote = '"' if '"' not in found[2] and "\\" not in found[2] else "'"
    if quote in found[2] or len(found[2]) > _NEAR:
        return ""
    return f"put the value in quotes: `{found[1]} {quote}{found[2]}{quote}`"


def _unclosed(text: str) -> Any:
    """Where the last list or mapping in brackets begins that the end of the text leaves open."""
    opened: list[Any] = []
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)):
            opened.append(token.start_mark)
        elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)):
            del opened[-1:]
    return opened[-1] if opened else None


def _askew(lines: list[str], line: int) -> tuple[int, int] | None:
    """Where a key begins that stands further in than one beside it that has a value of its own."""
    above = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), -1)
    keys = [_KEY.match(lines[number]) for number in (above, line) if number >= 0]
    if len(keys) < 2 or keys[0] is None or keys[1] is None or not keys[0]["value"]:
        return None
    before, behind = (len(one["indent"]) for one in keys if one)
    # Only the first key of all can stand further in than the next without belonging to another.
    if before > behind and not any(one.strip() for one in lines[:above]):
        return above, before
    return (line, behind) if behind > before else None


def _unspaced(lines: list[str], line: int) -> tuple[int, re.Match[str]] | None:
    """A key without a space behind its colon, in a line or in the one above."""
    for number in (line, line - 1):
        found = _UNSPACED.match(lines[number]) if 0 <= number < len(lines) else None
        if found:
            return number, found
    return None


def _missing_space(line: int, found: re.Match[str], file: str, first_line: int) -> Diagnostic:
    key, between, value = found[1].strip(), found[2], found[3][:60].strip()
    message = f'a space is missing behind "{key}:"'
    unusual = between.partition(":")[2]
    if unusual:
        message = f'an unusual space (U+{ord(unusual[0]):04X}) stands behind "{key}:"'
    elif between.strip(" ") != ":":
        message = f'behind "{key}" stands no colon with a space that is one to YAML'
    place = Place(line + first_line, found.end(1) + len(between.rstrip()) + 1)
    hint = f"write `{key}: {value}".rstrip() + "`"
    return diagnostic(file, place, "yaml-syntax", f"not YAML: {message}", hint)


def _keyless(lines: list[str], line: int, column: int) -> tuple[int, int] | None:
    """Where the line above begins, if YAML takes it for a part of the key whose colon is at a place."""
    above = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), -1)
    if above < 0 or lines[line].find(":") != column or ":" in lines[above]:
        return None
    return above, len(lines[above]) - len(lines[above].lstrip())


def _unclosed_quote(text: str, lines: list[str], mark: Any) -> tuple[int, int] | None:
    """Where a quoted value begins that only a quote in a later line has ended, before the mark."""
    offset = sum(len(line) + 1 for line in lines[: mark.line]) + mark.column
    begun = 0
    for number, line in enumerate(lines[: mark.line]):
        found = _QUOTE_BEGINS.search(line)
        if found:
            column = found.start(1)
            value = _QUOTED[found.group(1)].match(text, begun + column)
            if (
                value
                and "\n" in value.group()
                and value.end() <= offset <= value.end() + _NEAR
                and not text[value.end() : offset].strip(" ")
            ):
                return number, column
        begun += len(line) + 1
    return None


def _quote_hint(before: str) -> str:
    """What to do about words behind a quoted value, when a quote inside of it has ended it."""
    quote = before[-1:] if before[-1:] in ("'", '"') else before.rstrip()[-1:]
    if quote == "'":
        return "inside of single quotes, write two apostrophes for one: 'Iran''s talks'"
    if quote == '"':
        return 'inside of double quotes, write \\" for a quote'
    return ""


def _refuse_aliases(text: str, file: str, first_line: int, found: list[Diagnostic]) -> None:
    """Report anchors and aliases. Of a text with aliases no value is read: a few can make it huge."""
    aliases = False
    for event in yaml.parse(text, Loader=_Loader):
        anchor = getattr(event, "anchor", None)
        if anchor is None:
            continue
        aliases = aliases or isinstance(event, yaml.AliasEvent)
        mark: Any = event.start_mark
        found.append(
            diagnostic(
                file,
                Place(mark.line + first_line, mark.column + 1),
                "yaml-alias",
                f'YAML anchors and aliases are not allowed ("{anchor}")',
                "write the value out, or quote a text that begins with `&` or `*`",
            )
        )
    if aliases:
        raise YamlError(*found)


def _find_duplicates(node: Any, file: str, first_line: int, found: list[Diagnostic]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, Place] = {}
        above = ""
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
                        f"it stands first in line {seen[key.value].line}; keep one of the two{above}",
                    )
                )
            else:
                seen[key.value] = place
            if isinstance(value, yaml.ScalarNode) and not value.value and not value.style:
                above = f", or indent it by two spaces if it belongs to `{key.value}`"
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
    return typed_scalar(text) if typed else text
