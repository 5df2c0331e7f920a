"""What is read without a YAML parser is what the parser gives, and ordinary front matter is read so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.yaml.plain_yaml import read_plain_mapping
from builder.yaml.yaml12 import read_mapping

HERE = Path(__file__).parent
KEYS = ["title", "date", "id", "countries", "source", "license", "null", "true", "y", "a_b", "A1"]
ODD_KEYS = ["<<", "ک", "a b", "'q'", "1", "a-b", "? x", "-", "[a]"]
VALUES = [
    *("Iran and Baku", "2021-12", "2021-12-22T10:00:00+03:30", "NO", "no", "true", "null", "Null", ""),
    *(
        "5.0",
        "1e3",
        "0x1F",
        "0o7",
        'It\'s "so"',
        "a - b",
        "a ? b",
        "a:b",
        "R&D",
        "https://x.org/a?b=1#c",
    ),
    *("[a, b]", "[]", "[ a ,b ]", "[a b, c-d, NO, null, 5]", "[2021-12, 1]", "[CC-BY-4.0]", "/a/b/"),
    *(
        "(x)",
        "$5",
        "=",
        "..",
        "_x",
        "a [b] {c}",
        "a, b",
        "عنوان",
        "مقاله‌ها",
        "中国",
        "\U0001f600 x",
        "a  b",
    ),
]
ODD_VALUES = [
    *(
        "x: y",
        "x:",
        "a #b",
        "#c",
        "- a",
        "-a",
        "-5",
        "[a, [b]]",
        "[a,]",
        "[,a]",
        "{a: b}",
        "'q'",
        '"q"',
    ),
    *("|", ">", "&a", "*a", "!t x", "@x", "%x", "`x", "?a", "? a", ":a", ": a", "~", "a ", "[a", "a]"),
    *("a\u2028b", "\ufeffa", "a\x85b", "a\xa0", "\xa0a", ".inf", ".nan", ".5", "+5", "[a: b]", "[a:b]"),
    *(
        "[x#y, z]",
        "[a #b]",
        "[é, b]",
        "[-a]",
        "[a-, b.]",
        "[+a]",
        "[a ?b]",
        "[https://x.y]",
        "...",
        "---",
    ),
    *("- - a", "[" * 120, "a" + " -" * 110, "a\\b"),
]


def mappings(keys, values, indents):
    """Texts of lines: keys with values, and keys with a list or a mapping below."""
    key, value, indent = st.sampled_from(keys), st.sampled_from(values), st.sampled_from(indents)
    comment = st.sampled_from(["", "", "", "", " # x: y", " #", "  # [", "\n# - a", "\n   #b"])
    line = st.tuples(key, st.just(": "), value, comment).map("".join)
    item = st.tuples(st.just("- "), value, comment).map("".join)

    def below(lines):
        indented = st.tuples(indent, st.lists(lines, min_size=1, max_size=3)).map(
            lambda one: "".join(f"\n{one[0]}{line}" for line in one[1])
        )
        return st.tuples(key, st.just(":"), indented).map("".join)

    return st.lists(st.one_of(line, line, below(line), below(item), st.just("")), max_size=5).map(
        "\n".join
    )


def same(text, first_line=2):
    """Assert that both ways give the same; whether the plain one was taken."""
    plain = read_plain_mapping(text, first_line)
    if plain is None:
        return False
    if not plain:
        # The general way is asked what a text without fields is.
        return True
    fields, found = read_mapping(text, "a.md", first_line)
    assert not found
    assert list(plain) == list(fields)
    for key, field in fields.items():
        one = plain[key]
        assert (one.key, one.key_place, one.value, one.places) == (
            field.key,
            field.key_place,
            field.value,
            field.places,
        )
        # By its words, a number that is no number equals itself, and 1 is not true.
        assert repr(one.typed()) == repr(field.typed())
    return True


@settings(max_examples=400, deadline=None)
@given(mappings(KEYS, VALUES, [" ", "  ", "    "]))
def test_plain_mappings_mean_the_same_on_both_ways(text):
    same(text)


@settings(max_examples=400, deadline=None)
@given(mappings([*KEYS, *ODD_KEYS], [*VALUES, *ODD_VALUES], ["", " ", "  ", "   "]))
def test_any_mapping_means_the_same_on_both_ways(text):
    same(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[], #'\"&\n{}?|>~é\t\x00\x7f\ufffe"))
def test_any_text_means_the_same_on_both_ways(text):
    same(text)


def test_front_matter_that_is_written_means_the_same(tmp_path):
    texts = [
        re.split(r"^---\n", file.read_text("utf-8"), flags=re.MULTILINE)[1]
        for folder in (HERE.parent / "content", HERE / "web" / "sites")
        for file in sorted(folder.rglob("*.md"))
        if file.read_text("utf-8").startswith("---\n")
    ]
    taken = [same(text) for text in texts]
    assert sum(taken) > len(taken) / 2


@pytest.mark.parametrize(
    "text",
    [
        "title: A New Page\ndate: 2021-12\ncountries: [IR, AZ]\n",
        "title: It's so - or not\nsource:\n  publisher: Mehr News Agency\n  license: CC-BY-4.0\n",
        "projects:\n- a\n- b c\ntopics:\n  - x\nsummary:\nid: a-b\n",
        "lang: fa\ntitle: تهران\n\ndraft: true\n",
        "source:\n    url: https://example.org/a?b=c#d\n    title: null\n",
    ],
)
def test_ordinary_front_matter_is_plain(text):
    assert same(text)


@pytest.mark.parametrize(
    "text",
    [
        "title: 'a'",
        'title: "a: b"',
        'title: "a" # b',
        "title: a: b",
        "title: a\n  b",
        "title: |\n  a",
        "title: a\ntitle: b",
        "a:\n  b:\n    c: d",
        "a:\n  b: c\n   d: e",
        "a: &b c",
        "a: {b: c}",
        "a: [b, [c]]",
        "- a",
        "a",
        "a: x" + " -" * 120,
    ],
)
def test_what_else_yaml_knows_is_left_to_its_parser(text):
    assert not same(text)
