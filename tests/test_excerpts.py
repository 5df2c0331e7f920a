"""Excerpts: what is shown of a sentence, and how its mention is marked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_builder import article, profile, published, sourced

from builder.excerpts import LONGEST_SENTENCE, LONGEST_SIDE, excerpt, lead, plain, shown_range

LONG = " ".join(["word"] * LONGEST_SENTENCE)


def words(html):
    return unescape(re.sub("</?mark>", "", html))


def marked(html):
    return [unescape(one) for one in re.findall("<mark>(.*?)</mark>", html)]


def of(text, *marks):
    return excerpt(
        "en", text, [(text.index(one), text.index(one) + len(one)) for one in marks], "#", "en"
    )


def test_a_sentence_of_sixty_words_is_shown_whole():
    text = "Iran; " + " ".join(["word"] * (LONGEST_SENTENCE - 1))
    shown = of(text, "Iran")
    assert words(shown.words_html) == text
    assert marked(shown.words_html) == ["Iran"]
    assert shown.whole_html == ""


def test_of_a_longer_sentence_the_clause_is_shown_and_the_whole_can_be_opened():
    text = f"{LONG}; then Iran came; {LONG}."
    shown = of(text, "Iran")
    assert words(shown.words_html) == "then Iran came"
    assert marked(shown.words_html) == ["Iran"]
    assert words(shown.whole_html) == text
    assert marked(shown.whole_html) == ["Iran"]


@pytest.mark.parametrize("semicolon", [";", "；", "؛"])
def test_the_semicolons_of_other_scripts_divide_clauses(semicolon):
    text = f"{LONG}{semicolon} Iran came{semicolon} {LONG}"
    assert words(of(text, "Iran").words_html) == "Iran came"


def test_a_long_sentence_without_semicolons_is_shown_whole():
    shown = of(f"{LONG} and Iran.", "Iran")
    assert words(shown.words_html) == f"{LONG} and Iran."
    assert shown.whole_html == ""


def test_a_mention_that_runs_over_a_semicolon_is_shown_in_both_clauses():
    text = f"{LONG}; one Iran; Russia two; {LONG}"
    assert words(of(text, "Iran; Russia").words_html) == "one Iran; Russia two"


def test_no_character_of_a_sentence_is_markup():
    shown = of('<b>Iran</b> & "Co"', "Iran</b>")
    assert shown.words_html == "&lt;b&gt;<mark>Iran&lt;/b&gt;</mark> &amp; &#34;Co&#34;"
    assert plain(shown) == '<b>Iran</b> & "Co"'


def test_mentions_within_one_of_the_same_entity_leave_its_mark_whole():
    shown = of("The Islamic Republic of Iran came.", "Islamic", "Islamic Republic of Iran", "Iran")
    assert marked(shown.words_html) == ["Islamic Republic of Iran"]


def test_several_mentions_are_all_marked():
    shown = of("Iran, Iranians and Tehran.", "Iran,", "Tehran")
    assert marked(shown.words_html) == ["Iran,", "Tehran"]


def test_a_clause_without_end_is_cut_near_its_mention_at_spaces():
    text = f"{LONG * 100} before Iran behind {LONG * 100}"
    shown = of(text, "Iran")
    assert marked(shown.words_html) == ["Iran"]
    assert words(shown.words_html).startswith("… ")
    assert words(shown.words_html).endswith(" …")
    assert " before Iran behind " in words(shown.words_html)
    assert len(words(shown.words_html)) <= 2 * LONGEST_SIDE + 20
    assert words(shown.words_html).strip("… ") in text
    # A whole that would fill pages is not repeated on them; the link leads to it.
    assert shown.whole_html == ""


@given(
    before=st.text("ab<& ;؛", max_size=900),
    mention=st.text("ab ;", min_size=1, max_size=50),
    behind=st.text("ab ;", max_size=900),
    other=st.integers(0, 900),
)
@settings(deadline=None)
def test_an_excerpt_is_always_a_stretch_of_the_sentence_with_the_mention_marked(
    before, mention, behind, other
):
    text = before + mention + behind
    span = (len(before), len(before) + len(mention))
    start, end = shown_range(text, span)
    assert 0 <= start <= span[0] <= span[1] <= end <= len(text)
    second = (min(other, len(text) - 1), min(other + 5, len(text)))
    shown = excerpt("en", text, [span, second], "#", "en")
    assert words(shown.words_html) == text[start:end]
    assert mention in "".join(marked(shown.words_html)) or second[0] < span[1]
    assert words(shown.whole_html) in ("", text)


def test_an_excerpt_in_the_language_of_the_page_says_no_language():
    shown = of("Iran", "Iran")
    assert (shown.lang, shown.dir) == ("", "")


def test_an_excerpt_in_another_language_says_its_language_and_direction():
    shown = excerpt("en", "Iran", [(0, 4)], "#", "fa")
    assert (shown.lang, shown.dir) == ("en", "ltr")


def test_a_foreign_excerpt_is_marked_up_so_on_the_page(tmp_path):
    files = {"content/articles/a.md": article("سفر به [باکو]{country=AZ} بود.", lang="fa")}
    html = published(tmp_path, files).page("/countries/az/").html
    assert '<blockquote lang="fa" dir="rtl">سفر به <mark>باکو</mark> بود.</blockquote>' in html


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("The *big* [**Iran**]{country=IR} is `here`.", "The big Iran is here."),
        ("A note[^1] on [Iran]{country=IR}.\n\n[^1]: Not shown.", "A note on Iran."),
        ("A [link](https://example.org) to [Iran]{country=IR #x}.", "A link to Iran."),
        ("An <b>odd</b> &amp; safe [Iran]{country=IR} &lt;b&gt;.", "An odd & safe Iran <b>."),
        ("Ms. Sahebeh went to [Iran]{country=IR}. She left.", "Ms. Sahebeh went to Iran."),
        ("| a | b |\n|---|---|\n| the [Iran]{country=IR} | other |", "the Iran"),
        ("> Said [Iran]{country=IR}. Other.", "Said Iran."),
        ("# On [Iran]{country=IR}\n\nNothing.", "On Iran"),
    ],
)
def test_an_excerpt_is_plain_text(tmp_path, body, shown):
    page = published(tmp_path, {"content/articles/a.md": article(body)}).page("/countries/ir/")
    assert page.excerpts == [shown]
    assert page.problems == []


def test_an_excerpt_stands_with_its_source_and_licence(tmp_path):
    files = {
        "content/articles/a.md": article(
            "On [Iran]{country=IR}.", source=sourced("Mehr"), date="2021-12"
        )
    }
    page = published(tmp_path, files).page("/countries/ir/")
    item = page.text.split("Articles that mention Iran")[1]
    assert "Mehr December 2021 CC BY 4.0" in item
    assert ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0") in page.links


def test_the_summary_of_an_article_is_taken_from_its_first_paragraph():
    text = "One. Two. Three."
    assert lead(text, "en") == "One. Two."
    assert lead(f"L{LONG} end. L{LONG} end.", "en") == f"L{LONG} end."
    assert lead("", "en") == ""


def test_a_summary_without_end_is_cut():
    shown = excerpt("en", "word " * 5000, (), "#", "en")
    assert len(words(shown.words_html)) <= LONGEST_SIDE + 10
    assert words(shown.words_html).endswith(" …")
    assert shown.whole_html == ""


def test_a_sentence_on_the_page_can_be_opened_whole(tmp_path):
    text = f"{LONG}; the [line]{{project=rail}} is agreed; {LONG}."
    files = {"content/projects/rail.md": profile("Rail"), "content/articles/a.md": article(text)}
    page = published(tmp_path, files).page("/projects/rail/")
    assert page.excerpts == ["the line is agreed", f"{LONG}; the line is agreed; {LONG}."]
    assert "<details><summary>the whole sentence</summary>" in page.html


@pytest.mark.parametrize("text", ["ก" * 1500, "Iran said: " + "中文，" * 400])
def test_a_text_without_spaces_is_cut_all_the_same(text):
    shown = words(excerpt("th", text, (), "#", "en").words_html)
    assert LONGEST_SIDE - 10 < len(shown) <= LONGEST_SIDE + 10
    assert text.startswith(shown.removesuffix(" …"))
