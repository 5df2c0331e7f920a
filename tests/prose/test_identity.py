"""The engine gives what Python-Markdown gives, and looks through the placeholders of annotations."""

from __future__ import annotations

import re
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import markdown
import pytest
from held_out.texts import corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.prose import Prose, emphasis

EXTENSIONS = ["footnotes", "tables", "def_list", "fenced_code", "abbr", "smarty"]
CASES = (Path(__file__).parent / "cases.txt").read_text("utf-8").split("\n===\n")
ALIGN = re.compile(r' (?:style="text-align: (\w+);"|class="align-(\w+)")')
_MARKS = (
    "a b ab word Iran * ** _ __ ` `` [ ] ( ) ](b) [a](b) ![ < > <b> </b> & &amp; \" ' -- --- ... . , "
    "! # - + 1. > | \\ :"
)
_BREAKS = [
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n- ",
    "\n> ",
    "\n    ",
    "\n1. ",
    "\n7. ",
    "\n# ",
    "\n| a | b |\n|---|---|\n",
]
PIECES = st.sampled_from([*_MARKS.split(), *_BREAKS])
OPEN, CLOSE = "\U000f0001", "\U00100001"


@pytest.fixture(scope="module")
def prose():
    return Prose()


def stock(text):
    library = markdown.Markdown(extensions=EXTENSIONS)
    # What the library does by itself gives up the number that a list begins with.
    library.parser.blockprocessors["olist"].LAZY_OL = False
    return library.convert(text)


def same(html):
    """HTML with what may differ made equal: alignment by class, characters for references."""
    html = ALIGN.sub(lambda found: f" align-{found.group(1) or found.group(2)}", html)
    return re.sub(r"&(?!lt;|gt;|amp;|quot;|#)\w+;", lambda found: unescape(found.group()), html)


@pytest.mark.parametrize("text", CASES)
def test_the_output_is_that_of_python_markdown(prose, text):
    assert same(prose.render(text)) == same(stock(text))


def test_real_texts_come_out_as_python_markdown_gives_them(prose):
    for text in corpus():
        assert same(prose.render(text)) == same(stock(text))


@contextmanager
def departures():
    """Notes where emphasis departs from the library, which would lose letters or markers of others."""
    found = []

    def noted(judge):
        def judging(*given):
            sound = judge(*given)
            found.extend([] if sound else [given])
            return sound

        return judging

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emphasis, "_has", noted(emphasis._has))
        patch.setattr(emphasis.Emphasis, "_is_marked", noted(emphasis.Emphasis._is_marked))
        yield found


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_mixes_of_markup_give_the_output_of_python_markdown(text):
    try:
        expected = stock(text)
    except RecursionError:
        return
    with departures() as found:
        rendered = Prose().render(text)
    assert same(rendered) == same(expected) or found or is_unended(text)


def is_unended(text):
    """Whether a declaration has no end: newer versions of Python take what follows for a comment."""
    return ">" not in text[text.rfind("<!") :] if "<!" in text else False


@pytest.mark.parametrize("text", ["<!", "<!Iran", "Iran\n\n<!\n\nBaku", "<! Iran\n\n**Baku**"])
def test_a_declaration_without_an_end_loses_no_word_with_any_python(prose, text):
    assert words_of(prose.render(text)) == words_of(text).replace("<", "&lt;")


def words_of(html):
    """The letters of a text with or without markup."""
    return re.sub(r"[\s*_`]|<[^>]*>", "", html)


#: What Python-Markdown makes of each has not all of its words.
LOSING = [
    ("A 2*3 plot and **a 4*4 jeep** of x.", "A 2<em>3 plot and **a 4</em>4 jeep** of x."),
    ("The 2*3 plot of **Iran*Azerbaijan rail**.", "The 2<em>3 plot of **Iran</em>Azerbaijan rail**."),
    ("**Note* * _Iran_", "*<em>Note</em> * <em>Iran</em>"),
    ("**m* * x _y `c` z_", "*<em>m</em> * x <em>y <code>c</code> z</em>"),
    ("**m* * _<br>_", "*<em>m</em> * <em><br></em>"),
]


@pytest.mark.parametrize(("text", "html"), LOSING)
def test_no_letter_is_taken_for_a_marker_as_python_markdown_does(prose, text, html):
    assert prose.render(text) == f"<p>{html}</p>"
    assert words_of(stock(text)) != words_of(html)


def test_a_placeholder_between_markers_of_two_kinds_is_not_lost(prose):
    html = prose.render(f"x***b b b  c******_{CLOSE}**")
    assert html.count(CLOSE) == 1


MARKERS = st.sampled_from(["a", "b ", " c", "*", "**", "_", "__", " ", "`d`", OPEN, CLOSE])


@settings(max_examples=1000, deadline=None)
@given(st.lists(MARKERS, max_size=25).map("".join))
def test_emphasis_loses_no_letter_and_no_placeholder(text):
    # A letter in front, so that it is no list, rule or code.
    rendered = Prose().render(f"x{text}")
    assert words_of(rendered) == words_of(f"x{text}")
    assert "\x02" not in rendered


@pytest.mark.parametrize(
    ("before", "words", "behind"),
    [
        ('"', "Iran", '" said'),
        ("'", "Iran", "'s end"),
        ("*", "Iran", "*"),
        ("_", "x_y", "_"),
        ("", '"Iran"', " x"),
        ("", "**bold** text", ""),
        ("(", "'x'", ")"),
        ("a -- ", "b", "--c"),
        ("**", "a", "** b"),
        ("see [", "a", "](http://example.org)"),
        ("- ", "item", " of a list"),
        ("x `c` ", "a b", "... d"),
    ],
)
def test_placeholders_are_looked_through(prose, before, words, behind):
    marked = prose.render(f"{before}{OPEN}{words}{CLOSE}{behind}")
    assert marked.count(OPEN) == marked.count(CLOSE) == 1
    assert marked.index(OPEN) < marked.index(CLOSE)
    plain = marked.replace(OPEN, "").replace(CLOSE, "")
    assert plain == prose.render(f"{before}{words}{behind}")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("22. Dezember war kalt.", '<ol start="22">\n<li>Dezember war kalt.</li>\n</ol>'),
        ("۱۴. روز", '<ol start="14">\n<li>روز</li>\n</ol>'),
        ("0. a\n1. b", '<ol start="0">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("01. a\n02. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        (f"{'1' * 5000}. a", "<ol>\n<li>a</li>\n</ol>"),
    ],
)
def test_a_list_keeps_the_number_that_it_begins_with(prose, text, html):
    assert prose.render(text) == html


def test_nothing_leaks_from_one_document_to_the_next(prose):
    first = prose.render("A[^1] HTML [r]\n\n[^1]: note\n\n*[HTML]: x\n\n[r]: http://example.org\n")
    plain = prose.render("A[^1] HTML [r]\n")
    assert "note" in first
    assert same(plain) == same(stock("A[^1] HTML [r]\n"))


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_rendered(text):
    assert isinstance(Prose().render(text), str)
