"""Lists and tables that Markdown reads as something else: told where they are written."""

from __future__ import annotations

from time import process_time

import pytest
from site_builder import article, check

from builder.body.misread import misread
from builder.prose import Prose

TOLD = [
    ("Three points:\n- one", "6:1 flattened-list"),
    ("Points\n- one\n- two", "6:1 flattened-list"),
    ("Points\n\nmore\n* one\n* *two*", "8:1 flattened-list"),
    ("Points\n  1. one\n  2. two", "6:3 flattened-list"),
    ("Three points:\n• one", "6:1 flattened-list"),
    ("• [one]{country=IR}\n• two", "5:1 flattened-list"),
    ("*Points*\n1) one\n2) two", "6:1 flattened-list"),
    ("1) one\n2) two", "5:1 flattened-list"),
    ("۱) one\n۲) two", "5:1 flattened-list"),
    ("Words.\n\n| a | b |\n| 1 | 2 |", "7:1 flattened-table"),
    ("| a | b |\n|---|\n| 1 | 2 |", "5:1 flattened-table"),
    ("> Points:\n> - one\n> - two", "6:3 flattened-list"),
    ("- a\n\n    text\n- b\n- c", "8:1 flattened-list"),
    ("1. a\n\n   more\n2. b\n3. c", "8:1 flattened-list"),
    ("`- x`\n\nPoints:\n- [one]{country=IR} and *more*\n- two", "8:1 flattened-list"),
    ("```\nA:\n- b\n- c\n```\n\nA:\n- b\n- c", "12:1 flattened-list"),
    ("1. a\n2. b\n   - c\n3. d", "7:4 flattened-list"),
    ("- a\n  - b", "6:3 flattened-list"),
    ("- a\n\n  - b", "7:3 flattened-list"),
    ("> - a\n>   - b", "6:5 flattened-list"),
    ("* a\n* b\n\n1. c\n2. d", "8:1 flattened-list"),
    ("- a\n1. b", "6:1 flattened-list"),
    ("Words\n| a | b |\n|---|---|\n| 1 | 2 |", "6:1 flattened-table"),
    ("Words\na | b\n--|--\n1 | 2", "6:1 flattened-table"),
    ("| a | b |\n|---|---|\n| 1 | 2 | lost |", "7:11 lost-cell"),
    ("a | b\n--|--\n1 | 2\n1 | 2 | lost", "8:9 lost-cell"),
    ("> | a | b |\n> |---|---|\n> | 1 | 2 | lost |", "7:13 lost-cell"),
    ("| a | b |\n|---|---|\n| 1 | 2 | 3", "7:11 lost-cell"),
    ("#Iran: talks go on.", "5:1 hashtag-heading"),
    ("#[Iran]{country=IR} *and* `x`: talks go on", "5:1 hashtag-heading"),
    ("Words.\n\n> - #Baku", "7:5 hashtag-heading"),
    ("Words\n#1", "6:1 hashtag-heading"),
]
SILENT = [
    "#\n\n# A\n#",
    "# Iran\n\n##Baku\n\n\\#Iran and #Baku\n\nwords #Iran",
    "```\n#Iran\n```\n\n    #Iran\n\n# A",
    "<pre>\n#Iran\n</pre>\n\n# A",
    "• one alone",
    "• one\n\n• two",
    "| one |",
    "`| a |\n| b |`",
    "- a\n- b\n\nwords\n\n1. c\n2. d",
    "# Points\n- a\n- b",
    "Words\n***\n- a\n- b",
    "- a\n    - b\n        1. c",
    "- a\n    1. b\n    2. c\n- d",
    "- a\n\n    more\n\n- b",
    " - a\n - b",
    "  * a\n    - b\n  * c\n",
    "- a\n - b",
    "- a\nand\n- b",
    "Words - and\n- a dash at the beginning of a line.",
    "It was in\n2021. Then it ended in\n2022. And so on.",
    "```\nPoints:\n- one\n- two\n```",
    "    Points:\n    - one\n    - two",
    "`a:\n- b\n- c`",
    "<pre>\nA:\n- b\n- c\n</pre>",
    "* a\n\n<!-- -->\n\n1. b",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 1 |",
    "| a | b |\n|---|---|\n| `1|2` | 2 |\n| 1\\|2 | 2 |",
    '| a | b |\n|---|---|\n| [x]{country=IR note="a|b"} | 2 |',
    "| a | b |\n|---|---|\n| 1 | 2 | |",
    "```\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n```",
    "Term\n:   A:\n\n    - b",
    "Words.[^1]\n\n[^1]: A note:\n\n    - b\n    - c",
    "- a | b\n- c | d",
    "- - -\n\n1. a",
    "**A:** words\n\n- b",
]


@pytest.mark.parametrize(("text", "place"), TOLD)
def test_what_markdown_reads_as_something_else_is_told_where_it_is_written(tmp_path, text, place):
    assert check(tmp_path, {"content/articles/a.md": article(text)}) == [f"articles/a.md:{place}"]


@pytest.mark.parametrize("text", SILENT)
def test_lists_and_tables_that_are_read_as_such_are_not_told(tmp_path, text):
    assert check(tmp_path, {"content/articles/a.md": article(text)}) == []


@pytest.mark.parametrize(
    "unit",
    [
        "| a | b |\n| c | d |\n\n",
        "• a\n• b\n\n",
        "A:\n- b\n- c\n\n",
        "- a\n1. b\n",
        "- a\n  - b\n",
        "|-|-|\n",
        "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n\n",
        "Words\n| a | b |\n|---|---|\n\n",
        "<p>A:\n- *\n- *</p>\n",
        "> > - a\n",
    ],
)
def test_looking_takes_time_that_grows_with_the_text_alone(unit):
    def taken(times: int) -> float:
        text = unit * times
        html = Prose().render(text)
        begun = process_time()
        misread(text, html)
        return process_time() - begun

    # A collection of garbage that falls into a look is none of its time.
    assert min(taken(8000), taken(8000)) < 40 * max(taken(800), 0.005)


@pytest.mark.parametrize(
    "line", ["—" * 40_000, "—" * 1000 + "|" * 1000, "—" + "|" * 40_000, "—|" * 20_000]
)
def test_a_line_of_signs_that_is_no_row_takes_no_time(line):
    html = f"<p>a | b\n{line}x</p>"
    begun = process_time()
    assert misread(f"a | b\n{line}x", html) == []
    assert process_time() - begun < 0.5


@pytest.mark.parametrize("line", ["|" + "-" * 60_000, " " * 60_000])
def test_a_line_that_is_no_separator_takes_no_time(line):
    table = "|a|\n|-|\n|1|2|\n"
    html = Prose().render(table)
    begun = process_time()
    assert [one.code for one in misread(f"{table}\na | b\n{line}x|-\n", html)] == ["lost-cell"]
    assert process_time() - begun < 0.5
