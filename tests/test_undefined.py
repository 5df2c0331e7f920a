"""Marks of notes and references that nothing explains are told; other words in brackets are not."""

from __future__ import annotations

import time

import pytest

from builder.body import reader as body_module
from builder.body.undefined import lost_notes

TOLD = [
    ("a[^1] b", ["1:2 missing-note"]),
    ("a[^1] b[^n-2]\n\n[^1]: c", ["1:8 missing-note"]),
    ("- a[^x]\n\n> b[^y]", ["1:4 missing-note", "3:4 missing-note"]),
    ("a [b][c] d", ["1:3 dead-link"]),
    ("a [the words][] d", ["1:3 dead-link"]),
    ("a [report][1] d", ["1:3 dead-link"]),
    ("![map][m]", ["1:2 dead-image"]),
    ("Hello [[Iran]], [[Baku|the city]]!", ["1:7 dead-link", "1:17 dead-link"]),
    ("[[Iran]]!", ["1:1 dead-link"]),
    ("# On [[ایران]]\n\n![[map.png]] [b]{country=IR}", ["1:6 dead-link", "3:2 dead-image"]),
    ("[[Iran]]\n\n[Iran]: https://example.org/", ["1:1 dead-link"]),
    ("a [[x][y]]{country=IR} b", ["1:4 dead-link"]),
    (
        "# A\n\n[Iran]{country=IR} b.\n\n- [x][y]\n\n`[a][b]` [^z]",
        ["5:3 dead-link", "7:10 missing-note"],
    ),
    ("a [b][c] {country=IR}", ["1:3 dead-link", "1:10 stray-braces"]),
]
NOTES = [
    ("Text.\n\n[^1]: note", ["3:1 unused-note"]),
    ("Text[^1].\n\n[^1]: one\n[^1]: two", ["3:1 duplicate-note"]),
    ("Text.\n\n[^a b]: one\n\n[^a b]: two", ["3:1 duplicate-note", "5:1 unused-note"]),
    ("- a[^x]\n\n[^x]: b\n[^y]: c", ["4:1 unused-note"]),
    ("Text[^1].\n\n```\n[^1]: code\n```\n\n[^1]: one", []),
    ("Text `[^1]: x`[^1].\n\n    [^1]: code\n\n[^1]: one[^2]\n[^2]: two", []),
]
LINES = [
    ("[Q]: Will you go?\n\n[A]: No.", ["3:1"]),
    ('[A]: "Never" (laughs)\n\n> [NDLR]: corrigé', ["1:1", "3:3"]),
    ("He said.\n[A]: Yes\n[A]: Yes, again.\n\n[B]:\nNon!", ["2:1", "5:1"]),
    ("[س]: بله؟", ["1:1"]),
    ("- x\n- [A]: Yes\n\n> Word\n\n1. [B]: No\n\nTerm\n: [C]: Yes", ["2:3", "6:4", "9:3"]),
]
ADDRESSES = [
    "[home]: https://example.org/",
    "[home]: ../about.md 'About'",
    "[mail]: <a@example.org>",
    "[top]: #top",
    "See [the board][b].\n\n[b]: board",
    "See [Board].\n\n[board]: board",
    "```\n[Q]: Why\n```\n\n    [Q]: Why",
    "Text `[Q]: Why` and \\[Q]: Why",
    "<div>\n[Q]: Why\n</div>",
    "[Editor's note]: this is text",
    "The NS line.\n\n*[NS]: North-South",
]
SILENT = [
    "[[1]] \\[[Iran]] \\[\\[Iran]] [[1,2],[3,4]] `[[Iran]]`\n\n    [[Iran]]\n\n```\n[[Iran]]\n```",
    "[[Iran]]{country=IR} [[Iran]](https://example.org) [[[Iran]{country=IR}]{.c}] [[a]{.b}]]",
    "[sic] and [1] and [a] and [1][2], [12] [13]",
    "[x] [y]",
    "a[^1]\n\n[^1]: b",
    "a[^A note]",
    "[b][C]\n\n[c]: https://example.org/",
    "[b c][]\n\n[B  c]: <https://example.org/> 'T'",
    "> [b][c]\n>\n> [c]: https://example.org/",
    "`[b][c]` and `a[^1]`",
    "```\n[b][c] a[^1]\n```",
    "a\n\n    [b][c] a[^1]\n",
    r"\[b][c] and \[^1]",
    "[b][x](https://example.org/)",
    "[Iran][Iran]{country=IR}",
    "<b title='[b][c]'>a</b>",
    "www.example.com",
]


@pytest.mark.parametrize(("text", "places"), TOLD)
def test_a_mark_that_nothing_explains_is_told(text, places, read_body):
    assert [f"{one.line}:{one.column} {one.code}" for one in sorted(read_body(text)[1])] == places


@pytest.mark.parametrize("text", SILENT)
def test_words_in_brackets_are_not_told(text, read_body):
    assert read_body(text)[1] == []


@pytest.mark.parametrize(("text", "_"), TOLD)
def test_what_is_told_is_published_as_it_would_be_without_a_word(text, _, read_body, monkeypatch):
    told = read_body(text)[0]
    monkeypatch.setattr(body_module, "undefined", lambda _: ())
    assert read_body(text)[0] == told


@pytest.mark.parametrize(("text", "places"), NOTES)
def test_a_note_that_is_lost_is_told(text, places, read_body):
    assert [f"{one.line}:{one.column} {one.code}" for one in sorted(read_body(text)[1])] == places


@pytest.mark.parametrize(
    "note", ["[^1]: note", "[^1]: note\n\n    - item", "[^1]: one[^2]\n[^2]: two[^3]\n[^3]: three"]
)
def test_a_note_leads_back_to_marks_that_stand_somewhere_alone(note, read_body):
    html = read_body(f"Text `[^1]`.\n\n{note}")[0].html
    ways = [one.split('"')[0] for one in html.split('class="footnote-backref" href="#')[1:]]
    assert ways == [f"fnref:{number}" for number in (2, 3) if f"[^{number}]" in note]
    assert all(f'id="{one}"' in html for one in ways)
    assert "<p></p>" not in html
    assert "note&nbsp;" not in html


@pytest.mark.parametrize(("text", "places"), LINES)
def test_a_line_of_speech_that_no_page_shows_is_told(text, places, read_body):
    said = [one for one in read_body(text)[1] if one.code == "lost-line"]
    assert [f"{one.line}:{one.column}" for one in said] == places


@pytest.mark.parametrize("text", ADDRESSES)
def test_the_address_of_a_link_and_a_line_that_is_shown_are_not_told(text, read_body):
    assert "lost-line" not in [one.code for one in read_body(text)[1]]


def test_lost_lines_are_found_in_linear_time(read_body):
    assert len(read_body("[Q]: Why\n\n" * 20_000)[1]) == 20_000


def test_lost_notes_are_found_in_linear_time():
    def seconds(count):
        text = "".join(f"Words[^n{number}].\n\n[^n{number}]: note\n\n" for number in range(count))
        html = "".join(f'<sup id="fnref:n{number}"></sup>' for number in range(count))
        html += "".join(f'<a href="#fnref:n{number}"></a>' for number in range(count))
        began = time.process_time()
        assert not list(lost_notes(text, html))
        return time.process_time() - began

    assert min(seconds(8000) / max(seconds(800), 1e-6) for _ in range(3)) <= 15
