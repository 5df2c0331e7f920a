"""Links are found in the text where they stand, whatever way their addresses are written."""

from __future__ import annotations

import pytest

#: A line, and the columns of its links in their order.
LINES = [
    ("[x](/a/) and [y](/a/)", [5, 18]),
    ("[x]( /a/ ) and [y](/a/ 'T')", [6, 20]),
    (r"[x](/a\_b\_c/)", [5]),
    (r"[x](/a\(b/) [y](/a\(b/)", [5, 17]),
    ("[x](/a_(b)/)", [5]),
    ("[x](/a((b)c)/)", [5]),
    ("[x](/a'b/) [y](/a\"b/)", [5, 16]),
    ("[x](/a b/)", [5]),
    ("[x](</a b/>)", [6]),
    ("[x](</a/> 'T')", [6]),
    ("[x](/a[1]/)", [5]),
    ("[x](/a&amp;b/) [y](/a&b/)", [5, 20]),
    ("[[x]{country=IR}](/a(1)/)", [19]),
    ("[x]({project=b status=agreed})", [5]),
    ("<a href=/a/>x</a> <a href='/a/'>x</a> [y](/a/)", [9, 28, 43]),
    ('<a HREF = "/a\'b/">x</a>', [12]),
    ("<img alt=x src=/a.png> ![y](/a.png)", [16, 29]),
    ("`/a/` [x](/a/)", [11]),
    ("the address /a/ and [x](/a/)", [25]),
    ("`[x](/a/)` [x](/a/)", [16]),
    ("``[x](/a/) ` `` [x](/a/) [y](/a/)", [21, 30]),
    ("<!-- [z](/a/) --> [x](/a/)", [23]),
    (r"\[x](/a/) [x](/a/)", [15]),
    ("the file (/a/) x [x](/a/)", [22]),
    ("x](/a/) [x](/a/)", [13]),
    ('[x]{country=IR note="[y](/a/)"} [z](/a/)', [37]),
    ('[x](/b/ "see (/a/)") [z](/a/)', [5, 26]),
]

#: Paragraphs, and the lines and columns of their links to the same address.
TEXTS = [
    ("```\n[x](/a/)\n```\n\n[x](/a/)", [(5, 5)]),
    ("Words.\n\n    [x](/a/)\n\n[x](/a/)", [(5, 5)]),
    ("- item\n\n    [x](/a/)\n\n[x](/a/)", [(3, 9), (5, 5)]),
    ("<!--\n[x](/a/)\n-->\n\n[x](/a/)", [(5, 5)]),
    ("A `code\n\n[x](/a/) and ` [x](/a/)", [(3, 5), (3, 20)]),
    ("[\n\nx](/a/) [x](/a/)", [(3, 13)]),
]


@pytest.mark.parametrize(("line", "columns"), LINES)
def test_a_link_is_found_where_its_address_stands(line, columns, read_body):
    links = read_body(f"One paragraph.\n\n{line}")[0].links
    assert [(one.place.line, one.place.column) for one in links] == [(3, one) for one in columns]


@pytest.mark.parametrize(("text", "places"), TEXTS)
def test_a_link_is_not_found_in_code_or_comments(text, places, read_body):
    links = read_body(text)[0].links
    assert [(one.place.line, one.place.column) for one in links] == places


def test_a_link_by_reference_is_found_where_its_address_stands(read_body):
    links = read_body("[x][r] and [y][r]\n\n[r]: /a_(b)/ 'T'\n")[0].links
    assert [(one.place.line, one.place.column) for one in links] == [(3, 6)] * 2
