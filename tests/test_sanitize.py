"""What the sanitiser takes out is told where it stands."""

from __future__ import annotations

import pytest

TOLD = [
    ("Text <Iran Air and others> flew.", [(1, 6, "<iran>")]),
    ("`<iran>` and <iran> x", [(1, 14, "<iran>")]),
    ("a <center>b</center> <CENTER>c</CENTER>", [(1, 3, "<center>")]),
    (
        "<script>if (a<b) x()</script>\n\n<style>a<b {}</style> x",
        [(1, 1, "<script>"), (3, 1, "<style>")],
    ),
    ("<SCRIPT>a<b</script> x <x-y> z", [(1, 1, "<script>"), (1, 24, "<x-y>")]),
    ("a<b and c>d, a <b and> e", [(1, 2, "<b")]),
    ("`a<i and j>k` and [p<q or\nr>s]{country=IR}", [(1, 21, "<q")]),
    ("<script>a<b\n\nwords <i>c</i>", [(1, 1, "<script>")]),
]
SILENT = [
    "<b>a</b> <!-- <iran> --> <br> a < b <3 <- `<x>`",
    "```\n<iran>\n```\n\n    <iran>\n",
    r"&lt;iran&gt; <https://example.org> <a@b.c>",
    "<p hidden>a</p> <hr noshade> <b data-x>b</b> <i class=c d>e</i> p <q and r",
    "<details open><summary>a</summary>b</details> <ruby>a<rt>b</rt></ruby>",
]


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_elements_that_are_taken_out_are_told(text, told, read_body):
    found = sorted(read_body(text)[1])
    assert [(one.line, one.column, one.message.split('"')[1]) for one in found] == told
    assert {one.code for one in found} == {"lost-element"}


@pytest.mark.parametrize("text", SILENT)
def test_what_stays_is_not_told(text, read_body):
    assert read_body(text)[1] == []


def test_of_many_names_some_are_told_and_of_one_the_first(read_body):
    _, found = read_body(
        " ".join(f"<x{number}></x{number}> <x{number}></x{number}>" for number in range(300))
    )
    assert len(found) == 20
    assert found[-1].message.endswith("of that name; so are those of 280 more names")
    assert found[0].message == 'the element "<x0>" is taken out, and 1 more of that name'
