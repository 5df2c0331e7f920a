"""What the generator has to say to an editor: places, codes, messages and hints.

A diagnostic is a value. Stages return them, the conductor sorts them, and only the command line
prints them. Every code stands in `CODES` with its severity and in
`docs/reference/diagnostics.md`; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ERROR = "error"
WARNING = "warning"

#: Every code the generator can report, with its severity.
CODES: dict[str, str] = {
    # The command; for reports as JSON alone, for the message is printed with how to call it.
    "wrong-usage": ERROR,
    # Files and their form.
    "not-utf8": ERROR,
    "empty-file": ERROR,
    "unreadable-file": ERROR,
    "outside-site": ERROR,
    "missing-front-matter": ERROR,
    "unclosed-front-matter": ERROR,
    "yaml-syntax": ERROR,
    "yaml-alias": ERROR,
    "duplicate-key": ERROR,
    "control-character": WARNING,
    "merge-conflict": ERROR,
    "lost-letters": WARNING,
    "lost-words": WARNING,
    "unknown-file": WARNING,
    # Front matter and site.yaml.
    "missing-key": ERROR,
    "unknown-key": WARNING,
    "wrong-type": ERROR,
    "bad-date": ERROR,
    "unlikely-date": WARNING,
    "bad-language": ERROR,
    "unlikely-language": WARNING,
    "bad-license": ERROR,
    "bad-address": ERROR,
    "bad-id": ERROR,
    "bad-kind": ERROR,
    "bad-timezone": ERROR,
    "bad-location": ERROR,
    "missing-original": WARNING,
    "unreadable-original": WARNING,
    "altered-words": WARNING,
    "unknown-article": WARNING,
    "duplicate-article-id": ERROR,
    # Annotations.
    "malformed-annotation": ERROR,
    "unclosed-span": ERROR,
    "unopened-span": ERROR,
    "span-crosses-block": ERROR,
    "too-deep": ERROR,
    "too-many-annotations": ERROR,
    "unknown-attribute": ERROR,
    "two-entities": ERROR,
    "statement-without-entity": ERROR,
    "unknown-status": ERROR,
    "bad-reference": ERROR,
    "stray-braces": WARNING,
    "lost-annotation": WARNING,
    "empty-annotation": WARNING,
    # Entities; a kind that site.yaml adds reports `unknown-entity`.
    "unknown-country": ERROR,
    "unknown-project": ERROR,
    "unknown-person": ERROR,
    "unknown-organisation": ERROR,
    "unknown-entity": ERROR,
    "duplicate-id": ERROR,
    "ambiguous-alias": WARNING,
    "alias-is-id": WARNING,
    # Addresses and links.
    "address-clash": ERROR,
    "dead-link": WARNING,
    "dead-image": WARNING,
    "lost-link": WARNING,
    "remote-image": WARNING,
    "lost-element": WARNING,
    "unclosed-comment": WARNING,
    "flattened-code": WARNING,
    "flattened-list": WARNING,
    "hashtag-heading": WARNING,
    "flattened-table": WARNING,
    "lost-cell": WARNING,
    "missing-note": WARNING,
    "unused-note": WARNING,
    "duplicate-note": WARNING,
    "lost-line": WARNING,
    # Themes.
    "missing-theme": ERROR,
    "missing-template": ERROR,
    "template-syntax": ERROR,
    "template-error": ERROR,
    "bad-theme": ERROR,
    "bad-catalogue": ERROR,
    "missing-asset": WARNING,
    "unknown-block": WARNING,
    "lost-text": WARNING,
    "unused-file": WARNING,
    # Publishing.
    "foreign-file": ERROR,
    "bad-manifest": ERROR,
    "bad-output": ERROR,
    "cannot-write": ERROR,
    "lost-process": ERROR,
}


class Place(Struct, array_like=True, frozen=True, order=True):
    """A position in a file: line and column, both from 1, columns in characters."""

    line: int = 1
    column: int = 1


class Diagnostic(Struct, frozen=True, order=True):
    """One thing to tell the editor.

    `file` is relative to the site's root with forward slashes; `hint` may be empty. The order of
    diagnostics is that of their fields: file, line, column, code.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    strict: bool = False

    @property
    def severity(self) -> str:
        """`error` or `warning`; a strict run makes every warning an error."""
        return ERROR if self.strict else CODES[self.code]

    def head(self) -> str:
        """The first line as the contract words it: `file:line:column: severity[code]: message`."""
        place = f"{printable(self.file)}:{self.line}:{self.column}"
        return f"{place}: {self.severity}[{self.code}]: {self.message}"

    def text(self) -> str:
        """The head, and the hint on a line of its own if there is one."""
        return f"{self.head()}\n  hint: {self.hint}" if self.hint else self.head()


def diagnostic(file: str, place: Place, code: str, message: str, hint: str = "") -> Diagnostic:
    """A diagnostic at a place. The code must be one of `CODES`.

    Control characters and line breaks in the message become spaces, so that text from outside can
    neither break the one-line form nor drive the terminal.
    """
    if code not in CODES:
        raise KeyError(code)
    return Diagnostic(file, place.line, place.column, code, printable(message), printable(hint))


def printable(text: str) -> str:
    """`text` with every character that is not printable made a space."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


class DigestError(Exception):
    """The build cannot go on: the content, the theme or the configuration has errors.

    Carries its diagnostics as its one positional argument, so that it survives pickling on its way
    out of a worker process.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the diagnostics is an error."""
    return any(item.severity == ERROR for item in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic], *, strict: bool) -> tuple[Diagnostic, ...]:
    """The diagnostics sorted, each once; all of them errors if the run is strict."""
    return tuple(structs.replace(one, strict=strict) for one in sorted(set(diagnostics)))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or the empty string."""
    by_folded = {item.casefold(): item for item in known}
    # A build that finds no mistake gets along without the module.
    from difflib import get_close_matches

    close = get_close_matches(word.casefold()[:80], by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""


class Nearest:
    """Finds the word that was probably meant, for the mistakes of one run.

    Each comparison takes time, and mistakes may be many: behind so many, none is found any more.
    """

    MOST_COMPARED = 100_000

    def __init__(self) -> None:
        self._compared = 0

    def to(self, word: str, known: Collection[str], but: str = "") -> str:
        """The known word nearest to `word`, and not the one in `but`; or the empty string."""
        self._compared += len(known)
        if self._compared > self.MOST_COMPARED:
            return ""
        return nearest(word, (one for one in known if one != but))


def suggestion(near: str) -> str:
    """A hint that names the word that was probably meant; empty if there is none."""
    return f'did you mean "{near}"?' if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word nearest to `word`, or the empty string."""
    return suggestion(nearest(word, known))
