"""What is said of braces that were meant as an annotation: where, and what to write instead."""

from __future__ import annotations

import time

import pytest

from builder.body.annotations import tokenize

CASES = [
    ("[Iran] {country=IR}", "1:8 stray-braces", "remove the space between `]` and `{`"),
    ("[Iran]\n{country=IR}", "2:1 stray-braces", "remove the line break between `]` and `{`"),
    ("> [Iran]\n> {country=IR}", "2:3 stray-braces", "remove the line break between `]` and `{`"),
    ("(Iran){country=IR}", "1:7 stray-braces", "write `[Iran]` in place of `(Iran)`"),
    (
        "A (new one) {project=x}",
        "1:13 stray-braces",
        "write `[new one]` in place of `(new one)`, with no space before `{`",
    ),
    ("Of [Iran{country=IR} today", "1:9 stray-braces", "write `]` right before `{`"),
    ("Of [Iran `x`{country=IR} today", "1:13 stray-braces", "write `]` right before `{`"),
    ("Of [Iran{country=IR}] today", "1:9 stray-braces", "move the `]` to right before `{`"),
    ("[Iran]{country: IR}", "1:7 stray-braces", "write `{country=IR}`"),
    ("[x]{project = a, status: agreed}", "1:4 stray-braces", "write `{project=a status=agreed}`"),
    ("[x]{{Country: IR}}", "1:5 stray-braces", "write one brace on either side, and write `{country="),
    ("[x]{project: a ,note: b}", "1:4 stray-braces", "write `{project=a note=b}`"),
    (
        '[x]{project: a, note: "At Baku: b, c=d"}',
        "1:4 malformed-annotation",
        'write `{project=a note="At Baku: b, c=d"}`',
    ),
    (
        "[x]{project: a note: two words}",
        "1:4 stray-braces",
        "write an equals sign between key and value, as in `country=IR`",
    ),
    (
        "[Iran] {country: IR}",
        "1:8 stray-braces",
        "remove the space between `]` and `{`, and write `{country=IR}`",
    ),
    (
        "[Iran](/a/){country=IR}",
        "1:12 stray-braces",
        "put the link into brackets of its own: `[[words](address)]{...}`",
    ),
    (
        "[Iran]({country=IR} x",
        "1:8 stray-braces",
        "write the braces right behind `]`, without parentheses",
    ),
    (
        "[x]{country=IR}{country=AZ}",
        "1:16 stray-braces",
        "to name two things with the same words, nest: `[[words]{...}]{...}`",
    ),
    (
        "Iran{country=IR}",
        "1:5 stray-braces",
        "write `[words]` right before the braces, with no space between",
    ),
    ("[x]{project=a status: agreed}", "1:4 malformed-annotation", "write `{project=a status=agreed}`"),
    (
        "[x]{project=Ilisu Dam}",
        "1:4 malformed-annotation",
        "a value with a space stands in double quotes",
    ),
    *(
        (f"[x]{{{braces}}}", "1:4 malformed-annotation", f"a value with a space stands in {quoted}")
        for braces, quoted in (
            ("project=a value=4 t", 'double quotes: `value="4 t"`'),
            ("project=a value=4,000 tonnes a year", 'double quotes: `value="4,000 tonnes a year"`'),
            ("value=about 5% status=agreed project=a", 'double quotes: `value="about 5%"`'),
            ("project=a note=in $ .b", 'double quotes: `note="in $"`'),
        )
    ),
    ("[x]{project=a،status=agreed}", "1:4 malformed-annotation", "write `{project=a status=agreed}`"),
    ("[x]{project=a,status=agreed}", "1:4 malformed-annotation", "write `{project=a status=agreed}`"),
    ("[x]{\u200fproject=a}", "1:4 malformed-annotation", "an invisible character (U+200F)"),
    ('[x]{project=a note="\u200f" b}', "1:4 malformed-annotation", "write `key=value`"),
    ("[x]{project=a note=می\u200cرود و}", "1:4 malformed-annotation", "a value with a space"),
    (
        "[x]{project=a value=4,000 tonnes}",
        "1:4 malformed-annotation",
        'a value with a space stands in double quotes: `value="4,000 tonnes"`',
    ),
    (
        "[x]{project=a value=about € 500 status=agreed}",
        "1:4 malformed-annotation",
        'a value with a space stands in double quotes: `value="about € 500"`',
    ),
    (
        '[x]{project=a value="4,000 "long" tonnes"}',
        "1:4 malformed-annotation",
        'inside of double quotes, write `\\"` for a quote',
    ),
    ("[x]{{country=IR}}", "1:4 malformed-annotation", "write one brace on either side: `{country=IR}`"),
    (
        "[x]{country=IR\xa0note=a}",
        "1:4 malformed-annotation",
        "write a plain space in place of the unusual one (U+00A0)",
    ),
    ("[x]\xa0{country=IR}", "1:5 stray-braces", "remove the space between `]` and `{`"),
    ("So {Iran}[country=IR] says", "1:4 stray-braces", "write `[Iran]{country=IR}`"),
    ("## The line {#line}", "1:13 stray-braces", "write `[The line]{#line}`"),
    ("## The line {.big #line} ##", "1:13 stray-braces", "write `[The line]{.big #line}`"),
    ("## The line {: .big }", "1:13 stray-braces", "write `[The line]{.big }`"),
    ("# Words {: width=5}", "1:9 stray-braces", "take it out: headings, pictures and links"),
    ("[x](https://e.org/a){width=50%}", "1:21 stray-braces", "take it out: headings, pictures"),
    ("[x](https://e.org/){.big}", "1:20 stray-braces", "take it out: headings, pictures and links"),
    ("[x]{project=}", "1:4 malformed-annotation", "write a value behind `project=`"),
    ("[x]{project=a value=“500”}", "1:4 malformed-annotation", "use straight quotes"),
    ("[x]{project=a note=«new»}", "1:4 malformed-annotation", "use straight quotes"),
    ("[x]{ilisu-dam}", "1:4 stray-braces", "write the kind before the id, as in `{project=ilisu-dam}`"),
    ("[x]{country}", "1:4 stray-braces", "write an id behind `country`, as in `{country=...}`"),
    ("[x]{ project: }", "1:4 stray-braces", "write an id behind `project`"),
    ("[x]{Country: IR}", "1:4 stray-braces", "write `{country=IR}`"),
    ("[x]{Country}", "1:4 stray-braces", "write an id behind `country`, as in `{country=...}`"),
    ("[x] {projects=a}", "1:5 stray-braces", "remove the space between `]` and `{`"),
    ("[x]{IQ}", "1:4 stray-braces", "write the kind before the id, as in `{country=IQ}`"),
    ("[x]{project=a status:}", "1:4 malformed-annotation", 'write `key=value` or `key="quoted value"`'),
]


