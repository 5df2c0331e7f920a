"""The braces of annotations: what stands in them, and what is wrong with those that can't be read."""

from __future__ import annotations

import re
from unicodedata import category

from msgspec import Struct

from builder.countries import IN_USE

# White space inside braces: a line break may stand there, and behind it the `>` of a quote.
_SPACE = r"(?:[ \t]|\r?\n[ \t]*+(?:>[ \t]*+)*)"
#: The keys of annotations beside the ids of kinds.
STATEMENT_KEYS = ("status", "date", "value", "by", "note")

_KEY = r"[^\W\d][\w-]*+"
_QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*"'
# Curly quotes would be taken for a part of the value, where they are meant to stand around it.
_CURLY = "“”„«»"
# Words of Persian and of Indian languages are written with these.
_JOINERS = "\u200c\u200d"
_BARE = rf"""[^\s"'{{}}=<>`\[\]{_CURLY}]++"""
# Within a name, as in Pandoc, a full stop is a part of it.
_NAME = r"[\w:-][\w:.-]*+"
_ITEM = rf"(?:[.\#]{_NAME}|{_KEY}=(?:{_QUOTED}|{_BARE}))"
_BRACES = re.compile(rf"\{{{_SPACE}*(?:{_ITEM}(?:{_SPACE}+{_ITEM})*{_SPACE}*)?\}}", re.DOTALL)
_PARTS = re.compile(rf"([.\#])({_NAME})|({_KEY})=(?:({_QUOTED})|({_BARE}))", re.DOTALL)
_PAIR = re.compile(rf"(?<![\w-]){_KEY}=(?![=>\s])")
_STRAY = re.compile(rf"\{{{_SPACE}{{0,9}}({_KEY}) ?([=:：＝]) ?[^{{}}\s=>][^{{}}]{{0,200}}+\}}")
_ESCAPE = re.compile(r'\\(["\\])')
# What stands before braces in their block, and the white space between.
_BEFORE = re.compile(rf"(\S[^\n]*?)((?:{_SPACE}|[^\S \t\r\n])*)\Z")
# An id or the code of a country that stands alone.
_ALONE = re.compile(r"\{[ ]?(?:([a-z0-9]+(?:-[a-z0-9]+)+)|([A-Z]{2}))[ ]?\}")
#: A word that may be that of a kind, with no id behind it.
_WORD_ALONE = re.compile(r"\{[ ]?([^\W\d_]{3,60})[ ]?[=:]?[ ]?\}")
_NO_VALUE = re.compile(rf"(?<![\w-])({_KEY})=[ ]*(?:\Z|(?={_KEY}=))")
_UNQUOTED = re.compile(
    rf"(?<![\w-])({_KEY})=({_BARE}(?:[ ](?![.\#]|{_KEY}[:：＝]){_BARE})+)"
    rf"(?:[ ]*\Z|[ ]+(?=[.\#]|{_KEY}=))"
)
# A quoted value that ends at a quote within it, and white space that is none between attributes.
_CUT_SHORT = re.compile(rf'(?<![\w-]){_KEY}="[^"]*"(?!\s|"|\Z|{_KEY}=)')
# A quoted value, or what stands behind a quote that nothing closes.
_IN_QUOTES = re.compile(r'"(?:[^"\\]++|\\.?)*"?', re.DOTALL)
_UNUSUAL_SPACE = re.compile(r"[^\S \t\r\n]")
# Words in braces and a pair in brackets: each stands in those of the other.
_SWAPPED = re.compile(rf"\{{([^{{}}\[\]\n]{{1,100}})\}}\[(({_KEY})=[^{{}}\[\]\n]{{1,100}})\]")
# What is written between key and value in place of a bare equals sign, and commas between pairs. In
# quotes, either is a part of the value.
_SIGN = re.compile(rf"{_QUOTED}|(?<![\w-])({_KEY})[ ]?[=:：＝][ ]?")
_COMMA = re.compile(rf"({_QUOTED})|[ ]?[,;،؛，；][ ]?(?={_KEY}=)")
#: So far braces are looked around, and so long are those that a hint shows.
_NEAR = 100

