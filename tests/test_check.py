"""Dead links, dead images and missing originals: where they are, and what was probably meant."""

from __future__ import annotations

import pytest
from site_builder import article, build_site, check, codes, profile, published, write_site

from builder.check import check_articles
from builder.dates import PartialDate
from builder.diagnostics import Place
from builder.model import Outline, Places

FILES = {
    "content/articles/2021/baku.md": article("Words."),
    "content/articles/a.md": article("Words."),
    "content/pages/about.md": "---\ntitle: About\n---\n",
    "content/media/maps/bridge.jpg": b"x",
    "content/originals/mehr.txt": "x",
}


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("[x](baku.md)", "dead-link", 'did you mean "/articles/2021/baku/"?'),
        ("[x](/abuot/)", "dead-link", 'did you mean "/about/"?'),
        ("[x](zebra.md)", "dead-link", "check the path"),
        ("![x](../media/bridge.jpg)", "dead-image", 'did you mean "/media/maps/bridge.jpg"?'),
        ("![x](../media/maps/bridges.jpg)", "dead-image", 'did you mean "/media/maps/bridge.jpg"?'),
        ("![x](about.png)", "dead-image", "check the path"),
        ("![x](a)", "dead-image", "check the path"),
        ("[x](../originals/mehr.txt)", "dead-link", "originals are not published"),
        ("[x](desk@example.com)", "dead-link", 'write "mailto:desk@example.com"'),
        ("[x](www.example.com/a)", "dead-link", 'write "https://www.example.com/a"'),
        (
            "[x](country=IR)",
            "dead-link",
            "for an annotation, write braces in place of the parentheses: `[words]{country=IR}`",
        ),
        (
            "[x]({project=b status=agreed})",
            "dead-link",
            "for an annotation, write braces in place of the parentheses: `[words]{project=b",
        ),
        ("[x](colour=red)", "dead-link", "check the path"),
    ],
)
def test_a_dead_link_names_what_was_probably_meant(tmp_path, written, code, hint):
    write_site(tmp_path, FILES | {"content/articles/b.md": article(written)})
    (found,) = build_site(tmp_path).diagnostics
    assert found.code == code
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "written",
    [
        "/articles/2021/baku/index.html",
        "/about/index.html",
        "/index.html",
        "/about",
        "/media/app/",
        "/media/app",
        "../media/app",
        "/media/app/index.html#top",
        "/countries/ir/index.html?x=1",
    ],
)
def test_a_page_may_be_named_by_the_file_that_it_is_served_from(tmp_path, written):
    body = f"[x]({written}) [Iran]{{country=IR}}"
    more = {"content/articles/b.md": article(body), "content/media/app/index.html": b"x"}
    write_site(tmp_path, FILES | more)
    assert build_site(tmp_path).diagnostics == ()


@pytest.mark.parametrize("written", ["/media/index.html", "/media/maps/", "/bridge/index.html"])
def test_a_folder_without_a_page_is_none(tmp_path, written):
    write_site(tmp_path, FILES | {"content/articles/b.md": article(f"[x]({written})")})
    assert [one.code for one in build_site(tmp_path).diagnostics] == ["dead-link"]


@pytest.mark.parametrize(
    ("original", "hint"),
    [
        ("originals/mher.txt", 'did you mean "originals/mehr.txt"?'),
        ("content/originals/mehr.txt", 'did you mean "originals/mehr.txt"?'),
        ("originals/zebra.doc", "write its path below content/"),
    ],
)
def test_a_missing_original_names_what_was_probably_meant(tmp_path, original, hint):
    source = f"{{license: CC-BY-4.0, original: {original}}}"
    write_site(tmp_path, FILES | {"content/articles/b.md": article(source=source)})
    (found,) = build_site(tmp_path).diagnostics
    assert found.code == "missing-original"
    assert found.hint.startswith(hint)


def test_a_name_whose_accents_stand_apart_is_told_from_the_one_that_looks_the_same(tmp_path):
    files = {
        "content/articles/Zu\u0308rich.md": article(),
        "content/articles/b.md": article("[x](Z\u00fcrich.md)"),
    }
    write_site(tmp_path, files)
    (found,) = build_site(tmp_path).diagnostics
    assert (found.code, found.hint[:24]) == ("dead-link", "its name looks the same,")


def hints(root, files, site="title: T"):
    write_site(root, {"site.yaml": site, **files})
    return [(one.message, one.hint) for one in build_site(root).diagnostics]


