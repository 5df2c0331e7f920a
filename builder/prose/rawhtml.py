"""Raw HTML blocks, taken out of the text before it is parsed.

The library's extractor, which goes on to read to the end of the text for everything that is
begun and never ended. Here it is asked first whether there is an end at all, and what still
has to be tried in vain is paid from an allowance of so many times the length of the text.
Once that is used up, a start tag that does not end is text without being tried.
"""

import re
from collections import Counter
from collections.abc import Sequence

from markdown.htmlparser import HTMLExtractor
from markdown.preprocessors import HtmlBlockPreprocessor

ALLOWANCE = 40
"""How many times the text may be read in search of ends that are not there."""

_BLANK_LINE = re.compile(r"(?:[ ]*\n){2}")
_INNER_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CDATA_END = re.compile(r"\]\s*\]\s*>")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


class RawHtml(HtmlBlockPreprocessor):
    """Stashes the raw HTML blocks of a document."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines with placeholders for the raw HTML."""
        source = "\n".join(lines)
        if "<" not in source and "&#" not in source:
            # Without a tag and a numeric reference the extractor hands back what it is given.
            return lines
        extractor = LinearExtractor(self.md)
        extractor.feed(source)
        extractor.close()
        return "".join(extractor.cleandoc).split("\n")


class LinearExtractor(HTMLExtractor):
    """The extractor of the library with bounded searches."""

    _cache: list[str]

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._last_end = self._last_instruction_end = -1
        self._no_cdata_end = False
        self._closing = False
        self._allowance = 0
        self._open: Counter[str] = Counter()
        self._open_inline: Counter[str] = Counter()
        self._paragraph_end = -1

    def goahead(self, end: bool) -> None:  # noqa: FBT001 - the standard library's signature
        """Read the data; see `html.parser.HTMLParser`."""
        # What is left of the data when the reader stops is read in a second go, from position 0.
        data = self.rawdata
        self._closing = bool(end)
        self._last_end = data.rfind(">")
        self._last_instruction_end = data.rfind("?>")
        self._no_cdata_end = False
        self._paragraph_end = -1
        if not end:
            self._allowance = ALLOWANCE * len(data)
        super().goahead(end)

    def check_for_whole_start_tag(self, i: int) -> int:
        """The end of the start tag at the position, -1 if it has none."""
        if i > self._last_end or self._allowance < 0:
            return -1
        end: int = super().check_for_whole_start_tag(i)
        if end < 0:
            self._allowance -= len(self.rawdata) - i
        return end

    def parse_endtag(self, i: int) -> int:
        """Read the end tag at the position."""
        if i > self._last_end:
            self.handle_data(self.rawdata[i : i + 2])
            return i + 2
        return int(super().parse_endtag(i))

    def parse_pi(self, i: int) -> int:
        """Read the processing instruction at the position."""
        if (self.at_line_start() or self.intail) and i + 2 > self._last_instruction_end:
            return self._unended(i)
        return int(super().parse_pi(i))

    def parse_html_declaration(self, i: int) -> int:
        """Read the declaration at the position."""
        if self.at_line_start() or self.intail:
            if self.rawdata.startswith("<![CDATA[", i):
                if self._no_cdata_end or _CDATA_END.search(self.rawdata, i + 3) is None:
                    self._no_cdata_end = True
                    return self._unended(i)
            elif i + 2 > self._last_end:
                if self.rawdata.startswith("<![", i):
                    self.handle_data("<")
                    return i + 1
                return self._unended(i)
        return int(super().parse_html_declaration(i))

    def _unended(self, i: int) -> int:
        """What the reader makes of something that has no end: text up to the next bracket."""
        if not self._closing or i <= self._last_end:
            return -1
        end = self.rawdata.find("<", i + 1)
        if end < 0:
            end = i + 1
        self.handle_data(self.rawdata[i:end])
        return end

    # The stubs of the two classes it stands on disagree about the attributes.
    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str]]) -> None:  # type: ignore[override]
        """Take a start tag."""
        depth = len(self.stack)
        super().handle_starttag(tag, attrs)
        if len(self.stack) > depth:
            self._open[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """Take an end tag."""
        text = self.get_endtag_text(tag)
        if not self.inraw:
            self.cleandoc.append(text)
            self.close_inline_tag(tag)
            return
        self._cache.append(text)
        if self._open[tag]:
            while self.stack:
                closed = self.stack.pop()
                self._open[closed] -= 1
                if closed == tag:
                    break
        if self.stack:
            return
        if _BLANK_LINE.match(self.rawdata, self.line_offset + self.offset + len(text)):
            self._cache.append("\n")
        else:
            self.intail = True
        self.inraw = False
        self.cleandoc.extend((self.md.htmlStash.store("".join(self._cache)), "\n\n"))
        self._cache = []

    def open_inline_tag(self, tag: str) -> None:
        """Note an inline tag that is open."""
        if tag not in _VOID and not self.md.is_block_level(tag):
            if not self.inline_stack:
                self._open_inline.clear()
            self.inline_stack.append(tag)
            self._open_inline[tag] += 1

    def close_inline_tag(self, tag: str) -> None:
        """Note that an inline tag is closed, and those opened after it."""
        if self.inline_stack and self._open_inline[tag] > 0:
            while self.inline_stack:
                closed = self.inline_stack.pop()
                self._open_inline[closed] -= 1
                if closed == tag:
                    break

    def inline_close_follows(self, text: str) -> bool:
        """Whether an inline tag that is open is closed behind the comment, in its paragraph."""
        if not self.inline_stack:
            return False
        start = self.line_offset + self.offset + len(text)
        if self._paragraph_end < start:
            blank = _INNER_BLANK_LINE.search(self.rawdata, start)
            self._paragraph_end = blank.start() if blank else len(self.rawdata)
        for tag in dict.fromkeys(reversed(self.inline_stack)) if self._allowance > 0 else ():
            end = re.compile(rf"</\s*{re.escape(tag)}\s*>", re.IGNORECASE)
            if end.search(self.rawdata, start, self._paragraph_end):
                return True
            self._allowance -= self._paragraph_end - start + 100
            if self._allowance < 0:
                break
        return False

    def handle_empty_tag(self, data: str, is_block: bool) -> None:  # noqa: FBT001 - the library's signature
        """Take a tag, comment or declaration that holds nothing."""
        if self.inraw or self.intail:
            self._cache.append(data)
        elif self.at_line_start() and is_block:
            if _BLANK_LINE.match(self.rawdata, self.line_offset + self.offset + len(data)):
                data += "\n"
            else:
                self.intail = True
            before = self.cleandoc[-1] if self.cleandoc else ""
            if before.endswith("\n") and not before.endswith("\n\n"):
                self.cleandoc.append("\n")
            self.cleandoc.extend((self.md.htmlStash.store(data), "\n\n"))
        else:
            self.cleandoc.append(data)
