"""The annotation language: its cases in `annotation_cases/`, its properties, and its time."""

import re
import time
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from site_builder import article, build_site, write_site

from builder.addresses import entity_address
from builder.body.annotations import DEEPEST, MOST_MARKS, Private, mark, strip, tokenize
from builder.body.braces import Span
from builder.body.sanitize import INLINE, VOID
from builder.diagnostics import CODES, ERROR
from builder.lines import Lines
from builder.yaml.fields import CONTROL

FOLDER = Path(__file__).parent / "annotation_cases"
SECTIONS = ("stripped", "mentions", "problems", "literal", "html")


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


def harmless_cases():
    """The cases without errors whose annotations do not stand in code that only Markdown can tell."""
    return [case for case in cases() if "literal" not in case.values[1] and not has_errors(case)]


def has_errors(case):
    told = case.values[1].get("problems", "").split()[1::2]
    return any(CODES[code] == ERROR for code in told)


@pytest.mark.parametrize(("source", "sections"), harmless_cases())
def test_annotations_change_no_other_word(source, sections, read_body):
    annotated, plain = (read_body(one)[0] for one in (source, strip(source)))
    assert Page(annotated.html).text == Page(plain.html).text
    assert annotated.lead == plain.lead


def test_there_are_cases_of_every_fault_of_an_annotation():
    told = " ".join(case.values[1].get("problems", "") for case in cases()).split()
    assert set(told) >= {
        "malformed-annotation",
        "unclosed-span",
        "unopened-span",
        "span-crosses-block",
        "duplicate-key",
        "unknown-attribute",
        "two-entities",
        "statement-without-entity",
        "unknown-status",
        "bad-date",
        "bad-reference",
        "stray-braces",
        "lost-annotation",
        "empty-annotation",
    }


@pytest.mark.parametrize(
    ("by", "hint"),
    [
        (
            "veysel-eroglu",
            (
                "write the kind before the id, as in `by=person:veysel-eroglu` "
                "or `by=organisation:veysel-eroglu`"
            ),
        ),
        ("organization:mehr", "write `by=organisation:mehr`"),
        ("Person:veysel-eroglu", "write `by=person:veysel-eroglu`"),
        ("ir", "write the kind before the code: `by=country:ir`"),
        ("people:veysel-eroglu", "write `by=person:veysel-eroglu`"),
        ("him:x", "the kinds are country, project, person, organisation"),
        ("Person:x", "write `by=person:x`"),
        ("Eroglu:", "write kind and id, as in `by=person:ilham-aliyev`"),
        ('"Veysel Eroglu"', "write kind and id, as in `by=person:ilham-aliyev`"),
    ],
)
def test_who_said_it_is_named_by_kind_and_id(read_body, by, hint):
    (found,) = read_body(f"[x]{{project=a status=agreed by={by}}}")[1]
    assert (found.code, found.hint) == ("bad-reference", hint)


@pytest.mark.parametrize(
    ("by", "hint"),
    [
        ("person:eroglu", "the kinds are country, project, organisation"),
        ("eroglu", "write the kind before the id, as in `by=organisation:eroglu`"),
    ],
)
def test_who_said_it_is_of_a_kind_that_the_site_has(tmp_path, by, hint):
    files = {"content/articles/a.md": article(f"[x]{{country=IR value=1 by={by}}}")}
    report = build_site(write_site(tmp_path, files, "title: T\nkinds: {person: false}"))
    assert [(one.code, one.hint) for one in report.diagnostics] == [("bad-reference", hint)]


# Text that is no annotation, each piece with a space around it so that two do not join.
_LITERALS = st.sampled_from(
    [
        " words ",
        " [sic] ",
        " [1][2] ",
        " [a](https://example.org/) ",
        " ![a](b.png) ",
        " \\[ ",
        " \\] ",
        " \\{x=1} ",
        " \\\\ ",
        " \\` ",
        " `a]{x=1}` ",
        " ``[ ` `` ",
        " *a* ",
        " <b title='a'> ",
        " {} ",
        " [a]{} ",
        " [a]{b c} ",
        "\n",
        " ایران ",
        ' "quoted" ',
        "\U000f0000",
    ]
)
_BRACES = st.sampled_from(
    [
        "{country=IR}",
        "{.small}",
        "{#x}",
        "{ project=a-b status=agreed }",
        '{project=x value="a ] } [ { \\" b"}',
        "{country=IR\n note=x}",
        '{date="2021"\n> by=person:x}',
    ]
)