SLIPS = [
    ({"content/articles/a.md": article("[x]{project=-x}")}, 'no project "-x"', "small letters a-z"),
    ({"content/projects/Köln Süd.md": profile("K")}, '"Köln Süd" can\'t be an id', "small letters a-z"),
    ({"content/articles/a.md": article("[x]{project=page}")}, 'no project "page"', "is reserved"),
    ({"content/articles/a.md": article("[x]{country=IR by=person:}")}, 'no person ""', "the id of the"),
    ({"content/articles/a.md": article('[x]{country=IR status=""}')}, 'unknown status ""', "known are"),
    ({"content/countries/X_Y.md": ""}, '"X_Y" is no country code', "as in IR.md"),
    ({"content/countries/ab.md": ""}, '"ab" is no country code', '"AB.md"'),
    ({"content/projects/a.md": "---\nname: A\nformer_ids: [Bad Id]\n---\n"}, '"Bad Id" can', "small"),
    ({"content/articles/a.md": article("x", aliases='["/a b/"]')}, '"/a b/" is no', "without spaces"),
    (
        {"content/articles/a.md": article("x", id="i", translation_of="i")},
        "this article itself",
        "name",
    ),
    ({"content/articles/a.md": article("# M 5\n\n[x](#m-5)")}, '"#m-5" leads', "`x-m-5`"),
    ({"site.yaml": "title: T\nkinds: {Event: {plural: events}}"}, '"Event" can', "small letters"),
    ({"site.yaml": "title: T\nkinds: {event: {label: E}}"}, "needs a plural", "names the folder"),
]


@pytest.mark.parametrize(("files", "message", "hint"), SLIPS)
def test_a_hint_says_what_to_do_about_a_slip(tmp_path, files, message, hint):
    found = hints(tmp_path, {one: text or "---\nname: X\n---\n" for one, text in files.items()})
    assert any(message in said and hint in meant for said, meant in found), found


def test_a_control_character_in_yaml_is_told_where_it_stands(tmp_path):
    write_site(tmp_path, {"site.yaml": "title: T\ndescription: a\x7fb\n"})
    (found,) = build_site(tmp_path).diagnostics
    assert (found.line, found.column, found.code) == (2, 15, "yaml-syntax")


def test_a_space_in_the_address_of_another_site_is_written_as_addresses_are(tmp_path):
    files = {"content/articles/a.md": article("[x](<https://example.org/?q=a b>)")}
    links = published(tmp_path, files).page("/articles/a/").links
    assert ("https://example.org/?q=a%20b", "x") in links


@pytest.mark.parametrize("folders", [("a", "b"), ("b", "a")])
def test_which_of_two_originals_a_hint_names_is_not_left_to_chance(folders):
    year = PartialDate("2021", "year", 0)
    names = "content/articles/x.md", "/articles/x/", "x", "T"
    missing = "content/originals/bakuu.txt"
    one = Outline(*names, year, "en", "2021", False, "", missing, *[()] * 5)
    nowhere = Places(Place(), Place(), Place(), (), ())
    files = [f"content/originals/{folder}/baku.txt" for folder in folders]
    (found,) = check_articles([one], files, lambda _: nowhere, all_read=True)
    assert found.hint == 'did you mean "originals/a/baku.txt"?'


def test_an_id_that_two_articles_have_is_told_where_it_is_written(tmp_path):
    files = {
        "content/articles/a.md": article("Words.", id="b"),
        "content/articles/b.md": article("Words."),
    }
    assert check(tmp_path, files) == ["articles/a.md:4:5 duplicate-article-id"]


def test_no_article_is_taken_for_its_own_translation(tmp_path):
    files = {"content/articles/2024/sadd-ilisu.md": article("x", translation_of="2024/ilisu-release")}
    write_site(tmp_path, files)
    (found,) = build_site(tmp_path).diagnostics
    assert (found.code, found.hint) == ("unknown-article", "")


