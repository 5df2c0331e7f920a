"""YAML by the rules of version 1.2, and where its mistakes are reported."""

from __future__ import annotations

import time

import pytest

from builder.yaml.fields import YamlError
from builder.yaml.yaml12 import read_mapping


def problem(text):
    with pytest.raises(YamlError) as caught:
        read_mapping(text, "a.md", 2)
    (problem,) = caught.value.problems
    return problem


def test_every_anchor_is_told_and_hides_no_other_mistake():
    text = "title: &a T\nsource: &b\n  url: x\nsource: y\n"
    fields, found = read_mapping(text, "a.md", 2)
    assert fields["title"].value == "T"
    assert [(one.line, one.column, one.code) for one in found] == [
        (2, 8, "yaml-alias"),
        (3, 9, "yaml-alias"),
        (5, 1, "duplicate-key"),
    ]


@pytest.mark.parametrize(("end", "code"), [("", "yaml-alias"), ("more: [\n", "yaml-syntax")])
def test_every_alias_is_told_and_no_value_is_made_of_it(end, code):
    with pytest.raises(YamlError) as caught:
        read_mapping("title: &a T\nsummary: *a\nauthor: *a\n" + end, "a.md")
    found = [(one.line, one.code) for one in caught.value.problems]
    assert found[:3] == [(1, "yaml-alias"), (2, "yaml-alias"), (3, "yaml-alias")]
    assert found[-1][1] == code


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ('title: T\nsummary: "talks\nlang: en\n', 3, 10, "a quote is not closed", "same quote"),
        ("title: 'talks\nlang: en\n", 2, 8, "a quote is not closed", "same quote"),
        ("title: T\ntopics: [a, b\nlang: en\n", 3, 9, "a list is not closed", "`]`"),
        ("source: {license: MIT\nlang: en\n", 2, 9, "braces are not closed", "`}`"),
        ("title: T\ntopics: [a,\n", 3, 9, "a list is not closed", "`]`"),
        ("title: T\ntopics: [a, [b], # c\n\n  ", 3, 9, "a list is not closed", "`]`"),
        ("title: T\ntopics: [", 3, 9, "a list is not closed", "`]`"),
        ("extra: [{a: 1, b: ", 2, 9, "braces are not closed", "`}`"),
        ("title: T\ntalks\nlang: en\n", 3, 1, "a line that is no `key: value`", "colon"),
        ("title: T\nlang:en\ndate: 2024\n", 3, 6, 'a space is missing behind "lang:"', "`lang: en`"),
        ("title:T\ndate: 2024\n", 2, 7, 'a space is missing behind "title:"', "`title: T`"),
        ("title:\xa0T\n", 2, 7, 'an unusual space (U+00A0) stands behind "title:"', "`title: T`"),
        ("title: T\nlang:\u202fen\n x: y\n", 3, 6, "an unusual space (U+202F)", "`lang: en`"),
        ("title:T\n", 2, 7, 'a space is missing behind "title:"', "`title: T`"),
        ("source:\n  url:x\n  a: b\n", 3, 7, 'a space is missing behind "url:"', "`url: x`"),
        ("title :T\ndate: 2024\n", 2, 8, 'a space is missing behind "title:"', "`title: T`"),
        ("title:\u00a0T\ndate: 2024\n", 2, 7, "an unusual space (U+00A0)", "`title: T`"),
        ("date: 2024\ntitle:\u3000T\n", 3, 7, "an unusual space (U+3000)", "`title: T`"),
        ("title：T\ndate: 2024\n", 2, 7, 'behind "title" stands no colon', "`title: T`"),
        ("title： T\n", 2, 7, 'behind "title" stands no colon', "`title: T`"),
        ("source:\n  url:\u00a0x\n  a: b\n", 3, 7, "an unusual space (U+00A0)", "`url: x`"),
        ("title\ndate: 2024\n", 2, 1, "a line that is no `key: value`", "colon"),
        ("lang: en\n\ntitle =T\n\ndate: 2024\n", 4, 1, "a line that is no `key: value`", "colon"),
        ("source:\n  license\n  url: x\n", 3, 3, "a line that is no `key: value`", "colon"),
        ("title: 'T\nsummary: 'talks'\n", 2, 8, "a quote is not closed", "same quote"),
        ('title: T\nsource: {url: "T}\nsummary: "talks"\n', 3, 15, "a quote is not closed", "same"),
        ('title: "a\n  b"\nsummary: a: b\n', 4, 11, "within a value", '`summary: "a: b"`'),
        ("title: T\n---\nlang: en\n", 3, 1, "a line `---` ends the keys", "take the line out"),
        ("title: T\n...\nlang: en\n", 4, 1, "a line `...` ends the keys", "take the line out"),
        ("title: a: b\n", 2, 9, "within a value", 'put the value in quotes: `title: "a: b"`'),
        ('title: Of "a": b\n', 2, 14, "within a value", "`title: 'Of \"a\": b'`"),
        ("title: T”: b\n", 2, 10, "within a value", "curly quotes are words to YAML"),
        ("title: a \\ b: c\n", 2, 13, "within a value", "`title: 'a \\ b: c'`"),
        ("title: \"a\" 'b': c\n", 2, 12, "did not find expected key", 'write \\" for a quote'),
        ("source:\n  title: a: b # c\n", 3, 11, "within a value", "in quotes: `title: "),
        ("title: T\n  date: a: b\n", 3, 3, "begins further in", "begin in one column"),
        ("title: @a\n", 2, 8, "no value can begin with this sign", "a leading `@`"),
        ("title: 'Iran's talks'\n", 2, 14, "did not find expected key", "two apostrophes"),
        ('title: "the "new" page"\n', 2, 14, "did not find expected key", 'write \\" for a quote'),
    ],
)
def test_a_mistake_is_reported_where_it_was_made(text, line, column, message, hint):
    found = problem(text)
    assert (found.line, found.column) == (line, column)
    assert message in found.message
    assert hint in found.hint


def typed(text):
    fields, found = read_mapping(f"extra: {text}\n", "a.md")
    assert not found
    return fields["extra"].typed()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("2021-12-22", "2021-12-22"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0", 0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("True", True),
        ("false", False),
        ("~", None),
        ("Null", None),
        ("'true'", "true"),
    ],
)
def test_plain_values_have_the_types_of_the_core_schema(text, value):
    found = typed(text)
    assert found == value
    assert type(found) is type(value)


def test_a_merge_key_is_a_key_like_any_other():
    assert typed("{<<: {a: 1}, b: 2}") == {"<<": {"a": 1}, "b": 2}


def test_a_long_space_in_a_value_takes_no_time():
    began = time.process_time()
    with pytest.raises(YamlError):
        read_mapping(f"title: a{' ' * 20_000}b: c\n", "a.md")
    assert time.process_time() - began < 0.5
