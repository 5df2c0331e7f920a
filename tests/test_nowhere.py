"""Links that lead nowhere, whatever the site holds: told where they are written."""

from __future__ import annotations

from time import process_time

import pytest
from site_builder import article, build_site, check, profile, write_site

from builder.body.nowhere import astray, unreachable

START = "Words [x]{country=IR}.\n\n"
TOLD = [
    ("[x](ftp://a.b/c)", "7:5 lost-link"),
    ("![x](data:image/png;base64,AAAA)", "7:6 lost-link"),
    ("# A\n\n[x](FTP://a.b)", "9:5 lost-link"),
    ("- **[x](sms:1)**", "7:9 lost-link"),
    ("<ftp://a.b/c>", "7:2 lost-link"),
    ("[x][r]\n\n[r]: xmpp:a@b.c", "9:6 lost-link"),
    ("<a href='javascript:alert(1)'>x</a>", "7:10 lost-link"),
    ("<a href=javascript:alert(1)>x</a>", "7:9 lost-link"),
    ("[x](project: rail)", "7:5 lost-link"),
    ("![x](https://a.b/c.png)", "7:6 remote-image"),
    ("- a [![x](HTTP://a.b/c.png)](https://a.b)", "7:11 remote-image"),
    ("![x](//a.b/c.png)", "7:6 remote-image"),
    ("# ![x][r]\n\n[r]: http://a.b/c", "9:6 remote-image"),
    ("<img alt='' src=https://a.b/c.png>", "7:17 remote-image"),
    ("[x](java&#10;script:alert(1))", "7:5 lost-link"),
    ("[x](#nope)", "7:5 dead-link"),
    ("a [x](#nope) *b* [y](#a)\n\n# A", "7:7 dead-link"),
    ("[x]{country=AZ #m-q} [y](#m-q)", "7:26 dead-link"),
    ("<a class='z' href='#nope'>x</a>", "7:20 dead-link"),
]
SILENT = [
    "[x](https://a.b) [x](HTTP://a.b) [x](mailto:a@b.c) [x](tel:1) <https://a.b> <a@b.c>",
    "`[x](ftp://a.b)` and `[x](#nope)`",
    "    [x](ftp://a.b)\n",
    "a: b, ftp: c, <b title='ftp://a.b'>c</b>",
    "# A heading\n\n[x](#a-heading) [y](#top) [y](#) [z](#m-country-ir-1)",
    "[a]{#b} [c](#b)",
    "Words[^1].\n\n[^1]: A note.",
    "Words[^a note].\n\n[^a note]: A note.",
    "<span id='a b'>x</span> [c](<#a b>) [d](#a%20b)",
    "<span id='é'>a</span> [b](#é) [b](#%C3%A9)",
    "[x](#page-main)",
    "[x](//example.org/a:b)",
]


@pytest.mark.parametrize(("text", "place"), TOLD)
def test_a_link_that_leads_nowhere_is_told_where_it_is_written(tmp_path, text, place):
    assert check(tmp_path, {"content/articles/a.md": article(START + text)}) == [
        f"articles/a.md:{place}"
    ]


@pytest.mark.parametrize("text", SILENT)
def test_a_link_that_leads_somewhere_is_not_told(tmp_path, text):
    assert check(tmp_path, {"content/articles/a.md": article(START + text)}) == []


def test_links_of_profiles_and_pages_are_looked_at(tmp_path):
    files = {
        "content/pages/a.md": "---\ntitle: A\n---\n[x](ftp://a.b)\n",
        "content/projects/p.md": profile("P", "[x](#nope)"),
    }
    assert check(tmp_path, files) == ["pages/a.md:4:5 lost-link", "projects/p.md:4:5 dead-link"]


