"""The annotation language: its cases in `annotation_cases/`, its properties, and its time."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from builder.addresses import entity_address
from builder.annotations import DEEPEST, MOST_MARKS, Fault, Lines, Private, Span, mark, strip, tokenize
from builder.sanitize import INLINE, VOID
from hypothesis import example, given
from hypothesis import strategies as st

FOLDER = Path(__file__).parent / "annotation_cases"
SECTIONS = ("stripped", "mentions", "problems", "html")


def cases():
    """Every case as (name, source, sections)."""
    found = []
    for file in sorted(FOLDER.glob("*.txt")):
        for chunk in re.split(r"^=== ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, rest = chunk.partition("\n")
            source, *parts = re.split(r"^--- (\w+)\n", rest, flags=re.MULTILINE)
            sections = dict(zip(parts[::2], (one.rstrip("\n") for one in parts[1::2]), strict=True))
            assert set(sections) <= set(SECTIONS), f"{file.name}: {name}"
            found.append(
                pytest.param(source.rstrip("\n"), sections, id=f"{file.stem}: {name}".replace(" ", "-"))
            )
    return found


class Page(HTMLParser):
    """Reads HTML as a tree and gathers what is wrong with it."""

    def __init__(self, html):
        super().__init__()
        self.wrong = []
        self.ids = []
        self.links = []
        self.words = []
        self._open = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if len(values) < len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values)
            if "a" in self._open:
                self.wrong.append("a link in a link")
        if tag == "img" and not {"src", "alt"} <= values.keys():
            self.wrong.append("an image without address or description")
        if tag not in INLINE and any(one in INLINE or one in {"p", "h2", "h3"} for one in self._open):
            self.wrong.append(f"<{tag}> in <{self._open[-1]}>")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if self._open[-1:] == [tag]:
            self._open.pop()
        else:
            self.wrong.append(f"</{tag}> closes {self._open}")

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)


def shown(body):
    """The mentions of a body as the cases write them."""
    lines = []
    for one in body.mentions:
        sentence = body.sentences[one.sentence]
        said = one.statement
        facts = []
        if said is not None:
            by = f"{said.by.kind}:{said.by.id}" if said.by else ""
            date = said.date.text if said.date else ""
            parts = {"status": said.status, "date": date, "value": said.value, "by": by}
            facts = [f"{key}={value}" for key, value in parts.items() if value]
        if one.note:
            facts.append(f"note={one.note}")
        line = f'{one.entity.kind} {one.entity.id} "{sentence[one.start : one.end]}" in "{sentence}"'
        lines.append(f"{line} {' '.join(facts)}".rstrip())
    return "\n".join(lines)


def assert_whole(body, site):
    """Hold what is true of the HTML of every body."""
    page = Page(body.html)
    assert page.wrong == []
    assert len(page.ids) == len(set(page.ids))
    anchors = [one.anchor for one in body.mentions]
    assert len(anchors) == len(set(anchors))
    assert {one for one in page.ids if one.casefold().startswith("m-")} == set(anchors)
    plurals = {kind.id: kind.plural for kind in site.kinds}
    targets = {link.get("href") for link in page.links}
    for one in body.mentions:
        assert entity_address(plurals[one.entity.kind], one.entity.id) in targets
        assert 0 <= one.start <= one.end <= len(body.sentences[one.sentence])
    assert all(link.get("href") for link in page.links if "mention" in link.get("class", ""))
    assert "<script" not in body.html
    assert "javascript:" not in body.html.lower()


@pytest.mark.parametrize(("source", "sections"), cases())
def test_case(source, sections, read_body, site):
    body, found = read_body(source)
    problems = [f"{one.line}:{one.column} {one.code}" for one in sorted(found)]
    assert "\n".join(problems) == sections.get("problems", "")
    assert shown(body) == sections.get("mentions", "")
    assert strip(source) == sections.get("stripped", source)
    if "html" in sections:
        assert body.html.strip() == sections["html"]
    assert_whole(body, site)


@pytest.mark.parametrize(("source", "sections"), cases())
def test_annotations_change_no_other_text(source, sections, read_body):
    """Where nothing is wrong, the page reads like that of the stripped source."""
    if "problems" in sections or "indented" in sections.get("stripped", ""):
        assert sections["problems"]
        return
    annotated, plain = (read_body(one)[0].html for one in (source, strip(source)))
    assert Page(annotated).text == Page(plain).text
