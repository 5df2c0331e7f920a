"""Annotations that nobody can read are told, and an image's description stands for it."""

from __future__ import annotations

import pytest
from site_builder import article, published

LOST = [
    ("![the [map]{country=IR}](a.png)", "1:7"),
    ('[x](/a/ "the [Iran]{country=IR}")', "1:14"),
    ("[x](a[Iran]{country=IR})", "1:6"),
    ("IR is.\n\n*[IR]: The [Iran]{country=IR}", "3:12"),
    ("[r]: /a/ 'the [Iran]{country=IR}'\n\n[r]", "1:15"),
    ("x\n\n<script>[Iran]{country=IR}</script>", "3:9"),
    ("<textarea>[Iran]{country=IR}</textarea> [x]{country=AZ}", "1:11"),
]
KEPT = [
    "<!-- [Iran]{country=IR} --> [x]{country=AZ}",
    "x <!-- [Iran]{country=IR} --> [x]{country=AZ}",
    "`[Iran]{country=IR}` and\n\n    [Iran]{country=IR}",
    "![the [map]{.small}](a.png)",
    "[]{.small} and []{#here}",
    "[—]{country=IR}",
]
#: A text, where spans in it have no words, and the mentions in their sentences.
WORDLESS = [
    ("a []{country=IR} b", ["1:3"], [("a b", "")]),
    ("a [ \n ]{country=IR} b", ["1:3"], [("a b", "")]),
    ("a [&nbsp;]{country=IR} b", ["1:3"], [("a b", "")]),
    ("a [![](a.png)]{country=IR} b", ["1:3"], [("a b", "")]),
    ("a [[^1]]{country=IR} b\n\n[^1]: c", ["1:3"], [("a b", "")]),
    ("a [[]{country=IR}]{country=AZ} b", ["1:3", "1:4"], [("a b", ""), ("a b", "")]),
    ("a [![The  map](a.png)]{country=IR} b", [], [("a The map b", "The map")]),
    ("a [*![M](a.png)*]{country=IR} b", [], [("a M b", "M")]),
    ("a [[![M](a.png)](/x/)]{country=IR} b", [], [("a M b", "M")]),
    (
        "[![A](a.png)]{country=IR}[![B](b.png)]{country=AZ}[c]{country=TR}",
        [],
        [("ABc", "A"), ("ABc", "B"), ("ABc", "c")],
    ),
    (
        "x [[![A](a.png)]{country=IR}![B](b.png)]{country=AZ} [c]{country=TR}",
        [],
        [("x AB c", "AB"), ("x AB c", "A"), ("x AB c", "c")],
    ),
    (
        "[x ![A](a.png)]{country=IR} [y]{country=AZ}",
        [],
        [("x y", "x"), ("x y", "y")],
    ),
]


def places(found, code):
    others = ("dead-link", "dead-image", "lost-element")
    assert all(one.code == code for one in found if one.code not in others)
    return [f"{one.line}:{one.column}" for one in sorted(found) if one.code != "lost-element"]


@pytest.mark.parametrize(("text", "place"), LOST)
def test_an_annotation_where_no_words_are_shown_is_told(text, place, read_body):
    assert places(read_body(text)[1], "lost-annotation") == [place]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_hidden_shown_or_means_nothing_is_not_told(text, read_body):
    assert read_body(text)[1] == []


@pytest.mark.parametrize(("text", "empty", "mentions"), WORDLESS)
def test_a_mention_shows_words_or_is_told(text, empty, mentions, read_body):
    body, found = read_body(text)
    assert places(found, "empty-annotation") == empty
    sentences = [body.sentences[one.sentence] for one in body.mentions]
    shown = [
        one[mention.start : mention.end] for one, mention in zip(sentences, body.mentions, strict=True)
    ]
    assert list(zip(sentences, [one.strip() for one in shown], strict=True)) == mentions


def test_the_description_of_an_annotated_image_is_shown_on_its_page_alone(tmp_path):
    body = "Of [![The map](/media/a.png)]{country=IR} more."
    site = published(tmp_path, {"content/articles/a.md": article(body), "content/media/a.png": b"x"})
    assert site.page("/countries/ir/").marks == ["The map"]
    assert "The map" not in site.page("/articles/a/").text
    assert "The map" not in site.page("/").text