OTHER = {
    "content/articles/b.md": article(
        "[Iran]{country=IR} and [Iran]{country=IR}.[^1]\n\n## The talks\n\n[x]{#own #b}\n\n[^1]: N."
    ),
    "content/pages/p.md": "---\ntitle: P\n---\n# A part\n",
    "content/projects/rail.md": profile("Rail", "# Its history\n"),
    "content/media/map.svg": "<svg/>",
}


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("b.md#the-talks", False),
        ("/articles/b/#the-talks", False),
        ("/articles/b#the-talks", False),
        ("/articles/b/index.html#the%2Dtalks", False),
        ("b.md?x=1#the-talks", False),
        ("b.md#m-country-ir-2", False),
        ("b.md#fn:1", False),
        ("b.md#top", False),
        ("b.md#page-main", False),
        ("b.md#", False),
        ("../pages/p.md#a-part", False),
        ("../projects/rail.md#its-history", False),
        ("/countries/ir/#anything", False),
        ("../media/map.svg#layer", False),
        ("b.md#the-talk", True),
        ("/articles/b#the-talk", True),
        ("/articles/b/index.html#the-talk", True),
        ("b.md#m-country-ir-3", True),
        ("../pages/p.md#its-history", True),
        ("/p/#nope", True),
        ("../projects/rail.md#a-part", True),
        ("a.md#nope", True),
    ],
)
def test_a_link_to_a_place_on_another_page_is_told_if_there_is_no_such_place(tmp_path, link, told):
    files = {**OTHER, "content/articles/a.md": article(f"{START}[x]({link})")}
    assert check(tmp_path, files) == ["articles/a.md:7:5 dead-link"] * told


def test_links_to_places_are_looked_at_in_pages_and_profiles(tmp_path):
    files = {
        **OTHER,
        "content/pages/q.md": "---\ntitle: Q\n---\n[x](p.md#a-part) [y](p.md#nope)\n",
        "content/projects/p.md": profile("P", "[x](rail.md#nope) ![x](../media/map.svg#nope)"),
    }
    assert check(tmp_path, files) == ["pages/q.md:4:22 dead-link", "projects/p.md:4:5 dead-link"]


def test_the_message_says_what_the_page_has(tmp_path):
    files = {
        "content/articles/a.md": article("[x](b.md#m-own)"),
        "content/articles/b.md": article("[x]{#m-own}"),
    }
    write_site(tmp_path, files)
    (said,) = build_site(tmp_path).diagnostics
    assert (said.message, said.hint) == (
        'the link "b.md#m-own" leads to nothing on that page',
        "that place has the id `x-m-own` on the page",
    )


def test_a_place_that_goes_and_comes_back_is_told_as_by_a_clean_build(tmp_path):
    files = {**OTHER, "content/articles/a.md": article("[x](b.md#the-talks)")}
    write_site(tmp_path, files)
    assert not build_site(tmp_path).diagnostics
    other = tmp_path / "content/articles/b.md"
    text = other.read_text()
    for heading, codes in (("## The meeting", ["dead-link"]), ("## The talks", [])):
        other.write_text(text.replace("## The talks", heading))
        for _ in range(2):
            assert [one.code for one in build_site(tmp_path).diagnostics] == codes
        assert [one.code for one in build_site(tmp_path, clean=True).diagnostics] == codes


def test_an_annotation_that_was_written_as_a_link_is_shown_as_one(tmp_path):
    ((*_, hint),) = unreachable('<p><a href="project: rail">x</a></p>', {"project"})
    assert hint == "for an annotation, write `[words]{project=rail}`"


@pytest.mark.parametrize(
    "unit", ['<a href="x:', "<a ", '<a href="ftp:a">', "<a href='#x' ", '<a href="#x">']
)
def test_looking_takes_time_that_grows_with_the_text_alone(unit):
    def taken(times: int) -> float:
        begun = process_time()
        list(unreachable(unit * times, ()))
        list(astray(unit * times))
        return process_time() - begun

    assert taken(20_000) < 40 * max(taken(2000), 0.005)
