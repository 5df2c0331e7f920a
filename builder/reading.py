"""Path of a source file -> what is remembered of it: read, parsed and encoded, in any process.

The words of an article with an original in plain text are compared with it here: when either of the
two changes, no other article has to be read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.addresses import original_path
from builder.diagnostics import Diagnostic, has_errors
from builder.fingerprint import encoded, of_bytes, of_text, of_value
from builder.load import original_text, read_original, read_source
from builder.model import Article, Parsed, PlainPage, Profile
from builder.outlines import Sketch
from builder.printed import printed
from builder.work import Task

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from builder.model import Site, SourceFile


class Gist(Struct, array_like=True, frozen=True):
    """What a file gave, an article's words left out: a sketch or a document, and diagnostics."""

    sketch: Sketch | None
    document: Profile | PlainPage | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Beside(Struct, array_like=True, frozen=True):
    """The original that an article's words were compared with: its path, the fingerprint of its bytes.

    There is none for an original that was not there, and an empty one for one that can't be read.
    """

    path: str
    data: bytes | None


class Reading(Struct, frozen=True):
    """A file to read and parse.

    `text` is the fingerprint of the text that is remembered, if any, and `beside` the original that it
    was read beside.
    """

    path: str
    text: bytes
    beside: Beside | None = None


class Read(Struct, frozen=True):
    """What reading a file gave: the text's fingerprint; the gist as MessagePack.

    Of an article also its places, and what is printed of it and the HTML of its body, unless it has
    errors: then nothing is published. The gist is empty for a text that is the remembered one, and
    whose original, if it has one, is too.
    """

    text: bytes
    gist: bytes = b""
    printed: bytes = b""
    body: bytes = b""
    places: bytes = b""
    beside: Beside | None = None


class ReadTask(Task[Reading, "Read | Diagnostic"]):
    """Reads and parses source files; the results are encoded, which is what the cache stores."""

    def __init__(self, root: Path, site: Site, others: Collection[str]) -> None:
        self._root = root
        self._site = site
        self._others = others

    def run(self, items: Sequence[Reading]) -> list[Read | Diagnostic]:
        """What each file gave, or why it can't be read."""
        return [self._read(one) for one in items]

    def _read(self, one: Reading) -> Read | Diagnostic:
        from builder.parse import parse

        source = read_source(self._root, one.path)
        if isinstance(source, Diagnostic):
            return source
        text = of_text(source.text)
        before = one.beside
        if text == one.text and (before is None or before == self._beside(before.path)[0]):
            return Read(text, beside=before)
        parsed, beside = self._compared(parse(source, self._site), source)
        return _divided(parsed, text, beside, self._site)

    def _beside(self, path: str) -> tuple[Beside, bytes | None]:
        """An original and its bytes; None for one that is not there, or can't be read."""
        if path not in self._others:
            return Beside(path, None), None
        data = read_original(self._root, path)
        return Beside(path, b"" if data is None else of_bytes(data)), data

    def _compared(self, parsed: Parsed, source: SourceFile) -> tuple[Parsed, Beside | None]:
        """What parsing gave and what there is to say beside the original, if the words are compared."""
        article = parsed.document
        if not isinstance(article, Article) or article.source is None or not article.source.original:
            return parsed, None
        # Few sites need this for each article, and some for none.
        from builder.wording import altered, has_words, unreadable
        from builder.yaml.front_matter import front_matter

        path = original_path(article)
        if not has_words(path) or has_errors(parsed.diagnostics):
            return parsed, None
        beside, data = self._beside(path)
        if beside.data is None:
            return parsed, beside
        original = None if data is None else original_text(data)
        found: Diagnostic | None
        if original is None:
            found = unreadable(article, data)
        else:
            front = front_matter(source.text)
            found = altered(article, source.text[front.body :], front.body_line, original)
        said = (*parsed.diagnostics, found) if found else parsed.diagnostics
        return structs.replace(parsed, diagnostics=said), beside


def _divided(parsed: Parsed, text: bytes, beside: Beside | None, site: Site) -> Read:
    """What a file gave with its fingerprints, and an article in the parts in which it is read."""
    document = parsed.document
    if isinstance(document, Article):
        from builder.outline import named, outline, places, sketch

        names = named(document)
        words = body = b""
        if not has_errors(parsed.diagnostics):
            # What is encoded here first is not encoded again for its fingerprint.
            words, body = encoded(printed(document, names, site)), encoded(document.body.html)
        gist = Gist(sketch(outline(document, names), words, body), None, parsed.diagnostics)
        return Read(text, encoded(gist), words, body, encoded(places(document)), beside)
    if isinstance(document, PlainPage):
        document = structs.replace(document, fingerprint=of_value(document))
    return Read(text, encoded(Gist(None, document, parsed.diagnostics)))
