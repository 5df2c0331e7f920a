"""Comments and fences that do not end where they were meant to are told; those in code are not."""

from __future__ import annotations

from time import process_time

import pytest

from builder.body.unclosed import unclosed

COMMENTS = [
    ("Hello.\n\n<!-- note to self\n\nMore", "3:1", "it is published as text"),
    ("[Iran]{country=IR} <!-- [x]{country=IR} and", "1:20", "it is published as text"),
    ("- a\n- <!-- b\n- c", "2:3", "it is published as text"),
    ("`<!--` and <!-- x", "1:12", "it is published as text"),
    ("<!-- a --> b <!-- c", "1:14", "it is published as text"),
    ("<div>\n<!-- note\n</div>\n\nMore.", "2:1", "nothing behind it is published"),
    ("<p>x <!-- y</p>\n\n[Iran]{country=IR}", "1:6", "nothing behind it is published"),
    ("Hello <!-- note\n\nmore --> words", "1:7", "a blank line stands in it"),
    ("- a\n\n    <!-- x\n\n    y -->\n\nz", "3:5", "a blank line stands in it"),
    ("> <!-- a\n>\n> b -->\n\nx", "1:3", "a blank line stands in it"),
    ("a <!-- b <!-- c --> d --> e", "1:3", "another begins in it"),
]
FENCES = [
    ("Hello.\n\n```\ncode\n\nmore", "3:1"),
    ("~~~ python\ncode", "1:1"),
    ("````\ncode\n```\n\nx", "1:1"),
    ("- a\n\n    ```\n    code\n    ```\n\nx", "3:5"),
    ("> ```\n> code\n> ```", "1:3"),
    ("1. a\n   ```sh\n   b\n   ```", "2:4"),
    ("```\na\n```\n\n```\nb", "5:1"),
    ("    ```\n    code\n\n~~~\n\n```\n[Iran]{country=IR}", "6:1"),
]
SILENT = [
    "<!--\n\nnote\n\n-->\n\nx",
    "Text\n<!-- note\n\nmore\n-->\nwords",
    "Words <!--- x ---> y <!-- a -- b --> z",
    "Text\n\n    <!-- x\n\nWords `<!--` a\n\n```\n<!--\n```",
    "&lt;!-- x <\\!-- y",
    "```\ncode\n```\n\nx",
    "    ```\n    code\n    ```\n\n~~~\n\nx",
    "````\n```\ncode\n```\n````\n\n~~~~\n```\n~~~~",
    "- x\n\n        ```\n        y\n        ```",
    "<pre>\n```\n</pre>\n\nx",
    "<!--\n```\n-->\n\nx",
    "a ``` b\n\n```code``` at the beginning\n\n``` `x` ```",
    "one\n\n~~~~~~~~~~\n\ntwo\n\n~~~ 3 ~~~\n\n\\```\nx",
]


def _told(read_body, text):
    return [
        (f"{one.line}:{one.column}", one.code, one.message)
        for one in read_body(text)[1]
        if one.code in ("unclosed-comment", "flattened-code")
    ]


@pytest.mark.parametrize(("text", "place", "why"), COMMENTS)
def test_a_comment_that_is_published_or_hides_the_rest_is_told(text, place, why, read_body):
    ((at, code, message),) = _told(read_body, text)
    assert (at, code) == (place, "unclosed-comment")
    assert message.endswith(why)


@pytest.mark.parametrize(("text", "place"), FENCES)
def test_a_fence_that_makes_no_code_is_told(text, place, read_body):
    assert [found[:2] for found in _told(read_body, text)] == [(place, "flattened-code")]


@pytest.mark.parametrize("text", SILENT)
def test_comments_and_code_that_are_well_formed_are_not_told(text, read_body):
    assert not _told(read_body, text)


@pytest.mark.parametrize(
    "text",
    [
        "<!-- " * 50_000,
        "a <!-- b --> " * 20_000,
        "```\n\n" * 50_000,
        "<!-- a\n\n" * 20_000 + "-->",
        "~" * 200_000,
    ],
)
def test_a_long_text_of_them_takes_no_time(text):
    start = process_time()
    list(unclosed(text, "&lt;!–", hides=False))
    assert process_time() - start < 1.5
