"""Elements that are nested too deep: told, in time that grows with the text alone."""

from __future__ import annotations

import re
from time import process_time

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_builder import article, build_site, check, codes, write_site

from builder.body import depth
from builder.body.balance import balanced
from builder.body.depth import DEEPEST, too_deep

COUNTED = ("div", "span", "b", "a", "ul", "table", "h1", "h2", "x-y", "rt", "p", "li", "dd", "dt")
UNCOUNTED = ("td", "tr", "br")
TAG = re.compile(r"<(/?)([a-z][^ >]*)[^>]*>")
NESTED = (
    "<ul><li>",
    "<dl><dt>",
    "<h1><div>",
    "<pre>",
    "<div>\n\n",
    "<u><div>",
    "<rt>",
    "<span>",
    "<x><p>a</p>",
)


def test_html_may_be_nested(tmp_path):
    whole = "<div>" * DEEPEST + "words" + "</div>" * DEEPEST
    assert check(tmp_path, {"content/articles/a.md": article(whole)}) == []


def test_html_that_is_nested_too_deep_is_told_once_where_it_is(tmp_path):
    text = article("`<div>` [x]{country=IR}\n\n" + "<div>\n" * DEEPEST + "<div class='a'>words")
    line = text.count("\n", 0, text.index("<div class")) + 1
    files = {f"content/{folder}/a.md": text for folder in ("articles", "pages")}
    found = codes(build_site(write_site(tmp_path, files)))
    message = f"HTML elements are nested more than {DEEPEST} deep"
    assert ("articles/a.md", line - 1, 1, "too-deep", message) in found


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        ("", "<p>a\n<p>b\n"),
        ("<ul>", "<li>a\n"),
        ("<table>", "<tr><td>a<td>b\n"),
        ("", "<a name=x>words\n"),
        ("", "<br>a<wbr>b<hr>"),
        ("<svg>", "<path d='a'/>"),
        ("", "<div><span>a</div>\n"),
        ("", "<!-- <div> -->\n"),
        ("", "<h1>a</h2>\n"),
        ("", "`<div>`\n"),
    ],
)
def test_what_ends_of_itself_is_not_nested(tmp_path, start, unit):
    found = check(tmp_path, {"content/articles/a.md": article(start + unit * (DEEPEST + 1))})
    assert not [one for one in found if "too-deep" in one]


def deepest(html: str) -> int:
    """How many elements that count are open at once in well-formed HTML."""
    opened, most = [], 0
    for tag in TAG.finditer(html):
        if tag[2] in COUNTED:
            if tag[1]:
                assert opened.pop() == tag[2]
            else:
                opened.append(tag[2])
        most = max(most, len(opened))
    return most


@given(
    st.lists(
        st.sampled_from(
            [f"<{end}{name}>" for end in ("", "/") for name in (*COUNTED, *UNCOUNTED)] + ["a"]
        ),
        max_size=120,
    )
)
def test_html_that_is_not_too_deep_is_not_parsed_as_deeper(soup):
    html = balanced("".join(soup))
    parsed = nh3.clean(html, tags={*COUNTED, *UNCOUNTED, "tbody"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depth, "DEEPEST", 6)
        if too_deep(html) is None:
            # What is not well-formed may be parsed a little deeper, but no more with its length.
            assert deepest(parsed) <= 10


@pytest.mark.parametrize("unit", NESTED)
def test_nested_html_takes_time_that_grows_with_the_text_alone(tmp_path, unit):
    def taken(size: int) -> float:
        root = write_site(
            tmp_path / str(size), {"content/articles/a.md": article(unit * (size // len(unit)))}
        )
        begun = process_time()
        build_site(root)
        return process_time() - begun

    assert taken(200_000) < 15 * max(taken(20_000), 0.05)


@pytest.mark.parametrize(
    "unit", ["<div><table></div></table>", "<b><div></b>", "<form><div></form>", "<svg><g ", "<!--"]
)
def test_looking_for_depth_takes_time_that_grows_with_the_text_alone(unit):
    def taken(times: int) -> float:
        begun = process_time()
        too_deep(unit * times)
        return process_time() - begun

    assert taken(40_000) < 40 * max(taken(4000), 0.005)