def test_an_item_that_is_wrong_hides_no_other_and_is_told_once(tmp_path):
    lists = {"former_ids": '["", "a b"]', "names": '{fa: "", xx-: y}', "countries": '["", ZZ]'}
    files = {
        "content/projects/p.md": profile("P", **lists),
        "content/articles/a.md": article("x", author='["", [a]]'),
        "content/pages/about.md": "---\ntitle: About\naliases: ['', /articles/a/]\n---\n",
    }
    assert check(tmp_path / "content", files) == [
        "articles/a.md:4:10 wrong-type",
        "articles/a.md:4:14 wrong-type",
        "pages/about.md:3:11 bad-address",
        "pages/about.md:3:15 address-clash",
        "projects/p.md:3:14 wrong-type",
        "projects/p.md:3:18 bad-id",
        "projects/p.md:4:13 wrong-type",
        "projects/p.md:4:17 bad-language",
        "projects/p.md:5:13 wrong-type",
        "projects/p.md:5:17 unknown-country",
    ]
    found = check(tmp_path / "site", {}, "title: T\nstatuses: [[a], Bad, '', agreed, a b]")
    assert found == [
        "site.yaml:2:12 wrong-type",
        "site.yaml:2:17 bad-id",
        "site.yaml:2:22 wrong-type",
        "site.yaml:2:34 bad-id",
    ]


@pytest.mark.parametrize("written", ["baku-2.md", "/articles/baku-2", "../pages/about.md#x"])
def test_a_link_to_a_draft_is_told_as_such(tmp_path, written):
    files = {
        "content/articles/a.md": article(f"[x]({written})"),
        "content/articles/baku-1.md": article("Words."),
        "content/articles/baku-2.md": article("Words.", draft="true"),
        "content/pages/about.md": "---\ntitle: About\ndraft: true\n---\n[x]{#x}\n",
    }
    ((said, hint),) = hints(tmp_path, files)
    assert said.endswith("leads to nothing")
    assert hint.startswith("that page is a draft")
    assert build_site(tmp_path, drafts=True).diagnostics == ()


UNREAD = [
    (b"---\nname: caf\xe9\ntitle: x\ndate: 2024\n---\n", "2:10 not-utf8"),
    (b"", "1:1 empty-file"),
    (b"---\nname: X\n", "1:1 unclosed-front-matter"),
    (b"Words alone.", "1:1 missing-front-matter"),
    (b"---\nname: X: Y\n---\n", "2:8 yaml-syntax"),
]


@pytest.mark.parametrize(("data", "mistake"), UNREAD)
@pytest.mark.parametrize(
    "file", ["projects/p.md", "people/ann.md", "countries/TRNC.md", "articles/b.md", "pages/about.md"]
)
def test_a_file_that_cannot_be_read_is_one_mistake(tmp_path, file, data, mistake):
    """What else names it, or leads to it, is as it should be."""
    text = (
        "[P]{project=p by=person:ann} [T]{country=TRNC} [b](b.md) [c](../pages/about.md) "
        "[d](/projects/p/) [e](/countries/trnc/)"
    )
    files = {
        "content/projects/p.md": profile("P", countries="[TRNC]"),
        "content/people/ann.md": profile("Ann", "[P]{project=p}"),
        "content/countries/TRNC.md": profile("Northern Cyprus"),
        "content/articles/a.md": article(text, projects="[p]"),
        "content/articles/b.md": article("Words."),
        "content/pages/about.md": "---\ntitle: About\n---\n[b](../articles/b.md)\n",
    }
    assert check(tmp_path, files | {f"content/{file}": data}) == [f"{file}:{mistake}"]
    # The next build knows as much as the one before, and a file that is mended is all it takes.
    assert check(tmp_path, {}) == [f"{file}:{mistake}"]
    assert check(tmp_path, files) == []


def test_an_article_that_loses_its_title_is_one_whose_id_may_be_any(tmp_path):
    files = {
        "content/articles/a.md": article("Words.", translation_of="original"),
        "content/articles/b.md": article("Words."),
    }
    assert check(tmp_path, files) == ["articles/a.md:4:17 unknown-article"]
    mistakes = check(tmp_path, {"content/articles/b.md": article("Words.", title=None)})
    assert mistakes == ["articles/b.md:1:1 missing-key"]
    assert mistakes == [
        f"{file}:{line}:{column} {code}"
        for file, line, column, code, _ in codes(build_site(tmp_path, clean=True))
    ]


@pytest.mark.parametrize(("data", "mistake"), UNREAD)
def test_the_id_of_an_article_that_cannot_be_read_may_be_any(tmp_path, data, mistake):
    files = {
        "content/articles/a.md": article("Words.", translation_of="original"),
        "content/articles/b.md": article("Words.", id="original"),
    }
    assert check(tmp_path, files | {"content/articles/b.md": data}) == [f"articles/b.md:{mistake}"]
    assert check(tmp_path, files) == []