def _pieces(children):
    return st.lists(children, max_size=4).map(
        lambda parts: (
            "".join(one[0] for one in parts),
            "".join(one[1] for one in parts),
            sum(one[2] for one in parts),
        )
    )


_LEAVES = _LITERALS.map(lambda text: (text, text, 0))
_TREES = st.recursive(
    _LEAVES,
    lambda children: st.one_of(
        _pieces(children),
        st.tuples(_pieces(children), _BRACES).map(
            lambda pair: (f"[{pair[0][0]}]{pair[1]}", pair[0][1], pair[0][2] + 1)
        ),
        _pieces(children).map(lambda one: (f"[{one[0]}] ", f"[{one[1]}] ", one[2])),
    ),
    max_leaves=12,
)
#: Annotated texts as (annotated, plain, number of annotations), of several paragraphs.
ANNOTATED = st.lists(
    # A span does not cross a blank line.
    _TREES.filter(lambda one: not re.search(r"\n[ \t]*\n", one[0])),
    min_size=1,
    max_size=4,
).map(
    lambda parts: (
        "\n\n".join(one[0] for one in parts),
        "\n\n".join(one[1] for one in parts),
        sum(one[2] for one in parts),
    )
)
_SIGNS = """
[ ] { } ]{ ]( ` `` ``` ~~~ \\ " = # . < > </a> <!-- --> * _ | [^1] ! <b> <code> </code> a é \U000f0000
\U00100000 &#xF0000; country=IR project=x status=agreed note= ]{country=IR} ]{date=2021} ]{#i}
"""
#: Any text, most of it made of what means something here.
ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [*_SIGNS.split(), "\n", "\n\n", "# ", "- ", "> ", ":   ", "    ", "\t", "\r", "<a "]
        ),
        max_size=30,
    ).map("".join),
)


@given(ANNOTATED)
def test_stripping_undoes_annotating(case):
    annotated, plain, number = case
    tokens = tokenize(annotated)
    assert strip(annotated) == plain
    assert len(tokens.spans) == number
    assert tokens.faults == ()
    assert strip(plain) == plain


@given(ANNOTATED)
def test_marks_come_in_the_order_of_the_text(case):
    annotated, plain, number = case
    marked, marks = mark(annotated)
    begun = [ord(one) - 0xF0000 for one in re.findall("[\U000f0000-\U000ffffd]", marked)]
    ended = [ord(one) - 0x100000 for one in re.findall("[\U00100000-\U0010fffd]", marked)]
    spans = [index for index, one in enumerate(marks) if isinstance(one, Span)]
    assert begun == list(range(len(marks)))
    assert sorted(ended) == spans
    assert len(spans) == number
    assert [one.start for one in marks] == sorted(one.start for one in marks)
    private = "".join(one.character for one in marks if isinstance(one, Private))
    assert private == "".join(re.findall("[\U000f0000-\U0010fffd]", annotated))
    without = re.sub("[\U000f0000-\U0010fffd]", "", marked)
    assert without == plain.replace("\U000f0000", "")


@given(ANY_TEXT)
@example("[" * 200 + "]{a=1}" * 200)
@example("]{" * 50)
@example("[a]{x=" + '"' * 99)
def test_no_text_makes_the_tokenizer_raise(text):
    tokens = tokenize(text)
    ends = []
    for span in tokens.spans:
        assert text[span.start] == "["
        assert text[span.close : span.close + 2] == "]{"
        assert text[span.end - 1] == "}"
        while ends and ends[-1] <= span.start:
            ends.pop()
        assert not ends or span.end <= ends[-1]
        ends.append(span.close)
        assert len(ends) <= DEEPEST
    assert [one.start for one in tokens.faults] == sorted(one.start for one in tokens.faults)
    assert len(strip(text)) <= len(text)
    marked, marks = mark(text)
    assert len(marks) >= len(tokens.spans)
    assert bool(marks) or marked == text