# What other kinds of Markdown allow in braces behind headings, pictures and links.
_OTHER_BRACES = re.compile(
    rf"\{{:?[ ]?(?:(?:[.#]{_NAME}"
    r"|(?:width|height|align|style|class|target|rel|title|loading)="
    r"(?:\"[^\"{}\n]{1,60}\"|'[^'{}\n]{1,60}'|[^\s\"'{}]{1,60}+))[ ]?){1,5}\}"
)
# A heading up to its braces, and a link or picture, which has its address in parentheses.
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ ]*([^#\s\[\]][^\[\]]*?)[ ]*")
_LINE_END = re.compile(r"[ #]*(?:\n|\Z)")
_ADDRESS = re.compile(r"\]\([^()\n]*\)\Z")

#: Braces that hold a pair or two on one line, as most do.
_USUAL = re.compile(rf"\{{({_KEY})=({_BARE})(?: ({_KEY})=({_BARE}))?\}}")
_WORDS = r"[^\[\]{\n]*+(?:\n(?![ \t\r]*+\n)[^\[\]{\n]*+)*"
#: Brackets within a block that hold no others, with such braces behind them or with none.
_FLAT = re.compile(rf"\[{_WORDS}\](?:{_USUAL.pattern}|(?!\{{))")


class Attribute(Struct, frozen=True):
    """A `key=value` pair, and where the key and the value begin in the source."""

    key: str
    value: str
    start: int
    value_start: int


class Span(Struct, frozen=True):
    """A bracketed span. `[` is at `start`, `]` at `close`, and `end` is behind the `}`."""

    start: int
    close: int
    end: int
    attributes: tuple[Attribute, ...]
    classes: tuple[str, ...] = ()
    name: str = ""


class Fault(Struct, frozen=True):
    """Something that was meant as an annotation and is none, with its code, message and hint.

    `key` is that of stray braces: they were meant as an annotation if it names a kind.
    """

    start: int
    code: str
    message: str
    hint: str
    key: str = ""


def read_usual(text: str, opener: int, close: int) -> Span | None:
    """The span from `opener` to the bracket at `close`, if its braces hold a pair or two on its line.

    None for braces that hold anything else, which may be a span or a fault all the same.
    """
    found = _USUAL.match(text, close + 1)
    if found is None:
        return None
    key, value, further, its_value = found.groups()
    attributes: tuple[Attribute, ...] = (Attribute(key, value, close + 2, found.start(2)),)
    if further is not None:
        if further == key:
            return None
        attributes += (Attribute(further, its_value, found.start(3), found.start(4)),)
    return Span(opener, close, found.end(), attributes)


def read_flat_spans(text: str) -> list[Span] | None:
    """The spans of a text without code, escapes and HTML, or None if it must be read sign by sign.

    Where all its brackets and braces are those of flat spans and links, they can be read in one go.
    """
    spans: list[Span] = []
    bare = 0
    for found in _FLAT.finditer(text):
        key, value, further, its_value = found.groups()
        if key is None:
            bare += 1
            continue
        start = found.start(1)
        attributes: tuple[Attribute, ...] = (Attribute(key, value, start, found.start(2)),)
        if further is not None:
            if further == key:
                return None
            attributes += (Attribute(further, its_value, found.start(3), found.start(4)),)
        spans.append(Span(found.start(), start - 2, found.end(), attributes))
    brackets = len(spans) + bare
    if text.count("{") != len(spans) or text.count("[") != brackets or text.count("]") != brackets:
        return None
    return spans


def read_braces(
    text: str, opener: int, close: int, end: int, spans: list[Span], faults: list[Fault]
) -> int:
    """Read the braces behind the bracket at `close`, in a block that ends at `end`.

    Adds the span that they end, or the fault that they are, if they are either; `opener` is its first
    bracket, or -1. Returns where to go on.
    """
    found = _annotation(text, opener, close, end)
    if isinstance(found, Span):
        spans.append(found)
        return found.end
    if found is not None:
        faults.append(found)
        # Of doubled braces, the inner ones are no mistake of their own.
        return close + 2 + text.startswith("{", close + 2)
    return close + 2


def stray(text: str, brace: int, end: int, opener: int = -1) -> list[Fault]:
    """The fault of braces that hold a `key=value`, `key = value` or `key: value`, and end no span.

    `opener` is the nearest bracket before them that is still open, if there is one.
    """
    found = _STRAY.match(text, brace, end)
    if found is None or text[brace - 1 : brace] == ")":
        other = _swapped(text, brace, end) or _foreign(text, brace, end)
        if other or found is None:
            return other
    message = f'"{" ".join(found.group()[:60].split())}" is no annotation'
    hints = [_placed(text, brace, found.end(), opener), _spelt(found.group(), found.group(2))]
    hint = ", and ".join(filter(None, hints))
    return [Fault(brace, "stray-braces", message, hint, found.group(1))]


def _swapped(text: str, brace: int, end: int) -> list[Fault]:
    """The fault of words in braces with a pair in brackets behind them."""
    found = _SWAPPED.match(text, brace, end)
    if found is None:
        return []
    message = f'"{found[0][:60]}" is no annotation'
    return [Fault(brace, "stray-braces", message, f"write `[{found[1]}]{{{found[2]}}}`", found[3])]


def _foreign(text: str, brace: int, end: int) -> list[Fault]:
    """The fault of attributes behind headings, pictures and links, as elsewhere in Markdown."""
    found = _OTHER_BRACES.match(text, brace, end)
    if found is None:
        return []
    line = text[max(brace - 2 * _NEAR, 0) : brace].rpartition("\n")[2]
    heading = _HEADING.fullmatch(line) if _LINE_END.match(text, found.end()) else None
    if heading and "=" not in found[0]:
        hint = f"write `[{heading[1]}]{{{found[0][1:].lstrip(': ')}`"
    elif heading or _ADDRESS.search(line):
        hint = "take it out: headings, pictures and links have no attributes here"
    else:
        return []
    return [Fault(brace, "stray-braces", f'"{found[0]}" is published as text', hint)]


def _placed(text: str, brace: int, behind: int, opener: int) -> str:
    """Where braces that stand in the wrong place belong; empty for those right behind a bracket."""
    found = _BEFORE.search(text, max(brace - _NEAR, 0), brace)
    before, gap = found.groups() if found else ("", "")
    if before.endswith("]"):
        space = "line break" if "\n" in gap else "space"
        return f"remove the {space} between `]` and `{{`" if gap else ""
    if before.endswith("]("):
        return "write the braces right behind `]`, without parentheses"
    if opener >= 0:
        inside = text.startswith("]", behind)
        return "move the `]` to right before `{`" if inside else "write `]` right before `{`"
    return _bracketed(before, ", with no space before `{`" if gap else "")


def _bracketed(before: str, unspaced: str) -> str:
    """How to put what stands before braces into brackets."""
    if before.endswith("{"):
        return "write one brace on either side"
    if before.endswith("}"):
        return "to name two things with the same words, nest: `[[words]{...}]{...}`"
    words, linked = _parenthesised(before)
    if linked:
        return "put the link into brackets of its own: `[[words](address)]{...}`"
    if words:
        return f"write `[{words}]` in place of `({words})`{unspaced}"
    return "write `[words]` right before the braces, with no space between"


def _parenthesised(before: str) -> tuple[str, bool]:
    """The words in parentheses that a text ends in, if any, and whether they are a link's address."""
    begin = before.rfind("(")
    if not before.endswith(")") or begin < 0:
        return "", False
    return before[begin + 1 : -1].strip(), before[begin - 1 : begin] == "]"


def _spelt(braces: str, sign: str) -> str:
    """How to write braces that lack a bare equals sign in a pair; empty if all is well."""
    if _BRACES.fullmatch(braces):
        return ""
    right = _corrected(braces)
    if right:
        return f"write `{right}`"
    if sign == "=":
        return 'write `key=value` with no space at the "="'
    return "write an equals sign between key and value, as in `country=IR`"


def _corrected(braces: str) -> str:
    """Braces with an equals sign in each pair; empty if that does not make them right."""
    written = " ".join(braces.split())
    if len(written) > 2 * _NEAR:
        return ""
    # All keys are in small letters.
    signs = _SIGN.sub(lambda one: f"{one[1].lower()}=" if one[1] else one[0], written)
    right = _COMMA.sub(lambda one: one[1] or " ", signs)
    return right if len(right) <= _NEAR and _BRACES.fullmatch(right) else ""


def _annotation(text: str, opener: int, close: int, end: int) -> Span | Fault | None:
    """What `]{` at `close` is: a span, a fault, or (None) literal text."""
    braces = _BRACES.match(text, close + 1, end)
    if braces is None:
        return _malformed(text, close, end)
    attributes: dict[str, Attribute] = {}
    classes: list[str] = []
    name = ""
    for part in _PARTS.finditer(text, close + 2, braces.end() - 1):
        sigil, word, key, quoted, bare = part.groups()
        if key is not None:
            group = 4 if quoted is not None else 5
            value = _ESCAPE.sub(r"\1", quoted[1:-1]) if quoted is not None else bare
            if key in attributes:
                return Fault(
                    part.start(),
                    "duplicate-key",
                    f'the key "{key}" stands twice in one annotation',
                    "keep one of the two",
                )
            words = " ".join(value.split())
            attributes[key] = Attribute(key, words, part.start(), part.start(group))
        elif sigil == ".":
            classes.append(word)
        else:
            name = word
    if not (attributes or classes or name):
        return None
    if opener < 0:
        if not attributes:
            return None
        return Fault(
            close,
            "unopened-span",
            "an annotation without its opening bracket",
            "write `[` before the words it is about, in the same paragraph, "
            "or `\\]` if no annotation is meant",
        )
    return Span(opener, close, braces.end(), tuple(attributes.values()), tuple(classes), name)


def _malformed(text: str, close: int, end: int) -> Fault | None:
    """The fault of braces that do not parse but hold a `key=value`, if they do."""
    limit = text.find("]{", close + 2, min(end, close + 2000))
    limit = limit if limit >= 0 else min(end, close + 2000)
    brace = text.find("}", close + 2, limit)
    inside = text[close + 2 : brace if brace >= 0 else limit]
    pair = _PAIR.search(inside)
    if pair is None:
        spaced = stray(text, close + 1, end)
        return spaced[0] if spaced else _alone(text, close + 1, end)
    if brace < 0:
        return Fault(
            close,
            "unclosed-span",
            f'the braces behind "]" are not closed: "{{{inside[:40].splitlines()[0]}"',
            "write `}` behind the last attribute; a value with spaces stands in double quotes",
        )
    shown = " ".join(inside.split())
    return Fault(
        close + 1,
        "malformed-annotation",
        f'the braces can\'t be read: "{{{shown[:60]}}}"',
        _readable(inside),
    )


def _readable(inside: str) -> str:
    """What to do about braces that hold a pair and can't be read."""
    hint = 'write `key=value` or `key="quoted value"`, with a space between'
    if odd := _odd_sign(inside):
        hint = odd
    elif "'" in inside:
        hint = "quote values with double quotes"
    elif any(sign in inside for sign in _CURLY):
        hint = 'use straight quotes (") around a value'
    elif _CUT_SHORT.search(inside):
        hint = 'inside of double quotes, write `\\"` for a quote'
    elif inside.count('"') % 2:
        hint = 'a quote (") is not closed'
    elif inside.startswith("{"):
        hint = f"write one brace on either side: `{{{inside[1:61]}}}`"
    elif right := _corrected(f"{{{inside}}}"):
        hint = f"write `{right}`"
    elif missing := _NO_VALUE.search(inside):
        hint = f"write a value behind `{missing[1]}=`"
    elif words := _UNQUOTED.search(inside):
        hint = f'a value with a space stands in double quotes: `{words[1]}="{words[2][:60]}"`'
    return hint


def _odd_sign(inside: str) -> str:
    """What to do about an invisible character or an unusual space in braces; empty without one."""
    if inside.isascii():
        return ""
    for one in _IN_QUOTES.sub("", inside):
        if category(one) == "Cf" and one not in _JOINERS:
            return f"an invisible character (U+{ord(one):04X}) stands in the braces; delete it"
        if _UNUSUAL_SPACE.match(one):
            return f"write a plain space in place of the unusual one (U+{ord(one):04X})"
    return ""


def _alone(text: str, brace: int, end: int) -> Fault | None:
    """The fault of braces that hold an id without its kind, if they do."""
    word = _WORD_ALONE.match(text, brace, end)
    if word is not None:
        kind = word[1].lower()
        hint = f"write an id behind `{kind}`, as in `{{{kind}=...}}`"
        return Fault(brace, "stray-braces", f'"{word[0]}" is no annotation', hint, word[1])
    found = _ALONE.match(text, brace, end)
    if found is None or (found[2] and found[2] not in IN_USE):
        return None
    kind, value = ("project", found[1]) if found[1] else ("country", found[2])
    message = f'"{found[0]}" is no annotation'
    hint = f"write the kind before the id, as in `{{{kind}={value[:60]}}}`"
    return Fault(brace, "stray-braces", message, hint)