@pytest.mark.parametrize(("text", "place", "hint"), CASES, ids=[one[0] for one in CASES])
def test_a_slip_in_an_annotation_is_told_with_what_to_write(text, place, hint, read_body):
    (found,) = read_body(text)[1]
    assert f"{found.line}:{found.column} {found.code}" == place
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "text",
    [
        "[x] {note: a}",
        "(x){colour=red}",
        "[x](y) {a: b}",
        "{{ x=1 }}",
        "{a}[b=c]",
        "{a}[b]",
        "[x]{sic}",
        "{country}",
        "[x]{sic: }",
        "A {#b}",
        "# A {b}",
        "(c){.a}",
    ],
)
def test_braces_that_name_no_kind_are_text(text, read_body):
    assert read_body(text)[1] == []


def test_a_long_word_in_braces_takes_no_longer_than_short_ones():
    def seconds(words):
        began = time.process_time()
        (fault, *_) = tokenize(f"[a]{{a=b {words}}}\n" * 50).faults
        assert fault.code == "malformed-annotation"
        return time.process_time() - began

    long = min(seconds("x" * 1950) for _ in range(3))
    assert long <= 5 * max(seconds("x " * 975), 0.005)


@pytest.mark.parametrize("inside", ["rel=" * 72, "rel=a .a " * 30])
def test_attributes_that_can_be_parted_in_many_ways_take_no_time(inside):
    began = time.process_time()
    assert tokenize(f"[a](b){{{inside}\n" * 20).faults == ()
    assert time.process_time() - began < 0.5


def test_quotes_that_nothing_closes_are_looked_at_once():
    quotes = '\\"' * 900
    began = time.process_time()
    faults = tokenize(f"[a]{{country=IR \xe9{quotes}}}\n" * 100).faults
    assert {one.code for one in faults} == {"malformed-annotation"}
    assert time.process_time() - began < 0.5