@given(text=ANY_TEXT)
@example(text="\\[Iran- []{country=IR}")
@example(text="Iran- []{country=IR}")
@example(text="x  [ Iran]{country=IR}")
def test_any_body_is_read_into_whole_html(text, read_body):
    body, found = read_body(text)
    page = Page(body.html)
    anchors = {one.anchor for one in body.mentions}
    assert {one for one in page.ids if one.startswith("m-")} == anchors
    assert len(page.ids) == len(set(page.ids))
    assert "a link in a link" not in page.wrong or "<a" in text
    private = re.compile("[\U000f0000-\U0010fffd]")
    assert set(private.findall(body.html)) <= set(private.findall(text + unescape(text)))
    for one in body.mentions:
        assert 0 <= one.start <= one.end <= len(body.sentences[one.sentence])
    lines = re.split(r"\r\n|\r|\n", text)
    for one in found:
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1


def test_a_hundred_spans_may_be_nested_and_no_more(read_body):
    def nested(depth):
        return "[" * depth + "Iran" + "]{country=IR}" * depth

    body, found = read_body(nested(DEEPEST))
    assert (DEEPEST, len(body.mentions), found) == (100, 100, [])
    assert strip(nested(DEEPEST)) == "Iran"
    _, found = read_body(nested(DEEPEST + 1))
    assert [(one.line, one.column, one.code) for one in found] == [(1, 101, "too-deep")]


def test_depth_is_told_once_a_block(read_body):
    deep = "[" * 150 + "Iran" + "]{country=IR}" * 150
    _, found = read_body(f"{deep}\n\n{deep}")
    assert [(one.line, one.code) for one in found] == [(1, "too-deep"), (3, "too-deep")]


def test_more_spans_than_can_be_marked_are_an_error():
    tokens = tokenize("[a]{country=IR} " * 33_000)
    assert [one.code for one in tokens.faults] == ["too-many-annotations"]
    assert len(mark("[a]{country=IR} " * 33_000)[1]) <= MOST_MARKS


def test_private_characters_never_pass_for_placeholders():
    text = "[a]{country=IR}" + "\U000f0000" * (MOST_MARKS + 5) + "[b]{country=AZ}"
    marked, marks = mark(text)
    assert len(marks) == MOST_MARKS
    assert marked.count("\U000f0000") == 1
    assert marked.count("\ufffd") > 0
    assert sum(isinstance(one, Span) for one in marks) == 2


@pytest.mark.parametrize(
    "reference", ["&#xF0000;", "&#xf0000", "&#983040;", "&#x000F0000;", "&#1048577;", "&#X10FFFD;"]
)
def test_references_to_private_characters_never_pass_for_placeholders(reference, read_body):
    body, found = read_body(f"a {reference} [Iran]{{country=IR}} {reference} b")
    assert found == []
    assert body.html.count("<a ") == 1
    assert ">Iran</a>" in body.html
    assert reference in body.html


@pytest.mark.parametrize(
    "reference",
    [
        "&#1;",
        "&#x1;",
        "&#0;",
        "&#x0000008;",
        "&#11",
        "&#13;",
        "&#127;",
        "&#129;",
        "&#64976;",
        "&#xFFFE;",
        "&#x1FFFF;",
    ],
)
def test_references_to_control_characters_are_read_as_spaces(reference, read_body):
    body, found = read_body(f"A {reference} [Iran]{{country=IR}} `{reference}` **b{reference} c**")
    assert [(one.code, one.column) for one in found] == [
        ("control-character", 3),
        ("control-character", 29 + 2 * len(reference)),
    ]
    assert CONTROL.search(unescape(body.html)) is None
    assert f"<code>{escape(reference)}</code>" in body.html
    assert body.sentences == (f"A Iran {reference} b c",)
    assert CONTROL.search(body.lead) is None


