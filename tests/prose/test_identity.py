"""The engine gives what Python-Markdown gives, and looks through the placeholders of annotations."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import markdown
import pytest
from held_out.texts import corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.prose import Prose

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
    "\n# ",
    "\n| a | b |\n|---|---|\n",
]
PIECES = st.sampled_from([*_MARKS.split(), *_BREAKS])
OPEN, CLOSE = "\U000f0001", "\U00100001"


@pytest.fixture(scope="module")
def prose():
    return Prose()


def stock(text):
    return markdown.Markdown(extensions=EXTENSIONS).convert(text)


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


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_mixes_of_markup_give_the_output_of_python_markdown(text):
    try:
        expected = stock(text)
    except RecursionError:
        return
    assert same(Prose().render(text)) == same(expected)


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


def test_nothing_leaks_from_one_document_to_the_next(prose):
    first = prose.render("A[^1] HTML [r]\n\n[^1]: note\n\n*[HTML]: x\n\n[r]: http://example.org\n")
    plain = prose.render("A[^1] HTML [r]\n")
    assert "note" in first
    assert same(plain) == same(stock("A[^1] HTML [r]\n"))


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_rendered(text):
    assert isinstance(Prose().render(text), str)
