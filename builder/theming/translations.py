"""Reads the words of a theme in a language, and tells what is wrong with its catalogues of messages."""

from __future__ import annotations

import gettext
import re
from contextlib import suppress
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from builder.diagnostics import Diagnostic, DigestError, Place, diagnostic, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel import Locale
    from babel.messages.catalog import Catalog, Message

    from builder.theming.theme import Template, Theme

#: A catalogue's rule for plurals is tried with so many numbers: such rules go by the last two digits.
_MOST_TRIED = 101
_KEYWORDS = ("msgid", "msgid_plural", "msgstr", "msgctxt")
#: A line of a catalogue: a keyword, if there is one, and a text in quotation marks.
_LINE = re.compile(r'(?:(\w+)(?:\[\d+\])? +)?("(?:[^"\\]|\\.)*")')
#: The beginning of a line: a keyword, if there is one, and the space behind it.
_HEAD = re.compile(r"(\w*)(?:\[\d+\])? *")
#: What `%` can begin in a message: itself, or the name of a value and how it is written.
_PERCENT = re.compile(r"%(?:%|\((?P<name>[^()]*)\)[-#0 +]*+\d*+(?:\.\d+)?(?P<kind>[A-Za-z])|)")


def translations(theme: Theme, tag: str) -> gettext.NullTranslations:
    """The theme's messages in a language, those of an extended theme behind its own.

    Raises DigestError for a catalogue that can't be read.
    """
    from babel.messages.mofile import write_mo

    found: gettext.NullTranslations | None = None
    for file in _catalogues(theme, tag):
        compiled = BytesIO()
        try:
            write_mo(compiled, _read(file))
            compiled.seek(0)
            catalogue = gettext.GNUTranslations(compiled)
            for number in range(_MOST_TRIED):
                # A rule for plurals can divide by nought.
                catalogue.ngettext("", "", number)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the theme's mistake
            raise DigestError((_unreadable(file, error),)) from None
        if found is None:
            found = catalogue
        else:
            found.add_fallback(catalogue)
    return found or gettext.NullTranslations()


def check_catalogues(theme: Theme, tag: str) -> list[Diagnostic]:
    """What is wrong with the catalogues that hold for a language."""
    return [one for file in _catalogues(theme, tag) for one in _check(file)]


def _catalogues(theme: Theme, tag: str) -> list[Template]:
    """The catalogues that hold for a language: a theme's own, the nearest first, then those below."""
    names = whole_and_parts(tag)
    return [found[name] for found in theme.catalogs for name in names if name in found]


def whole_and_parts(tag: str) -> list[str]:
    """The tag of a language, then what is left of it without its last parts (RFC 4647, 3.4)."""
    parts = tag.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _read(file: Template) -> Catalog:
    """Read a catalogue: its file is in UTF-8 and named by its language, whatever its header says."""
    from babel.messages.pofile import read_po

    locale = _locale(file.file.rpartition("/")[2].removesuffix(".po"))
    found = read_po(StringIO(file.text), locale=locale, abort_invalid=True)
    found.charset = "utf-8"
    if found.locale is None:
        # A header with no language, or an unknown one, would take the rule for plurals with it.
        found.locale = locale
    return found


def _locale(tag: str) -> Locale:
    """The nearest language that Babel knows; English where it knows none."""
    from babel import Locale, UnknownLocaleError

    for name in whole_and_parts(tag):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(name, sep="-")
    return Locale.parse("en")


def _unreadable(file: Template, error: Exception) -> Diagnostic:
    place = Place(getattr(error, "lineno", 0) + 1, 1)
    # Babel names the line at the end of its message, and counts from nought.
    message = f"the catalogue of messages can't be read: {re.sub(r' on [0-9]+$', '', str(error))}"
    return diagnostic(file.file, place, "bad-catalogue", message)


def _check(file: Template) -> list[Diagnostic]:
    # Babel cuts the last sign of each text off, whatever it is.
    found = [one for number, line in _lines(file) for one in _misformed(file, number, line)]
    if found:
        return found
    try:
        messages = [one for one in _read(file) if one.id and not one.fuzzy]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the theme's mistake
        return [_unreadable(file, error)]
    return [one for message in messages for one in _misplaced(file, message)]


def _lines(file: Template) -> Iterator[tuple[int, str]]:
    """The lines of a catalogue that are neither empty nor comments, with their numbers."""
    for number, line in enumerate(file.text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.rstrip()


def _misformed(file: Template, number: int, line: str) -> Iterator[Diagnostic]:
    """What is wrong with the form of a line."""
    text = line.lstrip()
    whole = _LINE.fullmatch(text)
    if whole and (whole[1] is None or whole[1] in _KEYWORDS):
        return
    head = _HEAD.match(text)
    keyword, column = (head[1], head.end()) if head else ("", 0)
    said = text[column:]
    if keyword and keyword not in _KEYWORDS:
        column, message = 0, f'"{keyword}" is no keyword of a catalogue'
        hint = did_you_mean(keyword, _KEYWORDS) or f"there are: {', '.join(_KEYWORDS)}"
    elif not said.startswith('"'):
        message, hint = "the text is not in quotation marks", 'put `"` before it and behind it'
    elif re.fullmatch(r'"(?:[^"\\]|\\.)*\\?', said):
        message, hint = "the text has no quotation mark at its end", 'put `"` behind it'
    else:
        message, hint = "there are quotation marks within the text", r"write `\"` for each of them"
    place = Place(number, len(line) - len(text) + column + 1)
    yield diagnostic(file.file, place, "bad-catalogue", message, hint)


def _misplaced(file: Template, message: Message) -> Iterator[Diagnostic]:
    """The placeholders of a translation that its message does not give a value for."""
    originals = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    given = [found for text in originals for found in _PERCENT.finditer(text)]
    known = {found["name"]: found["kind"] for found in given if found["name"] is not None}
    if any(found[0] == "%" for found in given):
        # Where a message itself has a single `%`, it is not meant to be filled in.
        return
    for text in dict.fromkeys(said):
        for found in _PERCENT.finditer(text):
            fault = _fault(found, known)
            if fault:
                piece = found[0] if found[0] != "%" else text[found.start() : found.start() + 8]
                yield diagnostic(file.file, _place(file, message, piece), "bad-catalogue", *fault)


def _fault(found: re.Match[str], known: dict[str, str]) -> tuple[str, str] | None:
    """What is wrong with a placeholder, and what to do; None if nothing is."""
    if found[0] == "%%" or (found["name"] in known and found["kind"] in ("s", known[found["name"]])):
        return None
    whole = [f"%({name}){kind}" for name, kind in known.items()]
    if found[0] == "%":
        hint = "; ".join(
            ("write `%%` for a sign of percent", *(f"`{one}` for the value" for one in whole))
        )
        return "a single % stands in the translation", hint
    message = f'the translation has the placeholder "{found[0]}", which the message has not'
    hint = did_you_mean(found[0], whole) or f"the message has {', '.join(whole) or 'none'}"
    return message, hint


def _place(file: Template, message: Message, piece: str) -> Place:
    """Where a piece of a translation is written; the line of its message if that can't be told."""
    first = message.lineno or 1
    lines = file.text.split("\n")
    translated = False
    for number in range(first, len(lines)):
        line = lines[number].lstrip()
        if line.startswith(("#", "msgid ", "msgctxt ")):
            break
        translated = translated or line.startswith("msgstr")
        if translated and piece in line:
            return Place(number + 1, lines[number].index(piece) + 1)
    return Place(first, 1)