@pytest.mark.parametrize(
    "reference", ["&#xE000;", "&#64975;", "&#x41;", "&#150;", "&#1114112;", "&#xF00000;"]
)
def test_other_references_are_left_alone(reference):
    assert mark(f"a {reference} b") == (f"a {reference} b", ())


def test_lines_and_columns_count_characters_from_one():
    lines = Lines("a\r\nb😀c\rd\n", first_line=7)
    assert [lines.at(offset) for offset in (0, 3, 4, 5, 7, 9)] == [
        (7, 1),
        (8, 1),
        (8, 2),
        (8, 3),
        (9, 1),
        (10, 1),
    ]


def test_code_spans_and_fences_hold_neither_spans_nor_faults():
    tokens = tokenize("`[a]{x=1 x=2}`\n\n```\n[a]{x=1 x=2}\n\n]{y=1}\n```\n")
    assert (tokens.spans, tokens.faults) == ((), ())


HOSTILE = {
    "open brackets": "[",
    "closed brackets": "]",
    "braces": "{",
    "ends": "]{",
    "unclosed quotes": '[a]{x="',
    "half annotations": "[[]{x=",
    "nested quotes": "\"'",
    "backticks": "`",
    "spaced backticks": "` ",
    "stars": "*",
    "spaced stars": "*a ",
    "tags": "<a ",
    "closed tags": "<b>",
    "escapes": "\\[",
    "addresses": "[x](",
    "images": "![",
    "fences": "```\n",
    "headings": "# a\n\n",
    "mentions": "[a]{country=IR} ",
    "mentions in paragraphs": "[a]{country=IR}\n\n",
    "mentions in items": "- [a]{country=IR}\n",
    "mentions over emphasis": "[a *b]{country=IR} c* ",
    "mentions over tags": "<b>[a</b>]{country=IR}",
    "ends lost in titles": '[a [x](y "]{country=IR}") ',
    "links": "[x](/a) ",
    "quotations": "> ",
    "footnotes": "x[^1]\n\n[^1]: [a]{country=IR}\n\n",
    "titles": "[a]{country=IR} Mr. ",
    "ids": "[a]{#x}",
    "references to characters": "&#xF0000;",
    "stray braces": "a{country=x ",
    "spaced braces": "[a] {country=IR} ",
    "words in parentheses": "(a){country=IR}",
    "escaped addresses": "[x](/\\_a) ",
    "addresses in parentheses": "[x](/a(b)) [y](/\\_a(( ",
    "bare attributes": "<a href=/a>x</a> ",
    "marks of notes": "x[^1] ",
    "references": "[x][y] ",
    "ends of references": "][",
    "annotated images": "[![a](b.png)]{country=IR}",
    "images in two annotations": "[[![a](b.png)]{country=IR}![c](d.png)]{country=AZ} ",
    "annotated descriptions": "![[a]{country=IR}](b.png) <!-- ",
}


def _grown(name, size):
    if name == "many keys":
        return "[a]{country=IR " + " ".join(f"k{number}=1" for number in range(size // 8)) + "}"
    if name == "one mention of quotes":
        return "[a]{country=IR} " + "\"' " * (size // 3)
    if name == "runs of backticks":
        return " ".join("`" * length for length in range(1, int((2 * size) ** 0.5)))
    piece = HOSTILE[name]
    return piece * (size // len(piece))


def _seconds(function, text):
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        function(text)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("name", [*HOSTILE, "many keys", "one mention of quotes", "runs of backticks"])
def test_time_grows_with_the_text_and_no_faster(name, read_body):
    small, large = _grown(name, 1000), _grown(name, 10_000)
    ratios = []
    # One slow moment of the machine is no proof; a square is a hundredfold each time.
    for _ in range(4):
        before, after = _seconds(read_body, small), _seconds(read_body, large)
        if after <= max(15 * before, 0.01):
            return
        ratios.append(after / before)
    pytest.fail(f"ten times the text took {min(ratios):.0f} times as long")
